//! Credits, cards and invoices of the sample company.

use super::company::{Books, Member, ago, money, text};
use super::people::{Plan, Use};
use crate::domain::record::Value;

/// What one more pack of credits costs, in cents.
const PACK_CENTS: i32 = 499;

/// Draws the account's credits and, where it pays, its card and invoices.
pub(super) fn draw(member: &mut Member<'_>, books: &mut Books) {
    credits(member, books);
    if member.person.plan != Plan::Free {
        card(member, books);
        invoices(member, books);
    }
}

fn credits(member: &mut Member<'_>, books: &mut Books) {
    let mut book = |member: &mut Member<'_>, change: i32, reason: &str, days: i32| {
        let at = ago(days, member.dice.from(0, 40_000));
        let id = Value::Int(books.next_id("credit_entry", 50_001));
        let change = Value::Int(i64::from(change));
        books.add("credit_entry", vec![id, member.id(), change, text(reason), text(at)]);
    };
    book(member, 25, "welcome gift", member.days);
    for turn in 1..=member.dice.from(1, 6) {
        let spent = member.dice.from(1, 20);
        book(member, -spent, "pictures made", member.days - member.days * turn / 8);
    }
    if member.has(8) {
        book(member, 40, "goodwill: a queue stood still for a day", member.days / 9);
    }
}

fn card(member: &mut Member<'_>, books: &mut Books) {
    let id = Value::Int(books.next_id("payment_method", 301));
    let brand = member.dice.pick(&["Visa", "Mastercard", "Maestro"]);
    // Text, or the noughts in front would be lost.
    let last4 = format!("{:04}", member.dice.from(1, 10_000) % 1_000);
    let expires = format!("{:02}/{}", member.dice.from(1, 13), member.dice.from(27, 32));
    let token = format!("tok_demo_{:016x}", member.dice.next());
    books.add(
        "payment_method",
        vec![id, member.id(), text(brand), text(last4), text(expires), text(token)],
    );
}

fn invoices(member: &mut Member<'_>, books: &mut Books) {
    let facts = member.person.plan.facts();
    let many = if member.person.used == Use::All { 6 } else { member.dice.from(1, 9) };
    let street = member.dice.pick(&["Am Weiher", "Lerchenstieg", "Mill Lane", "Rue du Pré"]);
    let house = member.dice.from(1, 90);
    let address = format!("{street} {house}, \"Garden Flat\"\n{:05} Musterstadt", house * 997);
    for turn in 0..many.min(member.days / 31) {
        let day = ago((many - turn) * 30, 0)[..10].to_owned();
        let packs = if turn == 1 || member.dice.happens(20) { member.dice.from(1, 4) } else { 0 };
        let number = format!("GF-2026-{:05}", books.next_id("invoice", 1));
        books.add(
            "invoice",
            vec![
                text(&number),
                member.id(),
                text(&day),
                text(&member.person.name),
                text(&address),
                text("EUR"),
                money(facts.cents + packs * PACK_CENTS),
            ],
        );
        let mut line = |no: i64, plan: Value, what: String, quantity: i32, cents: i32| {
            let quantity = Value::Int(i64::from(quantity));
            let row = vec![text(&number), Value::Int(no), plan, text(what), quantity];
            books.add("invoice_line", [row, vec![money(cents), text(&day)]].concat());
        };
        line(1, text(facts.key), format!("{} plan, one month", facts.name), 1, facts.cents);
        if packs > 0 {
            line(2, Value::Null, "100 more credits".to_owned(), packs, PACK_CENTS);
        }
    }
}
