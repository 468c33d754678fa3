//! `rightsdesk map draft` and `rightsdesk map show`.

use std::fs;

use crate::support::folder::Folder;
use crate::support::process::{rightsdesk, run};

const PATH: &str = "maps/shop.toml";

/// A shop with its database and without a map.
async fn unmapped() -> Folder {
    let folder = Folder::shop().await;
    fs::remove_file(folder.dir.join(PATH)).unwrap();
    folder
}

/// Takes the `#` from the lines that only people can fill in.
fn fill(folder: &Folder) {
    let map = folder.read(PATH);
    let is_fact = |line: &str| {
        line.strip_prefix('#').and_then(|line| line.split_once(" = ")).is_some_and(|(key, _)| {
            key.bytes().all(|b| b.is_ascii_lowercase()) && key != "case_insensitive"
        })
    };
    let lines = map.lines().map(|line| if is_fact(line) { &line[1..] } else { line });
    folder.write(PATH, &lines.collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn a_map_is_drafted_filled_in_checked_and_shown() {
    let folder = unmapped().await;
    let draft = ["map", "draft", "--from", "sqlite:maps/shop.db", "--out", PATH];
    run(&folder.dir, &draft).expect(0, &["customer", "invoice", "map check"]);
    assert!(folder.read(PATH).contains("url = \"sqlite:shop.db\""), "relative to the map");
    run(&folder.dir, &["map", "check"]).expect(1, &["has no `label`", "has no `backup`"]);
    fill(&folder);
    run(&folder.dir, &["map", "check"]).expect(0, &["fits its stores"]);
    let shown = run(&folder.dir, &["map", "show", "--svg", "maps.svg"]);
    shown.expect(0, &["customer  by email = email", "invoice  by customer_id", "AO 147"]);
    assert!(folder.read("maps.svg").contains("</svg>"));
    let json = run(&folder.dir, &["map", "show", "--json"]).expect(0, &[]).json();
    assert_eq!(json["ok"], true);
    assert_eq!(json["arrows"][0]["by"], "customer_id");
}

#[tokio::test]
async fn a_draft_never_touches_a_file_that_is_there_unless_told() {
    let folder = Folder::shop().await;
    let before = folder.read(PATH);
    let mut draft = vec!["map", "draft", "--from", "sqlite:maps/shop.db", "--out", PATH];
    run(&folder.dir, &draft).expect(1, &["there already", "--replace"]);
    assert_eq!(folder.read(PATH), before);
    draft.push("--replace");
    run(&folder.dir, &draft).expect(0, &[]);
    assert_ne!(folder.read(PATH), before);
}

#[tokio::test]
async fn a_draft_goes_to_stdout_and_shows_no_value() {
    let folder = unmapped().await;
    let draft = ["map", "draft", "--from", "sqlite:maps/shop.db", "--store", "my-shop"];
    let text = run(&folder.dir, &draft);
    text.expect(0, &["[store.my-shop.table.customer]", "user.authorization"]);
    assert!(!text.out.contains("example.org") && !text.out.contains("argon2"));
    let json = run(&folder.dir, &[&draft[..], &["--json"]].concat()).expect(0, &[]).json();
    assert_eq!(json["people"], serde_json::json!(["customer"]));
    assert_eq!(json["map"].as_str().unwrap().trim_end(), text.out.trim_end());
}

#[tokio::test]
async fn passwords_come_from_outside_the_command_line() {
    let folder = unmapped().await;
    for url in [
        "postgres://me:hunter2@127.0.0.1:1/shop",
        "postgres://me@127.0.0.1:1/shop?password=hunter2",
        "postgresql://me:hunter2/@127.0.0.1:1/shop",
    ] {
        let refused = run(&folder.dir, &["map", "draft", "--from", url]);
        refused.expect(2, &["env:NAME", "file:PATH"]);
        assert!(!refused.err.contains("hunter2"), "{refused:?}");
    }
    folder.write("shop.url", "sqlite:shop.db\n");
    let from_file = ["map", "draft", "--from", "file:shop.url", "--out", PATH];
    run(&folder.dir, &from_file).expect(0, &[]);
    assert!(folder.read(PATH).contains("url = { file = \"../shop.url\" }"));
    let mut command = rightsdesk();
    command.current_dir(&folder.dir).env("SHOP_URL", "postgres://me:hunter2@127.0.0.1:1/shop");
    let answer = command.args(["map", "draft", "--from", "env:SHOP_URL"]).output().unwrap();
    let said = String::from_utf8([answer.stdout, answer.stderr].concat()).unwrap();
    assert_eq!(answer.status.code(), Some(1), "{said}");
    assert!(said.contains("unreachable") && !said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn what_cannot_be_drafted_is_said_with_what_to_do() {
    let folder = unmapped().await;
    for (from, code, said) in [
        ("shop.db", 2, "sqlite:PATH"),
        ("mysql://db/shop", 2, "postgres://"),
        ("env:NO_SUCH_NAME", 2, "set it to the whole URL"),
        ("file:no.url", 2, "cannot be read"),
        ("sqlite:no.db", 1, "see that it is there"),
        ("sqlite:rightsdesk.toml", 1, "see that it is the database that you mean"),
    ] {
        run(&folder.dir, &["map", "draft", "--from", from]).expect(code, &[said]);
    }
}
