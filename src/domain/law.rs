//! The laws whose words an answer has to use: grounds of refusal and ways to have it checked.

use super::code::stored_words;
use super::deadline::Regime;

stored_words!(Law {
    Gdpr = "eu_gdpr",
    UkGdpr = "uk_gdpr",
    Ccpa = "ccpa",
    UsState = "us_state",
    Other = "other",
});

/// A law, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Law {
    /// Regulation (EU) 2016/679.
    Gdpr,
    /// The UK GDPR and the Data Protection Act 2018.
    UkGdpr,
    /// California: Civ. Code §§ 1798.100 ff., 11 CCR §§ 7000 ff.
    Ccpa,
    /// Virginia and the states with like laws.
    UsState,
    /// Any other.
    Other,
}

/// The laws that an answer must satisfy: those of where the person says they live, and that of
/// where the company is established, which in Europe holds for everybody (GDPR Art. 3(1)). Never
/// empty; in the order of [`Law`]. Residence is a claim: which of two laws is kinder to the person
/// is not judged here, so both are kept.
pub fn laws_of(residence: Option<&str>, established: Option<&str>) -> Vec<Law> {
    let here = |country: &str| -> &'static [Law] {
        match country {
            "GB" => &[Law::UkGdpr],
            "US" => &[Law::Ccpa, Law::UsState],
            code if Regime::EuGdpr.protects(code) => &[Law::Gdpr],
            _ => &[Law::Other],
        }
    };
    let there = residence.map(here).unwrap_or_default();
    let home = established.map(here).unwrap_or_default();
    let everywhere = home.iter().filter(|law| matches!(law, Law::Gdpr | Law::UkGdpr));
    let mut laws: Vec<Law> = there.iter().chain(everywhere).copied().collect();
    if laws.is_empty() {
        laws.extend(home);
    }
    if laws.is_empty() {
        laws.push(Law::Gdpr);
    }
    laws.sort();
    laws.dedup();
    laws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_in_the_union_owes_the_gdpr_to_everybody() {
        assert_eq!(laws_of(Some("FR"), Some("DE")), [Law::Gdpr]);
        assert_eq!(laws_of(Some("US"), Some("DE")), [Law::Gdpr, Law::Ccpa, Law::UsState]);
        assert_eq!(laws_of(Some("GB"), Some("US")), [Law::UkGdpr]);
        assert_eq!(laws_of(None, Some("US")), [Law::Ccpa, Law::UsState]);
        assert_eq!(laws_of(Some("BR"), None), [Law::Other]);
        assert_eq!(laws_of(None, None), [Law::Gdpr]);
    }
}
