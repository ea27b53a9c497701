//! Arithmetic of ranges.
//!
//! In: ints of any size. Out: ranges, and items and places in them. Rule: 64-bit ranges never take the way through
//! big ints.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::number;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::Range;
use crate::value::{Ref, Value};

/// A range of 64-bit bounds; `step` is not 0.
pub fn small(heap: &mut Heap, start: i64, stop: i64, step: i64) -> Value {
    let distance = if step > 0 { stop as i128 - start as i128 } else { start as i128 - stop as i128 };
    let length = if distance <= 0 { 0 } else { (distance - 1) / (step as i128).abs() + 1 };
    let length = heap.int128(length);
    let bounds = [Value::Int(start), Value::Int(stop), Value::Int(step)];
    Value::Range(heap.insert(Range { bounds, length }))
}

/// A range of any ints; `step` is not 0.
pub fn big(heap: &mut Heap, start: BigInt, stop: BigInt, step: BigInt) -> Value {
    let distance = if step.is_negative() { &start - &stop } else { &stop - &start };
    let length =
        if distance.is_positive() { (distance - 1u8).div_floor(&step.abs()) + 1u8 } else { BigInt::ZERO };
    let length = heap.int(length);
    let bounds = [heap.int(start), heap.int(stop), heap.int(step)];
    Value::Range(heap.insert(Range { bounds, length }))
}

/// A range of three ints of any size; ValueError if `step` is 0.
pub fn new(ctx: &mut Ctx<'_>, start: Value, stop: Value, step: Value) -> Result<Value, Raise> {
    if step == Value::Int(0) {
        return Err(ctx.value_error("range() arg 3 must not be zero"));
    }
    if let (Value::Int(start), Value::Int(stop), Value::Int(step)) = (start, stop, step) {
        return Ok(small(ctx.heap, start, stop, step));
    }
    let [start, stop, step] = [start, stop, step].map(|v| number::to_big(ctx.heap, v).unwrap_or_default());
    Ok(big(ctx.heap, start, stop, step))
}

/// `range[index]`, or None beyond its ends. Negative indices count from the end.
pub fn item(ctx: &mut Ctx<'_>, at: Ref<Range>, index: Value) -> Option<Value> {
    if let (Some((start, step, length)), Value::Int(index)) = (ctx.heap[at].small(), index) {
        let index = if index < 0 { index.checked_add(length)? } else { index };
        return (0..length).contains(&index).then(|| Value::Int(start + index * step));
    }
    let [start, step, length] = parts(ctx.heap, at);
    let mut index = number::to_big(ctx.heap, index)?;
    if index.is_negative() {
        index += &length;
    }
    (!index.is_negative() && index < length).then(|| ctx.heap.int(start + index * step))
}

/// Start, step and length as big ints.
pub(crate) fn parts(heap: &Heap, at: Ref<Range>) -> [BigInt; 3] {
    let range = &heap[at];
    [range.bounds[0], range.bounds[2], range.length].map(|v| number::to_big(heap, v).unwrap_or_default())
}

/// The place of `item`, an int, which the range contains.
pub fn position(ctx: &mut Ctx<'_>, at: Ref<Range>, item: Value) -> Value {
    let [start, step, _] = parts(ctx.heap, at);
    let distance = number::to_big(ctx.heap, item).unwrap_or_default() - start;
    ctx.heap.int(if step.is_zero() { step } else { distance / step })
}
