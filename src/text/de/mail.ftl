mail-greeting = Guten Tag,
mail-request = Antrag { $reference }
mail-received = Eingegangen
mail-promised = Unsere Antwort kommt bis
mail-country-chosen = Im Formular gewähltes Land
mail-right-access = eine Kopie der personenbezogenen Daten und Auskunft darüber, wie sie verwendet werden
mail-right-export = die personenbezogenen Daten in einer Form zum Mitnehmen
mail-right-deletion = die Löschung der personenbezogenen Daten
mail-right-correction = die Berichtigung falscher Angaben
mail-status-link = Stand des Antrags ansehen

mail-footer-sender = Gesendet von { $organisation } zu einem Antrag auf { $base_url }
mail-footer-contact = So erreichen Sie uns: { $contact }
mail-footer-privacy = Wie wir personenbezogene Daten verwenden: { $url }

mail-code-valid =
    { $minutes ->
        [one] Der Code gilt eine Minute.
       *[other] Der Code gilt { $minutes } Minuten.
    }
mail-code-only-there = Geben Sie den Code nur auf unserer Seite ein ({ $base_url }). Wir fragen nie am Telefon oder per E-Mail danach. Wenn Sie keinen Code angefordert haben, brauchen Sie nichts zu tun.

mail-verify-subject =
    { $count ->
        [one] Ihr Code für den Antrag { $reference }
       *[other] Ihr Code für { $count } Anträge
    }
mail-verify-why = Jemand hat mit dieser E-Mail-Adresse einen Antrag an { $organisation } gestellt. Bevor wir etwas tun, möchten wir sicher sein, dass Sie es waren.
mail-stored-why = Jemand hat einen Antrag an { $organisation } gestellt, und zwar mit einer E-Mail-Adresse, die sich von Ihrer nur in der Groß- und Kleinschreibung unterscheidet. Gespeichert ist bei uns Ihre. Damit Ihre Daten nur Sie selbst erreichen, bestätigen Sie den Antrag bitte aus diesem Postfach.
mail-verify-code = Wenn Sie es waren, geben Sie diesen Code auf der unten verlinkten Seite ein:
mail-verify-link = Antrag bestätigen
mail-verify-not-you = Sie waren es nicht? Dann öffnen Sie dieselbe Seite und wählen Sie „Das war ich nicht“. Wir beenden den Antrag und vergessen Ihre Adresse. Auch wenn Sie nichts tun, bekommt niemand irgendwelche Daten.

mail-reminder-subject =
    { $count ->
        [one] Bitte bestätigen Sie den Antrag { $reference }
       *[other] Bitte bestätigen Sie { $count } Anträge
    }
mail-reminder-why = Ein Antrag, der mit dieser E-Mail-Adresse an { $organisation } gestellt wurde, ist noch nicht bestätigt. Bis dahin können wir ihn nicht bearbeiten.
mail-reminder-fresh = Der Code aus unserer ersten E-Mail gilt nicht mehr. Auf dieser Seite können Sie sich einen neuen schicken lassen:
mail-reminder-lapses = Wenn wir bis { $date } nichts hören, verfällt der Antrag und wir löschen Ihre Adresse.

mail-lapsed-subject =
    { $count ->
        [one] Der Antrag { $reference } wurde nicht bestätigt
       *[other] { $count } Anträge wurden nicht bestätigt
    }
mail-lapsed-why = Ein Antrag, der mit dieser E-Mail-Adresse an { $organisation } gestellt wurde, ist nicht bestätigt worden. Deshalb haben wir ihn nicht bearbeitet.
mail-lapsed-address = Das ist unsere letzte E-Mail dazu. Sobald sie verschickt ist, löschen wir Ihre E-Mail-Adresse in unserem Antragsdienst.
mail-lapsed-resume = Bis zum { $date } können Sie den Antrag noch fortsetzen. Es gilt dann weiter der Tag, an dem er bei uns eingegangen ist; nur nach Ihrer E-Mail-Adresse müssen wir noch einmal fragen.
mail-lapsed-link = Antrag fortsetzen
mail-lapsed-not-you = Sie waren es nicht oder brauchen den Antrag nicht mehr? Dann müssen Sie nichts tun.

