//! The standard lists.

use super::page;
use crate::backend::{ServiceBackend, given};
use crate::dispatch::Handler;
use crate::faults;
use crate::proofs::FileObject;
use galley_model::{ListView, Processing, ProofFlags};
use galley_service::{CountedProof, Missing, ProofFilter, ProofQuestion, ServiceError, UserCaller};
use soap::{AnyValue, Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Kinds of thing that `ExcludedMediaTypes` may name.
const MEDIA: [&str; 5] = ["image", "document", "video", "audio", "web"];

/// Lists the proofs of a standard list in short rows, with the number of all of them. The lists are 1 All
/// items, 2 Active items, 3 Active proofs, 4 Locked proofs, 5 Archived proofs, 6 My proofs, 7 Proofs
/// awaiting decision, 8 Late proofs and 9 Files.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByListView", answer = FileListViewCollectionObject, section = "Proofs")]
pub struct GetProofsByListView {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Number or name of the list; nothing means All items.
    #[soap(name = "ListViewID")]
    pub list_view_id: Option<String>,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
    /// Kinds of thing to leave out: image, document, video, audio, web.
    #[soap(name = "ExcludedMediaTypes")]
    pub excluded_media_types: Option<Vec<AnyValue>>,
    /// Whether All items and My proofs include the archive.
    #[soap(name = "SendArchivedProofs")]
    pub send_archived_proofs: Option<bool>,
}

/// Lists the proofs of a standard list. The lists are 1 All items, 2 Active items, 3 Active proofs, 4 Locked
/// proofs, 5 Archived proofs, 6 My proofs, 7 Proofs awaiting decision, 8 Late proofs and 9 Files.
#[derive(SoapRequest)]
#[soap(operation = "getProofsByView", answer = Vec<FileObject>, section = "Proofs", since = "16.24")]
pub struct GetProofsByView {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Number of the list; 0 or nothing means All items.
    #[soap(name = "ListViewId")]
    pub list_view_id: Option<i64>,
    /// Whether All items and My proofs include the archive.
    #[soap(name = "IncludeArchived")]
    pub include_archived: Option<bool>,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
}

/// A page of a standard list.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileListViewCollectionObject")]
pub struct FileListViewCollectionObject {
    /// How many proofs the whole list has.
    pub total: i64,
    /// The rows.
    pub results: Vec<FileListViewObject>,
}

/// A row of a standard list.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileListViewObject", array = "SOAPFileListViewObjectArray")]
pub struct FileListViewObject {
    /// Id of the version.
    pub file_id: i64,
    /// Its code in the public link.
    pub token: String,
    /// The caller's own code, where they are on it; else that of the public link.
    pub code: String,
    /// Kind of thing it shows: image, document, video, audio or web.
    #[soap(name = "mediaType")]
    pub media_type: String,
    /// Name of the proof.
    pub filename: String,
    /// Number of the version, from 1.
    pub version: i64,
    /// How many versions there are.
    pub versions: i64,
    /// How many pages it has.
    pub pages: i64,
    /// Address of a picture of its first page, or empty while there is none.
    pub thumbnail: String,
}

fn unknown_view() -> Fault {
    faults::of(ServiceError::NotFound(Missing::View))
}

fn question(view: ListView, with_archived: bool, caller: &UserCaller) -> ProofQuestion<'static> {
    let filter = match view {
        ListView::AllItems | ListView::ActiveItems => ProofFilter::All,
        ListView::ActiveProofs => ProofFilter::Open,
        ListView::LockedProofs => ProofFilter::Closed,
        ListView::ArchivedProofs => ProofFilter::Archived,
        ListView::MyProofs => ProofFilter::OwnedBy(caller.id()),
        ListView::AwaitingDecision => ProofFilter::Awaiting(caller.person()),
        ListView::LateProofs => ProofFilter::Late,
        ListView::Files => ProofFilter::Files,
    };
    let with_archived = with_archived && view != ListView::ActiveItems;
    ProofQuestion { with_archived, ..ProofQuestion::of(filter, "") }
}

impl FileListViewObject {
    fn of(backend: &ServiceBackend, row: CountedProof) -> FileListViewObject {
        let CountedProof { proof, media, place } = row;
        let own = place.and_then(|place| place.code);
        // A picture is behind a code that opens the proof: the caller's own, or the public one while it works.
        let public = proof.settings.flags.has(ProofFlags::TEAM_URL).then(|| proof.team_code.clone());
        let ready = proof.processing == Processing::Ready && proof.archived_at.is_none();
        let shown = own.clone().or(public).filter(|_| ready);
        FileListViewObject {
            file_id: proof.id.0,
            token: proof.team_code.clone(),
            code: own.unwrap_or(proof.team_code),
            media_type: media,
            filename: proof.name,
            version: proof.version,
            versions: proof.versions,
            pages: i64::from(proof.pages),
            thumbnail: shown.map(|code| backend.thumbnail(&code)).unwrap_or_default(),
        }
    }
}

impl Handler<ServiceBackend> for GetProofsByListView {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<FileListViewCollectionObject, Fault> {
        let view = match given(&self.list_view_id) {
            Some(text) => ListView::parse(text).ok_or_else(unknown_view)?,
            None => ListView::AllItems,
        };
        let mut without: Vec<&'static str> = Vec::new();
        for AnyValue(text) in self.excluded_media_types.unwrap_or_default() {
            let word = text.trim().to_lowercase();
            let known = MEDIA.into_iter().find(|media| *media == word);
            let known = known.ok_or_else(|| faults::invalid_value("ExcludedMediaTypes", &text))?;
            if !without.contains(&known) {
                without.push(known);
            }
        }
        let archived = self.send_archived_proofs == Some(true);
        let question = ProofQuestion { without_media: &without, ..question(view, archived, caller) };
        let (place, limit) = page(self.start_from, self.items_per_page);
        let (total, rows) =
            backend.service.count_and_list(caller, &question, place, limit).map_err(faults::of)?;
        let results = rows.into_iter().map(|row| FileListViewObject::of(backend, row)).collect();
        Ok(FileListViewCollectionObject { total, results })
    }
}

impl Handler<ServiceBackend> for GetProofsByView {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<FileObject>, Fault> {
        let view = match self.list_view_id.unwrap_or(0) {
            0 => ListView::AllItems,
            id => ListView::from_code(id).ok_or_else(unknown_view)?,
        };
        let question = question(view, self.include_archived == Some(true), caller);
        let (place, limit) = page(self.start_from, self.items_per_page);
        let proofs = backend.service.list_proofs(caller, &question, place, limit).map_err(faults::of)?;
        Ok(FileObject::plain(backend, caller, proofs))
    }
}
