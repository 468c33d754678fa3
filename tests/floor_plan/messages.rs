//! Both languages say the same things, everything that the code asks for is said, and nothing is
//! said that nobody asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, close, find, in_name, without_tests};
use crate::{files, none};

/// Beginnings of ids that the code hands to a function, which puts a hyphen and the rest behind
/// them. A `format!("room-what-{…}")` needs no entry here. That the list of endings is complete is
/// tested where it stands.
const FAMILIES: [&str; 2] = ["archive-index-title", "archive-letter-title"];

/// Strings that look like ids of messages and are something else.
const NO_MESSAGE: [&str; 0] = [];

/// The methods that look a message up by their first argument.
const LOOKUPS: [&str; 4] = ["t", "t1", "t2", "with"];

/// The arguments of each message of one language.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Reads a Fluent file into `messages`.
fn read(path: &str, text: &str, messages: &mut Messages) -> Vec<String> {
    let mut complaints = Vec::new();
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".ftl");
    let mut current: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        let mut complain = |what: &str| complaints.push(format!("{path}:{}: {what}", number + 1));
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if !line.starts_with([' ', '}']) {
            let Some((id, _)) = line.split_once('=') else {
                complain("neither a message nor the rest of one");
                continue;
            };
            let id = id.trim();
            if !is_id(id) {
                complain("this is no id");
            }
            if stem != "common" && !id.starts_with(&format!("{stem}-")) {
                complain(&format!("an id of this file begins with {stem}-"));
            }
            if messages.insert(id.to_owned(), BTreeSet::new()).is_some() {
                complain("this id is there already");
            }
            current = Some(id.to_owned());
        }
        if let Some(arguments) = current.as_ref().and_then(|id| messages.get_mut(id)) {
            for piece in line.split('$').skip(1) {
                let name = piece.split(|c| !in_name(c)).next().unwrap_or_default();
                arguments.insert(name.to_owned());
            }
        }
    }
    complaints
}

fn differences(en: &Messages, de: &Messages) -> Vec<String> {
    let ids: BTreeSet<&String> = en.keys().chain(de.keys()).collect();
    ids.into_iter()
        .filter_map(|id| match (en.get(id), de.get(id)) {
            (Some(_), None) => Some(format!("{id} is not there in German")),
            (None, Some(_)) => Some(format!("{id} is not there in English")),
            (Some(en), Some(de)) if en != de => {
                Some(format!("{id} has the arguments {en:?} in English and {de:?} in German"))
            }
            _ => None,
        })
        .collect()
}

/// Only what stands between the marks of a template is code; lines are kept.
fn code_of_template(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let end = if rest[open..].starts_with("{{") { "}}" } else { "%}" };
        code.extend(rest[..open].chars().filter(|c| *c == '\n'));
        let inner = &rest[open + 2..];
        let stop = inner.find(end).unwrap_or(inner.len());
        code.push_str(&inner[..stop]);
        code.push(' ');
        rest = inner.get(stop + 2..).unwrap_or_default();
    }
    code
}

/// The arguments of the call whose bracket opens at `open`: where each begins and ends.
fn arguments(code: &[char], open: usize) -> Vec<(usize, usize)> {
    let end = close(code, open) - 1;
    let mut found = Vec::new();
    let mut begin = open + 1;
    let mut at = begin;
    while at < end {
        match code[at] {
            '(' | '[' | '{' => at = close(code, at),
            ',' => {
                found.push((begin, at));
                begin = at + 1;
                at = begin;
            }
            _ => at += 1,
        }
    }
    if code[begin..end].iter().any(|c| !c.is_whitespace()) {
        found.push((begin, end));
    }
    found
}

/// The string that an argument is, if it is nothing but a string.
fn literal(source: &Source, (from, to): (usize, usize)) -> Option<String> {
    let code: String = source.code[from..to].iter().collect();
    let code = code.trim();
    let strings = source.strings(from, to);
    (strings.len() == 1 && code.starts_with('"') && code.ends_with('"'))
        .then(|| strings[0].1.clone())
}

