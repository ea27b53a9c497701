//! `tuple(…)` and the methods of tuples.

use super::list::{count_in, find_in};
use super::{function, method};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult};
use crate::object::List;
use crate::object::types::TypeId::Tuple;
use crate::ops::iterate::{self, Drain};
use crate::value::{Ref, Value};

/// `tuple(…)`.
pub const TUPLE: Native =
    function("tuple", Arity::Positional(0, 1), new, "tuple(iterable=()): a tuple of its items");

/// Methods of tuples, sorted by name.
pub static METHODS: &[Native] = &[
    method(Tuple, "count", Arity::One, count, "count(item): how many items are equal to it"),
    method(
        Tuple,
        "index",
        Arity::Positional(1, 3),
        index,
        "index(item, start=0, stop=…): the first place of an equal item",
    ),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args.get(0) {
        None => Ok(ctx.heap.tuple(&[]).into()),
        Some(tuple @ Value::Tuple(at)) if ctx.heap[at].named().is_none() => Ok(tuple.into()),
        Some(sequence @ (Value::List(_) | Value::Tuple(_))) => {
            let items = iterate::collect(ctx, sequence)?.unwrap_or_default();
            // The sequence it copies stays, so this may collect.
            ctx.reserve_large(size_of_val::<[Value]>(&items))?;
            Ok(ctx.heap.tuple(&items).into())
        }
        Some(iterable) => iterate::drain::<Frozen>(ctx, iterable, &[], [0; 3]),
    }
}

/// The items as a tuple.
struct Frozen;

impl Drain for Frozen {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value], _: [i64; 3]) -> NativeResult {
        ctx.reserve_large(size_of_val::<[Value]>(ctx.heap[items].items()))?;
        // The list is known to nobody else.
        let items = ctx.heap.list_edit(items, std::mem::take);
        Ok(ctx.heap.tuple(&items).into())
    }
}

fn count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(count_in(ctx, args[0], args[1])?).into())
}

fn index(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match find_in(ctx, args)? {
        Some(place) => Ok(Value::Int(place as i64).into()),
        None => Err(ctx.value_error("tuple.index(x): x not in tuple")),
    }
}
