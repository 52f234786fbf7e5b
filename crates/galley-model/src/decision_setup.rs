//! How an account offers decisions: names, reasons, messages (`product.md` 5.12). None of it changes
//! what a decision means.

use crate::{AccountId, Decision, ProofId, ReasonId, ReviewerId};
use thiserror::Error;

/// Most reasons that an account can have.
pub const MAX_REASONS: usize = 200;
/// Longest text that goes with a reason, in characters.
pub const MAX_REASON_TEXT: usize = 2000;

/// How an account offers one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionSetup {
    /// The decision.
    pub decision: Decision,
    /// Name as people of the account read it.
    pub label: String,
    /// People can choose it.
    pub offered: bool,
    /// Whoever chooses it is asked for reasons.
    pub reasons: bool,
    /// Whoever chose it is shown the account's message.
    pub post_message: bool,
}

impl DecisionSetup {
    /// How an account offers a decision before anybody changes that.
    pub fn standard(decision: Decision) -> DecisionSetup {
        let label = decision.label().to_owned();
        DecisionSetup { decision, label, offered: true, reasons: false, post_message: false }
    }

    /// The name, if it is not the usual one.
    pub fn custom_label(&self) -> Option<&str> {
        (self.label != self.decision.label()).then_some(&self.label)
    }
}

/// Changes of how a decision is offered. What is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionSetupEdit {
    /// Name, cleaned already.
    pub label: Option<String>,
    /// People can choose it.
    pub offered: Option<bool>,
    /// Whoever chooses it is asked for reasons.
    pub reasons: Option<bool>,
    /// Whoever chose it is shown the account's message.
    pub post_message: Option<bool>,
}

/// Why a decision cannot be offered like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecisionSetupError {
    /// Nobody chooses Pending, so it can only be renamed.
    #[error("pending is what stands before a decision: it can be renamed and nothing else")]
    Pending,
    /// It is the last one left.
    #[error("one decision at least has to be offered")]
    NothingOffered,
    /// Another decision is called that, or answers to it.
    #[error("another decision has this name")]
    LabelTaken,
    /// Names of decisions stand in lists and on buttons.
    #[error("the name of a decision may have at most 60 characters")]
    LabelTooLong,
}

/// All decisions of an account, given those that differ from the usual.
pub fn decision_setups(changed: Vec<DecisionSetup>) -> [DecisionSetup; 5] {
    let mut all = Decision::ALL.map(DecisionSetup::standard);
    for setup in changed {
        if let Some(known) = all.iter_mut().find(|known| known.decision == setup.decision) {
            *known = setup;
        }
    }
    all
}

/// One decision after a change.
///
/// # Errors
/// [`DecisionSetupError`].
pub fn change_decision_setup(
    all: &[DecisionSetup; 5],
    decision: Decision,
    edit: &DecisionSetupEdit,
) -> Result<DecisionSetup, DecisionSetupError> {
    let mut setup = DecisionSetup::standard(decision);
    if let Some(known) = all.iter().find(|known| known.decision == decision) {
        setup.clone_from(known);
    }
    if let Some(label) = &edit.label {
        if label.chars().count() > 60 {
            return Err(DecisionSetupError::LabelTooLong);
        }
        // A name must not be a word that stands for another decision: programs send either.
        let means_other = Decision::parse(label).is_some_and(|other| other != decision);
        let others = all.iter().filter(|other| other.decision != decision);
        if means_other || others.into_iter().any(|other| same_label(&other.label, label)) {
            return Err(DecisionSetupError::LabelTaken);
        }
        setup.label.clone_from(label);
    }
    setup.offered = edit.offered.unwrap_or(setup.offered);
    setup.reasons = edit.reasons.unwrap_or(setup.reasons);
    setup.post_message = edit.post_message.unwrap_or(setup.post_message);
    if !decision.made() {
        let plain = setup.offered && !setup.reasons && !setup.post_message;
        return if plain { Ok(setup) } else { Err(DecisionSetupError::Pending) };
    }
    let left = all.iter().any(|other| other.decision.made() && other.decision != decision && other.offered);
    if setup.offered || left { Ok(setup) } else { Err(DecisionSetupError::NothingOffered) }
}

