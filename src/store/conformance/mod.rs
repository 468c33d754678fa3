//! The rules of the contract, as tests that every adapter passes. An adapter brings a [`Bench`] that
//! seeds a store, and `store_conformance!(its_bench);` makes one named test a rule.

#[macro_use]
mod correct;
mod erase;
mod faulty;
#[macro_use]
pub(crate) mod marks;
mod rules;

use std::any::Any;
use std::sync::Arc;

use async_trait::async_trait;

pub(crate) use correct::*;
pub(crate) use erase::*;
pub(crate) use faulty::{Fault, Faulty};
pub(crate) use rules::*;

use super::Store;
use crate::domain::subject::SubjectKey;

/// Stands in everything that is the neighbour's, and in what a broken store would quote.
pub(crate) const CANARY: &str = "grace-canary";

/// Seeds stores of one kind.
#[async_trait]
pub(crate) trait Bench: Sync {
    /// Whether what it needs is there; it says so where it is not.
    fn is_ready(&self) -> bool {
        true
    }

    /// A store with `count` items of Ada's and a few of her neighbour's, whose keys look much like
    /// hers; `page` items at most on a page, or as many as the adapter likes.
    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded;

    /// A store that cannot answer, and whose own words about it would hold the canary.
    async fn broken(&self) -> Seeded;

    /// How many items are many for this kind of store.
    fn many(&self) -> usize;
}

/// A seeded store.
pub(crate) struct Seeded {
    pub(crate) store: Arc<dyn Store>,
    /// Another instance over the same data, as another process would have.
    pub(crate) again: Arc<dyn Store>,
    /// Keys that lead to Ada, each by itself or together.
    pub(crate) ada: Vec<SubjectKey>,
    /// Keys that are much like hers and lead to nobody.
    pub(crate) nobody: Vec<SubjectKey>,
    /// Keys under which something is that cannot be looked at.
    pub(crate) hidden: Vec<SubjectKey>,
    /// Holds the data while the test runs.
    pub(crate) _data: Box<dyn Any + Send + Sync>,
}

/// One named test for each rule.
macro_rules! store_conformance {
    ($bench:expr) => {
        store_conformance! { @ $bench;
            an_unknown_subject_is_empty_not_an_error,
            pages_at_their_edges_hold_everything,
            every_cursor_leads_to_the_same_rest_in_another_process,
            a_neighbour_never_appears,
            a_gap_is_not_emptiness,
            an_error_quotes_nothing_of_what_the_store_said,
            two_keys_give_each_item_once,
            a_page_is_bounded_however_much_there_is,
            a_cursor_of_somebody_else_is_refused,
            a_file_opens_whole_and_one_that_is_away_is_none,
            passing_trouble_at_any_call_changes_nothing,
            lasting_trouble_at_any_call_is_told,
        }
    };
    (@ $bench:expr; $($rule:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                if $crate::store::conformance::Bench::is_ready(&$bench) {
                    $crate::store::conformance::$rule(&$bench).await;
                }
            }
        )+
    };
}

/// One named test for each rule of erasing.
macro_rules! erase_conformance {
    ($bench:expr) => {
        erase_conformance! { @ $bench;
            a_plan_to_erase_changes_nothing,
            a_step_taken_twice_changes_nothing_more,
            what_goes_is_the_persons_and_a_neighbour_stays_byte_for_byte,
            a_key_that_names_nobody_leads_to_nothing,
            items_beyond_what_may_be_new_stop_a_step,
            a_second_person_stops_every_step,
            an_item_that_strayed_is_left_alone,
            what_comes_back_is_told_by_a_fresh_look,
            a_step_whose_answer_was_lost_is_taken_again,
            a_store_that_only_says_that_it_did_is_found_out,
            trouble_before_a_step_leaves_everything,
            everything_has_a_name_and_a_mark_of_its_own,
            by_rows_goes_what_is_named_and_nothing_else,
        }
    };
    (@ $bench:expr; $($rule:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                let bench = $bench;
                if let Some(seeded) = $crate::store::conformance::EraseBench::seeded(&bench).await {
                    $crate::store::conformance::$rule(seeded).await;
                }
            }
        )+
    };
}
