//! Sources that were read, put together: in the order of their names, with what is counted of all
//! of them and what joins know.
//!
//! There may be many thousand small ones, and every further look at all of them, when they have long
//! left the caches, takes milliseconds in which the other cores wait. So each worker does for its own
//! what can be done source by source; what is left for one alone is to merge.

use super::keys::Keys;
use super::source::{Source, Sources};
use super::sum::{Counts, Sum};
use crate::input::Origin;
use crate::settings::Settings;
use crate::tenant::{At, Harvest};

/// A source that was read, and what goes elsewhere: what was counted of its records, and what joins
/// know of them.
#[derive(Debug, Default)]
pub struct Merged {
    pub source: Box<Source>,
    pub counts: Counts,
    pub harvest: Option<Box<Harvest>>,
}

impl Merged {
    /// A source of which nothing could be read.
    pub fn unreadable(origin: Origin, reason: &str) -> Merged {
        let source = Source {
            origin,
            ..Source::default()
        };
        let mut merged = Merged {
            source: Box::new(source),
            ..Merged::default()
        };
        merged.source.cannot_be_read(reason);
        merged
    }
}

/// What one worker read.
#[derive(Debug, Default)]
pub struct Gathered {
    sources: Vec<Keyed>,
    /// How many bytes at the start of all names are alike, once they were put in order.
    alike: usize,
    /// What was kept of small files together, by the place of their source.
    pool: Option<Box<Harvest>>,
    /// What has to be taken over in the order of sources, with the place of each.
    apart: Vec<(u32, Box<Harvest>)>,
    sum: Sum,
}

/// A source on its way to its place.
#[derive(Debug)]
struct Keyed {
    /// What its name goes on with where names begin to differ.
    key: u64,
    /// The how-manieth it was before.
    before: u32,
    has_findings: bool,
    source: Box<Source>,
}

/// Everything that was read, in the order of the sources' names.
pub struct All {
    pub sources: Sources,
    /// The places of sources that have findings.
    pub loud: Vec<u32>,
    pub sum: Sum,
    /// What joins know, but for the keys that objects must not share.
    pub rows: Harvest,
    pub keys: Keys,
}

impl Gathered {
    /// Adds a source.
    pub fn add(&mut self, settings: &Settings, read: Merged) {
        let Merged {
            mut source,
            counts,
            harvest,
        } = read;
        source.keep_wanted(&settings.policy);
        self.sum.add(&mut source, &counts);
        let before = self.sources.len() as u32;
        self.apart.extend(harvest.map(|harvest| (before, harvest)));
        self.sources.push(Keyed {
            key: 0,
            before,
            has_findings: source.has_findings(),
            source,
        });
    }

    /// How many sources were added.
    pub fn count(&self) -> u32 {
        self.sources.len() as u32
    }

    /// Puts the sources in the order of their names, and what is known of them in theirs: of small
    /// files it is in the `pool`, by their number.
    pub fn sort(&mut self, pool: Option<Box<Harvest>>) {
        self.alike = alike(self.sources.iter().map(Keyed::name));
        let places = sort(&mut self.sources, Some(self.alike));
        self.pool = pool.map(|unsorted| {
            let mut pool = Box::<Harvest>::default();
            pool.absorb_at(*unsorted, |at| places.moved(at, 0));
            pool.sort_by_source();
            pool
        });
        for (place, _) in &mut self.apart {
            *place = places.now(*place);
        }
    }

