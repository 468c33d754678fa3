//! A person writes to staff on the status page.

use super::withdraw::Wish;
use super::{Desk, ServiceError};
use crate::domain::decision::PauseGround;
use crate::domain::event::Event;
use crate::domain::text::TypedText;
use crate::ids::Token;

/// Messages a day at most; more is no conversation.
pub const MESSAGES_A_DAY: u64 = 20;
/// Characters of a message at most.
pub const MESSAGE_LENGTH: usize = 4_000;

impl Desk {
    /// Keeps a message of the person.
    pub async fn write_message(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        text: &TypedText,
    ) -> Result<Wish, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, open)) = self.status_of(&tx, token, cookie).await? else {
            return Ok(Wish::Gone);
        };
        if !open {
            return Ok(Wish::Locked);
        }
        tx.lock_intake(id).await?;
        if tx.messages_today(id, now).await? >= MESSAGES_A_DAY {
            return Ok(Wish::TooLate);
        }
        tx.insert_message(id, text, now).await?;
        let event = Event::by_person("message.received");
        for mut stored in tx.requests_of(id).await? {
            tx.insert_event(stored.value.id, now, &event).await?;
            // Whom we waited for has answered; whether that is enough, staff have to see.
            if let Some((_, ground)) = stored.value.pause
                && ground.waits_for_person()
            {
                stored.value.go_on_at(now);
                stored.value.pause_at(now, PauseGround::Internal);
                self.question_answered(&tx, &stored.value, now).await?;
                tx.update_request(&stored).await?;
            }
        }
        tx.commit().await?;
        Ok(Wish::Done)
    }
}
