//! How accounts offer decisions, and reasons given with them (`product.md` 5.12).

use crate::accounts::reach;
use crate::error::{bad_name, sentence};
use crate::stages::Traces;
use crate::{Service, ServiceError, UserCaller};
use galley_model::{
    AccountId, Decision, DecisionReason, DecisionSetup, DecisionSetupEdit, EventKind, GivenReason,
    MAX_REASONS, PickedReason, Proof, ProofId, ReviewerId, change_decision_setup, clean_name,
    decision_setups, pick_reasons,
};
use galley_store::{Read, Write};

/// How an account offers its decisions.
pub(crate) fn setups(tx: &Read<'_>, account: AccountId) -> Result<[DecisionSetup; 5], ServiceError> {
    Ok(decision_setups(tx.decision_setups(account)?))
}

/// How an account offers one decision, for somebody who chooses it now.
pub(crate) fn offered(
    tx: &Read<'_>,
    account: AccountId,
    decision: Decision,
) -> Result<DecisionSetup, ServiceError> {
    let found = setups(tx, account)?.into_iter().find(|setup| setup.decision == decision);
    let setup = found.unwrap_or_else(|| DecisionSetup::standard(decision));
    if decision.made() && !setup.offered {
        let text = format!("The decision '{}' is not in use here.", setup.label);
        return Err(ServiceError::Invalid("decision", text));
    }
    Ok(setup)
}

/// Writes down the reasons that somebody picked for a decision they just made.
pub(crate) fn give_reasons(
    tx: &Write<'_>,
    account: AccountId,
    reviewer: ReviewerId,
    decision: Decision,
    picked: &[PickedReason],
) -> Result<(), ServiceError> {
    let setup = offered(tx, account, decision)?;
    let reasons = pick_reasons(&setup, &tx.decision_reasons(account)?, picked)
        .map_err(|error| ServiceError::Invalid("reasons", sentence(&error.to_string())))?;
    tx.set_given_reasons(reviewer, &reasons)?;
    Ok(())
}

/// The account to change: one within the caller's reach, if they administer it.
fn administered(
    tx: &Read<'_>,
    caller: &UserCaller,
    account: Option<AccountId>,
) -> Result<AccountId, ServiceError> {
    let account = reach(tx, caller, account)?.id;
    if caller.profile().administers() { Ok(account) } else { Err(ServiceError::Forbidden) }
}

impl Service {
    /// How an account offers its decisions, in the order of their numbers. No account means the caller's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach.
    pub fn decision_setups(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<[DecisionSetup; 5], ServiceError> {
        self.store().read(|tx| setups(tx, reach(tx, caller, account)?.id))
    }

    /// Changes how an account offers a decision. Holds at once, on every proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach, [`ServiceError::Forbidden`] for everybody but
    /// administrators, [`ServiceError::Invalid`].
    pub fn update_decision_setup(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        decision: Decision,
        edit: &DecisionSetupEdit,
    ) -> Result<DecisionSetup, ServiceError> {
        let label = edit.label.as_deref().map(clean_name).transpose().map_err(bad_name("label"))?;
        let edit = DecisionSetupEdit { label, ..edit.clone() };
        let now = self.now();
        self.store().write(|tx| {
            let account = administered(tx, caller, account)?;
            let before = setups(tx, account)?;
            let setup = change_decision_setup(&before, decision, &edit)
                .map_err(|error| ServiceError::Invalid("decision", sentence(&error.to_string())))?;
            if !before.contains(&setup) {
                tx.set_decision_setup(account, &setup)?;
                let kind = EventKind::DecisionSetupChanged { decision, label: setup.label.clone() };
                tx.append(account, None, now, &caller.actor(), &kind)?;
            }
            Ok(setup)
        })
    }

    /// Reasons that people of an account can give with decisions. No account means the caller's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach.
    pub fn decision_reasons(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
    ) -> Result<Vec<DecisionReason>, ServiceError> {
        self.store().read(|tx| Ok(tx.decision_reasons(reach(tx, caller, account)?.id)?))
    }

    /// Adds a reason that people of an account can give.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an account out of reach, [`ServiceError::Forbidden`] for everybody but
    /// administrators, [`ServiceError::Invalid`], [`ServiceError::Conflict`] when it is there already.
    pub fn create_decision_reason(
        &self,
        caller: &UserCaller,
        account: Option<AccountId>,
        name: &str,
        text: bool,
    ) -> Result<(), ServiceError> {
        let name = clean_name(name).map_err(bad_name("name"))?;
        let now = self.now();
        self.store().write(|tx| {
            let account = administered(tx, caller, account)?;
            let known = tx.decision_reasons(account)?;
            if known.iter().any(|reason| reason.name.to_lowercase() == name.to_lowercase()) {
                return Err(ServiceError::Conflict(format!("There is a reason '{name}' already.")));
            }
            if known.len() >= MAX_REASONS {
                return Err(ServiceError::Conflict(format!("There can be {MAX_REASONS} reasons at most.")));
            }
            tx.add_decision_reason(account, &name, text, now)?;
            let kind = EventKind::DecisionReasonCreated { name };
            tx.append(account, None, now, &caller.actor(), &kind)?;
            Ok(())
        })
    }

    /// Reasons given by the people on these proofs, which the caller has been shown already; not those of
    /// people on stages that the caller does not see.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub fn given_reasons(
        &self,
        caller: &UserCaller,
        proofs: &[&Proof],
    ) -> Result<Vec<GivenReason>, ServiceError> {
        let ids: Vec<ProofId> = proofs.iter().map(|proof| proof.id).collect();
        self.store().read(|tx| {
            let mut reasons = tx.given_reasons(caller.account(), &ids)?;
            if !reasons.is_empty() {
                let traces = Traces::of_list(tx, caller, proofs.iter().copied())?;
                reasons.retain(|reason| !traces.hide_reviewer(reason.reviewer));
            }
            Ok(reasons)
        })
    }
}
