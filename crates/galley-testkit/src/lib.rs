//! A whole server in a test: a database in a folder of its own, a clock that stands still, users of
//! every profile in two accounts, and the SOAP addresses as a router that needs no network.
//!
//! Everything here panics when it does not work: a test that cannot be set up has failed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod media;
mod smtp;
mod soap;
mod webhooks;

pub use media::media_child;
pub use smtp::{Received, SmtpSink};
pub use soap::{Answer, fault, field, fields};
pub use webhooks::{Posted, WebhookSink};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use galley_media::{ChildCommand, Media, MediaOptions};
use galley_model::{
    AccountId, Branding, Event, EventId, Processing, Profile, Proof, ProofId, Timestamp, UserId,
};
use galley_notify::Notifier;
use galley_service::{
    CaptureOptions, Config, Link, ManualClock, ProofInput, ReviewerInput, Sample, SeededRandom, Service,
    UserCaller, UserInput, Worker,
};
use galley_store::{Blobs, Store, StoreError};
use proofhq_soap::http::{Edge, Options};
use tempfile::TempDir;
use tokio::sync::watch;

/// A picture of 8 × 6 red pixels.
pub const RED_PNG: &[u8] = include_bytes!("../files/red.png");

/// Password of everybody.
pub const PASSWORD: &str = "a password for tests";

/// Largest upload of the server, in bytes.
pub const MAX_UPLOAD: u64 = 4 << 20;

/// A server with two accounts, `Studio` and `Rival`.
pub struct House {
    /// The use cases.
    pub service: Service,
    /// What the server takes for the time.
    pub clock: Arc<ManualClock>,
    /// The SOAP addresses.
    pub edge: Edge,
    /// The same as a router, without `/`.
    pub router: Router,
    /// `Studio`.
    pub studio: AccountId,
    /// `Rival`.
    pub rival: AccountId,
    store: Store,
    child: ChildCommand,
    /// Goes on after a restart, as the system's does.
    random: Arc<SeededRandom>,
    folder: TempDir,
    /// The worker ends when this is dropped.
    _worker: Option<watch::Sender<bool>>,
}

/// Address of the user of `Studio` with this profile.
pub fn email(profile: Profile) -> String {
    format!("{}@studio.example.com", profile.label().to_lowercase().replace(' ', "-"))
}

/// API token of a user.
pub fn token(email: &str) -> String {
    format!("token-of-{email}")
}

/// Somebody else who creates proofs in `Studio`.
pub const SECOND: &str = "second@studio.example.com";

/// The administrator of `Rival`.
pub const RIVAL: &str = "admin@rival.example.com";

impl House {
    /// A server that renders nothing: proofs stay queued.
    pub fn new() -> House {
        House::with_child(ChildCommand { program: "/nonexistent".into(), args: Vec::new() })
    }

    /// A server that renders, with a real child process.
    pub fn rendering() -> House {
        House::with_child(media_child()).working()
    }

