//! In which quality somebody asks for somebody else.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::representative::Acting;
use crate::web::api::words::ActingWord;

/// Whether somebody asks for somebody else: yes or no, or in which quality.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
pub(in crate::web::api) enum OnBehalf {
    /// Yes or no
    Flag(bool),
    /// In which quality
    Word(ActingWord),
}

impl OnBehalf {
    /// In which quality; `None` for oneself.
    pub(super) fn acting(self) -> Option<Acting> {
        match self {
            Self::Flag(flag) => flag.then_some(Acting::Other),
            Self::Word(word) => Some(word.0),
        }
    }
}
