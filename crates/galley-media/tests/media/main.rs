//! `galley-media` through its front door, with real children.

// clippy.toml allows this in test functions only; here fixtures and what opens them fail tests as well.
#![allow(clippy::unwrap_used)]

mod bombs;
mod cache;
mod children;
mod compare;
mod convert;
mod films;
mod fixtures;
mod formats;
mod hostile;
mod images;
mod links;
#[path = "../shared/near.rs"]
mod near;
mod pdf;
mod pixels;
mod preflight;
mod rogue;
mod sites;
mod text;
mod tools;
mod world;
