//! The pages in a real browser, as a newcomer meets them.
//!
//! `RIGHTSDESK_WRITE_SCREENSHOTS=DIR` also writes a picture of every page, for people to look at.

mod console;
mod inspect;
mod journey;
mod keyboard;
mod papers;
