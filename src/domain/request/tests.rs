//! What holds of a request, whatever steps it takes.

use super::*;
use crate::domain::state::{Approval, Found};
use proptest::prelude::*;
use uuid::Uuid;

fn at(hour: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hour)
}

fn request() -> Request {
    Request::open(NewRequest {
        id: RequestId(Uuid::nil()),
        intake: IntakeId(Uuid::nil()),
        reference: Reference::parse("R-7F3K9Q2M").unwrap(),
        right: Right::Access,
        on_behalf: false,
        channel: Channel::Form,
        received_at: at(0),
    })
}

#[test]
fn waiting_for_the_person_adds_up() {
    let mut request = request();
    request.step(Move::Verified, at(2)).unwrap();
    request.step(Move::AddressDiffers, at(3)).unwrap();
    request.step(Move::Verified, at(7)).unwrap();
    assert_eq!(request.waited, SignedDuration::from_hours(6));
    assert_eq!(request.verified_at, Some(at(2)), "the first proof counts");
    assert_eq!(request.waiting_since, None);
}

#[test]
fn another_spelling_has_to_be_proved_before_we_are_sure_again() {
    let mut request = request();
    request.step(Move::Verified, at(1)).unwrap();
    assert_eq!(request.assurance, Assurance::Mailbox);
    request.step(Move::AddressDiffers, at(2)).unwrap();
    assert_eq!(request.assurance, Assurance::None);
}

proptest! {
    #[test]
    fn received_at_never_moves(hours in prop::collection::vec((0_usize..14, 0_i64..500), 0..30)) {
        let moves = [
            Move::Verified, Move::AddressDiffers, Move::Lapsed, Move::Resumed,
            Move::Gathered(Approval::NotNeeded, Found::Something),
            Move::Gathered(Approval::Needed, Found::Nothing),
            Move::Released(Found::Nothing), Move::Withdrawn, Move::WithdrawalUndone,
            Move::Disowned, Move::Vouched, Move::Refused, Move::TakenForSpam, Move::Asserted,
        ];
        let mut request = request();
        for (choice, hour) in hours {
            let _ = request.step(moves[choice], at(hour));
            prop_assert_eq!(request.received_at(), at(0));
            prop_assert_eq!(request.status.is_closed(), request.completed_at.is_some());
            prop_assert!(!request.waited.is_negative());
        }
    }
}
