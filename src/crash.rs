//! Named points at which the program can be made to die, for the tests in `tests/crash`. Without
//! the feature `crash-points`, which no release has, none of this is in the program.

#[cfg(feature = "crash-points")]
mod plan {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use rustix::process::{Signal, getpid, kill_process};

    struct Plan {
        at: Option<(String, u32)>,
        passed: AtomicU32,
        lease: Option<Duration>,
    }

    static PLAN: OnceLock<Plan> = OnceLock::new();

    /// Arms one point, `NAME` or `NAME:N` for its N-th pass, and shortens the lease of jobs, so
    /// that tests need not wait half a minute for each recovery. Only the first call counts.
    pub fn arm(at: Option<&str>, lease: Option<Duration>) {
        let at = at.map(|at| match at.rsplit_once(':') {
            Some((name, pass)) => (name.to_owned(), pass.parse().unwrap_or(1)),
            None => (at.to_owned(), 1),
        });
        let _ = PLAN.set(Plan { at, passed: AtomicU32::new(0), lease });
    }

    /// The lease that was asked for.
    pub fn lease() -> Option<Duration> {
        PLAN.get().and_then(|plan| plan.lease)
    }

    /// A size; a sixteenth of it where this is armed, so that few bytes make many parts.
    pub fn size(usual: usize) -> usize {
        if PLAN.get().is_some() { usual / 16 } else { usual }
    }

    /// Dies here, as by a power cut, when this is the armed point and its turn has come.
    ///
    /// # Panics
    /// Never: a process may always kill itself.
    pub fn point(name: &'static str) {
        let Some(plan) = PLAN.get() else { return };
        let Some((armed, pass)) = &plan.at else { return };
        if armed == name && plan.passed.fetch_add(1, Ordering::SeqCst) + 1 == *pass {
            kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
            // The signal is on its way to every thread.
            std::thread::park();
        }
    }
}

#[cfg(feature = "crash-points")]
pub use plan::{arm, lease, point, size};

/// A place to die at, for tests; here it is nothing.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub const fn point(_name: &'static str) {}

/// A size that tests make smaller; here it is what it is.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub const fn size(usual: usize) -> usize {
    usual
}
