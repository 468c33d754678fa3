//! The form: what it takes, what it gives back, and what it keeps to itself.

use super::*;

/// A form, words of the page that comes back, and where its summary links to.
type Case<'c> = (Vec<(&'c str, &'c str)>, &'c str, &'c str);

#[tokio::test]
async fn a_good_form_leads_to_a_page_and_one_mail() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.get("/").await.says(200, "/?right=access");
    browser.get("/?right=export").await.says(200, "name=\"email\"");
    browser.get("/?right=erase-everybody").await.says(200, "/?right=access");
    let reply = browser
        .post(
            "/requests",
            &[
                ("right", "access"),
                ("right", "access"),
                ("right", "export"),
                ("email", ADA),
                ("name", " Ada "),
                ("country", "de"),
                ("details", "one\r\ntwo"),
                ("scope", "everything"),
                ("on_behalf", "false"),
                ("field", "a"),
                ("field", "b"),
                ("value", "1"),
                ("value", "2"),
                ("purpose", "x"),
                ("purpose", "y"),
            ],
        )
        .await;
    let location = reply.location();
    let reference = location.strip_prefix("/requests/").unwrap().strip_suffix("/sent").unwrap();
    browser.get(&location).await.says(200, reference);

    let letters = office.letters().await;
    assert_eq!(letters.len(), 1, "both rights in one mail");
    let tx = office.db.begin_read().await.unwrap();
    let intake = tx.intake(letters[0].intake).await.unwrap().unwrap();
    assert_eq!(tx.requests_of(intake.id).await.unwrap().len(), 2, "each right once");
    let contact = intake.contact.unwrap();
    assert_eq!(contact.name.unwrap().as_str(), "Ada");
    assert_eq!(contact.details.unwrap().as_str(), "one\ntwo");
    assert_eq!(intake.country.as_deref(), Some("DE"));
    assert!(!office.request(reference).await.on_behalf);
}

#[tokio::test]
async fn a_bad_form_comes_back_as_typed_and_nothing_is_stored() {
    let office = Office::open().await;
    let browser = office.browser();
    let before = office.dump().await;
    let long_name = "n".repeat(201);
    let long_details = "d".repeat(4_001);
    let ten_kilobytes = format!("{}@example.org", "a".repeat(10_000));
    let good = [("right", "access"), ("email", ADA)];
    let with = |more: &[(&'static str, &'static str)]| [&good[..], more].concat();
    let address = |email| vec![("right", "access"), ("email", email)];
    let (missing, form) = ("Enter your e-mail address", "such as name@example.org");
    let (control, strange) = ("Leave out characters", "did not arrive as we made it");
    let cases: Vec<Case<'_>> = vec![
        (vec![], strange, ""),
        (vec![("right", "access")], missing, "#email"),
        (vec![("email", ADA)], strange, ""),
        (address(""), missing, "#email"),
        (address("ada"), form, "#email"),
        (address("u@127.0.0.1"), form, "#email"),
        (address("ada@example.org\r\nBcc: eve@example.org"), form, "#email"),
        (address("ada@example.org\0"), form, "#email"),
        (address("ada@exa\u{202e}mple.org"), form, "#email"),
        (address("m\u{131}ke@example.org"), form, "#email"),
        (address("ada@\u{ff45}xample.org"), form, "#email"),
        (address("\"><script>@example.org"), form, "#email"),
        (address(&ten_kilobytes), form, "#email"),
        (with(&[("name", "Ada\r\nBcc: eve@example.org")]), control, "#name"),
        (with(&[("name", "Ada\0")]), control, "#name"),
        (with(&[("name", "\u{202e}adA")]), control, "#name"),
        ([&good[..], &[("name", &long_name)]].concat(), "200", "#name"),
        ([&good[..], &[("details", &long_details)]].concat(), "4,000", "#details"),
        (with(&[("details", "a\u{7}b")]), control, "#details"),
        (with(&[("country", "XX")]), "from the list", "#country"),
        (with(&[("country", "Germany")]), "from the list", "#country"),
        (with(&[("right", "delete-all")]), strange, ""),
        (with(&[("email", "eve@example.org")]), strange, ""),
        (with(&[("name", "a"), ("name", "b")]), strange, ""),
        (with(&[("lang", "en"), ("lang", "de")]), strange, ""),
        (with(&[("on_behalf", "true"), ("on_behalf", "true")]), strange, ""),
        (with(&[("scope", "items")]), strange, ""),
        (with(&[("scope", "")]), strange, ""),
        (with(&[("of", "my_data"), ("of", "practices")]), strange, ""),
        (with(&[("of", "everything")]), strange, ""),
        (with(&[("on_behalf", "aunt")]), strange, ""),
        (with(&[("made-up", "1"), ("made-up", "2")]), strange, ""),
    ];
    for (fields, words, anchor) in cases {
        let reply = browser.post("/requests", &fields).await;
        reply.says(422, words);
        reply.says(422, "role=\"alert\"");
        if !anchor.is_empty() {
            reply.says(422, &format!("<a href=\"{anchor}\">"));
        }
        assert!(!reply.body.contains("<script"), "{fields:?}");
        assert_eq!(office.dump().await, before, "{fields:?} left something");
    }
    let complaint = [("right", "complaint"), ("email", "a@example.org"), ("about", "my first")];
    let reply = browser.post("/requests", &complaint).await;
    reply.says(422, "a reference such as");
    reply.says(422, "<a href=\"#about\">");
    let typed = [("right", "export"), ("email", "ada"), ("name", "Söhne & <b>"), ("country", "at")];
    let more = [("right", "access"), ("details", "typed words"), ("on_behalf", "on")];
    let reply = browser.post("/requests", &[&typed[..], &more].concat()).await;
    for back in ["value=\"ada\"", "Söhne &#38; &#60;b&#62;", "typed words", "value=\"AT\" selected"]
    {
        reply.says(422, back);
    }
    reply.says(422, "value=\"other\" selected");
    assert_eq!(reply.body.matches(" checked").count(), 1, "{}", reply.body);
}

