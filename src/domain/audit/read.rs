//! Reads a trail and says what was done to it.

use std::cmp::Reverse;

use serde::Deserialize;

use super::{AuditHash, AuditTree, Checkpoint};

/// What is wrong with a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// A line is not the one that was hashed.
    #[error("line {seq} was changed")]
    Changed {
        /// Which.
        seq: u64,
    },
    /// A line is gone, or stands elsewhere.
    #[error("line {seq} is missing")]
    Missing {
        /// Which.
        seq: u64,
    },
    /// A line says that its place is another.
    #[error("line {seq} was moved")]
    Moved {
        /// Where it stands.
        seq: u64,
    },
    /// Lines and hashes were written anew, against a checkpoint.
    #[error(
        "between the lines {from} and {to} something was written anew: the signed checkpoint differs"
    )]
    Rewritten {
        /// The first line that may be another.
        from: u64,
        /// The first line behind the checkpoint.
        to: u64,
    },
    /// The end is gone.
    #[error("the trail ends before line {size}, and {signed} lines were signed for")]
    Cut {
        /// How many lines there are.
        size: u64,
        /// How many there were.
        signed: u64,
    },
}

/// Reads a trail from its first line on, against checkpoints.
#[derive(Debug)]
pub struct AuditReader {
    tree: AuditTree,
    /// Those still ahead, the nearest last.
    ahead: Vec<Checkpoint>,
    /// The tree over the lines that a checkpoint has vouched for.
    held: AuditTree,
}

/// A trail that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTrail {
    /// The tree over all its lines.
    pub tree: AuditTree,
    /// The tree over those that a checkpoint has vouched for.
    pub held: AuditTree,
}

impl AuditReader {
    /// Against these, in whatever order.
    pub fn new(checkpoints: Vec<Checkpoint>) -> Result<Self, AuditFault> {
        Self::from(AuditTree::default(), checkpoints)
    }

    /// From the line behind `known` on, which a checkpoint has vouched for.
    pub fn from(known: AuditTree, mut checkpoints: Vec<Checkpoint>) -> Result<Self, AuditFault> {
        checkpoints.retain(|checkpoint| checkpoint.size >= known.size());
        checkpoints.sort_by_key(|checkpoint| Reverse(checkpoint.size));
        let mut reader = Self { held: known.clone(), tree: known, ahead: checkpoints };
        reader.compare()?;
        Ok(reader)
    }

    /// How many lines there are so far.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The next line, with the hash that stands beside it, if any does.
    pub fn line(
        &mut self,
        seq: u64,
        line: &str,
        hash: Option<AuditHash>,
    ) -> Result<(), AuditFault> {
        #[derive(Deserialize)]
        struct Place {
            seq: u64,
        }
        let here = self.tree.size();
        if seq != here {
            return Err(AuditFault::Missing { seq: here });
        }
        let own = AuditHash::of_line(line);
        if hash.is_some_and(|hash| hash != own) {
            return Err(AuditFault::Changed { seq });
        }
        match serde_json::from_str::<Place>(line) {
            Ok(place) if place.seq == seq => {}
            Ok(_) => return Err(AuditFault::Moved { seq }),
            Err(_) => return Err(AuditFault::Changed { seq }),
        }
        self.tree.push(own);
        self.compare()
    }

    /// The end: the tree over all lines.
    pub fn end(self) -> Result<ReadTrail, AuditFault> {
        let Self { tree, ahead, held } = self;
        let (signed, size) = (ahead.first().map(|checkpoint| checkpoint.size), tree.size());
        signed.map_or(Ok(ReadTrail { tree, held }), |signed| Err(AuditFault::Cut { size, signed }))
    }

    fn compare(&mut self) -> Result<(), AuditFault> {
        while let Some(next) = self.ahead.last().filter(|next| next.size == self.tree.size()) {
            if next.root != self.tree.root() {
                return Err(AuditFault::Rewritten { from: self.held.size(), to: next.size });
            }
            self.held.clone_from(&self.tree);
            self.ahead.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(count: u64) -> Vec<String> {
        (0..count).map(|seq| format!("{{\"seq\":{seq},\"kind\":\"x{}\"}}", seq * 7)).collect()
    }

    fn checkpoint(lines: &[String]) -> Checkpoint {
        let mut tree = AuditTree::default();
        for line in lines {
            tree.push(AuditHash::of_line(line));
        }
        Checkpoint { origin: "o".to_owned(), size: tree.size(), root: tree.root() }
    }

    /// Reads lines that stand at `seqs` beside the hashes of `hashed`.
    fn read(
        seqs: &[u64],
        lines: &[String],
        hashed: &[String],
        signed: &[Checkpoint],
    ) -> Result<u64, AuditFault> {
        let mut reader = AuditReader::new(signed.to_vec())?;
        for ((seq, line), hashed) in seqs.iter().zip(lines).zip(hashed) {
            reader.line(*seq, line, Some(AuditHash::of_line(hashed)))?;
        }
        reader.end().map(|read| read.tree.size())
    }

    #[test]
    fn whatever_is_done_to_a_trail_is_named() {
        let good = trail(20);
        let seqs: Vec<u64> = (0..20).collect();
        let signed = [checkpoint(&good[..20]), checkpoint(&good[..8]), checkpoint(&[])];
        assert_eq!(read(&seqs, &good, &good, &signed), Ok(20));
        for at in 0..20 {
            let seq = at as u64;
            let mut changed = good.clone();
            changed[at] = changed[at].replace('x', "y");
            let found = read(&seqs, &changed, &good, &[]);
            assert_eq!(found, Err(AuditFault::Changed { seq }), "without any checkpoint");
            let (from, to) = if at < 8 { (0, 8) } else { (8, 20) };
            let rewritten = Err(AuditFault::Rewritten { from, to });
            assert_eq!(read(&seqs, &changed, &changed, &signed), rewritten, "with its hash");
            let (mut gap, mut rest) = (seqs.clone(), good.clone());
            gap.remove(at);
            rest.remove(at);
            let found = read(&gap, &rest, &rest, &signed);
            let gone = if at == 19 {
                AuditFault::Cut { size: 19, signed: 20 }
            } else {
                AuditFault::Missing { seq }
            };
            assert_eq!(found, Err(gone));
            let other = (at + 1) % 20;
            let mut swapped = good.clone();
            swapped.swap(at, other);
            let first = at.min(other) as u64;
            let moved = Err(AuditFault::Moved { seq: first });
            assert_eq!(read(&seqs, &swapped, &swapped, &signed), moved);
        }
        // The same from the middle on, where a checkpoint has vouched for what is before.
        let mut known = AuditTree::default();
        good[..8].iter().for_each(|line| known.push(AuditHash::of_line(line)));
        let rest = |lines: &[String]| {
            let mut reader = AuditReader::from(known.clone(), signed.to_vec())?;
            for (seq, line) in (8..).zip(lines) {
                reader.line(seq, line, None)?;
            }
            reader.end().map(|read| (read.tree.size(), read.held.size()))
        };
        assert_eq!(rest(&good[8..]), Ok((20, 20)));
        assert_eq!(rest(&good[8..18]), Err(AuditFault::Cut { size: 18, signed: 20 }));
        let cut = read(&seqs[..7], &good[..7], &good[..7], &signed);
        assert_eq!(cut, Err(AuditFault::Cut { size: 7, signed: 20 }));
        assert_eq!(read(&[], &[], &[], &[]), Ok(0));
    }
}
