//! What a person wants put right, and what is decided about each of it.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::address::EmailAddress;
use super::change::{Edit, Field, Unfit};
use super::code::stored_words;
use super::intake::Contact;
use super::text::{TextError, TypedText};
use crate::ids::{ChangeId, EditId};

/// Changes that one request may ask for.
pub const MOST_CHANGES: usize = 20;
/// Characters of what is to be corrected, in words of the person's own.
pub const FIELD_LENGTH: usize = 100;
/// Characters of what it shall say.
pub const VALUE_LENGTH: usize = 1_000;
/// Values that one change may touch.
pub const MOST_EDITS: usize = 20;
/// Whoever is found by what is changed has so long to say that it was not them.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(48);

stored_words!(AskedField {
    Name = "name",
    Email = "email",
    Phone = "phone",
    Address = "address",
    DateOfBirth = "date_of_birth",
    Other = "other",
});

/// What the form offers to correct, in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskedField {
    /// A name.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Address,
    /// The day of birth.
    DateOfBirth,
    /// Anything else; the value says what.
    Other,
}

impl AskedField {
    /// The category that it means, exactly; none where a human has to see.
    pub const fn category(self) -> Option<&'static str> {
        match self {
            Self::Name => Some("user.name"),
            Self::Email => Some("user.contact.email"),
            Self::Phone => Some("user.contact.phone_number"),
            Self::Address => Some("user.contact.address"),
            Self::DateOfBirth => Some("user.demographic.date_of_birth"),
            Self::Other => None,
        }
    }

    /// The offered field that a category belongs to.
    pub fn of(category: &str) -> Self {
        let belongs = |field: &&Self| {
            let Some(known) = field.category() else { return false };
            let rest = category.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        Self::ALL.iter().find(belongs).copied().unwrap_or(Self::Other)
    }
}

/// One thing that a person wants put right, checked and bounded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// A word of [`AskedField`], or words of the person's own.
    pub field: String,
    /// What it shall say.
    pub value: String,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked(…)")
    }
}

impl Asked {
    /// Reads what was typed; `Ok(None)` where nothing is to be said. Without a field it is about
    /// something else.
    pub fn read(field: &str, value: &str) -> Result<Option<Self>, TextError> {
        let field = TypedText::line(field, FIELD_LENGTH)?;
        let Some(value) = TypedText::block(value, VALUE_LENGTH)? else { return Ok(None) };
        let other = || AskedField::Other.as_str().to_owned();
        let field = field.map_or_else(other, |field| field.as_str().to_owned());
        Ok(Some(Self { field, value: value.as_str().to_owned() }))
    }

    /// What was chosen on the form; [`AskedField::Other`] for words of the person's own.
    pub fn known(&self) -> AskedField {
        AskedField::parse(&self.field).unwrap_or(AskedField::Other)
    }
}

stored_words!(Verdict {
    Apply = "apply",
    ByHand = "by_hand",
    Decline = "decline",
});

/// What is decided about one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is made in the stores.
    Apply,
    /// Somebody has made it elsewhere; the words say where.
    ByHand,
    /// It is not made.
    Decline,
}

stored_words!(DeclineGround {
    Accurate = "accurate",
    NotProven = "not_proven",
    Record = "record",
    NotHeld = "not_held",
    NotIdentified = "not_identified",
    NotController = "not_controller",
});

/// Why a change is not made. The person is told it in words, with the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeclineGround {
    /// What is stored is right (GDPR Art. 16; 11 CCR 7023: totality of the circumstances).
    Accurate,
    /// Nothing shows that it is wrong.
    NotProven,
    /// It is a record of what was so at the time, which has to stay (GDPR Art. 5(1)(d), 17(3)).
    Record,
    /// Nothing of the kind is held.
    NotHeld,
    /// We cannot tell who asks (GDPR Art. 12(2), 12(6)).
    NotIdentified,
    /// Somebody else decides about these data; they are named in the facts.
    NotController,
}

stored_words!(EditState {
    Pending = "pending",
    Done = "done",
    Changed = "changed",
    Gone = "gone",
    Type = "type",
    Taken = "taken",
    Rule = "rule",
});

/// How far one value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EditState {
    /// To be written.
    Pending,
    /// Written and read back.
    Done,
    /// Not written: it had been changed meanwhile.
    Changed,
    /// Not written: the keys lead to no such row any more.
    Gone,
    /// Not written: the column holds something of another kind.
    Type,
    /// Not written: another row has it.
    Taken,
    /// Not written: a rule of the store forbids it.
    Rule,
}

impl EditState {
    /// Whether somebody has to look again.
    pub const fn is_stuck(self) -> bool {
        !matches!(self, Self::Pending | Self::Done)
    }
}

