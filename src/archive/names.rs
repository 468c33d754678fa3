//! Names of entries, safe to unpack on Windows, macOS and Linux whatever people called their files.
//!
//! The rules are those of the strictest system for each point: Win32 for characters, reserved names
//! and trailing dots, APFS and HFS+ for case and normal forms. The original names stand in the
//! manifest.

use std::collections::{HashMap, HashSet};
use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Longest part of a name between slashes, in bytes.
pub const MAX_PART: usize = 100;
/// Longest name, in bytes.
pub const MAX_NAME: usize = 240;
/// Folders and collections are shorter, so that numbers and endings fit behind them.
const MAX_FOLDER: usize = 60;
const MAX_EXTENSION: usize = 16;

/// The name of an entry: safe parts with slashes between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName(String);

impl EntryName {
    /// Takes a name that is safe as it stands; `None` for any other.
    pub fn parse(name: &str) -> Option<Self> {
        let safe =
            name.len() <= MAX_NAME && name.split('/').all(|part| clean(part, MAX_PART) == part);
        safe.then(|| Self(name.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a relative link: everything but letters, digits, `-._~` and slashes percent-encoded, so
    /// that no name can be read as a scheme, a query or an attribute's end.
    pub fn href(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
        out
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives out the names of one archive, each once. The same questions in the same order get the
/// same answers.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
    /// The number to try next for a name that is asked for again.
    next: HashMap<String, u32>,
    folders: HashMap<(&'static str, String), String>,
}

impl Names {
    /// The name of a file of `store` that its people call `original`, of which the last part
    /// counts.
    pub fn file(&mut self, store: &str, original: &str) -> EntryName {
        let folder = self.folder("files", store);
        let last = original.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        EntryName(self.unique(&folder, &clean(last, MAX_PART), MAX_PART))
    }

    /// The name of a paper that goes with the letter.
    pub fn attachment(&mut self, original: &str) -> EntryName {
        let last = original.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        EntryName(self.unique("attachments", &clean(last, MAX_PART), MAX_PART))
    }

    /// The beginning of the names of a collection's files, to which `.ndjson` or `.0002.csv` are
    /// added. Asked for once a collection.
    pub fn collection(&mut self, store: &str, collection: &str) -> DataName {
        let folder = self.folder("data", store);
        let mut part = clean(collection, MAX_FOLDER);
        // `album.0002` would meet the second file of `album`.
        if let Some((stem, number)) = part.rsplit_once('.')
            && number.len() >= 4
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            part = format!("{stem}_{number}");
        }
        DataName(self.unique(&folder, &part, MAX_FOLDER))
    }

    fn folder(&mut self, top: &'static str, store: &str) -> String {
        if let Some(folder) = self.folders.get(&(top, store.to_owned())) {
            return folder.clone();
        }
        let folder = self.unique(top, &clean(store, MAX_FOLDER), MAX_FOLDER);
        self.folders.insert((top, store.to_owned()), folder.clone());
        folder
    }

    fn unique(&mut self, folder: &str, part: &str, most: usize) -> String {
        let plain = format!("{folder}/{part}");
        let key = fold(&plain);
        if self.taken.insert(key.clone()) {
            return plain;
        }
        let (stem, extension) = split(part);
        let mut number = self.next.get(&key).copied().unwrap_or(2);
        loop {
            let tail = format!(" ({number}){extension}");
            number += 1;
            let candidate = format!("{folder}/{}{tail}", cut(stem, most - tail.len()));
            if self.taken.insert(fold(&candidate)) {
                self.next.insert(key, number);
                return candidate;
            }
        }
    }
}

/// What the names of a collection's files begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataName(String);

impl DataName {
    /// The name of the file number `part`, from 1, with an ending such as `ndjson`.
    pub fn part(&self, part: usize, ending: &str) -> EntryName {
        match part {
            0 | 1 => EntryName(format!("{}.{ending}", self.0)),
            more => EntryName(format!("{}.{more:04}.{ending}", self.0)),
        }
    }
}

/// One part of a name, made safe and cut to `most` bytes. Safe names stay as they are.
fn clean(part: &str, most: usize) -> String {
    let replaced: String = part.nfc().map(|c| if is_unsafe(c) { '_' } else { c }).nfc().collect();
    let trimmed = replaced.trim_start().trim_end_matches(is_trailing);
    // A leading dot would hide the file from the person.
    let mut name = match trimmed.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => trimmed.to_owned(),
    };
    if name.is_empty() {
        "_".clone_into(&mut name);
    }
    if is_reserved(&name) {
        name.insert(0, '_');
    }
    if name.len() > most {
        let (stem, extension) = split(&name);
        name = format!("{}{extension}", cut(stem, most - extension.len()));
    }
    name
}

/// What Win32 forbids, what disguises a name (direction, invisible marks), and what is no
/// character.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fdd0}'..='\u{fdef}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

fn is_trailing(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Names that Win32 gives to devices, whatever stands behind the first dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let device = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            let mut rest = rest.chars();
            let digit = rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
            digit && rest.next().is_none()
        })
    };
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || device("COM")
        || device("LPT")
}

/// Stem and extension, its dot included; an extension is short and has something before it.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= MAX_EXTENSION => name.split_at(at),
        _ => (name, ""),
    }
}

/// At most `most` bytes, whole characters, nothing trailing that Windows would drop.
fn cut(stem: &str, most: usize) -> &str {
    stem[..stem.floor_char_boundary(most)].trim_end_matches(is_trailing)
}

