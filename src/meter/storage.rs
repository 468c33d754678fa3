//! Object storage of any kind, with its trouble counted.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    UploadPart,
};

use super::Meter;

/// Counts what goes wrong with `store` under `place`, a word such as `archives`.
pub fn metered(
    place: &'static str,
    inner: Arc<dyn ObjectStore>,
    meter: Meter,
) -> Arc<dyn ObjectStore> {
    Arc::new(Metered { inner, count: Count { place, meter } })
}

#[derive(Debug)]
struct Metered {
    inner: Arc<dyn ObjectStore>,
    count: Count,
}

#[derive(Debug, Clone)]
struct Count {
    place: &'static str,
    meter: Meter,
}

impl Count {
    fn see<T>(&self, op: &'static str, answer: Result<T>) -> Result<T> {
        if let Some(code) = answer.as_ref().err().and_then(trouble) {
            self.meter.storage_error(self.place, op, code);
        }
        answer
    }

    fn see_all<T: 'static>(
        &self,
        op: &'static str,
        answers: BoxStream<'static, Result<T>>,
    ) -> BoxStream<'static, Result<T>> {
        let count = self.clone();
        answers.map(move |answer| count.see(op, answer)).boxed()
    }
}

/// A word for an error; none for those that are an answer. Its text may quote anything.
fn trouble(error: &Error) -> Option<&'static str> {
    match error {
        Error::NotFound { .. }
        | Error::AlreadyExists { .. }
        | Error::Precondition { .. }
        | Error::NotModified { .. } => None,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Some("denied"),
        Error::NotSupported { .. } | Error::NotImplemented { .. } => Some("unsupported"),
        _ => Some("unavailable"),
    }
}

impl fmt::Display for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Metered {
    async fn put_opts(&self, at: &Path, body: PutPayload, opts: PutOptions) -> Result<PutResult> {
        self.count.see("put", self.inner.put_opts(at, body, opts).await)
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let upload = self.count.see("put", self.inner.put_multipart_opts(at, opts).await)?;
        Ok(Box::new(MeteredUpload { inner: upload, count: self.count.clone() }))
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        let mut got = self.count.see("get", self.inner.get_opts(at, options).await)?;
        got.payload = match got.payload {
            GetResultPayload::Stream(body) => {
                GetResultPayload::Stream(self.count.see_all("get", body))
            }
            file @ GetResultPayload::File(..) => file,
        };
        Ok(got)
    }

    async fn get_ranges(&self, at: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.count.see("get", self.inner.get_ranges(at, ranges).await)
    }

    fn delete_stream(
        &self,
        at: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.count.see_all("delete", self.inner.delete_stream(at))
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.count.see_all("list", self.inner.list(prefix))
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.count.see_all("list", self.inner.list_with_offset(prefix, offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.count.see("list", self.inner.list_with_delimiter(prefix).await)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.count.see("copy", self.inner.copy_opts(from, to, options).await)
    }
}

#[derive(Debug)]
struct MeteredUpload {
    inner: Box<dyn MultipartUpload>,
    count: Count,
}

#[async_trait]
impl MultipartUpload for MeteredUpload {
    fn put_part(&mut self, body: PutPayload) -> UploadPart {
        let (part, count) = (self.inner.put_part(body), self.count.clone());
        Box::pin(async move { count.see("put", part.await) })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.count.see("put", self.inner.complete().await)
    }

    async fn abort(&mut self) -> Result<()> {
        self.count.see("put", self.inner.abort().await)
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt as _;
    use object_store::local::LocalFileSystem;
    use object_store::memory::InMemory;

    use super::*;
    use crate::meter::process::Process;

    #[tokio::test]
    async fn trouble_is_counted_and_answers_are_none() {
        let meter = Meter::default();
        let store = metered("archives", Arc::new(InMemory::new()), meter.clone());
        let at = Path::from("ada@example.org");
        store.put(&at, "x".into()).await.unwrap();
        assert_eq!(store.get(&at).await.unwrap().bytes().await.unwrap(), "x");
        store.get(&Path::from("none")).await.unwrap_err();
        let told = meter.render(None, &Process::default());
        assert!(!told.contains("storage_errors"), "{told}");

        let folder = tempfile::tempdir().unwrap();
        let local = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
        let store = metered("ledger", Arc::new(local), meter.clone());
        // A file where a folder would have to be.
        std::fs::write(folder.path().join("ada"), "x").unwrap();
        store.put(&Path::from("ada/below"), "x".into()).await.unwrap_err();
        let told = meter.render(None, &Process::default());
        let line = r#"storage_errors_total{place="ledger",op="put",code="unavailable"} 1"#;
        assert!(told.contains(line), "{told}");
        assert!(!told.contains("ada"), "{told}");
    }
}
