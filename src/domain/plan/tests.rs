use super::*;
use crate::domain::erase::RowId;
use crate::domain::subject::KeyKind;

fn rows(names: &[&str]) -> Vec<RowId> {
    names.iter().map(|name| RowId((*name).to_owned())).collect()
}

fn part(collection: &str, method: Method, names: &[&str]) -> ErasePart {
    ErasePart { collection: collection.into(), method, fields: Vec::new(), rows: rows(names) }
}

fn plan() -> Plan {
    let shop = ErasePlan {
        steps: vec![
            part("invoice", Method::Mask, &["1", "2"]),
            part("customer", Method::Delete, &["7"]),
        ],
        kept: vec![KeptRows {
            collection: "invoice".into(),
            rows: 2,
            ground: "AO 147".into(),
            until: None,
            controller: None,
        }],
        people: rows(&["7"]),
        ..ErasePlan::default()
    };
    let images =
        ErasePlan { steps: vec![part("uploads", Method::Delete, &["a"])], ..ErasePlan::default() };
    Plan {
        scope: EraseScope::Everything,
        map: "m1".into(),
        made_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        stores: vec![
            StorePlan { store: "images".into(), plan: images },
            StorePlan { store: "shop".into(), plan: shop },
        ],
    }
}

fn keys() -> Vec<SubjectKey> {
    let key = |kind: &str, value: &str| SubjectKey::new(KeyKind::new(kind), value).unwrap();
    vec![key("email", "ada@example.org"), key("user", "7")]
}

#[test]
fn the_digest_binds_all_that_decides_what_goes() {
    let digest = plan().digest(&keys());
    let mut reversed = keys();
    reversed.reverse();
    let later = Plan { made_at: "2026-03-02T10:00:00Z".parse().unwrap(), ..plan() };
    assert_eq!(plan().digest(&reversed), digest, "the order of keys is no matter");
    assert_eq!(later.digest(&keys()), digest, "nor is the time");
    let changes: [fn(&mut Plan); 11] = [
        |plan| plan.map = "m2".into(),
        |plan| plan.scope = EraseScope::Categories(BTreeSet::from(["user.content".into()])),
        |plan| plan.stores.reverse(),
        |plan| plan.stores[1].store = "shops".into(),
        |plan| plan.stores[1].plan.steps.reverse(),
        |plan| plan.stores[1].plan.steps[1].method = Method::Mask,
        |plan| plan.stores[1].plan.steps[0].collection = "invoices".into(),
        |plan| plan.stores[1].plan.steps[0].fields.push("total".into()),
        |plan| plan.stores[1].plan.steps[0].rows.push(RowId("3".into())),
        |plan| plan.stores[1].plan.kept[0].ground = "HGB 257".into(),
        |plan| plan.stores[1].plan.people.push(RowId("8".into())),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = plan();
        change(&mut other);
        assert_ne!(other.digest(&keys()), digest, "change {number}");
    }
    assert_ne!(plan().digest(&keys()[..1]), digest);
    // What stands on one side of a border must not look like what stands on the other.
    let split = |left: &str, right: &str| {
        let mut plan = plan();
        plan.stores[0].plan.steps[0].rows = rows(&[left, right]);
        plan.digest(&keys())
    };
    assert_ne!(split("ab", "c"), split("a", "bc"));
}

#[test]
fn a_digest_is_sixty_four_digits() {
    let digest = plan().digest(&keys());
    assert_eq!(PlanDigest::parse(&digest.as_str().to_uppercase()), Some(digest.clone()));
    assert_eq!(PlanDigest::parse(digest.short()), None);
    assert_eq!(PlanDigest::parse(&"g".repeat(64)), None);
}

#[test]
fn a_difference_counts_rows_by_collection_and_method() {
    let mut now = plan();
    now.stores[1].plan.steps[0].rows = rows(&["2", "3", "4"]);
    now.stores[1].plan.steps[1].method = Method::Mask;
    let of = |collection: &str, more, fewer| Difference {
        store: "shop".into(),
        collection: collection.into(),
        more,
        fewer,
    };
    assert_eq!(now.difference(&plan()), [of("customer", 1, 1), of("invoice", 2, 1)]);
    assert_eq!(plan().difference(&plan()), []);
}

#[test]
fn an_outline_names_no_row() {
    let outline = serde_json::to_value(plan().outline()).unwrap();
    let shop = &outline["stores"][1];
    assert_eq!(shop["collections"][0]["name"], "invoice");
    assert_eq!(shop["collections"][0]["method"], "mask");
    assert_eq!(shop["collections"][0]["rows"], 2);
    assert_eq!(shop["kept"][0]["ground"], "AO 147");
}

#[test]
fn some_growth_is_covered_where_the_operator_allows_it() {
    assert_eq!(growth(20_000, true), 2_000);
    assert_eq!(growth(3, true), 1_000);
    assert_eq!(growth(20_000, false), 0);
}

#[test]
fn what_finds_the_rest_goes_last() {
    let names = |names: &[&str]| names.iter().map(|name| String::from(*name)).collect();
    let leads = |pairs: &[(&str, &[&str])]| {
        pairs.iter().map(|(from, to)| (String::from(*from), names(to))).collect()
    };
    let all: BTreeSet<String> = names(&["auth", "files", "logs", "shop"]);
    let tree = leads(&[("auth", &["shop", "auth"]), ("shop", &["files"])]);
    assert_eq!(order(all.clone(), &tree), ["files", "logs", "shop", "auth"]);
    let circle = leads(&[("auth", &["shop"]), ("shop", &["auth"])]);
    assert_eq!(order(all, &circle), ["files", "logs", "auth", "shop"]);
}
