//! Telling the stores: what is to be set, what came of it, and when all are done.

use jiff::Timestamp;

use super::purposes_of;
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::Task;
use crate::domain::event::Event;
use crate::domain::flag::{Flag, FlagKind, is_restricted, may};
use crate::domain::gather::{Blocker, MAX_KEYS, MAX_ROUNDS, TaskStatus};
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::request::{Assurance, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::{RequestId, TaskId};
use crate::service::{Desk, ServiceError};
use crate::store::Located;
use crate::store::restrict::{Mark, Marked, Restrict};

/// What a store is to be told.
#[derive(Debug, Clone)]
pub struct FlagWork {
    /// The store.
    pub store: String,
    /// Every key of the person that is known.
    pub keys: Vec<SubjectKey>,
    /// The marks that it can hold, and how each is to stand.
    pub marks: Vec<(Mark, bool)>,
    /// What a column of moments is given.
    pub at: Timestamp,
    /// Whether two rows for one key are a question for a human: they may be two people. Whoever
    /// says no is not asked; that a neighbour's data rest too harms nobody.
    pub is_strict: bool,
    /// The furthest round among the keys.
    round: u32,
}

/// Whether stores are being told what holds, or can be told again after trouble.
pub(in crate::service) fn tells_stores(request: &Request) -> bool {
    let open = match request.status {
        Status::Executing => true,
        // A restriction is lifted after its answer.
        Status::Fulfilled => request.right == Right::Restriction,
        _ => false,
    };
    open && request.right.sets_flags() && !request.blockers.contains(&Blocker::TwoPeople)
}

impl Desk {
    /// What the store of a task is to be told; `None` when there is nothing to tell any more.
    pub async fn flag_work(&self, id: TaskId) -> Result<Option<FlagWork>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(seen) = tx.task(id).await? else { return Ok(None) };
        let Some((_, stored)) = self.lock_request(&tx, seen.request).await? else {
            return Ok(None);
        };
        let Some(mut task) = tx.task(id).await? else { return Ok(None) };
        let known = tx.keys_of(task.request).await?;
        let behind = !task.status.is_over() || task.keys_asked < known.len();
        if !tells_stores(&stored.value) || task.status == TaskStatus::Skipped || !behind {
            return Ok(None);
        }
        let keys: Vec<SubjectKey> = known.iter().map(|known| known.key.clone()).collect();
        let flags = tx.said_under(&keys).await?;
        let marks = self.stores.get(&task.store).and_then(|store| store.restrict());
        let marks = marks.map(Restrict::marks).unwrap_or_default();
        let request = &stored.value;
        let work = FlagWork {
            store: task.store.clone(),
            marks: wanted(request, &marks, &flags, now),
            at: now,
            is_strict: !request.starts_at_once() && !request.cleared.contains(&Blocker::TwoPeople),
            round: known.iter().map(|known| known.round).max().unwrap_or(0),
            keys,
        };
        if task.status != TaskStatus::Running {
            task.status = TaskStatus::Running;
            tx.update_task(&task).await?;
            tx.commit().await?;
        }
        Ok(Some(work))
    }

    /// A store knows two people under the keys: nothing is set before a human has looked.
    pub(crate) async fn flags_doubtful(&self, tx: &Tx, id: TaskId) -> Result<(), ServiceError> {
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        let Some((_, stored)) = self.lock_request(tx, seen.request).await? else { return Ok(()) };
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        task.status = TaskStatus::Waiting;
        tx.update_task(&task).await?;
        self.block(tx, stored, Blocker::TwoPeople, self.now()).await
    }

    /// Keeps what a store has told and how its marks stand, as they were read back.
    pub(crate) async fn flags_told(
        &self,
        tx: &Tx,
        id: TaskId,
        work: &FlagWork,
        located: Located,
        read: Marked,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        let Some((mut intake, stored)) = self.lock_request(tx, seen.request).await? else {
            return Ok(());
        };
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        if !tells_stores(&stored.value) || task.status == TaskStatus::Skipped {
            return Ok(());
        }
        let request = stored.value.id;
        task.keys_asked = task.keys_asked.max(work.keys.len());
        task.status = TaskStatus::Done;
        task.goes_well();
        task.tally.rows = read.people;
        tx.update_task(&task).await?;
        if stored.value.assurance > Assurance::None {
            self.list_controllers_of(tx, request, &work.store, &located, now).await?;
        }
        if read.people > 0 {
            let event = Event::by_system("flags.read_back")
                .with("store", &task.store)
                .with("rows", read.people)
                .with("set", read.set);
            tx.insert_event(request, now, &event).await?;
        }
        let new = if work.keys.len() > MAX_KEYS || work.round >= MAX_ROUNDS {
            Vec::new()
        } else {
            further(work, located)
        };
        let mut fresh = Vec::new();
        for key in new {
            if tx.add_key(request, &key, work.round + 1, Some(&work.store)).await? {
                fresh.push(key);
            }
        }
        if stored.value.status == Status::Executing && !fresh.is_empty() {
            let with = tx.make_flag_key().await?;
            self.write_flags(tx, &with, &stored.value, &fresh, now).await?;
        }
        self.settle(tx, &mut intake, stored, now).await
    }

    /// Looks whether all stores are done with a request.
    pub(crate) async fn settle_flags(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<(), ServiceError> {
        let Some((mut intake, stored)) = self.lock_request(tx, request).await? else {
            return Ok(());
        };
        if !tells_stores(&stored.value) {
            return Ok(());
        }
        self.settle(tx, &mut intake, stored, self.now()).await
    }

    /// Tells whoever has not been told under every key; when all have, the word is applied.
    pub(in crate::service) async fn settle(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        mut stored: Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let request = stored.value.id;
        let known = tx.keys_of(request).await?.len();
        let mut open = false;
        for mut task in tx.tasks_of(request).await? {
            open |= !task.status.is_over();
            if task.status == TaskStatus::Done && task.keys_asked < known {
                open = true;
                task.status = TaskStatus::Running;
                tx.update_task(&task).await?;
                self.tell_again(tx, &task, known).await?;
            }
        }
        if open {
            return Ok(());
        }
        // What was found has served; flags are found by their hashes.
        tx.drop_keys(request).await?;
        stored.value.blockers.remove(&Blocker::StoreFailed);
        if stored.value.status == Status::Executing {
            let event = Event::by_system("flags.applied");
            self.advance(tx, intake, &mut [stored], Move::Applied, &event, now).await?;
        } else {
            tx.update_request(&stored).await?;
        }
        Ok(())
    }

    /// Another job for the store of a task.
    pub(in crate::service) async fn tell_again(
        &self,
        tx: &Tx,
        task: &Task,
        keys: usize,
    ) -> Result<(), ServiceError> {
        let job = Job::SetFlags { task: task.id, store: task.store.clone(), keys };
        Ok(self.enqueue_anew(tx, &job, Some(task.request)).await?)
    }
}

/// How the marks that a request is about have to stand, by all that the person has ever said.
fn wanted(request: &Request, marks: &[Mark], flags: &[Flag], now: Timestamp) -> Vec<(Mark, bool)> {
    let purposes = purposes_of(request);
    // A column of a purpose does not say that everything rests; that is another column.
    let said: Vec<Flag> =
        flags.iter().filter(|flag| flag.kind != FlagKind::Restriction).cloned().collect();
    let stand = |mark: &Mark| match mark {
        Mark::Restriction if request.right == Right::Restriction => Some(is_restricted(flags, now)),
        Mark::Stop(purpose) if purposes.contains(purpose) => {
            Some(!may(purpose, &said, now).allowed)
        }
        _ => None,
    };
    marks.iter().filter_map(|mark| Some((mark.clone(), stand(mark)?))).collect()
}

/// The keys that a store knows the person by, and the one spelling of the address that it has.
fn further(work: &FlagWork, located: Located) -> Vec<SubjectKey> {
    let mut keys = located.keys;
    if let ([one], false) = (&located.variants[..], work.is_strict) {
        keys.extend(SubjectKey::new(KeyKind::email(), one.stored.clone()));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flag::Purpose;
    use crate::domain::request::{Channel, NewRequest};
    use crate::ids::{IntakeId, Reference};
    use uuid::Uuid;

    fn request(right: Right, purposes: &[&str]) -> Request {
        let mut request = Request::open(NewRequest {
            id: RequestId(Uuid::nil()),
            intake: IntakeId(Uuid::nil()),
            reference: Reference::parse("R-7F3K9Q2M").unwrap(),
            right,
            on_behalf: false,
            channel: Channel::Form,
            received_at: Timestamp::UNIX_EPOCH,
        });
        request.purposes = purposes.iter().map(|word| (*word).to_owned()).collect();
        request
    }

    fn flag(kind: FlagKind, purpose: Option<&str>) -> Flag {
        Flag {
            kind,
            purpose: purpose.and_then(Purpose::parse),
            from: Timestamp::UNIX_EPOCH,
            until: None,
            lifts_at: None,
        }
    }

    #[test]
    fn a_request_moves_the_marks_it_is_about_and_no_others() {
        let stop = |word| Mark::Stop(Purpose::parse(word).unwrap());
        let marks = [Mark::Restriction, stop("analytics"), stop("marketing")];
        let flags = [flag(FlagKind::OptOut, Some("marketing")), flag(FlagKind::Restriction, None)];
        let now = Timestamp::UNIX_EPOCH;
        let about =
            |right, purposes: &[&str]| wanted(&request(right, purposes), &marks, &flags, now);
        assert_eq!(about(Right::Restriction, &[]), [(Mark::Restriction, true)]);
        assert_eq!(about(Right::OptOut, &["marketing"]), [(stop("marketing"), true)]);
        // What rests is not what was said no to.
        assert_eq!(about(Right::OptIn, &["analytics"]), [(stop("analytics"), false)]);
    }
}
