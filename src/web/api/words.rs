//! The words of the contract, as the description lists them: made from the domain's own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::ccpa::Counted;
use crate::domain::deadline::{Kind, Regime};
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::event::ActorKind;
use crate::domain::flag::Because;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::language::Language;
use crate::domain::particulars::Of;
use crate::domain::promise::PromiseState;
use crate::domain::representative::Acting;
use crate::domain::request::{Assurance, Channel, Outcome};
use crate::domain::right::Right;
use crate::domain::state::Status;

macro_rules! words {
    ($($(#[$doc:meta])+ $name:ident of $domain:ty as $shown:literal;)+) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(super) struct $name(pub(super) $domain);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = <$domain>::ALL.iter().map(|word| word.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($shown)
            }
        }
    )+ };
}

words! {
    /// What is asked for.
    RightWord of Right as "Right";
    /// Where a request is.
    StatusWord of Status as "Status";
    /// How it ended.
    OutcomeWord of Outcome as "Outcome";
    /// What California counts it as.
    CountedWord of Counted as "Counted";
    /// How it came.
    ChannelWord of Channel as "Channel";
    /// How sure we are who asks.
    AssuranceWord of Assurance as "Assurance";
    /// What keeps it from going on.
    BlockerWord of Blocker as "Blocker";
    /// How the promise stands.
    PromiseWord of PromiseState as "PromiseState";
    /// Where a store's share is.
    TaskWord of TaskStatus as "TaskStatus";
    /// Who did something.
    ActorWord of ActorKind as "ActorKind";
    /// Why a request is refused.
    RefusalWord of RefusalGround as "RefusalGround";
    /// Why work rests.
    PauseWord of PauseGround as "PauseGround";
    /// What is to be confirmed.
    OfWord of Of as "ConfirmationOf";
    /// In which quality somebody asks for somebody else.
    ActingWord of Acting as "Acting";
    /// A law that dates follow from.
    RegimeWord of Regime as "Regime";
    /// What has to be done by a date.
    DeadlineWord of Kind as "DeadlineKind";
    /// Why data may be used, or not.
    BecauseWord of Because as "Because";
    /// A language.
    LanguageWord of Language as "Language";
}
