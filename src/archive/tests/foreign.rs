//! What other people's programs make of our archives.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::*;
use crate::archive::segment::{Content, Entry, Sha256Sum};

/// Runs a tool; `None` when it is not installed, which fails where tools are demanded.
fn tool(folder: &Path, program: &str, args: &[&str]) -> Option<Output> {
    let ran = Command::new(program).current_dir(folder).args(args).output();
    if ran.is_err() {
        #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
        let wanted = std::env::var("RIGHTSDESK_TEST_TOOLS").as_deref() == Ok("1");
        assert!(!wanted, "{program} is not installed");
        println!("not run: {program} is not installed");
    }
    ran.ok()
}

fn well(folder: &Path, program: &str, args: &[&str]) -> Option<String> {
    let output = tool(folder, program, args)?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {text}");
    Some(text)
}

#[tokio::test]
async fn unzip_7z_and_python_find_nothing_wrong() {
    let gathered = hostile().await;
    gathered.zip_file().await;
    let folder = gathered.folder.path();
    well(folder, "unzip", &["-tq", "archive.zip"]);
    if let Some(text) = well(folder, "7z", &["t", "archive.zip"]) {
        assert!(text.contains("Everything is Ok") && !text.contains("Warning"), "{text}");
    }
    let check = "import zipfile,sys; z=zipfile.ZipFile('archive.zip'); sys.exit(z.testzip())";
    well(folder, "python3", &["-c", check]);
    // Every system's unpacker writes inside the folder it is told to.
    if well(folder, "unzip", &["-q", "archive.zip", "-d", "out"]).is_some() {
        assert!(folder.join("out/files/images/evil.html").is_file());
        assert!(!folder.join("evil.html").exists());
    }
}

#[tokio::test]
async fn minisign_and_sha256sum_agree_with_the_manifest() {
    let gathered = hostile().await;
    gathered.zip_file().await;
    let folder = gathered.folder.path();
    if well(folder, "unzip", &["-q", "archive.zip", "-d", "out"]).is_none() {
        return;
    }
    let manifest = fs::read(folder.join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["schema"], "rightsdesk-archive/1");
    for entry in manifest["entries"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let bytes = fs::read(folder.join("out").join(name)).unwrap();
        assert_eq!(entry["size"].as_u64(), Some(bytes.len() as u64), "{name}");
        assert_eq!(entry["sha256"], Sha256Sum::of(&bytes).to_string(), "{name}");
        let is_csv = Path::new(name).extension().is_some_and(|ending| ending == "csv");
        assert_eq!(is_csv, entry["escaped"].is_boolean(), "{name}");
    }
    let args = ["-Vm", "out/manifest.json", "-p", crate::keys::signing::PUBLIC_FILE];
    if let Some(text) = well(folder, "minisign", &args) {
        assert!(text.contains("archive R-7F3K9Q2M made at 2026-11-20T12:34:57Z"), "{text}");
    }
}

#[tokio::test]
async fn python_reads_csv_and_ndjson_as_they_were_meant() {
    let gathered = hostile().await;
    gathered.zip_file().await;
    let check = r#"
import csv, io, json, zipfile
z = zipfile.ZipFile("archive.zip")
text = lambda name: z.read(name).decode("utf-8")
rows = list(csv.reader(io.StringIO(text("data/shop/customer.csv"), newline="")))
assert rows[0] == ["id", "note", "score"], rows
assert rows[2][1] == "'=1+1", rows
lines = [json.loads(line) for line in text("data/shop/customer.ndjson").splitlines()]
assert lines[1] == {"id": 2, "note": "=1+1", "score": 0.5}, lines
rows = list(csv.reader(io.StringIO(text("data/shop/_._Cus_tomer.csv"), newline="")))
assert rows[1][1] == 'a,b\r\n"c"', rows
"#;
    well(gathered.folder.path(), "python3", &["-c", check]);
}

/// Files without bytes share one sealed object, so that many can be made quickly.
#[tokio::test]
async fn more_entries_than_the_old_format_can_count() {
    let mut gathered = Gathered::new(Right::Export, Language::En);
    gathered.file("a", b"").await;
    let first = gathered.segments[0].entries[0].clone();
    let entry = |at: u32| Entry {
        content: Content::File { original: format!("{at}.txt"), category: "user.content".into() },
        ..first.clone()
    };
    gathered.segments[0].entries = (0..66_000).map(entry).collect();
    let path = gathered.zip_file().await;
    let report = verify(&path, gathered.signing.public()).unwrap();
    assert_eq!(report.entries, 66_000 + 5);
    let folder = gathered.folder.path();
    well(folder, "unzip", &["-tqq", "archive.zip"]);
    well(folder, "7z", &["t", "archive.zip"]);
    let check = "import zipfile; assert len(zipfile.ZipFile('archive.zip').namelist()) == 66005";
    well(folder, "python3", &["-c", check]);
}
