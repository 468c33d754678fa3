//! The search: a canary is found however it was written down.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL, HEXLOWER, HEXUPPER};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// Shorter than this, something may stand anywhere by chance.
const SHORTEST: usize = 6;

/// Something that may stand in none of the places.
#[derive(Debug, Clone)]
pub(crate) struct Canary {
    /// What it is, for whoever reads that it was found.
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
}

impl Canary {
    pub(crate) fn new(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let canary = Self { what: what.into(), bytes: bytes.into() };
        assert!(canary.bytes.len() >= SHORTEST, "too short to be told apart: {}", canary.what);
        canary
    }

    /// Every way in which it may have been written down, by name.
    fn forms(&self) -> Vec<(String, Vec<u8>)> {
        let bytes = &self.bytes;
        let mut forms: Vec<(String, Vec<u8>)> = Vec::new();
        let mut add = |name: &str, form: Vec<u8>| forms.push((name.to_owned(), form));
        add("as it is", bytes.clone());
        add("in hex", HEXLOWER.encode(bytes).into());
        add("in hex, large", HEXUPPER.encode(bytes).into());
        add("in base32", BASE32_NOPAD.encode(bytes).into());
        let mut list = String::new();
        for byte in bytes {
            write!(list, "{byte}, ").unwrap();
        }
        add("as numbers", list.trim_end_matches(", ").into());
        for at in 0..3 {
            for (name, base) in [("base64", BASE64), ("base64url", BASE64URL)] {
                add(&format!("in {name} from byte {at} on"), aligned(&base, bytes, at));
            }
        }
        let percent = percent_encode(bytes, NON_ALPHANUMERIC).to_string();
        add("percent-encoded, small", percent.to_lowercase().into());
        let form: String = form_urlencoded::byte_serialize(bytes).collect();
        add("as in a form", form.into());
        add("percent-encoded", percent.into());
        if let Ok(text) = std::str::from_utf8(bytes) {
            add("small", text.to_lowercase().into());
            add("large", text.to_uppercase().into());
            add("in UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            let debug = format!("{text:?}");
            add("as Rust shows it", inner(&debug));
            add("escaped for Rust", text.escape_default().to_string().into());
            let json = serde_json::to_string(text).unwrap();
            add("as JSON", inner(&json));
            add("as JSON twice", inner(&serde_json::to_string(&json).unwrap()[2..]));
            let ascii = |c: char| {
                if c.is_ascii() {
                    return c.to_string();
                }
                let mut escaped = String::new();
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(escaped, "\\u{unit:04x}").unwrap();
                }
                escaped
            };
            add("as JSON in ASCII", inner(&json.chars().map(ascii).collect::<String>()));
            let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;");
            add("as HTML", html.into());
        }
        // Two words that end up the same are one.
        let mut seen = BTreeSet::new();
        forms.retain(|(_, form)| form.len() >= SHORTEST && seen.insert(form.clone()));
        forms
    }
}

/// Without the quotes at both ends.
fn inner(quoted: &str) -> Vec<u8> {
    quoted.trim_start_matches('"').strip_suffix('"').unwrap().trim_end_matches("\\\"").into()
}

/// The digits of `bytes` that are the same whatever stands before and after, when they begin at a
/// byte whose place divided by three leaves `at`.
fn aligned(base: &data_encoding::Encoding, bytes: &[u8], at: usize) -> Vec<u8> {
    let padded = [&[0; 2][..at], bytes].concat();
    let digits = base.encode(&padded);
    let (first, end) = ([0, 2, 3][at], padded.len() * 8 / 6);
    digits.as_bytes()[first..end].to_vec()
}

/// All that is looked for.
pub(crate) struct Hunt {
    names: Vec<String>,
    finder: AhoCorasick,
}

impl Hunt {
    pub(crate) fn new(canaries: &[Canary]) -> Self {
        let forms = canaries.iter().flat_map(|canary| {
            let named = |(name, form)| (format!("{} {name}", canary.what), form);
            canary.forms().into_iter().map(named)
        });
        let (names, forms): (Vec<_>, Vec<Vec<u8>>) = forms.unzip();
        Self { names, finder: AhoCorasick::new(forms).unwrap() }
    }

    /// What stands in `bytes`, each once.
    pub(crate) fn find(&self, bytes: &[u8]) -> Vec<&str> {
        let found = self.finder.find_overlapping_iter(bytes);
        let found: BTreeSet<usize> = found.map(|found| found.pattern().as_usize()).collect();
        found.into_iter().map(|form| self.names[form].as_str()).collect()
    }

    /// Complains about what stands in a place. `control` is something that must be there: a search
    /// that cannot find it looks at nothing.
    #[track_caller]
    pub(crate) fn search(&self, place: &str, bytes: &[u8], control: &str) -> Vec<String> {
        let control = AhoCorasick::new([control]).unwrap();
        assert!(control.is_match(bytes), "{place}: the search does not see what is there");
        self.find(bytes).into_iter().map(|found| format!("{place}: {found}")).collect()
    }
}

/// The files below a folder, but for those below the folders and files `without`.
pub(crate) fn files(folder: &Path, without: &[&str]) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if without.iter().any(|without| path == folder.join(without)) {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn a_canary_is_found_in_every_form_at_every_place() {
    let texts = ["zq-quagga-7731", "Zoë \"Quill\" <O'Feather> 99%", "two\nlines\tof\\it"];
    let mut canaries: Vec<Canary> = texts.iter().map(|text| Canary::new(*text, *text)).collect();
    canaries.push(Canary::new("key", (0..32_u8).map(|n| n.wrapping_mul(77)).collect::<Vec<_>>()));
    let hunt = Hunt::new(&canaries);
    for canary in &canaries {
        let bytes = &canary.bytes;
        for before in 0..7 {
            let noise = |n: usize| vec![b'x'; n];
            let planted = [noise(before), bytes.clone(), noise(9 - before)].concat();
            let mut texts = vec![
                planted.clone(),
                HEXLOWER.encode(&planted).into(),
                BASE64.encode(&planted).into(),
                BASE64URL.encode(&planted).into(),
                percent_encode(&planted, NON_ALPHANUMERIC).to_string().into(),
                format!("{planted:?}").into(),
            ];
            if let Ok(text) = std::str::from_utf8(&planted) {
                let value = serde_json::json!({ "data": { "text": text } });
                texts.extend([
                    value.to_string().into_bytes(),
                    serde_json::json!({ "line": value.to_string() }).to_string().into_bytes(),
                    format!("{text:?}").into_bytes(),
                    text.to_lowercase().into_bytes(),
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().into(),
                ]);
            }
            for text in texts {
                let found = hunt.find(&text);
                let named = found.iter().any(|found| found.starts_with(&canary.what));
                assert!(named, "{} in {}", canary.what, String::from_utf8_lossy(&text));
            }
        }
    }
    let innocent = b"route=\"/status/{token}\" R-7F3K9Q2M zq-quagga-773 quill feather".repeat(9);
    assert_eq!(hunt.find(&innocent), [""; 0]);
}

#[test]
#[should_panic(expected = "does not see")]
fn a_place_without_its_control_is_no_place() {
    Hunt::new(&[Canary::new("a", "aaaaaaaa")]).search("log", b"", "answered");
}
