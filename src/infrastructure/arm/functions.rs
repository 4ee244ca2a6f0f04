//! The functions of the template language that say something before a deployment (Microsoft Learn,
//! "ARM template functions"). The result of all others is unknown.

use super::evaluate::Evaluator;
use super::expression::Expression;
use super::known::{Known, Part, text_or_partly, unknown, unknown_call};
use super::place::{Level, below, path};

impl<'r> Evaluator<'r> {
    /// Calls a function, whose name is in lower case.
    pub(super) fn call(
        &mut self,
        function: &str,
        arguments: &[Expression],
        deployment: usize,
    ) -> Known<'r> {
        if function == "if"
            && let [condition, yes, no] = arguments
        {
            return self.choose(condition, yes, no, deployment);
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.evaluate(argument, deployment));
        }
        match function {
            "parameters" | "variables" => self.named(function, &values, deployment),
            "concat" | "format" | "tolower" | "toupper" | "string" | "replace" | "trim" => {
                self.text_function(function, &values)
            }
            "resourceid"
            | "subscriptionresourceid"
            | "extensionresourceid"
            | "tenantresourceid"
            | "managementgroupresourceid" => self.id_function(function, &values, deployment),
            "subscription" | "resourcegroup" | "tenant" | "managementgroup" => {
                self.place_function(function, deployment)
            }
            "reference" | "resourceinfo" => self.reference(function, &values, deployment),
            "createarray" => Known::List(values),
            "createobject" => create_object(values),
            "json" => json(&values),
            _ => logic(function, &values),
        }
    }

    fn choose(
        &mut self,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        deployment: usize,
    ) -> Known<'r> {
        let condition = self.evaluate(condition, deployment);
        match condition.truth() {
            Some(true) => self.evaluate(yes, deployment),
            Some(false) => self.evaluate(no, deployment),
            None => {
                let yes = self.evaluate(yes, deployment);
                let no = self.evaluate(no, deployment);
                match yes.text().is_some() && yes.text() == no.text() {
                    true => yes,
                    false => unknown_call("if", &[condition, yes, no]),
                }
            }
        }
    }

    fn named(&mut self, function: &str, values: &[Known<'r>], deployment: usize) -> Known<'r> {
        match values {
            [Known::Text(name)] if function == "variables" => self.variable(name, deployment),
            [Known::Text(name)] => self.parameter(name, deployment),
            _ => unknown_call(function, values),
        }
    }

    fn text_function(&mut self, function: &str, values: &[Known<'r>]) -> Known<'r> {
        match (function, values) {
            ("concat" | "string", _) => self.joined(function, values),
            ("format", [Known::Text(pattern), rest @ ..]) => self.format(pattern, rest),
            ("tolower", [Known::Text(text)]) => Known::Text(text.to_lowercase()),
            ("toupper", [Known::Text(text)]) => Known::Text(text.to_uppercase()),
            ("trim", [Known::Text(text)]) => Known::Text(text.trim().to_owned()),
            ("replace", [Known::Text(text), Known::Text(old), Known::Text(new)])
                if !old.is_empty() && self.pay(text.len() * (new.len() + 1) / 64) =>
            {
                Known::Text(text.replace(old, new))
            }
            _ => unknown_call(function, values),
        }
    }

    /// `format('{0}/{1}', a, b)`, where `{{` is a bracket (.NET's composite formatting). What
    /// wants a form of its own, as `{0:N2}`, is unknown.
    fn format(&mut self, pattern: &str, values: &[Known<'r>]) -> Known<'r> {
        let unknown = |values: &[Known<'r>]| {
            let mut all = vec![Known::Text(pattern.to_owned())];
            all.extend_from_slice(values);
            unknown_call("format", &all)
        };
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(['{', '}']) {
            pieces.push(Known::Text(rest[..at].to_owned()));
            let from = &rest[at..];
            if from.starts_with("{{") || from.starts_with("}}") {
                pieces.push(Known::Text(from[..1].to_owned()));
                rest = &from[2..];
                continue;
            }
            let place = from
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'))
                .and_then(|(number, rest)| {
                    Some((values.get(number.trim().parse::<usize>().ok()?)?, rest))
                });
            let Some((value, after)) = place else {
                return unknown(values);
            };
            pieces.push(value.clone());
            rest = after;
        }
        pieces.push(Known::Text(rest.to_owned()));
        self.joined("format", &pieces)
    }

    fn id_function(
        &mut self,
        function: &str,
        values: &[Known<'r>],
        deployment: usize,
    ) -> Known<'r> {
        let id = self.id(function, values, deployment);
        match id {
            Some(id) if id.len() < 8192 => text_or_partly(id),
            _ => unknown_call(function, values),
        }
    }

    /// `resourceId([subscription], [group], type, name, …)` and its kin: the type is the first
    /// argument with a slash in it.
    fn id(&self, function: &str, values: &[Known<'r>], deployment: usize) -> Option<String> {
        let mut place = self.deployments.get(deployment)?.place.clone();
        let is_type = |value: &Known<'_>| {
            value
                .text()
                .is_some_and(|text| text.contains('/') && !text.starts_with('/'))
        };
        let at = match function {
            "extensionresourceid" => 1,
            _ => values.iter().position(is_type)?,
        };
        let before: Vec<String> = values.iter().take(at).map(Known::piece).collect();
        let kind = values.get(at)?.text()?;
        let names: Vec<String> = values.iter().skip(at + 1).map(Known::piece).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match (function, before.as_slice()) {
            ("extensionresourceid", [scope]) => {
                return Some(below(&place.absolute(scope)?, &path(kind, &names)?));
            }
            ("tenantresourceid", []) => place.level = Level::Tenant,
            ("managementgroupresourceid", groups) => {
                place.level = Level::ManagementGroup;
                if let [group] = groups {
                    place.management_group = group.as_str().into();
                }
            }
            ("subscriptionresourceid", subscriptions) => {
                place.level = Level::Subscription;
                if let [subscription] = subscriptions {
                    place.subscription = subscription.as_str().into();
                }
            }
            ("resourceid", []) => {}
            ("resourceid", [one]) if place.level == Level::ResourceGroup => {
                place.group = one.as_str().into();
            }
            ("resourceid", [one]) => {
                place.level = Level::Subscription;
                place.subscription = one.as_str().into();
            }
            ("resourceid", [subscription, group]) => {
                place.level = Level::ResourceGroup;
                place.subscription = subscription.as_str().into();
                place.group = group.as_str().into();
            }
            _ => return None,
        }
        place.id(kind, &names)
    }

    fn place_function(&mut self, function: &str, deployment: usize) -> Known<'r> {
        let Some(place) = self.deployments.get(deployment).map(|d| d.place.clone()) else {
            return unknown_call(function, &[]);
        };
        let text = |text: &str| text_or_partly(text.to_owned());
        // What is unknown of a place is spelled in brackets already.
        let name = |name: &str| match name.strip_prefix('{').and_then(|n| n.strip_suffix('}')) {
            Some(spelling) => Known::Unknown(spelling.to_owned()),
            None => Known::Text(name.to_owned()),
        };
        let member = |name: &str, value| (name.to_owned(), value);
        match function {
            "subscription" => Known::Object(vec![
                member("id", text(&place.subscription_id())),
                member("subscriptionId", name(&place.subscription)),
                member("tenantId", unknown("tenant().tenantId")),
                member("displayName", unknown("subscription().displayName")),
            ]),
            "resourcegroup" => Known::Object(vec![
                member("id", text(&place.group_id())),
                member("name", name(&place.group)),
                member("location", unknown(format!("{}.location", place.group))),
            ]),
            "managementgroup" => {
                let group = Level::ManagementGroup;
                let scope = super::place::Place {
                    level: group,
                    ..place.clone()
                };
                Known::Object(vec![
                    member("id", text(&scope.scope())),
                    member("name", name(&place.management_group)),
                ])
            }
            _ => Known::Object(vec![member("tenantId", unknown("tenant().tenantId"))]),
        }
    }

    /// `reference('symbol', id or name, [version], ['Full'])`, `resourceInfo('symbol')`.
    fn reference(&mut self, function: &str, values: &[Known<'r>], deployment: usize) -> Known<'r> {
        let found = values.first().and_then(|of| {
            let of = of.piece();
            let key = (deployment, of.to_ascii_lowercase());
            let symbol = self.by_symbol.get(&key).copied();
            symbol
                .or_else(|| self.find_by_id(&of, deployment))
                .or_else(|| self.by_name.get(&key).copied().flatten())
        });
        let is_full = values
            .get(2)
            .and_then(Known::text)
            .is_some_and(|text| text.eq_ignore_ascii_case("full"));
        match found {
            Some(resource) if is_full || function == "resourceinfo" => {
                Known::Resource(resource, Part::Full)
            }
            Some(resource) => Known::Resource(resource, Part::Properties),
            None => unknown_call(function, values),
        }
    }

    /// The resource of this file with that id; a name and type without a place is looked for where
    /// the deployment goes to.
    fn find_by_id(&self, id: &str, deployment: usize) -> Option<usize> {
        let place = &self.deployments.get(deployment)?.place;
        let id = place.absolute(id)?.to_ascii_lowercase();
        self.by_id.get(&id).copied()
    }
}

fn create_object(values: Vec<Known<'_>>) -> Known<'_> {
    let mut members = Vec::with_capacity(values.len() / 2);
    let mut rest = values.into_iter();
    while let Some(name) = rest.next() {
        match (name, rest.next()) {
            (Known::Text(name), Some(value)) => members.push((name, value)),
            (name, value) => {
                let arguments: Vec<_> = std::iter::once(name).chain(value).collect();
                return unknown_call("createobject", &arguments);
            }
        }
    }
    Known::Object(members)
}

/// `json('…')`, of what the tool itself would write: a value within a few lists and objects.
fn json<'r>(values: &[Known<'r>]) -> Known<'r> {
    fn known<'r>(value: serde_json::Value, depth: u32) -> Option<Known<'r>> {
        let depth = depth.checked_sub(1)?;
        Some(match value {
            serde_json::Value::Null => Known::Null,
            serde_json::Value::Bool(truth) => Known::Truth(truth),
            serde_json::Value::Number(number) => Known::Number(number.as_i64()?),
            serde_json::Value::String(text) => Known::Text(text),
            serde_json::Value::Array(items) => Known::List(
                items
                    .into_iter()
                    .map(|item| known(item, depth))
                    .collect::<Option<_>>()?,
            ),
            serde_json::Value::Object(members) => Known::Object(
                members
                    .into_iter()
                    .map(|(name, value)| Some((name, known(value, depth)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }
    let found = match values {
        [Known::Text(text)] if text.len() < 4096 => serde_json::from_str(text)
            .ok()
            .and_then(|value| known(value, 8)),
        _ => None,
    };
    found.unwrap_or_else(|| unknown_call("json", values))
}

/// Functions that give a truth, and literals.
fn logic<'r>(function: &str, values: &[Known<'r>]) -> Known<'r> {
    let truths = || values.iter().map(Known::truth);
    let truth = match (function, values) {
        ("true", []) => Some(true),
        ("false", []) => Some(false),
        ("null", []) => return Known::Null,
        ("bool", [value]) => value.truth(),
        ("not", [value]) => value.truth().map(|truth| !truth),
        ("and", _) if truths().any(|truth| truth == Some(false)) => Some(false),
        ("and", _) => truths().all(|truth| truth == Some(true)).then_some(true),
        ("or", _) if truths().any(|truth| truth == Some(true)) => Some(true),
        ("or", _) => truths().all(|truth| truth == Some(false)).then_some(false),
        ("empty", [value]) => is_empty(value),
        ("equals", [one, other]) => equals(one, other),
        ("contains", [of, what]) => contains(of, what),
        ("coalesce", _) => {
            let first = values.iter().find(|value| !matches!(value, Known::Null));
            return match first {
                Some(Known::Unknown(_)) => unknown_call(function, values),
                Some(value) => value.clone(),
                None => Known::Null,
            };
        }
        _ => None,
    };
    truth.map_or_else(|| unknown_call(function, values), Known::Truth)
}

fn is_empty(value: &Known<'_>) -> Option<bool> {
    match value {
        Known::Null => Some(true),
        Known::Text(text) => Some(text.is_empty()),
        Known::List(items) => Some(items.is_empty()),
        Known::Object(members) => Some(members.is_empty()),
        Known::Json(value, _) => Some(value.is_empty()),
        _ => None,
    }
}

fn equals(one: &Known<'_>, other: &Known<'_>) -> Option<bool> {
    match (one, other) {
        (Known::Text(one), Known::Text(other)) => Some(one == other),
        (Known::Number(one), Known::Number(other)) => Some(one == other),
        (Known::Truth(one), Known::Truth(other)) => Some(one == other),
        (Known::Null, Known::Null) => Some(true),
        (Known::Null, Known::Text(_) | Known::Number(_) | Known::Truth(_))
        | (Known::Text(_) | Known::Number(_) | Known::Truth(_), Known::Null) => Some(false),
        _ => None,
    }
}

/// Whether an object has a member, or a text a part.
fn contains(of: &Known<'_>, what: &Known<'_>) -> Option<bool> {
    let what = what.text()?;
    match of {
        Known::Json(value, _) if value.is_object() => Some(value.get(what).is_some()),
        Known::Object(members) => Some(
            members
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(what)),
        ),
        Known::Text(text) => Some(text.contains(what)),
        _ => None,
    }
}
