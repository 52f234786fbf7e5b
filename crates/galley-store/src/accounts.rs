//! Accounts: settings, plan, satellites.

use crate::rows::{RowExt, millis};
use crate::{Read, StoreError, Write};
use galley_model::{Account, AccountId, Address, PasswordRules, Plan, Timestamp, UserStatus, ViewerMessages};
use rusqlite::{Row, params};

/// An account to be.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// The hub that it is a satellite of.
    pub hub: Option<AccountId>,
    /// Name as people read it.
    pub name: &'a str,
    /// IANA zone name.
    pub time_zone: &'a str,
    /// What it may use.
    pub plan: Plan,
}

/// What an edit leaves behind: every value, changed or not.
#[derive(Clone, Debug)]
pub struct AccountChanges<'a> {
    /// Name as people read it.
    pub name: &'a str,
    /// Where it is.
    pub address: &'a Address,
    /// Reference of the caller's own.
    pub reference: &'a str,
    /// No mail about proofs is sent.
    pub proof_mail_off: bool,
}

/// How much an account uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Whose.
    pub account: AccountId,
    /// Proofs made since the time asked about, as the plan counts them.
    pub proofs: i64,
    /// Bytes of the originals of its proofs.
    pub bytes: i64,
    /// Users that are switched on.
    pub users: i64,
}

const ACCOUNT: &str =
    "SELECT id, hub_id, name, time_zone, address, domain, reference, proof_mail_off, password_rules, messages,
    plan_id, plan_since FROM accounts";

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.col(0)?),
        hub: row.col::<Option<i64>>(1)?.map(AccountId),
        name: row.col(2)?,
        time_zone: row.col(3)?,
        address: row.word(4, "accounts.address", |json| serde_json::from_str(json).ok())?,
        domain: row.col(5)?,
        reference: row.col(6)?,
        proof_mail_off: row.col::<i64>(7)? != 0,
        password_rules: row.word(8, "accounts.password_rules", |json| serde_json::from_str(json).ok())?,
        messages: row.word(9, "accounts.messages", |json| serde_json::from_str(json).ok())?,
        plan: row.value(10, "accounts.plan_id", Plan::from_id)?,
        plan_since: row.time(11)?,
    })
}

/// JSON text of a value, for a column.
pub(crate) fn json(value: &impl serde::Serialize, column: &'static str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt(column))
}

