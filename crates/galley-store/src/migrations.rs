//! Schema versions. A migration is never changed once it has shipped; the next one follows it.

use crate::StoreError;
use rusqlite::Connection;

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
];

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
        tx.execute_batch(&sql.replace("{id}", IDENTITY))?;
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
}
