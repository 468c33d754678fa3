//! SIGKILL at random moments.

use std::sync::Arc;

use crate::check;
use crate::house::{House, Plan};
use crate::program::Program;
use crate::quiet;
use crate::run;
use crate::support::{not_run, setting};

async fn survives(plan: Plan) {
    let many = setting("RIGHTSDESK_TEST_KILLS").map_or(25, |many| many.parse().unwrap());
    let house = Arc::new(House::open(Plan { people: 60 + 6 * many, ..plan }).await);
    let outside = check::audit::Outside::new();
    let program = Program::begin(&house);
    let stories = run::kills(&house, many).await;
    let told = program.end().await;
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &stories, &outside).await;
    told.holds(&house).await;
    Arc::into_inner(house).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_kills_lose_nothing_on_sqlite() {
    survives(Plan { name: "random_sqlite", ..Plan::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_kills_of_three_processes_lose_nothing_on_postgres() {
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    survives(Plan { name: "random_postgres", postgres: Some(server), ..Plan::default() }).await;
}
