//! Stages: laying them out, changing them, and following what happens on them (`product.md` 4).

mod due;
mod edit;
mod flow;
mod layout;
mod sight;

pub use edit::StageEdit;
pub use layout::{StageInput, StageRef};
pub use sight::ProofStages;

pub(crate) use flow::{roll_up, set_primary, stage_for, tally_up};
pub(crate) use layout::{copied, lay_out, system_stage};
pub(crate) use sight::{Traces, letters, look, seen_in_list};

use crate::ServiceError;
use galley_model::{PlanError, StageRefusal, StageState};

impl From<PlanError> for ServiceError {
    fn from(error: PlanError) -> Self {
        ServiceError::Invalid("stages", crate::error::sentence(&error.to_string()))
    }
}

impl From<StageRefusal> for ServiceError {
    fn from(error: StageRefusal) -> Self {
        ServiceError::Conflict(crate::error::sentence(&error.to_string()))
    }
}

/// Refuses what people on a stage do while it does not run.
pub(crate) fn running(stage: StageState) -> Result<(), ServiceError> {
    match stage {
        StageState::Active => Ok(()),
        StageState::Waiting => Err(ServiceError::StageWaiting),
        StageState::Locked => Err(ServiceError::StageLocked),
    }
}
