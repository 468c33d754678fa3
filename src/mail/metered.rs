//! Counts what becomes of mails.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Fault, MailError, Mailer, Outgoing};
use crate::meter::Meter;
use crate::meter::label::MailEnd;

/// Any mailer, counted.
#[derive(Debug)]
pub struct Metered {
    inner: Arc<dyn Mailer>,
    meter: Meter,
}

impl Metered {
    /// Counts what `inner` does.
    pub fn new(inner: Arc<dyn Mailer>, meter: Meter) -> Self {
        Self { inner, meter }
    }
}

#[async_trait]
impl Mailer for Metered {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let sent = self.inner.send(mail).await;
        let end = match sent.map_err(MailError::fault) {
            Ok(()) => MailEnd::Sent,
            Err(Fault::Recipient) => MailEnd::Refused,
            Err(Fault::Passing | Fault::Ours) => MailEnd::Deferred,
        };
        self.meter.mail(mail.kind, end, sent.err().map(MailError::code));
        sent
    }

    async fn check(&self) -> Result<(), MailError> {
        self.inner.check().await
    }
}
