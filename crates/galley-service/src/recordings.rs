//! Video and sound: from an upload to what a browser plays, and what viewers ask for of it (`product.md` 5.7).
//!
//! A recording has one page, a picture that stands for it in lists. It can be seen as soon as that is there; what
//! browsers cannot play of it is made anew by a job of its own, and can be watched meanwhile.

use crate::links::{Link, shown};
use crate::sources::{announce, settle_combined};
use crate::worker::blocking;
use crate::{Missing, Picture, Service, ServiceError};
use galley_media::{FileKind, Film, MediaError, Playing, Source, Storyboard};
use galley_model::{EventKind, FileId, Processing, Rate, Recording, Timecode, Urgency};
use galley_store::{JobKind, LeasedJob};

/// What a browser can be given of a recording.
#[derive(Debug)]
pub struct Playable {
    /// The file, or as much of it as there is.
    pub playing: Playing,
    /// Its media type.
    pub mime: String,
}

/// How far a recording is on its way to what browsers play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlayState {
    /// All of it can be played.
    Whole,
    /// What is made of it can be watched as far as it is there; percent of the whole.
    Growing(u8),
    /// Nothing yet; percent, if somebody is at it.
    Waiting(Option<u8>),
    /// It never will be; why, for people.
    Failed(String),
}

/// What the store keeps of a recording.
fn recording(film: &Film) -> Recording {
    let rate = Rate::new(film.rate.0, film.rate.1).unwrap_or(Rate::SOUND);
    let timecode = film.timecode.as_deref().and_then(|text| Timecode::parse(text, rate));
    Recording {
        rate,
        timecode: timecode.unwrap_or_default(),
        frames: film.frames,
        starts: film.starts,
        picture: film.size.is_some(),
        sound: film.sound,
        mime: film.mime.clone(),
    }
}

impl Service {
    /// Notes what a recording is before its page is there. Other files are left alone.
    pub(crate) async fn look_into(&self, id: FileId, source: &Source) -> Result<(), MediaError> {
        if matches!(source.kind, FileKind::Recording(_)) {
            let film = self.inner.media.film(source).await?;
            if let Err(error) = self.note_recording(id, &film).await {
                // The job that makes it playable notes it again.
                tracing::error!(%error, file = id.0, "what is known of a recording is not noted");
            }
        }
        Ok(())
    }

    async fn note_recording(&self, id: FileId, film: &Film) -> Result<(), ServiceError> {
        let (service, recording) = (self.clone(), recording(film));
        blocking(move || Ok(service.store().write(|tx| tx.set_recording(id, &recording))?)).await
    }

    /// Makes previews and what browsers play; then the proof is ready.
    pub(crate) async fn make_playable(&self, job: &LeasedJob) -> Result<(), ServiceError> {
        let id = FileId(job.subject);
        let service = self.clone();
        if blocking(move || Ok(service.store().read(|tx| tx.file(id))?)).await?.is_none() {
            return self.finish(job, |_| Ok(())).await;
        }
        let source = match self.source(id).await? {
            Ok(source) => source,
            Err(refusal) => return self.fail(job, refusal.reason().to_owned()).await,
        };
        let media = &self.inner.media;
        let (previews, made) = tokio::join!(media.make_previews(&source), media.make_playable(&source));
        match previews.and(made) {
            Ok(film) => {
                let (now, recording) = (self.now(), recording(&film));
                self.finish(job, move |tx| {
                    tx.set_recording(id, &recording)?;
                    // Made once more because it was evicted, it is no news.
                    if tx.file(id)?.is_some_and(|file| file.processing == Some(Processing::Ready)) {
                        return Ok(());
                    }
                    tx.set_processing(id, Processing::Ready, None)?;
                    announce(tx, id, &EventKind::ProofProcessed { pages: 1 }, now)?;
                    settle_combined(tx, id, now)
                })
                .await
            }
            Err(error) => self.met(job, error.into()).await,
        }
    }

