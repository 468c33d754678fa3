# What data are used for, as people read it.
flag-purpose-marketing = advertising by mail or message
flag-purpose-analytics = measuring how the service is used
flag-purpose-training = training models
flag-purpose-sale_share = selling data or sharing them for advertising
flag-purpose-targeted_ads = advertising chosen by what you do elsewhere
flag-purpose-profiling = profiles on which decisions rest
flag-purpose-sensitive = sensitive data beyond what you asked for

# The rights, as pages show them.
flag-right-restriction-title = Freeze your data
flag-right-restriction-about = Have your data kept and not used, for example while we look into whether they are right, or because you need them for a claim.
flag-right-restriction-gets = Your data stay where they are, and we do nothing else with them until you are told.
flag-right-restriction-scope = All uses of your data but keeping them
flag-right-objection-title = Object to a use of your data
flag-right-objection-about = Say no to what we do for reasons of our own. Advertising stops at once and without a reason.
flag-right-objection-gets = We stop the use, or tell you what overriding reason we have.
flag-right-objection-scope = The uses that you object to
flag-right-opt_out-title = Opt out
flag-right-opt_out-about = No advertising, no selling or sharing, no tracking, no training with your data.
flag-right-opt_out-gets = It stops at once. You need not say who you are.
flag-right-opt_out-scope = The uses that you opt out of
flag-right-opt_in-title = Allow again what you stopped
flag-right-opt_in-about = Take back an opt-out, an objection, a limit or a withdrawn consent.
flag-right-opt_in-gets = After you confirm, we may use your data for this again.
flag-right-opt_in-scope = The uses that you allow again
flag-right-limit-title = Limit the use of sensitive data
flag-right-limit-about = Have data such as health, origin or exact location used only for what you asked us for.
flag-right-limit-gets = It holds at once. You need not say who you are.
flag-right-limit-scope = Your sensitive data
flag-right-consent_withdrawal-title = Withdraw your consent
flag-right-consent_withdrawal-about = End a consent that you gave us. What we did before stays lawful.
flag-right-consent_withdrawal-gets = What rests on your consent stops at once.
flag-right-consent_withdrawal-scope = The uses that you consented to

# The form.
flag-form-purposes-opt_out = What shall stop?
flag-form-purposes-consent_withdrawal = Which consent ends?
flag-form-purposes-objection = What do you object to?
flag-form-purposes-opt_in = What do you allow again?
flag-form-purposes-limit = What shall be limited?
flag-form-purposes-all = Tick nothing, and everything stops.
flag-form-email-hint = With it, it holds for you wherever this address is known, and you get a confirmation. Without it, it holds for this browser.
flag-form-next-now = It holds as soon as you have sent the form. No code and no account are needed.
flag-form-why-hint = For a restriction: why, for example because data are wrong. For an objection: what is special about your situation.
flag-error-purpose = Tick at least one use of your data.
flag-signal-on = Your browser sends the signal Global Privacy Control. We honour it: when you send a form here, we note it as an opt-out from selling, sharing and targeted advertising, for this browser and for the address that you give.

# The page after the form.
flag-done-title = It holds from now on
flag-done-lead = We have noted your choice. You need not do anything else.
flag-done-reference = Note it down; it helps if you want to write to us.
flag-done-mail = If you gave an address, a confirmation is on its way there.
flag-done-browser = This browser now has a cookie of { $host } that says so. It holds for this browser on this site for 400 days, or until you delete it; other browsers and devices do not know of it. Give us your address as well, and it holds wherever that is known.
flag-done-signal = Your browser’s signal Global Privacy Control is noted as an opt-out from selling, sharing and targeted advertising.
flag-done-undo = Changed your mind?
flag-done-undo-link = Allow again what you stopped

# The status page.
flag-stage-setting = Being put into effect
flag-stage-setting-text = Your choice is noted and holds for whoever asks us. We are writing it into our systems.
flag-stage-applied = It holds
flag-stage-applied-text = Your choice is noted and holds.
flag-stage-lifting = The restriction ends
flag-stage-lifting-text = The restriction will be lifted. When and why, you can read in our mail.
flag-stage-lifted = The restriction has ended
flag-stage-lifted-text = You were told beforehand why. What you said otherwise about the use of your data still holds.
flag-status-set = In force

# Mails.
flag-mail-right-restriction = that the data are kept and not used
flag-mail-right-objection = an objection to a use of the data
flag-mail-right-opt_out = an opt-out
flag-mail-right-opt_in = that a use of the data is allowed again
flag-mail-right-limit = that sensitive data are used only for what was asked for
flag-mail-right-consent_withdrawal = the end of a consent
flag-mail-applied-subject = It holds: your request { $reference }
flag-mail-applied-restriction = { $organisation } keeps your personal data from now on and does not use them for anything else. Exceptions are your consent, legal claims, the rights of others and important public interests (GDPR Article 18(2)). Before this ends, we tell you.
flag-mail-applied-stopped = { $organisation } has noted your choice. From now on your personal data are not used for:
flag-mail-applied-allowed = { $organisation } has noted your choice. You allow again that your personal data are used for:
flag-mail-applied-consent-needed = Training models also needs a consent of its own. If you never gave one, it stays off.
flag-mail-applied-set = It is written into these systems, and we have read it back there:
flag-mail-applied-asking = These systems hold no such entry. Where they use data for this, they have to ask the register that holds your choice:
flag-mail-applied-not-proved = Nobody had to prove who they are for this. If it was not you, you need not do anything; you can undo it here:
flag-mail-applied-undo = If you change your mind, you can undo it here:
flag-mail-undo-link = Allow it again
flag-mail-ends-subject = The restriction of your data ends (request { $reference })
flag-mail-ends-why = { $organisation } restricted the use of your personal data as you asked. This restriction will end, and the law obliges us to tell you beforehand (GDPR Article 18(3)).
flag-mail-ends-at = It ends on
flag-mail-ends-reason = Why it ends:
flag-mail-ends-object = Do you see it otherwise? Please write to us on the status page before then; a person reads it.

# The console.
flag-console-purposes = About
flag-console-set = In force
flag-console-since = { $what }, since { $date }
flag-console-until = { $what }, from { $date } to { $end }
flag-console-ends = { $what }, ends { $date }
flag-console-restriction = data are kept and not used
flag-console-stopped = stopped: { $purpose }
flag-console-allowed = allowed again: { $purpose }
flag-console-restrict = Restrict processing
flag-console-restrict-text = Keeps this person’s data and has them used for nothing else, as a request of its own. For example while you look into whether data are right (GDPR Art. 18).
flag-console-lift = End the restriction
flag-console-lift-text = The person is mailed the reason first; the restriction ends on { $date } and not before the mail was accepted.
flag-console-lift-reason = Reason, mailed to the person
flag-console-enter-purposes = Purposes, separated by spaces
flag-console-enter-purposes-hint = For opt-outs, objections and the like: { $known }. Empty means all for an opt-out or a withdrawal.
