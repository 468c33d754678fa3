//! What stands in the sample company's books: pure data, the same each time.

use data_encoding::BASE64_NOPAD;
use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use super::people::{Person, Plan, Use, everybody};
use super::{billing, studio};
use crate::domain::record::Value;

/// The rows and pictures of the company.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Tables in an order in which no row points to a later table; columns as in `schema.sql`.
    pub(super) tables: Vec<(&'static str, Vec<Vec<Value>>)>,
    /// Files below `images/`, by their key, and the number each is painted from.
    pub(super) pictures: Vec<(String, i64)>,
}

impl Books {
    /// The whole company.
    pub(super) fn draw() -> Self {
        let mut books = Self::default();
        books.draw_lists();
        for person in everybody() {
            let mut dice = Dice::of(-person.account_id);
            let days = match person.used {
                Use::All => 400,
                Use::Some | Use::None => dice.from(20, 700),
            };
            let mut member = Member { person: &person, dice, days };
            member.account(&mut books);
            if person.used != Use::None {
                member.profile(&mut books);
                member.sign_ins(&mut books);
                studio::draw(&mut member, &mut books);
                billing::draw(&mut member, &mut books);
            }
        }
        books
    }

    /// Plans, styles, staff: rows about nobody who could ask.
    fn draw_lists(&mut self) {
        for plan in Plan::ALL {
            let facts = plan.facts();
            let kept = Value::Int(i64::from(facts.kept_pictures));
            self.add("plan", vec![text(facts.key), text(facts.name), money(facts.cents), kept]);
        }
        for (id, (name, medium)) in (1..).zip(STYLES) {
            self.add("style_preset", vec![Value::Int(id), text(name), text(medium)]);
        }
        for (id, (name, email)) in (1..).zip(STAFF) {
            self.add("staff", vec![Value::Int(id), text(name), text(email)]);
        }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, table: &'static str, row: Vec<Value>) {
        match self.tables.iter_mut().find(|(name, _)| *name == table) {
            Some((_, rows)) => rows.push(row),
            None => self.tables.push((table, vec![row])),
        }
    }

    /// The number that the next row of `table` gets when the first has `first`.
    pub(super) fn next_id(&self, table: &str, first: i64) -> i64 {
        let rows = self.tables.iter().find(|(name, _)| *name == table).map_or(0, |(_, r)| r.len());
        first + i64::try_from(rows).expect("some thousand rows")
    }
}

/// One account while its rows are drawn.
pub(super) struct Member<'a> {
    pub(super) person: &'a Person,
    pub(super) dice: Dice,
    /// How many days before [`ago`]'s day the account was opened.
    pub(super) days: i32,
}

