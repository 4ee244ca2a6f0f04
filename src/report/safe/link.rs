//! Foreign text in SARIF messages, and paths as addresses.

use super::capped;

/// Foreign text in a plain text message of SARIF (SARIF 2.1.0, sections 3.11.5 and 3.11.6): no link
/// and no placeholder of its own.
pub fn sarif(text: &str, longest: usize) -> String {
    let clean = capped(text, longest);
    let mut out = String::with_capacity(clean.len() + 8);
    let mut rest = clean.as_ref();
    while let Some(c) = rest.chars().next() {
        if let Some(number) = placeholder(rest) {
            out.push_str(&format!("{{{{{number}}}}}"));
            rest = &rest[number.len() + 2..];
            continue;
        }
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The number of the placeholder, such as `{0}`, that a text begins with.
fn placeholder(text: &str) -> Option<&str> {
    let (number, _) = text.strip_prefix('{')?.split_once('}')?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

/// A path as seen from `root`, the folder that CI systems count from: without `./`, and without the
/// root's own name. What lies elsewhere stays as it is.
pub fn relative<'p>(path: &'p str, root: &str) -> &'p str {
    let mut path = path;
    let root = root.trim_end_matches('/');
    if let Some(rest) = path.strip_prefix(root)
        && !root.is_empty()
        && rest.starts_with('/')
    {
        path = rest.trim_start_matches('/');
    }
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    // What was named is never empty; what is made up may be.
    if path.is_empty() { "input" } else { path }
}

/// A path as a URI reference (RFC 3986): relative below `root`, else an absolute `file` URI.
pub fn uri(path: &str, root: &str) -> String {
    let path = relative(path, root);
    let mut out = String::with_capacity(path.len() + 8);
    let mut rest = path;
    let drive = path.as_bytes();
    if drive.len() > 2 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":/" {
        out.push_str("file:///");
        out.push(char::from(drive[0]));
        out.push(':');
        rest = &path[2..];
    } else if path.starts_with('/') {
        out.push_str("file:///");
        // Two slashes would name a host.
        rest = path.trim_start_matches('/');
    }
    for byte in rest.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_and_no_placeholder() {
        assert_eq!(
            sarif("a [b](c) \\ {0} {} {x}", 99),
            "a \\[b\\](c) \\\\ {{0}} {} {x}"
        );
        assert_eq!(sarif("{{1}}", 99), "{{{1}}}");
    }

    #[test]
    fn paths_become_addresses() {
        for (path, want) in [
            ("exports/apps.json", "exports/apps.json"),
            ("./a.json", "a.json"),
            ("/home/u/repo/x y.json", "x%20y.json"),
            ("/home/u/repository.json", "file:///home/u/repository.json"),
            ("//host/a.json", "file:///host/a.json"),
            ("C:/exports/a.json", "file:///C:/exports/a.json"),
            ("<stdin>", "%3Cstdin%3E"),
            ("javascript:alert(1)", "javascript%3Aalert%281%29"),
            ("é?#%", "%C3%A9%3F%23%25"),
            ("../up.json", "../up.json"),
            ("", "input"),
        ] {
            assert_eq!(uri(path, "/home/u/repo"), want, "{path}");
        }
    }
}