mail-verified-subject =
    { $count ->
        [one] Der Antrag { $reference } ist bestätigt
       *[other] { $count } Anträge sind bestätigt
    }
mail-verified-why = Vielen Dank. Sie haben den Antrag aus diesem Postfach bestätigt.
mail-verified-next = { $organisation } durchsucht nun die eigenen Systeme nach Ihren Daten, prüft das Ergebnis und schreibt Ihnen wieder, sobald die Antwort fertig ist.
mail-verified-keep = Bitte heben Sie diese E-Mail auf: Der Link führt zu Ihrer Statusseite, solange der Antrag läuft. Dort können Sie uns auch schreiben oder den Antrag zurückziehen.

mail-archive-subject = Ihre Daten liegen bereit: Antrag { $reference }
mail-archive-why = { $organisation } hat die Daten zusammengestellt, die dort über Sie gespeichert sind. Sie können sie jetzt herunterladen.
mail-archive-stores = Systeme mit Daten über Sie
mail-archive-rows = Datensätze
mail-archive-files = Dateien
mail-archive-missing = Ausgelassen oder nicht erreicht
mail-archive-size = Größe des Downloads
mail-archive-until = Verfügbar bis
mail-archive-nothing-missing = Uns ist nichts bekannt, was fehlt. Ein Brief im Archiv erklärt die Antwort und Ihre Rechte.
mail-archive-see-missing = Einiges ist nicht enthalten. Das Archiv hat eine Liste davon mit den Gründen und einen Brief, der die Antwort und Ihre Rechte erklärt.
mail-archive-link = Zum Download
mail-archive-code = Damit nur Sie die Daten bekommen, schicken wir beim Download einen neuen Code an dieses Postfach.
mail-archive-after = Nach dem { $date } vernichten wir das Archiv.

mail-archive-reminder-subject = Noch herunterzuladen: Antrag { $reference }
mail-archive-reminder-why = Das Archiv mit Ihren Daten ist nur noch wenige Tage verfügbar. Danach vernichten wir es.
mail-archive-reminder-done = Wenn Sie es schon heruntergeladen haben, müssen Sie nichts weiter tun.

mail-download-subject = Ihr Code für den Download: Antrag { $reference }
mail-download-why = Dieser Code startet den Download zum Antrag { $reference }:
mail-unlock-subject = Ihr Code für die Statusseite: Antrag { $reference }
mail-unlock-why = Dieser Code öffnet die Statusseite zum Antrag { $reference }:

mail-nothing-subject = Die Antwort auf den Antrag { $reference }
mail-nothing-answer = { $organisation } hat nach personenbezogenen Daten zu der E-Mail-Adresse gesucht, an die wir diese E-Mail schicken. Wir haben keine gefunden.
mail-nothing-searched-at = Gesucht
mail-nothing-searched = Diese Systeme haben wir durchsucht:
mail-nothing-not-searched = Diese konnten wir nicht oder nicht vollständig durchsuchen. Ob dort etwas über Sie gespeichert ist, wissen wir nicht:
mail-nothing-other-address = Wenn Sie bei uns eine andere E-Mail-Adresse verwendet haben, stellen Sie den Antrag bitte mit dieser.
mail-nothing-rights = Sie können jederzeit wieder fragen. Sie haben außerdem das Recht, personenbezogene Daten berichtigen, löschen oder ihre Verarbeitung einschränken zu lassen und der Verarbeitung zu widersprechen.
mail-nothing-rights-contact = Sie können jederzeit wieder fragen. Sie haben außerdem das Recht, personenbezogene Daten berichtigen, löschen oder ihre Verarbeitung einschränken zu lassen und der Verarbeitung zu widersprechen. Wenn Sie diese Antwort für falsch halten, sagen Sie es uns bitte: { $contact }.
mail-nothing-complain = Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten, und Sie können vor Gericht gehen.
mail-nothing-complain-to = Sie können sich bei einer Datenschutzaufsichtsbehörde beschweren, zum Beispiel dort, wo Sie wohnen oder arbeiten. Für uns zuständig ist: { $authority }. Sie können auch vor Gericht gehen.

