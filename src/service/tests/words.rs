//! Complaints, appeals and reviews: answered in words; and refusals that lack no part.

use uuid::Uuid;

use super::*;
use crate::db::testing::db_test;
use crate::domain::decision::RefusalGround;
use crate::domain::particulars::Verdict;
use crate::domain::refusal::Lacking;
use crate::domain::request::{Assurance, Outcome};
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::ids::StaffId;
use crate::service::case::{BulkGround, Deed};

fn text(words: &str) -> TypedText {
    TypedText::block(words, 4_000).unwrap().unwrap()
}

impl Office {
    fn officer_number(&self, number: u128) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(number)),
            roles: [Role::Officer].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk.now(),
        }
    }

    async fn lodges(&self, right: Right, details: &str) -> Reference {
        let mut form = form(ADA, &[right]);
        form.contact.details = TypedText::block(details, 400).unwrap();
        self.desk.open_intake(form).await.unwrap()
    }

    async fn refused(&self, by: &Member) -> Case {
        let case = self.open(ADA, &[Right::Access]).await;
        self.gather(case.id).await;
        let ground = RefusalGround::Excessive;
        let deed = self.desk.refuse(by, &case.reference, ground, &text("Twice.")).await.unwrap();
        assert_eq!(deed, Deed::Done);
        self.send().await;
        case
    }
}

db_test!(a_complaint_needs_no_code_and_is_answered_in_words, |db| async move {
    let office = Office::over(db);
    let at = office.lodges(Right::Complaint, "You lost my pictures.").await;
    let request = office.request(&at).await;
    assert_eq!((request.status, request.assurance), (Status::InReview, Assurance::None));
    assert!(request.promise_facts().verified_at.is_some(), "the promise runs");
    assert_eq!(kinds(&office.send().await), [MailKind::Lodged]);
    assert_eq!(office.shop.asked(), 0);
    assert!(office.tasks(request.id).await.is_empty());
    let by = office.officer_number(1);
    assert_eq!(office.desk.release(&by, &at).await.unwrap(), Deed::NotNow, "there is no archive");
    let refuse = office.desk.refuse(&by, &at, RefusalGround::Unfounded, &text("no")).await;
    assert_eq!(refuse.unwrap(), Deed::NotNow, "whether they are right is the answer");
    let words = text("We found them.\n\nThey are back.");
    assert_eq!(office.desk.reply(&by, &at, Verdict::Upheld, &words).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.reply(&by, &at, Verdict::Upheld, &words).await.unwrap(), Deed::NotNow);
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Replied);
    for words in ["You are right.", "They are back.", "Data Protection Commission", "court"] {
        assert!(mail.text.contains(words), "{words}");
    }
    let request = office.request(&at).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    assert!(request.answered_at.is_some(), "the mail is the answer");
});

db_test!(an_appeal_is_linked_and_decided_by_somebody_else, |db| async move {
    let office = Office::reviewed(db);
    let first = office.officer_number(1);
    let case = office.refused(&first).await;
    let details = format!("You refused {}, which was my first one.", case.reference);
    let at = office.lodges(Right::Appeal, &details).await;
    let read = office.desk.case(&first, &case.reference).await.unwrap().unwrap().unwrap();
    assert_eq!(read.about_it, std::slice::from_ref(&at));
    let read = office.desk.case(&first, &at).await.unwrap().unwrap().unwrap();
    assert_eq!(read.about, Some(case.reference.clone()));
    let words = text("It was the first one. We take it up again.");
    let deed = office.desk.reply(&first, &at, Verdict::Upheld, &words).await.unwrap();
    assert_eq!(deed, Deed::OtherOfficer);
    let second = office.officer_number(2);
    let deed = office.desk.reply(&second, &at, Verdict::Upheld, &words).await.unwrap();
    assert_eq!(deed, Deed::Done);
    let read = office.desk.case(&second, &at).await.unwrap().unwrap().unwrap();
    assert_eq!(read.particulars.verdict, Some(Verdict::Upheld));
    assert_eq!(office.status_of(&case).await, Status::Refused, "its own life, its own clock");
});

impl Office {
    async fn status_of(&self, case: &Case) -> Status {
        self.request(&case.reference).await.status
    }
}