    /// A server without a worker whose files are opened by this program.
    pub fn with_child(child: ChildCommand) -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let start: Timestamp = "2026-03-02T09:30:15Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::new(start));
        let random = Arc::new(SeededRandom::default());
        let (store, service) = open(folder.path(), &clock, &child, &random, Allow::default());
        let studio = service.add_account("Studio", "Europe/Vienna").expect("an account");
        let rival = service.add_account("Rival", "UTC").expect("an account");
        let edge = Edge::new(service.clone(), Options::default());
        let router = edge.router();
        let house = House {
            service,
            clock,
            edge,
            router,
            studio,
            rival,
            store,
            child,
            random,
            folder,
            _worker: None,
        };
        for profile in Profile::ALL {
            // Hashing a password takes long; only two users get to log in with one.
            let password = matches!(profile, Profile::Manager | Profile::BillingAdmin);
            house.add_user(studio, &email(profile), profile, password);
        }
        house.add_user(studio, SECOND, Profile::Manager, false);
        house.add_user(rival, RIVAL, Profile::BillingAdmin, false);
        house
    }

    /// Where it keeps its data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Another user of `Studio`, without a password.
    pub fn user(&self, email: &str, profile: Profile) -> UserId {
        self.add_user(self.studio, email, profile, false)
    }

    fn add_user(&self, account: AccountId, email: &str, profile: Profile, password: bool) -> UserId {
        let password = password.then(|| PASSWORD.to_owned());
        let user = UserInput {
            email: email.to_owned(),
            first_name: "Test".to_owned(),
            last_name: profile.label().to_owned(),
            position: String::new(),
            profile,
            password,
            api_token: Some(token(email)),
            time_zone: "Europe/Vienna".to_owned(),
        };
        self.service.add_user(account, &user).expect("a user").id
    }

    /// The server with a worker that does its jobs.
    pub fn working(mut self) -> House {
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(Worker::new(self.service.clone(), 1).run(stopped));
        self._worker = Some(stop);
        self
    }

    /// Everything that happened in `Studio`, oldest first.
    pub fn events(&self) -> Vec<Event> {
        let all = self.store.read(|tx| tx.account_events(self.studio, EventId(0), i64::MAX));
        all.map_err(|error: StoreError| error.to_string()).expect("the log")
    }

    /// How an account shows itself, whosever it is.
    pub fn branding_of(&self, account: i64) -> Branding {
        let found = self.store.read(|tx| tx.branding(AccountId(account)));
        found.map_err(|error: StoreError| error.to_string()).expect("a branding")
    }

    /// The server restarted so that anybody may open an account.
    pub fn with_open_sign_up(self) -> House {
        let (store, service) = open(
            self.folder.path(),
            &self.clock,
            &self.child,
            &self.random,
            Allow { sign_up: true, ..Allow::default() },
        );
        let edge = Edge::new(service.clone(), Options::default());
        House { router: edge.router(), edge, service, store, _worker: None, ..self }
    }

    /// The server restarted so that anybody may order sample proofs, which are made of [`RED_PNG`].
    pub fn with_samples(self) -> House {
        let allow = Allow { samples: true, ..Allow::default() };
        let (store, service) = open(self.folder.path(), &self.clock, &self.child, &self.random, allow);
        let edge = Edge::new(service.clone(), Options::default());
        House { router: edge.router(), edge, service, store, _worker: None, ..self }
    }

    /// A server that renders, and captures web pages like this.
    pub fn capturing(captures: CaptureOptions) -> House {
        let house = House::with_child(media_child());
        let allow = Allow { captures, ..Allow::default() };
        let (store, service) = open(house.folder.path(), &house.clock, &house.child, &house.random, allow);
        let edge = Edge::new(service.clone(), Options::default());
        House { router: edge.router(), edge, service, store, ..house }.working()
    }

    /// The server after a restart: the same files, nothing in memory, and no worker.
    pub fn reopened(self) -> House {
        let (store, service) =
            open(self.folder.path(), &self.clock, &self.child, &self.random, Allow::default());
        let edge = Edge::new(service.clone(), Options::default());
        House { router: edge.router(), edge, store, service, _worker: None, ..self }
    }

    /// What reads the event log of this server. Its rounds are started by the test.
    pub fn notifier(&self, options: &galley_notify::Options) -> Notifier {
        let public_url = self.service.config().public_url.clone();
        let options = galley_notify::Options { public_url, ..options.clone() };
        Notifier::new(self.store.clone(), self.clock.clone(), &options).expect("options")
    }

    /// A user who acts through the service itself.
    pub fn caller(&self, email: &str) -> Arc<UserCaller> {
        self.service.login_with_token(email, &token(email)).expect("a login").caller
    }

    /// A session of a user.
    pub fn session(&self, email: &str) -> String {
        self.service.login_with_token(email, &token(email)).expect("a login").session
    }

    /// A file that proofs can be made of; its `Hash`.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let mut upload = self.service.begin_upload(name).expect("an upload");
        upload.write(bytes).expect("room");
        upload.finish().expect("a file").token
    }

    /// A proof of [`RED_PNG`] owned by `owner`, with these people on it.
    pub fn proof(&self, owner: &str, reviewers: &[ReviewerInput]) -> Proof {
        let input = ProofInput {
            file_token: self.file("red.png", RED_PNG),
            name: Some("Red".to_owned()),
            reviewers: reviewers.to_vec(),
            ..ProofInput::default()
        };
        self.service.create_proof(&self.caller(owner), &input).expect("a proof")
    }

    /// The personal link of somebody on a proof.
    pub fn link(&self, proof: ProofId, email: &str) -> Link {
        let admin = self.caller(&crate::email(Profile::BillingAdmin));
        let people = self.service.reviewers(&admin, proof).expect("people");
        let reviewer = people.into_iter().find(|one| one.email == email).expect("is on the proof");
        Link { code: reviewer.code.expect("a code"), user: None }
    }

    /// Waits until the pages of a proof are there, or never will be.
    pub async fn processed(&self, proof: ProofId) -> Proof {
        let admin = self.caller(&email(Profile::BillingAdmin));
        for _ in 0..600 {
            let now = self.service.proof(&admin, proof).expect("the proof");
            if matches!(now.processing, Processing::Ready | Processing::Failed) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let jobs = self.store.read(|tx| tx.jobs(100)).map_err(|error: StoreError| error.to_string());
        panic!("not processed after 30 seconds: {jobs:?}");
    }
}

impl Default for House {
    fn default() -> House {
        House::new()
    }
}

/// What a server lets strangers do.
#[derive(Clone, Default)]
struct Allow {
    sign_up: bool,
    samples: bool,
    captures: CaptureOptions,
}

fn open(
    folder: &Path,
    clock: &Arc<ManualClock>,
    child: &ChildCommand,
    random: &Arc<SeededRandom>,
    allow: Allow,
) -> (Store, Service) {
    let store = Store::open(&folder.join("galley.db")).expect("a database");
    let blobs = Blobs::open(&folder.join("files")).expect("a folder");
    let media = Media::new(child.clone(), folder.join("cache"), MediaOptions::default()).expect("a cache");
    let config = Config {
        public_url: "https://proofs.example.com".to_owned(),
        max_upload: MAX_UPLOAD,
        keep_free: 0,
        allow_private_callbacks: true,
        captures: allow.captures.clone(),
        open_sign_up: allow.sign_up,
        sample: allow.samples.then_some(Sample { name: "sample.png", bytes: RED_PNG }),
    };
    (store.clone(), Service::new(store, blobs, media, clock.clone(), random.clone(), config))
}
