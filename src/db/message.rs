//! Messages between a person and staff.

use ::entity::message;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::convert::{at, ms, word};
use super::{DbError, Tx};
use crate::domain::code::stored_words;
use crate::domain::request::Request;
use crate::domain::text::TypedText;
use crate::ids::{IntakeId, RequestId, StaffId};

stored_words!(Author {
    Person = "person",
    Staff = "staff",
    Note = "note",
});

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    /// The person.
    Person,
    /// Staff, to the person.
    Staff,
    /// Staff, among themselves. No page of the person ever shows it.
    Note,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// Its words.
    pub body: String,
    /// The request it is about; none for all of the form.
    pub request: Option<RequestId>,
    /// The member of staff who wrote it.
    pub by: Option<StaffId>,
}

impl Tx {
    /// Adds a message of the person to a thread.
    pub async fn insert_message(
        &self,
        intake: IntakeId,
        body: &TypedText,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.write_message(intake, Author::Person, None, body, now).await
    }

    /// Adds what a member of staff, or a program, wrote about a request: to the person, or a note.
    pub async fn insert_staff_message(
        &self,
        request: &Request,
        author: Author,
        by: Option<StaffId>,
        body: &TypedText,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.write_message(request.intake, author, Some((request.id, by)), body, now).await
    }

    async fn write_message(
        &self,
        intake: IntakeId,
        author: Author,
        about: Option<(RequestId, Option<StaffId>)>,
        body: &TypedText,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let id = self.sealer().entropy().uuid(now);
        let sealed =
            self.sealer().seal_bytes(&format!("message.body/{id}"), body.as_str().as_bytes());
        let row = message::ActiveModel {
            id: Set(id),
            intake_id: Set(intake.0),
            request_id: Set(about.map(|(request, _)| request.0)),
            staff_id: Set(about.and_then(|(_, by)| by).map(|by| by.0)),
            author: Set(author.as_str().to_owned()),
            body: Set(sealed),
            at: Set(ms(now)),
        };
        message::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// What the person and staff wrote to each other, oldest first. No notes.
    pub async fn messages_of(&self, intake: IntakeId) -> Result<Vec<Message>, DbError> {
        let mut thread = self.thread_of(intake).await?;
        thread.retain(|message| message.author != Author::Note);
        Ok(thread)
    }

    /// A thread with the notes among staff, oldest first.
    pub async fn thread_of(&self, intake: IntakeId) -> Result<Vec<Message>, DbError> {
        let rows = message::Entity::find()
            .filter(message::Column::IntakeId.eq(intake.0))
            .order_by_asc(message::Column::Id)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let plain =
                    self.sealer().open_bytes(&format!("message.body/{}", row.id), &row.body)?;
                Ok(Message {
                    author: word(Author::parse(&row.author), "message.author")?,
                    at: at(row.at)?,
                    request: row.request_id.map(RequestId),
                    by: row.staff_id.map(StaffId),
                    body: String::from_utf8(plain.to_vec())
                        .map_err(|_| DbError::Unreadable("message.body"))?,
                })
            })
            .collect()
    }

    /// How many messages a person wrote within the day before `now`.
    pub async fn messages_today(&self, intake: IntakeId, now: Timestamp) -> Result<u64, DbError> {
        let day = SignedDuration::from_hours(24);
        let count = message::Entity::find()
            .filter(message::Column::IntakeId.eq(intake.0))
            .filter(message::Column::Author.eq(Author::Person.as_str()))
            .filter(message::Column::At.gt(ms(now - day)))
            .count(self.conn())
            .await?;
        Ok(count)
    }

    /// Forgets a thread.
    pub async fn drop_messages(&self, intake: IntakeId) -> Result<(), DbError> {
        message::Entity::delete_many()
            .filter(message::Column::IntakeId.eq(intake.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }
}
