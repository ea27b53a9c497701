//! Time and chance, as scripts see them.
//!
//! In: the clocks and the entropy of the machine, or what a host fixed in their place. Out: the time, and numbers that
//! nobody can guess. Rule: nothing else in an isolate looks at a clock or draws numbers that a script can see.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Ctx, Heap};

/// What an isolate takes for the outside world.
#[derive(Clone, Debug)]
pub struct World {
    /// Time since 1970, if the host fixed it.
    pub now: Option<Duration>,
    /// What chance is drawn from, if the host fixed it.
    pub seed: Option<u64>,
    started: Instant,
    drawn: u64,
}

impl Default for World {
    fn default() -> World {
        World { now: None, seed: None, started: Instant::now(), drawn: 0 }
    }
}

impl Heap {
    /// What the isolate takes for the outside world.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Ctx<'_> {
    /// Time since the start of 1970 in UTC.
    pub fn now(&self) -> Duration {
        let world = &self.heap.world;
        world.now.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    /// Time since some moment before the program began; it never goes back. Stands still where the host fixed time.
    pub fn monotonic(&self) -> Duration {
        let world = &self.heap.world;
        world.now.unwrap_or_else(|| world.started.elapsed())
    }

    /// 64 bits that nobody can guess, or that follow from the host's seed.
    pub fn entropy(&mut self) -> u64 {
        let world = &mut self.heap.world;
        world.drawn += 1;
        match world.seed {
            // SplitMix64: see Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
            Some(seed) => {
                let mut z = seed.wrapping_add(world.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                z ^ (z >> 31)
            }
            None => RandomState::new().hash_one(world.drawn),
        }
    }
}
