//! Lists of proofs: which rows they hold, where a page of them starts, how many there are.
//!
//! Newest first means highest id first: ids only grow. Which version of a set is listed is written
//! down with the proof (`front`, `vault`, `top`), so that a page is read off an index; how many rows a
//! block of ids has is written down too, so that a page far down costs what the first one costs.

use crate::proofs::{PROOF_COLUMNS, PROOF_JOINS, proof};
use crate::rows::{RowExt, millis};
use crate::search::Keyword;
use crate::{Read, StoreError, Write};
use galley_model::{AccountId, PersonId, Proof, ProofId, SetId, Timestamp, UserId, WorkspaceId};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

/// Which proofs a person gets to see.
#[derive(Clone, Copy, Debug)]
pub enum Visibility {
    /// Every one of the account.
    All,
    /// Those they own, made, or are on, and those in folders shared with them.
    Own {
        /// Their login.
        user: UserId,
        /// The same human.
        person: PersonId,
    },
}

/// Which of those are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofFilter {
    /// All that are neither in the trash nor in the archive.
    All,
    /// Not locked.
    Open,
    /// Locked.
    Closed,
    /// Open, past the deadline, with decisions outstanding.
    Late,
    /// Owned by this login.
    OwnedBy(UserId),
    /// Open, with this person's decision pending.
    Awaiting(PersonId),
    /// In the archive.
    Archived,
    /// Shared files, which are no proofs.
    Files,
}

/// A question for a list of proofs, newest first. Of each version set the newest visible version is listed.
#[derive(Clone, Debug)]
pub struct ProofQuery<'a> {
    /// The account.
    pub account: AccountId,
    /// Who asks.
    pub visibility: Visibility,
    /// What they ask for.
    pub filter: ProofFilter,
    /// [`ProofFilter::All`] and [`ProofFilter::OwnedBy`] take in the archive too.
    pub with_archived: bool,
    /// Every one of these is found in the names of the set, or in what else is searched.
    pub keywords: &'a [Keyword],
    /// The name of a version, whatever its letter case.
    pub exact_name: Option<&'a str>,
    /// In one of these folders.
    pub folders: Option<&'a [WorkspaceId]>,
    /// Somebody with this address is on it.
    pub recipient: Option<&'a str>,
    /// None of these kinds of thing.
    pub without_media: &'a [&'a str],
    /// What "late" is measured against.
    pub now: Timestamp,
    /// Continue after this proof.
    pub after: Option<ProofId>,
    /// Skip so many.
    pub offset: i64,
    /// At most so many.
    pub limit: i64,
}

/// How many proofs each filter finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProofCounts {
    /// [`ProofFilter::All`].
    pub all: i64,
    /// [`ProofFilter::Open`].
    pub open: i64,
    /// [`ProofFilter::Closed`].
    pub closed: i64,
    /// [`ProofFilter::Late`].
    pub late: i64,
    /// [`ProofFilter::OwnedBy`].
    pub mine: i64,
    /// [`ProofFilter::Awaiting`].
    pub awaiting: i64,
}

/// Ids of a block of `list_blocks`, the large blocks first. Each is a multiple of the next.
const SPANS: [i64; 2] = [8192, 256];

/// Lists whose rows are counted, a bit of `proofs.lists` each.
const OPEN: i64 = 1;
const LOCKED: i64 = 2;
const VAULT: i64 = 4;
const TOP: i64 = 8;

const PENDING: &str = "SELECT r.proof_id AS id FROM reviewers r JOIN stages t ON t.id = r.stage_id
    WHERE r.person_id = @pending AND r.removed_at IS NULL AND r.decision = 0 AND r.role IN (4, 5, 6, 7)
    AND t.started_at IS NOT NULL AND t.locked_at IS NULL";
