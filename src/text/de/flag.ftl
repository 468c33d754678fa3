# What data are used for, as people read it.
flag-purpose-marketing = Werbung per Mail oder Nachricht
flag-purpose-analytics = Messung, wie der Dienst genutzt wird
flag-purpose-training = Training von Modellen
flag-purpose-sale_share = Verkauf von Daten oder Weitergabe für Werbung
flag-purpose-targeted_ads = Werbung nach dem, was Sie anderswo tun
flag-purpose-profiling = Profile, auf denen Entscheidungen beruhen
flag-purpose-sensitive = sensible Daten über das hinaus, worum Sie gebeten haben

# The rights, as pages show them.
flag-right-restriction-title = Ihre Daten einfrieren
flag-right-restriction-about = Lassen Sie Ihre Daten aufbewahren, aber nicht verwenden, zum Beispiel während wir prüfen, ob sie stimmen, oder weil Sie sie für einen Anspruch brauchen.
flag-right-restriction-gets = Ihre Daten bleiben, wo sie sind, und wir tun nichts anderes mit ihnen, bis Sie von uns hören.
flag-right-restriction-scope = Jede Verwendung Ihrer Daten außer der Aufbewahrung
flag-right-objection-title = Einer Verwendung Ihrer Daten widersprechen
flag-right-objection-about = Sagen Sie Nein zu dem, was wir aus eigenem Interesse tun. Werbung endet sofort und ohne Begründung.
flag-right-objection-gets = Wir beenden die Verwendung oder sagen Ihnen, welcher überwiegende Grund dagegenspricht.
flag-right-objection-scope = Die Verwendungen, denen Sie widersprechen
flag-right-opt_out-title = Verwendungen abwählen
flag-right-opt_out-about = Keine Werbung, kein Verkauf, keine Weitergabe, kein Tracking, kein Training mit Ihren Daten.
flag-right-opt_out-gets = Es endet sofort. Sie müssen nicht sagen, wer Sie sind.
flag-right-opt_out-scope = Die Verwendungen, die Sie abwählen
flag-right-opt_in-title = Wieder erlauben, was Sie beendet haben
flag-right-opt_in-about = Nehmen Sie eine Abwahl, einen Widerspruch, eine Begrenzung oder einen Widerruf zurück.
flag-right-opt_in-gets = Nach Ihrer Bestätigung dürfen wir Ihre Daten dafür wieder verwenden.
flag-right-opt_in-scope = Die Verwendungen, die Sie wieder erlauben
flag-right-limit-title = Die Verwendung sensibler Daten begrenzen
flag-right-limit-about = Daten etwa über Gesundheit, Herkunft oder genauen Aufenthalt nur für das verwenden lassen, worum Sie uns gebeten haben.
flag-right-limit-gets = Es gilt sofort. Sie müssen nicht sagen, wer Sie sind.
flag-right-limit-scope = Ihre sensiblen Daten
flag-right-consent_withdrawal-title = Ihre Einwilligung widerrufen
flag-right-consent_withdrawal-about = Beenden Sie eine Einwilligung, die Sie uns gegeben haben. Was bis dahin geschah, bleibt rechtmäßig.
flag-right-consent_withdrawal-gets = Was auf Ihrer Einwilligung beruht, endet sofort.
flag-right-consent_withdrawal-scope = Die Verwendungen, in die Sie eingewilligt haben

# The form.
flag-form-purposes-opt_out = Was soll enden?
flag-form-purposes-consent_withdrawal = Welche Einwilligung endet?
flag-form-purposes-objection = Wem widersprechen Sie?
flag-form-purposes-opt_in = Was erlauben Sie wieder?
flag-form-purposes-limit = Was soll begrenzt werden?
flag-form-purposes-all = Wenn Sie nichts ankreuzen, endet alles.
flag-form-email-hint = Mit ihr gilt es für Sie überall, wo diese Adresse bekannt ist, und Sie erhalten eine Bestätigung. Ohne sie gilt es für diesen Browser.
flag-form-next-now = Es gilt, sobald Sie das Formular abgeschickt haben. Ein Code oder ein Konto ist nicht nötig.
flag-form-why-hint = Bei einer Einschränkung: warum, zum Beispiel weil Daten nicht stimmen. Bei einem Widerspruch: was an Ihrer Situation besonders ist.
flag-error-purpose = Kreuzen Sie mindestens eine Verwendung Ihrer Daten an.
flag-signal-on = Ihr Browser sendet das Signal Global Privacy Control. Wir beachten es: Wenn Sie hier ein Formular abschicken, vermerken wir es als Abwahl von Verkauf, Weitergabe und gezielter Werbung, für diesen Browser und für die Adresse, die Sie angeben.

# The page after the form.
flag-done-title = Es gilt ab jetzt
flag-done-lead = Ihre Entscheidung ist vermerkt. Sie müssen nichts weiter tun.
flag-done-reference = Notieren Sie sie; sie hilft, wenn Sie uns schreiben möchten.
flag-done-mail = Falls Sie eine Adresse angegeben haben, ist eine Bestätigung dorthin unterwegs.
flag-done-browser = Dieser Browser hat jetzt ein Cookie von { $host }, das dies besagt. Es gilt für diesen Browser auf dieser Website, 400 Tage lang oder bis Sie es löschen; andere Browser und Geräte wissen davon nichts. Geben Sie uns auch Ihre Adresse, dann gilt es überall, wo diese bekannt ist.
flag-done-signal = Das Signal Global Privacy Control Ihres Browsers ist als Abwahl von Verkauf, Weitergabe und gezielter Werbung vermerkt.
flag-done-undo = Anders überlegt?
flag-done-undo-link = Wieder erlauben, was Sie beendet haben