fn same_label(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// The decision that a number, a standard text or a name of the account stands for.
pub fn parse_decision(text: &str, all: &[DecisionSetup; 5]) -> Option<Decision> {
    Decision::parse(text)
        .or_else(|| all.iter().find(|setup| same_label(&setup.label, text)).map(|setup| setup.decision))
}

/// A reason that people can give with a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionReason {
    /// Identifier.
    pub id: ReasonId,
    /// The account.
    pub account: AccountId,
    /// Name as people read it.
    pub name: String,
    /// It comes with a box for a text.
    pub text: bool,
}

/// A reason that somebody picks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedReason {
    /// The reason.
    pub id: ReasonId,
    /// What they wrote beside it, possibly empty.
    pub text: String,
}

/// A reason that somebody gave, with its name at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenReason {
    /// The version.
    pub proof: ProofId,
    /// Who gave it.
    pub reviewer: ReviewerId,
    /// Its name.
    pub name: String,
    /// What they wrote beside it, possibly empty.
    pub text: String,
}

/// Why reasons cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReasonError {
    /// Nobody asks for them with this decision.
    #[error("this decision does not ask for reasons")]
    NotAsked,
    /// The account has no such reason.
    #[error("there is no such reason")]
    Unknown,
    /// The reason has no box to write into.
    #[error("this reason takes no text")]
    NoText,
    /// More than [`MAX_REASON_TEXT`] characters.
    #[error("the text of a reason may have at most 2000 characters")]
    TooLong,
}

