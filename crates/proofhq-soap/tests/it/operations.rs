//! Every operation: who may call it, what it answers, what it refuses.

use galley_model::{CustomKind, Profile, Proof, Role, Template, UserId};
use galley_service::{
    CommentInput, CustomInput, GroupInput, MemberEdit, ProofInput, ReviewerInput, StageInput, TemplateInput,
    TemplatePersonInput, TemplateStageInput, UserCaller, WorkspaceInput,
};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};
use proofhq_soap::registry;

const GUEST: &str = "gus@example.com";

/// Who may call an operation with somebody else's proof.
#[derive(Clone, Copy, PartialEq)]
pub enum May {
    /// Everybody with a session.
    Anybody,
    /// Profiles that create.
    Create,
    /// Profiles that manage everything; all others are forbidden.
    Supervise,
    /// The profile that handles plans and satellites; all others are forbidden.
    Bill,
    /// Profiles that administer the account.
    Administer,
    /// Profiles that see every proof; for all others the proof does not exist.
    Manage,
    /// Profiles that manage everything; those who see a public folder are forbidden.
    DeleteFolder,
    /// Profiles that manage everything; everybody sees tags.
    EditTag,
    /// Profiles that see contacts; for the others there is no group.
    SeeGroup,
    /// Profiles that manage everything; who merely sees the group is forbidden.
    EditGroup,
    /// Profiles that administer the account; for the others there is no template.
    UseTemplate,
}

/// The version in which the tables call: it has every operation.
pub const NEWEST: &str = "18_3_0";

/// Parts of a call.
pub type Parts = &'static [(&'static str, &'static str)];