db_test!(a_decision_of_a_machine_is_reviewed_after_a_code_without_a_store, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::HumanReview]).await;
    assert_eq!(office.status_of(&case).await, Status::InReview);
    assert_eq!(office.shop.asked(), 0);
    office.send().await;
    let by = office.officer_number(1);
    let words = text("A person has looked at it.");
    let deed = office.desk.reply(&by, &case.reference, Verdict::Partly, &words).await.unwrap();
    assert_eq!(deed, Deed::Done);
    only(&office.send().await, MailKind::Replied);
    assert_eq!(office.request(&case.reference).await.outcome, Some(Outcome::Partial));
});

db_test!(beside_a_complaint_other_rights_still_need_their_code, |db| async move {
    let office = Office::over(db);
    let at = office.ask(ADA, &[Right::Complaint, Right::Access]).await;
    let mut statuses: Vec<Status> =
        office.requests(&at).await.iter().map(|request| request.status).collect();
    statuses.sort();
    assert_eq!(statuses, [Status::AwaitingVerification, Status::InReview]);
    let mails = office.send().await;
    only(&mails, MailKind::Verify);
    only(&mails, MailKind::Lodged);
});

db_test!(a_refusal_that_lacks_the_authority_is_not_sent, |db| async move {
    let mut lacking = settings();
    lacking.review.access = Review::Staff;
    lacking.organisation.authority = None;
    let office = Office::with(db, lacking);
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    office.send().await;
    let by = office.officer_number(1);
    let refuse = async |ground| {
        let facts = text("You asked the same yesterday.");
        office.desk.refuse(&by, &case.reference, ground, &facts).await.unwrap()
    };
    assert_eq!(refuse(RefusalGround::Excessive).await, Deed::Lacking(Lacking::Authority));
    assert_eq!(refuse(RefusalGround::UkExam).await, Deed::Lacking(Lacking::Ground));
    assert_eq!(office.status_of(&case).await, Status::InReview);
    assert!(office.send().await.is_empty());
});

db_test!(a_refusal_says_how_to_appeal_where_the_law_has_appeals, |db| async move {
    let mut american = settings();
    american.review.access = Review::Staff;
    american.organisation.authority = None;
    american.organisation.country = Some("US".into());
    let office = Office::with(db, american);
    let mut form = form(ADA, &[Right::Access]);
    form.country = Some("US".into());
    let at = office.desk.open_intake(form).await.unwrap();
    let code = only(&office.send().await, MailKind::Verify).code();
    let case = office.enter(at, &code).await;
    office.gather(case.id).await;
    office.send().await;
    let by = office.officer_number(1);
    let facts = text("You asked the same yesterday.");
    let ground = RefusalGround::TooOften;
    office.desk.refuse(&by, &case.reference, ground, &facts).await.unwrap();
    let mails = office.send().await;
    let text = &only(&mails, MailKind::Refused).text;
    let link = format!("/?right=appeal&about={}", case.reference);
    for words in [link.as_str(), "attorney general", "California Privacy", "1798.130(b)"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("GDPR"));
});

db_test!(a_store_is_kept_back_only_where_something_else_is_given, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    let (by, facts) = (office.officer_number(1), text("Others could be known by it."));
    let ground = RefusalGround::RightsOfOthers;
    let deed = office.desk.withhold(&by, &case.reference, "shop", ground, &facts).await.unwrap();
    assert_eq!(deed, Deed::NotNow, "then it is a refusal of the whole");
    let deed = office.desk.give(&by, &case.reference, "shop").await.unwrap();
    assert_eq!(deed, Deed::NotNow);
});

