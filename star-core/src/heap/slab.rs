//! One slab per kind of object: a vector, a free list, and bitmaps of what is live.
//!
//! Rule: an index handed out stays valid until a sweep finds it unmarked. A stale index reaches another object of
//! the same kind or an empty one, never foreign memory.

use crate::object::Object;

/// Objects of one kind.
pub struct Slab<T> {
    items: Vec<T>,
    free: Vec<u32>,
    live: Vec<u64>,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { items: Vec::new(), free: Vec::new(), live: Vec::new() }
    }
}

impl<T: Object> Slab<T> {
    /// Stores `object` and returns its index. `charge` is told of bytes by which the slab itself grew.
    #[inline]
    pub fn insert(&mut self, object: T, grew: &mut usize) -> u32 {
        if let Some(index) = self.free.pop() {
            self.items[index as usize] = object;
            self.live[index as usize / 64] |= 1 << (index % 64);
            return index;
        }
        if self.items.len() == self.items.capacity() {
            self.grow(grew);
        }
        let index = self.items.len() as u32;
        self.items.push(object);
        if self.live.len() * 64 < self.items.len() {
            self.live.push(0);
        }
        self.live[index as usize / 64] |= 1 << (index % 64);
        index
    }

    /// Doubles while small, then grows by an eighth, so that a limit is not overshot by much.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, grew: &mut usize) {
        let capacity = self.items.capacity();
        let small = capacity * size_of::<T>() < 1 << 20;
        let more = if small { capacity.max(8) } else { capacity / 8 };
        self.items.reserve_exact(more);
        *grew += (self.items.capacity() - capacity) * Self::SLOT;
    }

    /// Bytes of one place: the object, its share of the bitmaps and of the free list.
    const SLOT: usize = size_of::<T>() + 5;

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

    /// Frees every live object whose bit in `marks` is clear, and returns the payload bytes that went with them.
    pub fn sweep(&mut self, marks: &[u64]) -> usize {
        let mut freed = 0;
        for (word, live) in self.live.iter_mut().enumerate() {
            let marked = marks.get(word).copied().unwrap_or(0);
            let mut dead = *live & !marked;
            *live &= marked;
            while dead != 0 {
                let index = word * 64 + dead.trailing_zeros() as usize;
                dead &= dead - 1;
                let object = std::mem::take(&mut self.items[index]);
                freed += object.payload();
                self.free.push(index as u32);
            }
        }
        freed
    }
}
