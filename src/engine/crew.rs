//! Workers who share what there is to look at: each finds files and folders, and reads them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::scan::lock;
use crate::input::walk::{Folder, Helpers, Item};

/// Workers who find files and read them. Whoever walks a folder goes on by itself while the others
/// have enough to do: handing over costs more than reading a small file.
pub struct Crew<'w> {
    jobs: usize,
    state: Mutex<State<'w>>,
    wake: Condvar,
    /// How many items wait, and how many workers have nothing to do, as far as one may know without
    /// asking.
    waiting: AtomicUsize,
    idle: AtomicUsize,
}

struct State<'w> {
    waiting: Vec<Item<'w>>,
    /// Workers who may find more.
    working: usize,
}

/// Items that wait for each of the other workers, if there are as many.
pub const FEW: usize = 32;
/// Items that a worker takes at once.
const BATCH: usize = 16;

impl<'w> Crew<'w> {
    /// So many workers, and what they begin with. Each of them must go on until there is no next item.
    pub fn new(jobs: usize, items: Vec<Item<'w>>) -> Crew<'w> {
        Crew {
            jobs,
            waiting: AtomicUsize::new(items.len()),
            state: Mutex::new(State {
                waiting: items,
                working: jobs,
            }),
            wake: Condvar::new(),
            idle: AtomicUsize::new(0),
        }
    }

    /// Whether the others should get a file: they have little left.
    pub fn lacks_files(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) < FEW * (self.jobs - 1)
    }

    /// Adds something that another worker may take.
    pub fn add(&self, item: Item<'w>) {
        let is_folder = matches!(item, Item::Folder(_));
        let mut state = lock(&self.state);
        state.waiting.push(item);
        let waiting = state.waiting.len();
        self.waiting.store(waiting, Ordering::Relaxed);
        drop(state);
        // Waking somebody for each small file costs more than reading it: for a handful, and for
        // what is left when whoever adds has done its own.
        if is_folder || waiting.is_multiple_of(BATCH) {
            self.wake.notify_one();
        }
    }

    /// What a worker who is done takes next; `None` when nobody will find more.
    pub fn next(&self) -> Option<Vec<Item<'w>>> {
        let mut state = lock(&self.state);
        state.working -= 1;
        loop {
            let count = state.waiting.len();
            if count > 0 {
                state.working += 1;
                let left = count - count.div_ceil(self.jobs).min(BATCH);
                self.waiting.store(left, Ordering::Relaxed);
                let taken = state.waiting.split_off(left);
                drop(state);
                if left > 0 {
                    self.wake.notify_one();
                }
                return Some(taken);
            }
            if state.working == 0 {
                drop(state);
                self.wake.notify_all();
                return None;
            }
            self.idle.fetch_add(1, Ordering::Relaxed);
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            self.idle.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl<'w> Helpers<'w> for Crew<'w> {
    fn are_idle(&self) -> bool {
        self.idle.load(Ordering::Relaxed) > self.waiting.load(Ordering::Relaxed)
    }

    fn give(&self, folder: Folder<'w>) {
        self.add(Item::Folder(folder));
    }
}

/// A worker of a crew. One that panics finds nothing more, and nobody may wait for it.
pub struct OnDuty<'c, 'w>(pub &'c Crew<'w>);

impl Drop for OnDuty<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).working -= 1;
            self.0.wake.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::input::Origin;

    fn file(number: usize) -> Item<'static> {
        Item::File(Origin::called(number.to_string()))
    }

    /// What a worker meets until nothing is left; from each tenth file below `more` come ten.
    fn work(crew: &Crew<'_>, more: usize) -> Vec<usize> {
        let _on_duty = OnDuty(crew);
        let mut met = Vec::new();
        while let Some(items) = crew.next() {
            for item in items {
                let Item::File(origin) = item else { continue };
                let number: usize = origin.name.parse().unwrap();
                met.push(number);
                assert!(number != 666, "a worker panics");
                if number.is_multiple_of(10) && number < more {
                    (1..=10).for_each(|next| crew.add(file(number * 10 + next)));
                }
            }
        }
        met
    }

    #[test]
    fn everything_is_met_once_however_many_work() {
        let mut wanted: Vec<usize> = (1..=50).collect();
        for at in 0.. {
            match wanted.get(at).copied() {
                Some(number) if number.is_multiple_of(10) && number < 5000 => {
                    wanted.extend((1..=10).map(|next| number * 10 + next));
                }
                Some(_) => {}
                None => break,
            }
        }
        wanted.sort_unstable();
        for jobs in [1, 2, 7] {
            let crew = Crew::new(jobs, (1..=50).map(file).collect());
            let mut met = std::thread::scope(|scope| {
                let workers: Vec<_> = (0..jobs)
                    .map(|_| scope.spawn(|| work(&crew, 5000)))
                    .collect();
                let met = workers.into_iter().map(|worker| worker.join().unwrap());
                met.collect::<Vec<_>>().concat()
            });
            met.sort_unstable();
            assert_eq!(met, wanted, "{jobs}");
        }
    }

    #[test]
    fn nobody_waits_for_a_worker_that_panicked() {
        let crew = Crew::new(3, (600..700).map(file).collect());
        let ended = std::thread::scope(|scope| {
            let work = || catch_unwind(AssertUnwindSafe(|| work(&crew, 0)));
            let workers: Vec<_> = (0..3).map(|_| scope.spawn(work)).collect();
            let ended = workers.into_iter().map(|worker| worker.join().unwrap());
            ended.collect::<Vec<_>>()
        });
        assert_eq!(ended.iter().filter(|ended| ended.is_err()).count(), 1);
    }
}
