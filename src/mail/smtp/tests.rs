//! Against a mail server that can be told to misbehave at any point.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use uuid::Uuid;

use super::fake::{Act, At, FakeServer, Manners};
use super::*;
use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::mail::{Fault, Letter, MailKind, MessageId, Sender};

fn mail(text: &str) -> Outgoing {
    let from = Sender::new("Example Shop", EmailAddress::parse("privacy@shop.example").unwrap());
    let letter = Letter {
        kind: MailKind::Verify,
        language: Language::En,
        subject: "Your code".to_owned(),
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
    };
    let to = EmailAddress::parse("ada@example.org").unwrap();
    let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    Outgoing::new(letter, MessageId::mint(Uuid::nil(), &from), from, to, at)
}

fn plain(server: &FakeServer) -> SmtpMailer {
    SmtpMailer::new(SmtpSettings::parse(&format!("smtp://{}", server.addr)).unwrap()).unwrap()
}

async fn odd(at: At, act: Act) -> FakeServer {
    FakeServer::start(Manners { odd: Some((at, act)), ..Manners::default() }).await
}

async fn failure(at: At, act: Act) -> MailError {
    let server = odd(at, act).await;
    let error = plain(&server).send(&mail("x")).await.unwrap_err();
    assert_eq!(server.taken().len(), 0);
    error
}