/// Operations with their parts; `{…}` stands for something of the fixture.
pub const CALLS: &[(&str, May, Parts)] = {
    use May::*;
    const NEW: Parts = &[("OwnerID", "0"), ("Hash", "{hash}"), ("Name", "Blue"), ("SourceName", "blue.png")];
    const PROOF: Parts = &[("FileID", "{proof}")];
    const USER: Parts = &[("UserID", "{user}")];
    &[
        ("checkSession", Anybody, &[]),
        ("doUpload", Anybody, &[]),
        (
            "createProofs",
            Create,
            &[
                ("OwnerID", "0"),
                ("Hash", "{hash} {hash}"),
                ("Name", "Both"),
                ("SourceName", "blue.png blue.png"),
            ],
        ),
        ("getProofCustomData", Manage, PROOF),
        (
            "setProofCustomData",
            Manage,
            &[
                ("FileID", "{proof}"),
                (
                    "Data",
                    "<item><name>Print</name><fields><item><name>Paper</name><type>0</type><value>heavy</value>\
                     </item></fields></item>",
                ),
            ],
        ),
        ("createProofFromJSON", Create, &[("Form", "{}"), ("Hash", "{hash}")]),
        ("createProofsFromJSON", Create, &[("Form", "{}"), ("Hash", "{hash} {hash}")]),
        ("createBatch", Create, &[]),
        ("finishBatch", Manage, &[("BatchID", "{batch}")]),
        (
            "addBatchProofReviewers",
            Manage,
            &[
                ("BatchID", "{batch}"),
                ("Recipients", "<item><name>Bob</name><email>bob@example.com</email><role>5</role></item>"),
            ],
        ),
        ("createFile", Create, &[("Hash", "{hash}"), ("SourceName", "blue.png")]),
        ("getFileDownloadLink", Anybody, &[]),
        ("deleteProofLink", Anybody, &[]),
        ("addProofLinks", Anybody, &[]),
        ("getProofLinks", Anybody, &[]),
        ("setProofMenus", Anybody, &[]),
        (
            "addReviewerToProofs",
            Manage,
            &[
                ("FileIDs", "<item>{proof}</item>"),
                ("RecipientEmail", "eve@example.com"),
                ("RecipientName", "Eve"),
                ("RecipientRole", "3"),
            ],
        ),
        ("createProof", Create, NEW),
        (
            "createProofVersion",
            Manage,
            &[("ParentFileID", "{proof}"), ("Hash", "{hash}"), ("Name", "Blue"), ("SourceName", "blue.png")],
        ),
        ("updateProof", Manage, &[("FileID", "{proof}"), ("Name", "Green")]),
        ("deleteProof", Manage, PROOF),
        ("lockProof", Manage, PROOF),
        ("unlockProof", Manage, PROOF),
        ("getAllProofs", Anybody, &[]),
        ("getOpenProofs", Anybody, &[]),
        ("getClosedProofs", Anybody, &[]),
        ("getLateProofs", Anybody, &[]),
        ("getArchivedProofs", Anybody, &[]),
        ("getProofsByListView", Anybody, &[("ListViewID", "7")]),
        ("getProofsByView", Anybody, &[("ListViewId", "6")]),
        ("getProofsByOwnership", Anybody, &[]),
        ("getProofsByWorkspace", Manage, &[("WorkspaceID", "{folder}")]),
        ("getProofsByWorkspaces", Manage, &[("WorkspaceIDs", "<item>{folder}</item>")]),
        ("getProofsByRecipientEmail", Anybody, &[("Email", GUEST)]),
        ("searchByProofName", Anybody, &[("ProofName", "red")]),
        ("archiveProof", Manage, PROOF),
        ("unarchiveProof", Manage, PROOF),
        ("archiveProofVersion", Manage, PROOF),
        ("unarchiveProofVersion", Manage, PROOF),
        ("restoreProof", Manage, PROOF),
        ("updateProofDeadline", Manage, &[("FileID", "{proof}"), ("Deadline", "2030-01-31 12:00")]),
        ("decodeProofID", Administer, &[("EncodedProofID", "{code}")]),
        ("getProofJobNumber", Manage, PROOF),
        ("getProofReviewerOneTimeURL", Manage, &[("FileID", "{proof}"), ("RecipientID", "{reviewer}")]),
        ("getProofDetails", Manage, PROOF),
        ("getProofStatus", Manage, PROOF),
        ("getProofURL", Manage, PROOF),
        ("getProofVersions", Manage, PROOF),
        ("getProofDownloadURL", Manage, PROOF),
        (
            "addProofReviewer",
            Manage,
            &[("FileID", "{proof}"), ("RecipientEmail", "new@example.com"), ("RecipientRole", "3")],
        ),
        (
            "addProofReviewers",
            Manage,
            &[
                ("FileID", "{proof}"),
                ("Recipients", "<item><email>new@example.com</email><role>5</role></item>"),
            ],
        ),
        ("updateProofReviewer", Manage, &[("RecipientID", "{reviewer}"), ("RecipientDecision", "Approved")]),
        ("deleteProofReviewer", Manage, &[("ReviewerID", "{reviewer}")]),
        ("getProofReviewers", Manage, PROOF),
        ("getProofComments", Manage, PROOF),
        ("getProofCommentReplies", Manage, &[("FileID", "{proof}"), ("CommentID", "{comment}")]),
        (
            "addCommentReply",
            Manage,
            &[
                ("FileID", "{proof}"),
                ("ReviewerID", "{reviewer}"),
                ("CommentID", "{comment}"),
                ("Reply", "Fine"),
            ],
        ),
        ("getActivity", Manage, PROOF),
        ("getActivityLog", Administer, &[("LogID", "proofs"), ("ItemsPerPage", "5")]),
        ("createWorkflowProof", Create, NEW),
        (
            "createWorkflowProofVersion",
            Manage,
            &[("ParentFileID", "{flow}"), ("Hash", "{hash}"), ("Name", "Blue"), ("SourceName", "blue.png")],
        ),
        ("updateWorkflowProof", Manage, &[("FileID", "{flow}"), ("Name", "Green")]),
        (
            "addWorkflowStage",
            Manage,
            &[
                ("FileID", "{flow}"),
                (
                    "Stage",
                    "<name>More</name><stage_reviewers><item><email>new@example.com</email></item></stage_reviewers>",
                ),
            ],
        ),
        (
            "updateWorkflowProofStage",
            Manage,
            &[("FileID", "{flow}"), ("Stage", "<stage_id>{stage}</stage_id><name>Other</name>")],
        ),
        ("lockWorkflowProofStage", Manage, &[("FileID", "{flow}"), ("StageID", "{stage}")]),
        ("getProofStages", Manage, &[("FileID", "{flow}")]),
        ("getProofStage", Manage, &[("FileID", "{flow}"), ("StageID", "{stage}")]),
        (
            "addWorkflowProofReviewer",
            Manage,
            &[
                ("FileID", "{flow}"),
                ("Recipient", "<email>new@example.com</email><stage_id>{stage}</stage_id>"),
            ],
        ),
        (
            "addWorkflowProofReviewers",
            Manage,
            &[
                ("FileID", "{flow}"),
                ("Recipients", "<item><email>new@example.com</email><stage_id>{stage}</stage_id></item>"),
            ],
        ),
        (
            "updateWorkflowProofReviewer",
            Manage,
            &[
                ("StageID", "{stage}"),
                ("Recipient", "<recipient_id>{placed}</recipient_id><decision>approved</decision>"),
            ],
        ),
        ("getOwners", Anybody, &[]),
        ("getUsers", Anybody, &[]),
        ("getPeople", Anybody, &[]),
        ("getPeopleAccounts", Anybody, &[]),
        ("updateContactEmail", Supervise, &[("OldEmail", GUEST), ("NewEmail", "gus-{proof}@example.com")]),
        ("addContact", Create, &[("Email", "contact-{proof}@example.com")]),
        ("updateAccount", Administer, &[("City", "Wien")]),
        ("createSatelliteAccount", Bill, &[("Name", "Branch")]),
        ("setAccountPasswordSettings", Administer, &[("PasswordLength", "6")]),
        ("setAccountProofingDefaults", Administer, &[("OnLoadMessage", "Hello")]),
        ("getAccountDetails", Administer, &[]),
        ("getSatelliteAccounts", Administer, &[]),
        ("copyAccountBranding", Bill, &[("SatelliteAccountID", "{satellite}")]),
        ("getBillingPlans", Bill, &[]),
        ("updateBillingPlan", Bill, &[("PlanID", "1")]),
        ("getUserDetails", Anybody, USER),
        ("findUsersByEmail", Anybody, &[("EmailPhrase", "@studio")]),
        (
            "addUser",
            Administer,
            &[
                ("EmailAddress", "new-{proof}@example.com"),
                ("FirstName", "New"),
                ("LastName", "User"),
                ("PermissionsID", "4"),
            ],
        ),
        ("updateUser", Administer, &[("UserID", "{user}"), ("Position", "Designer")]),
        ("activateUser", Administer, USER),
        ("deactivateUser", Administer, USER),
        ("updateUserPassword", Administer, &[("UserID", "{user}"), ("Password", "a new password")]),
        ("updateUserEmail", Administer, &[("UserID", "{user}"), ("NewEmail", "moved-{proof}@example.com")]),
        ("deleteUser", Administer, &[("UserID", "{user}"), ("NewOwnerID", "{heir}")]),
        ("getWorkspaces", Anybody, &[]),
        ("updateWorkspace", Manage, &[("WorkspaceID", "{folder}"), ("Client", "Acme")]),
        ("moveWorkspace", Manage, &[("WorkspaceID", "{folder}"), ("ParentWorkspaceID", "0")]),
        ("shareWorkspace", Manage, &[("WorkspaceID", "{folder}"), ("UserIDs", "{heir}")]),
        ("deleteWorkspace", DeleteFolder, &[("WorkspaceID", "{public}")]),
        ("restoreWorkspace", DeleteFolder, &[("WorkspaceID", "{public}")]),
        ("getTags", Anybody, &[]),
        ("addTag", Create, &[("TagName", "Tag {proof}")]),
        ("updateTag", EditTag, &[("TagID", "{tag}"), ("TagName", "New {proof}")]),
        ("deleteTag", EditTag, &[("TagID", "{tag}")]),
        ("getProofTags", Manage, PROOF),
        ("addProofTags", Manage, &[("FileID", "{proof}"), ("TagID", "<item>{tag}</item>")]),
        ("removeProofTags", Manage, &[("FileID", "{proof}"), ("TagID", "<item>{tag}</item>")]),
        ("getProofEmbedCode", Manage, PROOF),
        ("getProofReviewerEmbedCode", Manage, &[("FileID", "{proof}"), ("ReviewerID", "{reviewer}")]),
        ("getProofEmbedCodes", Manage, PROOF),
        ("createWorkspace", Create, &[("Name", "Spring")]),
        ("getDecisions", Anybody, &[]),
        ("updateDecision", Administer, &[("DecisionId", "3"), ("Name", "Print it")]),
        ("getDecisionReasons", Anybody, &[]),
        ("createDecisionReason", Administer, &[("Name", "{new}"), ("Text", "true")]),
        ("getActions", Anybody, &[]),
        ("createAction", Administer, &[("Name", "{new}")]),
        ("getCommentAction", Manage, &[("CommentID", "{comment}")]),
        ("setCommentAction", Manage, &[("CommentID", "{comment}"), ("ActionID", "1")]),
        ("addComment", Manage, &[("FileID", "{proof}"), ("ReviewerID", "{reviewer}"), ("Comment", "Nice")]),
        ("getWorkflowTemplates", Anybody, &[]),
        ("getWorkflowTemplate", UseTemplate, &[("WorkflowTemplateID", "{template}")]),
        ("getWorkflowTemplateStage", UseTemplate, &[("StageID", "{template_stage}")]),
        ("getWorkflowTemplateStageRecipient", UseTemplate, &[("RecipientID", "{template_person}")]),
        (
            "createWorkflowTemplate",
            Administer,
            &[
                ("Name", "Print"),
                (
                    "Stages",
                    "<item><name>One</name><stage_reviewers><item><email>x@example.com</email></item></stage_reviewers></item>",
                ),
            ],
        ),
        (
            "addTemplateStage",
            UseTemplate,
            &[
                ("WorkflowTemplateID", "{template}"),
                (
                    "Stage",
                    "<name>Last</name><stage_reviewers><item><email>y@example.com</email></item></stage_reviewers>",
                ),
            ],
        ),
        (
            "addTemplateStageRecipients",
            UseTemplate,
            &[("StageID", "{template_stage}"), ("Recipients", "<item><email>z@example.com</email></item>")],
        ),
        (
            "shareWorkflowTemplate",
            UseTemplate,
            &[("WorkflowTemplateID", "{template}"), ("SharedUsers", "<item>{user}</item>")],
        ),
        (
            "unshareWorkflowTemplate",
            UseTemplate,
            &[("WorkflowTemplateID", "{template}"), ("SharedUsers", "<item>{heir}</item>")],
        ),
        ("deleteWorkflowTemplate", UseTemplate, &[("WorkflowTemplateID", "{template}")]),
        (
            "deleteTemplateStage",
            UseTemplate,
            &[("WorkflowTemplateID", "{template}"), ("StageID", "{template_stage}")],
        ),
        (
            "deleteTemplateStages",
            UseTemplate,
            &[("WorkflowTemplateID", "{template}"), ("StageIDs", "<item>{template_stage}</item>")],
        ),
        (
            "deleteTemplateStageRecipient",
            UseTemplate,
            &[("StageID", "{template_stage}"), ("RecipientID", "{template_person}")],
        ),
        (
            "deleteTemplateStageRecipients",
            UseTemplate,
            &[("StageID", "{template_stage}"), ("RecipientIDs", "<item>{template_person}</item>")],
        ),
        ("updateWorkflowTemplate", UseTemplate, &[("WorkflowTemplateID", "{template}"), ("Name", "Renamed")]),
        (
            "updateTemplateStage",
            UseTemplate,
            &[
                ("WorkflowTemplateID", "{template}"),
                ("Stage", "<stage_id>{template_stage}</stage_id><name>Renamed</name>"),
            ],
        ),
        (
            "updateTemplateStageRecipient",
            UseTemplate,
            &[
                ("StageID", "{template_stage}"),
                ("Recipient", "<recipient_id>{template_person}</recipient_id><role>5</role>"),
            ],
        ),
        (
            "createWorkflowTemplateProof",
            UseTemplate,
            &[
                ("Hash", "{hash}"),
                ("Name", "Blue"),
                ("SourceName", "blue.png"),
                ("WorkflowTemplateID", "{template}"),
            ],
        ),
        (
            "createWorkflowTemplateProofVersion",
            UseTemplate,
            &[
                ("ParentFileID", "{proof}"),
                ("Hash", "{hash}"),
                ("Name", "Blue"),
                ("SourceName", "blue.png"),
                ("WorkflowTemplateID", "{template}"),
            ],
        ),
        ("addGroup", Create, &[("Name", "Printers")]),
        ("updateGroup", EditGroup, &[("GroupID", "{group}"), ("Name", "Printers")]),
        ("getGroup", SeeGroup, &[("GroupID", "{group}")]),
        ("addGroupMember", EditGroup, &[("GroupID", "{group}"), ("Email", "new@example.com")]),
        (
            "updateGroupMember",
            EditGroup,
            &[("GroupID", "{group}"), ("MemberID", "{member}"), ("DefaultRole", "4")],
        ),
        ("deleteGroupMember", EditGroup, &[("GroupID", "{group}"), ("MemberID", "{member}")]),
        ("deleteGroup", EditGroup, &[("GroupID", "{group}")]),
        ("getPeopleGroups", Anybody, &[]),
        ("getGroups", Anybody, &[]),
        ("addGroupToProof", Manage, &[("FileID", "{proof}"), ("GroupID", "{group}")]),
        (
            "requestPDFPrintSummary",
            Manage,
            &[
                ("FileID", "{proof}"),
                ("CallbackURL", "https://hooks.example.com"),
                ("CallbackRetryInterval", "5"),
            ],
        ),
        ("requestExcelPrintSummary", Manage, &[("FileID", "{proof}"), ("AllVersions", "true")]),
        ("getAccountCallbacks", Administer, &[]),
        (
            "setAccountCallback",
            Administer,
            &[("Type", "1"), ("Url", "https://hooks.example.com"), ("RetryInterval", "5")],
        ),
        ("removeAccountCallback", Administer, &[("Type", "1")]),
        ("getProofCallbacks", Manage, PROOF),
        (
            "setProofCallback",
            Manage,
            &[("FileID", "{proof}"), ("Type", "1"), ("Url", "https://hooks.example.com")],
        ),
        ("removeProofCallback", Manage, &[("FileID", "{proof}"), ("Type", "1")]),
        (
            "messageReviewer",
            Manage,
            &[("FileID", "{proof}"), ("ReviewerID", "{reviewer}"), ("Body", "Please have a look.")],
        ),
        ("doLogout", Anybody, &[]),
    ]
};

