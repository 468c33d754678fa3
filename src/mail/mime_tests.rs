use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::language::Language;
use crate::mail::{Letter, MailKind, MessageId, Sender};

fn mail(organisation: &str, subject: &str, text: &str) -> Outgoing {
    let from = Sender::new(organisation, EmailAddress::parse("privacy@shop.example").unwrap());
    let letter = Letter {
        kind: MailKind::ArchiveReady,
        language: Language::De,
        subject: subject.to_owned(),
        text: text.to_owned(),
        html: "<p>x</p>".to_owned(),
    };
    let to = EmailAddress::parse("ada@example.org").unwrap();
    let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    Outgoing::new(letter, MessageId::mint(Uuid::nil(), &from), from, to, at)
}

fn written(mail: &Outgoing) -> String {
    String::from_utf8(super::write(mail).unwrap()).unwrap()
}

#[test]
fn a_mail_has_this_form() {
    let link = format!("https://rights.shop.example/verify/{}", "a".repeat(60));
    let text = format!("Grüße,\n\n    ABCD-EFGH\n\n{link}\n-- \nShop\n");
    insta::assert_snapshot!(written(&mail("Müller & Söhne", "Ihr Code", &text)), @r#"
    Date: Sun, 01 Mar 2026 12:00:00 +0000
    From: =?utf-8?b?TcO8bGxlciAmIFPDtmhuZQ==?= <privacy@shop.example>
    To: ada@example.org
    Subject: Ihr Code
    Message-ID: <00000000-0000-0000-0000-000000000000@shop.example>
    Auto-Submitted: auto-generated
    X-Rightsdesk-Message: archive_ready
    Content-Language: de
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="6a591f070527448ed15a222ea23c5295af8def54"

    --6a591f070527448ed15a222ea23c5295af8def54
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Gr=C3=BC=C3=9Fe,

        ABCD-EFGH

    https://rights.shop.example/verify/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=
    aaaaaaaaaaaaaaaaaaaa
    --=20
    Shop

    --6a591f070527448ed15a222ea23c5295af8def54
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    <p>x</p>
    --6a591f070527448ed15a222ea23c5295af8def54--
    "#);
}

#[test]
fn the_same_mail_gives_the_same_bytes() {
    let mail = mail("Shop", "Subject", "Text");
    assert_eq!(written(&mail), written(&mail.clone()));
}

#[test]
fn dates_that_no_mail_can_have_do_no_harm() {
    for at in [Timestamp::MIN, Timestamp::MAX] {
        let mail = Outgoing { date: at, ..mail("Shop", "Subject", "Text") };
        assert!(written(&mail).contains("\r\nDate: ") || written(&mail).starts_with("Date: "));
    }
}

proptest! {
    #[test]
    fn nothing_breaks_out_of_its_place(
        organisation in "(\\PC|[\\r\\n\\x00\"<>@,;:()=?]|\r\nBcc: b@example\\.org){0,60}",
        subject in "(\\PC|[\\r\\n\\x00]|\r\nBcc: b@example\\.org|\r\n\r\n){0,100}",
        text in "(\\PC|[\\r\\n\\x00.\t ]){0,200}",
    ) {
        let whole = written(&mail(&organisation, &subject, &text));
        let (head, _) = whole.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<&str> = Vec::new();
        for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
            names.push(line.split_once(": ").map_or(line, |(name, _)| name));
        }
        names.sort_unstable();
        prop_assert_eq!(names, [
            "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version",
            "Message-ID", "Subject", "To", "X-Rightsdesk-Message",
        ]);
        for line in whole.split("\r\n") {
            prop_assert!(!line.contains(['\r', '\n']) && line.is_ascii(), "{line:?}");
            prop_assert!(line.len() <= 998, "{}", line.len());
        }
    }

    #[test]
    fn an_address_of_ours_is_one_of_lettres(
        typed in "[a-zA-Z0-9#$&'*+/=?^_`{|}~.-]{1,20}@[a-z0-9-]{1,10}(\\.[a-z0-9-]{1,10}){1,3}",
    ) {
        if let Ok(ours) = EmailAddress::parse(&typed) {
            let theirs = address(&ours);
            prop_assert!(theirs.is_ok_and(|theirs| theirs.to_string() == ours.as_str()));
        }
    }
}
