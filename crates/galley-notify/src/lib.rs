//! Everything that tells somebody something: readers of the event log, each with a cursor of its own.
//!
//! A reader turns events into messages in one transaction with its cursor, so that a process that dies
//! neither loses an event nor takes one twice. Messages then wait in the database until they are
//! delivered or given up.

mod callbacks;
mod http;
mod mail;

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
    /// Address under which people reach the server, without a slash at the end.
    pub public_url: String,
    /// The mail server; without one, mails are only kept to be looked at.
    pub smtp: Option<Smtp>,
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Address of the mail server: `smtps://user:password@host`, or `smtp://host:587?tls=required` for
    /// STARTTLS, or `smtp://host` without encryption.
    pub url: String,
    /// Whom mail comes from: an address, with or without a name.
    pub from: String,
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
    desk: mail::Desk,
    sender: Option<mail::Sender>,
}

/// What waits to be delivered.
#[derive(Clone, Copy, Debug)]
enum Queue {
    Callbacks,
    Mail,
}

/// Longest time between two looks at the queues.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Time until the next look after something failed that is not the receiver's fault.
const BREATH: Duration = Duration::from_secs(5);

impl Notifier {
    /// A notifier on a database.
    ///
    /// # Errors
    /// A sentence about the settings of the mail server.
    pub fn new(store: Store, clock: Arc<dyn Clock>, options: &Options) -> Result<Notifier, String> {
        let http = http::Client::new(options.allow_private_callbacks);
        let sender = match &options.smtp {
            Some(smtp) => Some(mail::Sender::new(&smtp.url, &smtp.from, host(&options.public_url))?),
            None => None,
        };
        let desk = mail::Desk { public_url: options.public_url.clone(), send: sender.is_some() };
        Ok(Notifier { inner: Arc::new(Inner { store, clock, http, desk, sender }) })
    }

    /// Works until the sender of `stop` says true or is dropped. What is on its way then is given a
    /// moment by whoever waits for this, and delivered after the next start otherwise.
    pub async fn run(self, events: watch::Receiver<EventId>, stop: watch::Receiver<bool>) {
        tokio::join!(
            self.repeat(Queue::Callbacks, events.clone(), stop.clone()),
            self.repeat(Queue::Mail, events, stop)
        );
    }

    /// Does rounds: one after each event, and when there is something to do again.
    async fn repeat(
        &self,
        queue: Queue,
        mut events: watch::Receiver<EventId>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            events.mark_unchanged();
            let pause = tokio::select! {
                pause = self.round(queue) => pause,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                changed = events.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does a round and says how long there is nothing to do.
    async fn round(&self, queue: Queue) -> Duration {
        let done = match queue {
            Queue::Callbacks => self.deliver_callbacks().await,
            Queue::Mail => self.deliver_mail().await,
        };
        match done {
            Ok(next) => self.until(next),
            Err(error) => {
                tracing::error!(%error, ?queue, "nothing can be delivered now");
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

/// Host of an address, for the names of mails.
fn host(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let end = authority.rfind(':').filter(|at| !authority[*at..].contains(']')).unwrap_or(authority.len());
    match &authority[..end] {
        "" => "localhost",
        host => host,
    }
}
