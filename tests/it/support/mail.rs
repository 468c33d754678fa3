//! Mails that lie in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::MessageParser;

use super::wait_for;

/// A mail as a person sees it.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Mail {
    fn read(path: &Path) -> Self {
        let raw = fs::read(path).unwrap();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        Self {
            to: mail.to().unwrap().first().unwrap().address().unwrap().to_owned(),
            kind: mail.header_raw("X-Rightsdesk-Message").unwrap().trim().to_owned(),
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
            html: mail.body_html(0).unwrap().into_owned(),
        }
    }

    /// The code, which stands on a line of its own.
    #[track_caller]
    pub(crate) fn code(&self) -> &str {
        let is_code = |line: &&str| {
            let sign = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
            matches!(line.split_once('-'), Some((a, b)) if [a, b]
                .iter().all(|half| half.len() == 4 && half.bytes().all(sign)))
        };
        self.text.lines().map(str::trim).find(is_code).expect("a code on a line of its own")
    }

    /// The link under `path`, which stands on a line of its own.
    #[track_caller]
    pub(crate) fn link(&self, path: &str) -> &str {
        let is_link = |line: &&str| line.starts_with("http") && line.contains(path);
        self.text.lines().map(str::trim).find(is_link).expect("a link on a line of its own")
    }
}

/// The files of all mails, oldest first.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    // Names begin with the time.
    files.sort();
    files
}

/// All mails, oldest first.
pub(crate) fn all(folder: &Path) -> Vec<Mail> {
    files(folder).into_iter().map(|path| Mail::read(&path)).collect()
}

/// All mails of a kind to an address, oldest first.
pub(crate) fn sent(folder: &Path, kind: &str, to: &str) -> Vec<Mail> {
    let mails = files(folder).into_iter().map(|path| Mail::read(&path));
    mails.filter(|mail| mail.kind == kind && mail.to.eq_ignore_ascii_case(to)).collect()
}

/// Waits for the mail of a kind to an address that has `before` of its kind before it.
#[track_caller]
pub(crate) fn wait(folder: &Path, kind: &str, to: &str, before: usize) -> Mail {
    wait_for(&format!("a mail {kind}"), || sent(folder, kind, to).into_iter().nth(before))
}
