//! `galley admin`, `verify-log` and `wsdl`.

use crate::config::{DataArgs, WsdlArgs};
use crate::data::{DataFolder, Rendering};
use crate::terminal;
use clap::{Args, Subcommand};
use galley_model::Profile;
use galley_service::{Config, Service, SystemClock, UserInput};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

/// Options of `galley admin`.
#[derive(Args)]
pub(crate) struct AdminArgs {
    #[command(subcommand)]
    verb: AdminVerb,
}

#[derive(Subcommand)]
enum AdminVerb {
    /// Make the account and its first login, a billing administrator. The password is read from
    /// standard input.
    CreateAccount {
        #[command(flatten)]
        data: DataArgs,
        /// Name of the organisation.
        #[arg(long)]
        account: String,
        /// Address of the first login.
        #[arg(long)]
        email: String,
        /// Given name.
        #[arg(long, default_value = "")]
        first_name: String,
        /// Family name.
        #[arg(long, default_value = "")]
        last_name: String,
        /// IANA name of the time zone, for example Europe/Berlin.
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
}

/// Runs a command on a data folder.
pub(crate) fn on_folder<T>(
    folder: DataFolder,
    work: impl FnOnce(&Service) -> Result<T, String>,
) -> Result<T, String> {
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
    let (service, _) =
        folder.service(Arc::new(SystemClock), config, Rendering { at_once: 1, cache: u64::MAX })?;
    work(&service)
}

pub(crate) fn run(args: AdminArgs) -> Result<ExitCode, String> {
    let AdminVerb::CreateAccount { data, account, email, first_name, last_name, time_zone } = args.verb;
    if jiff::tz::TimeZone::get(&time_zone).is_err() {
        return Err(format!("there is no time zone {time_zone}"));
    }
    let password = read_password()?;
    on_folder(DataFolder::open(&data.data)?, |service| {
        if !service.is_empty().map_err(|e| e.to_string())? {
            return Err("this data folder has an account already".to_owned());
        }
        let id = service.add_account(&account, &time_zone).map_err(|e| e.to_string())?;
        let input = UserInput {
            email,
            first_name,
            last_name,
            position: String::new(),
            profile: Profile::BillingAdmin,
            password: Some(password),
            api_token: None,
            time_zone,
        };
        let user = service.add_user(id, &input).map_err(|e| e.to_string())?;
        terminal::line(&format!("Account {account} made; {} can log in.", user.email));
        Ok(ExitCode::SUCCESS)
    })
}

/// Shortest password (`product.md` 9.5 has 6; the first login of a server deserves more).
const MIN_PASSWORD: usize = 10;

fn read_password() -> Result<String, String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        terminal::line(
            "Password (it shows while you type; to hide it: read -rs P; echo \"$P\" | galley admin …):",
        );
    }
    let mut text = String::new();
    input.lock().read_line(&mut text).map_err(|error| format!("cannot read the password: {error}"))?;
    let password = text.trim_end_matches(['\r', '\n']);
    match password.chars().count() {
        n if n < MIN_PASSWORD => Err(format!("the password needs at least {MIN_PASSWORD} characters")),
        _ => Ok(password.to_owned()),
    }
}

pub(crate) fn verify_log(args: &DataArgs) -> Result<ExitCode, String> {
    on_folder(DataFolder::open(&args.data)?, |service| {
        match service.verify_log().map_err(|e| e.to_string())? {
            Ok(count) => {
                terminal::line(&format!("{count} events, every one follows from the one before."));
                Ok(ExitCode::SUCCESS)
            }
            Err(event) => Err(format!("event {event} was changed, or one before it was removed")),
        }
    })
}

pub(crate) fn wsdl(args: &WsdlArgs) -> Result<ExitCode, String> {
    let version = proofhq_soap::endpoint_version(&args.api_version.replace('.', "_"))
        .ok_or_else(|| format!("there is no version {} of the API", args.api_version))?;
    terminal::line(&proofhq_soap::http::wsdl_text(&args.public_url, version));
    Ok(ExitCode::SUCCESS)
}
