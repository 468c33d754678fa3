//! The plain text of the mails about the use of data, to be read as their readers do.

use super::snapshots::plain;
use super::snapshots_german::plain as german;
use super::tests::*;
use super::{Applied, RestrictionEnds};
use crate::domain::right::Right;

pub(super) fn opted_out() -> Applied {
    Applied {
        asked: asked(Right::OptOut),
        received_at: at("2026-03-01T12:00:00Z"),
        purposes: ["marketing", "sale_share", "newsletter"].map(str::to_owned).into(),
        proved: false,
        set_in: vec!["Shop accounts".to_owned()],
        asking: vec!["Newsletter".to_owned()],
        held: Vec::new(),
        opt_in_link: "https://rights.shop.example/?right=opt_in".to_owned(),
        status_link: link("status"),
    }
}

pub(super) fn restricted() -> Applied {
    Applied {
        asked: asked(Right::Restriction),
        purposes: Vec::new(),
        proved: true,
        asking: Vec::new(),
        ..opted_out()
    }
}

pub(super) fn opted_in() -> Applied {
    Applied {
        asked: asked(Right::OptIn),
        purposes: vec!["training".to_owned()],
        proved: true,
        set_in: Vec::new(),
        ..opted_out()
    }
}

pub(super) fn restriction_ends() -> RestrictionEnds {
    RestrictionEnds {
        asked: asked(Right::Restriction),
        lifts_at: at("2026-03-04T12:00:00Z"),
        reason: "The data were checked and are right.".to_owned(),
        authority: Some("Data Protection Commission".to_owned()),
        status_link: link("status"),
    }
}

#[test]
fn opted_out_reads_well() {
    insta::assert_snapshot!(plain(&opted_out()), @r"
    Subject: It holds: your request R-7F3K9Q2M

    Hello,

    Example Shop has noted your choice. From now on your personal data are not used for:

    * advertising by mail or message
    * selling data or sharing them for advertising
    * newsletter

    Request R-7F3K9Q2M: an opt-out
    Received: 1 March 2026, 13:00 CET

    It is written into these systems, and we have read it back there:

    * Shop accounts

    These systems hold no such entry. Where they use data for this, they have to ask the register that holds your choice:

    * Newsletter

    Nobody had to prove who they are for this. If it was not you, you need not do anything; you can undo it here:

    Allow it again:
    https://rights.shop.example/?right=opt_in

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn restricted_reads_well() {
    insta::assert_snapshot!(plain(&restricted()), @r"
    Subject: It holds: your request R-7F3K9Q2M

    Hello,

    Example Shop keeps your personal data from now on and does not use them for anything else. Exceptions are your consent, legal claims, the rights of others and important public interests (GDPR Article 18(2)). Before this ends, we tell you.

    Request R-7F3K9Q2M: that the data are kept and not used
    Received: 1 March 2026, 13:00 CET

    It is written into these systems, and we have read it back there:

    * Shop accounts

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn opted_in_reads_well() {
    insta::assert_snapshot!(plain(&opted_in()), @r"
    Subject: It holds: your request R-7F3K9Q2M

    Hello,

    Example Shop has noted your choice. You allow again that your personal data are used for:

    * training models

    Training models also needs a consent of its own. If you never gave one, it stays off.

    Request R-7F3K9Q2M: that a use of the data is allowed again
    Received: 1 March 2026, 13:00 CET

    These systems hold no such entry. Where they use data for this, they have to ask the register that holds your choice:

    * Newsletter

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn restriction_ends_reads_well() {
    insta::assert_snapshot!(plain(&restriction_ends()), @r"
    Subject: The restriction of your data ends (request R-7F3K9Q2M)

    Hello,

    Example Shop restricted the use of your personal data as you asked. This restriction will end, and the law obliges us to tell you beforehand (GDPR Article 18(3)).

    Request R-7F3K9Q2M: that the data are kept and not used
    It ends on: 4 March 2026, 13:00 CET

    Why it ends:

    * The data were checked and are right.

    Do you see it otherwise? Please write to us on the status page before then; a person reads it.

    You can complain to a data protection authority, for example where you live or work. Ours is: Data Protection Commission. You can also go to court.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn opted_out_reads_well_in_german() {
    insta::assert_snapshot!(german(&opted_out()), @r"
    Betreff: Es gilt: Ihr Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihre Entscheidung vermerkt. Ab jetzt werden Ihre personenbezogenen Daten nicht verwendet für:

    * Werbung per Mail oder Nachricht
    * Verkauf von Daten oder Weitergabe für Werbung
    * newsletter

    Antrag R-7F3K9Q2M: eine Abwahl
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Es steht in diesen Systemen, und wir haben es dort nachgelesen:

    * Shop accounts

    Diese Systeme enthalten keinen solchen Eintrag. Soweit sie Daten dafür verwenden, müssen sie das Verzeichnis fragen, in dem Ihre Entscheidung steht:

    * Newsletter

    Dafür musste niemand nachweisen, wer er ist. Wenn Sie es nicht waren, müssen Sie nichts tun; rückgängig machen können Sie es hier:

    Wieder erlauben:
    https://rights.shop.example/?right=opt_in

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn restricted_reads_well_in_german() {
    insta::assert_snapshot!(german(&restricted()), @r"
    Betreff: Es gilt: Ihr Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop bewahrt Ihre personenbezogenen Daten ab jetzt auf und verwendet sie für nichts anderes. Ausgenommen sind Ihre Einwilligung, Rechtsansprüche, die Rechte anderer und wichtige öffentliche Interessen (Artikel 18 Absatz 2 DSGVO). Bevor das endet, sagen wir es Ihnen.

    Antrag R-7F3K9Q2M: dass die Daten aufbewahrt und nicht verwendet werden
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Es steht in diesen Systemen, und wir haben es dort nachgelesen:

    * Shop accounts

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn opted_in_reads_well_in_german() {
    insta::assert_snapshot!(german(&opted_in()), @r"
    Betreff: Es gilt: Ihr Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihre Entscheidung vermerkt. Sie erlauben wieder, dass Ihre personenbezogenen Daten verwendet werden für:

    * Training von Modellen

    Für das Training von Modellen braucht es außerdem eine eigene Einwilligung. Wenn Sie nie eine gegeben haben, bleibt es ausgeschaltet.

    Antrag R-7F3K9Q2M: dass eine Verwendung der Daten wieder erlaubt ist
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Diese Systeme enthalten keinen solchen Eintrag. Soweit sie Daten dafür verwenden, müssen sie das Verzeichnis fragen, in dem Ihre Entscheidung steht:

    * Newsletter

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn restriction_ends_reads_well_in_german() {
    insta::assert_snapshot!(german(&restriction_ends()), @r"
    Betreff: Die Einschränkung Ihrer Daten endet (Antrag R-7F3K9Q2M)

    Guten Tag,

    Example Shop hat die Verwendung Ihrer personenbezogenen Daten auf Ihren Wunsch eingeschränkt. Diese Einschränkung wird enden, und das Gesetz verpflichtet uns, Sie vorher zu unterrichten (Artikel 18 Absatz 3 DSGVO).

    Antrag R-7F3K9Q2M: dass die Daten aufbewahrt und nicht verwendet werden
    Sie endet am: 4. März 2026, 13:00 Uhr CET

    Warum sie endet:

    * The data were checked and are right.

    Sehen Sie es anders? Bitte schreiben Sie uns vorher auf der Statusseite; ein Mensch liest es.

    Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten. Für uns zuständig ist: Data Protection Commission. Sie können auch vor Gericht gehen.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}