/// A proof of the second manager with a guest and a comment on it.
pub struct Fixture {
    pub proof: i64,
    pub reviewer: i64,
    pub comment: i64,
    group: i64,
    member: i64,
    hash: String,
    /// A proof with an automated workflow, its only stage, and the guest on it.
    pub flow: i64,
    pub stage: i64,
    pub placed: i64,
    batch: i64,
    /// A manager with nothing.
    user: i64,
    /// The second manager.
    heir: i64,
    template: i64,
    template_stage: i64,
    template_person: i64,
    /// A private one.
    folder: i64,
    public: i64,
    tag: i64,
    satellite: i64,
    code: String,
}

/// A proof with an automated workflow, its only stage, and the guest on it.
pub fn staged(house: &House, by: &UserCaller, owner: Option<UserId>) -> (i64, i64, i64) {
    let guest = ReviewerInput {
        email: GUEST.to_owned(),
        role: Some(Role::ReviewerApprover),
        ..ReviewerInput::default()
    };
    let only = StageInput { reviewers: vec![guest], ..StageInput::default() };
    let input = ProofInput {
        file_token: house.file("flow.png", RED_PNG),
        owner,
        stages: Some(vec![only]),
        ..ProofInput::default()
    };
    let flow = house.service.create_proof(by, &input).expect("a proof with a stage").id;
    let people = house.service.reviewers(by, flow).expect("people");
    let placed = people.iter().find(|one| one.email == GUEST).expect("is on it");
    (flow.0, placed.stage.0, placed.id.0)
}

