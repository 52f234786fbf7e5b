//! Tags.

use crate::backend::ServiceBackend;
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ProofId, Tag, TagId};
use galley_service::{ServiceError, UserCaller};
use soap::{ArrayItem, Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// More tags than this in one request are a mistake.
const MAX_TAGS: usize = 1000;

/// Lists the tags of the account.
#[derive(SoapRequest)]
#[soap(operation = "getTags", answer = Vec<TagObject>, section = "Tags")]
pub struct GetTags {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
}

/// Creates a tag. Profiles that create proofs may.
#[derive(SoapRequest)]
#[soap(operation = "addTag", answer = TagObject, section = "Tags")]
pub struct AddTag {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name of the tag: at most 30 characters, one of them a letter or a digit.
    #[soap(name = "TagName", required)]
    pub tag_name: String,
}

/// Renames a tag. Those who do not manage every proof may while it is only on their own.
#[derive(SoapRequest)]
#[soap(operation = "updateTag", answer = TagObject, section = "Tags")]
pub struct UpdateTag {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The tag.
    #[soap(name = "TagID", required)]
    pub tag_id: i64,
    /// Name of the tag: at most 30 characters, one of them a letter or a digit.
    #[soap(name = "TagName", required)]
    pub tag_name: String,
}

/// Deletes a tag and takes it off all proofs. Those who do not manage every proof may while it is only on their own.
#[derive(SoapRequest)]
#[soap(operation = "deleteTag", answer = bool, section = "Tags")]
pub struct DeleteTag {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The tag.
    #[soap(name = "TagID", required)]
    pub tag_id: i64,
}

/// Lists the tags on a proof. All versions have the same.
#[derive(SoapRequest)]
#[soap(operation = "getProofTags", answer = Vec<TagObject>, section = "Tags")]
pub struct GetProofTags {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
}

/// Takes tags off a proof, in all versions, and lists those that are left.
#[derive(SoapRequest)]
#[soap(operation = "removeProofTags", answer = Vec<TagObject>, section = "Tags")]
pub struct RemoveProofTags {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The tags.
    #[soap(name = "TagID", required)]
    pub tag_ids: Vec<i64>,
}

/// Puts tags on a proof, in all versions, and lists those that are on it then.
#[derive(SoapRequest)]
#[soap(operation = "addProofTags", answer = Vec<TagObject>, section = "Tags")]
pub struct AddProofTags {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof.
    #[soap(name = "FileID", required)]
    pub file_id: i64,
    /// The tags.
    #[soap(name = "TagID", required)]
    pub tag_ids: Vec<i64>,
}

/// A tag.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPTag", array = "SOAPTagArray")]
pub struct TagObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

fn object(tag: Tag) -> TagObject {
    TagObject { id: tag.id.0, name: tag.name }
}

fn objects(tags: Result<Vec<Tag>, ServiceError>) -> Result<Vec<TagObject>, Fault> {
    Ok(tags.map_err(faults::of)?.into_iter().map(object).collect())
}

/// Puts tags on a proof or takes them off.
fn change(
    backend: &ServiceBackend,
    caller: &UserCaller,
    proof: i64,
    tags: Vec<i64>,
    on: bool,
) -> Result<Vec<TagObject>, Fault> {
    if tags.is_empty() {
        return Err(faults::missing_parameter(<i64 as ArrayItem>::ARRAY.name, "TagID"));
    }
    if tags.len() > MAX_TAGS {
        return Err(faults::invalid_parameter(format!("Parameter 'TagID' may hold at most {MAX_TAGS} ids.")));
    }
    let tags: Vec<TagId> = tags.into_iter().map(TagId).collect();
    objects(backend.service.tag_proof(caller, ProofId(proof), &tags, on))
}

impl Handler<ServiceBackend> for GetTags {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<TagObject>, Fault> {
        objects(backend.service.tags(caller))
    }
}

impl Handler<ServiceBackend> for AddTag {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<TagObject, Fault> {
        backend.service.add_tag(caller, &self.tag_name).map(object).map_err(faults::of)
    }
}

impl Handler<ServiceBackend> for UpdateTag {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<TagObject, Fault> {
        let id = TagId(self.tag_id);
        backend.service.rename_tag(caller, id, &self.tag_name).map(object).map_err(faults::of)
    }
}

impl Handler<ServiceBackend> for DeleteTag {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<bool, Fault> {
        backend.service.delete_tag(caller, TagId(self.tag_id)).map_err(faults::of)?;
        Ok(true)
    }
}

impl Handler<ServiceBackend> for GetProofTags {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<TagObject>, Fault> {
        objects(backend.service.proof_tags(caller, ProofId(self.file_id)))
    }
}

impl Handler<ServiceBackend> for RemoveProofTags {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<TagObject>, Fault> {
        change(backend, caller, self.file_id, self.tag_ids, false)
    }
}

impl Handler<ServiceBackend> for AddProofTags {
    fn handle(self, backend: &ServiceBackend, caller: &Arc<UserCaller>) -> Result<Vec<TagObject>, Fault> {
        change(backend, caller, self.file_id, self.tag_ids, true)
    }
}
