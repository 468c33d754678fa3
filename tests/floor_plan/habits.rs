//! Small rules for every file.

use crate::source::{Source, find, in_name, without_tests};
use crate::{files, none};

/// A file holds one idea; its tests count.
const LONGEST: usize = 400;

/// Marks of work that is not done. Our own lints catch them too, but only where they are compiled.
const UNDONE: [&str; 2] = ["todo!", "unimplemented!"];

/// Names that gather what belongs elsewhere.
const NO_NAME: [&str; 5] = ["util", "utils", "helper", "helpers", "misc"];

fn check_source(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        complaints.push(format!("{path} has {lines} lines; {LONGEST} are the most: split it"));
    }
    if path.split(['/', '.']).any(|part| NO_NAME.contains(&part)) {
        complaints.push(format!("{path}: a name for anything; name it after its idea"));
    }
    let source = Source::new(text);
    for word in UNDONE {
        let mut at = 0;
        while let Some(found) = find(&source.code, at, word) {
            at = found + 1;
            if found == 0 || !in_name(source.code[found - 1]) {
                complaints.push(format!("{path}:{} says {word}", source.line(found)));
            }
        }
    }
    complaints
}

/// Functions that take a text for a label of metrics, and the only file that calls each: what it
/// hands over is a route's template, or written in the configuration.
const LABELS: [(&str, &str); 2] =
    [(".http_request(", "src/web/edge/log.rs"), (".webhook_endpoint(", "src/run/mod.rs")];

/// Who else calls one of them, tests left aside.
fn check_labels(files: &[(String, String)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, source) in without_tests(files) {
        for (call, home) in LABELS {
            if let (true, Some(at)) = (path != home, find(&source.code, 0, call)) {
                complaints.push(format!("{path}:{} {call} is for {home} alone", source.line(at)));
            }
        }
    }
    complaints
}

/// Escaping is never switched off: the text that a template shows may come from anybody.
fn check_template(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let close: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        let safe = close.split("|safe").skip(1).any(|rest| !rest.starts_with(in_name));
        if safe || close.contains("%filtersafe") || close.contains("|escape(\"none\"") {
            complaints.push(format!("{path}:{} switches escaping off", number + 1));
        }
    }
    complaints
}

#[test]
fn every_source_file_is_short_and_done() {
    let sources = ["src", "entity", "migration", "tests"].map(|folder| files(folder, &["rs"]));
    let all: Vec<_> = sources.iter().flatten().collect();
    assert!(all.len() > 50, "the sources are not where they were");
    none(&all.iter().flat_map(|(path, text)| check_source(path, text)).collect::<Vec<_>>());
}

#[test]
fn no_text_of_others_becomes_a_label_of_metrics() {
    let all = files("src", &["rs"]);
    for (call, home) in LABELS {
        let calls = all.iter().any(|(path, text)| path == home && text.contains(call));
        assert!(calls, "{home} does not call {call}");
    }
    none(&check_labels(&all));
    let told = |path: &str| {
        let text = "fn a() { meter.http_request(Some(uri.path()), get) }".to_owned();
        check_labels(&[(path.to_owned(), text)]).len()
    };
    assert_eq!([told("src/web/api/mod.rs"), told("src/web/edge/log.rs")], [1, 0]);
}

#[test]
fn no_template_switches_escaping_off() {
    let all = files("templates", &["html", "txt", "xml"]);
    assert!(!all.is_empty(), "the templates are not where they were");
    none(&all.iter().flat_map(|(path, text)| check_template(path, text)).collect::<Vec<_>>());
}

#[test]
fn a_long_or_unfinished_file_is_told() {
    assert_eq!(check_source("src/a.rs", &"\n".repeat(400)), [""; 0]);
    assert_eq!(check_source("src/a.rs", &"\n".repeat(401)).len(), 1);
    let undone = check_source("src/a.rs", "// todo!\nlet a = \"todo!()\";\ntodo!();\nmy_todo!();");
    assert_eq!(undone, ["src/a.rs:3 says todo!"]);
    assert_eq!(check_source("src/web/utils.rs", "").len(), 1);
    assert_eq!(check_source("src/helpers/mod.rs", "").len(), 1);
}

#[test]
fn a_template_without_escaping_is_told() {
    for bad in ["{{ a|safe }}", "{{ a | safe}}", "{% filter safe %}", "{{ a|escape(\"none\") }}"] {
        assert_eq!(check_template("t", bad), ["t:1 switches escaping off"], "{bad}");
    }
    for good in ["{{ a|safely }}", "{{ safe }}", "a safe place", "{{ a|escape }}"] {
        assert_eq!(check_template("t", good), [""; 0], "{good}");
    }
}
