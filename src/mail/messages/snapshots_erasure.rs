//! The mails about a deletion as their readers see them, in both languages.

use super::tests::*;
use super::{
    Erased, ErasedLine, ErasureDecided, ErasurePlanned, ErasureWarning, KeptLine, Message,
};
use crate::domain::controller::Controller;
use crate::domain::language::Language;
use crate::domain::refusal::Remedy;
use crate::domain::right::Right;

fn goes() -> Vec<ErasedLine> {
    let line = |collection: &str, rows, masked| ErasedLine {
        store: "Shop accounts".to_owned(),
        collection: collection.to_owned(),
        rows,
        masked,
    };
    vec![line("visit", 12, false), line("invoice", 1, true)]
}

fn stays() -> Vec<KeptLine> {
    let line = |collection: &str, ground: &str, until: Option<&str>| KeptLine {
        store: "Shop accounts".to_owned(),
        collection: collection.to_owned(),
        rows: 1,
        ground: ground.to_owned(),
        until: until.map(at),
        controller: None,
    };
    let controller = Controller {
        id: "acme".to_owned(),
        name: "Acme GmbH".to_owned(),
        contact: Some("privacy@acme.example".to_owned()),
    };
    let held = KeptLine { controller: Some(controller), ..line("member", "", None) };
    vec![line("invoice", "AO 147", Some("2034-12-31T12:00:00Z")), line("consent", "", None), held]
}

pub(super) fn planned() -> ErasurePlanned {
    ErasurePlanned {
        asked: asked(Right::Deletion),
        of_child: false,
        received_at: at("2026-03-01T12:00:00Z"),
        not_before: at("2026-03-02T12:00:00Z"),
        goes: goes(),
        stays: stays(),
        status_link: link("status"),
    }
}

pub(super) fn decided() -> ErasureDecided {
    ErasureDecided {
        asked: asked(Right::Deletion),
        of_child: false,
        received_at: at("2026-03-01T12:00:00Z"),
        begins: at("2026-03-02T12:00:00Z"),
        goes: goes(),
        stays: stays(),
        remedies: vec![
            Remedy::Appeal(link("appeal")),
            Remedy::Authority("Data Protection Commission, dpc.example".to_owned()),
            Remedy::Court,
        ],
        status_link: link("status"),
    }
}

pub(super) fn erased() -> Erased {
    Erased {
        asked: asked(Right::Deletion),
        done_at: at("2026-03-02T12:05:00Z"),
        complete: true,
        pending_until: None,
        goes: goes(),
        stays: Vec::new(),
        backups: vec![("Shop accounts".to_owned(), "30d".to_owned())],
        authority: None,
        status_link: link("status"),
    }
}

pub(super) fn warning() -> ErasureWarning {
    ErasureWarning {
        asked: asked(Right::Deletion),
        received_at: at("2026-03-01T12:00:00Z"),
        not_before: at("2026-03-02T12:00:00Z"),
        stop_link: link("stop"),
    }
}

fn said(message: &dyn Message, language: Language) -> Vec<String> {
    let letter = message.render(&speaker(language), &facts());
    let text = letter.text.split("\n-- ").next().unwrap().to_owned();
    std::iter::once(letter.subject).chain(text.lines().map(ToOwned::to_owned)).collect()
}

fn says(message: &dyn Message, language: Language, lines: &[&str]) {
    let said = said(message, language);
    for line in lines {
        assert!(said.iter().any(|one| one == line), "{line}: {said:#?}");
    }
}

#[test]
fn a_plan_reads_well_in_both_languages() {
    says(
        &planned(),
        Language::En,
        &[
            "What will be deleted, request R-7F3K9Q2M",
            "Nothing is deleted before: 2 March 2026, 13:00 CET",
            "* Shop accounts, visit: 12 entries",
            "* Shop accounts, invoice: what points to you, in one entry",
            "* Shop accounts, invoice: one entry. The reason: AO 147, until 31 December 2034",
            "* Shop accounts, consent: one entry. The reason: a rule that obliges us to keep it",
            "* Shop accounts, member: one entry. The reason: we hold this on behalf of Acme GmbH (privacy@acme.example), who decides about it; we forward your request there",
            "What is deleted cannot be brought back. If you want a copy of your data, ask for it first.",
        ],
    );
    says(
        &planned(),
        Language::De,
        &[
            "Was gelöscht wird, Antrag R-7F3K9Q2M",
            "Es wird nichts gelöscht vor: 2. März 2026, 13:00 Uhr CET",
            "* Shop accounts, visit: 12 Einträge",
            "* Shop accounts, invoice: was auf Sie hinweist, in einem Eintrag",
            "* Shop accounts, invoice: ein Eintrag. Der Grund: AO 147, bis 31. Dezember 2034",
            "* Shop accounts, member: ein Eintrag. Der Grund: wir bewahren das im Auftrag von Acme GmbH (privacy@acme.example) auf; dort wird darüber entschieden, und dorthin leiten wir Ihren Antrag weiter",
        ],
    );
}

