//! Parts of a download: `Range` and `If-Range` (RFC 9110, sections 13.1.5 and 14).
//!
//! One range at a time. Several at once are answered with the whole, as a server may (14.2): no
//! download program needs them, and they are a way to make a server work for nothing.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// What to send of a representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it: 200.
    Whole,
    /// These bytes, never none: 206.
    Part(Range<u64>),
    /// Nothing, since the range lies behind the end: 416.
    Unsatisfiable,
}

/// Chooses what to send of `size` bytes known by the strong `etag` (with its quotes).
///
/// A range counts only for GET (14.2), only in the unit `bytes`, and with `If-Range` only when that
/// is this very tag; a date or a weak tag there proves nothing (13.1.5). A range that is not
/// understood is ignored.
pub fn select(method: &Method, headers: &HeaderMap, etag: &str, size: u64) -> Selection {
    let mut ranges = headers.get_all(header::RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Selection::Whole };
    let mut conditions = headers.get_all(header::IF_RANGE).iter();
    let holds = match (conditions.next(), conditions.next()) {
        (None, _) => true,
        (Some(condition), None) => !etag.starts_with("W/") && condition == etag,
        (Some(_), Some(_)) => false,
    };
    if *method != Method::GET || !holds {
        return Selection::Whole;
    }
    range.to_str().ok().and_then(|range| read(range, size)).unwrap_or(Selection::Whole)
}

impl Selection {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Whole => StatusCode::OK,
            Self::Part(_) => StatusCode::PARTIAL_CONTENT,
            Self::Unsatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        }
    }

    /// The bytes to send of `size`.
    pub fn bytes(&self, size: u64) -> Range<u64> {
        match self {
            Self::Whole => 0..size,
            Self::Part(range) => range.clone(),
            Self::Unsatisfiable => 0..0,
        }
    }

    /// Sets `Accept-Ranges`, `ETag`, `Content-Length` and, where it belongs, `Content-Range`. The
    /// same for HEAD, whose handler then sends no body.
    ///
    /// # Panics
    /// When `etag` is no header value: we make it of hexadecimal digits and quotes.
    pub fn set_headers(&self, headers: &mut HeaderMap, etag: &str, size: u64) {
        let range = self.bytes(size);
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
        let content_range = match self {
            Self::Whole => None,
            Self::Part(part) => Some(format!("bytes {}-{}/{size}", part.start, part.end - 1)),
            Self::Unsatisfiable => Some(format!("bytes */{size}")),
        };
        let value = |text: &str| HeaderValue::from_str(text).expect("plain ASCII");
        if let Some(text) = content_range {
            headers.insert(header::CONTENT_RANGE, value(&text));
        }
        if *self != Self::Unsatisfiable {
            headers.insert(header::ETAG, value(etag));
        }
    }
}

/// `None` for what is malformed, of another unit, or several.
fn read(range: &str, size: u64) -> Option<Selection> {
    let (unit, spec) = range.split_once('=')?;
    let (first, last) = spec.split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    Some(match (number(first), number(last)) {
        (Some(first), Some(last)) if last < first => return None,
        (Some(first), _) if first >= size && is_open_or_number(last) => Selection::Unsatisfiable,
        (Some(first), Some(last)) => Selection::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Selection::Part(first..size),
        (None, Some(0)) if first.is_empty() => Selection::Unsatisfiable,
        // The last bytes of nothing are all there is (14.1.2).
        (None, Some(_)) if first.is_empty() && size == 0 => Selection::Whole,
        (None, Some(suffix)) if first.is_empty() => {
            Selection::Part(size.saturating_sub(suffix)..size)
        }
        _ => return None,
    })
}

fn is_open_or_number(last: &str) -> bool {
    last.is_empty() || number(last).is_some()
}

