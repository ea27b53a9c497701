//! One slab per kind of object: a vector, and a bitmap of what is live, which is the free list too.
//!
//! Rule: an index handed out stays valid until a sweep finds it unmarked. A stale index reaches another object of
//! the same kind or an empty one, never foreign memory.

use super::Pace;
use crate::object::Object;

/// Objects of one kind.
pub struct Slab<T> {
    items: Vec<T>,
    /// Bit per place that holds an object.
    live: Vec<u64>,
    /// The word of `live` whose free places are being filled, as bits.
    spare: u64,
    word: usize,
    /// Free places in the words behind it.
    free: usize,
    /// An eighth of the places was free after the last sweep, so that another one is worth it.
    roomy: bool,
}

/// What a sweep found.
#[derive(Clone, Copy, Default, Debug)]
pub struct Swept {
    /// Payload bytes that went.
    pub freed: usize,
    /// Bytes of places without an object.
    pub spare: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { items: Vec::new(), live: Vec::new(), spare: 0, word: 0, free: 0, roomy: false }
    }
}

impl<T: Object> Slab<T> {
    /// Stores `object` and returns its index. Adds to `grew` the bytes by which the slab itself grew, and tells `pace`
    /// of places that are used again.
    #[inline]
    pub(super) fn insert(&mut self, object: T, grew: &mut usize, pace: &mut Pace) -> u32 {
        if self.spare == 0 && (self.free == 0 || !self.next_spare(*grew, pace)) {
            return self.push(object, grew, pace);
        }
        let index = self.word * 64 + self.spare.trailing_zeros() as usize;
        self.live[self.word] |= self.spare & self.spare.wrapping_neg();
        self.spare &= self.spare - 1;
        self.items[index] = object;
        index as u32
    }

    fn push(&mut self, object: T, grew: &mut usize, pace: &mut Pace) -> u32 {
        if self.items.len() == self.items.capacity() {
            self.grow(grew, pace);
        }
        let index = self.items.len();
        self.items.push(object);
        if self.live.len() * 64 < self.items.len() {
            self.live.push(0);
        }
        self.live[index / 64] |= 1 << (index % 64);
        index as u32
    }

    /// Goes on to the next word with free places.
    #[inline(never)]
    fn next_spare(&mut self, bytes: usize, pace: &mut Pace) -> bool {
        while self.word + 1 < self.live.len() {
            self.word += 1;
            self.spare = self.free_places(self.word);
            if self.spare != 0 {
                let places = self.spare.count_ones() as usize;
                self.free -= places;
                pace.reuse(places * Self::SLOT);
                if self.free == 0 && self.roomy && !pace.fits(bytes, self.items.len() / 8 * Self::SLOT) {
                    pace.hurry();
                }
                return true;
            }
        }
        false
    }

    /// The free places of a word, as bits. Those beyond the last item are not there yet.
    fn free_places(&self, word: usize) -> u64 {
        let places = self.items.len() - word * 64;
        let all = if places < 64 { (1 << places) - 1 } else { u64::MAX };
        !self.live[word] & all
    }

    /// Doubles while small and far from the next collection, else grows by an eighth: a limit is not overshot by much,
    /// and no collection comes late for it.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, grew: &mut usize, pace: &mut Pace) {
        let capacity = self.items.capacity();
        let doubled = grew.saturating_add(capacity * Self::SLOT);
        let small = capacity * size_of::<T>() < 1 << 20 && !pace.is_due(doubled) && pace.fits(doubled, 0);
        let mut more = if small { capacity } else { capacity / 8 }.max(8);
        if !pace.fits(*grew, more * Self::SLOT) {
            // What has been used may be garbage by now.
            pace.hurry();
            more = (capacity / 64).max(8);
        }
        self.items.reserve_exact(more);
        *grew += (self.items.capacity() - capacity) * Self::SLOT;
    }

    /// Bytes of one place: the object and its share of the bitmaps.
    const SLOT: usize = size_of::<T>() + 1;

    /// The object at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &T {
        &self.items[index]
    }

    /// The object at `index`, to change.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        &mut self.items[index]
    }

    /// Number of places, free ones included.
    pub fn places(&self) -> usize {
        self.items.len()
    }

    /// Whether `index` holds an object.
    pub fn is_live(&self, index: usize) -> bool {
        self.live.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Frees every live object whose bit in `marks` is clear.
    pub(super) fn sweep(&mut self, marks: &[u64], swept: &mut Swept) {
        let (mut freed, mut kept) = (0, 0);
        for (word, live) in self.live.iter_mut().enumerate() {
            let mut dead = *live & !marks.get(word).copied().unwrap_or(0);
            *live &= !dead;
            kept += live.count_ones() as usize;
            while dead != 0 {
                let object = &mut self.items[word * 64 + dead.trailing_zeros() as usize];
                dead &= dead - 1;
                let payload = object.payload();
                if payload > 0 || !T::BARE {
                    freed += payload;
                    *object = T::default();
                }
            }
        }
        swept.freed += freed;
        swept.spare += (self.items.len() - kept) * Self::SLOT;
        self.refill(kept);
    }

    /// Fills places from the start again. `kept` of them hold an object.
    fn refill(&mut self, kept: usize) {
        (self.word, self.spare) = (0, 0);
        self.free = self.items.len() - kept;
        self.roomy = self.free > self.items.len() / 8;
        if self.free > 0 {
            self.spare = self.free_places(0);
            self.free -= self.spare.count_ones() as usize;
        }
    }

    /// Gives back places at the end that hold no object, all but an eighth; returns how many bytes.
    pub(super) fn trim(&mut self) -> usize {
        let before = self.items.capacity();
        let words = self.live.iter().rposition(|&word| word != 0).map_or(0, |last| last + 1);
        let end = words * 64 - self.live[..words].last().map_or(0, |word| word.leading_zeros() as usize);
        self.live.truncate(words);
        self.items.truncate(end);
        self.items.shrink_to(end + end / 8);
        self.refill(self.live.iter().map(|word| word.count_ones() as usize).sum());
        (before - self.items.capacity()) * Self::SLOT
    }
}
