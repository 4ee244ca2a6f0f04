"""What entralint prints for shells and for man, shown to the shells and to man.

Like the others, every judge is shown something broken too.
"""

import json
import os
import stat
import sys

FIRST = "11111111-0000-4000-8000-000000000001"
ARM = f"https://management.azure.com/subscriptions/{FIRST}/providers"
GRAPH = "https://graph.microsoft.com"
LATE = "behind the link"


def parts(ci):
    """The checks, for the counters and helpers of the script that runs them."""

    def written(name, *words):
        path = ci.WORK / name
        path.write_bytes(ci.entralint(*words, exits=(0,)))
        return path

    def spoilt(path, with_text):
        other = path.with_name(f"spoilt-{path.name}")
        other.write_bytes(path.read_bytes() + with_text.encode())
        return other

    def accepted(what, judge, good, bad):
        ci.check(f"{what}", *judge(good))
        ci.check(f"{what}: spoilt, it is seen", not judge(bad)[0])

    def command(*words):
        def judge(path):
            done = ci.run([*words, path])
            said = done.stdout + done.stderr
            return done.returncode == 0 and not said, said.decode(errors="replace")

        return judge

    def powershell(path):
        import tree_sitter
        import tree_sitter_powershell

        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
        tree = parser.parse(path.read_bytes())
        return not tree.root_node.has_error, tree.root_node

    def mandoc(path):
        done = ci.run(["mandoc", "-T", "lint", "-W", "warning", path])
        # The page is the same on every day.
        lines = [line for line in done.stdout.decode().splitlines() if "missing date" not in line]
        return not lines, "\n".join(lines)

    def completions():
        ci.title("completions")
        for shell in ["bash", "zsh", "fish"]:
            script = written(f"completions.{shell}", "completions", shell)
            bad = spoilt(script, "\nif true; then ( \n")
            accepted(f"{shell} reads its completions", command(shell, "-n"), script, bad)
        ask = "source $1; COMP_WORDS=(entralint ch); COMP_CWORD=1; _entralint entralint ch entralint; echo ${COMPREPLY[*]}"
        done = ci.run(["bash", "-c", ask, "bash", ci.WORK / "completions.bash"])
        ci.check("bash completes `entralint ch`", done.stdout == b"check\n", done)

    def manual():
        ci.title("man")
        page = written("entralint.1", "man")
        bad = spoilt(page, ".SH\n.nonsense\n")
        accepted("mandoc has nothing to say of the page", mandoc, page, bad)
        groff = command("groff", "-man", "-T", "utf8", "-K", "utf8", "-ww", "-z")
        accepted("groff has nothing to say of the page", groff, page, bad)

    def scripts():
        ci.title("collect")
        bash = written("collect.sh", "collect")
        shellcheck = command(ci.PLACE / "venv/bin/shellcheck")
        accepted("shellcheck has nothing to say of the script", shellcheck, bash, spoilt(bash, "echo $folder\n"))
        script = written("collect.ps1", "collect", "--shell", "powershell")
        accepted("the other one is PowerShell", powershell, script, spoilt(script, "if ($true) {\n"))
        ci.check("shellcheck has nothing to say of the tests' stand-in", *shellcheck("tests/collect/az"))
        exported(bash)

    def exported(script):
        answers = ci.save("answers.json", tenant())
        az = ci.WORK / "bin/az"
        az.parent.mkdir()
        az.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ci.PLACE}/az.py" "$@"\n')
        az.chmod(az.stat().st_mode | stat.S_IXUSR)
        folder = ci.WORK / "export"
        path = f"{az.parent}:{os.environ['PATH']}"
        done = ci.run(["bash", script, folder], env={**os.environ, "PATH": path, "AZ_ANSWERS": str(answers)})
        said = done.stderr.decode()
        missing = [line.split()[1] for line in said.splitlines() if line.startswith("missing: ")]
        ci.check("what az prints is read, and what it refuses named", missing == ["users.json"], said)
        documents = {str(path.relative_to(folder)): ci.load(path) for path in folder.rglob("*.json")}
        names = [entry["displayName"] for entry in documents["applications.json"]["value"]]
        ci.check("pages are joined, and names come through", names == ["Zürich\t\"twins\"\n", LATE], names)
        for name, count in {
            "groups.json": 1,
            "app-role-assignments.json": 2,
            "group-members/66666666-0000-4000-8000-00000000000b.json": 1,
            f"role-assignments/{FIRST}.json": 2,
            f"role-definitions/{FIRST}.json": 2,
            f"deny-assignments/{FIRST}.json": 0,
        }.items():
            found = documents.get(name, {}).get("value", [])
            ci.check(f"{name} has {count}", name in documents and len(found) == count, found)
        kind = documents["groups.json"]["value"][0].get("@odata.type")
        ci.check("a group tells its type", kind == "#microsoft.graph.group", kind)
        single = documents["authorization-policy.json"]
        ci.check("one object stays one object", single.get("id") == "authorizationPolicy", single)
        text = "".join(path.read_text() for path in folder.rglob("*.json"))
        ci.check("no link is left", "nextLink" not in text)
        report = json.loads(ci.entralint("check", *ci.NOW, "--format", "json", folder))
        rules = {finding["rule"] for finding in report["findings"]}
        ci.check("entralint reads every file", not rules & {"invalid-json", "export-truncated", "error-response"}, rules)
        ci.check("and counts them", report["summary"]["files"] == len(documents), report["summary"])

    return [completions, manual, scripts]


