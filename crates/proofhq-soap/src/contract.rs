use soap::{ApiVersion, Registry, Service};

/// Version of the endpoints without a version in their path. What has no `since` is part of it.
pub const BASE: ApiVersion = ApiVersion::new(12, 1);

/// Versions that changed the API, oldest first. Each has endpoints; a version between two of them
/// behaves as the one before it.
pub const VERSIONS: &[ApiVersion] = &[
    BASE,
    ApiVersion::new(12, 7),
    ApiVersion::new(13, 2),
    ApiVersion::new(13, 5),
    ApiVersion::new(13, 6),
    ApiVersion::new(13, 7),
    ApiVersion::new(13, 17),
    ApiVersion::new(14, 3),
    ApiVersion::new(14, 4),
    ApiVersion::new(14, 9),
    ApiVersion::new(14, 19),
    ApiVersion::new(14, 25),
    ApiVersion::new(15, 9),
    ApiVersion::new(15, 17),
    ApiVersion::new(15, 18),
    ApiVersion::new(15, 20),
    ApiVersion::new(15, 22),
    ApiVersion::new(16, 3),
    ApiVersion::new(16, 7),
    ApiVersion::new(16, 24),
    ApiVersion::new(17, 6),
    ApiVersion::new(17, 19),
    ApiVersion::new(18, 2),
    ApiVersion::new(18, 3),
];

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
    "SOAPFileUploadObject",
    "SOAPFileUploadObjectArray",
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
    "SOAPWorkflowProofRecipientRequestUpdateObject",
    "SOAPWorkflowProofRecipientObject",
    "SOAPFileActivityObject",
    "SOAPFileActivityObjectArray",
    "SOAPProfileObject",
    "SOAPProfileObjectArray",
    "SOAPContactProofingDefaultsObject",
    "SOAPContactObject",
    "SOAPContactObjectArray",
    "SOAPContactGroupObject",
    "SOAPContactGroupObjectArray",
    "SOAPContactAccountObject",
    "SOAPContactAccountObjectArray",
    "SOAPWorkspaceObject",
    "SOAPWorkspaceObjectArray",
    "SOAPFileObjectArray",
    "AnyTypeArray",
    "SOAPFileListViewObject",
    "SOAPFileListViewObjectArray",
    "SOAPFileListViewCollectionObject",
    "SOAPRecipientObjectArray",
    "SOAPCommentAttachmentObject",
    "SOAPCommentAttachmentObjectArray",
    "SOAPCommentReplyObject",
    "SOAPCommentReplyObjectArray",
    "SOAPCommentObject",
    "SOAPCommentObjectArray",
    "SOAPFileEmbedCodeObject",
    "SOAPFileEmbedCodeObjectArray",
    "SOAPImageObject",
    "SOAPPlanObject",
    "SOAPMembershipObject",
    "SOAPPermissionsObject",
    "SOAPUserProofingDefaultsObject",
    "SOAPUserEmailObject",
    "SOAPUserEmailObjectArray",
    "SOAPUserObject",
    "SOAPUserObjectArray",
    "SOAPAccountPasswordSettingsObject",
    "SOAPAccountProofingDefaultsObject",
    "SOAPAccountObject",
    "SOAPSatelliteAccountObject",
    "SOAPCallbackObject",
    "SOAPCallbackObjectArray",
    "SOAPSatelliteAccountObjectArray",
    "SOAPFileRecipientObject",
    "SOAPFileRecipientObjectArray",
    "SOAPWorkflowProofAddRecipientRequestObject",
    "SOAPWorkflowProofAddRecipientRequestObjectArray",
    "SOAPTag",
    "SOAPTagArray",
    "IntArray",
    "SOAPActionObject",
    "SOAPActionObjectArray",
    "SOAPPlanObjectArray",
    "SOAPDecisionObject",
    "SOAPDecisionObjectArray",
    "SOAPDecisionReasonObject",
    "SOAPDecisionReasonObjectArray",
    "SOAPWorkflowTemplateBasicObject",
    "SOAPWorkflowTemplateBasicObjectArray",
    "SOAPWorkflowRecipientObject",
    "SOAPWorkflowRecipientObjectArray",
    "SOAPWorkflowStageObject",
    "SOAPWorkflowStageObjectArray",
    "SOAPWorkflowTemplateObject",
    "SOAPWorkflowRecipientRequestObject",
    "SOAPWorkflowRecipientRequestObjectArray",
    "SOAPWorkflowStageRequestObject",
    "SOAPWorkflowStageRequestObjectArray",
    "SOAPWorkflowStageRequestUpdateObject",
    "SOAPWorkflowRecipientRequestUpdateObject",
    "SOAPWorkflowProofRecipientRequestObject",
    "SOAPWorkflowProofRecipientRequestObjectArray",
    "SOAPWorkflowProofStageRequestObject",
    "SOAPWorkflowProofStageRequestObjectArray",
    "SOAPWorkflowProofRecipientObjectArray",
    "SOAPWorkflowProofStageObject",
    "SOAPWorkflowProofStageObjectArray",
    "SOAPWorkflowProofObject",
    "SOAPWorkflowProofObjectArray",
    "SOAPWorkflowProofStageRequestUpdateObject",
    "SOAPCustomFieldOptionObject",
    "SOAPCustomFieldOptionObjectArray",
    "SOAPCustomFieldObject",
    "SOAPCustomFieldObjectArray",
    "SOAPSectionObject",
    "SOAPSectionObjectArray",
    "SOAPGroupMemberObject",
    "SOAPGroupMemberObjectArray",
    "SOAPGroupObject",
    "SOAPGroupObjectArray",
    "SOAPActivityLogObject",
    "SOAPActivityLogObjectArray",
];

