//! Enough understanding of Rust's text to tell code from comments, strings and tests.

use std::collections::BTreeSet;
use std::path::Path;

/// A source file: its characters, and the same with comments and the insides of strings blanked.
/// A place in one is the same place in the other.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) text: Vec<char>,
    pub(crate) code: Vec<char>,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let code = without_words(&text);
        Self { text, code }
    }

    /// Blanks what is compiled for tests only. Gives the names of modules that stand in files of
    /// their own and are for tests only.
    pub(crate) fn hide_tests(&mut self) -> Vec<String> {
        let mut modules = Vec::new();
        let mut at = 0;
        while let Some(start) = find(&self.code, at, "#[cfg(test)]") {
            let end = end_of_item(&self.code, start);
            let item: String = self.code[start..end].iter().collect();
            if let Some(name) = item.trim_end().strip_suffix(';')
                && let Some((_, name)) = name.rsplit_once("mod ")
            {
                modules.push(name.trim().to_owned());
            }
            self.code[start..end].iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
            at = end;
        }
        modules
    }

    /// The line, from 1, of a place.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.text[..at].iter().filter(|c| **c == '\n').count()
    }

    /// Every string literal that stands between two places in the code: where it begins and what
    /// it says, escapes as written.
    pub(crate) fn strings(&self, from: usize, to: usize) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut at = from;
        while at < to {
            if self.code[at] == '"' {
                let close = (at + 1..to).find(|i| self.code[*i] == '"').unwrap_or(to);
                found.push((at, self.text[at + 1..close].iter().collect()));
                at = close;
            }
            at += 1;
        }
        found
    }
}

/// The files under `src/` without what is compiled for tests only.
pub(crate) fn without_tests(files: &[(String, String)]) -> Vec<(&str, Source)> {
    let mut tests = BTreeSet::new();
    let mut sources = Vec::new();
    for (path, text) in files {
        let mut source = Source::new(text);
        let folder = match path.strip_suffix("/mod.rs") {
            Some(folder) => Path::new(folder).to_owned(),
            None if ["src/lib.rs", "src/main.rs"].contains(&path.as_str()) => "src".into(),
            None => Path::new(path).with_extension(""),
        };
        for module in source.hide_tests() {
            tests.insert(folder.join(&module).with_extension("rs"));
            tests.insert(folder.join(&module));
        }
        sources.push((path.as_str(), source));
    }
    sources.retain(|(path, _)| !Path::new(path).ancestors().any(|folder| tests.contains(folder)));
    sources
}

/// Whether `c` may stand in a name.
pub(crate) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `wanted` begins, at `from` or later.
pub(crate) fn find(code: &[char], from: usize, wanted: &str) -> Option<usize> {
    let wanted: Vec<char> = wanted.chars().collect();
    (from..(code.len() + 1).saturating_sub(wanted.len()))
        .find(|at| code[*at..*at + wanted.len()] == wanted[..])
}

/// The place behind the bracket that closes the one at `open`.
pub(crate) fn close(code: &[char], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.iter().enumerate().skip(open) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// The place behind the item that begins with the attribute at `start`.
fn end_of_item(code: &[char], start: usize) -> usize {
    let mut at = start;
    loop {
        while code.get(at).is_some_and(|c| c.is_whitespace()) {
            at += 1;
        }
        if code.get(at) != Some(&'#') {
            break;
        }
        at = close(code, at + 1);
    }
    while let Some(c) = code.get(at) {
        match c {
            ';' => return at + 1,
            '{' => return close(code, at),
            '(' | '[' => at = close(code, at),
            _ => at += 1,
        }
    }
    at
}

fn without_words(text: &[char]) -> Vec<char> {
    let mut code = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        let next = text.get(at + 1).copied();
        let end = match (text[at], next) {
            ('/', Some('/')) => {
                let end = (at..text.len()).find(|i| text[*i] == '\n').unwrap_or(text.len());
                blank(&mut code, at, end);
                end
            }
            ('/', Some('*')) => {
                let end = end_of_comment(text, at);
                blank(&mut code, at, end);
                end
            }
            ('"', _) => {
                let end = end_of_string(text, at);
                blank(&mut code, at + 1, end - 1);
                end
            }
            ('r', Some('"' | '#')) if at == 0 || !in_name(text[at - 1]) || text[at - 1] == 'b' => {
                let Some((open, end)) = raw_string(text, at) else {
                    at += 1;
                    continue;
                };
                blank(&mut code, at + 1, open);
                blank(&mut code, open + 1, end - 1);
                end
            }
            ('\'', Some('\\')) => {
                // The escaped character itself may be a quote.
                let end = (at + 3..text.len()).find(|i| text[*i] == '\'').unwrap_or(text.len() - 1);
                blank(&mut code, at + 1, end);
                end + 1
            }
            // Else it is a lifetime.
            ('\'', Some(_)) if text.get(at + 2) == Some(&'\'') => {
                blank(&mut code, at + 1, at + 2);
                at + 3
            }
            _ => at + 1,
        };
        at = end;
    }
    code
}

fn blank(code: &mut [char], from: usize, to: usize) {
    for c in code.iter_mut().take(to).skip(from).filter(|c| **c != '\n') {
        *c = ' ';
    }
}

fn end_of_comment(text: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at + 1 < text.len() {
        match (text[at], text[at + 1]) {
            ('/', '*') => {
                depth += 1;
                at += 2;
            }
            ('*', '/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

fn end_of_string(text: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Where the quote of a raw string stands that begins with the `r` at `start`, and the place
/// behind its last quote.
fn raw_string(text: &[char], start: usize) -> Option<(usize, usize)> {
    let open = (start + 1..text.len()).find(|i| text[*i] != '#')?;
    if text[open] != '"' {
        return None;
    }
    let fence = open - start - 1;
    (open + 1..text.len())
        .find(|i| {
            text[*i] == '"' && (1..=fence).all(|more| text.get(i + more).is_some_and(|c| *c == '#'))
        })
        .map(|last| (open, last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Source::new(text).code.iter().collect()
    }

    #[test]
    fn comments_strings_and_characters_are_no_code() {
        assert_eq!(code("a // crate::b\nc"), "a            \nc");
        assert_eq!(code("a /* b /* c */ d */ e"), "a                   e");
        assert_eq!(code(r#"f("x\"y", 1)"#), r#"f("    ", 1)"#);
        assert_eq!(code(r##"f(r#"x"y"#, 1)"##), r##"f(r "   "#, 1)"##);
        assert_eq!(code("'{' b'\\'' &'a str"), "' ' b'  ' &'a str");
        assert_eq!(code("for r in x {}"), "for r in x {}");
    }

    #[test]
    fn strings_are_found_with_what_they_say() {
        let source = Source::new("f(\"one\", // \"two\"\n r\"three\")");
        let said: Vec<_> =
            source.strings(0, source.code.len()).into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["one", "three"]);
    }

    #[test]
    fn tests_are_hidden_and_what_follows_them_is_not() {
        let mut source = Source::new(
            "#[cfg(test)]\nmod tests;\n#[cfg(test)]\n#[expect(x)]\nmod inner { fn a() { b() } }\nfn c() {}",
        );
        assert_eq!(source.hide_tests(), ["tests"]);
        let left: String = source.code.iter().collect();
        assert_eq!(left.trim(), "fn c() {}");
        assert_eq!(source.line(find(&source.code, 0, "fn c").unwrap()), 6);
    }
}
