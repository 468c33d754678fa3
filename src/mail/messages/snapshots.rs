//! The plain text of each message in English, to be read as its reader does.

use super::tests::*;
use super::{Message, StoredAddress};
use crate::domain::language::Language;

pub(super) fn plain(message: &dyn Message) -> String {
    let letter = message.render(&speaker(Language::En), &facts());
    format!("Subject: {}\n\n{}", letter.subject, letter.text)
}

#[test]
fn verify_reads_well() {
    insta::assert_snapshot!(plain(&verify()), @r"
    Subject: Your code for request R-7F3K9Q2M

    Hello,

    Somebody has used this e-mail address to make a request to Example Shop. Before we do anything, we want to be sure that it was you.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET
    Country chosen on the form: Germany

    If it was you, type this code on the page linked below:

        ABCD-EFGH

    The code is valid for 10 minutes.

    Confirm the request:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    It was not you? Then open the same page and choose “This was not me”. We cancel the request and forget your address. If you do nothing, nobody gets any data either.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn stored_address_reads_well() {
    insta::assert_snapshot!(plain(&StoredAddress(verify())), @r"
    Subject: Your code for request R-7F3K9Q2M

    Hello,

    Somebody has made a request to Example Shop from an e-mail address that differs from yours only in upper and lower case. Yours is the one we have on file. So that your data reach nobody but you, please confirm the request from this mailbox.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET
    Country chosen on the form: Germany

    If it was you, type this code on the page linked below:

        ABCD-EFGH

    The code is valid for 10 minutes.

    Confirm the request:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    It was not you? Then open the same page and choose “This was not me”. We cancel the request and forget your address. If you do nothing, nobody gets any data either.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn reminder_reads_well() {
    insta::assert_snapshot!(plain(&reminder()), @r"
    Subject: Please confirm request R-7F3K9Q2M

    Hello,

    A request made to Example Shop with this e-mail address has not been confirmed yet. Until it is, we cannot work on it.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET

    The code in our first mail is no longer valid. On this page you can have a fresh one sent to you:

    Confirm the request:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    If we hear nothing by 8 March 2026, 13:00 CET, the request lapses and we delete your address.

    It was not you? Then open the same page and choose “This was not me”. We cancel the request and forget your address. If you do nothing, nobody gets any data either.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn lapsed_reads_well() {
    insta::assert_snapshot!(plain(&lapsed()), @r"
    Subject: Request R-7F3K9Q2M was not confirmed

    Hello,

    A request made to Example Shop with this e-mail address was not confirmed, so we have not worked on it.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET

    This is our last mail about it. Once it is sent, we delete your e-mail address from our request service.

    You can still take the request up again until 1 April 2026. It then keeps the date on which we received it; we only have to ask for your e-mail address again.

    Take the request up again:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    It was not you, or you no longer need it? Then there is nothing for you to do.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn verified_reads_well() {
    insta::assert_snapshot!(plain(&verified()), @r"
    Subject: Request R-7F3K9Q2M is confirmed

    Hello,

    Thank you. You have confirmed the request from this mailbox.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET
    We answer by: 4 March 2026, 13:00 CET

    Example Shop now searches its systems for your data, checks what was found, and writes to you again when the answer is ready.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    Please keep this mail: the link leads to your status page for as long as the request runs. There you can also write to us or withdraw the request.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn archive_ready_reads_well() {
    insta::assert_snapshot!(plain(&archive_ready()), @r"
    Subject: Your data are ready: request R-7F3K9Q2M

    Hello,

    Example Shop has put together the data that it holds about you. You can download them now.

    Request R-7F3K9Q2M: the personal data in a form to take elsewhere
    Systems with data about you: 2
    Records: 1,234
    Files: 56
    Left out or not reached: 0
    Size of the download: 12 MB
    Available until: 16 March 2026, 13:00 CET

    We know of nothing that is missing. A letter in the archive explains the answer and your rights.

    Go to the download:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    To make sure that only you get the data, we send a fresh code to this mailbox when you download.

    After 16 March 2026 we destroy the archive.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn archive_reminder_reads_well() {
    insta::assert_snapshot!(plain(&archive_reminder()), @r"
    Subject: Still to download: request R-7F3K9Q2M

    Hello,

    The archive with your data is available for a few more days only. After that we destroy it.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Available until: 16 March 2026, 13:00 CET

    Go to the download:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    To make sure that only you get the data, we send a fresh code to this mailbox when you download.

    If you have downloaded it already, there is nothing more for you to do.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn download_code_reads_well() {
    insta::assert_snapshot!(plain(&download_code()), @r"
    Subject: Your download code: request R-7F3K9Q2M

    Hello,

    This code starts the download of request R-7F3K9Q2M:

        ABCD-EFGH

    The code is valid for 10 minutes.

    Type the code only on our page (https://rights.shop.example). We never ask for it by phone or by mail. If you did not ask for a code, you can ignore this mail.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn status_code_reads_well() {
    insta::assert_snapshot!(plain(&status_code()), @r"
    Subject: Your code for the status page: request R-7F3K9Q2M

    Hello,

    This code opens the status page of request R-7F3K9Q2M:

        ABCD-EFGH

    The code is valid for 10 minutes.

    Type the code only on our page (https://rights.shop.example). We never ask for it by phone or by mail. If you did not ask for a code, you can ignore this mail.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn nothing_found_reads_well() {
    insta::assert_snapshot!(plain(&nothing_found()), @r"
    Subject: The answer to request R-7F3K9Q2M

    Hello,

    Example Shop has searched for personal data under the e-mail address to which we send this mail. We have found none.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET
    Searched: 1 March 2026, 13:30 CET

    We have searched these systems:

    * Shop accounts
    * Newsletter

    If you have used another e-mail address with us, please make a request with that one.

    You can ask again at any time. You also have the right to have personal data corrected, deleted or restricted, and to object to their use. If you think that this answer is wrong, please tell us: privacy@shop.example.

    You can complain to a data protection authority, for example where you live or work. Ours is: Data Protection Commission, dpc.example. You can also go to court.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn withdrawn_reads_well() {
    insta::assert_snapshot!(plain(&withdrawn()), @r"
    Subject: Request R-7F3K9Q2M is withdrawn

    Hello,

    You have withdrawn your request. We have stopped working on it.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used

    If you change your mind, you can undo this on your status page until 2 March 2026, 13:00 CET. The request then keeps the date on which we received it.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn new_message_reads_well() {
    insta::assert_snapshot!(plain(&new_message()), @r"
    Subject: A message about request R-7F3K9Q2M

    Hello,

    Example Shop has written to you about request R-7F3K9Q2M. You can read the message and answer it on your status page.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    To keep it private, the message itself is not in this mail.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}
