//! Plans of deletions and who approved them. What names rows is sealed, and goes when nothing needs
//! it any more; counts and dates stay.

use ::entity::{approval, erase_plan, erase_step, intake, request, store_plan};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::convert::{at, from_json, json, maybe_at, ms, word};
use super::{Db, DbError, Tx};
use crate::domain::erase::ErasePlan;
use crate::domain::plan::{Difference, Outline, Plan, PlanDigest};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{IntakeId, RequestId, StaffId, TaskId};

/// What one store has told, and what it was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStorePlan {
    /// The store's share.
    pub task: TaskId,
    /// A hash of the files that rows of others name and that it was asked about.
    pub files: String,
    /// Its answer.
    pub plan: ErasePlan,
}

/// The plan of a request without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFacts {
    /// Its fingerprint.
    pub digest: PlanDigest,
    /// When it was made.
    pub made_at: Timestamp,
    /// When cooling-off ends.
    pub cooled_at: Timestamp,
    /// When the last approval that it needs came.
    pub approved_at: Option<Timestamp>,
    /// Which plan of the request it is, from 1.
    pub round: u32,
    /// How many of what.
    pub outline: Outline,
    /// What it says otherwise than the one before.
    pub differences: Vec<Difference>,
}

impl Db {
    /// The keyed hash of a row or key of a store, as the ledger keeps it: 32 hex digits.
    pub fn ledger_tag(&self, kind: &str, value: &str) -> String {
        let tag = self.sealer.keys().blind(&format!("ledger {kind}"), value.as_bytes());
        HEXLOWER.encode(&tag[..16])
    }

    /// Whether [`Db::ledger_tags`] can meet what was hashed under the root key of this id.
    pub fn can_meet(&self, root: &str) -> bool {
        root.is_empty() || self.sealer.keys().at_hand().iter().any(|id| id.to_string() == root)
    }

    /// As [`Db::ledger_tag`], under every root key at hand, the present one first.
    pub fn ledger_tags(&self, kind: &str, value: &str) -> Vec<String> {
        let tags = self.sealer.keys().blinds(&format!("ledger {kind}"), value.as_bytes());
        tags.iter().map(|tag| HEXLOWER.encode(&tag[..16])).collect()
    }
}

/// Who approved which plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: StaffId,
    /// Which.
    pub digest: PlanDigest,
    /// When.
    pub at: Timestamp,
}

