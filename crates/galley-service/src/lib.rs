//! Use cases of Galley: who may do what, what changes, and which event tells of it.
//!
//! Each use case is one function: it checks the caller's right, applies a rule of `galley-model`,
//! writes the change and its event in one transaction, and answers with values of the model.
//! Protocols call these functions; they never reach the store.
//!
//! Functions block while they read or write. Asynchronous callers move them to a blocking thread.

mod accounts;
mod actions;
mod activity;
mod batches;
mod branding;
mod callbacks;
mod caller;
mod captures;
mod clock;
mod comments;
mod compare;
mod custom;
mod decision_setup;
mod decisions;
mod dropzone;
mod embed;
mod error;
mod excerpts;
mod groups;
mod interactive;
mod jobs;
mod links;
mod logs;
mod messages;
mod originals;
mod page_searches;
mod parts;
mod passes;
mod passwords;
mod people;
mod pictures;
mod preflight;
mod processing;
mod proofs;
mod recordings;
mod reviewers;
mod samples;
mod secrets;
mod sessions;
mod setup;
mod sources;
mod stages;
mod summaries;
mod tags;
mod templates;
mod trouble;
mod upkeep;
mod uploads;
mod users;
mod worker;
mod workspaces;

pub use accounts::{AccountEdit, AccountInput, AccountLook};
pub use activity::{ActivityEntry, ChangedProof};
pub use branding::{BrandingInput, Shown};
pub use callbacks::CallbackInput;
pub use caller::UserCaller;
pub use clock::{Clock, ManualClock, SystemClock};
pub use comments::{CommentInput, ReplyInput};
pub use compare::{Comparison, Medium};
pub use custom::CustomInput;
pub use decisions::DecisionOutcome;
pub use dropzone::DropzoneInput;
pub use embed::EmbedLink;
pub use error::{Missing, ServiceError};
pub use excerpts::Excerpt;
pub use groups::{GroupEdit, GroupInput, MemberEdit};
pub use interactive::{BundleFile, BundlePlace};
pub use links::{Link, LinkUpdate, LinkVersion, Opened, Opening, TextHit};
pub use logs::{LogEntry, LoggedMail};
pub use originals::{Original, archive};
pub use passwords::PasswordLink;
pub use people::{ContactInput, RelatedAccount};
pub use preflight::Checked;
pub use processing::page_pyramid;
pub use proofs::{
    CountedProof, ListPlace, ListedProof, ProofDetails, ProofEdit, ProofInput, ProofList, ProofQuestion,
    SettingsEdit, VersionEntry,
};
pub use recordings::{PlayState, Playable};
pub use reviewers::{ReviewerEdit, ReviewerInput};
pub use samples::{Sample, SampleOrder};
pub use secrets::{OsRandom, Random, SeededRandom};
pub use sessions::{LoginResult, SESSION_HOURS};
pub use setup::UserInput;
pub use sources::{MAX_PARTS, Source, SourceFile, SourcePart};
pub use stages::{ProofStages, StageEdit, StageInput, StageRef};
pub use summaries::{SummaryFile, SummaryInput, SummaryTell};
pub use templates::{
    TemplateEdit, TemplateInput, TemplatePersonEdit, TemplatePersonInput, TemplateStageEdit,
    TemplateStageInput, TemplateStageRef, TimeEdit,
};
pub use uploads::{Upload, UploadSink};
pub use users::{UserEdit, UserLook};
pub use worker::{Holder, Worker};
pub use workspaces::{ShareInput, WorkspaceEdit, WorkspaceInput};

pub use galley_capture::{Options as CaptureOptions, Private, find_browser, is_root};
pub use galley_media::{
    ContentsEntry, Format, LinkTarget, Media, PageText, Picture, Playing, Severity, Storyboard, Tool,
};
pub use galley_store::{Delivery, DeliveryState, Mail, MailState, ProofCounts, ProofFilter};

use galley_capture::Capturer;
use galley_model::{EventId, Timestamp};
use galley_store::{Blobs, Store};
use std::sync::Arc;
use tokio::sync::watch;

/// What the administrator decides about the server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address under which people reach the server, without a slash at the end.
    pub public_url: String,
    /// Largest upload in bytes.
    pub max_upload: u64,
    /// Uploads are refused when less than this many bytes are free on the disk, so that the database
    /// never runs dry.
    pub keep_free: u64,
    /// Callbacks may go to addresses of the server's own network.
    pub allow_private_callbacks: bool,
    /// How web pages are captured.
    pub captures: CaptureOptions,
    /// Anybody may open an account, on the smallest plan.
    pub open_sign_up: bool,
    /// Artwork of the sample proofs that anybody may have sent to any address; none sends none.
    pub sample: Option<Sample>,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    blobs: Blobs,
    media: Media,
    capturer: Capturer,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    config: Config,
    sessions: sessions::Cache,
    events: watch::Sender<EventId>,
    work: tokio::sync::Notify,
}

impl Service {
    /// Puts the use cases on top of a store.
    pub fn new(
        store: Store,
        blobs: Blobs,
        media: Media,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        config: Config,
    ) -> Service {
        let (events, _) = watch::channel(EventId(0));
        let sender = events.clone();
        store.watch_events(move |event| {
            sender.send_replace(event);
        });
        let inner = Inner {
            store,
            blobs,
            media,
            capturer: Capturer::new(config.captures.clone()),
            clock,
            random,
            config,
            sessions: sessions::Cache::default(),
            events,
            work: tokio::sync::Notify::new(),
        };
        Service { inner: Arc::new(inner) }
    }

    /// Wakes whenever something happened, with the newest event.
    pub fn events(&self) -> watch::Receiver<EventId> {
        self.inner.events.subscribe()
    }

    /// What the administrator decided.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The time, by the injected clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Statements that the database has run since the start, for tests that count them.
    pub fn statements(&self) -> u64 {
        self.inner.store.statements()
    }

    /// Address of a viewer, personal or for the team.
    pub fn proof_url(&self, code: &str) -> String {
        format!("{}/proof/{code}", self.inner.config.public_url)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`ServiceError`] when it does not.
    pub fn ready(&self) -> Result<(), ServiceError> {
        self.store().read(|tx| tx.has_accounts()).map(|_| ()).map_err(ServiceError::from)
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }
}
