//! How texts for people are to look.

use std::borrow::Cow;

use super::excerpt::Look;
use super::safe;

/// How the human report looks; every choice is the caller's, none is read from the environment.
#[derive(Clone, Debug)]
pub struct HumanOptions {
    pub color: bool,
    /// Rule ids are hyperlinks (OSC 8).
    pub links: bool,
    /// Cells of a line; at least 40 are taken.
    pub width: usize,
    /// 1 adds references, every related place, what was skipped and what was not evaluated.
    pub verbose: u8,
    /// Findings only, no summary.
    pub quiet: bool,
    /// Draw with `╭─` and `…`, or with ASCII.
    pub unicode: bool,
    /// Suppressed findings too, each with its reason.
    pub show_suppressed: bool,
}

impl Default for HumanOptions {
    fn default() -> HumanOptions {
        HumanOptions {
            color: false,
            links: false,
            width: 100,
            verbose: 0,
            quiet: false,
            unicode: true,
            show_suppressed: false,
        }
    }
}

/// Words in longer lines than this are hard to read, however wide the terminal is, in cells.
const PROSE: usize = 120;

impl HumanOptions {
    /// Cells of a line of words; excerpts take the whole width.
    pub(super) fn prose(&self) -> usize {
        self.width.min(PROSE)
    }

    /// Foreign text for one line, cut after `longest` characters.
    pub(super) fn clean<'t>(&self, text: &'t str, longest: usize) -> Cow<'t, str> {
        let clean = safe::capped(text, longest);
        if self.unicode || !clean.contains(['…', '•']) {
            return clean;
        }
        let look = self.look();
        let clean = clean.replace('…', look.ellipsis);
        Cow::Owned(clean.replace(super::secret::MASK, look.mask))
    }

    pub(super) fn look(&self) -> Look {
        let (ellipsis, mask) = if self.unicode {
            ("…", super::secret::MASK)
        } else {
            ("...", "******")
        };
        Look {
            width: self.width,
            ellipsis,
            mask,
        }
    }
}
