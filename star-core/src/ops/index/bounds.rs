//! The bounds of a slice.
//!
//! In: lower bound, upper bound and step as written, `None` or `Undef` where left out. Out: places in a sequence.
//! Rule: bounds beyond a sequence are cut to it, whatever their size.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::heap::{Ctx, Raise};
use crate::ops::number;
use crate::value::Value;

/// Bounds of a slice as written, cut to 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    lower: Option<i64>,
    upper: Option<i64>,
    /// Never 0 or `i64::MIN`.
    step: i64,
}

/// A slice of a sequence of known length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first place.
    pub start: i64,
    /// Where it stops: beyond the last place, in the direction of `step`.
    pub stop: i64,
    /// From place to place.
    pub step: i64,
    /// Number of places.
    pub count: usize,
}

/// Reads bounds: the step first, as CPython does.
pub fn unpack_bounds(ctx: &mut Ctx<'_>, lower: Value, upper: Value, step: Value) -> Result<Bounds, Raise> {
    let step = bound(ctx, step)?.unwrap_or(1);
    if step == 0 {
        return Err(ctx.value_error("slice step cannot be zero"));
    }
    let (lower, upper) = (bound(ctx, lower)?, bound(ctx, upper)?);
    Ok(Bounds { lower, upper, step: step.max(-i64::MAX) })
}

fn bound(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<i64>, Raise> {
    match v {
        Value::None | Value::Undef => Ok(None),
        Value::Int(_) | Value::Bool(_) => Ok(v.as_int()),
        Value::BigInt(at) => {
            let negative = ctx.heap[at].value.is_negative();
            Ok(Some(if negative { i64::MIN } else { i64::MAX }))
        }
        _ => Err(bad_bound(ctx)),
    }
}

#[cold]
fn bad_bound(ctx: &mut Ctx<'_>) -> Raise {
    ctx.type_error("slice indices must be integers or None or have an __index__ method")
}

impl Bounds {
    /// The places that the slice means in a sequence of `len`.
    pub fn window(self, len: usize) -> Window {
        let (len, step) = (len as i64, self.step);
        let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
        let cut = |bound: i64| match bound {
            ..0 => (bound + len).max(lowest),
            _ => bound.min(highest),
        };
        let start = self.lower.map_or(if step < 0 { highest } else { lowest }, cut);
        let stop = self.upper.map_or(if step < 0 { lowest } else { highest }, cut);
        let distance = if step > 0 { stop - start } else { start - stop };
        let count = if distance > 0 { (distance - 1) / step.abs() + 1 } else { 0 };
        Window { start, stop, step, count: count as usize }
    }
}

impl Window {
    /// The places, in the order of the slice.
    pub fn places(self) -> impl Iterator<Item = usize> {
        let Window { start, step, count, .. } = self;
        // No place beyond the last is computed: a step may be near the ends of 64 bits.
        (0..count as i64).map(move |i| (start + i * step) as usize)
    }

    /// The range of places, if the slice runs upwards without gaps.
    pub fn plain(self) -> Option<std::ops::Range<usize>> {
        (self.step == 1).then(|| self.start as usize..self.start as usize + self.count)
    }

    /// The places from the lowest up, whatever the direction of the slice.
    pub fn upwards(self) -> Window {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let lowest = self.start + (self.count as i64 - 1) * self.step;
        Window { start: lowest, stop: self.start + 1, step: -self.step, count: self.count }
    }
}

/// `slice(…).indices(length)`: start, stop and step for a sequence of any length.
pub fn indices(ctx: &mut Ctx<'_>, bounds: [Value; 3], length: &BigInt) -> Result<[BigInt; 3], Raise> {
    let [lower, upper, step] = bounds;
    let step = big_bound(ctx, step)?.unwrap_or_else(|| BigInt::from(1));
    if step.is_zero() {
        return Err(ctx.value_error("slice step cannot be zero"));
    }
    let down = step.is_negative();
    let (lowest, highest) =
        if down { (BigInt::from(-1), length - 1) } else { (BigInt::ZERO, length.clone()) };
    let cut = |bound: BigInt| {
        if bound.is_negative() { (bound + length).max(lowest.clone()) } else { bound.min(highest.clone()) }
    };
    let start = match big_bound(ctx, lower)? {
        Some(bound) => cut(bound),
        None => if down { &highest } else { &lowest }.clone(),
    };
    let stop = match big_bound(ctx, upper)? {
        Some(bound) => cut(bound),
        None => if down { &lowest } else { &highest }.clone(),
    };
    Ok([start, stop, step])
}

fn big_bound(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<BigInt>, Raise> {
    if matches!(v, Value::None | Value::Undef) {
        return Ok(None);
    }
    match number::to_big(ctx.heap, v) {
        Some(bound) => Ok(Some(bound)),
        None => Err(bad_bound(ctx)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(lower: Option<i64>, upper: Option<i64>, step: i64, len: usize) -> Vec<usize> {
        Bounds { lower, upper, step }.window(len).places().collect()
    }

    #[test]
    fn places_are_those_of_python() {
        assert_eq!(window(None, None, 1, 3), [0, 1, 2]);
        assert_eq!(window(None, None, -1, 3), [2, 1, 0]);
        assert_eq!(window(Some(-2), None, 1, 3), [1, 2]);
        assert_eq!(window(Some(i64::MIN), Some(i64::MAX), 2, 5), [0, 2, 4]);
        assert_eq!(window(Some(i64::MAX), Some(i64::MIN), -2, 5), [4, 2, 0]);
        assert_eq!(window(Some(3), Some(1), 1, 5), Vec::<usize>::new());
        assert_eq!(window(None, None, i64::MAX, 5), [0]);
        assert_eq!(window(None, None, -i64::MAX, 5), [4]);
        assert_eq!(window(None, None, -1, 0), Vec::<usize>::new());
    }

    #[test]
    fn upwards_is_the_same_places_in_order() {
        for step in [-3, -2, -1, 1, 2, 3] {
            let window = Bounds { lower: None, upper: None, step }.window(8);
            let mut places: Vec<usize> = window.places().collect();
            places.sort_unstable();
            assert_eq!(window.upwards().places().collect::<Vec<_>>(), places);
        }
    }
}
