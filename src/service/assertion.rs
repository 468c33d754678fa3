//! Whether a signed assertion says what a program asks for, and says it now, and once.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Desk;
use crate::domain::right::Right;
use crate::domain::subject::SubjectKey;
use crate::keys::jws::{AssertionKey, BadAssertion};

/// An assertion is good for no longer than this (RFC 7523, 3, asks for a short time).
pub const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// The person signed in no longer ago than this.
pub const SIGNED_IN: SignedDuration = SignedDuration::from_hours(24);
/// Clocks of others may be so far off.
const SKEW: SignedDuration = SignedDuration::from_secs(30);
/// Characters of an assertion's own id.
const ID_LENGTH: usize = 128;

/// What an assertion says.
#[derive(Deserialize)]
struct Claims {
    /// For whom it is: the service's address.
    aud: String,
    /// When it ends, in seconds since 1970.
    exp: i64,
    /// When it was made.
    iat: i64,
    /// Its own id.
    jti: String,
    /// Of whom it speaks: `user=1842`, one of the keys of the request.
    sub: String,
    /// When the person signed in.
    auth_time: i64,
    /// What is asked for.
    right: String,
    /// About what.
    scope: String,
}

/// An assertion that says what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its own id, which is good once.
    pub id: String,
    /// Until when it could be used.
    pub expires_at: Timestamp,
}

/// Why an assertion is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionFault {
    /// Form or signature.
    #[error(transparent)]
    Bad(#[from] BadAssertion),
    /// A claim is missing, or not of its kind.
    #[error("needs the claims aud, exp, iat, jti, sub, auth_time, right and scope")]
    Claims,
    /// For somebody else.
    #[error("has another aud than [web] base_url")]
    Audience,
    /// Too old, too long, or of a time to come.
    #[error("is not good now: exp lies at most five minutes after iat, and now between them")]
    Time,
    /// The person signed in too long ago.
    #[error("has an auth_time more than 24 hours ago, or to come")]
    SignedIn,
    /// It speaks of somebody else.
    #[error("has a sub that is none of the keys of the request, written KIND=VALUE")]
    Subject,
    /// It speaks of something else.
    #[error("has another right or scope than the request")]
    Right,
}

impl Desk {
    /// Reads an assertion against what is asked for.
    pub fn read_assertion(
        &self,
        key: &AssertionKey,
        compact: &str,
        right: Right,
        subject: &[SubjectKey],
    ) -> Result<Assertion, AssertionFault> {
        let claims = key.verify(compact)?;
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| AssertionFault::Claims)?;
        if claims.aud != self.settings().base_url.as_str() {
            return Err(AssertionFault::Audience);
        }
        if !(1..=ID_LENGTH).contains(&claims.jti.chars().count()) {
            return Err(AssertionFault::Claims);
        }
        let second = |seconds| Timestamp::from_second(seconds).map_err(|_| AssertionFault::Claims);
        let (begins, ends) = (second(claims.iat)?, second(claims.exp)?);
        let now = self.now();
        let is_short = ends > begins && ends.duration_since(begins) <= LIFE;
        if !is_short || begins > now + SKEW || ends + SKEW <= now {
            return Err(AssertionFault::Time);
        }
        let signed_in = second(claims.auth_time)?;
        if signed_in > now + SKEW || now.duration_since(signed_in) > SIGNED_IN {
            return Err(AssertionFault::SignedIn);
        }
        let of_them = |key: &SubjectKey| format!("{}={}", key.kind, key.value()) == claims.sub;
        if !subject.iter().any(of_them) {
            return Err(AssertionFault::Subject);
        }
        if claims.right != right.as_str() || claims.scope != "everything" {
            return Err(AssertionFault::Right);
        }
        // It is remembered a little longer than it could be used.
        Ok(Assertion { id: claims.jti, expires_at: ends + SKEW * 2 })
    }
}
