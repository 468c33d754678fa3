//! What a deletion is to be about, as people and programs say it.

use super::category::Category;
use super::erase::ItemName;
use super::request::Scope;

/// Categories of one request at most.
pub const MAX_CATEGORIES: usize = 50;
/// Things of one request at most.
pub const MAX_ITEMS: usize = 1_000;
/// Characters of the name of a thing at most.
pub const ITEM_LENGTH: usize = 500;

/// The kinds of data that the form offers, from the taxonomy; everything below each belongs to it.
pub const OFFERED: [&str; 8] = [
    "user.account",
    "user.name",
    "user.contact",
    "user.content",
    "user.behavior",
    "user.device",
    "user.location",
    "user.payment",
];

/// What is wrong with a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeFault {
    /// A deletion has to say how much.
    #[error("says what is to be deleted: everything, categories or items")]
    Missing,
    /// Another word than these three, or what belongs to another of them.
    #[error(
        "is everything, categories with at least one category, or items with at least one item"
    )]
    Form,
    /// No category of the taxonomy.
    #[error("names a category that is not known")]
    Category,
    /// Not `store/collection/name`, or too long.
    #[error("names an item otherwise than as store/collection/name")]
    Item,
    /// More than a request may name.
    #[error("names too much at once")]
    TooMany,
}

/// Reads a scope of a deletion.
pub fn read(word: Option<&str>, categories: &[&str], items: &[&str]) -> Result<Scope, ScopeFault> {
    match (word.map(str::trim), categories, items) {
        (None | Some(""), [], []) => Err(ScopeFault::Missing),
        (Some("everything"), [], []) => Ok(Scope::Everything),
        (Some("categories"), [_, ..], []) => {
            if categories.len() > MAX_CATEGORIES {
                return Err(ScopeFault::TooMany);
            }
            let known = |word: &&str| Category::parse(word).map(|known| known.as_str().to_owned());
            let known: Option<Vec<String>> = categories.iter().map(known).collect();
            known.map(Scope::Categories).ok_or(ScopeFault::Category)
        }
        (Some("items"), [], [_, ..]) => {
            if items.len() > MAX_ITEMS {
                return Err(ScopeFault::TooMany);
            }
            let good = |item: &&str| {
                let short = item.chars().count() <= ITEM_LENGTH;
                short && !item.chars().any(char::is_control) && ItemName::parse(item).is_some()
            };
            let all = items.iter().map(|item| item.trim().to_owned()).collect();
            if items.iter().all(good) { Ok(Scope::Items(all)) } else { Err(ScopeFault::Item) }
        }
        _ => Err(ScopeFault::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_chosen_for_anybody() {
        assert_eq!(read(None, &[], &[]), Err(ScopeFault::Missing));
        assert_eq!(read(Some(" "), &[], &[]), Err(ScopeFault::Missing));
        assert_eq!(read(Some("everything"), &[], &[]), Ok(Scope::Everything));
    }

    #[test]
    fn a_scope_has_what_belongs_to_it_and_nothing_else() {
        let content = Ok(Scope::Categories(vec!["user.content".into()]));
        assert_eq!(read(Some("categories"), &["user.content"], &[]), content);
        let item = "images/uploads/a/b.png";
        assert_eq!(read(Some("items"), &[], &[item]), Ok(Scope::Items(vec![item.into()])));
        for (word, categories, items, fault) in [
            ("categories", &[][..], &[][..], ScopeFault::Form),
            ("items", &[], &[], ScopeFault::Form),
            ("everything", &["user.content"], &[], ScopeFault::Form),
            ("all", &[], &[], ScopeFault::Form),
            ("categories", &["user.horoscope"], &[], ScopeFault::Category),
            ("items", &[], &["b.png"], ScopeFault::Item),
            ("items", &[], &["images/uploads/\u{7}"], ScopeFault::Item),
        ] {
            assert_eq!(read(Some(word), categories, items), Err(fault), "{word} {categories:?}");
        }
        let many = vec![item; MAX_ITEMS + 1];
        assert_eq!(read(Some("items"), &[], &many), Err(ScopeFault::TooMany));
    }

    #[test]
    fn what_the_form_offers_is_in_the_taxonomy() {
        assert!(OFFERED.iter().all(|word| Category::parse(word).is_some()));
    }
}
