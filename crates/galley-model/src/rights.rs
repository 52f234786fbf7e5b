//! Who may do what with one version of a proof (`product.md` 2.4 and 2.6).

use crate::{Profile, ProofFlags, ProofState, Role, ShareRole, StageState};

/// How somebody stands to a version of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Relation {
    /// Profile of their login in the account that owns the proof; none for guests and strangers.
    pub profile: Option<Profile>,
    /// They own it.
    pub owner: bool,
    /// They created it.
    pub creator: bool,
    /// Their role on this version, if they are on it.
    pub role: Option<Role>,
    /// Where the stage stands that they are on.
    pub stage: StageState,
    /// The folder it is in is shared with them.
    pub share: Option<ShareRole>,
    /// They came by the team URL, unidentified.
    pub public: bool,
}

/// What somebody may do with a version of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ProofRights {
    /// Open it and read comments.
    pub view: bool,
    /// Change details, settings, people, state; make versions; delete.
    pub edit: bool,
    /// Write comments and replies now.
    pub comment: bool,
    /// Decide now.
    pub decide: bool,
    /// Resolve and reopen threads now.
    pub resolve: bool,
    /// Edit other people's comments now.
    pub edit_others: bool,
    /// Delete other people's comments now.
    pub delete_others: bool,
    /// Fetch the original file.
    pub download: bool,
}

/// The rights that follow from a relation, the state of the proof and its switches.
///
/// The profile and the role add up. A locked proof is read-only for everybody, whoever they are. A
/// stage that has not started or is locked is read-only for its own people: what they may do with
/// other people's comments stays.
pub fn proof_rights(relation: &Relation, state: ProofState, flags: ProofFlags) -> ProofRights {
    let manages = relation.profile.is_some_and(Profile::manages_all);
    let edits_by_role = relation.role.is_some_and(Role::edits);
    let granted = relation.share == Some(ShareRole::Edit) && relation.profile.is_some_and(Profile::creates);
    let edit = relation.owner || relation.creator || manages || edits_by_role || granted;
    let public = relation.public && flags.has(ProofFlags::TEAM_URL);
    let view = edit || relation.role.is_some() || relation.share.is_some() || public;
    let active = state == ProofState::Active;
    let open = active && relation.stage == StageState::Active;
    ProofRights {
        view,
        edit,
        comment: open && relation.role.is_some_and(Role::comments),
        decide: open && relation.role.is_some_and(Role::decides),
        resolve: active && edit && relation.role.is_some(),
        edit_others: active && edit && relation.role.is_some(),
        delete_others: active && relation.role == Some(Role::Moderator),
        download: view && flags.has(ProofFlags::DOWNLOAD),
    }
}

/// What the rules on one comment depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentFacts {
    /// The person asking wrote it.
    pub mine: bool,
    /// Somebody replied.
    pub has_replies: bool,
}

/// What somebody may do with one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentRights {
    /// Change the text.
    pub edit: bool,
    /// Remove it with its replies.
    pub delete: bool,
    /// Resolve or reopen it.
    pub resolve: bool,
    /// Reply to it.
    pub reply: bool,
}

