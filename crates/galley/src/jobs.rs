//! `galley jobs`: what waits, is being done, or was put aside. A server may be running.

use crate::admin::on_folder;
use crate::config::DataArgs;
use crate::data::DataFolder;
use crate::terminal;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Options of `galley jobs`.
#[derive(Args)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    verb: JobsVerb,
}

#[derive(Subcommand)]
enum JobsVerb {
    /// List what is not done, oldest first.
    List(DataArgs),
    /// Try a job again, as often as a new one: one that was put aside, or waits for its next try.
    Retry(OneJob),
    /// Forget a job. A file that waits for it becomes no proof unless somebody tries again.
    Drop(OneJob),
}

#[derive(Args)]
struct OneJob {
    #[command(flatten)]
    data: DataArgs,
    /// Number of the job, as listed.
    id: i64,
}

pub(crate) fn run(args: &JobsArgs) -> Result<ExitCode, String> {
    match &args.verb {
        JobsVerb::List(data) => on_folder(DataFolder::beside(&data.data)?, |service| {
            let jobs = service.jobs().map_err(|e| e.to_string())?;
            for job in &jobs {
                let state = if job.state == "parked" { "put aside" } else { job.state.as_str() };
                let due = job.run_at.strftime("%Y-%m-%d %H:%M:%S");
                let line = format!(
                    "{:>6}  {:<9}  {:<12} of {:<6}  due {due}  {} tries",
                    job.id,
                    state,
                    job.kind.as_str(),
                    job.subject,
                    job.attempts
                );
                let error = job.last_error.as_deref().map(|e| format!("  {}", e.replace('\n', " ")));
                terminal::line(&(line + error.as_deref().unwrap_or_default()));
            }
            terminal::line(&format!("{} jobs.", jobs.len()));
            Ok(ExitCode::SUCCESS)
        }),
        JobsVerb::Retry(one) => change(one, "is tried again", |service| service.retry_job(one.id)),
        JobsVerb::Drop(one) => change(one, "is forgotten", |service| service.drop_job(one.id)),
    }
}

fn change(
    one: &OneJob,
    done: &str,
    change: impl FnOnce(&galley_service::Service) -> Result<(), galley_service::ServiceError>,
) -> Result<ExitCode, String> {
    on_folder(DataFolder::beside(&one.data.data)?, |service| match change(service) {
        Ok(()) => {
            terminal::line(&format!("Job {} {done}.", one.id));
            Ok(ExitCode::SUCCESS)
        }
        Err(galley_service::ServiceError::NotFound(_)) => Err(format!("there is no job {}", one.id)),
        Err(error) => Err(error.to_string()),
    })
}
