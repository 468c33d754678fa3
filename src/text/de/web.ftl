# Die öffentlichen Seiten. Die Person heißt „Sie“, die Organisation „wir“.

web-skip = Zum Inhalt springen
web-brand = Ihre Daten, Ihre Rechte
web-languages = Sprache
web-privacy-link = Datenschutz
web-accessibility-link = Barrierefreiheit
web-contact = Fragen? Ein Mensch antwortet:
web-reference = Ihre Vorgangsnummer

# Zeitspannen, im Dativ.
web-term-minutes = { $count ->
    [one] einer Minute
   *[other] { $count } Minuten
}
web-term-hours = { $count ->
    [one] einer Stunde
   *[other] { $count } Stunden
}
web-term-days = { $count ->
    [one] einem Tag
   *[other] { $count } Tagen
}
web-term-months = { $count ->
    [one] einem Monat
   *[other] { $count } Monaten
}
web-term-years = { $count ->
    [one] einem Jahr
   *[other] { $count } Jahren
}

# Die Rechte.
web-right-access-title = Eine Kopie Ihrer Daten erhalten und sehen, wie sie verwendet werden
web-right-access-about = Sehen Sie, was wir über Sie gespeichert haben, woher es stammt, wozu wir es verwenden, wer es erhält und wie lange wir es aufbewahren.
web-right-access-gets = Ein Archiv mit allen Daten über Sie und ein Bericht in klaren Worten.
web-right-access-scope = Alles, was wir über Sie gespeichert haben
web-right-export-title = Ihre Daten mitnehmen
web-right-export-about = Wechseln Sie zu einem anderen Dienst oder behalten Sie, was Ihnen gehört: was Sie uns gegeben haben und was bei der Nutzung entstanden ist.
web-right-export-gets = Ein Archiv mit Ihren Daten und Dateien in Formaten, die andere Programme lesen können.
web-right-export-scope = Was Sie uns gegeben haben und was bei der Nutzung entstanden ist
web-right-deletion-title = Ihre Daten löschen lassen
web-right-deletion-about = Lassen Sie alles löschen, nur manche Arten von Daten oder einzelne Dinge. Wir sagen Ihnen vorher, was gelöscht würde und was bleiben muss.
web-right-deletion-gets = Eine Liste dessen, was gelöscht wird und was bleibt, Zeit zum Überlegen und eine signierte Quittung.
web-right-deletion-scope = Was Sie im Formular gewählt haben: alles, manche Arten von Daten oder einzelne Dinge
web-scope = Was soll gelöscht werden?
web-scope-hint = Wählen Sie eines. Wir sagen Ihnen, was das bedeutet, bevor etwas gelöscht wird.
web-scope-everything = Alles, was Sie über mich gespeichert haben
web-scope-everything-hint = Auch Ihr Konto wird gelöscht: Sie können sich nicht mehr anmelden, und Bezahltes kann verloren gehen.
web-scope-categories = Nur manche Arten von Daten
web-scope-categories-hint = Ihr Konto bleibt. Kreuzen Sie unten an, was gelöscht werden soll.
web-scope-items = Nur diese einzelnen Dinge
web-scope-items-hint = Ihr Konto und alles andere bleiben.
web-scope-kinds = Die Arten von Daten
web-scope-kind-account = Mein Konto und seine Einstellungen
web-scope-kind-name = Mein Name
web-scope-kind-contact = Wie ich zu erreichen bin: Adressen, Nummern
web-scope-kind-content = Was ich erstellt oder hochgeladen habe: Texte, Bilder, Dateien
web-scope-kind-behavior = Was ich getan habe: Besuche, Suchen, Nutzung
web-scope-kind-device = Meine Geräte und ihre Adressen
web-scope-kind-location = Wo ich war
web-scope-kind-payment = Meine Zahlungen
web-error-scope-missing = Wählen Sie, was gelöscht werden soll.
web-error-scope = Wählen Sie alles, oder kreuzen Sie mindestens eine Art von Daten an.
web-erasure-goes = Was gelöscht wird
web-erasure-stays = Was bleibt, und warum
web-erasure-line = { $store }, { $collection }: { $shown }
web-erasure-line-masked = { $store }, { $collection }: was auf Sie hinweist, in { $shown }
web-erasure-kept = { $what }. Der Grund: { $ground }
web-erasure-kept-until = { $what }. Der Grund: { $ground }, bis { $date }
web-erasure-kept-rule = eine Vorschrift, die uns zum Aufbewahren verpflichtet
web-erasure-not-before = Es wird nichts gelöscht vor
web-erasure-receipt = Ihre Quittung
web-erasure-receipt-text = Sie sagt, was gelöscht wurde, was bleibt und warum, und nennt weder Sie noch Ihre Daten. Sie ist signiert: Jeder kann sie mit minisign und unserem öffentlichen Schlüssel prüfen.
web-erasure-receipt-save = Quittung speichern
web-erasure-receipt-signature = Signatur speichern
web-right-correction-title = Falsche Daten berichtigen lassen
web-right-correction-about = Etwas, das wir über Sie gespeichert haben, ist falsch, veraltet oder unvollständig: Ihr Name, eine Anschrift, ein Datum.
web-right-correction-gets = Die Berichtigung in unseren Systemen und eine Antwort, was wir geändert haben und was nicht, mit den Gründen.
web-right-correction-scope = Was wir nach Ihren Angaben berichtigen sollen

