//! The sandboxed half of `galley-media` as a program of its own; see [`galley_media::child_main`].

fn main() -> std::process::ExitCode {
    galley_media::child_main()
}
