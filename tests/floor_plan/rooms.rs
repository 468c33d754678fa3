//! Which room may see which. A room is a file or a folder directly under `src/`.

use crate::source::{Source, close, find, in_name, without_tests};
use crate::{files, none};

/// The rooms, lowest first. A room sees every room on a lower floor, and none on its own.
const FLOORS: [&[&str]; 15] = [
    &["crash"],
    &["clock"],
    &["ids"],
    &["keys"],
    &["domain"],
    &["text", "meter"],
    &["store", "archive", "mail", "db", "ledger", "webhook"],
    &["service"],
    &["web", "job"],
    &["telemetry"],
    &["config"],
    &["run"],
    &["demo", "cli"],
    &["lib"],
    &["main"],
];

/// Rooms on a lower floor that a room does not see all the same.
const HIDDEN: [(&str, &[&str]); 2] =
    [("web", &["store", "archive", "mail", "db", "ledger", "webhook"]), ("job", &["db"])];

/// Doors through such a wall: only these items.
const DOORS: [(&str, &str, &[&str]); 1] = [
    // The runner claims and finishes jobs; the queue is not an aggregate that a use case could own.
    ("job", "db", &["Db", "DbError", "Tx", "job", "lane", "wake"]),
];

/// Crates that only some rooms name.
const HOMES: [(&str, &[&str]); 9] = [
    ("sea_orm", &["db"]),
    ("sea_orm_migration", &["db"]),
    ("entity", &["db"]),
    ("migration", &["db"]),
    ("lettre", &["mail"]),
    ("zip", &["archive"]),
    ("reqwest", &["store", "webhook"]),
    ("fluent_templates", &["text"]),
    ("axum", &["web", "run", "demo"]),
];

/// Rooms that work on what they are given: nothing that reaches the world outside.
const PURE: [&str; 3] = ["clock", "domain", "text"];

/// Crates that do.
const IMPURE: [&str; 8] =
    ["tokio", "sqlx", "reqwest", "hyper", "object_store", "askama", "tracing", "futures"];

/// A path that leads somewhere in this crate: the room, what is asked of it, and the place.
#[derive(Debug, PartialEq, Eq)]
struct Path2 {
    room: String,
    item: Option<String>,
    at: usize,
}

/// The room that a file belongs to, and how many modules deep it stands.
fn place(path: &str) -> (String, usize) {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<&str> = inner.split('/').collect();
    let room = parts[0].to_owned();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    let depth = if ["lib", "main"].contains(&room.as_str()) { 0 } else { parts.len() };
    (room, depth)
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The name that begins at `at`.
fn name_at(code: &[char], at: usize) -> String {
    code[at..].iter().take_while(|c| in_name(**c)).collect()
}

fn skip_space(code: &[char], mut at: usize) -> usize {
    while code.get(at).is_some_and(|c| c.is_whitespace()) {
        at += 1;
    }
    at
}

/// Reads what follows `::` at `at`: a name, perhaps with another behind it, or a list in braces.
fn follow(code: &[char], at: usize, before: &[String], found: &mut Vec<Path2>) {
    let at = skip_space(code, at);
    if code.get(at) == Some(&'{') {
        let end = close(code, at) - 1;
        let mut piece = at + 1;
        while piece < end {
            follow(code, piece, before, found);
            let mut next = piece;
            while next < end && code[next] != ',' {
                next = if code[next] == '{' { close(code, next) } else { next + 1 };
            }
            piece = next + 1;
        }
        return;
    }
    let name = name_at(code, at);
    if name.is_empty() {
        // A `*`, or nothing behind the last comma.
        if let [room] = before {
            found.push(Path2 { room: room.clone(), item: Some("*".to_owned()), at });
        } else if code.get(at) == Some(&'*') {
            found.push(Path2 { room: "*".to_owned(), item: None, at });
        }
        return;
    }
    let behind = at + name.chars().count();
    let mut names = before.to_vec();
    names.push(name);
    let more = code.get(behind) == Some(&':') && code.get(behind + 1) == Some(&':');
    if names.len() == 2 || !more {
        let mut names = names.into_iter();
        let room = names.next().unwrap_or_default();
        found.push(Path2 { room, item: names.next().filter(|item| item != "self"), at });
    } else {
        follow(code, behind + 2, &names, found);
    }
}

/// Every path into this crate's root: `crate::…`, in `main.rs` `rightsdesk::…`, and `super::…` that
/// leads out of the room.
fn paths(code: &[char], depth: usize) -> Vec<Path2> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if !in_name(code[at]) || (at > 0 && in_name(code[at - 1])) {
            at += 1;
            continue;
        }
        let word = name_at(code, at);
        let first = at < 2 || code[at - 1] != ':' || code[at - 2] != ':';
        let mut behind = at + word.chars().count();
        let doubled = |at: usize| code.get(at) == Some(&':') && code.get(at + 1) == Some(&':');
        if first && doubled(behind) {
            match word.as_str() {
                "crate" | "rightsdesk" => follow(code, behind + 2, &[], &mut found),
                "super" => {
                    let mut ups = 1;
                    while doubled(behind) && name_at(code, behind + 2) == "super" {
                        ups += 1;
                        behind += "::super".len();
                    }
                    if ups >= depth && doubled(behind) {
                        let mut out = Vec::new();
                        follow(code, behind + 2, &[], &mut out);
                        // Inside an inner module the same path may stay in the room.
                        out.retain(|path| floor(&path.room).is_some());
                        found.append(&mut out);
                    }
                }
                _ => {}
            }
        }
        at = behind;
    }
    found
}

