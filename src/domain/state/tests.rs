//! What the table never lets happen.

use super::*;
use crate::domain::right::Right;
use proptest::prelude::*;

fn step() -> impl Strategy<Value = Move> {
    let approval = prop_oneof![Just(Approval::Needed), Just(Approval::NotNeeded)];
    let found = prop_oneof![Just(Found::Something), Just(Found::Nothing)];
    prop_oneof![
        Just(Move::Verified),
        Just(Move::Started),
        approval.clone().prop_map(Move::Ripe),
        Just(Move::Agreed),
        Just(Move::Applied),
        Just(Move::AddressDiffers),
        Just(Move::Lapsed),
        Just(Move::Resumed),
        (approval, found.clone()).prop_map(|(approval, found)| Move::Gathered(approval, found)),
        found.prop_map(Move::Released),
        Just(Move::Planned),
        prop_oneof![Just(Cooling::Runs), Just(Cooling::Over)].prop_map(Move::Approved),
        Just(Move::CooledOff),
        Just(Move::PlanChanged),
        Just(Move::Erased),
        Just(Move::Vouched),
        Just(Move::Asserted),
        Just(Move::Refused),
        Just(Move::TakenForSpam),
        Just(Move::Held),
        Just(Move::ArchiveReady),
        Just(Move::ChangesApproved),
        Just(Move::ChangesDeclined),
        Just(Move::ChangesStuck),
        Just(Move::Corrected),
        Just(Move::Withdrawn),
        Just(Move::WithdrawalUndone),
        Just(Move::Disowned),
        Just(Move::Lodged),
        Just(Move::Replied),
    ]
}

/// Walks a whole life and hands each step taken to `see`.
fn walk(
    right: Right,
    steps: Vec<Move>,
    mut see: impl FnMut(Status, Move, Status, &[Effect]) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut status = Status::AwaitingVerification;
    for step in steps {
        if !right.allows(step) {
            continue;
        }
        let Ok((next, effects)) = status.on(step) else { continue };
        see(status, step, next, effects)?;
        status = next;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_data_leaves_before_verification_and_approval(
        right in prop::sample::select(Right::ALL),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let (mut verified, mut needed, mut released) = (false, false, false);
        walk(right, steps, |_, step, next, effects| {
            match step {
                Move::Verified | Move::Vouched | Move::Asserted => verified = true,
                Move::Gathered(approval, _) => needed = approval == Approval::Needed,
                Move::Released(_) | Move::Approved(_) | Move::ChangesApproved => released = true,
                Move::Held | Move::ChangesStuck => (needed, released) = (true, false),
                _ => {}
            }
            if next == Status::AwaitingVerification {
                (verified, needed, released) = (false, false, false);
            }
            let reads = effects.contains(&Effect::StartGathering);
            let leaves = effects.contains(&Effect::FinishArchive)
                || effects.contains(&Effect::SayArchiveReady)
                || effects.contains(&Effect::SayNothingFound);
            prop_assert!(!reads || verified, "stores are read after verification only");
            prop_assert!(!leaves || verified, "data leave after verification only");
            prop_assert!(!leaves || !needed || released, "and after approval where asked");
            Ok(())
        })?;
    }

    #[test]
    fn nothing_is_erased_before_its_plan_was_told_and_approved(
        right in prop::sample::select(Right::ALL),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let (mut told, mut approved) = (false, false);
        walk(right, steps, |from, step, next, effects| {
            told |= effects.contains(&Effect::SayPlanned);
            approved |= matches!(step, Move::Approved(_));
            if matches!(step, Move::PlanChanged | Move::Held)
                || next == Status::AwaitingVerification
            {
                (told, approved) = (told && step == Move::Held, false);
            }
            if effects.contains(&Effect::StartErasing) {
                prop_assert!(told && approved, "from {from} by {step:?}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn nothing_is_written_but_what_somebody_has_approved_since_it_was_last_stopped(
        right in prop::sample::select(Right::ALL),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let (mut verified, mut approved) = (false, false);
        walk(right, steps, |from, step, next, effects| {
            match step {
                Move::Verified | Move::Vouched | Move::Asserted => verified = true,
                Move::ChangesApproved => approved = from == Status::InReview,
                Move::ChangesStuck | Move::Held => approved = false,
                _ => {}
            }
            if next == Status::AwaitingVerification {
                (verified, approved) = (false, false);
            }
            let writes = effects.contains(&Effect::StartCorrecting);
            prop_assert!(!writes || (verified && approved && next == Status::Executing));
            let says = effects.contains(&Effect::SayCorrected);
            prop_assert!(!says || (verified && next.is_closed()));
            if next == Status::Withdrawn || next == Status::Refused {
                approved = false;
            }
            Ok(())
        })?;
    }

    #[test]
    fn closed_stays_closed(
        right in prop::sample::select(Right::ALL),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        walk(right, steps, |from, step, next, effects| {
            if from.is_closed() {
                // The person alone opens it again, and starts over with a fresh code.
                prop_assert!(matches!(
                    (from, step),
                    (Status::Lapsed, Move::Resumed)
                        | (Status::Withdrawn, Move::WithdrawalUndone)
                ));
                prop_assert_eq!(next, Status::AwaitingVerification);
                prop_assert_eq!(effects, &[Effect::SendVerification]);
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_was_gathered_never_survives_a_way_back(
        right in prop::sample::select(Right::ALL),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut gathered = false;
        walk(right, steps, |_, _, next, effects| {
            gathered |= effects.contains(&Effect::StartGathering);
            gathered &= !effects.contains(&Effect::DestroyGathered);
            let holds = matches!(next, Status::AwaitingVerification | Status::Withdrawn | Status::Refused);
            prop_assert!(!holds || !gathered);
            Ok(())
        })?;
    }
}

#[test]
fn a_fulfilled_request_takes_no_step_at_all() {
    let all = [
        Move::Verified,
        Move::Started,
        Move::Ripe(Approval::NotNeeded),
        Move::Agreed,
        Move::Applied,
        Move::AddressDiffers,
        Move::Lapsed,
        Move::Resumed,
        Move::Gathered(Approval::NotNeeded, Found::Something),
        Move::Released(Found::Something),
        Move::Planned,
        Move::Approved(Cooling::Over),
        Move::CooledOff,
        Move::PlanChanged,
        Move::Erased,
        Move::Vouched,
        Move::Asserted,
        Move::Refused,
        Move::TakenForSpam,
        Move::Held,
        Move::ArchiveReady,
        Move::ChangesApproved,
        Move::ChangesDeclined,
        Move::ChangesStuck,
        Move::Corrected,
        Move::Withdrawn,
        Move::WithdrawalUndone,
        Move::Disowned,
        Move::Lodged,
        Move::Replied,
    ];
    for step in all {
        assert!(Status::Fulfilled.on(step).is_err(), "{step:?}");
    }
}

#[test]
fn the_whole_way_of_an_access_request() {
    let (status, effects) = Status::AwaitingVerification.on(Move::Verified).unwrap();
    assert_eq!(effects, [Effect::SayVerified, Effect::StartGathering]);
    let gathered = Move::Gathered(Approval::NotNeeded, Found::Something);
    let (status, effects) = status.on(gathered).unwrap();
    assert_eq!((status, effects), (Status::Executing, &[Effect::FinishArchive][..]));
    let (status, effects) = status.on(Move::ArchiveReady).unwrap();
    assert_eq!((status, effects), (Status::Fulfilled, &[Effect::SayArchiveReady][..]));
}
