//! Which laws a company answers under, and whose holidays count for each.

use jiff::civil::Date;

use super::calendar::Calendar;
use super::regime::Regime;

/// The laws that a company works under, and what its own policy grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Each once; at least one.
    pub regimes: Vec<Regime>,
    /// Days that its policy grants to anyone; the regime `policy` is among the others then.
    pub policy_days: Option<u16>,
    /// The calendar of holidays where it is, by name; `None` where only weekends are known.
    pub home: Option<&'static str>,
    /// Further days on which its offices rest by law.
    pub holidays: Vec<Date>,
}

impl Default for Law {
    /// The GDPR, and weekends alone: what makes dates earliest.
    fn default() -> Self {
        Self { regimes: vec![Regime::EuGdpr], policy_days: None, home: None, holidays: Vec::new() }
    }
}

impl Law {
    /// The holidays by which `regime` counts: those of home where that law holds there, else those
    /// of the law's own country, else none beside weekends. Fewer holidays make dates earlier.
    pub fn calendar(&self, regime: Regime) -> Calendar {
        use Regime as R;
        let (is_home, own): (fn(&str) -> bool, _) = match regime {
            R::Ccpa | R::CcpaOptout | R::CcpaLimit | R::CcpaGpc => {
                (|country| country == "US", Some("US-CA"))
            }
            R::UkGdpr | R::UkComplaint => (|country| country == "GB", Some("GB")),
            R::ChFadp => (|country| country == "CH", Some("CH")),
            _ => (|country| R::EuGdpr.protects(country), None),
        };
        let country = self.home.map(|name| name.split('-').next().unwrap_or(name));
        if country.is_some_and(is_home) {
            let named = self.home.and_then(Calendar::named).unwrap_or_default();
            return named.and(self.holidays.iter().copied());
        }
        let listed = if country.is_none() { self.holidays.clone() } else { Vec::new() };
        own.and_then(Calendar::named).unwrap_or_default().and(listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn each_law_has_the_holidays_of_where_it_holds() {
        let law = Law { home: Some("DE-BY"), holidays: vec![date(2026, 8, 8)], ..Law::default() };
        let rests = |regime, day| law.calendar(regime).is_holiday(day);
        // Corpus Christi in Bavaria, and a day of the town's own.
        for day in [date(2026, 6, 4), date(2026, 8, 8)] {
            assert!(rests(Regime::EuGdpr, day), "{day}");
            assert!(!rests(Regime::UkGdpr, day) && !rests(Regime::Ccpa, day), "{day}");
        }
        // 25 May is Memorial Day in California, and Whit Monday at home.
        assert!(rests(Regime::Ccpa, date(2026, 5, 25)) && rests(Regime::Ccpa, date(2026, 7, 3)));
        assert!(
            rests(Regime::UkGdpr, date(2026, 4, 3)) && !rests(Regime::UkGdpr, date(2026, 4, 6))
        );
    }

    #[test]
    fn without_a_home_only_weekends_and_days_of_its_own_are_known() {
        let law = Law { holidays: vec![date(2026, 8, 7)], ..Law::default() };
        assert!(law.calendar(Regime::EuGdpr).is_holiday(date(2026, 8, 7)));
        assert!(!law.calendar(Regime::EuGdpr).is_holiday(date(2026, 12, 25)));
    }
}