# Auswahl.
web-choose-title = Was können wir für Sie tun?
web-choose-lead = Sie entscheiden über Ihre Daten. Hier stellen Sie Ihren Antrag an { $org }: Das dauert etwa zwei Minuten, kostet nichts und geht ohne Konto.
web-choose-see = Sehen, was wir haben
web-choose-change = Etwas daran ändern
web-choose-use = Über die Verwendung bestimmen
web-choose-human = Einen Menschen darum bitten
web-choose-now = keine Zeit: es gilt sofort
web-choose-gets = Sie erhalten
web-choose-time = Dauer
web-choose-hours = { $hours ->
    [one] höchstens eine Stunde
   *[other] höchstens { $hours } Stunden
}
web-how-title = So geht es
web-how-ask = Sie nennen uns Ihre E-Mail-Adresse und was Sie möchten.
web-how-confirm = Sie bestätigen mit einem Code, den wir Ihnen mailen, damit niemand sonst Ihre Daten bekommt.
web-how-answer = Sie erhalten unsere Antwort innerhalb von { $hours ->
    [one] einer Stunde
   *[other] { $hours } Stunden
} nach Ihrem Antrag und können bis dahin jeden Schritt verfolgen.
web-other-title = Ein anderes Anliegen oder keine E-Mail?
web-other-text = Bei jeder anderen Frage zu Ihren Daten, oder wenn Sie Papier vorziehen, schreiben Sie uns. Eine bestimmte Form ist nicht nötig.
web-other-contact = Kontakt
web-other-postal = Post

# Das Formular.
web-form-back = Etwas anderes wählen
web-form-email = Ihre E-Mail-Adresse
web-form-email-words = Diejenige, unter der unsere Antwort Sie erreicht.
web-form-email-hint = Diejenige, die Sie bei uns verwenden. Damit suchen wir Ihre Daten und schicken Ihnen einen Code und die Antwort.
web-form-optional = (freiwillig)
web-form-name = Ihr Name
web-form-name-hint = Nur damit wir Sie richtig ansprechen.
web-form-country = Wo Sie leben
web-form-country-hint = Daran erkennen wir, welches Recht für Ihren Antrag gilt.
web-form-country-none = Keine Angabe
web-form-details = Was uns weiterhilft
web-form-details-hint = Zum Beispiel eine Kundennummer oder was Ihnen besonders wichtig ist. Bitte keine Passwörter und keine Ausweiskopien.
web-form-more = Trifft auch etwas davon zu?
web-form-also = Zusätzlich: { $right }
web-form-privacy = { $org } verwendet Ihre Angaben nur, um zu prüfen, dass der Antrag von Ihnen kommt, um ihn zu beantworten und um das nachweisen zu können.
web-form-privacy-time = Ihre Kontaktdaten löschen wir nach { $closed } ab der Antwort; eine Zeile ohne Ihren Namen und Ihre Adresse löschen wir erst nach { $register }, sie dient als Nachweis.
web-form-privacy-link = Mehr dazu
web-form-send = Antrag senden
web-form-next = Als Nächstes mailen wir Ihnen einen Code.
web-form-no-mail = Sie haben keine E-Mail?
web-form-no-mail-text = Dann schreiben Sie uns. Ihren Antrag behandeln wir genauso.

web-error-prefix = Fehler:
web-error-title = { $count ->
    [one] Bitte sehen Sie sich eine Stelle noch einmal an
   *[other] Bitte sehen Sie sich { $count } Stellen noch einmal an
}
web-error-email-missing = Geben Sie Ihre E-Mail-Adresse an, damit wir Ihnen antworten können
web-error-email-form = Geben Sie eine E-Mail-Adresse wie name@example.org an
web-error-too-long = Schreiben Sie höchstens { $most } Zeichen
web-error-control = Lassen Sie Zeichen weg, die sich nicht anzeigen lassen; sie geraten leicht beim Kopieren hinein
web-error-country = Wählen Sie ein Land aus der Liste
web-error-form = Das Formular kam anders an, als wir es gemacht haben. Sehen Sie es durch und senden Sie es noch einmal

