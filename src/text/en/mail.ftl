mail-greeting = Hello,
mail-request = Request { $reference }
mail-received = Received
mail-promised = We answer by
mail-country-chosen = Country chosen on the form
mail-right-access = a copy of the personal data, and how they are used
mail-right-export = the personal data in a form to take elsewhere
mail-right-deletion = the deletion of the personal data
mail-right-correction = the correction of data that are wrong
mail-status-link = See how your request is doing

mail-footer-sender = Sent by { $organisation } about a request at { $base_url }
mail-footer-contact = You can reach us here: { $contact }
mail-footer-privacy = How we use personal data: { $url }

mail-code-valid =
    { $minutes ->
        [one] The code is valid for one minute.
       *[other] The code is valid for { $minutes } minutes.
    }
mail-code-only-there = Type the code only on our page ({ $base_url }). We never ask for it by phone or by mail. If you did not ask for a code, you can ignore this mail.

mail-verify-subject =
    { $count ->
        [one] Your code for request { $reference }
       *[other] Your code for { $count } requests
    }
mail-verify-why = Somebody has used this e-mail address to make a request to { $organisation }. Before we do anything, we want to be sure that it was you.
mail-stored-why = Somebody has made a request to { $organisation } from an e-mail address that differs from yours only in upper and lower case. Yours is the one we have on file. So that your data reach nobody but you, please confirm the request from this mailbox.
mail-verify-code = If it was you, type this code on the page linked below:
mail-verify-link = Confirm the request
mail-verify-not-you = It was not you? Then open the same page and choose “This was not me”. We cancel the request and forget your address. If you do nothing, nobody gets any data either.

mail-reminder-subject =
    { $count ->
        [one] Please confirm request { $reference }
       *[other] Please confirm { $count } requests
    }
mail-reminder-why = A request made to { $organisation } with this e-mail address has not been confirmed yet. Until it is, we cannot work on it.
mail-reminder-fresh = The code in our first mail is no longer valid. On this page you can have a fresh one sent to you:
mail-reminder-lapses = If we hear nothing by { $date }, the request lapses and we delete your address.

mail-lapsed-subject =
    { $count ->
        [one] Request { $reference } was not confirmed
       *[other] { $count } requests were not confirmed
    }
mail-lapsed-why = A request made to { $organisation } with this e-mail address was not confirmed, so we have not worked on it.
mail-lapsed-address = This is our last mail about it. Once it is sent, we delete your e-mail address from our request service.
mail-lapsed-resume = You can still take the request up again until { $date }. It then keeps the date on which we received it; we only have to ask for your e-mail address again.
mail-lapsed-link = Take the request up again
mail-lapsed-not-you = It was not you, or you no longer need it? Then there is nothing for you to do.

mail-verified-subject =
    { $count ->
        [one] Request { $reference } is confirmed
       *[other] { $count } requests are confirmed
    }
mail-verified-why = Thank you. You have confirmed the request from this mailbox.
mail-verified-next = { $organisation } now searches its systems for your data, checks what was found, and writes to you again when the answer is ready.
mail-verified-keep = Please keep this mail: the link leads to your status page for as long as the request runs. There you can also write to us or withdraw the request.

mail-archive-subject = Your data are ready: request { $reference }
mail-archive-why = { $organisation } has put together the data that it holds about you. You can download them now.
mail-archive-stores = Systems with data about you
mail-archive-rows = Records
mail-archive-files = Files
mail-archive-missing = Left out or not reached
mail-archive-size = Size of the download
mail-archive-until = Available until
mail-archive-nothing-missing = We know of nothing that is missing. A letter in the archive explains the answer and your rights.
mail-archive-see-missing = Some things are not in it. The archive has a list of them with the reasons, and a letter that explains the answer and your rights.
mail-archive-link = Go to the download
mail-archive-code = To make sure that only you get the data, we send a fresh code to this mailbox when you download.
mail-archive-after = After { $date } we destroy the archive.

mail-archive-reminder-subject = Still to download: request { $reference }
mail-archive-reminder-why = The archive with your data is available for a few more days only. After that we destroy it.
mail-archive-reminder-done = If you have downloaded it already, there is nothing more for you to do.

mail-download-subject = Your download code: request { $reference }
mail-download-why = This code starts the download of request { $reference }:
mail-unlock-subject = Your code for the status page: request { $reference }
mail-unlock-why = This code opens the status page of request { $reference }:

