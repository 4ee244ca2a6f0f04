//! Going on when something panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Hands one after the other to `ask`; the places of those on which it panicked. One guard serves
/// until something panics, so that asking many costs no more than asking them bare.
pub fn each<T>(all: &[T], mut ask: impl FnMut(&T)) -> Vec<usize> {
    let mut failed = Vec::new();
    let mut next = 0;
    while next < all.len() {
        let asked = catch_unwind(AssertUnwindSafe(|| {
            while let Some(one) = all.get(next) {
                next += 1;
                ask(one);
            }
        }));
        if asked.is_err() {
            failed.push(next - 1);
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn what_panics_takes_nothing_with_it() {
        let mut seen = Vec::new();
        let failed = each(&[1, 2, 3, 4], |number| {
            assert!(number % 2 == 1, "even");
            seen.push(*number);
        });
        assert_eq!(failed, [1, 3]);
        assert_eq!(seen, [1, 3]);
        assert_eq!(each::<u8>(&[], |_| {}), [0; 0]);
    }
}
