//! The description of the API, as a file and as a page.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::problem::Kind;
use super::{GENERAL, PATH, description, description_json};
use crate::domain::language::Language;
use crate::text::Speaker;
use crate::web::public::Site;
use crate::web::view::{DocCall, DocField, DocType, DocsPage, Frame};

/// What the pages are made of, once.
#[derive(Clone)]
struct Docs {
    site: Site,
    json: Arc<str>,
}

/// `/openapi.json` and `/docs`, for the public listener.
pub fn pages(site: &Site) -> Router {
    let docs = Docs { site: site.clone(), json: description_json().into() };
    Router::new().route("/openapi.json", get(file)).route("/docs", get(show)).with_state(docs)
}

async fn file(State(docs): State<Docs>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], docs.json.to_string()).into_response()
}

async fn show(State(docs): State<Docs>, uri: Uri, headers: HeaderMap) -> Response {
    let page = page(docs.site.frame(&uri, &headers, "/docs"));
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page. Its words are those of the description, so it is in English, whatever is asked for.
pub(in crate::web) fn page(mut frame: Frame) -> DocsPage {
    frame.speaker = Speaker::new(Language::En, jiff::tz::TimeZone::UTC);
    frame.languages = vec![Language::En];
    let whole = serde_json::to_value(description()).unwrap_or_default();
    let none = serde_json::Map::new();
    let map = |value: &Value| value.as_object().cloned().unwrap_or_else(|| none.clone());
    let mut calls = Vec::new();
    for (path, item) in map(&whole["paths"]) {
        for (method, operation) in map(&item) {
            calls.push(call(&path, &method, &operation));
        }
    }
    let types = map(&whole["components"]["schemas"]);
    let types = types.into_iter().map(|(name, schema)| kind(name, &schema)).collect();
    let problem = |kind: &Kind| DocField {
        name: kind.path().to_owned(),
        kind: kind.status().as_u16().to_string(),
        text: kind.title().to_owned(),
        is_required: false,
    };
    DocsPage { frame, calls, types, problems: Kind::ALL.iter().map(problem).collect() }
}

fn call(path: &str, method: &str, operation: &Value) -> DocCall {
    let text = words(&operation["description"]);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let answers = operation["responses"].as_object().into_iter().flatten();
    DocCall {
        method: method.to_uppercase(),
        path: format!("{PATH}{path}"),
        title: words(&operation["summary"]),
        text: text.split("\n\n").filter(|text| !text.is_empty()).map(ToOwned::to_owned).collect(),
        scope: words(&operation["security"][0]["token"][0]),
        parameters: parameters
            .map(|parameter| DocField {
                name: words(&parameter["name"]),
                kind: format!("{}, {}", words(&parameter["in"]), shape(&parameter["schema"])),
                text: words(&parameter["description"]),
                is_required: parameter["required"] == true,
            })
            .collect(),
        body: named(&operation["requestBody"]["content"]["application/json"]["schema"]),
        answers: answers
            .filter(|(_, answer)| !GENERAL.iter().any(|(_, text)| answer["description"] == *text))
            .map(|(status, answer)| {
                let content = answer["content"].as_object().into_iter().flatten().next();
                let schema = content.map(|(_, content)| &content["schema"]);
                DocField {
                    name: status.clone(),
                    kind: schema.and_then(named).unwrap_or_default(),
                    text: words(&answer["description"]),
                    is_required: false,
                }
            })
            .collect(),
    }
}

fn kind(name: String, schema: &Value) -> DocType {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    DocType {
        text: words(&schema["description"]),
        fields: fields
            .map(|(field, schema)| DocField {
                kind: shape(schema),
                text: words(&schema["description"]),
                is_required: required.contains(&field.as_str()),
                name: field.clone(),
            })
            .collect(),
        words: schema["enum"].as_array().into_iter().flatten().map(words).collect(),
        name,
    }
}

/// The type that a schema refers to.
fn named(schema: &Value) -> Option<String> {
    schema["$ref"].as_str()?.rsplit('/').next().map(ToOwned::to_owned)
}

/// What kind of value a schema allows, in a few words.
fn shape(schema: &Value) -> String {
    if let Some(name) = named(schema) {
        return name;
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return either.iter().map(shape).collect::<Vec<_>>().join(" or ");
    }
    let kinds: Vec<String> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(words).collect(),
        kind => vec![words(kind)],
    };
    let kinds = kinds.join(" or ");
    match (kinds.as_str(), schema["format"].as_str()) {
        ("array", _) => format!("list of {}", shape(&schema["items"])),
        ("", _) => "any".to_owned(),
        (_, Some(format)) => format!("{kinds} ({format})"),
        _ => kinds,
    }
}

/// A text without its line breaks in the middle of paragraphs, and without marks for code.
fn words(text: &Value) -> String {
    let text = text.as_str().unwrap_or_default().replace('`', "");
    let paragraphs = text.split("\n\n").map(|one| one.split_whitespace().collect::<Vec<_>>());
    paragraphs.map(|words| words.join(" ")).collect::<Vec<_>>().join("\n\n")
}
