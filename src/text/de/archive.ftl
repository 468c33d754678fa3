archive-reference = Vorgangsnummer
archive-received = Eingegangen
archive-made = Erstellt
archive-read = Aus unseren Beständen gelesen
archive-read-span = von { $from } bis { $to }
archive-nav = Seiten dieses Archivs
archive-nav-index = Inhalt
archive-nav-letter = Brief
archive-nav-about = Über Ihre Daten
archive-nav-missing = Was fehlt
archive-list-none = keine

archive-rows = { $count ->
    [one] { $shown } Zeile
   *[other] { $shown } Zeilen
}
archive-files = { $count ->
    [one] { $shown } Datei
   *[other] { $shown } Dateien
}
archive-found-nothing = nichts gefunden
archive-not-asked = nicht gelesen
archive-more = und { $shown } weitere im Ordner { $folder }; manifest.json nennt sie alle

archive-letter-title-access = Ihre Daten und unsere Antwort
archive-letter-title-export = Ihre Daten zum Mitnehmen
archive-letter-hello = Guten Tag,
archive-letter-asked-access = am { $date } haben Sie uns um eine Kopie der personenbezogenen Daten gebeten, die wir über Sie haben, und um Auskunft, wie wir sie verwenden. Dieser Brief ist unsere Antwort.
archive-letter-asked-export = am { $date } haben Sie uns um Ihre personenbezogenen Daten in einer Form gebeten, in der Sie sie mitnehmen können. Dieser Brief ist unsere Antwort.
archive-letter-decision = Unsere Entscheidung
archive-letter-full = Wir entsprechen Ihrem Antrag in vollem Umfang. Alles, was wir gefunden haben, liegt in diesem Archiv.
archive-letter-partial = Wir entsprechen Ihrem Antrag. Alles, was wir gefunden haben und Ihnen geben dürfen, liegt in diesem Archiv. Einiges ist nicht dabei; dieser Brief nennt es im Einzelnen und mit Grund.
archive-letter-nothing = Wir haben an allen unten genannten Stellen nach Ihnen gesucht und dort keine personenbezogenen Daten über Sie gefunden.
archive-letter-nothing-partial = An den Stellen, die wir lesen konnten, haben wir keine personenbezogenen Daten über Sie gefunden. Einige waren nicht lesbar; dieser Brief nennt sie im Einzelnen und mit Grund.
archive-letter-here = Was wir gefunden haben, und wo
archive-letter-how = Öffnen Sie in diesem Archiv die Seite index.html; sie zeigt alle Dateien.
archive-letter-about = Die Seite about-your-data.html sagt zu jeder Stelle, wofür wir Ihre Daten verwenden, wer sie erhält und wie lange wir sie behalten.
archive-letter-not-here = Was nicht dabei ist, und warum
archive-letter-complete = Es fehlt nichts.
archive-letter-export-only = Nach dem Gesetz enthält diese Kopie die Daten, die Sie uns gegeben haben oder die bei der Nutzung unseres Dienstes entstanden sind (DSGVO, Artikel 20). Schlüsse, die wir selbst gezogen haben, gehören nicht dazu. Möchten Sie auch diese sehen, so verlangen Sie Auskunft (Artikel 15).
archive-letter-rights = Ihre Rechte
archive-letter-rights-intro = Diese Rechte können Sie jederzeit und kostenlos ausüben:
archive-right-access = eine Kopie Ihrer Daten und Auskunft über ihre Verwendung erhalten (DSGVO, Artikel 15)
archive-right-correction = falsche Daten berichtigen und unvollständige ergänzen lassen (Artikel 16)
archive-right-deletion = Ihre Daten löschen lassen (Artikel 17)
archive-right-restriction = die Verwendung Ihrer Daten einschränken lassen (Artikel 18)
archive-right-export = Daten, die Sie uns gegeben haben, mitnehmen (Artikel 20)
archive-right-objection = der Verwendung Ihrer Daten widersprechen, der Direktwerbung ohne Angabe von Gründen (Artikel 21)
archive-right-human = eine Entscheidung, die allein eine Maschine über Sie getroffen hat, von einem Menschen prüfen lassen (Artikel 22)
archive-right-consent = eine Einwilligung mit Wirkung für die Zukunft widerrufen (Artikel 7)
archive-letter-disagree = Wenn Sie nicht einverstanden sind
archive-letter-disagree-us = Sagen Sie es uns. Sie erreichen uns hier:
archive-letter-authority = Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren (Artikel 77): an Ihrem Wohnort, an Ihrem Arbeitsort oder dort, wo Ihrer Meinung nach gegen das Recht verstoßen wurde. Für uns zuständig ist:
archive-letter-authority-any = Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren (Artikel 77): an Ihrem Wohnort, an Ihrem Arbeitsort oder dort, wo Ihrer Meinung nach gegen das Recht verstoßen wurde.
archive-letter-court = Sie können auch vor Gericht gehen (Artikel 79). Eine Beschwerde bei der Behörde nimmt Ihnen das nicht.
archive-letter-privacy = Unsere Datenschutzerklärung
archive-letter-sincerely = Mit freundlichen Grüßen