# The status page.
flag-stage-setting = Wird umgesetzt
flag-stage-setting-text = Ihre Entscheidung ist vermerkt und gilt für alle, die uns fragen. Wir schreiben sie in unsere Systeme.
flag-stage-applied = Es gilt
flag-stage-applied-text = Ihre Entscheidung ist vermerkt und gilt.
flag-stage-lifting = Die Einschränkung endet
flag-stage-lifting-text = Die Einschränkung wird aufgehoben. Wann und warum, lesen Sie in unserer Mail.
flag-stage-lifted = Die Einschränkung ist beendet
flag-stage-lifted-text = Den Grund haben Sie vorher erfahren. Was Sie sonst zur Verwendung Ihrer Daten gesagt haben, gilt weiter.
flag-status-set = In Kraft

# Mails.
flag-mail-right-restriction = dass die Daten aufbewahrt und nicht verwendet werden
flag-mail-right-objection = ein Widerspruch gegen eine Verwendung der Daten
flag-mail-right-opt_out = eine Abwahl
flag-mail-right-opt_in = dass eine Verwendung der Daten wieder erlaubt ist
flag-mail-right-limit = dass sensible Daten nur für das verwendet werden, worum gebeten wurde
flag-mail-right-consent_withdrawal = das Ende einer Einwilligung
flag-mail-applied-subject = Es gilt: Ihr Antrag { $reference }
flag-mail-applied-restriction = { $organisation } bewahrt Ihre personenbezogenen Daten ab jetzt auf und verwendet sie für nichts anderes. Ausgenommen sind Ihre Einwilligung, Rechtsansprüche, die Rechte anderer und wichtige öffentliche Interessen (Artikel 18 Absatz 2 DSGVO). Bevor das endet, sagen wir es Ihnen.
flag-mail-applied-stopped = { $organisation } hat Ihre Entscheidung vermerkt. Ab jetzt werden Ihre personenbezogenen Daten nicht verwendet für:
flag-mail-applied-allowed = { $organisation } hat Ihre Entscheidung vermerkt. Sie erlauben wieder, dass Ihre personenbezogenen Daten verwendet werden für:
flag-mail-applied-consent-needed = Für das Training von Modellen braucht es außerdem eine eigene Einwilligung. Wenn Sie nie eine gegeben haben, bleibt es ausgeschaltet.
flag-mail-applied-set = Es steht in diesen Systemen, und wir haben es dort nachgelesen:
flag-mail-applied-asking = Diese Systeme enthalten keinen solchen Eintrag. Soweit sie Daten dafür verwenden, müssen sie das Verzeichnis fragen, in dem Ihre Entscheidung steht:
flag-mail-applied-not-proved = Dafür musste niemand nachweisen, wer er ist. Wenn Sie es nicht waren, müssen Sie nichts tun; rückgängig machen können Sie es hier:
flag-mail-applied-undo = Wenn Sie es sich anders überlegen, können Sie es hier rückgängig machen:
flag-mail-undo-link = Wieder erlauben
flag-mail-ends-subject = Die Einschränkung Ihrer Daten endet (Antrag { $reference })
flag-mail-ends-why = { $organisation } hat die Verwendung Ihrer personenbezogenen Daten auf Ihren Wunsch eingeschränkt. Diese Einschränkung wird enden, und das Gesetz verpflichtet uns, Sie vorher zu unterrichten (Artikel 18 Absatz 3 DSGVO).
flag-mail-ends-at = Sie endet am
flag-mail-ends-reason = Warum sie endet:
flag-mail-ends-object = Sehen Sie es anders? Bitte schreiben Sie uns vorher auf der Statusseite; ein Mensch liest es.

# The console.
flag-console-purposes = Betrifft
flag-console-set = In Kraft
flag-console-since = { $what }, seit { $date }
flag-console-until = { $what }, vom { $date } bis { $end }
flag-console-ends = { $what }, endet { $date }
flag-console-restriction = Daten werden aufbewahrt und nicht verwendet
flag-console-stopped = beendet: { $purpose }
flag-console-allowed = wieder erlaubt: { $purpose }
flag-console-restrict = Verarbeitung einschränken
flag-console-restrict-text = Bewahrt die Daten dieser Person auf und lässt sie für nichts anderes verwenden, als eigener Antrag. Zum Beispiel während Sie prüfen, ob Daten stimmen (Art. 18 DSGVO).
flag-console-lift = Einschränkung beenden
flag-console-lift-text = Die Person erhält zuerst den Grund per Mail; die Einschränkung endet am { $date } und nicht, bevor die Mail angenommen wurde.
flag-console-lift-reason = Grund, geht per Mail an die Person
flag-console-enter-purposes = Zwecke, durch Leerzeichen getrennt
flag-console-enter-purposes-hint = Für Abwahl, Widerspruch und Ähnliches: { $known }. Leer bedeutet bei Abwahl und Widerruf alle.