/// WSDL of `version` with the service at `address`.
pub fn wsdl(registry: &Registry, version: ApiVersion, address: &str) -> String {
    soap::write_wsdl(registry, &SERVICE, version, address)
}

/// The version whose endpoints answer under a path segment such as `16_24_0`: the newest of
/// [`VERSIONS`] that is not newer. `None` for what is no version, older than the first or newer than
/// the last.
pub fn endpoint_version(segment: &str) -> Option<ApiVersion> {
    let mut numbers = segment.split('_').map(|text| {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    });
    let asked = ApiVersion::new(numbers.next()??, numbers.next()??);
    // The third number is that of a patch, which never changed the API.
    match (numbers.next(), numbers.next()) {
        (None | Some(Some(_)), None) => {}
        _ => return None,
    }
    let newest = VERSIONS.last().is_some_and(|newest| asked <= *newest);
    VERSIONS.iter().rev().copied().find(|version| newest && *version <= asked)
}

/// The path segment of a version: `16_24_0`.
pub fn version_segment(version: ApiVersion) -> String {
    format!("{}_{}_0", version.major(), version.minor())
}

/// Address of the endpoint of `version` on a server that people reach at `public_url`.
pub fn endpoint_address(public_url: &str, version: ApiVersion) -> String {
    if version == BASE {
        format!("{public_url}/soap.php")
    } else {
        format!("{public_url}/{}/soap.php", version_segment(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segments_name_versions() {
        let version = |text: &str| endpoint_version(text).map(|version| version.to_string());
        for (segment, expected) in [
            ("16_24_0", "16.24"),
            ("16_24", "16.24"),
            ("12_1_0", "12.1"),
            ("12_3_7", "12.1"),
            ("17_0_0", "16.24"),
            ("18_3_0", "18.3"),
        ] {
            assert_eq!(version(segment).as_deref(), Some(expected), "{segment}");
        }
        for segment in
            ["18_4_0", "12_0_0", "16", "16_", "_24", "16_24_0_1", "16.24", "16_24_x", "99999_1", "+16_24", ""]
        {
            assert_eq!(version(segment), None, "{segment}");
        }
    }
}
