//! Reads the audit page as strictly as it is written.

use super::parsers::is_ours;

/// Everything that the page is made of.
const TAGS: &str = "html head meta link title style body a header h1 h2 h3 p time nav ul ol li main \
    section dl div dt dd table caption thead tbody tr th td code span details summary figure \
    figcaption svg g text rect path label select option input button strong pre mark q br footer \
    script";
const ATTRIBUTES: &str = "lang charset http-equiv content name rel href class id aria-label \
    aria-labelledby role hidden datetime tabindex scope data-v data-for data-what data-column for \
    type autocomplete value viewBox x y width height rx d";
const VOID: [&str; 4] = ["meta", "link", "br", "input"];

/// A piece of the page.
#[derive(Debug, PartialEq)]
pub enum Piece<'p> {
    Open(&'p str, Vec<(&'p str, &'p str)>),
    Close(&'p str),
    Text(&'p str),
}

/// Reads the page as strictly as it is written: every attribute quoted, every element closed.
pub fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n").expect("a doctype");
    while !rest.is_empty() {
        let raw = open
            .last()
            .filter(|name| ["style", "script"].contains(name));
        let end = match raw {
            Some(name) => rest.find(&format!("</{name}>")).expect("an end"),
            None => rest.find('<').unwrap_or(rest.len()),
        };
        let (text, tag) = rest.split_at(end);
        if !text.is_empty() {
            if raw.is_none() {
                assert!(!text.contains('>'), "{text}");
            }
            out.push(Piece::Text(text));
        }
        if tag.is_empty() {
            break;
        }
        let (inside, after) = tag[1..].split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "elements nest");
            out.push(Piece::Close(name));
            continue;
        }
        let (body, alone) = match inside.strip_suffix('/') {
            Some(body) => (body, true),
            None => (inside, false),
        };
        let (name, mut list) = body.split_once(' ').unwrap_or((body, ""));
        assert!(TAGS.split_whitespace().any(|tag| tag == name), "<{name}>");
        let mut attributes = Vec::new();
        while !list.is_empty() {
            let (key, value, after) = match list.split_once(['=', ' ']) {
                Some((key, _)) if list[key.len()..].starts_with("=\"") => {
                    let (value, after) = list[key.len() + 2..].split_once('"').expect("a quote");
                    (key, value, after)
                }
                Some((key, after)) => (key, "", after),
                None => (list, "", ""),
            };
            assert!(
                ATTRIBUTES.split_whitespace().any(|known| known == key),
                "{key} of <{name}>"
            );
            attributes.push((key, value));
            list = after.trim_start();
        }
        out.push(Piece::Open(name, attributes));
        if !alone && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "everything is closed");
    out
}

/// Where links lead: into the page, to Microsoft's pages, or to the empty icon.
pub fn assert_links(pieces: &[Piece<'_>]) {
    let mut ids: Vec<&str> = Vec::new();
    let mut targets = Vec::new();
    for piece in pieces {
        let Piece::Open(name, attributes) = piece else {
            continue;
        };
        for (key, value) in attributes {
            match *key {
                "id" => ids.push(value),
                "href" if *name == "link" => assert_eq!(*value, "data:,"),
                "href" => match value.strip_prefix('#') {
                    Some(target) => targets.push(target),
                    None => assert!(is_ours(value), "{value}"),
                },
                "for" | "data-for" | "aria-labelledby" => targets.push(value),
                _ => {}
            }
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each id once");
    for target in targets {
        assert!(ids.binary_search(&target).is_ok(), "#{target} is there");
    }
}
