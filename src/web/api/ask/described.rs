//! What the description says of a new request where its types have no word for it.

use serde_json::json;

use super::KEYS;
use crate::domain::category::CATEGORIES;
use crate::domain::correction::{FIELD_LENGTH, MOST_CHANGES, VALUE_LENGTH};
use crate::domain::right::Right;
use crate::domain::scope;
use crate::web::api::typed::REFUSED;

/// Which kinds and values there are of `identifiers`.
pub(in crate::web::api) fn identifiers(described: &serde_json::Value) -> serde_json::Value {
    json!({
        "type": ["object", "null"],
        "description": described["description"],
        "maxProperties": KEYS,
        "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,40}$" },
        "additionalProperties": {
            "type": "string",
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]{1,200}$",
        },
    })
}

/// What an [`AskedChange`] takes.
pub(in crate::web::api) fn change() -> serde_json::Value {
    let plain = |most: usize, line: &str| {
        json!({
            "type": "string",
            "pattern": format!("^[^{REFUSED}{line}]*[^{REFUSED}\\s][^{REFUSED}{line}]*$"),
            "minLength": 1,
            "maxLength": most,
        })
    };
    json!({ "field": plain(FIELD_LENGTH, "\\n\\t"), "value": plain(VALUE_LENGTH, "") })
}

/// That changes stand in a correction, and nowhere else.
pub(in crate::web::api) fn changes_where_corrected() -> serde_json::Value {
    let others: Vec<&str> = Right::ALL
        .iter()
        .filter(|one| **one != Right::Correction)
        .map(|one| one.as_str())
        .collect();
    json!([
        {
            "required": ["changes"],
            "properties": {
                "right": { "const": Right::Correction.as_str() },
                "changes": { "type": "array", "minItems": 1, "maxItems": MOST_CHANGES },
            },
        },
        { "properties": { "right": { "enum": others }, "changes": { "maxItems": 0 } } },
    ])
}

/// What has to stand together in a [`NewRequest`]: an address for a code, or somebody vouched for.
pub(in crate::web::api) fn together() -> serde_json::Value {
    let asserted = |needed: &str, kind: serde_json::Value| {
        json!({
            "required": ["verification", needed],
            "properties": { "verification": { "const": "asserted" }, needed: kind },
        })
    };
    json!([
        {
            "required": ["email"],
            "properties": {
                "email": { "type": "string" },
                "verification": { "enum": ["mail", null] },
                "identifiers": { "maxProperties": 0 },
            },
        },
        {
            "required": ["right", "identifiers"],
            "properties": {
                "right": { "enum": ["opt_out", "limit", "consent_withdrawal"] },
                "verification": { "enum": ["mail", null] },
                "identifiers": { "type": "object", "minProperties": 1 },
            },
        },
        asserted("email", json!({ "type": "string" })),
        asserted("identifiers", json!({ "type": "object", "minProperties": 1 })),
    ])
}

/// What `purposes` may be for which right: some are about none, some have to name theirs.
pub(in crate::web::api) fn purposes() -> serde_json::Value {
    let words = |fits: fn(Right) -> bool| -> Vec<&str> {
        Right::ALL.iter().filter(|right| fits(**right)).map(|right| right.as_str()).collect()
    };
    let none = words(|right| !right.has_purposes());
    let maybe = words(|right| right.has_purposes() && !right.meant().is_empty());
    let named = words(|right| right.has_purposes() && right.meant().is_empty());
    json!([
        { "properties": { "right": { "enum": none }, "purposes": { "maxItems": 0 } } },
        { "properties": { "right": { "enum": maybe } } },
        {
            "required": ["purposes"],
            "properties": {
                "right": { "enum": named },
                "purposes": { "type": "array", "minItems": 1 },
            },
        },
    ])
}

/// What has to stand in a lookup: an address, or a key.
pub(in crate::web::api) fn somebody() -> serde_json::Value {
    json!([
        { "required": ["email"], "properties": { "email": { "type": "string" } } },
        {
            "required": ["identifiers"],
            "properties": { "identifiers": { "type": "object", "minProperties": 1 } },
        },
    ])
}

/// What has to stand where data of a child were found: a request, or else an address or a key.
pub(in crate::web::api) fn child_found() -> serde_json::Value {
    let elsewhere = |needed: &str, kind: serde_json::Value| {
        json!({
            "required": [needed],
            "properties": { "request": { "type": "null" }, needed: kind },
        })
    };
    json!([
        {
            "required": ["request"],
            "properties": {
                "request": { "type": "string" },
                "email": { "type": "null" },
                "identifiers": { "maxProperties": 0 },
            },
        },
        elsewhere("email", json!({ "type": "string" })),
        elsewhere("identifiers", json!({ "type": "object", "minProperties": 1 })),
    ])
}

/// What `scope` may be for which right: a deletion has to name it, the others know one word.
pub(in crate::web::api) fn scopes(rights: &serde_json::Value) -> serde_json::Value {
    let part = r"[^/\u0000-\u001f\u007f-\u009f]*[^/\s\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*";
    let rest = r"[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*";
    let list = |name: &str, most: usize, item: serde_json::Value| {
        json!({
            "type": "object",
            "required": [name],
            "additionalProperties": false,
            "properties": { name: { "type": "array", "minItems": 1, "maxItems": most, "items": item } },
        })
    };
    let item = json!({ "type": "string", "maxLength": scope::ITEM_LENGTH, "pattern": format!("^{part}/{part}/{rest}$") });
    let chosen = json!([
        { "const": "everything" },
        list("categories", scope::MAX_CATEGORIES, json!({ "enum": CATEGORIES })),
        list("items", scope::MAX_ITEMS, item),
    ]);
    let others: Vec<&serde_json::Value> =
        rights.as_array().into_iter().flatten().filter(|right| *right != "deletion").collect();
    json!([
        { "properties": { "right": { "enum": others }, "scope": { "enum": ["everything", null] } } },
        {
            "required": ["scope"],
            "properties": { "right": { "const": "deletion" }, "scope": { "anyOf": chosen } },
        },
    ])
}
