//! A deletion as its person sees it: what goes, what stays and why, and the receipt.

use super::Moment;

/// Shown on an unlocked page only.
#[derive(Debug, Clone)]
pub struct ErasureView {
    /// What goes, a line a store and collection.
    pub goes: Vec<String>,
    /// What stays, with the reason.
    pub stays: Vec<String>,
    /// Before which nothing is deleted, while that lies ahead.
    pub not_before: Option<Moment>,
    /// Whether there is a receipt.
    pub has_receipt: bool,
}
