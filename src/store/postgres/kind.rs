//! Types of columns: how a value prints, and how it is compared with another.

use super::types::Print;
use crate::store::sql::erase::Holds;

/// What a column holds. A domain is what it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kind {
    oid: i64,
    pub(super) print: Print,
    pub(super) family: Family,
    /// The type's name as a cast writes it.
    pub(super) cast: String,
    /// Its equality, by the schema it stands in where that is not the server's own.
    pub(super) equal: String,
    /// Whether `=` may take other bytes for the same: `citext`, `char(n)`, a collation of its own.
    pub(super) loose: bool,
    /// Whether `=`, `<` and DISTINCT mean here what the server's own types mean by them.
    pub(super) plain: bool,
}

/// Types that compare with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Whole,
    Number,
    Text,
    Uuid,
    Other,
}

/// The collation that a column has when nobody asked for another.
const DEFAULT_COLLATION: i64 = 100;

impl Kind {
    /// Of `pg_type`: `typtype` and `typcategory` in one word, schema and name.
    pub(super) fn new(
        oid: i64,
        print: Print,
        sort: &str,
        (schema, name): (&str, &str),
        cast: &str,
        collation: i64,
    ) -> Self {
        let family = match oid {
            20 | 21 | 23 => Family::Whole,
            700 | 701 | 1700 => Family::Number,
            2950 => Family::Uuid,
            _ if sort == "bS" => Family::Text,
            _ => Family::Other,
        };
        let own = schema == "pg_catalog";
        let equal = if own || sort.starts_with('e') {
            "=".to_owned()
        } else {
            format!("OPERATOR(\"{}\".=)", schema.replace('"', "\"\""))
        };
        let exact = matches!(name, "text" | "varchar") && own && collation == DEFAULT_COLLATION;
        let loose = family == Family::Text && !exact;
        // json, xml and the shapes of geometry have no order.
        let ordered = !matches!(sort, "bG") && !matches!(oid, 114 | 142);
        let plain = sort.starts_with('e') || own && ordered;
        Self { oid, print, family, cast: cast.to_owned(), equal, loose, plain }
    }

    /// Something that nobody described.
    pub(super) fn unknown(oid: i64) -> Self {
        Self::new(oid, Print::Text, "??", ("", ""), "text", 0)
    }

    /// What it takes when a row is masked.
    pub(super) fn holds(&self) -> Holds {
        match self.oid {
            17 => Holds::Bytes,
            1082 | 1114 | 1184 => Holds::Date,
            _ => match self.family {
                Family::Text => Holds::Text,
                Family::Uuid => Holds::Uuid,
                _ => Holds::Other,
            },
        }
    }

    /// Whether it holds a day or a time.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.oid, 1082 | 1083 | 1114 | 1184 | 1266)
    }

    /// Whether `=` compares the two as their values are, byte for byte.
    pub(super) fn compares_with(&self, other: &Self) -> bool {
        let numbers = |kind: &Self| matches!(kind.family, Family::Whole | Family::Number);
        match self.family {
            Family::Whole | Family::Number => numbers(other),
            Family::Text => other.family == Family::Text && !self.loose && !other.loose,
            Family::Uuid | Family::Other => self.oid == other.oid && self.plain,
        }
    }
}
