//! The ProofHQ SOAP contract: every operation and object that Galley serves as a Rust type, the
//! versions in which each part and field exists, the faults, and the way from a request to its handler.
//!
//! There is one file per family of operations. An operation is a struct of its parts in such a file,
//! an implementation of [`Handler`] (or [`OpenHandler`], for those without a session) beside it, and a
//! line in `operations.rs`. The struct alone decides how requests are read, what every version's WSDL
//! says and what the reference lists.
//!
//! Every version of [`VERSIONS`] is served from the same definitions: what a version does not have is
//! neither read nor written there.

pub mod accounts;
pub mod actions;
pub mod activity;
mod backend;
pub mod batches;
pub mod callbacks;
pub mod comments;
mod contract;
pub mod custom;
pub mod decisions;
mod dispatch;
mod drawing;
pub mod dropzones;
pub mod embed;
pub mod faults;
pub mod files;
pub mod groups;
pub mod http;
pub mod lists;
pub mod messages;
pub mod multipart;
mod operations;
pub mod people;
pub mod proofs;
mod reasons;
pub mod reference;
pub mod reviewers;
pub mod samples;
pub mod sessions;
pub mod summaries;
pub mod tags;
pub mod templates;
pub mod upload;
pub mod users;
pub mod workflow;
pub mod workspaces;

pub use backend::ServiceBackend;
pub use contract::{
    BASE, NAMESPACE, SERVICE, TYPE_ORDER, VERSIONS, endpoint_address, endpoint_version, version_segment, wsdl,
};
pub use dispatch::{Backend, Dispatcher, Handler, OpenHandler, Pace, Reply, Route};
pub use operations::{read_request, registry};
