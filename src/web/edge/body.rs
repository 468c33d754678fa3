//! Bodies that are too large or come too slowly.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{LengthLimitError, Limited};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::refusal::Refusal;

/// Layer: lets at most `max` bytes of body through. A body that announces more is refused before
/// it is read, one that does not announce itself while it is.
pub async fn limit(State(max): State<usize>, request: Request, next: Next) -> Response {
    if request.body().size_hint().lower() > max as u64 {
        return Refusal::BodyTooLarge.into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, max)))).await
}

/// Which refusal an error while reading a body stands for.
pub fn refusal_of(error: &(dyn Error + 'static)) -> Refusal {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Refusal::BodyTooLarge;
        }
        if matches!(error.downcast_ref(), Some(BodyError::TooSlow)) {
            return Refusal::BodyTooSlow;
        }
        cause = error.source();
    }
    Refusal::BrokenForm
}

/// Why a body ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the body did not arrive in time")]
    TooSlow,
    #[error("the connection broke")]
    Broken(#[source] hyper::Error),
}

/// Bytes of a body that buy it a further second. A form of the usual size gains one; a large upload
/// has the time it needs as long as it comes as fast as a slow line.
const BYTES_PER_SECOND: u64 = 64 * 1024;

/// How much longer a body may take after `bytes` of it have come.
fn gained(bytes: usize) -> Duration {
    Duration::from_millis(bytes as u64 * 1000 / BYTES_PER_SECOND)
}

/// A body that must have arrived, whole, within a time that starts with the first wait for it and
/// grows with what arrives.
pub(super) struct Timed {
    body: Incoming,
    within: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    pub(super) fn new(body: Incoming, within: Duration) -> Self {
        Self { body, within, deadline: None }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            let came = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                _ => 0,
            };
            if let Some(deadline) = &mut self.deadline {
                let later = deadline.deadline() + gained(came);
                deadline.as_mut().reset(later);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::Broken)));
        }
        let within = self.within;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(within)));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Some(Err(BodyError::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_arrives_buys_time() {
        assert_eq!(gained(0), Duration::ZERO);
        assert_eq!(gained(1), Duration::ZERO, "dripping does not pay");
        assert_eq!(gained(super::super::PUBLIC_BODY), Duration::from_secs(1));
        assert_eq!(gained(100 * 1024 * 1024), Duration::from_secs(1600));
    }
}
