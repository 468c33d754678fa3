//! A refusal with all that the law wants in it. There is no way to make one that lacks a part.
//!
//! GDPR Art. 12(4): reasons, complaint to an authority, judicial remedy. UK: also the complaint to
//! the controller (DPA 2018 s. 164A). Virginia and its like: justification, and how to appeal.

use super::decision::RefusalGround;
use super::law::Law;
use super::right::Right;

/// Where a person can turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// The authority in charge of the company, as the configuration names it.
    Authority(String),
    /// The Information Commissioner (UK).
    Commissioner,
    /// The California Privacy Protection Agency and the attorney general.
    California,
    /// The attorney general of the person's state.
    AttorneyGeneral,
    /// A court.
    Court,
    /// A complaint to the company itself, at this address of ours.
    Complaint(String),
    /// An appeal to the company itself, at this address of ours.
    Appeal(String),
}

impl Remedy {
    /// Where it leads, if that is a page of ours.
    pub fn link(&self) -> Option<&str> {
        match self {
            Self::Complaint(link) | Self::Appeal(link) => Some(link),
            _ => None,
        }
    }
}

/// Which mandatory part is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// No law that binds here has this ground for this right.
    #[error("this ground does not belong to this right; choose one of the list")]
    Ground,
    /// The facts.
    #[error("write the facts that the ground rests on")]
    Facts,
    /// The authority.
    #[error("write `authority` under [organisation] in rightsdesk.toml")]
    Authority,
}

/// What remedies are made of.
#[derive(Debug, Clone, Copy)]
pub struct Ways<'a> {
    /// The laws that bind here.
    pub laws: &'a [Law],
    /// The authority of the configuration.
    pub authority: Option<&'a str>,
    /// Where a complaint to the company is made.
    pub complaint: &'a str,
    /// Where an appeal to the company is made.
    pub appeal: &'a str,
}

/// Where a person can turn against a decision about `right`, in the order of reading. Against the
/// answer to an appeal there is no further appeal: the attorney general is next.
pub fn remedies(right: Right, ways: &Ways<'_>) -> Result<Vec<Remedy>, Lacking> {
    let mut all = Vec::new();
    let binds = |law| ways.laws.contains(&law);
    if binds(Law::UkGdpr) && right != Right::Complaint {
        all.push(Remedy::Complaint(ways.complaint.to_owned()));
    }
    if binds(Law::UsState) && right != Right::Appeal {
        all.push(Remedy::Appeal(ways.appeal.to_owned()));
    }
    if binds(Law::Gdpr) || binds(Law::Other) {
        all.push(Remedy::Authority(ways.authority.ok_or(Lacking::Authority)?.to_owned()));
    }
    if binds(Law::UkGdpr) {
        all.push(Remedy::Commissioner);
    }
    if binds(Law::Ccpa) {
        all.push(Remedy::California);
    }
    if binds(Law::UsState) {
        all.push(Remedy::AttorneyGeneral);
    }
    if binds(Law::Gdpr) || binds(Law::UkGdpr) || binds(Law::Other) {
        all.push(Remedy::Court);
    }
    Ok(all)
}

/// A refusal, whole or in part, that can be sent. Only [`Refusal::build`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    ground: RefusalGround,
    basis: (Law, &'static str),
    facts: String,
    remedies: Vec<Remedy>,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refusal({})", self.ground)
    }
}

impl Refusal {
    /// Puts the parts together.
    ///
    /// # Errors
    /// Which part is missing.
    pub fn build(
        right: Right,
        ground: RefusalGround,
        facts: &str,
        ways: &Ways<'_>,
    ) -> Result<Self, Lacking> {
        let basis = ground.basis(right, ways.laws).ok_or(Lacking::Ground)?;
        let facts = facts.trim();
        if facts.is_empty() {
            return Err(Lacking::Facts);
        }
        let remedies = remedies(right, ways)?;
        Ok(Self { ground, basis, facts: facts.to_owned(), remedies })
    }

    /// Why.
    pub fn ground(&self) -> RefusalGround {
        self.ground
    }

    /// The law that has the ground, and where.
    pub fn basis(&self) -> (Law, &'static str) {
        self.basis
    }

    /// What the ground rests on, in the words of whoever decided. Never empty.
    pub fn facts(&self) -> &str {
        &self.facts
    }

    /// Where the person can turn. Never empty.
    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: &str = "https://privacy.example.org/";

    fn ways<'a>(laws: &'a [Law], authority: Option<&'a str>) -> Ways<'a> {
        Ways { laws, authority, complaint: HOW, appeal: HOW }
    }

    fn build(laws: &[Law], authority: Option<&str>, facts: &str) -> Result<Refusal, Lacking> {
        Refusal::build(Right::Access, RefusalGround::Unfounded, facts, &ways(laws, authority))
    }

    #[test]
    fn none_is_made_that_lacks_a_part() {
        assert_eq!(build(&[Law::Gdpr], None, "facts"), Err(Lacking::Authority));
        assert_eq!(build(&[Law::Gdpr], Some("DPC"), " \n"), Err(Lacking::Facts));
        let wrong = Refusal::build(
            Right::Access,
            RefusalGround::PublicHealth,
            "facts",
            &ways(&[Law::Gdpr], Some("DPC")),
        );
        assert_eq!(wrong, Err(Lacking::Ground));
    }

    #[test]
    fn every_law_has_a_way_to_have_it_checked() {
        for law in Law::ALL {
            let refusal = build(&[*law], Some("DPC"), "facts").unwrap();
            assert!(!refusal.remedies().is_empty(), "{law}");
        }
        let eu = build(&[Law::Gdpr], Some("DPC"), "facts").unwrap();
        assert_eq!(eu.remedies(), [Remedy::Authority("DPC".into()), Remedy::Court]);
        let uk = build(&[Law::UkGdpr], None, "facts").unwrap();
        let expected = [Remedy::Complaint(HOW.into()), Remedy::Commissioner, Remedy::Court];
        assert_eq!(uk.remedies(), expected);
        let us = build(&[Law::Ccpa, Law::UsState], None, "facts").unwrap();
        let expected = [Remedy::Appeal(HOW.into()), Remedy::California, Remedy::AttorneyGeneral];
        assert_eq!(us.remedies(), expected);
    }

    #[test]
    fn no_appeal_leads_to_an_appeal() {
        let all = remedies(Right::Appeal, &ways(&[Law::UsState], None)).unwrap();
        assert_eq!(all, [Remedy::AttorneyGeneral]);
    }
}
