//! What belongs to a request beside its right, and what is withheld of its answer.

use ::entity::{particulars, request, withheld_store};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::convert::{at, ms, word};
use super::{DbError, Tx};
use crate::domain::decision::RefusalGround;
use crate::domain::particulars::{Of, Particulars, Verdict};
use crate::domain::representative::Acting;
use crate::domain::text::TypedText;
use crate::ids::{Reference, RequestId, StaffId};

/// A store whose data are not given.
#[derive(Clone, PartialEq, Eq)]
pub struct WithheldStore {
    /// Its name.
    pub store: String,
    /// Why.
    pub ground: RefusalGround,
    /// What that rests on, in the words of whoever decided.
    pub facts: String,
    /// When it was decided.
    pub at: Timestamp,
}

impl std::fmt::Debug for WithheldStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WithheldStore({}, {})", self.store, self.ground)
    }
}

impl Tx {
    /// What belongs to a request beside its right.
    pub async fn particulars_of(&self, id: RequestId) -> Result<Particulars, DbError> {
        let row = particulars::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map_or_else(|| Ok(Particulars::default()), read)
    }

    /// Writes it, over what stood there.
    pub async fn set_particulars(&self, id: RequestId, what: &Particulars) -> Result<(), DbError> {
        use particulars::Column as C;
        if *what == Particulars::default() {
            particulars::Entity::delete_by_id(id.0).exec(self.conn()).await?;
            return Ok(());
        }
        let row = particulars::ActiveModel {
            request_id: Set(id.0),
            of: Set(what.of.as_str().to_owned()),
            about: Set(what.about.map(|about| about.0)),
            acting: Set(what.acting.map(|acting| acting.as_str().to_owned())),
            verdict: Set(what.verdict.map(|verdict| verdict.as_str().to_owned())),
            decided_by: Set(what.decided_by.map(|staff| staff.0)),
            child_data: Set(what.child_data),
        };
        let mut over = OnConflict::column(C::RequestId);
        over.update_columns([C::Of, C::About, C::Acting, C::Verdict, C::DecidedBy, C::ChildData]);
        particulars::Entity::insert(row)
            .on_conflict(over)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// The complaints, appeals and reviews that are about a request, by reference.
    pub async fn about(&self, id: RequestId) -> Result<Vec<Reference>, DbError> {
        let rows = particulars::Entity::find()
            .filter(particulars::Column::About.eq(id.0))
            .all(self.conn())
            .await?;
        let ids = rows.into_iter().map(|row| row.request_id);
        let rows = request::Entity::find()
            .filter(request::Column::Id.is_in(ids))
            .order_by_asc(request::Column::ReceivedAt)
            .order_by_asc(request::Column::Id)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| word(Reference::parse(&row.reference), "request.reference"))
            .collect()
    }

    /// Withholds a store's data, or changes why.
    pub async fn withhold_store(
        &self,
        request: RequestId,
        store: &str,
        why: (RefusalGround, &TypedText),
        by: Option<StaffId>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.give_store(request, store).await?;
        let id = self.sealer().entropy().uuid(now);
        let place = format!("withheld_store.facts/{id}");
        let row = withheld_store::ActiveModel {
            id: Set(id),
            request_id: Set(request.0),
            store: Set(store.to_owned()),
            ground: Set(why.0.as_str().to_owned()),
            facts: Set(self.sealer().seal_bytes(&place, why.1.as_str().as_bytes())),
            decided_by: Set(by.map(|staff| staff.0)),
            at: Set(ms(now)),
        };
        withheld_store::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Gives a store's data after all. False when they were not withheld.
    pub async fn give_store(&self, request: RequestId, store: &str) -> Result<bool, DbError> {
        let done = withheld_store::Entity::delete_many()
            .filter(withheld_store::Column::RequestId.eq(request.0))
            .filter(withheld_store::Column::Store.eq(store))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// The stores whose data are not given, by name.
    pub async fn withheld_stores(&self, request: RequestId) -> Result<Vec<WithheldStore>, DbError> {
        let rows = withheld_store::Entity::find()
            .filter(withheld_store::Column::RequestId.eq(request.0))
            .order_by_asc(withheld_store::Column::Store)
            .all(self.conn())
            .await?;
        let read = |row: withheld_store::Model| {
            let place = format!("withheld_store.facts/{}", row.id);
            let facts = self.sealer().open_bytes(&place, &row.facts)?.to_vec();
            Ok(WithheldStore {
                store: row.store,
                ground: word(RefusalGround::parse(&row.ground), "withheld_store.ground")?,
                facts: String::from_utf8(facts)
                    .map_err(|_| DbError::Unreadable("withheld_store.facts"))?,
                at: at(row.at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

fn read(row: particulars::Model) -> Result<Particulars, DbError> {
    let acting = row.acting.map(|text| word(Acting::parse(&text), "particulars.acting"));
    let verdict = row.verdict.map(|text| word(Verdict::parse(&text), "particulars.verdict"));
    Ok(Particulars {
        of: word(Of::parse(&row.of), "particulars.of")?,
        about: row.about.map(RequestId),
        acting: acting.transpose()?,
        verdict: verdict.transpose()?,
        decided_by: row.decided_by.map(StaffId),
        child_data: row.child_data,
    })
}
