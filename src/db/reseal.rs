//! A new root key: every sealed column is sealed anew, and the keyed hashes beside them with it.
//!
//! The rows themselves say how far it has come, since the id of its key stands in front of every
//! sealed value. So it may be stopped anywhere and run again.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, Value};
use sea_orm::{ConnectionTrait, Order, QueryResult};
use uuid::Uuid;

use super::{Db, DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::subject::KeyKind;
use crate::keys::Keys;
use crate::keys::root::RootKeyId;
use crate::keys::seal::prefix;

/// The fact that tells whether sealing anew is under way, or when it was done.
pub const ROTATION: &str = "key_rotation";

/// A column whose values are sealed under the root key.
#[derive(Debug, Clone, Copy)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    row: RowKey,
    tag: Option<Tag>,
}

/// What names a row, in its primary key and in the place that its value is bound to.
#[derive(Debug, Clone, Copy)]
enum RowKey {
    /// `id` in both.
    Id,
    /// `id`, and in the place the archive and the number of the part.
    Part,
    /// The request and a number, in both.
    Seq,
}

/// A keyed hash of the sealed value, in a column beside it.
#[derive(Debug, Clone, Copy)]
enum Tag {
    Contact,
    StaffEmail,
    SubjectKey,
}

/// Every column there is that the root key seals. A test compares it with the schema.
pub const SEALED: &[SealedColumn] = &[
    sealed("intake", "contact", RowKey::Id, Some(Tag::Contact)),
    sealed("outbox", "sealed", RowKey::Id, None),
    sealed("message", "body", RowKey::Id, None),
    sealed("segment", "detail", RowKey::Part, None),
    sealed("task", "cursor", RowKey::Id, None),
    sealed("subject_key", "value", RowKey::Seq, Some(Tag::SubjectKey)),
    sealed("staff", "email", RowKey::Id, Some(Tag::StaffEmail)),
    sealed("staff", "name", RowKey::Id, None),
    sealed("staff", "totp", RowKey::Id, None),
    sealed("change", "detail", RowKey::Id, None),
    sealed("current_field", "fields", RowKey::Id, None),
    sealed("frozen", "keys", RowKey::Id, None),
    sealed("evidence", "name", RowKey::Id, None),
    sealed("evidence", "body", RowKey::Id, None),
    sealed("withheld_store", "facts", RowKey::Id, None),
    sealed("store_plan", "body", RowKey::Id, None),
    sealed("erase_plan", "body", RowKey::Id, None),
    sealed("erase_step", "body", RowKey::Id, None),
    sealed("flag_key", "secret", RowKey::Id, None),
    sealed("replay", "body", RowKey::Id, None),
];

const fn sealed(
    table: &'static str,
    column: &'static str,
    row: RowKey,
    tag: Option<Tag>,
) -> SealedColumn {
    SealedColumn { table, column, row, tag }
}

impl Tag {
    const fn column(self) -> &'static str {
        match self {
            Self::Contact => "contact_tag",
            Self::StaffEmail => "email_tag",
            Self::SubjectKey => "tag",
        }
    }

    /// The hash of `plain` under the present key; `None` when there is nothing to hash.
    fn of(self, keys: &Keys, plain: &[u8], row: &QueryResult) -> Result<Option<Vec<u8>>, DbError> {
        let tag = match self {
            Self::Contact => {
                let unreadable = || DbError::Unreadable("intake.contact");
                let contact: serde_json::Value =
                    serde_json::from_slice(plain).map_err(|_| unreadable())?;
                // As [`Tx::insert_intake`] does: an address among the keys counts where there is no
                // other, and a form without any has no tag.
                let among = contact["identifiers"].as_array().and_then(|keys| {
                    let key = keys.iter().find(|key| key[0] == KeyKind::EMAIL)?;
                    EmailAddress::parse(key[1].as_str()?).ok()
                });
                let own = contact["email"].as_str().map(ToOwned::to_owned);
                let email = own.or_else(|| among.map(|email| email.as_str().to_owned()));
                let Some(email) = email else { return Ok(None) };
                keys.blind("contact", email.as_bytes())
            }
            Self::StaffEmail => {
                let unreadable = || DbError::Unreadable("staff.email");
                let text = std::str::from_utf8(plain).map_err(|_| unreadable())?;
                let email = EmailAddress::parse(text).map_err(|_| unreadable())?;
                keys.blind("staff email", email.folded().as_bytes())
            }
            Self::SubjectKey => {
                let kind: String = row.try_get("", "kind")?;
                keys.blind(&kind, plain)
            }
        };
        Ok(Some(tag.to_vec()))
    }
}

/// A row's place in the order of the primary key.
#[derive(Debug, Clone, Copy)]
struct At(Uuid, Option<i32>);

impl RowKey {
    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Id | Self::Part => &["id"],
            Self::Seq => &["request_id", "seq"],
        }
    }

    fn at(self, row: &QueryResult) -> Result<At, DbError> {
        Ok(match self {
            Self::Id | Self::Part => At(row.try_get("", "id")?, None),
            Self::Seq => At(row.try_get("", "request_id")?, Some(row.try_get("", "seq")?)),
        })
    }

    fn place(self, of: &SealedColumn, row: &QueryResult) -> Result<String, DbError> {
        let SealedColumn { table, column, .. } = of;
        let At(first, second) = self.at(row)?;
        Ok(match (self, second) {
            (Self::Part, _) => {
                let archive: Uuid = row.try_get("", "archive_id")?;
                let part: i32 = row.try_get("", "part")?;
                format!("{table}.{column}/{archive}/{part}")
            }
            (_, Some(second)) => format!("{table}.{column}/{first}/{second}"),
            (_, None) => format!("{table}.{column}/{first}"),
        })
    }

    /// The columns that name the row, as one value, and `at` as such a value.
    fn tuple(self, at: At) -> (Expr, Expr) {
        let names = self.columns().iter().map(|name| Expr::col(*name));
        let values = [Some(Expr::value(at.0)), at.1.map(Expr::value)];
        (Expr::tuple(names), Expr::tuple(values.into_iter().flatten()))
    }
}

