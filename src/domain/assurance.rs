//! How sure we must be who asks: one table of right, kind of data and age of the last proof.
//!
//! Sources: CCPA regulations 11 CCR 7060 to 7062 (the more sensitive, the surer); EDPB guidelines
//! 01/2022, 3.2 (no more than needed). And what Californian law forbids to disclose at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::category::Category;
use super::law::Law;
use super::record::{GapReason, Rows, Shape};
use super::request::{Assurance, Request};
use super::right::Right;

/// A proof older than this is no longer taken for granted where data are sensitive.
pub const FRESH_PROOF: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Kinds of data that hurt when a stranger gets them, by their place in the taxonomy.
const SENSITIVE: [&str; 8] = [
    "user.biometric",
    "user.childrens",
    "user.criminal_history",
    "user.demographic",
    "user.financial",
    "user.government_id",
    "user.health_and_medical",
    "user.location.precise",
];

/// What a business never discloses to a Californian, however sure it is (11 CCR 7024(d)). Passwords
/// and security answers are `user.authorization`, which nobody gets.
const NEVER_DISCLOSED: [&str; 7] = [
    "user.biometric",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.government_id",
    "user.health_and_medical.genetic",
    "user.health_and_medical.insurance_beneficiary_id",
    "user.health_and_medical.record_id",
];

/// Whether data of this kind hurt when a stranger gets them.
pub fn is_sensitive(category: Category) -> bool {
    SENSITIVE.iter().any(|kind| category.within(kind))
}

/// Whether Californian law forbids to disclose data of this kind.
pub fn is_never_disclosed(category: Category) -> bool {
    NEVER_DISCLOSED.iter().any(|kind| category.within(kind))
}

/// The table: the least assurance for `right` over data of this kind, when the person was last
/// proved `age` ago; `None` when they never were.
///
/// Rights that give nothing away, and that a stranger could not hurt with, need none. Data that are
/// given, corrected or deleted need a mailbox; sensitive ones a proof of the last 90 days, or
/// somebody who has looked.
pub fn least(right: Right, category: Category, age: Option<SignedDuration>) -> Assurance {
    least_of(right.as_str(), category, age)
}

fn least_of(right: &str, category: Category, age: Option<SignedDuration>) -> Assurance {
    let fresh = age.is_some_and(|age| age <= FRESH_PROOF);
    match right {
        "complaint" | "appeal" | "opt_out" | "limit" | "objection" | "consent_withdrawal" => {
            Assurance::None
        }
        "confirmation" | "recipients" | "human_review" | "restriction" | "opt_in" => {
            Assurance::Mailbox
        }
        _ if is_sensitive(category) && !fresh => Assurance::StaffChecked,
        _ => Assurance::Mailbox,
    }
}

/// How sure we are at one moment who asks for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// What is asked for.
    pub right: Right,
    /// How sure we are.
    pub assurance: Assurance,
    /// How long ago the person was last proved; `None` when they never were.
    pub age: Option<SignedDuration>,
}

impl Proof {
    /// Of a request whose person was last proved at `proved_at`.
    pub fn at(request: &Request, proved_at: Option<Timestamp>, now: Timestamp) -> Self {
        let age = proved_at.map(|at| now.duration_since(at));
        Self { right: request.right, assurance: request.assurance, age }
    }

    /// Those of `kinds` for which it is not enough: what is lacking now. Empty when nothing is.
    pub fn lacks(self, kinds: impl IntoIterator<Item = Category>) -> BTreeSet<Category> {
        let lacks = |kind: &Category| self.assurance < least(self.right, *kind, self.age);
        kinds.into_iter().filter(lacks).collect()
    }
}

/// What of the data found stays out of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sieve {
    /// Californian law may bind, which keeps some kinds of data from everybody.
    never: bool,
    /// It binds alone: what the proof is not enough for is named by its kind and not given.
    proof: Option<Proof>,
}

