//! Panics: the person gets a page, the log gets the place, and nobody gets the message, which may
//! hold what the code was working on.

use std::panic::PanicHookInfo;

/// Makes the process report a panic by its place only, instead of printing its message. Once, at
/// the start.
pub fn report_place_only() {
    std::panic::set_hook(Box::new(report));
}

fn report(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    tracing::error!(place, "panicked");
}

#[cfg(test)]
mod tests {
    use std::panic::{catch_unwind, set_hook, take_hook};
    use std::sync::Arc;
    use std::thread;

    use super::super::capture::Captured;
    use super::*;

    #[test]
    fn a_panic_is_reported_by_its_place_and_not_by_its_words() {
        let captured = Captured::start();
        // Other tests panic in other threads meanwhile, and want to be read.
        let (here, usual) = (thread::current().id(), Arc::new(take_hook()));
        let others = Arc::clone(&usual);
        set_hook(Box::new(move |panic| {
            if thread::current().id() == here { report(panic) } else { others(panic) }
        }));
        let caught = catch_unwind(|| panic!("ada@example.org"));
        set_hook(Box::new(move |panic| usual(panic)));
        assert!(caught.is_err());
        let log = captured.text();
        assert!(log.contains("ERROR") && log.contains("src/web/edge/panic.rs:"), "{log}");
        assert!(!log.contains("ada"), "{log}");
    }
}
