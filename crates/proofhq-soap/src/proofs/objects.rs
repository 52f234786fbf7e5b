//! Proofs on the wire.

use super::settings::FileSettingsObject;
use super::stages::{ProgressObject, ProofStageObject};
use crate::backend::{ServiceBackend, decision, minutes};
use crate::faults;
use crate::reasons::{Reasons, RecipientDecisionReasonObject};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use galley_model::{Proof, ProofKind};
use galley_service::{Picture, UserCaller};
use soap::{ApiVersion, Fault, SoapObject};

/// The version in which proofs carry their stages.
const STAGES_SINCE: ApiVersion = ApiVersion::new(16, 24);

/// A version of a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileObject", array = "SOAPFileObjectArray")]
pub struct FileObject {
    /// Id of the version.
    pub file_id: i64,
    /// `proof`, or `file` for a shared file.
    pub r#type: String,
    /// Name of the proof.
    pub filename: String,
    /// Size of the original in kilobytes.
    pub filesize: String,
    /// Name of the original file; several are parted by comma and blank.
    #[soap(since = "15.17")]
    pub sourcename: String,
    /// Number of the version, from 1.
    pub version: i64,
    /// How many versions there are.
    pub versions: i64,
    /// When it was created, `YYYY-MM-DD hh:mm`.
    pub upload_time: String,
    /// User who created it.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub uploader_id: Option<i64>,
    /// Full name of that user.
    pub uploader: String,
    /// User who owns it.
    #[soap(since = "16.24")]
    pub owner_id: i64,
    /// Full name of the owner.
    pub owner: String,
    /// When reviews are due, `YYYY-MM-DD hh:mm`, or empty.
    pub deadline: String,
    /// Its workspace; 0 when it is in none.
    #[soap(nillable_since = "16.24")]
    pub workspace_id: Option<i64>,
    /// Name of its workspace.
    #[soap(nillable_since = "16.24")]
    pub workspace_name: String,
    /// Template that it was made from.
    #[soap(since = "16.7", nillable_since = "16.24")]
    pub workflow_template_id: Option<i64>,
    /// `unlocked` or `locked`.
    pub status: String,
    /// Overall decision in lower case.
    pub decision: String,
    /// Public link.
    pub team_url: String,
    /// Its settings.
    pub settings: FileSettingsObject,
    /// Address of the custom link.
    pub custom_link_url: String,
    /// Label of the custom link.
    pub custom_link_label: String,
    /// Links added to menus.
    pub menus_links: Vec<FileLinkObject>,
    /// Kind of a Flash file.
    pub swf: String,
    /// Reasons given with decisions.
    pub decision_reasons: Vec<RecipientDecisionReasonObject>,
    /// Version before this one.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub parent_file_id: Option<i64>,
    /// 1 if stages start by themselves.
    #[soap(since = "16.24")]
    pub automated_workflow: i64,
    /// Its stages.
    #[soap(since = "16.24")]
    pub stages: Vec<ProofStageObject>,
    /// How far it is.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub progress: Option<ProgressObject>,
    /// When the decision last changed, in Unix seconds.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub last_decision_change_date: Option<i64>,
    /// Its code in links.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub token: String,
    /// How many pages it has.
    #[soap(since = "16.24")]
    pub pages: i64,
    /// Reference of the caller's own.
    #[soap(since = "16.24", nillable_since = "16.24")]
    pub reference_id: String,
    /// E-mail address of the owner.
    #[soap(since = "18.2")]
    pub owner_email: String,
}

/// A link added to a menu of the viewer.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileLinkObject", array = "SOAPFileLinkObjectArray")]
pub struct FileLinkObject {
    /// Its id.
    pub id: i64,
    /// The menu.
    pub menu: String,
    /// Address.
    pub url: String,
    /// Label.
    pub text: String,
    /// Roles that see it.
    pub allowed_reviewer_roles: Vec<String>,
}

/// An image inside an answer.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPImageObject")]
pub struct ImageObject {
    /// The bytes as text.
    pub data: String,
    /// How the bytes are written, `base64`.
    pub encoding: String,
    /// Media type.
    pub content: String,
}

