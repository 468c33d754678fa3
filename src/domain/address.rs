//! E-mail addresses: the one reading of them that the whole house shares.

use std::fmt;

/// Longest address that can stand in a mail's path (RFC 5321, 4.5.3.1.3, less the brackets).
pub const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;

/// A mailbox in canonical form: the local part byte for byte, the domain as lower-case A-label.
///
/// ASCII only before the `@`, no quoted local parts, no address literals, at least two labels after
/// it: what mail servers of the public internet deliver to, and nothing that two readers could
/// read in two ways. There is no folding of letters and no stripping of `+tag`: who owns
/// `a+b@example.org` need not own `a@example.org`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// Why something typed is no address that mail can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was typed.
    #[error("no address")]
    Empty,
    /// Longer than mail allows.
    #[error("an address has at most {MAX_ADDRESS} characters")]
    TooLong,
    /// It does not have the form `name@example.org`.
    #[error("not an address of the form name@example.org")]
    Form,
}

impl EmailAddress {
    /// Reads what a person typed or a store holds.
    ///
    /// ```
    /// # use rightsdesk::domain::address::EmailAddress;
    /// let address = EmailAddress::parse(" Ada@Bücher.example ").unwrap();
    /// assert_eq!(address.as_str(), "Ada@xn--bcher-kva.example");
    /// assert!(EmailAddress::parse("u@127.0.0.1").is_err());
    /// ```
    pub fn parse(typed: &str) -> Result<Self, AddressError> {
        let typed = typed.trim_matches([' ', '\t']);
        if typed.is_empty() {
            return Err(AddressError::Empty);
        }
        if typed.len() > 4 * MAX_ADDRESS {
            return Err(AddressError::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(AddressError::Form)?;
        if local.len() > MAX_LOCAL {
            return Err(AddressError::TooLong);
        }
        if !local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext)) {
            return Err(AddressError::Form);
        }
        let domain = canonical_domain(domain).ok_or(AddressError::Form)?;
        let whole = format!("{local}@{domain}");
        if whole.len() > MAX_ADDRESS {
            return Err(AddressError::TooLong);
        }
        Ok(Self(whole))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`, as typed.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the `@`, lower-case A-labels.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The same address with ASCII case ignored, for the second look into a store that says its
    /// addresses do not distinguish case. Never an identity by itself.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What counts as one mailbox when mails are counted: lower case, without `+tag`. Never an
    /// identity: `a+b@x` and `a@x` share a budget and nothing else.
    pub fn budget_key(&self) -> String {
        let local = self.local().split('+').next().unwrap_or_default().to_ascii_lowercase();
        format!("{local}@{}", self.domain())
    }

    /// For people who may know that there is an address, but not which: `a•••@e•••.org`.
    pub fn masked(&self) -> String {
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        let (name, top) = self.domain().rsplit_once('.').unwrap_or((self.domain(), ""));
        format!("{}•••@{}•••.{top}", first(self.local()), first(name))
    }
}

/// The characters of a dot-atom (RFC 5322, 3.2.3) less `%` and `!`, which old mail servers read as
/// routes.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"#$&'*+-/=?^_`{|}~".contains(&byte)
}

/// Two labels or more of letters, digits and hyphens; an all-digit last label would be an address
/// literal in disguise. International names become A-labels (UTS 46); letters that UTS 46 would map
/// to other ASCII letters (full-width forms and the like) are refused, so that nothing that looks
/// like one domain becomes another.
fn canonical_domain(typed: &str) -> Option<String> {
    let ascii = if typed.is_ascii() {
        typed.to_ascii_lowercase()
    } else {
        if typed.chars().any(|c| !c.is_ascii() && maps_to_ascii(c)) {
            return None;
        }
        idna::domain_to_ascii_strict(typed).ok()?
    };
    let labels: Vec<&str> = ascii.split('.').collect();
    let label_ok = |label: &&str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let top = labels.last()?;
    let good = labels.len() >= 2
        && labels.iter().all(label_ok)
        && top.len() >= 2
        && !top.bytes().all(|b| b.is_ascii_digit());
    // An A-label typed as such must decode to something that encodes to itself again.
    let stable = !ascii.contains("xn--")
        || idna::domain_to_ascii_strict(&ascii).is_ok_and(|again| again == ascii);
    (good && stable).then_some(ascii)
}

fn maps_to_ascii(c: char) -> bool {
    use unicode_normalization::UnicodeNormalization;
    std::iter::once(c).nfkc().any(|mapped| mapped.is_ascii())
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn canonical_forms() {
        for (typed, canonical) in [
            ("ada@example.org", "ada@example.org"),
            ("Ada.B@Example.ORG", "Ada.B@example.org"),
            ("  ada@example.org\t", "ada@example.org"),
            ("a+b@example.org", "a+b@example.org"),
            ("o'neil@example.ie", "o'neil@example.ie"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
            ("ada@a.b.c.example", "ada@a.b.c.example"),
            ("1@2.example", "1@2.example"),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), canonical, "{typed}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for typed in [
            "",
            " ",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "u@127.0.0.1",
            "u@[127.0.0.1]",
            "a%b@example.org",
            "a!b@example.org",
            "mıke@example.org",
            "ａ@example.org",
            "ada@ｅxample.org",
            "ada@exam\u{2110}ple.org",
            "\"a b\"@example.org",
            "a b@example.org",
            ".a@example.org",
            "a.@example.org",
            "a..b@example.org",
            "ada@example..org",
            "ada@.example.org",
            "ada@example.org.",
            "ada@-example.org",
            "ada@ex_ample.org",
            "ada@example.o",
            "ada@example.42",
            "ada\r\nBcc:b@example.org",
            "ada@example.org\r\nBcc: b@example.org",
            "ada@example.org\0",
            "ada@exa\u{202e}mple.org",
            "a,b@example.org",
            "<ada@example.org>",
            "ada@example.org, b@example.org",
            "ada@xn--.example",
            "ada@xn--a.example",
        ] {
            assert!(EmailAddress::parse(typed).is_err(), "{typed:?}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert_eq!(EmailAddress::parse(&long), Err(AddressError::TooLong));
        assert_eq!(EmailAddress::parse(&"a".repeat(10_000)), Err(AddressError::TooLong));
        let wide = format!("a@{}.example", vec!["b".repeat(60); 5].join("."));
        assert_eq!(EmailAddress::parse(&wide), Err(AddressError::TooLong));
    }

    #[test]
    fn an_address_does_not_show_itself() {
        let address = EmailAddress::parse("ada@example.org").unwrap();
        assert!(!format!("{address:?}").contains("ada"));
        assert_eq!(address.masked(), "a•••@e•••.org");
    }

    #[test]
    fn tags_share_a_budget_and_no_identity() {
        let (tagged, plain) = (
            EmailAddress::parse("Ada+1@example.org").unwrap(),
            EmailAddress::parse("ada@example.org").unwrap(),
        );
        assert_eq!(tagged.budget_key(), plain.budget_key());
        assert_ne!(tagged, plain);
    }

    proptest! {
        #[test]
        fn reading_is_a_fixed_point(typed in "\\PC{0,40}@\\PC{0,40}") {
            if let Ok(once) = EmailAddress::parse(&typed) {
                prop_assert_eq!(EmailAddress::parse(once.as_str()).unwrap(), once.clone());
                prop_assert!(once.as_str().is_ascii());
                prop_assert!(!once.as_str().bytes().any(|b| b.is_ascii_control() || b == b' '));
            }
        }
    }
}
