//! The people of a house, what its stores hold of them, and how their data are recognised wherever
//! they turn up.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Stands in every value that belongs to a person, with their number behind it.
pub(crate) const MARK: &str = "zk7canary-";
/// Every so many people one has far more than one segment holds, and a file of several parts.
const HEAVY_EVERY: u32 = 60;
/// With the sizes that the binary has for these tests.
const HEAVY_ROWS: u32 = 2_500;
const HEAVY_FILE: usize = 1_500_000;
/// Everybody else has so many invoices.
const ROWS: u32 = 3;

/// Somebody who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) number: u32,
    /// Whether the stores know them.
    pub(crate) known: bool,
}

impl Person {
    pub(crate) fn address(self) -> String {
        format!("p{}.{MARK}{}-@mail.test", self.number, self.number)
    }

    fn is_heavy(self) -> bool {
        self.number % HEAVY_EVERY == 1
    }

    /// How many invoices the stores hold.
    pub(crate) fn rows(self) -> usize {
        if self.is_heavy() { HEAVY_ROWS as usize } else { ROWS as usize }
    }

    /// What they type where a sentence is wanted.
    pub(crate) fn words(self) -> String {
        format!("{MARK}{}- asks how long it takes", self.number)
    }

    /// Whose data stand in `text`, beside theirs.
    pub(crate) fn strangers_in(self, text: &str) -> BTreeSet<String> {
        let number = |rest: &str| rest.split('-').next().unwrap_or_default().to_owned();
        let found = text.split(MARK).skip(1).map(number);
        found.filter(|found| *found != self.number.to_string()).collect()
    }
}

/// The tables and rows of `people` people; the numbers of rows are the same on both kinds of store.
pub(crate) fn sql(people: u32, postgres: bool) -> String {
    let (serial, text) = if postgres { ("bigint", "text") } else { ("INTEGER", "TEXT") };
    let tables = format!(
        "CREATE TABLE customer(customer_id {serial} PRIMARY KEY, email {text}, name {text},
            password_hash {text}, picture {text});
         CREATE INDEX ON_EMAIL ON customer(email);
         CREATE TABLE invoice(invoice_id {serial} PRIMARY KEY,
            customer_id {serial} REFERENCES customer(customer_id), total {text}, note {text});
         CREATE INDEX ON_CUSTOMER ON invoice(customer_id);"
    );
    let series = |last: u32| {
        if postgres {
            format!("SELECT i FROM generate_series(1, {last}) AS s(i)")
        } else {
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) \
                 SELECT i FROM n"
            )
        }
    };
    let repeat = if postgres {
        "repeat('lorem ipsum ', 130)"
    } else {
        "replace(hex(zeroblob(130)), '00', 'lorem ipsum ')"
    };
    let per = HEAVY_ROWS + 1;
    format!(
        "{tables}
         INSERT INTO customer SELECT i, 'p' || i || '.{MARK}' || i || '-@mail.test',
            '{MARK}' || i || '- Ada', '$argon2$secret', i || '.jpg' FROM ({everybody}) AS e;
         INSERT INTO invoice SELECT c.customer_id * {per} + n.i, c.customer_id, '9.50',
            '{MARK}' || c.customer_id || '- ' || n.i FROM customer c, ({few}) AS n;
         INSERT INTO invoice SELECT c.customer_id * {per} + {ROWS} + n.i, c.customer_id, '7.25',
            '{MARK}' || c.customer_id || '- ' || {repeat} FROM customer c, ({many}) AS n
            WHERE c.customer_id % {HEAVY_EVERY} = 1;",
        everybody = series(people),
        few = series(ROWS),
        many = series(HEAVY_ROWS - ROWS),
    )
}

/// A picture of each.
pub(crate) fn pictures(folder: &Path, people: u32) {
    fs::create_dir_all(folder).unwrap();
    for number in 1..=people {
        let person = Person { number, known: true };
        // Begins as a JPEG does, which is stored as it is.
        let mut bytes = b"\xff\xd8\xff\xe0".to_vec();
        bytes.extend(format!("{MARK}{number}- picture ").bytes());
        // As good as random, so that no compression makes less of it (xorshift64*).
        let mut state = u64::from(number);
        while person.is_heavy() && bytes.len() < HEAVY_FILE {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            bytes.extend(state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_be_bytes());
        }
        fs::write(folder.join(format!("{number}.jpg")), bytes).unwrap();
    }
}

/// The data map of the shop, whose lines for the kind of store are `way`, and of the pictures.
pub(crate) fn map(way: &str) -> String {
    let facts = "controller = \"self\"\npurposes = [\"contract\"]\nbasis = \"GDPR 6(1)(b)\"\n\
        source = \"the person\"\nrecipients = []\ncountry = \"DE\"\n\
        retention = \"until the account is closed\"\nbackup = \"30d\"\n";
    format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\n{way}\
         label = {{ en = \"Shop\", de = \"Laden\" }}\n{facts}\
         [store.shop.table.customer]\nperson = true\n\
         who = {{ email = \"email\", user = \"customer_id\" }}\n\
         [store.shop.table.customer.field]\nemail = \"user.contact.email\"\nname = \"user.name\"\n\
         password_hash = \"user.authorization\"\n\
         picture = {{ is = \"user.content\", blob = \"pictures:{{value}}\" }}\n\
         [store.shop.table.invoice]\nvia = \"customer_id -> customer.customer_id\"\n\
         field = {{ invoice_id = \"user.payment\", total = \"user.payment\", note = \"user.content\" }}\n\
         [store.pictures]\nkind = \"objects\"\nurl = \"file:../stores/pictures\"\n\
         label = {{ en = \"Pictures\", de = \"Bilder\" }}\n{facts}"
    )
}
