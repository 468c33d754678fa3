//! Takes the longer statutory time, once.

use super::{Case, Deed, case};
use crate::domain::deadline::extendable_to;
use crate::domain::policy::Action;
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::mail::messages::Extended;
use crate::service::deadline::due_at;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Takes the longer time of the law that binds and tells the person why. Once, before the first
    /// time is over; it moves nothing about the promise. What counts is when the mail server has the
    /// notice (`service/mail.rs`). Tried too late, nothing is extended, and that is kept.
    pub async fn extend(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, intake, mut stored, now } =
            case!(self.open_case(by, Action::Extend, at).await?);
        let request = &mut stored.value;
        let open = !request.status.is_closed() && request.verified_at.is_some();
        if !open || request.extended_to.is_some() || request.answered_at.is_some() {
            return Ok(Deed::NotNow);
        }
        let dates = self.dates_of_one(&tx, request).await?;
        let Some(until) = extendable_to(&dates, now) else {
            let due = due_at(request, &dates);
            if due <= now {
                let event = by.event("request.extension_late").with("overdue_from", due);
                tx.insert_event(request.id, now, &event).await?;
                tx.commit().await?;
            }
            return Ok(Deed::NotNow);
        };
        request.extended_to = Some(until);
        self.recount(&tx, request, now, |course| course.notice_at = Some(now)).await?;
        tx.insert_staff_message(request, Author::Staff, by.staff(), reason, now).await?;
        let message = Extended {
            asked: crate::service::post::asked_one(request),
            received_at: request.received_at(),
            reason: reason.as_str().to_owned(),
            until: until - jiff::SignedDuration::from_secs(1),
            authority: self.settings.organisation.authority.clone(),
            status_link: self.mint_status_link(&tx, &intake, now).await?,
        };
        self.post(&tx, &intake, Some(request.id), None, &message).await?;
        let event = by.event("request.extended").with("until", until);
        tx.insert_event(request.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
