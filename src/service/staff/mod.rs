//! Staff: invitations, signing in, sessions, and who has an account.

mod accounts;
mod gate;
mod invite;
mod session;
mod sign_in;

pub use accounts::{AccountChange, AccountRead, Changed};
pub use gate::PasswordGate;
pub use invite::{Enrolled, Enrolment, INVITE_LIFE, Invitation};
pub use session::{Colleague, Session, SignedIn};
pub use sign_in::{Credentials, SignIn};

/// What staff are asked for as issuer in their apps and in passwords: names to stay away from.
fn issuer(settings: &super::Settings) -> &str {
    &settings.organisation.name
}
