//! The report as JSON Lines: a finding a line, and last the report without its findings.

use std::io::{self, Write};

use super::json::{Finding, SummaryLine, compact};
use super::{Outcome, Report, Reported};

/// The `ndjson` format.
#[derive(Debug, Default)]
pub struct Ndjson;

impl Ndjson {
    pub fn new() -> Ndjson {
        Ndjson
    }
}

impl Report for Ndjson {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        line(compact(&Finding::of(finding))?, out)
    }

    fn end(&mut self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        line(compact(&SummaryLine::of(outcome))?, out)
    }
}

fn line(mut bytes: Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    bytes.push(b'\n');
    out.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn each_line_keeps_to_its_schema() {
        let schema = samples::schema("report");
        let part = |name: &str| {
            let mut part = schema.clone();
            let root = part.as_object_mut().expect("an object");
            for key in ["required", "properties", "additionalProperties", "type"] {
                root.remove(key);
            }
            root.insert("$ref".to_owned(), format!("#/$defs/{name}").into());
            // The definitions refer to the report's own properties.
            root.insert("properties".to_owned(), schema["properties"].clone());
            jsonschema::validator_for(&part).expect("a schema")
        };
        let (outcome, findings) = samples::run();
        let text = samples::render(&mut Ndjson::new(), &outcome, &findings);
        let mut lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let last = lines.pop().expect("a summary");
        assert_eq!(lines.len(), findings.len());
        for line in lines {
            assert!(part("finding").is_valid(&line), "{line}");
        }
        assert!(part("summaryLine").is_valid(&last), "{last}");
    }
}
