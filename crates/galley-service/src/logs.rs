//! The logs of an account: everything that happened in it, and every mail.

use crate::{Service, ServiceError, UserCaller};
use galley_model::{ActivityLog, EventKind, PersonId, Profile, Timestamp};
use galley_store::{LogRow, Mail, MailState};

/// Rows of a log that are read at once at most.
const MAX_ROWS: i64 = 1000;

/// A row of a log of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When it happened; of a mail, when that happened of which it tells.
    pub at: Timestamp,
    /// What, in a few words.
    pub action: String,
    /// More about it, possibly empty.
    pub details: String,
    /// Name of the proof today, if it is about one.
    pub proof_name: Option<String>,
    /// Name of the folder: of the one it is about, or of the one that the proof is in today.
    pub workspace_name: Option<String>,
    /// Address of whoever did it, as it is today; none for what the server did.
    pub email: Option<String>,
    /// What there is to say of a mail.
    pub mail: Option<LoggedMail>,
}

/// A mail in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedMail {
    /// When the mail server took it.
    pub sent: Option<Timestamp>,
    /// Whom an answer goes to; none when it is from the server itself.
    pub sender: Option<String>,
    /// Whom it is for.
    pub recipient: String,
    /// Subject.
    pub subject: String,
}

impl Service {
    /// A log of the caller's account, newest first. A limit of 0 asks for everything, which is capped at
    /// 1000 rows. Two statements, however far down.
    ///
    /// Administrators read all logs; billing is for billing administrators, and everybody reads their own
    /// profile. Administrators see every proof and stage of the account, so that nothing is left out.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub fn account_log(
        &self,
        caller: &UserCaller,
        log: ActivityLog,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<LogEntry>, ServiceError> {
        let may = match log {
            ActivityLog::Profile => true,
            ActivityLog::Billing => caller.profile() == Profile::BillingAdmin,
            _ => caller.profile().administers(),
        };
        if !may {
            return Err(ServiceError::Forbidden);
        }
        let offset = offset.max(0);
        let limit = if limit <= 0 { MAX_ROWS } else { limit.min(MAX_ROWS) };
        self.store().read(|tx| {
            if log == ActivityLog::Email {
                let mails = tx.log_mails(caller.account(), offset, limit)?;
                return Ok(mails.into_iter().map(mail).collect());
            }
            let user = (log == ActivityLog::Profile).then(|| caller.id());
            let events = tx.log_events(caller.account(), log, user, offset, limit)?;
            let mut people: Vec<PersonId> = events.iter().filter_map(|row| row.entry.actor.person).collect();
            people.sort_unstable();
            people.dedup();
            let emails = tx.emails_of(caller.account(), &people)?;
            let entries = events.into_iter().map(|row| {
                let (action, details) = row.entry.kind.logged().unwrap_or_default();
                LogEntry {
                    at: row.entry.at,
                    action: action.to_owned(),
                    details,
                    proof_name: row.proof_name,
                    workspace_name: folder(&row.entry.kind).or(row.workspace_name),
                    email: match &row.entry.kind {
                        EventKind::LoginFailed { email } => Some(email.clone()),
                        _ => row.entry.actor.person.and_then(|id| emails.get(&id).cloned()),
                    },
                    mail: None,
                }
            });
            Ok(entries.collect())
        })
    }
}

/// The folder that an event is about.
fn folder(kind: &EventKind) -> Option<String> {
    match kind {
        EventKind::WorkspaceCreated { name, .. }
        | EventKind::WorkspaceUpdated { name, .. }
        | EventKind::WorkspaceMoved { name, .. }
        | EventKind::WorkspaceShared { name, .. }
        | EventKind::WorkspaceTrashed { name, .. }
        | EventKind::WorkspaceRestored { name, .. } => Some(name.clone()),
        _ => None,
    }
}

fn mail(row: LogRow<Mail>) -> LogEntry {
    let mail = row.entry;
    let action = match mail.state {
        MailState::Waiting => "E-mail waiting",
        MailState::Sent => "E-mail sent",
        MailState::Parked => "E-mail not sent",
        MailState::Kept => "E-mail kept",
    };
    LogEntry {
        at: mail.happened,
        action: action.to_owned(),
        details: mail.problem.unwrap_or_default(),
        proof_name: row.proof_name,
        workspace_name: row.workspace_name,
        email: None,
        mail: Some(LoggedMail {
            sent: mail.finished.filter(|_| mail.state == MailState::Sent),
            sender: mail.reply_to,
            recipient: mail.to_email,
            subject: mail.subject,
        }),
    }
}