mail-nothing-subject = The answer to request { $reference }
mail-nothing-answer = { $organisation } has searched for personal data under the e-mail address to which we send this mail. We have found none.
mail-nothing-searched-at = Searched
mail-nothing-searched = We have searched these systems:
mail-nothing-not-searched = These we could not search, or only in part. Whether they hold something about you, we do not know:
mail-nothing-other-address = If you have used another e-mail address with us, please make a request with that one.
mail-nothing-rights = You can ask again at any time. You also have the right to have personal data corrected, deleted or restricted, and to object to their use.
mail-nothing-rights-contact = You can ask again at any time. You also have the right to have personal data corrected, deleted or restricted, and to object to their use. If you think that this answer is wrong, please tell us: { $contact }.
mail-nothing-complain = You can complain to a data protection authority, for example where you live or work, and you can go to court.
mail-nothing-complain-to = You can complain to a data protection authority, for example where you live or work. Ours is: { $authority }. You can also go to court.

mail-withdrawn-subject =
    { $count ->
        [one] Request { $reference } is withdrawn
       *[other] { $count } requests are withdrawn
    }
mail-withdrawn-done = You have withdrawn your request. We have stopped working on it.
mail-withdrawn-undo = If you change your mind, you can undo this on your status page until { $date }. The request then keeps the date on which we received it.

mail-asserted-subject =
    { $count ->
        [one] Request { $reference } in your name
       *[other] { $count } requests in your name
    }
mail-asserted-why = On { $date } a request about your data was made through an app of { $organisation } in which you were signed in.
mail-asserted-fine = If that was you, there is nothing to do: the app shows you how it goes on.
mail-asserted-not-me = If it was not you, somebody may be signed in with your account. Stop the request with this link. What was gathered is then destroyed and our staff are told. Change your password as well.
mail-asserted-link = This was not me

mail-message-subject = A message about request { $reference }
mail-message-why = { $organisation } has written to you about request { $reference }. You can read the message and answer it on your status page.
mail-message-private = To keep it private, the message itself is not in this mail.

mail-proof-subject = Please confirm once more: request { $reference }
mail-proof-why = Your request to { $organisation } is about data that could hurt you in a stranger’s hands, and it is more than 90 days since you last confirmed this mailbox. To keep your data safe, please confirm it once more.
mail-proof-how = Open your status page, have a code mailed to you there, and type it. Nothing else is needed.
mail-proof-then = As soon as you have typed it, we go on. Until then we give out, change and delete nothing. If this was not you, do nothing, or tell us.

mail-country =
    { $code ->
        [AR] Argentina
        [AT] Austria
        [AU] Australia
        [BE] Belgium
        [BG] Bulgaria
        [BR] Brazil
        [CA] Canada
        [CH] Switzerland
        [CN] China
        [CY] Cyprus
        [CZ] Czechia
        [DE] Germany
        [DK] Denmark
        [EE] Estonia
        [ES] Spain
        [FI] Finland
        [FR] France
        [GB] United Kingdom
        [GR] Greece
        [HR] Croatia
        [HU] Hungary
        [IE] Ireland
        [IN] India
        [IS] Iceland
        [IT] Italy
        [JP] Japan
        [KR] South Korea
        [LI] Liechtenstein
        [LT] Lithuania
        [LU] Luxembourg
        [LV] Latvia
        [MT] Malta
        [MX] Mexico
        [NL] Netherlands
        [NO] Norway
        [NZ] New Zealand
        [PL] Poland
        [PT] Portugal
        [RO] Romania
        [SE] Sweden
        [SG] Singapore
        [SI] Slovenia
        [SK] Slovakia
        [TR] Türkiye
        [UA] Ukraine
        [US] United States
        [ZA] South Africa
       *[other] { $code }
    }

# A request is refused.
mail-refused-subject = Our decision on request { $reference }
mail-refused-decision = { $organisation } has looked at your request and does not carry it out.
mail-refused-facts = What this rests on:
mail-refused-write-back = Do you see it otherwise? Please write to us on the status page; a person reads it.

# The statutory time is extended.
mail-extended-subject = We need more time for request { $reference }
mail-extended-why = { $organisation } needs more time to answer your request. The law allows that once, where a request is complex or there are many of them, and obliges us to tell you why.
mail-extended-until = We answer at the latest on
mail-extended-reason = Why it takes longer:

# A copy was taken without a request.
mail-copy-subject = A copy of your data was taken, { $reference }
mail-copy-what = At { $organisation }, a copy of the personal data stored under this e-mail address was taken outside of a request of yours. Two people had to agree to that. We tell you, so that it cannot happen unnoticed.
mail-copy-reference = Recorded as
mail-copy-at = When
mail-copy-ask = You can ask us why, and who received it.
mail-copy-ask-contact = You can ask us why, and who received it: { $contact }.

