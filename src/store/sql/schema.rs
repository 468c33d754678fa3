//! A database as its catalogue describes it.

use std::collections::BTreeSet;

/// All tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// In the order of their names.
    pub tables: Vec<Table>,
    /// Whether the adapter walks by a key that the map alone names, and looks that it is one.
    pub takes_keys: bool,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The columns of its primary key, in the key's order.
    pub primary_key: Vec<String>,
    /// What it refers to.
    pub foreign_keys: Vec<ForeignKey>,
    /// How its rows are walked one after the other.
    pub keyset: Keyset,
    /// Whether it is a view, whose rows stand elsewhere: it is read and never written to.
    pub view: bool,
    /// The tables and views that a view reads, as far as the adapter knows.
    pub behind: Vec<String>,
    /// Columns that must have a value.
    pub required: Vec<String>,
    /// Columns of which no two rows may have the same values together, its primary key among them.
    pub unique: Vec<Vec<String>>,
    /// Columns whose values the database makes of others.
    pub computed: Vec<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns here.
    pub columns: Vec<String>,
    /// The table referred to.
    pub table: String,
    /// The columns there.
    pub to: Vec<String>,
    /// What the database does here when the row there goes.
    pub on_delete: Action,
    /// What it does here when the columns there change.
    pub on_update: Action,
}

/// What a foreign key does with the rows that refer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    /// It forbids the change, once the statement or the transaction is through.
    #[default]
    Stop,
    /// It forbids the change at once.
    StopAtOnce,
    /// The rows go, or change, too.
    Cascade,
    /// Their columns are set to NULL or to a default.
    Loosen,
}

/// What gives every row of a table one place in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyset {
    /// These columns or hidden columns; unique together and never NULL.
    Columns(Vec<String>),
    /// Nothing that the database knows of does: a view, or a table without a key.
    Nothing,
}

impl Schema {
    /// The table of exactly that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table that a person may have meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        near(name, self.tables.iter().map(|table| table.name.as_str()))
    }

    /// The tables from which the rows of a view come, through other views too.
    pub fn behind<'s>(&'s self, view: &'s str) -> BTreeSet<&'s str> {
        let mut open: Vec<&str> = vec![view];
        let mut behind: BTreeSet<&str> = BTreeSet::new();
        while let Some(table) = open.pop().and_then(|name| self.table(name)) {
            open.extend(table.behind.iter().map(String::as_str).filter(|one| behind.insert(one)));
        }
        behind.retain(|name| self.table(name).is_some_and(|table| !table.view));
        behind
    }

    /// Tables whose rows point to a row of one of `roots`, directly or through others, over foreign
    /// keys and over `declared` references (child, parent). The roots are among them.
    pub fn reaching<'s>(
        &'s self,
        roots: &BTreeSet<&'s str>,
        declared: &[(&'s str, &'s str)],
    ) -> BTreeSet<&'s str> {
        let mut reached = roots.clone();
        loop {
            let before = reached.len();
            for table in &self.tables {
                if table.foreign_keys.iter().any(|key| reached.contains(key.table.as_str())) {
                    reached.insert(&table.name);
                }
            }
            for (child, parent) in declared {
                if reached.contains(parent) {
                    reached.insert(child);
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }
}

impl Table {
    /// Whether it has exactly that column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }

    /// The column that a person may have meant.
    pub fn nearest(&self, column: &str) -> Option<&str> {
        near(column, self.columns.iter().map(String::as_str))
    }
}

fn near<'n>(typed: &str, names: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let mut same = names.clone().filter(|name| plain(name) == plain(typed));
    let start = |name: &&str| name.bytes().zip(typed.bytes()).take_while(|(a, b)| a == b).count();
    same.next().or_else(|| names.max_by_key(start).filter(|name| start(name) >= 3))
}