const MINE: &str = "WITH mine (id) AS (
    SELECT r.proof_id FROM reviewers r WHERE r.person_id = @person AND r.removed_at IS NULL AND r.held IS NULL
    UNION SELECT o.id FROM proofs o WHERE o.owner_id = @user
    UNION SELECT c.id FROM proofs c WHERE c.creator_id = @user
    UNION SELECT i.id FROM workspace_shares h JOIN sets z ON z.workspace_id = h.workspace_id
        JOIN proofs i ON i.set_id = z.id WHERE h.user_id = @user) ";

/// A statement in the making: `@name` in its text stands for a value, each given once.
struct Sql {
    text: String,
    values: Vec<(&'static str, Value)>,
}

impl Sql {
    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Sql {
        self.values.push((name, value.into()));
        self
    }

    /// The text with numbered parameters, and their values: only those that the text mentions.
    fn finish(self) -> (String, Vec<Value>) {
        let (mut text, mut bound) = (String::with_capacity(self.text.len()), Vec::new());
        let mut mentioned: Vec<&str> = Vec::new();
        let mut pieces = self.text.split('@');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(piece.len());
            let (name, rest) = piece.split_at(end);
            let mut number = mentioned.iter().position(|known| *known == name);
            if number.is_none()
                && let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name)
            {
                number = Some(mentioned.len());
                mentioned.push(name);
                bound.push(value.clone());
            }
            match number {
                Some(number) => text.push_str(&format!("?{}", number + 1)),
                // Nobody gave it a value, which SQLite then says.
                None => text.extend(["@", name]),
            }
            text.push_str(rest);
        }
        (text, bound)
    }
}

