//! Forms, read strictly and in the order typed.

use std::borrow::Cow;
use std::fmt;

use axum::body::{HttpBody, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode;

use super::refusal::Refusal;
use super::{PUBLIC_BODY, body};

const MAX_FIELDS: usize = 100;

/// The fields of an `application/x-www-form-urlencoded` body, names and values, in the order sent.
///
/// What is not UTF-8 or has more than 100 fields is refused as [`Refusal::BrokenForm`], any other
/// content type as [`Refusal::NotAForm`]; a POST without body and content type is an empty form.
/// Control characters, NUL too, come through: the types that fields are read into refuse them, and
/// the person gets their form back.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FormFields(Vec<(String, String)>);

/// A field stands more than once in a form that may have it once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the field `{0}` may stand once only")]
pub struct Repeated(pub &'static str);

impl FormFields {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let mut fields = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MAX_FIELDS {
                return Err(Refusal::BrokenForm);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            fields.push((half()?, half()?));
        }
        Ok(Self(fields))
    }

    /// Adds a field that came in another encoding. Says no when there are as many as a form has.
    pub(super) fn push(&mut self, name: String, value: String) -> bool {
        let has_room = self.0.len() < MAX_FIELDS;
        if has_room {
            self.0.push((name, value));
        }
        has_room
    }

    /// The value of `name`; `None` when it is not there.
    ///
    /// # Errors
    /// When it is there more than once.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        let mut values = self.many(name);
        let first = values.next();
        if values.next().is_some() { Err(Repeated(name)) } else { Ok(first) }
    }

    /// All values of `name`, in order.
    pub fn many(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(field, _)| *field == name).map(|(_, value)| value)
    }

    /// The names that stand more than once, each once, in order of their first place.
    pub fn repeated(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.iter() {
            if !names.contains(&name) && self.many(name).nth(1).is_some() {
                names.push(name);
            }
        }
        names
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for FormFields {
    /// People's words stay out of logs; so do the names, which anybody can choose.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormFields({} fields)", self.0.len())
    }
}

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_form(request.headers(), request.body().is_end_stream()) {
            return Err(Refusal::NotAForm);
        }
        // The layer stops larger bodies before; this holds where a route stands outside of it.
        let body = to_bytes(request.into_body(), PUBLIC_BODY).await;
        Self::parse(&body.map_err(|error| body::refusal_of(&error))?)
    }
}

fn is_form(headers: &HeaderMap, empty: bool) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else {
        return empty && !headers.contains_key(header::CONTENT_TYPE);
    };
    let Ok(kind) = kind.to_str() else { return false };
    let (essence, charset) = match kind.split_once(';') {
        Some((essence, parameter)) => (essence, parameter.trim()),
        None => (kind, ""),
    };
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && ["", "charset=utf-8", "charset=\"utf-8\""]
            .iter()
            .any(|known| charset.eq_ignore_ascii_case(known))
}

fn decode(half: &[u8]) -> Result<String, Refusal> {
    let spaced: Cow<'_, [u8]> = if half.contains(&b'+') {
        half.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect()
    } else {
        half.into()
    };
    let text = percent_decode(&spaced).decode_utf8().map_err(|_| Refusal::BrokenForm)?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use proptest::prelude::*;

    use super::*;

    fn parse(body: &str) -> FormFields {
        FormFields::parse(body.as_bytes()).unwrap()
    }

    async fn extract(content_types: &[&str], body: &'static str) -> Result<FormFields, Refusal> {
        let mut request = Request::post("/");
        for content_type in content_types {
            request = request.header("content-type", *content_type);
        }
        FormFields::from_request(request.body(Body::from(body)).unwrap(), &()).await
    }

    #[test]
    fn fields_keep_their_order_and_their_letters() {
        let fields = parse("field=name&value=J%C3%B6rg+A.&&field=city&value=K%2Bln&empty&=x&a=b=c");
        let pairs: Vec<_> = fields.iter().collect();
        assert_eq!(
            pairs,
            [
                ("field", "name"),
                ("value", "Jörg A."),
                ("field", "city"),
                ("value", "K+ln"),
                ("empty", ""),
                ("", "x"),
                ("a", "b=c"),
            ]
        );
        assert_eq!(fields.many("field").collect::<Vec<_>>(), ["name", "city"]);
        assert_eq!(fields.repeated(), ["field", "value"]);
    }

    #[test]
    fn a_repeat_is_an_error_where_one_is_wanted() {
        let fields = parse("email=a&email=b&name=x");
        assert_eq!(fields.one("email"), Err(Repeated("email")));
        assert_eq!(fields.one("name"), Ok(Some("x")));
        assert_eq!(fields.one("country"), Ok(None));
    }

    #[test]
    fn what_is_not_plain_text_is_refused() {
        for bad in ["a=%FF", "%C3=a", "a=%ED%A0%80", "a=%C3%28"] {
            assert_eq!(FormFields::parse(bad.as_bytes()), Err(Refusal::BrokenForm), "{bad}");
        }
        assert_eq!(FormFields::parse(b"a=\xff"), Err(Refusal::BrokenForm));
    }

    #[test]
    fn control_characters_are_left_to_the_types_of_the_fields() {
        let fields = parse("name=a%00b%0D%0A&x\0=y");
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("name", "a\0b\r\n"), ("x\0", "y")]);
    }

    #[test]
    fn a_hundred_fields_are_enough() {
        assert_eq!(parse(&"a=b&".repeat(100)).iter().count(), 100);
        let more = "a=b&".repeat(101);
        assert_eq!(FormFields::parse(more.as_bytes()), Err(Refusal::BrokenForm));
    }

    #[test]
    fn a_form_does_not_show_itself_in_logs() {
        assert_eq!(format!("{:?}", parse("email=ada@example.org")), "FormFields(1 fields)");
    }

    #[tokio::test]
    async fn only_forms_are_read_as_forms() {
        const FORM: &str = "application/x-www-form-urlencoded";
        let utf8 = format!("{FORM}; charset=UTF-8");
        let upper = FORM.to_uppercase();
        for good in [FORM, &utf8, &upper] {
            assert_eq!(extract(&[good], "a=b").await.unwrap(), parse("a=b"), "{good}");
        }
        let latin = format!("{FORM};charset=iso-8859-1");
        for bad in ["application/json", "multipart/form-data; boundary=x", "text/plain", "", &latin]
        {
            assert_eq!(extract(&[bad], "a=b").await, Err(Refusal::NotAForm), "{bad}");
        }
        assert_eq!(extract(&[FORM, FORM], "a=b").await, Err(Refusal::NotAForm));
        assert_eq!(extract(&[], "a=b").await, Err(Refusal::NotAForm));
        assert_eq!(extract(&[], "").await, Ok(FormFields::default()));
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back(
            pairs in prop::collection::vec(("(?s).{1,8}", "(?s).{0,20}"), 0..10),
        ) {
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
            prop_assert_eq!(parse(&body).0, pairs);
        }

        #[test]
        fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(fields) = FormFields::parse(&body) {
                prop_assert!(fields.iter().count() <= MAX_FIELDS);
            }
        }
    }
}
