//! Changing the text of a file without touching a byte of the rest, whatever it is encoded in.

use std::io;

use crate::input::decode::Decoded;
use crate::input::{Encoding, Feed};
use crate::json::{Tape, read};

/// A file's bytes and the text they spell.
pub struct Coded<'b> {
    bytes: &'b [u8],
    encoding: Encoding,
    /// Length of the byte order mark.
    mark: usize,
    /// Some bytes are no UTF-8, each of which was read as one character.
    mixed: bool,
    text: String,
}

impl<'b> Coded<'b> {
    /// Reads bytes as the engine does.
    ///
    /// # Errors
    /// None that bytes in memory have.
    pub fn read(bytes: &'b [u8]) -> io::Result<Coded<'b>> {
        let mut feed = Feed::open(Box::new(bytes), u64::MAX)?;
        let mut text = Vec::with_capacity(bytes.len());
        while feed.fill(&mut text, bytes.len().max(1))? > 0 {}
        let Decoded { text, mixed } = Decoded::of(text);
        Ok(Coded {
            bytes,
            encoding: feed.encoding(),
            mark: feed.mark(),
            mixed: mixed.is_some(),
            text,
        })
    }

    /// Without the byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// Whether the text is one JSON value.
    pub fn is_json(&self) -> bool {
        let start = read::skip_blanks(self.text.as_bytes(), 0);
        read::parse(&self.text, start, &mut Tape::default())
            .is_ok_and(|end| self.text[end..].trim().is_empty())
    }

    /// The bytes with stretches of the text replaced: from, to, and the new text; sorted and
    /// apart. `None` where the places are none, or the encoding lacks a character.
    pub fn with(&self, changes: &[(usize, usize, &str)]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(self.bytes.len() + 1024);
        let mut place = Place {
            text: 0,
            byte: self.mark,
        };
        let mut copied = 0;
        for &(start, end, new) in changes {
            place = self.advance(place, start)?;
            out.extend_from_slice(self.bytes.get(copied..place.byte)?);
            self.encode(new, &mut out)?;
            place = self.advance(place, end)?;
            copied = place.byte;
        }
        out.extend_from_slice(self.bytes.get(copied..)?);
        Some(out)
    }

    /// From a known place to the one at `to` in the text.
    fn advance(&self, from: Place, to: usize) -> Option<Place> {
        let between = self.text.get(from.text..to)?;
        let mut byte = from.byte;
        match self.encoding {
            Encoding::Utf8 if !self.mixed => byte += between.len(),
            Encoding::Utf8 => {
                for c in between.chars() {
                    let mut spelt = [0; 4];
                    let spelt = c.encode_utf8(&mut spelt).as_bytes();
                    let as_it_is = self.bytes.get(byte..)?.starts_with(spelt);
                    byte += if as_it_is { spelt.len() } else { 1 };
                }
            }
            // Half a pair is one unit, and so is the character that stands for it.
            Encoding::Utf16Le | Encoding::Utf16Be => {
                byte += between.chars().map(|c| 2 * c.len_utf16()).sum::<usize>();
            }
            Encoding::Utf32Le | Encoding::Utf32Be => byte += 4 * between.chars().count(),
        }
        Some(Place { text: to, byte })
    }

    fn encode(&self, text: &str, out: &mut Vec<u8>) -> Option<()> {
        match self.encoding {
            Encoding::Utf8 if self.mixed && !text.is_ascii() => return None,
            Encoding::Utf8 => out.extend_from_slice(text.as_bytes()),
            Encoding::Utf16Le => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Encoding::Utf16Be => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Encoding::Utf32Le => out.extend(text.chars().flat_map(|c| (c as u32).to_le_bytes())),
            Encoding::Utf32Be => out.extend(text.chars().flat_map(|c| (c as u32).to_be_bytes())),
        }
        Some(())
    }
}

/// The same place in the text and in the bytes.
#[derive(Copy, Clone)]
struct Place {
    text: usize,
    byte: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"ü\": \"双子 🏭\", \"x\": 1}";

    fn encodings() -> Vec<Vec<u8>> {
        let le = |mark: &str| -> Vec<u8> {
            let text = format!("{mark}{TEXT}");
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        };
        let be = |mark: &str| -> Vec<u8> {
            let text = format!("{mark}{TEXT}");
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        };
        let wide = |bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
            let text = format!("\u{feff}{TEXT}");
            text.chars().flat_map(|c| bytes(c as u32)).collect()
        };
        let mark = "\u{feff}";
        vec![
            TEXT.as_bytes().to_vec(),
            format!("{mark}{TEXT}").into_bytes(),
            le(""),
            le(mark),
            be(""),
            be(mark),
            wide(u32::to_le_bytes),
            wide(u32::to_be_bytes),
        ]
    }

    #[test]
    fn a_change_is_the_same_in_every_encoding() {
        let one = TEXT.find('1').expect("it is there");
        let name = TEXT.find("双").expect("it is there");
        let changes = [(name, name + "双子".len(), "é🏭"), (one, one + 1, "2")];
        for bytes in encodings() {
            let coded = Coded::read(&bytes).expect("it is read");
            assert_eq!(coded.text(), TEXT);
            assert!(coded.is_json());
            let changed = coded.with(&changes).expect("it fits");
            let again = Coded::read(&changed).expect("it is read");
            assert_eq!(again.text(), "{\"ü\": \"é🏭 🏭\", \"x\": 2}");
            assert_eq!((again.encoding, again.mark), (coded.encoding, coded.mark));
            assert_eq!(coded.with(&[]).as_deref(), Some(&*bytes));
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_stay_what_they_are() {
        let bytes = b"{\"K\xF6ln \xC3\xBC\": \"\x96\", \"x\": 1}";
        let coded = Coded::read(bytes).expect("it is read");
        let one = coded.text().find('1').expect("it is there");
        let changed = coded.with(&[(one, one + 1, "true")]).expect("it fits");
        assert_eq!(changed, b"{\"K\xF6ln \xC3\xBC\": \"\x96\", \"x\": true}");
        assert_eq!(coded.with(&[(one, one + 1, "\"é\"")]), None);
    }

    #[test]
    fn half_a_pair_stays_half() {
        let units = [0x22u16, 0xD83D, 0x22, 0x20];
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let coded = Coded::read(&bytes).expect("it is read");
        let end = coded.text().len();
        let changed = coded.with(&[(end - 1, end, "")]).expect("it fits");
        assert_eq!(changed, bytes[..6]);
    }

    #[test]
    fn places_that_are_none_are_refused() {
        let coded = Coded::read(TEXT.as_bytes()).expect("it is read");
        assert_eq!(coded.with(&[(3, 4, "")]), None);
        assert_eq!(coded.with(&[(500, 500, "")]), None);
        assert_eq!(coded.with(&[(2, 5, ""), (1, 2, "")]), None);
        assert!(!Coded::read(b"{} x").expect("it is read").is_json());
    }
}
