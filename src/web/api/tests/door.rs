//! Who is let in, and for what.

use super::*;
use crate::domain::token::Bearer;
use crate::service::token::TokenFault;

#[tokio::test]
async fn nobody_comes_in_without_a_token_that_is_good() {
    let office = Office::open().await;
    let mut program = office.program("app", &[TokenScope::Read]).await;
    assert_eq!(program.get("/requests").await.status, 200);
    let good = program.token.clone();
    let other = Bearer::new(crate::ids::Token::draw(&SeededEntropy::new(77))).to_text();
    for wrong in ["", "rdk_", &good[..good.len() - 1], &good.to_uppercase(), &other] {
        program.token = wrong.to_owned();
        let reply = program.get("/requests").await;
        reply.is(Kind::NoToken);
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
    program.token = good;
    assert!(office.desk.revoke_token("app").await.unwrap());
    program.get("/requests").await.is(Kind::NoToken);
    assert!(!office.desk.revoke_token("app").await.unwrap(), "it is revoked already");
    office.desk.seal_events().await.unwrap();
    let mut told = String::new();
    let read = office.desk.read_audit(Vec::new(), |line| told.push_str(line)).await;
    assert!(read.unwrap().is_ok());
    let once = ["token.created", "token.revoked"].map(|kind| told.matches(kind).count());
    assert_eq!(once, [1, 1], "{told}");
}

#[tokio::test]
async fn a_token_ends() {
    let office = Office::open().await;
    let program = office.program("app", &[TokenScope::Read]).await;
    office.pass(SignedDuration::from_hours(30 * 24 - 1));
    assert_eq!(program.get("/requests").await.status, 200);
    office.pass(SignedDuration::from_hours(1));
    program.get("/requests").await.is(Kind::NoToken);
}

#[tokio::test]
async fn a_token_may_be_bound_to_networks() {
    let office = Office::open().await;
    let bound = |networks: &[&str]| {
        let networks = networks.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
        move |new: &mut NewToken| new.networks = networks
    };
    let here = office.program_with("here", &[TokenScope::Read], bound(&["192.0.2.0/24"])).await;
    assert_eq!(here.get("/requests").await.status, 200);
    let there = bound(&["198.51.100.0/24", "2001:db8::/32"]);
    let there = office.program_with("there", &[TokenScope::Read], there).await;
    there.get("/requests").await.is(Kind::Elsewhere);
}

/// Made from the description, so that no route is forgotten.
#[tokio::test]
async fn each_route_asks_for_its_own_scope() {
    let office = Office::open().await;
    let mut seen = 0;
    for (path, item) in description().paths.paths {
        let calls = [("GET", item.get), ("POST", item.post)];
        for (method, operation) in calls.into_iter().filter_map(|(m, o)| Some((m, o?))) {
            let security = serde_json::to_value(operation.security).unwrap();
            let needed = TokenScope::parse(security[0][TOKEN][0].as_str().unwrap()).unwrap();
            let path = path.replace("{id}", "R-7F3K9Q2M");
            seen += 1;
            for (word, without) in [("with", None), ("less", Some(needed))] {
                let scopes: Vec<TokenScope> = TokenScope::ALL
                    .iter()
                    .copied()
                    .filter(|scope| Some(*scope) != without)
                    .filter(|scope| {
                        without != Some(TokenScope::Create) || *scope != TokenScope::Assert
                    })
                    .collect();
                let program = office.program(&format!("{word} {seen}"), &scopes).await;
                let request = program.request(method, &path).body(Body::empty()).unwrap();
                let reply = office.ask(request).await;
                assert_eq!(reply.status == 403, without.is_some(), "{method} {path}: {reply:?}");
                assert!(!matches!(reply.status, 401 | 405), "{method} {path}: {reply:?}");
            }
        }
    }
    assert_eq!(seen, 26, "every route");
}

#[tokio::test]
async fn a_token_is_not_made_against_the_rules() {
    let office = Office::open().await;
    let new = |scopes: &[TokenScope], life: &str| NewToken {
        name: "one".to_owned(),
        scopes: scopes.iter().copied().collect(),
        all_requests: false,
        networks: Vec::new(),
        requests_a_day: 1,
        life: Period::parse(life).unwrap(),
        assertion_key: None,
    };
    let make = async |new| office.desk.create_token(new).await.unwrap().map(drop);
    let read = [TokenScope::Read];
    assert_eq!(make(new(&read, "3y")).await, Err(TokenFault::Life));
    let wide = NewToken { all_requests: true, ..new(&read, "91d") };
    assert_eq!(make(wide).await, Err(TokenFault::Life));
    assert_eq!(make(new(&[TokenScope::Assert], "1d")).await, Err(TokenFault::AssertWithoutCreate));
    let keyed = NewToken { assertion_key: Some("EdDSA x".to_owned()), ..new(&read, "1d") };
    assert_eq!(make(keyed).await, Err(TokenFault::KeyWithoutScope));
    assert_eq!(make(new(&read, "1d")).await, Ok(()));
    assert_eq!(
        make(new(&read, "1d")).await,
        Err(TokenFault::Name),
        "names are for the audit trail"
    );
}
