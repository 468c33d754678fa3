//! Every package that we build, ship or test with has a licence that `deny.toml` allows. cargo-deny
//! says the same and more; this runs where it is not installed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde::Deserialize;

use crate::{none, root};

#[derive(Debug, Deserialize)]
struct Deny {
    graph: Graph,
    licenses: Licenses,
}

#[derive(Debug, Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: BTreeSet<String>,
}

/// A package that takes part in a build.
#[derive(Debug)]
struct Package {
    name: String,
    /// As an SPDX expression; empty where none is named.
    licence: String,
}

/// What an SPDX expression comes to when the licences of `allowed` are allowed.
/// `/` is the old way to write `OR`. `AND` binds before `OR`.
struct Expression<'a> {
    words: Vec<&'a str>,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Expression<'a> {
    fn holds(text: &'a str, allowed: &'a dyn Fn(&str) -> bool) -> bool {
        let mut words = Vec::new();
        for piece in text.split_whitespace() {
            let mut rest = piece;
            while let Some(at) = rest.find(['(', ')', '/']) {
                words.push(&rest[..at]);
                words.push(if &rest[at..=at] == "/" { "OR" } else { &rest[at..=at] });
                rest = &rest[at + 1..];
            }
            words.push(rest);
        }
        words.retain(|word| !word.is_empty());
        words.reverse();
        let mut this = Self { words, allowed };
        let holds = this.any();
        assert!(this.words.is_empty(), "not understood: {text}");
        holds
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.last() == Some(&word);
        if there {
            self.words.pop();
        }
        there
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.take("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.take("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let holds = self.any();
            assert!(self.take(")"), "a bracket stays open");
            return holds;
        }
        let licence = self.words.pop().unwrap_or_default();
        if self.take("WITH") {
            let exception = self.words.pop().unwrap_or_default();
            return (self.allowed)(&format!("{licence} WITH {exception}"));
        }
        (self.allowed)(licence)
    }
}

/// From `cargo tree`, which leaves out what no feature of ours switches on; `cargo metadata` does
/// not.
fn packages(target: &str) -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--workspace", "--all-features", "--target", target])
        .args(["--prefix", "none", "--format", "{l}|{p}"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let packages = lines.lines().filter_map(|line| line.split_once('|'));
    packages
        .map(|(licence, package)| Package {
            name: package.split(' ').next().unwrap_or_default().to_owned(),
            licence: licence.to_owned(),
        })
        .collect()
}

#[test]
fn every_package_has_a_licence_that_deny_toml_allows() {
    let deny: Deny =
        toml::from_str(&fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap();
    let excepted: BTreeMap<_, _> =
        deny.licenses.exceptions.iter().map(|one| (one.package.as_str(), &one.allow)).collect();
    let packages = packages(&deny.graph.targets[0]);
    assert!(packages.len() > 100, "the packages are not all there");
    let mut complaints = BTreeSet::new();
    for Package { name, licence } in &packages {
        let allowed = |id: &str| {
            deny.licenses.allow.contains(id)
                || excepted.get(name.as_str()).is_some_and(|more| more.contains(id))
        };
        if licence.is_empty() {
            complaints.insert(format!("{name} names no licence"));
        } else if !Expression::holds(licence, &allowed) {
            complaints.insert(format!("{name}: {licence} is not allowed in deny.toml"));
        }
    }
    for allowed in &deny.licenses.allow {
        let names = |package: &Package| {
            package.licence.split([' ', '/', '(', ')']).any(|word| word == allowed)
        };
        if !packages.iter().any(names) {
            complaints.insert(format!("deny.toml allows {allowed}, which no package has any more"));
        }
    }
    for name in excepted.keys() {
        if !packages.iter().any(|package| package.name == *name) {
            complaints.insert(format!("deny.toml excepts {name}, which is no package of ours"));
        }
    }
    none(&complaints.into_iter().collect::<Vec<_>>());
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = |id: &str| ["MIT", "ISC", "A WITH B"].contains(&id);
    for good in [
        "MIT",
        "GPL-2.0-only OR MIT",
        "GPL/MIT",
        "MIT AND (X OR ISC)",
        "A WITH B",
        "X OR MIT AND ISC",
    ] {
        assert!(Expression::holds(good, &allowed), "{good}");
    }
    for bad in ["X", "MIT AND X", "(MIT OR ISC) AND X", "A", "MIT WITH B", "X OR MIT AND X"] {
        assert!(!Expression::holds(bad, &allowed), "{bad}");
    }
}
