//! What goes out as JSON to the app.

use crate::processing::WorkView;
use crate::web_pages::WebsiteView;
use galley_model::{
    Alert, Decision, Overall, Processing, Progress, Proof, ProofFlags, ProofId, ProofState, Reviewer,
    ReviewerId, Role, Timestamp, UserId, WorkspaceId,
};
use galley_service::{ListedProof, ProofDetails, Service, UserCaller, VersionEntry};
use serde::Serialize;

/// An id with its name.
#[derive(Serialize)]
pub(crate) struct Named<I> {
    pub id: I,
    pub name: String,
}

/// The roll-up as text; `none` when nobody decides.
pub(crate) fn overall(decision: Overall) -> &'static str {
    match decision {
        None => "none",
        Some(Decision::Pending) => "pending",
        Some(Decision::ChangesRequired) => "changes_required",
        Some(Decision::ApprovedWithChanges) => "approved_with_changes",
        Some(Decision::Approved) => "approved",
        Some(Decision::NotRelevant) => "not_relevant",
    }
}

#[derive(Serialize)]
pub(crate) struct ProofView {
    id: ProofId,
    name: String,
    version: i64,
    versions: i64,
    state: ProofState,
    archived: bool,
    processing: Processing,
    processing_error: Option<String>,
    work: Option<WorkView>,
    cancelled: bool,
    decision: &'static str,
    decisions_made: i64,
    decisions_required: i64,
    deadline: Option<Timestamp>,
    late: bool,
    created_at: Timestamp,
    owner: Named<UserId>,
    workspace: Option<Named<WorkspaceId>>,
    pages: u32,
    comments: i64,
    thumbnail_url: Option<String>,
    my_link: Option<String>,
    team_link: Option<String>,
    /// The link to follow to look at the proof: one's own, else the team's. Whoever manages every
    /// proof may open it by the team's code also while that is closed to the public.
    open_link: Option<String>,
    progress: Progress,
}

fn thumbnail_url(proof: &Proof) -> Option<String> {
    let shown = proof.processing == Processing::Ready;
    shown.then(|| format!("/api/v1/proofs/{}/thumbnail", proof.id))
}

fn my_link(service: &Service, place: Option<&Reviewer>) -> Option<String> {
    place.and_then(|r| r.code.as_deref()).map(|code| service.proof_url(code))
}

fn proof_view(
    service: &Service,
    reader: &UserCaller,
    proof: &Proof,
    place: Option<&Reviewer>,
    progress: Progress,
) -> ProofView {
    let team = proof.settings.flags.has(ProofFlags::TEAM_URL);
    let team_link = || service.proof_url(&proof.team_code);
    let by_team = team || reader.profile().manages_all();
    ProofView {
        id: proof.id,
        name: proof.name.clone(),
        version: proof.version,
        versions: proof.versions,
        state: proof.state,
        archived: proof.archived_at.is_some(),
        processing: proof.processing,
        processing_error: proof.processing_error.clone(),
        work: WorkView::of(proof),
        cancelled: proof.cancelled,
        decision: overall(proof.decision),
        decisions_made: proof.decisions_made,
        decisions_required: proof.decisions_required,
        deadline: proof.deadline,
        late: proof.late(service.now()),
        created_at: proof.created_at,
        owner: Named { id: proof.owner, name: proof.owner_name.clone() },
        workspace: proof
            .workspace
            .map(|id| Named { id, name: proof.workspace_name.clone().unwrap_or_default() }),
        pages: proof.pages,
        comments: proof.comments,
        thumbnail_url: thumbnail_url(proof),
        my_link: my_link(service, place),
        team_link: team.then(team_link),
        open_link: my_link(service, place).or_else(|| by_team.then(team_link)),
        progress,
    }
}

impl ProofView {
    pub(crate) fn listed(service: &Service, reader: &UserCaller, row: &ListedProof) -> ProofView {
        proof_view(service, reader, &row.proof, row.place.as_ref(), row.progress)
    }
}

#[derive(Serialize)]
pub(crate) struct SettingsView {
    auto_lock: bool,
    one_decision: bool,
    enable_download: bool,
    enable_team_url: bool,
    authorized_only: bool,
}