impl Sieve {
    /// For an archive under these laws, to somebody proved so. Where a law of Europe binds beside the
    /// Californian one, nothing is kept back for want of proof: the person is asked for it instead.
    pub fn new(laws: &[Law], proof: Proof) -> Self {
        let never = laws.contains(&Law::Ccpa) && proof.right.gives_data();
        let asks = laws.iter().any(|law| matches!(law, Law::Gdpr | Law::UkGdpr));
        Self { never, proof: (never && !asks).then_some(proof) }
    }

    /// Why data of this kind stay out; `None` when they are given.
    pub fn holds_back(self, kind: Category) -> Option<GapReason> {
        if self.never && is_never_disclosed(kind) {
            return Some(GapReason::NeverDisclosed);
        }
        let lacks = |proof: Proof| !proof.lacks([kind]).is_empty();
        self.proof.is_some_and(lacks).then_some(GapReason::Unproven)
    }

    /// Takes the columns out that are held back, and tells where and why: what must never be
    /// disclosed by its column, what is not proved enough for by its kind.
    pub fn sift(self, rows: Rows) -> (Rows, Vec<(String, GapReason)>) {
        let shape = &rows.shape;
        let held: Vec<Option<GapReason>> =
            shape.columns.iter().map(|column| self.holds_back(column.category)).collect();
        if held.iter().all(Option::is_none) {
            return (rows, Vec::new());
        }
        let named = shape.columns.iter().zip(&held).filter_map(|(column, why)| {
            let what = match (*why)? {
                GapReason::Unproven => format!("{}: {}", shape.collection, column.category),
                _ => format!("{}.{}", shape.collection, column.name),
            };
            Some((what, (*why)?))
        });
        let named = named.collect();
        let stays = |at: usize| held[at].is_none();
        let columns = shape.columns.iter().enumerate().filter(|(at, _)| stays(*at));
        let columns = columns.map(|(_, column)| column.clone()).collect();
        let collection = shape.collection.clone();
        let strip = |row: Vec<_>| {
            let kept = row.into_iter().enumerate().filter(|(at, _)| stays(*at));
            kept.map(|(_, value)| value).collect()
        };
        let rows = Rows {
            shape: Arc::new(Shape { collection, columns }),
            rows: rows.rows.into_iter().map(strip).collect(),
        };
        (rows, named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{Column, Origin, Value};

    fn category(key: &str) -> Category {
        Category::parse(key).unwrap()
    }

    #[test]
    fn opting_out_and_complaining_need_no_proof() {
        for right in ["opt_out", "objection", "limit", "consent_withdrawal", "complaint", "appeal"]
        {
            let least = least_of(right, category("user.health_and_medical"), None);
            assert_eq!(least, Assurance::None, "{right}");
        }
    }

    #[test]
    fn sensitive_data_need_a_fresh_proof_or_somebody_who_looked() {
        let (bank, mail) =
            (category("user.financial.bank_account"), category("user.contact.email"));
        let (young, old) = (FRESH_PROOF, FRESH_PROOF + SignedDuration::from_millis(1));
        for right in [Right::Access, Right::Export] {
            assert_eq!(least(right, bank, Some(young)), Assurance::Mailbox);
            assert_eq!(least(right, bank, Some(old)), Assurance::StaffChecked);
            assert_eq!(least(right, bank, None), Assurance::StaffChecked);
            assert_eq!(least(right, mail, None), Assurance::Mailbox);
        }
        assert_eq!(least(Right::Confirmation, bank, None), Assurance::Mailbox, "gives no data");
    }

    #[test]
    fn nothing_that_gives_data_needs_less_than_a_mailbox() {
        let harmless = [Right::OptOut, Right::Limit, Right::Objection, Right::ConsentWithdrawal];
        let gives = |right: &&Right| !right.is_lodged() && !harmless.contains(right);
        for right in Right::ALL.iter().filter(gives) {
            for key in crate::domain::category::CATEGORIES {
                assert!(least(*right, category(key), None) >= Assurance::Mailbox, "{right} {key}");
            }
        }
    }

    fn proof(right: Right, assurance: Assurance, days: i64) -> Proof {
        Proof { right, assurance, age: Some(SignedDuration::from_hours(24 * days)) }
    }

    #[test]
    fn what_is_lacking_depends_on_right_kind_proof_and_age() {
        use Assurance::{Asserted, Mailbox, None as Nobody, StaffChecked};
        let (bank, mail) =
            (category("user.financial.bank_account"), category("user.contact.email"));
        let all = [Right::Access, Right::Export, Right::Correction, Right::Deletion];
        for right in all {
            for (assurance, days, lacking) in [
                (Mailbox, 0, &[][..]),
                (Mailbox, 90, &[]),
                (Mailbox, 91, &[bank]),
                (Asserted, 90, &[]),
                (Asserted, 91, &[bank]),
                (StaffChecked, 91, &[]),
                (StaffChecked, 1_000, &[]),
                (Nobody, 0, &[mail, bank]),
            ] {
                let lacks = proof(right, assurance, days).lacks([bank, mail]);
                let want: BTreeSet<Category> = lacking.iter().copied().collect();
                assert_eq!(lacks, want, "{right} {assurance} {days}");
            }
        }
        let never = Proof { age: None, ..proof(Right::Access, Mailbox, 0) };
        assert_eq!(never.lacks([bank, mail]), [bank].into());
        for right in [Right::OptOut, Right::Complaint, Right::Confirmation, Right::Restriction] {
            assert_eq!(proof(right, Mailbox, 1_000).lacks([bank, mail]), [].into(), "{right}");
        }
        assert_eq!(proof(Right::Access, Mailbox, 1_000).lacks([]), [].into(), "nothing was found");
    }

    #[test]
    fn californian_law_alone_names_what_is_not_proved_enough_for() {
        let (old, fresh) = (
            proof(Right::Access, Assurance::Mailbox, 91),
            proof(Right::Access, Assurance::Mailbox, 1),
        );
        let birth = category("user.demographic.date_of_birth");
        for (laws, proof, held) in [
            (&[Law::Ccpa, Law::UsState][..], old, Some(GapReason::Unproven)),
            (&[Law::Ccpa, Law::UsState], fresh, None),
            (&[Law::Gdpr, Law::Ccpa, Law::UsState], old, None),
            (&[Law::Gdpr], old, None),
        ] {
            assert_eq!(Sieve::new(laws, proof).holds_back(birth), held, "{laws:?}");
        }
        let letter = Proof { right: Right::Confirmation, ..old };
        assert_eq!(Sieve::new(&[Law::Ccpa], letter).holds_back(birth), None, "gives no data");
    }

    #[test]
    fn every_kind_that_is_held_back_is_taken_out_with_its_values() {
        let column = |name: &str, key: &str| Column {
            name: name.into(),
            category: category(key),
            origin: Origin::Provided,
        };
        let shape = Shape {
            collection: "person".into(),
            columns: vec![
                column("email", "user.contact.email"),
                column("ssn", "user.government_id.national_identification_number"),
                column("name", "user.name"),
                column("iban", "user.financial.bank_account"),
                column("born", "user.demographic.date_of_birth"),
            ],
        };
        let text = |words: &str| Value::Text(words.into());
        let row = ["a@b", "078-05-1120", "Ada", "DE89", "1815"].map(text).to_vec();
        let rows = Rows { shape: Arc::new(shape), rows: vec![row] };
        let fresh = Sieve::new(&[Law::Ccpa], proof(Right::Access, Assurance::Mailbox, 1));
        let (left, out) = fresh.sift(rows.clone());
        let never = |place: &str| (place.to_owned(), GapReason::NeverDisclosed);
        assert_eq!(out, [never("person.ssn"), never("person.iban")]);
        assert_eq!(left.rows, [vec![text("a@b"), text("Ada"), text("1815")]]);
        assert_eq!(left.shape.columns.len(), 3);
        let (same, none) = fresh.sift(left.clone());
        assert_eq!((&same, none), (&left, Vec::new()));
        let old = Sieve::new(&[Law::Ccpa], proof(Right::Access, Assurance::Mailbox, 91));
        let (left, out) = old.sift(rows);
        let born = "person: user.demographic.date_of_birth".to_owned();
        assert_eq!(out, [never("person.ssn"), never("person.iban"), (born, GapReason::Unproven)]);
        assert_eq!(left.rows, [vec![text("a@b"), text("Ada")]]);
    }
}