impl ProofQuery<'_> {
    /// The column that marks the version of a set to list, and the condition for a version to compete
    /// for that place (`@` is the version).
    fn place(&self) -> (&'static str, &'static str) {
        match self.filter {
            ProofFilter::Archived => ("vault", "@.archived_at IS NOT NULL"),
            ProofFilter::All | ProofFilter::OwnedBy(_) if self.with_archived => ("top", "1 = 1"),
            _ => ("front", "@.archived_at IS NULL"),
        }
    }

    /// The lists of `list_blocks` that hold exactly the rows asked for, where there are such lists.
    fn counted(&self) -> Option<&'static [i64]> {
        let plain = matches!(self.visibility, Visibility::All)
            && self.keywords.is_empty()
            && self.exact_name.is_none()
            && self.folders.is_none()
            && self.recipient.is_none()
            && self.without_media.is_empty();
        match (plain, self.filter) {
            (true, ProofFilter::All) if self.with_archived => Some(&[TOP]),
            (true, ProofFilter::All) => Some(&[OPEN, LOCKED]),
            (true, ProofFilter::Open) => Some(&[OPEN]),
            (true, ProofFilter::Closed) => Some(&[LOCKED]),
            (true, ProofFilter::Archived) => Some(&[VAULT]),
            _ => None,
        }
    }

    /// `SELECT {what} FROM … WHERE …`: from few candidates where the question names some, else along
    /// the index of the list.
    fn select(&self, what: &str, driver: Option<&str>) -> Sql {
        let own = matches!(self.visibility, Visibility::Own { .. });
        let (mut from, mut conditions) = (Vec::new(), vec!["p.account_id = @account".to_owned()]);
        let (column, competes) = self.place();
        // Candidates, the fewest first; the first drives, the others filter.
        let mut candidates: Vec<String> = driver.map(str::to_owned).into_iter().collect();
        if self.exact_name.is_some() {
            candidates.push(
                "SELECT e.id FROM proofs e WHERE e.set_id IN
                 (SELECT x.set_id FROM proofs x WHERE x.account_id = @account AND x.name_key = @exact)"
                    .to_owned(),
            );
        }
        if self.recipient.is_some() {
            // Somebody on a private stage is found by those who see it.
            let seen = if own {
                " AND (t.private = 0 OR b.owner_id = @user OR b.creator_id = @user OR EXISTS (SELECT 1 FROM reviewers g
                 WHERE g.proof_id = v.proof_id AND g.person_id = @person AND g.removed_at IS NULL
                 AND (g.stage_id = v.stage_id OR g.role IN (6, 7))))"
            } else {
                ""
            };
            candidates.push(format!(
                "SELECT v.proof_id AS id FROM people q JOIN reviewers v ON v.person_id = q.id
                 JOIN stages t ON t.id = v.stage_id JOIN proofs b ON b.id = v.proof_id
                 WHERE q.account_id = @account AND q.email_key = @recipient AND v.removed_at IS NULL{seen}"
            ));
        }
        if let Some(folders) = self.folders {
            let list = folders.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
            let list = if list.is_empty() { "NULL".to_owned() } else { list };
            candidates.push(format!(
                "SELECT f.id FROM sets t JOIN proofs f ON f.set_id = t.id WHERE t.workspace_id IN ({list})"
            ));
        }
        match self.filter {
            ProofFilter::OwnedBy(_) => {
                candidates.push("SELECT w.id FROM proofs w WHERE w.owner_id = @owner".to_owned());
            }
            ProofFilter::Awaiting(_) => {
                candidates.push(PENDING.to_owned());
                conditions.push("p.state = 'unlocked'".to_owned());
            }
            ProofFilter::Late => {
                if !own {
                    candidates.push(
                        "SELECT d.id FROM proofs d WHERE d.account_id = @account AND d.front = 1
                         AND d.state = 'unlocked' AND d.late_from <= @now"
                            .to_owned(),
                    );
                }
                conditions.push("p.state = 'unlocked' AND p.late_from <= @now".to_owned());
            }
            ProofFilter::Open => conditions.push("p.state = 'unlocked'".to_owned()),
            ProofFilter::Closed => conditions.push("p.state = 'locked'".to_owned()),
            ProofFilter::All | ProofFilter::Archived | ProofFilter::Files => {}
        }
        if own {
            candidates.push("SELECT id FROM mine".to_owned());
        }
        if self.filter == ProofFilter::Files {
            conditions.push("p.kind = 'file' AND p.trashed_at IS NULL".to_owned());
        } else if own {
            conditions.push(format!(
                "p.kind = 'proof' AND p.trashed_at IS NULL AND {} AND (p.{column} = 1 OR NOT EXISTS (SELECT 1 FROM proofs n
                 WHERE n.set_id = p.set_id AND n.version > p.version AND n.trashed_at IS NULL AND {}
                 AND n.id IN (SELECT id FROM mine)))",
                competes.replace('@', "p"),
                competes.replace('@', "n")
            ));
        } else {
            conditions.push(format!("p.{column} = 1"));
        }
        for (index, candidate) in candidates.into_iter().enumerate() {
            if index == 0 {
                from.push(format!("({candidate}) m CROSS JOIN"));
                conditions.insert(0, "p.id = m.id".to_owned());
            } else {
                conditions.push(format!("p.id IN ({candidate})"));
            }
        }
        if self.after.is_some() {
            conditions.push("p.id < @after".to_owned());
        }
        for media in self.without_media {
            // Words of ours, never of a caller.
            conditions.push(format!("p.media <> '{media}'"));
        }
        let keywords = crate::search::conditions(self.keywords);
        conditions.extend(keywords.iter().map(|(text, _)| text.clone()));
        let (user, person) = match self.visibility {
            Visibility::Own { user, person } => (user.0, person.0),
            Visibility::All => (-1, -1),
        };
        let text = format!(
            "{}SELECT {what} FROM {} proofs p WHERE {}",
            if own { MINE } else { "" },
            from.concat(),
            conditions.join(" AND ")
        );
        let mut sql = Sql { text, values: Vec::new() }
            .with("account", self.account.0)
            .with("user", user)
            .with("person", person)
            .with("now", millis(self.now))
            .with("owner", if let ProofFilter::OwnedBy(id) = self.filter { id.0 } else { -1 })
            .with("pending", if let ProofFilter::Awaiting(id) = self.filter { id.0 } else { -1 })
            .with("after", self.after.map_or(i64::MAX, |id| id.0))
            .with("exact", self.exact_name.map(|n| n.trim().to_lowercase()).unwrap_or_default())
            .with("recipient", self.recipient.map(|e| e.trim().to_lowercase()).unwrap_or_default());
        for (_, values) in keywords {
            for (name, value) in values {
                sql = sql.with(name, value);
            }
        }
        sql
    }
}