impl Db {
    /// How many sealed values are under `key`.
    pub async fn sealed_under(&self, key: RootKeyId) -> Result<u64, DbError> {
        let mut all = 0;
        for of in SEALED {
            all += self.count(of, starts(of).eq(prefix(key).to_vec())).await?;
        }
        Ok(all)
    }

    /// How many sealed values are not under the present key.
    pub async fn sealed_under_others(&self) -> Result<u64, DbError> {
        let current = prefix(self.sealer.keys().current()).to_vec();
        let mut all = 0;
        for of in SEALED {
            all += self.count(of, starts(of).ne(current.clone())).await?;
        }
        Ok(all)
    }

    /// How many sealed values are under a key that is not at hand.
    pub async fn sealed_under_unknown(&self) -> Result<u64, DbError> {
        let known = self.sealer.keys().at_hand();
        let mut all = 0;
        for of in SEALED {
            let known = known.iter().map(|id| prefix(*id).to_vec());
            all += self.count(of, starts(of).is_not_in(known)).await?;
        }
        Ok(all)
    }

    /// How many archives need each epoch key, by week.
    pub async fn archives_by_epoch(&self) -> Result<Vec<(String, i64)>, DbError> {
        let query = Query::select()
            .column("epoch")
            .expr_as(Expr::cust("count(*)"), "number")
            .from("archive")
            .and_where(Expr::col("wrapped_key").is_not_null())
            .and_where(Expr::col("epoch").is_not_null())
            .add_group_by([Expr::col("epoch")])
            .order_by("epoch", Order::Asc)
            .to_owned();
        let rows = self.pool().query_all(&query).await?;
        let read = |row: &QueryResult| Ok((row.try_get("", "epoch")?, row.try_get("", "number")?));
        rows.iter().map(read).collect()
    }

    async fn count(&self, of: &SealedColumn, which: Expr) -> Result<u64, DbError> {
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "number")
            .from(of.table)
            .and_where(which)
            .to_owned();
        let row = self.pool().query_one(&count).await?;
        let number: i64 = row.map_or(Ok(0), |row| row.try_get("", "number"))?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    /// Seals what is not under the present key anew, `batch` rows a transaction, at most `most`
    /// rows in all, and tells how many that were: less than `most` when nothing is left.
    ///
    /// Processes that know both keys may run meanwhile: a value that one of them changed in between
    /// is theirs.
    pub async fn reseal(&self, batch: u64, most: u64) -> Result<u64, DbError> {
        let mut done = 0;
        for of in SEALED {
            let mut after = None;
            while done < most {
                let tx = self.begin().await?;
                let (rows, last) = tx.reseal_some(of, after, Ord::min(batch, most - done)).await?;
                tx.commit().await?;
                done += rows;
                after = last;
                if last.is_none() {
                    break;
                }
            }
        }
        Ok(done)
    }
}

impl Tx {
    /// The next rows after `after`: how many, and the last of them.
    async fn reseal_some(
        &self,
        of: &SealedColumn,
        after: Option<At>,
        limit: u64,
    ) -> Result<(u64, Option<At>), DbError> {
        let keys = self.sealer().keys().clone();
        let current = prefix(keys.current()).to_vec();
        let mut find = Query::select();
        find.expr(Expr::cust("*")).from(of.table).and_where(starts(of).ne(current)).limit(limit);
        for name in of.row.columns() {
            find.order_by(*name, Order::Asc);
        }
        if let Some(after) = after {
            let (row, after) = of.row.tuple(after);
            find.and_where(row.gt(after));
        }
        let (mut count, mut last) = (0, None);
        for row in self.conn().query_all(&find).await? {
            let old: Vec<u8> = row.try_get("", of.column)?;
            let place = of.row.place(of, &row)?;
            let plain = self.sealer().open_bytes(&place, &old)?;
            let at = of.row.at(&row)?;
            let (name, value) = of.row.tuple(at);
            let mut update = Query::update();
            update
                .table(of.table)
                .value(of.column, self.sealer().seal_bytes(&place, &plain))
                .and_where(name.eq(value))
                .and_where(Expr::col(of.column).eq(old));
            if let Some(tag) = of.tag
                && let Some(hash) = tag.of(&keys, &plain, &row)?
            {
                update.value(tag.column(), Value::from(hash));
            }
            self.conn().execute(&update).await?;
            (count, last) = (count + 1, Some(at));
        }
        Ok((count, last))
    }
}

/// The version and key id in front of a sealed value. Both databases count bytes here; nothing
/// begins NULL, so that what is not there is never found.
fn starts(of: &SealedColumn) -> Expr {
    Expr::cust(format!("substr({}, 1, {})", of.column, prefix(RootKeyId([0; 4])).len()))
}

#[cfg(test)]
pub(crate) mod tests;
