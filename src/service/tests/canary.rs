//! What a person types stands nowhere in the clear.

use super::*;
use crate::db::testing::{db_test, sqlite_url};

const ADDRESS: &str = "quokka.canary@example.org";
const NAME: &str = "Quintessa Quokkasdottir";
const DETAILS: &str = "my marmoset lives in the pantry";
const MESSAGE: &str = "the axolotl moved to the attic";

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[tokio::test]
async fn nothing_of_it_is_in_the_files_of_the_database() {
    let (_folder, url) = sqlite_url();
    let db = TestDb::connect(url).await;
    db.migrate().await.unwrap();
    let office = Office::over(db);
    let mut new = form(ADDRESS, &[Right::Access, Right::Export]);
    new.contact.name = TypedText::line(NAME, 100).unwrap();
    new.contact.details = TypedText::block(DETAILS, 1_000).unwrap();
    let reference = office.desk.open_intake(new).await.unwrap();
    let seen = |when: &str| {
        let bytes = office.db.bytes_on_disk().unwrap();
        assert!(holds(&bytes, reference.as_str()), "{when}: the search finds what is there");
        for word in [ADDRESS, "quokka", NAME, "Quintessa", DETAILS, "marmoset", MESSAGE, "axolotl"]
        {
            assert!(!holds(&bytes, word), "{when}: {word}");
        }
        let wide: Vec<u8> = ADDRESS.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!bytes.windows(wide.len()).any(|window| window == wide), "{when}");
    };
    seen("asked");
    let mail = office.send().await.remove(0);
    let code = mail.code();
    let case = office.enter(reference.clone(), &code).await;
    let words = TypedText::block(MESSAGE, 1_000).unwrap().unwrap();
    office.desk.write_message(&case.token, Some(&case.cookie), &words).await.unwrap();
    seen("verified");
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.send().await;
    office.fetch(&case).await;
    seen("answered");
    office.pass(days(15));
    office.tick().await;
    seen("expired");
    // Nor do the secrets of links, cookies and codes.
    let bytes = office.db.bytes_on_disk().unwrap();
    let link = mail.link("/verify/");
    for secret in [link.as_str(), case.token.as_str(), case.cookie.as_str(), code.as_str()] {
        assert!(!holds(&bytes, secret));
    }
}

db_test!(it_can_be_read_back_with_the_key, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADDRESS, &[Right::Access]).await;
    let id = office.request(&reference).await.intake;
    let tx = office.db.begin_read().await.unwrap();
    let contact = tx.intake(id).await.unwrap().unwrap().contact.unwrap();
    assert_eq!(contact.email.unwrap().as_str(), ADDRESS);
});
