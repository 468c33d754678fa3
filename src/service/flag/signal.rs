//! Global Privacy Control: what a browser says by itself.

use crate::db::flag::{FlagSource, NewFlag};
use crate::domain::event::Event;
use crate::domain::flag::{FlagKind, Purpose, is_news};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::Token;
use crate::service::flag::BROWSER;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// A name for a browser that has none yet. Nothing is written.
    pub fn new_browser(&self) -> Token {
        Token::draw(&*self.entropy)
    }

    /// Takes the signal of a browser as an opt-out of sale, sharing and targeted advertising under
    /// `keys`: once for each key, however often the signal comes.
    pub async fn honour_signal(&self, keys: &[SubjectKey]) -> Result<(), ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let with = tx.make_flag_key().await?;
        let mut written = 0_u64;
        for key in keys {
            let flags = tx.flags_under(&with, std::slice::from_ref(key)).await?;
            for purpose in Purpose::SIGNALLED.into_iter().filter_map(Purpose::parse) {
                if !is_news(&purpose, &flags, now) {
                    continue;
                }
                let new = NewFlag {
                    kind: FlagKind::OptOut,
                    purpose: Some(&purpose),
                    from: now,
                    source: FlagSource::Signal,
                    request: None,
                };
                written += u64::from(tx.insert_flag(&with, key, &new).await?);
            }
        }
        if written > 0 {
            let event = Event::by_person("signal.honoured").with("flags", written);
            tx.insert_house_event(now, &event).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The key of a browser, by what stands in its cookie.
pub fn browser_key(token: &Token) -> Option<SubjectKey> {
    SubjectKey::new(KeyKind::new(BROWSER), token.as_str())
}
