//! Papers that came with a request that staff entered. Name and bytes stand sealed.

use std::collections::HashMap;

use ::entity::evidence;
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::convert::{at, ms};
use super::{DbError, Tx};
use crate::ids::{EvidenceId, IntakeId, StaffId};

/// One paper, without its name and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFacts {
    /// Its id.
    pub id: EvidenceId,
    /// Who attached it.
    pub by: StaffId,
    /// In bytes.
    pub size: u64,
    /// When it was attached.
    pub at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    staff_id: Uuid,
    size: i32,
    at: i64,
}

impl Tx {
    /// Attaches a paper to a form.
    pub async fn insert_evidence(
        &self,
        id: EvidenceId,
        intake: IntakeId,
        by: StaffId,
        name: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let id = id.0;
        let row = evidence::ActiveModel {
            id: Set(id),
            intake_id: Set(intake.0),
            staff_id: Set(by.0),
            name: Set(self.sealer().seal_bytes(&format!("evidence.name/{id}"), name.as_bytes())),
            body: Set(self.sealer().seal_bytes(&format!("evidence.body/{id}"), body)),
            size: Set(i32::try_from(body.len()).unwrap_or(i32::MAX)),
            at: Set(ms(now)),
        };
        evidence::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// The papers of a form, in the order of their ids.
    pub async fn evidence_of(&self, intake: IntakeId) -> Result<Vec<EvidenceFacts>, DbError> {
        use evidence::Column as C;
        let rows = evidence::Entity::find()
            .select_only()
            .columns([C::Id, C::StaffId, C::Size, C::At])
            .filter(C::IntakeId.eq(intake.0))
            .order_by_asc(C::Id)
            .into_model::<Row>()
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(EvidenceFacts {
                    id: EvidenceId(row.id),
                    by: StaffId(row.staff_id),
                    size: u64::try_from(row.size).unwrap_or(0),
                    at: at(row.at)?,
                })
            })
            .collect()
    }

    /// The names of the papers of a form.
    pub async fn evidence_names(
        &self,
        intake: IntakeId,
    ) -> Result<HashMap<EvidenceId, String>, DbError> {
        use evidence::Column as C;
        let rows: Vec<(Uuid, Vec<u8>)> = evidence::Entity::find()
            .select_only()
            .columns([C::Id, C::Name])
            .filter(C::IntakeId.eq(intake.0))
            .into_tuple()
            .all(self.conn())
            .await?;
        rows.into_iter().map(|(id, name)| Ok((EvidenceId(id), self.name(id, &name)?))).collect()
    }

    fn name(&self, id: Uuid, sealed: &[u8]) -> Result<String, DbError> {
        let name = self.sealer().open_bytes(&format!("evidence.name/{id}"), sealed)?;
        String::from_utf8(name.to_vec()).map_err(|_| DbError::Unreadable("evidence.name"))
    }

    /// Name and bytes of one paper of a form.
    pub async fn evidence(
        &self,
        intake: IntakeId,
        id: EvidenceId,
    ) -> Result<Option<(String, Zeroizing<Vec<u8>>)>, DbError> {
        let row = evidence::Entity::find_by_id(id.0)
            .filter(evidence::Column::IntakeId.eq(intake.0))
            .one(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let name = self.name(id.0, &row.name)?;
        let body = self.sealer().open_bytes(&format!("evidence.body/{}", id.0), &row.body)?;
        Ok(Some((name, body)))
    }

    /// Forgets the papers of a form.
    pub(super) async fn drop_evidence(&self, intake: IntakeId) -> Result<(), DbError> {
        evidence::Entity::delete_many()
            .filter(evidence::Column::IntakeId.eq(intake.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }
}
