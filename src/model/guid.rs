//! GUIDs: object ids, client ids, permission ids.

use std::fmt;

/// A GUID as Microsoft writes it: 128 bits, compared without regard to case.
///
/// Only the hyphenated form is one (`parse`); the looser spellings that people and tools produce
/// (braces, blanks around it, no hyphens) are recognised by [`Guid::parse_loose`], so that a rule
/// can say which GUID was meant.
#[derive(Copy, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(pub u128);

impl Guid {
    /// The GUID of all zeros, which Microsoft uses for "default access" and "everyone".
    pub const NIL: Guid = Guid(0);

    /// Reads the 36-character hyphenated form, in any case; anything else is `None`.
    pub fn parse_strict(text: &str) -> Option<Guid> {
        let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
        if (bytes[8], bytes[13], bytes[18], bytes[23]) != (b'-', b'-', b'-', b'-') {
            return None;
        }
        let mut digits = [0; 32];
        digits[..8].copy_from_slice(&bytes[..8]);
        digits[8..12].copy_from_slice(&bytes[9..13]);
        digits[12..16].copy_from_slice(&bytes[14..18]);
        digits[16..20].copy_from_slice(&bytes[19..23]);
        digits[20..].copy_from_slice(&bytes[24..]);
        of_digits(digits)
    }

    /// Whether a text that [`Guid::parse_loose`] reads is the hyphenated form: with 32 digits in it,
    /// the length and the places of the hyphens tell.
    pub fn is_plainly_spelled(text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.len() == 36 && [8, 13, 18, 23].into_iter().all(|at| bytes[at] == b'-')
    }

    /// Whether the hyphenated form stands anywhere in a text, in any case.
    pub fn is_written_in(self, text: &str) -> bool {
        let (bytes, form) = (text.as_bytes(), self.to_string());
        // Where the first hyphen stands, all of it is told.
        memchr::memchr_iter(b'-', bytes).any(|hyphen| {
            let place = hyphen.checked_sub(8);
            let place = place.and_then(|start| bytes.get(start..start + form.len()));
            place.is_some_and(|place| place.eq_ignore_ascii_case(form.as_bytes()))
        })
    }

    /// The last GUID in a longer text, such as the resource id of a role definition.
    pub fn last_in(text: &str) -> Option<Guid> {
        let tail = text.len().checked_sub(36).and_then(|at| text.get(at..));
        if let Some(guid) = tail.and_then(Guid::parse_strict) {
            return Some(guid);
        }
        text.rsplit(|c: char| !c.is_ascii_hexdigit() && c != '-')
            .find_map(Guid::parse_strict)
    }

    /// Reads a GUID in any spelling that still names exactly one: surrounded by blanks or braces,
    /// with `urn:uuid:` before it, or without hyphens.
    pub fn parse_loose(text: &str) -> Option<Guid> {
        // Nearly all are spelled so.
        if let Some(guid) = Guid::parse_strict(text) {
            return Some(guid);
        }
        let text = text.trim();
        let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
        let text = text.strip_prefix(['{', '(']).unwrap_or(text);
        let text = text.strip_suffix(['}', ')']).unwrap_or(text).trim();
        let mut digits = [0; 32];
        let mut places = digits.iter_mut();
        for byte in text.bytes().filter(|byte| *byte != b'-') {
            *places.next()? = byte;
        }
        if places.next().is_some() {
            return None;
        }
        of_digits(digits)
    }
}

/// The GUID of 32 hexadecimal digits in either case. Exports consist of GUIDs to a good part, so
/// no step depends on the one before: the compiler takes sixteen digits at a time.
fn of_digits(mut digits: [u8; 32]) -> Option<Guid> {
    let mut all = 0;
    for digit in &mut digits {
        let decimal = digit.wrapping_sub(b'0');
        let letter = (*digit | 0x20).wrapping_sub(b'a');
        *digit = match (decimal, letter) {
            (0..10, _) => decimal,
            (_, 0..6) => 10 + letter,
            _ => 0xFF,
        };
        all |= *digit;
    }
    if all > 0xF {
        return None;
    }
    let mut value = 0;
    for eight in digits.as_chunks().0 {
        let values = u64::from_be_bytes(*eight);
        let pairs = (values | values >> 4) & 0x00FF_00FF_00FF_00FF;
        let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
        value = value << 32 | u128::from((fours | fours >> 16) as u32);
    }
    Some(Guid(value))
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A report names thousands, and `write!` of five numbers takes twenty times as long.
        let mut form = [b'-'; 36];
        let mut nibble = 128;
        for (at, place) in form.iter_mut().enumerate() {
            if !matches!(at, 8 | 13 | 18 | 23) {
                nibble -= 4;
                *place = b"0123456789abcdef"[(self.0 >> nibble & 0xF) as usize];
            }
        }
        f.write_str(std::str::from_utf8(&form).unwrap_or_default())
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
    fn a_guid_is_found_in_any_case_and_only_whole() {
        let guid = Guid::parse_strict("0b07f429-9f4b-4714-9392-cc5e8e80c8b0").unwrap();
        for (text, found) in [
            ("0b07f429-9f4b-4714-9392-cc5e8e80c8b0", true),
            ("{\"é-\": \"0B07F429-9f4b-4714-9392-CC5E8E80C8B0\"}", true),
            ("0b07f429-9f4b-4714-9392-cc5e8e80c8b", false),
            ("-0b07f429-9f4b-4714-9392-cc5e8e80c8b1", false),
            ("b07f429-9f4b-4714-9392-cc5e8e80c8b0", false),
            ("", false),
        ] {
            assert_eq!(guid.is_written_in(text), found, "{text}");
        }
    }

    #[test]
    fn strict_takes_hexadecimal_digits_alone() {
        for at in 0..TEXT.len() {
            for byte in 0..=0x7F {
                let mut text = TEXT.as_bytes().to_vec();
                text[at] = byte;
                let text = String::from_utf8(text).unwrap();
                let hyphen = matches!(at, 8 | 13 | 18 | 23);
                let fits = match hyphen {
                    true => byte == b'-',
                    false => byte.is_ascii_hexdigit(),
                };
                let want = fits.then(|| text.to_lowercase());
                let guid = Guid::parse_strict(&text).map(|guid| guid.to_string());
                assert_eq!(guid, want, "{text:?}");
                let loose = Guid::parse_loose(&text).is_some();
                assert_eq!(loose && Guid::is_plainly_spelled(&text), fits, "{text:?}");
            }
        }
        // Two bytes each: as many bytes as a GUID has, and no digits.
        assert_eq!(Guid::parse_strict(&TEXT.replacen("0b", "é", 1)), None);
        for odd in [
            "{0b07f4299f4b471493929cc5e8e80c8b}  ",
            " 0b07f4-9f4b-4714-9392-cc5e8e80c8b0-",
        ] {
            assert!(!Guid::is_plainly_spelled(odd), "{odd}");
        }
    }

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

    #[test]
    fn last_of_a_path_with_any_prefix() {
        let want = Guid::parse_strict(TEXT);
        let scope = "/subscriptions/11111111-2222-4333-8444-555555555555";
        let upper = TEXT.to_uppercase();
        for text in [
            TEXT.to_owned(),
            format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{upper}"),
            format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{TEXT}/"),
            format!("{scope}/roleDefinitions/{TEXT}|/é"),
            format!("{{{TEXT}}} "),
        ] {
            assert_eq!(Guid::last_in(&text), want, "{text}");
        }
        for text in ["", "é", "NA(classic admin role)", "Reader", &TEXT[1..]] {
            assert_eq!(Guid::last_in(text), None, "{text}");
        }
    }
}
