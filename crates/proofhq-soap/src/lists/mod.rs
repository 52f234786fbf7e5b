//! Lists of proofs.

mod search;
mod views;

pub use search::{
    GetProofsByOwnership, GetProofsByRecipientEmail, GetProofsByWorkspace, GetProofsByWorkspaces,
    SearchByProofName,
};
pub use views::{FileListViewCollectionObject, FileListViewObject, GetProofsByListView, GetProofsByView};

use crate::backend::ServiceBackend;
use crate::dispatch::{Handler, Pace};
use crate::faults;
use crate::proofs::FileObject;
use galley_service::{ListPlace, ProofFilter, ProofQuestion, UserCaller};
use soap::{Fault, SoapRequest};
use std::sync::Arc;

/// Rows that are read and written in half a millisecond.
const BRIEF_PAGE: i64 = 50;

/// An operation that lists proofs page by page.
macro_rules! proof_list {
    ($(#[$attribute:meta])* $name:ident: $filter:expr) => {
        $(#[$attribute])*
        pub struct $name {
            /// Session to act in.
            #[soap(name = "SessionID", required = "documented")]
            pub session_id: Option<String>,
            /// Rows to skip.
            #[soap(name = "StartFrom")]
            pub start_from: Option<i64>,
            /// Keywords, each of which has to begin a word of the names, the subject, the message, the tags or the
            /// creator's name; empty for all.
            #[soap(name = "SearchQuery")]
            pub search_query: Option<String>,
            /// Most rows to return; 0 for all, of which 1000 are returned at once.
            #[soap(name = "ItemsPerPage")]
            pub items_per_page: Option<i64>,
        }

        impl Handler<ServiceBackend> for $name {
            const PACE: Option<fn(&$name) -> Pace> = Some(|request| {
                let all = request.search_query.as_deref().is_none_or(|text| text.trim().is_empty());
                match request.items_per_page {
                    Some(1..=BRIEF_PAGE) if all => Pace::Brief,
                    _ => Pace::Long,
                }
            });

            fn handle(
                self,
                backend: &ServiceBackend,
                caller: &Arc<UserCaller>,
            ) -> Result<Vec<FileObject>, Fault> {
                let text = self.search_query.as_deref().unwrap_or_default().trim();
                let place = ListPlace::Offset(self.start_from.unwrap_or(0));
                let limit = self.items_per_page.unwrap_or(0);
                let proofs = backend.service.list_proofs(caller, &ProofQuestion::of($filter, text), place, limit);
                let proofs = proofs.map_err(faults::of)?;
                FileObject::all(backend, caller, proofs)
            }
        }
    };
}

proof_list! {
    /// Lists the proofs that the caller sees.
    #[derive(SoapRequest)]
    #[soap(operation = "getAllProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetAllProofs: ProofFilter::All
}

proof_list! {
    /// Lists the proofs that are not locked.
    #[derive(SoapRequest)]
    #[soap(operation = "getOpenProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetOpenProofs: ProofFilter::Open
}

proof_list! {
    /// Lists the proofs that are locked.
    #[derive(SoapRequest)]
    #[soap(operation = "getClosedProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetClosedProofs: ProofFilter::Closed
}

proof_list! {
    /// Lists the open proofs whose deadline has passed with decisions outstanding.
    #[derive(SoapRequest)]
    #[soap(operation = "getLateProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetLateProofs: ProofFilter::Late
}

proof_list! {
    /// Lists the proofs in the archive.
    #[derive(SoapRequest)]
    #[soap(operation = "getArchivedProofs", answer = Vec<FileObject>, section = "Proofs", since = "14.19")]
    GetArchivedProofs: ProofFilter::Archived
}

/// Where to start and how many rows to return.
fn page(start_from: Option<i64>, items_per_page: Option<i64>) -> (ListPlace, i64) {
    (ListPlace::Offset(start_from.unwrap_or(0)), items_per_page.unwrap_or(0))
}
