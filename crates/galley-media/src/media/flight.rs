//! One child for all who wait for the same thing.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::{Source, lock};
use crate::error::{MediaError, MediaErrorKind};

/// How long a failure is remembered: shortly if it may pass, so that a viewer asking for many tiles of a broken
/// page starts one child and not fifty.
const FORGET_PASSING: Duration = Duration::from_secs(5);
const FORGET_LASTING: Duration = Duration::from_secs(10 * 60);
/// Failures remembered at once.
const MAX_REMEMBERED: usize = 4096;

/// What one child makes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Unit {
    key: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum What {
    Opening,
    Preparing,
    Page(u32),
    Tiles { page: u32, level: u8, x: u32, y: u32 },
    Excerpt { page: u32, id: u64 },
    Difference { older: u32, newer: u32 },
    Preflight,
    Contents,
    Site,
}

impl Unit {
    pub(super) fn opening(source: &Source) -> Self {
        Self { key: source.key.clone(), what: What::Opening }
    }

    pub(super) fn preparing(source: &Source) -> Self {
        Self { key: source.key.clone(), what: What::Preparing }
    }

    pub(super) fn page(source: &Source, page: u32) -> Self {
        Self { key: source.key.clone(), what: What::Page(page) }
    }

    pub(super) fn excerpt(source: &Source, page: u32, id: u64) -> Self {
        Self { key: source.key.clone(), what: What::Excerpt { page, id } }
    }

    pub(super) fn preflight(source: &Source) -> Self {
        Self { key: source.key.clone(), what: What::Preflight }
    }

    pub(super) fn contents(source: &Source) -> Self {
        Self { key: source.key.clone(), what: What::Contents }
    }

    pub(super) fn site(source: &Source) -> Self {
        Self { key: source.key.clone(), what: What::Site }
    }

    pub(super) fn difference(key: &str, older: u32, newer: u32) -> Self {
        Self { key: key.to_owned(), what: What::Difference { older, newer } }
    }

    pub(super) fn tiles(source: &Source, page: u32, level: u8, x: u32, y: u32) -> Self {
        Self { key: source.key.clone(), what: What::Tiles { page, level, x, y } }
    }
}

#[derive(Debug, Clone, Default)]
struct State {
    steps: u64,
    outcome: Option<Result<(), MediaError>>,
}

/// Tells those who wait that something new is there.
#[derive(Clone)]
pub(super) struct Progress {
    sender: Arc<watch::Sender<State>>,
}

impl Progress {
    pub(super) fn step(&self) {
        self.sender.send_modify(|state| state.steps += 1);
    }

    fn end(&self, outcome: Result<(), MediaError>) {
        self.sender.send_modify(|state| state.outcome = Some(outcome));
    }
}

/// Someone waiting.
pub(super) struct Flight {
    receiver: watch::Receiver<State>,
}

impl Flight {
    /// How it ended, if it has. What was made before is in the cache by then.
    pub(super) fn outcome(&mut self) -> Option<Result<(), MediaError>> {
        self.receiver.borrow_and_update().outcome.clone()
    }

    /// Waits for a step or the end.
    pub(super) async fn changed(&mut self) {
        if self.receiver.changed().await.is_err() && self.receiver.borrow().outcome.is_none() {
            // The task is gone without a word, as when a runtime shuts down. There is nothing to wait for.
            let gone = Some(Err(MediaError::new(MediaErrorKind::Crashed, "the work was abandoned")));
            let (_, receiver) = watch::channel(State { steps: 0, outcome: gone });
            self.receiver = receiver;
        }
    }
}

#[derive(Default)]
pub(super) struct Flights {
    inner: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    under_way: HashMap<Unit, watch::Receiver<State>>,
    /// The tasks of what was started here.
    tasks: HashMap<Unit, AbortHandle>,
    failed: HashMap<Unit, (Instant, MediaError)>,
}

impl Flights {
    /// The work on this unit, if there is any.
    pub(super) fn under_way(&self, unit: &Unit) -> Option<Flight> {
        lock(&self.inner).under_way.get(unit).map(|receiver| Flight { receiver: receiver.clone() })
    }

