//! The web: what browsers, scripts and proxies speak to.
//!
//! [`edge`] is all that stands between the open internet and our handlers.

pub mod edge;
