//! Cookies of sessions: a new one whenever somebody shows who they are.

use super::*;

#[tokio::test]
async fn signing_in_again_ends_the_session_that_the_browser_had() {
    let office = Office::open().await;
    let alex = office.hire("alex@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&alex).await;
    let elsewhere = office.signed_in(&alex).await;
    let copied =
        Browser { office: &office, cookies: Mutex::new(browser.cookies.lock().unwrap().clone()) };
    assert_eq!(copied.get("/console/account").await.status, 200);
    let again = browser.sign_in(&alex, PASSWORD, &office.code(&alex)).await;
    assert_eq!(again.location(), "/console/");
    assert_eq!(
        copied.get("/console/account").await.location(),
        "/console/sign-in?to=%2Fconsole%2Faccount"
    );
    for lives in [&browser, &elsewhere] {
        assert_eq!(lives.get("/console/account").await.status, 200);
    }
    assert_eq!(office.desk.sessions(alex.id).await.unwrap().len(), 2);
}