mail-withdrawn-subject =
    { $count ->
        [one] Der Antrag { $reference } ist zurückgezogen
       *[other] { $count } Anträge sind zurückgezogen
    }
mail-withdrawn-done = Sie haben Ihren Antrag zurückgezogen. Wir bearbeiten ihn nicht weiter.
mail-withdrawn-undo = Wenn Sie es sich anders überlegen, können Sie das bis { $date } auf Ihrer Statusseite rückgängig machen. Es gilt dann weiter der Tag, an dem der Antrag bei uns eingegangen ist.

mail-asserted-subject =
    { $count ->
        [one] Antrag { $reference } in Ihrem Namen
       *[other] { $count } Anträge in Ihrem Namen
    }
mail-asserted-why = Am { $date } wurde über eine App von { $organisation }, in der Sie angemeldet waren, ein Antrag zu Ihren Daten gestellt.
mail-asserted-fine = Wenn Sie das waren, ist nichts zu tun: Die App zeigt Ihnen, wie es weitergeht.
mail-asserted-not-me = Wenn Sie das nicht waren, ist vielleicht jemand mit Ihrem Konto angemeldet. Halten Sie den Antrag über diesen Link an. Was zusammengestellt wurde, wird dann vernichtet, und die zuständigen Personen werden benachrichtigt. Ändern Sie bitte auch Ihr Passwort.
mail-asserted-link = Das war ich nicht

mail-message-subject = Eine Nachricht zum Antrag { $reference }
mail-message-why = { $organisation } hat Ihnen zum Antrag { $reference } geschrieben. Auf Ihrer Statusseite können Sie die Nachricht lesen und beantworten.
mail-message-private = Damit sie vertraulich bleibt, steht die Nachricht selbst nicht in dieser E-Mail.

mail-proof-subject = Bitte bestätigen Sie noch einmal: Antrag { $reference }
mail-proof-why = Ihr Antrag an { $organisation } betrifft Daten, die Ihnen in fremden Händen schaden könnten, und Sie haben dieses Postfach zuletzt vor mehr als 90 Tagen bestätigt. Damit Ihre Daten sicher bleiben, bestätigen Sie es bitte noch einmal.
mail-proof-how = Öffnen Sie Ihre Statusseite, lassen Sie sich dort einen Code schicken und geben Sie ihn ein. Mehr ist nicht nötig.
mail-proof-then = Sobald Sie ihn eingegeben haben, machen wir weiter. Bis dahin geben wir nichts heraus und ändern und löschen nichts. Wenn Sie das nicht waren, tun Sie nichts, oder sagen Sie es uns.

mail-country =
    { $code ->
        [AR] Argentinien
        [AT] Österreich
        [AU] Australien
        [BE] Belgien
        [BG] Bulgarien
        [BR] Brasilien
        [CA] Kanada
        [CH] Schweiz
        [CN] China
        [CY] Zypern
        [CZ] Tschechien
        [DE] Deutschland
        [DK] Dänemark
        [EE] Estland
        [ES] Spanien
        [FI] Finnland
        [FR] Frankreich
        [GB] Vereinigtes Königreich
        [GR] Griechenland
        [HR] Kroatien
        [HU] Ungarn
        [IE] Irland
        [IN] Indien
        [IS] Island
        [IT] Italien
        [JP] Japan
        [KR] Südkorea
        [LI] Liechtenstein
        [LT] Litauen
        [LU] Luxemburg
        [LV] Lettland
        [MT] Malta
        [MX] Mexiko
        [NL] Niederlande
        [NO] Norwegen
        [NZ] Neuseeland
        [PL] Polen
        [PT] Portugal
        [RO] Rumänien
        [SE] Schweden
        [SG] Singapur
        [SI] Slowenien
        [SK] Slowakei
        [TR] Türkei
        [UA] Ukraine
        [US] Vereinigte Staaten
        [ZA] Südafrika
       *[other] { $code }
    }

