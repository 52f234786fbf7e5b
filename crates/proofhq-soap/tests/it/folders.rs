//! Workspaces: who sees them, what is in them, sharing, moving, trash.

use galley_model::{Profile, ProofId};
use galley_service::{ProofInput, WorkspaceInput};
use galley_testkit::{House, RED_PNG, RIVAL, SECOND, email, field, fields};

const V: &str = "18_3_0";

/// A folder of the second manager.
fn folder(house: &House, name: &str, parent: Option<&str>, private: bool) -> String {
    let parent = parent.map(|id| galley_model::WorkspaceId(id.parse().expect("an id")));
    let input = WorkspaceInput { name: name.to_owned(), parent, private, ..WorkspaceInput::default() };
    house.service.create_workspace(&house.caller(SECOND), &input).expect("a folder").id.to_string()
}

/// A proof of the second manager in a folder.
fn proof_in(house: &House, folder: &str) -> ProofId {
    let input = ProofInput {
        file_token: house.file("red.png", RED_PNG),
        name: Some("Red".to_owned()),
        workspace: Some(galley_model::WorkspaceId(folder.parse().expect("an id"))),
        ..ProofInput::default()
    };
    house.service.create_proof(&house.caller(SECOND), &input).expect("a proof").id
}

async fn seen(house: &House, session: &str) -> Vec<String> {
    fields(&house.ok(session, "getWorkspaces", &[]).await, "name")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_a_folder() {
    let house = House::new();
    let public = folder(&house, "Public", None, false);
    folder(&house, "Below", Some(&public), false);
    let private = folder(&house, "Private", None, true);
    folder(&house, "Under private", Some(&private), false);
    for profile in Profile::ALL {
        let names = seen(&house, &house.session(&email(profile))).await;
        let expected: &[&str] = match profile {
            _ if profile.manages_all() => &["Below", "Private", "Public", "Under private"],
            Profile::Manager => &["Below", "Public"],
            _ => &[],
        };
        assert_eq!(names, expected, "{profile:?}");
    }
    // Seeing an item is seeing the folder.
    let proof = proof_in(&house, &private).to_string();
    let observer = email(Profile::Observer);
    let parts = [("FileID", proof.as_str()), ("RecipientEmail", &observer), ("RecipientRole", "1")];
    house.ok(&house.session(SECOND), "addProofReviewer", &parts).await;
    assert_eq!(seen(&house, &house.session(&observer)).await, ["Private"]);
    assert!(seen(&house, &house.session(RIVAL)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_created_and_changed() {
    let house = House::new();
    let session = house.session(SECOND);
    let admin = house.caller(&email(Profile::Admin)).id().to_string();
    let top = house
        .ok_at(V, &session, "createWorkspace", &[("Name", "Top"), ("Personal", "true"), ("OwnerID", &admin)])
        .await;
    assert_eq!((field(&top, "owner_id"), field(&top, "personal")), (admin.clone(), "true".to_owned()));
    let id = field(&top, "id");
    let below =
        house.ok_at(V, &session, "createWorkspace", &[("Name", "Below"), ("ParentWorkspaceID", &id)]).await;
    for (name, value) in [("personal", "true"), ("root_level", "1"), ("parent_workspace_id", id.as_str())] {
        assert_eq!(field(&below, name), value, "{name}");
    }
    let child = field(&below, "id");
    let parts = [("WorkspaceID", child.as_str()), ("Name", "New"), ("Client", "Acme"), ("Personal", "false")];
    let text = house.ok(&session, "updateWorkspace", &parts).await;
    for (name, value) in [("name", "New"), ("client", "Acme"), ("personal", "true"), ("root_level", "1")] {
        assert_eq!(field(&text, name), value, "{name}");
    }
    let text =
        house.ok(&session, "updateWorkspace", &[("WorkspaceID", &child), ("ParentWorkspaceID", "0")]).await;
    assert_eq!((field(&text, "name"), field(&text, "root_level")), ("New".to_owned(), "1".to_owned()));
    let text = house.ok(&session, "updateWorkspace", &[("WorkspaceID", &id), ("Personal", "false")]).await;
    assert_eq!(field(&text, "personal"), "false");
    let text = house.ok(&session, "updateWorkspace", &[("WorkspaceID", &child), ("Personal", "false")]).await;
    assert_eq!(field(&text, "personal"), "false", "its parent is public now");
    house.ok(&session, "updateWorkspace", &[("WorkspaceID", &id), ("Personal", "true")]).await;
    let all = house.ok(&session, "getWorkspaces", &[]).await;
    assert_eq!(fields(&all, "personal"), ["true", "true"], "private parents make private children");

    let long = "x".repeat(4001);
    let observer = house.caller(&email(Profile::Observer)).id().to_string();
    for (parts, code) in [
        (vec![("Name", " ")], "400"),
        (vec![("Name", "A"), ("Description", long.as_str())], "400"),
        (vec![("Name", "A"), ("ParentWorkspaceID", "77777")], "404"),
        (vec![("Name", "A"), ("OwnerID", observer.as_str())], "404"),
    ] {
        assert_eq!(house.refused_at(V, &session, "createWorkspace", &parts).await.0, code, "{parts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_folder_shows_what_is_in_it() {
    let house = House::new();
    let session = house.session(SECOND);
    let top = folder(&house, "Top", None, true);
    let below = folder(&house, "Below", Some(&top), false);
    let early = proof_in(&house, &below).to_string();
    let (reader, writer) = (email(Profile::Observer), email(Profile::Manager));
    let ids = |address: &str| house.caller(address).id().to_string();
    let share = |user: String, role: &'static str| {
        [("WorkspaceID", top.clone()), ("UserIDs", user), ("Role", role.to_owned())]
    };
    for parts in [share(format!("{}; {}", ids(&reader), ids(SECOND)), "1"), share(ids(&writer), "2")] {
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house.ok_at(V, &session, "shareWorkspace", &parts).await;
    }
    let late = proof_in(&house, &folder(&house, "Later", Some(&top), false)).to_string();
    for address in [&reader, &writer] {
        let other = house.session(address);
        assert_eq!(seen(&house, &other).await, ["Below", "Later", "Top"]);
        for id in [&early, &late] {
            house.ok(&other, "getProofDetails", &[("FileID", id)]).await;
        }
        let list = house.ok(&other, "getAllProofs", &[]).await;
        assert_eq!(fields(&list, "file_id"), [late.clone(), early.clone()]);
        let may = *address == writer;
        let rename = [("FileID", early.as_str()), ("Name", "Blue")];
        if may {
            house.ok(&other, "updateProof", &rename).await;
        } else {
            assert_eq!(house.refused(&other, "updateProof", &rename).await.0, "403");
        }
        let shared = [("WorkspaceID", top.as_str()), ("UserIDs", "1")];
        assert_eq!(house.refused_at(V, &other, "shareWorkspace", &shared).await.0, "403");
    }
    // Moving out drops what was inherited.
    house.ok_at(V, &session, "moveWorkspace", &[("WorkspaceID", &below), ("ParentWorkspaceID", "0")]).await;
    let other = house.session(&reader);
    assert_eq!(seen(&house, &other).await, ["Later", "Top"]);
    assert_eq!(house.refused(&other, "getProofDetails", &[("FileID", &early)]).await.0, "404");

    let rival = house.caller(RIVAL);
    let (foreign, account) = (rival.id().to_string(), house.rival.to_string());
    for (parts, code, text) in [
        (vec![("UserIDs", foreign.as_str())], "404", "Invalid User ID"),
        (vec![("UserIDs", "12 x")], "400", "'UserIDs'"),
        (vec![("UserIDs", "1"), ("Role", "3")], "400", "'Role'"),
        (vec![("UserIDs", " ; ")], "400", "'UserIDs'"),
        (vec![("AccountIDs", account.as_str())], "403", "access to this account"),
    ] {
        let parts = [&[("WorkspaceID", top.as_str())], parts.as_slice()].concat();
        let (found, said) = house.refused_at(V, &session, "shareWorkspace", &parts).await;
        assert!(found == code && said.contains(text), "{parts:?}: {found} {said}");
    }
    let studio = house.studio.to_string();
    house.ok_at(V, &session, "shareWorkspace", &[("WorkspaceID", &below), ("AccountIDs", &studio)]).await;
    assert_eq!(seen(&house, &house.session(&email(Profile::Visitor))).await, ["Below"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn items_go_only_where_one_may_put_them() {
    let house = House::new();
    let manager = email(Profile::Manager);
    let session = house.session(&manager);
    let private = folder(&house, "Private", None, true);
    let public = folder(&house, "Public", None, false);
    let proof = house.proof(&manager, &[]).id.to_string();
    let parts = |place: &str| {
        vec![("FileID", proof.clone()), ("Name", "Red".to_owned()), ("WorkspaceId", place.to_owned())]
    };
    let call = |place: &str| {
        let parts = parts(place);
        let (house, session) = (&house, &session);
        async move {
            let parts: Vec<(&str, &str)> = parts.iter().map(|(n, v)| (*n, v.as_str())).collect();
            house.call("updateProof", &[&[("SessionID", session.as_str())], parts.as_slice()].concat()).await
        }
    };
    assert!(call(&private).await.text().contains("Invalid Workspace ID"));
    assert_eq!(call(&public).await.status, 200);
    let user = house.caller(&manager).id().to_string();
    let share = |role: &'static str| {
        [("WorkspaceID", private.clone()), ("UserIDs", user.clone()), ("Role", role.to_owned())]
    };
    for (role, status) in [("1", 500), ("2", 200)] {
        let parts = share(role);
        let parts: Vec<(&str, &str)> = parts.iter().map(|(n, v)| (*n, v.as_str())).collect();
        house.ok_at(V, &house.session(SECOND), "shareWorkspace", &parts).await;
        assert_eq!(call(&private).await.status, status, "role {role}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_keeps_folders_out_of_themselves() {
    let house = House::new();
    let session = house.session(SECOND);
    let top = folder(&house, "Top", None, false);
    let below = folder(&house, "Below", Some(&top), false);
    let hidden = folder(&house, "Hidden", None, true);
    for to in [&below, &top] {
        let parts = [("WorkspaceID", top.as_str()), ("ParentWorkspaceID", to.as_str())];
        let (code, text) = house.refused_at(V, &session, "moveWorkspace", &parts).await;
        assert!(code == "400" && text.contains("itself"), "{code} {text}");
    }
    let parts = [("WorkspaceID", top.as_str()), ("ParentWorkspaceID", hidden.as_str())];
    let moved = house.ok_at(V, &session, "moveWorkspace", &parts).await;
    assert_eq!((field(&moved, "root_level"), field(&moved, "personal")), ("1".to_owned(), "true".to_owned()));
    let all = house.ok(&session, "getWorkspaces", &[]).await;
    assert_eq!(fields(&all, "personal"), ["true", "true", "true"]);
    // Somebody else's private folder is no place to move to.
    let manager = house.session(&email(Profile::Manager));
    let own = field(&house.ok(&manager, "createWorkspace", &[("Name", "Own")]).await, "id");
    let parts = [("WorkspaceID", own.as_str()), ("ParentWorkspaceID", hidden.as_str())];
    assert_eq!(house.refused_at(V, &manager, "moveWorkspace", &parts).await.0, "404");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_goes_into_the_trash_with_everything() {
    let house = House::new();
    let session = house.session(SECOND);
    let top = folder(&house, "Top", None, false);
    let below = folder(&house, "Below", Some(&top), false);
    let (early, kept) = (proof_in(&house, &below).to_string(), proof_in(&house, &top).to_string());
    house.ok(&session, "deleteProof", &[("FileID", &early)]).await;
    house.clock.advance(60);
    let manager = house.session(&email(Profile::Manager));
    assert_eq!(house.refused(&manager, "deleteWorkspace", &[("WorkspaceID", &top)]).await.0, "403");
    house.ok(&session, "deleteWorkspace", &[("WorkspaceID", &top)]).await;
    assert!(seen(&house, &session).await.is_empty());
    for id in [&early, &kept] {
        assert_eq!(house.refused(&session, "getProofDetails", &[("FileID", id)]).await.0, "404");
    }
    for (operation, parts) in [
        ("updateWorkspace", vec![("WorkspaceID", below.as_str()), ("Name", "x")]),
        ("deleteWorkspace", vec![("WorkspaceID", below.as_str())]),
        ("getProofsByWorkspace", vec![("WorkspaceID", top.as_str())]),
        ("createWorkspace", vec![("Name", "x"), ("ParentWorkspaceID", top.as_str())]),
    ] {
        let refused = house.refused_at(V, &session, operation, &parts).await;
        assert_eq!(refused, ("404".to_owned(), "Invalid Workspace ID".to_owned()), "{operation}");
    }
    assert_eq!(house.refused_at(V, &manager, "restoreWorkspace", &[("WorkspaceID", &top)]).await.0, "403");
    assert_eq!(house.refused_at(V, &session, "restoreWorkspace", &[("WorkspaceID", "x")]).await.0, "404");

    // The inner one alone comes back at the top.
    let admin = house.session(&email(Profile::Admin));
    let back = house.ok_at(V, &admin, "restoreWorkspace", &[("WorkspaceID", &below)]).await;
    assert_eq!((field(&back, "name"), field(&back, "root_level")), ("Below".to_owned(), "0".to_owned()));
    house.ok_at(V, &session, "restoreWorkspace", &[("WorkspaceID", &top)]).await;
    assert_eq!(seen(&house, &session).await, ["Below", "Top"]);
    house.ok(&session, "getProofDetails", &[("FileID", &kept)]).await;
    assert_eq!(
        house.refused(&session, "getProofDetails", &[("FileID", &early)]).await.0,
        "404",
        "was there before"
    );

    // A private folder of somebody else's is nobody's to delete.
    let private = folder(&house, "Private", None, true);
    assert_eq!(house.refused(&admin, "deleteWorkspace", &[("WorkspaceID", &private)]).await.0, "403");
}
