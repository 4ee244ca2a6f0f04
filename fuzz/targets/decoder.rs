//! Bytes to text: whatever the bytes and the blocks they come in, the text is UTF-8, the same, and
//! what other decoders say.
#![no_main]

use std::io::{self, Read};

use entralint::input::decode::decode_mixed;
use entralint::input::{Encoding, Feed};
use libfuzzer_sys::fuzz_target;

/// Hands out a few bytes at a time.
struct Slow<'b>(&'b [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(self.0.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn decoded(bytes: &[u8], step: usize, want: usize) -> (Encoding, Vec<u8>, Option<u64>) {
    let mut feed = Feed::open(Box::new(Slow(bytes, step)), 1 << 30).expect("it is there");
    let mut out = Vec::new();
    while feed.fill(&mut out, want).expect("it is there") > 0 {}
    (feed.encoding(), out, feed.replaced())
}

/// The same by the standard library: whole units, and one more character for what is left.
fn expected(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    let little = matches!(encoding, Encoding::Utf16Le | Encoding::Utf32Le);
    let (width, mut text) = match encoding {
        Encoding::Utf8 => return bytes.to_vec(),
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let units = bytes.as_chunks().0.iter().map(|two| match little {
                true => u16::from_le_bytes(*two),
                false => u16::from_be_bytes(*two),
            });
            (2, String::from_utf16_lossy(&units.collect::<Vec<_>>()))
        }
        Encoding::Utf32Le | Encoding::Utf32Be => {
            let units = bytes.as_chunks().0.iter().map(|four| match little {
                true => u32::from_le_bytes(*four),
                false => u32::from_be_bytes(*four),
            });
            let units = units.map(|unit| char::from_u32(unit).unwrap_or('\u{fffd}'));
            (4, units.collect())
        }
    };
    if !bytes.len().is_multiple_of(width) {
        text.push('\u{fffd}');
    }
    text.into_bytes()
}

fuzz_target!(|data: &[u8]| {
    let (encoding, mark) = Encoding::sniff(data);
    let want = expected(encoding, &data[mark..]);
    let whole = decoded(data, usize::MAX, 1 << 16);
    assert_eq!((whole.0, &whole.1), (encoding, &want));
    for (step, want) in [(1, 1), (3, 64), (7, 5)] {
        assert_eq!(decoded(data, step, want), whole);
    }
    if let Some(at) = whole.2 {
        assert!(want[at as usize..].starts_with("\u{fffd}".as_bytes()));
    }
    if encoding != Encoding::Utf8 {
        assert!(std::str::from_utf8(&want).is_ok());
    }
    let text = decode_mixed(&want);
    assert_eq!(decode_mixed(text.as_bytes()), text);
    if let Ok(valid) = std::str::from_utf8(&want) {
        assert_eq!(text, valid);
    }
    // What was decoded stays what it is, unless it looks like another encoding by itself.
    if Encoding::sniff(text.as_bytes()) == (Encoding::Utf8, 0) {
        assert_eq!(decoded(text.as_bytes(), 5, 9).1, text.as_bytes());
    }
});
