//! What becomes of a value whose row stays.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Eraser, Holds, instant, plain};
use crate::domain::erase::RowId;
use crate::domain::record::Value;
use crate::keys::pepper::Peppers;
use crate::store::StoreError;
use crate::store::map::Coarse;

/// Under this name rows' own keys are hashed; a map's names have no space.
const OF_ROW: &str = "row key";

/// One column of rows that stay.
#[derive(Debug, Clone)]
pub(super) struct Mask {
    pub(super) column: String,
    pub(super) how: How,
    /// What the column takes.
    pub(super) holds: Holds,
    /// Whether it may be NULL.
    pub(super) nullable: bool,
}

/// What it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    Null,
    Constant(String),
    /// A hash of the value under a name.
    Hash(String),
    /// A hash of the row's key: different in every row, and nothing of the value.
    OfRow,
    Coarse(Coarse),
}

impl Mask {
    /// What is selected to see whether there is something to do; `constant` is where a constant is
    /// bound.
    pub(super) fn seen(&self, eraser: &Eraser<'_>, table: &str, constant: &str) -> String {
        let column = eraser.column(table, &self.column);
        match &self.how {
            How::Null => super::flag(&format!("{} IS NULL", column.sql)),
            How::Constant(_) => super::flag(&eraser.hand.is_at(&column, constant)),
            How::Hash(_) | How::OfRow | How::Coarse(_) => eraser.hand.shown(&column),
        }
    }

    /// The value that takes the place of the one `seen`; `None` where it stands there already.
    pub(super) fn becomes(
        &self,
        eraser: &Eraser<'_>,
        table: &str,
        row: &RowId,
        seen: &Value,
    ) -> Result<Option<Value>, StoreError> {
        let there = || matches!(seen, Value::Text(flag) if flag == "0");
        Ok(match &self.how {
            How::Null => (!there()).then_some(Value::Null),
            How::Constant(text) => (!there()).then(|| Value::Text(text.clone())),
            How::Hash(name) => match plain(seen) {
                None => None,
                Some(text) => self.hash(eraser.peppers()?, name, &text, &[text.as_bytes()]),
            },
            How::OfRow => {
                let parts = [table.as_bytes(), self.column.as_bytes(), row.0.as_bytes()];
                let text = plain(seen).unwrap_or_default();
                self.hash(eraser.peppers()?, OF_ROW, &text, &parts)
            }
            How::Coarse(rule) => plain(seen).and_then(|text| self.coarse(*rule, &text, seen)),
        })
    }

    /// A hash of `parts`, unless `text` is one.
    fn hash(&self, peppers: &Peppers, name: &str, text: &str, parts: &[&[u8]]) -> Option<Value> {
        let unhexed = || {
            let hex = text.strip_prefix("\\x").unwrap_or(text);
            let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
            String::from_utf8(bytes).ok()
        };
        let (done, hash) = match self.holds {
            Holds::Uuid => (peppers.is_uuid(name, text), peppers.uuid(name, parts)),
            Holds::Bytes => {
                let done = unhexed().is_some_and(|text| peppers.is_text(name, &text));
                (done, peppers.text(name, parts))
            }
            _ => (peppers.is_text(name, text), peppers.text(name, parts)),
        };
        (!done).then_some(Value::Text(hash))
    }

    /// What a rule cannot read becomes nothing at all.
    fn coarse(&self, rule: Coarse, text: &str, value: &Value) -> Option<Value> {
        let nothing = || if self.nullable { Value::Null } else { Value::Text(String::new()) };
        let made = match rule {
            Coarse::Year | Coarse::Month => {
                if let Value::Int(_) = value {
                    let begin = begin_of(rule, instant(value)?)?;
                    let same = instant(value) == Some(begin);
                    return (!same).then(|| Value::Int(begin.as_second()));
                }
                date(rule, text, self.holds)
            }
            Coarse::Family => Some(family(text).to_owned()),
            Coarse::Domain => domain(text),
            Coarse::Prefix => prefix(text),
        };
        match made {
            Some(made) if same(rule, self.holds, &made, text) => None,
            Some(made) => Some(Value::Text(made)),
            None if text.is_empty() => None,
            None => Some(nothing()),
        }
    }
}

/// Whether a database that prints `made` in its own way has it already.
fn same(rule: Coarse, holds: Holds, made: &str, text: &str) -> bool {
    let date = matches!(rule, Coarse::Year | Coarse::Month) && holds == Holds::Date;
    let midnight = |rest: &str| rest.bytes().all(|b| !b.is_ascii_digit() || b == b'0');
    made == text || date && text.strip_prefix(made).is_some_and(midnight)
}

