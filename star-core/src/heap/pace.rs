//! When to collect.
//!
//! In: what a collection left, and what is allocated after it. Out: whether the next one is due. Rules: a program may
//! allocate as much as it holds before the next collection looks at all of it, so collecting costs a constant share;
//! a place that is used again counts like one that is new. If it did not, the slabs of a program that makes short-lived
//! objects would grow by what each cycle adds beyond the free places, up to the limit.

/// The point of the next collection.
#[derive(Debug)]
pub(super) struct Pace {
    /// Collect when the bytes in use reach this.
    threshold: usize,
    /// Bytes of places that may be used again before that lowers the threshold: the allowance beyond the limit.
    slack: usize,
    /// Bytes of places without an object after the collection.
    spare: usize,
    limit: usize,
}

/// So much may be allocated before a collection at any rate.
const LEAST: usize = 1 << 20;

impl Pace {
    /// Before the first collection.
    pub fn first(limit: usize) -> Pace {
        Pace { threshold: LEAST.min(limit), slack: 0, spare: 0, limit }
    }

    /// After a collection that left `bytes`, places without an object (`spare`) included.
    pub fn after(bytes: usize, spare: usize, limit: usize) -> Pace {
        let allowance = bytes.saturating_sub(spare).max(LEAST);
        let wanted = bytes.saturating_add(allowance);
        Pace { threshold: wanted.min(limit), slack: wanted.saturating_sub(limit), spare, limit }
    }

    /// When more than objects has gone since: code, of which a collection only tells that nothing uses it.
    pub fn again(&self, bytes: usize) -> Pace {
        Pace::after(bytes, self.spare, self.limit)
    }

    /// Whether `more` beside `bytes` stays below the limit by enough for the small steps that come then.
    pub fn fits(&self, bytes: usize, more: usize) -> bool {
        bytes.saturating_add(more) < self.limit - self.limit / 16
    }

    /// Makes the next collection due: a slab is full, and would pass the limit if it grew as slabs do.
    pub fn hurry(&mut self) {
        self.threshold = 0;
    }

    /// Whether to collect with `bytes` in use.
    #[inline]
    pub fn is_due(&self, bytes: usize) -> bool {
        bytes >= self.threshold
    }

    /// Counts `bytes` of places that are used again.
    pub fn reuse(&mut self, bytes: usize) {
        let slack = self.slack.min(bytes);
        self.slack -= slack;
        self.threshold = self.threshold.saturating_sub(bytes - slack);
    }
}

/// Whether to give back free places after a collection that left `bytes`, `spare` ones included: near the limit, where
/// another kind of object may need the room, and when much more was in use once.
pub(super) fn is_roomy(bytes: usize, spare: usize, limit: usize) -> bool {
    bytes > limit - limit / 8 || spare / 4 > bytes.saturating_sub(spare).max(LEAST)
}
