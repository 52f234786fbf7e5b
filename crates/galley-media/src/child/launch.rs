//! Becoming a tool: what it gives up is given up here, and the program that takes this process over cannot get
//! it back.
//!
//! A tool needs its libraries, fonts and threads, so it is left more than a decoder: it reads what is installed,
//! and writes into its own folder. It gets no network, no other process, and nothing of what people keep on
//! this machine.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use landlock::{
    ABI, Access, AccessFs, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, Scope,
};
use rustix::thread::UnshareFlags;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Op, SeccompCondition,
    SeccompFilter, SeccompRule,
};

use super::{complain, sandbox};
use crate::limits::Protection;
use crate::protocol::{Event, Launch, Request};

/// Programs, libraries and data that packages install.
const INSTALLED: &[&str] = &["/usr", "/lib", "/lib64", "/bin", "/opt/libreoffice"];
/// Settings of the libraries a tool uses. Nothing about people or this machine's secrets.
const SETTINGS: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/ghostscript",
    "/etc/ImageMagick-6",
    "/etc/ImageMagick-7",
    "/etc/localtime",
    "/var/cache/fontconfig",
    "/var/lib/ghostscript",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/etc/locale.alias",
    "/dev/urandom",
    "/dev/zero",
];

/// Gives up rights and becomes the program. Returns only if it cannot.
pub(super) fn become_tool(request: &Request, launch: &Launch) -> ExitCode {
    let no_new_privs = rustix::thread::set_no_new_privs(true).is_ok();
    let own_network = leave_network().is_ok();
    let temporary = request.out.join("tmp");
    let program = launch.program.as_deref();
    let own_tmp = own_network && replace_tmp(request, program, &temporary).is_ok();
    let files = fence_files(request, program, &temporary, own_tmp).unwrap_or(false);
    let tcp = sandbox::fence_tcp().unwrap_or(false);
    let system_calls = filter_system_calls().is_some();
    let protection = Protection { no_new_privs, files, tcp, system_calls, own_network };
    let Some(program) = program else {
        return match serde_json::to_string(&Event::Ready { protection }) {
            Ok(line) => say(&line),
            Err(error) => complain(&error.to_string()),
        };
    };
    // Documents make office programs fetch what they link to. That must not depend on their settings alone.
    if !system_calls && !own_network {
        return complain("cannot keep a tool from the network on this machine");
    }
    let error = Command::new(program)
        .args(&launch.args)
        .env_clear()
        .envs(launch.variables.iter().map(|(name, value)| (name, value)))
        .current_dir(&request.out)
        .exec();
    complain(&format!("cannot start {}: {error}", program.display()))
}

