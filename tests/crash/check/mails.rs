//! P8: every mail went out once; twice only where the server's answer could not arrive.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Instant;

use super::none;
use crate::house::House;
use crate::mail::{Ending, Taken};

/// The mail server's journal against the outbox.
pub(super) async fn went_out_once(house: &House) {
    let mut outbox: BTreeMap<String, String> = house
        .database
        .rows("SELECT message_id, status || COALESCE(' ' || error, '') FROM outbox")
        .await
        .into_iter()
        .map(|mut row| (row.remove(0), row.remove(0)))
        .collect();
    let mut journal: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
    for taken in house.mail.journal() {
        journal.entry(taken.id.clone()).or_default().push(taken);
    }
    let kills = house.kills.lock().unwrap().clone();
    let (mut wrong, mut twice) = (Vec::new(), 0);
    for (id, copies) in &journal {
        match outbox.remove(id).as_deref() {
            Some("sent") => {}
            // Not to be sent any more, since the person said that it was not them; for all that the
            // house could know it never was.
            Some("failed withdrawn") if unnoticed(copies.last().unwrap(), None, &kills) => {}
            Some(status) => wrong.push(format!("{id} was taken and is {status}")),
            None => wrong.push(format!("{id} was taken and was never written: {copies:?}")),
        }
        for pair in copies.windows(2) {
            twice += 1;
            if !unnoticed(&pair[0], Some(&pair[1]), &kills) {
                wrong.push(format!("{id} came twice without need: {pair:?}"));
            }
        }
    }
    outbox.retain(|_, status| status != "failed withdrawn");
    wrong.extend(outbox.iter().map(|(id, status)| format!("{id} is {status} and never came")));
    println!("{} mails, {twice} of them again after a lost answer", journal.len());
    none("mails", &wrong, house);
}

/// Whether the sender could not know that a mail was taken, until it sent the next copy: the answer
/// was cut, or the sender killed before it had noted it down. What a sender has written is read,
/// and taken, also when it was killed meanwhile.
fn unnoticed(taken: &Taken, next: Option<&Taken>, kills: &[RangeInclusive<Instant>]) -> bool {
    let between = |at: &RangeInclusive<Instant>| {
        taken.since <= *at.end() && next.is_none_or(|next| *at.start() <= next.at)
    };
    taken.ending == Ending::Cut || kills.iter().any(between)
}
