//! The little Markdown that rules are documented in, for a terminal: paragraphs, lists, fenced
//! code, and headings that open a paragraph in bold.

/// A piece of documentation, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    /// Lines to be kept as they are: code, tables, commands.
    Code(Vec<String>),
}

/// The documentation without the blank that doc comments put before each line.
pub fn source(docs: &str) -> String {
    let lines: Vec<&str> = docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// Words without marks for bold type, and links as their text with the address behind it.
pub fn plain(words: &str) -> String {
    let words = words.replace("**", "");
    let mut out = String::with_capacity(words.len());
    let mut rest = words.as_str();
    while let Some(open) = rest.find('[') {
        let link = rest[open..]
            .find("](")
            .map(|at| open + at)
            .and_then(|middle| {
                let end = middle + 2 + rest[middle + 2..].find(')')?;
                Some((&rest[open + 1..middle], &rest[middle + 2..end], end + 1))
            });
        match link {
            Some((text, address, end)) if !text.contains(['[', '\n']) => {
                out.push_str(&rest[..open]);
                out.push_str(&format!("{text} ({address})"));
                rest = &rest[end..];
            }
            _ => {
                out.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The blocks of a documentation.
pub fn blocks(docs: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    // The paragraph or item that is being read.
    let mut open: Option<Block> = None;
    let mut fence: Option<Vec<String>> = None;
    for line in source(docs).lines() {
        let text = line.trim_start();
        if text.starts_with("```") {
            close(&mut open, &mut blocks);
            fence = match fence.take() {
                None => Some(Vec::new()),
                Some(lines) => {
                    blocks.push(Block::Code(lines));
                    None
                }
            };
        } else if let Some(lines) = &mut fence {
            lines.push(line.to_owned());
        } else if text.is_empty() {
            close(&mut open, &mut blocks);
        } else if let Some(heading) = text.strip_prefix('#') {
            close(&mut open, &mut blocks);
            blocks.push(Block::Heading(
                heading.trim_start_matches('#').trim().to_owned(),
            ));
        } else if let Some(item) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
            close(&mut open, &mut blocks);
            open = Some(Block::Item(item.to_owned()));
        } else if text.starts_with('|') || open.is_none() && line.starts_with("    ") {
            close(&mut open, &mut blocks);
            match blocks.last_mut() {
                Some(Block::Code(lines)) => lines.push(text.to_owned()),
                _ => blocks.push(Block::Code(vec![text.to_owned()])),
            }
        } else {
            match &mut open {
                Some(Block::Paragraph(words) | Block::Item(words)) => {
                    words.push(' ');
                    words.push_str(text);
                }
                _ => open = Some(Block::Paragraph(text.to_owned())),
            }
        }
    }
    close(&mut open, &mut blocks);
    blocks.extend(fence.map(Block::Code));
    blocks
}

fn close(open: &mut Option<Block>, blocks: &mut Vec<Block>) {
    match open.take() {
        Some(Block::Paragraph(words)) => paragraph(&words, blocks),
        Some(block) => blocks.push(block),
        None => {}
    }
}

/// A paragraph: its heading, if it begins in bold, then its words; commands among them get lines
/// of their own, to be copied.
fn paragraph(words: &str, blocks: &mut Vec<Block>) {
    let mut rest = words;
    if let Some((heading, words)) = rest
        .strip_prefix("**")
        .and_then(|words| words.split_once("**"))
    {
        blocks.push(Block::Heading(
            heading.trim_end_matches(['.', ':']).to_owned(),
        ));
        rest = words.trim_start();
    }
    while let Some(at) = rest.find("`az ") {
        let Some(length) = rest[at + 1..].find('`') else {
            break;
        };
        push_words(&rest[..at], blocks);
        blocks.push(Block::Code(vec![rest[at + 1..at + 1 + length].to_owned()]));
        rest = rest[at + 2 + length..].trim_start_matches(['.', ',', ';', ' ']);
    }
    push_words(rest, blocks);
}

fn push_words(words: &str, blocks: &mut Vec<Block>) {
    let words = words.trim();
    if !words.is_empty() {
        blocks.push(Block::Paragraph(words.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::SECRET_EXPIRED;
    use super::*;

    #[test]
    fn documentation_in_blocks() {
        let paragraph = |words: &str| Block::Paragraph(words.to_owned());
        let heading = |words: &str| Block::Heading(words.to_owned());
        assert_eq!(
            blocks(SECRET_EXPIRED.docs),
            [
                paragraph("A client secret has expired."),
                heading("Why it matters"),
                paragraph("Sign-in fails with `AADSTS7000222`, and it fails at night."),
                heading("What is checked"),
                paragraph("`passwordCredentials[].endDateTime`:"),
                Block::Item("of applications;".to_owned()),
                Block::Item(
                    "of service principals, with a line that is long enough to be wrapped at eighty."
                        .to_owned()
                ),
                heading("Fix"),
                paragraph("Add a new one:"),
                Block::Code(vec!["az ad app credential reset --id <app> --append".to_owned()]),
            ]
        );
    }

    #[test]
    fn commands_and_links_in_words() {
        assert_eq!(
            blocks("**Fix.** Switch it off:\n`az ad app update --id <app>`. Then wait.\n"),
            [
                Block::Heading("Fix".to_owned()),
                Block::Paragraph("Switch it off:".to_owned()),
                Block::Code(vec!["az ad app update --id <app>".to_owned()]),
                Block::Paragraph("Then wait.".to_owned()),
            ]
        );
        assert_eq!(
            plain("**a** [b](https://c) d[] [e](f"),
            "a b (https://c) d[] [e](f"
        );
    }
}
