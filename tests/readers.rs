//! What readers must not get wrong: rows that look like another kind, lists that were not asked
//! for, values that were cut off.

use entralint::json::{Tape, read::parse};
use entralint::kinds::{self, Object};
use entralint::model::{Date, Field, ObjectKind, Relation, RestrictionOf, Schedule};

/// Every object of a text, with its kind.
fn read(text: &str, mut tell: impl FnMut(ObjectKind, Object<'_>)) {
    let mut tape = Tape::default();
    parse(text, 0, &mut tape).expect("JSON");
    for part in kinds::unwrap(tape.root(text)).objects {
        let kind = part.recognise().expect("a known kind");
        tell(kind, kinds::build(kind, part.value, &part.reading()));
    }
}

fn kinds_of(text: &str) -> Vec<ObjectKind> {
    let mut found = Vec::new();
    read(text, |kind, _| found.push(kind));
    found
}

const ID: &str = "2c63888f-28f0-4481-be6d-dce7a7ace732";
const SP: &str = "5f0e6d3a-9b1c-4f7e-8a25-3c6d7e8f9a01";

#[test]
fn kinds_that_look_alike() {
    use ObjectKind as K;
    for (text, want) in [
        // Azure AD Graph says what an object is, so its users and groups are no applications.
        (
            r#"{"objectType": "User", "objectId": "x"}"#,
            K::DirectoryObject,
        ),
        (
            r#"{"objectType": "Group", "objectId": "x"}"#,
            K::DirectoryObject,
        ),
        (
            r#"{"objectType": "Application", "objectId": "x", "appId": "y"}"#,
            K::Application,
        ),
        // Flat rows of schedules are no assignments.
        (
            r#"{"PrincipalId": "x", "RoleDefinitionId": "y", "Scope": "/", "MemberType": "Direct"}"#,
            K::RoleSchedule,
        ),
        (
            r#"{"principalId": "x", "roleDefinitionId": "y", "scope": "/"}"#,
            K::RoleAssignment,
        ),
        // Roles of the directory are none of Azure.
        (
            r#"{"principalId": "x", "roleDefinitionId": "y", "directoryScopeId": "/", "scope": "/"}"#,
            K::DirectoryRoleAssignment,
        ),
        (
            r#"{"id": "x", "displayName": "g", "securityEnabled": true, "groupTypes": []}"#,
            K::DirectoryObject,
        ),
        (
            r#"{"id": "authorizationPolicy", "displayName": "p"}"#,
            K::AuthorizationPolicy,
        ),
        (
            r#"{"id": "x", "restrictions": {"keyCredentials": []}}"#,
            K::AppManagementPolicy,
        ),
        (
            r#"{"id": "/subscriptions/x", "properties": {"parentNameChain": []}}"#,
            K::ManagementGroup,
        ),
    ] {
        assert_eq!(kinds_of(text), [want], "{text}");
    }
}

#[test]
fn members_are_members_whatever_else_they_are() {
    let text = format!(
        r##"{{"id": "{ID}", "displayName": "Operators", "members": [
            {{"@odata.type": "#microsoft.graph.servicePrincipal", "id": "{SP}", "appId": "{ID}",
              "servicePrincipalType": "Application"}},
            {{"id": "71a2b3c4-d5e6-4f70-8192-a3b4c5d6e7f8", "displayName": "Ada"}}]}}"##
    );
    let mut count = 0;
    read(&text, |kind, object| {
        let Object::DirectoryObject(member) = object else {
            panic!("{kind:?}");
        };
        count += 1;
        assert_eq!(member.relation, Some(Relation::Member));
        assert_eq!(member.owned.value().map(|id| id.as_ref()), Some(ID));
    });
    assert_eq!(count, 2);
}