impl Read<'_> {
    /// A list of proofs.
    pub fn proofs(&self, query: &ProofQuery<'_>) -> Result<Vec<Proof>, StoreError> {
        let mut query = query.clone();
        if let Some(lists) = query.counted()
            && query.after.is_none()
            && query.offset >= SPANS[1]
        {
            let Some((after, offset)) = self.skip(query.account, lists, query.offset)? else {
                return Ok(Vec::new());
            };
            (query.after, query.offset) = (Some(after), offset);
        }
        let driver = self.rarest(query.account, query.keywords)?;
        let mut ids = query.select("p.id", driver.as_deref());
        let head = if matches!(query.visibility, Visibility::Own { .. }) { MINE } else { "" };
        let inner = ids.text.strip_prefix(head).unwrap_or(&ids.text);
        // The ids flow into the rows one by one; `IN` would collect and sort them first.
        ids.text = format!(
            "{head}SELECT {PROOF_COLUMNS} FROM ({inner} ORDER BY p.id DESC LIMIT @limit OFFSET @offset) l
             CROSS JOIN proofs p ON p.id = l.id {PROOF_JOINS}"
        );
        let (sql, values) = ids.with("limit", query.limit).with("offset", query.offset).finish();
        let mut proofs = self.all(&sql, params_from_iter(values), proof)?;
        // They come in order, which SQL does not promise.
        proofs.sort_unstable_by_key(|proof| std::cmp::Reverse(proof.id));
        Ok(proofs)
    }

    /// How many proofs a list has.
    pub fn proof_count(&self, query: &ProofQuery<'_>) -> Result<i64, StoreError> {
        if let Some(lists) = query.counted() {
            return self.counted(query.account, lists);
        }
        let driver = self.rarest(query.account, query.keywords)?;
        let (sql, values) = query.select("COUNT(*)", driver.as_deref()).finish();
        self.number(&sql, params_from_iter(values))
    }

    fn counted(&self, account: AccountId, lists: &[i64]) -> Result<i64, StoreError> {
        self.number(
            &format!(
                "SELECT COALESCE(SUM(size), 0) FROM list_blocks WHERE account_id = ?1 AND span = ?2 AND list IN ({})",
                numbers(lists)
            ),
            [account.0, SPANS[0]],
        )
    }

    /// How many sets the account has outside the trash, but at least one.
    pub(crate) fn listed(&self, account: AccountId) -> Result<i64, StoreError> {
        Ok(self.counted(account, &[TOP])?.max(1))
    }

    /// Where to go on to have skipped so many rows: after an id, and how many more. None past the end.
    fn skip(
        &self,
        account: AccountId,
        lists: &[i64],
        offset: i64,
    ) -> Result<Option<(ProofId, i64)>, StoreError> {
        let (mut left, mut below) = (offset, i64::MAX);
        let sql = format!(
            "SELECT block, SUM(size) FROM list_blocks
             WHERE account_id = ?1 AND span = ?2 AND block < ?3 AND list IN ({})
             GROUP BY block ORDER BY block DESC",
            numbers(lists)
        );
        for span in SPANS {
            let here = self.find(&sql, [account.0, span, below / span], |row| {
                let (block, size): (i64, i64) = (row.col(0)?, row.col(1)?);
                if left < size {
                    return Ok(Some(block));
                }
                left -= size;
                Ok(None)
            });
            let Some(block) = here? else { return Ok(None) };
            below = (block + 1) * span;
        }
        Ok(Some((ProofId(below), left)))
    }

    /// How many proofs each filter finds for this login. The filter and the place in the list do not matter.
    pub fn proof_counts(
        &self,
        query: &ProofQuery<'_>,
        user: UserId,
        person: PersonId,
    ) -> Result<ProofCounts, StoreError> {
        let count = |filter| self.proof_count(&ProofQuery { filter, after: None, ..query.clone() });
        Ok(ProofCounts {
            all: count(ProofFilter::All)?,
            open: count(ProofFilter::Open)?,
            closed: count(ProofFilter::Closed)?,
            late: count(ProofFilter::Late)?,
            mine: count(ProofFilter::OwnedBy(user))?,
            awaiting: count(ProofFilter::Awaiting(person))?,
        })
    }
}

