//! The pages in the archive: no script, no network; whatever stands in the data stays text.

mod about;
mod letters;
mod view;

use askama::Template;

use super::answer::Answer;
use super::layout::Layout;
use crate::domain::right::Right;
use view::Page;

/// A page did not render, which only a defect in a template can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a page of the archive did not render")]
pub struct PageError;

impl From<askama::Error> for PageError {
    fn from(_: askama::Error) -> Self {
        Self
    }
}

const LETTER: &str = "letter.html";
const INDEX: &str = "index.html";
const ABOUT: &str = "about-your-data.html";
const MISSING: &str = "missing.html";

#[derive(Template)]
#[template(path = "archive/letter.html")]
struct Letter<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "archive/confirmation.html")]
struct Confirmation<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "archive/recipients.html")]
struct Recipients<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "archive/index.html")]
struct Index<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "archive/about.html")]
struct About<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "archive/missing.html")]
struct Missing<'a> {
    page: &'a Page<'a>,
    here: &'static str,
}

/// All pages of the archive with their names.
pub(super) fn render(
    answer: &Answer,
    layout: &Layout<'_>,
) -> Result<Vec<(&'static str, String)>, PageError> {
    let page = &Page::of(answer, layout);
    let letter = match answer.right {
        Right::Confirmation => Confirmation { page, here: LETTER }.render()?,
        Right::Recipients => Recipients { page, here: LETTER }.render()?,
        _ => Letter { page, here: LETTER }.render()?,
    };
    let mut pages = vec![
        (LETTER, letter),
        (INDEX, Index { page, here: INDEX }.render()?),
        (MISSING, Missing { page, here: MISSING }.render()?),
    ];
    if answer.right.tells_about_stores() {
        pages.push((ABOUT, About { page, here: ABOUT }.render()?));
    }
    Ok(pages)
}
