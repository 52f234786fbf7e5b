//! `galley-media` through its front door, with real children.

// clippy.toml allows this in test functions only; here fixtures and what opens them fail tests as well.
#![allow(clippy::unwrap_used)]

mod cache;
mod children;
mod fixtures;
mod hostile;
mod images;
mod pdf;
mod text;
mod world;
