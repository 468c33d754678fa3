//! The public pages: what each shows, one file a page, with its template of the same name in
//! `templates/public/`.
//!
//! A page holds text that is ready to be shown and a [`Frame`]; whoever answers a request fills it
//! and renders it with [`askama::Template::render`]. Nothing here knows a database or a route's
//! handler. Forms of these pages post the fields of the outside contract and nothing else, and
//! every link and every form's address goes through [`Frame::link`], so that a chosen language
//! stays chosen.

mod accessibility;
mod asserted;
mod changes;
mod changing;
mod choose;
mod code_box;
pub(in crate::web) mod console;
mod country;
mod docs;
mod erasure;
mod flag_done;
mod form;
mod frame;
mod mail;
mod message;
mod moment;
mod privacy;
mod request;
mod resume;
mod rights;
mod scope;
mod sent;
mod stage;
mod status;
mod stop;
mod verify;

#[cfg(test)]
mod markup;
#[cfg(test)]
mod tests;

pub use accessibility::AccessibilityPage;
pub use asserted::AssertedPage;
pub use changes::{ChangeView, TypedChange, asked_field};
pub use changing::ChangingPage;
pub use choose::ChoosePage;
pub use code_box::{CodeBox, CodeNotice};
pub use country::{COUNTRIES, country_name};
pub use docs::{DocCall, DocField, DocType, DocsPage};
pub use erasure::ErasureView;
pub use flag_done::FlagDonePage;
pub use form::{Field, FieldError, FormPage};
pub use frame::{Frame, Organisation};
pub use mail::{MailLine, MailPage, MailboxPage, Piece, pieces};
pub use message::{Message, MessagePage};
pub use moment::{Moment, Retention, Term};
pub use privacy::PrivacyPage;
pub use request::{Archive, Delivery, Promise, RequestView, Step, StoreView, Trouble};
pub use resume::ResumePage;
pub use rights::RightText;
pub use scope::TypedScope;
pub use sent::SentPage;
pub use stage::Stage;
pub use status::{Author, StatusNotice, StatusPage, ThreadMessage};
pub use stop::StopPage;
pub use verify::VerifyPage;