fn numbers(list: &[i64]) -> String {
    list.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// A version as far as lists go.
struct Entry {
    id: i64,
    version: i64,
    open: bool,
    trashed: bool,
    archived: bool,
    proof: bool,
    marks: (bool, bool, bool),
    lists: i64,
}

impl Write<'_> {
    /// Brings up to date which version of a set is listed where, after anything that bears on it:
    /// versions, trash, archive, state.
    pub(crate) fn relist(&self, set: SetId) -> Result<(), StoreError> {
        let rows = self.all(
            "SELECT id, version, state, trashed_at, archived_at, erased_at, front, vault, top, lists, account_id, kind
             FROM proofs WHERE set_id = ?1",
            [set.0],
            |row| {
                let gone = row.col::<Option<i64>>(3)?.is_some() || row.col::<Option<i64>>(5)?.is_some();
                let proof = row.col::<String>(11)? == "proof";
                let mark = |at| Ok::<bool, StoreError>(row.col::<i64>(at)? == 1);
                let entry = Entry {
                    id: row.col(0)?,
                    version: row.col(1)?,
                    open: row.col::<String>(2)? == "unlocked",
                    trashed: gone,
                    archived: row.col::<Option<i64>>(4)?.is_some(),
                    proof,
                    marks: (mark(6)?, mark(7)?, mark(8)?),
                    lists: row.col(9)?,
                };
                Ok((entry, row.col::<i64>(10)?))
            },
        )?;
        let newest = |takes: fn(&Entry) -> bool| {
            rows.iter()
                .map(|(row, _)| row)
                .filter(|row| !row.trashed && takes(row))
                .map(|row| row.version)
                .max()
        };
        let (front, vault, top) = (newest(|row| !row.archived), newest(|row| row.archived), newest(|_| true));
        for (row, account) in &rows {
            let is = |place: Option<i64>| row.proof && !row.trashed && place == Some(row.version);
            let marks = (is(front) && !row.archived, is(vault) && row.archived, is(top));
            let lists = match marks.0 {
                true if row.open => OPEN,
                true => LOCKED,
                false => 0,
            } + if marks.1 { VAULT } else { 0 }
                + if marks.2 { TOP } else { 0 };
            if marks == row.marks && lists == row.lists {
                continue;
            }
            self.run(
                "UPDATE proofs SET front = ?2, vault = ?3, top = ?4, lists = ?5 WHERE id = ?1",
                params![row.id, i64::from(marks.0), i64::from(marks.1), i64::from(marks.2), lists],
            )?;
            for list in [OPEN, LOCKED, VAULT, TOP] {
                let change = i64::from(lists & list != 0) - i64::from(row.lists & list != 0);
                if change == 0 {
                    continue;
                }
                for span in SPANS {
                    self.run(
                        "INSERT INTO list_blocks (account_id, span, block, list, size) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT (account_id, span, block, list)
                         DO UPDATE SET size = list_blocks.size + excluded.size",
                        [*account, span, row.id / span, list, change],
                    )?;
                }
            }
        }
        self.run(
            "UPDATE sets SET versions = ?2, newest = ?3 WHERE id = ?1",
            params![set.0, rows.iter().filter(|(row, _)| !row.trashed).count() as i64, top.unwrap_or(0)],
        )?;
        Ok(())
    }
}
