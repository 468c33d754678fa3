# The public pages. Sentences about the person say "you", about the organisation "we".

web-skip = Skip to the content
web-brand = Your data, your rights
web-languages = Language
web-privacy-link = Privacy
web-accessibility-link = Accessibility
web-contact = Questions? A person answers:
web-reference = Your reference

# Stretches of time.
web-term-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
web-term-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
web-term-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
web-term-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
web-term-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}

# The rights.
web-right-access-title = Get a copy of your data and how it is used
web-right-access-about = See what we hold about you, where it comes from, why we use it, who receives it and how long we keep it.
web-right-access-gets = One archive with all data about you, and a report in plain words.
web-right-access-scope = Everything we hold about you
web-right-export-title = Take your data elsewhere
web-right-export-about = Move to another service, or keep what is yours: what you gave us and what came about while you used our service.
web-right-export-gets = One archive with your data and files in formats that other programs can read.
web-right-export-scope = What you gave us and what came about while you used our service
web-right-deletion-title = Have your data deleted
web-right-deletion-about = Have everything deleted, some kinds of data, or single things. We tell you first what would go and what has to stay.
web-right-deletion-gets = A list of what goes and what stays, time to change your mind, and a signed receipt.
web-right-deletion-scope = What you chose on the form: everything, some kinds of data, or single things
web-scope = What shall be deleted?
web-scope-hint = Choose one. We tell you what that touches before anything is deleted.
web-scope-everything = Everything you hold about me
web-scope-everything-hint = Your account goes too: you cannot sign in any more, and what you paid for may be lost.
web-scope-categories = Only some kinds of data
web-scope-categories-hint = Your account stays. Tick the kinds below.
web-scope-items = Only these single things
web-scope-items-hint = Your account and everything else stay.
web-scope-kinds = The kinds of data
web-scope-kind-account = My account and its settings
web-scope-kind-name = My name
web-scope-kind-contact = How to reach me: addresses, numbers
web-scope-kind-content = What I made or uploaded: texts, images, files
web-scope-kind-behavior = What I did: visits, searches, use
web-scope-kind-device = My devices and their addresses
web-scope-kind-location = Where I was
web-scope-kind-payment = My payments
web-error-scope-missing = Choose what shall be deleted.
web-error-scope = Choose everything, or tick at least one kind of data.
web-erasure-goes = What goes
web-erasure-stays = What stays, and why
web-erasure-line = { $store }, { $collection }: { $shown }
web-erasure-line-masked = { $store }, { $collection }: what points to you, in { $shown }
web-erasure-kept = { $what }. The reason: { $ground }
web-erasure-kept-until = { $what }. The reason: { $ground }, until { $date }
web-erasure-kept-rule = a rule that obliges us to keep it
web-erasure-not-before = Nothing is deleted before
web-erasure-receipt = Your receipt
web-erasure-receipt-text = It says what went, what stays and why, and names neither you nor your data. It is signed: anybody can check it with minisign and our public key.
web-erasure-receipt-save = Save the receipt
web-erasure-receipt-signature = Save its signature
web-right-correction-title = Have wrong data corrected
web-right-correction-about = Something we hold about you is wrong, out of date or incomplete: your name, an address, a date.
web-right-correction-gets = The correction in our systems, and an answer that says what we changed and what we did not, with the reasons.
web-right-correction-scope = What you tell us to put right

# Choosing.
web-choose-title = What can we do for you?
web-choose-lead = You decide about your data. Ask { $org } here: it takes about two minutes, costs nothing and needs no account.
web-choose-see = See what we hold
web-choose-change = Have it changed
web-choose-use = Say how it may be used
web-choose-human = Have a human look
web-choose-now = no time: it holds at once
web-choose-gets = You get
web-choose-time = It takes
web-choose-hours = { $hours ->
    [one] at most 1 hour
   *[other] at most { $hours } hours
}
web-how-title = How it works
web-how-ask = You tell us your e-mail address and what you want.
web-how-confirm = You confirm with a code that we mail to you, so that nobody else gets your data.
web-how-answer = You get our answer within { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
} of your request, and can follow every step until then.
web-other-title = Something else, or no e-mail?
web-other-text = For every other question about your data, or if you prefer paper, write to us. No particular form is needed.
web-other-contact = Contact
web-other-postal = Post

