//! Names that we hand out: ids, references, tokens and codes, and the randomness behind them.

use std::fmt;
use std::sync::Mutex;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroize;

/// The letters and digits of references and codes: none that looks like another (no 0 O, 1 I L, U V).
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const TYPED_LEN: usize = 8;

/// A source of random bytes. Handed to whoever needs it, so that a test can repeat itself.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills `into` with bytes that nobody can guess.
    fn fill(&self, into: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A time-ordered id (UUID version 7) for a row written at `now`.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        uuid_of(now, &self.bytes())
    }

    /// The same for one of several rows written at `now`: they sort by `place`, up to 4,095 of them
    /// (a dedicated counter, RFC 9562, 6.2).
    pub fn uuid_at(&self, now: Timestamp, place: u16) -> Uuid {
        let mut bytes = self.bytes();
        bytes[..2].copy_from_slice(&place.to_be_bytes());
        uuid_of(now, &bytes)
    }

    /// `TYPED_LEN` letters of the alphabet, each equally likely.
    fn typed(&self) -> String {
        let mut out = String::with_capacity(TYPED_LEN);
        while out.len() < TYPED_LEN {
            let [byte] = self.bytes::<1>();
            // 240 is the largest multiple of 30 in a byte; the rest would favour some letters.
            if byte < 240 {
                out.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            }
        }
        out
    }
}

/// The operating system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can go on then.
    fn fill(&self, into: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
        getrandom::fill(into).expect("the operating system gives random bytes");
    }
}

/// Repeats itself from a seed. For tests and for the demo's sample data, never for secrets.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<(u64, u64)>);

impl SeededEntropy {
    /// The same seed gives the same bytes.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, into: &mut [u8]) {
        let mut state = self.0.lock().expect("no holder of this lock panics");
        for chunk in into.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(state.0.to_be_bytes());
            hash.update(state.1.to_be_bytes());
            state.1 += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}

fn uuid_of(now: Timestamp, bytes: &[u8; 10]) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, bytes).into_uuid()
}

macro_rules! row_ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+ };
}

row_ids! {
    /// One posted form: a person, an address, one right or several.
    IntakeId,
    /// One right exercised once.
    RequestId,
    /// One store's share of one request.
    TaskId,
    /// One archive of one request; a request may get a second one.
    ArchiveId,
    /// One step of one deletion.
    StepId,
    /// Deletions that are done again after a restore.
    ReplayId,
    /// One mail in the outbox.
    MailId,
    /// One code that was mailed.
    ChallengeId,
    /// One opened download.
    DownloadId,
    /// One member of staff.
    StaffId,
    /// One session of a member of staff.
    SessionId,
    /// One thing that a person wants put right.
    ChangeId,
    /// One value that such a change puts right.
    EditId,
    /// One mail to a member of staff.
    NoticeId,
    /// One recipient that has to be told of one thing.
    TellingId,
    /// One paper attached to a request.
    EvidenceId,
    /// One token of a program.
    ApiTokenId,
    /// One message to one webhook endpoint: its `webhook-id`, the same at every try.
    DeliveryId,
}

/// The public name of a request: `R-` and eight characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

impl Reference {
    /// Draws a new one.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(format!("R-{}", entropy.typed()))
    }

    /// Reads one as people type it: case, spaces and hyphens do not count. `None` for anything
    /// else.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = fold(typed);
        let body = folded.strip_prefix('R').filter(|body| body.len() == TYPED_LEN)?;
        body.bytes().all(|byte| ALPHABET.contains(&byte)).then(|| Self(format!("R-{body}")))
    }

    /// The text, `R-7F3K9Q2M`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code that a person copies from a mail: eight characters, shown as `ABCD-EFGH`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Draws a new one: 30^8 values, about 39 bits, guarded by five tries and ten minutes.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(entropy.typed())
    }

    /// Reads one as people type it: case, spaces and hyphens do not count. `None` for anything
    /// that no code can be.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = fold(typed);
        let fits = folded.len() == TYPED_LEN && folded.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then_some(Self(folded))
    }

    /// As printed in the mail, `ABCD-EFGH`.
    pub fn display(&self) -> String {
        format!("{}-{}", &self.0[..4], &self.0[4..])
    }

    /// The bytes that are compared, through a keyed hash only.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Drops what people add when they copy or type: spaces, hyphens of all kinds, case.