/// Two names with the same fold may be one file somewhere: case, normal forms and marks that HFS+
/// does not see are taken away. Upper and then lower case is nearer to full case folding than
/// either (ß meets SS).
fn fold(name: &str) -> String {
    let seen = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{ad}' | '\u{feff}');
    let bare: String = name.nfkd().filter(seen).collect();
    bare.to_uppercase().to_lowercase().nfkd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(original: &str) -> String {
        Names::default().file("shop", original).as_str().to_owned()
    }

    #[test]
    fn hostile_names_become_safe_ones() {
        for (original, safe) in [
            ("portrait.png", "portrait.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\evil.exe", "evil.exe"),
            ("a:b.txt", "a_b.txt"),
            ("..", "_"),
            ("", "_"),
            ("a/", "a"),
            (".htaccess", "_htaccess"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("COM\u{b9}", "_COM\u{b9}"),
            ("comet.txt", "comet.txt"),
            ("trailing. . ", "trailing"),
            ("a\0b\r\n.png", "a_b__.png"),
            ("\u{202e}gnp.exe", "_gnp.exe"),
            ("<script>.html", "_script_.html"),
            ("cafe\u{301}.jpg", "caf\u{e9}.jpg"),
            ("Ω日本語🎨.webp", "Ω日本語🎨.webp"),
        ] {
            assert_eq!(file(original), format!("files/shop/{safe}"), "{original:?}");
        }
    }

    #[test]
    fn names_that_one_disk_cannot_tell_apart_get_numbers() {
        let mut names = Names::default();
        let mut file = |name: &str| names.file("shop", name).as_str().to_owned();
        assert_eq!(file("Photo.png"), "files/shop/Photo.png");
        assert_eq!(file("photo.PNG"), "files/shop/photo (2).PNG");
        assert_eq!(file("photo.png"), "files/shop/photo (3).png");
        assert_eq!(file("straße"), "files/shop/straße");
        assert_eq!(file("STRASSE"), "files/shop/STRASSE (2)");
        assert_eq!(file("e\u{301}"), "files/shop/é");
        assert_eq!(file("É"), "files/shop/É (2)");
    }

    #[test]
    fn endless_names_are_cut_before_their_extension() {
        let name = file(&format!("{}.jpeg", "ä".repeat(2500)));
        assert!(name.ends_with("ä.jpeg"), "{name}");
        assert!(name.rsplit('/').next().unwrap().len() <= MAX_PART);
        let name = file(&format!("a.{}", "b".repeat(5000)));
        assert_eq!(name.rsplit('/').next().unwrap().len(), MAX_PART);
    }

    #[test]
    fn fifty_thousand_equal_names_are_numbered_in_order() {
        let mut names = Names::default();
        for at in 1..=50_000 {
            let name = names.file("shop", "image.png");
            if at > 1 {
                assert_eq!(name.as_str(), format!("files/shop/image ({at}).png"));
            }
        }
    }

    #[test]
    fn collections_never_meet_each_other_or_their_own_parts() {
        let mut names = Names::default();
        let mut all = HashSet::new();
        for collection in ["album", "Album", "album.0002", "a/b", "a:b", "album (2)", "con"] {
            let data = names.collection("shop", collection);
            for part in [1, 2, 3, 10_000] {
                for ending in ["ndjson", "csv"] {
                    let name = data.part(part, ending);
                    assert!(EntryName::parse(name.as_str()).is_some(), "{name}");
                    assert!(all.insert(fold(name.as_str())), "{name}");
                }
            }
        }
        let data = Names::default().collection("shop", "invoice");
        assert_eq!(data.part(1, "ndjson").as_str(), "data/shop/invoice.ndjson");
        assert_eq!(data.part(2, "csv").as_str(), "data/shop/invoice.0002.csv");
    }

    #[test]
    fn a_link_to_any_name_stays_inside_the_archive() {
        let name = Names::default().file("shop", "javascript:alert('1')?#%41 ü.html");
        assert_eq!(name.href(), "files/shop/javascript_alert%28%271%27%29_%23%2541%20%C3%BC.html");
    }

    proptest! {
        #[test]
        fn any_names_are_safe_and_differ_on_every_disk(originals in prop::collection::vec(prop_oneof![
            any::<String>(),
            "[aA.ÄäA\u{308} /\\\\]{0,6}",
            "(con|NUL|lpt1)[. a]{0,4}",
            "\\PC{90,130}[.]png",
        ], 1..40)) {
            let mut names = Names::default();
            let mut folds = HashSet::new();
            for original in &originals {
                let name = names.file("Shop: north", original);
                prop_assert_eq!(EntryName::parse(name.as_str()), Some(name.clone()));
                prop_assert!(folds.insert(fold(name.as_str())), "{}", name);
                let last = name.as_str().rsplit('/').next().unwrap();
                prop_assert!(!last.ends_with(['.', ' ']) && !last.starts_with('.') && !is_reserved(last));
                prop_assert!(!last.chars().any(is_unsafe) && last.nfc().eq(last.chars()));
            }
        }

        #[test]
        fn cleaning_twice_changes_nothing(part in any::<String>(), most in 30_usize..100) {
            let once = clean(&part, most);
            prop_assert!(once.len() <= most);
            prop_assert_eq!(clean(&once, most), once);
        }
    }
}