/// A comment can be changed until somebody replies: by its author, and by people with edit rights
/// on the proof; it can be deleted by its author under the same condition, and by a moderator always.
/// Its author may resolve it too: whoever asked for a change can say that it is there.
pub fn comment_rights(rights: &ProofRights, facts: CommentFacts) -> CommentRights {
    let own = facts.mine && rights.comment;
    CommentRights {
        edit: !facts.has_replies && (own || rights.edit_others),
        delete: (own && !facts.has_replies) || rights.delete_others,
        resolve: rights.resolve || own,
        reply: rights.comment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn role(role: Role) -> Relation {
        Relation { role: Some(role), ..Relation::default() }
    }

    #[test]
    fn rights_by_role_on_an_active_proof() {
        // role, edit, comment, decide, resolve, delete others
        let table = [
            (Role::ReadOnly, false, false, false, false, false),
            (Role::Reviewer, false, true, false, false, false),
            (Role::Approver, false, false, true, false, false),
            (Role::ReviewerApprover, false, true, true, false, false),
            (Role::Author, true, true, true, true, false),
            (Role::Moderator, true, true, true, true, true),
        ];
        for (r, edit, comment, decide, resolve, delete) in table {
            let rights = proof_rights(&role(r), ProofState::Active, ProofFlags::DEFAULT);
            assert!(rights.view && rights.download);
            assert_eq!(
                (rights.edit, rights.comment, rights.decide, rights.resolve, rights.delete_others),
                (edit, comment, decide, resolve, delete),
                "{r:?}"
            );
        }
    }

    #[test]
    fn a_stage_that_waits_or_is_locked_is_read_only_for_its_people() {
        for stage in [StageState::Waiting, StageState::Locked] {
            for r in Role::ALL {
                let open = proof_rights(&role(r), ProofState::Active, ProofFlags::DEFAULT);
                let relation = Relation { stage, ..role(r) };
                let rights = proof_rights(&relation, ProofState::Active, ProofFlags::DEFAULT);
                assert_eq!(rights, ProofRights { comment: false, decide: false, ..open }, "{r:?} {stage:?}");
            }
        }
    }

    #[test]
    fn rights_by_profile() {
        for profile in Profile::ALL {
            let relation = Relation { profile: Some(profile), ..Relation::default() };
            let rights = proof_rights(&relation, ProofState::Active, ProofFlags::DEFAULT);
            assert_eq!(rights.view, profile.manages_all(), "{profile:?}");
            assert_eq!(rights.edit, profile.manages_all(), "{profile:?}");
            assert!(!rights.comment && !rights.decide, "not on the proof");
        }
    }

    #[test]
    fn owners_and_creators_edit_whatever_their_role() {
        for relation in [
            Relation { owner: true, ..role(Role::ReadOnly) },
            Relation { creator: true, ..Relation::default() },
        ] {
            assert!(proof_rights(&relation, ProofState::Locked, ProofFlags::DEFAULT).edit);
        }
    }

    #[test]
    fn the_team_url_reads_only_and_can_be_switched_off() {
        let public = Relation { public: true, ..Relation::default() };
        let rights = proof_rights(&public, ProofState::Active, ProofFlags::DEFAULT);
        assert_eq!(rights, ProofRights { view: true, download: true, ..ProofRights::default() });
        let off = ProofFlags::DEFAULT.set(ProofFlags::TEAM_URL, Some(false));
        assert_eq!(proof_rights(&public, ProofState::Active, off), ProofRights::default());
    }

    #[test]
    fn comments_can_change_until_somebody_replies() {
        let rights = proof_rights(&role(Role::Reviewer), ProofState::Active, ProofFlags::DEFAULT);
        let mine = CommentFacts { mine: true, has_replies: false };
        assert_eq!(
            comment_rights(&rights, mine),
            CommentRights { edit: true, delete: true, resolve: true, reply: true }
        );
        let answered = CommentFacts { mine: true, has_replies: true };
        assert_eq!(
            comment_rights(&rights, answered),
            CommentRights { edit: false, delete: false, resolve: true, reply: true }
        );
        let theirs = CommentFacts { mine: false, has_replies: false };
        assert_eq!(
            comment_rights(&rights, theirs),
            CommentRights { edit: false, delete: false, resolve: false, reply: true }
        );
        let moderator = proof_rights(&role(Role::Moderator), ProofState::Active, ProofFlags::DEFAULT);
        let answered = CommentFacts { mine: false, has_replies: true };
        assert!(comment_rights(&moderator, answered).delete);
    }

    #[test]
    fn a_shared_folder_shows_its_proofs() {
        let shared = |profile, share| Relation { profile: Some(profile), share, ..Relation::default() };
        // profile, share, view, edit
        let table = [
            (Profile::Manager, None, false, false),
            (Profile::Manager, Some(ShareRole::Read), true, false),
            (Profile::Manager, Some(ShareRole::Edit), true, true),
            (Profile::Observer, Some(ShareRole::Edit), true, false),
        ];
        for (profile, share, view, edit) in table {
            let rights = proof_rights(&shared(profile, share), ProofState::Active, ProofFlags::DEFAULT);
            assert_eq!((rights.view, rights.edit), (view, edit), "{profile:?} {share:?}");
            assert!(!rights.comment && !rights.decide, "not on the proof");
        }
    }

    fn any_relation() -> impl Strategy<Value = Relation> {
        (0..7usize, any::<bool>(), any::<bool>(), 0..7usize, 0..3i64, any::<bool>()).prop_map(
            |(p, owner, creator, r, share, public)| Relation {
                profile: Profile::ALL.get(p).copied(),
                owner,
                creator,
                role: Role::ALL.get(r).copied(),
                stage: StageState::Active,
                share: ShareRole::from_code(share),
                public,
            },
        )
    }

    proptest! {
        #[test]
        fn a_locked_proof_changes_for_nobody(relation in any_relation(), flags in any::<u32>()) {
            let rights = proof_rights(&relation, ProofState::Locked, ProofFlags(flags));
            prop_assert!(!rights.comment && !rights.decide && !rights.resolve && !rights.edit_others && !rights.delete_others);
        }

        #[test]
        fn whoever_may_do_anything_may_view(relation in any_relation(), flags in any::<u32>()) {
            let rights = proof_rights(&relation, ProofState::Active, ProofFlags(flags));
            let any = rights.edit || rights.comment || rights.decide || rights.resolve || rights.download;
            prop_assert!(!any || rights.view);
        }
    }
}
