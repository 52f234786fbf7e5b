//! Proofs: one row a version.

use crate::files::size;
use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{
    AccountId, Alert, BatchId, Decision, FileId, Processing, Proof, ProofFlags, ProofId, ProofKind,
    ProofState, ReviewerId, Role, SetId, Settings, Step, Tally, TemplateId, Timestamp, UserId, Work,
    WorkspaceId,
};
use rusqlite::{Row, params};

/// A version to be.
#[derive(Clone, Debug)]
pub struct NewProof<'a> {
    /// Its account.
    pub account: AccountId,
    /// A proof, or a file that is only shared.
    pub kind: ProofKind,
    /// The batch it is held back by.
    pub batch: Option<BatchId>,
    /// Handed in at a dropzone: locked until somebody activates it.
    pub submitted: bool,
    /// The chain it joins, with its number there and the version before; none starts a chain.
    pub follows: Option<(SetId, i64, ProofId)>,
    /// The folder of a new chain.
    pub workspace: Option<WorkspaceId>,
    /// The original.
    pub file: FileId,
    /// Name as people read it.
    pub name: &'a str,
    /// File name as the caller gave it.
    pub source_name: &'a str,
    /// Who made it.
    pub creator: UserId,
    /// Who is responsible for it.
    pub owner: UserId,
    /// Subject of the invitation.
    pub subject: &'a str,
    /// Message of the invitation.
    pub message: &'a str,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// Switches and defaults.
    pub settings: &'a Settings,
    /// Secret part of the team URL.
    pub team_code: &'a str,
    /// Its stages start by themselves.
    pub automated: bool,
    /// The workflow template it is made of.
    pub template: Option<TemplateId>,
}

/// What an edit leaves behind: every value, changed or not.
#[derive(Clone, Debug)]
pub struct ProofChanges<'a> {
    /// Name as people read it.
    pub name: &'a str,
    /// Who is responsible for it.
    pub owner: UserId,
    /// Subject of the invitation.
    pub subject: &'a str,
    /// Message of the invitation.
    pub message: &'a str,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// Switches and defaults.
    pub settings: &'a Settings,
}

/// What a proof has come to.
#[derive(Clone, Copy, Debug)]
pub struct RollUp {
    /// Decision and numbers.
    pub tally: Tally,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// From when on it is late if nothing changes.
    pub late_from: Option<Timestamp>,
    /// When its decision last changed.
    pub decision_changed_at: Option<Timestamp>,
}

/// What is read of a proof.
pub(crate) const PROOF_COLUMNS: &str = "p.id, p.account_id, p.set_id, p.version, s.versions, p.parent_id, p.file_id, p.name,
    p.source_name, f.size, f.pages, CASE WHEN p.kind = 'file' THEN 'ready' ELSE f.processing END, f.processing_error, p.creator_id,
    c.first_name, c.last_name, c.email, p.owner_id, o.first_name, o.last_name, o.email,
    p.subject, p.message, p.deadline, s.workspace_id, w.name, p.state, p.flags, p.default_alert, p.default_role,
    p.custom_link_url, p.custom_link_label, p.swf, p.decision, p.decisions_made, p.decisions_required, p.comments,
    p.primary_id, p.team_code, p.created_at, p.trashed_at,
    p.kind, p.reference_id, p.decision_changed_at, CASE WHEN b.finished_at IS NULL THEN b.id END,
    p.automated, p.template_id, p.private_stages, p.late_from, p.archived_at, s.counter, p.submitted,
    CASE WHEN f.processing IN ('queued', 'processing') THEN f.step END, f.steps_done, f.steps_total, f.cancelled";

/// The rows around it that this is read from; `p` is the proof. Who owns what they made is looked up once.
pub(crate) const PROOF_JOINS: &str = "JOIN sets s ON s.id = p.set_id JOIN files f ON f.id = p.file_id
    JOIN users o ON o.id = p.owner_id LEFT JOIN users c ON p.creator_id <> p.owner_id AND c.id = p.creator_id
    LEFT JOIN workspaces w ON w.id = s.workspace_id LEFT JOIN batches b ON b.id = p.batch_id";

/// The statement that reads the proofs of a condition.
fn select(condition: &str) -> String {
    format!("SELECT {PROOF_COLUMNS} FROM proofs p {PROOF_JOINS} WHERE {condition}")
}

fn full_name(row: &Row<'_>, at: usize) -> Result<String, StoreError> {
    let (first, last) = (row.text(at)?, row.text(at + 1)?);
    match (first.is_empty(), last.is_empty()) {
        (true, true) => row.col(at + 2),
        (false, true) => Ok(first.to_owned()),
        (true, false) => Ok(last.to_owned()),
        (false, false) => Ok([first, " ", last].concat()),
    }
}

