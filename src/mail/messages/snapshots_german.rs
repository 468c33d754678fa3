//! What staff have people told, in German.

use super::Message;
use super::tests::*;
use crate::domain::language::Language;

pub(super) fn plain(message: &dyn Message) -> String {
    let letter = message.render(&speaker(Language::De), &facts());
    format!("Betreff: {}\n\n{}", letter.subject, letter.text)
}

#[test]
fn refused_reads_well_in_german() {
    insta::assert_snapshot!(plain(&refused()), @r"
    Betreff: Unsere Entscheidung über den Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihren Antrag geprüft und führt ihn nicht aus.

    Antrag R-7F3K9Q2M: eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Der Grund: Der Antrag ist exzessiv, insbesondere weil er einen früheren wiederholt (Artikel 12 Absatz 5 DSGVO).

    Worauf das beruht:

    * You asked the same on 3 and on 10 February. We answered both times.

    Sehen Sie es anders? Bitte schreiben Sie uns auf der Statusseite; ein Mensch liest es.

    Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten. Für uns zuständig ist: Data Protection Commission.

    Sie können auch vor Gericht gehen.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn extended_reads_well_in_german() {
    insta::assert_snapshot!(plain(&extended()), @r"
    Betreff: Wir brauchen mehr Zeit für den Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop braucht mehr Zeit, um Ihren Antrag zu beantworten. Das Gesetz erlaubt das einmal, wenn ein Antrag umfangreich ist oder es viele sind, und verpflichtet uns, Ihnen den Grund zu nennen.

    Antrag R-7F3K9Q2M: eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden
    Eingegangen: 1. März 2026, 13:00 Uhr CET
    Wir antworten spätestens am: 1. Juni 2026

    Warum es länger dauert:

    * One of our systems is being restored from a backup.

    Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten, und Sie können vor Gericht gehen.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn copy_taken_reads_well_in_german() {
    insta::assert_snapshot!(plain(&copy_taken()), @r"
    Betreff: Von Ihren Daten wurde eine Kopie gezogen, R-7F3K9Q2M

    Guten Tag,

    Bei Example Shop wurde außerhalb eines Antrags von Ihnen eine Kopie der personenbezogenen Daten gezogen, die unter dieser E-Mail-Adresse gespeichert sind. Zwei Menschen mussten dem zustimmen. Wir sagen es Ihnen, damit es nicht unbemerkt geschehen kann.

    Festgehalten als: R-7F3K9Q2M
    Wann: 1. März 2026, 13:00 Uhr CET

    Sie können uns fragen, warum, und wer sie bekommen hat: privacy@shop.example.

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn new_message_reads_well_in_german() {
    insta::assert_snapshot!(plain(&new_message()), @r"
    Betreff: Eine Nachricht zum Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihnen zum Antrag R-7F3K9Q2M geschrieben. Auf Ihrer Statusseite können Sie die Nachricht lesen und beantworten.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    Damit sie vertraulich bleibt, steht die Nachricht selbst nicht in dieser E-Mail.

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn staff_notice_reads_well_in_german() {
    insta::assert_snapshot!(plain(&staff_notice()), @r"
    Betreff: 20 Anträge brauchen Sie

    Guten Tag,

    Hier schreibt der Dienst für Anträge. Um Folgendes muss sich jemand kümmern:

    R-7F3K9Q2M: 50 % der versprochenen Zeit sind um:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die versprochene Zeit ist um:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die gesetzliche Frist endet binnen 14 Tagen:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die gesetzliche Frist endet binnen eines Tages:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Was noch zu tun ist, passt kaum mehr in die gesetzliche Frist:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Wer die Daten erhalten hat, wurde nicht unterrichtet, was mit ihnen geschehen ist:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Zu diesem Antrag bewahren wir Daten im Auftrag einer anderen Stelle auf, und er wurde nicht dorthin weitergeleitet:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Wer unterrichtet wurde, hat es nicht bestätigt:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Jemand an einer anderen Adresse der Person hat die Löschung angehalten und möchte kontaktiert werden:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die Suche führt zu zwei Personen:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Den einzigen Treffer hat sein Inhaber nie bestätigt:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die Suche führt weiter, als es bei einer Person sein kann:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Ein System ließ sich nicht durchsuchen:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Eine Arbeit wurde nach vielen Versuchen aufgegeben:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Eine Mail ließ sich nicht zustellen:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Ein Speicher kann nicht tun, was der Löschplan verlangt:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Weniger Menschen können eine Löschung genehmigen, als dafür nötig sind:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Eine Löschung führt zu jemandem, der nie berührt werden darf:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Etwas ist noch da, nachdem es gelöscht wurde:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: Die Person hat zuletzt vor zu langer Zeit bestätigt, wer sie ist:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    Wer fragt, sehen Sie nur in der Konsole.

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn asserted_reads_well_in_german() {
    insta::assert_snapshot!(plain(&asserted()), @r"
    Betreff: Antrag R-7F3K9Q2M in Ihrem Namen

    Guten Tag,

    Am 1. März 2026, 13:00 Uhr CET wurde über eine App von Example Shop, in der Sie angemeldet waren, ein Antrag zu Ihren Daten gestellt.

    Antrag R-7F3K9Q2M: die personenbezogenen Daten in einer Form zum Mitnehmen

    Wenn Sie das waren, ist nichts zu tun: Die App zeigt Ihnen, wie es weitergeht.

    Wenn Sie das nicht waren, ist vielleicht jemand mit Ihrem Konto angemeldet. Halten Sie den Antrag über diesen Link an. Was zusammengestellt wurde, wird dann vernichtet, und die zuständigen Personen werden benachrichtigt. Ändern Sie bitte auch Ihr Passwort.

    Das war ich nicht:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}