# Ein Antrag wird abgelehnt.
mail-refused-subject = Unsere Entscheidung über den Antrag { $reference }
mail-refused-decision = { $organisation } hat Ihren Antrag geprüft und führt ihn nicht aus.
mail-refused-facts = Worauf das beruht:
mail-refused-write-back = Sehen Sie es anders? Bitte schreiben Sie uns auf der Statusseite; ein Mensch liest es.

# Die gesetzliche Frist wird verlängert.
mail-extended-subject = Wir brauchen mehr Zeit für den Antrag { $reference }
mail-extended-why = { $organisation } braucht mehr Zeit, um Ihren Antrag zu beantworten. Das Gesetz erlaubt das einmal, wenn ein Antrag umfangreich ist oder es viele sind, und verpflichtet uns, Ihnen den Grund zu nennen.
mail-extended-until = Wir antworten spätestens am
mail-extended-reason = Warum es länger dauert:

# Ohne Antrag wurde eine Kopie gezogen.
mail-copy-subject = Von Ihren Daten wurde eine Kopie gezogen, { $reference }
mail-copy-what = Bei { $organisation } wurde außerhalb eines Antrags von Ihnen eine Kopie der personenbezogenen Daten gezogen, die unter dieser E-Mail-Adresse gespeichert sind. Zwei Menschen mussten dem zustimmen. Wir sagen es Ihnen, damit es nicht unbemerkt geschehen kann.
mail-copy-reference = Festgehalten als
mail-copy-at = Wann
mail-copy-ask = Sie können uns fragen, warum, und wer sie bekommen hat.
mail-copy-ask-contact = Sie können uns fragen, warum, und wer sie bekommen hat: { $contact }.

# The promise is missed.
mail-late-subject = Wir sind mit dem Antrag { $reference } in Verzug
mail-late-sorry = { $organisation } hat Ihnen eine schnellere Antwort versprochen, als Sie nun bekommen. Das tut uns leid. Wir arbeiten weiter an Ihrem Antrag.
mail-late-promised = Versprochen bis
mail-late-until = Wir antworten spätestens am
mail-late-stores = Der Grund: Wir konnten noch nicht alle unsere Systeme durchsuchen.
mail-late-review = Der Grund: Ein Mensch muss die Antwort prüfen, bevor sie hinausgeht, und ist damit noch nicht fertig.
mail-late-identity = Der Grund: Wir müssen sicherstellen, dass die gefundenen Daten Ihre sind, damit niemand sonst sie bekommt.
mail-late-delivery = Der Grund: Die Antwort ist fertig oder beinahe fertig, aber wir konnten sie Ihnen noch nicht übergeben.
mail-late-your-reply = Der Grund: Wir haben Sie etwas gefragt und warten auf Ihre Antwort. Unsere Frage finden Sie auf Ihrer Statusseite.
mail-late-contact = Möchten Sie mit jemandem darüber sprechen? Sie erreichen uns hier: { $contact }.

# To staff: what needs them.
mail-notice-subject =
    { $count ->
        [one] Der Antrag { $reference } braucht Sie
       *[other] { $count } Anträge brauchen Sie
    }
mail-notice-why = Hier schreibt der Dienst für Anträge. Um Folgendes muss sich jemand kümmern:
mail-notice-promise = { $reference }: { $percent } % der versprochenen Zeit sind um
mail-notice-deadline =
    { $days ->
        [one] { $reference }: Die gesetzliche Frist endet binnen eines Tages
       *[other] { $reference }: Die gesetzliche Frist endet binnen { $days } Tagen
    }
