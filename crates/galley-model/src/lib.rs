//! The proofing domain: values, states and rules.
//!
//! Nothing in here reads a clock, draws a random number, opens a file or knows a database or a
//! protocol. Times are passed in, results are returned, and every rule is a function that can be
//! tested as the table it is.

mod account;
mod action;
mod address;
mod administration;
mod alert;
mod branding;
mod callback;
mod color;
mod custom;
mod dates;
mod decision;
mod decision_setup;
mod dropzone;
mod entities;
mod event;
mod folder;
mod group;
mod ids;
mod interactive;
mod log;
mod mail;
mod markup;
mod moment;
mod name;
mod password;
mod plan;
mod privacy;
mod processing;
mod profile;
mod progress;
mod proof;
mod rich_text;
mod rights;
mod role;
mod search;
mod stage;
mod summary;
mod template;
mod version;
mod view;
mod web;
mod work;
mod workflow;

pub use account::{Account, Contact, ContactKind, Person, User, UserRecord, UserStatus, ViewerMessages};
pub use action::{Action, FIRST_ACTIONS, MAX_ACTIONS};
pub use address::{Address, AddressEdit, edited};
pub use administration::{AdministrationError, keeps_administrators, may_administer};
pub use alert::Alert;
pub use branding::{
    Branding, HelpLink, Logo, LogoImage, LogoSize, MAX_BRAND_NAME, MAX_HELP_LABEL, MAX_HELP_LINKS,
    MAX_LOGO_BYTES,
};
pub use callback::{
    Callback, CallbackType, CallbackUrlError, MAX_CALLBACK_INTERVAL, MAX_CALLBACK_URL, callback_host,
    is_public, next_delivery,
};
pub use color::{Color, Palette, Palettes};
pub use custom::{
    CustomChange, CustomError, CustomField, CustomKind, CustomOption, CustomSection, MAX_CUSTOM_FIELDS,
    MAX_CUSTOM_OPTIONS, MAX_CUSTOM_SECTIONS, custom_value,
};
pub use dates::{
    DateError, business_days_after, format_long, format_minutes, format_seconds, parse_deadline,
};
pub use decision::{Decider, Decision, Overall, Tally, overall_decision, proof_tally, required_decisions};
pub use decision_setup::{
    DecisionReason, DecisionSetup, DecisionSetupEdit, DecisionSetupError, GivenReason, MAX_REASON_TEXT,
    MAX_REASONS, PickedReason, ReasonError, change_decision_setup, decision_setups, parse_decision,
    pick_reasons,
};
pub use dropzone::{Dropzone, DropzoneRefusal, MAX_DROPZONE_FILES};
pub use entities::{
    AT_RISK_SECONDS, Batch, Comment, File, FilePart, Page, Proof, Recording, Reply, Reviewer, Tag, Workspace,
};
pub use event::{Actor, Event, EventKind};
pub use folder::{FolderFacts, FolderRelation, FolderRights, ShareRole, folder_rights};
pub use group::{
    Group, GroupMember, GroupRights, MAX_GROUP_DESCRIPTION, MAX_GROUP_MEMBERS, MAX_GROUP_NAME, group_rights,
};
pub use ids::*;
pub use interactive::{Interactive, PICTURED, Screen, framed_address, may_be_framed};
pub use log::ActivityLog;
pub use mail::{Alarm, SYSTEM_ALERT, alerts_at_once, effective_alert, mail_retry};
pub use markup::{MAX_MARKUPS, MAX_POINTS, Markup, MarkupError, MarkupKind, validate_markups};
pub use moment::{Moment, Rate, Timecode};
pub use name::{
    MAX_NAME, NameError, clean_file_name, clean_name, clean_tag, domain_name, email_address, same_email,
    web_address,
};
pub use password::{MAX_PASSWORD, PasswordError, PasswordRules, RuleError};
pub use plan::{Plan, UNLIMITED, counts_as_proof, plan_month, surplus_users};
pub use privacy::Blinds;
pub use processing::Processing;
pub use profile::Profile;
pub use progress::{Letter, Progress, ReviewerActivity, proof_progress, reviewer_progress};
pub use proof::{
    DueStage, ProofFlags, ProofKind, ProofState, Settings, auto_lock_due, is_late, late_from, latest_deadline,
};
pub use rich_text::{escape_html, message_html, message_text};
pub use rights::{CommentFacts, CommentRights, ProofRights, Relation, comment_rights, proof_rights};
pub use role::Role;
pub use search::{keywords, words_of};
pub use stage::{
    DeadlineFrom, MAX_STAGES, RelativeDeadline, SYSTEM_STAGE, Stage, StageLocking, StageRules, StageState,
    StartTrigger,
};
pub use summary::{
    MAX_SUMMARY_VERSIONS, MAX_WAITING_SUMMARIES, SUMMARY_LIFE, SUMMARY_PATIENCE, Summary, SummaryKind,
    SummaryNews, SummaryState,
};
pub use template::{
    DayTime, MAX_TEMPLATE_DAYS, Template, TemplateError, TemplatePerson, TemplateRules, TemplateStage,
    check_template,
};
pub use version::{VersionError, next_version};
pub use view::ListView;
pub use web::{
    FoundPage, MAX_RESOLUTIONS, MAX_WEB_PAGES, PageSearch, PageSearchState, Resolution, ResolutionError,
    TypedAddressError, WebPage, capture_name, private_host, same_page, sub_page, typed_web_address,
};
pub use work::{MAX_ATTEMPTS, MAX_DEATHS, Step, Urgency, Work};
pub use workflow::{
    Flow, Happening, PlanError, StageRefusal, StageStep, advance, check_stages, lock_by_hand, next_look,
};

/// A point in time. Milliseconds are enough for every rule and are what is stored.
pub type Timestamp = jiff::Timestamp;
