//! Bytes to UTF-8: which encoding a file is in, and reading it block by block.

use std::io::{self, Read};

/// How a file's bytes spell text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

impl Encoding {
    /// Tells the encoding from a file's first bytes; also how long its byte order mark is.
    ///
    /// Without a mark, JSON begins with ASCII, so where its zero bytes stand tells UTF-16 and
    /// UTF-32 from UTF-8 (RFC 4627, section 3).
    pub fn sniff(head: &[u8]) -> (Encoding, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, 0, 0, ..] => (Encoding::Utf32Le, 4),
            [0, 0, 0xFE, 0xFF, ..] => (Encoding::Utf32Be, 4),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            [a, 0, 0, 0, ..] if *a != 0 => (Encoding::Utf32Le, 0),
            [0, 0, 0, d, ..] if *d != 0 => (Encoding::Utf32Be, 0),
            [a, 0, ..] if *a != 0 => (Encoding::Utf16Le, 0),
            [0, b, ..] if *b != 0 => (Encoding::Utf16Be, 0),
            _ => (Encoding::Utf8, 0),
        }
    }
}

/// A source of text: reads blocks, decodes UTF-16 and UTF-32 on the way, stops at a limit.
///
/// UTF-8 passes through unchecked: the worker that gets a piece checks it, so that cores share
/// that work.
pub struct Feed<'f> {
    reader: Box<dyn Read + Send + 'f>,
    encoding: Encoding,
    /// Bytes read already, not yet handed on: the sniffed head, or half a character.
    pending: Vec<u8>,
    /// Bytes of the file still allowed.
    left: u64,
    limit: u64,
    /// Length of the byte order mark.
    mark: usize,
    ended: bool,
    /// How many bytes of text were decoded from UTF-16 or UTF-32.
    decoded: u64,
    /// Where in the text the first unit that is no character was decoded as U+FFFD.
    replaced: Option<u64>,
}

impl<'f> Feed<'f> {
    /// Starts reading: looks at the first bytes.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn open(reader: Box<dyn Read + Send + 'f>, limit: u64) -> io::Result<Feed<'f>> {
        let mut feed = Feed {
            reader,
            encoding: Encoding::Utf8,
            pending: Vec::new(),
            left: limit.saturating_add(1),
            limit,
            mark: 0,
            ended: false,
            decoded: 0,
            replaced: None,
        };
        let mut head = Vec::with_capacity(4);
        while head.len() < 4 && feed.read_raw(&mut head, 4)? > 0 {}
        (feed.encoding, feed.mark) = Encoding::sniff(&head);
        head.drain(..feed.mark);
        feed.pending = head;
        Ok(feed)
    }

    /// The encoding the first bytes show.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Length of the byte order mark: how far offsets in the text lie behind those in the file.
    pub fn mark(&self) -> usize {
        self.mark
    }

    /// Where in the text stands the first piece of UTF-16 or UTF-32 that was no character.
    pub fn replaced(&self) -> Option<u64> {
        self.replaced
    }

    /// Appends some text as UTF-8 to `out`, about `want` bytes; 0 at the end.
    ///
    /// # Errors
    /// What the reader reports; [`io::ErrorKind::FileTooLarge`] beyond the limit.
    pub fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> io::Result<usize> {
        if self.encoding == Encoding::Utf8 {
            let before = out.len();
            out.append(&mut self.pending);
            while out.len() - before < want && self.read_raw(out, want - (out.len() - before))? > 0
            {
            }
            return Ok(out.len() - before);
        }
        let before = out.len();
        while out.len() == before && !(self.ended && self.pending.is_empty()) {
            let mut raw = std::mem::take(&mut self.pending);
            if !self.ended {
                self.read_raw(&mut raw, want)?;
            }
            self.pending = self.decode(&raw, out);
        }
        Ok(out.len() - before)
    }

    fn read_raw(&mut self, out: &mut Vec<u8>, want: usize) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let want = (want as u64).min(self.left);
        // Unlike `read`, this needs no zeroed buffer; it comes back short only at the end.
        let read = Read::take(&mut self.reader, want).read_to_end(out)?;
        self.ended = (read as u64) < want;
        self.left -= read as u64;
        if self.left == 0 {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it is larger than {} bytes (--max-input-size)", self.limit),
            ));
        }
        Ok(read)
    }

    /// Decodes what is whole of `raw`; returns the rest.
    fn decode(&mut self, raw: &[u8], out: &mut Vec<u8>) -> Vec<u8> {
        let mut at = 0;
        let decoded = &mut self.decoded;
        let mut push = |c: Option<char>, replaced: &mut Option<u64>| {
            let c = c.unwrap_or_else(|| {
                replaced.get_or_insert(*decoded);
                char::REPLACEMENT_CHARACTER
            });
            *decoded += c.len_utf8() as u64;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        match self.encoding {
            Encoding::Utf32Le | Encoding::Utf32Be => {
                while let Some(four) = raw.get(at..at + 4) {
                    let four = [four[0], four[1], four[2], four[3]];
                    let unit = if self.encoding == Encoding::Utf32Le {
                        u32::from_le_bytes(four)
                    } else {
                        u32::from_be_bytes(four)
                    };
                    push(char::from_u32(unit), &mut self.replaced);
                    at += 4;
                }
            }
            _ => {
                let unit = |at: usize| {
                    let two = raw.get(at..at + 2)?;
                    Some(if self.encoding == Encoding::Utf16Le {
                        u16::from_le_bytes([two[0], two[1]])
                    } else {
                        u16::from_be_bytes([two[0], two[1]])
                    })
                };
                while let Some(first) = unit(at) {
                    if first < 0x80 {
                        push(char::from_u32(u32::from(first)), &mut self.replaced);
                        at += 2;
                        continue;
                    }
                    let second = unit(at + 2);
                    if (0xD800..0xDC00).contains(&first) && second.is_none() && !self.ended {
                        break;
                    }
                    let pair = [first, second.unwrap_or(0)];
                    let c = char::decode_utf16(pair).next().and_then(Result::ok);
                    push(c, &mut self.replaced);
                    at += c.map_or(2, |c| c.len_utf16() * 2);
                }
            }
        }
        let rest = &raw[at..];
        if self.ended && !rest.is_empty() {
            push(None, &mut self.replaced);
            return Vec::new();
        }
        rest.to_vec()
    }
}

