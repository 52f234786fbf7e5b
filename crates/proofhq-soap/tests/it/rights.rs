//! Who may call what: operation × profile × relation to the object, compared with the table in the
//! repository. An operation without a row fails.
//!
//! A cell says what happens: `+` is an answer, `3` a fault 403, `4` a fault 404. To take over a change, run the test with `UPDATE_RIGHTS=1` and read what it changed.

use std::collections::BTreeMap;

use galley_model::{Profile, ProofId, Role};
use galley_service::{CommentInput, ProofInput, ReviewerInput};
use galley_testkit::{Answer, House, RED_PNG, RIVAL, SECOND, email, fault};
use proofhq_soap::reference::rights;
use proofhq_soap::{endpoint_version, registry};

use crate::operations::{CALLS, ELSEWHERE, Fixture, NEWEST, Parts, borrowed, staged};

/// How somebody stands to the proof of a call, and to what else it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    /// The owner, a manager.
    Owner,
    /// A manager who made it for its owner.
    Author,
    /// Somebody of the account who is on it as a reviewer.
    Reviewer(usize),
    /// Anybody else of the account.
    Colleague(usize),
    /// The billing administrator of another account.
    Other,
    /// No session.
    Nobody,
}

/// The columns of the table, in the order in which they are tried: nobody comes to the proof before
/// those who are not on it have tried.
const COLUMNS: [&str; 6] = ["owner", "author", "reviewer", "colleague", "other", "nobody"];

impl Relation {
    /// In the order of trying.
    fn all() -> Vec<Relation> {
        let profiles = 0..Profile::ALL.len();
        let mut all = vec![Relation::Nobody, Relation::Other];
        all.extend(profiles.clone().map(Relation::Colleague));
        all.extend(profiles.map(Relation::Reviewer));
        all.extend([Relation::Owner, Relation::Author]);
        all
    }

    fn column(self) -> &'static str {
        match self {
            Relation::Owner => COLUMNS[0],
            Relation::Author => COLUMNS[1],
            Relation::Reviewer(_) => COLUMNS[2],
            Relation::Colleague(_) => COLUMNS[3],
            Relation::Other => COLUMNS[4],
            Relation::Nobody => COLUMNS[5],
        }
    }

    /// Their address; they are put where they belong.
    fn takes_place(self, house: &House, fixture: &mut Fixture) -> Option<String> {
        Some(match self {
            Relation::Owner => SECOND.to_owned(),
            Relation::Author => {
                let author = email(Profile::Manager);
                let input = ProofInput {
                    file_token: house.file("made.png", RED_PNG),
                    owner: Some(house.caller(SECOND).id()),
                    reviewers: vec![ReviewerInput {
                        email: "gus@example.com".to_owned(),
                        role: Some(Role::ReviewerApprover),
                        ..ReviewerInput::default()
                    }],
                    ..ProofInput::default()
                };
                let proof = house.service.create_proof(&house.caller(&author), &input).expect("a proof");
                let link = house.link(proof.id, "gus@example.com");
                let text = CommentInput { text: "Too red".to_owned(), ..CommentInput::default() };
                let (comment, _) = house.service.add_comment(&link, &text).expect("a comment");
                fixture.proof = proof.id.0;
                fixture.reviewer = comment.reviewer.0;
                fixture.comment = comment.id.0;
                (fixture.flow, fixture.stage, fixture.placed) =
                    staged(house, &house.caller(&author), Some(house.caller(SECOND).id()));
                author
            }
            Relation::Reviewer(at) => {
                let person = email(Profile::ALL[at]);
                let input = ReviewerInput {
                    email: person.clone(),
                    role: Some(Role::ReviewerApprover),
                    ..ReviewerInput::default()
                };
                let owner = house.caller(SECOND);
                for proof in [fixture.proof, fixture.flow] {
                    let person = std::slice::from_ref(&input);
                    house.service.add_reviewers(&owner, ProofId(proof), person).expect("is added");
                }
                person
            }
            Relation::Colleague(at) => email(Profile::ALL[at]),
            Relation::Other => RIVAL.to_owned(),
            Relation::Nobody => return None,
        })
    }
}

