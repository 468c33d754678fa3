//! S3-compatible storage in this process, over a folder, which can be told to fail.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::dice::Dice;

/// The server; gone when dropped.
#[derive(Debug)]
pub(crate) struct Storage {
    pub(crate) folder: PathBuf,
    endpoint: String,
    faults: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Storage {
    pub(crate) async fn start(folder: &Path, dice: Dice) -> Self {
        std::fs::create_dir_all(folder.join("bucket")).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        service.set_auth(SimpleAuth::from_single("ID", "SECRET"));
        let (service, faults) = (service.build(), Arc::new(AtomicU64::new(0)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        let (percent, dice) = (Arc::clone(&faults), Arc::new(dice));
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let (service, percent, dice) =
                    (service.clone(), Arc::clone(&percent), Arc::clone(&dice));
                let answer = service_fn(move |request: Request<Incoming>| {
                    let fails = dice.percent(percent.load(Ordering::SeqCst));
                    let service = service.clone();
                    async move {
                        if fails {
                            let mut refusal = Response::new(s3s::Body::empty());
                            *refusal.status_mut() = StatusCode::FORBIDDEN;
                            return Ok(refusal);
                        }
                        service.call(request.map(s3s::Body::from)).await
                    }
                });
                open.spawn(async move {
                    // Callers that are killed break off.
                    let _ =
                        http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
                });
                while open.try_join_next().is_some() {}
            }
        });
        Self { folder: folder.to_owned(), endpoint, faults, _tasks: tasks }
    }

    /// The URL of a prefix, with its keys.
    pub(crate) fn url(&self, prefix: &str) -> String {
        format!("s3://ID:SECRET@bucket/{prefix}?region=eu-central-1&endpoint={}", self.endpoint)
    }

    /// From now on so many calls in a hundred are refused.
    pub(crate) fn misbehave(&self, percent: u64) {
        self.faults.store(percent, Ordering::SeqCst);
    }
}
