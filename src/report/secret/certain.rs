//! What is a secret for certain, wherever it stands: in a message, a name, a command.
//!
//! An excerpt may hide too much, because the file itself is at hand. A sentence may not: it names
//! the redirect URI, the key or the application that has to be mended. So only what cannot be
//! anything else is masked here; ids, thumbprints and plain URLs stay.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::name::{Name, classify};
use super::{MASK, merge, shape};

/// A client secret of Entra is this long at least, and at most (Microsoft Purview, "Azure AD client
/// secret": three characters, a digit, `Q~` and 31 to 34 more; older ones are 32 to 44 long).
const ENTRA: std::ops::RangeInclusive<usize> = 32..=48;
/// So much of one behind `Q~` is enough: messages cut what they quote.
const ENTRA_REST: usize = 8;
/// So much of each part of a token.
const TOKEN_PART: usize = 8;
/// `{"alg`, `{"typ`, `{"kid`, `{"x5t`, `{"enc` in base64: how the header of a token begins.
const TOKEN_HEADERS: [&[u8]; 5] = [
    b"eyJhbGci",
    b"eyJ0eXAi",
    b"eyJraWQi",
    b"eyJ4NXQi",
    b"eyJlbmMi",
];
/// Longer names are none, and looking at them again and again would take for ever.
const LONGEST_NAME: usize = 64;

/// `text` with a mask in place of every stretch that is certainly a secret: Entra's client secrets,
/// JSON web tokens, private keys, and values of a URL's query or fragment, of a connection string or
/// before the `@` of a URL whose name tells. Masking twice changes nothing.
pub fn hide(text: &str) -> Cow<'_, str> {
    if !may_hold(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut found = Vec::new();
    find(text, &mut found);
    found.retain(|range| &text[range.clone()] != MASK);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(super::masked(text, merge(text, found)))
}

/// Whether anything in a text could be such a secret. Every text of a report is asked, and hardly
/// any has one: so without a branch for each byte, many of which are looked at in one step.
fn may_hold(bytes: &[u8]) -> bool {
    let sign = bytes.iter().fold(false, |any, b| {
        any | (*b == b'~') | (*b == b'=') | (*b == b'@') | (*b == b'%')
    });
    // Within `eyJ`, and before the `B` of `-----BEGIN`.
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let pair = pairs.fold(false, |any, (one, two)| {
        any | ((*one == b'y') & two.eq_ignore_ascii_case(&b'j')) | ((*one == b'-') & (*two == b'B'))
    });
    sign | pair
}

/// Where such secrets stand, in any order.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for run in runs(bytes) {
        let cut = text[run.end..].starts_with('…');
        if is_entra_secret(&bytes[run.clone()], cut) {
            found.push(run);
        } else if let Some(from) = token(&bytes[run.clone()], cut) {
            found.push(run.start + from..run.end);
        }
    }
    private_keys(bytes, found);
    named(text, found);
    login(text, found);
}

/// Stretches of what base64url, tokens and Entra's secrets are made of. No slash: a secret may be
/// the last step of a path.
fn runs(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let start = at + rest.iter().position(|&b| is_part(b))?;
        let length = bytes[start..].iter().position(|&b| !is_part(b));
        at = length.map_or(bytes.len(), |length| start + length);
        Some(start..at)
    })
}

fn is_part(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'~' | b'.' | b'-')
}

fn is_entra_secret(run: &[u8], cut: bool) -> bool {
    // Of a name that is compared in any case, the key is in lower case.
    let marked = run
        .windows(3)
        .position(|mark| matches!(mark, [digit, b'Q' | b'q', b'~'] if digit.is_ascii_digit()));
    if marked.is_some_and(|at| at >= 3 && (cut || run.len() - at - 3 >= ENTRA_REST)) {
        return true;
    }
    // Not `~user` nor a file's backup: a generated secret mixes all there is.
    ENTRA.contains(&run.len())
        && run.contains(&b'~')
        && run.iter().any(u8::is_ascii_lowercase)
        && run.iter().any(u8::is_ascii_uppercase)
        && run.iter().any(u8::is_ascii_digit)
}

