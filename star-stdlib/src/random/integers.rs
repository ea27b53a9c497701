//! Ints, bytes and plain floats.
//!
//! In: bounds, or how many bits. Out: an int, bytes, a float. Rule: every int of a range is as likely as any other.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use star::ast::BinaryOp;
use star::heap::Args;
use star::object::types::TypeId;
use star::ops::repr;
use star::private::{Ctx, NativeResult, Raise, Value};

use super::source::{below_big, many_bits, unit as draw};
use crate::arguments::{big_integer, integer};
use crate::calculate::binary;

/// `r.random()`.
pub(super) fn unit(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::float(draw(ctx, args[0])).into())
}

/// `r.getrandbits(k)`.
pub(super) fn bits(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let count = integer(ctx, args[1])?;
    let count = number_of_bits(ctx, count)?;
    let drawn = many_bits(ctx, args[0], count)?;
    Ok(ctx.heap.int(drawn.into()).into())
}

/// A number of bits, which C holds in an `int`.
fn number_of_bits(ctx: &mut Ctx<'_>, count: Value) -> Result<usize, Raise> {
    match count.as_int() {
        Some(count) if count > i32::MAX.into() || count < i32::MIN.into() => Err(too_large(ctx)),
        Some(count) => match usize::try_from(count) {
            Ok(count) => Ok(count),
            Err(_) => Err(ctx.value_error("number of bits must be non-negative")),
        },
        None => Err(too_large(ctx)),
    }
}

#[cold]
fn too_large(ctx: &mut Ctx<'_>) -> Raise {
    ctx.error(TypeId::OverflowError, "Python int too large to convert to C int")
}

/// `r.randbytes(n)`.
pub(super) fn bytes(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let count = integer(ctx, args[1])?;
    let count = binary(ctx, BinaryOp::Mul, count, Value::Int(8))?;
    if super::is_system(args[0], ctx) && count.as_int().is_some_and(|count| count < 0) {
        return Err(ctx.value_error("negative argument not allowed"));
    }
    let count = number_of_bits(ctx, count)?;
    let mut drawn = many_bits(ctx, args[0], count)?.to_bytes_le();
    drawn.resize(count / 8, 0);
    Ok(ctx.heap.new_bytes(&drawn).into())
}

/// `r.randint(a, b)`.
pub(super) fn between(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let stop = binary(ctx, BinaryOp::Add, args[2], Value::Int(1))?;
    ctx.heap.scratch.push(stop);
    let drawn = in_range(ctx, args[0], [args[1], stop, Value::Undef]);
    ctx.heap.scratch.pop();
    drawn
}

/// `r.randrange(start, stop=None, step=1)`.
pub(super) fn range(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    in_range(ctx, args[0], [args[1], args[2], args[3]])
}

fn in_range(ctx: &mut Ctx<'_>, me: Value, bounds: [Value; 3]) -> NativeResult {
    if let [Value::Int(start), Value::Int(stop), Value::Undef] = bounds
        && let Some(width) = stop.checked_sub(start)
        && width > 0
    {
        return Ok(Value::Int(start + super::source::below(ctx, me, width as u64) as i64).into());
    }
    let [start, stop, step] = bounds;
    let first = big_integer(ctx, start)?;
    if matches!(stop, Value::Undef | Value::None) {
        if !matches!(step, Value::Undef | Value::Int(1)) {
            return Err(ctx.type_error("Missing a non-None stop argument"));
        }
        if !first.is_positive() {
            return Err(ctx.value_error("empty range for randrange()"));
        }
        return pick(ctx, me, BigInt::zero(), BigInt::one(), first);
    }
    let width = big_integer(ctx, stop)? - &first;
    let by = big_integer(ctx, step.given().unwrap_or(Value::Int(1)))?;
    let count = match by.sign() {
        Sign::NoSign => return Err(ctx.value_error("zero step for randrange()")),
        Sign::Plus => (width + &by - BigInt::one()).div_floor(&by),
        Sign::Minus => (width + &by + BigInt::one()).div_floor(&by),
    };
    if !count.is_positive() {
        let mut shown = vec![start, stop];
        if !by.is_one() {
            shown.push(step);
        }
        let mut texts = Vec::new();
        for value in shown {
            texts.push(repr::str_of(ctx, value)?.to_string());
        }
        return Err(ctx.value_error(format!("empty range in randrange({})", texts.join(", "))));
    }
    pick(ctx, me, first, by, count)
}

/// One of `count` ints from `first` on.
fn pick(ctx: &mut Ctx<'_>, me: Value, first: BigInt, by: BigInt, count: BigInt) -> NativeResult {
    ctx.charge(1 + count.bits() as usize / 64)?;
    let drawn = below_big(ctx, me, count.magnitude())?;
    Ok(ctx.heap.int(first + by * BigInt::from(drawn)).into())
}