    /// Puts together what several workers have read, and sorted.
    pub fn join(all: Vec<Gathered>) -> All {
        let with_any = || {
            all.iter()
                .filter_map(|one| Some((one, one.sources.first()?)))
        };
        let most = with_any().map(|(one, _)| one.alike).min();
        let alike = alike(with_any().map(|(_, first)| first.name())).min(most.unwrap_or(0));
        // Where names begin to differ for one worker, they mostly do for all.
        let other_keys = with_any().any(|(one, _)| one.alike != alike);
        let mut sources = Vec::with_capacity(all.iter().map(|one| one.sources.len()).sum());
        let mut sum = Sum::default();
        let mut pools = Vec::with_capacity(all.len());
        let mut apart = Vec::new();
        for one in all {
            let first = sources.len() as u32;
            sources.extend(one.sources);
            sum.merge(one.sum);
            pools.extend(one.pool.map(|pool| (first, pool)));
            let more = one.apart.into_iter();
            apart.extend(more.map(|(place, harvest)| (first + place, harvest)));
        }
        let places = sort(&mut sources, other_keys.then_some(alike));
        let mut rows = Harvest::default();
        let mut keys = Vec::with_capacity(apart.len() + pools.len());
        for (place, harvest) in apart.iter_mut().chain(&mut pools) {
            keys.push((*place, std::mem::take(&mut harvest.shared)));
        }
        apart.sort_by_key(|(place, _)| places.now(*place));
        for (place, harvest) in apart {
            rows.absorb(*harvest, places.now(place), 0);
        }
        // What was taken over in order is in order.
        let mixed = !pools.is_empty();
        for (first, pool) in pools {
            rows.absorb_at(*pool, |at| places.moved(at, first));
        }
        if mixed {
            rows.sort_by_source();
        }
        let with_findings = (0..).zip(&sources).filter(|(_, keyed)| keyed.has_findings);
        All {
            loud: with_findings.map(|(place, _)| place).collect(),
            sources: sources.into_iter().map(|keyed| keyed.source).collect(),
            sum,
            rows,
            keys: Keys::new(keys, places),
        }
    }
}

impl Keyed {
    fn name(&self) -> &str {
        &self.source.origin.name
    }

    /// The first bytes of its name behind those that are `alike`: they tell nearly all names apart.
    fn key(&self, alike: usize) -> u64 {
        let rest = self.name().as_bytes().get(alike..).unwrap_or_default();
        let mut start = [0; size_of::<u64>()];
        for (byte, told) in start.iter_mut().zip(rest) {
            *byte = *told;
        }
        u64::from_be_bytes(start)
    }
}

/// How many bytes at their start all names have alike.
fn alike<'n>(mut names: impl Iterator<Item = &'n str>) -> usize {
    let first = names.next().unwrap_or_default().as_bytes();
    names.fold(first.len(), |alike, name| {
        let both = first.iter().zip(name.as_bytes());
        // Nearly every name begins like those before it.
        if name.as_bytes().get(..alike) == first.get(..alike) {
            return alike;
        }
        both.take(alike).take_while(|(one, two)| one == two).count()
    })
}

/// Where sources stand now, by where they stood before.
pub struct Places(Vec<u32>);

impl Places {
    #[cfg(test)]
    pub fn of(now: Vec<u32>) -> Places {
        Places(now)
    }

    fn now(&self, before: u32) -> u32 {
        self.0.get(before as usize).copied().unwrap_or(u32::MAX)
    }

    /// The same place, where sources were numbered from `first`.
    pub fn moved(&self, at: At, first: u32) -> At {
        At {
            source: self.now(first + at.source),
            ..at
        }
    }
}

/// Puts sources in the order of their names; `alike` says by how many bytes their names begin alike,
/// unless their keys are known.
fn sort(sources: &mut [Keyed], alike: Option<usize>) -> Places {
    for (before, keyed) in (0..).zip(&mut *sources) {
        keyed.before = before;
        keyed.key = alike.map_or(keyed.key, |alike| keyed.key(alike));
    }
    // What was sorted in parts, as by several workers, is only merged.
    sources.sort_by(|one, other| {
        let by_name = || one.name().cmp(other.name());
        one.key.cmp(&other.key).then_with(by_name)
    });
    let mut places = vec![0; sources.len()];
    for (now, keyed) in (0..).zip(sources) {
        places[keyed.before as usize] = now;
    }
    Places(places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sources_come_in_the_order_of_their_names(workers in prop::collection::vec(prop::collection::vec("(a/){0,2}[ab\u{0}\u{e9}]{0,11}", 0..20), 0..4)) {
            let mut names = Vec::new();
            let mut all = Vec::new();
            for worker in &workers {
                let mut one = Gathered::default();
                for name in worker {
                    let origin = Origin::called(name);
                    let source = Box::new(Source { origin, ..Source::default() });
                    one.sources.push(Keyed { key: 0, before: 0, has_findings: name.ends_with('a'), source });
                    names.push(name.clone());
                }
                one.sort(None);
                all.push(one);
            }
            names.sort();
            let all = Gathered::join(all);
            let sorted: Vec<&str> = all.sources.iter().map(|source| source.origin.name.as_str()).collect();
            prop_assert_eq!(&sorted, &names);
            let loud: Vec<usize> = all.loud.iter().map(|place| *place as usize).collect();
            let wanted: Vec<usize> = (0..names.len()).filter(|at| names[*at].ends_with('a')).collect();
            prop_assert_eq!(loud, wanted);
        }
    }
}
