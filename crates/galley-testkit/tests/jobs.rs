//! The job queue: who goes first, how many at once, what becomes of workers and files that break.

// clippy.toml allows this in test functions only; here what waits for a job fails tests as well.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use galley_media::ChildCommand;
use galley_model::{EventKind, MAX_ATTEMPTS, MAX_DEATHS, Processing, Profile, Proof};
use galley_service::{Holder, ProofInput, ServiceError, Worker};
use galley_store::{Job, JobKind};
use galley_testkit::{House, RED_PNG, SECOND, email, media_child};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A child that never answers.
fn hanging() -> ChildCommand {
    ChildCommand { program: "/bin/sleep".into(), args: vec!["1000".to_owned()] }
}

fn made_of(house: &House, name: &str, bytes: &[u8]) -> Proof {
    let input = ProofInput { file_token: house.file(name, bytes), ..ProofInput::default() };
    house.service.create_proof(&house.caller(&email(Profile::Manager)), &input).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../galley-media/tests/fixtures/formats");
    std::fs::read(folder.join(name)).unwrap()
}

/// A worker that can die without a word: its task is aborted.
struct Process {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Process {
    fn start(house: &House, holder: Holder) -> Process {
        let (stop, stopped) = watch::channel(false);
        let worker = Worker::of(holder, house.service.clone(), 1);
        Process { task: tokio::spawn(worker.run(stopped)), stop }
    }

