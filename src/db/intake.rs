//! Intakes: posted forms and the sealed contact.

use std::collections::HashMap;

use ::entity::{intake, request};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::convert::{at, maybe_at, ms, word};
use super::request::closed_before;
use super::{DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::intake::{Contact, Intake, Warned};
use crate::domain::language::Language;
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::TypedText;
use crate::ids::{IntakeId, RequestId, TokenHash};

/// Longest text that a contact can hold; checked at the edge, and once more when read back.
const MOST: usize = 10_000;

/// What stands in the sealed column.
#[derive(Serialize, Deserialize)]
struct SealedContact {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    proved: Vec<String>,
    /// Kind and value.
    #[serde(default)]
    identifiers: Vec<(String, String)>,
    name: Option<String>,
    details: Option<String>,
    #[serde(default)]
    warned: Vec<SealedWarned>,
}

#[derive(Serialize, Deserialize)]
struct SealedWarned {
    request: Uuid,
    address: String,
    link: [u8; 32],
    called: bool,
}

impl Tx {
    /// Writes a new intake.
    pub async fn insert_intake(&self, intake: &Intake) -> Result<(), DbError> {
        let row = intake::ActiveModel {
            id: Set(intake.id.0),
            language: Set(intake.language.as_str().to_owned()),
            country: Set(intake.country.clone()),
            contact: Set(intake.contact.as_ref().map(|c| self.seal_contact(intake.id, c))),
            contact_tag: Set(intake.contact.as_ref().and_then(|contact| self.tag_of(contact))),
            received_at: Set(ms(intake.received_at)),
            reminded_at: Set(intake.reminded_at.map(ms)),
            resumable_until: Set(None),
        };
        intake::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Reads one.
    pub async fn intake(&self, id: IntakeId) -> Result<Option<Intake>, DbError> {
        let row = intake::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(|row| self.read_intake(row)).transpose()
    }

    /// Reads several at once.
    pub async fn intakes(
        &self,
        ids: impl IntoIterator<Item = IntakeId>,
    ) -> Result<HashMap<IntakeId, Intake>, DbError> {
        let ids = ids.into_iter().map(|id| id.0);
        let rows = intake::Entity::find().filter(intake::Column::Id.is_in(ids));
        let rows = rows.all(self.conn()).await?;
        rows.into_iter().map(|row| Ok((IntakeId(row.id), self.read_intake(row)?))).collect()
    }

    /// Reads one and holds its row until the transaction ends. Every change to a form and what
    /// hangs on it begins here, so that they come one after the other.
    pub async fn lock_intake(&self, id: IntakeId) -> Result<Option<Intake>, DbError> {
        let row = intake::Entity::find_by_id(id.0).lock_exclusive().one(self.conn()).await?;
        row.map(|row| self.read_intake(row)).transpose()
    }

    /// Unverified intakes from before `before` whose person was not reminded yet.
    pub async fn intakes_to_remind(
        &self,
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<IntakeId>, DbError> {
        let waiting = Query::select()
            .column(request::Column::IntakeId)
            .from(request::Entity)
            .and_where(request::Column::Status.eq(Status::AwaitingVerification.as_str()))
            .and_where(request::Column::WaitingSince.lte(ms(before)))
            .to_owned();
        let rows = intake::Entity::find()
            .filter(intake::Column::RemindedAt.is_null())
            .filter(intake::Column::Contact.is_not_null())
            .filter(intake::Column::Id.in_subquery(waiting))
            .limit(limit)
            .all(self.conn())
            .await?;
        Ok(rows.into_iter().map(|row| IntakeId(row.id)).collect())
    }

    /// Drops intakes, with all that hangs on them, whose requests were all closed before `before`.
    pub async fn purge_intakes(&self, before: Timestamp, limit: u64) -> Result<u64, DbError> {
        let rows = closed_before(before).limit(limit).all(self.conn()).await?;
        let ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let done = intake::Entity::delete_many()
            .filter(intake::Column::Id.is_in(ids))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }

    /// Replaces who asked: another spelling of the address, or the address typed again. There is
    /// nothing to resume any more.
    pub async fn set_contact(&self, id: IntakeId, contact: &Contact) -> Result<(), DbError> {
        intake::Entity::update_many()
            .col_expr(intake::Column::Contact, Expr::value(self.seal_contact(id, contact)))
            .col_expr(intake::Column::ContactTag, Expr::value(self.tag_of(contact)))
            .col_expr(intake::Column::ResumableUntil, Expr::value(Option::<i64>::None))
            .filter(intake::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Forgets who asked, and the papers that came with it. With `resumable_until` the keyed hash of the address stays so long, so
    /// that the same address, and no other, can resume the request.
    pub async fn forget_contact(
        &self,
        id: IntakeId,
        resumable_until: Option<Timestamp>,
    ) -> Result<(), DbError> {
        let mut update = intake::Entity::update_many()
            .col_expr(intake::Column::Contact, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(intake::Column::ResumableUntil, Expr::value(resumable_until.map(ms)))
            .filter(intake::Column::Id.eq(id.0));
        if resumable_until.is_none() {
            update =
                update.col_expr(intake::Column::ContactTag, Expr::value(Option::<Vec<u8>>::None));
        }
        update.exec(self.conn()).await?;
        self.drop_changes(id).await?;
        self.drop_evidence(id).await
    }

    /// Whether a lapsed intake can be resumed at `now` by `email`.
    pub async fn can_resume(
        &self,
        id: IntakeId,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let found = intake::Entity::find_by_id(id.0)
            .filter(intake::Column::ContactTag.is_in(self.contact_tags(email)))
            .filter(intake::Column::ResumableUntil.gt(ms(now)))
            .one(self.conn())
            .await?;
        Ok(found.is_some())
    }

    /// Until when a lapsed intake can be resumed.
    pub async fn resumable_until(&self, id: IntakeId) -> Result<Option<Timestamp>, DbError> {
        let row = intake::Entity::find_by_id(id.0).one(self.conn()).await?;
        maybe_at(row.and_then(|row| row.resumable_until))
    }

    /// Notes that the reminder was sent.
    pub async fn set_reminded(&self, id: IntakeId, now: Timestamp) -> Result<(), DbError> {
        intake::Entity::update_many()
            .col_expr(intake::Column::RemindedAt, Expr::value(ms(now)))
            .filter(intake::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Lapsed intakes whose time to resume is over at `now`.
    pub async fn intakes_past_resuming(
        &self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<IntakeId>, DbError> {
        let rows = intake::Entity::find()
            .filter(intake::Column::ResumableUntil.lte(ms(now)))
            .order_by_asc(intake::Column::ResumableUntil)
            .limit(limit)
            .all(self.conn())
            .await?;
        Ok(rows.into_iter().map(|row| IntakeId(row.id)).collect())
    }

    /// The keyed hash by which an address is found.
    pub(super) fn contact_tag(&self, email: &EmailAddress) -> [u8; 32] {
        self.sealer().keys().blind("contact", email.as_str().as_bytes())
    }

    /// As [`Tx::contact_tag`], under every root key at hand.
    pub(super) fn contact_tags(&self, email: &EmailAddress) -> Vec<Vec<u8>> {
        let tags = self.sealer().keys().blinds("contact", email.as_str().as_bytes());
        tags.into_iter().map(Vec::from).collect()
    }

    fn tag_of(&self, contact: &Contact) -> Option<Vec<u8>> {
        // Where a program vouches for the person, the address is one key among others.
        let asserted = || {
            let mut keys = contact.identifiers.iter();
            let key = keys.find(|key| key.kind.as_str() == KeyKind::EMAIL)?;
            EmailAddress::parse(key.value()).ok()
        };
        let email = contact.email.clone().or_else(asserted);
        email.map(|email| self.contact_tag(&email).to_vec())
    }

    fn seal_contact(&self, id: IntakeId, contact: &Contact) -> Vec<u8> {
        let text = |text: &TypedText| text.as_str().to_owned();
        let plain = SealedContact {
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
            proved: contact.proved.iter().map(|email| email.as_str().to_owned()).collect(),
            identifiers: contact
                .identifiers
                .iter()
                .map(|key| (key.kind.as_str().to_owned(), key.value().to_owned()))
                .collect(),
            name: contact.name.as_ref().map(text),
            details: contact.details.as_ref().map(text),
            warned: contact
                .warned
                .iter()
                .map(|one| SealedWarned {
                    request: one.request.0,
                    address: one.address.as_str().to_owned(),
                    link: one.link.0,
                    called: one.called,
                })
                .collect(),
        };
        self.sealer().seal_json(&contact_place(id), &plain)
    }

    fn read_intake(&self, row: intake::Model) -> Result<Intake, DbError> {
        let id = IntakeId(row.id);
        let contact = match row.contact {
            None => None,
            Some(sealed) => {
                let plain: SealedContact = self.sealer().open_json(&contact_place(id), &sealed)?;
                Some(read_contact(&plain)?)
            }
        };
        Ok(Intake {
            id,
            received_at: at(row.received_at)?,
            language: word(Language::parse(&row.language), "intake.language")?,
            country: row.country,
            contact,
            reminded_at: maybe_at(row.reminded_at)?,
        })
    }
}

fn contact_place(id: IntakeId) -> String {
    format!("intake.contact/{id}")
}

fn read_contact(plain: &SealedContact) -> Result<Contact, DbError> {
    let unreadable = || DbError::Unreadable("intake.contact");
    let email = |text: &String| EmailAddress::parse(text).map_err(|_| unreadable());
    let text = |text: &Option<String>| match text {
        Some(text) => TypedText::block(text, MOST).map_err(|_| unreadable()),
        None => Ok(None),
    };
    Ok(Contact {
        email: plain.email.as_ref().map(email).transpose()?,
        proved: plain.proved.iter().map(email).collect::<Result<_, _>>()?,
        identifiers: plain
            .identifiers
            .iter()
            .map(|(kind, value)| SubjectKey::new(KeyKind::new(kind), value).ok_or_else(unreadable))
            .collect::<Result<_, _>>()?,
        name: text(&plain.name)?,
        details: text(&plain.details)?,
        warned: plain
            .warned
            .iter()
            .map(|one| {
                let (request, link) = (RequestId(one.request), TokenHash(one.link));
                Ok(Warned { request, link, address: email(&one.address)?, called: one.called })
            })
            .collect::<Result<_, DbError>>()?,
    })
}