#[test]
fn a_decision_has_all_its_parts_in_both_languages() {
    says(
        &decided(),
        Language::En,
        &[
            "Our decision on request R-7F3K9Q2M: your data will be deleted",
            "Example Shop deletes your data as you asked.",
            "The deletion begins: 2 March 2026, 13:00 CET",
            "This goes:",
            "This stays, and why:",
            "Where only what points to you is removed, the rest stays under a pseudonym. That is not the same as anonymous.",
        ],
    );
    says(
        &decided(),
        Language::De,
        &[
            "Unsere Entscheidung zum Antrag R-7F3K9Q2M: Ihre Daten werden gelöscht",
            "Example Shop löscht Ihre Daten, wie Sie es beantragt haben.",
            "Das bleibt, aus diesen Gründen:",
        ],
    );
    for language in Language::ALL {
        let said = said(&decided(), *language);
        for part in ["dpc.example", &link("appeal")] {
            assert!(said.iter().any(|line| line.contains(part)), "{said:#?}");
        }
    }
}

#[test]
fn what_was_done_reads_well_in_both_languages() {
    says(
        &erased(),
        Language::En,
        &[
            "Your data are deleted, request R-7F3K9Q2M",
            "Finished: 2 March 2026, 13:05 CET",
            "We have looked again afterwards: all of it is gone, or masked where the list says so.",
            "* Shop accounts: 30 days",
            "A signed receipt is on your status page. It names neither you nor your data.",
        ],
    );
    let later = Erased { pending_until: Some(at("2026-03-20T12:00:00Z")), ..erased() };
    says(
        &later,
        Language::De,
        &[
            "Ihre Daten sind gelöscht, Antrag R-7F3K9Q2M",
            "* Shop accounts: 30 Tage",
            "Manches wird erst später gelöscht oder lässt sich erst später prüfen. Wir sehen bis zum 20. März 2026 noch einmal nach und sagen es Ihnen.",
        ],
    );
}

#[test]
fn a_warning_says_neither_who_nor_what_in_both_languages() {
    says(
        &warning(),
        Language::En,
        &[
            "Data are about to be deleted (R-7F3K9Q2M)",
            "Request R-7F3K9Q2M: the deletion of the personal data",
            "Nothing is deleted before: 2 March 2026, 13:00 CET",
            "If you asked for this, there is nothing to do.",
            "If you did not, stop it with this link. Nothing more is deleted then until our staff have been in touch with you.",
            &link("stop"),
        ],
    );
    says(
        &warning(),
        Language::De,
        &[
            "Daten sollen gelöscht werden (R-7F3K9Q2M)",
            "Es wird nichts gelöscht vor: 2. März 2026, 13:00 Uhr CET",
            "Wenn Sie das waren, ist nichts zu tun.",
            &link("stop"),
        ],
    );
    for language in Language::ALL {
        let said = said(&warning(), *language).join("\n");
        assert!(!said.contains("/status/") && !said.contains("Shop accounts"), "{said}");
    }
}

#[test]
fn a_deletion_of_a_childs_data_says_that_nobody_asked() {
    let planned = ErasurePlanned { of_child: true, ..planned() };
    let decided = ErasureDecided { of_child: true, ..decided() };
    says(
        &planned,
        Language::En,
        &[
            "We found that Example Shop holds data of a child under this address that it must not hold. The law wants them deleted at once; nobody had to ask for it. Nothing is deleted yet: people at our end check it first, and then it begins without a wait.",
            "Found: 1 March 2026, 13:00 CET",
            "Is this a mistake, because no child uses this account? Write to us on your status page at once: a person reads it.",
        ],
    );
    says(
        &decided,
        Language::En,
        &[
            "Example Shop deletes the data that it holds of a child under this address. The law wants that at once; nobody had to ask for it.",
        ],
    );
    says(
        &planned,
        Language::De,
        &[
            "Wir haben festgestellt, dass Example Shop unter dieser Adresse Daten eines Kindes hat, die es nicht haben darf. Das Gesetz verlangt, dass sie sofort gelöscht werden; niemand musste das beantragen. Noch ist nichts gelöscht: Erst prüfen es Menschen bei uns, dann beginnt es ohne Wartezeit.",
            "Ist das ein Irrtum, weil kein Kind dieses Konto nutzt? Schreiben Sie uns sofort auf Ihrer Statusseite: Ein Mensch liest es.",
        ],
    );
    says(
        &decided,
        Language::De,
        &[
            "Example Shop löscht die Daten, die es unter dieser Adresse von einem Kind hat. Das Gesetz verlangt das sofort; niemand musste es beantragen.",
        ],
    );
    for message in [&planned as &dyn Message, &decided] {
        let text = message.render(&speaker(Language::En), &facts()).text;
        assert!(!text.contains("You asked") && !text.contains("as you asked"), "{text}");
    }
}
