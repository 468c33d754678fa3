archive-reference = Reference
archive-received = Received
archive-made = Made
archive-read = Read from our records
archive-read-span = from { $from } to { $to }
archive-nav = Pages of this archive
archive-nav-index = Contents
archive-nav-letter = Letter
archive-nav-about = About your data
archive-nav-missing = What is missing
archive-list-none = none

archive-rows = { $count ->
    [one] { $shown } row
   *[other] { $shown } rows
}
archive-files = { $count ->
    [one] { $shown } file
   *[other] { $shown } files
}
archive-found-nothing = nothing found
archive-not-asked = not read
archive-more = and { $shown } more in the folder { $folder }; manifest.json names every one

archive-letter-title-access = Your data, and our answer
archive-letter-title-export = Your data to take with you
archive-letter-hello = Hello,
archive-letter-asked-access = On { $date } you asked us for a copy of the personal data we hold about you, and how we use it. This letter is our answer.
archive-letter-asked-export = On { $date } you asked us for your personal data in a form that you can take elsewhere. This letter is our answer.
archive-letter-decision = Our decision
archive-letter-full = We grant your request in full. Everything we found is in this archive.
archive-letter-partial = We grant your request. Everything that we found and may give you is in this archive. Some things are not here; this letter names each of them with its reason.
archive-letter-nothing = We looked for you in every place listed below and found no personal data about you there.
archive-letter-nothing-partial = In the places that we could read we found no personal data about you. Some could not be read; this letter names each of them with its reason.
archive-letter-here = What we found, and where
archive-letter-how = Open index.html in this archive to see all files.
archive-letter-about = The page about-your-data.html says for each place why we use your data, who receives them and how long we keep them.
archive-letter-not-here = What is not here, and why
archive-letter-complete = Nothing is missing.
archive-letter-export-only = By law this copy holds the data that you gave us or that came about as you used our service (GDPR, Article 20). Conclusions that we drew ourselves are not part of it. To see those too, ask us for access to your data (Article 15).
archive-letter-rights = Your rights
archive-letter-rights-intro = You may exercise each of these rights at any time, free of charge:
archive-right-access = to get a copy of your data and to know how we use them (GDPR, Article 15)
archive-right-correction = to have wrong data corrected and incomplete data completed (Article 16)
archive-right-deletion = to have your data deleted (Article 17)
archive-right-restriction = to have the use of your data restricted (Article 18)
archive-right-export = to take data that you gave us elsewhere (Article 20)
archive-right-objection = to object to our using your data, to direct marketing without giving any reason (Article 21)
archive-right-human = to have a decision that a machine alone took about you reviewed by a human (Article 22)
archive-right-consent = to withdraw a consent, with effect from then on (Article 7)
archive-letter-disagree = If you do not agree
archive-letter-disagree-us = Tell us. You reach us at:
archive-letter-authority = You can complain to a data protection authority (Article 77): the one where you live, where you work, or where you think the law was broken. The one in charge of us is:
archive-letter-authority-any = You can complain to a data protection authority (Article 77): the one where you live, where you work, or where you think the law was broken.
archive-letter-court = You can also go to court (Article 79). A complaint to the authority does not take that away.
archive-letter-privacy = Our privacy notice
archive-letter-sincerely = Yours sincerely

archive-index-title-access = Your data
archive-index-title-export = Your data to take with you
archive-index-intro = This archive holds the personal data that { $name } found about you, and what you should know about them. Nothing in it connects to the internet, apart from links in the letter.
archive-index-start = Read first
archive-index-letter = Our answer in words: the decision, your rights, how to complain
archive-index-about = For each place: why we use your data, who receives them, how long we keep them
archive-index-missing = Everything that is not here, with the reason
archive-index-data = What is here
archive-index-open = How to open the files
archive-index-csv = Files that end in .csv open in any spreadsheet program. If it asks, choose UTF-8 and the comma. An empty field means that there is no value; two quotation marks with nothing between them mean a text without letters.
archive-index-csv-escaped = In .csv files a text that a spreadsheet could take for a formula has a ’ (apostrophe) put before it. The .ndjson file beside it has the text as it is.
archive-index-ndjson = Files that end in .ndjson hold the same rows for programs: one JSON object in each line, exact to the last digit. Bytes are written as base64. Any text editor opens them.
archive-index-parts = Long tables continue in files with a number: .0002, .0003 and so on.
archive-index-files = Pictures and other files lie in the folder files. Names that some computers do not take were changed; manifest.json has the original ones. Open files whose sender you do not know with the usual care.
archive-index-proof = Is it complete and genuine?
archive-index-proof-text = manifest.json lists every file with its size and SHA-256. Its signature, manifest.json.minisig, can be checked with the free program minisign and our public key, which our website publishes.

