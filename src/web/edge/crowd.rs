//! How many connections one address may hold.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::client::{ClientAddr, TrustedProxies};

/// Counts the open connections of each address. Trusted proxies, who come for many, are not
/// counted.
pub(super) struct Crowd {
    most: usize,
    proxies: TrustedProxies,
    present: Mutex<HashMap<ClientAddr, usize>>,
}

/// Held as long as a connection lasts.
pub(super) struct Seat {
    crowd: Arc<Crowd>,
    client: Option<ClientAddr>,
}

impl Crowd {
    pub(super) fn new(most: usize, proxies: TrustedProxies) -> Arc<Self> {
        Arc::new(Self { most, proxies, present: Mutex::default() })
    }

    /// A seat for a connection from `ip`; `None` when the address holds too many already.
    pub(super) fn enter(self: &Arc<Self>, ip: IpAddr) -> Option<Seat> {
        let crowd = Arc::clone(self);
        if self.proxies.contains(ip) {
            return Some(Seat { crowd, client: None });
        }
        let client = ClientAddr::of(ip);
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let count = present.entry(client).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat { crowd, client: Some(client) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(client) = self.client else { return };
        let mut present = self.crowd.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = present.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                present.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(crowd: &Arc<Crowd>, ip: &str) -> Option<Seat> {
        crowd.enter(ip.parse().unwrap())
    }

    #[test]
    fn an_address_has_so_many_seats_and_gets_them_back() {
        let crowd = Crowd::new(2, TrustedProxies::default());
        let one = enter(&crowd, "2001:db8::1");
        let two = enter(&crowd, "2001:db8::2");
        assert!(one.is_some() && two.is_some());
        assert!(enter(&crowd, "2001:db8::3").is_none(), "the same /64");
        assert!(enter(&crowd, "192.0.2.1").is_some(), "somebody else");
        drop(one);
        assert!(enter(&crowd, "2001:db8::3").is_some());
        drop(two);
        assert!(crowd.present.lock().unwrap().is_empty(), "nothing is kept of who has gone");
    }

    #[test]
    fn a_trusted_proxy_is_not_counted() {
        let crowd = Crowd::new(1, TrustedProxies::parse(&["10.0.0.1"]).unwrap());
        let seats: Vec<_> = (0..5).map(|_| enter(&crowd, "10.0.0.1")).collect();
        assert!(seats.iter().all(Option::is_some));
    }
}
