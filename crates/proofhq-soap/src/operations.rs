//! The list of operations, in the order of the WSDL.

use soap::{ApiVersion, Call, DecodeError, Fault, Limits, Operation, Registry, Request};

use crate::contract::TYPE_ORDER;
use crate::dispatch::{Backend, Dispatcher, Handler, OpenHandler, Route};
use crate::{
    accounts, actions, activity, batches, callbacks, comments, custom, decisions, dropzones, embed, files,
    groups, lists, messages, people, proofs, reviewers, samples, sessions, summaries, tags, templates, users,
    workflow, workspaces,
};

macro_rules! operations {
    ($($(session($session:path))? $(open($open:path))?;)*) => {
        /// The operations of all versions, for the WSDL and the reference.
        pub fn registry() -> Registry {
            let operations = [$(
                $(const { &<$session as Operation>::OPERATION })?
                $(const { &<$open as Operation>::OPERATION })?
            ),*];
            Registry::new(operations, TYPE_ORDER)
        }

        /// Decoders of the forms of an operation.
        fn decoders(name: &str) -> impl Iterator<Item = (ApiVersion, Decode)> {
            let decoders: &[(&str, ApiVersion, Decode)] = &[$(
                $((<$session as Operation>::OPERATION.name, <$session as Operation>::OPERATION.since, decode::<$session>))?
                $((<$open as Operation>::OPERATION.name, <$open as Operation>::OPERATION.since, decode::<$open>))?
            ),*];
            decoders.iter().filter(move |(known, _, _)| *known == name).map(|&(_, since, decode)| (since, decode))
        }

        impl<B: Backend> Dispatcher<B>
        where
            $($($session: Handler<B>,)? $($open: OpenHandler<B>,)?)*
        {
            /// A dispatcher for every operation of the contract.
            pub fn complete() -> Dispatcher<B> {
                Dispatcher::of(vec![$(
                    $(Route::session::<$session>())?
                    $(Route::open::<$open>())?
                ),*])
            }
        }
    };
}

/// Decodes the parts of a call and throws them away.
type Decode = fn(&Call<'_>) -> Result<(), DecodeError>;

fn decode<T: Operation>(call: &Call<'_>) -> Result<(), DecodeError> {
    T::decode(call).map(drop)
}

/// Reads a request as the endpoint of `version` does, without a server to carry it out: what the
/// bytes alone can be wrong about. Answers the name of the operation.
///
/// # Errors
/// The fault that every server would answer.
pub fn read_request(version: ApiVersion, body: &[u8], limits: &Limits) -> Result<&'static str, Fault> {
    let text = soap::decode_text(body, limits)?;
    let request = Request::parse(&text, limits)?;
    let name = request.call()?.name();
    let operation = registry().find(name, version).ok_or_else(|| Fault::unknown_operation(name))?;
    let call = Call::bind(&request, operation, version)?;
    for (since, decode) in decoders(operation.name) {
        if since == operation.since {
            decode(&call).map_err(|error| error.into_fault(crate::faults::missing_parameter))?;
        }
    }
    Ok(operation.name)
}

