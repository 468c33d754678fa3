//! Files that are as long as they were said to be.

use bytes::Bytes;
use futures::Stream;
use futures::stream::{BoxStream, StreamExt, unfold};

use super::{StoreError, StoreErrorCode};

/// `bytes`, cut off with an error as soon as they turn out to be more or fewer than `size`.
pub fn exactly<S>(size: u64, bytes: S) -> BoxStream<'static, Result<Bytes, StoreError>>
where
    S: Stream<Item = Result<Bytes, StoreError>> + Send + 'static,
{
    let state = Some((bytes.boxed(), size));
    unfold(state, |state| async {
        let (mut bytes, left) = state?;
        let broken = || StoreError::new(StoreErrorCode::Unreachable);
        match bytes.next().await {
            Some(Ok(chunk)) => match left.checked_sub(chunk.len() as u64) {
                Some(left) => Some((Ok(chunk), Some((bytes, left)))),
                None => Some((Err(broken()), None)),
            },
            Some(Err(error)) => Some((Err(error), None)),
            None if left > 0 => Some((Err(broken()), None)),
            None => None,
        }
    })
    .boxed()
}
