//! Infrastructure as code in the form that people write it in, which has to be converted first.

use crate::rules::Wording;

/// What a file is that has to be converted before anything in it can be checked.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Unconverted {
    Bicep,
    /// Terraform's own language.
    Terraform,
    /// A plan as `terraform plan -out` writes it: an archive.
    TerraformPlan,
}

impl Unconverted {
    /// Tells by a file's name and its first text; `None` for what is not known to be any.
    pub fn of(name: &str, head: &str) -> Option<Unconverted> {
        let head = head.trim_start_matches('\u{feff}').trim_start();
        if head.starts_with(['{', '[']) {
            return None;
        }
        let is = |ending: &str| {
            name.len() > ending.len()
                && name
                    .get(name.len() - ending.len()..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        // "PK" begins a ZIP archive (APPNOTE.TXT, 4.3.7).
        if head.starts_with("PK\u{3}\u{4}") {
            let plan = is(".tfplan") || is(".plan") || is(".out") || name.contains("plan");
            return plan.then_some(Unconverted::TerraformPlan);
        }
        if is(".bicep") || is(".bicepparam") {
            return Some(Unconverted::Bicep);
        }
        if is(".tf") || is(".tfvars") || is(".hcl") {
            return Some(Unconverted::Terraform);
        }
        head.lines().take(200).find_map(Unconverted::of_line)
    }

    /// `resource "azuread_application" "twins" {` is Terraform,
    /// `resource twins 'Microsoft.DigitalTwins/digitalTwinsInstances@2023-01-31' = {` Bicep.
    fn of_line(line: &str) -> Option<Unconverted> {
        let mut words = line.split_whitespace();
        let (first, second) = (words.next()?, words.next()?);
        match first {
            "resource" | "data" | "provider" | "module" | "variable" if second.starts_with('"') => {
                Some(Unconverted::Terraform)
            }
            "terraform" if second == "{" => Some(Unconverted::Terraform),
            "resource" | "module" if words.next()?.starts_with('\'') => Some(Unconverted::Bicep),
            "targetScope" if second == "=" => Some(Unconverted::Bicep),
            _ => None,
        }
    }

    /// What it is, and how to make JSON of it.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Unconverted::Bicep => (
                "this is Bicep, not JSON",
                "Bicep, not compiled",
                "compile it, and check the template that comes out",
                "az bicep build --file main.bicep",
            ),
            Unconverted::Terraform => (
                "this is Terraform's language, not JSON",
                "Terraform, not planned",
                "make a plan, print it as JSON, and check that",
                "terraform show -json plan.tfplan > plan.json",
            ),
            Unconverted::TerraformPlan => (
                "this is a Terraform plan in its binary form, not JSON",
                "a binary plan",
                "print the plan as JSON, and check that",
                "terraform show -json plan.tfplan > plan.json",
            ),
        }
    }
}

/// Words *invalid-json* for a file that is no JSON because it is not converted yet.
pub fn not_converted(say: &mut Wording, source: Unconverted) {
    let (message, label, help, command) = source.words();
    say.message(message)
        .label(label)
        .help(help)
        .command(command);
}

#[cfg(test)]
mod tests {
    use super::Unconverted as U;

    #[test]
    fn sources_are_told_by_name_and_by_text() {
        for (name, head, wanted) in [
            ("infra/main.bicep", "", Some(U::Bicep)),
            ("MAIN.BICEP", "@description('x')", Some(U::Bicep)),
            ("main.tf", "# x", Some(U::Terraform)),
            (
                "-",
                "\n# x\nresource \"azuread_application\" \"a\" {\n",
                Some(U::Terraform),
            ),
            ("-", "terraform {\n}", Some(U::Terraform)),
            (
                "-",
                "// x\nresource a 'Microsoft.DigitalTwins/digitalTwinsInstances@2023-01-31' = {",
                Some(U::Bicep),
            ),
            ("-", "targetScope = 'subscription'", Some(U::Bicep)),
            ("tfplan", "PK\u{3}\u{4}", Some(U::TerraformPlan)),
            ("archive.zip", "PK\u{3}\u{4}", None),
            ("main.bicep", "{\n  \"a\": 1,", None),
            ("notes.txt", "resource planning\nmodule one", None),
            (".tf", "x", None),
        ] {
            assert_eq!(U::of(name, head), wanted, "{name}: {head}");
        }
    }
}
