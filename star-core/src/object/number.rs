//! Big ints and ranges.

use num_bigint::BigInt;

use super::{Object, trace_slice};
use crate::value::Value;

/// An int beyond 64 bits.
#[derive(Default)]
pub struct Int {
    /// The number; never one that fits an `i64`.
    pub value: BigInt,
}

impl Object for Int {
    const LEAF: bool = true;

    fn payload(&self) -> usize {
        self.value.bits().div_ceil(64) as usize * 8
    }

    fn trace(&self, _: usize, _: &mut impl FnMut(Value) -> bool) -> usize {
        usize::MAX
    }
}

/// A range: `start`, `stop`, `step` as given, each an `Int` or `BigInt`.
pub struct Range {
    /// `[start, stop, step]`.
    pub bounds: [Value; 3],
    /// Number of items, an `Int` or `BigInt`.
    pub length: Value,
}

impl Default for Range {
    fn default() -> Range {
        Range { bounds: [Value::Int(0), Value::Int(0), Value::Int(1)], length: Value::Int(0) }
    }
}

impl Range {
    /// `(start, step, length)` if start, step, length and every item fit 64 bits.
    #[inline]
    pub fn small(&self) -> Option<(i64, i64, i64)> {
        match (self.bounds[0], self.bounds[2], self.length) {
            (Value::Int(start), Value::Int(step), Value::Int(length)) => {
                // The place after the last item must fit too: loops compute it.
                start.checked_add(step.checked_mul(length)?)?;
                Some((start, step, length))
            }
            _ => None,
        }
    }
}

impl Object for Range {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        0
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        let [start, stop, step] = self.bounds;
        trace_slice(&[start, stop, step, self.length], index, visit)
    }
}
