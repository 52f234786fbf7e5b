//! What the child gives up before it opens the file.
//!
//! Resource limits must hold, or the child does not start. Landlock and seccomp depend on the kernel; what
//! could be had is reported as [`Protection`].

use std::collections::BTreeMap;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::svg::FONT_FOLDERS;
use crate::kind::FileKind;
use crate::limits::Protection;
use crate::protocol::{ChildLimits, Request};

/// Standard streams, the input, one output, and a few for Landlock.
const MAX_OPEN_FILES: u64 = 32;
/// Deeply nested content is walked recursively; this is well above what the limits of the readers need.
const STACK_BYTES: u64 = 64 << 20;

/// Libraries, fonts and parts of a profile.
const MAX_TOOL_FILES: u64 = 512;
/// Every thread of a tool takes so much address space.
const TOOL_STACK_BYTES: u64 = 8 << 20;

/// Sets the limits. None can be raised again.
pub(super) fn limit_resources(limits: &ChildLimits) -> io::Result<()> {
    let set = |resource, value: u64| {
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) }).map_err(io::Error::from)
    };
    set(Resource::Core, 0)?;
    set(Resource::As, limits.memory_bytes)?;
    // The soft limit's signal tells the parent what happened; the hard limit's would look like any other kill.
    let cpu =
        Rlimit { current: Some(limits.cpu_seconds), maximum: Some(limits.cpu_seconds.saturating_add(2)) };
    setrlimit(Resource::Cpu, cpu)?;
    set(Resource::Fsize, limits.output_bytes)?;
    set(Resource::Nofile, if limits.tool { MAX_TOOL_FILES } else { MAX_OPEN_FILES })?;
    // The filter of system calls leaves a tool its threads and takes it processes.
    if !limits.tool {
        set(Resource::Nproc, 0)?;
    }
    // The stack may be limited more tightly from outside; then that holds.
    let outer = rustix::process::getrlimit(Resource::Stack).maximum;
    let stack = if limits.tool { TOOL_STACK_BYTES } else { STACK_BYTES };
    set(Resource::Stack, outer.map_or(stack, |outer| outer.min(stack)))
}

/// Gives up rights, as far as this kernel can.
pub(super) fn enter(request: &Request) -> Protection {
    let no_new_privs = rustix::thread::set_no_new_privs(true).is_ok();
    let fonts = if request.inputs().any(|(_, kind)| kind == FileKind::Svg) { FONT_FOLDERS } else { &[] };
    let files = fence_files(request, fonts).unwrap_or(false);
    let tcp = fence_tcp().unwrap_or(false);
    let system_calls = filter_system_calls().is_some();
    Protection { no_new_privs, files, tcp, system_calls, own_network: false }
}

fn fence_files(request: &Request, fonts: &[&str]) -> Result<bool, RulesetError> {
    // Everything any kernel knows is handled, so what a newer one adds is denied as well.
    let mut rules = Ruleset::default().handle_access(AccessFs::from_all(ABI::V6))?.create()?;
    // A file or folder that is missing gets no rule; opening it says so later.
    for input in request.inputs().flat_map(|(input, _)| PathFd::new(input)) {
        rules = rules.add_rule(PathBeneath::new(input, AccessFs::ReadFile))?;
    }
    for folder in fonts.iter().flat_map(PathFd::new) {
        rules = rules.add_rule(PathBeneath::new(folder, AccessFs::ReadFile))?;
    }
    if let Ok(out) = PathFd::new(&request.out) {
        let writing = AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::Truncate;
        rules = rules.add_rule(PathBeneath::new(out, writing))?;
    }
    Ok(rules.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

pub(super) fn fence_tcp() -> Result<bool, RulesetError> {
    let rules = Ruleset::default().handle_access(AccessNet::from_all(ABI::V4))?.create()?;
    Ok(rules.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

/// What reading a file, computing and writing files takes. Everything else fails with EPERM.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

fn filter_system_calls() -> Option<()> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|&number| (number, Vec::new())).collect();
    // Aborting signals itself, and may signal nobody else.
    let me = u64::from(rustix::process::getpid().as_raw_nonzero().get().unsigned_abs());
    let own = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, me).ok()?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![own]).ok()?]);
    let denied = SeccompAction::Errno(libc::EPERM as u32);
    let arch = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(rules, denied, SeccompAction::Allow, arch).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter(&program).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::protocol::Task;
    use std::process::Command;

    fn request(folder: &Path) -> Request {
        Request {
            input: folder.join("input"),
            kind: FileKind::Pdf,
            out: folder.join("out"),
            max_pages: 1,
            max_page_pixels: 1,
            max_page_side: 1.0,
            helpers: Vec::new(),
            drawn: Vec::new(),
            task: Task::Probe,
        }
    }

    /// What the test below runs in a process of its own.
    #[test]
    #[ignore = "gives up rights; run by the test below"]
    fn inside() {
        let Ok(folder) = std::env::var("SANDBOX_TEST_FOLDER") else { return };
        let folder = Path::new(&folder);
        // Asked now, because inside even the parent's number is not to be had.
        let parent = rustix::process::getppid().unwrap();
        rustix::process::test_kill_process(parent).unwrap();
        let protection = enter(&request(folder));
        assert!(protection.no_new_privs && protection.system_calls, "{protection:?}");

        assert_eq!(std::fs::read(folder.join("input")).unwrap(), b"input");
        std::fs::write(folder.join("out/result"), b"result").unwrap();
        std::fs::write(folder.join("out/result"), b"again").unwrap();
        if protection.files {
            std::fs::read(folder.join("secret")).unwrap_err();
            std::fs::read("/etc/passwd").unwrap_err();
            std::fs::read_dir("/").map(|_| ()).unwrap_err();
            std::fs::write(folder.join("input"), b"changed").unwrap_err();
            std::fs::write(folder.join("new"), b"").unwrap_err();
        }
        std::os::unix::fs::symlink("/etc/passwd", folder.join("out/link")).unwrap_err();
        std::fs::remove_file(folder.join("out/result")).unwrap_err();
        std::net::TcpListener::bind("127.0.0.1:0").map(|_| ()).unwrap_err();
        std::net::UdpSocket::bind("127.0.0.1:0").map(|_| ()).unwrap_err();
        std::os::unix::net::UnixStream::pair().map(|_| ()).unwrap_err();
        Command::new("/bin/true").status().map(|_| ()).unwrap_err();
        std::thread::Builder::new().spawn(|| ()).map(|_| ()).unwrap_err();
        rustix::process::test_kill_process(parent).unwrap_err();
        let limit = Rlimit { current: Some(1), maximum: Some(1) };
        setrlimit(Resource::Cpu, limit).unwrap_err();
    }

    #[test]
    fn only_input_and_output_are_left() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        std::fs::write(folder.path().join("input"), b"input").unwrap();
        std::fs::write(folder.path().join("secret"), b"secret").unwrap();
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child::sandbox::tests::inside", "--test-threads=2"])
            .env("SANDBOX_TEST_FOLDER", folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
        assert_eq!(std::fs::read(folder.path().join("out/result")).unwrap(), b"again");
        assert_eq!(std::fs::read(folder.path().join("input")).unwrap(), b"input");
    }
}
