//! Demo data: a story that is played through the use cases, at the times it tells of.
//!
//! It is made in a folder aside that is renamed when it is complete: whoever kills the server during
//! the first start gets the whole story at the second.

mod files;
mod story;

use crate::data::{DataFolder, Rendering, service_in};
use galley_model::{
    Processing, Proof, ProofFlags, ProofId, ProofState, Settings, Timestamp, UserId, WorkspaceId,
};
use galley_rest::DemoLogin;
use galley_service::{
    Clock, CommentInput, Config, Link, ManualClock, ProofInput, ReplyInput, ReviewerInput, Sample, Service,
    ServiceError, SystemClock, UserCaller, UserInput, Worker, WorkspaceInput,
};
use jiff::SignedDuration;
use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use story::Story;
use tokio::sync::watch;

/// Logins that the login page offers.
pub(crate) fn logins() -> Result<Vec<DemoLogin>, String> {
    let story = Story::read()?;
    let offered = story.users.into_iter().filter_map(|user| {
        let label = user.login_label?;
        Some(DemoLogin { email: user.email, password: story.password.clone(), label })
    });
    Ok(offered.collect())
}

/// Artwork that sample proofs are made of: the poster of the story.
pub(crate) fn sample() -> Option<Sample> {
    let name = "festival-poster-v2.pdf";
    files::artwork(name).map(|bytes| Sample { name, bytes })
}

/// Whether a data folder holds the demo: nobody wants its passwords offered for real data.
pub(crate) fn is_there(service: &Service) -> bool {
    let Ok(logins) = logins() else { return false };
    !logins.is_empty() && logins.iter().all(|login| service.login(&login.email, &login.password).is_ok())
}

/// Fills an empty data folder.
pub(crate) async fn load(folder: &DataFolder, config: &Config, rendering: Rendering) -> Result<(), String> {
    let aside = folder.path().join("demo-in-the-making");
    let problem = |error: std::io::Error| format!("cannot make demo data in {}: {error}", aside.display());
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(problem)?;
    }
    fs::create_dir_all(&aside).map_err(problem)?;
    tracing::info!("making demo data; this takes a few seconds, once");
    {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let config = Config { keep_free: 0, max_upload: u64::MAX, ..config.clone() };
        let (service, _) = service_in(&aside, clock.clone(), config, rendering)?;
        let (stopper, stop) = watch::channel(false);
        let worker = tokio::spawn(Worker::new(service.clone(), 1).run(stop));
        let played = Play::new(service, clock)?.play().await;
        let _ = stopper.send(true);
        let _ = worker.await;
        played.map_err(|error| format!("the demo story cannot be told: {error}"))?;
    }
    // The database last: while it is missing, the folder counts as new.
    let mut names: Vec<_> = fs::read_dir(&aside).map_err(problem)?.flatten().map(|e| e.file_name()).collect();
    names.sort_by_key(|name| name.to_string_lossy().starts_with("galley.db"));
    names.sort_by_key(|name| name == "galley.db");
    for name in names {
        let target = folder.path().join(&name);
        if target.is_dir() {
            fs::remove_dir_all(&target).map_err(problem)?;
        }
        fs::rename(aside.join(&name), target).map_err(problem)?;
    }
    fs::remove_dir_all(&aside).map_err(problem)
}

/// Somebody doing something at some time.
struct Step {
    at: Timestamp,
    deed: Deed,
}

#[derive(Clone)]
enum Deed {
    Create { proof: usize, version: usize },
    Open { proof: usize, version: usize, who: String },
    Decide { proof: usize, version: usize, reviewer: usize },
    Comment { proof: usize, version: usize, comment: usize },
    Reply { proof: usize, version: usize, comment: usize, reply: usize },
    Resolve { proof: usize, version: usize, comment: usize },
    Lock { proof: usize, version: usize },
}

struct Play {
    story: Arc<Story>,
    service: Service,
    clock: Arc<ManualClock>,
    now: Timestamp,
    users: HashMap<String, UserId>,
    workspaces: HashMap<String, WorkspaceId>,
    /// Proofs made so far, by their place in the story.
    proofs: HashMap<(usize, usize), Proof>,
    /// Comments made so far, by their place in the story.
    comments: HashMap<(usize, usize, usize), galley_model::CommentId>,
}

type Played<T> = Result<T, ServiceError>;

fn seconds(hours: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(hours * 3600.0)
}

