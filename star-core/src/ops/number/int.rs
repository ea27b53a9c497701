//! Arithmetic on ints: 64 bits while they suffice, else big.
//!
//! In: an operator and two ints. Out: the result, `None` for an operator that ints do not have. Rule: a small
//! operation that overflows goes on in 128 bits or as a big one; it never wraps.

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};

use super::{big, divide, power};
use crate::ast::BinaryOp;
use crate::heap::{Ctx, Heap, Raise};
use crate::meter::Exceeded;
use crate::object::types::TypeId;
use crate::value::Value;

/// `a op b` of ints that fit.
#[inline]
pub(super) fn small(ctx: &mut Ctx<'_>, op: BinaryOp, a: i64, b: i64) -> Result<Option<Value>, Raise> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::And => Some(a & b),
        BinaryOp::Or => Some(a | b),
        BinaryOp::Xor => Some(a ^ b),
        // A divisor of −1 can overflow, one of 0 raises.
        BinaryOp::FloorDiv if b > 0 => Some(a.div_euclid(b)),
        BinaryOp::Mod if b > 0 => Some(a.rem_euclid(b)),
        _ => None,
    };
    match result {
        Some(result) => Ok(Some(Value::Int(result))),
        None => small_rest(ctx, op, a, b),
    }
}

#[inline(never)]
fn small_rest(ctx: &mut Ctx<'_>, op: BinaryOp, a: i64, b: i64) -> Result<Option<Value>, Raise> {
    let result = match op {
        BinaryOp::Add => ctx.heap.int128(a as i128 + b as i128),
        BinaryOp::Sub => ctx.heap.int128(a as i128 - b as i128),
        BinaryOp::Mul => ctx.heap.int128(a as i128 * b as i128),
        BinaryOp::Div => divide::true_small(ctx, a, b)?,
        BinaryOp::FloorDiv => {
            let quotient = divide::floor_small(ctx, a, b, "integer division or modulo by zero")?.0;
            ctx.heap.int128(quotient)
        }
        BinaryOp::Mod => Value::Int(divide::floor_small(ctx, a, b, "integer modulo by zero")?.1),
        BinaryOp::Pow => power::small(ctx, a, b)?,
        BinaryOp::Shl => shift_left_small(ctx, a, b)?,
        BinaryOp::Shr if b < 0 => return Err(negative_shift(ctx)),
        BinaryOp::Shr => Value::Int(a >> b.min(63)),
        _ => return Ok(None),
    };
    Ok(Some(result))
}

/// `a op b` of ints of which one is big. May collect.
pub(super) fn big(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let result = match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
            let bytes = big::bytes(&cow(ctx.heap, a)).max(big::bytes(&cow(ctx.heap, b))) + 8;
            big::budget(ctx, bytes)?;
            linear(op, &cow(ctx.heap, a), &cow(ctx.heap, b))
        }
        BinaryOp::Mul => product(ctx, a, b)?,
        BinaryOp::Div => return divide::true_big(ctx, a, b).map(Some),
        BinaryOp::FloorDiv => divide::floor_big(ctx, a, b, "integer division or modulo by zero")?.0,
        BinaryOp::Mod => divide::floor_big(ctx, a, b, "integer modulo by zero")?.1,
        BinaryOp::Pow => return power::ints(ctx, a, b).map(Some),
        BinaryOp::Shl => return shift_left(ctx, a, b).map(Some),
        BinaryOp::Shr => return shift_right(ctx, a, b).map(Some),
        BinaryOp::MatMul => return Ok(None),
    };
    Ok(Some(ctx.heap.int(result)))
}

/// The number that an int is; a big one is borrowed.
pub(super) fn cow(heap: &Heap, v: Value) -> Cow<'_, BigInt> {
    match v {
        Value::BigInt(at) => Cow::Borrowed(&heap[at].value),
        _ => Cow::Owned(BigInt::from(v.as_int().unwrap_or(0))),
    }
}

fn linear(op: BinaryOp, a: &BigInt, b: &BigInt) -> BigInt {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        _ => a ^ b,
    }
}

fn product(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<BigInt, Raise> {
    let (n, m) = (big::limbs(&cow(ctx.heap, a)), big::limbs(&cow(ctx.heap, b)));
    if n.max(m) <= big::DIRECT {
        ctx.charge(big::product_cost(n, m))?;
        ctx.reserve_large((n + m) * 8)?;
        return Ok(&*cow(ctx.heap, a) * &*cow(ctx.heap, b));
    }
    let (a, b) = (cow(ctx.heap, a).into_owned(), cow(ctx.heap, b).into_owned());
    big::product(ctx, &a, &b)
}

fn shift_left_small(ctx: &mut Ctx<'_>, a: i64, b: i64) -> Result<Value, Raise> {
    if b < 0 {
        return Err(negative_shift(ctx));
    }
    if b < 64 {
        return Ok(ctx.heap.int128((a as i128) << b));
    }
    shift_left(ctx, Value::Int(a), Value::Int(b))
}

/// `a << b`. OverflowError `too many digits in integer` where CPython's answer does not depend on memory.
fn shift_left(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    let count = shift_count(ctx, b)?;
    if a == Value::Int(0) || a == Value::Bool(0) {
        return Ok(Value::Int(0));
    }
    let Some(count) = count else {
        // CPython holds 30 bits a digit and at most about 2⁶¹ digits.
        return match cow(ctx.heap, b).bits() <= 65 {
            true => Err(Exceeded::Memory.into()),
            false => Err(ctx.error(TypeId::OverflowError, "too many digits in integer")),
        };
    };
    let bytes = big::bytes(&cow(ctx.heap, a)).saturating_add((count / 8) as usize + 8);
    big::budget(ctx, bytes)?;
    let result = &*cow(ctx.heap, a) << count;
    Ok(ctx.heap.int(result))
}

fn shift_right(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    let count = shift_count(ctx, b)?;
    let n = cow(ctx.heap, a);
    match count {
        Some(count) if count < n.bits() => {
            let bytes = big::bytes(&n);
            big::budget(ctx, bytes)?;
            let result = &*cow(ctx.heap, a) >> count;
            Ok(ctx.heap.int(result))
        }
        _ => Ok(Value::Int(if n.sign() == Sign::Minus { -1 } else { 0 })),
    }
}

/// How far to shift, `None` beyond 64 bits.
fn shift_count(ctx: &mut Ctx<'_>, b: Value) -> Result<Option<u64>, Raise> {
    match b.as_int() {
        Some(count) if count >= 0 => Ok(Some(count as u64)),
        Some(_) => Err(negative_shift(ctx)),
        None if cow(ctx.heap, b).sign() == Sign::Minus => Err(negative_shift(ctx)),
        None => Ok(None),
    }
}

#[cold]
fn negative_shift(ctx: &mut Ctx<'_>) -> Raise {
    ctx.value_error("negative shift count")
}