# Nach dem Formular.
web-sent-title = Sehen Sie in Ihre E-Mails
web-sent-lead = Ihr Antrag ist da. Bitte bestätigen Sie ihn jetzt, damit wir beginnen können.
web-sent-confirm = Mit Ihrem Code bestätigen
web-sent-code = Eine Mail mit einem Code ist unterwegs an die Adresse, die Sie angegeben haben. Sie können den Code hier eingeben oder den Link in der Mail öffnen, auf jedem Gerät.
web-sent-reference = Notieren Sie sie; sie hilft, wenn Sie uns schreiben möchten.
web-sent-next = Wie es weitergeht
web-sent-next-confirm = Sie bestätigen mit dem Code.
web-sent-next-gather = Wir tragen Ihre Daten aus allen unseren Systemen zusammen. Sie können zusehen, wie weit wir sind.
web-sent-next-answer = Wir antworten innerhalb von { $hours ->
    [one] einer Stunde
   *[other] { $hours } Stunden
}, gerechnet ab dem Absenden des Formulars.
web-sent-nothing = Keine Mail?
web-sent-spam = Warten Sie zwei Minuten und sehen Sie im Spam-Ordner nach. Falls Sie sich bei der Adresse vertippt haben, füllen Sie das Formular einfach noch einmal aus.
web-sent-contact = Hier hilft Ihnen ein Mensch:

# Der Code.
web-code-label = Code aus der Mail
web-code-hint = Acht Buchstaben und Ziffern wie ABCD-EFGH. Groß- und Kleinschreibung, Leerzeichen und der Bindestrich sind egal.
web-code-confirm = Antrag bestätigen
web-code-unlock = Seite freischalten
web-code-download = Herunterladen
web-code-ask = Lassen Sie sich zuerst einen Code mailen.
web-code-send = Code anfordern
web-code-missing = Codes gelten 10 Minuten. Zu spät, oder keine Mail?
web-code-again = Neuen Code anfordern
web-code-not-a-code = Das ist noch kein Code. Geben Sie die acht Buchstaben und Ziffern aus der Mail ein.
web-code-wrong = Das war nicht der richtige Code. { $left ->
    [one] Sie haben noch einen Versuch.
   *[other] Sie haben noch { $left } Versuche.
}
web-code-too-many = Auch das war nicht der richtige Code, deshalb gilt er nicht mehr. Bitte fordern Sie einen neuen an.
web-code-was-reference = Das ist Ihre Vorgangsnummer. Der Code steht in der Mail auf einer eigenen Zeile.
web-code-expired = Dieser Code gilt nicht mehr, weil seine 10 Minuten vorbei sind oder ein neuerer verschickt wurde. Bitte fordern Sie einen neuen an.
web-code-fresh-sent = Wenn ein neuer Code verschickt werden kann, ist er unterwegs. Nur der neueste Code gilt.

# Der Link aus der Mail.
web-asserted-title = Ein Antrag in Ihrem Namen
web-asserted-lead = Eine App von { $org }, in der Sie angemeldet waren, hat diesen Antrag gestellt. Wenn Sie das waren, schließen Sie diese Seite: Es ist nichts zu tun.
web-asserted-not-me-text = Der Antrag wird angehalten, was dafür zusammengestellt wurde, wird vernichtet, und die zuständigen Personen werden benachrichtigt. Ändern Sie bitte auch Ihr Passwort.
web-verify-title = Waren Sie das?
web-verify-lead = Jemand hat diese E-Mail-Adresse bei { $org } angegeben und um Folgendes gebeten. Bis zur Bestätigung geschieht nichts.
web-verify-right = Antrag
web-verify-scope = Umfang
web-verify-when = Gestellt am
web-verify-country = Angegebenes Land
web-verify-no-country = Keines
web-verify-me = Ja, das war ich
web-verify-me-text = Geben Sie den Code aus der Mail ein, dann beginnen wir.
web-verify-not-me = Nein, das war ich nicht
web-verify-not-me-text = Dann beenden wir den Antrag, vergessen diese Adresse und schicken ihr 30 Tage lang keine Mail zu Anträgen. Niemand bekommt Daten.
web-verify-not-me-button = Das war ich nicht
web-resume-title = Ihren Antrag fortsetzen
web-resume-lead = Niemand hat diesen Antrag rechtzeitig bestätigt, deshalb haben wir die E-Mail-Adresse vergessen. Der Antrag selbst zählt weiter ab seinem ersten Tag.
web-resume-hint = Dieselbe wie damals. Wir mailen Ihnen einen neuen Code.
web-resume-button = Fortsetzen

