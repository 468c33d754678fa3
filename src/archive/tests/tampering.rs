//! Any change to an archive must be noticed.

use std::fs;
use std::path::Path;

use super::*;
use crate::archive::verify::VerifyError;

fn broken(gathered: &Gathered, path: &Path, zip: &[u8]) -> Option<VerifyError> {
    fs::write(path, zip).unwrap();
    verify(path, gathered.signing.public()).err()
}

#[tokio::test]
async fn every_flipped_bit_is_noticed() {
    let mut gathered = Gathered::new(Right::Access, Language::En);
    gathered.rows("shop", &shape("customer"), &[row(1, "x")]).await;
    gathered.file("a.png", b"\x89PNG\r\n\x1a\nxxxx").await;
    let (zip, path) = (gathered.zip().await, gathered.folder.path().join("bad.zip"));
    assert!(broken(&gathered, &path, &zip).is_none());
    // Every byte of the headers and of the small entries; the pages' insides now and then.
    for at in 0..zip.len() {
        let near = |sign: &[u8]| {
            zip[at.saturating_sub(80)..]
                .get(..80 + sign.len())
                .is_some_and(|w| w.windows(sign.len()).any(|w| w == sign))
        };
        let dense =
            at % 61 == 0 || at + 1500 > zip.len() || near(b"PK\x03\x04") || near(b"PK\x01\x02");
        if dense {
            let mut bad = zip.clone();
            bad[at] ^= 1 << (at % 8);
            assert!(broken(&gathered, &path, &bad).is_some(), "bit {} of byte {at}", at % 8);
        }
    }
}

#[tokio::test]
async fn cutting_adding_and_swapping_are_noticed() {
    let gathered = hostile().await;
    let (zip, path) = (gathered.zip().await, gathered.folder.path().join("bad.zip"));
    for cut in [0, 1, 21, 22, 100, zip.len() / 2, zip.len() - 22, zip.len() - 1] {
        assert!(broken(&gathered, &path, &zip[..cut]).is_some(), "cut to {cut}");
    }
    for added in [[b"x".as_slice(), &zip].concat(), [&zip, b"x".as_slice()].concat()] {
        assert!(matches!(broken(&gathered, &path, &added), Some(VerifyError::End)));
    }
    let at = zip.windows(4).position(|four| four == b"yyyy").unwrap();
    let mut changed = zip.clone();
    changed[at] = b'z';
    let named = broken(&gathered, &path, &changed).unwrap().to_string();
    assert_eq!(named, "the contents of files/images/Portrait (2).PNG were changed");
}

#[tokio::test]
async fn a_key_inside_or_of_somebody_else_is_not_trusted() {
    let gathered = hostile().await;
    let path = gathered.zip_file().await;
    let folder = tempfile::tempdir().unwrap();
    let other = SigningKey::make(folder.path(), &SeededEntropy::new(9)).unwrap();
    assert!(matches!(verify(&path, other.public()), Err(VerifyError::Signature(_))));
}

#[tokio::test]
async fn archives_of_other_makers_are_refused() {
    let gathered = Gathered::new(Right::Access, Language::En);
    let zip = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(zip);
    zip.start_file("../evil", zip::write::SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let path = gathered.folder.path().join("bad.zip");
    assert!(matches!(broken(&gathered, &path, &zip), Some(VerifyError::Directory(0))));
    assert!(matches!(broken(&gathered, &path, b"hello"), Some(VerifyError::End)));
    assert!(matches!(
        verify(&gathered.folder.path().join("none"), gathered.signing.public()),
        Err(VerifyError::Io(std::io::ErrorKind::NotFound))
    ));
}
