//! The same tests on every kind of SQL database.

mod chinook;
mod file;
mod held;
mod server;
mod shop;
mod suite;
mod ties;
mod town;
mod ways;

/// One test a kind of database.
macro_rules! everywhere {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::store::sql::erase::tests::town::Kind::Sqlite).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::store::sql::erase::tests::town::Kind::Postgres).await;
            })+
        }
    };
}

use everywhere;
