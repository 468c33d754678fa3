//! The example clients, run as a company would: against the real service, over lines that break.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

use crate::support::folder::{Folder, WEBHOOK_SECRET};
use crate::support::process::{Answer, Running, run};
use crate::support::{free_port, not_run, setting};

/// How often the line breaks on the way.
const BREAKS: u64 = 20;
/// MiB of the archive, unless `RIGHTSDESK_TEST_ARCHIVE_MIB` says otherwise.
const MIB: u64 = 24;

/// A store of files, each below the id of its owner.
const FILES_MAP: &str = "format = \"rightsdesk-map/1\"
[store.files]
kind = \"objects\"
url = \"file:files\"
label = { en = \"Pictures\", de = \"Bilder\" }
controller = \"self\"
purposes = [\"contract\"]
basis = \"GDPR 6(1)(b)\"
source = \"the person\"
recipients = []
country = \"DE\"
retention = \"until deleted\"
backup = \"30d\"
[store.files.prefix.uploads]
key = \"uploads/{user}/\"
is = \"user.content\"
";

fn client(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/clients").join(name)
}

fn has(programs: &[&str]) -> bool {
    let found = |program: &&str| Command::new(program).arg("--help").output().is_ok();
    programs.iter().all(found)
}

/// A token that may do what the clients do.
fn token(folder: &Folder) -> String {
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let mut create = vec!["--json", "token", "create", "app"];
    for scope in ["requests:create", "requests:assert", "requests:read", "archives:read"] {
        create.extend(["--scope", scope]);
    }
    let made: Value = run(&folder.dir, &create).json();
    made["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_shell_client_brings_an_archive() {
    if !has(&["curl", "jq", "minisign", "unzip", "sha256sum"]) {
        return not_run("curl, jq, minisign, unzip, sha256sum");
    }
    let folder = Folder::shop().await;
    let token = token(&folder);
    let service = Running::serve(&folder.dir, &folder.base);
    let export = |subject: &str, out: &str, token: &str| -> Answer {
        let mut command = Command::new("sh");
        command.arg(client("export.sh")).args([&service.base, subject, out]);
        command
            .current_dir(&folder.dir)
            .env("RIGHTSDESK_TOKEN", token)
            .env("RIGHTSDESK_WAIT", "0.2");
        command.output().unwrap().into()
    };
    export("user=1", "ada.zip", &token).expect(0, &["sha256 and signature are right"]);
    run(&folder.dir, &["archive", "verify", "ada.zip"]).expect(0, &[]);
    // Called again, it is the same request and the same archive.
    let first = std::fs::read(folder.dir.join("ada.zip")).unwrap();
    export("user=1", "again.zip", &token).expect(0, &[]);
    assert_eq!(std::fs::read(folder.dir.join("again.zip")).unwrap(), first);
    export("user=999", "nobody.zip", &token).expect(1, &["nothing was found"]);
    export("user=1", "ada.zip", "rdk_wrong").expect(1, &["/problems/no-token"]);
    assert!(!folder.dir.join("nobody.zip").exists());
}

/// Passes calls on, and lets go of a line in the middle of what comes back, so many times.
async fn breaking_line(to: String, breaks: u64, every: u64) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let left = Arc::new(AtomicU64::new(breaks));
    let counted = Arc::clone(&left);
    TaskTracker::new().spawn(async move {
        let calls = TaskTracker::new();
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&to).await.unwrap();
            calls.spawn(pass(near, far, Arc::clone(&left), every));
        }
    });
    (base, counted)
}

async fn pass(near: TcpStream, far: TcpStream, left: Arc<AtomicU64>, every: u64) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) =
        (near.into_split(), far.into_split());
    let there = async { tokio::io::copy(&mut near_in, &mut far_out).await.map(drop) };
    let back = async {
        let mut passed = 0;
        let mut block = vec![0; 64 * 1024];
        loop {
            let count = far_in.read(&mut block).await?;
            if count == 0 {
                return near_out.shutdown().await;
            }
            near_out.write_all(&block[..count]).await?;
            passed += count as u64;
            // Only what is long breaks: an archive on its way.
            let take = |left: u64| left.checked_sub(1);
            if passed > every && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok()
            {
                return Ok(());
            }
        }
    };
    tokio::select! {
        _ = there => {}
        _ = back => {}
    }
}

/// Bytes that no zip makes smaller, the same each time.
fn noise(file: &Path, mib: u64) {
    let mut out = std::fs::File::create(file).unwrap();
    let mut block = Vec::with_capacity(1 << 20);
    for place in 0..mib {
        block.clear();
        let mut hash = Sha256::digest(place.to_be_bytes());
        while block.len() < 1 << 20 {
            block.extend_from_slice(&hash);
            hash = Sha256::digest(hash);
        }
        std::io::Write::write_all(&mut out, &block).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_brings_a_large_archive_over_a_line_that_breaks() {
    if !has(&["python3", "minisign"]) {
        return not_run("python3, minisign");
    }
    let mib = setting("RIGHTSDESK_TEST_ARCHIVE_MIB").map_or(MIB, |text| text.parse().unwrap());
    let folder = Folder::shop().await;
    folder.write("maps/files.toml", FILES_MAP);
    let uploads = folder.dir.join("maps/files/uploads/1");
    std::fs::create_dir_all(&uploads).unwrap();
    for part in 0..4 {
        noise(&uploads.join(format!("{part}.jpg")), mib / 4);
    }
    let port = free_port();
    folder.webhook("app", &format!("http://127.0.0.1:{port}/"));
    let token = token(&folder);
    let service = Running::serve(&folder.dir, &folder.base);
    let to = service.base.trim_start_matches("http://").to_owned();
    let (line, left) = breaking_line(to, BREAKS, mib * 1024 * 1024 / (BREAKS + 4)).await;
    let dir = folder.dir.clone();
    let answer: Answer = tokio::task::spawn_blocking(move || {
        let mut command = Command::new("python3");
        command.arg(client("export.py")).args([&line, "user=1", "ada.zip"]);
        command.args(["--listen", &port.to_string(), "--every", "0.2"]).current_dir(dir);
        command.env("RIGHTSDESK_TOKEN", token).env("RIGHTSDESK_WEBHOOK_SECRET", WEBHOOK_SECRET);
        command.output().unwrap().into()
    })
    .await
    .unwrap();
    answer.expect(0, &["sha256 and signature are right"]);
    assert_eq!(left.load(Ordering::SeqCst), 0, "the line broke {BREAKS} times");
    let size = std::fs::metadata(folder.dir.join("ada.zip")).unwrap().len();
    assert!(size > mib * 1024 * 1024, "{size}");
    run(&folder.dir, &["archive", "verify", "ada.zip"]).expect(0, &[]);
}
