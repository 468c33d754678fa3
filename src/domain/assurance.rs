//! How sure we must be who asks: one table of right, kind of data and age of the last proof.
//!
//! Sources: CCPA regulations 11 CCR 7060 to 7062 (the more sensitive, the surer); EDPB guidelines
//! 01/2022, 3.2 (no more than needed). And what Californian law forbids to disclose at all.

use std::sync::Arc;

use jiff::SignedDuration;

use super::category::Category;
use super::record::{Rows, Shape};
use super::request::Assurance;
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

/// Takes the columns out that Californian law forbids to disclose, and gives their names.
pub fn without_never_disclosed(rows: Rows) -> (Rows, Vec<String>) {
    let shape = &rows.shape;
    let is_out = |at: usize| is_never_disclosed(shape.columns[at].category);
    let out: Vec<usize> = (0..shape.columns.len()).filter(|at| is_out(*at)).collect();
    if out.is_empty() {
        return (rows, Vec::new());
    }
    let names = out.iter().map(|at| shape.columns[*at].name.clone()).collect();
    let stays = |(at, _): &(usize, &_)| !out.contains(at);
    let columns =
        shape.columns.iter().enumerate().filter(stays).map(|(_, column)| column.clone()).collect();
    let collection = shape.collection.clone();
    let strip = |row: Vec<_>| {
        let kept = row.into_iter().enumerate().filter(|(at, _)| !out.contains(at));
        kept.map(|(_, value)| value).collect()
    };
    let rows = Rows {
        shape: Arc::new(Shape { collection, columns }),
        rows: rows.rows.into_iter().map(strip).collect(),
    };
    (rows, names)
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

    #[test]
    fn every_kind_that_is_never_disclosed_is_taken_out_with_its_values() {
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
            ],
        };
        let text = |words: &str| Value::Text(words.into());
        let rows = Rows {
            shape: Arc::new(shape),
            rows: vec![vec![text("a@b"), text("078-05-1120"), text("Ada"), text("DE89")]],
        };
        let (left, out) = without_never_disclosed(rows);
        assert_eq!(out, ["ssn", "iban"]);
        assert_eq!(left.rows, [vec![text("a@b"), text("Ada")]]);
        assert_eq!(left.shape.columns.len(), 2);
        let (same, none) = without_never_disclosed(left.clone());
        assert_eq!((same, none), (left, Vec::new()));
    }
}
