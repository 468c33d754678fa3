//! The database of a house as the checks read it: every column as text.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use url::Url;

/// Where it is.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    /// The URL of the database, and of one from which it can be dropped.
    Postgres {
        url: String,
        admin: String,
    },
}

impl Database {
    /// A fresh one on the server of `admin`.
    pub(crate) async fn create(admin: &str, name: &str) -> Self {
        let name = format!("crash_{name}_{}", std::process::id());
        let mut to = PgConnection::connect(admin).await.unwrap();
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut to).await.unwrap();
        }
        to.close().await.unwrap();
        let mut url = Url::parse(admin).unwrap();
        url.set_path(&name);
        Self::Postgres { url: url.into(), admin: admin.to_owned() }
    }

    /// What becomes of a fresh one at the end. Not needed where a file goes with its folder.
    pub(crate) async fn drop(&self) {
        if let Self::Postgres { url, admin } = self {
            let name = Url::parse(url).unwrap().path().trim_start_matches('/').to_owned();
            let mut to = PgConnection::connect(admin).await.unwrap();
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut to).await.unwrap();
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// What a query gives; every column must be text and never NULL.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file).read_only(true);
                let mut from = options.connect().await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut from).await.unwrap();
                let read = rows.iter().map(|row| (0..row.len()).map(|at| row.get(at)).collect());
                let read = read.collect();
                from.close().await.unwrap();
                read
            }
            Self::Postgres { url, .. } => {
                let options = PgConnectOptions::from_str(url).unwrap();
                let mut from = options.application_name("crash checks").connect().await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut from).await.unwrap();
                let read = rows.iter().map(|row| (0..row.len()).map(|at| row.get(at)).collect());
                let read = read.collect();
                from.close().await.unwrap();
                read
            }
        }
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> u64 {
        self.rows(&format!("SELECT CAST(({sql}) AS TEXT)")).await[0][0].parse().unwrap()
    }

    /// Runs statements.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
                let mut to = options.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut to).await.unwrap();
                to.close().await.unwrap();
            }
            Self::Postgres { url, .. } => {
                let mut to = PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut to).await.unwrap();
                to.close().await.unwrap();
            }
        }
    }
}
