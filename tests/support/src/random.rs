//! Numbers that look random.
//!
//! In: a seed, or bytes that a fuzzer chose. Out: choices. Rule: the same input gives the same choices on every
//! machine and in every version, so a seed in a bug report stays good.

/// A source of choices: SplitMix64, or the bytes of a fuzzer and then zeros.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    bytes: Option<std::vec::IntoIter<u8>>,
}

impl Random {
    /// Choices that follow from `seed`.
    pub fn new(seed: u64) -> Random {
        Random { state: seed, bytes: None }
    }

    /// Choices that follow from `bytes`, one byte (for large ranges more) each; the first of each range after them.
    pub fn from_bytes(bytes: &[u8]) -> Random {
        Random { state: 0, bytes: Some(Vec::from(bytes).into_iter()) }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        if let Some(bytes) = &mut self.bytes {
            return bytes.take(8).fold(0, |bits, byte| bits << 8 | u64::from(byte));
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n <= 1 {
            return 0;
        }
        if let (Some(bytes), true) = (&mut self.bytes, n <= 256) {
            return bytes.next().unwrap_or(0) as usize % n;
        }
        (self.bits() % n as u64) as usize
    }

    /// One of `low..=high`.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True `percent` times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        // So that the zeros after a fuzzer's bytes say no.
        99 - self.below(100) < percent
    }

    /// One of `items`.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}
