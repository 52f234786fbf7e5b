//! Workflow templates through the front door.

use galley_model::{Decision, Profile, StageState, StartTrigger};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};

const AT: &str = "16_24_0";

fn people(addresses: &[&str]) -> String {
    let item = |email: &&str| format!("<item><email>{email}</email><role>4</role></item>");
    format!("<stage_reviewers>{}</stage_reviewers>", addresses.iter().map(item).collect::<String>())
}

fn stage(fields: &str, addresses: &[&str]) -> String {
    format!("<item>{fields}{}</item>", people(addresses))
}

/// A template of the administrator; its whole answer.
async fn create(house: &House, stages: &str, shared: &str) -> String {
    let session = house.session(&email(Profile::Admin));
    let parts = [("Name", "Press &amp; post"), ("Stages", stages), ("SharedUsers", shared)];
    house.ok_at(AT, &session, "createWorkflowTemplate", &parts).await
}

fn two_stages() -> String {
    let first = "<stage_id>7</stage_id><name>Editors</name><deadline_days>2</deadline_days>\
        <deadline_hours>18</deadline_hours><start_trigger>1</start_trigger>";
    let second = "<stage_id>9</stage_id><name>Client</name><start_trigger>6</start_trigger>\
        <start_dependent_stage_id>7</start_dependent_stage_id><stage_locking>3</stage_locking>\
        <stage_private>true</stage_private><deadline_calculate_on>2</deadline_calculate_on>\
        <deadline_days>1</deadline_days><deadline_minutes>30</deadline_minutes>";
    stage(first, &["ann@example.com", "bob@example.com", "ann@example.com"])
        + &stage(second, &["cem@example.com"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_from_creation_to_deletion() {
    let house = House::new();
    let session = house.session(&email(Profile::Admin));
    let text = create(&house, &two_stages(), "").await;
    let id = field(&text, "workflow_template_id");
    assert_eq!(
        fields(&text, "name"),
        ["Press &amp; post", "Editors", "ann@example.com", "bob@example.com", "Client", "cem@example.com"]
    );
    let stages = fields(&text, "stage_id");
    // A stage and those on it, the one named twice once.
    assert_eq!(stages, [0, 0, 0, 3, 3].map(|at: usize| stages[at].clone()));
    assert_eq!(fields(&text, "start_trigger"), ["1", "6"]);
    assert_eq!(fields(&text, "start_dependent_stage_id"), ["0", stages[0].as_str()]);
    assert_eq!(fields(&text, "stage_locking"), ["1", "3"]);
    assert_eq!(fields(&text, "deadline_days"), ["2", "1"]);
    assert_eq!(fields(&text, "deadline_hours"), ["18", "0"]);
    assert_eq!(fields(&text, "deadline_minutes"), ["0", "30"]);
    assert_eq!(fields(&text, "deadline_calculate_on"), ["1", "2"]);
    assert_eq!(fields(&text, "stage_private"), ["false", "true"]);
    assert_eq!(fields(&text, "role"), ["4", "4", "4"]);
    assert_eq!(
        house
            .ok_at(AT, &session, "getWorkflowTemplate", &[("WorkflowTemplateID", &id)])
            .await
            .replace("getWorkflowTemplate", "createWorkflowTemplate"),
        text
    );

    // A third stage follows the one before it where it says nothing else.
    let third =
        format!("<name>Printer</name><start_trigger>2</start_trigger>{}", people(&["dan@example.com"]));
    let parts = [("WorkflowTemplateID", id.as_str()), ("Stage", third.as_str())];
    let text = house.ok_at(AT, &session, "addTemplateStage", &parts).await;
    assert_eq!(fields(&text, "start_dependent_stage_id")[2], stages[3]);
    let printer = fields(&text, "stage_id").last().expect("a stage").clone();

    let change = format!(
        "<stage_id>{printer}</stage_id><name>Press</name><start_trigger>3</start_trigger>\
         <start_dependent_days>5</start_dependent_days><start_dependent_hours>8</start_dependent_hours>\
         <stage_one_decision_only>true</stage_one_decision_only>"
    );
    let parts = [("WorkflowTemplateID", id.as_str()), ("Stage", change.as_str())];
    let text = house.ok_at(AT, &session, "updateTemplateStage", &parts).await;
    for (name, value) in [
        ("name", "Press"),
        ("start_trigger", "3"),
        ("start_dependent_days", "5"),
        ("start_dependent_hours", "8"),
        ("start_dependent_stage_id", stages[3].as_str()),
        ("stage_one_decision_only", "true"),
        ("stage_locking", "1"),
    ] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    assert_eq!(
        house
            .ok_at(AT, &session, "getWorkflowTemplateStage", &[("StageID", &printer)])
            .await
            .replace("getWorkflowTemplateStage", "updateTemplateStage"),
        text
    );

    // People come, change, move and go; somebody has to stay.
    let more = "<item><email>eve@example.com</email><role>5</role><email_notification>9</email_notification></item>\
        <item><email>cem@example.com</email><role>1</role></item>";
    let parts = [("StageID", stages[3].as_str()), ("Recipients", more)];
    let text = house.ok_at(AT, &session, "addTemplateStageRecipients", &parts).await;
    assert_eq!(fields(&text, "email"), ["cem@example.com", "eve@example.com"]);
    assert_eq!(fields(&text, "role"), ["4", "5"], "who is there stays as they are");
    let (cem, eve) = (fields(&text, "recipient_id")[0].clone(), fields(&text, "recipient_id")[1].clone());
    for person in [&cem, &eve] {
        let change = format!(
            "<recipient_id>{person}</recipient_id><primary_decision_maker>true</primary_decision_maker>"
        );
        let parts = [("StageID", stages[3].as_str()), ("Recipient", change.as_str())];
        let text = house.ok_at(AT, &session, "updateTemplateStageRecipient", &parts).await;
        assert_eq!(
            (field(&text, "primary_decision_maker"), &field(&text, "recipient_id")),
            ("true".into(), person)
        );
        let text = house.ok_at(AT, &session, "getWorkflowTemplateStage", &[("StageID", &stages[3])]).await;
        assert_eq!(&field(&text, "stage_primary_decision_maker_recipient_id"), person);
        assert_eq!(fields(&text, "primary_decision_maker").iter().filter(|one| *one == "true").count(), 1);
    }
    let change = format!("<recipient_id>{eve}</recipient_id><stage_id>{}</stage_id>", stages[0]);
    let parts = [("StageID", stages[3].as_str()), ("Recipient", change.as_str())];
    let text = house.ok_at(AT, &session, "updateTemplateStageRecipient", &parts).await;
    assert_eq!(
        (field(&text, "stage_id"), field(&text, "primary_decision_maker")),
        (stages[0].clone(), "false".into())
    );
    let text = house.ok_at(AT, &session, "getWorkflowTemplateStageRecipient", &[("RecipientID", &eve)]).await;
    assert_eq!(
        (field(&text, "stage_id"), field(&text, "email_notification")),
        (stages[0].clone(), "9".into())
    );
    let last = [("StageID", stages[3].as_str()), ("RecipientID", cem.as_str())];
    let (code, says) = house.refused_at(AT, &session, "deleteTemplateStageRecipient", &last).await;
    assert!(code == "403" && says.contains("at least one recipient"), "{code} {says}");
    let parts = [("StageID", stages[0].as_str()), ("RecipientIDs", &format!("<item>{eve}</item>"))];
    house.ok_at(AT, &session, "deleteTemplateStageRecipients", &parts).await;

    // A stage that another one waits for stays; both go together.
    let parts = [("WorkflowTemplateID", id.as_str()), ("StageID", &stages[0])];
    assert_eq!(house.refused_at(AT, &session, "deleteTemplateStage", &parts).await.0, "400");
    let ids = format!("<item>{}</item><item>{printer}</item>", stages[3]);
    let parts = [("WorkflowTemplateID", id.as_str()), ("StageIDs", ids.as_str())];
    house.ok_at(AT, &session, "deleteTemplateStages", &parts).await;
    let parts = [("WorkflowTemplateID", id.as_str()), ("StageID", &stages[0])];
    let (_, says) = house.refused_at(AT, &session, "deleteTemplateStage", &parts).await;
    assert!(says.contains("needs a stage"), "{says}");

    house.ok_at(AT, &session, "deleteWorkflowTemplate", &[("WorkflowTemplateID", &id)]).await;
    for (operation, part, of, says) in [
        ("getWorkflowTemplate", "WorkflowTemplateID", &id, "Invalid Workflow Template ID"),
        ("getWorkflowTemplateStage", "StageID", &stages[0], "Invalid Stage ID"),
        ("getWorkflowTemplateStageRecipient", "RecipientID", &cem, "Invalid Recipient ID"),
    ] {
        let gone = ("404".to_owned(), says.to_owned());
        assert_eq!(house.refused_at(AT, &session, operation, &[(part, of)]).await, gone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_templates_cannot_be() {
    let house = House::new();
    let session = house.session(&email(Profile::Admin));
    let second = house.caller(SECOND).id().to_string();
    let one = |fields: &str| stage(fields, &["ann@example.com"]);
    let guest = |fields: &str| {
        format!(
            "<item><stage_reviewers><item><email>ann@example.com</email>{fields}</item></stage_reviewers></item>"
        )
    };
    for (stages, code, says) in [
        (String::new(), "400", "'Stages'"),
        (stage("", &[]), "403", "at least one recipient"),
        (stage("", &["nobody"]), "400", "e-mail"),
        (one("<start_trigger>8</start_trigger>"), "400", "'start_trigger'"),
        (one("<start_trigger>6</start_trigger>"), "400", "first stage"),
        (one("<start_trigger>3</start_trigger>"), "400", "date"),
        (one("<deadline_hours>24</deadline_hours>"), "400", "'deadline_days'"),
        (one("<start_dependent_stage_id>2</start_dependent_stage_id>"), "400", "'start_dependent_stage_id'"),
        (
            one("<start_dependent_stage_id>2</start_dependent_stage_id>") + &stage("", &["bob@example.com"]),
            "400",
            "before it",
        ),
        (one("") + &one(""), "400", "two stages"),
        (guest("<role>7</role>"), "400", "no login"),
        (guest("<role>2</role>"), "400", "'role'"),
        (guest("<role>3</role><primary_decision_maker>1</primary_decision_maker>"), "400", "does not decide"),
        (
            guest("<role>4</role><primary_decision_maker>1</primary_decision_maker>").replace(
                "<item><stage_reviewers>",
                "<item><stage_one_decision_only>1</stage_one_decision_only><stage_reviewers>",
            ),
            "400",
            "only one decision",
        ),
    ] {
        let parts = [("Name", "T"), ("Stages", stages.as_str())];
        let (found, text) = house.refused_at(AT, &session, "createWorkflowTemplate", &parts).await;
        assert!(found == code && text.contains(says), "{stages}: {found} {text}");
    }
    let stages = two_stages();
    let new = |part: &'static str, value: &str| {
        vec![("Name", "T".to_owned()), ("Stages", stages.clone()), (part, value.to_owned())]
    };
    for (parts, code, says) in [
        (new("OwnerID", &second), "404", "Invalid Owner ID"),
        (new("AccountID", &house.rival.to_string()), "403", "this account"),
        (new("SharedUsers", &format!("<item>{}</item>", house.caller(RIVAL).id())), "404", "Invalid User ID"),
    ] {
        let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (found, text) = house.refused_at(AT, &session, "createWorkflowTemplate", &parts).await;
        assert!(found == code && text.contains(says), "{parts:?}: {found} {text}");
    }
    // Nothing of all that is there.
    assert!(house.ok_at(AT, &session, "getWorkflowTemplates", &[]).await.contains("<result/>"));
    assert!(house.refused_at(AT, &session, "getWorkflowTemplates", &[("AccountID", "x")]).await.0 == "403");
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_for_those_they_are_shared_with() {
    let house = House::new();
    let admin = house.session(&email(Profile::Admin));
    let second = house.caller(SECOND).id().to_string();
    let id = field(&create(&house, &two_stages(), "").await, "workflow_template_id");
    let shown = |who: String| {
        let house = &house;
        async move {
            fields(&house.ok_at(AT, &house.session(&who), "getWorkflowTemplates", &[]).await, "name").len()
        }
    };
    for (who, count) in [
        (email(Profile::BillingAdmin), 1),
        (email(Profile::Supervisor), 0),
        (SECOND.to_owned(), 0),
        (RIVAL.to_owned(), 0),
    ] {
        assert_eq!(shown(who.clone()).await, count, "{who}");
    }
    let users = format!("<item>{second}</item><item>{second}</item>");
    let parts = [("WorkflowTemplateID", id.as_str()), ("SharedUsers", users.as_str())];
    let text = house.ok_at(AT, &admin, "shareWorkflowTemplate", &parts).await;
    assert!(text.contains(&format!("<shared_users><item>{second}</item></shared_users>")), "{text}");
    let manager = house.session(SECOND);
    assert_eq!(shown(SECOND.to_owned()).await, 1);
    let one = [("WorkflowTemplateID", id.as_str())];
    house.ok_at(AT, &manager, "getWorkflowTemplate", &one).await;
    // Using is not changing.
    let rename = [("WorkflowTemplateID", id.as_str()), ("Name", "Mine")];
    assert_eq!(house.refused_at(AT, &manager, "updateWorkflowTemplate", &rename).await.0, "403");
    assert_eq!(house.refused_at(AT, &manager, "deleteWorkflowTemplate", &one).await.0, "403");

    let billing = house.caller(&email(Profile::BillingAdmin)).id().to_string();
    let parts =
        [("WorkflowTemplateID", id.as_str()), ("Name", "Ours"), ("OwnerID", &billing), ("SharedUsers", "")];
    let text = house.ok_at(AT, &admin, "updateWorkflowTemplate", &parts).await;
    assert_eq!((field(&text, "name"), field(&text, "owner_id")), ("Ours".into(), billing));
    assert!(
        text.contains(&format!("<shared_users><item>{second}</item></shared_users>")),
        "blank leaves the list"
    );
    let parts = [("WorkflowTemplateID", id.as_str()), ("SharedUsers", users.as_str())];
    house
        .ok_at(
            AT,
            &admin,
            "unshareWorkflowTemplate",
            &[parts[0], ("SharedUsers", &format!("<item>{second}</item>"))],
        )
        .await;
    assert_eq!(
        house.refused_at(AT, &admin, "unshareWorkflowTemplate", &parts).await,
        ("404".into(), "Invalid User ID".into())
    );
    assert_eq!(
        house.refused_at(AT, &manager, "getWorkflowTemplate", &one).await,
        ("404".into(), "Invalid Workflow Template ID".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_of_a_template_has_its_stages_and_people() {
    let house = House::new();
    let second = house.caller(SECOND);
    let text = create(&house, &two_stages(), &format!("<item>{}</item>", second.id())).await;
    let template = field(&text, "workflow_template_id");
    let session = house.session(SECOND);
    let new = |hash: &str, template: &str, parent: Option<&str>| {
        let mut parts = vec![
            ("Hash", hash.to_owned()),
            ("Name", "By the book".to_owned()),
            ("SourceName", "red.png".to_owned()),
            ("WorkflowTemplateID", template.to_owned()),
            ("EnableAutoLock", "true".to_owned()),
        ];
        parts.extend(parent.map(|id| ("ParentFileID", id.to_owned())));
        parts
    };
    let borrowed = |parts: &[(&'static str, String)]| -> Vec<(&'static str, String)> { parts.to_vec() };
    let call = |operation: &'static str, parts: Vec<(&'static str, String)>| {
        let (house, session) = (&house, &session);
        async move {
            let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            house
                .call_at(AT, operation, &[&[("SessionID", session.as_str())], parts.as_slice()].concat())
                .await
        }
    };
    let hash = house.file("red.png", RED_PNG);
    let parts = new(&hash, &template, None);
    let text = call("createWorkflowTemplateProof", borrowed(&parts)).await.text();
    assert_eq!(field(&text, "workflow_template_id"), template);
    assert_eq!(field(&text, "auto_lock"), "true");
    // Stages with their people; the owner is on the one that runs.
    assert_eq!(fields(&text, "active"), ["true", "false"]);
    assert_eq!(fields(&text, "start_trigger"), ["1", "6"]);
    let mut mail = fields(&text, "email");
    mail.sort();
    assert_eq!(mail, ["ann@example.com", "bob@example.com", "cem@example.com", SECOND]);
    let id = galley_model::ProofId(field(&text, "proof_id").parse().expect("a number"));
    let details = house.service.proof_details(&second, id).expect("details");
    let rules: Vec<_> =
        details.stages.iter().map(|(s, _)| (s.name.as_str(), s.rules.trigger, s.state(), s.people)).collect();
    assert_eq!(
        rules,
        [
            ("Editors", StartTrigger::AtOnce, StageState::Active, 3),
            ("Client", StartTrigger::ParentDecided, StageState::Waiting, 1),
        ]
    );
    // Monday, half past ten in Vienna; two business days later at six in the evening.
    let due: galley_model::Timestamp = "2026-03-04T17:00:00Z".parse().expect("a time");
    assert_eq!((details.stages[0].0.deadline, details.stages[1].0.deadline), (Some(due), None));

    // The second stage starts when the first has decided, and is due a business day after that.
    for email in ["ann@example.com", "bob@example.com"] {
        house.service.decide_by_link(&house.link(id, email), Decision::Approved, &[]).expect("a decision");
    }
    let after = house.service.proof_details(&second, id).expect("details");
    let due: galley_model::Timestamp = "2026-03-02T23:30:00Z".parse().expect("a time");
    assert_eq!((after.stages[1].0.state(), after.stages[1].0.deadline), (StageState::Active, Some(due)));

    // Later changes of the template do not touch the proof, which says where it came from all the same.
    let admin = house.session(&email(Profile::Admin));
    let more = format!("<name>Third</name>{}", people(&["dan@example.com"]));
    let change = [("WorkflowTemplateID", template.as_str()), ("Stage", more.as_str())];
    house.ok_at(AT, &admin, "addTemplateStage", &change).await;
    assert_eq!(house.service.proof_details(&second, id).expect("details").stages.len(), 2);

    let file = id.to_string();
    let parts = new(&house.file("red.png", RED_PNG), &template, Some(&file));
    let text = call("createWorkflowTemplateProofVersion", borrowed(&parts)).await.text();
    assert_eq!((field(&text, "version"), fields(&text, "active").len()), ("2".into(), 3));
    house.ok_at(AT, &admin, "deleteWorkflowTemplate", &[("WorkflowTemplateID", &template)]).await;
    let text = house.ok_at(AT, &session, "getProofDetails", &[("FileID", &file)]).await;
    assert_eq!(field(&text, "workflow_template_id"), template);

    for (operation, parts, code, says) in [
        ("createWorkflowTemplateProof", new(&hash, &template, None), "404", "Invalid Workflow Template ID"),
        ("createWorkflowTemplateProof", new(&hash, "", None), "400", "'WorkflowTemplateID'"),
    ] {
        let (found, text) = galley_testkit::fault(&call(operation, parts).await).expect("a fault");
        assert!(found == code && text.contains(says), "{operation}: {found} {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_templates_costs_the_same_however_long() {
    let house = House::new();
    let session = house.session(&email(Profile::Admin));
    let second = format!("<item>{}</item>", house.caller(SECOND).id());
    let mut costs = Vec::new();
    for count in [1, 8] {
        for _ in 0..count {
            create(&house, &two_stages(), &second).await;
        }
        house.ok(&session, "checkSession", &[]).await;
        let before = house.service.statements();
        let text = house.ok_at(AT, &session, "getWorkflowTemplates", &[]).await;
        costs.push(house.service.statements() - before);
        assert!(fields(&text, "name").len() >= count);
    }
    assert_eq!(costs[0], costs[1]);
}
