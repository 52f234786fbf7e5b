//! What goes out as JSON to the viewer.

use crate::branding::BrandView;
use crate::processing::WorkView;
use crate::recordings::RecordingView;
use crate::views::overall;
use crate::web_pages::WebsiteView;
use galley_model::{
    Comment, CommentId, Decision, EventId, FileId, Markup, Moment, Page, Processing, Progress, Proof,
    ProofFlags, ProofId, ProofState, ReasonId, ReplyId, Reviewer, ReviewerId, Role, Screen, Timestamp,
    WebPage,
};
use galley_service::{LinkVersion, Opened, Opening, Service, page_pyramid};
use serde::Serialize;

#[derive(Serialize)]
struct Me {
    reviewer_id: Option<ReviewerId>,
    name: String,
    email: Option<String>,
    role: Role,
    is_user: bool,
}

#[derive(Serialize)]
struct LinkSettings {
    one_decision: bool,
    auto_lock: bool,
}

#[derive(Serialize)]
pub(crate) struct LinkProof {
    id: ProofId,
    name: String,
    version: i64,
    versions: i64,
    state: ProofState,
    processing: Processing,
    processing_error: Option<String>,
    work: Option<WorkView>,
    cancelled: bool,
    decision: &'static str,
    deadline: Option<Timestamp>,
    late: bool,
    message: String,
    owner_name: String,
    page_count: u32,
    enable_download: bool,
    settings: LinkSettings,
}

impl LinkProof {
    pub(crate) fn new(proof: &Proof, now: Timestamp) -> LinkProof {
        let flags = proof.settings.flags;
        LinkProof {
            id: proof.id,
            name: proof.name.clone(),
            version: proof.version,
            versions: proof.versions,
            state: proof.state,
            processing: proof.processing,
            processing_error: proof.processing_error.clone(),
            work: WorkView::of(proof),
            cancelled: proof.cancelled,
            decision: overall(proof.decision),
            deadline: proof.deadline,
            late: proof.late(now),
            message: proof.message.clone(),
            owner_name: proof.owner_name.clone(),
            page_count: proof.pages,
            enable_download: flags.has(ProofFlags::DOWNLOAD),
            settings: LinkSettings {
                one_decision: flags.has(ProofFlags::ONE_DECISION),
                auto_lock: flags.has(ProofFlags::AUTO_LOCK),
            },
        }
    }
}

#[derive(Serialize)]
struct Millimetres {
    width_mm: f64,
    height_mm: f64,
}

#[derive(Serialize)]
struct Tiles {
    size: u32,
    width: u32,
    height: u32,
    max_level: u8,
}

#[derive(Serialize)]
pub(crate) struct PageView {
    number: u32,
    width: f64,
    height: f64,
    vector: bool,
    physical: Option<Millimetres>,
    ready: bool,
    error: Option<String>,
    tiles: Tiles,
    thumbnail_url: String,
    label: Option<String>,
    /// What a browser plays over the page; none for what stands still.
    animation_url: Option<String>,
}