# The form.
web-form-back = Choose something else
web-form-email = Your e-mail address
web-form-email-words = The one under which our answer reaches you.
web-form-email-hint = The one you use with us. We look for your data with it, and mail you a code and the answer.
web-form-optional = (optional)
web-form-name = Your name
web-form-name-hint = Only so that we can address you properly.
web-form-country = Where you live
web-form-country-hint = It tells us which law applies to your request.
web-form-country-none = Not stated
web-form-details = Anything that helps us
web-form-details-hint = For example a customer number, or what matters most to you. Please no passwords and no copies of identity cards.
web-form-more = Does one of these apply too?
web-form-also = Also: { $right }
web-form-privacy = { $org } uses what you enter here only to check that the request is yours, to answer it and to be able to prove that.
web-form-privacy-time = We delete your contact data { $closed } after the answer; a line without your name and address stays for { $register } as proof.
web-form-privacy-link = More about this
web-form-send = Send request
web-form-next = Next, we mail you a code.
web-form-no-mail = You have no e-mail?
web-form-no-mail-text = Then write to us. We treat your request the same.

web-error-prefix = Error:
web-error-title = { $count ->
    [one] One thing needs your attention
   *[other] { $count } things need your attention
}
web-error-email-missing = Enter your e-mail address, so that we can answer you
web-error-email-form = Enter an e-mail address such as name@example.org
web-error-too-long = Use at most { $most } characters
web-error-control = Leave out characters that cannot be shown, such as those copied along from another program
web-error-country = Choose a country from the list
web-error-form = The form did not arrive as we made it. Look through it and send it again

# After the form.
web-sent-title = Check your e-mail
web-sent-lead = We have your request. Please confirm it now, so that we can begin.
web-sent-confirm = Confirm with your code
web-sent-code = A mail with a code is on its way to the address you gave. You can type the code here or open the link in the mail, on any device.
web-sent-reference = Note it down; it helps if you want to write to us.
web-sent-next = What happens next
web-sent-next-confirm = You confirm with the code.
web-sent-next-gather = We collect your data from all our systems. You can watch how far we are.
web-sent-next-answer = We answer within { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
}, counted from the moment you sent the form.
web-sent-nothing = No mail?
web-sent-spam = Give it two minutes and look in your spam folder. If you made a typing error in the address, simply fill in the form again.
web-sent-contact = A person helps you here:

# The code.
web-code-label = Code from the mail
web-code-hint = Eight letters and digits, like ABCD-EFGH. Capitals, spaces and the hyphen do not matter.
web-code-confirm = Confirm request
web-code-unlock = Unlock this page
web-code-download = Download
web-code-ask = First, have a code mailed to you.
web-code-send = Mail me a code
web-code-missing = Codes work for 10 minutes. Too late, or no mail?
web-code-again = Mail me a fresh code
web-code-not-a-code = This is not a code yet. Type the eight letters and digits from the mail.
web-code-wrong = That was not the right code. { $left ->
    [one] You have one more try.
   *[other] You have { $left } more tries.
}
web-code-too-many = That was not the right code either, so it no longer works. Please have a fresh code mailed to you.
web-code-was-reference = That is the reference of your request. The code stands in the mail, on a line of its own.
web-code-expired = This code no longer works, because its 10 minutes are over or a newer one was sent. Please have a fresh code mailed to you.
web-code-fresh-sent = If a fresh code can be sent, it is on its way. Only the newest code works.

# The mail’s link.
web-asserted-title = A request in your name
web-asserted-lead = An app of { $org } in which you were signed in has asked for this. If that was you, close this page: there is nothing to do.
web-asserted-not-me-text = The request is stopped, what was gathered for it is destroyed, and our staff are told. Change your password as well.
web-verify-title = Was this you?
web-verify-lead = Somebody gave this e-mail address to { $org } and asked for the following. Nothing happens until it is confirmed.
web-verify-right = Request
web-verify-scope = Covers
web-verify-when = Asked on
web-verify-country = Country given
web-verify-no-country = None
web-verify-me = Yes, this was me
web-verify-me-text = Type the code from the mail, and we begin.
web-verify-not-me = No, this was not me
web-verify-not-me-text = We then cancel the request, forget this address and send it no more mail about requests for 30 days. Nobody gets any data.
web-verify-not-me-button = This was not me
web-resume-title = Go on with your request
web-resume-lead = Nobody confirmed this request in time, so we forgot the e-mail address. The request itself still counts from its first day.
web-resume-hint = The same one as before. We mail you a fresh code.
web-resume-button = Go on