# Stand.
web-status-title = { $count ->
    [one] Ihr Antrag
   *[other] Ihre Anträge
}
web-status-steps = Schritte
web-status-stores = Wo wir suchen
web-status-progress = { $done } von { $total } fertig
web-status-keep = Der Link zu dieser Seite ist persönlich. Bewahren Sie ihn auf und geben Sie ihn nicht weiter.
web-stage-awaiting = Wir warten auf Ihre Bestätigung
web-stage-awaiting-text = Bitte geben Sie den Code ein, den wir Ihnen gemailt haben. Danach beginnen wir sofort.
web-stage-gathering = Wir tragen Ihre Daten zusammen
web-stage-gathering-text = Wir fragen jedes System, das etwas über Sie gespeichert haben kann. Sie brauchen nichts zu tun.
web-stage-review = Ein Mensch prüft die Antwort
web-stage-review-text = Jemand bei uns sieht nach, dass die Antwort vollständig ist und nichts über andere Menschen verrät.
web-stage-finishing = Wir packen Ihr Archiv
web-stage-finishing-text = Je nach Größe dauert das Sekunden bis einige Minuten. Wir mailen Ihnen, wenn es fertig ist.
web-stage-ready = Ihr Archiv ist fertig
web-stage-ready-text = Es enthält unsere Antwort und Ihre Daten. Zum Herunterladen brauchen Sie einen neuen Code.
web-stage-part = Ihr Archiv ist fertig, ein Teil folgt noch
web-stage-part-text = Einige Systeme haben noch nicht geantwortet. Welche, steht im Archiv; wir mailen Ihnen, wenn der Rest da ist.
web-stage-expired = Beantwortet, das Archiv ist abgelaufen
web-stage-expired-text = Unser Archiv mit Ihren Daten war für Sie bereit; seine Zeit ist vorbei, und wir haben es vernichtet.
web-stage-nothing = Beantwortet: Wir haben nichts gefunden
web-stage-nothing-text = Keines unserer Systeme hat Daten unter den Angaben, die Sie bestätigt haben. In unserer Mail steht, wo wir gesucht haben.
web-stage-refused = Mit einer Entscheidung beantwortet
web-stage-refused-text = Wir haben Ihnen unsere Entscheidung mit Gründen gemailt, und wie Sie sie überprüfen lassen können.
web-stage-withdrawn = Zurückgezogen
web-stage-withdrawn-text = Sie haben diesen Antrag zurückgezogen. Was wir dafür zusammengetragen hatten, ist vernichtet.
web-stage-lapsed = Nicht rechtzeitig bestätigt
web-stage-lapsed-text = Niemand hat den Code eingegeben, deshalb haben wir nicht begonnen. Mit dem Link in unserer letzten Mail geht es weiter.
web-stage-cooling = Genehmigt und noch nicht begonnen
web-stage-cooling-text = Sie können es hier noch anhalten. Vor dem Zeitpunkt in unserer Mail wird nichts gelöscht.
web-stage-approving = Menschen prüfen die Löschung
web-stage-approving-text = Wir haben nachgesehen, was gelöscht würde, und es Ihnen gemailt. Vor der Genehmigung wird nichts gelöscht.
web-stage-erasing = Ihre Daten werden gelöscht
web-stage-erasing-text = Ein System nach dem anderen. Sie können es anhalten; was gelöscht ist, lässt sich nicht zurückholen.
web-stage-erased = Gelöscht
web-stage-erased-text = Alles ist gelöscht; wir haben danach noch einmal nachgesehen. Die Quittung sagt, was und wann.
web-stage-erased-part = Gelöscht, und etwas bleibt
web-stage-erased-part-text = Was wir aufbewahren müssen, bleibt, oder etwas wird erst später gelöscht. Die Quittung sagt, was und warum.
web-step-received = Antrag eingegangen
web-step-confirmed = Mit einem Code bestätigt
web-step-gathered = Daten zusammengetragen
web-step-looked-up = Nachgesehen, was es gibt
web-step-decided = Von Menschen geprüft und entschieden
web-step-carried-out = Ausgeführt und noch einmal nachgesehen
web-step-set = In den Systemen gesetzt
web-step-checked = Antwort geprüft und gepackt
web-step-answered = Antwort gesendet
web-step-done = erledigt
web-step-now = läuft
web-step-ahead = kommt noch
web-promise-by = Wir antworten bis
web-promise-answered = Beantwortet am
web-promise-legal = Spätester Tag nach dem Gesetz
web-promise-late = Wir sind zu spät. Versprochen war unsere Antwort bis
web-promise-late-text = Jemand kümmert sich darum, und Ihr Antrag geht vor.
web-trouble-question = Es gibt eine Frage, die sich ein Mensch bei uns ansehen muss. Ihr Antrag bleibt genauso dringend.
web-trouble-store = Eines unserer Systeme hat nicht geantwortet. Wir gehen dem nach und versuchen es wieder.
web-trouble-mail = Eine Mail an Sie war nicht zustellbar. Bitte prüfen Sie, ob Ihr Postfach Mails von uns annimmt.
web-trouble-proof = Sie haben Ihr Postfach zuletzt vor mehr als 90 Tagen bestätigt, und es geht um sensible Daten. Lassen Sie sich auf dieser Seite einen Code schicken und geben Sie ihn ein; dann machen wir weiter. Wenn wir kein Postfach von Ihnen haben, finden wir mit Ihnen einen anderen Weg.
web-store-waiting = wartet
web-store-running = wird gelesen
web-store-done = fertig
web-store-failed = es hakt, wir kümmern uns
web-store-skipped = ausgelassen; die Antwort sagt, warum
web-store-rows = { $count ->
    [0] keine Einträge
    [one] ein Eintrag
   *[other] { $shown } Einträge
}
web-store-files = { $count ->
    [one] eine Datei
   *[other] { $shown } Dateien
}
web-unlock-title = Alles sehen und handeln
web-unlock-text = Mit einem Code aus Ihrem Postfach können Sie uns schreiben und, soweit es etwas gibt, Ihr Archiv herunterladen oder den Antrag zurückziehen. Er schaltet diese Seite für 30 Minuten frei.
web-notice-unlocked = Diese Seite ist für 30 Minuten freigeschaltet.
web-notice-locked = Es ist zu viel Zeit vergangen. Schalten Sie die Seite wieder mit einem Code frei und wiederholen Sie, was Sie vorhatten.
web-notice-message = Ihre Nachricht ist bei uns.
web-notice-message-empty = Schreiben Sie etwas, bevor Sie es absenden.
web-notice-message-unreadable = Diese Nachricht ist zu lang oder enthält Zeichen, die sich nicht anzeigen lassen. Kürzen Sie sie oder lassen Sie diese weg.
web-notice-withdrawn = Ihr Antrag ist zurückgezogen.
web-notice-restored = Ihr Antrag läuft weiter und zählt noch immer ab seinem ersten Tag.
web-notice-again = Wir erstellen das Archiv neu. Wir mailen Ihnen, wenn es fertig ist.
web-notice-not-now = Das geht beim jetzigen Stand nicht. Unten sehen Sie, wie es steht.

