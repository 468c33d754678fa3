//! What values look like. Nothing here keeps or shows one.

/// What most of a column's values look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// An e-mail address.
    Email,
    /// Something that people or programs sign in with.
    Secret,
    /// An address of the Internet Protocol.
    Ip,
    /// The name of a file.
    File,
    /// A web address.
    Url,
}

type Is = fn(&str) -> bool;

/// What the samples look like, when nearly all of them look the same.
pub(super) fn look(samples: &[String]) -> Option<Look> {
    const LOOKS: [(Look, Is); 5] = [
        (Look::Email, is_email),
        (Look::Secret, is_secret),
        (Look::Ip, is_ip),
        (Look::Url, is_url),
        (Look::File, is_file),
    ];
    let told: Vec<&str> =
        samples.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    // A single secret among many values is one too many; the rest need four of five.
    if told.iter().any(|value| is_secret(value)) {
        return Some(Look::Secret);
    }
    let most = |is: Is| {
        !told.is_empty() && told.iter().filter(|value| is(value)).count() * 5 >= told.len() * 4
    };
    LOOKS.into_iter().find(|(_, is)| most(*is)).map(|(look, _)| look)
}

/// Whether no two of them are the same.
pub(super) fn all_differ(samples: &[String]) -> bool {
    let mut sorted: Vec<&String> = samples.iter().collect();
    sorted.sort();
    sorted.windows(2).all(|two| two[0] != two[1])
}

fn is_email(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !local.contains(char::is_whitespace)
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    })
}

/// Hashes of passwords, keys of well-known services, tokens that carry their own signature.
fn is_secret(value: &str) -> bool {
    // Also within JSON.
    value.split(['"', ' ', ',']).any(is_secret_word)
}

fn is_secret_word(value: &str) -> bool {
    const STARTS: [&str; 24] = [
        "$2a$",
        "$2b$",
        "$2y$",
        "$argon2",
        "$scrypt$",
        "$pbkdf2",
        "$5$",
        "$6$",
        "$y$",
        "{SSHA",
        "{bcrypt}",
        "pbkdf2_sha",
        "scrypt:",
        "argon2$",
        "bcrypt$",
        "sk_live_",
        "sk_test_",
        "rk_live_",
        "whsec_",
        "ghp_",
        "github_pat_",
        "xoxb-",
        "glpat-",
        "-----BEGIN",
    ];
    let jwt = value.starts_with("eyJ") && value.matches('.').count() >= 2;
    let aws = value.len() == 20
        && value.starts_with("AKIA")
        && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    jwt || aws || STARTS.iter().any(|start| value.starts_with(start))
}

fn is_ip(value: &str) -> bool {
    value.split('/').next().is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok())
}

fn is_url(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

fn is_file(value: &str) -> bool {
    const KINDS: [&str; 20] = [
        "png", "jpg", "jpeg", "webp", "gif", "avif", "heic", "svg", "tif", "tiff", "bmp", "mp4",
        "mov", "webm", "mp3", "wav", "pdf", "docx", "zip", "csv",
    ];
    value.rsplit_once('.').is_some_and(|(name, kind)| {
        !name.is_empty()
            && !value.contains(char::is_whitespace)
            && KINDS.contains(&kind.to_ascii_lowercase().as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<Look> {
        look(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_are_known_by_their_look() {
        assert_eq!(of(&["ada@example.org", "", "bob@example.org"]), Some(Look::Email));
        assert_eq!(of(&["$2b$12$abc"]), Some(Look::Secret));
        assert_eq!(of(&["eyJhbGciOi.eyJzdWIi.c2ln"]), Some(Look::Secret));
        assert_eq!(of(&["192.0.2.1", "2001:db8::1"]), Some(Look::Ip));
        assert_eq!(of(&["made/7.png", "made/8.webp"]), Some(Look::File));
        assert_eq!(of(&["https://example.org"]), Some(Look::Url));
        assert_eq!(of(&["blue", "green"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn one_secret_among_plain_values_is_enough() {
        assert_eq!(of(&["a note", "another", "sk_live_12345"]), Some(Look::Secret));
        assert_eq!(of(&["a note", "another", "ada@example.org"]), None);
    }
}
