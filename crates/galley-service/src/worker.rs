//! The worker: takes jobs, keeps their leases, and gives up what goes wrong again and again.

use crate::{Service, ServiceError, secrets};
use galley_model::{MAX_DEATHS, Urgency};
use galley_store::{JobKind, LaneLimits, LeasedJob, StoreError, Write};
use jiff::SignedDuration;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A lease lasts so long unless it is renewed; a worker that died is replaced after that.
const LEASE_SECONDS: i64 = 30;
const RENEW_EVERY: Duration = Duration::from_secs(10);

/// How soon a worker notices that a job was called off.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Without word of new jobs, a worker looks so often: leases run out, and times come.
const IDLE: Duration = Duration::from_secs(5);

/// How often others' commits are looked for while somebody listens, and while nobody does.
const WATCH_EVERY: Duration = Duration::from_millis(200);
const WATCH_IDLE: Duration = Duration::from_secs(2);

/// How often the cache is counted anew that all processes fill.
const RECOUNT_EVERY: Duration = Duration::from_secs(1800);

/// Light jobs at the same time: they mostly wait for the disk.
const LIGHT: u32 = 4;

/// Whose worker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The server's own. There is one server on a data folder, so what an earlier one left is taken up at once.
    Server,
    /// A process beside the server. There may be several; what one of them leaves is taken up when its lease ends.
    Beside,
}

/// Does jobs.
pub struct Worker {
    service: Service,
    limits: LaneLimits,
    holder: Holder,
    /// What its leases begin with.
    name: String,
}

/// Runs blocking work on a thread made for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(ServiceError::internal(&error)),
    }
}

impl Worker {
    /// A worker of the server. It opens up to `files` files at the same time that are decoded here, counting
    /// those of other workers on the same database; and one at a time of those that a tool converts, and of
    /// web pages.
    pub fn new(service: Service, files: u32) -> Worker {
        Worker::of(Holder::Server, service, files)
    }

    /// A worker of this kind of process.
    pub fn of(holder: Holder, service: Service, files: u32) -> Worker {
        let limits = LaneLimits { open: files.max(1), convert: 1, capture: 1, play: 1, light: LIGHT };
        let word = match holder {
            Holder::Server => "serve",
            Holder::Beside => "worker",
        };
        let name = format!("{word}-{}-", secrets::hex(service.inner.random.as_ref(), 8));
        Worker { service, limits, holder, name }
    }

    /// Works until the sender says true or is dropped, then gives back what it has not finished.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        self.begin().await;
        let mut running = JoinSet::new();
        loop {
            loop {
                match self.lease().await {
                    Ok(Some(job)) => {
                        let service = self.service.clone();
                        running.spawn(async move { service.do_job(job).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "cannot take a job");
                        break;
                    }
                }
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = self.service.inner.work.notified() => {}
                Some(_) = running.join_next() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
        // Their children are killed with them.
        running.shutdown().await;
        let (service, name) = (self.service.clone(), self.name.clone());
        match blocking(move || Ok(service.store().write(|tx| tx.release_jobs(&name, false))?)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "gave unfinished jobs back"),
            Err(error) => tracing::error!(%error, "cannot give jobs back; others wait for their leases"),
        }
    }

    async fn begin(&self) {
        let (service, holder) = (self.service.clone(), self.holder);
        let released = blocking(move || {
            let now = service.now();
            galley_capture::remove_leftovers();
            service.store().write(|tx| -> Result<usize, ServiceError> {
                let rank = Urgency::Background.rank();
                tx.add_job(JobKind::Housekeeping, 0, rank, now, now)?;
                tx.add_job(JobKind::ArchiveIdle, 0, rank, now, now)?;
                match holder {
                    Holder::Server => Ok(tx.release_jobs("serve-", true)?),
                    Holder::Beside => Ok(0),
                }
            })
        });
        match released.await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "taking up jobs of an earlier run"),
            Err(error) => tracing::error!(%error, "cannot read the job queue"),
        }
    }

    async fn lease(&self) -> Result<Option<LeasedJob>, ServiceError> {
        let (service, limits, name) = (self.service.clone(), self.limits, self.name.clone());
        blocking(move || {
            let now = service.now();
            if !service.store().read(|tx| tx.job_is_due(now, &limits))? {
                return Ok(None);
            }
            let lease = name + &secrets::hex(service.inner.random.as_ref(), 8);
            let until = now + SignedDuration::from_secs(LEASE_SECONDS);
            Ok(service.store().write(|tx| tx.lease_job(&lease, now, until, &limits))?)
        })
        .await
    }
}