/// Where a JSON web token begins: `eyJ….….…`.
fn token(run: &[u8], cut: bool) -> Option<usize> {
    let mut begins = run.windows(3).enumerate().filter(|(at, begin)| {
        let inside = at.checked_sub(1).and_then(|before| run.get(before));
        begin.eq_ignore_ascii_case(b"eyJ") && !inside.is_some_and(u8::is_ascii_alphanumeric)
    });
    let begin = begins.find(|&(at, _)| {
        let token = &run[at..];
        let mut parts = token.split(|&b| b == b'.');
        let mut long = || parts.next().is_some_and(|part| part.len() >= TOKEN_PART);
        long() && (long() || cut) || TOKEN_HEADERS.iter().any(|header| token.starts_with(header))
    });
    begin.map(|(at, _)| at)
}

/// From `-----BEGIN … PRIVATE KEY-----` to where that ends, or to the end of the text.
fn private_keys(bytes: &[u8], found: &mut Vec<Range<usize>>) {
    const LONGEST_LABEL: usize = 64;
    let mut from = 0;
    for begin in memmem::find_iter(bytes, shape::BEGIN) {
        let label = begin + shape::BEGIN.len();
        let near = &bytes[label..bytes.len().min(label + LONGEST_LABEL)];
        let close = memmem::find(near, b"-----").unwrap_or(near.len());
        if begin < from || memmem::find(&near[..close], b"PRIVATE").is_none() {
            continue;
        }
        from = memmem::find(&bytes[label..], shape::END)
            .map(|end| label + end + shape::END.len())
            .and_then(|end| Some(end + memmem::find(&bytes[end..], b"-----")? + 5))
            .unwrap_or(bytes.len());
        found.push(begin..from);
    }
}

/// Values whose names tell: `?client_secret=…`, `#access_token=…`, `;AccountKey=…`, percent-encoded
/// or not.
fn named(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for sign in memchr_iter(b'=', bytes) {
        if tells(bytes, sign) {
            found.push(sign + 1..value_end(text, sign + 1, false));
        }
    }
    for sign in memchr_iter(b'%', bytes) {
        let code = bytes.get(sign + 1..sign + 3);
        if code.is_some_and(|code| code.eq_ignore_ascii_case(b"3d")) && tells(bytes, sign) {
            found.push(sign + 3..value_end(text, sign + 3, true));
        }
    }
}

