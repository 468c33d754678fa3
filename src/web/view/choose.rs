//! `GET /`: which right it is to be.

use askama::Template;

use super::{Frame, RightText};
use crate::domain::right::Right;

/// The rights as cards, each a link to its form.
#[derive(Debug, Template)]
#[template(path = "public/choose.html")]
pub struct ChoosePage {
    frame: Frame,
    /// A heading, and what stands below it.
    groups: Vec<(String, Vec<RightText>)>,
    promise_hours: u64,
}

/// What belongs together for whoever looks for it.
const GROUPS: [(&str, &[Right]); 4] = [
    ("web-choose-see", &[Right::Access, Right::Export, Right::Confirmation, Right::Recipients]),
    ("web-choose-change", &[Right::Deletion, Right::Correction, Right::Restriction]),
    (
        "web-choose-use",
        &[Right::OptOut, Right::Objection, Right::Limit, Right::ConsentWithdrawal, Right::OptIn],
    ),
    ("web-choose-human", &[Right::HumanReview, Right::Complaint, Right::Appeal]),
];

impl ChoosePage {
    /// Every right that can be carried out; `promise_hours` is the answer promise.
    pub fn new(frame: Frame, promise_hours: u64) -> Self {
        let group = |(id, rights): &(&str, &[Right])| (frame.t(id), RightText::all(&frame, rights));
        let groups = GROUPS.iter().map(group).collect();
        Self { frame, groups, promise_hours }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_in_one_group() {
        let mut shown: Vec<&str> =
            GROUPS.iter().flat_map(|(_, rights)| *rights).map(|right| right.as_str()).collect();
        let mut all: Vec<&str> = Right::ALL.iter().map(|right| right.as_str()).collect();
        shown.sort_unstable();
        all.sort_unstable();
        assert_eq!(shown, all);
    }
}
