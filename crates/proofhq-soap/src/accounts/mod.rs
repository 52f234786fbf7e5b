//! Accounts, satellites, plans.

mod create;
mod objects;
mod settings;

pub use create::{CreateAccount, CreateSatelliteAccount};
pub use objects::{
    AccountObject, AccountPasswordSettingsObject, AccountProofingDefaultsObject, MembershipObject,
    PlanObject, SatelliteAccountObject,
};
pub use settings::{
    CopyAccountBranding, GetAccountDetails, GetBillingPlans, GetSatelliteAccounts, SetAccountDomain,
    SetAccountPasswordSettings, SetAccountProofingDefaults, UpdateAccount, UpdateBillingPlan,
};