/// Names and texts of the reasons that somebody picks, in the order of picking and each once.
///
/// # Errors
/// [`ReasonError`].
pub fn pick_reasons(
    setup: &DecisionSetup,
    known: &[DecisionReason],
    picked: &[PickedReason],
) -> Result<Vec<(String, String)>, ReasonError> {
    if !setup.reasons && !picked.is_empty() {
        return Err(ReasonError::NotAsked);
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for pick in picked {
        let reason = known.iter().find(|reason| reason.id == pick.id).ok_or(ReasonError::Unknown)?;
        let text = pick.text.trim();
        if !text.is_empty() && !reason.text {
            return Err(ReasonError::NoText);
        }
        if text.chars().count() > MAX_REASON_TEXT {
            return Err(ReasonError::TooLong);
        }
        if !found.iter().any(|(name, _)| *name == reason.name) {
            found.push((reason.name.clone(), text.to_owned()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{Approved, ApprovedWithChanges, ChangesRequired, NotRelevant, Pending};
    use proptest::prelude::*;

    fn label(text: &str) -> DecisionSetupEdit {
        DecisionSetupEdit { label: Some(text.to_owned()), ..DecisionSetupEdit::default() }
    }

    #[test]
    fn what_a_decision_can_be_called() {
        let all = decision_setups(vec![DecisionSetup {
            label: "Print it".to_owned(),
            ..DecisionSetup::standard(Approved)
        }]);
        let table = [
            (Approved, "Go", Ok(())),
            (Approved, "Approved", Ok(())),
            (Pending, "Waiting", Ok(())),
            (ChangesRequired, "rejected", Ok(())),
            (ChangesRequired, "print IT", Err(DecisionSetupError::LabelTaken)),
            (ChangesRequired, "Approved", Err(DecisionSetupError::LabelTaken)),
            (NotRelevant, "3", Err(DecisionSetupError::LabelTaken)),
            (NotRelevant, "not approved", Err(DecisionSetupError::LabelTaken)),
            (NotRelevant, &"x".repeat(61), Err(DecisionSetupError::LabelTooLong)),
        ];
        for (decision, text, expected) in table {
            let found = change_decision_setup(&all, decision, &label(text));
            assert_eq!(found.as_ref().map(|_| ()).map_err(|e| *e), expected, "{decision:?} {text}");
            if let Ok(setup) = found {
                assert_eq!((setup.decision, setup.label.as_str()), (decision, text));
            }
        }
    }

    #[test]
    fn pending_can_only_be_renamed() {
        let all = decision_setups(Vec::new());
        for edit in [
            DecisionSetupEdit { offered: Some(false), ..DecisionSetupEdit::default() },
            DecisionSetupEdit { reasons: Some(true), ..DecisionSetupEdit::default() },
            DecisionSetupEdit { post_message: Some(true), ..DecisionSetupEdit::default() },
        ] {
            assert_eq!(change_decision_setup(&all, Pending, &edit), Err(DecisionSetupError::Pending));
        }
    }

    #[test]
    fn one_decision_is_always_offered() {
        let hide = DecisionSetupEdit { offered: Some(false), ..DecisionSetupEdit::default() };
        let mut all = decision_setups(Vec::new());
        for decision in [ChangesRequired, ApprovedWithChanges, NotRelevant] {
            let setup = change_decision_setup(&all, decision, &hide).expect("others are left");
            all = decision_setups(
                all.into_iter().map(|s| if s.decision == decision { setup.clone() } else { s }).collect(),
            );
        }
        assert_eq!(change_decision_setup(&all, Approved, &hide), Err(DecisionSetupError::NothingOffered));
    }

    #[test]
    fn numbers_texts_and_names_are_read() {
        let all = decision_setups(vec![DecisionSetup {
            label: "Print it".to_owned(),
            ..DecisionSetup::standard(Approved)
        }]);
        for (text, expected) in [
            ("3", Some(Approved)),
            ("approved", Some(Approved)),
            (" PRINT it ", Some(Approved)),
            ("Not relevant", Some(NotRelevant)),
            ("maybe", None),
            ("", None),
        ] {
            assert_eq!(parse_decision(text, &all), expected, "{text}");
        }
    }

    #[test]
    fn reasons_are_checked() {
        let asking = DecisionSetup { reasons: true, ..DecisionSetup::standard(ChangesRequired) };
        let reason = |id, text| DecisionReason {
            id: ReasonId(id),
            account: AccountId(1),
            name: format!("Reason {id}"),
            text,
        };
        let known = [reason(1, false), reason(2, true)];
        let pick = |id, text: &str| PickedReason { id: ReasonId(id), text: text.to_owned() };
        let given = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let table = [
            (vec![], Ok(vec![])),
            (
                vec![pick(2, " too red "), pick(1, "")],
                Ok(vec![given("Reason 2", "too red"), given("Reason 1", "")]),
            ),
            (vec![pick(1, ""), pick(1, "")], Ok(vec![given("Reason 1", "")])),
            (vec![pick(1, "why")], Err(ReasonError::NoText)),
            (vec![pick(3, "")], Err(ReasonError::Unknown)),
            (vec![pick(2, &"x".repeat(2001))], Err(ReasonError::TooLong)),
        ];
        for (picked, expected) in table {
            assert_eq!(pick_reasons(&asking, &known, &picked), expected, "{picked:?}");
        }
        let silent = DecisionSetup::standard(Approved);
        assert_eq!(pick_reasons(&silent, &known, &[pick(1, "")]), Err(ReasonError::NotAsked));
        assert_eq!(pick_reasons(&silent, &known, &[]), Ok(vec![]));
    }

    fn any_edit() -> impl Strategy<Value = (usize, DecisionSetupEdit)> {
        let flag = || proptest::option::of(any::<bool>());
        let labels = proptest::option::of(prop_oneof![
            "[A-C]{1,2}",
            Just("Approved".to_owned()),
            Just("changes required".to_owned()),
            Just("Rejected".to_owned()),
        ]);
        (0..5usize, labels, flag(), flag(), flag()).prop_map(|(at, label, offered, reasons, post_message)| {
            (at, DecisionSetupEdit { label, offered, reasons, post_message })
        })
    }

    proptest! {
        /// However people rename and hide: every name and every standard text means one decision, and
        /// somebody can always decide.
        #[test]
        fn names_stay_clear_and_something_is_offered(edits in proptest::collection::vec(any_edit(), 0..20)) {
            let mut all = decision_setups(Vec::new());
            for (at, edit) in edits {
                if let Ok(setup) = change_decision_setup(&all, Decision::ALL[at], &edit) {
                    all[at] = setup;
                }
                for setup in &all {
                    prop_assert_eq!(parse_decision(&setup.label, &all), Some(setup.decision));
                    prop_assert_eq!(parse_decision(setup.decision.wire(), &all), Some(setup.decision));
                }
                prop_assert!(all.iter().any(|setup| setup.decision.made() && setup.offered));
                prop_assert!(all[0].offered);
            }
        }
    }
}
