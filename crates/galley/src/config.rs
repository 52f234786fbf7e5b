//! Options: command line over environment over configuration file over defaults.

use clap::Args;
use galley_notify::Smtp;
use galley_service::Private;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Options of `galley serve`. Each can stand in the configuration file too, under its name with
/// underscores: `public_url = "https://proofs.example.com"`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServeArgs {
    /// Folder that holds everything: database, files, cache, certificate.
    #[arg(long, env = "GALLEY_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Configuration file [default: galley.toml in the data folder, if there is one].
    #[arg(long, env = "GALLEY_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Serve HTTPS on this address, for example 0.0.0.0:443.
    #[arg(long, env = "GALLEY_HTTPS", value_name = "ADDR")]
    pub https: Option<SocketAddr>,
    /// Serve plain HTTP on this address: for loopback, or behind a proxy that does TLS.
    #[arg(long, env = "GALLEY_HTTP", value_name = "ADDR")]
    pub http: Option<SocketAddr>,
    /// Address under which people and programs reach this server [default: the first one served].
    #[arg(long, env = "GALLEY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Certificate chain in PEM; with --tls-key [default: a certificate made on first start].
    #[arg(long, env = "GALLEY_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM.
    #[arg(long, env = "GALLEY_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Fill an empty data folder with demo data.
    #[arg(long, env = "GALLEY_DEMO")]
    pub demo: bool,
    /// Largest upload in megabytes [default: 4000].
    #[arg(long, env = "GALLEY_MAX_UPLOAD_MB", value_name = "MB")]
    pub max_upload_mb: Option<u64>,
    /// Refuse uploads when less than this is free on the disk, in megabytes [default: 500].
    #[arg(long, env = "GALLEY_KEEP_FREE_MB", value_name = "MB")]
    pub keep_free_mb: Option<u64>,
    /// Size of the cache of rendered pages in megabytes [default: 10000].
    #[arg(long, env = "GALLEY_CACHE_MB", value_name = "MB")]
    pub cache_mb: Option<u64>,
    /// Files rendered at the same time [default: number of processors].
    #[arg(long, env = "GALLEY_RENDERERS", value_name = "N")]
    pub renderers: Option<usize>,
    /// Files opened at the same time, by all workers together; those that a tool converts, and web pages, go
    /// one at a time [default: number of processors].
    #[arg(long, env = "GALLEY_JOBS", value_name = "N")]
    pub jobs: Option<u32>,
    /// Do no jobs: `galley worker` does them.
    #[arg(long, env = "GALLEY_NO_WORKER")]
    pub no_worker: bool,
    /// Mail server: smtps://USER:PASSWORD@HOST, or smtp://HOST:587?tls=required for STARTTLS
    /// [default: none; mails are kept to be looked at in the web app].
    #[arg(long, env = "GALLEY_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Whom mail comes from, for example "Proofs <proofs@example.com>".
    #[arg(long, env = "GALLEY_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Let callbacks go to addresses of this machine's own network, too.
    #[arg(long, env = "GALLEY_ALLOW_PRIVATE_CALLBACKS")]
    pub allow_private_callbacks: bool,
    /// Let web pages that are captured come from private networks, too: `all`, or addresses with ports such as
    /// 10.1.2.3:443, parted by commas [default: none].
    #[arg(long, env = "GALLEY_ALLOW_PRIVATE_CAPTURES", value_name = "ADDRS")]
    pub allow_private_captures: Option<String>,
    /// Chromium, which captures web pages [default: the one that is installed].
    #[arg(long, env = "GALLEY_CHROMIUM", value_name = "FILE")]
    pub chromium: Option<PathBuf>,
    /// Let anybody open an account over the SOAP API, on the smallest plan. Without it only billing
    /// administrators of the first account do.
    #[arg(long, env = "GALLEY_OPEN_SIGN_UP")]
    pub open_sign_up: bool,
    /// Let anybody have a sample proof mailed to any address over the SOAP API (orderSampleProof): each
    /// address once a day, 60 addresses an hour. Without it such orders are refused.
    #[arg(long, env = "GALLEY_SAMPLE_PROOFS")]
    pub sample_proofs: bool,
}