# Status.
web-status-title = { $count ->
    [one] Your request
   *[other] Your requests
}
web-status-steps = Steps
web-status-stores = Where we look
web-status-progress = { $done } of { $total } finished
web-status-keep = The link to this page is personal. Keep it, and do not pass it on.
web-stage-awaiting = Waiting for your confirmation
web-stage-awaiting-text = Please type the code that we mailed to you. We begin as soon as you have.
web-stage-gathering = We are collecting your data
web-stage-gathering-text = We are asking every system that may hold something about you. There is nothing for you to do.
web-stage-review = A person is checking the answer
web-stage-review-text = Somebody here makes sure that the answer is complete and shows nothing about other people.
web-stage-finishing = We are packing your archive
web-stage-finishing-text = This takes from seconds to some minutes, depending on its size. We mail you when it is done.
web-stage-ready = Your archive is ready
web-stage-ready-text = It contains our answer and your data. You need a fresh code to download it.
web-stage-part = Your archive is ready, one part follows
web-stage-part-text = Some systems have not answered yet. The archive says which; we mail you when the rest is there.
web-stage-expired = Answered, the archive has expired
web-stage-expired-text = Our archive with your data was ready for you; its time is over, and we destroyed it.
web-stage-nothing = Answered: we found nothing
web-stage-nothing-text = None of our systems holds data under the keys you confirmed. Our mail says where we looked.
web-stage-refused = Answered with a decision
web-stage-refused-text = We mailed you our decision with its reasons, and how you can have it checked.
web-stage-withdrawn = Withdrawn
web-stage-withdrawn-text = You withdrew this request. What we had collected for it is destroyed.
web-stage-lapsed = Not confirmed in time
web-stage-lapsed-text = Nobody typed the code, so we did not begin. The link in our last mail lets you go on.
web-stage-cooling = Approved, and not begun yet
web-stage-cooling-text = You can still stop it here. Nothing is deleted before the time that our mail names.
web-stage-approving = People are checking the deletion
web-stage-approving-text = We have looked at what would be deleted and mailed it to you. Nothing is deleted before it is approved.
web-stage-erasing = Your data are being deleted
web-stage-erasing-text = One system after the other. You can stop it, but what is gone cannot be brought back.
web-stage-erased = Deleted
web-stage-erased-text = All of it is gone; we looked again afterwards. The receipt says what and when.
web-stage-erased-part = Deleted, and something stays
web-stage-erased-part-text = What a rule obliges us to keep stays, or something goes only later. The receipt says what and why.
web-step-received = Request received
web-step-confirmed = Confirmed with a code
web-step-gathered = Data collected
web-step-looked-up = What there is was looked up
web-step-decided = Checked and decided by people
web-step-carried-out = Carried out, and looked at again
web-step-set = Set in the systems
web-step-checked = Answer checked and packed
web-step-answered = Answer sent
web-step-done = done
web-step-now = in progress
web-step-ahead = still to come
web-promise-by = We answer by
web-promise-answered = Answered on
web-promise-legal = Latest date by law
web-promise-late = We are late. We promised our answer by
web-promise-late-text = A person is looking into it, and your request goes first.
web-trouble-question = We found a question that a person here must look at. It does not make your request any less urgent.
web-trouble-store = One of our systems did not answer. We are looking into it and try again.
web-trouble-mail = A mail to you could not be delivered. Please check that your mailbox takes mail from us.
web-trouble-proof = It is more than 90 days since you last confirmed your mailbox, and sensitive data are concerned. Have a code mailed to you on this page and type it; then we go on. If we have no mailbox of yours, we will find another way with you.
web-store-waiting = waiting
web-store-running = being read
web-store-done = done
web-store-failed = trouble, we are looking into it
web-store-skipped = left out; the answer says why
web-store-rows = { $count ->
    [0] no entries
    [one] 1 entry
   *[other] { $shown } entries
}
web-store-files = { $count ->
    [one] 1 file
   *[other] { $shown } files
}
web-unlock-title = See all and act
web-unlock-text = With a code from your mailbox you can write to us and, as far as there is something to, download your archive or withdraw the request. It unlocks this page for 30 minutes.
web-notice-unlocked = This page is unlocked for 30 minutes.
web-notice-locked = Too much time has passed. Unlock this page again with a code, then repeat what you wanted to do.
web-notice-message = Your message is with us.
web-notice-message-empty = Write something before you send it.
web-notice-message-unreadable = This message is too long or has characters that cannot be shown. Shorten it or leave them out.
web-notice-withdrawn = Your request is withdrawn.
web-notice-restored = Your request goes on, and still counts from its first day.
web-notice-again = We are making the archive again. We mail you when it is ready.
web-notice-not-now = That is not possible as things stand now. Below you see where they stand.