/// Text that is not valid UTF-8: what is valid stays, every other byte is read as Windows-1252,
/// which is what `Set-Content` of Windows PowerShell writes in the western code page (Microsoft
/// Learn, "about_Character_Encoding").
pub fn decode_mixed(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        out.push_str(&text);
    }
    out
}

/// The text of bytes that should be UTF-8.
#[derive(Debug)]
pub struct Decoded {
    pub text: String,
    /// The bytes themselves, when they are no UTF-8; then the text is [`decode_mixed`].
    pub mixed: Option<Vec<u8>>,
}

impl Decoded {
    pub fn of(bytes: Vec<u8>) -> Decoded {
        match String::from_utf8(bytes) {
            Ok(text) => Decoded { text, mixed: None },
            Err(error) => {
                let bytes = error.into_bytes();
                Decoded {
                    text: decode_mixed(&bytes),
                    mixed: Some(bytes),
                }
            }
        }
    }

    /// The bytes that were decoded.
    pub fn bytes(&self) -> &[u8] {
        self.mixed.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The text until what is no UTF-8.
    pub fn valid(&self) -> &str {
        self.mixed.as_deref().map_or(&self.text, valid)
    }
}

/// The text of some bytes until their end, or until what is no UTF-8.
pub fn valid(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
    }
}

/// How many of `bytes` [`decode_mixed`] decodes to the first `text` bytes of their text.
pub fn raw_offset(bytes: &[u8], text: usize) -> usize {
    let (mut raw, mut done) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().len();
        if done + valid >= text {
            return raw + (text - done);
        }
        raw += valid;
        done += valid;
        for byte in chunk.invalid() {
            if done >= text {
                return raw;
            }
            raw += 1;
            done += decode_mixed(&[*byte]).len();
        }
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that hands out `step` bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn decoded(bytes: &[u8], step: usize) -> (String, Option<u64>) {
        let mut feed = Feed::open(Box::new(Slow(bytes, step)), 1 << 20).unwrap();
        let mut out = Vec::new();
        while feed.fill(&mut out, 64).unwrap() > 0 {}
        (String::from_utf8(out).unwrap(), feed.replaced())
    }

    #[test]
    fn every_encoding_gives_the_same_text_at_any_block_size() {
        let text = "{\"ü\": \"双子 🏭\"}";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = utf16.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = utf16.iter().flat_map(|u| u.to_be_bytes()).collect();
        let le32: Vec<u8> = text
            .chars()
            .flat_map(|c| (c as u32).to_le_bytes())
            .collect();
        let be32: Vec<u8> = text
            .chars()
            .flat_map(|c| (c as u32).to_be_bytes())
            .collect();
        let with = |mark: &[u8], body: &[u8]| [mark, body].concat();
        let files = [
            text.as_bytes().to_vec(),
            with(&[0xEF, 0xBB, 0xBF], text.as_bytes()),
            le.clone(),
            with(&[0xFF, 0xFE], &le),
            be.clone(),
            with(&[0xFE, 0xFF], &be),
            le32.clone(),
            with(&[0xFF, 0xFE, 0, 0], &le32),
            with(&[0, 0, 0xFE, 0xFF], &be32),
        ];
        for bytes in files {
            for step in [1, 2, 3, 5, 64] {
                assert_eq!(decoded(&bytes, step), (text.to_owned(), None));
            }
        }
    }

    #[test]
    fn half_a_pair_is_replaced_and_said() {
        let bytes: Vec<u8> = [0x22u16, 0xD83D, 0x22]
            .iter()
            .flat_map(|u| u.to_le_bytes())
            .collect();
        assert_eq!(decoded(&bytes, 1), ("\"\u{FFFD}\"".to_owned(), Some(1)));
    }

    #[test]
    fn western_bytes_are_read_and_the_rest_is_kept() {
        assert_eq!(decode_mixed(b"K\xF6ln \x96 \x80 \xC3\xBC"), "Köln – € ü");
    }

    #[test]
    fn western_bytes_are_counted_back() {
        // Among them an invalid sequence of two bytes, of which each is a character.
        let bytes = b"K\xF6ln \xE2\x82 \x80 \xC3\xBC.";
        let text = decode_mixed(bytes);
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        for end in ends {
            let raw = raw_offset(bytes, end);
            assert_eq!(decode_mixed(&bytes[..raw]), text[..end]);
            assert_eq!(decode_mixed(&bytes[raw..]), text[end..]);
        }
    }

    #[test]
    fn the_limit_is_an_error() {
        let bytes = [b' '; 100];
        let mut feed = Feed::open(Box::new(&bytes[..]), 99).unwrap();
        let mut out = Vec::new();
        let error = loop {
            match feed.fill(&mut out, 10) {
                Ok(0) => panic!("no error"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
