//! Rounds of keys: every store is asked who the person is, with every key once, until no store
//! knows a further one. Nothing is read before that, so two people behind one key are noticed while
//! nothing has left any store. See `docs/adr/0001-rounds-of-keys-before-gathering.md`.

use jiff::Timestamp;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::{KnownKey, Phase, Task};
use crate::domain::address::EmailAddress;
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, MAX_KEYS, MAX_ROUNDS, TaskStatus};
use crate::domain::job::Job;
use crate::domain::request::{Intake, Request};
use crate::domain::state::{Move, Status};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::TaskId;
use crate::store::{CaseVariant, Located};

/// What a store is to be asked.
#[derive(Debug, Clone)]
pub struct LocateWork {
    /// The store.
    pub store: String,
    /// The keys it has not been asked yet; those of kinds it does not know among them.
    pub keys: Vec<SubjectKey>,
    /// How many keys it has been asked after this.
    upto: usize,
    /// The furthest round among `keys`.
    round: u32,
}

impl Desk {
    /// What the store of a task is to be asked now; `None` when there is nothing to ask any more.
    pub async fn locate_work(&self, id: TaskId) -> Result<Option<LocateWork>, ServiceError> {
        let tx = self.db.begin().await?;
        let Some(mut task) = tx.task(id).await? else { return Ok(None) };
        let Some(stored) = tx.request(task.request).await? else { return Ok(None) };
        if !gathers(&stored.value) || task.phase != Phase::Locate {
            return Ok(None);
        }
        let keys = tx.keys_of(task.request).await?;
        let fresh: Vec<KnownKey> = keys.iter().skip(task.keys_asked).cloned().collect();
        if fresh.is_empty() {
            return Ok(None);
        }
        if task.status == TaskStatus::Waiting {
            task.status = TaskStatus::Running;
            tx.update_task(&task).await?;
            tx.commit().await?;
        }
        Ok(Some(LocateWork {
            store: task.store,
            round: fresh.iter().map(|known| known.round).max().unwrap_or(0),
            keys: fresh.into_iter().map(|known| known.key).collect(),
            upto: keys.len(),
        }))
    }

    /// Keeps what a store has told: people, further keys, gaps; and what follows from it.
    pub(crate) async fn located(
        &self,
        tx: &Tx,
        id: TaskId,
        work: &LocateWork,
        told: Located,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        let Some(owner) = tx.request(task.request).await? else { return Ok(()) };
        let Some(mut intake) = tx.lock_intake(owner.value.intake).await? else { return Ok(()) };
        // Read again under the lock: another task of the same request may have moved it.
        let Some(mut stored) = tx.request(task.request).await? else { return Ok(()) };
        if !gathers(&stored.value) {
            return Ok(());
        }
        let request = stored.value.id;
        task.keys_asked = work.upto;
        task.attempts = 0;
        task.last_error = None;
        task.retry_at = None;
        task.tally.add_gaps(told.gaps);
        tx.update_task(&task).await?;
        for person in &told.people {
            tx.add_person(request, &task.store, &person.collection, &person.row, person.proven)
                .await?;
        }
        let mut new_keys = told.keys;
        match judge_variants(&work.keys, &told.variants) {
            Variants::None => {}
            Variants::Same(stored_spellings) => new_keys.extend(stored_spellings),
            Variants::Several => return self.block(tx, stored, Blocker::TwoPeople, now).await,
            Variants::Another(address) => {
                return self.prove_another(tx, &mut intake, stored, address, now).await;
            }
        }
        let mut grew = false;
        for key in &new_keys {
            grew |= tx.add_key(request, key, work.round + 1, Some(&task.store)).await?;
        }
        let known = tx.keys_of(request).await?;
        let too_far = known.len() > MAX_KEYS || (grew && work.round + 1 > MAX_ROUNDS);
        let people = tx.people_of(request).await?;
        if people.iter().any(|(_, _, rows, _)| *rows > 1) {
            return self.block(tx, stored, Blocker::TwoPeople, now).await;
        }
        if people.iter().any(|(_, _, _, unproven)| *unproven > 0) {
            return self.block(tx, stored, Blocker::UnprovenMatch, now).await;
        }
        if too_far {
            return self.block(tx, stored, Blocker::TooManyKeys, now).await;
        }
        self.next_round(tx, &mut stored, known.len()).await
    }

