//! Every message in every language, and what none of them may do.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::samples_words::*;
use super::snapshots_correction::{change_notice, corrected};
use super::snapshots_erasure::{decided, erased, planned, warning};
use super::snapshots_flags::{opted_in, opted_out, restricted, restriction_ends};
use super::*;
use crate::domain::correction::{AskedField, DeclineGround};
use crate::domain::decision::RefusalGround;
use crate::domain::gather::Blocker;
use crate::domain::language::Language;
use crate::domain::law::Law;
use crate::domain::notice::Notice;
use crate::domain::particulars::Verdict;
use crate::ids::{Code, Entropy, SeededEntropy};

pub(super) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(super) fn facts() -> SenderFacts {
    SenderFacts {
        organisation: "Example Shop".to_owned(),
        contact: Some("privacy@shop.example".to_owned()),
        privacy_url: Some("https://shop.example/privacy".to_owned()),
        base_url: "https://rights.shop.example".to_owned(),
    }
}

pub(super) fn speaker(language: Language) -> Speaker {
    Speaker::new(language, TimeZone::get("Europe/Berlin").unwrap())
}

pub(super) fn asked(right: Right) -> Asked {
    Asked { reference: Reference::parse("R-7F3K9Q2M").unwrap(), right }
}

pub(super) fn code() -> Code {
    Code::parse("ABCD-EFGH").unwrap()
}

pub(super) fn verify() -> Verify {
    Verify {
        asked: vec![asked(Right::Access)],
        received_at: at("2026-03-01T12:00:00Z"),
        country: CountryCode::parse("DE"),
        code: code(),
        code_minutes: 10,
        verify_link: link("verify"),
    }
}

pub(super) fn link(page: &str) -> String {
    let token = "kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB";
    format!("https://rights.shop.example/{page}/{token}")
}

pub(super) fn nothing_found() -> NothingFound {
    NothingFound {
        asked: asked(Right::Access),
        received_at: at("2026-03-01T12:00:00Z"),
        searched_at: at("2026-03-01T12:30:00Z"),
        searched: vec!["Shop accounts".to_owned(), "Newsletter".to_owned()],
        not_searched: Vec::new(),
        authority: Some("Data Protection Commission, dpc.example".to_owned()),
        status_link: link("status"),
    }
}

pub(super) fn archive_ready() -> ArchiveReady {
    ArchiveReady {
        asked: asked(Right::Export),
        available_until: at("2026-03-16T12:00:00Z"),
        size: 12_345_678,
        stores: 2,
        rows: 1234,
        files: 56,
        missing: 0,
        status_link: link("status"),
    }
}

pub(super) fn reminder() -> Reminder {
    Reminder {
        asked: vec![asked(Right::Access)],
        received_at: at("2026-03-01T12:00:00Z"),
        lapses_at: at("2026-03-08T12:00:00Z"),
        verify_link: link("verify"),
    }
}

pub(super) fn lapsed() -> Lapsed {
    Lapsed {
        asked: vec![asked(Right::Access)],
        received_at: at("2026-03-01T12:00:00Z"),
        resumable_until: at("2026-04-01T12:00:00Z"),
        verify_link: link("verify"),
    }
}

pub(super) fn verified() -> Verified {
    Verified {
        asked: vec![asked(Right::Access)],
        received_at: at("2026-03-01T12:00:00Z"),
        promised_by: at("2026-03-04T12:00:00Z"),
        also: Vec::new(),
        status_link: link("status"),
    }
}

pub(super) fn archive_reminder() -> ArchiveReminder {
    ArchiveReminder {
        asked: asked(Right::Access),
        available_until: at("2026-03-16T12:00:00Z"),
        status_link: link("status"),
    }
}

pub(super) fn download_code() -> DownloadCode {
    DownloadCode { reference: asked(Right::Access).reference, code: code(), code_minutes: 10 }
}

pub(super) fn status_code() -> StatusCode {
    StatusCode { reference: asked(Right::Access).reference, code: code(), code_minutes: 10 }
}

pub(super) fn withdrawn() -> Withdrawn {
    Withdrawn {
        asked: vec![asked(Right::Access)],
        undo_until: at("2026-03-02T12:00:00Z"),
        status_link: link("status"),
    }
}

pub(super) fn asserted() -> Asserted {
    Asserted {
        asked: asked(Right::Export),
        received_at: at("2026-03-01T12:00:00Z"),
        not_me_link: link("verify"),
    }
}

pub(super) fn new_message() -> NewMessage {
    NewMessage { reference: asked(Right::Access).reference, status_link: link("status") }
}

pub(super) fn proof_needed() -> ProofNeeded {
    ProofNeeded { asked: asked(Right::Access), status_link: link("status") }
}

pub(super) fn refused() -> Refused {
    refused_under(RefusalGround::Excessive, &[Law::Gdpr])
}

pub(super) fn extended() -> Extended {
    Extended {
        asked: asked(Right::Access),
        received_at: at("2026-03-01T12:00:00Z"),
        reason: "One of our systems is being restored from a backup.".to_owned(),
        until: at("2026-06-01T21:59:59Z"),
        authority: None,
        status_link: link("status"),
    }
}

