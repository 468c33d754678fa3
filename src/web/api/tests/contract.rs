//! The description tells what the code does.

use super::*;

#[test]
fn the_description_is_whole() {
    let whole: Value = serde_json::from_str(&description_json()).unwrap();
    assert_eq!(whole["openapi"], "3.1.0");
    let text = whole.to_string();
    let schemas = whole["components"]["schemas"].as_object().unwrap();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("#/components/schemas/") {
        rest = &rest[at + "#/components/schemas/".len()..];
        let name = &rest[..rest.find('"').unwrap()];
        assert!(schemas.contains_key(name), "{name} is not described");
    }
    for (path, item) in whole["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
        }
    }
}

#[test]
fn every_problem_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.path()).collect();
    assert_eq!(words.len(), Kind::ALL.len());
}
