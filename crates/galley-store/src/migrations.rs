//! Schema versions. A migration is never changed once it has shipped; the next one follows it.

use crate::{StoreError, Write};
use rusqlite::Connection;
use std::sync::atomic::AtomicU64;

/// All migrations, oldest first. The position plus one is the schema version.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_foundation.sql"),
    include_str!("migrations/0002_groups.sql"),
    include_str!("migrations/0003_creation.sql"),
    include_str!("migrations/0004_callbacks.sql"),
    include_str!("migrations/0005_held.sql"),
    include_str!("migrations/0006_people.sql"),
    include_str!("migrations/0007_sources.sql"),
    include_str!("migrations/0008_decisions.sql"),
    include_str!("migrations/0009_workflow.sql"),
    include_str!("migrations/0010_templates.sql"),
    include_str!("migrations/0011_lists.sql"),
    include_str!("migrations/0012_mail.sql"),
    include_str!("migrations/0013_custom.sql"),
    include_str!("migrations/0014_dropzone.sql"),
    include_str!("migrations/0015_logs.sql"),
    include_str!("migrations/0016_branding.sql"),
    include_str!("migrations/0017_samples.sql"),
    include_str!("migrations/0018_summaries.sql"),
    include_str!("migrations/0019_password_links.sql"),
    include_str!("migrations/0020_animation.sql"),
    include_str!("migrations/0021_reasons_by_proof.sql"),
    include_str!("migrations/0022_recordings.sql"),
    include_str!("migrations/0023_preflight.sql"),
    include_str!("migrations/0024_queue.sql"),
    include_str!("migrations/0025_list_spans.sql"),
    include_str!("migrations/0026_interactive.sql"),
    include_str!("migrations/0028_captures.sql"),
];

/// What a migration does beyond its SQL.
fn then(sql: &str, tx: &Write<'_>) -> Result<(), StoreError> {
    if sql.contains("CREATE TABLE words") {
        tx.index_all_words()?;
    }
    if sql.contains("CREATE TABLE log_entries") {
        tx.log_all()?;
    }
    Ok(())
}

/// What `{id}` in a migration means here. AUTOINCREMENT: an id is never given out twice, so a link
/// or a client's note of a deleted thing can never meet another thing.
const IDENTITY: &str = "INTEGER PRIMARY KEY AUTOINCREMENT";

pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have done it while this one waited.
        if tx.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))? > index as i64 {
            continue;
        }
        tx.execute_batch(&sql.replace("{id}", IDENTITY))?;
        then(sql, &Write::on(&tx, &AtomicU64::new(0)))?;
        tx.pragma_update(None, "user_version", index as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_refused() {
        let mut conn = Connection::open_in_memory().expect("opens");
        conn.pragma_update(None, "user_version", 99).expect("sets");
        assert!(matches!(migrate(&mut conn), Err(StoreError::NewerSchema { found: 99, .. })));
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut conn = Connection::open_in_memory().expect("opens");
        migrate(&mut conn).expect("first");
        migrate(&mut conn).expect("second");
    }

    /// What happened before there were logs is in them, numbered from 1 in each.
    #[test]
    fn the_past_gets_into_the_logs() {
        let mut conn = Connection::open_in_memory().expect("opens");
        let before =
            MIGRATIONS.iter().position(|sql| sql.contains("CREATE TABLE log_entries")).expect("there");
        for sql in &MIGRATIONS[..before] {
            conn.execute_batch(&sql.replace("{id}", IDENTITY)).expect("migrates");
        }
        conn.pragma_update(None, "user_version", before as i64).expect("sets");
        conn.execute_batch(
            r#"INSERT INTO accounts (id, name, time_zone, created_at) VALUES (1, 'A', 'UTC', 0), (2, 'B', 'UTC', 0);
               INSERT INTO events (account_id, proof_id, at, actor, data, hash) VALUES
                   (1, 7, 0, '{"name":"Galley"}', '{"kind":"proof_unlocked"}', ''),
                   (2, NULL, 0, '{"name":"Galley"}', '{"kind":"session_opened","user":4}', ''),
                   (1, 7, 0, '{"name":"Galley"}', '{"kind":"page_ready","page":1}', ''),
                   (1, 7, 0, '{"name":"Galley"}', '{"kind":"proof_trashed"}', '');"#,
        )
        .expect("inserts");
        migrate(&mut conn).expect("migrates");
        let mut rows = conn
            .prepare("SELECT account_id, log, user_id, number, ref_id FROM log_entries ORDER BY 1, 2, 4")
            .expect("prepares");
        let found: Vec<(i64, String, i64, i64, i64)> = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .expect("queries")
            .map(|row| row.expect("a row"))
            .collect();
        let proofs = "proofs".to_owned();
        assert_eq!(
            found,
            [
                (1, proofs.clone(), 0, 1, 1),
                (1, proofs, 0, 2, 4),
                (2, "authentication".to_owned(), 0, 1, 2),
                (2, "profile".to_owned(), 4, 1, 2),
            ]
        );
    }

    /// Proofs made before there were stages get one for each deadline, with what their people decided.
    #[test]
    fn proofs_that_are_there_get_stages() {
        let mut conn = Connection::open_in_memory().expect("opens");
        let before = MIGRATIONS.iter().position(|sql| sql.contains("CREATE TABLE stages")).expect("there");
        for sql in &MIGRATIONS[..before] {
            conn.execute_batch(&sql.replace("{id}", IDENTITY)).expect("migrates");
        }
        conn.pragma_update(None, "user_version", before as i64).expect("sets");
        conn.execute_batch(
            "INSERT INTO accounts (id, name, time_zone, created_at) VALUES (1, 'A', 'UTC', 0);
             INSERT INTO people (id, account_id, email, email_key, name, default_role, created_at)
                 VALUES (1, 1, 'a', 'a', 'A', 3, 0), (2, 1, 'b', 'b', 'B', 3, 0), (3, 1, 'c', 'c', 'C', 3, 0),
                 (4, 1, 'd', 'd', 'D', 3, 0), (5, 1, 'e', 'e', 'E', 3, 0);
             INSERT INTO users (id, account_id, person_id, email, email_key, first_name, last_name, position, profile,
                 status, time_zone, default_role, created_at)
                 VALUES (1, 1, 1, 'a', 'a', 'A', '', '', 1, 'activated', 'UTC', 3, 0);
             INSERT INTO files (id, token, name, size, md5, created_at) VALUES (1, 't', 'n', 1, 'm', 0);
             INSERT INTO sets (id, account_id, versions, newest) VALUES (1, 1, 1, 1), (2, 1, 1, 1);
             INSERT INTO proofs (id, account_id, set_id, version, file_id, name, name_key, source_name, creator_id,
                 owner_id, subject, message, deadline, state, flags, custom_link_url, custom_link_label, swf,
                 decisions_made, decisions_required, primary_id, team_code, created_at)
                 VALUES (1, 1, 1, 1, 1, 'n', 'n', 's', 1, 1, '', '', 500, 'unlocked', 0, '', '', '', 2, 3, NULL, 'x', 7),
                 (2, 1, 2, 1, 1, 'n', 'n', 's', 1, 1, '', '', NULL, 'unlocked', 16, '', '', '', 1, 1, NULL, 'y', 8);
             INSERT INTO reviewers (id, proof_id, person_id, name, position, role, alert, deadline, decision,
                 decided_at, added_at, removed_at)
                 VALUES (1, 1, 1, 'A', '', 3, 0, NULL, 0, NULL, 0, NULL), (2, 1, 2, 'B', '', 5, 0, NULL, 3, 9, 0, NULL),
                 (3, 1, 3, 'C', '', 5, 0, 300, 0, NULL, 0, NULL), (4, 1, 4, 'D', '', 5, 0, 300, 1, 9, 0, NULL),
                 (5, 1, 5, 'E', '', 5, 0, 500, 1, 9, 0, 20), (6, 2, 2, 'B', '', 4, 0, NULL, 1, 30, 0, NULL),
                 (7, 2, 3, 'C', '', 4, 0, NULL, 3, 20, 0, NULL);",
        )
        .expect("inserts");
        migrate(&mut conn).expect("migrates");
        let mut found = conn
            .prepare(
                "SELECT proof_id, name, deadline, started_at, one_decision, decision, decisions_made,
                     decisions_required FROM stages ORDER BY proof_id, position",
            )
            .expect("reads");
        type Found = (i64, String, Option<i64>, i64, i64, Option<i64>, i64, i64);
        let stages: Vec<Found> = found
            .query_map([], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?))
            })
            .expect("reads")
            .collect::<Result<_, _>>()
            .expect("reads");
        let expected = [
            (1, "Stage".to_owned(), Some(500), 7, 0, Some(3), 1, 1),
            (1, "Stage 2".to_owned(), Some(300), 7, 0, Some(1), 1, 2),
            // The earliest decision is the one that counts.
            (2, "Stage".to_owned(), None, 8, 1, Some(3), 1, 1),
        ];
        assert_eq!(stages, expected);
        let placed: Vec<i64> = conn
            .prepare("SELECT s.position FROM reviewers r JOIN stages s ON s.id = r.stage_id ORDER BY r.id")
            .and_then(|mut rows| rows.query_map([], |r| r.get(0))?.collect())
            .expect("reads");
        assert_eq!(placed, [1, 1, 2, 2, 1, 1, 1]);
        let proof: (i64, i64, i64, i64) = conn
            .query_row(
                "SELECT decision, decisions_made, decisions_required, late_from FROM proofs WHERE id = 1",
                [],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
            )
            .expect("reads");
        assert_eq!(proof, (1, 2, 3, 300));
    }
}
