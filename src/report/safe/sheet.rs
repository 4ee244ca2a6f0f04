//! Foreign text in a spreadsheet's cell.

use super::capped;

/// A cell of a CSV file, quoted (RFC 4180, section 2). What a spreadsheet would take for a formula
/// gets an apostrophe before it (OWASP, "CSV Injection"; CWE-1236): spreadsheets look behind
/// blanks, and East Asian ones know full-width signs.
pub fn cell(text: &str, longest: usize) -> String {
    let clean = capped(text, longest);
    let mut out = String::with_capacity(clean.len() + 2);
    out.push('"');
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    // Controls are pictures by now; one that a spreadsheet drops would stand before the sign.
    let blank = |c: char| c.is_whitespace() || ('\u{2400}'..='\u{2421}').contains(&c);
    if clean.trim_start_matches(blank).starts_with(formula) {
        out.push('\'');
    }
    for c in clean.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for (text, want) in [
            ("Twins Gateway", "\"Twins Gateway\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("=cmd|'/c calc'!A1", "\"'=cmd|'/c calc'!A1\""),
            (" \t+1", "\"' ␉+1\""),
            ("-2", "\"'-2\""),
            ("＝1", "\"'＝1\""),
            ("@SUM(1)", "\"'@SUM(1)\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text, 200), want, "{text}");
        }
    }
}