pub(super) fn copy_taken() -> CopyTaken {
    CopyTaken { reference: asked(Right::Access).reference, at: at("2026-03-01T12:00:00Z") }
}

pub(super) fn late() -> Late {
    Late {
        asked: asked(Right::Access),
        received_at: at("2026-03-01T12:00:00Z"),
        promised_by: at("2026-03-04T12:00:00Z"),
        why: LateWhy::Stores,
        until: Some(at("2026-04-01T21:59:59Z")),
        authority: Some("Data Protection Commission, dpc.example".to_owned()),
        status_link: link("status"),
    }
}

/// Everything that staff can be told of.
pub(super) fn staff_notice() -> StaffNotice {
    let promises = [50, 100].into_iter().map(Notice::Promise);
    let dates = [Notice::Deadline(14), Notice::Deadline(1), Notice::Forecast];
    let recipients = [Notice::Untold, Notice::Unforwarded, Notice::Silent, Notice::Called];
    let blocked = Blocker::ALL.iter().copied().map(Notice::Blocked);
    let line = |notice| NoticeLine {
        reference: asked(Right::Access).reference,
        notice,
        link: "https://rights.shop.example/console/requests/R-7F3K9Q2M".to_owned(),
    };
    let all = promises.chain(dates).chain(recipients).chain(blocked);
    StaffNotice { lines: all.map(line).collect() }
}

/// Every message, and of some the other ways they can be.
fn all() -> Vec<Box<dyn Message>> {
    let group: Vec<Asked> = Right::ALL.iter().map(|right| asked(*right)).collect();
    let mut all: Vec<Box<dyn Message>> = vec![
        Box::new(verify()),
        Box::new(Verify { asked: group.clone(), country: None, code_minutes: 1, ..verify() }),
        Box::new(StoredAddress(verify())),
        Box::new(reminder()),
        Box::new(Reminder { asked: group.clone(), ..reminder() }),
        Box::new(lapsed()),
        Box::new(Lapsed { asked: group.clone(), ..lapsed() }),
        Box::new(verified()),
        Box::new(Verified { asked: group.clone(), ..verified() }),
        Box::new(Verified { also: vec![asked(Right::Access).reference], ..verified() }),
        Box::new(archive_ready()),
        Box::new(ArchiveReady { missing: 3, ..archive_ready() }),
        Box::new(archive_reminder()),
        Box::new(download_code()),
        Box::new(status_code()),
        Box::new(nothing_found()),
        Box::new(NothingFound {
            not_searched: vec!["Old archive".to_owned()],
            authority: None,
            ..nothing_found()
        }),
        Box::new(withdrawn()),
        Box::new(Withdrawn { asked: group.clone(), ..withdrawn() }),
        Box::new(new_message()),
        Box::new(asserted()),
        Box::new(refused()),
        Box::new(refused_under(RefusalGround::Unfounded, &[Law::UkGdpr])),
        Box::new(refused_under(RefusalGround::Unfounded, &[Law::Ccpa, Law::UsState])),
        Box::new(lodged()),
        Box::new(Lodged { asked: group, ..lodged() }),
        Box::new(answer_ready()),
        Box::new(extended()),
        Box::new(opted_out()),
        Box::new(Applied { proved: true, ..opted_out() }),
        Box::new(restricted()),
        Box::new(opted_in()),
        Box::new(restriction_ends()),
        Box::new(proof_needed()),
        Box::new(copy_taken()),
        Box::new(late()),
        Box::new(Late { why: LateWhy::Review, until: None, authority: None, ..late() }),
        Box::new(Late { why: LateWhy::Identity, ..late() }),
        Box::new(Late { why: LateWhy::Delivery, ..late() }),
        Box::new(Late { why: LateWhy::YourReply, ..late() }),
        Box::new(planned()),
        Box::new(warning()),
        Box::new(decided()),
        Box::new(ErasurePlanned { of_child: true, ..planned() }),
        Box::new(ErasureDecided { of_child: true, ..decided() }),
        Box::new(ErasureDecided { goes: Vec::new(), ..decided() }),
        Box::new(erased()),
        Box::new(Erased { complete: false, ..erased() }),
        Box::new(Erased { pending_until: Some(at("2026-03-20T12:00:00Z")), ..erased() }),
        Box::new(staff_notice()),
        Box::new(StaffNotice { lines: staff_notice().lines.into_iter().take(1).collect() }),
    ];
    all.push(Box::new(corrected()));
    all.push(Box::new(Corrected { declined: Vec::new(), status_link: None, ..corrected() }));
    all.push(Box::new(Corrected { made: Vec::new(), authority: None, ..corrected() }));
    all.push(Box::new(change_notice()));
    all.extend(AskedField::ALL.iter().zip(DeclineGround::ALL).map(
        |(field, ground)| -> Box<dyn Message> {
            let line = DeclinedLine { field: *field, ground: *ground, facts: String::new() };
            Box::new(Corrected { declined: vec![line], ..corrected() })
        },
    ));
    let [access, human] = [Right::Access, Right::HumanReview];
    let said = |ground: &&RefusalGround| {
        [access, Right::Export, human].iter().any(|right| ground.basis(*right, Law::ALL).is_some())
    };
    let grounds = RefusalGround::ALL.iter().filter(said);
    all.extend(
        grounds.map(|ground| -> Box<dyn Message> { Box::new(refused_under(*ground, Law::ALL)) }),
    );
    all.extend(
        Verdict::ALL
            .iter()
            .map(|verdict| -> Box<dyn Message> { Box::new(replied(*verdict, Law::ALL)) }),
    );
    all
}

