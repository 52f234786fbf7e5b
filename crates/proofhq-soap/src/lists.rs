//! Lists of proofs.

use crate::proofs::FileObject;
use soap::SoapRequest;

/// An operation that lists proofs page by page.
macro_rules! proof_list {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        pub struct $name {
            /// Session to act in.
            #[soap(name = "SessionID", required = "documented")]
            pub session_id: Option<String>,
            /// Rows to skip.
            #[soap(name = "StartFrom")]
            pub start_from: Option<i64>,
            /// Text that the name has to contain; empty for all.
            #[soap(name = "SearchQuery")]
            pub search_query: Option<String>,
            /// Most rows to return; 0 for all.
            #[soap(name = "ItemsPerPage")]
            pub items_per_page: Option<i64>,
        }
    };
}

proof_list! {
    /// Lists the proofs that the caller sees.
    #[derive(SoapRequest)]
    #[soap(operation = "getAllProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetAllProofs
}

proof_list! {
    /// Lists the proofs that are open.
    #[derive(SoapRequest)]
    #[soap(operation = "getOpenProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetOpenProofs
}

proof_list! {
    /// Lists the proofs that are closed.
    #[derive(SoapRequest)]
    #[soap(operation = "getClosedProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetClosedProofs
}

proof_list! {
    /// Lists the proofs whose deadline has passed.
    #[derive(SoapRequest)]
    #[soap(operation = "getLateProofs", answer = Vec<FileObject>, section = "Proofs")]
    GetLateProofs
}