#[tokio::test]
async fn known_and_unknown_addresses_look_the_same() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.verified(&["access"], ADA).await;
    let mut seen = Vec::new();
    for email in [ADA, "nobody@example.org"] {
        let before = office.letters().await.len();
        let reference = browser.ask_for(&["access"], email).await;
        let page = browser.get(&format!("/requests/{reference}/sent")).await;
        let fresh = browser.post(&format!("/requests/{reference}/code"), &[]).await;
        let wrong =
            browser.post(&format!("/requests/{reference}/verify"), &[("code", "AAAA-AAAA")]).await;
        seen.push([
            format!("{:?}", page.headers),
            page.body.replace(&reference, "R"),
            fresh.location().replace(&reference, "R"),
            wrong.body.replace(&reference, "R"),
            (office.letters().await.len() - before).to_string(),
        ]);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn above_the_cap_pages_look_the_same() {
    let office = Office::open().await;
    let browser = office.browser();
    let reference = browser.ask_for(&["access"], ADA).await;
    let path = format!("/requests/{reference}/code");
    let mut seen = Vec::new();
    for _ in 0..6 {
        let location = browser.post(&path, &[]).await.location();
        let page = browser.get(&location).await;
        page.says(200, "it is on its way");
        seen.push((location, page.body));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(office.letters().await.len(), 3, "three codes an hour");
}

#[tokio::test]
async fn a_language_chosen_by_hand_stays_and_is_the_mails_too() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.get("/?right=access&lang=de").await.says(200, "<html lang=\"de\"");
    let fields = [("right", "access"), ("email", ADA), ("lang", "de")];
    let location = browser.post("/requests", &fields).await.location();
    assert!(location.ends_with("/sent?lang=de"), "{location}");
    browser.get(&location).await.says(200, "<html lang=\"de\"");
    assert_eq!(office.letters().await[0].letter.language, Language::De);

    let german = Browser { accept: "de-AT, en;q=0.5", ..office.browser() };
    german.get("/").await.says(200, "<html lang=\"de\"");
    let location = german.post("/requests", &fields).await.location();
    assert!(location.ends_with("/sent"), "{location}");
    german.post("/requests", &[("lang", "fr")]).await.says(422, "<html lang=\"de\"");
}
