//! The files that pages need beside themselves, compiled in: two stylesheets and one icon.
//!
//! Each is served under a name made from its content, so that a browser may keep it for ever and a
//! new version never meets an old page.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file and the path it is served under.
#[derive(Debug)]
pub struct Asset {
    /// `/assets/…`, with a part of the content's hash.
    pub path: String,
    /// For `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static str,
}

/// For `Cache-Control`: a name never gets another content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

static ALL: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("css", "text/css; charset=utf-8", include_str!("asset/style.css")),
        Asset::new("svg", "image/svg+xml", include_str!("asset/icon.svg")),
        Asset::new("css", "text/css; charset=utf-8", include_str!("asset/console.css")),
    ]
});

impl Asset {
    fn new(ending: &str, content_type: &'static str, body: &'static str) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..10]);
        Self { path: format!("/assets/{hash}.{ending}"), content_type, body }
    }
}

/// The stylesheet of the public pages.
pub fn style() -> &'static Asset {
    &ALL[0]
}

/// The icon in the browser's tab.
pub fn icon() -> &'static Asset {
    &ALL[1]
}

/// What the console's pages add to it.
pub fn console_style() -> &'static Asset {
    &ALL[2]
}

/// The asset served under `path`, exactly.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_found_by_their_own_path_only() {
        assert_eq!(find(&style().path).unwrap().content_type, "text/css; charset=utf-8");
        assert_eq!(find(&icon().path).unwrap().content_type, "image/svg+xml");
        assert!(find("/assets/style.css").is_none());
        assert_ne!(style().path, icon().path);
    }

    #[test]
    fn the_stylesheet_is_small_and_asks_nobody_else() {
        assert!(style().body.len() < 12 * 1024, "{} bytes", style().body.len());
        for outside in ["url(", "@import", "@font-face", "http"] {
            assert!(!style().body.contains(outside), "{outside}");
        }
    }
}
