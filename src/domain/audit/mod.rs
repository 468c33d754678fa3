//! The audit trail: lines that never change, under a Merkle tree (RFC 6962, 2.1).
//!
//! The root over all lines so far stands for every one of them: none can be changed, removed or put
//! elsewhere without another root. Roots that were signed and kept elsewhere bind whoever can write
//! to the database.

mod read;
mod restore;

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use read::{AuditFault, AuditReader, ReadTrail};
pub use restore::{Head, Restore, Signed, origin_of, stretch_of};

/// A hash of a line or of a tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// The hash of one line: a leaf of the tree.
    pub fn of_line(line: &str) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
    }

    fn of_both(left: Self, right: Self) -> Self {
        let hash = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditHash({self})")
    }
}

/// A line as it is kept: JSON with its keys in this order, hashed as it stands.
#[derive(Debug, Serialize)]
pub struct AuditLine<'e> {
    /// Its place, from 0 on.
    pub seq: u64,
    /// When it happened (RFC 3339, UTC, milliseconds).
    pub at: String,
    /// The request that it is about; lines about accounts and the trail itself have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Who did it: a kind of actor.
    pub actor: &'e str,
    /// Which member of staff.
    pub by: Option<&'e str>,
    /// What, a stable word.
    pub kind: &'e str,
    /// What belongs to it: counts, words and dates.
    pub data: &'e serde_json::Value,
}

impl AuditLine<'_> {
    /// The text that is kept.
    ///
    /// # Panics
    /// Never: text, numbers and JSON are JSON.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("text, numbers and JSON are JSON")
    }
}

/// The tree over the lines so far, as the roots of its full subtrees, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditTree {
    size: u64,
    peaks: Vec<AuditHash>,
}

impl AuditTree {
    /// How many lines it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of the next line.
    pub fn push(&mut self, leaf: AuditHash) {
        let mut hash = leaf;
        // Every one at the end of the binary size is a full subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = AuditHash::of_both(left, hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all lines.
    pub fn root(&self) -> AuditHash {
        let joined = self.peaks.iter().rev().copied();
        let joined = joined.reduce(|right, left| AuditHash::of_both(left, right));
        joined.unwrap_or_else(|| AuditHash(Sha256::digest([]).into()))
    }

    /// One line of text that [`AuditTree::parse`] reads back.
    pub fn to_text(&self) -> String {
        let peaks: Vec<String> = self.peaks.iter().map(ToString::to_string).collect();
        format!("{} {}", self.size, peaks.join(" "))
    }

    /// Reads what [`AuditTree::to_text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let size: u64 = words.next()?.parse().ok()?;
        let hash = |word: &str| {
            let bytes = HEXLOWER.decode(word.as_bytes()).ok()?;
            bytes.try_into().ok().map(AuditHash)
        };
        let peaks: Option<Vec<AuditHash>> = words.map(hash).collect();
        let peaks = peaks.filter(|peaks| peaks.len() == size.count_ones() as usize)?;
        Some(Self { size, peaks })
    }
}

/// A size and its root, as they are signed and kept elsewhere (C2SP tlog-checkpoint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose trail: the name of the service, without a scheme.
    pub origin: String,
    /// How many lines there were.
    pub size: u64,
    /// The root over them.
    pub root: AuditHash,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root.0))
    }

    /// Reads what [`Checkpoint::to_text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok().map(AuditHash)?;
        let read = Self { origin: origin.to_owned(), size: size.parse().ok()?, root };
        (read.to_text() == text).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Leaves and roots that implementations of RFC 6962 are tested with.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_rfc_6962() {
        let mut tree = AuditTree::default();
        assert_eq!(tree.root().to_string(), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.push(AuditHash::of_line(std::str::from_utf8(leaf).unwrap()));
            assert_eq!(tree.root().to_string(), *root, "{}", tree.size());
        }
    }

    /// The definition in RFC 6962, 2.1, word for word.
    fn defined(leaves: &[AuditHash]) -> AuditHash {
        match leaves {
            [] => AuditHash(Sha256::digest([]).into()),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
                AuditHash::of_both(defined(left), defined(right))
            }
        }
    }

    proptest! {
        #[test]
        fn a_tree_that_grew_is_the_tree_of_the_definition(size in 0_u32..300) {
            let leaves: Vec<_> = (0..size).map(|n| AuditHash::of_line(&n.to_string())).collect();
            let mut tree = AuditTree::default();
            for leaf in &leaves {
                tree = AuditTree::parse(&tree.to_text()).unwrap();
                tree.push(*leaf);
            }
            prop_assert_eq!(tree.root(), defined(&leaves));
            prop_assert_eq!(tree.size(), u64::from(size));
        }
    }

    #[test]
    fn a_checkpoint_is_read_to_the_letter() {
        let made = Checkpoint {
            origin: "privacy.example.org/audit".to_owned(),
            size: 17,
            root: AuditHash::of_line("x"),
        };
        let text = made.to_text();
        assert_eq!(Checkpoint::parse(&text), Some(made));
        for wrong in [
            text.replace("17", "017"),
            text.trim_end().to_owned(),
            format!("{text}more\n"),
            text.replace('\n', "\r\n"),
        ] {
            assert_eq!(Checkpoint::parse(&wrong), None, "{wrong}");
        }
    }
}
