use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn purpose(word: &str) -> Purpose {
    Purpose::parse(word).unwrap()
}

fn said(kind: FlagKind, word: &str, second: i64) -> Flag {
    Flag {
        kind,
        purpose: (kind != FlagKind::Restriction).then(|| purpose(word)),
        from: at(second),
        until: None,
        lifts_at: None,
    }
}

fn answered(word: &str, flags: &[Flag], second: i64) -> (bool, Because) {
    let answer = may(&purpose(word), flags, at(second));
    (answer.allowed, answer.because)
}

#[test]
fn nothing_said_lets_all_but_training_go_on() {
    for word in Purpose::OPTIONAL {
        let expected = match word {
            Purpose::TRAINING => (false, Because::NoConsent),
            _ => (true, Because::NothingSet),
        };
        assert_eq!(answered(word, &[], 10), expected, "{word}");
    }
}

#[test]
fn a_restriction_leaves_storage_alone() {
    let flags = [said(FlagKind::Consent, "training", 1), said(FlagKind::Restriction, "", 5)];
    assert_eq!(answered("training", &flags, 4), (true, Because::Consent));
    for word in ["training", "marketing", "contract"] {
        assert_eq!(answered(word, &flags, 5), (false, Because::Restriction), "{word}");
    }
    assert!(answered("storage", &flags, 5).0);
}

#[test]
fn a_lifted_restriction_leaves_what_was_said_before() {
    let mut frozen = said(FlagKind::Restriction, "", 5);
    frozen.until = Some(at(9));
    let flags = [said(FlagKind::OptOut, "marketing", 1), frozen];
    assert_eq!(answered("marketing", &flags, 8), (false, Because::Restriction));
    assert_eq!(answered("marketing", &flags, 9), (false, Because::OptOut));
    assert_eq!(answered("analytics", &flags, 9), (true, Because::NothingSet));
}

#[test]
fn an_announced_lift_shortens_the_answer_and_changes_it_not() {
    let mut frozen = said(FlagKind::Restriction, "", 5);
    frozen.lifts_at = Some(at(100));
    let answer = may(&purpose("marketing"), std::slice::from_ref(&frozen), at(50));
    assert_eq!((answer.allowed, answer.until), (false, at(100)));
    // It is late: nothing is lifted by the clock alone.
    let answer = may(&purpose("marketing"), &[frozen], at(200));
    assert_eq!((answer.allowed, answer.until), (false, at(200) + ANSWER_LIFE));
}

#[test]
fn an_opt_in_is_no_consent() {
    let stopped = [FlagKind::OptOut, FlagKind::Objection, FlagKind::Limit];
    for kind in stopped {
        let flags = [said(kind, "training", 1), said(FlagKind::OptIn, "training", 2)];
        assert_eq!(answered("training", &flags, 3), (false, Because::NoConsent));
        let flags = [said(kind, "analytics", 1), said(FlagKind::OptIn, "analytics", 2)];
        assert_eq!(answered("analytics", &flags, 3), (true, Because::OptIn));
    }
}

#[test]
fn an_opt_in_gives_a_withdrawn_consent_back() {
    let flags = [
        said(FlagKind::Consent, "training", 1),
        said(FlagKind::ConsentWithdrawn, "training", 2),
        said(FlagKind::OptIn, "training", 3),
    ];
    assert_eq!(answered("training", &flags, 2), (false, Because::ConsentWithdrawn));
    assert_eq!(answered("training", &flags, 3), (true, Because::Consent));
    assert_eq!(answered("training", &flags[1..], 3), (false, Because::NoConsent));
}

#[test]
fn of_two_words_of_one_moment_the_one_that_stops_counts() {
    let flags = [said(FlagKind::OptOut, "analytics", 1), said(FlagKind::OptIn, "analytics", 1)];
    assert_eq!(answered("analytics", &flags, 1), (false, Because::OptOut));
}

#[test]
fn an_answer_ends() {
    let answer = may(&purpose("analytics"), &[], at(10));
    assert!(answer.lets(at(10)));
    assert!(!answer.lets(at(10) + ANSWER_LIFE), "outdated is a no");
}

