//! "Stop, and call me": what somebody can say who was warned of a deletion at an address that nobody
//! has confirmed.

use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Linked, Visit};
use super::trouble::{Trouble, html};
use crate::service::deletion::StopPage as Behind;
use crate::web::view::{Message, Moment, StopPage};

/// `GET /stop/{token}`
pub(super) async fn show(visit: Visit, Linked(token): Linked) -> Result<Response, Trouble> {
    match visit.site.desk().stop_page(&token).await? {
        Behind::Open { intake } => {
            let frame = visit.frame_for(&intake, format!("/stop/{}", token.as_str()));
            let received = Moment::at(&frame.speaker, intake.received_at);
            Ok(html(StatusCode::OK, &StopPage::new(frame, token.as_str(), received)))
        }
        ended => Err(said(&ended).into()),
    }
}

/// `POST /stop/{token}`
pub(super) async fn stop(visit: Visit, Linked(token): Linked) -> Result<Response, Trouble> {
    Err(said(&visit.site.desk().stop_deletion(&token).await?).into())
}

/// Where there is nothing to choose (any more), one message says so.
const fn said(behind: &Behind) -> Message {
    match behind {
        Behind::Stopped => Message::Stopped,
        Behind::Open { .. } | Behind::Over => Message::LinkSpent,
        Behind::Gone => Message::LinkUnknown,
    }
}
