//! Databases of a test's own on the server of `RIGHTSDESK_TEST_POSTGRES`.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{not_run, setting};

/// A database that is dropped at the end, by [`Postgres::end`].
pub(crate) struct Postgres {
    admin: String,
    pub(crate) url: String,
}

impl Postgres {
    /// A fresh one; `None` where there is no server, which is said.
    pub(crate) async fn fresh(name: &str) -> Option<Self> {
        let Some(admin) = setting("RIGHTSDESK_TEST_POSTGRES") else {
            not_run("RIGHTSDESK_TEST_POSTGRES names no server");
            return None;
        };
        let name = format!("rightsdesk_{name}_{}", std::process::id());
        run(&admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&admin, format!("CREATE DATABASE {name}")).await;
        let (server, _) = admin.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}");
        Some(Self { admin, url })
    }

    /// Drops it.
    pub(crate) async fn end(self) {
        let (_, name) = self.url.rsplit_once('/').unwrap();
        run(&self.admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

async fn run(admin: &str, statement: String) {
    let mut session = PgConnection::connect(admin).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut session).await.unwrap();
}