/// What an answer means in the table.
fn cell(operation: &str, answer: &Answer) -> char {
    match fault(answer) {
        None if answer.status == 200 => '+',
        Some((code, _)) if code == "403" => '3',
        Some((code, _)) if code == "404" => '4',
        Some((code, _)) if code == "305" => '5',
        other => panic!("{operation}: {other:?} {}", answer.text()),
    }
}

/// Operations that change nothing, so that the next call may have the same things.
fn reads(operation: &str) -> bool {
    operation.starts_with("get") || operation.starts_with("find") || operation == "checkSession"
}

/// Sessions that are open.
#[derive(Default)]
struct Sessions(BTreeMap<String, String>);

impl Sessions {
    fn of(&mut self, house: &House, person: String) -> String {
        let session = self.0.entry(person).or_insert_with_key(|person| house.session(person));
        session.clone()
    }
}

/// The cells of an operation by column.
async fn row(
    house: &House,
    sessions: &mut Sessions,
    operation: &'static str,
    parts: Parts,
) -> BTreeMap<&'static str, String> {
    let mut cells: BTreeMap<&str, String> = BTreeMap::new();
    let mut fixture = Fixture::new(house);
    for relation in Relation::all() {
        let person = relation.takes_place(house, &mut fixture);
        let session = person.map_or_else(|| "nosuchsession".to_owned(), |person| sessions.of(house, person));
        let filled = fixture.fill(parts);
        let mut sent = vec![("SessionID", session.as_str())];
        sent.extend(borrowed(&filled));
        let found = cell(operation, &house.call_at(NEWEST, operation, &sent).await);
        cells.entry(relation.column()).or_default().push(found);
        if found == '+' && !reads(operation) {
            fixture = Fixture::new(house);
            // The call may have been about sessions.
            sessions.0.clear();
        }
    }
    cells
}

const HEAD: &str = "\
# Who may call what. Compared with the server by tests/it/rights.rs, which writes it when UPDATE_RIGHTS is set.
#
#   owner      the owner of the proof (and of the group, the folder, the template that the call is about), a Manager
#   author     a Manager who made the proof for its owner
#   reviewer   somebody of the account who is on the proof: one letter for each profile, in the order
#              Billing Administrator, Administrator, Supervisor, Manager, Observer, Visitor
#   colleague  anybody else of the account, likewise
#   other      the Billing Administrator of another account
#   nobody     no session
#
#   +  an answer   3  fault 403   4  fault 404   5  fault 305
#
";

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_as_in_the_table() {
    let house = House::new();
    let mut sessions = Sessions::default();
    let mut found = String::from(HEAD);
    let line = |name: &str, cells: [&str; 6]| {
        let [owner, author, reviewer, colleague, other, nobody] = cells;
        format!("{name:<31} {owner:<7}{author:<8}{reviewer:<10}{colleague:<11}{other:<7}{nobody}\n")
    };
    found.push_str(&line("# operation", COLUMNS));
    for operation in registry().operations(endpoint_version(NEWEST).expect("a version")) {
        let call = CALLS.iter().find(|(name, ..)| *name == operation.name);
        if let Some((_, _, parts)) = call {
            let cells = row(&house, &mut sessions, operation.name, parts).await;
            found.push_str(&line(operation.name, COLUMNS.map(|column| cells[column].as_str())));
        } else {
            assert!(ELSEWHERE.contains(&operation.name), "{} has no call", operation.name);
        }
    }
    if std::env::var_os("UPDATE_RIGHTS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reference/rights.txt");
        return std::fs::write(path, &found).expect("rights.txt");
    }
    // Line by line, so that what differs can be read.
    for (now, then) in found.lines().zip(rights::TABLE.lines()) {
        assert_eq!(now, then, "the server, and the table; `cargo xtask docs` takes over the change");
    }
    assert_eq!(found.lines().count(), rights::TABLE.lines().count());
}
