//! Fetching an archive: a fresh code, a session, ranges, and a record of every download.

use jiff::{SignedDuration, Timestamp};

use super::post::CODE_MINUTES;
use super::verify::is_reference;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::archive::{Archive, ArchiveState};
use crate::db::challenge::{ChallengePurpose, CodeCheck};
use crate::db::download::Download;
use crate::domain::event::Event;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::ids::{Code, DownloadId, Reference, Token};
use crate::keys::stream::ArchiveKey;
use crate::mail::messages::DownloadCode;

/// A session lives so long after its last byte.
pub const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// And never longer than this.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24);
/// Sessions of one archive that can be opened within a day.
pub const SESSIONS_A_DAY: u64 = 20;

/// What came of a code typed to fetch an archive.
#[derive(Debug)]
pub enum DownloadTyped {
    /// Right: the session and the secret of its cookie.
    Opened {
        /// The session, part of the address.
        session: DownloadId,
        /// The archive's request, part of the address.
        reference: Reference,
        /// The secret of its cookie.
        cookie: Token,
    },
    /// The code was not taken.
    Refused(super::verify::Typed),
    /// There is no archive to fetch (any more).
    NoArchive,
    /// Too many sessions were opened today.
    TooMany,
}

/// An archive that may be read now.
#[derive(Debug)]
pub struct OpenArchive {
    /// The archive.
    pub archive: Archive,
    /// Its key.
    pub key: ArchiveKey,
}

/// An archive that may be read now by whoever has the cookie of its session.
#[derive(Debug)]
pub struct Readable {
    /// The archive.
    pub open: OpenArchive,
    /// The session it is read in.
    pub download: Download,
}

/// What a download address leads to.
#[derive(Debug)]
pub enum DownloadAccess {
    /// It may be read.
    Open(Box<Readable>),
    /// The session is over, or the archive is gone.
    Gone,
    /// There is no such session for this cookie.
    Unknown,
}

impl Desk {
    /// Mails a code for fetching an archive, as far as the cap allows. `false` only when the link
    /// leads nowhere.
    pub async fn send_download_code(
        &self,
        token: &Token,
        reference: Option<&Reference>,
    ) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, _)) = self.status_of(&tx, token, None).await? else { return Ok(false) };
        let Some(intake) = tx.lock_intake(id).await? else { return Ok(false) };
        let Some(contact) = &intake.contact else { return Ok(true) };
        let Some((request, _)) = self.fetchable(&tx, id, reference, now).await? else {
            return Ok(true);
        };
        if self.mail_is_allowed(&tx, MailKind::DownloadCode, contact, now).await? {
            let (challenge, code) = tx.new_challenge(id, ChallengePurpose::Download, now).await?;
            let message = DownloadCode {
                reference: request.reference.clone(),
                code,
                code_minutes: CODE_MINUTES,
            };
            self.post(&tx, &intake, Some(request.id), Some(challenge), &message).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Tries a typed code; a right one opens a download session.
    pub async fn open_download(
        &self,
        token: &Token,
        reference: Option<&Reference>,
        typed: &str,
    ) -> Result<DownloadTyped, ServiceError> {
        use super::verify::Typed;
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, _)) = self.status_of(&tx, token, None).await? else {
            return Ok(DownloadTyped::Refused(Typed::Gone));
        };
        tx.lock_intake(id).await?;
        let requests = tx.requests_of(id).await?;
        if requests.iter().any(|stored| is_reference(typed, &stored.value.reference)) {
            return Ok(DownloadTyped::Refused(Typed::IsReference));
        }
        let code = Code::parse(typed);
        let refused =
            match tx.check_code(id, ChallengePurpose::Download, code.as_ref(), now).await? {
                CodeCheck::Right => None,
                CodeCheck::Wrong { left } => Some(Typed::Wrong { left }),
                CodeCheck::TooMany => Some(Typed::TooMany),
                CodeCheck::Expired => Some(Typed::Expired),
                CodeCheck::NoneOpen => Some(Typed::NoneOpen),
            };
        if let Some(refused) = refused {
            tx.commit().await?;
            return Ok(DownloadTyped::Refused(refused));
        }
        let Some((request, archive)) = self.fetchable(&tx, id, reference, now).await? else {
            return Ok(DownloadTyped::NoArchive);
        };
        let today = now - SignedDuration::from_hours(24);
        if tx.downloads_since(archive.id, today).await? >= SESSIONS_A_DAY {
            return Ok(DownloadTyped::TooMany);
        }
        let (session, cookie) = tx.new_download(archive.id, now).await?;
        tx.insert_event(request.id, now, &Event::by_person("download.opened")).await?;
        tx.commit().await?;
        Ok(DownloadTyped::Opened { session, reference: request.reference, cookie })
    }

    /// The archive that a form's status page offers: of the request named, else of the first that
    /// has one.
    async fn fetchable(
        &self,
        tx: &Tx,
        intake: crate::ids::IntakeId,
        reference: Option<&Reference>,
        now: Timestamp,
    ) -> Result<Option<(Request, Archive)>, ServiceError> {
        for stored in tx.requests_of(intake).await? {
            if reference.is_some_and(|wanted| *wanted != stored.value.reference) {
                continue;
            }
            if let Some(archive) = tx.archive_of(stored.value.id).await?
                && is_fetchable(&archive, now)
            {
                return Ok(Some((stored.value, archive)));
            }
        }
        Ok(None)
    }

    /// Whether a download may be read now; looked at anew for every request of every range.
    pub async fn download_access(
        &self,
        session: DownloadId,
        reference: &Reference,
        cookie: Option<&Token>,
    ) -> Result<DownloadAccess, ServiceError> {
        let now = self.now();
        let Some(cookie) = cookie else { return Ok(DownloadAccess::Unknown) };
        let tx = self.db.begin_read().await?;
        let Some(download) = tx.download(session, cookie).await? else {
            return Ok(DownloadAccess::Unknown);
        };
        let Some(archive) = tx.archive(download.archive).await? else {
            return Ok(DownloadAccess::Unknown);
        };
        let request = tx.request(archive.request).await?;
        if request.is_none_or(|stored| stored.value.reference != *reference) {
            return Ok(DownloadAccess::Unknown);
        }
        let over = download.last_byte_at + IDLE <= now || download.opened_at + ABSOLUTE <= now;
        if over || !is_fetchable(&archive, now) {
            return Ok(DownloadAccess::Gone);
        }
        let Some(wrapped) = &archive.wrapped_key else { return Ok(DownloadAccess::Gone) };
        drop(tx);
        let key = self.epochs.unwrap(archive.id.0, wrapped).await?;
        let open = OpenArchive { archive, key };
        Ok(DownloadAccess::Open(Box::new(Readable { open, download })))
    }

    /// Records what has left, so that the session lives on and the download is accounted for.
    pub async fn record_download(
        &self,
        download: &Download,
        bytes: u64,
        reached_end: bool,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        if tx.record_download(download, bytes, reached_end, now).await?
            && let Some(archive) = tx.archive(download.archive).await?
        {
            tx.insert_event(archive.request, now, &Event::by_person("download.completed")).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Whether an archive can be fetched at `now`.
pub fn is_fetchable(archive: &Archive, now: Timestamp) -> bool {
    archive.state == ArchiveState::Ready && archive.expires_at.is_some_and(|at| at > now)
}