archive-index-title-access = Ihre Daten
archive-index-title-export = Ihre Daten zum Mitnehmen
archive-index-intro = Dieses Archiv enthält die personenbezogenen Daten, die { $name } über Sie gefunden hat, und was Sie darüber wissen sollten. Nichts darin stellt eine Verbindung zum Internet her, außer den Links im Brief.
archive-index-start = Zuerst lesen
archive-index-letter = Unsere Antwort in Worten: die Entscheidung, Ihre Rechte, wie Sie sich beschweren
archive-index-about = Zu jeder Stelle: wofür wir Ihre Daten verwenden, wer sie erhält, wie lange wir sie behalten
archive-index-missing = Alles, was nicht dabei ist, mit Grund
archive-index-data = Was dabei ist
archive-index-open = So öffnen Sie die Dateien
archive-index-csv = Dateien mit der Endung .csv öffnet jede Tabellenkalkulation. Falls sie fragt, wählen Sie UTF-8 und das Komma. Ein leeres Feld bedeutet, dass es keinen Wert gibt; zwei Anführungszeichen ohne Inhalt bedeuten einen Text ohne Zeichen.
archive-index-csv-escaped = In .csv-Dateien steht vor Text, den eine Tabellenkalkulation für eine Formel halten könnte, ein ’ (Apostroph). Die .ndjson-Datei daneben enthält den Text unverändert.
archive-index-ndjson = Dateien mit der Endung .ndjson enthalten dieselben Zeilen für Programme: ein JSON-Objekt je Zeile, genau bis zur letzten Ziffer. Bytes stehen darin als Base64. Jeder Texteditor öffnet sie.
archive-index-parts = Lange Tabellen gehen in Dateien mit einer Nummer weiter: .0002, .0003 und so fort.
archive-index-files = Bilder und andere Dateien liegen im Ordner files. Namen, die manche Rechner nicht annehmen, wurden geändert; die ursprünglichen stehen in manifest.json. Öffnen Sie Dateien, deren Absender Sie nicht kennen, mit der üblichen Vorsicht.
archive-index-proof = Ist es vollständig und echt?
archive-index-proof-text = manifest.json nennt jede Datei mit Größe und SHA-256. Die Signatur manifest.json.minisig lässt sich mit dem freien Programm minisign und unserem öffentlichen Schlüssel prüfen, den unsere Website veröffentlicht.

archive-about-title = Über Ihre Daten
archive-about-intro = Zu jeder Stelle, an der wir personenbezogene Daten haben, sagt diese Seite, was Sie nach dem Gesetz wissen sollen (DSGVO, Artikel 15 Absatz 1 und 2).
archive-about-controller = Wer darüber entscheidet
archive-about-purposes = Wofür wir sie verwenden
archive-about-categories = Arten von Daten
archive-about-basis = Rechtsgrundlage
archive-about-recipients = Wer sie erhält
archive-about-source = Woher sie stammen
archive-about-retention = Wie lange wir sie behalten
archive-about-backup = { $text }; Sicherungskopien: { $backup }
archive-about-country = Wo sie liegen
archive-about-safeguard = { $country }; geschützt durch: { $safeguard }
archive-about-automated = Automatische Entscheidungen
archive-about-automated-none = Keine Entscheidung über Sie trifft allein eine Maschine.
archive-about-rights = Ihre Rechte
archive-about-rights-text = Sie können Ihre Daten berichtigen, löschen oder einschränken lassen, ihrer Verwendung widersprechen und sich bei einer Datenschutzaufsichtsbehörde beschweren. Wie, steht im Brief.

