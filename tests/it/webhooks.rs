//! Webhooks of a service that runs, to an endpoint of the test.

use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

use crate::support::folder::{Folder, WEBHOOK_SECRET};
use crate::support::journey::Journey;
use crate::support::process::{Running, run};
use crate::support::wait_for;

/// What came: id, time, signature and body.
type Heard = Arc<Mutex<Vec<[String; 4]>>>;

/// An endpoint that answers with `status`, and its URL.
async fn endpoint(status: &Arc<Mutex<u16>>, heard: &Heard) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (status, heard) = (Arc::clone(status), Arc::clone(heard));
    TaskTracker::new().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = *status.lock().unwrap();
            let call = listen(stream, answer).await;
            heard.lock().unwrap().push(call);
        }
    });
    url
}

async fn listen(stream: TcpStream, status: u16) -> [String; 4] {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let header = |name: &str| -> String {
        let mut headers = head.iter().filter_map(|line| line.split_once(": "));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1.to_owned()
    };
    let mut body = vec![0; header("content-length").parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
    let body = String::from_utf8(body).unwrap();
    [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), body]
}

/// As a receiver has to do it.
fn is_signed([id, time, signature, body]: &[String; 4]) -> bool {
    let key = BASE64.decode(WEBHOOK_SECRET.trim_start_matches("whsec_").as_bytes()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    *signature == format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_tells_an_endpoint_and_the_command_line_tells_it_again() {
    let (status, heard) = (Arc::new(Mutex::new(200)), Heard::default());
    let folder = Folder::shop().await;
    folder.webhook("crm", &endpoint(&status, &heard).await);
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    run(&folder.dir, &["check"])
        .expect(1, &["ok   webhook crm: 1 address(es)", "BAD  staff: 0 of 2"]);
    run(&folder.dir, &["webhook", "test", "crm"]).expect(0, &["crm answered 200"]);
    run(&folder.dir, &["webhook", "test", "erp"]).expect(1, &["[webhook.NAME]"]);
    assert!(heard.lock().unwrap()[0][3].contains("webhook.test"));

    let running = Running::serve(&folder.dir, &folder.base);
    let person = Journey::ask(&running, &["access"], "ada@example.org", "en").await;
    person.ready(0);
    wait_for("all messages", || (heard.lock().unwrap().len() == 5).then_some(()));
    let mut kinds = Vec::new();
    for call in heard.lock().unwrap().iter() {
        assert!(is_signed(call), "{call:?}");
        assert!(!call[3].contains("ada") && !call[3].contains("example.org"), "{call:?}");
        let body: Value = serde_json::from_str(&call[3]).unwrap();
        kinds.push(body["type"].as_str().unwrap().to_owned());
    }
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "archive.ready",
            "request.fulfilled",
            "request.received",
            "request.verified",
            "webhook.test"
        ]
    );

    let list = || run(&folder.dir, &["webhook", "list", "--json"]).expect(0, &[]).json();
    let all_arrived = |list: &Value| {
        let newest = list["newest"].as_array().unwrap();
        newest.len() == 4 && newest.iter().all(|one| one["state"] == "delivered")
    };
    let seen = wait_for("the last answer", || Some(list()).filter(all_arrived));
    let id = seen["newest"][0]["id"].as_str().unwrap().to_owned();
    run(&folder.dir, &["webhook", "replay", &id]).expect(0, &["1 message(s)"]);
    let again = wait_for("the replay", || heard.lock().unwrap().get(5).cloned());
    let before = heard.lock().unwrap().iter().find(|call| call[0] == id).cloned().unwrap();
    assert_eq!((&again[0], &again[3]), (&before[0], &before[3]), "the same id and bytes");
    assert!(is_signed(&again));
    run(&folder.dir, &["webhook", "replay", "crm"]).expect(2, &["--since TIME"]);
    wait_for("the first replay's end", || Some(list()).filter(all_arrived));

    *status.lock().unwrap() = 410;
    let since = ["webhook", "replay", "crm", "--since", "2026-01-01T00:00:00Z"];
    run(&folder.dir, &since).expect(0, &["4 message(s)"]);
    let dead = |list: &Value| list["endpoints"][0]["given_up"] == 4;
    let seen = wait_for("the end of it", || Some(list()).filter(dead));
    assert_eq!(seen["endpoints"][0]["dead"], true);
    assert_eq!(seen["given_up"][0]["last_answer"], "410");
    run(&folder.dir, &["check"]).expect(1, &["BAD  webhook crm: dead"]);
    assert!(!running.said().contains("/hook"), "a URL may be a secret: {}", running.said());
    assert_eq!(running.terminate(), Some(0));
}
