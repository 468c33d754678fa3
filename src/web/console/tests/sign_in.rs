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

#[tokio::test]
async fn a_language_that_was_chosen_stays() {
    let office = Office::open().await;
    let alex = office.hire("alex@example.org", &[Role::Officer]).await;
    let browser = office.browser();
    browser.get("/console/sign-in").await.says(200, "<html lang=\"en\"");
    browser.get("/console/sign-in?lang=de").await.says(200, "<html lang=\"de\"");
    let wrong = browser.sign_in(&alex, "not this one, surely", "123456").await;
    wrong.says(422, "<html lang=\"de\"");
    browser.sign_in(&alex, PASSWORD, &office.code(&alex)).await;
    browser.get("/console/").await.says(200, "<html lang=\"de\"");
    browser.get("/console/nowhere").await.says(404, "<html lang=\"de\"");
    browser.get("/console/?lang=xx").await.says(200, "<html lang=\"de\"");
    browser.get("/console/?lang=en").await.says(200, "<html lang=\"en\"");
    browser.get("/console/").await.says(200, "<html lang=\"en\"");
}
