//! Takes the longer statutory time, once.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{Case, Deed, case};
use crate::domain::policy::Action;
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::mail::messages::Extended;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

/// Until when a request has to be answered by law, and until when after an extension: one month and
/// three from receipt, to the end of that day where the organisation is (GDPR Art. 12(3)). A month
/// that has no such day ends on its last one. Weekends and holidays move nothing here, which is the
/// stricter reading.
pub fn statutory_days(received_at: Timestamp, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let day = received_at.to_zoned(zone.clone()).date();
    let end = |months: i32| {
        let last = day.saturating_add(months.months());
        let next = last.saturating_add(1.day());
        next.to_zoned(zone.clone()).map_or(received_at, |midnight| midnight.timestamp())
    };
    (end(1), end(3))
}

impl Desk {
    /// Extends the statutory time by two months and tells the person why. Once, while the first month
    /// runs, and it moves nothing about the promise.
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
        let zone = &self.settings.organisation.zone;
        let (respond, extended) = statutory_days(request.received_at(), zone);
        let open = !request.status.is_closed() && request.verified_at.is_some();
        if !open || request.extended_to.is_some() || request.answered_at.is_some() || now >= respond
        {
            return Ok(Deed::NotNow);
        }
        request.extended_to = Some(extended);
        tx.insert_staff_message(request, Author::Staff, by.staff(), reason, now).await?;
        let message = Extended {
            asked: crate::service::post::asked_one(request),
            received_at: request.received_at(),
            reason: reason.as_str().to_owned(),
            until: extended - jiff::SignedDuration::from_secs(1),
            authority: self.settings.organisation.authority.clone(),
            status_link: self.mint_status_link(&tx, &intake, now).await?,
        };
        self.post(&tx, &intake, Some(request.id), None, &message).await?;
        let event = by.event("request.extended").with("until", extended);
        tx.insert_event(request.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_they_end() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let days = |received: &str| {
            let (respond, extended) = statutory_days(received.parse().unwrap(), &zone);
            (respond.to_string(), extended.to_string())
        };
        // Received on 31 January: due on 28 February, and on 30 April.
        assert_eq!(
            days("2026-01-31T12:00:00Z"),
            ("2026-02-28T23:00:00Z".into(), "2026-04-30T22:00:00Z".into())
        );
        // Late in the evening in UTC it is the next day in Berlin.
        assert_eq!(days("2026-03-01T23:30:00Z").0, "2026-04-02T22:00:00Z");
    }
}
