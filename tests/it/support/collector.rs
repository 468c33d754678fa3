//! A server that keeps what it is sent: traces, and the messages of webhooks.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

type Taken = Arc<Mutex<Vec<u8>>>;

/// Gone when dropped.
pub(crate) struct Collector {
    pub(crate) at: SocketAddr,
    taken: Taken,
    _tasks: JoinSet<()>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, taken, mut tasks) =
            (listener.local_addr().unwrap(), Taken::default(), JoinSet::new());
        let keep = async |State(taken): State<Taken>, headers: HeaderMap, body: Bytes| {
            let mut taken = taken.lock().unwrap();
            taken.extend_from_slice(format!("{headers:?}").as_bytes());
            taken.extend_from_slice(&body);
        };
        let router = Router::new().fallback(keep).with_state(Arc::clone(&taken));
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { at, taken, _tasks: tasks }
    }

    /// Headers and bodies so far, one after the other. In protobuf a text stands as it is.
    pub(crate) fn taken(&self) -> Vec<u8> {
        self.taken.lock().unwrap().clone()
    }
}