def tenant():
    """A small tenant as the services answer: what is named twice comes in two pages."""

    def page(of, *rows, link=None):
        body = {"@odata.context": f"{GRAPH}/v1.0/$metadata#{of}", "value": list(rows)}
        return {**body, "@odata.nextLink": link} if link else body

    def application(number, name):
        identifier = f"33333333-0000-4000-8000-00000000000{number}"
        return {"id": identifier, "appId": identifier, "displayName": name, "signInAudience": "AzureADMyOrg"}

    directory = f"{GRAPH}/v1.0/roleManagement/directory"
    only = "?$select=id,displayName,userPrincipalName,userType"
    app, other = application("A", 'Zürich\t"twins"\n'), application("B", LATE)
    principal = {"id": "44444444-0000-4000-8000-00000000000C", "appId": app["appId"], "servicePrincipalType": "Application"}
    group = "66666666-0000-4000-8000-00000000000B"
    assigned = {"appRoleId": FIRST, "principalId": group, "resourceId": principal["id"], "id": "1"}
    answers = {
        "account show": {"tenantId": "99999999-0000-4000-8000-00000000000A"},
        "cloud show": {"endpoints": {"microsoftGraphResourceId": f"{GRAPH}/", "resourceManager": None}},
        "account list": [
            {"id": FIRST, "tenantId": "99999999-0000-4000-8000-00000000000a"},
            {"id": "other", "tenantId": "another"},
        ],
        "account management-group entities list": [],
        f"role assignment list --all --include-inherited --include-groups {FIRST}": [
            {"principalId": group, "principalType": "Group", "scope": "/", "roleDefinitionId": "r"},
            {"principalId": principal["id"], "principalType": None, "scope": "/", "roleDefinitionId": "r"},
        ],
        f"{GRAPH}/v1.0/applications?$top=999": page("applications", app, link=f"{GRAPH}/v1.0/a?$skiptoken=x&y='"),
        f"{GRAPH}/v1.0/a?$skiptoken=x&y='": page("applications", other),
        f"{GRAPH}/v1.0/servicePrincipals?$top=999": page("servicePrincipals", principal),
        f"{GRAPH}/v1.0/oauth2PermissionGrants?$top=999": page("oauth2PermissionGrants"),
        f"{GRAPH}/v1.0/groups?$select=id,displayName,securityEnabled,groupTypes,isAssignableToRole&$top=999": page(
            "groups", {"id": group, "displayName": "twins"}
        ),
        f"{GRAPH}/v1.0/policies/authorizationPolicy": {"id": "authorizationPolicy", "defaultUserRolePermissions": {}},
        f"{GRAPH}/v1.0/policies/adminConsentRequestPolicy": {"notifyReviewers": True, "reviewers": []},
        f"{GRAPH}/v1.0/policies/defaultAppManagementPolicy": {"id": "default", "isEnabled": False},
        f"{GRAPH}/v1.0/policies/appManagementPolicies": page("policies/appManagementPolicies"),
        f"{GRAPH}/beta/reports/servicePrincipalSignInActivities": page("reports"),
        f"{ARM}/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&$filter=atScopeAndBelow()": {
            "value": [{"id": "1", "properties": {"permissions": [], "assignableScopes": []}}],
            "nextLink": f"{ARM}/next",
        },
        f"{ARM}/next": {"value": [{"id": "2", "properties": {"permissions": [], "assignableScopes": []}}]},
    }
    for name in ["roleAssignments", "roleEligibilitySchedules", "roleAssignmentSchedules"]:
        answers[f"{directory}/{name}"] = page(name)
    for path in [
        "Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
        "Microsoft.Authorization/roleEligibilitySchedules?api-version=2020-10-01",
        "Microsoft.Authorization/roleAssignmentSchedules?api-version=2020-10-01",
        "Microsoft.DigitalTwins/digitalTwinsInstances?api-version=2023-01-31",
    ]:
        answers[f"{ARM}/{path}"] = {"value": []}
    for one in [app, other]:
        base = f"{GRAPH}/beta/applications/{one['id'].lower()}"
        answers[f"{base}/federatedIdentityCredentials"] = page("credentials")
        answers[f"{base}/owners{only}"] = page("directoryObjects")
    sp = principal["id"].lower()
    answers[f"{GRAPH}/beta/servicePrincipals/{sp}/owners{only}"] = page("directoryObjects")
    answers[f"{GRAPH}/v1.0/servicePrincipals/{sp}/appRoleAssignedTo?$top=999"] = page(
        "appRoleAssignments", assigned, link=f"{GRAPH}/v1.0/b"
    )
    answers[f"{GRAPH}/v1.0/b"] = page("appRoleAssignments", {**assigned, "id": "2"})
    answers[f"{GRAPH}/beta/groups/{group.lower()}/transitiveMembers{only}&$top=999"] = page(
        "directoryObjects", {"@odata.type": "#microsoft.graph.servicePrincipal", "id": principal["id"]}
    )
    return answers