impl Fixture {
    pub fn new(house: &House) -> Fixture {
        let guest = ReviewerInput {
            email: GUEST.to_owned(),
            role: Some(Role::ReviewerApprover),
            ..ReviewerInput::default()
        };
        let proof = house.proof(SECOND, &[guest]);
        let link = house.link(proof.id, GUEST);
        let text = CommentInput { text: "Too <red> & bold".to_owned(), ..CommentInput::default() };
        let (comment, _) = house.service.add_comment(&link, &text).expect("a comment");
        let second = house.caller(SECOND);
        let input = GroupInput { name: "Print".to_owned(), ..GroupInput::default() };
        let group = house.service.create_group(&second, &input).expect("a group").id;
        let member = house.service.add_group_member(&second, group, "gil@example.com", MemberEdit::default());
        let batch = house.service.create_batch(&second).expect("a batch");
        let held = ProofInput {
            file_token: house.file("held.png", RED_PNG),
            batch: Some(batch),
            ..ProofInput::default()
        };
        house.service.create_proof(&second, &held).expect("a proof in a batch");
        let template = template(house, second.id());
        let last = template.stages.last().expect("a stage");
        let (flow, stage, placed) = staged(house, &second, None);
        let paper = CustomInput {
            section: "Print".to_owned(),
            field: "Paper".to_owned(),
            kind: Some(CustomKind::Text),
            ..CustomInput::default()
        };
        let admin = house.caller(&email(Profile::Admin));
        house.service.set_custom_data(&admin, proof.id, &[paper]).expect("a custom field");
        Fixture {
            template: template.id.0,
            template_stage: last.id.0,
            template_person: last.people[0].id.0,
            flow,
            stage,
            placed,
            batch: batch.0,
            group: group.0,
            member: member.expect("a member").id.0,
            proof: proof.id.0,
            reviewer: comment.reviewer.0,
            comment: comment.id.0,
            hash: house.file("blue.png", RED_PNG),
            user: house.user(&format!("extra-{}@studio.example.com", proof.id), Profile::Manager).0,
            heir: proof.owner.0,
            folder: folder(house, true),
            public: folder(house, false),
            tag: tag(house, &proof),
            satellite: satellite(house),
            code: proof.team_code,
        }
    }

