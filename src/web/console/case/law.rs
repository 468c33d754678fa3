//! The statutory dates of a request, each with the steps by which it was counted.

use crate::domain::deadline::{Kept, Kind, Regime, binding};
use crate::service::read::case::CaseRead;
use crate::text::Speaker;
use crate::web::view::console::{Act, DateLine, Picked};

use super::acts::with_text;

/// The dates, what binds first. A longer time that was not taken is shown too: it can be.
pub(super) fn lines(speaker: &Speaker, read: &CaseRead) -> Vec<DateLine> {
    let bound = binding(&read.dates);
    let mut dates: Vec<&Kept> = read.dates.iter().filter(|one| one.date.is_some()).collect();
    dates.sort_by_key(|one| (bound != Some(*one), !one.binds, one.end));
    dates
        .into_iter()
        .map(|kept| DateLine {
            title: speaker.t2(
                "console-law-date",
                "what",
                what(speaker, kept.kind),
                "law",
                regime(speaker, kept.regime),
            ),
            day: kept.date.map(|day| speaker.weekday(day)).unwrap_or_default(),
            binds: bound == Some(kept),
            rule: speaker.t2(
                "console-law-rule",
                "rule",
                kept.rule.as_str(),
                "source",
                kept.source(),
            ),
            steps: kept.trace.iter().map(|step| speaker.deadline_step(step)).collect(),
        })
        .collect()
}

/// What was claimed or decided about the law.
pub(super) fn facts(speaker: &Speaker, read: &CaseRead) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(claimed) = read.course.claimed {
        facts.push((speaker.t("console-law-claimed"), regime(speaker, claimed)));
    }
    if let Some(chosen) = read.course.chosen {
        facts.push((speaker.t("console-law-chosen"), regime(speaker, chosen)));
    }
    facts
}

/// What stands above everything else: data of a child go at once.
pub(super) fn urgent(speaker: &Speaker, read: &CaseRead) -> Option<String> {
    let open = read.particulars.child_data && !read.request.status.is_closed();
    let date = || speaker.date_time(read.promise.due_at);
    open.then(|| speaker.t1("console-is-child", "date", date()))
}

/// The form that says which law holds.
pub(super) fn act(speaker: &Speaker, read: &CaseRead) -> Act {
    let laws = Regime::CONFIGURABLE.iter().filter(|law| **law != Regime::Policy);
    let mut grounds = vec![Picked {
        value: String::new(),
        label: speaker.t("console-law-open"),
        is_chosen: read.course.chosen.is_none(),
    }];
    grounds.extend(laws.map(|law| Picked {
        value: law.to_string(),
        label: regime(speaker, *law),
        is_chosen: read.course.chosen == Some(*law),
    }));
    let ids = ["console-regime", "console-regime-text", "console-reason"];
    Act { grounds, ..with_text(speaker, "regime", ids) }
}

fn what(speaker: &Speaker, kind: Kind) -> String {
    speaker.t(&format!("console-law-{}", kind.as_str().replace('_', "-")))
}

fn regime(speaker: &Speaker, regime: Regime) -> String {
    speaker.t(&format!("console-regime-{}", regime.as_str().replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use jiff::tz::TimeZone;

    #[test]
    fn every_law_and_every_kind_of_date_has_a_name() {
        for language in Language::ALL {
            let speaker = Speaker::new(*language, TimeZone::UTC);
            let laws = Regime::ALL.iter().map(|law| regime(&speaker, *law));
            let kinds = Kind::ALL.iter().map(|kind| what(&speaker, *kind));
            for name in laws.chain(kinds) {
                assert!(!name.starts_with('['), "{name}");
            }
        }
    }
}