fn work(row: &Row<'_>, at: usize) -> Result<Option<Work>, StoreError> {
    let Some(step) = row.col::<Option<String>>(at)? else { return Ok(None) };
    let step = Step::parse(&step).ok_or(StoreError::Corrupt("files.step"))?;
    let count = |index| row.value(index, "files.steps", |n| u32::try_from(n).ok());
    Ok(Some(Work { step, done: count(at + 1)?, total: count(at + 2)? }))
}

pub(crate) fn proof(row: &Row<'_>) -> Result<Proof, StoreError> {
    let (creator, owner) = (UserId(row.col(13)?), UserId(row.col(17)?));
    let owner_name = full_name(row, 18)?;
    let creator_name = if creator == owner { owner_name.clone() } else { full_name(row, 14)? };
    Ok(Proof {
        id: ProofId(row.col(0)?),
        account: AccountId(row.col(1)?),
        set: SetId(row.col(2)?),
        version: row.col(3)?,
        versions: row.col(4)?,
        parent: row.col::<Option<i64>>(5)?.map(ProofId),
        file: FileId(row.col(6)?),
        name: row.col(7)?,
        source_name: row.col(8)?,
        size: size(row, 9)?,
        pages: row.value(10, "files.pages", |n| u32::try_from(n).ok())?,
        processing: row.word(11, "files.processing", Processing::parse)?,
        processing_error: row.col(12)?,
        work: work(row, 52)?,
        cancelled: row.col::<i64>(55)? != 0,
        creator,
        creator_name,
        owner,
        owner_name,
        owner_email: row.col(20)?,
        subject: row.col(21)?,
        message: row.col(22)?,
        deadline: row.time_opt(23)?,
        workspace: row.col::<Option<i64>>(24)?.map(WorkspaceId),
        workspace_name: row.col(25)?,
        state: row.word(26, "proofs.state", ProofState::parse)?,
        settings: Settings {
            flags: ProofFlags(row.value(27, "proofs.flags", |n| u32::try_from(n).ok())?),
            default_alert: row.value_opt(28, "proofs.default_alert", Alert::from_code)?,
            default_role: row.value_opt(29, "proofs.default_role", Role::from_code)?,
            custom_link_url: row.col(30)?,
            custom_link_label: row.col(31)?,
            swf: row.col(32)?,
            reference: row.col(42)?,
        },
        decision: row.value_opt(33, "proofs.decision", Decision::from_code)?,
        decisions_made: row.col(34)?,
        decisions_required: row.col(35)?,
        comments: row.col(36)?,
        primary_decision_maker: row.col::<Option<i64>>(37)?.map(ReviewerId),
        team_code: row.col(38)?,
        created_at: row.time(39)?,
        trashed_at: row.time_opt(40)?,
        kind: row.word(41, "proofs.kind", ProofKind::parse)?,
        decision_changed_at: row.time_opt(43)?,
        submitted: row.col::<i64>(51)? != 0,
        batch: row.col::<Option<i64>>(44)?.map(BatchId),
        automated: row.col(45)?,
        template: row.col::<Option<i64>>(46)?.map(TemplateId),
        private_stages: row.col::<i64>(47)? > 0,
        late_from: row.time_opt(48)?,
        archived_at: row.time_opt(49)?,
        counter: row.col(50)?,
    })
}

