//! Rounds of keys: every store is asked who the person is, with every key once, until no store
//! knows a further one. Nothing is read before that, so two people behind one key are noticed while
//! nothing has left any store. See `docs/adr/0001-rounds-of-keys-before-gathering.md`.

use jiff::Timestamp;

use super::correction::gather_job;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::{KnownKey, Phase, Task};
use crate::domain::address::EmailAddress;
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, MAX_KEYS, MAX_ROUNDS, TaskStatus};
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::notice::Notice;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::subject::{KeyKind, SubjectKey, addresses};
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
        let Some(seen) = tx.task(id).await? else { return Ok(None) };
        let Some((_, stored)) = self.lock_request(&tx, seen.request).await? else {
            return Ok(None);
        };
        let Some(mut task) = tx.task(id).await? else { return Ok(None) };
        if !gathers(&stored.value) || task.phase != Phase::Locate || task.status.is_over() {
            return Ok(None);
        }
        let keys = tx.keys_of(task.request).await?;
        let fresh: Vec<KnownKey> = keys.iter().skip(task.keys_asked).cloned().collect();
        if fresh.is_empty() {
            return Ok(None);
        }
        if task.status != TaskStatus::Running {
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
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        let Some((mut intake, stored)) = self.lock_request(tx, seen.request).await? else {
            return Ok(());
        };
        // Another task of the same request may have moved it, or made it start over.
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        if !gathers(&stored.value) || task.phase != Phase::Locate || task.status.is_over() {
            return Ok(());
        }
        let request = stored.value.id;
        task.keys_asked = work.upto;
        task.status = TaskStatus::Waiting;
        task.goes_well();
        task.tally.add_gaps(told.gaps);
        tx.update_task(&task).await?;
        for person in &told.people {
            tx.add_person(request, &task.store, &person.collection, &person.row, person.proven)
                .await?;
        }
        let mut new_keys = told.keys;
        let known = tx.person_keys(request).await?;
        match judge_variants(&known, intake.contact.as_ref(), &told.variants) {
            Variants::None => {}
            Variants::Same(stored_spellings) => new_keys.extend(stored_spellings),
            // Once a human has looked, such a find is left aside: nobody has proved to be it.
            Variants::Several if stored.value.cleared.contains(&Blocker::TwoPeople) => {}
            Variants::Strange if stored.value.cleared.contains(&Blocker::UnprovenMatch) => {}
            Variants::Several => return self.block(tx, stored, Blocker::TwoPeople, now).await,
            Variants::Strange => return self.block(tx, stored, Blocker::UnprovenMatch, now).await,
            Variants::Another(address) => {
                return self.prove_another(tx, &mut intake, stored, address, now).await;
            }
        }
        // Where a human has looked at too many keys, those known by then are enough.
        if known.len() > MAX_KEYS || work.round > MAX_ROUNDS {
            new_keys.clear();
        }
        for key in &new_keys {
            tx.add_key(request, key, work.round + 1, Some(&task.store)).await?;
        }
        self.judge(tx, stored, now).await
    }

    /// Goes on with the keys that are known, or stops where something about the people that were
    /// found still needs a human.
    pub(super) async fn judge(
        &self,
        tx: &Tx,
        mut stored: Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let request = stored.value.id;
        let known = tx.keys_of(request).await?;
        let too_far = known.len() > MAX_KEYS || known.iter().any(|key| key.round > MAX_ROUNDS);
        let people = tx.people_of(request).await?;
        let stops = [
            (Blocker::TwoPeople, people.iter().any(|(_, _, rows, _)| *rows > 1)),
            (Blocker::UnprovenMatch, people.iter().any(|(_, _, _, unproven)| *unproven > 0)),
            (Blocker::TooManyKeys, too_far),
        ];
        let cleared = &stored.value.cleared;
        let stop = stops.iter().find(|(blocker, stop)| *stop && !cleared.contains(blocker));
        if let Some((blocker, _)) = stop {
            return self.block(tx, stored, *blocker, now).await;
        }
        self.next_round(tx, &mut stored, known.len()).await
    }

    /// Asks whoever has not been asked every key; when all have, reading begins.
    pub(super) async fn next_round(
        &self,
        tx: &Tx,
        stored: &mut Stored<Request>,
        known: usize,
    ) -> Result<(), ServiceError> {
        let request = stored.value.id;
        let mut tasks = tx.tasks_of(request).await?;
        let behind = |task: &Task| {
            task.phase == Phase::Locate
                && task.keys_asked < known
                && task.status != TaskStatus::Skipped
        };
        // A store that is still to answer is asked again when it has: two questions at a time would
        // hold the same keys. One that has failed waits for a human.
        let at_rest = |task: &Task| task.status == TaskStatus::Waiting && task.keys_asked > 0;
        if tasks.iter().any(behind) {
            for task in tasks.iter_mut().filter(|task| behind(task) && at_rest(task)) {
                task.status = TaskStatus::Running;
                tx.update_task(task).await?;
                let job = Job::Locate { task: task.id, store: task.store.clone(), keys: known };
                self.enqueue(tx, &job, Some(request)).await?;
            }
            return Ok(());
        }
        if tasks.iter().any(|task| task.phase != Phase::Locate) {
            return Ok(());
        }
        if stored.value.right == Right::Deletion {
            return self.start_planning(tx, &stored.value, &mut tasks).await;
        }
        self.tell_asserted(tx, &stored.value).await?;
        for task in tasks.iter_mut().filter(|task| task.status != TaskStatus::Skipped) {
            task.phase = Phase::Gather;
            task.status = TaskStatus::Running;
            tx.update_task(task).await?;
            let job = gather_job(stored.value.right, task.id, task.store.clone());
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
        if !stored.value.cleared.contains(&blocker) && stored.value.blockers.insert(blocker) {
            let event = Event::by_system("request.blocked").with("blocker", blocker);
            tx.insert_event(stored.value.id, now, &event).await?;
            self.tell_staff(tx, &stored.value, Notice::Blocked(blocker), now).await?;
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
        let is_further = |request: &Request| {
            matches!(request.status, Status::InReview | Status::Executing | Status::Fulfilled)
        };
        if requests.iter().any(|stored| is_further(&stored.value)) {
            // Made again after the answer, or another request of the form is answered to the typed
            // address and would be to one that nobody has proved: a human looks.
            return self.block(tx, stored, Blocker::UnprovenMatch, now).await;
        }
        let Some(mut contact) = intake.contact.take() else { return Ok(()) };
        contact.proved.extend(contact.email.replace(address));
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
    /// A person under another spelling of an address that came from a store. Whoever reads that
    /// mailbox has not asked for anything.
    Strange,
    Several,
}

/// What follows from people who were found with case ignored. `known` are all keys of the request.
fn judge_variants(
    known: &[SubjectKey],
    contact: Option<&Contact>,
    variants: &[CaseVariant],
) -> Variants {
    let mut people: Vec<_> = variants.iter().map(|variant| &variant.person).collect();
    people.sort();
    people.dedup();
    match people.len() {
        0 => return Variants::None,
        1 => {}
        _ => return Variants::Several,
    }
    let known = addresses(known);
    let proved = |address: &EmailAddress| {
        let mut all = contact.iter().flat_map(|to| to.email.iter().chain(&to.proved));
        all.any(|proved| proved.folded() == address.folded())
    };
    let mut same = Vec::new();
    for variant in variants {
        match EmailAddress::parse(&variant.stored) {
            Ok(address) if known.contains(&address) => {
                same.extend(SubjectKey::new(KeyKind::email(), variant.stored.clone()));
            }
            Ok(address) if proved(&address) => return Variants::Another(address),
            Ok(_) => return Variants::Strange,
            // A stored address that mail cannot reach can prove nothing.
            Err(_) => return Variants::Several,
        }
    }
    Variants::Same(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::PersonRow;

    fn key(email: &str) -> SubjectKey {
        SubjectKey::new(KeyKind::email(), email).unwrap()
    }

    fn judge(known: &[&str], stored: &str) -> Variants {
        let known: Vec<SubjectKey> = known.iter().map(|email| key(email)).collect();
        let contact =
            Contact { email: EmailAddress::parse("ada@example.org").ok(), ..Contact::default() };
        let person = PersonRow { collection: "user".into(), row: "1".into(), proven: true };
        judge_variants(&known, Some(&contact), &[CaseVariant { person, stored: stored.to_owned() }])
    }

    #[test]
    fn another_spelling_of_the_proved_address_is_proved_in_its_turn() {
        let judged = judge(&["ada@example.org"], "Ada@example.org");
        assert!(matches!(judged, Variants::Another(address) if address.local() == "Ada"));
    }

    #[test]
    fn an_address_that_was_proved_is_not_proved_again_in_a_later_round() {
        let judged = judge(&["ada@example.org", "ADA@example.org"], "ada@example.org");
        assert!(matches!(judged, Variants::Same(_)));
    }

    #[test]
    fn a_neighbour_found_under_a_found_address_gets_no_code() {
        let judged = judge(&["ada@example.org", "bob@example.org"], "Bob@example.org");
        assert!(matches!(judged, Variants::Strange));
    }
}