archive-about-title = About your data
archive-about-intro = For each place where we keep personal data, this page says what the law wants you to know (GDPR, Article 15(1) and (2)).
archive-about-controller = Who decides about them
archive-about-purposes = What we use them for
archive-about-categories = Kinds of data
archive-about-basis = Legal basis
archive-about-recipients = Who receives them
archive-about-source = Where they come from
archive-about-retention = How long we keep them
archive-about-backup = { $text }; backups: { $backup }
archive-about-country = Where they are
archive-about-safeguard = { $country }; protected by: { $safeguard }
archive-about-automated = Automated decisions
archive-about-automated-none = No decision about you is taken by a machine alone.
archive-about-rights = Your rights
archive-about-rights-text = You may have your data corrected, deleted or restricted, object to their use, and complain to a data protection authority. The letter says how.

archive-missing-title = What is missing
archive-missing-none = Nothing is missing: every place was read to its end, and all that was found is in this archive.
archive-missing-intro = These things are not in the archive. Each is listed with its reason.
archive-missing-export = This archive answers a request to take your data elsewhere. Conclusions that we drew ourselves and data that others gave us are by law not part of it (GDPR, Article 20).
archive-gap-no_key = { $place }: could not be searched, because we know no detail of you by which it is ordered.
archive-gap-not_searchable = { $place }: cannot be searched for single people.
archive-gap-forbidden = { $place }: we were not allowed to read it.
archive-gap-missing = { $place }: { $count ->
    [one] one thing is named in your data but is not there any more.
   *[other] { $shown } things are named in your data but are not there any more.
}
archive-gap-too_large = { $place }: { $count ->
    [one] one thing is too large for this archive. Ask us and we will find another way.
   *[other] { $shown } things are too large for this archive. Ask us and we will find another way.
}
archive-gap-skipped = { $place }: { $count ->
    [one] one thing was left out by our staff.
   *[other] { $shown } things were left out by our staff.
}
archive-withheld = { $collection } ({ $what }): { $count ->
    [one] one entry is about another person and stays with us, to protect their rights (GDPR, Articles 15(4) and 20(4)).
   *[other] { $shown } entries are about other people and stay with us, to protect their rights (GDPR, Articles 15(4) and 20(4)).
}
archive-store-skipped = This place was not read. The reason, in the words of our staff: { $reason }
archive-store-failed = This place did not answer, although we tried again and again. What it may hold about you is not in this archive.

archive-category-system = operation of our systems
archive-category-user = data about you
archive-category-user-account = account
archive-category-user-account-settings = account: settings
archive-category-user-account-username = account: user name
archive-category-user-behavior = behaviour
archive-category-user-behavior-browsing_history = behaviour: pages visited
archive-category-user-behavior-media_consumption = behaviour: media used
archive-category-user-behavior-purchase_history = behaviour: purchases
archive-category-user-behavior-search_history = behaviour: searches
archive-category-user-biometric = biometric data
archive-category-user-childrens = data about children
archive-category-user-contact = contact details
archive-category-user-contact-address = contact details: postal address
archive-category-user-contact-email = contact details: e-mail address
archive-category-user-contact-organization = contact details: organisation
archive-category-user-contact-phone_number = contact details: phone number
archive-category-user-contact-url = contact details: website
archive-category-user-content = contents
archive-category-user-content-private = contents: private
archive-category-user-content-public = contents: public
archive-category-user-content-self_image = contents: pictures of you
archive-category-user-criminal_history = criminal convictions
archive-category-user-demographic = demographic details
archive-category-user-demographic-date_of_birth = demographic details: date of birth
archive-category-user-demographic-language = demographic details: language
archive-category-user-demographic-political_opinion = political opinion
archive-category-user-demographic-race_ethnicity = ethnic origin
archive-category-user-demographic-religious_belief = religious belief
archive-category-user-demographic-sexual_orientation = sexual orientation
archive-category-user-device = device
archive-category-user-device-cookie = device: cookies
archive-category-user-device-cookie_id = device: cookies
archive-category-user-device-device_id = device: identifier
archive-category-user-device-ip_address = device: IP address
archive-category-user-financial = financial details
archive-category-user-government_id = official identity numbers
archive-category-user-health_and_medical = health
archive-category-user-job_title = occupation
archive-category-user-location = location
archive-category-user-name = name
archive-category-user-payment = payments
archive-category-user-privacy_preferences = privacy settings
archive-category-user-sensor = sensor readings
archive-category-user-social = social connections
archive-category-user-telemetry = technical usage data
archive-category-user-unique_id = identifiers
archive-category-user-user_sensor = sensor readings
archive-category-user-workplace = workplace

