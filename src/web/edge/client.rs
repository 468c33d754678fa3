//! Who is asking: the address behind our proxies, which nobody can choose for themselves.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Networks of reverse proxies whose `X-Forwarded-For` we believe.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// An entry of the list of trusted proxies that is no address and no network.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no network; write `10.0.0.0/8`, `fd00::/8` or a single address")]
pub struct BadNetwork(pub String);

impl TrustedProxies {
    /// Reads networks (`10.0.0.0/8`) and single addresses (`::1`), as the configuration writes
    /// them.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, BadNetwork> {
        let read = |entry: &T| {
            let text = entry.as_ref().trim();
            let single = || text.parse().map(|ip: IpAddr| IpNet::from(ip.to_canonical()));
            text.parse().or_else(|_| single()).map_err(|_| BadNetwork(text.to_owned()))
        };
        entries.iter().map(read).collect::<Result<Vec<_>, _>>().map(|nets| Self(nets.into()))
    }

    /// Whether `ip` is one of these proxies. IPv4 written as IPv6 counts as IPv4.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|network| network.contains(&ip))
    }
}

impl From<Vec<IpNet>> for TrustedProxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self(networks.into())
    }
}

/// The other end of the connection, as the socket has it. Set by the server on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// One client for the purpose of limits: an IPv4 address, or the /64 that an IPv6 client can
/// choose addresses from. Personal data, hence silent in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddr(IpAddr);

impl ClientAddr {
    /// The client that `ip` belongs to.
    pub fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    /// The address, or the first one of the /64.
    pub fn ip(self) -> IpAddr {
        self.0
    }
}

impl fmt::Debug for ClientAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientAddr(…)")
    }
}

/// The full address of a client, which tokens may be bound to. Personal data, hence silent in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl fmt::Debug for ClientIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientIp(…)")
    }
}

/// The client behind `peer`.
///
/// That is `peer` itself, unless it is a trusted proxy. Then the entries of `X-Forwarded-For`
/// count from the right, because each proxy appends the address it saw: trusted ones are passed
/// over, the first other one is the client. What stands left of it was written by the client and
/// is never looked at. At an entry that is no address the walk ends with the proxy that wrote it.
pub fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> ClientIp {
    let mut client = peer;
    if trusted.contains(client) {
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        let entries = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|b| *b == b','));
        for entry in entries {
            let Some(ip) = std::str::from_utf8(entry).ok().and_then(read_entry) else { break };
            client = ip;
            if !trusted.contains(ip) {
                break;
            }
        }
    }
    ClientIp(client.to_canonical())
}

/// Proxies write `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]` or
/// `[2001:db8::1]:443`.
fn read_entry(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim_matches([' ', '\t']);
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    (entry.parse().ok())
        .or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| bracketed().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn proxies() -> TrustedProxies {
        TrustedProxies::parse(&["10.0.0.0/8", "fd00::/8", "127.0.0.1"]).unwrap()
    }

    fn seen(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        ClientAddr::of(resolve(peer.parse().unwrap(), &headers, &proxies()).0).ip().to_string()
    }

    #[test]
    fn a_stranger_is_taken_by_the_address_of_the_connection() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("::ffff:203.0.113.9", &[]), "203.0.113.9");
    }

    #[test]
    fn entries_count_from_the_right_and_pass_over_our_proxies() {
        for (lines, client) in [
            (&["6.6.6.6, 198.51.100.1"][..], "198.51.100.1"),
            (&["6.6.6.6, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            (&["6.6.6.6, 198.51.100.1", "10.9.9.9"], "198.51.100.1"),
            (&["198.51.100.1", "6.6.6.6"], "6.6.6.6"),
            (&["198.51.100.1:8080"], "198.51.100.1"),
            (&["[2001:db8:1:2:3::4]:443"], "2001:db8:1:2::"),
            (&["[2001:db8:1:2:3::4]"], "2001:db8:1:2::"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(seen("10.0.0.1", lines), client, "{lines:?}");
        }
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_malformed_entry_ends_the_walk_at_the_proxy_that_wrote_it() {
        for bad in ["unknown", "", "1.2.3", "\u{fc}", "1.2.3.4 5.6.7.8", "010.0.0.1"] {
            assert_eq!(seen("10.0.0.1", &[&format!("6.6.6.6, {bad}")]), "10.0.0.1", "{bad}");
            assert_eq!(seen("10.0.0.1", &[&format!("{bad}, 10.5.5.5")]), "10.5.5.5", "{bad}");
        }
    }

    #[test]
    fn addresses_of_one_64_are_one_client() {
        let client = |ip: &str| ClientAddr::of(ip.parse().unwrap());
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:1"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        assert_eq!(format!("{:?}", client("192.0.2.1")), "ClientAddr(…)");
    }

    #[test]
    fn a_bad_network_is_named() {
        assert_eq!(
            TrustedProxies::parse(&["::1", "10.0.0.0/40"]).unwrap_err(),
            BadNetwork("10.0.0.0/40".to_owned())
        );
    }

    proptest! {
        #[test]
        fn nothing_the_client_writes_changes_who_it_is(
            spoofed in prop::collection::vec("[ -~]{0,40}", 0..4),
            client in any::<[u8; 4]>().prop_filter("no proxy", |ip| ip[0] != 10 && ip[0] != 127),
            hops in prop::collection::vec(any::<[u8; 3]>(), 0..3),
        ) {
            let client = IpAddr::from(client);
            let mut last = client.to_string();
            for [b, c, d] in hops {
                last = format!("{last}, 10.{b}.{c}.{d}");
            }
            // The first proxy either appends to the client's own line or adds a line.
            for joined in [true, false] {
                let mut lines = spoofed.clone();
                match lines.last_mut().filter(|_| joined) {
                    Some(line) => *line = format!("{line}, {last}"),
                    None => lines.push(last.clone()),
                }
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                prop_assert_eq!(seen("10.0.0.1", &lines), client.to_string());
            }
        }

        #[test]
        fn any_header_at_all_is_survived(lines in prop::collection::vec("[^\r\n\0-\u{1f}\u{7f}]{0,60}", 0..4)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            seen("10.0.0.1", &lines);
            prop_assert_eq!(seen("203.0.113.9", &lines), "203.0.113.9");
        }
    }
}