/// What is wrong with how one file asks for messages; the ids that it names go into `used`.
fn check(
    path: &str,
    source: &Source,
    messages: &Messages,
    stems: &BTreeSet<String>,
    used: &mut BTreeSet<String>,
) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    for (at, said) in source.strings(0, source.code.len()) {
        if messages.contains_key(&said) {
            used.insert(said);
            continue;
        }
        // A string that begins as a room's ids do is one of them, whole or in part.
        let start = said.split('{').next().unwrap_or_default();
        let stem = start.split_once('-').map(|(stem, _)| stem).unwrap_or_default();
        if !is_id(start) || !stems.contains(stem) || NO_MESSAGE.contains(&said.as_str()) {
            continue;
        }
        let family = if FAMILIES.contains(&start) { format!("{start}-") } else { start.to_owned() };
        let members: Vec<&String> = messages.keys().filter(|id| id.starts_with(&family)).collect();
        if members.is_empty() || (family == said) {
            wrong.insert((source.line(at), format!("there is no message {said}")));
        }
        used.extend(members.into_iter().cloned());
    }
    for lookup in LOOKUPS {
        let call = format!(".{lookup}(");
        let mut from = 0;
        while let Some(at) = find(&source.code, from, &call) {
            from = at + call.len();
            let arguments = arguments(&source.code, from - 1);
            let line = source.line(at);
            for complaint in check_call(source, lookup, &arguments, messages) {
                wrong.insert((line, complaint));
            }
        }
    }
    wrong.into_iter().map(|(line, what)| format!("{path}:{line} {what}")).collect()
}

fn check_call(
    source: &Source,
    lookup: &str,
    arguments: &[(usize, usize)],
    messages: &Messages,
) -> Vec<String> {
    let Some(first) = arguments.first() else { return Vec::new() };
    if let Some(id) = literal(source, *first) {
        let Some(wanted) = messages.get(&id) else {
            // Other things have a method `with` too.
            let ours = lookup != "with" || id.contains('-');
            return ours.then(|| format!("there is no message {id}")).into_iter().collect();
        };
        let names = arguments.iter().skip(1).step_by(2).map(|name| literal(source, *name));
        let given: Option<BTreeSet<String>> = names.collect();
        let known = lookup != "with" && given.is_some();
        let given = given.unwrap_or_default();
        return (known && given != *wanted)
            .then(|| format!("{id} has the arguments {wanted:?} and is given {given:?}"))
            .into_iter()
            .collect();
    }
    Vec::new()
}

/// All messages of a language, and what is wrong with its files.
fn language(folder: &str) -> (Messages, BTreeSet<String>, Vec<String>) {
    let mut messages = Messages::new();
    let mut stems = BTreeSet::new();
    let mut complaints = Vec::new();
    for (path, text) in files(folder, &["ftl"]) {
        complaints.extend(read(&path, &text, &mut messages));
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".ftl");
        stems.insert(stem.to_owned());
    }
    (messages, stems, complaints)
}

#[test]
fn both_languages_say_the_same_things() {
    let (en, stems, mut complaints) = language("src/text/en");
    let (de, german_stems, more) = language("src/text/de");
    assert!(en.len() > 50, "the messages are not where they were");
    assert_eq!(stems, german_stems, "the same files in both languages");
    complaints.extend(more);
    complaints.extend(differences(&en, &de));
    none(&complaints);
}

