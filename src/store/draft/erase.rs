//! How rows are erased: drafted so that nothing goes which a law may want kept.

use super::{Erase, TableDraft};
use crate::store::sql::secret::words;

/// Words of tables that account for money.
const ACCOUNTS: &[&str] = &[
    "invoice",
    "invoices",
    "order",
    "orders",
    "payment",
    "payments",
    "transaction",
    "transactions",
    "ledger",
    "billing",
    "receipt",
    "receipts",
    "refund",
    "refunds",
    "purchase",
    "purchases",
    "booking",
    "bookings",
    "sale",
    "sales",
    "rental",
    "rentals",
    "payout",
    "payouts",
];

/// Decides for each table. What belongs to a kept row is kept; what a kept row points to is masked.
pub(super) fn decide(tables: &mut [TableDraft]) {
    for table in tables.iter_mut().filter(|table| table.is_owned()) {
        let money = words(&table.name).iter().any(|word| ACCOUNTS.contains(&word.as_str()));
        if money && !words(&table.name).iter().any(|word| word == "method" || word == "methods") {
            table.erase = Erase::Keep;
        }
    }
    spread(tables, Erase::Keep, |table, kept| {
        table.via.iter().any(|via| kept.contains(&via.table))
    });
    // Rows of other people, which stay, point to whoever had to do with them.
    let helped = tables.iter().flat_map(|table| table.others.iter().map(|(_, one)| &one.table));
    let kept = tables.iter().filter(|table| table.erase == Erase::Keep);
    let above = kept.flat_map(|table| table.via.iter().map(|via| &via.table));
    let pointed = helped.chain(above).cloned().collect();
    mask(tables, pointed);
}

/// Gives `how` to every table that follows from those that have it.
fn spread(tables: &mut [TableDraft], how: Erase, follows: impl Fn(&TableDraft, &[String]) -> bool) {
    loop {
        let has: Vec<String> = tables
            .iter()
            .filter(|table| table.erase == how)
            .map(|table| table.name.clone())
            .collect();
        let next = |table: &&mut TableDraft| {
            table.is_owned() && table.erase != how && follows(table, &has)
        };
        let Some(table) = tables.iter_mut().find(next) else { return };
        table.erase = how;
    }
}

fn mask(tables: &mut [TableDraft], mut pointed: Vec<String>) {
    while let Some(name) = pointed.pop() {
        let Some(table) = tables.iter_mut().find(|table| table.name == name) else { continue };
        if table.erase == Erase::Delete {
            table.erase = Erase::Mask;
            pointed.extend(table.via.iter().map(|via| via.table.clone()));
        }
    }
}
