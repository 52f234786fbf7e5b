//! Everything that tells somebody something: readers of the event log, each with a cursor of its own.
//!
//! A reader turns events into messages in one transaction with its cursor, so that a process that dies
//! neither loses an event nor takes one twice. Messages then wait in the database until they are
//! delivered or given up.

mod callbacks;
mod http;

use galley_model::{EventId, Timestamp};
use galley_service::Clock;
use galley_store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// What the administrator decides about messages.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Callbacks may go to addresses of the server's own network.
    pub allow_private_callbacks: bool,
}

/// Reads the event log and delivers what follows from it. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    http: http::Client,
}

/// Longest time between two looks at the queues.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Time until the next look after something failed that is not the receiver's fault.
const BREATH: Duration = Duration::from_secs(5);

impl Notifier {
    /// A notifier on a database.
    pub fn new(store: Store, clock: Arc<dyn Clock>, options: &Options) -> Notifier {
        let http = http::Client::new(options.allow_private_callbacks);
        Notifier { inner: Arc::new(Inner { store, clock, http }) }
    }

    /// Works until the sender of `stop` says true or is dropped. What is on its way then is given a
    /// moment by whoever waits for this, and delivered after the next start otherwise.
    pub async fn run(self, mut events: watch::Receiver<EventId>, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = tokio::select! {
                pause = self.callback_round() => pause,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                changed = events.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Turns new events into deliveries, posts what is due, and says how long there is nothing to do.
    async fn callback_round(&self) -> Duration {
        match self.deliver_callbacks().await {
            Ok(next) => self.until(next),
            Err(error) => {
                tracing::error!(%error, "callbacks cannot be delivered now");
                BREATH
            }
        }
    }

    fn until(&self, next: Option<Timestamp>) -> Duration {
        let Some(next) = next else { return LOOK_EVERY };
        let wait = next.duration_since(self.now());
        Duration::try_from(wait).unwrap_or(Duration::ZERO).min(LOOK_EVERY)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Runs database work on a thread made for it.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Notifier) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let notifier = self.clone();
        match tokio::task::spawn_blocking(move || work(&notifier)).await {
            Ok(result) => result,
            Err(error) => {
                tracing::error!(%error, "a reader of the event log panicked");
                Err(StoreError::Corrupt("a panic"))
            }
        }
    }
}