impl Read<'_> {
    /// The account with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; so for every function of the store.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.first(&format!("{ACCOUNT} WHERE id = ?1"), [id.0], account)
    }

    /// The account that this server began with.
    pub fn first_account(&self) -> Result<Option<AccountId>, StoreError> {
        self.first("SELECT id FROM accounts ORDER BY id LIMIT 1", [], |row| Ok(AccountId(row.col(0)?)))
    }

    /// Satellites of a hub, by name.
    pub fn satellites(&self, hub: AccountId) -> Result<Vec<Account>, StoreError> {
        self.all(&format!("{ACCOUNT} WHERE hub_id = ?1 ORDER BY name, id"), [hub.0], account)
    }

    /// The hub of an account and its satellites: those whose users it knows as members.
    pub fn related_accounts(&self, id: AccountId) -> Result<Vec<Account>, StoreError> {
        self.all(
            &format!(
                "{ACCOUNT} WHERE hub_id = ?1 OR id = (SELECT hub_id FROM accounts WHERE id = ?1) ORDER BY name, id"
            ),
            [id.0],
            account,
        )
    }

    /// The account that goes by this domain.
    pub fn account_by_domain(&self, domain: &str) -> Result<Option<AccountId>, StoreError> {
        self.first("SELECT id FROM accounts WHERE domain = ?1 AND domain <> ''", [domain], |row| {
            Ok(AccountId(row.col(0)?))
        })
    }

    /// Whether there is any account yet.
    pub fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.number("SELECT COUNT(*) FROM (SELECT 1 FROM accounts LIMIT 1) AS any_account", [])? > 0)
    }

    /// What accounts use, each with the time from which its proofs count. Of five versions of a proof in
    /// a row, the first one counts.
    pub fn usage(&self, accounts: &[(AccountId, Timestamp)]) -> Result<Vec<Usage>, StoreError> {
        let rows: Vec<String> =
            accounts.iter().map(|(id, since)| format!("({}, {})", id.0, millis(*since))).collect();
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            &format!(
                "WITH months (account_id, since) AS (VALUES {})
                 SELECT m.account_id,
                     (SELECT COUNT(*) FROM proofs p WHERE p.account_id = m.account_id AND p.created_at >= m.since
                         AND p.kind = 'proof' AND (p.version - 1) % 5 = 0),
                     (SELECT COALESCE(SUM(f.size), 0) FROM files f
                         WHERE f.id IN (SELECT p.file_id FROM proofs p WHERE p.account_id = m.account_id)),
                     (SELECT COUNT(*) FROM users u WHERE u.account_id = m.account_id AND u.status = ?1
                         AND u.deleted_at IS NULL)
                 FROM months m",
                rows.join(", ")
            ),
            [UserStatus::Activated.as_str()],
            |row| {
                Ok(Usage {
                    account: AccountId(row.col(0)?),
                    proofs: row.col(1)?,
                    bytes: row.col(2)?,
                    users: row.col(3)?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Adds an account with the actions that every account starts with.
    pub fn add_account(&self, new: &NewAccount<'_>, now: Timestamp) -> Result<AccountId, StoreError> {
        let id = self.insert(
            "INSERT INTO accounts (hub_id, name, time_zone, plan_id, plan_since, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5) RETURNING id",
            params![new.hub.map(|hub| hub.0), new.name, new.time_zone, new.plan.id, millis(now)],
        )?;
        for action in galley_model::FIRST_ACTIONS {
            self.add_action(AccountId(id), action, true, now)?;
        }
        Ok(AccountId(id))
    }

    /// Writes the outcome of an edit.
    pub fn update_account(&self, id: AccountId, to: &AccountChanges<'_>) -> Result<(), StoreError> {
        self.run(
            "UPDATE accounts SET name = ?2, address = ?3, reference = ?4, proof_mail_off = ?5 WHERE id = ?1",
            params![
                id.0,
                to.name,
                json(to.address, "accounts.address")?,
                to.reference,
                i64::from(to.proof_mail_off)
            ],
        )?;
        Ok(())
    }

    /// Gives an account its domain, in lower case.
    pub fn set_account_domain(&self, id: AccountId, domain: &str) -> Result<(), StoreError> {
        self.run("UPDATE accounts SET domain = ?2 WHERE id = ?1", params![id.0, domain])?;
        Ok(())
    }

    /// Writes what an account asks of passwords.
    pub fn set_password_rules(&self, id: AccountId, rules: &PasswordRules) -> Result<(), StoreError> {
        let rules = json(rules, "accounts.password_rules")?;
        self.run("UPDATE accounts SET password_rules = ?2 WHERE id = ?1", params![id.0, rules])?;
        Ok(())
    }

    /// Writes what the viewer says to reviewers.
    pub fn set_viewer_messages(&self, id: AccountId, messages: &ViewerMessages) -> Result<(), StoreError> {
        let messages = json(messages, "accounts.messages")?;
        self.run("UPDATE accounts SET messages = ?2 WHERE id = ?1", params![id.0, messages])?;
        Ok(())
    }

    /// Gives an account another plan from now on.
    pub fn set_plan(&self, id: AccountId, plan: &Plan, now: Timestamp) -> Result<(), StoreError> {
        self.run(
            "UPDATE accounts SET plan_id = ?2, plan_since = ?3 WHERE id = ?1",
            params![id.0, plan.id, millis(now)],
        )?;
        Ok(())
    }
}