web-download-title = Ihr Archiv herunterladen
web-download-size = Größe
web-download-until = Verfügbar bis
web-download-times = Heruntergeladen
web-download-count = { $count ->
    [0] noch nicht
    [one] einmal
   *[other] { $count }-mal
}
web-check = Prüfen, ob das Archiv echt ist
web-check-sum = Die SHA-256-Summe der Datei muss genau so lauten:
web-check-signature = Das Verzeichnis des Inhalts, manifest.json, ist im Format minisign unterschrieben.
web-check-key = Unser öffentlicher Schlüssel
web-renew-title = Das Archiv ist nicht mehr da
web-renew-text = Damit Ihre Daten sicher sind, bewahren wir Archive nicht lange auf. Ein neuer Antrag ist nicht nötig; wir können es neu erstellen bis
web-renew-button = Neu erstellen
web-withdraw = Diesen Antrag zurückziehen
web-withdraw-text = Wir hören auf und vernichten, was wir dafür zusammengetragen haben. 24 Stunden lang können Sie das rückgängig machen.
web-withdraw-button = { $reference } zurückziehen
web-undo-text = Anders überlegt? Sie können das Zurückziehen rückgängig machen bis
web-undo-button = { $reference } fortsetzen
web-messages-title = Nachrichten
web-messages-text = Schreiben Sie den Menschen, die Ihren Antrag bearbeiten. Sie antworten hier und sagen Ihnen per Mail Bescheid.
web-messages-you = Sie
web-messages-label = Ihre Nachricht
web-messages-hint = Höchstens 4.000 Zeichen. Bitte keine Passwörter.
web-messages-send = Nachricht senden

# Seiten, die eines sagen.
web-message-back = Zurück
web-message-start = Zur Startseite
web-not-found-title = Diese Seite gibt es nicht
web-not-found-text = Vielleicht wurde die Adresse beim Kopieren abgeschnitten.
web-not-found-next = Öffnen Sie den Link in unserer Mail noch einmal oder beginnen Sie auf der Startseite.
web-method-title = So geht es hier nicht
web-method-text = Die Adresse stimmt, aber auf diese Weise lässt sie sich nicht aufrufen.
web-method-next = Gehen Sie zurück und benutzen Sie die Knöpfe der Seite.
web-spent-title = Dieser Link hat seinen Zweck erfüllt
web-spent-text = Jeder Link gilt für einen Zweck und für begrenzte Zeit. Dieser wurde schon benutzt, oder seine Zeit ist vorbei.
web-spent-next = Öffnen Sie die neueste Mail von uns. Darin steht ein Link, der gilt.
web-unknown-title = Diesen Link kennen wir nicht
web-unknown-text = Vielleicht ist er abgeschnitten oder so alt, dass wir ihn vergessen haben.
web-unknown-next = Öffnen Sie die neueste Mail von uns und übernehmen Sie den ganzen Link. Wenn es keine gibt, stellen Sie einfach einen neuen Antrag.
web-gone-title = Dieses Archiv ist nicht mehr da
web-gone-text = Wir bewahren Archive nur begrenzte Zeit auf, damit Ihre Daten sicher sind. Seine Zeit ist vorbei, oder es wurde zurückgerufen.
web-gone-next = Auf Ihrer Statusseite können Sie es neu erstellen lassen. Der Link steht in unseren Mails.
web-ended-title = Dieser Download ist zu Ende
web-ended-text = Ein Download gehört zu dem Browser, in dem er begonnen hat, und dauert nur begrenzte Zeit. Hier hat er nicht begonnen, oder seine Zeit ist vorbei.
web-ended-next = Öffnen Sie Ihre Statusseite und fordern Sie einen neuen Code an. Der Link steht in unseren Mails.
web-large-title = Das ist zu viel
web-large-text = Was Sie gesendet haben, ist größer, als wir annehmen können.
web-large-next = Kürzen Sie Ihren Text und senden Sie ihn noch einmal.
web-unreadable-title = Das konnten wir nicht lesen
web-unreadable-text = Das Formular kam anders an, als wir es gemacht haben. Deshalb haben wir nichts geändert.
web-unreadable-next = Öffnen Sie die Seite neu und füllen Sie sie noch einmal aus.
web-many-title = Etwas zu schnell
web-many-text = Von Ihrem Anschluss kamen sehr viele Anfragen; zum Schutz aller machen wir eine Pause. Nichts von Ihnen geht verloren.
web-many-next = Bitte versuchen Sie es in { $wait } noch einmal.
web-cross-title = Das kam von einer anderen Seite
web-cross-text = Das Formular wurde von einer Seite gesendet, die nicht unsere ist. Zu Ihrem Schutz haben wir nichts damit getan.
web-cross-next = Öffnen Sie unsere Seite selbst und senden Sie das Formular von dort.
web-failed-title = Bei uns ist etwas schiefgegangen
web-failed-text = Der Fehler liegt bei uns und wurde aufgezeichnet. An Ihren Angaben liegt es nicht.
web-failed-next = Bitte versuchen Sie es in einigen Minuten noch einmal. Wenn es dabei bleibt, schreiben Sie uns.
web-unavailable-title = Wir sind gleich wieder da
web-unavailable-text = Der Dienst startet gerade oder wird gewartet.
web-unavailable-next = Bitte versuchen Sie es in einigen Minuten noch einmal. Ihre Fristen berührt das nicht.
web-not-me-title = Danke, der Antrag ist beendet
web-not-me-text = Der Antrag ist beendet, und niemand hat Daten bekommen. Ihre Adresse haben wir hier vergessen.
web-not-me-next = 30 Tage lang schicken wir ihr keine Mail zu Anträgen. Sie brauchen nichts weiter zu tun.

