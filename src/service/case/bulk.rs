//! Closes many requests at once. Only what needs no reasons of its own can be closed so: never
//! verified, spam, and duplicates.

use super::{Case, Deed, case};
use crate::domain::code::stored_words;
use crate::domain::decision::RefusalGround;
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

/// Requests that are closed at once, at most.
pub const BULK_MOST: usize = 100;

stored_words!(BulkGround {
    NeverVerified = "never_verified",
    Spam = "spam",
    Duplicate = "duplicate",
});

/// Why many requests are closed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BulkGround {
    /// Nobody has typed the code. The person gets the last mail now instead of later.
    NeverVerified,
    /// No person sent them.
    Spam,
    /// Another open request of the same person asks for the same. The person is told which.
    Duplicate,
}

impl Desk {
    /// Closes each of several requests for one reason, and tells what came of each.
    pub async fn close_many(
        &self,
        by: &Member,
        which: &[Reference],
        why: BulkGround,
    ) -> Result<Vec<(Reference, Deed)>, ServiceError> {
        let mut all = Vec::with_capacity(which.len());
        for at in which.iter().take(BULK_MOST) {
            let deed = match why {
                BulkGround::NeverVerified => self.let_lapse(by, at).await?,
                BulkGround::Spam => self.mark_spam(by, at).await?,
                BulkGround::Duplicate => self.refuse_duplicate(by, at).await?,
            };
            all.push((at.clone(), deed));
        }
        Ok(all)
    }

    /// Lets a request lapse that nobody has confirmed.
    async fn let_lapse(&self, by: &Member, at: &Reference) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } =
            case!(self.open_case(by, Action::MarkSpam, at).await?);
        let waits = stored.value.status == Status::AwaitingVerification;
        if !waits || stored.value.hold.is_some() {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "request.lapsed");
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::Lapsed, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Refuses a request that asks again for what an older open one asks for.
    async fn refuse_duplicate(&self, by: &Member, at: &Reference) -> Result<Deed, ServiceError> {
        let Case { tx, intake, stored, .. } = case!(self.open_case(by, Action::Refuse, at).await?);
        let request = &stored.value;
        let older = self.duplicates(&tx, &intake, request).await?.into_iter().find(|other| {
            other.verified_at.is_some()
                && (other.received_at(), other.id) < (request.received_at(), request.id)
        });
        let Some(older) = older else { return Ok(Deed::NotNow) };
        let reference = older.reference.as_str();
        let words = self.speaker(intake.language).t1("law-duplicate", "reference", reference);
        drop(tx);
        let Ok(Some(facts)) = TypedText::block(&words, super::TEXT_LENGTH) else {
            return Ok(Deed::NotNow);
        };
        self.refuse(by, at, RefusalGround::Duplicate, &facts).await
    }
}
