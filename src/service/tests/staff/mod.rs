//! Staff: invitations, signing in, sessions and accounts.

mod accounts;
mod invite;
mod session;
mod sign_in;

use std::collections::BTreeSet;

use super::*;
use crate::domain::staff::{Member, Role};
use crate::ids::StaffId;
use crate::keys::password::Password;
use crate::keys::totp::SecondFactor;
use crate::service::staff::{Credentials, Enrolled, Invitation, SignIn, SignedIn};

const BORIS: &str = "boris@example.com";
const CLARA: &str = "clara@example.com";
const PASSWORD: &str = "vier Boote im Nebelwald";

/// Somebody with an account that can be used.
struct Clerk {
    id: StaffId,
    email: &'static str,
    factor: SecondFactor,
}

fn roles(roles: &[Role]) -> BTreeSet<Role> {
    roles.iter().copied().collect()
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

impl Office {
    /// Invites from the command line.
    async fn invite(&self, address: &str, given: &[Role]) -> Invitation {
        let invited = self.desk.invite(None, &email(address), &roles(given), Language::En).await;
        invited.unwrap().unwrap()
    }

    /// Posts the form of an invitation.
    async fn enrol(&self, link: &Token, password: &str, code: &str) -> Enrolled {
        let name = TypedText::line("Boris Boreal", 100).unwrap().unwrap();
        self.desk.enrol(link, &name, password, code, Language::De).await.unwrap()
    }

    /// Takes an invitation up, and waits until there is a new code.
    async fn take_up(&self, invitation: &Invitation, address: &'static str) -> Clerk {
        let factor = self.desk.enrolment(&invitation.token).await.unwrap().unwrap().factor;
        let clerk = Clerk { id: invitation.staff, email: address, factor };
        let done = self.enrol(&invitation.token, PASSWORD, &self.code(&clerk)).await;
        assert!(matches!(done, Enrolled::Done), "{done:?}");
        self.pass(seconds(30));
        clerk
    }

    async fn clerk(&self, address: &'static str, given: &[Role]) -> Clerk {
        let invitation = self.invite(address, given).await;
        self.take_up(&invitation, address).await
    }

    /// What the app shows.
    fn code(&self, clerk: &Clerk) -> String {
        clerk.factor.code_at(self.desk.now())
    }

    async fn try_in(&self, address: &str, password: &str, code: &str) -> SignIn {
        let typed = Credentials {
            email: address.into(),
            password: Password::typed(password),
            code: code.into(),
            agent: "Firefox on Linux".into(),
        };
        self.desk.sign_in(&typed).await.unwrap()
    }

    /// Signs in and waits until there is a new code.
    async fn sign_in(&self, clerk: &Clerk) -> Token {
        let typed = self.try_in(clerk.email, PASSWORD, &self.code(clerk)).await;
        self.pass(seconds(30));
        cookie(typed)
    }

    async fn signed(&self, cookie: &Token) -> Option<SignedIn> {
        self.desk.member(cookie).await.unwrap()
    }

    /// A member who has just signed in.
    async fn member(&self, address: &'static str, given: &[Role]) -> Member {
        let clerk = self.clerk(address, given).await;
        let cookie = self.sign_in(&clerk).await;
        self.signed(&cookie).await.unwrap().member
    }
}

fn cookie(typed: SignIn) -> Token {
    match typed {
        SignIn::In { cookie } => cookie,
        other => panic!("what is right signs in, not {other:?}"),
    }
}

#[tokio::test]
async fn nothing_of_staff_is_in_the_files_of_the_database() {
    let (_folder, url) = crate::db::testing::sqlite_url();
    let db = TestDb::connect(url).await;
    db.migrate().await.unwrap();
    let office = Office::over(db);
    let invitation = office.invite(BORIS, &[Role::Officer]).await;
    let boris = office.take_up(&invitation, BORIS).await;
    let open = office.invite(CLARA, &[Role::Admin]).await;
    let cookie = office.sign_in(&boris).await;
    let bytes = office.db.bytes_on_disk().unwrap();
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    assert!(holds(b"Firefox on Linux"), "the search finds what is there");
    let secret = boris.factor.secret();
    let links = [invitation.token.as_str(), open.token.as_str(), cookie.as_str()];
    for word in
        [BORIS, "boris", "Boreal", CLARA, PASSWORD, "Nebelwald", &secret].iter().chain(&links)
    {
        assert!(!holds(word.as_bytes()), "{word}");
    }
    let tx = office.db.begin_read().await.unwrap();
    let raw = tx.account(boris.id).await.unwrap().unwrap().totp.unwrap();
    assert!(!holds(&raw));
}