    /// Asks whoever has not been asked every key; when all have, reading begins.
    async fn next_round(
        &self,
        tx: &Tx,
        stored: &mut Stored<Request>,
        known: usize,
    ) -> Result<(), ServiceError> {
        let request = stored.value.id;
        let mut tasks = tx.tasks_of(request).await?;
        let behind = |task: &&Task| task.phase == Phase::Locate && task.keys_asked < known;
        if tasks.iter().any(|task| behind(&task)) {
            for task in tasks.iter().filter(behind) {
                let job = Job::Locate { task: task.id, store: task.store.clone(), keys: known };
                self.enqueue(tx, &job, Some(request)).await?;
            }
            return Ok(());
        }
        for task in &mut tasks {
            task.phase = Phase::Gather;
            task.status = TaskStatus::Running;
            tx.update_task(task).await?;
            let job = Job::Gather { task: task.id, store: task.store.clone() };
            self.enqueue(tx, &job, Some(request)).await?;
        }
        Ok(())
    }

    /// Stops a request until a human has looked.
    pub(super) async fn block(
        &self,
        tx: &Tx,
        mut stored: Stored<Request>,
        blocker: Blocker,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        if stored.value.blockers.insert(blocker) {
            let event = Event::by_system("request.blocked").with("blocker", blocker);
            tx.insert_event(stored.value.id, now, &event).await?;
            tx.update_request(&stored).await?;
        }
        Ok(())
    }

    /// A store knows the address in another spelling: a code goes there, and gathering starts over
    /// once it is typed.
    async fn prove_another(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        address: EmailAddress,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut requests = tx.requests_of(intake.id).await?;
        let is_gathered = |request: &Request| {
            matches!(request.status, Status::InReview | Status::Executing | Status::Fulfilled)
        };
        if requests.iter().any(|stored| is_gathered(&stored.value)) {
            // What was found under the proved address must not open to another one: a human looks.
            return self.block(tx, stored, Blocker::UnprovenMatch, now).await;
        }
        let Some(mut contact) = intake.contact.take() else { return Ok(()) };
        contact.proved.push(std::mem::replace(&mut contact.email, address));
        tx.set_contact(intake.id, &contact).await?;
        intake.contact = Some(contact);
        // Whoever holds the typed mailbox must not look on.
        tx.end_status_sessions(intake.id).await?;
        tx.void_challenges(intake.id, None, now).await?;
        let event = Event::by_system("request.address_differs");
        self.advance(tx, intake, &mut requests, Move::AddressDiffers, &event, now).await?;
        Ok(())
    }
}

/// Whether a request is being gathered for: the first time, or again after its answer.
pub(super) fn gathers(request: &Request) -> bool {
    let blocked = request.blockers.iter().any(|blocker| {
        matches!(blocker, Blocker::TwoPeople | Blocker::UnprovenMatch | Blocker::TooManyKeys)
    });
    matches!(request.status, Status::Gathering | Status::Fulfilled) && !blocked
}

enum Variants {
    None,
    /// The same mailbox, spelled otherwise in the domain: further spellings to search by.
    Same(Vec<SubjectKey>),
    /// Exactly one person, whose stored address has to be proved.
    Another(EmailAddress),
    Several,
}

/// What follows from people who were found with case ignored.
fn judge_variants(asked: &[SubjectKey], variants: &[CaseVariant]) -> Variants {
    let mut people: Vec<_> = variants.iter().map(|variant| &variant.person).collect();
    people.sort();
    people.dedup();
    match people.len() {
        0 => return Variants::None,
        1 => {}
        _ => return Variants::Several,
    }
    let proved: Vec<EmailAddress> = asked
        .iter()
        .filter(|key| key.kind.as_str() == KeyKind::EMAIL)
        .filter_map(|key| EmailAddress::parse(key.value()).ok())
        .collect();
    let mut same = Vec::new();
    for variant in variants {
        match EmailAddress::parse(&variant.stored) {
            Ok(address) if proved.contains(&address) => {
                same.extend(SubjectKey::new(KeyKind::email(), variant.stored.clone()));
            }
            Ok(address) => return Variants::Another(address),
            // A stored address that mail cannot reach can prove nothing.
            Err(_) => return Variants::Several,
        }
    }
    Variants::Same(same)
}
