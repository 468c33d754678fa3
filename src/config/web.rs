//! Where the service listens, and under which address it is reached.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use super::document::Section;
use super::error::Refusal;
use crate::domain::base_url::BaseUrl;

/// The public side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// The address that people use; every link is made of it. https unless on this machine.
    pub base_url: BaseUrl,
    /// Where to listen. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// The proxies whose `X-Forwarded-For` is believed. Default none.
    pub trusted_proxies: Vec<IpNet>,
    /// Where `/metrics` is served. Default nowhere.
    pub metrics_listen: Option<SocketAddr>,
}

/// The console for the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Console {
    /// Where to listen. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// The address that the staff use. Default: `http://` and where it listens, on this machine.
    pub base_url: BaseUrl,
}

impl Web {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        if section.entry("base_url").is_none() {
            section.missing(
                "base_url",
                "write the address that people use, base_url = \"https://privacy.example.org\"",
            );
        }
        let base_url = section.read("base_url", base_url);
        Some(Self {
            listen: listen(section, "listen").unwrap_or(([127, 0, 0, 1], 8080).into()),
            trusted_proxies: trusted_proxies(section),
            metrics_listen: listen(section, "metrics_listen"),
            base_url: base_url?,
        })
    }
}

impl Console {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let listen = listen(section, "listen").unwrap_or(([127, 0, 0, 1], 8081).into());
        if section.entry("base_url").is_some() {
            return Some(Self { listen, base_url: section.read("base_url", base_url)? });
        }
        let Ok(base_url) = BaseUrl::parse(&format!("http://{listen}")) else {
            section.missing(
                "base_url",
                "the console listens beyond this machine; write the address that the staff use, \
                 base_url = \"https://console.example.org\"",
            );
            return None;
        };
        Some(Self { listen, base_url })
    }
}

/// Refuses two listeners in one place.
pub(super) fn check_listeners(web: &Web, console: &Console, sections: [&Section<'_>; 2]) {
    let taken = |with: &str| {
        Refusal::value(format!("{with} listens there already; write another address or port"))
    };
    let [web_section, console_section] = sections;
    // Port 0 is whatever is free, another one for each.
    if web.listen == console.listen && web.listen.port() != 0 {
        // The one that is written is the one to change.
        match console_section.entry("listen") {
            Some(_) => console_section.refuse("listen", taken("[web]")),
            None => web_section.refuse("listen", taken("[console]")),
        }
    }
    if web.metrics_listen.is_some_and(|at| at == web.listen || at == console.listen) {
        web_section.refuse("metrics_listen", taken("[web] or [console]"));
    }
}

fn base_url(text: &str) -> Result<BaseUrl, Refusal> {
    BaseUrl::parse(text).map_err(|error| Refusal::value(error.to_string()))
}

fn listen(section: &Section<'_>, key: &'static str) -> Option<SocketAddr> {
    section.read(key, |text| {
        text.parse().map_err(|_| {
            Refusal::value("write an IP address and a port, such as \"127.0.0.1:8080\"")
        })
    })
}

fn trusted_proxies(section: &Section<'_>) -> Vec<IpNet> {
    let Some(entry) = section.entry("trusted_proxies") else { return Vec::new() };
    let mut proxies = Vec::new();
    for (at, text) in entry.texts().unwrap_or_default() {
        match text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse::<IpNet>()) {
            Ok(network) if network.prefix_len() == 0 => {
                let message = "this would believe everybody; write only the proxies' addresses";
                entry.refuse_at(at, Refusal::value(message));
            }
            Ok(network) => proxies.push(network.trunc()),
            Err(_) => {
                let message =
                    "write addresses or networks, such as \"192.0.2.7\" or \"10.0.0.0/8\"";
                entry.refuse_at(at, Refusal::value(message));
            }
        }
    }
    proxies
}
