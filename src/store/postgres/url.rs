//! The way to the server, and what a URL must not leave to chance.

use std::net::IpAddr;
use std::path::PathBuf;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// What may stand behind the `?`.
const KNOWN: [&str; 10] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "user",
    "password",
    "dbname",
];
const SPELLING: &str = "write url = \"postgres://user@host/database\", or { env = \"NAME\" } with a \
    URL that has a password; after ? it knows sslmode, sslrootcert, sslcert, sslkey, host, port, \
    user, password and dbname";
/// Said of a URL that [`leaves_tls_to_chance`].
pub const OPEN: &str = "this leads over a network, where personal data could be read on the way: add \
    sslmode=verify-full, with sslrootcert=FILE where the server's authority is one of your own; or \
    sslmode=disable where nobody else is on the line";
const UNHEEDED: &str =
    "only sslmode=verify-full and verify-ca look at sslrootcert; write one of them";
const HALF: &str = "sslcert and sslkey go together; write both or none";

/// How the server is reached.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) options: PgConnectOptions,
    /// Certificates and keys that are read when a connection is made.
    pub(super) papers: Vec<PathBuf>,
}

/// Reads a URL. The error says what to write instead, and repeats nothing of it.
pub(super) fn way(url: &str) -> Result<Way, &'static str> {
    let url = Url::parse(url).map_err(|_| SPELLING)?;
    let known = matches!(url.scheme(), "postgres" | "postgresql")
        && url.query_pairs().all(|(key, _)| KNOWN.contains(&&*key));
    let options: Option<PgConnectOptions> = known.then(|| url.as_str().parse().ok()).flatten();
    let options = options.ok_or(SPELLING)?;
    let said = |name: &str| url.query_pairs().any(|(key, _)| key == name);
    match options.get_ssl_mode() {
        _ if is_open(&options) => return Err(OPEN),
        PgSslMode::VerifyCa | PgSslMode::VerifyFull => {}
        _ if said("sslrootcert") => return Err(UNHEEDED),
        _ => {}
    }
    if said("sslcert") != said("sslkey") {
        return Err(HALF);
    }
    let papers = url.query_pairs().filter(|(key, value)| {
        matches!(&**key, "sslrootcert" | "sslcert" | "sslkey")
            && !value.trim_start().starts_with("-----BEGIN")
    });
    let papers = papers.map(|(_, path)| PathBuf::from(&*path)).collect();
    let options = options
        .application_name("rightsdesk")
        // Said in each transaction; some poolers refuse it at the start of a session.
        .extra_float_digits(None)
        .disable_statement_logging();
    Ok(Way { options, papers })
}

/// Whether a URL leads over a network and lets the server say that there is no TLS. A URL that is
/// none does not.
pub fn leaves_tls_to_chance(url: &str) -> bool {
    url.parse().is_ok_and(|options| is_open(&options))
}

/// Whether the driver would go on without TLS, at once or where the server says no, over a network.
fn is_open(options: &PgConnectOptions) -> bool {
    let by_chance = matches!(options.get_ssl_mode(), PgSslMode::Allow | PgSslMode::Prefer);
    by_chance && !is_here(options)
}

/// Whether nothing leaves this machine on the way.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_nothing_that_would_go_unheeded() {
        for good in [
            "postgres://reader@localhost/shop",
            "postgresql://reader:pw@db.example:5433/shop?sslmode=verify-full&sslrootcert=/ca.pem",
            "postgres:///shop?host=/run/postgresql",
        ] {
            assert!(way(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "shop",
            "sqlite:shop.db",
            "mysql://u@h/d",
            "postgres://h/d?options=-crole%3Dx&sslmode=require",
            "postgres://h/d?sslmod=require",
            "postgres://h/d?sslmode=sometimes",
        ] {
            assert_eq!(way(bad).unwrap_err(), SPELLING, "{bad}");
        }
        for bad in ["require&sslrootcert=/ca.pem", "disable&sslrootcert=/ca.pem"] {
            let bad = format!("postgres://h/d?sslmode={bad}");
            assert_eq!(way(&bad).unwrap_err(), UNHEEDED, "{bad}");
        }
        let half = "postgres://h/d?sslmode=verify-full&sslcert=/me.pem";
        assert_eq!(way(half).unwrap_err(), HALF);
        let papers = way(&format!("{half}&sslkey=/me.key")).unwrap().papers;
        assert_eq!(papers, [PathBuf::from("/me.pem"), PathBuf::from("/me.key")]);
    }

    #[test]
    fn nothing_goes_over_a_network_in_the_clear_unless_the_url_says_so() {
        for here in [
            "127.0.0.1/d",
            "[::1]/d",
            "LOCALHOST:5433/d",
            "/d?host=/run/postgresql",
            "%2Frun%2Fpostgresql/d",
            "far/d?host=localhost",
            "far/d?hostaddr=127.0.0.2",
            "127.0.0.1/d?sslmode=prefer",
        ] {
            assert!(way(&format!("postgres://{here}")).is_ok(), "{here}");
        }
        for there in
            ["db/d", "10.0.0.1/d", "[2001:db8::1]/d", "localhost/d?host=db", "localhost.x/d"]
        {
            let url = format!("postgres://{there}{}", if there.contains('?') { "&" } else { "?" });
            for open in ["", "sslmode=prefer", "sslmode=allow"] {
                assert_eq!(way(&format!("{url}{open}")).unwrap_err(), OPEN, "{there} {open}");
            }
            for said in ["disable", "require", "verify-ca", "verify-full"] {
                assert!(way(&format!("{url}sslmode={said}")).is_ok(), "{there} {said}");
            }
        }
    }
}
