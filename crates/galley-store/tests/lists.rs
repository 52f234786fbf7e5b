//! Pages of long lists: the same rows at any depth as a list read from its start, and counts that fit.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use galley_model::{
    AccountId, PersonId, Plan, Processing, Profile, ProofId, ProofKind, ProofState, Role, SetId, Settings,
    Timestamp, UserId,
};
use galley_store::{
    NewAccount, NewFile, NewPerson, NewProof, NewUser, ProofFilter, ProofQuery, Store, StoreError, Visibility,
};

/// Many of the small blocks of a list.
const PROOFS: i64 = 1300;
/// The last id that was given away before; they reach from one of the large blocks into the next.
const ID: i64 = 7700;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("in range")
}

struct Made {
    account: AccountId,
    user: UserId,
    person: PersonId,
}

fn fill(store: &Store) -> Made {
    store
        .write(|tx| -> Result<Made, StoreError> {
            let account = tx.add_account(
                &NewAccount { hub: None, name: "Studio", time_zone: "UTC", plan: Plan::UNLIMITED },
                at(0),
            )?;
            let person = tx.add_person(
                &NewPerson { account, email: "a@example.com", name: "A", default_role: Role::Reviewer },
                at(0),
            )?;
            let user = tx.add_user(
                &NewUser {
                    account,
                    person,
                    email: "a@example.com",
                    first_name: "A",
                    last_name: "B",
                    position: "",
                    profile: Profile::Admin,
                    time_zone: "UTC",
                    default_role: Role::Reviewer,
                    password_hash: None,
                    api_token_hash: None,
                },
                at(0),
            )?;
            let file = tx.add_file(&NewFile { token: "t", name: "a.pdf", size: 1, md5: "" }, at(0))?;
            tx.set_processing(file, Processing::Ready, None)?;
            let settings = Settings::default();
            let mut last: Option<(SetId, ProofId)> = None;
            for n in 0..PROOFS {
                // Every fifth is a second version of the one before.
                let follows = last.filter(|_| n % 5 == 4).map(|(set, parent)| (set, 2, parent));
                let code = format!("code-{n}");
                let id = tx.add_proof(
                    &NewProof {
                        account,
                        follows,
                        workspace: None,
                        file,
                        name: &format!("Number {n}"),
                        source_name: "a.pdf",
                        creator: user,
                        owner: user,
                        subject: "",
                        message: "",
                        deadline: None,
                        kind: ProofKind::Proof,
                        batch: None,
                        submitted: false,
                        automated: false,
                        template: None,
                        settings: &settings,
                        team_code: &code,
                    },
                    at(n),
                )?;
                let set = tx.proof(id)?.ok_or(StoreError::Corrupt("proofs"))?.set;
                match n % 7 {
                    1 => tx.set_proof_state(id, ProofState::Locked)?,
                    2 => tx.set_archived(id, set, Some(at(n)))?,
                    3 => tx.set_trashed(id, set, Some(at(n)))?,
                    5 => {
                        tx.set_archived(id, set, Some(at(n)))?;
                        tx.set_archived(id, set, None)?;
                    }
                    _ => {}
                }
                if n % 97 == 0 {
                    tx.erase_proof(id, set, at(n))?;
                }
                last = Some((set, id));
            }
            Ok(Made { account, user, person })
        })
        .expect("filled")
}

#[test]
fn pages_fit_together_at_any_depth() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("galley.db")).expect("a database");
    let conn = rusqlite::Connection::open(folder.path().join("galley.db")).expect("a connection");
    conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('proofs', ?1)", [ID]).expect("a sequence");
    let made = fill(&store);
    for (filter, with_archived) in [
        (ProofFilter::All, false),
        (ProofFilter::All, true),
        (ProofFilter::Open, false),
        (ProofFilter::Closed, false),
        (ProofFilter::Archived, false),
    ] {
        let query = ProofQuery {
            account: made.account,
            visibility: Visibility::All,
            filter,
            with_archived,
            keywords: &[],
            exact_name: None,
            folders: None,
            recipient: None,
            without_media: &[],
            now: at(PROOFS),
            after: None,
            offset: 0,
            limit: 10_000,
        };
        let ids = |query: &ProofQuery<'_>| -> Vec<i64> {
            let proofs = store.read(|tx| tx.proofs(query)).expect("a list");
            proofs.iter().map(|proof| proof.id.0).collect()
        };
        let all = ids(&query);
        assert!(all.len() > 100, "{filter:?}");
        assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
        let count = store.read(|tx| tx.proof_count(&query)).expect("a count");
        assert_eq!(count, all.len() as i64, "{filter:?} {with_archived}");
        for offset in (0..all.len() + 60).step_by(50) {
            let page = ids(&ProofQuery { offset: offset as i64, limit: 50, ..query.clone() });
            assert_eq!(page, all[offset.min(all.len())..(offset + 50).min(all.len())], "{filter:?} {offset}");
        }
        // Whoever owns everything sees the same by another way.
        let own = Visibility::Own { user: made.user, person: made.person };
        assert_eq!(ids(&ProofQuery { visibility: own, ..query.clone() }), all, "{filter:?} {with_archived}");
    }
}
