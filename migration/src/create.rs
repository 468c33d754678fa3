//! What migrations that make tables have in common.

use sea_orm_migration::prelude::{
    DbErr, Index, IndexCreateStatement, SchemaManager, Table, TableCreateStatement,
};

/// Creates tables, in this order, and then indexes.
pub(crate) async fn create(
    schema: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        schema.create_table(table).await?;
    }
    for index in indexes {
        schema.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables, the last one first.
pub(crate) async fn drop_all(
    schema: &SchemaManager<'_>,
    names: &'static [&'static str],
) -> Result<(), DbErr> {
    for name in names.iter().rev() {
        schema.drop_table(Table::drop().table(*name).to_owned()).await?;
    }
    Ok(())
}

/// An index on `columns` of `table`, named after both.
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