#[test]
fn every_message_asked_for_is_there_and_every_message_is_asked_for() {
    let (messages, mut stems, _) = language("src/text/en");
    stems.remove("common");
    let mut used = BTreeSet::new();
    let mut complaints = Vec::new();
    for (path, source) in without_tests(&files("src", &["rs"])) {
        complaints.extend(check(path, &source, &messages, &stems, &mut used));
    }
    for (path, text) in files("templates", &["html", "txt", "xml"]) {
        let source = Source::new(&code_of_template(&text));
        complaints.extend(check(&path, &source, &messages, &stems, &mut used));
    }
    for id in messages.keys() {
        if !used.contains(id) {
            complaints.push(format!("nobody asks for the message {id}"));
        }
    }
    none(&complaints);
}

#[test]
fn a_fluent_file_is_understood_and_its_faults_are_told() {
    let mut messages = Messages::new();
    let text = "# words\nmail-a = Hello { $name }\nmail-b =\n    { $n ->\n        [one] { $what }\n       *[other] x\n    }\n";
    assert_eq!(read("en/mail.ftl", text, &mut messages), [""; 0]);
    assert_eq!(messages["mail-a"], BTreeSet::from(["name".to_owned()]));
    assert_eq!(messages["mail-b"], BTreeSet::from(["n".to_owned(), "what".to_owned()]));
    for bad in ["mail-a = twice", "web-a = x", "mail-ä = x", "mail-c x"] {
        assert_eq!(read("en/mail.ftl", bad, &mut messages).len(), 1, "{bad}");
    }
    let mut german = messages.clone();
    german.remove("mail-a");
    german.insert("mail-b".to_owned(), BTreeSet::from(["n".to_owned()]));
    german.insert("mail-z".to_owned(), BTreeSet::new());
    assert_eq!(differences(&messages, &german).len(), 3);
}

/// A complaint for each fault, and the ids that were named.
fn told(source: &Source) -> (Vec<String>, BTreeSet<String>) {
    let mut messages = Messages::new();
    read("mail.ftl", "mail-a = a\nmail-b = { $x }\nmail-c = { $x } { $y }", &mut messages);
    let stems = BTreeSet::from(["mail".to_owned()]);
    let mut used = BTreeSet::new();
    let complaints = check("a.rs", source, &messages, &stems, &mut used);
    (complaints, used)
}

#[test]
fn a_message_that_is_not_there_or_lacks_an_argument_is_told() {
    for bad in [
        "s.t(\"mail-x\")",
        "s.t(\"other\")",
        "s.t(\"mail-b\")",
        "s.t1(\"mail-b\", \"y\", f(1, 2))",
        "s.t1(\"mail-a\", \"x\", 1)",
        "s.t2(\n    \"mail-c\",\n    \"x\",\n    f(1, 2),\n    \"z\",\n    2,\n)",
        "s.with(\"mail-x\", [])",
        "s.t(if a { \"mail-a\" } else { \"mail-x\" })",
        "s.t(&format!(\"mail-x{a}\"))",
        "fn id() -> &'static str { \"mail-x\" }",
    ] {
        assert_eq!(told(&Source::new(bad)).0.len(), 1, "{bad}: {:?}", told(&Source::new(bad)).0);
    }
    let page = code_of_template("<a href=\"//x\">don't</a>\n{{ s.t(\"mail-x\") }} {% if a %}");
    assert_eq!(told(&Source::new(&page)).0, ["a.rs:2 there is no message mail-x"]);
}

#[test]
fn a_message_that_is_there_passes_and_counts_as_asked_for() {
    for good in [
        "s.t(\"mail-a\")",
        "s.t1(\"mail-b\", \"x\", f(1, 2))",
        "s.t2(\"mail-c\", \"x\", f(1, 2), \"y\", 2)",
        "s.with(\"mail-c\", [(\"x\", a)])",
        "s.t(if a { \"mail-a\" } else { \"mail-a\" })",
        "s.t(&format!(\"mail-a{a}\"))",
        "layers.with(\"plain\"); id(\"mail-a\")",
    ] {
        let (complaints, used) = told(&Source::new(good));
        assert_eq!((complaints.len(), used.len()), (0, 1), "{good}: {complaints:?}");
    }
}