fn fold(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{ad}'))
        .map(|c| c.to_ascii_uppercase())
        .take(64)
        .collect()
}

/// What a token opens. A token of one purpose is nothing anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    /// The link of a verification mail.
    Verify,
    /// The status page.
    Status,
    /// The cookie that opens the private part of a status page.
    StatusCookie,
    /// The cookie of a download session.
    DownloadCookie,
    /// The link that makes a staff account usable.
    StaffInvite,
    /// The cookie of signed-in staff.
    StaffCookie,
    /// A program at the API.
    Api,
    /// The link of a warning to an address that nobody has confirmed.
    Stop,
}

impl TokenPurpose {
    /// The word kept in the database and bound into the hash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Status => "status",
            Self::StatusCookie => "status_cookie",
            Self::DownloadCookie => "download_cookie",
            Self::StaffInvite => "staff_invite",
            Self::StaffCookie => "staff_cookie",
            Self::Api => "api",
            Self::Stop => "stop",
        }
    }
}

/// A secret of 256 bits in a link or a cookie. Only its hash is ever stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Draws a new one.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut bytes = entropy.bytes::<32>();
        let token = Self(BASE64URL_NOPAD.encode(&bytes));
        bytes.zeroize();
        token
    }

    /// Reads one from a path or a cookie; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43 && BASE64URL_NOPAD.decode(text.as_bytes()).is_ok();
        fits.then(|| Self(text.to_owned()))
    }

    /// The text that goes into the link or the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up: SHA-256 over the purpose and the token. A plain hash is
    /// enough for 256 random bits (OWASP ASVS 5.0, 6.5.2).
    pub fn hash(&self, purpose: TokenPurpose) -> TokenHash {
        let mut hash = Sha256::new();
        hash.update(b"rightsdesk token v1|");
        hash.update(purpose.as_str());
        hash.update(b"|");
        hash.update(&self.0);
        TokenHash(hash.finalize().into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The stored form of a [`Token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy() -> Box<dyn Entropy> {
        Box::new(SeededEntropy::new(7))
    }

    #[test]
    fn rows_of_one_instant_sort_by_their_place() {
        let now = "2026-11-21T08:00:00Z".parse().unwrap();
        let entropy = entropy();
        let ids: Vec<Uuid> = (0..300).map(|place| entropy.uuid_at(now, place)).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids[299] < entropy.uuid(now + jiff::SignedDuration::from_millis(1)));
        assert_ne!(ids[0].as_bytes()[8..], ids[1].as_bytes()[8..]);
    }

    #[test]
    fn a_reference_is_read_as_people_type_it() {
        let reference = Reference::draw(&*entropy());
        assert_eq!(reference.as_str().len(), 10);
        let sloppy = format!(" {} ", reference.as_str().to_lowercase().replace('-', " "));
        assert_eq!(Reference::parse(&sloppy), Some(reference));
        assert_eq!(Reference::parse("R-1234567O"), None);
        assert_eq!(Reference::parse("7F3K9Q2M"), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::draw(&*entropy());
        assert_eq!(code.display().len(), 9);
        let sloppy = code.display().to_lowercase().replace('-', " \u{2011} ");
        assert_eq!(Code::parse(&sloppy), Some(code));
        assert_eq!(Code::parse("ABCD-EFG"), None);
        assert_eq!(Code::parse("ABCD-EFG0"), None);
        assert_eq!(Code::parse(""), None);
    }

    #[test]
    fn a_code_does_not_show_itself_in_logs() {
        let code = Code::draw(&*entropy());
        assert!(!format!("{code:?}").contains(&code.display()[..4]));
    }

    #[test]
    fn a_token_of_one_purpose_is_nothing_elsewhere() {
        let token = Token::draw(&*entropy());
        assert_ne!(token.hash(TokenPurpose::Verify), token.hash(TokenPurpose::Status));
        assert_eq!(Token::parse(token.as_str()).as_ref(), Some(&token));
        assert_eq!(Token::parse("../../etc/passwd"), None);
        assert!(!format!("{token:?}").contains(token.as_str()));
    }

    #[test]
    fn codes_use_the_whole_alphabet() {
        let source = entropy();
        let drawn: String = (0..500).map(|_| source.typed()).collect();
        assert!(ALPHABET.iter().all(|c| drawn.contains(char::from(*c))));
    }
}
