//! What was signed over the whole life of a trail, also where a restored backup began it anew.
//!
//! A *stretch* is what was written between two restores. Its checkpoints have an origin of their
//! own, since a trail never signs two things for one size under one name. A signed [`Restore`]
//! begins each but the first.

use data_encoding::BASE64;
use jiff::Timestamp;

use super::{AuditHash, Checkpoint};

/// A size of the trail with the root over so many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many lines.
    pub size: u64,
    /// The root over them.
    pub root: AuditHash,
}

/// Somebody has accepted that the database is a restored backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// Whose trail.
    pub origin: String,
    /// Which one, from 1 on; also the number of the stretch that it begins.
    pub number: u32,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// The trail of the restored database.
    pub kept: Head,
    /// The newest checkpoint that was there.
    pub signed: Head,
}

impl Restore {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let Self { origin, number, accepted_at, kept, signed } = self;
        let head = |head: &Head| format!("{} {}", head.size, BASE64.encode(&head.root.0));
        let (kept, signed) = (head(kept), head(signed));
        format!(
            "{origin}\nrestore {number}\naccepted {accepted_at}\nkept {kept}\nsigned {signed}\n"
        )
    }

    /// Reads what [`Restore::to_text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next()?.to_owned();
        let mut word = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let number = word("restore")?.parse().ok()?;
        let accepted_at = word("accepted")?.parse().ok()?;
        let (kept, signed) = (head(word("kept")?)?, head(word("signed")?)?);
        let read = Self { origin, number, accepted_at, kept, signed };
        (read.to_text() == text && number > 0 && kept.size < signed.size).then_some(read)
    }
}

fn head(text: &str) -> Option<Head> {
    let (size, root) = text.split_once(' ')?;
    let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
    Some(Head { size: size.parse().ok()?, root: AuditHash(root) })
}

/// Under which name the checkpoints of a stretch are signed.
pub fn origin_of(origin: &str, stretch: u32) -> String {
    if stretch == 0 { origin.to_owned() } else { format!("{origin}/restore-{stretch}") }
}

/// The stretch whose checkpoints bear the name `origin`, and the name of the first one.
pub fn stretch_of(origin: &str) -> (&str, u32) {
    let later = origin.rsplit_once("/restore-").and_then(|(first, number)| {
        let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
        (origin_of(first, number) == origin).then_some((first, number))
    });
    later.unwrap_or((origin, 0))
}

/// Everything that was ever signed for a trail.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    /// Accepted restores, in their order.
    pub restores: Vec<Restore>,
    /// Checkpoints with the stretch that they are of, in whatever order.
    pub checkpoints: Vec<(u32, Checkpoint)>,
}

impl Signed {
    /// The stretch that is being written.
    pub fn stretch(&self) -> u32 {
        self.restores.last().map_or(0, |restore| restore.number)
    }

    /// The checkpoints that the present trail has to agree with: all but those of lines that an
    /// accepted restore has lost.
    pub fn binding(&self) -> Vec<Checkpoint> {
        let kept = self.restores.iter().map(|restore| {
            let Restore { origin, number, kept, .. } = restore;
            let checkpoint =
                Checkpoint { origin: origin.clone(), size: kept.size, root: kept.root };
            // What was kept is the end of the stretch before, and a part of all after it.
            (number - 1, checkpoint)
        });
        let all = self.checkpoints.iter().cloned().chain(kept);
        let holds = |(stretch, checkpoint): &(u32, Checkpoint)| {
            let after = self.restores.iter().filter(|restore| restore.number > *stretch);
            after.map(|restore| restore.kept.size).min().is_none_or(|most| checkpoint.size <= most)
        };
        all.filter(holds).map(|(_, checkpoint)| checkpoint).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(size: u64, line: &str) -> Head {
        Head { size, root: AuditHash::of_line(line) }
    }

    fn restore(number: u32, kept: Head, signed: Head) -> Restore {
        let accepted_at = "2026-11-21T10:00:00Z".parse().unwrap();
        Restore { origin: "desk.example/audit".into(), number, accepted_at, kept, signed }
    }

    fn checkpoint(stretch: u32, head: Head) -> (u32, Checkpoint) {
        let origin = origin_of("desk.example/audit", stretch);
        (stretch, Checkpoint { origin, size: head.size, root: head.root })
    }

    fn sizes(signed: &Signed) -> Vec<u64> {
        let mut sizes: Vec<u64> = signed.binding().iter().map(|one| one.size).collect();
        sizes.sort_unstable();
        sizes
    }

    #[test]
    fn an_acceptance_is_read_to_the_letter() {
        let made = restore(2, at(17, "x"), at(90, "y"));
        let text = made.to_text();
        assert_eq!(Restore::parse(&text), Some(made));
        for wrong in [
            text.replace("restore 2", "restore 02"),
            text.replace("restore 2", "restore 0"),
            text.replace("kept 17", "kept 91"),
            text.replace("10:00:00Z", "10:00:00+00:00"),
            text.trim_end().to_owned(),
            format!("{text}more\n"),
        ] {
            assert_eq!(Restore::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_stretch_has_a_name_of_its_own() {
        assert_eq!(origin_of("a/audit", 0), "a/audit");
        assert_eq!(stretch_of("a/audit"), ("a/audit", 0));
        assert_eq!(stretch_of(&origin_of("a/audit", 12)), ("a/audit", 12));
        for first in ["a/restore-x", "a/restore-0", "a/restore-01", "a/restore-"] {
            assert_eq!(stretch_of(first), (first, 0));
        }
    }

    #[test]
    fn what_a_restore_has_lost_binds_no_more_and_everything_else_does() {
        let mut signed = Signed::default();
        for size in [40, 80, 120] {
            signed.checkpoints.push(checkpoint(0, at(size, "first")));
        }
        assert_eq!((signed.stretch(), sizes(&signed)), (0, vec![40, 80, 120]));
        // Back to 100 lines; the next stretch is signed at 110 and 130.
        signed.restores.push(restore(1, at(100, "kept"), at(120, "first")));
        for size in [110, 130] {
            signed.checkpoints.push(checkpoint(1, at(size, "second")));
        }
        assert_eq!((signed.stretch(), sizes(&signed)), (1, vec![40, 80, 100, 110, 130]));
        // And once more, to a backup from before the first restore.
        signed.restores.push(restore(2, at(60, "kept"), at(130, "second")));
        signed.checkpoints.push(checkpoint(2, at(70, "third")));
        assert_eq!((signed.stretch(), sizes(&signed)), (2, vec![40, 60, 70]));
    }
}
