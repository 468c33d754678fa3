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
