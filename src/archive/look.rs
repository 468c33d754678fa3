//! A look at the beginning of one entry, before the archive is made.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::container::Method;
use super::segment::Entry;
use super::vault::{SealedObject, Vault, VaultError};
use crate::keys::stream::{ArchiveKey, StreamError};

impl Vault {
    /// The first `most` plain bytes of an entry, or all of it where it has fewer.
    ///
    /// # Errors
    /// Of [`Vault::read`]; [`VaultError::Broken`] also when the entry is not what it says.
    pub async fn beginning(
        &self,
        key: &ArchiveKey,
        object: &SealedObject,
        entry: &Entry,
        most: u64,
    ) -> Result<Vec<u8>, VaultError> {
        let wanted = entry.size.min(most);
        // A deflated byte takes less than two, and a block's tables take their room.
        let packed = match entry.method {
            Method::Stored => entry.packed.min(wanted),
            Method::Deflated => entry.packed.min(wanted.saturating_mul(2).saturating_add(1_024)),
        };
        let bytes = self.read_all(key, object, entry.offset..entry.offset + packed).await?;
        let plain = match entry.method {
            Method::Stored => bytes,
            Method::Deflated => tokio::task::spawn_blocking(move || inflated(&bytes, wanted))
                .await
                .map_err(|_| VaultError::Unavailable)?,
        };
        let whole = plain.len() as u64 == wanted;
        whole.then_some(plain).ok_or(VaultError::Broken(StreamError::Broken))
    }
}

/// As much as `packed`, which may break off, gives.
fn inflated(packed: &[u8], most: u64) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut from = DeflateDecoder::new(packed).take(most);
    let mut step = [0; 8 * 1_024];
    while let Ok(read @ 1..) = from.read(&mut step) {
        plain.extend_from_slice(&step[..read]);
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use object_store::memory::InMemory;
    use object_store::path::Path;

    use super::*;
    use crate::archive::segment::SegmentBuilder;
    use crate::domain::category::Category;
    use crate::domain::record::{Column, Origin, Shape, Value};
    use crate::domain::right::Right;
    use crate::ids::OsEntropy;

    #[tokio::test]
    async fn the_beginning_of_rows_can_be_read_without_the_rest() {
        let vault = Vault::new(Arc::new(InMemory::new()), Path::default());
        let key = ArchiveKey::draw(uuid::Uuid::from_u128(1), &OsEntropy);
        let column = Column {
            name: "a".into(),
            category: Category::parse("user.content").unwrap(),
            origin: Origin::Provided,
        };
        let shape = Arc::new(Shape { collection: "t".into(), columns: vec![column] });
        let mut builder = SegmentBuilder::new(Right::Access, "s", &shape).unwrap();
        let row = |n: u32| vec![Value::Text(format!("{n} {}", n.wrapping_mul(2_654_435_761)))];
        let rows: Vec<Vec<Value>> = (0..20_000).map(row).collect();
        assert_eq!(builder.push(&rows), rows.len());
        let segment = builder.write(&vault, &key, 1, &OsEntropy).await.unwrap();
        for entry in &segment.entries {
            let look = |most| vault.beginning(&key, &segment.object, entry, most);
            let whole = look(u64::MAX).await.unwrap();
            assert_eq!(whole.len() as u64, entry.size);
            for most in [0, 1, 500, 70_000] {
                let part = look(most as u64).await.unwrap();
                assert_eq!(part, whole[..most], "{most}");
            }
        }
        let mut other = segment.entries[0].clone();
        other.size += 1;
        let broken = vault.beginning(&key, &segment.object, &other, u64::MAX).await;
        assert_eq!(broken.unwrap_err(), VaultError::Broken(StreamError::Broken));
    }
}
