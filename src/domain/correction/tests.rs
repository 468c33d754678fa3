use super::super::change::Spot;
use super::EditState as S;
use super::*;
use uuid::Uuid;

fn field(collection: &str, category: &str, value: &str) -> Field {
    let spot = Spot { collection: collection.into(), row: "[1]".into(), column: "c".into() };
    Field { spot, category: category.into(), value: Some(value.into()), identity: false }
}

fn change(field: &str) -> Change {
    let asked = Asked { field: field.into(), value: "new".into() };
    Change::new(ChangeId(Uuid::nil()), asked)
}

fn step(state: EditState) -> Step {
    let Field { spot, category, .. } = field("t", "user.name", "old");
    Step {
        id: EditId(Uuid::nil()),
        store: "shop".into(),
        category,
        identity: false,
        told: false,
        edit: Edit { spot, expected: None, new: None },
        state,
    }
}

#[test]
fn a_category_belongs_to_what_the_form_offers() {
    assert_eq!(AskedField::of("user.name.first"), AskedField::Name);
    assert_eq!(AskedField::of("user.contact.address.city"), AskedField::Address);
    assert_eq!(AskedField::of("user.contact"), AskedField::Other);
    assert_eq!(AskedField::of("user.names"), AskedField::Other);
}

#[test]
fn nothing_is_changed_without_a_human_that_is_not_plain() {
    let one = |fields: Vec<Field>| vec![("shop".to_owned(), fields)];
    let name = || field("customer", "user.name", "old");
    let plain = one(vec![name(), field("customer", "user.contact.phone_number", "1")]);
    let targets = plain_targets(&[change("name")], &plain, None).unwrap();
    assert_eq!(targets, [[("shop", &plain[0].1[0])]]);
    for (asked, fields) in [
        (vec!["name"], vec![field("customer", "user.name.first", "old")]),
        (vec!["name"], vec![name(), name()]),
        (vec!["name"], vec![Field { identity: true, ..name() }]),
        (vec!["name", "name"], vec![name()]),
        (vec!["name", "phone"], vec![name()]),
        (vec!["other"], vec![name()]),
        (vec!["my nickname"], vec![name()]),
        (vec![], vec![name()]),
    ] {
        let changes: Vec<Change> = asked.into_iter().map(change).collect();
        assert_eq!(plain_targets(&changes, &one(fields.clone()), None), None, "{fields:?}");
    }
}

#[test]
fn the_address_that_proved_who_asks_never_proves_its_own_change() {
    let contact =
        Contact { email: EmailAddress::parse("ada@example.org").ok(), ..Contact::default() };
    let mail = |value: &str| field("customer", "user.contact.email", value);
    assert!(needs_proof(&mail("Ada@example.org"), Some(&contact)));
    assert!(!needs_proof(&mail("old@example.org"), Some(&contact)));
    assert!(needs_proof(&Field { identity: true, ..mail("x") }, None));
    assert!(!needs_proof(&Field { value: None, ..mail("x") }, Some(&contact)));
}

#[test]
fn a_change_tells_what_became_of_it() {
    let of = |verdict, states: &[EditState]| {
        let steps = states.iter().map(|state| step(*state)).collect();
        Change { verdict, steps, ..change("name") }
    };
    for (verdict, states, fate, settled) in [
        (None, &[][..], Fate::Open, false),
        (Some(Verdict::Apply), &[S::Pending], Fate::Coming, true),
        (Some(Verdict::Apply), &[S::Pending, S::Changed], Fate::Open, false),
        (Some(Verdict::Apply), &[S::Done, S::Pending], Fate::Part, true),
        (Some(Verdict::Apply), &[S::Done, S::Taken], Fate::Part, false),
        (Some(Verdict::Apply), &[S::Done], Fate::Made, true),
        (Some(Verdict::ByHand), &[], Fate::Made, true),
        (Some(Verdict::Decline), &[], Fate::Declined, true),
        (Some(Verdict::Decline), &[S::Done], Fate::Part, true),
    ] {
        let change = of(verdict, states);
        assert_eq!((change.fate(), change.is_settled()), (fate, settled), "{verdict:?} {states:?}");
    }
    let mut stopped = of(Some(Verdict::Apply), &[S::Done, S::Pending, S::Gone]);
    stopped.reopen();
    assert_eq!((stopped.fate(), stopped.steps.len()), (Fate::Made, 1));
    let mut open = of(Some(Verdict::Apply), &[S::Pending]);
    open.reopen();
    assert_eq!(open.verdict, None);
}