#[test]
fn a_group_with_its_own_properties_is_not_taken_apart() {
    let text =
        format!(r#"{{"id": "{ID}", "securityEnabled": true, "members": [{{"id": "{SP}"}}]}}"#);
    let mut count = 0;
    read(&text, |_, object| {
        let Object::DirectoryObject(group) = object else {
            panic!("a group");
        };
        count += 1;
        assert_eq!(group.kind.value().map(|kind| kind.as_ref()), Some("group"));
        assert_eq!(group.members.shown(), Some(1));
        assert_eq!(group.relation, None);
        assert_eq!(group.members.items[0].relation, Some(Relation::Member));
    });
    assert_eq!(count, 1);
}

#[test]
fn owners_of_a_subscription_are_role_assignments() {
    let text = format!(
        r#"{{"kind": "AZSubscriptionOwner", "data": {{"subscriptionId": "s", "owners": [
            {{"subscriptionId": "s", "owner": {{"id": "/a", "properties":
              {{"principalId": "{SP}", "roleDefinitionId": "{ID}", "scope": "/subscriptions/s"}}}}}}]}}}}"#
    );
    assert_eq!(kinds_of(&text), [ObjectKind::RoleAssignment]);
}

fn application(properties: &str, tell: impl Fn(&entralint::model::Application<'_>)) {
    let text = format!(r#"{{"appId": "{ID}", "signInAudience": "AzureADMyOrg", {properties}}}"#);
    let mut seen = false;
    read(&text, |_, object| {
        let Object::Application(app) = object else {
            panic!("an application");
        };
        tell(&app);
        seen = true;
    });
    assert!(seen);
}

#[test]
fn lists_that_were_not_asked_for_say_nothing() {
    for (owners, shown) in [
        (r#""owners": []"#, Some(0)),
        (r#""owners": [{"id": "x"}]"#, Some(1)),
        (r#""Owners": [{"Id": "x"}]"#, Some(1)),
        (r#""Owners": []"#, None),
        (r#""Owners": null"#, None),
        // Bicep's relationships.
        (r#""owners": {"relationships": []}"#, None),
    ] {
        application(owners, |app| {
            assert_eq!(app.owners.shown(), shown, "{owners}");
            let all = app.owners.iter();
            assert!(
                all.clone()
                    .all(|owner| owner.relation == Some(Relation::Owner))
            );
        });
    }
    application(
        r#""federatedIdentityCredentials": ["System.Collections.Hashtable"]"#,
        |app| {
            assert_eq!(app.federated.shown(), Some(1));
            assert!(app.federated.items[0].issuer.is_unknown());
        },
    );
}

#[test]
fn a_classic_administrator_holds_no_role() {
    let text = r#"{"id": "NA(classic admins)", "name": "NA(classic admins)", "principalId": "x",
        "principalName": "ada@contoso.com", "principalType": "NA(classic admins)",
        "roleDefinitionId": "NA(classic admin role)", "scope": "/subscriptions/s",
        "roleDefinitionName": "ServiceAdministrator;AccountAdministrator"}"#;
    read(text, |_, object| {
        let Object::RoleAssignment(row) = object else {
            panic!("a role assignment");
        };
        assert!(row.is_classic());
        assert_eq!(row.role_guid(), None);
    });
}

#[test]
fn a_schedule_is_told_by_its_type_or_by_what_it_has() {
    let schedule = |text: &str| {
        let mut found = None;
        read(text, |_, object| {
            if let Object::RoleAssignment(row) = object {
                found = Some(row.schedule);
            }
        });
        found.expect("a role assignment")
    };
    let nested = |kind: &str, more: &str| {
        format!(
            r#"{{"type": "Microsoft.Authorization/{kind}", "properties":
                {{"principalId": "x", "roleDefinitionId": "y", "scope": "/"{more}}}}}"#
        )
    };
    for (kind, more, want) in [
        ("roleAssignments", "", Schedule::None),
        ("RoleEligibilitySchedules", "", Schedule::Eligible),
        ("roleEligibilityScheduleInstances", "", Schedule::Eligible),
        ("roleEligibilityScheduleRequests", "", Schedule::Request),
        (
            "roleAssignmentScheduleRequests",
            r#", "requestType": "AdminAssign""#,
            Schedule::Request,
        ),
        ("roleAssignmentSchedules", "", Schedule::Assigned),
        (
            "roleAssignmentScheduleInstances",
            r#", "assignmentType": "Activated""#,
            Schedule::Activated,
        ),
    ] {
        assert_eq!(schedule(&nested(kind, more)), want, "{kind}");
    }
    let flat = r#"{"PrincipalId": "x", "RoleDefinitionId": "y", "ScopeId": "/",
        "RoleEligibilityScheduleId": "z"}"#;
    assert_eq!(schedule(flat), Schedule::Eligible);
}

#[test]
fn permissions_are_known_only_where_the_document_tells_them_all() {
    let known = |text: &str| {
        let mut found = None;
        read(text, |_, object| {
            if let Object::RoleDefinition(role) = object {
                found = Some((role.blocks.len(), role.blocks_known));
            }
        });
        found.expect("a role definition")
    };
    let nested = |block: &str| {
        format!(
            r#"{{"name": "{ID}", "properties": {{"roleName": "r", "assignableScopes": ["/"],
                "permissions": {block}}}}}"#
        )
    };
    assert_eq!(
        known(&nested(r#"[{"actions": [], "dataActions": ["*"]}]"#)),
        (1, true)
    );
    // The API of 2015 knows no operations on data.
    assert_eq!(
        known(&nested(r#"[{"actions": ["*"], "notActions": []}]"#)),
        (1, false)
    );
    assert_eq!(
        known(&nested(
            r#"[{"actions": "System.Object[]", "dataActions": []}]"#
        )),
        (1, false)
    );
    assert_eq!(known(&nested(r#"["System.Object"]"#)), (0, false));
    // The file that a role is made from leaves out what is empty.
    let input = r#"{"Name": "r", "Actions": ["*"], "AssignableScopes": ["/"]}"#;
    assert_eq!(known(input), (1, true));
}

#[test]
fn the_last_sign_in_is_the_latest_that_can_be_told() {
    let last = |text: &str| {
        let mut found = None;
        let text = format!(
            r#"{{"appId": "{ID}", "lastSignInActivity": {{"lastSignInDateTime": "2026-05-01T00:00:00Z"}},
                "delegatedClientSignInActivity": {{"lastSignInDateTime": {text}}}}}"#
        );
        read(&text, |_, object| {
            if let Object::SignInActivity(row) = object {
                found = Some(match row.last {
                    Field::Value(date) => match date.value {
                        Date::At(instant) => instant.date(),
                        other => format!("{other:?}"),
                    },
                    other => format!("{other:?}"),
                });
            }
        });
        found.expect("a row")
    };
    assert_eq!(last(r#""2026-06-01T00:00:00Z""#), "2026-06-01");
    assert_eq!(last(r#""2025-06-01T00:00:00Z""#), "2026-05-01");
    assert_eq!(last(r#""0001-01-01T00:00:00Z""#), "2026-05-01");
    assert_eq!(last("null"), "2026-05-01");
    // It may be later, so nothing may be said of it.
    assert_eq!(last(r#""6/1/2026""#), "Unreadable");
}

#[test]
fn restrictions_keep_what_they_are_of() {
    let text = r#"{"applicationRestrictions": {
        "passwordCredentials": [{"restrictionType": "passwordLifetime", "maxLifetime": "P90D"}],
        "keyCredentials": [{"restrictionType": "asymmetricKeyLifetime"}]}}"#;
    read(text, |_, object| {
        let Object::AppManagementPolicy(policy) = object else {
            panic!("a policy");
        };
        assert!(policy.default);
        let found: Vec<_> = policy.restrictions.iter().map(|one| one.of).collect();
        assert_eq!(found, [RestrictionOf::Password, RestrictionOf::Key]);
    });
}

#[test]
fn a_tenant_is_a_guid_in_the_metadata() {
    for (metadata, want) in [
        (
            "https://graph.windows.net/f6fadfa7-e5c1-4b62-9362-da5cc13da58a/$metadata#x",
            Some("f6fadfa7-e5c1-4b62-9362-da5cc13da58a"),
        ),
        ("https://graph.windows.net/contoso.com/$metadata#x", None),
        ("https://graph.windows.net/é", None),
        ("", None),
    ] {
        let text = format!(
            r#"{{"odata.metadata": "{metadata}", "objectId": "{SP}", "appOwnerTenantId": "x"}}"#
        );
        read(&text, |_, object| {
            let Object::ServicePrincipal(principal) = object else {
                panic!("a service principal");
            };
            assert_eq!(
                principal.tenant.value().map(|id| id.as_ref()),
                want,
                "{metadata}"
            );
        });
    }
}
