//! Proves the address: by code, from the page of a reference or of a mailed link.

use jiff::Timestamp;

use super::session::Opened;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::challenge::{ChallengePurpose, CodeCheck};
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::request::{AnswerWay, Request};
use crate::domain::state::{Move, Status};
use crate::ids::{Code, IntakeId, Reference, Token, TokenPurpose};

/// From where a code is typed.
#[derive(Debug, Clone)]
pub enum Door {
    /// The page after the form.
    Reference(Reference),
    /// The link of a mail.
    Link(Token),
}

/// What came of a typed code.
#[derive(Debug)]
pub enum Typed {
    /// Right. The status page is open.
    Opened(Opened),
    /// What was typed is the reference of the request, not a code. It costs no try.
    IsReference,
    /// Wrong; so many tries are left.
    Wrong {
        /// Tries left, at least one.
        left: u32,
    },
    /// Wrong too often.
    TooMany,
    /// Too late.
    Expired,
    /// There is no code to compare with.
    NoneOpen,
    /// The door leads nowhere (any more).
    Gone,
}

/// What comes after the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterForm {
    /// The code in the mail is typed.
    Code,
    /// Nothing: what was said holds.
    Set,
    /// An answer in words.
    Taken,
}

impl Desk {
    /// Whose door it is, while there is something to verify behind it.
    pub(super) async fn behind(
        &self,
        tx: &Tx,
        door: &Door,
    ) -> Result<Option<IntakeId>, ServiceError> {
        Ok(match door {
            Door::Link(token) => tx.link(token, TokenPurpose::Verify, self.now()).await?,
            Door::Reference(reference) => {
                tx.request_by_reference(reference).await?.map(|stored| stored.value.intake)
            }
        })
    }

