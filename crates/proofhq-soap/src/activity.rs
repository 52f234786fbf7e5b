//! What happened.

use crate::backend::{ServiceBackend, minutes, parsed};
use crate::dispatch::Handler;
use crate::faults;
use galley_model::{ActivityLog, ProofId};
use galley_service::UserCaller;
use soap::{Fault, SoapObject, SoapRequest};
use std::sync::Arc;

/// Entries of one call.
const ROWS: i64 = 25;

/// Lists what happened lately, newest first, at most 25 entries a call.
#[derive(SoapRequest)]
#[soap(operation = "getActivity", answer = Vec<FileActivityObject>, section = "Proofs")]
pub struct GetActivity {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// The proof; nothing for all proofs that the caller sees.
    #[soap(name = "FileID")]
    pub file_id: Option<i64>,
    /// Entries to skip.
    #[soap(name = "Offset")]
    pub offset: Option<i64>,
}

/// Something that happened to a proof.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPFileActivityObject", array = "SOAPFileActivityObjectArray")]
pub struct FileActivityObject {
    /// The proof.
    pub file_id: i64,
    /// Name of the proof.
    pub filename: String,
    /// When it was made, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// What happened.
    pub action: String,
    /// Who did it, and more about it.
    pub details: String,
}

impl Handler<ServiceBackend> for GetActivity {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<FileActivityObject>, Fault> {
        let proof = self.file_id.filter(|id| *id != 0).map(ProofId);
        let offset = self.offset.unwrap_or(0);
        let entries = backend.service.activity(caller, proof, None, offset, ROWS).map_err(faults::of)?;
        let objects = entries.into_iter().map(|entry| FileActivityObject {
            file_id: entry.proof.0,
            filename: entry.proof_name,
            created_at: minutes(Some(entry.at), caller),
            action: entry.action.to_owned(),
            // The object has no field for who did it.
            details: match entry.details.as_str() {
                "" => entry.actor,
                details => format!("{}: {details}", entry.actor),
            },
        });
        Ok(objects.collect())
    }
}

/// Lists a log of the account, newest first. The logs are 1 proofs (with files, people, comments and decisions), 2
/// folders, 3 profile (what concerns the caller: logins, profile, password), 4 account (users, contacts, groups,
/// templates, settings), 5 authentication (logins, also failed ones), 6 billing and 7 email (every mail). Administrators
/// of the account may read them; billing is for billing administrators alone, and profile for everybody.
#[derive(SoapRequest)]
#[soap(operation = "getActivityLog", answer = Vec<ActivityLogObject>, section = "Activity", since = "16.24")]
pub struct GetActivityLog {
    /// Session to act in.
    #[soap(name = "SessionID", required = "documented")]
    pub session_id: Option<String>,
    /// Name or number of the log; nothing means account.
    #[soap(name = "LogID")]
    pub log_id: Option<String>,
    /// Rows to skip.
    #[soap(name = "StartFrom")]
    pub start_from: Option<i64>,
    /// Most rows to return; 0 for all, of which 1000 are returned at once.
    #[soap(name = "ItemsPerPage")]
    pub items_per_page: Option<i64>,
}

/// A row of a log of an account. Fields that say nothing about it are empty.
#[derive(SoapObject, Clone, Default, PartialEq)]
#[soap(name = "SOAPActivityLogObject", array = "SOAPActivityLogObjectArray", since = "16.24")]
pub struct ActivityLogObject {
    /// When it happened, `YYYY-MM-DD hh:mm`.
    pub created_at: String,
    /// What happened; of a mail, where it is: sent, waiting, not sent, or kept because there is no mail server.
    pub action: String,
    /// More about it.
    pub details: String,
    /// Name of the proof.
    pub filename: String,
    /// Name of the folder.
    pub workspace_name: String,
    /// Address of whoever did it; nothing for what the server did by itself.
    pub user_email: String,
    /// When the mail was sent, `YYYY-MM-DD hh:mm`.
    pub sent_at: String,
    /// Whom an answer to the mail goes to; nothing when it is from the server itself.
    pub email_sender: String,
    /// Whom the mail is for.
    pub email_recipient: String,
    /// Subject of the mail.
    pub email_subject: String,
}

impl Handler<ServiceBackend> for GetActivityLog {
    fn handle(
        self,
        backend: &ServiceBackend,
        caller: &Arc<UserCaller>,
    ) -> Result<Vec<ActivityLogObject>, Fault> {
        let log = parsed("LogID", &self.log_id, ActivityLog::parse)?.unwrap_or(ActivityLog::Account);
        let (offset, limit) = (self.start_from.unwrap_or(0), self.items_per_page.unwrap_or(0));
        let entries = backend.service.account_log(caller, log, offset, limit).map_err(faults::of)?;
        let objects = entries.into_iter().map(|entry| {
            let object = ActivityLogObject {
                created_at: minutes(Some(entry.at), caller),
                action: entry.action,
                details: entry.details,
                filename: entry.proof_name.unwrap_or_default(),
                workspace_name: entry.workspace_name.unwrap_or_default(),
                user_email: entry.email.unwrap_or_default(),
                ..ActivityLogObject::default()
            };
            let Some(mail) = entry.mail else { return object };
            ActivityLogObject {
                sent_at: minutes(mail.sent, caller),
                email_sender: mail.sender.unwrap_or_default(),
                email_recipient: mail.recipient,
                email_subject: mail.subject,
                ..object
            }
        });
        Ok(objects.collect())
    }
}