impl Play {
    fn new(service: Service, clock: Arc<ManualClock>) -> Result<Play, String> {
        let now = clock.now();
        Ok(Play {
            story: Arc::new(Story::read()?),
            service,
            clock,
            now,
            users: HashMap::new(),
            workspaces: HashMap::new(),
            proofs: HashMap::new(),
            comments: HashMap::new(),
        })
    }

    fn ago(&self, hours: f64) -> Timestamp {
        self.now - seconds(hours)
    }

    async fn play(mut self) -> Played<()> {
        let mut steps = self.steps();
        // Stable: what happens at the same time happens in the order of the story.
        steps.sort_by_key(|step| step.at);
        let first = steps.first().map_or(self.now, |step| step.at);
        self.clock.set(first - seconds(24.0));
        self.people()?;
        for step in steps {
            self.clock.set(step.at);
            self.act(step.deed).await?;
        }
        Ok(())
    }

    fn people(&mut self) -> Played<()> {
        let story = self.story.clone();
        let account = self.service.add_account(&story.account.name, &story.account.time_zone)?;
        for user in &story.users {
            let token = story.api_tokens.iter().find(|t| t.email == user.email).map(|t| t.token.clone());
            let input = UserInput {
                email: user.email.clone(),
                first_name: user.first_name.clone(),
                last_name: user.last_name.clone(),
                position: String::new(),
                profile: user.profile,
                password: Some(story.password.clone()),
                api_token: token,
                time_zone: story.account.time_zone.clone(),
            };
            self.users.insert(user.email.clone(), self.service.add_user(account, &input)?.id);
        }
        for folder in &story.workspaces {
            let input = WorkspaceInput {
                parent: folder.parent.as_ref().and_then(|key| self.workspaces.get(key).copied()),
                name: folder.name.clone(),
                description: folder.description.clone(),
                private: folder.private,
                ..WorkspaceInput::default()
            };
            let made = self.service.create_workspace(&self.user(&folder.owner)?, &input)?;
            self.workspaces.insert(folder.key.clone(), made.id);
        }
        Ok(())
    }

    fn user(&self, email: &str) -> Played<UserCaller> {
        let id = self.users.get(email).copied().ok_or(ServiceError::NoSession)?;
        self.service.act_as(id)
    }

