//! What the service knows and decides, without a database, a network or a clock in sight.

pub mod address;
pub mod audit;
pub mod base_url;
pub mod category;
pub mod code;
pub mod decision;
pub mod duration;
pub mod event;
pub mod facts;
pub mod gather;
pub mod job;
pub mod language;
pub mod mail;
pub mod notice;
pub mod policy;
pub mod promise;
pub mod queue;
pub mod record;
pub mod report;
pub mod request;
pub mod right;
pub mod settings;
pub mod staff;
pub mod state;
pub mod subject;
pub mod text;
