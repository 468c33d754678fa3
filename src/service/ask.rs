//! A program asks for a person.

use jiff::SignedDuration;

use super::assertion::Assertion;
use super::lodge::Wishes;
use super::read::asked::AskedRead;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::api_call::NewCall;
use crate::domain::correction;
use crate::domain::deadline::Regime;
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::language::Language;
use crate::domain::request::{AnswerWay, Channel, NewRequest, Request, Scope};
use crate::domain::right::Right;
use crate::domain::state::Move;
use crate::domain::token::{By, Grant};
use crate::ids::{IntakeId, RequestId};

/// What a token has created counts for so long.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a program asks for, read and found good.
#[derive(Debug, Clone)]
pub struct NewAsk {
    /// What is asked for.
    pub right: Right,
    /// About what.
    pub scope: Scope,
    /// For whom.
    pub contact: Contact,
    /// The person's country, two capitals.
    pub country: Option<String>,
    /// The law that it falls under, as far as the program knows: a claim.
    pub regime: Option<Regime>,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// What it says beside its right.
    pub wishes: Wishes,
    /// The language of pages and mails.
    pub language: Language,
    /// How it reached the company.
    pub channel: Channel,
    /// How it is known who asks.
    pub proof: Proof,
    /// What a correction shall put right.
    pub changes: Vec<correction::Asked>,
    /// The purposes that it is about, where its right has any.
    pub purposes: Vec<String>,
}

/// How it is known who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// By a code that is mailed.
    Mail,
    /// The program vouches for the person; with a signed assertion where its token has a key.
    Asserted(Option<Assertion>),
}

/// A call that may come again.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The key that came with it.
    pub key: &'a str,
    /// Its body, byte for byte.
    pub body: &'a [u8],
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Taken; the answer.
    Done(String),
    /// It was taken before; the same answer.
    Before(String),
    /// The key was used for something else.
    KeyReused,
    /// Another call with this key is under way.
    UnderWay,
    /// The assertion was used before.
    AssertionUsed,
    /// The token has created as many as it may within a day.
    TooMany,
}

impl Desk {
    /// Takes a request that a program hands in, and mails the person a code unless the program
    /// vouches for them. `answer` says what the
    /// program is told; it is kept with the call's key in the same transaction.
    pub async fn ask(
        &self,
        by: &Grant,
        new: NewAsk,
        call: Option<Call<'_>>,
        answer: impl FnOnce(&AskedRead) -> String,
    ) -> Result<Asked, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        if let Some(before) = before(&tx, by, call).await? {
            return Ok(before);
        }
        if tx.requests_created_by(by.id, now - DAY).await? >= u64::from(by.requests_a_day) {
            return Ok(Asked::TooMany);
        }
        let mut intake = Intake {
            id: IntakeId(self.entropy.uuid(now)),
            received_at: now,
            language: new.language,
            country: new.country,
            contact: Some(new.contact),
            reminded_at: None,
        };
        if let Proof::Asserted(Some(assertion)) = &new.proof
            && !tx.use_assertion(by.id, &assertion.id, assertion.expires_at).await?
        {
            return Ok(Asked::AssertionUsed);
        }
        tx.insert_intake(&intake).await?;
        let mut request = Request::open(NewRequest {
            id: RequestId(self.entropy.uuid(now)),
            intake: intake.id,
            reference: tx.new_reference(&*self.entropy).await?,
            right: new.right,
            on_behalf: new.on_behalf,
            channel: new.channel,
            received_at: now,
        });
        request.scope = new.scope;
        request.created_by = Some(by.id);
        request.purposes = new.purposes;
        if new.proof != Proof::Mail {
            request.answers_by = AnswerWay::App;
        }
        let event = By::Token(by).event("request.received");
        self.write_down(&tx, &request, new.regime, event, now).await?;
        self.keep_wishes(&tx, &intake, &request, &new.wishes).await?;
        if request.right == Right::Correction {
            tx.insert_changes(request.id, &new.changes, now).await?;
        }
        self.enqueue(&tx, &Job::KeepReceived { intake: intake.id }, None).await?;
        let id = request.id;
        match &new.proof {
            Proof::Mail => self.set_off(&tx, &mut intake, now).await?,
            Proof::Asserted(signed) => {
                let event = By::Token(by).event("request.asserted");
                let event = event.with("signed", signed.is_some());
                let mut stored = tx.requests_of(intake.id).await?;
                self.advance(&tx, &mut intake, &mut stored, Move::Asserted, &event, now).await?;
            }
        }
        let stored = tx.request(id).await?.into_iter().map(|stored| stored.value).collect();
        let mut read = self.asked_reads(&tx, stored, now).await?;
        let answered = read.pop().map(|read| answer(&read)).unwrap_or_default();
        if let Some(call) = call {
            let kept = NewCall {
                token: by.id,
                key: call.key,
                body: call.body,
                request: id,
                answer: &answered,
            };
            if !tx.keep_api_call(&kept, now).await? {
                // Another call with this key was faster, which a new transaction sees.
                drop(tx);
                let tx = self.db.begin_read().await?;
                return Ok(before(&tx, by, Some(call)).await?.unwrap_or(Asked::UnderWay));
            }
        }
        tx.commit().await?;
        Ok(Asked::Done(answered))
    }
}

/// What was answered to the same call before.
async fn before(
    tx: &Tx,
    by: &Grant,
    call: Option<Call<'_>>,
) -> Result<Option<Asked>, ServiceError> {
    let Some(call) = call else { return Ok(None) };
    let kept = tx.api_call(by.id, call.key, call.body).await?;
    Ok(kept.map(|kept| if kept.is_same { Asked::Before(kept.answer) } else { Asked::KeyReused }))
}