    /// Everything that happens, in the order of the story.
    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (proof, p) in self.story.proofs.iter().enumerate() {
            for (version, v) in p.versions.iter().enumerate() {
                let start = steps.len();
                let mut step =
                    |hours_ago: f64, deed: Deed| steps.push(Step { at: self.ago(hours_ago), deed });
                step(v.uploaded_hours_ago, Deed::Create { proof, version });
                for (reviewer, r) in v.reviewers.iter().enumerate() {
                    if let Some(hours) = r.opened_hours_ago {
                        step(hours, Deed::Open { proof, version, who: r.email.clone() });
                    }
                    if let Some(hours) = r.decided_hours_ago {
                        step(hours, Deed::Decide { proof, version, reviewer });
                    }
                }
                for (comment, c) in v.comments.iter().enumerate() {
                    step(c.hours_ago, Deed::Comment { proof, version, comment });
                    let mut last = c.hours_ago;
                    for (reply, r) in c.replies.iter().enumerate() {
                        step(r.hours_ago, Deed::Reply { proof, version, comment, reply });
                        last = last.min(r.hours_ago);
                    }
                    if c.resolved_by.is_some() {
                        step(last - 0.05, Deed::Resolve { proof, version, comment });
                    }
                }
                if v.state == ProofState::Locked {
                    let last = steps[start..].iter().map(|s| s.at).max().unwrap_or(self.now);
                    steps.push(Step { at: last + seconds(0.05), deed: Deed::Lock { proof, version } });
                }
            }
        }
        steps
    }

    async fn act(&mut self, deed: Deed) -> Played<()> {
        let story = self.story.clone();
        match deed {
            Deed::Create { proof, version } => self.create(proof, version).await,
            Deed::Open { proof, version, who } => {
                self.service.open_link(&self.link(proof, version, &who)?)?;
                Ok(())
            }
            Deed::Decide { proof, version, reviewer } => {
                let r = &story.proofs[proof].versions[version].reviewers[reviewer];
                self.service.decide_by_link(&self.link(proof, version, &r.email)?, r.decision, &[])?;
                Ok(())
            }
            Deed::Comment { proof, version, comment } => {
                let c = &story.proofs[proof].versions[version].comments[comment];
                let input = CommentInput {
                    moment: None,
                    screen: None,
                    client_id: None,
                    text: c.text.clone(),
                    page: Some(c.page),
                    markups: c.markups.clone(),
                };
                let (made, _) = self.service.add_comment(&self.link(proof, version, &c.author)?, &input)?;
                self.comments.insert((proof, version, comment), made.id);
                Ok(())
            }
            Deed::Reply { proof, version, comment, reply } => {
                let r = &story.proofs[proof].versions[version].comments[comment].replies[reply];
                let id = self.comments[&(proof, version, comment)];
                let input = ReplyInput { client_id: None, text: r.text.clone() };
                self.service.reply(&self.link(proof, version, &r.author)?, id, &input)?;
                Ok(())
            }
            Deed::Resolve { proof, version, comment } => {
                let by = story.proofs[proof].versions[version].comments[comment].resolved_by.clone();
                let id = self.comments[&(proof, version, comment)];
                self.service.resolve_comment(
                    &self.link(proof, version, &by.unwrap_or_default())?,
                    id,
                    true,
                )?;
                Ok(())
            }
            Deed::Lock { proof, version } => {
                let owner = self.user(&story.proofs[proof].owner)?;
                self.service.set_locked(&owner, self.proofs[&(proof, version)].id, true)
            }
        }
    }

    async fn create(&mut self, proof: usize, version: usize) -> Played<()> {
        let story = self.story.clone();
        let (p, v) = (&story.proofs[proof], &story.proofs[proof].versions[version]);
        let bytes = files::artwork(&v.file).ok_or(ServiceError::NotFound(galley_service::Missing::File))?;
        let mut upload = self.service.begin_upload(&v.file)?;
        upload.write(bytes)?;
        let file = upload.finish()?;
        let switches = [
            (ProofFlags::AUTO_LOCK, p.settings.auto_lock),
            (ProofFlags::ONE_DECISION, p.settings.one_decision),
            (ProofFlags::DOWNLOAD, p.settings.enable_download),
            (ProofFlags::TEAM_URL, p.settings.enable_team_url),
        ];
        let flags =
            switches.iter().fold(ProofFlags::DEFAULT, |flags, (flag, on)| flags.set(*flag, Some(*on)));
        let names: HashMap<&str, &str> =
            story.guests.iter().map(|g| (g.email.as_str(), g.name.as_str())).collect();
        let input = ProofInput {
            parent: version.checked_sub(1).map(|before| self.proofs[&(proof, before)].id),
            file_token: file.token,
            name: Some(p.name.clone()),
            subject: v.subject.clone(),
            message: v.message.clone(),
            deadline: v.deadline_days.map(|days| self.now + seconds(days * 24.0)),
            workspace: self.workspaces.get(&p.workspace).copied(),
            settings: Settings { flags, ..Settings::default() },
            reviewers: v
                .reviewers
                .iter()
                .map(|r| ReviewerInput {
                    email: r.email.clone(),
                    name: names.get(r.email.as_str()).map(|name| (*name).to_owned()),
                    role: Some(r.role),
                    alert: Some(r.alert),
                    deadline: None,
                    position: r.position.clone(),
                    primary: r.primary_decision_maker,
                    notify: false,
                    ..ReviewerInput::default()
                })
                .collect(),
            ..ProofInput::default()
        };
        let owner = self.user(&p.owner)?;
        let made = self.service.create_proof(&owner, &input)?;
        let ready = self.rendered(&owner, made.id).await?;
        self.proofs.insert((proof, version), ready);
        Ok(())
    }

    /// Waits until the pages are there: markups need pages to lie on.
    async fn rendered(&self, owner: &UserCaller, id: ProofId) -> Played<Proof> {
        loop {
            let proof = self.service.proof(owner, id)?;
            match proof.processing {
                Processing::Ready => return Ok(proof),
                Processing::Failed => {
                    return Err(ServiceError::Media(proof.processing_error.unwrap_or_default()));
                }
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// The personal link of somebody on a version.
    fn link(&self, proof: usize, version: usize, email: &str) -> Played<Link> {
        let owner = self.user(&self.story.proofs[proof].owner)?;
        let people = self.service.reviewers(&owner, self.proofs[&(proof, version)].id)?;
        let code = people.into_iter().find(|r| r.email == email).and_then(|r| r.code);
        Ok(Link { code: code.ok_or(ServiceError::NotFound(galley_service::Missing::Reviewer))?, user: None })
    }
}