# Why a store was left out.
archive-skipped-unreachable = It could not be reached in time.
archive-skipped-shut-down = It is switched off and holds nothing that can still be read.
archive-skipped-otherwise = Its data reach you in another way.

# Letters without data.
archive-letter-title-confirmation = Our confirmation
archive-letter-title-recipients = Who has received your data
archive-index-title-confirmation = Our confirmation
archive-index-title-recipients = Who has received your data
archive-letter-asked-confirmation = On { $date } you asked us whether we process personal data about you. This letter is our answer.
archive-letter-asked-recipients = On { $date } you asked us who has received your personal data. This letter is our answer.
archive-practices-asked = On { $date } you asked us what we do with personal data. This letter is our answer.
archive-practices-what = What we do with personal data
archive-practices-intro = { $name } confirms: these are all the places where we keep personal data, with what we use them for, who receives them and how long they stay. The letter is about everybody and says nothing about any one person.
archive-practices-attached = Attached
archive-confirmation-yes = Yes, we process personal data about you. Below you see where.
archive-confirmation-no = No. At this time we have searched the places below and found no personal data about you.
archive-confirmation-no-partial = In the places that we could search at this time we found no personal data about you. Some could not be searched; this letter names each of them with its reason.
archive-confirmation-held = Of our own we found no personal data about you, but we process some on behalf of others, who decide about them. Below you see who they are.
archive-confirmation-where = Where we looked
archive-confirmation-when = Searched:
archive-confirmation-keys = By what we searched
archive-confirmation-keys-only = Data that are ordered by something else, such as another e-mail address, would not have been found. Ask again with that one.
archive-confirmation-no-data = This archive holds none of your data. To get a copy, ask us for access (GDPR, Article 15).
archive-key-email = e-mail address
archive-key-phone = phone number
archive-key-user = user number
archive-key-other = { $name }
archive-held = data about you
archive-recipients-none = As far as our records say, nobody outside has received personal data about you from us.
archive-recipients-these = We have given personal data about you, or may have given them, to these recipients:
archive-recipients-from = From:
archive-missing-none-letter = Nothing is missing: every place was searched to its end.
archive-store-withheld = We keep back what we found here. The reason: { $reason }
archive-found-withheld = kept back
archive-about-training = Training of models
archive-about-training-yes = Models are trained with them.
archive-about-training-no = No model is trained with them.
archive-about-training-unknown = Our records do not say. Ask us.
archive-gap-never_disclosed = { $place }: we hold something here. Californian law does not let us send data of this kind to anybody, so that nobody can steal it on the way (11 CCR § 7024(d)).
archive-held-title = Data that we hold on behalf of others
archive-held-only = data about you that we hold on behalf of others
archive-held-rows = { $collection }: { $count ->
    [one] one entry that we hold on behalf of { $name }, who decides about it.
   *[other] { $shown } entries that we hold on behalf of { $name }, who decides about them.
}
archive-gap-unproven = { $place }: we hold data of this kind. Since it is more than 90 days since you last confirmed who you are, we name the kind and do not send the data (11 CCR §§ 7024(a), 7062). Ask again and confirm with a fresh code to receive them.
