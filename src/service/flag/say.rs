//! The answer: what holds from now on, where it is written, and who has to ask for it.

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::gather::TaskStatus;
use crate::domain::intake::Intake;
use crate::domain::mail::MailKind;
use crate::domain::request::{AnswerWay, Assurance, Outcome, Request};
use crate::domain::right::Right;
use crate::domain::telling::Topic;
use crate::mail::messages::Applied;
use crate::service::post::asked_one;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Tells the person what holds now. Where there is no address, or no mail may go there, the page
    /// after the form has said it, which is the answer.
    pub(in crate::service) async fn say_applied(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let request = &mut stored.value;
        let tasks = tx.tasks_of(request.id).await?;
        let left_out = tasks.iter().any(|task| task.status == TaskStatus::Skipped);
        request.outcome = Some(if left_out { Outcome::Partial } else { Outcome::Full });
        if request.right == Right::Restriction {
            let set = tasks.iter().filter(|task| task.tally.rows > 0);
            let set = set.map(|task| task.store.as_str());
            self.list_recipients(tx, request.id, set, Topic::Restriction, now).await?;
        }
        let proved = request.assurance > Assurance::None;
        let may_mail = match (&intake.contact, request.answers_by) {
            (_, AnswerWay::Letter) => return Ok(()),
            (Some(contact), AnswerWay::Mail) if proved => contact.email.is_some(),
            (Some(contact), AnswerWay::Mail) => {
                self.mail_is_allowed(tx, MailKind::OptedOut, contact, now).await?
            }
            _ => false,
        };
        if !may_mail {
            request.answered_at.get_or_insert(now);
            return Ok(());
        }
        let written = |name: &str| {
            tasks.iter().any(|task| {
                task.store == name && task.status == TaskStatus::Done && task.tally.rows > 0
            })
        };
        let label = |name: &String| self.store_label(name, intake.language);
        let (set_in, asking): (Vec<&String>, Vec<&String>) =
            self.stores.keys().partition(|name| written(name));
        let held = self.decide_elsewhere(tx, request.id).await?;
        let message = Applied {
            asked: asked_one(request),
            received_at: request.received_at(),
            purposes: request.purposes.clone(),
            proved,
            set_in: set_in.into_iter().map(label).collect(),
            asking: asking.into_iter().map(label).collect(),
            held: if proved { held } else { Vec::new() },
            opt_in_link: self.settings.base_url.link("/?right=opt_in"),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(request.id), None, &message).await
    }
}
