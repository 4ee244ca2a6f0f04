//! Where a deployment goes to, and the resource ids that follow from it.

use std::rc::Rc;

/// What a deployment deploys to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    Tenant,
    ManagementGroup,
    Subscription,
    ResourceGroup,
}

impl Level {
    /// What the `$schema` of a template says (Microsoft Learn, "Understand the structure and syntax
    /// of ARM templates": `subscriptionDeploymentTemplate.json#` and others).
    pub fn of_schema(schema: &str) -> Option<Level> {
        let file = schema.rsplit('/').next()?.to_ascii_lowercase();
        let (template, _) = file.split_once(".json")?;
        match template {
            "tenantdeploymenttemplate" => Some(Level::Tenant),
            "managementgroupdeploymenttemplate" => Some(Level::ManagementGroup),
            "subscriptiondeploymenttemplate" => Some(Level::Subscription),
            "deploymenttemplate" => Some(Level::ResourceGroup),
            _ => None,
        }
    }
}

/// What is unknown of a place stands in curly brackets.
#[derive(Clone, Debug)]
pub struct Place {
    pub level: Level,
    pub subscription: Rc<str>,
    pub group: Rc<str>,
    pub management_group: Rc<str>,
}

impl Place {
    /// The scope that is deployed to.
    pub fn scope(&self) -> String {
        match self.level {
            Level::Tenant => "/".to_owned(),
            Level::ManagementGroup => format!(
                "/providers/Microsoft.Management/managementGroups/{}",
                self.management_group
            ),
            Level::Subscription => self.subscription_id(),
            Level::ResourceGroup => self.group_id(),
        }
    }

    pub fn subscription_id(&self) -> String {
        format!("/subscriptions/{}", self.subscription)
    }

    pub fn group_id(&self) -> String {
        format!("{}/resourceGroups/{}", self.subscription_id(), self.group)
    }

    /// The id of a resource that is deployed here.
    pub fn id(&self, kind: &str, names: &[&str]) -> Option<String> {
        Some(below(&self.scope(), &path(kind, names)?))
    }

    /// A scope as templates write it: an id, or `Microsoft.DigitalTwins/digitalTwinsInstances/x`,
    /// which lies where the deployment goes to. `None` for what is no path.
    pub fn absolute(&self, scope: &str) -> Option<String> {
        let scope = scope.trim();
        if scope.starts_with('/') {
            return Some(scope.to_owned());
        }
        let (first, rest) = scope.split_once('/')?;
        if first.eq_ignore_ascii_case("subscriptions") || first.eq_ignore_ascii_case("providers") {
            return Some(format!("/{scope}"));
        }
        if first.contains('{') || !first.contains('.') || rest.is_empty() {
            return None;
        }
        // Management groups lie in the tenant, wherever they are named.
        let tenant = first.eq_ignore_ascii_case("Microsoft.Management");
        let above = if tenant { "/".to_owned() } else { self.scope() };
        Some(below(&above, &format!("/providers/{scope}")))
    }
}

/// What lies below a scope.
pub fn below(scope: &str, path: &str) -> String {
    format!("{}{path}", scope.trim_end_matches('/'))
}

/// `Microsoft.X/a/b` and the names of an `a` and of a `b` in it: `/providers/Microsoft.X/a/1/b/2`.
/// `None` unless there is a name for every type.
pub fn path(kind: &str, names: &[&str]) -> Option<String> {
    let mut segments = kind.split('/');
    let namespace = segments.next()?;
    let mut names = names.iter().flat_map(|name| name.split('/'));
    let mut out = format!("/providers/{namespace}");
    let mut any = false;
    for segment in segments {
        any = true;
        for part in [segment, names.next()?] {
            out.push('/');
            out.push_str(part);
        }
    }
    (any && names.next().is_none()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Level, Place, path};

    fn place(level: Level) -> Place {
        Place {
            level,
            subscription: "S".into(),
            group: "G".into(),
            management_group: "M".into(),
        }
    }

    #[test]
    fn scopes_are_told_by_the_schema() {
        let of = |file: &str| {
            let schema =
                format!("https://schema.management.azure.com/schemas/2019-04-01/{file}.json#");
            Level::of_schema(&schema).map(|level| place(level).scope())
        };
        assert_eq!(
            of("deploymentTemplate").as_deref(),
            Some("/subscriptions/S/resourceGroups/G")
        );
        assert_eq!(
            of("subscriptionDeploymentTemplate").as_deref(),
            Some("/subscriptions/S")
        );
        assert_eq!(
            of("managementGroupDeploymentTemplate").as_deref(),
            Some("/providers/Microsoft.Management/managementGroups/M")
        );
        assert_eq!(of("tenantDeploymentTemplate").as_deref(), Some("/"));
        assert_eq!(of("deploymentParameters"), None);
    }

    #[test]
    fn ids_need_a_name_for_every_type() {
        assert_eq!(
            path("Microsoft.X/a/b", &["1", "2"]).as_deref(),
            Some("/providers/Microsoft.X/a/1/b/2")
        );
        assert_eq!(
            path("Microsoft.X/a/b", &["1/2"]),
            path("Microsoft.X/a/b", &["1", "2"])
        );
        for (kind, names) in [
            ("Microsoft.X/a", &[][..]),
            ("a", &["1"]),
            ("X/a", &["1", "2"]),
        ] {
            assert_eq!(path(kind, names), None, "{kind}");
        }
    }

    #[test]
    fn relative_scopes_lie_where_the_deployment_goes_to() {
        let group = place(Level::ResourceGroup);
        for (scope, wanted) in [
            ("/", Some("/")),
            ("subscriptions/x", Some("/subscriptions/x")),
            (
                "Microsoft.X/a/{parameters('n')}",
                Some("/subscriptions/S/resourceGroups/G/providers/Microsoft.X/a/{parameters('n')}"),
            ),
            (
                "Microsoft.Management/managementGroups/m",
                Some("/providers/Microsoft.Management/managementGroups/m"),
            ),
            ("{parameters('id')}", None),
            ("{parameters('id')}/providers/Microsoft.X/a/b", None),
            ("", None),
        ] {
            assert_eq!(group.absolute(scope).as_deref(), wanted, "{scope}");
        }
    }
}
