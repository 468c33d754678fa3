//! Mails to a mail server over SMTP (RFC 5321), encrypted unless the server is on this machine.
//!
//! lettre speaks the protocol. Its ready-made transport is left aside for three reasons: it does
//! not say which command was refused, so a refused recipient would look like a refused sender; it
//! waits for answers without limit; and a mail given up half-way leaves its connection in the pool,
//! where the rest of the conversation would be misread. So the commands are given here one by one,
//! each with its limit, and only a connection whose last mail was taken is used again.

mod reading;
mod settings;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

pub use settings::{SettingsError, SmtpSettings};

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use super::{MailError, Mailer, Outgoing, mime};
use crate::crash;
use reading::{Step, read};
use settings::Security;

/// Connections kept open between mails, at most.
const PARKED: usize = 4;

/// Sends mails to one server.
pub struct SmtpMailer {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    parked: Mutex<Vec<AsyncSmtpConnection>>,
}

impl SmtpMailer {
    /// Prepares TLS. Connects when the first mail comes.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let tls = settings.tls()?;
        let parked = Mutex::new(Vec::new());
        Ok(Self { settings, tls, hello: ClientId::default(), parked })
    }

    /// A connection that answers: one of those kept, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, MailError> {
        while let Some(mut parked) = self.take_parked() {
            let answer = timeout(self.settings.limits.command, parked.test_connected()).await;
            if answer == Ok(true) {
                return Ok(parked);
            }
        }
        self.connect().await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let SmtpSettings { host, port, security, login, limits, .. } = &self.settings;
        let wrapped = self.tls.clone().filter(|_| *security == Security::Wrapped);
        let opening = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            Some(limits.connect),
            &self.hello,
            wrapped,
            None,
        );
        let mut connection = within(limits.connect, Step::Connect, opening).await?;
        if let Some(tls) = self.tls.clone().filter(|_| *security == Security::Upgrade) {
            within(limits.connect, Step::Encrypt, connection.starttls(tls, &self.hello)).await?;
        }
        if let Some((user, password)) = login {
            let credentials = Credentials::new(user.clone(), password.as_str().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            let signing_in = connection.auth(&mechanisms, &credentials);
            within(limits.command, Step::Login, signing_in).await?;
        }
        Ok(connection)
    }

    async fn transfer(
        &self,
        connection: &mut AsyncSmtpConnection,
        mail: &Outgoing,
        bytes: &[u8],
    ) -> Result<(), MailError> {
        let limits = &self.settings.limits;
        let from = Mail::new(Some(mime::address(mail.from.address())?), Vec::new());
        let to = Rcpt::new(mime::address(&mail.to)?, Vec::new());
        within(limits.command, Step::Sender, connection.command(from)).await?;
        within(limits.command, Step::Recipient, connection.command(to)).await?;
        let go_on = within(limits.command, Step::Data, connection.command(Data)).await?;
        // Any other friendly answer belongs to another command: somebody has slipped one in before
        // the connection was encrypted, and what follows would be misread too.
        if !go_on.has_code(354) {
            return Err(MailError::Unusable);
        }
        crash::point("mail before body");
        let taken = within(limits.body, Step::Body, connection.message(bytes)).await?;
        crash::point("mail after reply");
        if taken.has_code(250) { Ok(()) } else { Err(MailError::Unusable) }
    }

    fn take_parked(&self) -> Option<AsyncSmtpConnection> {
        self.parked.lock().expect("no holder of this lock panics").pop()
    }

    async fn park(&self, connection: AsyncSmtpConnection) {
        let surplus = {
            let mut parked = self.parked.lock().expect("no holder of this lock panics");
            if parked.len() < PARKED {
                parked.push(connection);
                None
            } else {
                Some(connection)
            }
        };
        if let Some(surplus) = surplus {
            self.leave(surplus).await;
        }
    }

    /// Says goodbye. What comes back does not matter any more.
    async fn leave(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(self.settings.limits.connect, connection.quit()).await;
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let bytes = mime::write(mail)?;
        let mut connection = self.connection().await?;
        let sent = self.transfer(&mut connection, mail, &bytes).await;
        match sent {
            Ok(()) => self.park(connection).await,
            // The server has answered, so it still listens.
            Err(MailError::Busy(_) | MailError::Refused(_) | MailError::Recipient(_)) => {
                self.leave(connection).await;
            }
            // In the middle of something: only closing it leaves no half of a mail behind.
            Err(_) => drop(connection),
        }
        sent
    }

    async fn check(&self) -> Result<(), MailError> {
        let connection = self.connect().await?;
        self.leave(connection).await;
        Ok(())
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Waits for one step, at most `limit`.
async fn within<T>(
    limit: Duration,
    step: Step,
    doing: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, MailError> {
    match timeout(limit, doing).await {
        Ok(done) => done.map_err(|error| read(step, &error)),
        Err(_) => Err(MailError::Timeout),
    }
}
