use std::os::unix::fs::PermissionsExt;

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::mail::{Fault, Letter, MailKind, MessageId, Sender};

fn mail(id: u128, date: &str) -> Outgoing {
    let from = Sender::new("Example Shop", EmailAddress::parse("privacy@shop.example").unwrap());
    let letter = Letter {
        kind: MailKind::Verify,
        language: Language::En,
        subject: "Your code".to_owned(),
        text: "x".repeat(20_000),
        html: "<p>x</p>".to_owned(),
    };
    let to = EmailAddress::parse("ada@example.org").unwrap();
    let date: Timestamp = date.parse().unwrap();
    Outgoing::new(letter, MessageId::mint(Uuid::from_u128(id), &from), from, to, date)
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn mails_lie_in_the_order_of_time_with_nothing_personal_in_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path().join("new/mail"));
    mailer.send(&mail(1, "2026-03-01T12:00:00.25Z")).await.unwrap();
    mailer.send(&mail(0, "2026-03-01T12:00:01Z")).await.unwrap();
    assert_eq!(
        names(mailer.dir()),
        [
            "20260301T120000.250Z-00000000-0000-0000-0000-000000000001.eml",
            "20260301T120001.000Z-00000000-0000-0000-0000-000000000000.eml",
        ]
    );
}

#[tokio::test]
async fn only_its_owner_reads_a_mail() {
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path().join("mail"));
    mailer.send(&mail(1, "2026-03-01T12:00:00Z")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(mailer.dir()), 0o700);
    assert_eq!(mode(&mailer.dir().join(&names(mailer.dir())[0])), 0o600);
}

#[tokio::test]
async fn a_mail_sent_twice_lies_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path());
    for _ in 0..2 {
        mailer.send(&mail(1, "2026-03-01T12:00:00Z")).await.unwrap();
    }
    assert_eq!(names(dir.path()).len(), 1);
}

#[tokio::test]
async fn a_part_left_by_a_crash_does_not_get_in_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path());
    let mail = mail(1, "2026-03-01T12:00:00Z");
    std::fs::write(dir.path().join(format!("{}.part", file_name(&mail))), "half a mail").unwrap();
    mailer.send(&mail).await.unwrap();
    let [name] = &names(dir.path())[..] else { panic!("the mail alone") };
    let written = std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(written, mime::write(&mail).unwrap());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_ours_to_mend() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mail"), "a file is in the way").unwrap();
    let mailer = FolderMailer::new(dir.path().join("mail"));
    assert_eq!(mailer.check().await, Err(MailError::Folder));
    let error = mailer.send(&mail(1, "2026-03-01T12:00:00Z")).await.unwrap_err();
    assert_eq!((error, error.fault()), (MailError::Folder, Fault::Ours));
}

#[tokio::test]
async fn a_full_disk_passes_and_leaves_no_half_mail() {
    // Writing to /dev/full fails as on a full disk; a link leads the part there.
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path());
    let mail = mail(1, "2026-03-01T12:00:00Z");
    let part = dir.path().join(format!("{}.part", file_name(&mail)));
    std::os::unix::fs::symlink("/dev/full", part).unwrap();
    let error = mailer.send(&mail).await.unwrap_err();
    assert_eq!((error, error.fault()), (MailError::DiskFull, Fault::Passing));
    assert_eq!(names(dir.path()), [""; 0]);
}

#[tokio::test]
async fn checking_makes_the_folder_and_leaves_it_empty() {
    let dir = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(dir.path().join("mail"));
    mailer.check().await.unwrap();
    assert_eq!(names(mailer.dir()), [""; 0]);
}