web-download-title = Download your archive
web-download-size = Size
web-download-until = Available until
web-download-times = Downloaded
web-download-count = { $count ->
    [0] not yet
    [one] once
   *[other] { $count } times
}
web-check = Check that the archive is genuine
web-check-sum = The SHA-256 sum of the file must be exactly this:
web-check-signature = The list of contents, manifest.json, is signed in the minisign format.
web-check-key = Our public key
web-renew-title = The archive is no longer here
web-renew-text = To keep your data safe we do not keep archives for long. You need no new request; we can make it again until
web-renew-button = Make it again
web-withdraw = Withdraw this request
web-withdraw-text = We stop and destroy what we have collected for it. You can undo this for 24 hours.
web-withdraw-button = Withdraw { $reference }
web-undo-text = Changed your mind? You can undo the withdrawal until
web-undo-button = Undo for { $reference }
web-messages-title = Messages
web-messages-text = Write to the people who work on your request. They answer here and tell you by mail.
web-messages-you = You
web-messages-label = Your message
web-messages-hint = At most 4,000 characters. Please no passwords.
web-messages-send = Send message

# Pages that say one thing.
web-message-back = Back
web-message-start = To the start page
web-not-found-title = This page does not exist
web-not-found-text = Maybe the address was cut off when it was copied.
web-not-found-next = Open the link in our mail once more, or begin at the start page.
web-method-title = That does not work here
web-method-text = The address is right, but it cannot be called up in this way.
web-method-next = Go back and use the buttons of the page.
web-spent-title = This link has done its work
web-spent-text = Each link works for one purpose and for a limited time. This one was used already, or its time is over.
web-spent-next = Open the newest mail from us. It has a link that works.
web-unknown-title = We do not know this link
web-unknown-text = It may be cut off, or so old that we have forgotten it.
web-unknown-next = Open the newest mail from us and take its link whole. If there is none, simply ask again.
web-gone-title = This archive is no longer here
web-gone-text = We keep archives for a limited time only, so that your data are safe. Its time is over, or it was called back.
web-gone-next = On your status page you can have it made again. The link stands in our mails.
web-ended-title = This download has ended
web-ended-text = A download belongs to the browser that started it, and lasts for a limited time. Here it has not been started, or its time is over.
web-ended-next = Open your status page and ask for a fresh code. The link stands in our mails.
web-large-title = That is too much
web-large-text = What you sent is larger than we can take.
web-large-next = Shorten your text and send it again.
web-unreadable-title = We could not read this
web-unreadable-text = The form did not arrive as we made it, so we changed nothing.
web-unreadable-next = Open the page again and fill it in once more.
web-many-title = A little too fast
web-many-text = Very many requests came from your connection, so we pause to protect everybody. Nothing of yours is lost.
web-many-next = Please try again in { $wait }.
web-cross-title = This came from another page
web-cross-text = The form was sent from a page that is not ours. To protect you we did nothing with it.
web-cross-next = Open our page itself and send the form from there.
web-failed-title = That went wrong on our side
web-failed-text = The fault is ours, and it was recorded. It is not your input.
web-failed-next = Please try again in some minutes. If it stays, write to us.
web-unavailable-title = We will be back soon
web-unavailable-text = The service is starting or under maintenance.
web-unavailable-next = Please try again in some minutes. Your deadlines are not affected.
web-not-me-title = Thank you, it is cancelled
web-not-me-text = The request is cancelled and nobody got any data. We have forgotten your address here.
web-not-me-next = For 30 days we send it no mail about requests. You need do nothing else.