impl Member<'_> {
    /// The account as other rows point to it.
    pub(super) fn id(&self) -> Value {
        Value::Int(self.person.account_id)
    }

    /// Whether it shall have a row where others have one `percent` times in a hundred.
    pub(super) fn has(&mut self, percent: i32) -> bool {
        self.dice.happens(percent) || self.person.used == Use::All
    }

    fn account(&mut self, books: &mut Books) {
        // In the early hours, so that all else of that day comes later.
        let opened = self.dice.from(41_000, 60_000);
        let agent = self.has(20).then(|| Value::Int(i64::from(self.dice.from(1, 4))));
        let note = match self.person.used {
            Use::All => Some(text(NOTES[0])),
            Use::Some | Use::None => self.dice.happens(25).then(|| text(self.dice.pick(&NOTES))),
        };
        let confirmed = self.person.confirmed.then(|| text(ago(self.days, opened - 300)));
        books.add(
            "account",
            vec![
                self.id(),
                text(&self.person.email),
                text(self.password_hash()),
                text(self.person.plan.facts().key),
                text(self.person.country),
                text(ago(self.days, opened)),
                confirmed.unwrap_or(Value::Null),
                agent.unwrap_or(Value::Null),
                note.unwrap_or(Value::Null),
            ],
        );
    }

    /// Looks like one of Argon2id (RFC 9106); of no password.
    fn password_hash(&mut self) -> String {
        let salt = BASE64_NOPAD.encode(&self.dice.bytes::<16>());
        let hash = BASE64_NOPAD.encode(&self.dice.bytes::<32>());
        format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}")
    }

    fn profile(&mut self, books: &mut Books) {
        let born = self.has(60).then(|| Value::Int(i64::from(self.dice.from(1950, 2008))));
        // Nothing was asked, or the field was left empty: two different things.
        let biography = match self.dice.from(0, 3) {
            _ if self.person.used == Use::All => text(BIOGRAPHIES[0]),
            0 => Value::Null,
            1 => text(""),
            _ => text(self.dice.pick(&BIOGRAPHIES)),
        };
        let website =
            self.has(20).then(|| text(format!("https://{}.example/", self.person.account_id)));
        books.add(
            "profile",
            vec![
                self.id(),
                text(&self.person.name),
                born.unwrap_or(Value::Null),
                text(self.person.language),
                biography,
                website.unwrap_or(Value::Null),
            ],
        );
        for purpose in ["analytics", "newsletter", "training on my pictures"] {
            if self.has(70) {
                let at = ago(self.days, self.dice.from(0, 40_000));
                let granted = Value::Bool(self.dice.happens(45));
                books.add("consent", vec![self.id(), text(purpose), granted, text(at)]);
            }
        }
    }

    fn sign_ins(&mut self, books: &mut Books) {
        let many = if self.person.used == Use::All { 14 } else { self.dice.from(1, 10) };
        for turn in 0..many {
            let (device, agent) = DEVICES[usize::from(self.dice.bytes::<1>()[0]) % DEVICES.len()];
            let at = ago(self.days - self.days * turn / many, self.dice.from(0, 40_000));
            // As `CURRENT_TIMESTAMP` writes it: without a zone.
            let at = at.replace('T', " ").replace('Z', "");
            let id = books.next_id("sign_in", 70_001);
            books.add(
                "sign_in",
                vec![
                    Value::Int(id),
                    self.id(),
                    text(at),
                    Value::Bool(self.dice.happens(93)),
                    text(self.ip_address()),
                    text(device),
                    text(agent),
                ],
            );
        }
    }

    /// One of the ranges kept for documentation (RFC 5737, RFC 3849).
    fn ip_address(&mut self) -> String {
        let [network, host, more, ..] = self.dice.bytes::<8>();
        match network % 4 {
            0 => format!("192.0.2.{host}"),
            1 => format!("198.51.100.{host}"),
            2 => format!("203.0.113.{host}"),
            _ => format!("2001:db8::{more:x}:{host:x}"),
        }
    }
}

/// The instant so many days and seconds before the company's last day, RFC 3339 in UTC. A fixed
/// day: rows that moved with the clock would not be the same twice.
pub(super) fn ago(days: i32, seconds: i32) -> String {
    let last: Timestamp = "2026-10-01T18:00:00Z".parse().expect("an RFC 3339 instant");
    let back = i64::from(days) * 86_400 + i64::from(seconds);
    (last - SignedDuration::from_secs(back)).to_string()
}

/// A text.
pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// Cents as `9.90`.
pub(super) fn money(cents: i32) -> Value {
    Value::Text(format!("{}.{:02}", cents / 100, cents % 100))
}

/// How many [`STYLES`] there are, by their row numbers.
pub(super) const LAST_STYLE: i32 = 8;
const STYLES: [(&str, &str); 8] = [
    ("Linocut", "print"),
    ("Watercolour", "paint"),
    ("Gouache poster", "paint"),
    ("Pencil sketch", "drawing"),
    ("Pixel art", "digital"),
    ("Paper cut-out", "collage"),
    ("Long exposure", "photo"),
    ("Clay model", "sculpture"),
];
const STAFF: [(&str, &str); 3] = [
    ("Nela Quandorf", "nela@glimmerfeld.example"),
    ("Oskar Pelirode", "oskar@glimmerfeld.example"),
    ("Priya Ulumark", "priya@glimmerfeld.example"),
];
const NOTES: [&str; 5] = [
    "Asked twice for a refund; be generous. Churn risk: low",
    "Churn risk: high. Offer the Maker plan at half price",
    "Writes at night, answers fast. Churn risk: medium",
    "Suspected of sharing the account; watch",
    "Loud but fair. Churn risk: low",
];
const BIOGRAPHIES: [&str; 4] = [
    "I draw maps of places that are not there.\nCommissions: \"yes, please\"; deadlines, no.",
    "Weekend painter, weekday accountant.",
    "-- only here for the foxes --",
    "Macht Plakate für Straßenfeste. Größer ist besser!",
];
const DEVICES: [(&str, &str); 5] = [
    ("Laptop", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Desktop", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0"),
    ("Phone", "Glimmerfeld/4.2 (Android 15)"),
    ("Tablet", "Glimmerfeld/4.1 (iPadOS 18)"),
    ("Script", "glimmerfeld-cli/0.9"),
];