impl Read<'_> {
    /// The proof with this id, in the trash or not.
    pub fn proof(&self, id: ProofId) -> Result<Option<Proof>, StoreError> {
        self.first(&select("p.id = ?1 AND p.erased_at IS NULL"), [id.0], proof)
    }

    /// The proof whose team URL has this code.
    pub fn proof_by_team_code(&self, code: &str) -> Result<Option<Proof>, StoreError> {
        self.first(&select("p.team_code = ?1 AND p.erased_at IS NULL"), [code], proof)
    }

    /// All versions of a set that are not in the trash, oldest first.
    pub fn versions(&self, set: SetId) -> Result<Vec<Proof>, StoreError> {
        self.all(&select("p.set_id = ?1 AND p.trashed_at IS NULL ORDER BY p.version"), [set.0], proof)
    }

    /// All versions of a set, those in the trash too, oldest first.
    pub fn versions_and_trash(&self, set: SetId) -> Result<Vec<Proof>, StoreError> {
        self.all(&select("p.set_id = ?1 AND p.erased_at IS NULL ORDER BY p.version"), [set.0], proof)
    }

    /// Sets with a version outside trash and archive to which nothing has happened since then.
    pub fn idle_sets(&self, before: Timestamp, limit: i64) -> Result<Vec<SetId>, StoreError> {
        self.all(
            "SELECT id FROM sets WHERE touched_at < ?1 ORDER BY touched_at, id LIMIT ?2",
            [millis(before), limit],
            |row| Ok(SetId(row.col(0)?)),
        )
    }

    /// The kind of thing that a version shows: `image`, `document`, `video`, `audio` or `web`.
    pub fn media_of(&self, proofs: &[ProofId]) -> Result<Vec<(ProofId, String)>, StoreError> {
        let list = proofs.iter().map(|p| p.0.to_string()).collect::<Vec<_>>().join(",");
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.all(&format!("SELECT id, media FROM proofs WHERE id IN ({list})"), [], |row| {
            Ok((ProofId(row.col(0)?), row.col(1)?))
        })
    }

    /// Whether a version that is not deleted for good is made of this original, alone or among others.
    pub fn file_is_used(&self, file: FileId) -> Result<bool, StoreError> {
        let used = "SELECT COUNT(*) FROM proofs WHERE erased_at IS NULL AND (file_id = ?1
            OR file_id IN (SELECT w.file_id FROM file_parts w WHERE w.part_id = ?1))";
        Ok(self.number(used, [file.0])? > 0)
    }

    /// Highest version number ever used in a set.
    pub fn highest_version(&self, set: SetId) -> Result<i64, StoreError> {
        self.number("SELECT MAX(version) FROM proofs WHERE set_id = ?1", [set.0])
    }
}

