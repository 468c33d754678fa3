//! What people type: one line or several, of bounded length, without control characters.

use std::fmt;

use zeroize::Zeroizing;

/// Characters of the longest ending of a file's name that is kept when the name is cut.
const ENDING: usize = 16;

/// Why typed text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Longer than the field allows, in characters.
    #[error("at most {0} characters")]
    TooLong(usize),
    /// A control character, or one that changes the direction of what follows.
    #[error("contains characters that cannot be shown")]
    Control,
}

/// Text as a person typed it, trimmed, checked, and kept out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText(Zeroizing<String>);

impl TypedText {
    /// One line of at most `most` characters. `Ok(None)` when nothing but blanks was typed.
    pub fn line(typed: &str, most: usize) -> Result<Option<Self>, TextError> {
        Self::check(typed, most, |_| false)
    }

    /// Several lines; line ends become `\n`.
    pub fn block(typed: &str, most: usize) -> Result<Option<Self>, TextError> {
        let unix = typed.replace("\r\n", "\n");
        Self::check(&unix, most, |c| matches!(c, '\n' | '\t'))
    }

    fn check(
        typed: &str,
        most: usize,
        allowed: impl Fn(char) -> bool,
    ) -> Result<Option<Self>, TextError> {
        let trimmed = typed.trim();
        if trimmed.chars().count() > most {
            return Err(TextError::TooLong(most));
        }
        if trimmed.chars().any(|c| !allowed(c) && (c.is_control() || turns_direction(c))) {
            return Err(TextError::Control);
        }
        Ok((!trimmed.is_empty()).then(|| Self(Zeroizing::new(trimmed.to_owned()))))
    }

    /// The name of a file as some browser sent it, of at most `most` characters: without folders,
    /// control characters and whatever changes the direction of text, and cut before its ending.
    /// `None` when nothing is left.
    pub fn file_name(sent: &str, most: usize) -> Option<Self> {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let hidden = |c: char| c.is_control() || turns_direction(c) || marks_direction(c);
        let shown: String = last.chars().filter(|c| !hidden(*c)).collect();
        // A file that begins with a dot hides on some systems, one that ends with it is lost on others.
        let name = shown.trim_matches(|c: char| c == '.' || c.is_whitespace());
        let length = name.chars().count();
        let cut = match name.rsplit_once('.') {
            _ if length <= most => name.to_owned(),
            Some((stem, ending)) if ending.chars().count() <= ENDING.min(most / 2) => {
                let room = most - ending.chars().count() - 1;
                format!("{}.{ending}", stem.chars().take(room).collect::<String>())
            }
            _ => name.chars().take(most).collect(),
        };
        Self::line(&cut, most).ok().flatten()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bidirectional overrides and isolates (Unicode UAX 9) and line separators, with which a name
/// can disguise what stands around it. The marks that right-to-left scripts need (LRM, RLM, ALM)
/// are fine.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// The marks that are fine within text, and of no use in the name of a file.
fn marks_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

impl fmt::Debug for TypedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedText(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_is_trimmed_and_bounded() {
        assert_eq!(TypedText::line("  Ada  ", 10).unwrap().unwrap().as_str(), "Ada");
        assert_eq!(TypedText::line(" \t ", 10).unwrap(), None);
        assert_eq!(TypedText::line("ééé", 2), Err(TextError::TooLong(2)));
        assert_eq!(TypedText::line("a\r\nb", 10), Err(TextError::Control));
        assert_eq!(TypedText::line("a\0b", 10), Err(TextError::Control));
        assert_eq!(TypedText::line("\u{202e}gnp.exe", 10), Err(TextError::Control));
        assert_eq!(TypedText::block("a\r\nb", 10).unwrap().unwrap().as_str(), "a\nb");
        assert_eq!(TypedText::block("a\rb", 10), Err(TextError::Control));
        assert!(TypedText::line("עדה לאבלייס", 20).unwrap().is_some());
    }

    #[test]
    fn names_of_files_lose_what_could_deceive() {
        let named = |sent| TypedText::file_name(sent, 12).map(|name| name.as_str().to_owned());
        for (sent, kept) in [
            ("Brief.pdf", "Brief.pdf"),
            ("C:\\fakepath\\Brief.pdf", "Brief.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nX: y\0.pdf", "aX: y.pdf"),
            ("\u{202e}fdp.\u{200f}exe", "fdp.exe"),
            (" .hidden. ", "hidden"),
            ("Änderung an der Anschrift.pdf", "Änderung.pdf"),
            ("no ending at all, and long", "no ending at"),
            ("x.of an ending that is none", "x.of an endi"),
        ] {
            assert_eq!(named(sent).as_deref(), Some(kept), "{sent:?}");
        }
        for nothing in ["", " ", "..", "folder/", "\u{202e}", "\0"] {
            assert_eq!(named(nothing), None, "{nothing:?}");
        }
    }
}
