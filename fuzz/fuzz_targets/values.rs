#![no_main]

#[path = "../../crates/proofhq-soap/tests/it/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::values(data));
