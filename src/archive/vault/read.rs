//! Reading any byte range of a sealed object.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use object_store::{GetOptions, GetResult, GetResultPayload, ObjectStore};

use super::{SealedObject, Vault, VaultError, mark};
use crate::keys::stream::{ArchiveKey, CHUNK, HEADER, Opener, Span, StreamError, TAG, sealed_size};

const SEALED_CHUNK: usize = CHUNK + TAG;
/// Chunks of a local file that are read and opened at once: 1 MiB.
const CHUNKS_A_READ: usize = 16;
const BROKEN: VaultError = VaultError::Broken(StreamError::Broken);

impl Vault {
    /// The plain bytes `range` of an object, as a stream. Every chunk is proven genuine before a
    /// byte of it is given; trouble on the way ends the stream with an error.
    pub async fn read(
        &self,
        key: &ArchiveKey,
        object: &SealedObject,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, VaultError>>, VaultError> {
        let path = self.path(key.archive(), object);
        let head = GetOptions::new().with_range(Some(0..HEADER as u64));
        let got = self.store.get_opts(&path, head).await?;
        let size = got.meta.size;
        let (header, file) = header(got).await?;
        let genuine = size == sealed_size(object.size) && mark(&header[32..]) == object.mark;
        let opener =
            Opener::new(key, object.part, &header, size).ok().filter(|_| genuine).ok_or(BROKEN)?;
        let Some(span) = opener.span(&range) else {
            let empty = range.start == range.end && range.end <= object.size;
            return if empty { Ok(stream::empty().boxed()) } else { Err(BROKEN) };
        };
        let chunks = Chunks { opener: Arc::new(opener), next: span.first, range };
        if let Some(file) = file {
            return Ok(from_file(file, chunks, span));
        }
        let body = GetOptions::new().with_range(Some(span.sealed));
        let bytes = self.store.get_opts(&path, body).await?.into_stream();
        Ok(from_stream(bytes, chunks))
    }

    /// As [`Vault::read`], for a range that fits into memory.
    pub async fn read_all(
        &self,
        key: &ArchiveKey,
        object: &SealedObject,
        range: Range<u64>,
    ) -> Result<Vec<u8>, VaultError> {
        let mut bytes = self.read(key, object, range).await?;
        let mut all = Vec::new();
        while let Some(more) = bytes.try_next().await? {
            all.extend_from_slice(&more);
        }
        Ok(all)
    }
}

/// The header, and the open file where the store is a folder.
async fn header(got: GetResult) -> Result<(Vec<u8>, Option<Arc<File>>), VaultError> {
    let (header, file) = match got.payload {
        GetResultPayload::File(file, _) => {
            let file = Arc::new(file);
            (read_at(Arc::clone(&file), 0, HEADER).await?, Some(file))
        }
        GetResultPayload::Stream(bytes) => {
            let bytes: Vec<Bytes> = bytes.try_collect().await?;
            (bytes.concat(), None)
        }
    };
    if header.len() == HEADER { Ok((header, file)) } else { Err(BROKEN) }
}

async fn read_at(file: Arc<File>, at: u64, size: usize) -> Result<Vec<u8>, VaultError> {
    blocking(move || {
        let mut bytes = vec![0; size];
        file.read_exact_at(&mut bytes, at).map_err(|error| VaultError::from(&error))?;
        Ok(bytes)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(VaultError::Unavailable))
}

/// The chunks of a range, opened one after the other.
#[derive(Clone)]
struct Chunks {
    opener: Arc<Opener>,
    next: u32,
    range: Range<u64>,
}

impl Chunks {
    /// Opens the next chunks and appends what of them lies in the range.
    fn open(&mut self, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), VaultError> {
        let mut chunk = Vec::with_capacity(SEALED_CHUNK);
        for sealed in sealed.chunks(SEALED_CHUNK) {
            chunk.clear();
            chunk.extend_from_slice(sealed);
            self.opener.open(self.next, &mut chunk)?;
            let begins = u64::from(self.next) * CHUNK as u64;
            let within = |at: u64| {
                usize::try_from(at.saturating_sub(begins)).unwrap_or(CHUNK).min(chunk.len())
            };
            out.extend_from_slice(&chunk[within(self.range.start)..within(self.range.end)]);
            self.next += 1;
        }
        Ok(())
    }
}

fn from_file(
    file: Arc<File>,
    chunks: Chunks,
    span: Span,
) -> BoxStream<'static, Result<Bytes, VaultError>> {
    stream::try_unfold((file, chunks, span.sealed), async |(file, mut chunks, left)| {
        let step = (left.end - left.start).min((CHUNKS_A_READ * SEALED_CHUNK) as u64);
        let Some(size) = usize::try_from(step).ok().filter(|size| *size > 0) else {
            return Ok(None);
        };
        let sealed = read_at(Arc::clone(&file), left.start, size).await?;
        let (plain, chunks) = blocking(move || {
            let mut plain = Vec::with_capacity(sealed.len());
            chunks.open(&sealed, &mut plain)?;
            Ok((plain, chunks))
        })
        .await?;
        Ok(Some((Bytes::from(plain), (file, chunks, left.start + step..left.end))))
    })
    .boxed()
}

fn from_stream(
    bytes: BoxStream<'static, object_store::Result<Bytes>>,
    chunks: Chunks,
) -> BoxStream<'static, Result<Bytes, VaultError>> {
    let start = (Some(bytes), BytesMut::new(), chunks);
    stream::try_unfold(start, async |(mut bytes, mut sealed, mut chunks)| {
        let mut plain = Vec::new();
        while plain.is_empty() {
            match &mut bytes {
                Some(more) => match more.try_next().await? {
                    Some(more) => sealed.extend_from_slice(&more),
                    None => bytes = None,
                },
                None if sealed.is_empty() => return Ok(None),
                None => {}
            }
            let whole = if bytes.is_none() {
                sealed.len()
            } else {
                sealed.len() / SEALED_CHUNK * SEALED_CHUNK
            };
            chunks.open(&sealed.split_to(whole), &mut plain)?;
        }
        Ok(Some((Bytes::from(plain), (bytes, sealed, chunks))))
    })
    .boxed()
}
