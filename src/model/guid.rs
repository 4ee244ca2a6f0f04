//! GUIDs: object ids, client ids, permission ids.

use std::fmt;

/// A GUID as Microsoft writes it: 128 bits, compared without regard to case.
///
/// Only the hyphenated form is one (`parse`); the looser spellings that people and tools produce
/// (braces, blanks around it, no hyphens) are recognised by [`Guid::parse_loose`], so that a rule
/// can say which GUID was meant.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(pub u128);

impl Guid {
    /// The GUID of all zeros, which Microsoft uses for "default access" and "everyone".
    pub const NIL: Guid = Guid(0);

    /// Reads the 36-character hyphenated form, in any case; anything else is `None`.
    pub fn parse_strict(text: &str) -> Option<Guid> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return None;
        }
        let mut value: u128 = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return None;
                }
                continue;
            }
            value = value << 4 | u128::from(hex(byte)?);
        }
        Some(Guid(value))
    }

    /// Reads a GUID in any spelling that still names exactly one: surrounded by blanks or braces,
    /// with `urn:uuid:` before it, or without hyphens.
    pub fn parse_loose(text: &str) -> Option<Guid> {
        let text = text.trim();
        if let Some(guid) = Guid::parse_strict(text) {
            return Some(guid);
        }
        let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
        let text = text.strip_prefix(['{', '(']).unwrap_or(text);
        let text = text.strip_suffix(['}', ')']).unwrap_or(text).trim();
        let mut value: u128 = 0;
        let mut digits = 0;
        for byte in text.bytes() {
            if byte == b'-' {
                continue;
            }
            digits += 1;
            if digits > 32 {
                return None;
            }
            value = value << 4 | u128::from(hex(byte)?);
        }
        (digits == 32).then_some(Guid(value))
    }
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            (v >> 96) as u32,
            (v >> 80) as u16,
            (v >> 64) as u16,
            (v >> 48) as u16,
            v & 0xffff_ffff_ffff
        )
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Guid;

    const TEXT: &str = "0b07f429-9f4b-4714-9392-cc5e8e80c8b0";

    #[test]
    fn strict_takes_any_case_and_prints_lower() {
        let upper = Guid::parse_strict(&TEXT.to_uppercase()).unwrap();
        assert_eq!(upper.to_string(), TEXT);
    }

    #[test]
    fn loose_takes_what_still_names_one_guid() {
        let want = Guid::parse_strict(TEXT);
        for spelling in [
            format!(" {TEXT}\t"),
            format!("{{{TEXT}}}"),
            TEXT.replace('-', ""),
            format!("urn:uuid:{TEXT}"),
        ] {
            assert_eq!(Guid::parse_strict(&spelling), None, "{spelling}");
            assert_eq!(Guid::parse_loose(&spelling), want, "{spelling}");
        }
        for nonsense in ["", "https://digitaltwins.azure.net", "0b07f429", "zz"] {
            assert_eq!(Guid::parse_loose(nonsense), None, "{nonsense}");
        }
    }
}
