//! A large database for measuring: proofs, comments and users by the number, straight into the tables.

use crate::config::DataArgs;
use crate::data::{DataFolder, Rendering};
use crate::terminal;
use clap::Args;
use galley_model::{
    AccountId, Alert, FileId, PersonId, Processing, Profile, ProofId, ProofKind, ProofState, Role, Settings,
    StageRules, Timestamp, UserId,
};
use galley_service::{Clock, Config, SystemClock, UserInput};
use galley_store::{
    NewComment, NewFile, NewPerson, NewProof, NewReviewer, NewStage, NewUser, Store, StoreError, Write,
};
use jiff::SignedDuration;
use std::process::ExitCode;
use std::sync::Arc;

/// Login of the administrator of the database, its password, and its API token.
const LOGIN: (&str, &str, &str) = ("admin@load.test", "galley-load", "load-token");

/// Proofs of one transaction.
const CHUNK: i64 = 1000;

/// Files that the proofs are made of.
const FILES: i64 = 100;

const FIRST: [&str; 16] = [
    "Spring", "Summer", "Autumn", "Winter", "Red", "Blue", "Green", "Annual", "Daily", "City", "Harbour",
    "Garden", "Museum", "Market", "School", "Travel",
];
const SECOND: [&str; 16] = [
    "poster",
    "banner",
    "leaflet",
    "brochure",
    "cover",
    "label",
    "catalogue",
    "report",
    "menu",
    "ticket",
    "calendar",
    "letter",
    "invitation",
    "magazine",
    "package",
    "folder",
];

/// Options of `galley make-load`.
#[derive(Args)]
pub(crate) struct LoadArgs {
    #[command(flatten)]
    data: DataArgs,
    /// How many proofs.
    #[arg(long, default_value_t = 100_000)]
    proofs: i64,
    /// How many comments, spread over the proofs.
    #[arg(long, default_value_t = 1_000_000)]
    comments: i64,
    /// How many users.
    #[arg(long, default_value_t = 2_000)]
    users: i64,
}

/// Who is there.
struct People {
    account: AccountId,
    users: Vec<(UserId, PersonId)>,
    files: Vec<FileId>,
}

/// Fills an empty data folder. Every number drawn follows from the place in the row, so that two runs
/// make the same database.
pub(crate) fn run(args: &LoadArgs) -> Result<ExitCode, String> {
    let folder = DataFolder::open(&args.data.data)?;
    if !folder.is_new() {
        return Err("this data folder is not empty".to_owned());
    }
    let account = first_login(&folder)?;
    let store = Store::open(&folder.path().join("galley.db")).map_err(|e| e.to_string())?;
    let end = SystemClock.now();
    let failed = |error: StoreError| error.to_string();
    let people = store.write(|tx| people(tx, account, args.users.max(1), end)).map_err(failed)?;
    let mut made = 0;
    while made < args.proofs {
        let until = (made + CHUNK).min(args.proofs);
        store.write(|tx| (made..until).try_for_each(|n| proof(tx, &people, args, n, end))).map_err(failed)?;
        made = until;
        if made % (20 * CHUNK) == 0 {
            terminal::line(&format!("{made} proofs"));
        }
    }
    terminal::line(&format!(
        "{} can log in with the password {} or the API token {}.",
        LOGIN.0, LOGIN.1, LOGIN.2
    ));
    Ok(ExitCode::SUCCESS)
}

/// The account and its administrator, made by the use cases, which know how passwords are kept.
fn first_login(folder: &DataFolder) -> Result<AccountId, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let _inside = runtime.enter();
    let config = Config {
        public_url: String::new(),
        max_upload: 0,
        keep_free: 0,
        allow_private_callbacks: false,
        captures: galley_service::CaptureOptions::default(),
        open_sign_up: false,
        sample: None,
    };
    let rendering = Rendering { at_once: 1, cache: u64::MAX };
    let (service, _) = folder.service(Arc::new(SystemClock), config, rendering)?;
    let account = service.add_account("Load", "UTC").map_err(|e| e.to_string())?;
    let input = UserInput {
        email: LOGIN.0.to_owned(),
        first_name: "Load".to_owned(),
        last_name: "Administrator".to_owned(),
        position: String::new(),
        profile: Profile::BillingAdmin,
        password: Some(LOGIN.1.to_owned()),
        api_token: Some(LOGIN.2.to_owned()),
        time_zone: "UTC".to_owned(),
    };
    service.add_user(account, &input).map_err(|e| e.to_string())?;
    Ok(account)
}