# Was dieser Dienst aufbewahrt.
web-privacy-title = Datenschutz bei diesem Dienst
web-privacy-lead = Mit diesem Dienst nimmt { $org } Anträge zu personenbezogenen Daten entgegen und beantwortet sie. Hier steht, was dabei über Sie gespeichert wird.
web-privacy-what = Was wir speichern
web-privacy-what-form = Was Sie in das Formular eintragen: E-Mail-Adresse und, wo angegeben, Name, Land und Bemerkungen. Alles davon liegt verschlüsselt.
web-privacy-what-answer = Was wir für die Antwort zusammentragen, verschlüsselt, bis das Archiv abgelaufen ist; und die Nachrichten zwischen Ihnen und uns.
web-privacy-what-record = Ein Protokoll, was wann geschah: eingegangen, bestätigt, beantwortet, heruntergeladen.
web-privacy-what-technical = Ihre Netzwerkadresse nur einige Minuten lang im Arbeitsspeicher, um Missbrauch abzuwehren. Unsere Protokolldateien enthalten weder sie noch Ihre E-Mail-Adresse.
web-privacy-why = Wozu
web-privacy-why-text = Um Ihre Rechte zu erfüllen, wozu uns das Gesetz verpflichtet (Art. 6 Abs. 1 Buchst. c mit Art. 12 bis 22 DSGVO), und um das nachweisen zu können (Art. 5 Abs. 2 DSGVO). Für nichts anderes verwenden wir etwas davon.
web-privacy-long = Wie lange
web-privacy-long-lapse = Bestätigt niemand einen Antrag, vernichten wir die Adresse nach { $term }.
web-privacy-long-archive = Archive vernichten wir nach { $term }.
web-privacy-long-closed = Kontaktdaten und Nachrichten werden nach { $term } ab der Antwort gelöscht.
web-privacy-long-register = Eine Zeile im Register ohne Name und Adresse löschen wir erst nach { $term }; sie belegt, dass wir geantwortet haben.
web-privacy-long-block = Wenn Sie „Das war ich nicht“ sagen, behalten wir 30 Tage lang einen verschlüsselten Fingerabdruck der Adresse, nur um ihr nicht zu mailen.
web-privacy-cookies = Cookies
web-privacy-cookies-text = Ein Cookie hält Ihre Statusseite 30 Minuten lang freigeschaltet, ein weiteres lässt Ihren Download weiterlaufen. Andere gibt es nicht, keine Skripte, und nichts wird von anderen Servern geladen.
web-privacy-who = Wer verantwortlich ist
web-privacy-who-text = { $org } entscheidet über diese Daten und beantwortet Ihre Fragen.
web-privacy-general = Allgemeine Datenschutzhinweise
web-privacy-rights = Ihre Rechte
web-privacy-rights-text = Für diese Daten haben Sie dieselben Rechte wie für alle anderen: Auskunft, Berichtigung, Löschung, Einschränkung, Übertragbarkeit und Widerspruch. Nutzen Sie das Formular oder schreiben Sie uns.
web-privacy-complain = Beschwerden
web-privacy-complain-text = Sie können sich jederzeit bei einer Datenschutzbehörde beschweren, zum Beispiel dort, wo Sie leben oder arbeiten, und Sie können vor Gericht gehen.
web-privacy-authority = Für uns zuständige Behörde:

