//! Whatever happens to a request, the moment of its receipt stays.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::db::testing::db_test;
use crate::domain::state::Status;

const WALKS: usize = 8;

#[derive(Debug, Clone, Copy)]
enum Act {
    Wait(i64),
    Tick,
    Send,
    RefuseMails,
    TypeCode,
    TypeWrong,
    FreshCode,
    Disown,
    Resume,
    Gather,
    Finish,
    Withdraw,
    Undo,
    Renew,
    Write,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => prop::sample::select(vec![1, 20, 25, 170, 340]).prop_map(Act::Wait),
        3 => Just(Act::Tick),
        4 => Just(Act::Send),
        1 => Just(Act::RefuseMails),
        5 => Just(Act::TypeCode),
        1 => Just(Act::TypeWrong),
        2 => Just(Act::FreshCode),
        1 => Just(Act::Disown),
        2 => Just(Act::Resume),
        4 => Just(Act::Gather),
        3 => Just(Act::Finish),
        2 => Just(Act::Withdraw),
        3 => Just(Act::Undo),
        2 => Just(Act::Renew),
        1 => Just(Act::Write),
    ]
}

/// One walk: the form, its mails, and the page that is open.
struct Walk<'a> {
    office: &'a Office,
    reference: Reference,
    mails: Vec<Mail>,
    page: Option<(Token, Token)>,
}

impl Walk<'_> {
    fn last_link(&self) -> Option<Token> {
        let mut mails = self.mails.iter().rev();
        mails.find(|mail| mail.text.contains("/verify/")).map(|mail| mail.link("/verify/"))
    }

    async fn take(&mut self, act: Act) {
        let desk = &self.office.desk;
        let door = Door::Reference(self.reference.clone());
        match act {
            Act::Wait(time) => self.office.pass(hours(time)),
            Act::Tick => drop(desk.tick().await.unwrap()),
            Act::Send => {
                let mails = self.office.send().await;
                let ours = |mail: &Mail| mail.text.contains(self.reference.as_str());
                self.mails.extend(mails.into_iter().filter(ours));
            }
            Act::RefuseMails => self.office.refuse_mails().await,
            Act::TypeCode => {
                let last = self.mails.iter().rev().find(|mail| mail.kind == MailKind::Verify);
                let Some(code) = last.map(Mail::code) else { return };
                self.office.pass(minutes(1));
                if let Typed::Opened(opened) = desk.verify(&door, &code).await.unwrap() {
                    self.page = Some((opened.token, opened.cookie));
                }
            }
            Act::TypeWrong => drop(desk.verify(&door, "2222-2222").await.unwrap()),
            Act::FreshCode => drop(desk.send_fresh_code(&door).await.unwrap()),
            Act::Disown | Act::Resume => {
                let Some(link) = self.last_link() else { return };
                if matches!(act, Act::Disown) {
                    desk.disown(&link).await.unwrap();
                } else {
                    desk.resume(&link, &email(ADA)).await.unwrap();
                }
            }
            Act::Gather | Act::Finish => {
                for request in self.office.requests(&self.reference).await {
                    match (act, request.status) {
                        (Act::Gather, Status::Gathering) => self.office.gather(request.id).await,
                        (Act::Finish, Status::Executing) => self.office.finish(request.id).await,
                        _ => {}
                    }
                }
            }
            Act::Withdraw | Act::Undo | Act::Renew | Act::Write => {
                let Some((token, cookie)) = &self.page else { return };
                let (cookie, reference) = (Some(cookie), &self.reference);
                let words = TypedText::line("hello", 100).unwrap().unwrap();
                match act {
                    Act::Withdraw => desk.withdraw(token, cookie, reference).await,
                    Act::Undo => desk.undo_withdrawal(token, cookie, reference).await,
                    Act::Renew => desk.renew(token, cookie, reference).await,
                    _ => desk.write_message(token, cookie, &words).await,
                }
                .unwrap();
            }
        }
    }
}

db_test!(received_at_never_changes, |db| async move {
    let office = Office::over(db);
    let mut runner = TestRunner::deterministic();
    for _ in 0..WALKS {
        let acts = prop::collection::vec(act(), 30).new_tree(&mut runner).unwrap().current();
        office.pass(days(31)); // past the caps of the walk before
        let reference = office.ask(ADA, &[Right::Access, Right::Export]).await;
        let received = office.desk.now();
        let mut walk = Walk { office: &office, reference, mails: Vec::new(), page: None };
        for act in acts {
            walk.take(act).await;
            for request in office.requests(&walk.reference).await {
                assert_eq!(request.received_at(), received, "{act:?}");
                let tx = office.db.begin_read().await.unwrap();
                let intake = tx.intake(request.intake).await.unwrap().unwrap();
                assert_eq!(intake.received_at, received, "{act:?}");
                let open = !request.status.is_closed();
                assert!(!open || intake.contact.is_some(), "{act:?}: open, so it can be answered");
            }
        }
    }
});