mail-notice-forecast = { $reference }: Was noch zu tun ist, passt kaum mehr in die gesetzliche Frist
mail-notice-disowned = { $reference }: Die Person sagt, dass sie den Antrag über die App nicht gestellt hat
mail-notice-called = { $reference }: Jemand an einer anderen Adresse der Person hat die Löschung angehalten und möchte kontaktiert werden
mail-notice-untold = { $reference }: Wer die Daten erhalten hat, wurde nicht unterrichtet, was mit ihnen geschehen ist
mail-notice-unforwarded = { $reference }: Zu diesem Antrag bewahren wir Daten im Auftrag einer anderen Stelle auf, und er wurde nicht dorthin weitergeleitet
mail-notice-silent = { $reference }: Wer unterrichtet wurde, hat es nicht bestätigt
mail-notice-late = { $reference }: Die versprochene Zeit ist um
mail-notice-two-people = { $reference }: Die Suche führt zu zwei Personen
mail-notice-unproven-match = { $reference }: Den einzigen Treffer hat sein Inhaber nie bestätigt
mail-notice-too-many-keys = { $reference }: Die Suche führt weiter, als es bei einer Person sein kann
mail-notice-store-failed = { $reference }: Ein System ließ sich nicht durchsuchen
mail-notice-job-dead = { $reference }: Eine Arbeit wurde nach vielen Versuchen aufgegeben
mail-notice-mail-failed = { $reference }: Eine Mail ließ sich nicht zustellen
mail-notice-plan-blocked = { $reference }: Ein Speicher kann nicht tun, was der Löschplan verlangt
mail-notice-too-few-approvers = { $reference }: Weniger Menschen können eine Löschung genehmigen, als dafür nötig sind
mail-notice-protected = { $reference }: Eine Löschung führt zu jemandem, der nie berührt werden darf
mail-notice-remains = { $reference }: Etwas ist noch da, nachdem es gelöscht wurde
mail-notice-proof-stale = { $reference }: Die Person hat zuletzt vor zu langer Zeit bestätigt, wer sie ist
mail-notice-private = Wer fragt, sehen Sie nur in der Konsole.

# Antworten, die Briefe oder Worte sind.
mail-right-confirmation = eine Bestätigung, ohne Kopie von Daten
mail-right-recipients = wer die personenbezogenen Daten erhalten hat
mail-right-human_review = die Prüfung einer automatischen Entscheidung durch einen Menschen
mail-right-complaint = eine Beschwerde über den Umgang mit personenbezogenen Daten
mail-right-appeal = ein Einspruch gegen eine Entscheidung
mail-refused-ground = Der Grund: { $ground }.
mail-remedy-link = Das tun Sie hier
mail-answer-subject = Unsere Antwort liegt bereit: Antrag { $reference }
mail-answer-why = { $organisation } hat Ihren Antrag beantwortet. Die Antwort ist ein Brief, den Sie jetzt herunterladen können.
mail-answer-letter = Im Brief steht, was wir gefunden haben und was Sie tun können. Er liegt in einem kleinen Archiv mit Signatur, damit jeder prüfen kann, dass er echt ist. Ihre Daten enthält er nicht.
mail-answer-code = Damit nur Sie den Brief bekommen, senden wir beim Herunterladen einen frischen Code an dieses Postfach.
mail-lodged-subject =
    { $count ->
        [one] Wir haben { $reference } erhalten
       *[other] Wir haben { $count } Anliegen erhalten
    }