fn each(facts: &SenderFacts, look: impl Fn(&Letter)) {
    for language in Language::ALL {
        for message in all() {
            look(&message.render(&speaker(*language), facts));
        }
    }
}

#[test]
fn every_kind_of_mail_has_a_message() {
    for kind in MailKind::ALL {
        assert!(all().iter().any(|message| message.kind() == *kind), "{kind}");
    }
}

#[test]
fn every_message_is_complete_in_every_language() {
    let sparse = SenderFacts { contact: None, privacy_url: None, ..facts() };
    for facts in [facts(), sparse] {
        each(&facts, |letter| {
            for part in [&letter.subject, &letter.text, &letter.html] {
                assert!(!part.contains("[mail-") && !part.contains("[flag-"), "{letter:?}: {part}");
                assert!(!part.contains("{$") && !part.contains("{ $"), "{letter:?}: {part}");
            }
            let lang = format!("<html lang=\"{}\" dir=\"ltr\">", letter.language);
            assert!(letter.html.contains(&lang), "{letter:?}");
            assert!(letter.text.contains("Example Shop"), "{letter:?} says who writes");
        });
    }
}

#[test]
fn a_subject_is_short_and_one_line() {
    each(&facts(), |letter| {
        assert!(letter.subject.chars().count() <= 78, "{}", letter.subject);
        assert!(!letter.subject.chars().any(char::is_control), "{}", letter.subject);
    });
}

#[test]
fn a_code_and_a_link_stand_alone_on_their_lines() {
    each(&facts(), |letter| {
        let lines: Vec<&str> = letter.text.lines().collect();
        let codes = lines.iter().filter(|line| is_code(line)).count();
        let has_code =
            matches!(letter.kind, MailKind::Verify | MailKind::DownloadCode | MailKind::StatusCode);
        assert_eq!(codes, usize::from(has_code), "{letter:?}");
        let verify = matches!(
            letter.kind,
            MailKind::Verify
                | MailKind::Reminder
                | MailKind::Lapsed
                | MailKind::Asserted
                | MailKind::ChangeNotice
        );
        assert_eq!(lines.contains(&link("verify").as_str()), verify, "{letter:?}");
        assert_eq!(letter.text.matches("/verify/").count(), usize::from(verify), "{letter:?}");
        let page = if verify { "verify" } else { "status" };
        assert_eq!(lines.contains(&link(page).as_str()), letter.html.contains(&link(page)));
    });
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    let (left, right) = line.split_once('-').unwrap_or_default();
    let half = |half: &str| {
        half.len() == 4 && half.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    half(left) && half(right)
}

#[test]
fn a_hostile_name_neither_marks_up_nor_breaks_a_line() {
    let hostile = SenderFacts {
        organisation: "Evil\r\nZZZZ-ZZZZ\r\n<script>alert(1)</script> & \u{202e}\u{0}".to_owned(),
        contact: Some("\"><img src=x onerror=alert(1)>\nZZZZ-ZZZZ".to_owned()),
        ..facts()
    };
    each(&hostile, |letter| {
        assert!(!letter.html.contains("<script") && !letter.html.contains("<img"), "{letter:?}");
        assert!(!letter.text.contains(['\r', '\0', '\u{202e}']), "{letter:?}");
        assert!(!letter.text.lines().any(|line| line.trim() == "ZZZZ-ZZZZ"), "{letter:?}");
    });
}

#[test]
fn html_brings_in_nothing_from_outside() {
    each(&facts(), |letter| {
        for outside in ["<img", "<script", "<link", "src=", "url(", "@import", "<table"] {
            assert!(!letter.html.contains(outside), "{letter:?}: {outside}");
        }
        for href in letter.html.split("href=\"").skip(1) {
            assert!(href.starts_with("https://rights.shop.example/"), "{letter:?}: {href}");
        }
    });
}

#[test]
fn a_letter_shows_nothing_of_itself_in_logs() {
    let entropy: Box<dyn Entropy> = Box::new(SeededEntropy::new(3));
    let drawn = Code::draw(&*entropy);
    let message = DownloadCode { code: drawn.clone(), ..download_code() };
    let letter = message.render(&speaker(Language::En), &facts());
    assert!(letter.text.contains(&drawn.display()));
    assert_eq!(format!("{letter:?}"), "Letter(download_code, en)");
    assert!(!format!("{message:?}").contains(&drawn.display()));
}
