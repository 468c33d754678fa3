//! What people are told of corrections, in both languages, to be read as its reader does.

use super::snapshots::plain;
use super::tests::*;
use super::{ChangeNotice, Corrected, DeclinedLine, MadeLine, Message};
use crate::domain::controller::Controller;
use crate::domain::correction::{AskedField, DeclineGround};
use crate::domain::language::Language;
use crate::domain::right::Right;

fn german(message: &dyn Message) -> String {
    let letter = message.render(&speaker(Language::De), &facts());
    format!("Betreff: {}\n\n{}", letter.subject, letter.text)
}

pub(super) fn corrected() -> Corrected {
    Corrected {
        asked: asked(Right::Correction),
        received_at: at("2026-03-01T12:00:00Z"),
        made: vec![
            MadeLine {
                field: AskedField::Name,
                stores: vec!["Shop accounts".to_owned(), "Newsletter".to_owned()],
                words: None,
            },
            MadeLine {
                field: AskedField::Phone,
                stores: Vec::new(),
                words: Some("in the telephone list".to_owned()),
            },
        ],
        declined: vec![DeclinedLine {
            field: AskedField::Address,
            ground: DeclineGround::Record,
            facts: "It stands on the invoice of 3 May 2025.".to_owned(),
        }],
        recipients: vec!["Parcel service".to_owned()],
        held: vec![Controller {
            id: "acme".to_owned(),
            name: "Acme GmbH".to_owned(),
            contact: Some("privacy@acme.example".to_owned()),
        }],
        authority: Some("Data Protection Commission".to_owned()),
        status_link: Some(link("status")),
    }
}

pub(super) fn change_notice() -> ChangeNotice {
    ChangeNotice {
        asked: asked(Right::Correction),
        received_at: at("2026-03-01T12:00:00Z"),
        not_before: at("2026-03-04T12:00:00Z"),
        not_me_link: link("verify"),
    }
}

#[test]
fn a_correction_reads_well() {
    insta::assert_snapshot!(plain(&corrected()), @r"
    Subject: The answer to request R-7F3K9Q2M

    Hello,

    Example Shop has corrected a part of what you asked for. This is our decision, with the reasons for the rest.

    Request R-7F3K9Q2M: the correction of data that are wrong
    Received: 1 March 2026, 13:00 CET

    Corrected:

    * Name (Shop accounts, Newsletter)
    * Telephone number (in the telephone list)

    Not corrected:

    * Postal address: It is a record of what was so at the time and has to stay as it is. It stands on the invoice of 3 May 2025.

    Do you see it otherwise? You can write to us on the status page; a person reads it. You can add a statement of your own to incomplete data (GDPR Article 16), and while it is open whether they are right you can ask that they are not used (Article 18(1)(a)).

    You can complain to a data protection authority, for example where you live or work. Ours is: Data Protection Commission. You can also go to court.

    We tell those who received the earlier data from us:

    * Parcel service

    We hold data about you on behalf of Acme GmbH, who decides about them: we neither give nor change nor delete them by ourselves. We forward your request there. You can also turn to Acme GmbH directly: privacy@acme.example.

    On the status page, once you have opened it with a code, you see each change.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn the_notice_of_a_change_reads_well() {
    insta::assert_snapshot!(plain(&change_notice()), @r"
    Subject: Your contact data are about to change (R-7F3K9Q2M)

    Hello,

    Example Shop was asked to change data by which your account is found, for example your e-mail address. You get this mail because your address is the one that stands there now, or the one that shall stand there.

    Request R-7F3K9Q2M: the correction of data that are wrong
    Received: 1 March 2026, 13:00 CET
    Not before: 4 March 2026, 13:00 CET

    If you asked for this, there is nothing to do.

    If you did not, stop it with this link. Nothing is changed then, and our staff are told.

    This was not me:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn a_correction_reads_well_in_german() {
    insta::assert_snapshot!(german(&corrected()), @r"
    Betreff: Die Antwort auf Ihren Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat einen Teil dessen berichtigt, worum Sie gebeten haben. Dies ist unsere Entscheidung, mit den Gründen für den Rest.

    Antrag R-7F3K9Q2M: die Berichtigung falscher Angaben
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Berichtigt:

    * Name (Shop accounts, Newsletter)
    * Telefonnummer (in the telephone list)

    Nicht berichtigt:

    * Postanschrift: Es ist ein Beleg dafür, was damals galt, und muss so bleiben. It stands on the invoice of 3 May 2025.

    Sehen Sie es anders? Schreiben Sie uns auf der Statusseite; ein Mensch liest es. Unvollständige Daten können Sie um eine eigene Erklärung ergänzen (DSGVO Artikel 16), und solange offen ist, ob sie stimmen, können Sie verlangen, dass sie nicht verwendet werden (Artikel 18 Absatz 1 Buchstabe a).

    Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten. Für uns zuständig ist: Data Protection Commission. Sie können auch vor Gericht gehen.

    Wir unterrichten die Stellen, die die früheren Daten von uns erhalten haben:

    * Parcel service

    Im Auftrag von Acme GmbH bewahren wir Daten über Sie auf. Dort wird darüber entschieden: Von uns aus geben wir sie weder heraus, noch ändern oder löschen wir sie. Ihren Antrag leiten wir dorthin weiter. Sie können sich auch unmittelbar an Acme GmbH wenden: privacy@acme.example.

    Auf der Statusseite sehen Sie jede Änderung, sobald Sie sie mit einem Code geöffnet haben.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn the_notice_of_a_change_reads_well_in_german() {
    insta::assert_snapshot!(german(&change_notice()), @r"
    Betreff: Ihre Kontaktdaten werden bald geändert (R-7F3K9Q2M)

    Guten Tag,

    Example Shop wurde gebeten, Daten zu ändern, über die Ihr Konto gefunden wird, zum Beispiel Ihre E-Mail-Adresse. Sie erhalten diese Nachricht, weil Ihre Adresse die ist, die jetzt dort steht, oder die, die dort stehen soll.

    Antrag R-7F3K9Q2M: die Berichtigung falscher Angaben
    Eingegangen: 1. März 2026, 13:00 Uhr CET
    Nicht vor: 4. März 2026, 13:00 Uhr CET

    Wenn Sie darum gebeten haben, ist nichts zu tun.

    Wenn nicht, halten Sie es mit diesem Link auf. Dann wird nichts geändert, und unser Team wird unterrichtet.

    Das war ich nicht:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}
