//! Background work: everything that touches mail, stores, archives and other people's servers.

pub mod backoff;
pub mod runner;
pub mod seal;
pub mod work;