/// Where `code` names the crate `name`.
fn names_crate(code: &[char], name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = find(code, from, name) {
        from = at + name.len();
        let before: String = code[..at].iter().rev().take_while(|c| **c != '\n').collect();
        let alone = !before.starts_with(|c| in_name(c) || c == '.' || c == '$');
        let path = code.get(from) == Some(&':') && code.get(from + 1) == Some(&':');
        let first = !before.starts_with("::") || before.starts_with(":: ") || before == "::";
        let import = before.trim_start().starts_with("esu");
        if alone && ((path && first) || (import && !code.get(from).is_some_and(|c| in_name(*c)))) {
            return Some(at);
        }
    }
    None
}

/// What a file says that its room may not.
fn check(path: &str, source: &Source) -> Vec<String> {
    let (room, depth) = place(path);
    let Some(own) = floor(&room) else {
        return vec![format!("{path}: the floor plan knows no room `{room}`; give it a floor")];
    };
    let mut complaints = Vec::new();
    let mut complain = |at, what: String| {
        complaints.push(format!("{path}:{} {what}", source.line(at)));
    };
    for Path2 { room: other, item, at } in paths(&source.code, depth) {
        if other == room {
            continue;
        }
        match floor(&other) {
            None => complain(at, format!("uses crate::{other}, which is no room")),
            Some(there) if there >= own => {
                complain(at, format!("`{room}` may not see `{other}`, which does not stand lower"));
            }
            Some(_) => {
                let wall = HIDDEN.iter().any(|(from, to)| *from == room && to.contains(&&*other));
                let door = DOORS.iter().any(|(from, to, items)| {
                    *from == room
                        && *to == other
                        && item.as_ref().is_some_and(|item| items.contains(&item.as_str()))
                });
                if wall && !door {
                    let item = item.map(|item| format!("::{item}")).unwrap_or_default();
                    complain(at, format!("`{room}` may not see `{other}{item}`"));
                }
            }
        }
    }
    for (name, homes) in HOMES {
        if let (false, Some(at)) = (homes.contains(&&*room), names_crate(&source.code, name)) {
            complain(at, format!("the crate `{name}` is for {} only", homes.join(", ")));
        }
    }
    if PURE.contains(&room.as_str()) {
        for name in IMPURE {
            if let Some(at) = names_crate(&source.code, name) {
                complain(at, format!("`{room}` is pure and may not use `{name}`"));
            }
        }
    }
    complaints
}

fn check_all(files: &[(String, String)]) -> Vec<String> {
    without_tests(files).iter().flat_map(|(path, source)| check(path, source)).collect()
}