fn begin_of(rule: Coarse, at: Timestamp) -> Option<Timestamp> {
    let date = at.to_zoned(TimeZone::UTC).date();
    let month = if rule == Coarse::Year { 1 } else { date.month() };
    let first = jiff::civil::Date::new(date.year(), month, 1).ok()?;
    Some(first.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// `2026`, `2026-04`, or where the column takes dates alone their first day.
fn date(rule: Coarse, text: &str, holds: Holds) -> Option<String> {
    let year = text.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
    let mut made = year.to_owned();
    if rule == Coarse::Month {
        let month = text.get(4..7).filter(|month| {
            month.starts_with('-') && month[1..].bytes().all(|b| b.is_ascii_digit())
        })?;
        made.push_str(month);
    } else if text.len() > 4 && !text[4..].starts_with('-') {
        return None;
    }
    if holds == Holds::Date {
        made.push_str(if rule == Coarse::Year { "-01-01" } else { "-01" });
    }
    Some(made)
}

/// The family of a browser, by the word that sets it apart from those it imitates.
fn family(text: &str) -> &'static str {
    const FAMILIES: [(&str, &str); 10] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Opera", "Opera"),
        ("SamsungBrowser", "Samsung"),
        ("Samsung", "Samsung"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ];
    FAMILIES.iter().find(|(word, _)| text.contains(word)).map_or("Other", |(_, family)| family)
}

/// What stands behind the `@` of an address.
fn domain(text: &str) -> Option<String> {
    let domain = text.rsplit_once('@').map_or(text, |(_, domain)| domain);
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let fair = domain.contains('.') && domain.bytes().all(plain);
    fair.then(|| domain.to_owned())
}

/// The first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
fn prefix(text: &str) -> Option<String> {
    let address: std::net::IpAddr = text.split('/').next()?.trim().parse().ok()?;
    Some(match address.to_canonical() {
        std::net::IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        std::net::IpAddr::V6(six) => {
            let [a, b, c, ..] = six.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(rule: Coarse, holds: Holds, text: &str) -> Option<String> {
        let mask = Mask { column: "c".into(), how: How::Coarse(rule), holds, nullable: true };
        match mask.coarse(rule, text, &Value::Text(text.into()))? {
            Value::Text(text) => Some(text),
            _ => Some("NULL".into()),
        }
    }

    #[test]
    fn what_is_made_coarser_stays_as_it_is_the_second_time() {
        const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like \
            Gecko) Chrome/130.0.0.0 Safari/537.36";
        for (rule, holds, text, expected) in [
            (Coarse::Year, Holds::Text, "2026-04-03 10:00:00", "2026"),
            (Coarse::Year, Holds::Date, "2026-04-03 10:00:00+00", "2026-01-01"),
            (Coarse::Month, Holds::Text, "2026-04-03", "2026-04"),
            (Coarse::Month, Holds::Date, "2026-04-03", "2026-04-01"),
            (Coarse::Family, Holds::Text, CHROME, "Chrome"),
            (Coarse::Family, Holds::Text, "curl/8.0", "Other"),
            (Coarse::Domain, Holds::Text, "ada@example.org", "example.org"),
            (Coarse::Prefix, Holds::Text, "192.0.2.77", "192.0.2.0/24"),
            (Coarse::Prefix, Holds::Text, "2001:db8:1:2::7", "2001:db8:1::/48"),
            (Coarse::Prefix, Holds::Text, "2001:db8:1:2::7/64", "2001:db8:1::/48"),
        ] {
            assert_eq!(made(rule, holds, text).as_deref(), Some(expected), "{text}");
            assert_eq!(made(rule, holds, expected), None, "{expected}");
        }
        assert_eq!(made(Coarse::Year, Holds::Date, "2026-01-01 00:00:00+00"), None);
    }

    #[test]
    fn what_a_rule_cannot_read_becomes_nothing() {
        for (rule, text) in [
            (Coarse::Year, "born in spring"),
            (Coarse::Year, "20261231 at home"),
            (Coarse::Month, "2026"),
            (Coarse::Domain, "ada lovelace"),
            (Coarse::Prefix, "at home"),
        ] {
            assert_eq!(made(rule, Holds::Text, text).as_deref(), Some("NULL"), "{text}");
        }
        assert_eq!(made(Coarse::Year, Holds::Text, ""), None);
    }
}
