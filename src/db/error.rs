//! What can go wrong in our own database, in our own words.
//!
//! The text of a driver or a server may quote values and is never kept, logged or shown: a code
//! stays.

use crate::keys::seal::SealError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Trouble with our own database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// `database.url` names neither kind of database that we run on.
    #[error("the database URL is neither sqlite:PATH nor postgres://…")]
    BadUrl,
    /// The file or its folder cannot be made or opened.
    #[error(
        "the database file cannot be made or opened{}; check that its folder is there and \
         writable",
        in_brackets(code.as_ref())
    )]
    File {
        /// The operating system's or SQLite's number for it.
        code: Option<String>,
    },
    /// Nobody answers, or the answer broke off.
    #[error("the database cannot be reached{}", in_brackets(code.as_ref()))]
    Unreachable {
        /// SQLSTATE where there is one.
        code: Option<String>,
    },
    /// It is there and has no time for us: a lock, a timeout, no free connection.
    #[error("the database is busy{}; try again", in_brackets(code.as_ref()))]
    Busy {
        /// SQLSTATE or SQLite result code.
        code: Option<String>,
    },
    /// A rule of the schema says no.
    #[error("a {} constraint says no{}", kind.as_str(), in_brackets(code.as_ref()))]
    Constraint {
        /// Which kind of rule.
        kind: Constraint,
        /// SQLSTATE or SQLite result code.
        code: Option<String>,
    },
    /// The schema is older than this program.
    #[error(
        "the database waits for {count} migration(s); make a backup and run `rightsdesk migrate`"
    )]
    MigrationPending {
        /// How many are to be applied.
        count: usize,
    },
    /// A newer program has been here.
    #[error(
        "the database was migrated by a newer version of rightsdesk ({newest}); run that version \
         or restore the copy made before"
    )]
    SchemaNewer {
        /// The last migration that this program does not know.
        newest: String,
    },
    /// The SQLite library has the WAL-reset bug that can lose data (3.7.0 to 3.51.2).
    #[error(
        "SQLite {found} can corrupt its write-ahead log; build rightsdesk with SQLite 3.51.3 or \
         later"
    )]
    SqliteTooOld {
        /// Version of the library.
        found: String,
    },
    /// Another worker holds the job by now: what was done in this transaction is undone.
    #[error("another worker has taken over this job")]
    LeaseLost,
    /// A stored value is none that this program writes.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(&'static str),
    /// A column was sealed with a key that is not at hand.
    #[error(
        "a value is sealed with a key that is not at hand; put its file back into the keys folder"
    )]
    KeyMissing,
    /// A statement that should have worked did not.
    #[error("the database refused a statement{}", in_brackets(code.as_ref()))]
    Query {
        /// SQLSTATE or SQLite result code.
        code: Option<String>,
    },
}

/// The kinds of rules in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// There is such a row already.
    Unique,
    /// The row referred to is not there, or is still referred to.
    ForeignKey,
    /// A value is missing.
    NotNull,
    /// A value is out of bounds.
    Check,
}

impl Constraint {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::NotNull => "not null",
            Self::Check => "check",
        }
    }
}

impl DbError {
    /// A stable word for `job.last_error`, logs and metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::BadUrl => "db_bad_url",
            Self::File { .. } => "db_file",
            Self::Unreachable { .. } => "db_unreachable",
            Self::Busy { .. } => "db_busy",
            Self::Constraint { .. } => "db_constraint",
            Self::MigrationPending { .. } => "db_migration_pending",
            Self::SchemaNewer { .. } => "db_schema_newer",
            Self::SqliteTooOld { .. } => "db_sqlite_too_old",
            Self::LeaseLost => "lease_lost",
            Self::Unreadable(_) => "db_unreadable",
            Self::KeyMissing => "key_missing",
            Self::Query { .. } => "db_query",
        }
    }

    /// Whether the same call may well succeed later.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. })
    }

    /// Whether a row of the same key is there already.
    pub const fn is_duplicate(&self) -> bool {
        matches!(self, Self::Constraint { kind: Constraint::Unique, .. })
    }
}

fn in_brackets(code: Option<&String>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

impl From<SealError> for DbError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::UnknownKey => Self::KeyMissing,
            SealError::Broken => Self::Unreadable("a sealed value"),
        }
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy { code: None },
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                Self::Unreachable { code: None }
            }
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::from(&*error),
            DbErr::Conn(RuntimeErr::Internal(_)) => Self::Unreachable { code: None },
            DbErr::Type(_) | DbErr::TryIntoErr { .. } | DbErr::Json(_) => {
                Self::Unreadable("a column is of another type")
            }
            _ => Self::Query { code: None },
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&sqlx::Error> for DbError {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_code(
                &error.kind(),
                error.code().as_deref(),
                error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some(),
            ),
            sqlx::Error::PoolTimedOut => Self::Busy { code: None },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable { code: None },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Unreadable("a column is of another type")
            }
            _ => Self::Query { code: None },
        }
    }
}

