//! Facts of a request as its person sees them.

use data_encoding::HEXLOWER;

use crate::domain::correction::{AskedField, Change};
use crate::domain::flag::{Flag, FlagKind};
use crate::domain::gather::TaskStatus;
use crate::domain::promise::PromiseState;
use crate::domain::request::Outcome;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::service::Desk;
use crate::service::read::erasure::ErasureRead;
use crate::service::read::{Archive, ArchiveState, RequestRead, Task};
use crate::service::renew::RENEWABLE;
use crate::service::withdraw::can_be_withdrawn;
use crate::web::view::{
    self, ChangeView, CodeBox, Delivery, ErasureView, Frame, Moment, Promise, RequestView,
    RightText, Stage, StoreView, Trouble,
};

/// One request of the status page. `code` is the box for its download.
pub(super) fn request_view(
    desk: &Desk,
    frame: &Frame,
    read: &RequestRead,
    unlocked: bool,
    code: CodeBox,
) -> RequestView {
    let request = &read.request;
    let at = |when| Moment::at(&frame.speaker, when);
    let mut trouble: Vec<Trouble> =
        request.blockers.iter().map(|blocker| (*blocker).into()).collect();
    trouble.dedup();
    RequestView {
        reference: request.reference.clone(),
        right: RightText::of(frame, request.right),
        stage: stage(read),
        received: at(request.received_at()),
        verified: request.verified_at.filter(|_| !request.right.is_lodged()).map(at),
        gathered: None,
        answered: request.answered_at.map(at),
        promise: promise(frame, read),
        legal: (request.answered_at.is_none() && !request.status.is_closed()).then(|| {
            let last = read.statutory_until - jiff::SignedDuration::from_secs(1);
            Moment::on(&frame.speaker, last)
        }),
        looked_at: read.looked_at.iter().map(|when| at(*when)).collect(),
        trouble,
        set: read.flags.iter().map(|flag| frame.speaker.flag(flag)).collect(),
        stores: read.tasks.iter().map(|task| store(desk, frame, task, unlocked)).collect(),
        changes: read.changes.iter().map(|change| change_view(frame, change)).collect(),
        delivery: if unlocked { delivery(frame, read, code) } else { None },
        erasure: read.erasure.as_ref().map(|of| erasure(desk, frame, of)),
        can_withdraw: unlocked && can_be_withdrawn(request),
        undo_until: read.undo_until.filter(|_| unlocked).map(at),
    }
}

fn change_view(frame: &Frame, change: &Change) -> ChangeView {
    ChangeView {
        field: match AskedField::parse(&change.asked.field) {
            Some(known) => view::asked_field(frame, known),
            None => change.asked.field.clone(),
        },
        value: change.asked.value.clone(),
        fate: change.fate(),
        ground: change.ground,
        words: change.facts.clone(),
    }
}

fn stage(read: &RequestRead) -> Stage {
    let corrects = read.request.right == Right::Correction;
    let archive = read.archive.as_ref().map(|archive| archive.state);
    let sets = read.request.right.sets_flags();
    let is_deletion = read.request.right == Right::Deletion;
    match read.request.status {
        Status::AwaitingVerification => Stage::AwaitingCode,
        Status::Gathering => Stage::Gathering,
        Status::InReview if is_deletion => Stage::Approving,
        Status::InReview => Stage::InReview,
        Status::Executing if sets => Stage::Setting,
        Status::CoolingOff => Stage::CoolingOff,
        Status::Executing if is_deletion => Stage::Erasing,
        Status::Executing if corrects => Stage::Correcting,
        Status::Executing => Stage::Finishing,
        Status::Refused => Stage::Refused,
        Status::Withdrawn => Stage::Withdrawn,
        Status::Lapsed => Stage::Lapsed,
        Status::Fulfilled if sets => {
            let frozen = read.flags.iter().find(|flag| flag.kind == FlagKind::Restriction);
            match frozen {
                Some(Flag { until: Some(_), .. }) => Stage::Lifted,
                Some(Flag { lifts_at: Some(_), .. }) => Stage::Lifting,
                _ => Stage::Applied,
            }
        }
        Status::Fulfilled if read.request.right.is_answered_in_words() => Stage::Answered,
        Status::Fulfilled => match (read.request.outcome, archive) {
            (Some(Outcome::NothingFound), _) => Stage::NothingFound,
            (Some(Outcome::Full), _) if is_deletion => Stage::Erased,
            _ if is_deletion => Stage::ErasedInPart,
            (Some(Outcome::Partial), _) if corrects => Stage::CorrectedInPart,
            _ if corrects => Stage::Corrected,
            // Answered before, and being made again.
            (_, Some(ArchiveState::Building)) if is_gathered(&read.tasks) => Stage::Finishing,
            (_, Some(ArchiveState::Building)) => Stage::Gathering,
            (_, Some(ArchiveState::InReview)) => Stage::InReview,
            _ if !read.fetchable => Stage::Expired,
            (Some(Outcome::Partial), _) => Stage::ReadyInPart,
            _ => Stage::Ready,
        },
    }
}

