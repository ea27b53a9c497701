//! Which registers certainly hold a value.
//!
//! In and out: sets of registers. Rule: a bit may be clear for a register that is bound (it is then checked when
//! read), never set for one that may be unbound.

/// A set of registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bits([u64; 4]);

impl Bits {
    /// No register.
    pub(super) const NONE: Bits = Bits([0; 4]);
    /// All registers: what holds where control never gets.
    pub(super) const ALL: Bits = Bits([u64::MAX; 4]);

    pub(super) fn has(self, register: u8) -> bool {
        self.0[usize::from(register >> 6)] >> (register & 63) & 1 == 1
    }

    pub(super) fn insert(&mut self, register: u8) {
        self.0[usize::from(register >> 6)] |= 1 << (register & 63);
    }

    pub(super) fn remove(&mut self, register: u8) {
        self.0[usize::from(register >> 6)] &= !(1 << (register & 63));
    }

    /// What holds where two ways meet.
    pub(super) fn and(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    pub(super) fn or(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(super) fn without(self, other: Bits) -> Bits {
        Bits(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }
}