    pub fn fill(&self, parts: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let fill = |value: &str| {
            value
                .replace("{proof}", &self.proof.to_string())
                .replace("{reviewer}", &self.reviewer.to_string())
                .replace("{comment}", &self.comment.to_string())
                .replace("{group}", &self.group.to_string())
                // A name that nothing has yet: every fixture has another group.
                .replace("{new}", &format!("New {}", self.group))
                .replace("{member}", &self.member.to_string())
                .replace("{hash}", &self.hash)
                .replace("{flow}", &self.flow.to_string())
                .replace("{stage}", &self.stage.to_string())
                .replace("{placed}", &self.placed.to_string())
                .replace("{batch}", &self.batch.to_string())
                .replace("{user}", &self.user.to_string())
                .replace("{heir}", &self.heir.to_string())
                .replace("{template}", &self.template.to_string())
                .replace("{template_stage}", &self.template_stage.to_string())
                .replace("{template_person}", &self.template_person.to_string())
                .replace("{folder}", &self.folder.to_string())
                .replace("{public}", &self.public.to_string())
                .replace("{tag}", &self.tag.to_string())
                .replace("{satellite}", &self.satellite.to_string())
                .replace("{code}", &self.code)
        };
        parts.iter().map(|(name, value)| (*name, fill(value))).collect()
    }
}

/// A template of the administrator with two stages, one person on the first and two on the second, that
/// one user may use.
fn template(house: &House, shared: UserId) -> Template {
    let person = |email: &str| TemplatePersonInput {
        email: email.to_owned(),
        role: Some(Role::Approver),
        ..TemplatePersonInput::default()
    };
    let stage = |people: &[&str]| TemplateStageInput {
        people: people.iter().map(|email| person(email)).collect(),
        ..TemplateStageInput::default()
    };
    let input = TemplateInput {
        name: "Usual".to_owned(),
        stages: vec![stage(&["ann@example.com"]), stage(&["bob@example.com", "cem@example.com"])],
        shared: vec![shared],
        ..TemplateInput::default()
    };
    house.service.create_template(&house.caller(&email(Profile::Admin)), &input).expect("a template")
}

fn satellite(house: &House) -> i64 {
    let boss = house.caller(&email(Profile::BillingAdmin));
    house.service.create_satellite(&boss, "Branch", "", false, "").expect("a satellite").account.id.0
}

fn folder(house: &House, private: bool) -> i64 {
    let input = WorkspaceInput { name: "Folder".to_owned(), private, ..WorkspaceInput::default() };
    house.service.create_workspace(&house.caller(SECOND), &input).expect("a folder").id.0
}

/// A tag on a proof of the second manager.
fn tag(house: &House, proof: &Proof) -> i64 {
    let caller = house.caller(SECOND);
    let tag = house.service.add_tag(&caller, &format!("Old {}", proof.id)).expect("a tag");
    house.service.tag_proof(&caller, proof.id, &[tag.id], true).expect("is put on");
    tag.id.0
}

