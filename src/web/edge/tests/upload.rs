//! Files that come over a real socket: in pieces, at the sender's speed.

use axum::Router;
use axum::extract::Request;
use axum::routing::post;
use axum::{middleware, response::IntoResponse};

use super::super::limit_body;
use super::super::refusal::Refusal;
use super::super::upload::{Upload, UploadLimits};
use super::{SHORT, ServeLimits, Server, rest, send};

const MIB: usize = 1024 * 1024;
const LIMITS: UploadLimits = UploadLimits { field: "papers", files: 2, file_bytes: 4 * MIB };

fn taking() -> Router {
    let read = async |request: Request| match Upload::read(request, LIMITS).await {
        Ok(upload) => {
            let sizes: Vec<usize> = upload.files.iter().map(|file| file.body.len()).collect();
            let all_same = upload.files.iter().all(|file| file.body.iter().all(|byte| *byte == 7));
            format!("{sizes:?} {all_same} {:?}", upload.fault).into_response()
        }
        Err(refusal) => refusal.into_response(),
    };
    Router::new().route("/", post(read)).layer(middleware::from_fn_with_state(20 * MIB, limit_body))
}

fn head(length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary=xx\r\n"
    )
}

fn body(sizes: &[usize]) -> Vec<u8> {
    let mut body = Vec::new();
    for size in sizes {
        let head =
            "--xx\r\ncontent-disposition: form-data; name=\"papers\"; filename=\"a\"\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.resize(body.len() + size, 7);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xx--\r\n");
    body
}

#[tokio::test]
async fn files_arrive_whole_and_what_is_too_much_is_read_to_its_end_and_told() {
    let server = Server::start(taking(), ServeLimits::default()).await;
    let cases: [(&[usize], &str); 4] = [
        (&[4 * MIB, 3 * MIB + 1], "[4194304, 3145729] true None"),
        (&[4 * MIB + 1], "[] true Some(TooLarge)"),
        (&[15 * MIB, 1], "[] true Some(TooLarge)"),
        (&[1, 2, 10 * MIB], "[] true Some(TooMany)"),
    ];
    for (sizes, said) in cases {
        let body = body(sizes);
        let answer = server.ask(&head(body.len()), &body).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(said), "{answer}");
    }
    let mut stream = server.connect().await;
    send(&mut stream, &format!("{}\r\n", head(20 * MIB + 1))).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "before anything of it is sent: {answer}");
}

#[tokio::test]
async fn files_that_stop_coming_are_given_up() {
    let limits = ServeLimits { body_read: SHORT, ..ServeLimits::default() };
    let server = Server::start(taking(), limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, &format!("{}\r\n--xx\r\ncontent-disp", head(MIB))).await;
    let status = Refusal::BodyTooSlow.status();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with(&format!("HTTP/1.1 {} ", status.as_u16())), "{answer}");
}
