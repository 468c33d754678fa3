//! An answer that went out on paper.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Case, Deed, case};
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::request::AnswerWay;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Says that the letter with the answer was posted on that day, which stops the promise at the
    /// day's end, or now where that is earlier. Only for people without a mailbox, once their
    /// archive lies ready or the decision stands.
    pub async fn answered_by_letter(
        &self,
        by: &Member,
        at: &Reference,
        sent_on: Date,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Answer, at).await?);
        let request = &mut stored.value;
        let zone = &self.settings.organisation.zone;
        let day = |date: Date| date.to_zoned(zone.clone()).map(|start| start.timestamp());
        let (Ok(start), Ok(end)) = (day(sent_on), day(sent_on.saturating_add(1.day()))) else {
            return Ok(Deed::NotNow);
        };
        let answered = matches!(request.status, Status::Fulfilled | Status::Refused);
        let received = day(request.received_at().to_zoned(zone.clone()).date());
        let too_early = received.is_ok_and(|received| start < received);
        if request.answers_by != AnswerWay::Letter
            || !answered
            || request.answered_at.is_some()
            || start > now
            || too_early
        {
            return Ok(Deed::NotNow);
        }
        request.answered_at = Some(end.min(now).max(request.received_at()));
        self.count_answer(request);
        let event = Event::by_staff(by.id, "letter.sent").with("on", sent_on.to_string());
        tx.insert_event(request.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
