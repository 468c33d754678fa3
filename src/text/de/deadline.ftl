deadline-weekday-1 = Montag
deadline-weekday-2 = Dienstag
deadline-weekday-3 = Mittwoch
deadline-weekday-4 = Donnerstag
deadline-weekday-5 = Freitag
deadline-weekday-6 = Samstag
deadline-weekday-7 = Sonntag
deadline-received = Eingegangen am { $day }.
deadline-received-in = Eingegangen am { $day } (Tage in { $zone }).
deadline-appealed = Der Widerspruch gegen die Entscheidung ging ein am { $day }.
deadline-retrieved = Die Liste wurde abgeholt am { $day }.
deadline-moved-identity = Die Frist beginnt, als der erbetene Identitätsnachweis kam: { $day }.
deadline-moved-fee = Die Frist beginnt, als die Gebühr bezahlt wurde: { $day }.
deadline-verified = Die Person wurde am { $day } bestätigt; das verschiebt nichts.
deadline-identity-runs = Am { $day } haben wir nach einem Identitätsnachweis gefragt; das hält diese Frist nicht an.
deadline-clarification-runs = Am { $day } haben wir gefragt, was gemeint ist; das hält diese Frist nicht an.
deadline-asked-late = Unsere Frage vom { $day } kam, als die Zeit schon um war; sie hält nichts an.
deadline-awaited = Unsere Frage vom { $day } ist noch nicht beantwortet; mit der Antwort verschiebt sich der Tag.
deadline-months =
    { $count ->
        [one] Einen Monat später ist { $day }.
       *[other] { $count } Monate später ist { $day }.
    }
deadline-months-short =
    { $count ->
        [one] Einen Monat später ist { $day }, der letzte Tag dieses Monats.
       *[other] { $count } Monate später ist { $day }, der letzte Tag dieses Monats.
    }
deadline-days =
    { $count ->
        [one] Einen Tag später ist { $day }.
       *[other] { $count } Tage später ist { $day }.
    }
deadline-first-day = Zählt der erste Tag mit, ist es { $day }.
deadline-working-days =
    { $count ->
        [one] Einen Arbeitstag später ({ $week }) ist { $day }.
       *[other] { $count } Arbeitstage später ({ $week }) ist { $day }.
    }
deadline-week-five = Montag bis Freitag
deadline-week-six = Montag bis Samstag
deadline-holidays = Feiertage dazwischen: { $days }.
deadline-hours =
    { $count ->
        [one] Eine Stunde später ist { $at }.
       *[other] { $count } Stunden später ist { $at }.
    }
deadline-at-once = Sofort.
deadline-paused =
    { $count ->
        [one] Vom { $first } bis zum { $last } stand die Frist still; das ist ein Tag mehr: { $day }.
       *[other] Vom { $first } bis zum { $last } stand die Frist still; das sind { $count } Tage mehr: { $day }.
    }
deadline-rolled-weekend = { $from } ist kein Arbeitstag; der nächste ist { $day }.
deadline-rolled-holiday = { $from } ist ein Feiertag; der nächste Arbeitstag ist { $day }.
deadline-ends = Die Frist endet mit diesem Tag: { $at }.
deadline-ends-in = Die Frist endet mit diesem Tag in { $zone }: { $at }.
deadline-notice-in-time = Die Person hat am { $at } erfahren, dass es länger dauert, und warum: rechtzeitig.
deadline-notice-late = Die Person hat erst am { $at } erfahren, dass es länger dauert: zu spät, die Frist ist nicht verlängert.
deadline-chosen = Jemand mit der Rolle Datenschutz hat mit Begründung entschieden, dass { $regime } gilt.
