//! Requests: one right exercised once.

use sea_orm::entity::prelude::*;

/// One request.
#[expect(clippy::struct_excessive_bools, reason = "they are the columns of a table")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The form it came with.
    pub intake_id: Uuid,
    /// Its public name.
    #[sea_orm(unique)]
    pub reference: String,
    /// What is asked for.
    pub right: String,
    /// About what, as JSON.
    pub scope: String,
    /// How it came.
    pub channel: String,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// How sure we are who asks.
    pub assurance: String,
    /// The purposes it is about, as a JSON list.
    pub purposes: String,
    /// The law that outsiders say it falls under.
    pub regime: Option<String>,
    /// Where it is.
    pub status: String,
    /// How it ended.
    pub outcome: Option<String>,
    /// What keeps it from going on, as a JSON list.
    pub blockers: String,
    /// What is still owed, as a JSON list.
    pub follow_ups: String,
    /// When any channel accepted it.
    pub received_at: i64,
    /// When the address was first proved.
    pub verified_at: Option<i64>,
    /// When the answer was sent.
    pub answered_at: Option<i64>,
    /// When it was closed.
    pub completed_at: Option<i64>,
    /// Since when the person is being waited for.
    pub waiting_since: Option<i64>,
    /// How long the person was waited for before.
    pub waited_ms: i64,
    /// For the queue: unverified, open or closed.
    pub stage: String,
    /// Who has to act next: person, staff or machine.
    pub turn: String,
    /// Whether it has blockers.
    pub blocked: bool,
    /// Whether staff took it for spam.
    pub spam: bool,
    /// The member of staff whose it is.
    pub assignee: Option<Uuid>,
    /// Blockers that staff has looked at and cleared, as a JSON list.
    pub cleared: String,
    /// Since when nothing may be done with the data.
    pub held_at: Option<i64>,
    /// When the hold is to be looked at again.
    pub hold_review_at: Option<i64>,
    /// Since when work on it rests.
    pub paused_at: Option<i64>,
    /// Why it rests.
    pub pause_ground: Option<String>,
    /// Why it was refused.
    pub refusal_ground: Option<String>,
    /// The statutory end after an extension.
    pub extended_to: Option<i64>,
    /// The last share of the promise, in percent, that staff was told of.
    pub alerted: i32,
    /// When the person was told that the answer is late.
    pub late_told_at: Option<i64>,
    /// Whether the answer goes by letter.
    pub by_letter: bool,
    /// The token that asked for it.
    pub created_by: Option<Uuid>,
    /// Whether the answer waits in the app that asked.
    pub by_app: bool,
    /// Grows with every change; two writers cannot both win.
    pub version: i32,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
