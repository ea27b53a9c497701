//! The Mersenne Twister MT19937 of Matsumoto and Nishimura, with the seeding of their reference program of 2002.
//!
//! In: a key. Out: words of 32 bits. Rule: the same key gives the same words for ever. Written here and not taken from a
//! crate because scripts read and write the whole state, which the crates keep to themselves.

/// Words of state.
pub(super) const WORDS: usize = 624;
/// How far ahead the word lies that a word is mixed with.
const AHEAD: usize = 397;

/// A generator.
#[derive(Clone, Debug)]
pub(super) struct Twister {
    words: Box<[u32; WORDS]>,
    /// The next word to give out; [`WORDS`] if new ones have to be made first.
    index: usize,
}

impl Twister {
    /// A generator that follows from a key of any length but 0.
    pub(super) fn new(key: &[u32]) -> Twister {
        let mut words = Box::new([0u32; WORDS]);
        words[0] = 19_650_218;
        for i in 1..WORDS {
            words[i] = mixed(words[i - 1]).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        let mut i = 1;
        let mut step = |words: &mut [u32; WORDS], next: &dyn Fn(u32, u32, usize) -> u32| {
            words[i] = next(words[i], mixed(words[i - 1]), i);
            i += 1;
            if i == WORDS {
                words[0] = words[WORDS - 1];
                i = 1;
            }
        };
        for round in 0..key.len().max(WORDS) {
            let j = round % key.len();
            let add = key[j].wrapping_add(j as u32);
            step(&mut words, &|word, last, _| (word ^ last.wrapping_mul(1_664_525)).wrapping_add(add));
        }
        for _ in 1..WORDS {
            step(&mut words, &|word, last, i| {
                (word ^ last.wrapping_mul(1_566_083_941)).wrapping_sub(i as u32)
            });
        }
        words[0] = 1 << 31;
        Twister { words, index: WORDS }
    }

    /// The next word.
    #[inline]
    pub(super) fn next(&mut self) -> u32 {
        if self.index >= WORDS {
            self.refill();
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn refill(&mut self) {
        for i in 0..WORDS {
            let joined = (self.words[i] & (1 << 31)) | (self.words[(i + 1) % WORDS] & (u32::MAX >> 1));
            let twist = if joined & 1 == 0 { 0 } else { 0x9908_b0df };
            self.words[i] = self.words[(i + AHEAD) % WORDS] ^ (joined >> 1) ^ twist;
        }
        self.index = 0;
    }

    /// All of its state: the words and which is next.
    pub(super) fn state(&self) -> (&[u32; WORDS], usize) {
        (&self.words, self.index)
    }

    /// A generator that goes on where [`Self::state`] was taken.
    pub(super) fn of_state(words: &[u32; WORDS], index: usize) -> Twister {
        Twister { words: Box::new(*words), index }
    }
}

fn mixed(word: u32) -> u32 {
    word ^ (word >> 30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_reference() {
        let mut twister = Twister::new(&[0x123, 0x234, 0x345, 0x456]);
        let words: Vec<u32> = (0..5).map(|_| twister.next()).collect();
        assert_eq!(words, [1067595299, 955945823, 477289528, 4107218783, 4228976476]);
    }
}