#[test]
fn a_signal_is_news_once() {
    let sale = purpose(Purpose::SALE_SHARE);
    assert!(is_news(&sale, &[], at(1)));
    let mut flags = vec![said(FlagKind::OptOut, Purpose::SALE_SHARE, 1)];
    assert!(!is_news(&sale, &flags, at(2)));
    flags.push(said(FlagKind::OptIn, Purpose::SALE_SHARE, 3));
    assert!(!is_news(&sale, &flags, at(4)), "two steps outdo a signal that repeats itself");
    let consent = [said(FlagKind::Consent, Purpose::SALE_SHARE, 1)];
    assert!(is_news(&sale, &consent, at(2)), "a recorded consent does not");
}

#[test]
fn words_of_purposes_are_plain() {
    for good in ["marketing", "b2b-mail_1", "x"] {
        assert!(Purpose::parse(good).is_some(), "{good}");
    }
    for bad in ["", "Marketing", "e mail", "ä", "a.b", &"x".repeat(PURPOSE_LENGTH + 1)] {
        assert!(Purpose::parse(bad).is_none(), "{bad}");
    }
    let purposes = Purposes::new(["newsletter", "Order handling"]);
    assert!(purposes.known("newsletter").is_some());
    assert!(purposes.known("Order handling").is_none());
    assert!(purposes.known("storage").is_some());
}

fn kinds() -> impl Strategy<Value = FlagKind> {
    prop::sample::select(FlagKind::ALL)
}

fn flags() -> impl Strategy<Value = Vec<Flag>> {
    let words = prop::sample::select(vec!["marketing", "training", "analytics"]);
    let one = (kinds(), words, 0_i64..40, prop::option::of(0_i64..40)).prop_map(
        |(kind, word, from, length)| Flag {
            until: length.filter(|_| kind == FlagKind::Restriction).map(|length| at(from + length)),
            ..said(kind, word, from)
        },
    );
    prop::collection::vec(one, 0..12)
}

/// The rule once more, by looking back from the last word.
fn backwards(word: &str, flags: &[Flag], now: i64) -> bool {
    let frozen = |flag: &Flag| {
        flag.kind == FlagKind::Restriction
            && flag.from <= at(now)
            && flag.until.is_none_or(|until| until > at(now))
    };
    if flags.iter().any(frozen) {
        return false;
    }
    let about = |flag: &&Flag| flag.purpose == Some(purpose(word)) && flag.from <= at(now);
    let latest = flags.iter().filter(about).map(|flag| flag.from).max();
    let last: Vec<FlagKind> = flags
        .iter()
        .filter(about)
        .filter(|flag| Some(flag.from) == latest)
        .map(|flag| flag.kind)
        .collect();
    if last.iter().any(|kind| stops(*kind).is_some()) {
        return false;
    }
    let consented = flags.iter().filter(about).any(|flag| flag.kind == FlagKind::Consent);
    word != "training" || consented
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_rule_agrees_with_another_way_to_say_it(flags in flags(), now in 0_i64..90) {
        for word in ["marketing", "training", "analytics"] {
            prop_assert_eq!(answered(word, &flags, now).0, backwards(word, &flags, now));
        }
    }

    #[test]
    fn the_order_in_which_flags_are_read_does_not_matter(flags in flags(), now in 0_i64..90) {
        let mut turned = flags.clone();
        turned.reverse();
        prop_assert_eq!(answered("training", &flags, now), answered("training", &turned, now));
    }

    #[test]
    fn saying_no_now_is_a_no_from_now_on(flags in flags(), now in 40_i64..90, kind in kinds()) {
        let mut flags = flags;
        flags.push(said(kind, "marketing", now));
        if stops(kind).is_some() || kind == FlagKind::Restriction {
            prop_assert!(!answered("marketing", &flags, now).0);
        }
    }

    #[test]
    fn a_word_about_one_purpose_says_nothing_about_another(flags in flags(), now in 0_i64..90) {
        let about: Vec<Flag> = flags
            .iter()
            .filter(|flag| flag.purpose.is_none() || flag.purpose == Some(purpose("analytics")))
            .cloned()
            .collect();
        prop_assert_eq!(answered("analytics", &flags, now), answered("analytics", &about, now));
    }

    #[test]
    fn no_answer_outlives_its_hour(flags in flags(), now in 0_i64..90) {
        let answer = may(&purpose("marketing"), &flags, at(now));
        prop_assert!(answer.until > at(now) && answer.until <= at(now) + ANSWER_LIFE);
    }
}
