//! The logs of an account: numbered rows that point into the event log and the outbox.

use crate::events::event;
use crate::mails::{MAIL_COLUMNS, mail};
use crate::rows::RowExt;
use crate::{Mail, Read, StoreError, Write};
use galley_model::{AccountId, ActivityLog, Event, PersonId, UserId};
use rusqlite::params;
use std::collections::HashMap;

/// A row of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow<T> {
    /// What it points to.
    pub entry: T,
    /// Name of the proof today; none where it is about none.
    pub proof_name: Option<String>,
    /// Name today of the folder that the proof is in.
    pub workspace_name: Option<String>,
}

/// The rows of a log that are asked for: ?1 account, ?2 log, ?3 user, ?4 rows to skip, ?5 how many.
const PLACE: &str = "l.account_id = ?1 AND l.log = ?2 AND l.user_id = ?3
    AND l.number <= (SELECT MAX(m.number) FROM log_entries m
        WHERE m.account_id = ?1 AND m.log = ?2 AND m.user_id = ?3) - ?4
    ORDER BY l.number DESC LIMIT ?5";

/// The proof of `x` and its folder.
const NAMES: &str = "LEFT JOIN proofs p ON p.id = x.proof_id LEFT JOIN sets s ON s.id = p.set_id
    LEFT JOIN workspaces w ON w.id = s.workspace_id";

impl Read<'_> {
    /// Events in a log of an account, newest first. The user is that of the log `profile`.
    pub fn log_events(
        &self,
        account: AccountId,
        log: ActivityLog,
        user: Option<UserId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<LogRow<Event>>, StoreError> {
        self.all(
            &format!(
                "SELECT x.id, x.account_id, x.proof_id, x.at, x.actor, x.data, p.name, w.name
                 FROM log_entries l JOIN events x ON x.id = l.ref_id {NAMES} WHERE {PLACE}"
            ),
            params![account.0, log.as_str(), user.map_or(0, |id| id.0), offset, limit],
            |row| Ok(LogRow { entry: event(row)?, proof_name: row.col(6)?, workspace_name: row.col(7)? }),
        )
    }

    /// Mails of an account, newest first.
    pub fn log_mails(
        &self,
        account: AccountId,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<LogRow<Mail>>, StoreError> {
        self.all(
            &format!(
                "SELECT {MAIL_COLUMNS}, p.name, w.name FROM log_entries l JOIN mails x ON x.id = l.ref_id
                 {NAMES} WHERE {PLACE}"
            ),
            params![account.0, ActivityLog::Email.as_str(), 0, offset, limit],
            |row| Ok(LogRow { entry: mail(row)?, proof_name: row.col(16)?, workspace_name: row.col(17)? }),
        )
    }

    /// Addresses of people of an account by their ids.
    pub fn emails_of(
        &self,
        account: AccountId,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, String>, StoreError> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let list = people.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
        let found = self.all(
            &format!("SELECT id, email FROM people WHERE account_id = ?1 AND id IN ({list})"),
            [account.0],
            |row| Ok((PersonId(row.col(0)?), row.col(1)?)),
        )?;
        Ok(found.into_iter().collect())
    }
}

impl Write<'_> {
    /// Adds a row to the top of a log.
    pub(crate) fn log(
        &self,
        account: AccountId,
        log: ActivityLog,
        user: Option<UserId>,
        id: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO log_entries (account_id, log, user_id, number, ref_id)
             SELECT ?1, ?2, ?3, COALESCE(MAX(number), 0) + 1, ?4 FROM log_entries
             WHERE account_id = ?1 AND log = ?2 AND user_id = ?3",
            params![account.0, log.as_str(), user.map_or(0, |id| id.0), id],
        )?;
        Ok(())
    }

    /// Fills the logs from what happened before there were any.
    pub(crate) fn log_all(&self) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let events = self.all(
                &format!("{} WHERE id > ?1 ORDER BY id LIMIT 1000", crate::events::EVENT),
                [after],
                event,
            )?;
            let Some(last) = events.last() else { break };
            after = last.id.0;
            for event in events {
                for (log, user) in event.logs() {
                    self.log(event.account, log, user, event.id.0)?;
                }
            }
        }
        let mails = self.all("SELECT account_id, id FROM mails ORDER BY id", [], |row| {
            Ok((AccountId(row.col(0)?), row.col(1)?))
        })?;
        for (account, id) in mails {
            self.log(account, ActivityLog::Email, None, id)?;
        }
        Ok(())
    }
}