impl From<Unfit> for EditState {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Type => Self::Type,
            Unfit::Taken => Self::Taken,
            Unfit::Rule => Self::Rule,
        }
    }
}

/// One value that a change puts right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: EditId,
    /// In which store.
    pub store: String,
    /// What it is: a key of the data categories.
    pub category: String,
    /// Whether people are found by it.
    pub identity: bool,
    /// Whether old and new address were told of it.
    pub told: bool,
    /// What is written.
    pub edit: Edit,
    /// How far it is.
    pub state: EditState,
}

/// One change that was asked for, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// What was asked for.
    pub asked: Asked,
    /// What is decided.
    pub verdict: Option<Verdict>,
    /// Why it is not made.
    pub ground: Option<DeclineGround>,
    /// What that rests on, in the words of whoever decided.
    pub facts: Option<String>,
    /// The values that it puts right.
    pub steps: Vec<Step>,
}

/// What became of a change, as its person reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has decided.
    Open,
    /// It will be made.
    Coming,
    /// It is made.
    Made,
    /// A part of it is made.
    Part,
    /// It is not made.
    Declined,
}

impl Change {
    /// A change that was just asked for.
    pub fn new(id: ChangeId, asked: Asked) -> Self {
        Self { id, asked, verdict: None, ground: None, facts: None, steps: Vec::new() }
    }

    /// Whether nobody has to decide (again).
    pub fn is_settled(&self) -> bool {
        self.verdict.is_some() && !self.steps.iter().any(|step| step.state.is_stuck())
    }

    /// What became of it. A value that was written stays written, whatever is decided later.
    pub fn fate(&self) -> Fate {
        let done = self.steps.iter().filter(|step| step.state == EditState::Done).count();
        match self.verdict {
            _ if done > 0 && done < self.steps.len() => Fate::Part,
            Some(Verdict::Decline) if done > 0 => Fate::Part,
            Some(Verdict::Decline) => Fate::Declined,
            Some(Verdict::ByHand) => Fate::Made,
            _ if done > 0 => Fate::Made,
            Some(Verdict::Apply) if self.is_settled() => Fate::Coming,
            Some(Verdict::Apply) | None => Fate::Open,
        }
    }

    /// Forgets what was decided and not done: it starts over.
    pub fn reopen(&mut self) {
        self.steps.retain(|step| step.state == EditState::Done);
        if self.steps.is_empty() {
            (self.verdict, self.ground, self.facts) = (None, None, None);
        }
    }

    /// The steps that are to be taken.
    pub fn pending(&self) -> impl Iterator<Item = &Step> {
        let goes = self.verdict == Some(Verdict::Apply);
        self.steps.iter().filter(move |step| goes && step.state == EditState::Pending)
    }
}

/// Whether a value may be changed on more than the word of a mailbox alone: people are found by it,
/// or it is the very address that proved who asks.
pub fn needs_proof(field: &Field, contact: Option<&Contact>) -> bool {
    let Some(value) = &field.value else { return field.identity };
    let proved = || contact.into_iter().flat_map(|to| to.email.iter().chain(&to.proved));
    let same = |address: &EmailAddress| {
        EmailAddress::parse(value).is_ok_and(|value| value.folded() == address.folded())
    };
    field.identity || proved().any(same)
}

/// The values that each change means where no human has to look: of exactly its category, by which
/// nobody is found, at most one a table. `None` where one change is not as plain as that.
pub fn plain_targets<'f>(
    changes: &[Change],
    fields: &'f [(String, Vec<Field>)],
    contact: Option<&Contact>,
) -> Option<Vec<Vec<(&'f str, &'f Field)>>> {
    let mut all = Vec::new();
    for change in changes {
        let category = change.asked.known().category()?;
        let targets: Vec<(&str, &Field)> = (fields.iter())
            .flat_map(|(store, fields)| fields.iter().map(move |field| (store.as_str(), field)))
            .filter(|(_, field)| field.category == category)
            .collect();
        let twice = |(at, (store, field)): (usize, &(&str, &Field))| {
            targets[..at].iter().any(|(other, before)| {
                other == store && before.spot.collection == field.spot.collection
            })
        };
        let plain = !targets.is_empty()
            && targets.len() <= MOST_EDITS
            && !targets.iter().enumerate().any(twice)
            && !targets.iter().any(|(_, field)| needs_proof(field, contact));
        // Two changes of one value are for a human too.
        let taken = all.iter().flatten().any(|known| targets.contains(known));
        if !plain || taken {
            return None;
        }
        all.push(targets);
    }
    (!all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests;