/// Options of `galley worker`. What is not given is read from the server's configuration file.
#[derive(Args, Clone, Debug)]
pub(crate) struct WorkerArgs {
    /// Folder that holds everything; a server may be using it.
    #[arg(long, env = "GALLEY_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Configuration file [default: galley.toml in the data folder, if there is one].
    #[arg(long, env = "GALLEY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Files opened at the same time, by all workers together [default: number of processors].
    #[arg(long, env = "GALLEY_JOBS", value_name = "N")]
    pub jobs: Option<u32>,
    /// Size of the cache of rendered pages in megabytes; the same as the server's [default: 10000].
    #[arg(long, env = "GALLEY_CACHE_MB", value_name = "MB")]
    pub cache_mb: Option<u64>,
    /// Let web pages that are captured come from private networks; the same as the server's [default: none].
    #[arg(long, env = "GALLEY_ALLOW_PRIVATE_CAPTURES", value_name = "ADDRS")]
    pub allow_private_captures: Option<String>,
    /// Chromium, which captures web pages [default: the one that is installed].
    #[arg(long, env = "GALLEY_CHROMIUM", value_name = "FILE")]
    pub chromium: Option<PathBuf>,
}

impl WorkerArgs {
    /// As [`ServeArgs::resolve`].
    pub(crate) fn resolve(self) -> Result<ServeOptions, String> {
        let WorkerArgs { data, config, jobs, cache_mb, allow_private_captures, chromium } = self;
        let data = Some(data);
        let same = ServeArgs::default();
        ServeArgs { data, config, jobs, cache_mb, allow_private_captures, chromium, ..same }.resolve()
    }
}

/// The data folder of other commands.
#[derive(Args, Clone, Debug)]
pub(crate) struct DataArgs {
    /// Folder that holds everything.
    #[arg(long, env = "GALLEY_DATA", value_name = "DIR")]
    pub data: PathBuf,
}

/// Options of `galley wsdl`.
#[derive(Args, Clone, Debug)]
pub(crate) struct WsdlArgs {
    /// Address that the WSDL names.
    #[arg(long, env = "GALLEY_PUBLIC_URL", value_name = "URL", default_value = "https://localhost:8443")]
    pub public_url: String,
    /// Version of the API, such as 16.24; the first one is that of /soap.
    #[arg(long, value_name = "VERSION", default_value = "12.1")]
    pub api_version: String,
}

/// Options with everything decided.
#[derive(Clone, Debug)]
pub(crate) struct ServeOptions {
    pub data: PathBuf,
    pub https: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
    pub public_url: String,
    pub tls: Option<(PathBuf, PathBuf)>,
    pub demo: bool,
    pub max_upload: u64,
    pub keep_free: u64,
    pub cache: u64,
    pub renderers: usize,
    pub jobs: u32,
    pub no_worker: bool,
    pub smtp: Option<Smtp>,
    pub allow_private_callbacks: bool,
    pub private_captures: Private,
    pub chromium: Option<PathBuf>,
    pub open_sign_up: bool,
    pub sample_proofs: bool,
}

const MEGABYTE: u64 = 1_000_000;

