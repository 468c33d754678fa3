//! Which addresses may be called, and looking them up.
//!
//! From the registries of special-purpose addresses (IANA; RFC 6890 and its successors). Of IPv6 only
//! global unicast may be called, less what is set apart in it.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use async_trait::async_trait;
use tokio::net::lookup_host;
use url::{Host, Url};

/// Looks names up.
#[async_trait]
pub trait Resolve: fmt::Debug + Send + Sync {
    /// All addresses of `name`, with `port`.
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// As the machine does it.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(lookup_host((name, port)).await?.collect())
    }
}

/// Who is reached at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Somebody on the internet.
    Public,
    /// Somebody in a network of one's own, or nobody.
    Private,
    /// Nobody who could be meant: many at once, or the machine's own cloud, which tells secrets to
    /// whoever asks from here.
    Never,
}

/// Whether an address may be called.
pub(super) fn may_be_called(address: IpAddr, allow_private: bool) -> bool {
    match reach(address) {
        Reach::Public => true,
        Reach::Private => allow_private,
        Reach::Never => false,
    }
}

/// The address that stands in a URL in place of a name, in whatever spelling.
pub(super) fn written(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

const fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        // This network; link-local, where clouds tell a machine its secrets; where Alibaba and
        // Oracle do; multicast; reserved and broadcast.
        [0 | 224..=255, ..] | [169, 254, ..] | [100, 100, 100, 200] | [192, 0, 0, 192] => {
            Reach::Never
        }
        // Private, shared, loopback, protocol assignments, documentation, 6to4 relays,
        // benchmarking.
        [10 | 127, ..]
        | [100, 64..=127, ..]
        | [172, 16..=31, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [192, 168, ..]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Private,
        _ => Reach::Public,
    }
}

const fn reach_v6(address: Ipv6Addr) -> Reach {
    match address.segments() {
        // An IPv4 address: mapped, behind NAT64, through 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            reach_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Where Amazon tells a machine its secrets; protocol assignments, Teredo and benchmarking
        // among them.
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] | [0x2001, 0..=0x1ff, ..] => Reach::Never,
        // Loopback, unique local, local NAT64, documentation.
        [0, 0, 0, 0, 0, 0, 0, 1]
        | [0xfc00..=0xfdff, ..]
        | [0x64, 0xff9b, 1, ..]
        | [0x2001, 0xdb8, ..]
        | [0x3fff, 0..=0xfff, ..] => Reach::Private,
        [0x2000..=0x3fff, ..] => Reach::Public,
        // Unspecified, compatible with IPv4, link-local, multicast, and all that nobody has.
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: [&str; 17] = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8",
        "2002:808:808::1",
    ];

    const PRIVATE: [&str; 29] = [
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "::1",
        "fc00::1",
        "fd12:3456::1",
        "2001:db8::1",
        "3fff::1",
        "3fff:fff::1",
        "64:ff9b:1::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::192.168.1.1",
        "2002:7f00:1::",
        "2002:a00:1::1",
    ];

    const NEVER: [&str; 26] = [
        "0.0.0.0",
        "0.1.2.3",
        "100.100.100.200",
        "169.254.0.1",
        "169.254.169.254",
        "192.0.0.192",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:169.254.169.254",
        "::ffff:0.0.0.0",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "100::1",
    ];

    #[test]
    fn every_address_is_what_it_is() {
        let all =
            [(&PUBLIC[..], Reach::Public), (&PRIVATE, Reach::Private), (&NEVER, Reach::Never)];
        for (addresses, expected) in all {
            for text in addresses {
                let address: IpAddr = text.parse().unwrap();
                assert_eq!(reach(address), expected, "{text}");
                assert_eq!(may_be_called(address, false), expected == Reach::Public, "{text}");
                assert_eq!(may_be_called(address, true), expected != Reach::Never, "{text}");
            }
        }
    }

    #[test]
    fn an_address_in_a_url_is_seen_in_any_spelling() {
        for text in ["http://127.0.0.1", "http://2130706433", "http://0x7f.1", "http://0177.0.0.1"]
        {
            let url = Url::parse(text).unwrap();
            assert_eq!(written(&url), Some(Ipv4Addr::LOCALHOST.into()), "{text}");
        }
        let url = Url::parse("http://[::ffff:7f00:1]/").unwrap();
        assert!(!may_be_called(written(&url).unwrap(), false));
        assert_eq!(written(&Url::parse("http://127.0.0.1.example/").unwrap()), None);
    }
}
