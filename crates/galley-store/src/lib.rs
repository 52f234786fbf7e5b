//! Tables, queries and migrations of the Galley database, and the folder of uploaded originals.
//!
//! One code base for SQLite now and PostgreSQL later: every statement is text that both read, with
//! numbered parameters, plain types (`BIGINT`, `TEXT`, `DOUBLE PRECISION`) and no vendor function.
//! The store knows tables, not rules: it returns values of `galley-model` and writes what it is told.

mod accounts;
mod actions;
mod batches;
mod blobs;
mod branding;
mod callbacks;
mod comments;
mod custom;
mod db;
mod decision_setups;
mod dropzones;
mod error;
mod events;
mod files;
mod groups;
mod interactives;
mod jobs;
mod lists;
mod logs;
mod mails;
mod migrations;
mod passes;
mod password_links;
mod people;
mod preflights;
mod proofs;
mod recordings;
mod reviewers;
mod rows;
mod samples;
mod search;
mod sessions;
mod stages;
mod summaries;
mod tags;
mod templates;
mod users;
mod web_pages;
mod workspaces;

pub use accounts::{AccountChanges, NewAccount, Usage};
pub use blobs::{Blobs, NewBlob};
pub use callbacks::{Delivery, DeliveryOutcome, DeliveryState, NewDelivery, Said};
pub use comments::{NewComment, NewReply};
pub use db::{CommitWatch, Read, Store, Write};
pub use error::StoreError;
pub use events::ChainBreak;
pub use files::NewFile;
pub use groups::NewGroup;
pub use interactives::SiteKey;
pub use jobs::{Job, JobKind, Lane, LaneLimits, LeasedJob};
pub use lists::{ProofCounts, ProofFilter, ProofQuery, Visibility};
pub use logs::LogRow;
pub use mails::{Invitation, Mail, MailCounts, MailState, NewMail};
pub use passes::NewPass;
pub use people::{NewPerson, PersonChanges};
pub use proofs::{NewProof, ProofChanges, RollUp};
pub use reviewers::{NewReviewer, ReviewerChanges};
pub use search::Keyword;
pub use sessions::SessionUser;
pub use stages::{NewStage, StageTraces};
pub use summaries::NewSummary;
pub use templates::{NewTemplate, NewTemplatePerson};
pub use users::{Credentials, NewUser, UserChanges};
pub use workspaces::{NewWorkspace, WorkspaceDetails};
