//! One finding a line, as compilers write them: `path:line:col: severity[rule]: message`.

use std::io::{self, Write};

use super::paint::Paint;
use super::{Outcome, Report, Reported, safe};

/// The `concise` format.
#[derive(Debug, Default)]
pub struct Concise {
    paint: Paint,
    show_suppressed: bool,
}

impl Concise {
    /// With colours or without; suppressed findings are left out unless they are asked for.
    pub fn new(color: bool, show_suppressed: bool) -> Concise {
        Concise {
            paint: Paint { color },
            show_suppressed,
        }
    }
}

impl Report for Concise {
    fn begin(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
        if finding.suppression.is_some() && !self.show_suppressed {
            return Ok(());
        }
        let place = &finding.location;
        let mut line = format!(
            "{}:{}:{}: ",
            safe::path(&place.path),
            place.start.line,
            place.start.column
        );
        let style = self.paint.severity(finding.severity);
        self.paint.put(&mut line, style, finding.severity.name());
        line.push('[');
        line.push_str(finding.rule.id);
        line.push_str("]: ");
        if let Some(suppression) = &finding.suppression {
            line.push_str("suppressed (");
            line.push_str(&safe::line(&suppression.reason));
            line.push_str("): ");
        }
        line.push_str(&safe::line(&finding.message));
        line.push('\n');
        out.write_all(safe::defuse(&line).as_bytes())
    }

    fn end(&mut self, _: &Outcome, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn a_line_for_each() {
        let (outcome, findings) = samples::run();
        let text = samples::render(&mut Concise::new(false, false), &outcome, &findings);
        assert_eq!(
            text,
            "exports/apps.json:4:20: error[secret-expired]: the client secret \"prod\" expired 41 days ago\n\
             exports/apps.json:9:3: warning[implicit-grant]: the implicit grant issues access tokens\n"
        );
        let colored = samples::render(&mut Concise::new(true, true), &outcome, &findings);
        assert!(
            colored.contains("\u{1b}[1m\u{1b}[31merror\u{1b}[0m[secret-expired]"),
            "{colored:?}"
        );
        assert!(
            colored.contains("[native-authentication]: suppressed (SEC-412): native"),
            "{colored:?}"
        );
    }
}