# Barrierefreiheit.
web-accessibility-title = Barrierefreiheit
web-accessibility-lead = Alle sollen ihre Rechte nutzen können. Dafür sind diese Seiten gebaut.
web-accessibility-can = Worauf Sie sich verlassen können
web-accessibility-keyboard = Alles geht mit der Tastatur allein, und Sie sehen immer, wo Sie sind.
web-accessibility-reader = Überschriften, Felder, Hinweise und Fehlermeldungen sind so gemacht, dass Vorleseprogramme sie ansagen.
web-accessibility-zoom = Sie können die Seiten auf 400 % vergrößern, ohne dass etwas fehlt oder Sie seitwärts scrollen müssen.
web-accessibility-colour = Nichts wird nur durch Farbe gesagt. Die Seiten folgen Ihren Einstellungen für Dunkel, hohen Kontrast und weniger Bewegung.
web-accessibility-script = Skripte sind nicht nötig, und nichts bewegt sich.
web-accessibility-code = Codes lassen sich einfügen. Läuft einer ab, bekommen Sie mit einem Knopf einen neuen; was Sie getippt haben, geht nicht verloren.
web-accessibility-standard = Maßstab
web-accessibility-standard-text = Unser Ziel sind die Web Content Accessibility Guidelines (WCAG) 2.2, Stufe AA; jede Fassung dieser Seiten prüfen wir automatisch daran.
web-accessibility-limits = Bekannte Grenzen
web-accessibility-limits-text = Dateien in Ihrem Archiv sind so, wie Sie oder andere sie gemacht haben, und vielleicht selbst nicht barrierefrei. Eine Prüfung von außen gab es noch nicht.
web-accessibility-tell = Sagen Sie es uns
web-accessibility-tell-text = Wenn Ihnen etwas im Weg ist, schreiben Sie uns; wir helfen Ihnen auch auf anderem Weg:

# Das Postfach der Demo.
web-mailbox-title = Postfach der Demo
web-mailbox-lead = Alle Mails dieser Demo landen hier, statt verschickt zu werden, gleich an wen.
web-mailbox-empty = Noch wurde nichts verschickt. Stellen Sie einen Antrag und kommen Sie wieder.
web-mail-back = Alle Mails
web-mail-from = Von
web-mail-to = An
web-mail-date = Datum
web-mail-kind = Art
web-status-looked = Jemand bei uns hat Ihre Adresse angesehen

# Berichtigung.
web-form-changes = Was berichtigt werden soll
web-form-changes-hint = Sagen Sie uns zu jeder Angabe, wie sie lauten soll. Was leer ist, lassen wir, wie es ist. Wenn Sie Unterlagen haben, die es zeigen, halten Sie sie bereit: Wir bitten nur darum, wenn wir sie brauchen.
web-form-change-field = Angabe { $number }
web-form-change-value = Wie Angabe { $number } lauten soll
web-form-change-none = Bitte wählen
web-field-name = Name
web-field-email = E-Mail-Adresse
web-field-phone = Telefonnummer
web-field-address = Postanschrift
web-field-date-of-birth = Geburtsdatum
web-field-other = Etwas anderes
web-error-changes-missing = Bitte nennen Sie mindestens eine Angabe, die berichtigt werden soll, und wie sie lauten soll.
web-error-changes-many = Bitte nennen Sie höchstens { $most } Angaben in einem Antrag.
web-stage-correcting = Wir berichtigen Ihre Daten
web-stage-correcting-text = Wir schreiben das Genehmigte in unsere Systeme und sehen nach, dass es dort steht. Geht es darum, woran wir Sie erkennen, unterrichten wir vorher die alte und die neue Adresse und warten zwei Tage.
web-stage-corrected = Beantwortet: berichtigt
web-stage-corrected-text = Worum Sie gebeten haben, steht jetzt in unseren Systemen.
web-stage-corrected-part = Beantwortet: zum Teil berichtigt
web-stage-corrected-part-text = Unten sehen Sie, was wir geändert haben und was nicht, mit den Gründen.
web-status-changes = Was wir berichtigen sollen
web-change-open = Noch nicht entschieden
web-change-coming = Wird berichtigt
web-change-made = Berichtigt
web-change-part = Zum Teil berichtigt
web-change-declined = Nicht berichtigt
web-declined-accurate = Was wir gespeichert haben, stimmt.
web-declined-not-proven = Nichts zeigt, dass falsch ist, was wir gespeichert haben.
web-declined-record = Es ist ein Beleg dafür, was damals galt, und muss so bleiben.
web-declined-not-held = Wir haben nichts dergleichen gespeichert.
web-declined-not-identified = Wir konnten nicht sicherstellen, dass die Daten Ihre sind.
web-declined-not-controller = Über diese Daten entscheiden nicht wir, sondern eine andere Stelle.
web-changing-title = Eine Änderung Ihrer Kontaktdaten
web-changing-lead = { $org } wurde gebeten, Daten zu ändern, über die Ihr Konto gefunden wird. Wenn Sie das waren, schließen Sie diese Seite: Es ist nichts zu tun.
web-changing-not-me-text = Die Änderung wird aufgehalten, und unser Team wird unterrichtet.

