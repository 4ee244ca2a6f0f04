//! Secrets by their looks, whatever they are called.

use std::ops::Range;

use memchr::memmem;

use super::certain;

/// What a PEM block begins and ends with, each followed by a label (RFC 7468, section 2).
pub const BEGIN: &[u8] = b"-----BEGIN ";
pub const END: &[u8] = b"-----END ";
/// Shorter runs are names and words.
const SHORTEST: usize = 20;
/// A random run of this length is no identifier.
const RANDOM: usize = 32;

pub fn find(text: &str, found: &mut Vec<Range<usize>>) {
    certain::find(text, found);
    let bytes = text.as_bytes();
    pem(bytes, found);
    let mut at = 0;
    while at < bytes.len() {
        if !in_run(bytes[at]) {
            at += 1;
            continue;
        }
        let end = bytes[at..]
            .iter()
            .position(|&b| !in_run(b))
            .map_or(bytes.len(), |length| at + length);
        if end - at >= SHORTEST {
            let run = &bytes[at..end];
            if let Some(from) = token(run) {
                found.push(at + from..end);
            } else if is_entra_secret(run) || is_random(run) && !is_id(&bytes[..at]) {
                found.push(at..end);
            }
        }
        at = end;
    }
}

/// What base64, base64url and Entra's secrets are made of.
fn in_run(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'~' | b'.' | b'-')
}

/// A JSON web token begins with `{"`, which is `eyJ` in base64.
fn token(run: &[u8]) -> Option<usize> {
    let at = memmem::find(run, b"eyJ")?;
    (run.len() - at >= SHORTEST).then_some(at)
}

/// `abc8Q~…`: three characters, a digit, `Q~` and 31 to 34 more; older ones hold a `~` too
/// (Microsoft Purview, "Client secret / API key" pattern).
fn is_entra_secret(run: &[u8]) -> bool {
    run.len() >= RANDOM && run.contains(&b'~') && !run.contains(&b'/')
}

/// Whether some stretch is long, mixes cases and digits, and changes between them as often as only
/// chance does: `oauth2AllowIdTokenImplicitFlow` and a GUID do not.
fn is_random(run: &[u8]) -> bool {
    run.split(|b| matches!(b, b'/' | b'.' | b'-' | b'_'))
        .filter(|part| part.len() >= RANDOM)
        .any(|part| {
            let class = |b: u8| match b {
                b'a'..=b'z' => 0,
                b'A'..=b'Z' => 1,
                b'0'..=b'9' => 2,
                _ => 3,
            };
            let mut seen = [false; 4];
            for &b in part {
                seen[class(b)] = true;
            }
            let changes = part
                .windows(2)
                .filter(|pair| class(pair[0]) != class(pair[1]))
                .count();
            seen[0] && seen[1] && seen[2] && changes * 5 >= part.len() * 2
        })
}

/// Whether what comes next is the value of a member whose name ends in `id`: Graph's ids of grants
/// and assignments are random runs too.
fn is_id(before: &[u8]) -> bool {
    let before = before
        .strip_suffix(b"\"")
        .unwrap_or(before)
        .trim_ascii_end();
    let name = before.strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    name.and_then(|name| name.strip_suffix(b"\""))
        .and_then(|name| name.last_chunk::<2>())
        .is_some_and(|end| end.eq_ignore_ascii_case(b"id"))
}

/// From `-----BEGIN …` through `-----END …-----`, either of which may be out of sight.
fn pem(bytes: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        let begin = memmem::find(rest, BEGIN).map(|begin| at + begin);
        let end = memmem::find(rest, END).map(|end| {
            let dashes = at + end + END.len();
            memmem::find(&bytes[dashes..], b"-----").map_or(bytes.len(), |tail| dashes + tail + 5)
        });
        match (begin, end) {
            (None, None) => return,
            (Some(begin), None) => {
                found.push(begin..bytes.len());
                return;
            }
            // One that began out of sight.
            (begin, Some(end)) if begin.is_none_or(|begin| begin > end) => {
                found.push(at..end);
                at = end;
            }
            (begin, Some(end)) => {
                found.push(begin.unwrap_or(at)..end);
                at = end;
            }
        }
    }
}
