use soap::{ApiVersion, Registry, Service};

/// Version of the endpoints without a version in their path. What has no `since` is part of it.
pub const BASE: ApiVersion = ApiVersion::new(12, 1);

/// Versions that have endpoints.
pub const SERVED: &[ApiVersion] = &[BASE];

/// Namespace of operations; SOAPAction is this and the name of the operation.
pub const NAMESPACE: &str = "https://soap.proofhq.com/";

/// The names in the WSDL.
pub const SERVICE: Service = Service {
    namespace: NAMESPACE,
    definitions: "soap",
    port_type: "soapPortType",
    binding: "soapBinding",
    service: "soapService",
    port: "soapPort",
};

/// Order of types in the WSDL.
pub const TYPE_ORDER: &[&str] = &[
    "SOAPLoginObject",
    "SOAPFileSettingsObject",
    "StringArray",
    "SOAPFileLinkObject",
    "SOAPFileLinkObjectArray",
    "SOAPRecipientDecisionReasonObject",
    "SOAPRecipientDecisionReasonObjectArray",
    "SOAPProgressObject",
    "SOAPProofStageObject",
    "SOAPProofStageObjectArray",
    "SOAPFileObject",
    "SOAPRecipientObject",
    "SOAPFileActivityObject",
    "SOAPFileActivityObjectArray",
    "SOAPProfileObject",
    "SOAPProfileObjectArray",
    "SOAPWorkspaceObject",
    "SOAPWorkspaceObjectArray",
    "SOAPFileObjectArray",
    "SOAPRecipientObjectArray",
    "SOAPCommentAttachmentObject",
    "SOAPCommentAttachmentObjectArray",
    "SOAPCommentReplyObject",
    "SOAPCommentReplyObjectArray",
    "SOAPCommentObject",
    "SOAPCommentObjectArray",
    "SOAPImageObject",
    "SOAPPermissionsObject",
    "SOAPUserProofingDefaultsObject",
    "SOAPUserEmailObject",
    "SOAPUserEmailObjectArray",
    "SOAPUserObject",
    "SOAPUserObjectArray",
    "SOAPFileRecipientObject",
    "SOAPFileRecipientObjectArray",
];

/// WSDL of `version` with the service at `address`.
pub fn wsdl(registry: &Registry, version: ApiVersion, address: &str) -> String {
    soap::write_wsdl(registry, &SERVICE, version, address)
}
