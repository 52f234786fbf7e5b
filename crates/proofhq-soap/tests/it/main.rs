//! The contract through its public interface, and the server through its front door.

mod callbacks;
mod contract;
mod creation;
mod decisions;
mod dispatch;
mod docs;
mod fuzz;
mod groups;
mod http;
mod lifecycle;
mod lists;
mod operations;
mod rights;
mod scenario;
mod sessions;
mod templates;
mod upload;
mod users;
mod workflow;
mod wsdl;
