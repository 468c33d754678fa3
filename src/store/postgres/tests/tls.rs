//! TLS on the way to the server, with authorities that are made anew in each test.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::tempdir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::wire::{Manner, Wire};
use super::{Fresh, store};
use crate::store::testing::{key, lines, pages};
use crate::store::{Store, StoreErrorCode};

const SQL: &str = "CREATE TABLE customer(id int PRIMARY KEY, email text);
    INSERT INTO customer VALUES (1, 'ada@example.org');";
const MAP: &str = "[store.shop.table.customer]\nperson = true\nwho = { email = \"email\" }\n\
    field = { email = \"user.contact.email\" }\n";

/// Signs a certificate for `name` with an authority of its own, whose certificate goes to `path`.
fn certified(name: &str, path: &Path) -> TlsAcceptor {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(path, authority.pem()).unwrap();
    let pair = KeyPair::generate().unwrap();
    let params = CertificateParams::new([name.to_owned()]).unwrap();
    let certificate = params.signed_by(&pair, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            pair.serialize_der().try_into().unwrap(),
        );
    TlsAcceptor::from(Arc::new(config.unwrap()))
}

#[tokio::test]
async fn a_server_is_believed_when_its_authority_and_its_name_are_right() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    // As the program does at its start; the driver asks for it under verify-ca.
    let _ = default_provider().install_default();
    let dir = tempdir().unwrap();
    let (right, wrong) = (dir.path().join("right.pem"), dir.path().join("wrong.pem"));
    let here = Wire::before(&fresh.url, Manner::Pass, Some(certified("localhost", &right))).await;
    certified("localhost", &wrong);
    let far = dir.path().join("far.pem");
    let elsewhere =
        Wire::before(&fresh.url, Manner::Pass, Some(certified("db.example", &far))).await;
    let root = |path: &Path| format!("&sslrootcert={}", path.display());
    let ada = [key("email", "ada@example.org")];
    for (wire, mode, root, believed) in [
        (&here, "verify-full", root(&right), true),
        (&here, "verify-ca", root(&right), true),
        (&here, "verify-full", root(&wrong), false),
        (&here, "verify-ca", root(&wrong), false),
        (&here, "verify-full", String::new(), false),
        (&elsewhere, "verify-full", root(&far), false),
        (&elsewhere, "verify-ca", root(&far), true),
        // Encrypted, whoever it is.
        (&elsewhere, "require", String::new(), true),
    ] {
        let mut url = wire.url(&fresh.url, "localhost");
        url.set_query(Some(&format!("sslmode={mode}{root}")));
        let (store, before) = (store(&url, MAP), wire.encrypted());
        if believed {
            assert_eq!(store.check().await.unwrap(), [], "{mode}");
            assert_eq!(lines(&pages(&store, &ada).await).len(), 1);
            assert!(wire.encrypted() > before, "{mode}");
        } else {
            let error = store.check().await.unwrap_err();
            assert_eq!(error.to_string(), "denied (TLS)", "{mode}{root}");
            assert!(!error.code.is_passing());
        }
    }
}

#[tokio::test]
async fn who_asks_for_tls_never_goes_on_without() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let wire = Wire::before(&fresh.url, Manner::Pass, None).await;
    let mut url = wire.url(&fresh.url, "localhost");
    for (mode, told) in [("require", true), ("verify-full", true), ("disable", false)] {
        url.set_query(Some(&format!("sslmode={mode}")));
        let error = store(&url, MAP).check().await.err().map(|error| error.code);
        assert_eq!(error, told.then_some(StoreErrorCode::Denied), "{mode}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_there_is_named_by_the_check() {
    let url = "postgres://me:canary@127.0.0.1:1/d?sslmode=verify-full&sslrootcert=/no/such/ca.pem";
    let found = store(&url.parse().unwrap(), MAP).check().await.unwrap();
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.code, one.line), ("url", 4));
    assert!(one.message.contains("/no/such/ca.pem") && !one.message.contains("canary"), "{one:?}");
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_is_shown_ours() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let dir = tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let pair = KeyPair::generate().unwrap();
    let ours = CertificateParams::new(["reader".to_owned()]).unwrap().self_signed(&pair).unwrap();
    std::fs::write(path("me.pem"), ours.pem()).unwrap();
    std::fs::write(path("me.key"), pair.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(ours.der().clone()).unwrap();
    let provider = Arc::new(default_provider());
    let asks = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(path("ca.pem"), theirs.cert.pem()).unwrap();
    let key = theirs.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(asks.build().unwrap())
        .with_single_cert(vec![theirs.cert.der().clone()], key);
    let tls = TlsAcceptor::from(Arc::new(config.unwrap()));
    let wire = Wire::before(&fresh.url, Manner::Pass, Some(tls)).await;
    let mut url = wire.url(&fresh.url, "localhost");
    let at = |name: &str| path(name).display().to_string();
    let root = format!("sslmode=verify-full&sslrootcert={}", at("ca.pem"));
    url.set_query(Some(&root));
    assert!(store(&url, MAP).check().await.is_err());
    url.set_query(Some(&format!("{root}&sslcert={}&sslkey={}", at("me.pem"), at("me.key"))));
    assert_eq!(store(&url, MAP).check().await.unwrap(), []);
}
