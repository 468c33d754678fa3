//! Bounds what signing in may cost: each password is 19 MiB and some 50 ms of a core.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use crate::keys::password::Password;

/// Passwords hashed at once.
const AT_ONCE: usize = 2;
/// Callers that may wait; further ones are sent away.
const WAITING: usize = 16;

/// Lets a few passwords be hashed at a time.
#[derive(Debug, Clone)]
pub struct PasswordGate {
    places: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
}

impl Default for PasswordGate {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), inside: Arc::new(AtomicUsize::new(0)) }
    }
}

impl PasswordGate {
    /// Does `work` with a password on a thread of its own; `None` when too many wait already. Whoever
    /// hangs up half-way keeps the place until the work is done: nobody stops it.
    pub async fn pass<T: Send + 'static>(
        &self,
        password: &Password,
        work: impl FnOnce(&Password) -> T + Send + 'static,
    ) -> Option<T> {
        let counted = Counted::enter(&self.inside)?;
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let password = password.clone();
        let worked = tokio::task::spawn_blocking(move || {
            let _held = (counted, place);
            work(&password)
        });
        worked.await.ok()
    }
}

/// One caller inside, who leaves even when it is dropped while it waits.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn enter(inside: &Arc<AtomicUsize>) -> Option<Self> {
        let counted = Self(Arc::clone(inside));
        let before = inside.fetch_add(1, Ordering::SeqCst);
        (before < AT_ONCE + WAITING).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::sync::mpsc;
    use std::task::Poll;

    use futures::future::join_all;
    use futures::poll;

    #[tokio::test]
    async fn of_five_hundred_at_once_only_a_few_are_let_in() {
        let gate = PasswordGate::default();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all_asked = Arc::new(AtomicBool::new(false));
        let password = Password::typed("anything");
        let mut let_in = Vec::new();
        for _ in 0..500 {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            let all_asked = Arc::clone(&all_asked);
            let mut call = Box::pin(gate.pass(&password, move |_| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Nobody leaves before everybody has come.
                while !all_asked.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                running.fetch_sub(1, Ordering::SeqCst);
            }));
            match poll!(call.as_mut()) {
                Poll::Pending => let_in.push(call),
                Poll::Ready(done) => assert!(done.is_none()),
            }
        }
        assert_eq!(let_in.len(), AT_ONCE + WAITING);
        all_asked.store(true, Ordering::SeqCst);
        assert!(join_all(let_in).await.iter().all(Option::is_some));
        assert!((1..=AT_ONCE).contains(&most.load(Ordering::SeqCst)));
        assert!(gate.pass(&password, |_| ()).await.is_some(), "later there is room again");
    }

    #[tokio::test]
    async fn who_hangs_up_keeps_the_place_until_the_work_is_done() {
        let gate = PasswordGate::default();
        let password = Password::typed("anything");
        let mut ends = Vec::new();
        for _ in 0..AT_ONCE {
            let (end, ended) = mpsc::channel::<()>();
            ends.push(end);
            let mut call = Box::pin(gate.pass(&password, move |_| ended.recv().is_ok()));
            assert!(poll!(call.as_mut()).is_pending());
        }
        assert_eq!(gate.places.available_permits(), 0);
        assert_eq!(gate.inside.load(Ordering::SeqCst), AT_ONCE);
        let mut next = Box::pin(gate.pass(&password, |_| ()));
        assert!(poll!(next.as_mut()).is_pending());
        drop(ends);
        assert!(next.await.is_some());
    }

    #[tokio::test]
    async fn who_hangs_up_while_waiting_makes_room() {
        let gate = PasswordGate::default();
        let password = Password::typed("anything");
        let held = Arc::clone(&gate.places).acquire_many_owned(2).await.unwrap();
        for _ in 0..3 * WAITING {
            let mut call = Box::pin(gate.pass(&password, |_| ()));
            assert!(poll!(call.as_mut()).is_pending());
        }
        assert_eq!(gate.inside.load(Ordering::SeqCst), 0);
        drop(held);
    }
}
