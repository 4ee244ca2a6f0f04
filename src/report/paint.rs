//! Colours, in one place: whether there are any is decided by the caller.

use anstyle::{AnsiColor, Style};

use crate::rules::Severity;

/// Writes text in a style, or plainly.
#[derive(Copy, Clone, Debug, Default)]
pub struct Paint {
    pub color: bool,
}

impl Paint {
    pub const BOLD: Style = Style::new().bold();
    pub const HELP: Style = AnsiColor::Cyan.on_default();
    pub const GOOD: Style = AnsiColor::Green.on_default().bold();

    pub fn severity(self, severity: Severity) -> Style {
        match severity {
            Severity::Error => AnsiColor::Red.on_default().bold(),
            Severity::Warning => AnsiColor::Yellow.on_default().bold(),
            Severity::Info => AnsiColor::Cyan.on_default().bold(),
        }
    }

    /// Writes `text`, which is harmless already.
    pub fn put(self, out: &mut String, style: Style, text: &str) {
        if self.color && !text.is_empty() {
            out.push_str(&style.render().to_string());
            out.push_str(text);
            out.push_str(&style.render_reset().to_string());
        } else {
            out.push_str(text);
        }
    }
}