impl ServeArgs {
    /// Reads the configuration file and decides what nobody decided.
    pub(crate) fn resolve(self) -> Result<ServeOptions, String> {
        let file = match (&self.config, &self.data) {
            (Some(path), _) => read(path)?,
            (None, Some(data)) if data.join("galley.toml").is_file() => read(&data.join("galley.toml"))?,
            _ => ServeArgs::default(),
        };
        let data =
            self.data.or(file.data).ok_or("--data DIR is missing: the folder that holds everything")?;
        let (https, mut http) = (self.https.or(file.https), self.http.or(file.http));
        if https.is_none() && http.is_none() {
            http = Some(SocketAddr::from(([127, 0, 0, 1], 8080)));
        }
        let public_url = match self.public_url.or(file.public_url) {
            Some(url) => check_url(&url)?,
            None => match (https, http) {
                (Some(address), _) => format!("https://{}", reachable(address)),
                (None, Some(address)) => format!("http://{}", reachable(address)),
                (None, None) => String::new(),
            },
        };
        let tls = self.tls_cert.or(file.tls_cert).zip(self.tls_key.or(file.tls_key));
        let smtp = match (self.smtp_url.or(file.smtp_url), self.mail_from.or(file.mail_from)) {
            (Some(url), Some(from)) => Some(Smtp { url, from }),
            (Some(_), None) => return Err("--mail-from is missing: whom mail comes from".to_owned()),
            (None, _) => None,
        };
        let private_captures = match self.allow_private_captures.or(file.allow_private_captures) {
            Some(text) => {
                text.parse().map_err(|problem| format!("--allow-private-captures holds {problem}"))?
            }
            None => Private::Refused,
        };
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(ServeOptions {
            data,
            https,
            http,
            public_url,
            tls,
            demo: self.demo || file.demo,
            max_upload: self.max_upload_mb.or(file.max_upload_mb).unwrap_or(4000) * MEGABYTE,
            keep_free: self.keep_free_mb.or(file.keep_free_mb).unwrap_or(500) * MEGABYTE,
            cache: self.cache_mb.or(file.cache_mb).unwrap_or(10_000) * MEGABYTE,
            renderers: self.renderers.or(file.renderers).unwrap_or(processors).max(1),
            jobs: self.jobs.or(file.jobs).unwrap_or(u32::try_from(processors).unwrap_or(2).max(2)).max(1),
            no_worker: self.no_worker || file.no_worker,
            smtp,
            allow_private_callbacks: self.allow_private_callbacks || file.allow_private_callbacks,
            private_captures,
            chromium: self.chromium.or(file.chromium),
            open_sign_up: self.open_sign_up || file.open_sign_up,
            sample_proofs: self.sample_proofs || file.sample_proofs,
        })
    }
}

fn read(path: &Path) -> Result<ServeArgs, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// A wildcard address is where one listens, not where one is reached.
fn reachable(address: SocketAddr) -> String {
    match address.ip().is_unspecified() {
        true => format!("localhost:{}", address.port()),
        false => address.to_string(),
    }
}

fn check_url(url: &str) -> Result<String, String> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '"', '<', '>', '&', '@']) => {
            Ok(url.to_owned())
        }
        _ => Err(format!("--public-url must look like https://proofs.example.com, without a path: {url}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_fills_what_the_command_line_leaves_open() {
        let dir = std::env::temp_dir().join(format!("galley-config-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("temporary folder");
        let text =
            "public_url = \"https://proofs.example.com/\"\nhttp = \"127.0.0.1:9000\"\nmax_upload_mb = 7\n";
        std::fs::write(dir.join("galley.toml"), text).expect("writes");
        let args = ServeArgs { data: Some(dir.clone()), max_upload_mb: Some(9), ..ServeArgs::default() };
        let options = args.resolve().expect("resolves");
        assert_eq!(options.public_url, "https://proofs.example.com");
        assert_eq!(options.http.map(|a| a.port()), Some(9000));
        assert_eq!(options.max_upload, 9_000_000);
        std::fs::write(dir.join("galley.toml"), "publik_url = 1").expect("writes");
        let args = ServeArgs { data: Some(dir.clone()), ..ServeArgs::default() };
        assert!(args.resolve().expect_err("unknown name").contains("publik_url"));
        std::fs::remove_dir_all(dir).expect("removes");
    }

    #[test]
    fn public_urls() {
        assert_eq!(check_url("https://x.example.com/"), Ok("https://x.example.com".to_owned()));
        for bad in ["x.example.com", "ftp://x", "https://", "https://x/path", "https://a b"] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }
}
