deadline-weekday-1 = Monday
deadline-weekday-2 = Tuesday
deadline-weekday-3 = Wednesday
deadline-weekday-4 = Thursday
deadline-weekday-5 = Friday
deadline-weekday-6 = Saturday
deadline-weekday-7 = Sunday
deadline-received = Received on { $day }.
deadline-received-in = Received on { $day } (days of { $zone }).
deadline-appealed = The appeal was received on { $day }.
deadline-retrieved = The list was fetched on { $day }.
deadline-moved-identity = The clock starts when the proof of identity that we had asked for arrived: { $day }.
deadline-moved-fee = The clock starts when the fee was paid: { $day }.
deadline-verified = The person was verified on { $day }; that does not move the date.
deadline-identity-runs = We asked for proof of identity on { $day }; that does not stop this clock.
deadline-clarification-runs = We asked what is meant on { $day }; that does not stop this clock.
deadline-asked-late = Our question of { $day } came when the time was over; it stops nothing.
deadline-awaited = Our question of { $day } is not answered yet; the date moves when it is.
deadline-months =
    { $count ->
        [one] One month later is { $day }.
       *[other] { $count } months later is { $day }.
    }
deadline-months-short =
    { $count ->
        [one] One month later is { $day }, the last day of that month.
       *[other] { $count } months later is { $day }, the last day of that month.
    }
deadline-days =
    { $count ->
        [one] One day later is { $day }.
       *[other] { $count } days later is { $day }.
    }
deadline-first-day = Counting the first day too, it is { $day }.
deadline-working-days =
    { $count ->
        [one] One working day later ({ $week }) is { $day }.
       *[other] { $count } working days later ({ $week }) is { $day }.
    }
deadline-week-five = Monday to Friday
deadline-week-six = Monday to Saturday
deadline-holidays = Holidays in between: { $days }.
deadline-hours =
    { $count ->
        [one] One hour later is { $at }.
       *[other] { $count } hours later is { $at }.
    }
deadline-at-once = At once.
deadline-paused =
    { $count ->
        [one] From { $first } to { $last } the clock stood still, which adds one day: { $day }.
       *[other] From { $first } to { $last } the clock stood still, which adds { $count } days: { $day }.
    }
deadline-rolled-weekend = { $from } is no working day; the next one is { $day }.
deadline-rolled-holiday = { $from } is a holiday; the next working day is { $day }.
deadline-ends = It ends with that day: { $at }.
deadline-ends-in = It ends with that day in { $zone }: { $at }.
deadline-notice-in-time = The person was told on { $at } that it takes longer, and why: in time.
deadline-notice-late = The person was told only on { $at } that it takes longer: too late, so nothing is extended.
deadline-chosen = An officer decided that { $regime } holds, with a reason.
