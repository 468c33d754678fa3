//! The mail that asks for a fresh code as its reader sees it, in both languages.

use super::Message as _;
use super::tests::*;
use crate::domain::language::Language;

fn said(language: Language) -> String {
    let letter = proof_needed().render(&speaker(language), &facts());
    let text = letter.text.split("\n-- ").next().unwrap();
    format!("{}\n\n{text}", letter.subject)
}

#[test]
fn proof_needed_reads_well_in_english() {
    insta::assert_snapshot!(said(Language::En), @r"
    Please confirm once more: request R-7F3K9Q2M

    Hello,

    Your request to Example Shop is about data that could hurt you in a stranger’s hands, and it is more than 90 days since you last confirmed this mailbox. To keep your data safe, please confirm it once more.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used

    Open your status page, have a code mailed to you there, and type it. Nothing else is needed.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    As soon as you have typed it, we go on. Until then we give out, change and delete nothing. If this was not you, do nothing, or tell us.
    ");
}

#[test]
fn proof_needed_reads_well_in_german() {
    insta::assert_snapshot!(said(Language::De), @r"
    Bitte bestätigen Sie noch einmal: Antrag R-7F3K9Q2M

    Guten Tag,

    Ihr Antrag an Example Shop betrifft Daten, die Ihnen in fremden Händen schaden könnten, und Sie haben dieses Postfach zuletzt vor mehr als 90 Tagen bestätigt. Damit Ihre Daten sicher bleiben, bestätigen Sie es bitte noch einmal.

    Antrag R-7F3K9Q2M: eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden

    Öffnen Sie Ihre Statusseite, lassen Sie sich dort einen Code schicken und geben Sie ihn ein. Mehr ist nicht nötig.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    Sobald Sie ihn eingegeben haben, machen wir weiter. Bis dahin geben wir nichts heraus und ändern und löschen nichts. Wenn Sie das nicht waren, tun Sie nichts, oder sagen Sie es uns.
    ");
}
