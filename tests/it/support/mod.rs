//! What the tests need around the program: processes, folders, mails, a visitor, tools.

pub(crate) mod archive;
pub(crate) mod collector;
pub(crate) mod driver;
pub(crate) mod exposition;
pub(crate) mod folder;
pub(crate) mod http;
pub(crate) mod journey;
pub(crate) mod mail;
pub(crate) mod postgres;
pub(crate) mod process;
pub(crate) mod smtp;

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Nothing here takes nearly as long, on a busy machine neither.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A switch or a path that the caller of the tests sets.
pub(crate) fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "set for the tests alone")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says that a test did not run for want of `what`; fails where tools are demanded.
#[track_caller]
pub(crate) fn not_run(what: &str) {
    assert_ne!(setting("RIGHTSDESK_TEST_TOOLS").as_deref(), Some("1"), "missing: {what}");
    println!("not run: {what}");
}

/// Looks again and again until there is something to see.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    wait_within(PATIENCE, what, look)
}

/// The same with another patience.
#[track_caller]
pub(crate) fn wait_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> Option<T>,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < patience, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