impl PageView {
    pub(crate) fn new(code: &str, page: &Page) -> PageView {
        let (width, height, max_level, size) = page_pyramid(page);
        PageView {
            number: page.number,
            width: page.width,
            height: page.height,
            vector: page.vector,
            physical: page.physical_mm.map(|(width_mm, height_mm)| Millimetres { width_mm, height_mm }),
            ready: page.ready,
            error: page.error.clone(),
            tiles: Tiles { size, width, height, max_level },
            thumbnail_url: format!("/api/v1/links/{code}/pages/{}/thumbnail", page.number),
            label: page.label.clone(),
            animation_url: page
                .animation_ms
                .map(|_| format!("/api/v1/links/{code}/pages/{}/animation", page.number)),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct LinkReviewer {
    id: ReviewerId,
    name: String,
    role: Role,
    decision: Decision,
    decided_at: Option<Timestamp>,
    primary_decision_maker: bool,
    deadline: Option<Timestamp>,
    progress: Progress,
}

/// People as other people on the proof see them: no addresses, no links.
pub(crate) fn link_reviewers(reviewers: &[Reviewer], progress: &[Progress]) -> Vec<LinkReviewer> {
    let view = |(r, progress): (&Reviewer, &Progress)| LinkReviewer {
        id: r.id,
        name: r.name.clone(),
        role: r.role,
        decision: r.decision,
        decided_at: r.decided_at,
        primary_decision_maker: r.primary,
        deadline: r.deadline,
        progress: *progress,
    };
    reviewers.iter().zip(progress).map(view).collect()
}

#[derive(Serialize)]
struct CommentCan {
    edit: bool,
    delete: bool,
    resolve: bool,
    reply: bool,
}

#[derive(Serialize)]
struct ReplyView {
    id: ReplyId,
    author: String,
    reviewer_id: ReviewerId,
    text: String,
    created_at: Timestamp,
    mine: bool,
    can_delete: bool,
}

/// Frames of a video from 0, or milliseconds of sound.
#[derive(Serialize)]
struct TimeView {
    from: u64,
    to: Option<u64>,
    label: String,
    /// When it begins.
    seconds: f64,
}

impl TimeView {
    fn new(moment: Moment) -> TimeView {
        let seconds = moment.begins as f64 / 1e6;
        TimeView { from: moment.from, to: moment.to, label: moment.label, seconds }
    }
}

#[derive(Serialize)]
pub(crate) struct CommentView {
    id: CommentId,
    number: i64,
    reviewer_id: ReviewerId,
    author: String,
    text: String,
    page: Option<u32>,
    /// Where in a recording; none for the whole of it, and on what has pages.
    time: Option<TimeView>,
    /// The screen of a page that is tried.
    screen: Option<Screen>,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    resolved: bool,
    resolved_by: Option<String>,
    mine: bool,
    can: CommentCan,
    markups: Vec<Markup>,
    replies: Vec<ReplyView>,
}

impl CommentView {
    /// A comment as whoever opened the link sees it.
    pub(crate) fn new(opened: &Opened, comment: Comment) -> CommentView {
        let rights = opened.comment_rights(&comment);
        let me = opened.reviewer.as_ref().map(|r| r.id);
        let replies = comment
            .replies
            .iter()
            .map(|reply| ReplyView {
                id: reply.id,
                author: reply.author.clone(),
                reviewer_id: reply.reviewer,
                text: reply.text.clone(),
                created_at: reply.created_at,
                mine: Some(reply.reviewer) == me,
                can_delete: opened.may_delete_reply(&comment, reply),
            })
            .collect();
        CommentView {
            id: comment.id,
            number: comment.number,
            reviewer_id: comment.reviewer,
            author: comment.author,
            text: comment.text,
            page: comment.page,
            time: comment.moment.map(TimeView::new),
            screen: comment.screen,
            created_at: comment.created_at,
            edited_at: comment.edited_at,
            resolved: comment.resolved_by.is_some(),
            resolved_by: comment.resolved_by,
            mine: Some(comment.reviewer) == me,
            can: CommentCan {
                edit: rights.edit,
                delete: rights.delete,
                resolve: rights.resolve,
                reply: rights.reply,
            },
            markups: comment.markups,
            replies,
        }
    }
}

#[derive(Serialize)]
struct LinkVersionView {
    version: i64,
    name: String,
    link: Option<String>,
    current: bool,
}

#[derive(Serialize)]
struct LinkCan {
    comment: bool,
    decide: bool,
    resolve: bool,
    delete_any: bool,
    /// Call off the making of its pages, and try again.
    process: bool,
}

#[derive(Serialize)]
struct Choice {
    value: Decision,
    label: String,
    reasons: bool,
}

#[derive(Serialize)]
struct ReasonView {
    id: ReasonId,
    name: String,
    text: bool,
}

/// What the account has the viewer say.
#[derive(Serialize)]
struct Messages {
    on_load: String,
    on_decision: String,
    confirm: String,
    cancel: String,
}

/// A page that is tried: a bundle, whose address is asked for, or the site that is framed.
#[derive(Serialize)]
struct InteractiveView {
    url: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct LinkView {
    kind: &'static str,
    me: Me,
    proof: LinkProof,
    pages: Vec<PageView>,
    /// What is known of video or sound; none for what has pages, and before it is known.
    recording: Option<RecordingView>,
    /// Web pages that it is made of.
    websites: Vec<WebsiteView>,
    /// A page that is tried; none for what is looked at, and before it is known.
    interactive: Option<InteractiveView>,
    reviewers: Vec<LinkReviewer>,
    version_list: Vec<LinkVersionView>,
    comments: Vec<CommentView>,
    can: LinkCan,
    decisions: Vec<Choice>,
    decision_reasons: Vec<ReasonView>,
    messages: Messages,
    brand: BrandView,
    last_event_id: EventId,
    server_time: Timestamp,
}

impl LinkView {
    pub(crate) fn new(service: &Service, code: &str, opening: Opening) -> LinkView {
        let now = service.now();
        let Opening {
            opened,
            pages,
            recording,
            websites,
            interactive,
            reviewers,
            progress,
            versions,
            comments,
            decisions,
            reasons,
            last_event,
            messages,
            shown,
        } = opening;
        let me = opened.reviewer.as_ref();
        let current = opened.proof.id;
        let version = |v: LinkVersion| LinkVersionView {
            version: v.proof.version,
            link: v.code.map(|code| service.proof_url(&code)),
            current: v.proof.id == current,
            name: v.proof.name,
        };
        let website = |(file, page): &(FileId, WebPage)| {
            let shown = pages.iter().filter(|one| one.file == *file);
            WebsiteView::new(page, Some(shown.map(|one| one.number).collect()))
        };
        LinkView {
            kind: if opened.team { "team" } else { "personal" },
            me: Me {
                reviewer_id: me.map(|r| r.id),
                name: me.map(|r| r.name.clone()).unwrap_or_default(),
                email: me.map(|r| r.email.clone()),
                role: me.map_or(Role::ReadOnly, |r| r.role),
                is_user: me.is_some_and(|r| r.user.is_some()),
            },
            proof: LinkProof::new(&opened.proof, now),
            pages: pages.iter().map(|p| PageView::new(code, p)).collect(),
            recording: recording.as_ref().map(RecordingView::new),
            websites: websites.iter().map(website).collect(),
            interactive: interactive.map(|interactive| InteractiveView { url: interactive.url }),
            reviewers: link_reviewers(&reviewers, &progress),
            version_list: versions.into_iter().map(version).collect(),
            can: LinkCan {
                comment: opened.rights.comment,
                decide: opened.rights.decide,
                resolve: opened.rights.resolve,
                delete_any: opened.rights.delete_others,
                process: opened.rights.edit,
            },
            comments: comments.into_iter().map(|c| CommentView::new(&opened, c)).collect(),
            decisions: decisions
                .into_iter()
                .filter(|setup| setup.decision.made() && setup.offered)
                .map(|setup| Choice { value: setup.decision, label: setup.label, reasons: setup.reasons })
                .collect(),
            decision_reasons: reasons
                .into_iter()
                .map(|reason| ReasonView { id: reason.id, name: reason.name, text: reason.text })
                .collect(),
            messages: Messages {
                on_load: messages.on_load,
                on_decision: messages.on_decision,
                confirm: messages.confirm,
                cancel: messages.cancel,
            },
            brand: BrandView::of(&shown),
            last_event_id: last_event,
            server_time: now,
        }
    }
}