archive-missing-title = Was fehlt
archive-missing-none = Es fehlt nichts: Jede Stelle wurde bis zum Ende gelesen, und alles Gefundene liegt in diesem Archiv.
archive-missing-intro = Folgendes ist nicht im Archiv. Zu allem steht der Grund dabei.
archive-missing-export = Dieses Archiv antwortet auf den Wunsch, Ihre Daten mitzunehmen. Schlüsse, die wir selbst gezogen haben, und Daten, die andere uns gaben, gehören nach dem Gesetz nicht dazu (DSGVO, Artikel 20).
archive-gap-no_key = { $place }: war nicht durchsuchbar, weil wir keine Angabe von Ihnen kennen, nach der es geordnet ist.
archive-gap-not_searchable = { $place }: lässt sich nicht nach einzelnen Menschen durchsuchen.
archive-gap-forbidden = { $place }: wir durften es nicht lesen.
archive-gap-missing = { $place }: { $count ->
    [one] etwas wird in Ihren Daten genannt, ist aber nicht mehr da.
   *[other] { $shown } Dinge werden in Ihren Daten genannt, sind aber nicht mehr da.
}
archive-gap-too_large = { $place }: { $count ->
    [one] etwas ist zu groß für dieses Archiv. Fragen Sie uns, dann finden wir einen anderen Weg.
   *[other] { $shown } Dinge sind zu groß für dieses Archiv. Fragen Sie uns, dann finden wir einen anderen Weg.
}
archive-gap-skipped = { $place }: { $count ->
    [one] etwas wurde von unseren Leuten ausgelassen.
   *[other] { $shown } Dinge wurden von unseren Leuten ausgelassen.
}
archive-withheld = { $collection } ({ $what }): { $count ->
    [one] ein Eintrag betrifft einen anderen Menschen und bleibt zum Schutz von dessen Rechten bei uns (DSGVO, Artikel 15 Absatz 4 und Artikel 20 Absatz 4).
   *[other] { $shown } Einträge betreffen andere Menschen und bleiben zum Schutz von deren Rechten bei uns (DSGVO, Artikel 15 Absatz 4 und Artikel 20 Absatz 4).
}
archive-store-skipped = Diese Stelle wurde nicht gelesen. Der Grund in den Worten unserer Leute: { $reason }
archive-store-failed = Diese Stelle hat trotz wiederholter Versuche nicht geantwortet. Was sie über Sie enthalten mag, ist nicht in diesem Archiv.

archive-category-system = Betrieb unserer Systeme
archive-category-user = Daten über Sie
archive-category-user-account = Konto
archive-category-user-account-settings = Konto: Einstellungen
archive-category-user-account-username = Konto: Benutzername
archive-category-user-behavior = Verhalten
archive-category-user-behavior-browsing_history = Verhalten: besuchte Seiten
archive-category-user-behavior-media_consumption = Verhalten: genutzte Medien
archive-category-user-behavior-purchase_history = Verhalten: Einkäufe
archive-category-user-behavior-search_history = Verhalten: Suchanfragen
archive-category-user-biometric = Biometrische Daten
archive-category-user-childrens = Daten über Kinder
archive-category-user-contact = Kontaktdaten
archive-category-user-contact-address = Kontaktdaten: Anschrift
archive-category-user-contact-email = Kontaktdaten: E-Mail-Adresse
archive-category-user-contact-organization = Kontaktdaten: Organisation
archive-category-user-contact-phone_number = Kontaktdaten: Telefonnummer
archive-category-user-contact-url = Kontaktdaten: Website
archive-category-user-content = Inhalte
archive-category-user-content-private = Inhalte: private
archive-category-user-content-public = Inhalte: öffentliche
archive-category-user-content-self_image = Inhalte: Bilder von Ihnen
archive-category-user-criminal_history = Strafrechtliche Verurteilungen
archive-category-user-demographic = Demografische Angaben
archive-category-user-demographic-date_of_birth = Demografische Angaben: Geburtsdatum
archive-category-user-demographic-language = Demografische Angaben: Sprache
archive-category-user-demographic-political_opinion = Politische Meinung
archive-category-user-demographic-race_ethnicity = Ethnische Herkunft
archive-category-user-demographic-religious_belief = Religiöse Überzeugung
archive-category-user-demographic-sexual_orientation = Sexuelle Orientierung
archive-category-user-device = Gerät
archive-category-user-device-cookie = Gerät: Cookies
archive-category-user-device-cookie_id = Gerät: Cookies
archive-category-user-device-device_id = Gerät: Kennung
archive-category-user-device-ip_address = Gerät: IP-Adresse
archive-category-user-financial = Finanzdaten
archive-category-user-government_id = Amtliche Kennnummern
archive-category-user-health_and_medical = Gesundheit
archive-category-user-job_title = Beruf
archive-category-user-location = Standort
archive-category-user-name = Name
archive-category-user-payment = Zahlungen
archive-category-user-privacy_preferences = Datenschutzeinstellungen
archive-category-user-sensor = Messwerte von Sensoren
archive-category-user-social = Soziale Verbindungen
archive-category-user-telemetry = Technische Nutzungsdaten
archive-category-user-unique_id = Kennungen
archive-category-user-user_sensor = Messwerte von Sensoren
archive-category-user-workplace = Arbeitsplatz

# Warum ein System ausgelassen wurde.
archive-skipped-unreachable = Es war nicht rechtzeitig erreichbar.
archive-skipped-shut-down = Es ist abgeschaltet und enthält nichts, was noch lesbar wäre.
archive-skipped-otherwise = Seine Daten erreichen Sie auf anderem Weg.

