//! `range(…)` and the methods of ranges.

use super::{function, method};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::types::TypeId::Range;
use crate::ops::{compare, iterate, number, range, repr, types};
use crate::value::Value;

/// `range(…)`.
pub const RANGE: Native = function(
    "range",
    Arity::Positional(1, 3),
    new,
    "range(stop) or range(start, stop, step=1): the ints from start up to, not including, stop",
);

/// Methods of ranges, sorted by name.
pub static METHODS: &[Native] = &[
    method(Range, "count", Arity::One, count, "count(item): 1 if it is in the range, else 0"),
    method(Range, "index", Arity::One, index, "index(item): its place in the range"),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (start, stop, step) = match *args.positional {
        [Value::Int(stop), Value::Undef, Value::Undef] => {
            return Ok(range::small(ctx.heap, 0, stop, 1).into());
        }
        [Value::Int(start), Value::Int(stop), Value::Undef] => {
            return Ok(range::small(ctx.heap, start, stop, 1).into());
        }
        [stop, Value::Undef, _] => (Value::Int(0), int(ctx, stop)?, Value::Int(1)),
        [start, stop, Value::Undef] => (int(ctx, start)?, int(ctx, stop)?, Value::Int(1)),
        [start, stop, step] => (int(ctx, start)?, int(ctx, stop)?, int(ctx, step)?),
        _ => (Value::Int(0), Value::Int(0), Value::Int(1)),
    };
    Ok(range::new(ctx, start, stop, step)?.into())
}

/// An argument that must be an int; a bool becomes one.
pub(super) fn int(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    match v {
        Value::Int(_) | Value::BigInt(_) => Ok(v),
        Value::Bool(_) => Ok(v.as_int().map_or(v, Value::Int)),
        _ => {
            let name = types::type_name(ctx.heap, v);
            Err(ctx.type_error(format!("'{name}' object cannot be interpreted as an integer")))
        }
    }
}

/// Whether argument 1 is in the range that is argument 0. What is no int is compared with every item, as CPython does.
fn has(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<bool, Raise> {
    if !number::is_number(args[1]) {
        let count = iterate::count(ctx.heap, args[0]).unwrap_or(usize::MAX);
        ctx.charge(count)?;
    }
    Ok(compare::contains_native(ctx, args[0], args[1])?.unwrap_or(false))
}

fn count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(has(ctx, args)? as i64).into())
}

fn index(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Range(at) = args[0] else { return Err(super::wrong_receiver(ctx)) };
    let exact = matches!(args[1], Value::Int(_) | Value::BigInt(_) | Value::Bool(_));
    if !has(ctx, args)? {
        let message = match exact {
            true => format!("{} is not in range", repr::repr(ctx, args[1])?),
            false => "sequence.index(x): x not in sequence".to_string(),
        };
        return Err(ctx.value_error(message));
    }
    let item = match args[1].as_float() {
        Some(float) => match num_traits::FromPrimitive::from_f64(float) {
            Some(whole) => ctx.heap.int(whole),
            None => args[1],
        },
        None => args[1],
    };
    Ok(range::position(ctx, at, item).into())
}
