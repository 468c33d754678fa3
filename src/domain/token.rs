//! Programs that speak to the API, and what each of them may do.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::code::stored_words;
use super::event::Event;
use super::policy::{Action, Denied};
use super::staff::Member;
use crate::ids::{ApiTokenId, StaffId, Token};

/// A token that reads what it did not ask for ends after so long at the latest.
pub const ALL_REQUESTS_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Any other token ends after so long at the latest.
pub const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(2 * 365 * 24);
/// Characters of a token's name.
pub const NAME_LENGTH: usize = 60;

stored_words!(TokenScope {
    Create = "requests:create",
    Assert = "requests:assert",
    Read = "requests:read",
    Decide = "requests:decide",
    Archives = "archives:read",
    Reports = "reports:read",
    Flags = "flags:read",
    Consent = "flags:consent",
});

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenScope {
    /// Ask for a person, who proves the address by a mailed code.
    Create,
    /// Ask for a person whom the app vouches for.
    Assert,
    /// See where requests stand.
    Read,
    /// Decide about requests.
    Decide,
    /// Fetch archives.
    Archives,
    /// Read reports.
    Reports,
    /// Ask whether data may be used for a purpose.
    Flags,
    /// Record a consent that the person gave in the company's own program.
    Consent,
}

/// A token as the database has it at this very call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub id: ApiTokenId,
    /// What it may do.
    pub scopes: BTreeSet<TokenScope>,
    /// Whether it also reads archives, messages and identity of requests it did not create.
    pub all_requests: bool,
    /// How many requests it may create within 24 hours.
    pub requests_a_day: u32,
}

impl Grant {
    /// Whether it was made for this.
    pub fn allows(&self, scope: TokenScope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether it may read archives, messages and identity of a request that `creator` asked for.
    pub fn reads(&self, creator: Option<ApiTokenId>) -> bool {
        self.all_requests || creator == Some(self.id)
    }

    /// Whether it may decide so. What a machine must never do alone is not in the list: looking at
    /// who asks, clearing a question about it, leaving a store out, approving a deletion.
    fn may(&self, action: Action) -> Result<(), Denied> {
        let decides = matches!(
            action,
            Action::SeeRequest
                | Action::Write
                | Action::Note
                | Action::Assign
                | Action::Retry
                | Action::Pause
                | Action::Release
                | Action::Refuse
                | Action::Extend
                | Action::Hold
                | Action::ChildData
                | Action::Revoke
        );
        if decides && self.allows(TokenScope::Decide) { Ok(()) } else { Err(Denied::Role) }
    }
}

/// Who decides about a request.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A member of staff.
    Staff(&'a Member),
    /// A program.
    Token(&'a Grant),
}

impl By<'_> {
    /// Whether they may do `action` at `now`.
    pub fn may(self, action: Action, now: Timestamp) -> Result<(), Denied> {
        match self {
            Self::Staff(member) => member.may(action, now),
            Self::Token(grant) => grant.may(action),
        }
    }

    /// As [`By::may`], without a look at the age of a second factor: for showing the way.
    pub fn is_entitled(self, action: Action) -> Result<(), Denied> {
        match self {
            Self::Staff(member) => member.is_entitled(action),
            Self::Token(grant) => grant.may(action),
        }
    }

    /// An event of theirs.
    pub fn event(self, kind: &'static str) -> Event {
        match self {
            Self::Staff(member) => Event::by_staff(member.id, kind),
            Self::Token(grant) => Event::by_token(grant.id, kind),
        }
    }

    /// The member of staff, where it is one.
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff(member) => Some(member.id),
            Self::Token(_) => None,
        }
    }
}

impl<'a> From<&'a Member> for By<'a> {
    fn from(member: &'a Member) -> Self {
        Self::Staff(member)
    }
}

impl<'a> From<&'a Grant> for By<'a> {
    fn from(grant: &'a Grant) -> Self {
        Self::Token(grant)
    }
}

/// The secret of a token as programs hold it: `rdk_`, 43 characters, and eight hexadecimal digits of
/// a CRC-32 over what stands before them, so that scanners for leaked secrets tell it from anything
/// else without asking us.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(Token);

impl Bearer {
    /// Before every secret.
    pub const PREFIX: &'static str = "rdk_";

    /// Around a fresh secret.
    pub const fn new(token: Token) -> Self {
        Self(token)
    }

    /// Reads one; `None` where prefix, length or checksum are not those of a token of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(Self::PREFIX)?;
        let token = Token::parse(body.get(..43)?)?;
        let whole = Self(token);
        (whole.to_text() == text).then_some(whole)
    }

    /// What the program is given.
    pub fn to_text(&self) -> String {
        let start = format!("{}{}", Self::PREFIX, self.0.as_str());
        let sum = crc32fast::hash(start.as_bytes());
        format!("{start}{sum:08x}")
    }

    /// The secret inside, whose hash is stored.
    pub fn token(&self) -> &Token {
        &self.0
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(…)")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::SeededEntropy;

    fn grant(scopes: &[TokenScope]) -> Grant {
        Grant {
            id: ApiTokenId(Uuid::from_u128(1)),
            scopes: scopes.iter().copied().collect(),
            all_requests: false,
            requests_a_day: 10,
        }
    }

    #[test]
    fn a_secret_is_told_from_anything_else_by_its_form() {
        let bearer = Bearer::new(Token::draw(&SeededEntropy::new(1)));
        let text = bearer.to_text();
        assert_eq!(text.len(), 4 + 43 + 8);
        assert_eq!(Bearer::parse(&text), Some(bearer));
        for at in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'a' { b'b' } else { b'a' };
            assert_eq!(Bearer::parse(std::str::from_utf8(&wrong).unwrap()), None, "{at}");
        }
        for wrong in ["", "rdk_", &text[1..], &text[..text.len() - 1], &format!("{text}0")] {
            assert_eq!(Bearer::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Bearer::parse(&format!("rdk_{}", "ä".repeat(26))), None);
    }

    #[test]
    fn a_token_decides_only_where_it_was_made_to_and_never_who_somebody_is() {
        let now = Timestamp::UNIX_EPOCH;
        let all = grant(TokenScope::ALL);
        for action in [
            Action::Reveal,
            Action::Clear,
            Action::Skip,
            Action::Approve,
            Action::ChangeAccounts,
            Action::Enter,
        ] {
            assert_eq!(By::from(&all).may(action, now), Err(Denied::Role), "{action}");
        }
        assert_eq!(By::from(&all).may(Action::Release, now), Ok(()));
        let others: Vec<TokenScope> =
            TokenScope::ALL.iter().copied().filter(|scope| *scope != TokenScope::Decide).collect();
        let reader = grant(&others);
        for action in Action::ALL {
            assert_eq!(By::from(&reader).may(*action, now), Err(Denied::Role), "{action}");
        }
    }

    #[test]
    fn a_token_reads_what_it_asked_for() {
        let own = grant(&[TokenScope::Archives]);
        let other = ApiTokenId(Uuid::from_u128(2));
        assert!(own.reads(Some(own.id)));
        assert!(!own.reads(Some(other)) && !own.reads(None));
        let all = Grant { all_requests: true, ..own };
        assert!(all.reads(Some(other)) && all.reads(None));
    }
}