    /// The recording behind a link.
    ///
    /// # Errors
    /// As [`Service::follow`], and [`ServiceError::NotFound`] for what has pages.
    pub fn link_recording(&self, link: &Link) -> Result<(FileId, Recording), ServiceError> {
        self.store().read(|tx| {
            let opened = shown(self.resolve(tx, link)?)?;
            let recording = tx.recording(opened.proof.file)?.ok_or(ServiceError::NotFound(Missing::Page))?;
            Ok((opened.proof.file, recording))
        })
    }

    /// How far a recording is.
    ///
    /// # Errors
    /// [`ServiceError::Media`] when it cannot be read.
    pub async fn play_state(&self, file: FileId) -> Result<PlayState, ServiceError> {
        let source = self.readable(file).await?;
        let media = &self.inner.media;
        Ok(match media.playing(&source).await? {
            Some(Playing::Whole(_)) => PlayState::Whole,
            Some(Playing::Growing(..)) => PlayState::Growing(media.progress(&source).unwrap_or(0)),
            None => {
                let progress = media.progress(&source);
                match progress {
                    None => self.play_again(file).await?.map_or(PlayState::Waiting(None), PlayState::Failed),
                    progress => PlayState::Waiting(progress),
                }
            }
        })
    }

    /// What a browser plays.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] before there is anything, [`ServiceError::Media`] when it cannot be read.
    pub async fn playable(&self, file: FileId, recording: &Recording) -> Result<Playable, ServiceError> {
        let source = self.readable(file).await?;
        let playing = self.inner.media.playing(&source).await?.ok_or(ServiceError::Busy)?;
        Ok(Playable { playing, mime: recording.mime.clone() })
    }

    /// Has a file made once more that was ready and had to make room in the cache. Tells why one cannot be made.
    async fn play_again(&self, id: FileId) -> Result<Option<String>, ServiceError> {
        let (service, now) = (self.clone(), self.now());
        let failed = blocking(move || {
            let Some(file) = service.store().read(|tx| tx.file(id))? else { return Ok(None) };
            match file.processing {
                Some(Processing::Failed) => Ok(Some(file.processing_error.unwrap_or_default())),
                Some(Processing::Ready) => {
                    service.store().write(|tx| {
                        tx.add_job(JobKind::MakePlayable, id.0, Urgency::Awaited.rank(), now, now)
                    })?;
                    Ok(None)
                }
                _ => Ok(None),
            }
        });
        let failed = failed.await?;
        self.inner.work.notify_one();
        Ok(failed)
    }

    /// Small pictures of a video in one, and how they lie in it; none before they are made, and for sound.
    ///
    /// # Errors
    /// [`ServiceError::Media`] when it cannot be read.
    pub async fn storyboard(&self, file: FileId) -> Result<Option<(Storyboard, Picture)>, ServiceError> {
        let source = self.readable(file).await?;
        let board = Storyboard::of(&self.inner.media.film(&source).await?);
        Ok(board.zip(self.inner.media.storyboard(&source).await?))
    }

    /// How loud a recording is over its length, each value 0 to 255; none before it is known.
    ///
    /// # Errors
    /// [`ServiceError::Media`] when it cannot be read.
    pub async fn outline(&self, file: FileId) -> Result<Option<Vec<u8>>, ServiceError> {
        let source = self.readable(file).await?;
        Ok(self.inner.media.outline(&source).await?.map(|bytes| bytes.to_vec()))
    }

    /// The frame of a video that is seen at a moment, in microseconds, where it is cached or can be made.
    ///
    /// # Errors
    /// As [`Service::tile`].
    pub(crate) async fn frame_picture(
        &self,
        file: FileId,
        moment: u64,
        side: u32,
    ) -> Result<Picture, ServiceError> {
        let source = self.readable(file).await?.at(moment);
        Ok(self.inner.media.page(&source, 1, side).await?)
    }
}
