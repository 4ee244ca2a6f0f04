//! Addresses of resources, and references to them: `module.m["a"].azuread_application.app[0]`.

/// Longer addresses are nobody's, and to take them apart again and again would take long.
pub const LONGEST: usize = 4096;

/// A name with the index behind it: `app[0]`, `module`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    pub name: &'a str,
    /// The first index as it is written, brackets included; empty without.
    pub key: &'a str,
}

/// The steps of an address; dots in quoted keys are no ends of steps.
pub fn steps(address: &str) -> Vec<Step<'_>> {
    let mut out = Vec::new();
    let mut rest = address;
    while !rest.is_empty() {
        let name_end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let mut key = "";
        let mut tail = after;
        while tail.starts_with('[') {
            let end = bracket(tail);
            let (one, behind) = tail.split_at(end);
            if key.is_empty() {
                key = one;
            }
            tail = behind;
        }
        out.push(Step { name, key });
        rest = match tail.find('.') {
            Some(dot) => tail.get(dot + 1..).unwrap_or_default(),
            None => "",
        };
    }
    out
}

/// The length of the bracket that a text begins with.
fn bracket(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Where a resource stands: the instance of its module, itself without index, its index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `module.m["a"]`, with all indices; empty for the root.
    pub module: String,
    /// `azuread_application.app`, `data.azuread_application.app`.
    pub own: String,
    /// `["a"]`, or empty.
    pub key: String,
}

impl Place {
    /// Takes an address apart.
    pub fn of(address: &str) -> Place {
        let mut place = Place::default();
        let mut steps = steps(address).into_iter().peekable();
        while steps.peek().is_some_and(|step| step.name == "module") {
            steps.next();
            if let Some(step) = steps.next() {
                place.module = child(&place.module, step.name, step.key);
            }
        }
        for step in steps {
            if !place.own.is_empty() {
                place.own.push('.');
            }
            place.own.push_str(step.name);
            place.key = step.key.to_owned();
        }
        place
    }
}

/// The instance of a module that is called in another.
pub fn child(parent: &str, name: &str, key: &str) -> String {
    let dot = if parent.is_empty() { "" } else { "." };
    format!("{parent}{dot}module.{name}{key}")
}

/// An address in a module.
pub fn within(module: &str, own: &str) -> String {
    let dot = if module.is_empty() { "" } else { "." };
    format!("{module}{dot}{own}")
}

/// A module instance's parent, its name and its index; `None` for the root.
pub fn parent(module: &str) -> Option<(String, String, String)> {
    let steps = steps(module);
    let (last, before) = steps.split_last()?;
    let mut parent = String::new();
    for pair in before.chunks_exact(2) {
        if let [_, step] = pair {
            parent = child(&parent, step.name, step.key);
        }
    }
    Some((parent, last.name.to_owned(), last.key.to_owned()))
}

/// A module instance's address without indices, as the configuration knows it.
pub fn plain(module: &str) -> String {
    let names: Vec<&str> = steps(module).iter().map(|step| step.name).collect();
    names.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let place = Place::of(r#"module.m["a.b]\""].module.n[0].azuread_application.app["x.y"]"#);
        assert_eq!(place.module, r#"module.m["a.b]\""].module.n[0]"#);
        assert_eq!(place.own, "azuread_application.app");
        assert_eq!(place.key, r#"["x.y"]"#);
        assert_eq!(plain(&place.module), "module.m.module.n");
        let (up, name, key) = parent(&place.module).unwrap();
        assert_eq!((up.as_str(), name.as_str()), (r#"module.m["a.b]\""]"#, "n"));
        assert_eq!(key, "[0]");
        assert_eq!(parent(""), None);
        let data = Place::of("data.azuread_application.app");
        assert_eq!(data.own, "data.azuread_application.app");
        assert_eq!(data.key, "");
    }

    #[test]
    fn hostile_addresses_end() {
        for text in [
            "",
            ".",
            "[",
            "module",
            "module.",
            "a[\"",
            "a[0][1].b",
            "..",
            "é.ü[\"ß",
        ] {
            let _ = (Place::of(text), parent(text), plain(text));
        }
        assert_eq!(steps("a[0][1].b")[1].name, "b");
    }
}