impl ImageObject {
    pub(crate) fn of(picture: &Picture) -> ImageObject {
        ImageObject {
            data: STANDARD.encode(&picture.bytes),
            encoding: "base64".to_owned(),
            content: picture.mime.to_owned(),
        }
    }
}

impl FileObject {
    /// Proofs as the caller reads them, with what is kept beside them, in as many statements for many as
    /// for one.
    pub(crate) fn all(
        backend: &ServiceBackend,
        caller: &UserCaller,
        proofs: Vec<Proof>,
    ) -> Result<Vec<FileObject>, Fault> {
        let seen: Vec<&Proof> = proofs.iter().collect();
        let reasons = Reasons::on(backend, caller, &seen)?;
        // Older versions do not have stages, and do not pay for them.
        let stages = if backend.has(STAGES_SINCE) {
            backend.service.stages_of_proofs(caller, &seen).map_err(faults::of)?
        } else {
            Vec::new()
        };
        let mut stages = stages.into_iter();
        let object = |proof: Proof| {
            let reasons = reasons.of_proof(proof.id);
            let mut object =
                FileObject { decision_reasons: reasons, ..FileObject::of(backend, caller, proof) };
            if let Some(found) = stages.next() {
                let stage = |(stage, progress): &(_, _)| ProofStageObject::of(caller, stage, *progress);
                object.progress = Some(ProgressObject::of(found.progress));
                object.stages = found.stages.iter().map(stage).collect();
            }
            object
        };
        Ok(proofs.into_iter().map(object).collect())
    }

    /// The same without reasons and stages.
    pub(crate) fn plain(
        backend: &ServiceBackend,
        caller: &UserCaller,
        proofs: Vec<Proof>,
    ) -> Vec<FileObject> {
        proofs.into_iter().map(|proof| FileObject::of(backend, caller, proof)).collect()
    }

    /// The same for one.
    pub(crate) fn one(
        backend: &ServiceBackend,
        caller: &UserCaller,
        proof: Proof,
    ) -> Result<FileObject, Fault> {
        FileObject::all(backend, caller, vec![proof])?.pop().ok_or_else(faults::internal)
    }

    /// A proof as the caller reads it, without reasons and stages.
    pub(crate) fn of(backend: &ServiceBackend, caller: &UserCaller, proof: Proof) -> FileObject {
        FileObject {
            settings: FileSettingsObject::of(&proof),
            team_url: match proof.kind {
                ProofKind::Proof => backend.viewer(&proof.team_code),
                ProofKind::File => backend.download(&proof.team_code),
            },
            file_id: proof.id.0,
            r#type: proof.kind.wire().to_owned(),
            filename: proof.name,
            // Whole kilobytes, rounded up.
            filesize: proof.size.div_ceil(1024).to_string(),
            sourcename: proof.source_name,
            uploader_id: Some(proof.creator.0),
            owner_id: proof.owner.0,
            owner_email: proof.owner_email,
            pages: i64::from(proof.pages),
            automated_workflow: i64::from(proof.automated),
            workflow_template_id: proof.template.map(|id| id.0),
            token: proof.team_code,
            reference_id: proof.settings.reference,
            last_decision_change_date: proof.decision_changed_at.map(|at| at.as_second()),
            parent_file_id: proof.parent.map(|id| id.0),
            version: proof.version,
            versions: proof.versions,
            upload_time: minutes(Some(proof.created_at), caller),
            uploader: proof.creator_name,
            owner: proof.owner_name,
            deadline: minutes(proof.deadline, caller),
            workspace_id: proof.workspace.map(|id| id.0),
            workspace_name: proof.workspace_name.unwrap_or_default(),
            status: proof.state.wire().to_owned(),
            decision: decision(proof.decision),
            custom_link_url: proof.settings.custom_link_url,
            custom_link_label: proof.settings.custom_link_label,
            swf: proof.settings.swf,
            ..FileObject::default()
        }
    }
}