/// SQLSTATE classes: PostgreSQL 15, appendix A. SQLite: extended result codes, low byte first.
fn from_code(kind: &sqlx::error::ErrorKind, code: Option<&str>, is_sqlite: bool) -> DbError {
    use sqlx::error::ErrorKind;

    let constraint = match kind {
        ErrorKind::UniqueViolation => Some(Constraint::Unique),
        ErrorKind::ForeignKeyViolation => Some(Constraint::ForeignKey),
        ErrorKind::NotNullViolation => Some(Constraint::NotNull),
        ErrorKind::CheckViolation => Some(Constraint::Check),
        _ => None,
    };
    let kept = code.filter(|code| is_plain(code)).map(str::to_owned);
    if let Some(kind) = constraint {
        return DbError::Constraint { kind, code: kept };
    }
    let code = code.unwrap_or_default();
    if is_sqlite {
        const BUSY: i32 = 5;
        const LOCKED: i32 = 6;
        const READONLY: i32 = 8;
        const IO: i32 = 10;
        const CORRUPT: i32 = 11;
        const FULL: i32 = 13;
        const CANTOPEN: i32 = 14;
        const NOT_A_DATABASE: i32 = 26;
        return match code.parse::<i32>().map(|code| code & 0xff) {
            Ok(BUSY | LOCKED) => DbError::Busy { code: kept },
            Ok(IO | CORRUPT | FULL | CANTOPEN | READONLY | NOT_A_DATABASE) => {
                DbError::File { code: kept }
            }
            _ => DbError::Query { code: kept },
        };
    }
    match (code.get(..2), code) {
        // Serialization failure, deadlock, lock not available, query cancelled, too many sessions.
        (Some("40" | "53"), _) | (_, "55P03" | "57014") => DbError::Busy { code: kept },
        // Connection exceptions, bad credentials, no such database, server going down.
        (Some("08" | "28" | "3D" | "57"), _) => DbError::Unreachable { code: kept },
        _ => DbError::Query { code: kept },
    }
}

fn is_plain(code: &str) -> bool {
    !code.is_empty() && code.len() <= 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait;

    use super::super::testing::db_test;
    use super::*;

    db_test!(trouble_has_a_kind_and_a_code_and_none_of_the_drivers_words, |db| async move {
        let lane = "INSERT INTO lane (name, width) VALUES ('ada@example.org', 1)";
        db.pool().execute_unprepared(lane).await.unwrap();
        let twice = DbError::from(db.pool().execute_unprepared(lane).await.unwrap_err());
        assert!(twice.is_duplicate() && !twice.is_passing());
        let text = format!("{twice} {twice:?}");
        assert!(text.contains("23505") || text.contains("1555"), "{text}");
        assert!(!text.contains("ada") && !text.contains("lane"), "{text}");

        let none = "INSERT INTO lane (name, width) VALUES ('x', NULL)";
        let none = DbError::from(db.pool().execute_unprepared(none).await.unwrap_err());
        assert!(matches!(none, DbError::Constraint { kind: Constraint::NotNull, .. }));

        let nonsense = db.pool().execute_unprepared("SELECT * FROM nowhere").await.unwrap_err();
        let nonsense = DbError::from(nonsense);
        assert!(matches!(nonsense, DbError::Query { code: Some(_) }));
        assert!(!nonsense.to_string().contains("nowhere"));
    });

    #[test]
    fn codes_fall_into_kinds() {
        use sqlx::error::ErrorKind::Other;

        let postgres = |code| from_code(&Other, Some(code), false).word();
        assert_eq!([postgres("40001"), postgres("55P03"), postgres("57014")], ["db_busy"; 3]);
        assert_eq!(
            [postgres("57P01"), postgres("08006"), postgres("28P01")],
            ["db_unreachable"; 3]
        );
        assert_eq!(postgres("42P01"), "db_query");
        let sqlite = |code| from_code(&Other, Some(code), true).word();
        assert_eq!([sqlite("5"), sqlite("517"), sqlite("6")], ["db_busy"; 3]);
        assert_eq!([sqlite("14"), sqlite("778"), sqlite("26")], ["db_file"; 3]);
        assert_eq!(sqlite("1"), "db_query");
        // What is no code is not kept.
        let odd = from_code(&Other, Some("ada@example.org"), false);
        assert_eq!(odd, DbError::Query { code: None });
    }
}
