//! Keys and randomness together: what the database room needs to seal and open columns.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Keys;
use super::seal::SealError;
use crate::ids::Entropy;

/// Seals and opens small values, each for its own place.
#[derive(Debug, Clone)]
pub struct Sealer {
    keys: Keys,
    entropy: Arc<dyn Entropy>,
}

impl Sealer {
    /// With these keys, salting from `entropy`.
    pub fn new(keys: Keys, entropy: Arc<dyn Entropy>) -> Self {
        Self { keys, entropy }
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// Seals bytes for `place` (table, column and row).
    pub fn seal_bytes(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        self.keys.seal(&*self.entropy, place, plain).into_bytes()
    }

    /// Opens what was sealed for `place`.
    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.keys.open(place, sealed)
    }

    /// Seals a value as JSON.
    ///
    /// # Panics
    /// When `value` cannot be JSON, which none of our own types can bring about.
    pub fn seal_json(&self, place: &str, value: &impl Serialize) -> Vec<u8> {
        let plain = Zeroizing::new(serde_json::to_vec(value).expect("our own types are JSON"));
        self.seal_bytes(place, &plain)
    }

    /// Opens a value that was sealed as JSON.
    pub fn open_json<T: DeserializeOwned>(
        &self,
        place: &str,
        sealed: &[u8],
    ) -> Result<T, SealError> {
        let plain = self.open_bytes(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| SealError::Broken)
    }
}
