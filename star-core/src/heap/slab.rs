//! One slab per kind of object: a vector, and a bitmap of what is live, which is the free list too.
//!
//! Rule: an index handed out stays valid until a sweep finds it unmarked. A stale index reaches another object of
//! the same kind or an empty one, never foreign memory.

use super::Pace;
use crate::object::Object;

/// What a heap has in use, and when it is to collect.
pub struct Account {
    /// Bytes in use: slabs, payloads, and what others charged with `Heap::charge_bytes`.
    pub bytes: usize,
    /// When to collect.
    pub(super) pace: Pace,
}

/// What a sweep found.
#[derive(Clone, Copy, Default, Debug)]
pub struct Swept {
    /// Payload bytes that went.
    pub freed: usize,
    /// Bytes of places without an object.
    pub spare: usize,
}

/// Objects of one kind.
pub struct Slab<T> {
    items: Vec<T>,
    /// Bit per place that holds an object, or is among `spare`.
    live: Vec<u64>,
    /// The free places of the word of `live` that is being filled, as bits.
    spare: u64,
    word: usize,
    /// Free places in the words behind it.
    free: usize,
    /// An eighth of the places was free after the last sweep, so that another one is worth it.
    roomy: bool,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { items: Vec::new(), live: Vec::new(), spare: 0, word: 0, free: 0, roomy: false }
    }
}

impl<T: Object> Slab<T> {
    /// Stores `object` and returns its index. `account` is told of what that takes.
    #[inline]
    pub fn insert(&mut self, object: T, account: &mut Account) -> u32 {
        if T::BARE {
            let (index, place) = self.vacant(account);
            std::mem::forget(std::mem::replace(place, object));
            return index;
        }
        if self.spare == 0 && (self.free == 0 || !self.next_spare(account)) {
            return self.push(object, account);
        }
        let index = self.take_spare();
        self.items[index] = object;
        index as u32
    }

    /// A place to fill, and its index. Only of a kind that is [`Object::BARE`]: what lies there owns nothing and is
    /// to be forgotten, not dropped.
    #[inline]
    pub fn vacant(&mut self, account: &mut Account) -> (u32, &mut T) {
        if self.spare == 0 {
            self.refill(account);
        }
        let index = self.take_spare();
        (index as u32, &mut self.items[index])
    }

    #[inline]
    fn take_spare(&mut self) -> usize {
        let index = self.word * 64 + self.spare.trailing_zeros() as usize;
        self.spare &= self.spare - 1;
        index
    }

    #[cold]
    #[inline(never)]
    fn push(&mut self, object: T, account: &mut Account) -> u32 {
        let index = self.items.len();
        if index == self.items.capacity() {
            self.grow(account);
        }
        self.items.push(object);
        if index.is_multiple_of(64) {
            self.live.push(0);
        }
        self.live[index / 64] |= 1 << (index % 64);
        index as u32
    }

    /// Finds places to fill. If none was freed, it makes those that the last word has left, as far as they are
    /// allocated: making many at once costs a fraction of making each when it is needed.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, account: &mut Account) {
        if self.free > 0 && self.next_spare(account) {
            return;
        }
        let from = self.items.len();
        if from == self.items.capacity() {
            self.grow(account);
        }
        if from.is_multiple_of(64) {
            self.live.push(0);
        }
        let to = (from + 1).next_multiple_of(64).min(self.items.capacity());
        self.items.resize_with(to, T::default);
        self.word = self.live.len() - 1;
        self.take_word();
    }

    /// Goes on to the next word with free places, which count as live from now on.
    #[inline(never)]
    fn next_spare(&mut self, account: &mut Account) -> bool {
        while self.word + 1 < self.live.len() {
            self.word += 1;
            if self.take_word() {
                let taken = self.spare.count_ones() as usize;
                self.free -= taken;
                account.pace.reuse(taken * Self::SLOT);
                let more = self.items.len() / 8 * Self::SLOT;
                if self.free == 0 && self.roomy && !account.pace.fits(account.bytes, more) {
                    account.pace.hurry();
                }
                return true;
            }
        }
        false
    }

    /// Makes the free places of the current word the ones to fill. Whether there are any.
    fn take_word(&mut self) -> bool {
        self.spare = self.free_places(self.word);
        if self.spare != 0 {
            self.live[self.word] |= self.spare;
        }
        self.spare != 0
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
    fn grow(&mut self, account: &mut Account) {
        let (capacity, pace) = (self.items.capacity(), &mut account.pace);
        let doubled = account.bytes.saturating_add(capacity * Self::SLOT);
        let small = capacity * size_of::<T>() < 1 << 20 && !pace.is_due(doubled) && pace.fits(doubled, 0);
        let mut more = if small { capacity } else { capacity / 8 }.max(8);
        if !pace.fits(account.bytes, more * Self::SLOT) {
            // What has been used may be garbage by now.
            pace.hurry();
            more = (capacity / 64).max(8);
        }
        self.items.reserve_exact(more);
        account.bytes += (self.items.capacity() - capacity) * Self::SLOT;
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

    /// Whether a sweep would free an object.
    pub(super) fn has_garbage(&self, marks: &[u64]) -> bool {
        let spare = |word| if word == self.word { self.spare } else { 0 };
        let mark = |word: usize| marks.get(word).copied().unwrap_or(0);
        self.live.iter().enumerate().any(|(word, live)| live & !spare(word) & !mark(word) != 0)
    }

    /// Frees every live object whose bit in `marks` is clear.
    pub(super) fn sweep(&mut self, marks: &[u64], swept: &mut Swept) {
        let (mut freed, mut kept) = (0, 0);
        self.put_back();
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
        self.start_over(kept);
    }

    /// The places that were about to be filled are free again.
    fn put_back(&mut self) {
        if self.spare != 0 {
            self.live[self.word] &= !self.spare;
            self.spare = 0;
        }
    }

    /// Fills places from the start again. `kept` of them hold an object.
    fn start_over(&mut self, kept: usize) {
        (self.word, self.spare) = (0, 0);
        self.free = self.items.len() - kept;
        self.roomy = self.free > self.items.len() / 8;
        if self.free > 0 {
            self.take_word();
            self.free -= self.spare.count_ones() as usize;
        }
    }

    /// Gives back places at the end that hold no object, all but an eighth; returns how many bytes.
    pub(super) fn trim(&mut self) -> usize {
        self.put_back();
        let before = self.items.capacity();
        let words = self.live.iter().rposition(|&word| word != 0).map_or(0, |last| last + 1);
        let end = words * 64 - self.live[..words].last().map_or(0, |word| word.leading_zeros() as usize);
        self.live.truncate(words);
        self.items.truncate(end);
        self.items.shrink_to(end + end / 8);
        self.start_over(self.live.iter().map(|word| word.count_ones() as usize).sum());
        (before - self.items.capacity()) * Self::SLOT
    }
}