operations! {
    open(sessions::DoLogin);
    session(files::DoUpload);
    session(batches::CreateBatch);
    session(batches::FinishBatch);
    session(files::CreateFile);
    session(proofs::CreateProof);
    session(proofs::CreateProofVersion);
    session(proofs::UpdateProof);
    session(proofs::DeleteProof);
    session(proofs::LockProof);
    session(proofs::UnlockProof);
    session(workflow::LockWorkflowProofStage);
    session(proofs::ArchiveProof);
    session(proofs::UnarchiveProof);
    session(proofs::ArchiveProofVersion);
    session(proofs::UnarchiveProofVersion);
    session(reviewers::DeleteProofReviewer);
    session(reviewers::AddProofReviewer);
    session(reviewers::UpdateProofReviewer);
    session(workflow::UpdateWorkflowProofReviewer);
    session(activity::GetActivity);
    session(people::GetOwners);
    session(people::GetPeople);
    session(groups::GetPeopleGroups);
    session(people::GetPeopleAccounts);
    session(workspaces::GetWorkspaces);
    session(workspaces::CreateWorkspace);
    session(workspaces::MoveWorkspace);
    session(workspaces::UpdateWorkspace);
    session(workspaces::DeleteWorkspace);
    session(lists::GetAllProofs);
    session(lists::GetProofsByListView);
    session(lists::GetClosedProofs);
    session(lists::GetLateProofs);
    session(lists::GetOpenProofs);
    session(lists::GetArchivedProofs);
    session(lists::GetProofsByOwnership);
    session(reviewers::GetProofReviewers);
    session(comments::GetProofComments);
    session(comments::GetProofCommentReplies);
    session(proofs::GetProofDetails);
    session(embed::GetProofEmbedCode);
    session(embed::GetPersonalProofEmbedCode);
    session(embed::GetProofReviewerEmbedCode);
    session(embed::GetProofEmbedCodes);
    session(proofs::GetProofStatus);
    session(proofs::GetProofThumbnail);
    session(proofs::GetProofURL);
    session(proofs::GetProofVersions);
    session(files::DeleteProofLink);
    session(files::AddProofLinks);
    session(files::GetProofLinks);
    session(files::SetProofMenus);
    open(accounts::CreateAccount);
    session(accounts::UpdateAccount);
    session(accounts::CreateSatelliteAccount);
    session(accounts::SetAccountPasswordSettings);
    session(accounts::SetAccountProofingDefaults);
    session(accounts::GetAccountDetails);
    session(users::AddUser);
    session(users::UpdateUser);
    session(users::GetUserDetails);
    session(users::ActivateUser);
    session(users::DeactivateUser);
    session(users::UpdateUserPassword);
    session(users::DeleteUser);
    session(users::GetUsers);
    session(callbacks::GetAccountCallbacks);
    session(accounts::GetSatelliteAccounts);
    session(callbacks::SetAccountCallback);
    session(callbacks::RemoveAccountCallback);
    session(callbacks::RemoveProofCallback);
    session(callbacks::GetProofCallbacks);
    session(callbacks::SetProofCallback);
    open(samples::OrderSampleProof);
    session(reviewers::AddProofReviewers);
    session(workflow::AddWorkflowProofReviewers);
    session(workflow::AddWorkflowProofReviewer);
    session(batches::AddBatchProofReviewers);
    session(tags::GetTags);
    session(tags::AddTag);
    session(tags::UpdateTag);
    session(tags::DeleteTag);
    session(tags::GetProofTags);
    session(tags::RemoveProofTags);
    session(tags::AddProofTags);
    session(users::FindUsersByEmail);
    session(people::UpdateContactEmail);
    session(users::UpdateUserEmail);
    open(sessions::GetSessionId);
    session(sessions::CheckSession);
    session(sessions::DoLogout);
    session(proofs::GetProofDownloadURL);
    session(actions::GetActions);
    session(actions::GetCommentAction);
    session(actions::SetCommentAction);
    session(files::GetFileDownloadLink);
    session(files::GetFileDownloadLinkLater);
    session(comments::AddCommentReply);
    session(comments::GetCommentThumbnail);
    session(proofs::DecodeProofID);
    session(accounts::GetBillingPlans);
    session(accounts::UpdateBillingPlan);
    session(accounts::CopyAccountBranding);
    session(proofs::UpdateProofDeadline);
    session(actions::CreateAction);
    session(decisions::GetDecisions);
    session(decisions::UpdateDecision);
    session(decisions::CreateDecisionReason);
    session(decisions::GetDecisionReasons);
    session(workspaces::ShareWorkspace);
    session(reviewers::AddReviewerToProofs);
    session(summaries::RequestPdfPrintSummary);
    session(proofs::CreateProofs);
    session(accounts::SetAccountDomain);
    open(dropzones::ValidateDropzoneSubmission);
    open(dropzones::CreateDropzoneProof);
    session(proofs::RestoreProof);
    session(workspaces::RestoreWorkspace);
    session(messages::MessageReviewer);
    session(templates::GetWorkflowTemplates);
    session(templates::GetWorkflowTemplate);
    session(templates::GetWorkflowTemplateStage);
    session(templates::GetWorkflowTemplateStageRecipient);
    session(templates::CreateWorkflowTemplate);
    session(templates::AddTemplateStage);
    session(templates::AddTemplateStageRecipients);
    session(templates::ShareWorkflowTemplate);
    session(templates::UnshareWorkflowTemplate);
    session(templates::DeleteWorkflowTemplate);
    session(templates::DeleteTemplateStage);
    session(templates::DeleteTemplateStages);
    session(templates::DeleteTemplateStageRecipient);
    session(templates::DeleteTemplateStageRecipients);
    session(templates::UpdateWorkflowTemplate);
    session(templates::UpdateTemplateStage);
    session(templates::UpdateTemplateStageRecipient);
    session(workflow::CreateWorkflowProof);
    session(workflow::CreateWorkflowProofVersion);
    session(workflow::UpdateWorkflowProof);
    session(workflow::AddWorkflowStage);
    session(workflow::UpdateWorkflowProofStage);
    session(lists::SearchByProofName);
    session(workflow::GetProofStage);
    session(workflow::GetProofStages);
    session(proofs::GetProofJobNumber);
    session(workflow::CreateWorkflowTemplateProof);
    session(workflow::CreateWorkflowTemplateProofVersion);
    session(proofs::GetProofReviewerOneTimeURL);
    session(custom::GetProofCustomData);
    session(custom::SetProofCustomData);
    session(lists::GetProofsByWorkspace);
    session(lists::GetProofsByWorkspaces);
    session(groups::AddGroup);
    session(groups::UpdateGroup);
    session(groups::GetGroup);
    session(groups::AddGroupMember);
    session(groups::UpdateGroupMember);
    session(groups::DeleteGroupMember);
    session(groups::DeleteGroup);
    session(groups::GetGroups);
    session(groups::AddGroupToProof);
    session(proofs::CreateProofFromJSON);
    session(proofs::CreateProofsFromJSON);
    session(summaries::RequestExcelPrintSummary);
    session(lists::GetProofsByRecipientEmail);
    session(activity::GetActivityLog);
    session(lists::GetProofsByView);
    session(people::AddContact);
    session(comments::AddComment);
}