# What this service keeps.
web-privacy-title = Privacy of this service
web-privacy-lead = With this service { $org } receives and answers requests about personal data. This page says what is kept about you when you ask.
web-privacy-what = What we keep
web-privacy-what-form = What you enter in the form: e-mail address, and where given your name, country and remarks. All of it is stored encrypted.
web-privacy-what-answer = What we collect to answer you, encrypted, until the archive has expired; and the messages that you and we exchange.
web-privacy-what-record = A record of what was done when: received, confirmed, answered, downloaded.
web-privacy-what-technical = Your network address only for some minutes, in memory, to fend off abuse. Our logs contain neither it nor your e-mail address.
web-privacy-why = Why
web-privacy-why-text = To carry out your rights as the law obliges us (GDPR Art. 6(1)(c) with Art. 12 to 22), and to be able to prove that we did (GDPR Art. 5(2)). We use nothing of it for anything else.
web-privacy-long = How long
web-privacy-long-lapse = If nobody confirms a request, we destroy the address after { $term }.
web-privacy-long-archive = We destroy archives after { $term }.
web-privacy-long-closed = Contact data and messages are deleted { $term } after the answer.
web-privacy-long-register = A line in the register without name and address stays for { $term }, as proof that we answered.
web-privacy-long-block = If you say “this was not me”, we keep a keyed fingerprint of the address for 30 days, only so as not to mail it.
web-privacy-cookies = Cookies
web-privacy-cookies-text = One cookie keeps your status page unlocked, for 30 minutes, and one lets your download go on. There are no others, no scripts, and nothing is loaded from other servers.
web-privacy-who = Who is responsible
web-privacy-who-text = { $org } decides about these data and answers your questions.
web-privacy-general = General privacy notice
web-privacy-rights = Your rights
web-privacy-rights-text = You have the same rights over these data as over all others: access, correction, deletion, restriction, portability and objection. Use the form or write to us.
web-privacy-complain = Complaints
web-privacy-complain-text = You can complain to a data protection authority at any time, for example where you live or work, and you can go to court.
web-privacy-authority = The authority responsible for us:

# Accessibility.
web-accessibility-title = Accessibility
web-accessibility-lead = Everybody should be able to use their rights. These pages are built for that.
web-accessibility-can = What you can count on
web-accessibility-keyboard = Everything works with the keyboard alone, and you always see where you are.
web-accessibility-reader = Headings, fields, hints and error messages are made so that screen readers announce them.
web-accessibility-zoom = You can enlarge the pages to 400 % without losing anything or scrolling sideways.
web-accessibility-colour = Nothing is said by colour alone. The pages follow your settings for dark, high contrast and reduced motion.
web-accessibility-script = No script is needed, and nothing moves.
web-accessibility-code = Codes can be pasted. If one runs out, you get a fresh one with one button; nothing you typed is lost.
web-accessibility-standard = Measure
web-accessibility-standard-text = We aim for the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, and check every version of these pages automatically against it.
web-accessibility-limits = Known limits
web-accessibility-limits-text = Files inside your archive are as you or others made them, and may not be accessible themselves. No outside audit has taken place yet.
web-accessibility-tell = Tell us
web-accessibility-tell-text = If something gets in your way, write to us, and we help you in another way too:

# The demo’s mailbox.
web-mailbox-title = Demo mailbox
web-mailbox-lead = All mails of this demo end up here instead of being sent, whoever they are addressed to.
web-mailbox-empty = Nothing has been sent yet. Send a request and come back.
web-mail-back = All mails
web-mail-from = From
web-mail-to = To
web-mail-date = Date
web-mail-kind = Kind
web-status-looked = A person here looked at your address

