//! `GET /`: which right it is to be.

use askama::Template;

use super::{Frame, RightText};
use crate::domain::right::Right;

/// The rights as cards, each a link to its form.
#[derive(Debug, Template)]
#[template(path = "public/choose.html")]
pub struct ChoosePage {
    frame: Frame,
    rights: Vec<RightText>,
    promise_hours: u64,
}

impl ChoosePage {
    /// Every right that can be carried out; `promise_hours` is the answer promise.
    pub fn new(frame: Frame, promise_hours: u64) -> Self {
        let rights = RightText::all(&frame, Right::ALL);
        Self { frame, rights, promise_hours }
    }
}

#[cfg(test)]
impl ChoosePage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut bare = frame.clone();
        bare.org = std::sync::Arc::new(super::Organisation {
            name: "Bare".to_owned(),
            ..Default::default()
        });
        vec![("choose", Self::new(frame.clone(), 72)), ("choose-bare", Self::new(bare, 72))]
    }
}