impl Tx {
    /// Keeps what a store would do; its earlier answer is replaced.
    pub async fn put_store_plan(
        &self,
        request: RequestId,
        told: &StoredStorePlan,
    ) -> Result<(), DbError> {
        let row = store_plan::ActiveModel {
            id: Set(told.task.0),
            request_id: Set(request.0),
            files: Set(told.files.clone()),
            body: Set(Some(self.sealed(&store_plan_place(told.task), &told.plan))),
        };
        let conflict = OnConflict::column(store_plan::Column::Id)
            .update_columns([store_plan::Column::Files, store_plan::Column::Body])
            .to_owned();
        store_plan::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// What the stores of a request have told so far.
    pub async fn store_plans(&self, request: RequestId) -> Result<Vec<StoredStorePlan>, DbError> {
        let rows = store_plan::Entity::find()
            .filter(store_plan::Column::RequestId.eq(request.0))
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let task = TaskId(row.id);
                let body = word(row.body, "store_plan.body")?;
                let plan = self.opened(&store_plan_place(task), &body)?;
                Ok(StoredStorePlan { task, files: row.files, plan })
            })
            .collect()
    }

    /// Forgets what the stores have told.
    pub async fn drop_store_plans(&self, request: RequestId) -> Result<(), DbError> {
        store_plan::Entity::delete_many()
            .filter(store_plan::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Keeps the plan of a request; the one before is replaced.
    pub async fn put_plan(
        &self,
        request: RequestId,
        facts: &PlanFacts,
        plan: &Plan,
    ) -> Result<(), DbError> {
        use erase_plan::Column as C;
        let row = erase_plan::ActiveModel {
            id: Set(request.0),
            digest: Set(facts.digest.as_str().to_owned()),
            made_at: Set(ms(facts.made_at)),
            cooled_at: Set(ms(facts.cooled_at)),
            approved_at: Set(facts.approved_at.map(ms)),
            round: Set(i32::try_from(facts.round).unwrap_or(i32::MAX)),
            outline: Set(json(&facts.outline)),
            differences: Set(json(&facts.differences)),
            body: Set(Some(self.sealed(&plan_place(request), plan))),
        };
        let all = [
            C::Digest,
            C::MadeAt,
            C::CooledAt,
            C::ApprovedAt,
            C::Round,
            C::Outline,
            C::Differences,
            C::Body,
        ];
        let conflict = OnConflict::column(C::Id).update_columns(all).to_owned();
        erase_plan::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// The plan of a request, without its rows.
    pub async fn plan_facts(&self, request: RequestId) -> Result<Option<PlanFacts>, DbError> {
        let row = erase_plan::Entity::find_by_id(request.0).one(self.conn()).await?;
        row.as_ref().map(read_facts).transpose()
    }

    /// The plan of a request with its rows, as long as it is kept.
    pub async fn plan(&self, request: RequestId) -> Result<Option<Plan>, DbError> {
        let row = erase_plan::Entity::find_by_id(request.0).one(self.conn()).await?;
        let body = row.and_then(|row| row.body);
        body.map(|body| self.opened(&plan_place(request), &body)).transpose()
    }

    /// Says when the last approval came; `None` takes that back.
    pub async fn set_approved(
        &self,
        request: RequestId,
        approved_at: Option<Timestamp>,
    ) -> Result<(), DbError> {
        erase_plan::Entity::update_many()
            .col_expr(erase_plan::Column::ApprovedAt, Expr::value(approved_at.map(ms)))
            .filter(erase_plan::Column::Id.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Forgets which rows a deletion was about; counts stay.
    pub async fn drop_plan_rows(&self, request: RequestId) -> Result<(), DbError> {
        self.drop_store_plans(request).await?;
        let nothing = || Expr::value(Option::<Vec<u8>>::None);
        erase_plan::Entity::update_many()
            .col_expr(erase_plan::Column::Body, nothing())
            .filter(erase_plan::Column::Id.eq(request.0))
            .exec(self.conn())
            .await?;
        erase_step::Entity::update_many()
            .col_expr(erase_step::Column::Body, nothing())
            .filter(erase_step::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Notes an approval; a later one of the same person replaces theirs.
    pub async fn approve(&self, request: RequestId, approval: &Approval) -> Result<(), DbError> {
        let row = approval::ActiveModel {
            request_id: Set(request.0),
            staff_id: Set(approval.by.0),
            digest: Set(approval.digest.as_str().to_owned()),
            at: Set(ms(approval.at)),
        };
        let conflict =
            OnConflict::columns([approval::Column::RequestId, approval::Column::StaffId])
                .update_columns([approval::Column::Digest, approval::Column::At])
                .to_owned();
        approval::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// Who approved, the first one first.
    pub async fn approvals(&self, request: RequestId) -> Result<Vec<Approval>, DbError> {
        let rows = approval::Entity::find()
            .filter(approval::Column::RequestId.eq(request.0))
            .order_by_asc(approval::Column::At)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let digest = word(PlanDigest::parse(&row.digest), "approval.digest")?;
                Ok(Approval { by: StaffId(row.staff_id), digest, at: at(row.at)? })
            })
            .collect()
    }

    /// Takes all approvals of a request back.
    pub async fn drop_approvals(&self, request: RequestId) -> Result<(), DbError> {
        approval::Entity::delete_many()
            .filter(approval::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Whether a request of the same address is held: what is held is the person's data, whatever
    /// they have asked for.
    pub async fn is_person_held(&self, intake: IntakeId) -> Result<bool, DbError> {
        let all = self.of_same_person(intake).await?;
        let held = all.filter(request::Column::HeldAt.is_not_null());
        Ok(held.count(self.conn()).await? > 0)
    }

    /// Whether an answer from the stores for the same address is still to be made: what is deleted
    /// cannot be given or told any more.
    pub async fn is_copy_open(&self, intake: IntakeId) -> Result<bool, DbError> {
        let gives =
            Right::ALL.iter().filter(|right| right.makes_archive()).map(|right| right.as_str());
        let open = [Status::Gathering, Status::InReview, Status::Executing].map(Status::as_str);
        let all = self.of_same_person(intake).await?;
        let copies = all
            .filter(request::Column::Right.is_in(gives))
            .filter(request::Column::Status.is_in(open));
        Ok(copies.count(self.conn()).await? > 0)
    }

    /// Whatever was asked for under the address of an intake.
    async fn of_same_person(&self, intake: IntakeId) -> Result<Select<request::Entity>, DbError> {
        let row = intake::Entity::find_by_id(intake.0).one(self.conn()).await?;
        let tag = row.and_then(|row| row.contact_tag);
        let mut same = Condition::any().add(request::Column::IntakeId.eq(intake.0));
        if let Some(tag) = tag {
            let of_tag = intake::Entity::find()
                .select_only()
                .column(intake::Column::Id)
                .filter(intake::Column::ContactTag.eq(tag));
            same = same.add(request::Column::IntakeId.in_subquery(of_tag.into_query()));
        }
        Ok(request::Entity::find().filter(same))
    }

    /// Deletions that were approved and whose cooling-off is over.
    pub async fn cooled_off(&self, now: Timestamp, limit: u64) -> Result<Vec<RequestId>, DbError> {
        let cooled = erase_plan::Entity::find()
            .select_only()
            .column(erase_plan::Column::Id)
            .filter(erase_plan::Column::CooledAt.lte(ms(now)));
        let rows: Vec<uuid::Uuid> = request::Entity::find()
            .select_only()
            .column(request::Column::Id)
            .filter(request::Column::Status.eq(Status::CoolingOff.as_str()))
            .filter(request::Column::Id.in_subquery(cooled.into_query()))
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(rows.into_iter().map(RequestId).collect())
    }

    pub(super) fn sealed(&self, place: &str, value: &impl Serialize) -> Vec<u8> {
        self.sealer().seal_bytes(place, json(value).as_bytes())
    }

    pub(super) fn opened<T: DeserializeOwned>(
        &self,
        place: &str,
        sealed: &[u8],
    ) -> Result<T, DbError> {
        let plain = self.sealer().open_bytes(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| DbError::Unreadable("plan"))
    }
}

fn read_facts(row: &erase_plan::Model) -> Result<PlanFacts, DbError> {
    Ok(PlanFacts {
        digest: word(PlanDigest::parse(&row.digest), "erase_plan.digest")?,
        made_at: at(row.made_at)?,
        cooled_at: at(row.cooled_at)?,
        approved_at: maybe_at(row.approved_at)?,
        round: u32::try_from(row.round).unwrap_or(0),
        outline: from_json(&row.outline, "erase_plan.outline")?,
        differences: from_json(&row.differences, "erase_plan.differences")?,
    })
}

fn store_plan_place(task: TaskId) -> String {
    format!("store_plan.body/{task}")
}

fn plan_place(request: RequestId) -> String {
    format!("erase_plan.body/{request}")
}