/// Digits only; what no `u64` holds is as good as its greatest value.
fn number(digits: &str) -> Option<u64> {
    let fits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Selection::{Part, Unsatisfiable, Whole};
    use super::*;

    const TAG: &str = "\"abc\"";

    fn selected(headers: &[(&'static str, &str)], size: u64) -> Selection {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        select(&Method::GET, &map, TAG, size)
    }

    #[test]
    fn a_range_selects_what_the_standard_says() {
        for (range, size, expected) in [
            ("bytes=0-0", 1000, Part(0..1)),
            ("bytes=0-499", 1000, Part(0..500)),
            ("bytes=500-999", 1000, Part(500..1000)),
            ("bytes=500-5000", 1000, Part(500..1000)),
            ("bytes=500-", 1000, Part(500..1000)),
            ("bytes=999-", 1000, Part(999..1000)),
            ("bytes=-1", 1000, Part(999..1000)),
            ("bytes=-5000", 1000, Part(0..1000)),
            ("BYTES=1-2", 1000, Part(1..3)),
            ("bytes=5-99999999999999999999999", 1000, Part(5..1000)),
            ("bytes=-99999999999999999999999", 1000, Part(0..1000)),
            ("bytes=0-18446744073709551615", 1000, Part(0..1000)),
            ("bytes=1000-", 1000, Unsatisfiable),
            ("bytes=1000-1001", 1000, Unsatisfiable),
            ("bytes=99999999999999999999999-", 1000, Unsatisfiable),
            ("bytes=-0", 1000, Unsatisfiable),
            ("bytes=0-", 0, Unsatisfiable),
            ("bytes=0-0", 0, Unsatisfiable),
            ("bytes=-0", 0, Unsatisfiable),
            ("bytes=-5", 0, Whole),
            ("bytes=0-1,5-6", 1000, Whole),
            ("bytes=5000-6000,7000-", 1000, Whole),
            ("bytes=2-1", 1000, Whole),
            ("bytes=5000-4000", 1000, Whole),
            ("bytes=5000-x", 1000, Whole),
            ("bytes=-", 1000, Whole),
            ("bytes=", 1000, Whole),
            ("bytes", 1000, Whole),
            ("", 1000, Whole),
            ("bytes=+1-2", 1000, Whole),
            ("bytes=1--2", 1000, Whole),
            ("bytes=--2", 1000, Whole),
            ("bytes= 1-2", 1000, Whole),
            ("bytes=1-2 ", 1000, Part(1..3)),
            ("bytes=0x1-2", 1000, Whole),
            ("items=0-1", 1000, Whole),
            ("bytes =0-1", 1000, Whole),
        ] {
            // The server takes spaces at the end of a header away before anybody sees them.
            assert_eq!(
                selected(&[("range", range.trim_end())], size),
                expected,
                "{range} of {size}"
            );
        }
        assert_eq!(selected(&[], 1000), Whole);
    }

    #[test]
    fn only_the_very_tag_allows_to_go_on() {
        let range = ("range", "bytes=5-");
        for (condition, expected) in [
            (TAG, Part(5..10)),
            ("\"abd\"", Whole),
            ("W/\"abc\"", Whole),
            ("abc", Whole),
            ("*", Whole),
            ("\"abc\", \"abd\"", Whole),
            ("Sat, 29 Oct 1994 19:43:31 GMT", Whole),
            ("", Whole),
        ] {
            assert_eq!(selected(&[range, ("if-range", condition)], 10), expected, "{condition}");
        }
        assert_eq!(selected(&[("if-range", TAG)], 10), Whole);
        assert_eq!(selected(&[range, ("if-range", TAG), ("if-range", TAG)], 10), Whole);
        assert_eq!(selected(&[range, range], 10), Whole);
    }

    #[test]
    fn a_range_counts_for_get_alone_and_a_weak_tag_for_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert("range", HeaderValue::from_static("bytes=5-"));
        assert_eq!(select(&Method::HEAD, &headers, TAG, 10), Whole);
        headers.insert("if-range", HeaderValue::from_static("W/\"abc\""));
        assert_eq!(select(&Method::GET, &headers, "W/\"abc\"", 10), Whole);
    }

    #[test]
    fn the_headers_say_what_is_sent() {
        let said = |selection: &Selection| {
            let mut headers = HeaderMap::new();
            selection.set_headers(&mut headers, TAG, 10);
            assert_eq!(headers["accept-ranges"], "bytes");
            let text = |name| headers.get(name).map_or("", |value| value.to_str().unwrap());
            let [length, range, tag] = ["content-length", "content-range", "etag"].map(text);
            format!("{} {length} [{range}] {tag}", selection.status().as_u16())
        };
        assert_eq!(said(&Whole), "200 10 [] \"abc\"");
        assert_eq!(said(&Part(3..10)), "206 7 [bytes 3-9/10] \"abc\"");
        assert_eq!(said(&Unsatisfiable), "416 0 [bytes */10] ");
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_never_beyond_the_end(
            range in "bytes=[0-9]{0,4}-[0-9]{0,4}", size in 0u64..3000,
        ) {
            let selection = selected(&[("range", &range)], size);
            if let Part(part) = &selection {
                prop_assert!(part.start < part.end && part.end <= size);
            }
            let mut headers = HeaderMap::new();
            selection.set_headers(&mut headers, TAG, size);
        }
    }
}
