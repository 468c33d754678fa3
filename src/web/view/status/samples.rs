//! Sample status pages: every stage, locked and unlocked, alone and in a group.

use super::*;
use crate::domain::correction::{DeclineGround, Fate};
use crate::domain::erase::{KeptRows, Method};
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::plan::CollectionOutline;
use crate::domain::right::Right;
use crate::ids::Reference;
use crate::web::view::{
    Archive, ChangeView, CodeNotice, Delivery, ErasureView, Promise, RightText, Stage, StoreView,
};

fn request(frame: &Frame, reference: &str, right: Right, stage: Stage) -> RequestView {
    let at = |hours| Moment::sample(&frame.speaker, hours);
    RequestView {
        erasure: None,
        reference: Reference::parse(reference).unwrap(),
        right: RightText::of(frame, right),
        stage,
        received: at(0),
        verified: Some(at(1)),
        gathered: None,
        answered: None,
        promise: Promise::AnswerBy(at(72)),
        legal: Some(Moment::on(&frame.speaker, "2026-12-20T12:00:00Z".parse().unwrap())),
        looked_at: vec![Moment::at(&frame.speaker, "2026-11-21T08:00:00Z".parse().unwrap())],
        trouble: Vec::new(),
        set: Vec::new(),
        stores: stores([
            TaskStatus::Done,
            TaskStatus::Running,
            TaskStatus::Waiting,
            TaskStatus::Failed,
            TaskStatus::Skipped,
        ]),
        changes: Vec::new(),
        delivery: None,
        can_withdraw: true,
        undo_until: None,
    }
}

fn stores(statuses: [TaskStatus; 5]) -> Vec<StoreView> {
    let labels = ["Shop accounts", "Images", "Newsletter <script>", "Support mails", "ארכיון"];
    let found = [(1234, 0), (1, 1), (0, 12), (0, 0), (7, 0)];
    let lines = labels.into_iter().zip(statuses).zip(found);
    lines
        .map(|((label, status), found)| StoreView {
            label: label.to_owned(),
            status,
            found: Some(found),
        })
        .collect()
}

fn answered(frame: &Frame, reference: &str, right: Right, stage: Stage) -> RequestView {
    let at = |hours| Moment::sample(&frame.speaker, hours);
    RequestView {
        gathered: Some(at(5)),
        answered: Some(at(20)),
        promise: Promise::Answered(at(20)),
        legal: None,
        looked_at: Vec::new(),
        stores: stores([TaskStatus::Done; 5]),
        can_withdraw: false,
        ..request(frame, reference, right, stage)
    }
}

fn ready(frame: &Frame, reference: &str, notice: Option<CodeNotice>) -> RequestView {
    let mut request = answered(frame, reference, Right::Access, Stage::Ready);
    request.delivery = Some(Delivery::Ready(Archive {
        size: frame.speaker.size(148_200_000),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        expires: Moment::sample(&frame.speaker, 24 * 14),
        downloads: 1,
        code: CodeBox::for_download("tok", &request.reference).with(notice),
    }));
    request
}

fn deletion(frame: &Frame, stage: Stage) -> RequestView {
    let line = |name: &str, method, rows| {
        let one = CollectionOutline { name: name.to_owned(), method, rows };
        ErasureView::goes(frame, "Shop accounts <b>", &one)
    };
    let kept = KeptRows {
        collection: "invoice".to_owned(),
        rows: 2,
        ground: "AO 147".to_owned(),
        until: Some("2034-12-31T12:00:00Z".parse().unwrap()),
        controller: None,
    };
    let done = stage == Stage::ErasedInPart;
    let erasure = ErasureView {
        goes: vec![line("visit", Method::Delete, 12), line("invoice", Method::Mask, 1)],
        stays: vec![ErasureView::stays(frame, "Shop accounts", &kept)],
        not_before: (!done).then(|| Moment::sample(&frame.speaker, 24)),
        has_receipt: done,
    };
    let (at, right) = ("R-7F3K9Q2M", Right::Deletion);
    let request =
        if done { answered(frame, at, right, stage) } else { request(frame, at, right, stage) };
    RequestView { erasure: Some(erasure), ..request }
}

fn page(frame: &Frame, requests: Vec<RequestView>) -> StatusPage {
    StatusPage {
        frame: frame.clone(),
        token: "tok".to_owned(),
        requests,
        code: None,
        notice: None,
        messages: Vec::new(),
        draft: String::new(),
    }
}

fn locked(mut page: StatusPage, notice: Option<CodeNotice>) -> StatusPage {
    page.code = Some(CodeBox::for_unlock("tok").with(notice));
    for request in &mut page.requests {
        request.delivery = None;
        request.stores.iter_mut().for_each(|store| store.found = None);
    }
    page
}

