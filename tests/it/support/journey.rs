//! The way of a person: form, mail, code, status page, download.

use std::path::PathBuf;

use bytes::Bytes;
use reqwest::header::LOCATION;

use super::http::Visitor;
use super::mail::{self, Mail};
use super::process::Running;

/// A person who has proved their address.
pub(crate) struct Journey {
    pub(crate) visitor: Visitor,
    /// The path of the status page.
    pub(crate) status: String,
    pub(crate) address: String,
    mails: PathBuf,
}

impl Journey {
    /// Sends the form with `rights` and types the mailed code.
    pub(crate) async fn ask(
        running: &Running,
        rights: &[&str],
        address: &str,
        language: &'static str,
    ) -> Self {
        let form: Vec<_> = rights.iter().map(|right| ("right", *right)).collect();
        Self::fill(running, &form, address, language).await
    }

    /// Sends the form with more fields and types the mailed code.
    pub(crate) async fn fill(
        running: &Running,
        fields: &[(&str, &str)],
        address: &str,
        language: &'static str,
    ) -> Self {
        let mut visitor = Visitor::new(&running.base, language);
        let before = mail::sent(&running.mails, "verify", address).len();
        let mut form = fields.to_vec();
        form.extend([("email", address), ("lang", language)]);
        let sent = visitor.post("/requests", &form).await;
        assert!(sent.status == 200 && sent.path.contains("/sent"), "{sent:?}");
        let verify = mail::wait(&running.mails, "verify", address, before);
        let link = verify.link("/verify/");
        let shown = visitor.get(link).await;
        assert_eq!(shown.status, 200, "{shown:?}");
        assert!(!shown.text.contains(address), "a stranger would read the address");
        let status = visitor.post(link, &[("code", verify.code())]).await;
        assert!(status.status == 200 && status.path.starts_with("/status/"), "{status:?}");
        let path = status.path.split('?').next().unwrap().to_owned();
        Self { visitor, status: path, address: address.to_owned(), mails: running.mails.clone() }
    }

    /// Waits until archive number `number` of this address is ready.
    pub(crate) fn ready(&self, number: usize) -> Mail {
        mail::wait(&self.mails, "archive_ready", &self.address, number)
    }

    /// Asks for a download code and types it; the path of the download.
    pub(crate) async fn open(&mut self, reference: Option<&str>) -> String {
        let before = mail::sent(&self.mails, "download_code", &self.address).len();
        let request = reference.map(|reference| ("request", reference));
        let form: Vec<_> = request.into_iter().collect();
        let page = self.visitor.post(&format!("{}/download-code", self.status), &form).await;
        assert_eq!(page.status, 200, "{page:?}");
        let mail = mail::wait(&self.mails, "download_code", &self.address, before);
        let form: Vec<_> = request.into_iter().chain([("code", mail.code())]).collect();
        let sent = self.visitor.send(&format!("{}/download", self.status), &form).await;
        assert_eq!(sent.status(), 303);
        let to = sent.headers()[LOCATION].to_str().unwrap();
        assert!(to.contains("/downloads/"), "{to}");
        to.to_owned()
    }

    /// The whole way from a ready archive to its bytes.
    pub(crate) async fn download(&mut self) -> Bytes {
        self.ready(0);
        let at = self.open(None).await;
        self.visitor.bytes(&at).await
    }
}
