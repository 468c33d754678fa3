//! Events: what moved a request or was done to it. The event that moves is the event that is kept.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::code::stored_words;
use crate::ids::{ApiTokenId, StaffId};

stored_words!(ActorKind {
    Person = "person",
    Staff = "staff",
    Token = "token",
    System = "system",
});

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// The person whose data it is about, or who says so.
    Person,
    /// A member of staff.
    Staff,
    /// A program with a token.
    Token,
    /// The service itself.
    System,
}

/// One thing that happened. Data hold counts, words and dates; never an address, a name or a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Who did it.
    pub actor: ActorKind,
    /// Which member of staff, or which token.
    pub by: Option<Uuid>,
    /// A stable word, `request.verified`.
    pub kind: &'static str,
    /// What belongs to it.
    pub data: Value,
}

impl Event {
    /// Something the person did.
    pub fn by_person(kind: &'static str) -> Self {
        Self { actor: ActorKind::Person, by: None, kind, data: Value::Null }
    }

    /// Something the service did by itself.
    pub fn by_system(kind: &'static str) -> Self {
        Self { actor: ActorKind::System, by: None, kind, data: Value::Null }
    }

    /// Something a member of staff did.
    pub fn by_staff(who: StaffId, kind: &'static str) -> Self {
        Self { actor: ActorKind::Staff, by: Some(who.0), kind, data: Value::Null }
    }

    /// Something a program did with its token.
    pub fn by_token(which: ApiTokenId, kind: &'static str) -> Self {
        Self { actor: ActorKind::Token, by: Some(which.0), kind, data: Value::Null }
    }

    /// With one more fact.
    ///
    /// # Panics
    /// When `value` cannot be JSON, which none of our own types can bring about.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("plain facts are JSON");
        match &mut self.data {
            Value::Object(map) => {
                map.insert(name.to_owned(), value);
            }
            data => *data = serde_json::json!({ name: value }),
        }
        self
    }
}
