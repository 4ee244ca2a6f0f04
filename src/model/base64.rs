//! Base64 (RFC 4648, section 4) and hexadecimal digits, as thumbprints and certificates are
//! written in exports.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes that `text` encodes, padded or not, with or without line breaks and blanks in it;
/// `None` when anything else stands in it.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.trim_end().trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

/// `bytes` as base64; what is left over after groups of three is dropped.
pub fn encode_groups(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks_exact(3) {
        let bits = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
        for shift in [18, 12, 6, 0] {
            out.push(char::from(ALPHABET[(bits >> shift & 63) as usize]));
        }
    }
    out
}

/// `bytes` as base64, padded.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = encode_groups(bytes);
    let rest = bytes.chunks_exact(3).remainder();
    if !rest.is_empty() {
        let mut last = [0; 3];
        last[..rest.len()].copy_from_slice(rest);
        out.push_str(&encode_groups(&last)[..rest.len() + 1]);
        out.push_str(&"=="[rest.len() - 1..]);
    }
    out
}

/// `bytes` as hexadecimal digits in lower case.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        // RFC 4648, section 10.
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9v\r\nYmFy", "foobar"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(encode_groups(b"foobar"), "Zm9vYmFy");
        assert_eq!(decode("Zm9v-").as_deref(), None);
        assert_eq!(decode("é").as_deref(), None);
        assert_eq!(hex(&[0, 255]), "00ff");
    }
}
