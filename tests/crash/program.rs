//! P24: a program hands in requests while processes die. A call with a key is carried out once, however
//! often it is made, and answered with the same bytes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::dice::Dice;
use crate::house::House;

/// Calls of one key, beside the first.
const AGAIN: u64 = 3;

/// A call and what came of it, each time it was made.
#[derive(Debug)]
struct Call {
    key: String,
    body: String,
    /// The bytes of every 201.
    made: BTreeSet<String>,
    /// What should not have been answered.
    wrong: Vec<String>,
    /// Whether it may have been carried out without our knowing.
    perhaps: bool,
}

/// A program at work.
pub(crate) struct Program {
    http: Http,
    stop: Arc<AtomicBool>,
    work: JoinSet<Vec<Call>>,
}

#[derive(Clone)]
struct Http {
    client: reqwest::Client,
    token: String,
}

impl Http {
    /// Status and body; `None` when nobody can say.
    async fn post(&self, port: u16, key: &str, body: &str) -> Option<(u16, String)> {
        let answer = self
            .client
            .post(format!("http://127.0.0.1:{port}/api/v1/requests"))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_owned())
            .send()
            .await
            .ok()?;
        let status = answer.status().as_u16();
        // A process that is just being killed may still say that something failed.
        Some((status, answer.text().await.ok()?)).filter(|(status, _)| *status < 500)
    }
}

impl Program {
    /// It begins.
    pub(crate) fn begin(house: &Arc<House>) -> Self {
        let scopes = ["--scope", "requests:create", "--scope", "requests:assert"];
        let mut create =
            vec!["--json", "token", "create", "program", "--requests-a-day", "1000000"];
        create.extend(scopes);
        let made: Value = house.command(&create).json();
        let token = made["token"].as_str().unwrap().to_owned();
        let client = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(40))
            .build()
            .unwrap();
        let http = Http { client, token };
        let stop = Arc::new(AtomicBool::new(false));
        let mut work = JoinSet::new();
        let (http_at_work, stop_at_work, house) =
            (http.clone(), Arc::clone(&stop), Arc::clone(house));
        work.spawn(async move {
            let dice = house.dice.branch(24);
            let mut calls = Vec::new();
            while !stop_at_work.load(Ordering::SeqCst) {
                calls.push(call(&house, &http_at_work, &dice, calls.len()).await);
                // So seldom that people get their share of the two cores of a machine for tests.
                tokio::time::sleep(dice.millis(300, 1_200)).await;
            }
            calls
        });
        Self { http, stop, work }
    }

    /// It ends; when all is quiet, everything it was told must be true.
    pub(crate) async fn end(mut self) -> Told {
        self.stop.store(true, Ordering::SeqCst);
        let calls = self.work.join_next().await.unwrap().unwrap();
        Told { http: self.http, calls }
    }
}

/// What a program was told.
pub(crate) struct Told {
    http: Http,
    calls: Vec<Call>,
}

async fn call(house: &House, http: &Http, dice: &Dice, number: usize) -> Call {
    let body = |subject: String| {
        let who = json!({ "user": subject });
        json!({"right": "export", "verification": "asserted", "identifiers": who}).to_string()
    };
    let mut call = Call {
        key: format!("call-{number}"),
        body: body((9_000_000 + number).to_string()),
        made: BTreeSet::new(),
        wrong: Vec::new(),
        perhaps: false,
    };
    let port = || *dice.pick(&house.ports());
    for _ in 0..=dice.below(AGAIN) {
        let answers = if dice.percent(30) {
            let (one, other) = join(
                http.post(port(), &call.key, &call.body),
                http.post(port(), &call.key, &call.body),
            )
            .await;
            vec![one, other]
        } else {
            vec![http.post(port(), &call.key, &call.body).await]
        };
        for answer in answers {
            match answer {
                None => call.perhaps = true,
                Some((201, text)) => drop(call.made.insert(text)),
                Some((409, _)) => {}
                Some(other) => call.wrong.push(format!("{other:?}")),
            }
        }
    }
    if !call.made.is_empty() && dice.percent(30) {
        let other = http.post(port(), &call.key, &body("8000000".to_owned())).await;
        call.wrong.extend(other.filter(|(status, _)| *status != 422).map(|it| format!("{it:?}")));
    }
    call
}

impl Told {
    /// Each call was carried out once or, where nobody can say, once at most; and says the same again.
    pub(crate) async fn holds(&self, house: &House) {
        let mut wrong = Vec::new();
        let made = "SELECT reference, status FROM request WHERE created_by IS NOT NULL";
        let rows = house.database.rows(made).await;
        for call in &self.calls {
            let Some(first) = call.made.first() else { continue };
            let told: Value = serde_json::from_str(first).unwrap();
            let there = rows.iter().find(|row| told["reference"] == *row[0]);
            let well = there.is_some_and(|row| row[1] == "fulfilled");
            if call.made.len() > 1 || !call.wrong.is_empty() || !well {
                wrong.push(format!("{call:?}: {there:?}"));
            }
        }
        let port = house.ports()[0];
        for call in self.calls.iter().rev().take(40).filter(|call| !call.made.is_empty()) {
            let again = self.http.post(port, &call.key, &call.body).await;
            if again.as_ref().map(|(status, text)| (*status, text))
                != call.made.first().map(|text| (201, text))
            {
                wrong.push(format!("{call:?} says later {again:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), house.logs());
        let sure = self.calls.iter().filter(|call| !call.made.is_empty()).count();
        let perhaps = self.calls.iter().filter(|call| call.made.is_empty() && call.perhaps).count();
        assert!((sure..=sure + perhaps).contains(&rows.len()), "{} of {sure} calls", rows.len());
        assert!(sure > 0, "a program that never got through proves nothing");
        println!("{sure} calls of a program, {} requests", rows.len());
    }
}
