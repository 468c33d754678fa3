//! P20: no value of a person, no code and no token stands in a log, in a temporary file, in the
//! database or in a stored object.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::bounds::files;
use super::none;
use crate::house::House;
use crate::people::MARK;
use crate::story::Story;

/// Texts to look for, found by their first bytes.
struct Wanted {
    /// Whether anything begins with these two bytes; most places are passed over by it.
    first: Vec<bool>,
    by_first: BTreeMap<[u8; 2], Vec<Vec<u8>>>,
}

impl Wanted {
    fn new(texts: BTreeSet<String>) -> Self {
        let mut this = Self { first: vec![false; 1 << 16], by_first: BTreeMap::new() };
        for text in texts {
            let bytes = text.into_bytes();
            let first = [bytes[0], bytes[1]];
            this.first[usize::from(u16::from_be_bytes(first))] = true;
            this.by_first.entry(first).or_default().push(bytes);
        }
        this
    }

    /// The first that stands in `bytes`.
    fn find(&self, bytes: &[u8]) -> Option<String> {
        let mut key = usize::from(*bytes.first()?);
        for (at, byte) in bytes.iter().enumerate().skip(1) {
            key = (key << 8 | usize::from(*byte)) & 0xffff;
            if !self.first[key] {
                continue;
            }
            let rest = &bytes[at - 1..];
            let texts = &self.by_first[&[rest[0], rest[1]]];
            if let Some(found) = texts.iter().find(|text| rest.starts_with(text)) {
                return Some(String::from_utf8_lossy(found).into_owned());
            }
        }
        None
    }
}

/// Looks everywhere but into the stores that the data come from.
pub(super) async fn stay_secret(house: &House, stories: &[Story]) {
    let mut texts: BTreeSet<String> =
        stories.iter().flat_map(|story| story.secrets.iter().cloned()).collect();
    texts.retain(|text| text.len() >= 9);
    texts.extend(texts.clone().iter().map(|text| text.replace('-', "")).filter(|t| t.len() >= 8));
    texts.insert(MARK.to_owned());
    let wanted = Wanted::new(texts);
    assert!(wanted.find(format!("x{MARK}1-").as_bytes()).is_some(), "it finds what is there");
    let mut wrong = Vec::new();
    let mut looked = 0;
    for file in files(&house.dir) {
        if file.starts_with(house.dir.join("stores")) {
            continue;
        }
        looked += 1;
        if let Some(found) = wanted.find(&fs::read(&file).unwrap_or_default()) {
            wrong.push(format!("{} holds {found:?}", file.display()));
        }
    }
    assert!(looked > 10, "there was something to look into");
    if house.database.is_postgres() {
        for table in house.database.rows(TABLES).await {
            for row in house.database.rows(&format!("SELECT t::text FROM {} t", table[0])).await {
                // Bytes stand there in hexadecimal digits.
                let bytes: Vec<u8> = row[0].split("\\\\x").skip(1).flat_map(unhex).collect();
                let found = wanted.find(row[0].as_bytes()).or_else(|| wanted.find(&bytes));
                wrong.extend(found.map(|found| format!("table {} holds {found:?}", table[0])));
            }
        }
    }
    none("secrets", &wrong, house);
}

const TABLES: &str =
    "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'";

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().take_while(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks_exact(2).map(pair).collect()
}
