//! Summaries as files, read back by programs that others wrote.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod excel;
mod pdf;
mod sample;