db_test!(a_second_open_request_is_linked_on_both_and_told, |db| async move {
    let office = Office::reviewed(db);
    let first = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    let second = office.open(ADA, &[Right::Access]).await;
    let mails = office.send().await;
    let verified = &only(&mails, MailKind::Verified).text;
    assert!(verified.contains(first.reference.as_str()) && verified.contains("None is dropped"));
    let by = office.officer_number(1);
    for (one, other) in [(&first, &second), (&second, &first)] {
        let read = office.desk.case(&by, &one.reference).await.unwrap().unwrap().unwrap();
        assert_eq!(read.duplicates, std::slice::from_ref(&other.reference));
    }
    // Of what a stranger only typed, nobody is told. Only so many codes are mailed an hour.
    office.pass(hours(2));
    office.ask(ADA, &[Right::Export]).await;
    office.send().await;
    let third = office.open(ADA, &[Right::Export]).await;
    assert!(!only(&office.send().await, MailKind::Verified).text.contains("None is dropped"));
    let read = office.desk.case(&by, &third.reference).await.unwrap().unwrap().unwrap();
    assert_eq!(read.duplicates.len(), 1, "staff sees it all the same");
});

db_test!(a_deletion_of_one_thing_is_no_duplicate_of_another, |db| async move {
    use crate::domain::request::Scope;
    let office = Office::over(db);
    let by = office.officer_number(1);
    let item = |name: &str| Scope::Items(vec![format!("shop/visit/{name}")]);
    let mut linked = Vec::new();
    for scope in [item("1"), item("2"), item("1"), Scope::Everything] {
        let mut form = form(ADA, &[Right::Deletion]);
        form.scope = scope;
        let at = office.desk.open_intake(form).await.unwrap();
        let read = office.desk.case(&by, &at).await.unwrap().unwrap().unwrap();
        linked.push(read.duplicates.len());
        office.pass(minutes(1));
    }
    assert_eq!(linked, [0, 0, 1, 0], "everything is more than the sum of what was named");
});

db_test!(many_are_closed_at_once_only_for_what_fits_them, |db| async move {
    let office = Office::reviewed(db);
    let first = office.open(ADA, &[Right::Access]).await;
    office.gather(first.id).await;
    office.pass(minutes(1));
    let second = office.open(ADA, &[Right::Access]).await;
    office.gather(second.id).await;
    let never = office.ask("grace@example.net", &[Right::Access]).await;
    office.send().await;
    let by = office.officer_number(1);
    let all = [first.reference.clone(), second.reference.clone(), never.clone()];
    let close = async |why| -> Vec<Deed> {
        let closed = office.desk.close_many(&by, &all, why).await.unwrap();
        closed.into_iter().map(|(_, deed)| deed).collect()
    };
    let (yes, no) = (Deed::Done, Deed::NotNow);
    assert_eq!(close(BulkGround::NeverVerified).await, [no, no, yes]);
    assert_eq!(office.request(&never).await.status, Status::Lapsed);
    assert_eq!(close(BulkGround::Duplicate).await, [no, yes, no], "the older one stays");
    let mails = office.send().await;
    assert!(only(&mails, MailKind::Refused).text.contains(first.reference.as_str()));
    only(&mails, MailKind::Lapsed);
    assert_eq!(close(BulkGround::Spam).await, [yes, no, no]);
});

db_test!(a_request_for_a_child_never_goes_by_itself, |db| async move {
    use crate::domain::representative::Acting;
    let office = Office::over(db);
    for (acting, status) in [
        (Acting::Parent, Status::InReview),
        (Acting::Attorney, Status::InReview),
        (Acting::Agent, Status::Executing),
    ] {
        let mut form = form(ADA, &[Right::Access]);
        form.wishes.acting = Some(acting);
        form.on_behalf = true;
        let at = office.desk.open_intake(form).await.unwrap();
        let code = only(&office.send().await, MailKind::Verify).code();
        let case = office.enter(at, &code).await;
        office.gather(case.id).await;
        assert_eq!(office.status_of(&case).await, status, "{acting}");
        office.send().await;
    }
});

db_test!(a_further_proof_is_asked_for_once_and_work_rests_until_then, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    office.send().await;
    let by = office.officer_number(1);
    let words = text("Which order did you make last?");
    assert_eq!(office.desk.ask_proof(&by, &case.reference, &words).await.unwrap(), Deed::Done);
    only(&office.send().await, MailKind::Message);
    assert!(office.request(&case.reference).await.waiting_since.is_some());
    assert_eq!(office.desk.go_on(&by, &case.reference).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.ask_proof(&by, &case.reference, &words).await.unwrap(), Deed::NotNow);
});