    /// Tries a typed code. A right one moves every waiting request of the form on.
    pub async fn verify(&self, door: &Door, typed: &str) -> Result<Typed, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(id) = self.behind(&tx, door).await? else { return Ok(Typed::Gone) };
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(Typed::Gone) };
        let mut requests = tx.requests_of(id).await?;
        let waits = |request: &Request| request.status == Status::AwaitingVerification;
        if !requests.iter().any(|stored| waits(&stored.value)) {
            return Ok(Typed::Gone);
        }
        if requests.iter().any(|stored| is_reference(typed, &stored.value.reference)) {
            return Ok(Typed::IsReference);
        }
        let code = Code::parse(typed);
        let check = tx.check_code(id, ChallengePurpose::Verify, code.as_ref(), now).await?;
        let typed = match check {
            CodeCheck::Right => {
                let event = Event::by_person("request.verified").with("by", "code");
                self.advance(&tx, &mut intake, &mut requests, Move::Verified, &event, now).await?;
                Typed::Opened(self.open_status(&tx, id, now).await?)
            }
            CodeCheck::Wrong { left } => Typed::Wrong { left },
            CodeCheck::TooMany => Typed::TooMany,
            CodeCheck::Expired => Typed::Expired,
            CodeCheck::NoneOpen => Typed::NoneOpen,
        };
        tx.commit().await?;
        Ok(typed)
    }

    /// Mails a fresh code, as far as the cap allows. The answer is the same either way; `false`
    /// only when the door leads nowhere.
    pub async fn send_fresh_code(&self, door: &Door) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(id) = self.behind(&tx, door).await? else { return Ok(false) };
        let Some(intake) = tx.lock_intake(id).await? else { return Ok(false) };
        let requests = tx.requests_of(id).await?;
        let waiting: Vec<&Request> = waiting(&requests);
        if waiting.is_empty() {
            return Ok(false);
        }
        self.post_verification(&tx, &intake, &waiting, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The owner of the mailbox says that they never asked: cancelled, forgotten, left in peace.
    /// `false` when the link leads nowhere.
    pub async fn disown(&self, token: &Token) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let door = Door::Link(token.clone());
        let Some(id) = self.behind(&tx, &door).await? else { return Ok(false) };
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(false) };
        let mut requests = tx.requests_of(id).await?;
        let asserted = requests.iter().any(|stored| stored.value.answers_by == AnswerWay::App);
        let waits = requests.iter().any(|one| one.value.status == Status::AwaitingVerification);
        let mut changing = Vec::new();
        for stored in &requests {
            if self.can_stop_change(&tx, &stored.value).await? {
                changing.push(stored.value.clone());
            }
        }
        if !asserted && !waits && changing.is_empty() {
            return Ok(false);
        }
        // What needed no proof holds whoever asked for it; an opt-in undoes it.
        requests.retain(|one| !one.value.starts_at_once());
        let event = Event::by_person("request.disowned");
        let moved =
            self.advance(&tx, &mut intake, &mut requests, Move::Disowned, &event, now).await?;
        if asserted {
            self.disown_asserted(&tx, &mut requests, moved, now).await?;
        } else {
            self.stopped_by_notice(&tx, &changing, now).await?;
        }
        self.disown_rest(&tx, &mut intake, now).await?;
        tx.expire_links(id, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Desk {
    /// Whoever verified the others of a disowned form was not the owner of the mailbox either: they
    /// are ended, and what was gathered or lies ready is destroyed.
    async fn disown_rest(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut rest = tx.requests_of(intake.id).await?;
        rest.retain(|one| !one.value.starts_at_once());
        let event = Event::by_person("request.disowned");
        self.advance(tx, intake, &mut rest, Move::Withdrawn, &event, now).await?;
        for stored in &rest {
            self.destroy_gathered(tx, stored.value.id).await?;
        }
        Ok(())
    }
}

/// Whether somebody typed the reference where the code belongs: whole, or without its `R-`.
pub(super) fn is_reference(typed: &str, reference: &Reference) -> bool {
    let whole = Reference::parse(typed);
    let bare = Reference::parse(&format!("R-{typed}"));
    whole.as_ref() == Some(reference) || bare.as_ref() == Some(reference)
}

fn waiting(requests: &[crate::db::request::Stored<Request>]) -> Vec<&Request> {
    requests
        .iter()
        .map(|stored| &stored.value)
        .filter(|request| request.status == Status::AwaitingVerification)
        .collect()
}

/// What the page of a mailed link shows. Never a name or a word that somebody typed.
#[derive(Debug, Clone)]
pub enum VerifyPage {
    /// A code is awaited.
    Waiting {
        /// The form.
        intake: Intake,
        /// Its waiting requests.
        requests: Vec<Request>,
    },
    /// The request has lapsed and can be resumed.
    Lapsed {
        /// The form.
        intake: Intake,
        /// Its requests.
        requests: Vec<Request>,
    },
    /// An app vouched for the person, who may say otherwise.
    Asserted {
        /// The form.
        intake: Intake,
        /// Its requests.
        requests: Vec<Request>,
    },
    /// Something by which the person is found is about to change, and they may stop it.
    Changing {
        /// The form.
        intake: Intake,
    },
    /// It is verified already.
    Done,
    /// The link leads nowhere (any more).
    Gone,
}

impl Desk {
    /// Looks behind a mailed link. Changes nothing.
    pub async fn verify_page(&self, token: &Token) -> Result<VerifyPage, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let Some(id) = tx.link(token, TokenPurpose::Verify, now).await? else {
            return Ok(VerifyPage::Gone);
        };
        let Some(intake) = tx.intake(id).await? else { return Ok(VerifyPage::Gone) };
        let all: Vec<Request> =
            tx.requests_of(id).await?.into_iter().map(|stored| stored.value).collect();
        let of = |status: Status| -> Vec<Request> {
            all.iter().filter(|request| request.status == status).cloned().collect()
        };
        let waiting = of(Status::AwaitingVerification);
        if !waiting.is_empty() {
            return Ok(VerifyPage::Waiting { intake, requests: waiting });
        }
        let lapsed = of(Status::Lapsed);
        let resumable = tx.resumable_until(id).await?.is_some_and(|until| until > now);
        if !lapsed.is_empty() && resumable {
            return Ok(VerifyPage::Lapsed { intake, requests: lapsed });
        }
        for request in &all {
            if self.can_stop_change(&tx, request).await? {
                return Ok(VerifyPage::Changing { intake });
            }
        }
        if all.iter().any(|request| request.answers_by == AnswerWay::App) {
            return Ok(VerifyPage::Asserted { intake, requests: all });
        }
        let done = all.iter().any(|request| request.verified_at.is_some());
        Ok(if done { VerifyPage::Done } else { VerifyPage::Gone })
    }

    /// What comes after the form of a request; `None` where there is none of that name. Whether a code
    /// was typed already makes no difference: only what needs none is told apart.
    pub async fn after_form(
        &self,
        reference: &Reference,
    ) -> Result<Option<AfterForm>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(seen) = tx.request_by_reference(reference).await? else { return Ok(None) };
        if seen.value.starts_at_once() {
            return Ok(Some(AfterForm::Set));
        }
        let all = tx.requests_of(seen.value.intake).await?;
        let waits = all.iter().any(|stored| !stored.value.right.is_lodged());
        Ok(Some(if waits { AfterForm::Code } else { AfterForm::Taken }))
    }

    /// Whether there is a request of that name to show a page for.
    pub async fn is_open(&self, reference: &Reference) -> Result<bool, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(tx.request_by_reference(reference).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_typed_as_the_code_is_recognised() {
        let reference = Reference::parse("R-7F3K9Q2M").unwrap();
        for typed in ["R-7F3K9Q2M", "r7f3k9q2m", " 7F3K-9Q2M "] {
            assert!(is_reference(typed, &reference), "{typed}");
        }
        assert!(!is_reference("ABCD-EFGH", &reference));
    }
}