pub fn borrowed<'p>(parts: &'p [(&'static str, String)]) -> Vec<(&'static str, &'p str)> {
    parts.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Operations of which other tests say who may call them: they take no session, or need pages.
pub const ELSEWHERE: &[&str] = &[
    "getPersonalProofEmbedCode",
    "doLogin",
    "createAccount",
    // A domain is given once, so that each account needs its own.
    "setAccountDomain",
    "getSessionId",
    "getProofThumbnail",
    "getCommentThumbnail",
    "validateDropzoneSubmission",
    "createDropzoneProof",
    "orderSampleProof",
];

#[test]
fn the_table_is_complete() {
    let known = |name| ELSEWHERE.contains(&name) || CALLS.iter().any(|(call, _, _)| *call == name);
    let missing: Vec<_> =
        registry().all().map(|operation| operation.name).filter(|name| !known(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_call_what() {
    let house = House::new();
    for (operation, may, parts) in CALLS {
        for profile in Profile::ALL {
            let fixture = Fixture::new(&house);
            let session = house.session(&email(profile));
            let parts = fixture.fill(parts);
            let allowed = match may {
                May::Anybody => true,
                May::Create => profile.creates(),
                May::Manage | May::EditGroup | May::EditTag | May::DeleteFolder => profile.manages_all(),
                May::SeeGroup => profile.sees_contacts(),
                May::Administer | May::UseTemplate => profile.administers(),
                May::Supervise => profile.manages_all(),
                May::Bill => profile == Profile::BillingAdmin,
            };
            if allowed {
                house.ok_at(NEWEST, &session, operation, &borrowed(&parts)).await;
            } else {
                let (code, text) = house.refused_at(NEWEST, &session, operation, &borrowed(&parts)).await;
                // A version is made by people who create; for the others it does not matter of what.
                let forbidden = match may {
                    May::Create | May::Administer | May::Supervise | May::Bill => true,
                    May::EditGroup => profile.sees_contacts(),
                    May::EditTag => true,
                    // Who sees no template is told so first.
                    May::UseTemplate => false,
                    May::DeleteFolder => profile.creates(),
                    _ => {
                        operation.ends_with("ProofVersion")
                            && operation.starts_with("create")
                            && !profile.creates()
                    }
                };
                let expected = if forbidden { "403" } else { "404" };
                assert_eq!(code, expected, "{operation} by {profile:?}: {text}");
            }
        }
    }
}

/// Ids of another account, ids never given out and ids that are none read alike.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_ids_are_unknown_ids() {
    let house = House::new();
    let rival = house.session(RIVAL);
    let fixture = Fixture::new(&house);
    let hash = fixture.hash.clone();
    let unknown = Fixture {
        proof: 900_001,
        reviewer: 900_002,
        comment: 900_003,
        group: 900_005,
        member: 900_006,
        hash,
        batch: 900_007,
        user: 900_007,
        heir: 900_008,
        template: 900_009,
        template_stage: 900_010,
        template_person: 900_011,
        flow: 900_009,
        stage: 900_010,
        placed: 900_011,
        folder: 900_004,
        public: 900_010,
        tag: 900_011,
        satellite: 900_012,
        code: "nobodys".to_owned(),
    };
    for (operation, may, parts) in CALLS {
        let by_user = parts.iter().any(|(_, value)| *value == "{user}");
        if by_user
            || matches!(
                may,
                May::Manage
                    | May::SeeGroup
                    | May::EditGroup
                    | May::UseTemplate
                    | May::EditTag
                    | May::DeleteFolder
            )
        {
            let foreign = house.refused_at(NEWEST, &rival, operation, &borrowed(&fixture.fill(parts))).await;
            let nothing = house.refused_at(NEWEST, &rival, operation, &borrowed(&unknown.fill(parts))).await;
            assert_eq!(foreign, nothing, "{operation}");
            assert_eq!(foreign.0, "404", "{operation}");
        }
    }
    for id in ["12x", "", "-5", "99999999999999999999"] {
        let parts = [("FileID", id)];
        let (code, text) = house.refused(&rival, "lockProof", &parts).await;
        assert_eq!(code, if id.is_empty() { "400" } else { "404" }, "{id}: {text}");
    }
    let users = |id: String| {
        let (house, rival) = (&house, &rival);
        async move { house.refused(rival, "getUsers", &[("AccountID", &id)]).await }
    };
    assert_eq!(users(house.studio.to_string()).await, users("900004".to_owned()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_from_creation_to_decision() {
    let house = House::new();
    let session = house.session(SECOND);
    let hash = house.file("poster.png", RED_PNG);
    let folder = house.ok(&session, "createWorkspace", &[("Name", "Spring"), ("Client", "Acme")]).await;
    let text = house
        .ok(
            &session,
            "createProof",
            &[
                ("OwnerID", "0"),
                ("Hash", &hash),
                ("Name", "Poster &amp; more"),
                ("SourceName", "poster.png"),
                ("Deadline", "2026-03-09 18:00"),
                ("Recipients", "ann@example.com; bob@example.com,ann@example.com"),
                ("WorkspaceId", &field(&folder, "id")),
                ("DefaultRole", "approver"),
                ("EnableDownload", "false"),
                ("EnableAutoLock", ""),
            ],
        )
        .await;
    let id = field(&text, "file_id");
    for (name, value) in [
        ("type", "proof"),
        ("filename", "Poster &amp; more"),
        ("filesize", "1"),
        ("version", "1"),
        ("versions", "1"),
        ("upload_time", "2026-03-02 10:30"),
        ("deadline", "2026-03-09 18:00"),
        ("workspace_name", "Spring"),
        ("status", "unlocked"),
        ("decision", "pending"),
        ("default_role", "4"),
        ("enable_download", "false"),
        ("enable_team_url", "true"),
        ("menus_links", ""),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    assert!(field(&text, "team_url").starts_with("https://proofs.example.com/proof/"));
    assert_eq!(house.refused(&session, "getProofDownloadURL", &[("FileID", &id)]).await.0, "403");

    let people = house.ok(&session, "getProofReviewers", &[("FileID", &id)]).await;
    assert_eq!(fields(&people, "email"), [SECOND, "ann@example.com", "bob@example.com"]);
    assert_eq!(fields(&people, "role"), ["reviewer", "approver", "approver"]);
    assert_eq!(fields(&people, "decision"), ["-", "pending", "pending"]);
    let ids = fields(&people, "id");
    for (reviewer, said, overall) in
        [(&ids[1], "3", "pending"), (&ids[2], "Changes required", "changes required")]
    {
        let parts = [("RecipientID", reviewer.as_str()), ("RecipientDecision", said)];
        house.ok(&session, "updateProofReviewer", &parts).await;
        let text = house.ok(&session, "getProofDetails", &[("FileID", &id)]).await;
        assert_eq!(field(&text, "decision"), overall);
    }

    // Seven parts, as in the sample of the original: everything else stays.
    let text = house
        .ok(
            &session,
            "updateProof",
            &[
                ("FileID", &id),
                ("OwnerID", "0"),
                ("Name", "Banner"),
                ("Subject", ""),
                ("EnableTeamURL", "false"),
            ],
        )
        .await;
    for (name, value) in [
        ("filename", "Banner"),
        ("deadline", "2026-03-09 18:00"),
        ("workspace_name", "Spring"),
        ("enable_team_url", "false"),
        ("enable_download", "false"),
        ("default_role", "4"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }

    house.ok(&session, "lockProof", &[("FileID", &id)]).await;
    let status = house.ok(&session, "getProofStatus", &[("FileID", &id)]).await;
    assert_eq!(field(&status, "result"), "locked");
    let parts = [("RecipientID", ids[1].as_str()), ("RecipientDecision", "0")];
    assert_eq!(house.refused(&session, "updateProofReviewer", &parts).await.0, "403");

    let hash = house.file("two.png", RED_PNG);
    let parts =
        [("ParentFileID", id.as_str()), ("Hash", &hash), ("Name", "Banner"), ("SourceName", "two.png")];
    let second = house.ok(&session, "createProofVersion", &parts).await;
    assert_eq!((field(&second, "version"), field(&second, "versions")), ("2".to_owned(), "2".to_owned()));
    let copied = house.ok(&session, "getProofReviewers", &[("FileID", &field(&second, "file_id"))]).await;
    assert_eq!(fields(&copied, "email").len(), 3, "people of the version before");
    assert_eq!(fields(&copied, "decision"), ["-", "pending", "pending"], "decisions are not copied");
    let versions = house.ok(&session, "getProofVersions", &[("FileID", &id)]).await;
    assert_eq!(fields(&versions, "version"), ["1", "2"]);

    let activity = house.ok(&session, "getActivity", &[("FileID", &id)]).await;
    assert!(fields(&activity, "action").contains(&"Decision made".to_owned()));
    let skipped = house.ok(&session, "getActivity", &[("FileID", &id), ("Offset", "2")]).await;
    assert_eq!(fields(&skipped, "action"), fields(&activity, "action")[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_cannot_be_are_named() {
    let house = House::new();
    let session = house.session(SECOND);
    let fixture = Fixture::new(&house);
    let new = |part: &'static str, value: &'static str| {
        let fixed = [("Hash", "{hash}"), ("Name", "Blue"), ("SourceName", "blue.png")];
        [&[(part, value)], fixed.as_slice()].concat()
    };
    let person = |part: &'static str, value: &'static str| {
        let fixed = [("FileID", "{proof}"), ("RecipientEmail", "x@example.com"), ("RecipientRole", "3")];
        [&[(part, value)], fixed.as_slice()].concat()
    };
    for (operation, parts, code, says) in [
        ("createProof", new("Deadline", "soon"), "400", "'Deadline'"),
        ("createProof", new("Deadline", "2026-03-01 00:00"), "400", "deadline"),
        ("createProof", new("DefaultRole", "2"), "400", "'DefaultRole'"),
        ("createProof", new("DefaultEmailNotifications", "loud"), "400", "'DefaultEmailNotifications'"),
        ("createProof", new("BatchID", "7"), "404", "Invalid Batch ID"),
        ("createProof", new("Hash", "web"), "400", "web page"),
        ("createProof", new("Hash", "unknown"), "404", "Invalid Hash"),
        ("createProof", new("WorkspaceId", "77"), "404", "Invalid Workspace ID"),
        ("createProof", new("OwnerID", "9999"), "404", "Invalid Owner ID"),
        ("createProof", new("OwnerID", "letters"), "SOAP-ENV:Server", "Violation"),
        ("createProof", new("Recipients", "nobody"), "400", "nobody"),
        (
            "createProof",
            vec![("Name", "x"), ("SourceName", "y")],
            "400",
            "Required string parameter 'Hash' is not present.",
        ),
        ("addProofReviewer", person("RecipientRole", "boss"), "400", "'RecipientRole'"),
        ("addProofReviewer", person("RecipientRole", "moderator"), "400", "no login"),
        ("addProofReviewer", person("PrimaryDecisionMaker", "maybe"), "400", "'PrimaryDecisionMaker'"),
        (
            "updateProofReviewer",
            vec![("RecipientID", "{reviewer}"), ("RecipientDecision", "5")],
            "400",
            "'RecipientDecision'",
        ),
        ("updateProofReviewer", vec![("RecipientID", "77777")], "404", "Invalid Recipient ID"),
        ("addProofReviewers", vec![("FileID", "{proof}"), ("Recipients", "")], "400", "'Recipients'"),
        ("updateProof", vec![("FileID", "{proof}")], "400", "'Name'"),
        ("getProofThumbnail", vec![("FileID", "{proof}")], "404", "no page yet"),
    ] {
        let parts = fixture.fill(&parts);
        let (found, text) = house.refused(&session, operation, &borrowed(&parts)).await;
        assert!(found == code && text.contains(says), "{operation} {parts:?}: {found} {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_and_secrets() {
    let house = House::new();
    let fixture = Fixture::new(&house);
    let id = fixture.proof.to_string();
    let owner = house.session(SECOND);
    let text = house.ok(&owner, "getProofComments", &[("FileID", &id)]).await;
    assert_eq!(field(&text, "comment"), "Too &lt;red&gt; &amp; bold");
    assert_eq!(field(&text, "created_at"), "2026-03-02 10:30");
    let own = house.link(galley_model::ProofId(fixture.proof), SECOND).code;
    let url = format!("https://proofs.example.com/proof/{own}#comment-{}", fixture.comment);
    assert_eq!(field(&text, "url"), url);

    // Somebody with no right over the proof gets nobody's link but their own.
    let observer = email(Profile::Observer);
    let parts = [("FileID", id.as_str()), ("RecipientEmail", &observer), ("RecipientRole", "read only")];
    house.ok(&owner, "addProofReviewer", &parts).await;
    let seen = house.ok(&house.session(&observer), "getProofReviewers", &[("FileID", &id)]).await;
    let links: Vec<bool> = fields(&seen, "proof_url").iter().map(|url| !url.is_empty()).collect();
    assert_eq!(links, [false, false, true]);
    let seen = house.ok(&owner, "getProofReviewers", &[("FileID", &id)]).await;
    assert!(
        fields(&seen, "dowload_url")
            .iter()
            .all(|url| url.starts_with("https://proofs.example.com/file/download?code="))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_cost_the_same_however_long() {
    let house = House::new();
    let (owner, session) = (email(Profile::Manager), house.session(&email(Profile::Manager)));
    let mut costs = Vec::new();
    for count in [1, 50] {
        while house.ok(&session, "getAllProofs", &[]).await.matches("<file_id>").count() < count {
            house.proof(&owner, &[]);
            house.clock.advance(1);
        }
        house.ok(&session, "checkSession", &[]).await;
        let before = house.service.statements();
        let parts = [("StartFrom", "0"), ("SearchQuery", ""), ("ItemsPerPage", "0")];
        let text = house.ok(&session, "getAllProofs", &parts).await;
        costs.push(house.service.statements() - before);
        assert_eq!(fields(&text, "filename").len(), count);
    }
    assert_eq!(costs[0], costs[1]);
    assert!(costs[1] <= 3, "{costs:?}");

    let parts = [("StartFrom", "48"), ("ItemsPerPage", "10"), ("SearchQuery", "RED")];
    assert_eq!(fields(&house.ok(&session, "getOpenProofs", &parts).await, "filename").len(), 2);
    assert!(house.ok(&session, "getLateProofs", &[]).await.contains("<result/>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbnail_is_a_picture() {
    let house = House::rendering();
    let session = house.session(SECOND);
    let proof = house.proof(SECOND, &[]);
    let processed = house.processed(proof.id).await;
    assert_eq!(processed.processing_error, None);
    let text =
        house.ok(&session, "getProofThumbnail", &[("FileID", &proof.id.to_string()), ("Type", "1")]).await;
    assert_eq!(field(&text, "encoding"), "base64");
    let content = field(&text, "content");
    let start = if content == "image/png" { "iVBORw0KGgo" } else { "/9j/" };
    assert!(content.starts_with("image/") && field(&text, "data").starts_with(start), "{content}");
}
