//! `rightsdesk deadlines`

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../vectors/deadlines.json");

/// What the program answers to `input`, far from any configuration.
fn ask(input: &str, args: &[&str]) -> Output {
    let empty = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rightsdesk"))
        .arg("deadlines")
        .args(args)
        .current_dir(empty.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_program_agrees_with_every_vector() {
    let output = ask(VECTORS, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let (vectors, results) = (vectors["vectors"].as_array().unwrap(), &answer["results"]);
    assert_eq!(results.as_array().unwrap().len(), vectors.len());
    for (index, vector) in vectors.iter().enumerate() {
        assert_eq!(results[index]["id"], vector["id"]);
        for (name, expected) in vector["expect"].as_object().unwrap() {
            assert_eq!(&results[index]["expect"][name], expected, "{} {name}", vector["id"]);
        }
    }
}

#[test]
fn a_vector_that_cannot_be_computed_is_named_and_the_answer_is_no() {
    let typed = json!({ "vectors": [
        { "id": "good", "input": { "regime": "us_tx", "received_date": "2026-01-01" } },
        { "id": "bad", "input": { "regime": "eu_gdpr" } },
    ]});
    let output = ask(&typed.to_string(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["results"][0]["expect"]["respond"], "2026-02-15");
    assert_eq!(answer["results"][1]["id"], "bad");
    assert!(answer["results"][1]["error"].is_string());
    let output = ask("no json", &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["ok"], false);
}

#[test]
fn every_step_is_told_in_words_on_demand() {
    let output = ask(VECTORS, &["--explain", "de"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let steps = answer["results"][1]["why"]["respond"]["steps"].to_string();
    assert!(steps.contains("Samstag, 28. Februar 2026"), "{steps}");
    assert_eq!(ask(VECTORS, &["--explain", "xx"]).status.code(), Some(2));
}
