//! Tests.
use crate::infrastructure::{Lowered, lower};
use crate::json::{Tape, read};
use crate::kinds::{self, Reading};

fn lowered(text: &str) -> Lowered {
    let mut tape = Tape::default();
    read::parse(text, 0, &mut tape).unwrap();
    let root = tape.root(text);
    lower(kinds::recognise(root).unwrap(), root, 7).unwrap()
}

#[test]
fn try_files() {
    let Ok(files) = std::env::var("TF_FILES") else {
        return;
    };
    for file in files.split_whitespace() {
        let text = std::fs::read_to_string(file).unwrap();
        let mut tape = Tape::default();
        if read::parse(&text, 0, &mut tape).is_err() {
            println!("{file}: no JSON");
            continue;
        }
        let root = tape.root(&text);
        let kind = kinds::recognise(root);
        let Some(l) = kind.ok().and_then(|k| lower(k, root, 7)) else {
            println!("{file}: {kind:?}");
            continue;
        };
        println!("=== {file} {:?}", l.unsupported());
        for c in l.resources() {
            let v = c.value();
            println!(
                "{} {:?} {}{} -> {}",
                c.address(),
                c.kind(),
                if c.is_removed() { "REMOVED " } else { "" },
                kinds::recognise(v)
                    .map(|k| (k == c.kind()).to_string())
                    .unwrap_or_else(|e| format!("{e:?}")),
                l.stand_ins().spell(v.raw())
            );
            let _ = kinds::build(c.kind(), v, &Reading::default());
        }
    }
}
