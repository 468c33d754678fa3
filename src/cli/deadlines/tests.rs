use super::*;

const VECTORS: &str = include_str!("../../../tests/vectors/deadlines.json");

/// The answer to one input, with the calendars of the vectors.
fn one_input(input: &Value) -> Value {
    let whole: Value = serde_json::from_str(VECTORS).unwrap();
    let typed = json!({
        "calendars": whole["calendars"], "vectors": [{ "id": "X", "input": input }],
    });
    let (results, _) = answer(&typed.to_string(), None).unwrap();
    results[0].clone()
}

#[test]
fn every_vector_has_its_dates() {
    let whole: Value = serde_json::from_str(VECTORS).unwrap();
    let (results, wrong) = answer(VECTORS, None).unwrap();
    let vectors = whole["vectors"].as_array().unwrap();
    assert_eq!((results.len(), wrong), (vectors.len(), 0));
    for (vector, result) in vectors.iter().zip(&results) {
        assert_eq!(vector["id"], result["id"]);
        for (name, expected) in vector["expect"].as_object().unwrap() {
            assert_eq!(&result["expect"][name], expected, "{} {name}", vector["id"]);
        }
    }
}

/// The vectors name every part of an answer, save one that is about a single part.
#[test]
fn an_answer_has_no_more_parts_than_the_contract_names() {
    let whole: Value = serde_json::from_str(VECTORS).unwrap();
    let (results, _) = answer(VECTORS, None).unwrap();
    for (vector, result) in whole["vectors"].as_array().unwrap().iter().zip(&results) {
        if vector["id"] != "V36" {
            assert_eq!(result["expect"], vector["expect"], "{}", vector["id"]);
        }
    }
}

#[test]
fn the_laws_without_a_vector_have_their_dates() {
    for (input, expect) in [
        (
            json!({ "regime": "us_co", "received_date": "2026-05-29", "appeal_received": "2026-08-03" }),
            json!({ "respond": "2026-07-13", "extended": "2026-08-27", "appeal": "2026-09-17", "appeal_extended": "2026-11-16" }),
        ),
        (
            json!({ "regime": "us_ia", "received_date": "2026-05-29" }),
            json!({ "respond": "2026-08-27", "extended": "2026-10-11" }),
        ),
        (
            json!({ "regime": "us_ct_consent_revocation", "received_date": "2026-12-20" }),
            json!({ "cease_15d": "2027-01-04" }),
        ),
        (
            json!({ "regime": "br_lgpd_small", "received_date": "2026-02-10" }),
            json!({ "simplified": "immediately", "full": "2026-03-12" }),
        ),
        (
            json!({ "regime": "ca_qc", "received_date": "2026-02-10" }),
            json!({ "respond": "2026-03-12" }),
        ),
        (
            json!({ "regime": "ca_pipeda", "received_date": "2026-02-10" }),
            json!({ "respond": "2026-03-12", "extended": "2026-04-11" }),
        ),
        (
            json!({ "regime": "drop_processing", "downloaded": "2026-08-01" }),
            json!({ "act_and_report": "2026-09-15" }),
        ),
        (
            json!({ "regime": "ccpa_gpc", "received_date": "2026-12-18", "holidays": ["2026-12-25"] }),
            json!({ "effect_15bd": "2027-01-11" }),
        ),
        (
            json!({ "regime": "ccpa", "zone": "America/Los_Angeles", "received_date": "2026-01-05",
                    "holidays": [], "extension_notice_local": "2026-02-20T00:00" }),
            json!({ "ack_10bd": "2026-01-19", "respond": "2026-02-19", "respond_safe": "2026-02-18",
                    "extension_valid": "no", "overdue_from": "2026-02-20T08:00Z" }),
        ),
        (
            json!({ "regime": "sla_72h", "zone": "Asia/Kolkata", "received_at": "2026-03-28T20:00:59Z" }),
            json!({ "due_local": "2026-04-01T01:30+05:30", "due_utc": "2026-03-31T20:00Z" }),
        ),
        (
            // In the night of 25 October this time is there twice; the first counts.
            json!({ "regime": "sla_72h", "zone": "Europe/Berlin", "received_local": "2026-10-25T02:30" }),
            json!({ "due_local": "2026-10-28T01:30+01:00", "due_utc": "2026-10-28T00:30Z" }),
        ),
    ] {
        assert_eq!(one_input(&input)["expect"], expect, "{input}");
    }
}

#[test]
fn what_cannot_be_computed_says_why() {
    let whole = json!({
        "regime": "eu_gdpr", "zone": "Europe/Berlin", "calendar": "DE", "received_date": "2026-03-05",
    });
    for (name, value) in [
        ("regime", json!("gdpr")),
        ("regime", Value::Null),
        ("zone", json!("Europe/Nowhere")),
        ("zone", Value::Null),
        ("calendar", json!("XX")),
        ("calendar", Value::Null),
        ("received_date", json!("2026-02-30")),
        ("received_date", json!("2026-3-5")),
        ("received_date", json!(20_260_305)),
        ("received_date", Value::Null),
        ("received_at", json!("2026-03-07T10:00:00Z")),
        ("received_at", json!("2026-03-05T10:00:00")),
        ("received_local", json!("2026-03-05")),
        ("extension_notice_local", json!("2026-03-20T10:00Z")),
        ("extension_notice_local", json!("2026-02-29T10:00")),
        ("eu_identity_pause", json!("perhaps")),
        ("business_week", json!("all")),
        ("clarification", json!([["2026-03-10"]])),
        ("clarification", json!([["2026-03-12", "2026-03-10"]])),
        ("holidays", json!(["2026-13-01"])),
        ("id_requested", json!("2026-03-01")),
        ("calender", json!("DE")),
    ] {
        let mut input = whole.clone();
        input[name] = value.clone();
        let result = one_input(&input);
        assert!(result["error"].is_string(), "{name} {value}: {result}");
        assert_eq!(result["id"], "X");
    }
    assert!(one_input(&whole)["error"].is_null());
}

#[test]
fn one_wrong_vector_leaves_the_others_right() {
    let typed = json!({ "vectors": [
        { "id": 1, "input": { "regime": "us_tx", "received_date": "2026-01-01" } },
        { "id": 2, "input": { "regime": "us_tx" } },
        { "input": {} },
        3,
    ]});
    let (results, wrong) = answer(&typed.to_string(), None).unwrap();
    assert_eq!(wrong, 3);
    assert_eq!(results[0]["expect"]["respond"], "2026-02-15");
    assert_eq!(results[1]["id"], 2);
    assert!(answer("[]", None).is_err() && answer("{", None).is_err());
}

#[test]
fn our_own_calendars_stand_in_where_none_is_given() {
    let typed = json!({ "vectors": [{ "id": "a", "input": {
        "regime": "eu_gdpr", "zone": "Europe/Berlin", "calendar": "DE-BY", "received_date": "2026-05-04",
    }}]});
    let (results, _) = answer(&typed.to_string(), Some(Language::En)).unwrap();
    assert_eq!(results[0]["expect"]["respond"], "2026-06-05");
    let steps = results[0]["why"]["respond"]["steps"].to_string();
    assert!(steps.contains("Thursday, 4 June 2026 is a holiday"), "{steps}");
}