    /// Joins the work on the unit or starts it as a task of its own, so that it goes on for the others when
    /// one viewer leaves. Fails with a remembered failure, or `Busy` if `most` are under way.
    pub(super) fn join_or_start<W, F>(&self, unit: Unit, most: usize, work: W) -> Result<Flight, MediaError>
    where
        W: FnOnce(Progress) -> F,
        F: Future<Output = Result<(), MediaError>> + Send + 'static,
    {
        let mut table = lock(&self.inner);
        if let Some(receiver) = table.under_way.get(&unit) {
            return Ok(Flight { receiver: receiver.clone() });
        }
        if let Some((until, error)) = table.failed.get(&unit) {
            if Instant::now() < *until {
                return Err(error.clone());
            }
            table.failed.remove(&unit);
        }
        if table.under_way.len() >= most {
            return Err(MediaError::new(MediaErrorKind::Busy, format!("{most} renders are under way")));
        }
        let (guard, receiver) = self.register(&mut table, unit.clone());
        let work = work(guard.progress.clone());
        // The table is locked until the task is in it: it cannot end before.
        let task = tokio::spawn(async move {
            let outcome = work.await;
            guard.finish(outcome);
        });
        table.tasks.insert(unit, task.abort_handle());
        drop(table);
        Ok(Flight { receiver })
    }

    /// Calls off the work on the unit, if any, when what is returned is dropped before it is over.
    pub(super) fn called_off_with(&self, unit: Unit) -> CallOff {
        CallOff { table: Arc::clone(&self.inner), unit, over: false }
    }

    /// Forgets the failures of a file.
    pub(super) fn forget_failures(&self, key: &str) {
        lock(&self.inner).failed.retain(|unit, _| unit.key != key);
    }

    /// Announces work that somebody does themselves. Replaces what was announced before.
    pub(super) fn announce(&self, unit: Unit) -> Landing {
        let mut table = lock(&self.inner);
        self.register(&mut table, unit).0
    }

    fn register(&self, table: &mut Table, unit: Unit) -> (Landing, watch::Receiver<State>) {
        let (sender, receiver) = watch::channel(State::default());
        table.under_way.insert(unit.clone(), receiver.clone());
        let progress = Progress { sender: Arc::new(sender) };
        (Landing { table: Arc::clone(&self.inner), unit, progress, finished: false }, receiver)
    }
}

/// Calls off work on a unit when it goes.
pub(super) struct CallOff {
    table: Arc<Mutex<Table>>,
    unit: Unit,
    over: bool,
}

impl CallOff {
    /// There is nothing left to call off.
    pub(super) fn over(mut self) {
        self.over = true;
    }
}

impl Drop for CallOff {
    fn drop(&mut self) {
        if !self.over {
            let task = lock(&self.table).tasks.remove(&self.unit);
            if let Some(task) = task {
                // Its children are killed with it.
                task.abort();
            }
        }
    }
}

/// Takes the unit off the list however the work ends.
pub(super) struct Landing {
    table: Arc<Mutex<Table>>,
    unit: Unit,
    pub(super) progress: Progress,
    finished: bool,
}

impl Landing {
    pub(super) fn finish(mut self, outcome: Result<(), MediaError>) {
        self.finished = true;
        let mut table = lock(&self.table);
        table.under_way.remove(&self.unit);
        table.tasks.remove(&self.unit);
        if let Err(error) = &outcome
            && !matches!(error.kind(), MediaErrorKind::Busy)
        {
            if table.failed.len() >= MAX_REMEMBERED {
                table.failed.clear();
            }
            let keep = if error.is_retryable() { FORGET_PASSING } else { FORGET_LASTING };
            table.failed.insert(self.unit.clone(), (Instant::now() + keep, error.clone()));
        }
        drop(table);
        self.progress.end(outcome);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if !self.finished {
            let mut table = lock(&self.table);
            table.under_way.remove(&self.unit);
            table.tasks.remove(&self.unit);
            drop(table);
            self.progress.end(Err(MediaError::new(MediaErrorKind::Crashed, "the work was abandoned")));
        }
    }
}
