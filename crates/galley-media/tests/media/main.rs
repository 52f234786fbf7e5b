//! `galley-media` through its front door, with real children.

mod cache;
mod children;
mod fixtures;
mod hostile;
mod images;
mod pdf;
mod text;
mod world;