# Briefe ohne Daten.
archive-letter-title-confirmation = Unsere Bestätigung
archive-letter-title-recipients = Wer Ihre Daten erhalten hat
archive-index-title-confirmation = Unsere Bestätigung
archive-index-title-recipients = Wer Ihre Daten erhalten hat
archive-letter-asked-confirmation = am { $date } haben Sie uns gefragt, ob wir personenbezogene Daten über Sie verarbeiten. Dieser Brief ist unsere Antwort.
archive-letter-asked-recipients = am { $date } haben Sie uns gefragt, wer Ihre personenbezogenen Daten erhalten hat. Dieser Brief ist unsere Antwort.
archive-practices-asked = am { $date } haben Sie uns gefragt, was wir mit personenbezogenen Daten tun. Dieser Brief ist unsere Antwort.
archive-practices-what = Was wir mit personenbezogenen Daten tun
archive-practices-intro = { $name } bestätigt: Dies sind alle Stellen, an denen wir personenbezogene Daten haben, und wofür wir sie verwenden, wer sie erhält und wie lange sie bleiben. Der Brief gilt für alle und sagt nichts über eine einzelne Person.
archive-practices-attached = Anlage
archive-confirmation-yes = Ja, wir verarbeiten personenbezogene Daten über Sie. Wo, steht unten.
archive-confirmation-no = Nein. Zu diesem Zeitpunkt haben wir die Stellen unten durchsucht und keine personenbezogenen Daten über Sie gefunden.
archive-confirmation-no-partial = An den Stellen, die wir zu diesem Zeitpunkt durchsuchen konnten, haben wir keine personenbezogenen Daten über Sie gefunden. Einige konnten nicht durchsucht werden; dieser Brief nennt jede davon mit dem Grund.
archive-confirmation-held = Eigene Daten über Sie haben wir nicht gefunden. Wir verarbeiten aber welche im Auftrag anderer, die darüber entscheiden. Wer das ist, steht unten.
archive-confirmation-where = Wo wir gesucht haben
archive-confirmation-when = Durchsucht:
archive-confirmation-keys = Wonach wir gesucht haben
archive-confirmation-keys-only = Daten, die nach etwas anderem geordnet sind, etwa nach einer anderen E-Mail-Adresse, hätten wir so nicht gefunden. Fragen Sie dann bitte mit dieser noch einmal.
archive-confirmation-no-data = Dieses Archiv enthält keine Ihrer Daten. Eine Kopie bekommen Sie, wenn Sie Auskunft verlangen (DSGVO, Artikel 15).
archive-key-email = E-Mail-Adresse
archive-key-phone = Telefonnummer
archive-key-user = Nutzernummer
archive-key-other = { $name }
archive-held = Daten über Sie
archive-recipients-none = Nach unseren Unterlagen hat niemand außerhalb personenbezogene Daten über Sie von uns erhalten.
archive-recipients-these = Diesen Empfängern haben wir personenbezogene Daten über Sie gegeben oder können sie gegeben haben:
archive-recipients-from = Aus:
archive-missing-none-letter = Es fehlt nichts: Jede Stelle wurde bis zum Ende durchsucht.
archive-store-withheld = Was wir hier gefunden haben, geben wir nicht heraus. Der Grund: { $reason }
archive-found-withheld = nicht herausgegeben
archive-about-training = Training von Modellen
archive-about-training-yes = Mit ihnen werden Modelle trainiert.
archive-about-training-no = Mit ihnen wird kein Modell trainiert.
archive-about-training-unknown = Das steht nicht in unseren Unterlagen. Fragen Sie uns.
archive-gap-never_disclosed = { $place }: Hier haben wir etwas. Kalifornisches Recht lässt nicht zu, dass wir Daten dieser Art an irgendjemanden senden, damit niemand sie unterwegs stehlen kann (11 CCR § 7024(d)).
archive-held-title = Daten, die wir im Auftrag anderer aufbewahren
archive-held-only = Daten über Sie, die wir im Auftrag anderer aufbewahren
archive-held-rows = { $collection }: { $count ->
    [one] ein Eintrag, den wir im Auftrag von { $name } aufbewahren; dort wird darüber entschieden.
   *[other] { $shown } Einträge, die wir im Auftrag von { $name } aufbewahren; dort wird darüber entschieden.
}
archive-gap-unproven = { $place }: Daten dieser Art haben wir. Da Sie zuletzt vor mehr als 90 Tagen bestätigt haben, wer Sie sind, nennen wir die Art und senden die Daten nicht (11 CCR §§ 7024(a), 7062). Fragen Sie noch einmal und bestätigen Sie mit einem neuen Code, um sie zu erhalten.