fn say(line: &str) -> ExitCode {
    use io::Write as _;
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

/// A network, mounts and System V memory that nobody else is in.
fn leave_network() -> io::Result<()> {
    let flags = UnshareFlags::NEWUSER | UnshareFlags::NEWNET | UnshareFlags::NEWIPC | UnshareFlags::NEWNS;
    // Unsound only for flags that part threads from their open files; this process has one thread, and these
    // flags do not.
    #[allow(deprecated)]
    rustix::thread::unshare(flags).map_err(io::Error::from)
}

/// Puts the tool's own folder in the place of /tmp. What it works on, and the tool, stay where they were, also if
/// that is there.
fn replace_tmp(request: &Request, program: Option<&Path>, temporary: &Path) -> io::Result<()> {
    let beside = program.and_then(Path::parent);
    for path in [request.out.as_path(), request.input.as_path()].into_iter().chain(beside) {
        let Ok(below) = path.strip_prefix("/tmp") else { continue };
        if below.as_os_str().is_empty() {
            continue;
        }
        let place = temporary.join(below);
        if path.is_dir() {
            std::fs::create_dir_all(&place)?;
        } else {
            place.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            std::fs::File::options().create(true).append(true).open(&place)?;
        }
        rustix::mount::mount_bind(path, &place)?;
    }
    Ok(rustix::mount::mount_bind_recursive(temporary, "/tmp")?)
}

fn fence_files(
    request: &Request,
    program: Option<&Path>,
    temporary: &Path,
    own_tmp: bool,
) -> Result<bool, RulesetError> {
    let abi = ABI::V6;
    let handled = Ruleset::default().handle_access(AccessFs::from_all(abi))?.scope(Scope::from_all(abi))?;
    let mut rules = handled.create()?;
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let of_file: BitFlags<AccessFs> = AccessFs::ReadFile.into();
    let running = reading | AccessFs::Execute;
    let beside = program.and_then(Path::parent);
    let installed = INSTALLED.iter().map(Path::new).chain(beside).map(|path| (path, running));
    let settings =
        SETTINGS.iter().map(Path::new).map(|path| (path, if path.is_dir() { reading } else { of_file }));
    let input = [
        (request.input.as_path(), of_file),
        (Path::new("/dev/null"), AccessFs::ReadFile | AccessFs::WriteFile),
    ];
    let own = AccessFs::from_all(abi)
        & !(AccessFs::Execute | AccessFs::MakeBlock | AccessFs::MakeChar | AccessFs::IoctlDev);
    // LibreOffice looks in /tmp for another of its kind, by a socket. Where that is everybody's, it may make one
    // there and remove it, and nothing else.
    let socket = AccessFs::MakeSock | AccessFs::RemoveFile;
    let tmp = if own_tmp { (temporary, own) } else { (Path::new("/tmp"), socket) };
    for (path, access) in installed.chain(settings).chain(input).chain([(request.out.as_path(), own), tmp]) {
        // What is not installed needs no rule.
        if let Ok(path) = PathFd::new(path) {
            rules = rules.add_rule(PathBeneath::new(path, access))?;
        }
    }
    Ok(rules.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

/// System calls that no converter needs, and that reach other processes, the network or the kernel's insides.
const DENIED: &[libc::c_long] = &[
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_kcmp,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_setsid,
    libc::SYS_setpgid,
    libc::SYS_setpriority,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setattr,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_syslog,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_personality,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
];

/// The same for calls that not every processor has.
#[cfg(target_arch = "x86_64")]
const DENIED_HERE: &[libc::c_long] = &[libc::SYS_fork, libc::SYS_vfork, libc::SYS_iopl, libc::SYS_ioperm];
#[cfg(not(target_arch = "x86_64"))]
const DENIED_HERE: &[libc::c_long] = &[];

fn filter_system_calls() -> Option<()> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        DENIED.iter().chain(DENIED_HERE).map(|&number| (number, Vec::new())).collect();
    // A program may become another, but not start one: then its limits are all there is, and its end is.
    let no_thread = Op::MaskedEq(libc::CLONE_THREAD as u64);
    let process = SeccompCondition::new(0, Length::Qword, no_thread, 0).ok()?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![process]).ok()?]);
    // LibreOffice opens a socket of its own on which nobody calls; without connecting, it harms nobody.
    let network = SeccompCondition::new(0, Length::Dword, Op::Ne, libc::AF_UNIX as u64).ok()?;
    rules.insert(libc::SYS_socket, vec![SeccompRule::new(vec![network]).ok()?]);
    let me = u64::from(rustix::process::getpid().as_raw_nonzero().get().unsigned_abs());
    for signal in [libc::SYS_kill, libc::SYS_tgkill] {
        let others = SeccompCondition::new(0, Length::Dword, Op::Ne, me).ok()?;
        rules.insert(signal, vec![SeccompRule::new(vec![others]).ok()?]);
    }
    install(rules, libc::EPERM)?;
    // Its flags are in memory, where a filter cannot look. Libraries then use the older call.
    install(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)
}

fn install(rules: BTreeMap<i64, Vec<SeccompRule>>, error: libc::c_int) -> Option<()> {
    let denied = SeccompAction::Errno(error as u32);
    let arch = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, arch).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter(&program).ok()
}
