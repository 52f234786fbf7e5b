//! Who calls.

use crate::ServiceError;
use galley_model::{
    AccountId, Actor, PersonId, Profile, Proof, ProofRights, Relation, Reviewer, ShareRole, User, UserId,
    proof_rights,
};
use galley_store::{Read, Visibility};
use jiff::tz::TimeZone;

/// Somebody with a session. Holding one means that the session was good a moment ago.
#[derive(Clone, Debug)]
pub struct UserCaller {
    /// The login.
    pub user: User,
    /// Name of the account.
    pub account_name: String,
    /// The zone in which this person reads and writes times.
    pub zone: TimeZone,
    /// Hash of the session, when there is one.
    session: String,
}

impl UserCaller {
    pub(crate) fn new(user: User, account_name: String) -> UserCaller {
        let zone = TimeZone::get(&user.time_zone).unwrap_or(TimeZone::UTC);
        UserCaller { user, account_name, zone, session: String::new() }
    }

    pub(crate) fn in_session(self, hash: String) -> UserCaller {
        UserCaller { session: hash, ..self }
    }

    /// Hash of the session that this call is made in; empty without one.
    pub(crate) fn session_hash(&self) -> &str {
        &self.session
    }

    /// The login's id.
    pub fn id(&self) -> UserId {
        self.user.id
    }

    /// The same human among the people of the account.
    pub fn person(&self) -> PersonId {
        self.user.person
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.user.account
    }

    /// Account-wide rights.
    pub fn profile(&self) -> Profile {
        self.user.profile
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor {
            user: Some(self.user.id),
            person: Some(self.user.person),
            reviewer: None,
            name: self.user.name(),
        }
    }

    pub(crate) fn visibility(&self) -> Visibility {
        if self.profile().manages_all() {
            Visibility::All
        } else {
            Visibility::Own { user: self.user.id, person: self.user.person }
        }
    }

    /// How this login stands to a proof, given its place on it.
    pub(crate) fn relation(&self, proof: &Proof, place: Option<&Reviewer>) -> Relation {
        let same = proof.account == self.account();
        Relation {
            profile: same.then_some(self.profile()),
            owner: proof.owner == self.user.id,
            creator: proof.creator == self.user.id,
            role: place.map(|r| r.role),
            stage: place.map(|r| r.stage_state).unwrap_or_default(),
            share: None,
            public: false,
        }
    }

    pub(crate) fn rights(
        &self,
        proof: &Proof,
        place: Option<&Reviewer>,
        share: Option<ShareRole>,
    ) -> ProofRights {
        let relation = Relation { share, ..self.relation(proof, place) };
        rights_on(proof, &relation)
    }

    /// What the share of its folder allows this login with a proof.
    pub(crate) fn share(&self, tx: &Read<'_>, proof: &Proof) -> Result<Option<ShareRole>, ServiceError> {
        match proof.workspace {
            Some(folder) if !self.profile().manages_all() => Ok(tx.share_of(folder, self.id())?),
            _ => Ok(None),
        }
    }
}

/// The rights that follow from how somebody stands to a proof. Of one that was handed in at a dropzone,
/// only those who run it know before it is activated.
pub(crate) fn rights_on(proof: &Proof, relation: &Relation) -> ProofRights {
    let runs = relation.owner || relation.creator || relation.profile.is_some_and(Profile::manages_all);
    if proof.submitted && !runs {
        return ProofRights::default();
    }
    proof_rights(relation, proof.usable(), proof.settings.flags)
}
