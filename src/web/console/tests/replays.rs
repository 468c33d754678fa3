//! The page for the time after a restore.

use super::*;
use crate::domain::erase::{ErasePart, Method, RowId};
use crate::domain::received::{Lost, LostState};
use crate::domain::replay::{
    LeftWhy, Replay, ReplayLeft, ReplayLine, ReplayState, ReplayStep, StepFate, digest,
};
use crate::domain::right::Right;
use crate::ids::{Reference, ReplayId, StepId};

const PAGE: &str = "/console/replays";

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

impl Office {
    /// A plan that waits, and a request that is lost.
    async fn after_a_restore(&self) -> Replay {
        let now = self.clock.now();
        let step = ReplayStep {
            id: StepId(uuid::Uuid::from_u128(2)),
            reference: "R-22222222".into(),
            at: now,
            categories: None,
            store: "shop".into(),
            part: ErasePart {
                collection: "person".into(),
                method: Method::Mask,
                fields: vec!["name".into()],
                rows: vec![RowId("[{\"I\":1}]".into())],
            },
            marks: vec!["m".into()],
            people: Vec::new(),
            files: Vec::new(),
            keys: vec![("email".into(), "person@example.org".into())],
        };
        let left = |why: &LeftWhy| ReplayLeft {
            reference: "R-22222222".into(),
            store: "shop".into(),
            collection: format!("{why}_table"),
            why: *why,
            rows: 2,
        };
        let line = |fate: &StepFate| ReplayLine {
            reference: "R-22222222".into(),
            store: "shop".into(),
            collection: "person".into(),
            method: Method::Mask,
            rows: 1,
            fate: *fate,
        };
        let steps = [step];
        let replay = Replay {
            id: ReplayId(uuid::Uuid::from_u128(1)),
            since: now,
            made_at: now,
            digest: digest(&steps),
            state: ReplayState::Waiting,
            lines: StepFate::ALL.iter().map(line).collect(),
            left: LeftWhy::ALL.iter().map(left).collect(),
            approved_by: None,
            approved_at: None,
            done_at: None,
        };
        let tx = self.db.begin().await.unwrap();
        tx.insert_replay(&replay, &steps).await.unwrap();
        assert_eq!(tx.replay_steps(replay.id).await.unwrap().unwrap(), steps);
        for (name, deleted) in [("R-33333333", false), ("R-44444444", true)] {
            let lost = Lost {
                reference: reference(name),
                right: Right::Access,
                received_at: now,
                address: String::new(),
                deleted,
                state: LostState::Waiting,
                entered: None,
                settled_by: None,
                settled_at: None,
            };
            tx.insert_lost(&lost).await.unwrap();
        }
        tx.commit().await.unwrap();
        replay
    }
}

#[tokio::test]
async fn the_page_says_what_goes_again_what_stays_and_what_was_lost() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&ada).await;
    browser.get(PAGE).await.says(200, "Nothing was looked for.");
    let replay = office.after_a_restore().await;
    let shown = browser.get(PAGE).await;
    for words in [
        "Deletions since",
        "waits for an officer",
        "gone, and looked at",
        "person’s own row is another one",
        "2 rows",
        "Approve exactly this plan",
        replay.digest.short(),
        "R-33333333",
        "the deletion was carried out",
        "nothing is deleted",
    ] {
        shown.says(200, words);
    }
    assert!(!shown.body.contains("person@"), "{}", shown.body);
    browser.get(&format!("{PAGE}?lang=de")).await.says(200, "wartet auf eine Freigabe");
    let auditor = office.hire("eve@example.org", &[Role::Auditor]).await;
    let other = office.signed_in(&auditor).await.get(&format!("{PAGE}?lang=en")).await;
    assert!(other.status == 200 && !other.body.contains("Approve exactly this plan"));
}

#[tokio::test]
async fn lost_requests_are_settled_and_then_a_plan_is_approved_by_its_digest() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&ada).await;
    let replay = office.after_a_restore().await;
    let approve = format!("{PAGE}/{}/approve", replay.id);
    let digest = [("digest", replay.digest.as_str())];
    browser.post(&approve, &digest).await.says(409, "Nothing is let out at the moment");
    let lost = "/console/lost/R-33333333/settle";
    browser.post(lost, &[("entered", "nonsense")]).await.says(422, "R-33333333");
    browser.post(lost, &[("entered", "R-55555555")]).await.says(422, "R-33333333");
    assert_eq!(browser.post(lost, &[]).await.location(), PAGE);
    browser.post(lost, &[]).await.says(409, "R-33333333");
    let other = browser.post("/console/lost/R-44444444/settle", &[("entered", "")]).await;
    assert_eq!(other.location(), PAGE);
    browser.get(PAGE).await.says(200, "settled: nothing to enter");
    browser.post(&approve, &[("digest", &"0".repeat(64))]).await.says(409, "R-22222222");
    assert_eq!(browser.post(&approve, &[]).await.status, 422);
    let to = browser.post(&approve, &digest).await.location();
    browser.get(&to).await.says(200, "Approved. It is deleted again");
    browser.get(PAGE).await.says(200, "being carried out");
    browser.post(&approve, &digest).await.says(409, "being carried out");
    let nothing = format!("{PAGE}/00000000-0000-0000-0000-000000000000/approve");
    browser.post(&nothing, &digest).await.says(404, "no such page");
}
