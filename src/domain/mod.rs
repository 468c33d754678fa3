//! What the service knows and decides, without a database, a network or a clock in sight.

pub mod address;
pub mod base_url;
pub mod category;
pub mod code;
pub mod duration;
pub mod facts;
pub mod gather;
pub mod language;
pub mod record;
pub mod right;
pub mod settings;
pub mod subject;
pub mod text;