impl Write<'_> {
    /// Adds a version.
    pub fn add_proof(&self, new: &NewProof<'_>, now: Timestamp) -> Result<ProofId, StoreError> {
        let (set, version, parent) = match new.follows {
            Some((set, version, parent)) => (set, version, Some(parent.0)),
            None => {
                let counter = self.insert(
                    "UPDATE accounts SET proof_counter = proof_counter + 1 WHERE id = ?1 RETURNING proof_counter",
                    [new.account.0],
                )?;
                let set = self.insert(
                    "INSERT INTO sets (account_id, workspace_id, versions, newest, counter, touched_at)
                     VALUES (?1, ?2, 1, 1, ?3, ?4) RETURNING id",
                    params![new.account.0, new.workspace.map(|w| w.0), counter, millis(now)],
                )?;
                (SetId(set), 1, None)
            }
        };
        let state = if new.submitted { ProofState::Locked } else { ProofState::Active };
        let id = self.insert(
            "INSERT INTO proofs (account_id, set_id, version, parent_id, file_id, name, name_key, source_name,
                 creator_id, owner_id, subject, message, deadline, state, flags, default_alert, default_role,
                 custom_link_url, custom_link_label, swf, decisions_made, decisions_required, team_code, created_at,
                 kind, batch_id, reference_id, automated, template_id, media,
                 submitted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                 0, 0, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29) RETURNING id",
            params![
                new.account.0, set.0, version, parent, new.file.0, new.name, new.name.to_lowercase(),
                new.source_name, new.creator.0, new.owner.0, new.subject, new.message, new.deadline.map(millis),
                state.wire(), new.settings.flags.0, new.settings.default_alert.map(Alert::code),
                new.settings.default_role.map(Role::code), new.settings.custom_link_url,
                new.settings.custom_link_label, new.settings.swf, new.team_code, millis(now), new.kind.wire(),
                new.batch.map(|batch| batch.0), new.settings.reference, new.automated,
                new.template.map(|t| t.0), media_kind(new.source_name), i64::from(new.submitted),
            ],
        )?;
        self.relist(set)?;
        self.index_words(set)?;
        Ok(ProofId(id))
    }

    /// Writes the outcome of an edit.
    pub fn update_proof(&self, id: ProofId, to: &ProofChanges<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE proofs SET name = ?2, name_key = ?3, owner_id = ?4, subject = ?5, message = ?6, deadline = ?7,
                 flags = ?8, default_alert = ?9, default_role = ?10, custom_link_url = ?11, custom_link_label = ?12,
                 swf = ?13, reference_id = ?14 WHERE id = ?1",
            params![
                id.0, to.name, to.name.to_lowercase(), to.owner.0, to.subject, to.message, to.deadline.map(millis),
                to.settings.flags.0, to.settings.default_alert.map(Alert::code),
                to.settings.default_role.map(Role::code), to.settings.custom_link_url,
                to.settings.custom_link_label, to.settings.swf, to.settings.reference,
            ],
        )?;
        self.index_words(self.set_of(id)?)
    }

    /// Moves the whole set into another folder, or out of any.
    pub fn move_set(&self, set: SetId, workspace: Option<WorkspaceId>) -> Result<(), StoreError> {
        self.run("UPDATE sets SET workspace_id = ?2 WHERE id = ?1", params![set.0, workspace.map(|w| w.0)])?;
        Ok(())
    }

    /// Locks or unlocks a proof.
    pub fn set_proof_state(&self, id: ProofId, to: ProofState) -> Result<(), StoreError> {
        self.run("UPDATE proofs SET state = ?2 WHERE id = ?1", params![id.0, to.wire()])?;
        self.relist(self.set_of(id)?)
    }

    /// Writes the roll-up of the stages.
    pub fn set_roll_up(&self, id: ProofId, to: &RollUp) -> Result<(), StoreError> {
        self.run(
            "UPDATE proofs SET decision = ?2, decisions_made = ?3, decisions_required = ?4, deadline = ?5,
                 late_from = ?6, decision_changed_at = ?7 WHERE id = ?1",
            params![
                id.0,
                to.tally.decision.map(Decision::code),
                to.tally.made as i64,
                to.tally.required as i64,
                to.deadline.map(millis),
                to.late_from.map(millis),
                to.decision_changed_at.map(millis)
            ],
        )?;
        Ok(())
    }

    /// Names the reviewer whose decision alone counts, or nobody.
    pub fn set_primary(&self, id: ProofId, reviewer: Option<ReviewerId>) -> Result<(), StoreError> {
        self.run("UPDATE proofs SET primary_id = ?2 WHERE id = ?1", params![id.0, reviewer.map(|r| r.0)])?;
        Ok(())
    }

    /// Puts a version into the trash, or takes it out.
    pub fn set_trashed(&self, id: ProofId, set: SetId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.run("UPDATE proofs SET trashed_at = ?2 WHERE id = ?1", params![id.0, at.map(millis)])?;
        self.relist(set)
    }

    /// Puts a version into the archive, or takes it out.
    pub fn set_archived(&self, id: ProofId, set: SetId, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.run("UPDATE proofs SET archived_at = ?2 WHERE id = ?1", params![id.0, at.map(millis)])?;
        self.relist(set)
    }

    /// Deletes a version for good. Its row stays as a stone over its number; every text, link and
    /// comment goes.
    pub fn erase_proof(&self, id: ProofId, set: SetId, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE proofs SET erased_at = ?2, trashed_at = COALESCE(trashed_at, ?2), name = '', name_key = '',
                 source_name = '', subject = '', message = '', custom_link_url = '', custom_link_label = '',
                 deadline = NULL, primary_id = NULL, comments = 0 WHERE id = ?1",
            [id.0, millis(now)],
        )?;
        self.run(
            "UPDATE replies SET author = '', text = '', deleted_at = COALESCE(deleted_at, ?2)
             WHERE comment_id IN (SELECT id FROM comments WHERE proof_id = ?1)",
            [id.0, millis(now)],
        )?;
        self.run(
            "UPDATE comments SET author = '', text = '', markups = '[]', deleted_at = COALESCE(deleted_at, ?2)
             WHERE proof_id = ?1",
            [id.0, millis(now)],
        )?;
        self.run(
            "UPDATE reviewers SET name = '', position = '', code = NULL, removed_at = COALESCE(removed_at, ?2)
             WHERE proof_id = ?1",
            [id.0, millis(now)],
        )?;
        self.relist(set)?;
        self.index_words(set)
    }

    /// Notes that no version of a set can be archived, until something happens to one.
    pub fn set_untouchable(&self, set: SetId) -> Result<(), StoreError> {
        self.run("UPDATE sets SET touched_at = NULL WHERE id = ?1", [set.0])?;
        Ok(())
    }

    fn set_of(&self, id: ProofId) -> Result<SetId, StoreError> {
        Ok(SetId(self.number("SELECT set_id FROM proofs WHERE id = ?1", [id.0])?))
    }
}

/// The kind of thing that a source shows, as lists tell them apart.
fn media_kind(source: &str) -> &'static str {
    let lower = source.to_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return "web";
    }
    match lower.rsplit('.').next().unwrap_or_default() {
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "webp" | "svg" | "psd" => "image",
        "mp4" | "mov" | "avi" | "mpg" | "mpeg" | "wmv" | "webm" | "mkv" | "m4v" | "flv" => "video",
        "mp3" | "wav" | "aif" | "aiff" | "m4a" | "ogg" => "audio",
        "zip" | "html" | "htm" => "web",
        _ => "document",
    }
}