mail-lodged-why = { $organisation } hat Folgendes von dieser E-Mail-Adresse erhalten. Sie müssen nichts bestätigen.
mail-lodged-next = Ein Mensch liest es, geht der Sache nach und antwortet Ihnen per Mail. Wenn es länger dauert, als wir hoffen, sagen wir Ihnen das.
mail-lodged-not-you = Das waren nicht Sie? Dann können Sie diese Mail ignorieren. Niemand erhält dadurch Daten.
mail-replied-subject = Unsere Antwort zu { $reference }
mail-replied-why = { $organisation } ist dem nachgegangen:
mail-replied-upheld = Sie haben recht.
mail-replied-partly = Sie haben zum Teil recht.
mail-replied-not_upheld = Wir haben es noch einmal geprüft und kommen zum selben Ergebnis wie zuvor.
mail-replied-words = Unsere Antwort:
mail-replied-disagree = Sehen Sie es anders? Dann können Sie Folgendes tun:
mail-verified-also = Für dasselbe haben Sie bei uns schon einen Antrag: { $references }. Wir haben sie verknüpft. Keiner fällt weg, und jeder wird beantwortet.
# A deletion: what it would touch, the decision, and that it is done.
mail-erasure-planned-subject = Was gelöscht wird, Antrag { $reference }
mail-erasure-planned = Sie haben beantragt, dass Ihre Daten gelöscht werden. Wir haben nachgesehen, was vorhanden ist. Noch ist nichts gelöscht: Erst prüfen Menschen bei uns den Antrag.
mail-erasure-not-before = Es wird nichts gelöscht vor
mail-erasure-would-go = Das würde gelöscht:
mail-erasure-final = Gelöschtes lässt sich nicht zurückholen. Wenn Sie eine Kopie Ihrer Daten möchten, beantragen Sie sie vorher.
mail-erasure-stop = Haben Sie es sich anders überlegt, oder waren Sie das nicht? Halten Sie es auf Ihrer Statusseite an.
mail-erasure-found-at = Festgestellt
mail-erasure-planned-child = Wir haben festgestellt, dass { $organisation } unter dieser Adresse Daten eines Kindes hat, die es nicht haben darf. Das Gesetz verlangt, dass sie sofort gelöscht werden; niemand musste das beantragen. Noch ist nichts gelöscht: Erst prüfen es Menschen bei uns, dann beginnt es ohne Wartezeit.
mail-erasure-decided-child = { $organisation } löscht die Daten, die es unter dieser Adresse von einem Kind hat. Das Gesetz verlangt das sofort; niemand musste es beantragen.
mail-erasure-stop-child = Ist das ein Irrtum, weil kein Kind dieses Konto nutzt? Schreiben Sie uns sofort auf Ihrer Statusseite: Ein Mensch liest es.
mail-erasure-decided-subject = Unsere Entscheidung zum Antrag { $reference }: Ihre Daten werden gelöscht
mail-erasure-decided = { $organisation } löscht Ihre Daten, wie Sie es beantragt haben.
mail-erasure-begins = Die Löschung beginnt
mail-erasure-goes = Das wird gelöscht:
mail-erasure-nothing-goes = Es ist nichts mehr da, was wir löschen könnten.
mail-erasure-pseudonymised = Wo nur entfernt wird, was auf Sie hinweist, bleibt der Rest unter einem Pseudonym. Das ist nicht dasselbe wie anonym.
mail-erasure-stays = Das bleibt, aus diesen Gründen:
mail-erasure-line = { $store }, { $collection }: { $count ->
        [one] ein Eintrag
       *[other] { $count } Einträge
    }
mail-erasure-line-masked = { $store }, { $collection }: was auf Sie hinweist, in { $count ->
        [one] einem Eintrag
       *[other] { $count } Einträgen
    }
mail-erasure-kept = { $what }. Der Grund: { $ground }
mail-erasure-kept-until = { $what }. Der Grund: { $ground }, bis { $date }
mail-erasure-kept-rule = eine Vorschrift, die uns zum Aufbewahren verpflichtet
mail-erasure-done-subject = Ihre Daten sind gelöscht, Antrag { $reference }
mail-erasure-done = { $organisation } hat Ihre Daten gelöscht.
mail-erasure-done-at = Abgeschlossen
mail-erasure-went = Das wurde gelöscht:
mail-erasure-looked = Wir haben danach noch einmal nachgesehen: Alles ist gelöscht oder, wo die Liste es sagt, unkenntlich gemacht.
mail-erasure-unsure = Wir konnten nicht überall noch einmal nachsehen, oder etwas ist nicht so, wie es sein sollte. Die Quittung sagt, wo.
mail-erasure-pending = Manches wird erst später gelöscht oder lässt sich erst später prüfen. Wir sehen bis zum { $date } noch einmal nach und sagen es Ihnen.
mail-erasure-backups = Kopien in Sicherungen lassen sich nicht einzeln herausnehmen. Sie verschwinden mit den Sicherungen:
mail-erasure-backup = { $store }: { $time }
mail-erasure-receipt = Eine signierte Quittung liegt auf Ihrer Statusseite. Sie nennt weder Sie noch Ihre Daten.

