//! GUIDs for ids that do not exist yet.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::model::Guid;

/// The ids that a deployment will make up, each with a GUID in its stead.
///
/// A GUID of version 8 (RFC 9562, section 5.8: custom), made of the file and the spelling, so that
/// every reading of the file makes the same.
#[derive(Clone, Debug, Default)]
pub struct StandIns {
    file: u64,
    spellings: BTreeMap<Guid, Box<str>>,
}

impl StandIns {
    /// None yet, of the file that this number tells from others.
    pub fn of(file: u64) -> StandIns {
        StandIns {
            file,
            spellings: BTreeMap::new(),
        }
    }

    /// The GUID that stands in for the id that reports spell so, hyphenated.
    pub fn add(&mut self, spelling: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.file.to_le_bytes());
        hash.update(spelling.as_bytes());
        let bits = hash
            .finalize()
            .iter()
            .take(16)
            .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        let version = bits & !(0xF << 76) | 0x8 << 76;
        let guid = Guid(version & !(0x3 << 62) | 0x2 << 62);
        self.spellings
            .entry(guid)
            .or_insert_with(|| spelling.into());
        guid.to_string()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spellings.is_empty()
    }

    /// Whether a GUID stands in for an id.
    pub fn has(&self, guid: Guid) -> bool {
        self.spellings.contains_key(&guid)
    }

    /// Takes over those of another file.
    pub fn absorb(&mut self, other: &StandIns) {
        let others = other.spellings.iter();
        self.spellings
            .extend(others.map(|(guid, spelling)| (*guid, spelling.clone())));
    }

    /// `text` with every stand-in spelled out.
    pub fn spell<'t>(&self, text: &'t str) -> Cow<'t, str> {
        const LENGTH: usize = 36;
        if self.spellings.is_empty() || text.len() < LENGTH {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        let mut rest = text;
        let mut at = 0;
        while let Some(hyphen) = memchr::memchr(b'-', rest.as_bytes().get(at..).unwrap_or(b"")) {
            let start = (at + hyphen).wrapping_sub(8);
            let spelling = rest
                .get(start..start.wrapping_add(LENGTH))
                .and_then(Guid::parse_strict)
                .and_then(|guid| self.spellings.get(&guid));
            match spelling {
                Some(spelling) => {
                    out.push_str(&rest[..start]);
                    out.push_str(spelling);
                    rest = &rest[start + LENGTH..];
                    at = 0;
                }
                None => at += hyphen + 1,
            }
        }
        if out.is_empty() && rest.len() == text.len() {
            return Cow::Borrowed(text);
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// The same for a text that is not needed any more.
    pub fn spelled(&self, text: String) -> String {
        match self.spell(&text) {
            Cow::Owned(spelled) => spelled,
            Cow::Borrowed(_) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StandIns;
    use crate::model::Guid;

    #[test]
    fn stand_ins_are_stable_and_spelled_out() {
        let mut ids = StandIns::of(7);
        let one = ids.add("azuread_application.twins.client_id");
        assert_eq!(ids.add("azuread_application.twins.client_id"), one);
        assert_ne!(
            StandIns::of(8).add("azuread_application.twins.client_id"),
            one
        );
        assert_eq!(&one[14..15], "8");
        assert!("89ab".contains(&one[19..20]));
        assert!(ids.has(Guid::parse_strict(&one).unwrap()));
        let text = format!("ä-ö {one} and {one}, not 0b07f429-9f4b-4714-9392-cc5e8e80c8b0");
        assert_eq!(
            ids.spell(&text),
            "ä-ö azuread_application.twins.client_id and azuread_application.twins.client_id, \
             not 0b07f429-9f4b-4714-9392-cc5e8e80c8b0"
        );
        assert!(matches!(ids.spell("no id"), std::borrow::Cow::Borrowed(_)));
    }
}