/// Whether a secret's name stands before `sign`, and before that what begins a parameter.
fn tells(bytes: &[u8], sign: usize) -> bool {
    let low = sign.saturating_sub(LONGEST_NAME);
    let start = bytes[low..sign]
        .iter()
        .rposition(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')))
        .map(|before| low + before);
    let Some(before) = start else {
        return false;
    };
    let mut name = &bytes[before + 1..sign];
    let begins = match bytes[before] {
        b'?' | b'&' | b'#' | b';' => true,
        // `%3Fclient_secret`
        b'%' => match name.split_at_checked(2) {
            Some((code, rest)) => {
                name = rest;
                [b"3f", b"26", b"23", b"3b"]
                    .iter()
                    .any(|begin| code.eq_ignore_ascii_case(*begin))
            }
            None => false,
        },
        _ => false,
    };
    begins
        && std::str::from_utf8(name).is_ok_and(|name| {
            matches!(classify(name), Name::Secret | Name::Token) || name.eq_ignore_ascii_case("sig")
        })
}

/// Where a parameter's value ends.
fn value_end(text: &str, from: usize, encoded: bool) -> usize {
    let stop = |(at, c): (usize, char)| {
        c.is_whitespace()
            || matches!(c, '&' | '#' | ';' | '"' | '`' | '<' | '>')
            || encoded
                && c == '%'
                && text
                    .get(from + at + 1..from + at + 3)
                    .is_some_and(|code| code == "26" || code == "23")
    };
    let value = &text[from..];
    let end = value.char_indices().find(|&found| stop(found));
    end.map_or(text.len(), |(at, _)| from + at)
}

/// The password of `https://user:password@host`.
fn login(text: &str, found: &mut Vec<Range<usize>>) {
    const LONGEST: usize = 256;
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"://") {
        let from = at + 3;
        let near = &bytes[from..bytes.len().min(from + LONGEST)];
        let ends =
            |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'?' | b'#' | b'"' | b'`');
        let host = &near[..near.iter().position(ends).unwrap_or(near.len())];
        let Some(end) = host.iter().rposition(|&b| b == b'@') else {
            continue;
        };
        if let Some(colon) = host[..end].iter().position(|&b| b == b':') {
            found.push(from + colon + 1..from + end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let once = hide(text).into_owned();
        assert_eq!(hide(&once), once, "{text}");
        once.replace(MASK, "###")
    }

    #[test]
    fn what_is_certainly_a_secret() {
        let entra = "abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH";
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln";
        for (text, want) in [
            (
                format!("the app \"{entra}\" has none"),
                "the app \"###\" has none",
            ),
            (
                format!("https://a.example/cb/{entra}/x"),
                "https://a.example/cb/###/x",
            ),
            ("`abc8Q~abcdefgh…` is no URL".to_owned(), "`###…` is no URL"),
            ("`abc8Q~a…`".to_owned(), "`###…`"),
            ("old ~b1Kd-3Lz.XkQw_9mN2pR5sT7uVaYcEf".to_owned(), "old ###"),
            (format!("Bearer {token}."), "Bearer ###"),
            ("`eyJraWQiOiJ4NX…`".to_owned(), "`###…`"),
            (entra.to_lowercase(), "###"),
            (
                "x -----BEGIN RSA PRIVATE KEY----- MIIB -----END RSA PRIVATE KEY----- y".to_owned(),
                "x ### y",
            ),
            ("x -----BEGIN PRIVATE KEY----- MIIB…".to_owned(), "x ###"),
            (
                "`http://localhost/cb?state=1&client_secret=hunter2&id=3`".to_owned(),
                "`http://localhost/cb?state=1&client_secret=###&id=3`",
            ),
            (
                "http://localhost/#access_token=abc is".to_owned(),
                "http://localhost/#access_token=### is",
            ),
            (
                "https://a.example/?sv=1&SIG=a%2Bb%3D&x=1".to_owned(),
                "https://a.example/?sv=1&SIG=###&x=1",
            ),
            (
                "https://a.example/?to=https%3A%2F%2Fb%3Fclient_secret%3Dhunter2%26x%3D1"
                    .to_owned(),
                "https://a.example/?to=https%3A%2F%2Fb%3Fclient_secret%3D###%26x%3D1",
            ),
            (
                "AccountName=a;AccountKey=abc==;E=f".to_owned(),
                "AccountName=a;AccountKey=###;E=f",
            ),
            (
                "https://joe:hunter2@a.example/".to_owned(),
                "https://joe:###@a.example/",
            ),
        ] {
            assert_eq!(shown(&text), want, "{text}");
        }
    }

    #[test]
    fn what_is_none_stays() {
        for text in [
            "0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
            "0B07F429-9F4B-4714-9392-CC5E8E80C8B0",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI=",
            "eyJ3vEjRWeJCrze8SNFZ4kKvN7xI=",
            "880319374ADE1FE26A417062B86933D1C7A64431",
            "AVs6JuUDjkCFV7q2gd8QTPimBBgj5iBFj0C6GwwRxC0",
            "https://twins.contoso.com/cb?state=abc&id=7#token",
            "https://a.example/?token_type=x&session=1&response_type=token",
            "https://a.example/~joe.miller-of-the-big-factory-in-town/",
            "https://a.example:8080/x@y",
            "ms-appx-web://Microsoft.AAD.BrokerPlugin/0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
            "client_secret = hunter2",
            "az ad app credential reset --id x --append --query password=1",
            "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----",
            "a@b.example = c",
            "keyjournal.microsoft.example",
            "8q~backup 12Q~ 123Q~short",
        ] {
            assert_eq!(hide(text), text);
            assert!(matches!(hide(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn many_signs_take_no_longer() {
        let text = format!("{}{}", "a".repeat(100_000), "=%3D".repeat(50_000));
        assert!(matches!(hide(&text), Cow::Borrowed(_)));
    }
}
