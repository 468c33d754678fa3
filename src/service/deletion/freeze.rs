//! While a deletion is approved and not over, the account rests in the stores that can hold such a
//! mark: nothing new shall come of it, and it can still be taken back.

use jiff::Timestamp;

use super::scope_of;
use crate::db::Tx;
use crate::db::frozen::Frozen;
use crate::domain::erase::EraseScope;
use crate::domain::flag::is_restricted;
use crate::domain::job::Job;
use crate::domain::request::Request;
use crate::domain::subject::SubjectKey;
use crate::ids::RequestId;
use crate::service::{Desk, ServiceError};
use crate::store::restrict::Mark;

/// What one store is to be told.
#[derive(Debug, Clone)]
pub struct FreezeWork {
    /// The keys that the person is known by.
    pub keys: Vec<SubjectKey>,
    /// Whether the account is to rest.
    pub on: bool,
    /// What a column of moments is given.
    pub at: Timestamp,
    ends: bool,
}

impl Desk {
    /// Has the account rest wherever it can, for a deletion of everything. What asks for less never
    /// touches the account.
    pub(in crate::service) async fn freeze(
        &self,
        tx: &Tx,
        request: &Request,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        if scope_of(request) != EraseScope::Everything {
            return Ok(());
        }
        let keys = tx.person_keys(request.id).await?;
        for (name, store) in &*self.stores {
            let can =
                store.restrict().is_some_and(|part| part.marks().contains(&Mark::Restriction));
            if !can {
                continue;
            }
            let frozen = Frozen { store: name.clone(), keys: keys.clone(), ends: false, at: now };
            tx.freeze(request.id, &frozen).await?;
            self.tell_frozen(tx, request.id, name).await?;
        }
        Ok(())
    }

    /// Undoes it, after the deletion was taken back or refused.
    pub(in crate::service) async fn thaw(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<(), ServiceError> {
        tx.end_frozen(request).await?;
        for frozen in tx.frozen_of(request).await? {
            self.tell_frozen(tx, request, &frozen.store).await?;
        }
        Ok(())
    }

    async fn tell_frozen(
        &self,
        tx: &Tx,
        request: RequestId,
        store: &str,
    ) -> Result<(), ServiceError> {
        let job = Job::Freeze { request, store: store.to_owned() };
        Ok(self.enqueue_anew(tx, &job, Some(request)).await?)
    }

    /// What a store is to be told; `None` when there is nothing to tell any more.
    pub async fn freeze_work(
        &self,
        request: RequestId,
        store: &str,
    ) -> Result<Option<FreezeWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let all = tx.frozen_of(request).await?;
        let Some(frozen) = all.into_iter().find(|one| one.store == store) else { return Ok(None) };
        // Whoever had their data restricted before keeps that.
        let said = tx.said_under(&frozen.keys).await?;
        let on = !frozen.ends || is_restricted(&said, self.now());
        let Frozen { keys, ends, at, .. } = frozen;
        Ok(Some(FreezeWork { keys, on, at, ends }))
    }

    /// Keeps that a store was told. Whether it still was the right thing: if not, it is told again.
    pub(crate) async fn freeze_told(
        &self,
        tx: &Tx,
        request: RequestId,
        store: &str,
        work: &FreezeWork,
    ) -> Result<bool, ServiceError> {
        if self.lock_request(tx, request).await?.is_none() {
            return Ok(true);
        }
        let all = tx.frozen_of(request).await?;
        let Some(frozen) = all.into_iter().find(|one| one.store == store) else { return Ok(true) };
        if frozen.ends != work.ends {
            return Ok(false);
        }
        if work.ends {
            tx.drop_frozen(request, Some(store)).await?;
        }
        Ok(true)
    }
}
