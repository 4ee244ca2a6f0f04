//! Numbers that are the same on every machine.

use super::application::Kind;
use super::json::Guid;

/// The invented tenant: everything in it is a function of the seed, a topic and a number.
pub struct World {
    pub seed: u64,
    pub faults: u64,
}

/// Topics have a stream of numbers each, so that one object can name another without making it.
#[derive(Clone, Copy)]
pub enum Topic {
    Kind,
    ObjectId,
    AppId,
    ScopeId,
    Application,
    Fault,
    Principal,
    PrincipalId,
    Assignment,
    Subscription,
    Enterprise,
    Consent,
    Gap,
    Instance,
    Tenant,
}

impl World {
    pub fn stream(&self, topic: Topic, number: u64) -> Random {
        let mut random = Random(self.seed ^ ((topic as u64 + 1) << 56));
        Random(random.next() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    pub fn guid(&self, topic: Topic, number: u64) -> Guid {
        self.stream(topic, number).guid()
    }

    pub fn kind(&self, number: u64) -> Kind {
        match self.stream(Topic::Kind, number).below(100) {
            0..=41 => Kind::Web,
            42..=55 => Kind::Browser,
            56..=74 => Kind::Daemon,
            75..=89 => Kind::Api,
            90..=98 => Kind::Native,
            _ => Kind::Twins,
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood: "Fast splittable pseudorandom number generators").
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// A version 4 GUID (RFC 9562, section 5.4).
    pub fn guid(&mut self) -> Guid {
        self.wide() & !(0xf << 76 | 0x3 << 62) | 4 << 76 | 2 << 62
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn chance<T>(&mut self, chance: u64, make: impl FnOnce() -> T) -> Option<T> {
        self.percent(chance).then(make)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// `wanted` different members, in the order of the table.
    pub fn some<T: Copy>(&mut self, from: &[T], mut wanted: u64) -> Vec<T> {
        let mut left = from.len() as u64;
        let mut chosen = Vec::with_capacity(wanted as usize);
        for &member in from {
            if self.below(left) < wanted {
                chosen.push(member);
                wanted -= 1;
            }
            left -= 1;
        }
        chosen
    }
}