impl Service {
    async fn do_job(&self, job: LeasedJob) {
        let work = async {
            if job.attempts > MAX_DEATHS {
                return self.left_dead(&job).await;
            }
            match job.kind {
                JobKind::OpenFile => self.open_file(&job).await,
                JobKind::Capture => self.capture(&job).await,
                JobKind::FindPages => self.search_pages(&job).await,
                JobKind::Housekeeping => self.tidy_up(&job).await,
                JobKind::Stages => {
                    let (service, job) = (self.clone(), job.clone());
                    blocking(move || service.start_stages_of(&job)).await
                }
                JobKind::ArchiveIdle => self.archive_idle(&job).await,
                JobKind::EraseFile => self.erase_file(&job).await,
                JobKind::Summary => self.make_summary(&job).await,
                JobKind::MakePlayable => self.make_playable(&job).await,
            }
        };
        let lost = tokio::select! {
            result = work => match result {
                Ok(()) => return,
                Err(error) => self.went_wrong(&job, error).await,
            },
            () = self.keep_lease(&job) => {
                tracing::info!(?job, "the job was called off, or somebody else has it");
                return;
            }
        };
        if let Err(error) = lost {
            tracing::error!(?job, %error, "a failed job is tried again when its lease ends");
        }
    }

    /// Keeps a lease alive; returns when it was lost or the job called off.
    async fn keep_lease(&self, job: &LeasedJob) {
        let mut looks = 0;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            looks += 1;
            let renew = looks * LOOK_EVERY >= RENEW_EVERY;
            if renew {
                looks = 0;
            }
            let (service, job) = (self.clone(), job.clone());
            let held = blocking(move || {
                if !renew {
                    return Ok(service.store().read(|tx| tx.holds_job(&job))?);
                }
                let until = service.now() + SignedDuration::from_secs(LEASE_SECONDS);
                Ok(service.store().write(|tx| tx.renew_job(&job, until))?)
            });
            if let Ok(false) = held.await {
                return;
            }
        }
    }

    /// Ends a job together with what it led to. A worker that lost its lease changes nothing.
    pub(crate) async fn finish(
        &self,
        job: &LeasedJob,
        result: impl FnOnce(&Write<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let (service, job) = (self.clone(), job.clone());
        blocking(move || {
            service.store().write(|tx| {
                if tx.finish_job(&job)? {
                    result(tx)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Hears of what other processes on the same database commit, until the sender says true or is dropped: open
    /// viewers get news of it, and the worker looks for jobs.
    pub async fn watch_others(self, mut stop: watch::Receiver<bool>) {
        let watch = self.store().watch_commits();
        let mut watch = match watch {
            Ok(watch) => watch,
            Err(error) => return tracing::error!(%error, "news of other processes comes late"),
        };
        let mut recount = tokio::time::interval(RECOUNT_EVERY);
        recount.tick().await;
        loop {
            // One reader, for mails and callbacks, is always there.
            let pause = if self.inner.events.receiver_count() > 1 { WATCH_EVERY } else { WATCH_IDLE };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
                _ = recount.tick() => self.inner.media.recount(),
            }
            let service = self.clone();
            let looked = tokio::task::spawn_blocking(move || {
                let news = watch.changed().and_then(|changed| match changed {
                    true => service.store().read(|tx| tx.last_event()).map(Some),
                    false => Ok(None),
                });
                (watch, news)
            });
            let Ok((same, news)) = looked.await else { return };
            watch = same;
            match news {
                Ok(Some(newest)) => {
                    self.inner.events.send_if_modified(|known| {
                        let news = newest > *known;
                        *known = newest.max(*known);
                        news
                    });
                    self.inner.work.notify_one();
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "cannot look for news of other processes"),
            }
        }
    }
}
