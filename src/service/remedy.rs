//! The mandatory parts of decisions: grounds of the laws that bind, and where the person can turn.

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::decision::RefusalGround;
use crate::domain::intake::Intake;
use crate::domain::law::{Law, laws_of};
use crate::domain::refusal::{Lacking, Refusal, Remedy, Ways, remedies};
use crate::domain::request::Request;
use crate::domain::right::Right;

impl Desk {
    /// The laws that an answer to a form has to satisfy.
    pub fn laws(&self, country: Option<&str>) -> Vec<Law> {
        laws_of(country, self.settings.organisation.country.as_deref())
    }

    /// A refusal with all its parts, or which one is missing.
    pub(super) fn refusal(
        &self,
        intake: &Intake,
        request: &Request,
        ground: RefusalGround,
        facts: &str,
    ) -> Result<Refusal, Lacking> {
        let laws = self.laws(intake.country.as_deref());
        self.with_ways(request, &laws, |ways| Refusal::build(request.right, ground, facts, ways))
    }

    /// Where a person can turn against the answer in words to a request.
    pub(super) async fn remedies_of(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
    ) -> Result<Vec<Remedy>, ServiceError> {
        let laws = self.laws(intake.country.as_deref());
        let about = tx.particulars_of(request.id).await?.about;
        // What a complaint about a complaint would be about is the first one.
        let first = match about {
            Some(id) => tx.request(id).await?.map(|stored| stored.value),
            None => None,
        };
        let named = first.as_ref().unwrap_or(request);
        Ok(self
            .with_ways(named, &laws, |ways| remedies(request.right, ways))
            .unwrap_or_else(|_| vec![Remedy::Court]))
    }

    /// Where a person can turn against a decision; none where the law wants an authority named that
    /// the configuration does not.
    pub(super) fn remedies_against(&self, intake: &Intake, request: &Request) -> Vec<Remedy> {
        let laws = self.laws(intake.country.as_deref());
        self.with_ways(request, &laws, |ways| remedies(request.right, ways)).unwrap_or_default()
    }

    /// Sentences for the letter of an archive that gives a part only.
    pub fn remedies_beside(&self, intake: &Intake, request: &Request) -> Vec<Remedy> {
        let mut all = self.remedies_against(intake, request);
        // These two stand in every letter.
        all.retain(|remedy| !matches!(remedy, Remedy::Authority(_) | Remedy::Court));
        all
    }

    fn with_ways<T>(
        &self,
        request: &Request,
        laws: &[Law],
        with: impl FnOnce(&Ways<'_>) -> T,
    ) -> T {
        let link = |right: Right| {
            let path = format!("/?right={right}&about={}", request.reference);
            self.settings.base_url.link(&path)
        };
        let (complaint, appeal) = (link(Right::Complaint), link(Right::Appeal));
        with(&Ways {
            laws,
            authority: self.settings.organisation.authority.as_deref(),
            complaint: &complaint,
            appeal: &appeal,
        })
    }
}