/// A certificate for `name` alone, made for this test, and a server that shows it.
fn certified(name: &str) -> (Vec<u8>, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let key = made.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem().into_bytes(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn a_mail_is_handed_over_whole() {
    let server = FakeServer::start(Manners::default()).await;
    plain(&server).send(&mail("Hello\n.\n..dots")).await.unwrap();
    let [taken] = &server.taken()[..] else { panic!("one mail") };
    assert_eq!(taken.from, "MAIL FROM:<privacy@shop.example>");
    assert_eq!(taken.to, ["RCPT TO:<ada@example.org>"]);
    let raw = String::from_utf8(taken.raw.clone()).unwrap();
    assert!(raw.contains("\r\nX-Rightsdesk-Message: verify\r\n"), "{raw}");
    assert!(raw.contains("\r\n..\r\n...dots"), "dots are stuffed: {raw}");
}

#[tokio::test]
async fn a_connection_is_used_again_after_a_mail_that_was_taken() {
    let server = FakeServer::start(Manners::default()).await;
    let mailer = plain(&server);
    for _ in 0..3 {
        mailer.send(&mail("x")).await.unwrap();
    }
    assert_eq!((server.taken().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn after_a_refusal_the_next_mail_begins_anew() {
    let server = odd(At::Rcpt, Act::Answer("550 5.1.1 no such user")).await;
    let mailer = plain(&server);
    for _ in 0..2 {
        mailer.send(&mail("x")).await.unwrap_err();
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_server_that_asks_for_patience_is_asked_again() {
    for at in [At::Greeting, At::Ehlo, At::Mail, At::Rcpt, At::Data, At::Body] {
        let error = failure(at, Act::Answer("451 4.7.1 <ada@example.org> greylisted")).await;
        assert_eq!(error.fault(), Fault::Passing, "{at:?}");
        let MailError::Busy(reply) = error else { panic!("{at:?}: {error}") };
        assert_eq!(reply.to_string(), "451 4.7.1");
    }
}

#[tokio::test]
async fn a_refusal_says_whose_fault_it_is() {
    for (at, answer, fault) in [
        (At::Greeting, "554 no service for you", Fault::Ours),
        (At::Ehlo, "550 no", Fault::Ours),
        (At::Mail, "553 5.1.8 sender not known", Fault::Ours),
        (At::Rcpt, "550 no such user", Fault::Recipient),
        (At::Rcpt, "550 5.1.1 no such user", Fault::Recipient),
        (At::Rcpt, "554 5.2.1 mailbox disabled", Fault::Recipient),
        (At::Rcpt, "554 5.7.1 relay access denied", Fault::Ours),
        (At::Rcpt, "550 5.1.8 sender not known", Fault::Ours),
        (At::Rcpt, "530 sign in first", Fault::Ours),
        (At::Data, "554 no", Fault::Ours),
        (At::Body, "554 5.7.1 looks like spam", Fault::Ours),
        (At::Body, "552 5.2.2 mailbox full", Fault::Recipient),
    ] {
        assert_eq!(failure(at, Act::Answer(answer)).await.fault(), fault, "{at:?} {answer}");
    }
}

#[tokio::test]
async fn a_servers_words_are_not_repeated() {
    let answer = "550 5.1.1 <ada@example.org>: no mailbox here by that name";
    let error = failure(At::Rcpt, Act::Answer(answer)).await;
    assert_eq!(error.to_string(), "the mail server refuses the recipient (550 5.1.1)");
    assert!(!format!("{error:?}").contains("ada"));
}

#[tokio::test]
async fn a_friendly_answer_that_does_not_fit_is_not_believed() {
    assert_eq!(failure(At::Body, Act::Answer("354 go on")).await, MailError::Unusable);
    let error = failure(At::Greeting, Act::Answer("220 ready\r\n250 slipped in")).await;
    assert_eq!(error, MailError::Unusable);
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_nobodys_fault() {
    for at in [At::Greeting, At::Ehlo, At::Mail, At::Rcpt, At::Data, At::Body] {
        assert_eq!(failure(at, Act::Drop).await, MailError::Unreachable, "{at:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_nobodys_fault() {
    let server = FakeServer::start(Manners::default()).await;
    let mailer = plain(&server);
    drop(server);
    assert_eq!(mailer.check().await, Err(MailError::Unreachable));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_and_its_connection_not_used_again() {
    for at in [At::Greeting, At::Rcpt, At::Body] {
        let server = odd(at, Act::Hang).await;
        let mut settings = SmtpSettings::parse(&format!("smtp://{}", server.addr)).unwrap();
        // The server never answers, so any limit gives the same end.
        let limit = Duration::from_millis(200);
        settings.limits = settings::Limits { connect: limit, command: limit, body: limit };
        let mailer = SmtpMailer::new(settings).unwrap();
        assert_eq!(mailer.send(&mail("x")).await, Err(MailError::Timeout), "{at:?}");
        assert!(mailer.take_parked().is_none());
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said_about_the_mail() {
    let server = FakeServer::start(Manners::default()).await;
    let url = format!("smtp://{}?tls=required", server.addr);
    let settings = SmtpSettings::parse(&url).unwrap();
    let settings = settings.login("ada".to_owned(), "secret".to_owned()).unwrap();
    let mailer = SmtpMailer::new(settings).unwrap();
    let error = mailer.send(&mail("x")).await.unwrap_err();
    assert_eq!((error, error.fault()), (MailError::Tls, Fault::Ours));
    let said = server.commands();
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{said:?}");
}

#[tokio::test]
async fn a_good_certificate_gives_an_encrypted_mail_and_sign_in() {
    for (scheme, wrapped) in [("smtp", false), ("smtps", true)] {
        let (pem, tls) = certified("localhost");
        let server =
            FakeServer::start(Manners { tls: Some(tls), wrapped, ..Manners::default() }).await;
        let url = format!("{scheme}://localhost:{}?tls=required", server.addr.port());
        let settings = SmtpSettings::parse(&url).unwrap().trust(&pem).unwrap();
        let settings = settings.login("ada".to_owned(), "secret".to_owned()).unwrap();
        let mailer = SmtpMailer::new(settings).unwrap();
        mailer.check().await.unwrap();
        mailer.send(&mail("x")).await.unwrap();
        assert!(server.taken()[0].encrypted);
        assert!(server.commands().iter().any(|line| line == "AUTH PLAIN AGFkYQBzZWNyZXQ="));
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_or_of_another_name_ends_it() {
    for (name, trusted) in [("localhost", false), ("other.example", true)] {
        let (pem, tls) = certified(name);
        let server = FakeServer::start(Manners { tls: Some(tls), ..Manners::default() }).await;
        let url = format!("smtp://localhost:{}?tls=required", server.addr.port());
        let mut settings = SmtpSettings::parse(&url).unwrap();
        if trusted {
            settings = settings.trust(&pem).unwrap();
        }
        let mailer = SmtpMailer::new(settings).unwrap();
        assert_eq!(mailer.send(&mail("x")).await, Err(MailError::Tls), "{name}");
        assert_eq!(server.taken().len(), 0);
    }
}

#[tokio::test]
async fn a_wrong_password_is_ours_to_mend() {
    let server = odd(At::Auth, Act::Answer("535 5.7.8 no")).await;
    let settings = SmtpSettings::parse(&format!("smtp://{}", server.addr)).unwrap();
    let settings = settings.login("ada".to_owned(), "wrong".to_owned()).unwrap();
    let error = SmtpMailer::new(settings).unwrap().check().await.unwrap_err();
    assert!(matches!(error, MailError::Refused(reply) if reply.to_string() == "535 5.7.8"));
    assert_eq!(error.fault(), Fault::Ours);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_hostile_body_stays_one_mail(
        text in "([\\r\\n.]|\\r\\n\\.\\r\\n|\\n\\.\\n|\\r\\.\\r|MAIL FROM:<a@b\\.cc>|\\PC){0,40}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = FakeServer::start(Manners::default()).await;
            plain(&server).send(&mail(&text)).await.unwrap();
            let taken = server.taken();
            assert_eq!(taken.len(), 1);
            let raw = &taken[0].raw;
            for (at, byte) in raw.iter().enumerate() {
                match byte {
                    b'\r' => assert_eq!(raw.get(at + 1).unwrap_or(&b'\n'), &b'\n', "bare CR"),
                    b'\n' => assert_eq!(raw[at - 1], b'\r', "bare LF"),
                    _ => {}
                }
            }
            let verbs = server.commands();
            let known = ["EHLO", "MAIL", "RCPT", "DATA"];
            assert_eq!(verbs.len(), known.len(), "{verbs:?}");
            assert!(verbs.iter().zip(known).all(|(line, verb)| line.starts_with(verb)));
        });
    }
}
