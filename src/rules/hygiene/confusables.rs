//! Text as a reader sees it: letters that look like Latin ones made Latin, what is invisible
//! left out.
//!
//! The look-alikes are those of Unicode Technical Standard #39 ("Unicode Security Mechanisms",
//! section 4, confusables.txt) that a common font draws alike, from Cyrillic, Greek and Armenian
//! and from the blocks of styled letters. Letters with accents are not among them: they are
//! other letters, and honest names have them.

/// Look-alikes outside the styled blocks, with the letter they are taken for. Sorted.
const LOOK_ALIKES: [(char, char); 77] = [
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ɩ', 'i'),
    ('ʟ', 'l'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('α', 'a'),
    ('γ', 'y'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('σ', 'o'),
    ('τ', 't'),
    ('υ', 'u'),
    ('ϲ', 'c'),
    ('ϳ', 'j'),
    ('Ϲ', 'C'),
    ('Ѕ', 'S'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('а', 'a'),
    ('г', 'r'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѡ', 'w'),
    ('ѵ', 'v'),
    ('Ү', 'Y'),
    ('ү', 'y'),
    ('һ', 'h'),
    ('Ӏ', 'l'),
    ('ӏ', 'l'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('Օ', 'O'),
    ('հ', 'h'),
    ('ո', 'n'),
    ('ս', 'u'),
    ('օ', 'o'),
    ('ᴏ', 'o'),
];

/// The letter a character is taken for; itself when it is no look-alike.
pub fn plain(c: char) -> char {
    if c.is_ascii() {
        return if c == '|' { 'l' } else { c };
    }
    if let Ok(at) = LOOK_ALIKES.binary_search_by(|(alike, _)| alike.cmp(&c)) {
        return LOOK_ALIKES[at].1;
    }
    let code = u32::from(c);
    let letter = |base: u8, offset: u32| char::from(base + (offset % 26) as u8);
    match code {
        // Mathematical alphabets: twenty-six capitals and small letters in turn.
        0x1_D400..=0x1_D6A3 => {
            let offset = (code - 0x1_D400) % 52;
            if offset < 26 {
                letter(b'A', offset)
            } else {
                letter(b'a', offset - 26)
            }
        }
        0x1_D7CE..=0x1_D7FF => char::from(b'0' + ((code - 0x1_D7CE) % 10) as u8),
        // Circled letters.
        0x24B6..=0x24CF => letter(b'A', code - 0x24B6),
        0x24D0..=0x24E9 => letter(b'a', code - 0x24D0),
        _ => wide(c).unwrap_or(c),
    }
}

/// The ASCII character of a fullwidth form, as East Asian keyboards type it.
pub fn wide(c: char) -> Option<char> {
    let code = u32::from(c);
    match code {
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0),
        0x3000 => Some(' '),
        _ => None,
    }
}

/// Characters that show nothing: they join, separate, or turn the direction of what follows.
pub fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        c,
        '\u{00ad}'
            | '\u{034f}'
            | '\u{061c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_says_something() {
        for pair in LOOK_ALIKES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{pair:?}");
        }
        for (alike, letter) in LOOK_ALIKES {
            assert!(letter.is_ascii_alphabetic(), "{alike}");
        }
    }

    #[test]
    fn letters_as_they_look() {
        let fold = |text: &str| text.chars().map(plain).collect::<String>();
        assert_eq!(fold("Місrоsоft"), "Microsoft");
        assert_eq!(fold("𝐌𝓲𝖈𝗋𝘰𝙨𝚘ft"), "Microsoft");
        assert_eq!(fold("Ｏｆｆｉｃｅ　３６５"), "Office 365");
        assert_eq!(fold("Ⓣⓔⓐⓜⓢ"), "Teams");
        assert_eq!(fold("Größe"), "Größe");
    }
}