# Corrections.
web-form-changes = What is to be corrected
web-form-changes-hint = Tell us for each detail what it should say. What is empty, we leave alone. If you have papers that show it, keep them at hand: we ask for them only when we need them.
web-form-change-field = Detail { $number }
web-form-change-value = What detail { $number } should say
web-form-change-none = Please choose
web-field-name = Name
web-field-email = E-mail address
web-field-phone = Telephone number
web-field-address = Postal address
web-field-date-of-birth = Date of birth
web-field-other = Something else
web-error-changes-missing = Please tell us at least one detail that is to be corrected, and what it should say.
web-error-changes-many = Please tell us at most { $most } details in one request.
web-stage-correcting = We are correcting your data
web-stage-correcting-text = We write what was approved into our systems and look that it stands there. Where the change is about how we recognise you, we first tell the old and the new address and wait for two days.
web-stage-corrected = Answered: corrected
web-stage-corrected-text = What you asked for now stands in our systems.
web-stage-corrected-part = Answered: corrected in part
web-stage-corrected-part-text = Below you see what we changed and what we did not, with the reasons.
web-status-changes = What you asked us to correct
web-change-open = Not decided yet
web-change-coming = Will be corrected
web-change-made = Corrected
web-change-part = Corrected in part
web-change-declined = Not corrected
web-declined-accurate = What we hold is right.
web-declined-not-proven = Nothing shows that what we hold is wrong.
web-declined-record = It is a record of what was so at the time and has to stay as it is.
web-declined-not-held = We hold nothing of the kind.
web-declined-not-identified = We could not make sure that the data are yours.
web-declined-not-controller = We do not decide about these data; somebody else does.
web-changing-title = A change of your contact data
web-changing-lead = { $org } was asked to change data by which your account is found. If that was you, close this page: there is nothing to do.
web-changing-not-me-text = The change is stopped and our staff are told.

web-stop-title = A deletion of data
web-stop-lead = { $org } was asked to delete data of a person whom the systems also know by your address. If you asked for this, close this page: there is nothing to do.
web-stop-heading = You do not want this?
web-stop-text = Nothing more is deleted then. Our staff write to you at this address before anything goes on.
web-stop-button = Stop, and contact me
web-stopped-title = Stopped
web-stopped-text = Nothing more is deleted for now.
web-stopped-next = Our staff write to you at the address at which you got our mail. You need do nothing else.

# Rights that are answered by a letter, or in words.
web-right-confirmation-title = Have something confirmed
web-right-confirmation-about = Know whether we hold data about you, or what we do with personal data in general.
web-right-confirmation-gets = A signed letter, without a copy of your data.
web-right-confirmation-scope = Whether we hold anything about you, or what we do with data
web-right-recipients-title = Know who has received your data
web-right-recipients-about = Learn by name to whom we have passed on data about you.
web-right-recipients-gets = A signed letter that names every recipient.
web-right-recipients-scope = Everybody who received data about you
web-right-human_review-title = Have a machine’s decision looked at by a human
web-right-human_review-about = A program has decided something about you, and you want a person to look at it and hear you.
web-right-human_review-gets = An answer in words from a person.
web-right-human_review-scope = The decision that you describe
web-right-complaint-title = Complain
web-right-complaint-about = We have done something wrong with your data, or not done what we should.
web-right-complaint-gets = An answer in words from a person. You need no code.
web-right-complaint-scope = What you describe
web-right-appeal-title = Appeal against a decision
web-right-appeal-about = We have refused a request, and you want somebody else here to decide again.
web-right-appeal-gets = A second decision, by another person, with reasons. You need no code.
web-right-appeal-scope = The decision that you name
web-form-of = What shall we confirm?
web-of-my_data = Whether you hold data about me
web-of-practices = What you do with personal data
web-form-about = The reference of your request
web-form-about-hint = If it is about an earlier request of yours, like R-7F3K9Q2M. It stands in our mails.
web-form-words = What is it about?
web-form-words-hint = Say what happened and what you want us to do. Please no passwords and no copies of identity cards.
web-form-behalf = Are you asking for somebody else?
web-form-behalf-hint = Then give the address that this person uses with us, and say above why you may act for them.
web-form-behalf-none = No, for myself
web-acting-agent = Yes, as an authorised agent
web-acting-attorney = Yes, with a power of attorney
web-acting-parent = Yes, as a parent for my child
web-acting-guardian = Yes, as an appointed guardian
web-acting-other = Yes, otherwise
web-error-about = Enter a reference such as R-7F3K9Q2M, or leave the field empty
web-taken-title = We have it
web-taken-lead = There is nothing to confirm. A person reads it and answers you by mail.
web-stage-answered = Answered
web-stage-answered-text = We mailed you our answer. It also stands below, with your messages, once you have unlocked this page.
web-stage-words-text = A person here reads what you wrote and answers you by mail.
web-stage-letter-text = Our answer is a letter. You need a fresh code to download it.
