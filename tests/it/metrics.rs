//! What Prometheus fetches from the real program.

use reqwest::Method;

use crate::support::exposition::Exposition;
use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::process::Running;

/// A folder whose service tells metrics, and where.
async fn measured() -> (Folder, String) {
    let folder = Folder::shop().await;
    let at = format!("127.0.0.1:{}", free_port());
    folder.replace(
        "rightsdesk.toml",
        "[console]",
        &format!("metrics_listen = \"{at}\"\n[console]"),
    );
    (folder, format!("http://{at}"))
}

async fn scrape(at: &str) -> Exposition {
    Exposition::read(&Visitor::new(at, "en").get("/metrics").await.text)
}

#[tokio::test]
async fn a_request_is_seen_in_the_metrics_from_the_form_to_the_answer() {
    let (folder, at) = measured().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    ada.ready(0);
    let mut visitor = Visitor::new(&desk.base, "en");
    visitor.get("/status/nobody-has-this-token?ada@example.org").await;
    visitor.get("/no/such/page").await;

    let answer = Visitor::new(&at, "en").request(Method::GET, "/metrics").send().await;
    let answer = answer.unwrap();
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.headers()["content-type"], kind);
    let told = Exposition::read(&answer.text().await.unwrap());
    let one =
        |name: &str, labels: &str| assert_eq!(told.value(name, labels).to_string(), "1", "{name}");
    one("rightsdesk_http_requests_total", "route=\"/requests\",method=\"POST\",status=\"3xx\"");
    one("rightsdesk_http_requests_total", "route=\"none\",method=\"GET\",status=\"4xx\"");
    one("rightsdesk_mails_total", "kind=\"verify\",outcome=\"sent\"");
    one("rightsdesk_mails_total", "kind=\"archive_ready\",outcome=\"sent\"");
    one("rightsdesk_database_up", "");
    assert!(told.sum("rightsdesk_jobs_ended_total", "kind=\"gather\",outcome=\"done\"") > 0.0);
    assert!(told.sum("rightsdesk_store_call_duration_seconds_count", "store=\"shop\"") >= 2.0);
    assert_eq!(
        told.value("rightsdesk_jobs", "lane=\"store:shop\",state=\"dead\"").to_string(),
        "0"
    );
    assert!(told.value("process_resident_memory_bytes", "") > 1e6);
    assert!(told.len() > 100, "{}", told.len());

    let elsewhere = Visitor::new(&desk.base, "en").get("/metrics").await;
    assert_eq!(elsewhere.status, 404, "metrics are for their own listener");
    let more = Visitor::new(&at, "en").get("/console/").await;
    assert_eq!(more.status, 404, "and nothing else is");
    assert_eq!(desk.terminate(), Some(0));
}

#[tokio::test]
async fn a_store_that_is_down_and_a_service_in_two_processes_are_seen() {
    let (folder, at) = measured().await;
    std::fs::write(folder.dir.join("maps/shop.db"), "no database at all").unwrap();
    let desk = Running::serve(&folder.dir, &folder.base);
    let _ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    let mut told = scrape(&at).await;
    while told.sum("rightsdesk_store_errors_total", "store=\"shop\"") == 0.0 {
        told = scrape(&at).await;
    }
    assert_eq!(told.sum("rightsdesk_requests_unanswered", "promise=\"on_time\"").to_string(), "1");
}

#[test]
fn traces_without_the_crates_for_them_keep_the_service_from_starting() {
    let folder = Folder::new();
    let mut config = folder.read("rightsdesk.toml");
    config.push_str("[traces]\nurl = \"http://127.0.0.1:4318\"\n");
    folder.write("rightsdesk.toml", &config);
    if cfg!(feature = "otel") {
        return;
    }
    let answer = crate::support::process::run(&folder.dir, &["serve", "--json"]);
    answer.expect(2, &["[traces] url", "--features otel"]);
}
