//! What processes have cost.

use std::fs;

/// Clock ticks a second in `/proc`, on every Linux that matters (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

/// CPU seconds in user and system from `/proc/ID/stat` (proc(5)): from field 13 on (counted from 0)
/// those of the process, from 15 on those of its children that have ended.
pub(crate) fn seconds(id: &str, field: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    // The name in field 1 may hold anything, so counting begins behind its bracket.
    let behind = stat.rsplit_once(')').expect("the name is in brackets").1;
    let both = behind.split_whitespace().skip(field - 2).take(2);
    both.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS
}
