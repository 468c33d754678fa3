//! The plain text of what staff decide, in English, to be read as its reader does.

use super::snapshots::plain;
use super::tests::*;

#[test]
fn refused_reads_well() {
    insta::assert_snapshot!(plain(&refused()), @r"
    Subject: Our decision on request R-7F3K9Q2M

    Hello,

    Example Shop has looked at your request and does not carry it out.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET

    The reason: the request is excessive, in particular because it repeats an earlier one (GDPR Article 12(5)).

    What this rests on:

    * You asked the same on 3 and on 10 February. We answered both times.

    Do you see it otherwise? Please write to us on the status page; a person reads it.

    You can complain to a data protection authority, for example where you live or work. Ours is: Data Protection Commission.

    You can also go to court.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn extended_reads_well() {
    insta::assert_snapshot!(plain(&extended()), @r"
    Subject: We need more time for request R-7F3K9Q2M

    Hello,

    Example Shop needs more time to answer your request. The law allows that once, where a request is complex or there are many of them, and obliges us to tell you why.

    Request R-7F3K9Q2M: a copy of the personal data, and how they are used
    Received: 1 March 2026, 13:00 CET
    We answer at the latest on: 1 June 2026

    Why it takes longer:

    * One of our systems is being restored from a backup.

    You can complain to a data protection authority, for example where you live or work, and you can go to court.

    See how your request is doing:
    https://rights.shop.example/status/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn copy_taken_reads_well() {
    insta::assert_snapshot!(plain(&copy_taken()), @r"
    Subject: A copy of your data was taken, R-7F3K9Q2M

    Hello,

    At Example Shop, a copy of the personal data stored under this e-mail address was taken outside of a request of yours. Two people had to agree to that. We tell you, so that it cannot happen unnoticed.

    Recorded as: R-7F3K9Q2M
    When: 1 March 2026, 13:00 CET

    You can ask us why, and who received it: privacy@shop.example.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn staff_notice_reads_well() {
    insta::assert_snapshot!(plain(&staff_notice()), @r"
    Subject: 20 requests need you

    Hello,

    This is the request service. The following needs somebody:

    R-7F3K9Q2M: 50 % of the promised time are gone:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the promised time is over:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the answer is due by law within 14 days:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the answer is due by law within a day:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: what still has to be done will hardly fit before the date that the law sets:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: somebody who received the data has not been told what was done with them:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: we hold data of this request on behalf of another company, and it has not been forwarded there:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: somebody who was told has not acknowledged it:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: somebody at another address of the person has stopped the deletion and wants to be contacted:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the search leads to two people:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the only match was never confirmed by its owner:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: the search leads further than one person can:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: a system could not be searched:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: work was given up after many tries:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: a mail could not be delivered:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: a store cannot do what its plan of deletion asks:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: fewer people can approve a deletion than it takes:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: a deletion leads to somebody who must never be touched:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: something is still there after it was deleted:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    R-7F3K9Q2M: it is too long since the person last confirmed who they are:
    https://rights.shop.example/console/requests/R-7F3K9Q2M

    Who asks, you see on the console only.

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}

#[test]
fn asserted_reads_well() {
    insta::assert_snapshot!(plain(&asserted()), @r"
    Subject: Request R-7F3K9Q2M in your name

    Hello,

    On 1 March 2026, 13:00 CET a request about your data was made through an app of Example Shop in which you were signed in.

    Request R-7F3K9Q2M: the personal data in a form to take elsewhere

    If that was you, there is nothing to do: the app shows you how it goes on.

    If it was not you, somebody may be signed in with your account. Stop the request with this link. What was gathered is then destroyed and our staff are told. Change your password as well.

    This was not me:
    https://rights.shop.example/verify/kT9dYw3QmZ0Hc5Vb7Xr1Ls8Pn2Jg4Fa6Ee_Ui-OoAaB

    -- 
    Sent by Example Shop about a request at https://rights.shop.example
    You can reach us here: privacy@shop.example
    How we use personal data: https://shop.example/privacy
    ");
}