fn erasure(desk: &Desk, frame: &Frame, of: &ErasureRead) -> ErasureView {
    let language = frame.speaker.language();
    let label = |name: &str| desk.store_label(name, language);
    let (mut goes, mut stays) = (Vec::new(), Vec::new());
    for store in &of.plan.outline.stores {
        let name = label(&store.store);
        let gone = store.collections.iter().filter(|one| one.rows > 0);
        goes.extend(gone.map(|one| ErasureView::goes(frame, &name, one)));
        stays.extend(store.kept.iter().map(|kept| ErasureView::stays(frame, &name, kept)));
    }
    let ahead = of.plan.cooled_at > desk.now() && of.receipt_at.is_none();
    ErasureView {
        goes,
        stays,
        not_before: ahead.then(|| Moment::at(&frame.speaker, of.plan.cooled_at)),
        has_receipt: of.receipt_at.is_some(),
    }
}

fn is_gathered(tasks: &[Task]) -> bool {
    tasks.iter().all(|task| matches!(task.status, TaskStatus::Done | TaskStatus::Skipped))
}

fn promise(frame: &Frame, read: &RequestRead) -> Promise {
    let at = |when| Moment::at(&frame.speaker, when);
    let due = read.promise.due_at;
    match (read.request.status, read.promise.state, read.request.answered_at) {
        (Status::Withdrawn | Status::Lapsed, _, _) | (_, None, _) => Promise::None,
        (_, _, Some(answered)) => Promise::Answered(at(answered)),
        (_, Some(PromiseState::Overdue), None) => Promise::Late(at(due)),
        (_, Some(_), None) => Promise::AnswerBy(at(due)),
    }
}

fn store(desk: &Desk, frame: &Frame, task: &Task, unlocked: bool) -> StoreView {
    let language = frame.speaker.language();
    let known = desk.stores().get(&task.store);
    let tally = &task.tally;
    let counted = task.status == TaskStatus::Done || !tally.is_empty();
    StoreView {
        label: known
            .map_or_else(|| task.store.clone(), |store| store.facts().label(language).to_owned()),
        status: task.status,
        found: (unlocked && counted).then_some((tally.rows, tally.files)),
    }
}

fn delivery(frame: &Frame, read: &RequestRead, code: CodeBox) -> Option<Delivery> {
    let at = |when| Moment::at(&frame.speaker, when);
    if let Some(Archive {
        expires_at: Some(expires), sha256: Some(sha256), size, downloads, ..
    }) = read.archive.as_ref().filter(|_| read.fetchable)
    {
        return Some(Delivery::Ready(view::Archive {
            size: frame.speaker.size(*size),
            sha256: HEXLOWER.encode(sha256),
            expires: at(*expires),
            downloads: *downloads,
            code,
        }));
    }
    let answered = read.request.answered_at.or(read.request.completed_at)?;
    read.renewable.then(|| Delivery::Expired { renew_until: at(answered + RENEWABLE) })
}