#[test]
fn every_room_sees_only_what_stands_lower() {
    let all = files("src", &["rs"]);
    assert!(all.len() > 40, "the sources are not where they were");
    none(&check_all(&all));
}

fn told(path: &str, text: &str) -> Vec<String> {
    check_all(&[(path.to_owned(), text.to_owned())])
}

#[test]
fn an_import_against_the_order_is_told_however_it_is_written() {
    for (path, text) in [
        ("src/domain/request.rs", "use crate::db::Db;"),
        ("src/domain/request.rs", "use crate::{ids::Id, web::form};"),
        ("src/domain/request.rs", "use crate::{\n    ids::{Id, Token},\n    db,\n};"),
        ("src/domain/request.rs", "use super::super::db::Db;"),
        ("src/domain/mod.rs", "pub use super::service;"),
        ("src/clock.rs", "fn a() { super::ids::Id::new() }"),
        ("src/store/map/mod.rs", "fn a(db: &crate::db::Db) {}"),
        ("src/store/mod.rs", "mod inner {\n    use crate::archive::Segment;\n}"),
        ("src/web/edge/mod.rs", "use crate::db::Db;"),
        ("src/web/edge/mod.rs", "use crate::store::Store;"),
        ("src/job/gather.rs", "use crate::db::request::find;"),
        ("src/job/gather.rs", "use crate::db::*;"),
        ("src/job/gather.rs", "use crate::db::{self, Tx};"),
        ("src/job/gather.rs", "use crate::web::App;"),
        ("src/cli/demo.rs", "use crate::demo::run;"),
        ("src/text/mod.rs", "use crate::*;"),
        ("src/run.rs", "use rightsdesk::cli;"),
        ("src/web/mod.rs", "use sea_orm::Db;"),
        ("src/web/mod.rs", "use ::entity::job;"),
        ("src/service/mod.rs", "use entity as rows;"),
        ("src/service/mod.rs", "fn a() -> entity::job::Model {}"),
        ("src/domain/state.rs", "use tokio::sync::Mutex;"),
        ("src/parlour/mod.rs", ""),
        ("src/db/mod.rs", "use crate::parlour::Chair;"),
    ] {
        assert_eq!(told(path, text).len(), 1, "{path}: {text}: {:?}", told(path, text));
    }
}

#[test]
fn an_import_along_the_order_passes() {
    for (path, text) in [
        ("src/domain/request.rs", "use crate::ids::Id;\nuse crate::domain::right::Right;"),
        ("src/domain/request.rs", "use super::right::Right;\n// use crate::db::Db;"),
        ("src/domain/request.rs", "const A: &str = \"crate::db\"; let entity = 1; identity::a();"),
        ("src/domain/request.rs", "#[cfg(test)]\nmod tests { use crate::db::Db; }"),
        ("src/db/mod.rs", "use entity::job;\nuse sea_orm::Db;\npub(in crate::db) fn a() {}"),
        ("src/store/mod.rs", "mod inner {\n    use super::Store;\n    use super::map;\n}"),
        ("src/job/runner.rs", "use crate::db::job::{self, Claimed};\nuse crate::db::{Db, Tx};"),
        ("src/job/gather.rs", "use crate::{mail::Mailer, service::gather, store::Store};"),
        ("src/cli/serve.rs", "use crate::run::serve;\nuse crate::telemetry;"),
        ("src/main.rs", "use rightsdesk::{cli, demo};"),
    ] {
        assert_eq!(told(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn files_that_are_for_tests_only_are_set_aside() {
    let bad = "use crate::db::Db;".to_owned();
    let files = [
        ("src/mail/mod.rs".to_owned(), "#[cfg(test)]\nmod tests;\nmod smtp;".to_owned()),
        ("src/mail/tests.rs".to_owned(), bad.clone()),
        ("src/mail/tests/more.rs".to_owned(), bad.clone()),
        ("src/mail/smtp.rs".to_owned(), bad),
    ];
    assert_eq!(check_all(&files).len(), 1);
    assert!(check_all(&files)[0].starts_with("src/mail/smtp.rs:1 "));
}
