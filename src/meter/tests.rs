use super::label::MOST_ROUTES;
use super::*;
use crate::meter::gauges::LaneGauge;

fn text(meter: &Meter, gauges: Option<&Gauges>) -> String {
    meter.render(gauges, &Process::default())
}

fn facts(name: &str) -> StoreFacts {
    let map = crate::store::testing::shop_map(
        std::path::Path::new(""),
        "[store.shop.table.t]\nwho = { email = \"m\" }\n",
    );
    StoreFacts { name: name.to_owned(), ..map.stores[0].facts.clone() }
}

#[test]
fn each_thing_that_happens_is_counted_under_its_words() {
    let meter = Meter::default();
    meter.http_request(Some("/status/{token}"), Method::Get).ended(200);
    meter.http_request(None, Method::Other).ended(404);
    meter.job("gather", "store:shop", 1).ended(JobEnd::Retry);
    meter.store(&facts("shop")).call(StoreOp::Page).ended(Some("timeout"));
    meter.store(&facts("shop")).call(StoreOp::Page).ended(None);
    meter.mail(MailKind::Verify, MailEnd::Deferred, Some("busy"));
    meter.answer(PromiseState::Kept);
    meter.storage_error("archives", "put", "denied");
    let told = text(&meter, None);
    for line in [
        r#"rightsdesk_http_requests_total{route="/status/{token}",method="GET",status="2xx"} 1"#,
        r#"rightsdesk_http_requests_total{route="none",method="other",status="4xx"} 1"#,
        r#"rightsdesk_jobs_ended_total{kind="gather",outcome="retry"} 1"#,
        r#"rightsdesk_job_duration_seconds_count{kind="gather"} 1"#,
        r#"rightsdesk_store_call_duration_seconds_count{store="shop",operation="page"} 2"#,
        r#"rightsdesk_store_errors_total{store="shop",operation="page",code="timeout"} 1"#,
        r#"rightsdesk_mails_total{kind="verify",outcome="deferred"} 1"#,
        r#"rightsdesk_mail_errors_total{code="busy"} 1"#,
        r#"rightsdesk_answers_total{promise="kept"} 1"#,
        r#"rightsdesk_storage_errors_total{place="archives",op="put",code="denied"} 1"#,
        "rightsdesk_database_up 0",
        "process_start_time_seconds 0",
    ] {
        assert!(told.contains(&format!("{line}\n")), "no {line} in\n{told}");
    }
    assert!(told.ends_with("# EOF\n"));
    assert!(!told.contains("rightsdesk_jobs{"), "what is not known is not zero");
    assert!(!told.contains("rightsdesk_audit"), "what was never signed is not zero");
}

#[test]
fn lanes_of_stores_that_no_map_names_are_one() {
    let meter = Meter::default();
    meter.store(&facts("shop"));
    meter.webhook_endpoint("crm");
    let lane = |name: &str, waiting| LaneGauge {
        lane: name.to_owned(),
        waiting,
        oldest: Duration::from_millis(1_500 * waiting),
        ..LaneGauge::default()
    };
    let lanes =
        [("mail", 1), ("store:shop", 2), ("webhook:crm", 5), ("store:gone", 3), ("ada@x", 4)];
    let lanes = lanes.map(|(name, waiting)| lane(name, waiting)).to_vec();
    let told = text(&meter, Some(&Gauges { lanes, ..Gauges::default() }));
    for line in [
        r#"rightsdesk_jobs{lane="mail",state="waiting"} 1"#,
        r#"rightsdesk_jobs{lane="store:shop",state="waiting"} 2"#,
        r#"rightsdesk_jobs{lane="webhook:crm",state="waiting"} 5"#,
        r#"rightsdesk_jobs{lane="other",state="waiting"} 7"#,
        r#"rightsdesk_jobs{lane="other",state="dead"} 0"#,
        r#"rightsdesk_job_oldest_seconds{lane="other"} 6.0"#,
        "rightsdesk_database_up 1",
    ] {
        assert!(told.contains(&format!("{line}\n")), "no {line} in\n{told}");
    }
    assert!(!told.contains("gone") && !told.contains("ada"), "{told}");
}

#[test]
fn what_is_no_template_of_ours_becomes_no_label_and_routes_have_a_bound() {
    let meter = Meter::default();
    for odd in ["status", "/Ada", "/a@b", "/a b", "/a%20b", "/requests/73921", "/\"\n", "/é"] {
        meter.http_request(Some(odd), Method::Get).ended(200);
    }
    meter.http_request(Some(&format!("/{}", "a".repeat(200))), Method::Get).ended(200);
    let told = text(&meter, None);
    let other = r#"rightsdesk_http_requests_total{route="other",method="GET",status="2xx"} 9"#;
    assert!(told.contains(other), "{told}");
    let letters = |n: usize| -> String {
        let digit = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        [digit(n), digit(n / 26)].into_iter().collect()
    };
    for n in 0..2 * 26 * 10 {
        meter.http_request(Some(&format!("/{}", letters(n))), Method::Get).ended(200);
    }
    let told = text(&meter, None);
    let routes = told.lines().filter(|line| line.starts_with("rightsdesk_http_requests_total"));
    assert_eq!(routes.count(), MOST_ROUTES + 1);
}

#[test]
fn the_trail_is_told_once_it_is_signed_or_broken() {
    let meter = Meter::default();
    meter.signed(12);
    meter.signed_at("2026-03-01T12:00:00Z".parse().unwrap());
    let told = text(&meter, None);
    assert!(told.contains("rightsdesk_audit_signed_lines 12\n"), "{told}");
    assert!(told.contains("rightsdesk_audit_signed_timestamp_seconds 1772366400\n"), "{told}");
    assert!(told.contains("rightsdesk_audit_broken 0\n"), "{told}");
    meter.trail_broken();
    assert!(text(&meter, None).contains("rightsdesk_audit_broken 1\n"));
}