fn people(tx: &Write<'_>, account: AccountId, count: i64, now: Timestamp) -> Result<People, StoreError> {
    let (mut users, mut files) = (Vec::new(), Vec::new());
    for n in 0..count {
        let (email, last) = (format!("user{n}@load.test"), format!("User{n}"));
        let name = format!("Load {last}");
        let person = tx.add_person(
            &NewPerson { account, email: &email, name: &name, default_role: Role::ReviewerApprover },
            now,
        )?;
        let new = NewUser {
            account,
            person,
            email: &email,
            first_name: "Load",
            last_name: &last,
            position: "",
            profile: Profile::Manager,
            time_zone: "UTC",
            default_role: Role::ReviewerApprover,
            password_hash: None,
            api_token_hash: None,
        };
        users.push((tx.add_user(&new, now)?, person));
    }
    for n in 0..FILES {
        let token = format!("load-file-{n}");
        let file = tx.add_file(&NewFile { token: &token, name: "load.pdf", size: 250_000, md5: "" }, now)?;
        tx.set_processing(file, Processing::Ready, None)?;
        files.push(file);
    }
    Ok(People { account, users, files })
}

/// An item of a list for a number, always the same one.
fn pick<T>(list: &[T], number: i64) -> Option<&T> {
    list.get(usize::try_from(number).ok()?.checked_rem(list.len())?)
}

/// One proof with its stages, people and comments. Every fourth is locked; the last has three stages and
/// ten people.
fn proof(tx: &Write<'_>, people: &People, args: &LoadArgs, n: i64, end: Timestamp) -> Result<(), StoreError> {
    let missing = || StoreError::Corrupt("load");
    // Two a minute: a hundred thousand are younger than what is archived for being idle.
    let at = end - SignedDuration::from_secs(30 * (args.proofs - n));
    let (owner, _) = *pick(&people.users, n).ok_or_else(missing)?;
    let file = *pick(&people.files, n).ok_or_else(missing)?;
    let word = |list: &'static [&'static str], by: i64| pick(list, by).copied().unwrap_or_default();
    let name = format!("{} {} {n}", word(&FIRST, n * 7 + n / 16), word(&SECOND, n * 11 + n / 13));
    let (settings, code) = (Settings::default(), format!("load-team-{n}"));
    let id = tx.add_proof(
        &NewProof {
            account: people.account,
            follows: None,
            workspace: None,
            kind: ProofKind::Proof,
            batch: None,
            submitted: false,
            automated: false,
            template: None,
            file,
            name: &name,
            source_name: "load.pdf",
            creator: owner,
            owner,
            subject: "",
            message: "",
            deadline: None,
            settings: &settings,
            team_code: &code,
        },
        at,
    )?;
    let last = n + 1 == args.proofs;
    let reviewers = place(tx, people, id, n, if last { (3, 10) } else { (1, 3) }, at)?;
    let comments = args.comments * (n + 1) / args.proofs.max(1) - args.comments * n / args.proofs.max(1);
    for c in 0..comments {
        let reviewer = *pick(&reviewers, c).ok_or_else(missing)?;
        let text = format!("Comment {c}: please move the {} a little", word(&SECOND, n + c));
        let new = NewComment {
            moment: None,
            screen: None,
            proof: id,
            reviewer,
            author: "Load",
            text: &text,
            page: Some(1),
            markups: &[],
            client_id: None,
        };
        tx.add_comment(&new, at)?;
    }
    if n % 4 == 3 && !last {
        tx.set_proof_state(id, ProofState::Locked)?;
    }
    Ok(())
}

/// Stages and people of a proof; the owner comes first.
fn place(
    tx: &Write<'_>,
    people: &People,
    proof: ProofId,
    n: i64,
    (stages, count): (i64, i64),
    at: Timestamp,
) -> Result<Vec<galley_model::ReviewerId>, StoreError> {
    let rules = StageRules::default();
    let mut ids = Vec::new();
    for position in 1..=stages {
        let name = format!("Stage {position}");
        let new =
            NewStage { proof, position, name: &name, rules: &rules, deadline: None, started_at: Some(at) };
        ids.push(tx.add_stage(&new)?);
    }
    let mut reviewers = Vec::new();
    for k in 0..count {
        let missing = || StoreError::Corrupt("load");
        // Neighbours of the owner, so that nobody is on a proof twice.
        let (_, person) = *pick(&people.users, n + k).ok_or_else(missing)?;
        if k >= people.users.len() as i64 {
            break;
        }
        let new = NewReviewer {
            proof,
            person,
            name: "Load",
            position: "",
            role: if k == 0 { Role::Reviewer } else { Role::ReviewerApprover },
            alert: Alert::OwnDefault,
            deadline: None,
            code: &format!("load-{n}-{k}"),
            stage: *pick(&ids, k).ok_or_else(missing)?,
            sent: true,
            waiting: false,
        };
        reviewers.push(tx.add_reviewer(&new, at)?);
    }
    Ok(reviewers)
}
