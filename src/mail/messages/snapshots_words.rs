//! The plain text of refusals and of answers in words, in both languages, to be read as their reader
//! does.

use super::Message;
use super::samples_words::*;
use super::tests::*;
use crate::domain::decision::RefusalGround;
use crate::domain::language::Language;
use crate::domain::law::Law;
use crate::domain::particulars::Verdict;

fn plain(language: Language, message: &dyn Message) -> String {
    let letter = message.render(&speaker(language), &facts());
    format!("Subject: {}\n\n{}", letter.subject, letter.text)
}

#[test]
fn a_refusal_in_the_united_kingdom_reads_well() {
    let message = &refused_under(RefusalGround::Unfounded, &[Law::UkGdpr]);
    insta::assert_snapshot!(plain(Language::En, message), @r"
    Subject: Our decision on request R-7F3K9Q2M

    Hello,

    Example Shop has looked at your request and does not carry it out.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET

    The reason: the request is manifestly unfounded (UK GDPR Article 12(5)).

    What this rests on:

    * You asked the same on 3 and on 10 February. We answered both times.

    Do you see it otherwise? Please write to us on the status page; a person reads it.

    You can complain to us. We confirm your complaint within 30 days, look into it, and tell you what came of it.

    You do that here:
    https://rights.shop.example/?right=complaint&about=R-7F3K9Q2M

    You can complain to the Information Commissioner: ico.org.uk/make-a-complaint, phone 0303 123 1113.

    You can also go to court.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn a_refusal_in_the_united_kingdom_reads_well_in_german() {
    let message = &refused_under(RefusalGround::Unfounded, &[Law::UkGdpr]);
    insta::assert_snapshot!(plain(Language::De, message), @r"
    Subject: Unsere Entscheidung über den Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihren Antrag geprüft und führt ihn nicht aus.

    Antrag R-7F3K9Q2M: eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Der Grund: Der Antrag ist offenkundig unbegründet (Artikel 12 Absatz 5 der UK GDPR).

    Worauf das beruht:

    * You asked the same on 3 and on 10 February. We answered both times.

    Sehen Sie es anders? Bitte schreiben Sie uns auf der Statusseite; ein Mensch liest es.

    Sie können sich bei uns beschweren. Wir bestätigen Ihre Beschwerde innerhalb von 30 Tagen, gehen ihr nach und sagen Ihnen, was daraus wurde.

    Das tun Sie hier:
    https://rights.shop.example/?right=complaint&about=R-7F3K9Q2M

    Sie können sich beim Information Commissioner beschweren: ico.org.uk/make-a-complaint, Telefon 0303 123 1113.

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
fn a_refusal_in_the_united_states_reads_well() {
    let message = &refused_under(RefusalGround::TooOften, &[Law::Ccpa, Law::UsState]);
    insta::assert_snapshot!(plain(Language::En, message), @r"
    Subject: Our decision on request R-7F3K9Q2M

    Hello,

    Example Shop has looked at your request and does not carry it out.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET

    The reason: the law wants such a request answered free of charge only so often within twelve months, and that has been done (Cal. Civ. Code § 1798.130(b)).

    What this rests on:

    * You asked the same on 3 and on 10 February. We answered both times.

    Do you see it otherwise? Please write to us on the status page; a person reads it.

    You can appeal to us. Somebody else than before decides again and answers in writing within 60 days (45 in some states).

    You do that here:
    https://rights.shop.example/?right=appeal&about=R-7F3K9Q2M

    You can complain to the California Privacy Protection Agency (cppa.ca.gov/webapplications/complaint) and to the Attorney General of California (oag.ca.gov/contact).

    You can turn to the attorney general of your state.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn a_refusal_in_the_united_states_reads_well_in_german() {
    let message = &refused_under(RefusalGround::TooOften, &[Law::Ccpa, Law::UsState]);
    insta::assert_snapshot!(plain(Language::De, message), @r"
    Subject: Unsere Entscheidung über den Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihren Antrag geprüft und führt ihn nicht aus.

    Antrag R-7F3K9Q2M: eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Der Grund: Das Gesetz verlangt eine kostenlose Antwort innerhalb von zwölf Monaten nur eine bestimmte Zahl von Malen, und so oft haben wir geantwortet (Cal. Civ. Code § 1798.130(b)).

    Worauf das beruht:

    * You asked the same on 3 and on 10 February. We answered both times.

    Sehen Sie es anders? Bitte schreiben Sie uns auf der Statusseite; ein Mensch liest es.

    Sie können bei uns Einspruch einlegen. Jemand anderes als zuvor entscheidet neu und antwortet schriftlich innerhalb von 60 Tagen (in manchen Bundesstaaten 45).

    Das tun Sie hier:
    https://rights.shop.example/?right=appeal&about=R-7F3K9Q2M

    Sie können sich bei der California Privacy Protection Agency (cppa.ca.gov/webapplications/complaint) und beim Attorney General von Kalifornien (oag.ca.gov/contact) beschweren.

    Sie können sich an den Attorney General Ihres Bundesstaats wenden.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn something_lodged_reads_well() {
    let message = &lodged();
    insta::assert_snapshot!(plain(Language::En, message), @r"
    Subject: We have received R-7F3K9Q2M

    Hello,

    Example Shop has received the following from this e-mail address. There is nothing for you to confirm.

    Request R-7F3K9Q2M: a complaint about how personal data are used
    Received: 1 March 2026, 13:00 CET

    A person reads it, looks into it, and answers you by mail. We tell you if it takes longer than we hope.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    It was not you? Then you can ignore this mail. Nobody gets any data through it.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn something_lodged_reads_well_in_german() {
    let message = &lodged();
    insta::assert_snapshot!(plain(Language::De, message), @r"
    Subject: Wir haben R-7F3K9Q2M erhalten

    Guten Tag,

    Example Shop hat Folgendes von dieser E-Mail-Adresse erhalten. Sie müssen nichts bestätigen.

    Antrag R-7F3K9Q2M: eine Beschwerde über den Umgang mit personenbezogenen Daten
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Ein Mensch liest es, geht der Sache nach und antwortet Ihnen per Mail. Wenn es länger dauert, als wir hoffen, sagen wir Ihnen das.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    Das waren nicht Sie? Dann können Sie diese Mail ignorieren. Niemand erhält dadurch Daten.

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn an_answer_in_words_reads_well() {
    let message = &replied(Verdict::Upheld, &[Law::UsState]);
    insta::assert_snapshot!(plain(Language::En, message), @r"
    Subject: Our answer to R-7F3K9Q2M

    Hello,

    Example Shop has looked into this:

    Request R-7F3K9Q2M: an appeal against a decision
    Received: 1 March 2026, 13:00 CET

    You are right.

    Our answer:

    You had asked once only.

    We have taken the request up again.

    Do you see it otherwise? Then you can do this:

    You can turn to the attorney general of your state.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn an_answer_in_words_reads_well_in_german() {
    let message = &replied(Verdict::Upheld, &[Law::UsState]);
    insta::assert_snapshot!(plain(Language::De, message), @r"
    Subject: Unsere Antwort zu R-7F3K9Q2M

    Guten Tag,

    Example Shop ist dem nachgegangen:

    Antrag R-7F3K9Q2M: ein Einspruch gegen eine Entscheidung
    Eingegangen: 1. März 2026, 13:00 Uhr CET

    Sie haben recht.

    Unsere Antwort:

    You had asked once only.

    We have taken the request up again.

    Sehen Sie es anders? Dann können Sie Folgendes tun:

    Sie können sich an den Attorney General Ihres Bundesstaats wenden.

    Stand des Antrags ansehen:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}

#[test]
fn a_letter_that_is_ready_reads_well() {
    let message = &answer_ready();
    insta::assert_snapshot!(plain(Language::En, message), @r"
    Subject: Our answer is ready: request R-7F3K9Q2M

    Hello,

    Example Shop has answered your request. The answer is a letter, which you can download now.

    Request R-7F3K9Q2M: a confirmation, without a copy of data
    Size of the download: 8.2 kB
    Available until: 20 March 2026, 13:00 CET

    The letter says what we found and what you can do. It comes in a small archive with a signature, so that everybody can check that it is genuine. It holds none of your data.

    Go to the download:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    To make sure that only you get the letter, we send a fresh code to this mailbox when you download.

    After 20 March 2026, 13:00 CET we destroy the archive.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn a_letter_that_is_ready_reads_well_in_german() {
    let message = &answer_ready();
    insta::assert_snapshot!(plain(Language::De, message), @r"
    Subject: Unsere Antwort liegt bereit: Antrag R-7F3K9Q2M

    Guten Tag,

    Example Shop hat Ihren Antrag beantwortet. Die Antwort ist ein Brief, den Sie jetzt herunterladen können.

    Antrag R-7F3K9Q2M: eine Bestätigung, ohne Kopie von Daten
    Größe des Downloads: 8,2 kB
    Verfügbar bis: 20. März 2026, 13:00 Uhr CET

    Im Brief steht, was wir gefunden haben und was Sie tun können. Er liegt in einem kleinen Archiv mit Signatur, damit jeder prüfen kann, dass er echt ist. Ihre Daten enthält er nicht.

    Zum Download:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    Damit nur Sie den Brief bekommen, senden wir beim Herunterladen einen frischen Code an dieses Postfach.

    Nach dem 20. März 2026, 13:00 Uhr CET vernichten wir das Archiv.

    -- 
    Gesendet von Example Shop zu einem Antrag auf https://rights.shop.example
    So erreichen Sie uns: privacy@shop.example
    Wie wir personenbezogene Daten verwenden: https://shop.example/privacy
    ");
}
