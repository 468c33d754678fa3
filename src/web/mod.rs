//! The web: what browsers, scripts and proxies speak to.
//!
//! [`edge`] is all that stands between the open internet and our handlers, [`view`] what people see,
//! [`public`] the handlers of the pages that need no account, [`console`] those of staff, [`api`]
//! those of programs, [`metrics`] what Prometheus fetches.

pub mod api;
pub mod asset;
pub mod console;
pub mod edge;
pub mod fetch;
pub mod metrics;
pub mod public;
pub mod view;
