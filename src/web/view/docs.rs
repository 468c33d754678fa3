//! `GET /docs`: the API in words, made from its description. In English alone, like the contract.

use askama::Template;

use super::Frame;

/// A name, its kind, and what it means.
#[derive(Debug, Clone)]
pub struct DocField {
    /// The name.
    pub name: String,
    /// What kind of value.
    pub kind: String,
    /// What it means.
    pub text: String,
    /// Whether it has to be there.
    pub is_required: bool,
}

/// One call.
#[derive(Debug, Clone)]
pub struct DocCall {
    /// The method.
    pub method: String,
    /// The path, from the root.
    pub path: String,
    /// What it does, in one line.
    pub title: String,
    /// What else there is to know: paragraphs.
    pub text: Vec<String>,
    /// The scope that a token needs.
    pub scope: String,
    /// Parameters and headers.
    pub parameters: Vec<DocField>,
    /// The name of the body's type.
    pub body: Option<String>,
    /// Statuses and what they mean.
    pub answers: Vec<DocField>,
}

/// One type.
#[derive(Debug, Clone)]
pub struct DocType {
    /// Its name.
    pub name: String,
    /// What it is.
    pub text: String,
    /// Its fields.
    pub fields: Vec<DocField>,
    /// Or its words.
    pub words: Vec<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "public/docs.html")]
pub struct DocsPage {
    /// The frame, in English.
    pub frame: Frame,
    /// The calls.
    pub calls: Vec<DocCall>,
    /// The types.
    pub types: Vec<DocType>,
    /// What can go wrong: the `type`, its status, what it means.
    pub problems: Vec<DocField>,
}

impl DocsPage {
    /// Where a call stands on the page.
    fn call_id(&self, call: &DocCall) -> String {
        let place = self.calls.iter().position(|one| std::ptr::eq(one, call)).unwrap_or(0);
        format!("call-{place}")
    }
}

#[cfg(test)]
impl DocsPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = || ("docs", crate::web::api::docs_page(frame.clone()));
        (frame.lang() == "en").then(page).into_iter().collect()
    }
}
