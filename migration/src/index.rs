//! Indexes, named after what they are on.

use sea_orm_migration::prelude::{Index, IndexCreateStatement};

/// An index on `columns` of `table`.
pub(crate) fn on(
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    index
}
