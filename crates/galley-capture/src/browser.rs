//! The process: found, started with nothing of ours, watched, and ended with all of its children.

use crate::devtools::DevTools;
use crate::error::{CaptureError, CaptureErrorKind};
use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::task::AbortHandle;

/// Names under which the browser is packaged.
const NAMES: [&str; 4] = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"];

/// Where to look besides PATH, which may be short for a service.
const FOLDERS: &str = "/usr/bin:/usr/local/bin";

/// Profile folders start with this and the id of the process that made them.
const PREFIX: &str = "galley-capture-";

/// Descriptors 3 and 4 are what Chromium speaks DevTools on. No core dumps, and no file above one gigabyte: it
/// counts in blocks of 512 bytes.
const SCRIPT: &str = r#"ulimit -c 0; ulimit -f 2097152; exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;

const LOOK_EVERY: Duration = Duration::from_millis(250);
const GOODBYE: Duration = Duration::from_secs(2);
/// From hanging up to having ended; a browser that still runs is not waited for.
const LAST_BREATH: Duration = Duration::from_millis(250);

/// Chromium on this machine: the one that was named, or the first of the usual ones.
pub fn find_browser(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(path) = named {
        return path.is_file().then(|| path.to_owned());
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let folders: Vec<&str> = path.split(':').chain(FOLDERS.split(':')).filter(|f| !f.is_empty()).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| Path::new(folder).join(name)));
    places.into_iter().find(|path| path.is_file())
}

/// Whether this process runs as root, under which Chromium works without its sandbox only.
pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Removes the profiles of servers that were killed.
pub fn remove_leftovers() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()?.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            // What belongs to somebody else stays.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A running browser. Dropped, it is killed with all of its children, and its profile removed.
pub(crate) struct Browser {
    pub(crate) devtools: DevTools,
    child: Child,
    group: Option<Pid>,
    folder: TempDir,
    verdict: Arc<OnceLock<CaptureErrorKind>>,
    watch: AbortHandle,
}

impl Browser {
    /// Starts a browser whose only way out is this proxy.
    pub(crate) fn start(program: &Path, proxy: SocketAddr, memory: u64) -> Result<Browser, CaptureError> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{}-", std::process::id()))
            .tempdir()
            .map_err(CaptureError::crashed)?;
        let scratch = folder.path().join("t");
        fs::create_dir(&scratch).map_err(CaptureError::crashed)?;
        let complaints = fs::File::create(folder.path().join("stderr")).map_err(CaptureError::crashed)?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(SCRIPT).arg(program).args(FLAGS);
        command.arg(format!("--user-data-dir={}", folder.path().join("p").display()));
        command.arg(format!("--proxy-server=http://{proxy}"));
        if is_root() {
            static TOLD: OnceLock<()> = OnceLock::new();
            TOLD.get_or_init(|| {
                tracing::warn!(
                    "web pages are captured without Chromium's sandbox, because this server runs as root; \
                     run it as another user"
                );
            });
            command.arg("--no-sandbox");
        }
        let mut child = command
            .arg("about:blank")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("HOME", folder.path())
            .env("TMPDIR", &scratch)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(CaptureError::crashed)?;
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let (Some(to), Some(from), Some(group)) = (child.stdin.take(), child.stdout.take(), group) else {
            return Err(CaptureError::crashed("a browser without streams"));
        };
        let verdict = Arc::new(OnceLock::new());
        let watch = tokio::spawn(watch(group, memory, verdict.clone())).abort_handle();
        let devtools = DevTools::new(to, from);
        Ok(Browser { devtools, child, group: Some(group), folder, verdict, watch })
    }

    /// Why the watch killed it, if it did.
    pub(crate) fn verdict(&self) -> Option<CaptureErrorKind> {
        self.verdict.get().cloned()
    }

    /// Says why a browser ended, from its last words.
    pub(crate) async fn explain(&mut self, error: CaptureError) -> CaptureError {
        // Whoever hung up is about to end, and how it ended says more than its words.
        let ended = match tokio::time::timeout(LAST_BREATH, self.child.wait()).await {
            Ok(Ok(status)) => format!("it ended with {status}"),
            _ => "it runs".to_owned(),
        };
        let said = fs::read(self.folder.path().join("stderr")).unwrap_or_default();
        let said = String::from_utf8_lossy(&said[said.len().saturating_sub(2000)..]).into_owned();
        if said.contains("No usable sandbox") {
            return CaptureError::new(CaptureErrorKind::NoSandbox, said);
        }
        CaptureError::crashed(format!(
            "{error} at {}; {ended}; it said: {}",
            self.devtools.doing,
            said.trim()
        ))
    }

    /// Ends it: first by asking, so that it tidies up, then by force.
    pub(crate) async fn close(mut self) {
        self.devtools.goodbye(GOODBYE).await;
        self.kill();
        // Reaped here, so that nothing writes into the profile any more when it is removed.
        let _ = tokio::time::timeout(GOODBYE, self.child.wait()).await;
    }

    fn kill(&mut self) {
        self.watch.abort();
        if let Some(group) = self.group.take() {
            // Nobody may be left.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Kills the browser when it and its children take too much memory. A limit of the address space would not do:
/// Chromium reserves terabytes that it never uses.
async fn watch(group: Pid, limit: u64, verdict: Arc<OnceLock<CaptureErrorKind>>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let used = tokio::task::spawn_blocking(move || memory_of(group)).await.unwrap_or(0);
        if used > limit {
            let _ = verdict.set(CaptureErrorKind::OutOfMemory);
            let _ = kill_process_group(group, Signal::KILL);
            return;
        }
    }
}

/// Bytes that the processes of a group have for themselves.
fn memory_of(group: Pid) -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let own = |folder: PathBuf| -> Option<u64> {
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        // The name, in brackets, may hold anything; then state, parent and group.
        let of: i32 = stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()?;
        if of != group.as_raw_nonzero().get() {
            return None;
        }
        let memory = fs::read_to_string(folder.join("statm")).ok()?;
        let mut pages = memory.split_whitespace().skip(1).map(|n| n.parse::<u64>().unwrap_or(0));
        Some(pages.next()?.saturating_sub(pages.next()?) * rustix::param::page_size() as u64)
    };
    let folders = entries.flatten().map(|entry| entry.path());
    folders
        .filter(|path| path.file_name().is_some_and(|n| n.as_encoded_bytes()[0].is_ascii_digit()))
        .filter_map(own)
        .sum()
}

/// No name is looked up and nothing is reached by Chromium itself: loopback goes through the proxy too, names
/// stand for nothing, QUIC and WebRTC, which would go past a proxy, are off.
const FLAGS: [&str; 29] = [
    "--headless",
    "--remote-debugging-pipe",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--block-new-web-contents",
    "--deny-permission-prompts",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--mute-audio",
    "--disk-cache-size=67108864",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--js-flags=--max-old-space-size=1024",
    "--disable-features=OptimizationHints,MediaRouter,DialMediaRouteProvider,Translate,WebTransport",
];