web-stop-title = Eine Löschung von Daten
web-stop-lead = { $org } wurde gebeten, Daten einer Person zu löschen, die die Systeme auch unter Ihrer Adresse kennen. Wenn Sie das waren, schließen Sie diese Seite: Es ist nichts zu tun.
web-stop-heading = Sie wollen das nicht?
web-stop-text = Dann wird nichts weiter gelöscht. Unser Team schreibt Ihnen an diese Adresse, bevor es weitergeht.
web-stop-button = Anhalten und mich kontaktieren
web-stopped-title = Angehalten
web-stopped-text = Vorerst wird nichts weiter gelöscht.
web-stopped-next = Unser Team schreibt Ihnen an die Adresse, an der Sie unsere Mail bekommen haben. Sie brauchen nichts weiter zu tun.

# Rechte, die mit einem Brief oder in Worten beantwortet werden.
web-right-confirmation-title = Sich etwas bestätigen lassen
web-right-confirmation-about = Erfahren, ob wir Daten über Sie haben oder was wir allgemein mit personenbezogenen Daten tun.
web-right-confirmation-gets = Einen signierten Brief, ohne Kopie Ihrer Daten.
web-right-confirmation-scope = Ob wir etwas über Sie haben oder was wir mit Daten tun
web-right-recipients-title = Erfahren, wer Ihre Daten erhalten hat
web-right-recipients-about = Mit Namen erfahren, an wen wir Daten über Sie weitergegeben haben.
web-right-recipients-gets = Einen signierten Brief, der alle Empfänger nennt.
web-right-recipients-scope = Alle, die Daten über Sie erhalten haben
web-right-human_review-title = Die Entscheidung einer Maschine von einem Menschen prüfen lassen
web-right-human_review-about = Ein Programm hat etwas über Sie entschieden, und Sie möchten, dass ein Mensch es prüft und Sie anhört.
web-right-human_review-gets = Eine Antwort in Worten von einem Menschen.
web-right-human_review-scope = Die Entscheidung, die Sie beschreiben
web-right-complaint-title = Sich beschweren
web-right-complaint-about = Wir haben mit Ihren Daten etwas falsch gemacht oder nicht getan, was wir sollten.
web-right-complaint-gets = Eine Antwort in Worten von einem Menschen. Sie brauchen keinen Code.
web-right-complaint-scope = Was Sie beschreiben
web-right-appeal-title = Einspruch gegen eine Entscheidung
web-right-appeal-about = Wir haben einen Antrag abgelehnt, und Sie möchten, dass hier jemand anderes neu entscheidet.
web-right-appeal-gets = Eine zweite, begründete Entscheidung durch eine andere Person. Sie brauchen keinen Code.
web-right-appeal-scope = Die Entscheidung, die Sie nennen
web-form-of = Was sollen wir bestätigen?
web-of-my_data = Ob Sie Daten über mich haben
web-of-practices = Was Sie mit personenbezogenen Daten tun
web-form-about = Die Referenz Ihres Antrags
web-form-about-hint = Wenn es um einen früheren Antrag von Ihnen geht, zum Beispiel R-7F3K9Q2M. Sie steht in unseren Mails.
web-form-words = Worum geht es?
web-form-words-hint = Sagen Sie, was geschehen ist und was wir tun sollen. Bitte keine Passwörter und keine Ausweiskopien.
web-form-behalf = Fragen Sie für jemand anderen?
web-form-behalf-hint = Dann geben Sie die Adresse an, die diese Person bei uns verwendet, und sagen Sie oben, warum Sie für sie handeln dürfen.
web-form-behalf-none = Nein, für mich selbst
web-acting-agent = Ja, mit einer Vollmacht für solche Anträge
web-acting-attorney = Ja, mit einer allgemeinen Vollmacht
web-acting-parent = Ja, als Mutter oder Vater für mein Kind
web-acting-guardian = Ja, als bestellte Betreuung oder Vormund
web-acting-other = Ja, auf andere Weise
web-error-about = Geben Sie eine Referenz wie R-7F3K9Q2M ein, oder lassen Sie das Feld leer
web-taken-title = Es ist bei uns
web-taken-lead = Sie müssen nichts bestätigen. Ein Mensch liest es und antwortet Ihnen per Mail.
web-stage-answered = Beantwortet
web-stage-answered-text = Wir haben Ihnen unsere Antwort gemailt. Sie steht auch unten bei Ihren Nachrichten, sobald Sie diese Seite entsperrt haben.
web-stage-words-text = Ein Mensch liest hier, was Sie geschrieben haben, und antwortet Ihnen per Mail.
web-stage-letter-text = Unsere Antwort ist ein Brief. Zum Herunterladen brauchen Sie einen frischen Code.