# The promise is missed.
mail-late-subject = We are late with request { $reference }
mail-late-sorry = { $organisation } promised you a quicker answer than you are getting. We are sorry. We are still working on your request.
mail-late-promised = Promised by
mail-late-until = We answer at the latest on
mail-late-stores = The reason: we have not been able to search all of our systems yet.
mail-late-review = The reason: a person has to check the answer before it goes out, and has not finished.
mail-late-identity = The reason: we have to make sure that the data we found are yours, so that nobody else gets them.
mail-late-delivery = The reason: the answer is ready, or nearly, but we have not been able to hand it over to you yet.
mail-late-your-reply = The reason: we have asked you something and wait for your reply. You find our question on your status page.
mail-late-contact = Do you want to speak to somebody about it? You can reach us here: { $contact }.

# To staff: what needs them.
mail-notice-subject =
    { $count ->
        [one] Request { $reference } needs you
       *[other] { $count } requests need you
    }
mail-notice-why = This is the request service. The following needs somebody:
mail-notice-promise = { $reference }: { $percent } % of the promised time are gone
mail-notice-deadline =
    { $days ->
        [one] { $reference }: the answer is due by law within a day
       *[other] { $reference }: the answer is due by law within { $days } days
    }
mail-notice-forecast = { $reference }: what still has to be done will hardly fit before the date that the law sets
mail-notice-disowned = { $reference }: the person says that they did not ask through the app that vouched for them
mail-notice-called = { $reference }: somebody at another address of the person has stopped the deletion and wants to be contacted
mail-notice-untold = { $reference }: somebody who received the data has not been told what was done with them
mail-notice-unforwarded = { $reference }: we hold data of this request on behalf of another company, and it has not been forwarded there
mail-notice-silent = { $reference }: somebody who was told has not acknowledged it
mail-notice-late = { $reference }: the promised time is over
mail-notice-two-people = { $reference }: the search leads to two people
mail-notice-unproven-match = { $reference }: the only match was never confirmed by its owner
mail-notice-too-many-keys = { $reference }: the search leads further than one person can
mail-notice-store-failed = { $reference }: a system could not be searched
mail-notice-job-dead = { $reference }: work was given up after many tries
mail-notice-mail-failed = { $reference }: a mail could not be delivered
mail-notice-plan-blocked = { $reference }: a store cannot do what its plan of deletion asks
mail-notice-too-few-approvers = { $reference }: fewer people can approve a deletion than it takes
mail-notice-protected = { $reference }: a deletion leads to somebody who must never be touched
mail-notice-remains = { $reference }: something is still there after it was deleted
mail-notice-proof-stale = { $reference }: it is too long since the person last confirmed who they are
mail-notice-private = Who asks, you see on the console only.

# Answers that are letters, or words.
mail-right-confirmation = a confirmation, without a copy of data
mail-right-recipients = who has received the personal data
mail-right-human_review = the review of an automated decision by a human
mail-right-complaint = a complaint about how personal data are used
mail-right-appeal = an appeal against a decision
mail-refused-ground = The reason: { $ground }.
mail-remedy-link = You do that here
mail-answer-subject = Our answer is ready: request { $reference }
mail-answer-why = { $organisation } has answered your request. The answer is a letter, which you can download now.
mail-answer-letter = The letter says what we found and what you can do. It comes in a small archive with a signature, so that everybody can check that it is genuine. It holds none of your data.
mail-answer-code = To make sure that only you get the letter, we send a fresh code to this mailbox when you download.
mail-lodged-subject =
    { $count ->
        [one] We have received { $reference }
       *[other] We have received { $count } requests
    }
