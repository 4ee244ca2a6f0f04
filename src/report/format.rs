//! The formats by name, and how one is asked for.

use std::path::PathBuf;

use super::options::HumanOptions;
use super::{
    Azure, Concise, Csv, Github, Gitlab, Html, Human, Json, Junit, Markdown, Ndjson, Report, Sarif,
};

/// How findings are reported.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: excerpts, help, commands.
    Human,
    /// One line a finding: `path:line:col: severity[rule]: message`.
    Concise,
    /// One document, `schemas/report.schema.json`.
    Json,
    /// One finding a line, then the summary.
    Ndjson,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML, a test case a finding.
    Junit,
    /// A comment or a job summary.
    Markdown,
    /// A row a finding, for a spreadsheet.
    Csv,
    /// One page for an auditor: findings, and what else the input has.
    Html,
}

impl Format {
    pub const ALL: [Format; 12] = [
        Format::Human,
        Format::Concise,
        Format::Json,
        Format::Ndjson,
        Format::Sarif,
        Format::Github,
        Format::Azure,
        Format::Gitlab,
        Format::Junit,
        Format::Markdown,
        Format::Csv,
        Format::Html,
    ];

    /// What `--format` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Azure => "azure",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
            Format::Html => "html",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether people read it as it is: where there is nothing to lint, they get the message alone.
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Human | Format::Concise)
    }

    /// Whether suppressed findings stand in it without being asked for, each with its reason.
    pub fn keeps_suppressed(self) -> bool {
        matches!(self, Format::Json | Format::Ndjson)
    }

    /// A report of this format, about to begin. Paths below `root` (the current folder, with
    /// forward slashes) are shown as seen from there where a CI system wants it so.
    pub fn report(self, human: &HumanOptions, root: &str) -> Box<dyn Report> {
        match self {
            Format::Human => Box::new(Human::new(human.clone())),
            Format::Concise => Box::new(Concise::new(human.color, human.show_suppressed)),
            Format::Json => Box::new(Json::new()),
            Format::Ndjson => Box::new(Ndjson::new()),
            Format::Sarif => Box::new(Sarif::new(root)),
            Format::Github => Box::new(Github::new(root)),
            Format::Azure => Box::new(Azure::new(root)),
            Format::Gitlab => Box::new(Gitlab::new(root)),
            Format::Junit => Box::new(Junit::new(root)),
            Format::Markdown => Box::new(Markdown::new(root)),
            Format::Csv => Box::new(Csv::new()),
            Format::Html => Box::new(Html::new(root)),
        }
    }
}

/// A format, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub format: Format,
    /// `None` is standard output.
    pub path: Option<PathBuf>,
}

impl Output {
    /// Reads `FORMAT`, `FORMAT=PATH` or `FORMAT=-`.
    ///
    /// # Errors
    /// There is no such format, or no path behind the `=`.
    pub fn parse(text: &str) -> Result<Output, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name, Some(path)),
            None => (text, None),
        };
        let names = Format::ALL.map(Format::name);
        let format = Format::parse(name).ok_or_else(|| {
            match crate::nearest::nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", names.join(", ")),
            }
        })?;
        if path == Some("") {
            return Err(format!("name a file behind the =, as in {name}=report.txt"));
        }
        Ok(Output {
            format,
            path: path.filter(|path| *path != "-").map(PathBuf::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Some(format));
        }
    }

    #[test]
    fn a_format_and_its_file() {
        let output = |format, path: Option<&str>| {
            Ok(Output {
                format,
                path: path.map(PathBuf::from),
            })
        };
        assert_eq!(Output::parse("json"), output(Format::Json, None));
        assert_eq!(Output::parse("json=-"), output(Format::Json, None));
        assert_eq!(
            Output::parse("sarif=a=b.sarif"),
            output(Format::Sarif, Some("a=b.sarif"))
        );
        assert_eq!(
            Output::parse("serif=x"),
            Err("did you mean `sarif`?".to_owned())
        );
        assert!(Output::parse("xml").is_err_and(|why| why.starts_with("known: human, concise")));
        assert!(Output::parse("csv=").is_err_and(|why| why.contains("csv=report")));
    }
}
