//! Doing jobs one kind after the other, where some have to wait.

use super::*;

impl House {
    /// Claims the job of a kind that is due; others are put back.
    pub(super) async fn one_of(&self, kind: &str) -> Claimed {
        let mut aside = Vec::new();
        loop {
            let claimed = self.claim(&self.lanes, HOUR).await.expect("such a job is due");
            if claimed.kind == kind {
                self.put_back(aside).await;
                return claimed;
            }
            aside.push(claimed);
        }
    }

    /// Does every job until none is due, but so many steps of deletions at most; what has to wait is
    /// tried once.
    pub(super) async fn settle(&self, mut steps: usize) {
        let (mut aside, mut waited) = (Vec::new(), Vec::new());
        while let Some(claimed) = self.claim(&self.lanes, HOUR).await {
            let step = claimed.kind == "erase_step";
            if waited.contains(&claimed.id) || (step && steps == 0) {
                aside.push(claimed);
                continue;
            }
            match self.attend(&claimed).await {
                None => steps -= usize::from(step),
                Some(JobError::Wait { .. }) => waited.push(claimed.id),
                Some(other) => panic!("{other:?} of {}", claimed.kind),
            }
        }
        self.put_back(aside).await;
    }

    async fn put_back(&self, aside: Vec<Claimed>) {
        for claimed in aside {
            let tx = self.worker.db.begin().await.unwrap();
            job::release(&tx, &claimed).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}