mail-lodged-why = { $organisation } has received the following from this e-mail address. There is nothing for you to confirm.
mail-lodged-next = A person reads it, looks into it, and answers you by mail. We tell you if it takes longer than we hope.
mail-lodged-not-you = It was not you? Then you can ignore this mail. Nobody gets any data through it.
mail-replied-subject = Our answer to { $reference }
mail-replied-why = { $organisation } has looked into this:
mail-replied-upheld = You are right.
mail-replied-partly = You are right in part.
mail-replied-not_upheld = We have looked at it again, and come to the same result as before.
mail-replied-words = Our answer:
mail-replied-disagree = Do you see it otherwise? Then you can do this:
mail-verified-also = You already have a request for the same with us: { $references }. We have linked them. None is dropped, and each is answered.
# A deletion: what it would touch, the decision, and that it is done.
mail-erasure-planned-subject = What will be deleted, request { $reference }
mail-erasure-planned = You asked for your data to be deleted. We have looked at what there is. Nothing is deleted yet: people at our end check it first.
mail-erasure-not-before = Nothing is deleted before
mail-erasure-would-go = This would go:
mail-erasure-final = What is deleted cannot be brought back. If you want a copy of your data, ask for it first.
mail-erasure-stop = Have you changed your mind, or was this not you? Stop it on your status page.
mail-erasure-found-at = Found
mail-erasure-planned-child = We found that { $organisation } holds data of a child under this address that it must not hold. The law wants them deleted at once; nobody had to ask for it. Nothing is deleted yet: people at our end check it first, and then it begins without a wait.
mail-erasure-decided-child = { $organisation } deletes the data that it holds of a child under this address. The law wants that at once; nobody had to ask for it.
mail-erasure-stop-child = Is this a mistake, because no child uses this account? Write to us on your status page at once: a person reads it.
mail-erasure-decided-subject = Our decision on request { $reference }: your data will be deleted
mail-erasure-decided = { $organisation } deletes your data as you asked.
mail-erasure-begins = The deletion begins
mail-erasure-goes = This goes:
mail-erasure-nothing-goes = Nothing is left that we could delete.
mail-erasure-pseudonymised = Where only what points to you is removed, the rest stays under a pseudonym. That is not the same as anonymous.
mail-erasure-stays = This stays, and why:
mail-erasure-line = { $store }, { $collection }: { $count ->
        [one] one entry
       *[other] { $count } entries
    }
mail-erasure-line-masked = { $store }, { $collection }: what points to you, in { $count ->
        [one] one entry
       *[other] { $count } entries
    }
mail-erasure-kept = { $what }. The reason: { $ground }
mail-erasure-kept-until = { $what }. The reason: { $ground }, until { $date }
mail-erasure-kept-rule = a rule that obliges us to keep it
mail-erasure-done-subject = Your data are deleted, request { $reference }
mail-erasure-done = { $organisation } has deleted your data.
mail-erasure-done-at = Finished
mail-erasure-went = This went:
mail-erasure-looked = We have looked again afterwards: all of it is gone, or masked where the list says so.
mail-erasure-unsure = We could not look again everywhere, or found that something is not as it should be. The receipt says where.
mail-erasure-pending = Some of it goes, or can be looked at, only later. We look again by { $date } and tell you.
mail-erasure-backups = Copies in backups cannot be taken out one by one. They go with the backups:
mail-erasure-backup = { $store }: { $time }
mail-erasure-receipt = A signed receipt is on your status page. It names neither you nor your data.

## Corrections

mail-corrected-subject = The answer to request { $reference }
mail-corrected-all = { $organisation } has corrected what you asked for, and has looked in its systems that it stands there now.
mail-corrected-part = { $organisation } has corrected a part of what you asked for. This is our decision, with the reasons for the rest.
mail-corrected-none = { $organisation } has looked at your request and does not make the corrections. This is our decision, with the reasons.
mail-corrected-made = Corrected:
mail-corrected-made-line = { $field } ({ $places })
mail-corrected-declined = Not corrected:
mail-corrected-statement = Do you see it otherwise? You can write to us on the status page; a person reads it. You can add a statement of your own to incomplete data (GDPR Article 16), and while it is open whether they are right you can ask that they are not used (Article 18(1)(a)).
mail-corrected-recipients = We tell those who received the earlier data from us:
mail-corrected-look = On the status page, once you have opened it with a code, you see each change.
mail-declined-accurate = What we hold is right.
mail-declined-not-proven = Nothing shows that what we hold is wrong.
mail-declined-record = It is a record of what was so at the time and has to stay as it is.
mail-declined-not-held = We hold nothing of the kind.
mail-declined-not-identified = We could not make sure that the data are yours (GDPR Article 12(2)).
mail-declined-not-controller = We do not decide about these data; somebody else does.
mail-field-name = Name
mail-field-email = E-mail address
mail-field-phone = Telephone number
mail-field-address = Postal address
mail-field-date-of-birth = Date of birth
mail-field-other = Another detail
mail-change-subject = Your contact data are about to change ({ $reference })
mail-change-why = { $organisation } was asked to change data by which your account is found, for example your e-mail address. You get this mail because your address is the one that stands there now, or the one that shall stand there.
mail-change-not-before = Not before
mail-change-fine = If you asked for this, there is nothing to do.
mail-change-not-me = If you did not, stop it with this link. Nothing is changed then, and our staff are told.

mail-warning-subject = Data are about to be deleted ({ $reference })
mail-warning-why = { $organisation } was asked to delete data of a person whom our systems also know by your e-mail address. You get this mail so that nobody can have your data deleted unseen.
mail-warning-fine = If you asked for this, there is nothing to do.
mail-warning-stop = If you did not, stop it with this link. Nothing more is deleted then until our staff have been in touch with you.
mail-warning-link = Stop, and contact me