## Berichtigung

mail-corrected-subject = Die Antwort auf Ihren Antrag { $reference }
mail-corrected-all = { $organisation } hat berichtigt, worum Sie gebeten haben, und in den Systemen nachgesehen, dass es jetzt dort steht.
mail-corrected-part = { $organisation } hat einen Teil dessen berichtigt, worum Sie gebeten haben. Dies ist unsere Entscheidung, mit den Gründen für den Rest.
mail-corrected-none = { $organisation } hat Ihren Antrag geprüft und nimmt die Berichtigungen nicht vor. Dies ist unsere Entscheidung, mit den Gründen.
mail-corrected-made = Berichtigt:
mail-corrected-made-line = { $field } ({ $places })
mail-corrected-declined = Nicht berichtigt:
mail-corrected-statement = Sehen Sie es anders? Schreiben Sie uns auf der Statusseite; ein Mensch liest es. Unvollständige Daten können Sie um eine eigene Erklärung ergänzen (DSGVO Artikel 16), und solange offen ist, ob sie stimmen, können Sie verlangen, dass sie nicht verwendet werden (Artikel 18 Absatz 1 Buchstabe a).
mail-corrected-recipients = Wir unterrichten die Stellen, die die früheren Daten von uns erhalten haben:
mail-corrected-look = Auf der Statusseite sehen Sie jede Änderung, sobald Sie sie mit einem Code geöffnet haben.
mail-declined-accurate = Was wir gespeichert haben, stimmt.
mail-declined-not-proven = Nichts zeigt, dass falsch ist, was wir gespeichert haben.
mail-declined-record = Es ist ein Beleg dafür, was damals galt, und muss so bleiben.
mail-declined-not-held = Wir haben nichts dergleichen gespeichert.
mail-declined-not-identified = Wir konnten nicht sicherstellen, dass die Daten Ihre sind (DSGVO Artikel 12 Absatz 2).
mail-declined-not-controller = Über diese Daten entscheiden nicht wir, sondern eine andere Stelle.
mail-field-name = Name
mail-field-email = E-Mail-Adresse
mail-field-phone = Telefonnummer
mail-field-address = Postanschrift
mail-field-date-of-birth = Geburtsdatum
mail-field-other = Eine andere Angabe
mail-change-subject = Ihre Kontaktdaten werden bald geändert ({ $reference })
mail-change-why = { $organisation } wurde gebeten, Daten zu ändern, über die Ihr Konto gefunden wird, zum Beispiel Ihre E-Mail-Adresse. Sie erhalten diese Nachricht, weil Ihre Adresse die ist, die jetzt dort steht, oder die, die dort stehen soll.
mail-change-not-before = Nicht vor
mail-change-fine = Wenn Sie darum gebeten haben, ist nichts zu tun.
mail-change-not-me = Wenn nicht, halten Sie es mit diesem Link auf. Dann wird nichts geändert, und unser Team wird unterrichtet.

mail-warning-subject = Daten sollen gelöscht werden ({ $reference })
mail-warning-why = { $organisation } wurde gebeten, Daten einer Person zu löschen, die unsere Systeme auch unter Ihrer E-Mail-Adresse kennen. Sie bekommen diese Mail, damit niemand Ihre Daten unbemerkt löschen lassen kann.
mail-warning-fine = Wenn Sie das waren, ist nichts zu tun.
mail-warning-stop = Wenn nicht, halten Sie es mit diesem Link an. Dann wird nichts weiter gelöscht, bis unser Team mit Ihnen in Kontakt war.
mail-warning-link = Anhalten und mich kontaktieren