    async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    async fn terminate(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

fn pages_jobs(house: &House) -> Vec<Job> {
    let jobs = house.service.jobs().unwrap();
    jobs.into_iter().filter(|job| matches!(job.kind, JobKind::OpenFile | JobKind::Capture)).collect()
}

/// Waits until the jobs that make pages look like this.
async fn until(house: &House, wanted: impl Fn(&[Job]) -> bool) -> Vec<Job> {
    for _ in 0..400 {
        let jobs = pages_jobs(house);
        if wanted(&jobs) {
            return jobs;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not after 20 seconds: {:?}", pages_jobs(house));
}

fn leased(jobs: &[Job]) -> usize {
    jobs.iter().filter(|job| job.state == "leased").count()
}

fn now(house: &House, proof: &Proof) -> Proof {
    house.service.proof(&house.caller(&email(Profile::Manager)), proof.id).unwrap()
}

#[tokio::test]
async fn a_dead_worker_is_replaced_when_its_lease_ends_and_not_before() {
    let house = House::with_child(hanging());
    made_of(&house, "red.png", RED_PNG);
    let first = Process::start(&house, Holder::Beside);
    until(&house, |jobs| leased(jobs) == 1).await;
    first.kill().await;

    let second = Process::start(&house, Holder::Beside);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let jobs = pages_jobs(&house);
    assert_eq!((leased(&jobs), jobs[0].attempts), (1, 1), "the lease of the dead one still counts");
    house.clock.advance(31);
    until(&house, |jobs| leased(jobs) == 1 && jobs[0].attempts == 2).await;
    second.kill().await;
}

#[tokio::test]
async fn a_worker_that_is_asked_to_stop_gives_back_what_it_has_and_that_was_no_try() {
    let house = House::with_child(hanging());
    made_of(&house, "red.png", RED_PNG);
    let worker = Process::start(&house, Holder::Beside);
    until(&house, |jobs| leased(jobs) == 1).await;
    worker.terminate().await;
    let jobs = pages_jobs(&house);
    assert_eq!((jobs[0].state.as_str(), jobs[0].attempts), ("queued", 0));
}

#[tokio::test]
async fn a_file_on_which_the_server_dies_each_time_is_put_aside_and_can_be_tried_again() {
    let house = House::with_child(hanging());
    let proof = made_of(&house, "red.png", RED_PNG);
    for attempt in 1..=MAX_DEATHS {
        let server = Process::start(&house, Holder::Server);
        until(&house, |jobs| leased(jobs) == 1 && jobs[0].attempts == attempt).await;
        server.kill().await;
    }
    let server = Process::start(&house, Holder::Server);
    let jobs = until(&house, |jobs| jobs[0].state == "parked").await;
    assert!(jobs[0].last_error.as_deref().unwrap().contains("ended without a word"));
    let failed = now(&house, &proof);
    assert_eq!(failed.processing, Processing::Failed);
    let reason = failed.processing_error.unwrap();
    assert!(reason.starts_with("Galley broke off again and again"), "{reason}");
    assert!(!failed.cancelled);
    server.kill().await;

    // It is left alone by whoever comes next.
    let server = Process::start(&house, Holder::Server);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(pages_jobs(&house)[0].state, "parked");
    house.service.retry_processing(&house.caller(&email(Profile::Manager)), proof.id).unwrap();
    until(&house, |jobs| leased(jobs) == 1 && jobs[0].attempts == 1).await;
    assert_eq!(now(&house, &proof).processing_error, None);
    server.kill().await;
}

#[tokio::test]
async fn a_file_whose_child_dies_each_time_is_put_aside() {
    let house = House::with_child(ChildCommand { program: "/bin/false".into(), args: Vec::new() });
    let proof = made_of(&house, "red.png", RED_PNG);
    for attempt in 1..MAX_ATTEMPTS {
        let worker = Process::start(&house, Holder::Beside);
        let jobs = until(&house, |jobs| jobs[0].state == "queued" && jobs[0].attempts == attempt).await;
        assert!(jobs[0].last_error.is_some(), "retried with a reason");
        assert_eq!(now(&house, &proof).processing, Processing::Processing);
        worker.terminate().await;
        house.clock.advance(10);
    }
    let worker = Process::start(&house, Holder::Beside);
    let jobs = until(&house, |jobs| jobs[0].state == "parked").await;
    assert_eq!(now(&house, &proof).processing, Processing::Failed);

    // The administrator forgets it; then there is no job, and still a reason.
    house.service.drop_job(jobs[0].id).unwrap();
    assert!(pages_jobs(&house).is_empty());
    assert!(now(&house, &proof).processing_error.is_some());
    assert!(matches!(house.service.drop_job(jobs[0].id), Err(ServiceError::NotFound(_))));
    worker.terminate().await;
}

#[tokio::test]
async fn what_somebody_looks_at_goes_first_and_bulk_last() {
    let house = House::with_child(hanging());
    let caller = house.caller(&email(Profile::Manager));
    let inputs: Vec<ProofInput> = (0..2)
        .map(|_| ProofInput { file_token: house.file("red.png", RED_PNG), ..ProofInput::default() })
        .collect();
    let bulk = house.service.create_proofs(&caller, &inputs).unwrap();
    let asked = made_of(&house, "red.png", RED_PNG);
    let awaited = made_of(&house, "red.png", RED_PNG);
    let link = house.link(awaited.id, &email(Profile::Manager));
    house.service.open_link(&link).unwrap();
    let mut jobs = pages_jobs(&house);
    jobs.sort_by_key(|job| (job.priority, job.id));
    let order: Vec<i64> = jobs.iter().map(|job| job.subject).collect();
    assert_eq!(order, [awaited.file.0, asked.file.0, bulk[0].file.0, bulk[1].file.0]);

    let worker = Process::start(&house, Holder::Beside);
    let jobs = until(&house, |jobs| leased(jobs) == 1).await;
    let taken = jobs.iter().find(|job| job.state == "leased").unwrap();
    assert_eq!(taken.subject, awaited.file.0);
    worker.kill().await;
}

#[tokio::test]
async fn slow_conversions_wait_for_each_other_and_nobody_waits_for_them() {
    let house = House::with_child(hanging());
    let office: Vec<Proof> = (0..3).map(|_| made_of(&house, "doc.docx", &fixture("doc.docx"))).collect();
    let first = Process::start(&house, Holder::Beside);
    let second = Process::start(&house, Holder::Beside);
    until(&house, |jobs| leased(jobs) == 1).await;
    let pictures: Vec<Proof> = (0..2).map(|_| made_of(&house, "red.png", RED_PNG)).collect();
    let jobs = until(&house, |jobs| leased(jobs) == 2).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let taken = |proofs: &[Proof]| {
        let jobs = pages_jobs(&house);
        jobs.iter().filter(|j| j.state == "leased" && proofs.iter().any(|p| p.file.0 == j.subject)).count()
    };
    assert_eq!((taken(&office), taken(&pictures)), (1, 1), "two workers together keep the limits: {jobs:?}");
    let (first, second) = (first.kill(), second.kill());
    tokio::join!(first, second);
}

#[tokio::test]
async fn cancelling_kills_the_child_and_trying_again_makes_the_proof() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    // Hangs once, then is the real thing.
    let script = format!(
        "if [ ! -e {0} ]; then echo $$ > {0}.new; /bin/mv {0}.new {0}; exec /bin/sleep 1000; fi; exec {1}",
        pid_file.display(),
        media_child().program.display()
    );
    let house =
        House::with_child(ChildCommand { program: "/bin/sh".into(), args: vec!["-c".to_owned(), script] });
    let proof = made_of(&house, "red.png", RED_PNG);
    let worker = Process::start(&house, Holder::Beside);
    until(&house, |jobs| leased(jobs) == 1 && pid_file.exists()).await;
    let pid = std::fs::read_to_string(&pid_file).unwrap();
    let process = Path::new("/proc").join(pid.trim());
    assert!(process.exists());
    assert_eq!(now(&house, &proof).processing, Processing::Processing);

    let (owner, other) = (house.caller(&email(Profile::Manager)), house.caller(SECOND));
    assert!(house.service.cancel_processing(&other, proof.id).is_err(), "somebody else's proof");
    assert!(matches!(house.service.retry_processing(&owner, proof.id), Err(ServiceError::Conflict(_))));
    house.service.cancel_processing(&owner, proof.id).unwrap();
    let cancelled = now(&house, &proof);
    assert_eq!((cancelled.processing, cancelled.cancelled), (Processing::Failed, true));
    assert_eq!(cancelled.processing_error.as_deref(), Some("Processing was cancelled."));
    for _ in 0..100 {
        if !process.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!process.exists(), "the child is gone");
    assert!(matches!(house.service.cancel_processing(&owner, proof.id), Err(ServiceError::Conflict(_))));

    house.service.retry_processing(&owner, proof.id).unwrap();
    let ready = house.processed(proof.id).await;
    assert_eq!((ready.processing, ready.cancelled, ready.pages), (Processing::Ready, false, 1));
    let kinds: Vec<&str> = house.events().iter().map(|event| event.kind.name()).collect();
    let at = |kind: &EventKind| kinds.iter().position(|name| *name == kind.name()).unwrap();
    assert!(at(&EventKind::ProcessingCancelled) < at(&EventKind::ProcessingRetried));
    let activity = house.service.activity(&owner, Some(proof.id), None, 0, 50).unwrap();
    let cancel = activity.iter().find(|entry| entry.action == "Processing cancelled").unwrap();
    assert_eq!(cancel.actor, "Test Manager");
    worker.terminate().await;
}

#[tokio::test]
async fn what_is_erased_while_it_is_opened_does_not_come_back() {
    let house = House::with_child(hanging());
    let proof = made_of(&house, "red.png", RED_PNG);
    let worker = Process::start(&house, Holder::Beside);
    until(&house, |jobs| leased(jobs) == 1).await;
    house.service.erase_proof(&house.caller(&email(Profile::Admin)), proof.id, true).unwrap();
    until(&house, <[Job]>::is_empty).await;
    worker.terminate().await;
    assert!(pages_jobs(&house).is_empty(), "nothing is left to take up again");
}

#[tokio::test]
async fn who_may_not_change_the_other_proof_of_a_file_cannot_cancel_it() {
    let house = House::new();
    let token = house.file("red.png", RED_PNG);
    let input = ProofInput { file_token: token, ..ProofInput::default() };
    let (first, second) = (house.caller(&email(Profile::Manager)), house.caller(SECOND));
    let mine = house.service.create_proof(&first, &input).unwrap();
    house.service.create_proof(&second, &input).unwrap();
    assert!(matches!(house.service.cancel_processing(&first, mine.id), Err(ServiceError::Conflict(_))));
    let admin = house.caller(&email(Profile::BillingAdmin));
    house.service.cancel_processing(&admin, mine.id).unwrap();
    assert!(pages_jobs(&house).is_empty());
}