impl StatusPage {
    pub(in crate::web::view) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let at = |hours| Moment::sample(&frame.speaker, hours);
        let gathering = || request(frame, "R-7F3K9Q2M", Right::Access, Stage::Gathering);
        let of = |stage| page(frame, vec![request(frame, "R-7F3K9Q2M", Right::Access, stage)]);

        let mut late = of(Stage::InReview);
        late.requests[0].promise = Promise::Late(at(72));
        late.requests[0].trouble = Blocker::ALL.iter().map(|blocker| (*blocker).into()).collect();
        late.requests[0].trouble.dedup();

        let mut thread = page(frame, vec![ready(frame, "R-7F3K9Q2M", None)]);
        thread.notice = Some(StatusNotice::MessageSent);
        thread.messages = vec![
            ThreadMessage {
                author: Author::Person,
                at: at(2),
                text: "<script>alert(1)</script>\nשלום".to_owned(),
            },
            ThreadMessage { author: Author::Staff, at: at(3), text: "Thank you.".to_owned() },
        ];

        let mut expired = answered(frame, "R-7F3K9Q2M", Right::Access, Stage::Expired);
        expired.delivery = Some(Delivery::Expired { renew_until: at(24 * 90) });
        let mut withdrawn = request(frame, "R-9QXB2HTR", Right::Export, Stage::Withdrawn);
        withdrawn.promise = Promise::None;
        withdrawn.legal = None;
        withdrawn.can_withdraw = false;
        withdrawn.undo_until = Some(at(30));
        let mut awaiting = of(Stage::AwaitingCode);
        awaiting.requests[0].verified = None;
        awaiting.requests[0].stores.clear();

        let wrong = ready(frame, "R-7F3K9Q2M", Some(CodeNotice::Wrong { left: 2 }));
        let mut group = page(frame, vec![wrong, ready(frame, "R-ABCDEFGH", None), gathering()]);
        group.requests[2].reference = Reference::parse("R-22223333").unwrap();

        let change = |fate, ground, words: Option<&str>| ChangeView {
            field: "Name".to_owned(),
            value: "</dd><script>alert(4)</script>\nעדה".to_owned(),
            fate,
            ground,
            words: words.map(str::to_owned),
        };
        let mut correction = page(
            frame,
            vec![answered(frame, "R-7F3K9Q2M", Right::Correction, Stage::CorrectedInPart)],
        );
        correction.requests[0].changes = vec![
            change(Fate::Made, None, None),
            change(Fate::Part, Some(DeclineGround::Record), Some("An invoice of 2024.")),
            change(Fate::Declined, Some(DeclineGround::Accurate), Some("<b>It is right.</b>")),
        ];
        let mut correcting =
            page(frame, vec![request(frame, "R-7F3K9Q2M", Right::Correction, Stage::Correcting)]);
        correcting.requests[0].changes =
            vec![change(Fate::Open, None, None), change(Fate::Coming, None, None)];

        let answered_as =
            |stage| page(frame, vec![answered(frame, "R-7F3K9Q2M", Right::Export, stage)]);
        let mut pages = vec![
            ("status-locked", locked(of(Stage::Gathering), None)),
            ("status-locked-sent", locked(of(Stage::InReview), Some(CodeNotice::FreshSent))),
            ("status-locked-ready", locked(answered_as(Stage::Ready), Some(CodeNotice::Expired))),
            ("status-awaiting", locked(awaiting, None)),
            ("status-late", late),
            ("status-ready", thread),
            ("status-group", group),
            ("status-expired-withdrawn", page(frame, vec![expired, withdrawn])),
            ("status-gathering", of(Stage::Gathering)),
            ("status-finishing", of(Stage::Finishing)),
            ("status-part", answered_as(Stage::ReadyInPart)),
            ("status-nothing", answered_as(Stage::NothingFound)),
            ("status-refused", answered_as(Stage::Refused)),
            ("status-lapsed", of(Stage::Lapsed)),
            ("status-correcting", correcting),
            ("status-corrected", answered_as(Stage::Corrected)),
            ("status-corrected-part", correction),
            ("status-cooling-off", page(frame, vec![deletion(frame, Stage::CoolingOff)])),
            ("status-erased-part", page(frame, vec![deletion(frame, Stage::ErasedInPart)])),
        ];
        for (name, notice) in [
            ("status-unlocked", StatusNotice::Unlocked),
            ("status-locked-again", StatusNotice::LockedAgain),
            ("status-message-empty", StatusNotice::MessageEmpty),
            ("status-message-unreadable", StatusNotice::MessageUnreadable),
            ("status-withdrawn", StatusNotice::Withdrawn),
            ("status-restored", StatusNotice::Restored),
            ("status-again", StatusNotice::MakingAgain),
            ("status-not-now", StatusNotice::NotNow),
        ] {
            let mut page = of(Stage::Gathering);
            page.notice = Some(notice);
            page.draft = "</textarea><b>".to_owned();
            pages.push((name, page));
        }
        pages
    }
}
