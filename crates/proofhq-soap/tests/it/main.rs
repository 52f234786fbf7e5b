//! The contract through its public interface, and the server through its front door.

mod accounts;
mod callbacks;
mod contacts;
mod contract;
mod creation;
mod decisions;
mod dispatch;
mod docs;
mod documented;
mod embed;
mod folders;
mod fuzz;
mod groups;
mod http;
mod lifecycle;
mod lists;
mod operations;
mod rights;
mod scenario;
mod sessions;
mod tags;
mod templates;
mod upload;
mod users;
mod workflow;
mod wsdl;
