//! `slice(…)` and its method.

use num_traits::Signed;

use super::range::int;
use super::{function, method, wrong_receiver};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult};
use crate::object::types::TypeId;
use crate::ops::{index, number};
use crate::value::Value;

/// `slice(…)`.
pub const SLICE: Native = function(
    "slice",
    Arity::Positional(1, 3),
    new,
    "slice(stop) or slice(start, stop, step=None): the bounds of a slice as an object",
);

/// Methods of slices, sorted by name.
pub static METHODS: &[Native] = &[method(
    TypeId::Slice,
    "indices",
    Arity::One,
    indices,
    "indices(length): start, stop and step for a sequence of that length",
)];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let bounds = match *args.positional {
        [stop, Value::Undef, _] => [Value::None, stop, Value::None],
        [start, stop, step] => [start, stop, step],
        _ => [Value::None; 3],
    };
    Ok(index::slice_object(ctx, bounds).into())
}

fn indices(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Slice(at) = args[0] else { return Err(wrong_receiver(ctx)) };
    let length = int(ctx, args[1])?;
    let length = number::to_big(ctx.heap, length).unwrap_or_default();
    if length.is_negative() {
        return Err(ctx.value_error("length should not be negative"));
    }
    let bounds = ctx.heap[at].bounds;
    let parts = index::indices(ctx, bounds, &length)?.map(|part| ctx.heap.int(part));
    Ok(ctx.heap.tuple(&parts).into())
}
