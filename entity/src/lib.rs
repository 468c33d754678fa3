//! Rightsdesk's own tables: columns and nothing else. Only `rightsdesk::db` may see them.
//!
//! Instants are milliseconds since 1970 in UTC, ids are UUIDs of version 7, JSON is text, and what is
//! sealed is bytes.

pub mod api_call;
pub mod api_token;
pub mod approval;
pub mod archive;
pub mod assertion;
pub mod audit;
pub mod challenge;
pub mod change;
pub mod clock;
pub mod correction;
pub mod current_field;
pub mod deadline;
pub mod download;
pub mod erase_plan;
pub mod erase_step;
pub mod event;
pub mod evidence;
pub mod flag;
pub mod flag_key;
pub mod found_person;
pub mod frozen;
pub mod house_event;
pub mod intake;
pub mod job;
pub mod lane;
pub mod link_token;
pub mod lost_request;
pub mod mail_block;
pub mod mail_budget;
pub mod message;
pub mod meta;
pub mod outbox;
pub mod particulars;
pub mod receipt;
pub mod recipient_notice;
pub mod replay;
pub mod request;
pub mod segment;
pub mod staff;
pub mod staff_invite;
pub mod staff_notice;
pub mod staff_session;
pub mod status_session;
pub mod store_plan;
pub mod subject_key;
pub mod task;
pub mod webhook_delivery;
pub mod withheld_store;
