//! Calling endpoints, over real connections to this machine.

use std::sync::Arc;

use super::testing::{Heard, Names, Receiver, SECRET, Says, endpoint, local};
use super::*;

const BODY: &str = r#"{"type":"request.verified"}"#;
const MESSAGE: Message<'_> = Message { id: "0193-a", body: BODY };

fn now() -> Timestamp {
    "2026-11-21T10:00:00.5Z".parse().unwrap()
}

fn one(endpoint: Endpoint, names: &Arc<Names>) -> Webhooks {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let names: Arc<dyn Resolve> = Arc::<Names>::clone(names);
    Webhooks::new([("crm".to_owned(), endpoint)].into(), names)
}

async fn send(webhooks: &Webhooks) -> Answer {
    webhooks.send("crm", MESSAGE, now()).await.unwrap()
}

#[tokio::test]
async fn a_message_arrives_signed_and_with_its_id() {
    let receiver = Receiver::new(&[Says::Status(204)]).await;
    assert_eq!(send(&local(&[("crm", &receiver)])).await, Answer::Status(204));
    let [Heard { line, headers, body }] = &receiver.heard()[..] else { panic!("one call") };
    assert_eq!(line, "POST /hook?a=1 HTTP/1.1");
    assert_eq!(body, BODY);
    let header = |name: &str| headers[name].as_str();
    assert_eq!(header("host"), format!("hooks.example:{}", receiver.address.port()));
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("webhook-id"), "0193-a");
    assert_eq!(header("webhook-timestamp"), now().as_second().to_string());
    let secret = SigningSecret::parse(SECRET).unwrap();
    let signed = sign::signatures(&[secret], "0193-a", now().as_second(), BODY);
    assert_eq!(header("webhook-signature"), signed);
    assert!(header("user-agent").starts_with("rightsdesk/"));
    assert!(!headers.contains_key("referer") && !headers.contains_key("cookie"));
}

#[tokio::test]
async fn only_a_status_between_200_and_299_is_a_success_and_no_redirect_is_followed() {
    let elsewhere = Receiver::new(&[]).await;
    let redirect = Says::Redirect(format!("http://{}/", elsewhere.address));
    let receiver = Receiver::new(&[Says::Status(500), Says::Status(410), redirect]).await;
    let webhooks = local(&[("crm", &receiver)]);
    for status in [500, 410, 307, 200] {
        assert_eq!(send(&webhooks).await, Answer::Status(status));
    }
    assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (4, 0));
    assert_eq!(webhooks.send("other", MESSAGE, now()).await, None);
}

#[tokio::test]
async fn an_answer_that_never_ends_is_not_read() {
    let receiver = Receiver::new(&[Says::Endless]).await;
    assert_eq!(send(&local(&[("crm", &receiver)])).await, Answer::Status(200));
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_left_after_a_while() {
    let receiver = Receiver::new(&[Says::Nothing]).await;
    let answer = send(&local(&[("crm", &receiver)])).await;
    assert_eq!(answer, Answer::Trouble(DeliveryTrouble::Timeout));
}

#[tokio::test]
async fn troubles_are_told_apart() {
    let names = Names::of("hooks.example", &[&["127.0.0.1"]]);
    let receiver = Receiver::new(&[Says::Nonsense]).await;
    let trouble = async |url: &str| match send(&one(endpoint(url, true), &names)).await {
        Answer::Trouble(trouble) => trouble,
        Answer::Status(status) => panic!("{url}: {status}"),
    };
    assert_eq!(trouble(&receiver.url_as("hooks.example")).await, DeliveryTrouble::Broken);
    let https = receiver.url_as("hooks.example").replace("http:", "https:");
    assert_eq!(trouble(&https).await, DeliveryTrouble::Tls);
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    assert_eq!(trouble(&url).await, DeliveryTrouble::Unreachable);
    assert_eq!(trouble("http://nowhere.example").await, DeliveryTrouble::NoAddress);
    *names.known.lock().unwrap() = [("empty.example".to_owned(), [vec![]].into())].into();
    assert_eq!(trouble("http://empty.example").await, DeliveryTrouble::NoAddress);
}

#[tokio::test]
async fn one_address_that_may_not_be_called_spoils_them_all() {
    for (addresses, allow_private) in [
        (&["127.0.0.1"][..], false),
        (&["8.8.8.8", "127.0.0.1"], false),
        (&["127.0.0.1", "8.8.8.8"], false),
        (&["2606:4700::1", "fd00::1"], false),
        (&["8.8.8.8", "::ffff:10.0.0.1"], false),
        (&["127.0.0.1", "169.254.169.254"], true),
        (&["::ffff:169.254.169.254"], true),
    ] {
        let names = Names::of("hooks.example", &[addresses]);
        let webhooks = one(endpoint("https://hooks.example/", allow_private), &names);
        let refused = DeliveryTrouble::AddressRefused;
        assert_eq!(send(&webhooks).await, Answer::Trouble(refused), "{addresses:?}");
        assert_eq!(webhooks.check("crm").await, Some(Err(refused)), "{addresses:?}");
    }
    let names = Names::of("hooks.example", &[&["8.8.8.8", "2606:4700::1"]]);
    let webhooks = one(endpoint("https://hooks.example/", false), &names);
    assert_eq!(webhooks.check("crm").await, Some(Ok(2)));
    assert_eq!(webhooks.check("other").await, None);
}

#[tokio::test]
async fn a_name_that_changes_after_the_check_changes_nothing() {
    let meant = Receiver::new(&[]).await;
    // Whoever asked a second time would get an address where nobody listens.
    let names = Names::of("hooks.example", &[&["127.0.0.1"], &["127.0.0.77"]]);
    let webhooks = one(endpoint(&meant.url_as("hooks.example"), true), &names);
    assert_eq!(send(&webhooks).await, Answer::Status(200));
    assert_eq!(*names.asked.lock().unwrap(), 1, "asked once");
    assert_eq!(meant.heard().len(), 1);
    // And the next message goes where the name leads by then.
    let gone = send(&webhooks).await;
    assert_eq!(gone, Answer::Trouble(DeliveryTrouble::Unreachable));
}

#[test]
fn an_endpoint_is_https_and_public_unless_allowed() {
    let of = |url: &str, allow_private| {
        let secret = SigningSecret::parse(SECRET).unwrap();
        Endpoint::new(url, secret, None, allow_private).err()
    };
    assert_eq!(of("https://example.org/hook?x=1", false), None);
    assert_eq!(of("http://example.org/", false), Some(EndpointFault::Insecure));
    assert_eq!(of("http://example.org/", true), None);
    assert_eq!(of("https://[::1]/", false), Some(EndpointFault::Private));
    assert_eq!(of("https://[::1]/", true), None);
    assert_eq!(of("https://2852039166/", true), Some(EndpointFault::Private));
    assert_eq!(of("https://a@example.org/", true), Some(EndpointFault::Extra));
    assert_eq!(of("https://example.org/#a", true), Some(EndpointFault::Extra));
    for none in ["", "example.org", "ftp://example.org", "data:x"] {
        assert_eq!(of(none, true), Some(EndpointFault::Form), "{none}");
    }
}