#[derive(Serialize)]
pub(crate) struct ReviewerView {
    id: ReviewerId,
    name: String,
    email: String,
    role: Role,
    alert: Alert,
    deadline: Option<Timestamp>,
    position: String,
    primary_decision_maker: bool,
    decision: Decision,
    decided_at: Option<Timestamp>,
    opened_at: Option<Timestamp>,
    comments_count: i64,
    replies_count: i64,
    is_owner: bool,
    is_creator: bool,
    link: Option<String>,
    progress: Progress,
}

impl ReviewerView {
    /// `links`: the reader may see other people's personal URLs.
    pub(crate) fn new(
        service: &Service,
        reader: &UserCaller,
        proof: &Proof,
        r: &Reviewer,
        progress: Progress,
        links: bool,
    ) -> ReviewerView {
        let shown = links || r.person == reader.person();
        ReviewerView {
            id: r.id,
            name: r.name.clone(),
            email: r.email.clone(),
            role: r.role,
            alert: r.alert,
            deadline: r.deadline,
            position: r.position.clone(),
            primary_decision_maker: r.primary,
            decision: r.decision,
            decided_at: r.decided_at,
            opened_at: r.opened_at,
            comments_count: r.comments,
            replies_count: r.replies,
            is_owner: r.user == Some(proof.owner),
            is_creator: r.user == Some(proof.creator),
            link: my_link(service, Some(r).filter(|_| shown)),
            progress,
        }
    }
}

#[derive(Serialize)]
struct VersionView {
    id: ProofId,
    version: i64,
    name: String,
    created_at: Timestamp,
    decision: &'static str,
    state: ProofState,
    processing: Processing,
    thumbnail_url: Option<String>,
    my_link: Option<String>,
}

fn version_view(service: &Service, entry: &VersionEntry) -> VersionView {
    let proof = &entry.proof;
    VersionView {
        id: proof.id,
        version: proof.version,
        name: proof.name.clone(),
        created_at: proof.created_at,
        decision: overall(proof.decision),
        state: proof.state,
        processing: proof.processing,
        thumbnail_url: thumbnail_url(proof),
        my_link: my_link(service, entry.place.as_ref()),
    }
}

#[derive(Serialize)]
struct Can {
    edit: bool,
    lock: bool,
    delete: bool,
    add_reviewers: bool,
    new_version: bool,
    change_roles: bool,
}

#[derive(Serialize)]
pub(crate) struct DetailsView {
    #[serde(flatten)]
    proof: ProofView,
    subject: String,
    message: String,
    filename: String,
    size: u64,
    /// Web pages that it is made of.
    websites: Vec<WebsiteView>,
    creator: Named<UserId>,
    settings: SettingsView,
    reviewers: Vec<ReviewerView>,
    version_list: Vec<VersionView>,
    can: Can,
}

impl DetailsView {
    pub(crate) fn new(service: &Service, reader: &UserCaller, details: &ProofDetails) -> DetailsView {
        let proof = &details.proof;
        let (edit, flags) = (details.rights.edit, proof.settings.flags);
        let newest = details.versions.last().is_none_or(|v| v.proof.id == proof.id);
        DetailsView {
            proof: proof_view(service, reader, proof, details.place.as_ref(), details.overall_progress),
            subject: proof.subject.clone(),
            message: proof.message.clone(),
            filename: proof.source_name.clone(),
            size: proof.size,
            websites: details.websites.iter().map(|page| WebsiteView::new(page, None)).collect(),
            creator: Named { id: proof.creator, name: proof.creator_name.clone() },
            settings: SettingsView {
                auto_lock: flags.has(ProofFlags::AUTO_LOCK),
                one_decision: flags.has(ProofFlags::ONE_DECISION),
                enable_download: flags.has(ProofFlags::DOWNLOAD),
                enable_team_url: flags.has(ProofFlags::TEAM_URL),
                authorized_only: flags.has(ProofFlags::AUTHORIZED_ONLY),
            },
            reviewers: details
                .reviewers
                .iter()
                .zip(&details.progress)
                .map(|(r, progress)| ReviewerView::new(service, reader, proof, r, *progress, edit))
                .collect(),
            version_list: details.versions.iter().map(|v| version_view(service, v)).collect(),
            can: Can {
                edit,
                lock: edit,
                delete: edit,
                add_reviewers: edit,
                new_version: edit && newest && reader.profile().creates(),
                change_roles: edit,
            },
        }
    }
}
