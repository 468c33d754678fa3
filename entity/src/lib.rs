//! Rightsdesk's own tables as sea-orm entities: columns and nothing else.
//!
//! Only `db` reads and writes them. A crate of this name clashes with `sea_orm::entity` under glob
//! imports, so import by name.

pub mod job;
pub mod lane;
