//! Sample proofs for strangers, without a session.

use crate::backend::ServiceBackend;
use crate::dispatch::OpenHandler;
use crate::faults;
use galley_service::SampleOrder;
use soap::{Fault, SoapRequest};

/// Mails a personal link to a sample proof to an address. Only where the administrator of the server switched that on
/// (`--sample-proofs`). An address gets one mail a day, and 60 addresses get one in an hour.
#[derive(SoapRequest)]
#[soap(operation = "orderSampleProof", answer = bool, section = "Other")]
pub struct OrderSampleProof {
    /// E-mail address that it goes to.
    #[soap(name = "Email", required)]
    pub email: String,
    /// First name, at most 60 characters.
    #[soap(name = "FirstName")]
    pub first_name: Option<String>,
    /// Last name, at most 60 characters.
    #[soap(name = "LastName")]
    pub last_name: Option<String>,
    /// Name of the organisation, at most 60 characters.
    #[soap(name = "OrganisationName")]
    pub organisation_name: Option<String>,
}

impl OpenHandler<ServiceBackend> for OrderSampleProof {
    fn handle(self, backend: &ServiceBackend) -> Result<bool, Fault> {
        let order = SampleOrder {
            email: self.email,
            first_name: self.first_name.unwrap_or_default(),
            last_name: self.last_name.unwrap_or_default(),
            organisation: self.organisation_name.unwrap_or_default(),
        };
        backend.service.order_sample(&order).map_err(faults::of)?;
        Ok(true)
    }
}
