//! What must hold when all is quiet: the invariants of the design, each asked of journals that the
//! program has no hand in.
//!
//! P24, that a call of the API with a key is done once, is in [`crate::program`].

pub(crate) mod audit;
pub(crate) mod bounds;
mod mails;
mod requests;
mod secrets;

use crate::house::House;
use crate::story::Story;

/// Every invariant.
pub(crate) async fn all(house: &House, stories: &[Story], outside: &audit::Outside) {
    let complaints: Vec<_> =
        stories.iter().filter_map(|story| story.complaint.as_deref()).collect();
    assert!(complaints.is_empty(), "{}\n{}", complaints.join("\n"), house.logs());
    requests::end_where_they_should(house, stories).await;
    requests::archives_verify(house, stories);
    mails::went_out_once(house).await;
    audit::holds(house, outside).await;
    secrets::stay_secret(house, stories).await;
    bounds::hold(house).await;
}

/// Fails with all that was found.
#[track_caller]
fn none(what: &str, found: &[String], house: &House) {
    assert!(found.is_empty(), "{what}:\n{}\n{}", found.join("\n"), house.logs());
}
