//! Whatever staff do in whatever order: what is held or rests does not leave.

use super::*;
use crate::db::archive::ArchiveState;
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::gather::{Blocker, SkipReason};
use crate::ids::{Entropy, SeededEntropy};

impl Office {
    /// Does whatever jobs are due for a request, as far as they come.
    async fn work(&self, id: RequestId) {
        for task in self.tasks(id).await {
            if let Some(work) = self.desk.locate_work(task.id).await.unwrap() {
                let told = self.shop.locate(&work.keys).await.unwrap();
                let tx = self.db.begin().await.unwrap();
                self.desk.located(&tx, task.id, &work, told).await.unwrap();
                tx.commit().await.unwrap();
            }
            if let Some(work) = self.desk.gather_work(task.id).await.unwrap() {
                let read = Read { tally: Tally { rows: 1, ..Tally::default() }, ..Read::default() };
                let tx = self.db.begin().await.unwrap();
                self.desk.store_gathered(&tx, &work, Some(read)).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let archive = self.archive(id).await;
        if self.desk.finish_work(archive.id).await.unwrap().is_some() {
            self.finish(id).await;
        }
    }

    /// Something that somebody may do next.
    async fn act(&self, choice: u8, case: &Case) {
        let (desk, by, at, words) = (&self.desk, self.officer(), &case.reference, text("because"));
        let deed = match choice % 24 {
            0 | 1 | 13 => desk.hold(&by, at, desk.now() + days(9), &words).await,
            2 | 14 => desk.lift_hold(&by, at, &words).await,
            3 | 15 | 16 => desk.pause(&by, at, PauseGround::AskedPerson, None).await,
            4 | 17 => desk.go_on(&by, at).await,
            5 | 6 | 18 => desk.release(&by, at).await,
            7 => desk.retry(&by, at, None).await,
            8 => desk.skip(&by, at, "shop", SkipReason::ShutDown, None).await,
            9 => desk.clear(&by, at, Blocker::TwoPeople, &words).await,
            10 => {
                let ground = RefusalGround::Excessive;
                desk.refuse(&by, at, ground, &words).await
            }
            11 => desk.mark_spam(&by, at).await,
            _ => desk.note(&by, at, &words).await,
        };
        assert!(deed.is_ok(), "{choice}: {deed:?}");
        self.pass(minutes(1));
    }
}

db_test!(what_is_held_never_leaves_and_what_rests_leaves_by_refusal_alone, |db| async move {
    let mut settings = settings();
    settings.review.access = Review::Staff;
    let office = Office::with(db, settings);
    let random: &dyn Entropy = &SeededEntropy::new(20);
    let (mut held, mut rested, mut left) = (0, 0, 0);
    for turn in 0..25 {
        // An export goes out without anybody who looks.
        let right = if turn % 2 == 0 { Right::Access } else { Right::Export };
        let case = office.open(&format!("person{turn}@example.org"), &[right]).await;
        office.send().await;
        let choices: [u8; 14] = random.bytes();
        for choice in choices {
            office.act(choice, &case).await;
            let before = office.request(&case.reference).await;
            if choice > 100 {
                office.work(case.id).await;
            }
            let mails = office.send().await;
            let after = office.request(&case.reference).await;
            let ready = office.archive(case.id).await.state == ArchiveState::Ready;
            let answer = mails.iter().find(|mail| mail.kind.is_answer());
            left += usize::from(answer.is_some());
            if before.hold.is_some() {
                held += 1;
                assert!(answer.is_none() && !ready, "{turn}: {before:?}");
                assert_eq!((after.status.is_closed(), after.answered_at), (false, None), "{turn}");
            }
            if before.pause.is_some() {
                rested += 1;
                assert!(answer.is_none() && !ready, "{turn}: {before:?}");
                assert_eq!(after.answered_at, None, "{turn}");
            }
            if after.spam {
                assert_eq!((answer.map(|mail| mail.kind), after.answered_at), (None, None));
            }
        }
    }
    assert!(held > 20 && rested > 20 && left > 5, "{held} {rested} {left}");
});
