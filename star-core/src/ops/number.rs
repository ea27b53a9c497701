//! Operators between values of any type.
//!
//! In: an operator and its operands, **which must be rooted**: all of these may collect. Out: a value, or the
//! exception CPython raises. Rule: two small numbers take the first branch; what a pair of types does not support
//! falls through every part as `None` and becomes one TypeError at the end.

pub mod big;
mod compare;
mod divide;
mod error;
mod float;
mod inplace;
mod int;
mod power;
mod sequence;
mod sets;

use num_bigint::BigInt;

pub use compare::compare;
pub use divide::divmod;
pub use float::power as float_power;
pub use inplace::inplace;
pub use power::power;
pub use sequence::repeat_count;

use super::{hooks, percent, plain, types};
use crate::ast::{BinaryOp, UnaryOp};
use crate::heap::{Ctx, Heap, Number, Raise};
use crate::object::types::TypeId;
use crate::value::Value;

/// `a op b`.
#[inline]
pub fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Value, Raise> {
    match operate(ctx, op, a, b)? {
        Some(value) => Ok(value),
        None => Err(error::unsupported(ctx, op, a, b)),
    }
}

/// `a + b` or `a % b` of a str: [`binary`] by a shorter way.
pub(crate) fn str_binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Value, Raise> {
    match (op, a, b) {
        (BinaryOp::Add, Value::Str(x), Value::Str(y)) => sequence::concat_str(ctx, x, y),
        (BinaryOp::Mod, ..) => percent::percent(ctx, a, b),
        _ => binary(ctx, op, a, b),
    }
}

/// `a op b`, or `None` if the types do not support it.
#[inline]
fn operate(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => int::small(ctx, op, a, b),
        (Value::Float(a), Value::Float(b)) => float::binary(ctx, op, f64::from_bits(a), f64::from_bits(b)),
        (Value::Str(x), Value::Str(y)) if op == BinaryOp::Add => sequence::concat_str(ctx, x, y).map(Some),
        _ => operate_rest(ctx, op, a, b),
    }
}

#[inline(never)]
fn operate_rest(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    if is_number(a) && is_number(b) {
        return numbers(ctx, op, a, b);
    }
    if let (Value::Host(_) | Value::Dict(_) | Value::Tuple(_), _)
    | (_, Value::Host(_) | Value::Dict(_) | Value::Tuple(_)) = (a, b)
        && let Some(value) = hooks::binary(ctx, op, a, b)?
    {
        return Ok(Some(value));
    }
    match (op, a) {
        (BinaryOp::Add, _) => sequence::concat(ctx, a, b),
        (BinaryOp::Mul, _) => sequence::repeat(ctx, a, b),
        (BinaryOp::Mod, Value::Str(_) | Value::Bytes(_)) => percent::percent(ctx, a, b).map(Some),
        (BinaryOp::Sub | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor, _) => sets::binary(ctx, op, a, b),
        _ => Ok(None),
    }
}

/// Whether `v` is an int, a bool or a float.
#[inline]
pub fn is_number(v: Value) -> bool {
    matches!(v, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::BigInt(_))
}

fn numbers(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    if let (Value::Float(_), _) | (_, Value::Float(_)) = (a, b) {
        if !float::supports(op) {
            return Ok(None);
        }
        return match (to_f64(ctx, a)?, to_f64(ctx, b)?) {
            (Some(a), Some(b)) => float::binary(ctx, op, a, b),
            _ => Ok(None),
        };
    }
    match (a.as_int(), b.as_int()) {
        (Some(x), Some(y)) => match (op, a, b) {
            (BinaryOp::And, Value::Bool(a), Value::Bool(b)) => Ok(Some(Value::Bool(a & b))),
            (BinaryOp::Or, Value::Bool(a), Value::Bool(b)) => Ok(Some(Value::Bool(a | b))),
            (BinaryOp::Xor, Value::Bool(a), Value::Bool(b)) => Ok(Some(Value::Bool(a ^ b))),
            _ => int::small(ctx, op, x, y),
        },
        _ => int::big(ctx, op, a, b),
    }
}

/// `op a`.
#[inline]
pub fn unary(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Result<Value, Raise> {
    match (op, a) {
        (UnaryOp::Not, _) => Ok(Value::bool(!types::truthy(ctx.heap, a))),
        (UnaryOp::Neg, Value::Int(i)) if i != i64::MIN => Ok(Value::Int(-i)),
        (UnaryOp::Neg, Value::Float(bits)) => Ok(Value::float(-f64::from_bits(bits))),
        _ => unary_rest(ctx, op, a),
    }
}

fn unary_rest(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Result<Value, Raise> {
    match (op, a, a.as_int()) {
        (UnaryOp::Pos, _, Some(i)) => Ok(Value::Int(i)),
        (UnaryOp::Pos, Value::Float(_) | Value::BigInt(_), _) => Ok(a),
        (UnaryOp::Neg, _, Some(i)) => Ok(ctx.heap.int128(-(i as i128))),
        (UnaryOp::Invert, _, Some(i)) => Ok(Value::Int(!i)),
        (UnaryOp::Neg | UnaryOp::Invert, Value::BigInt(at), _) => {
            let bytes = big::bytes(&ctx.heap[at].value);
            plain::budget(ctx, bytes)?;
            let n = &ctx.heap[at].value;
            let result = if op == UnaryOp::Neg { -n } else { !n };
            Ok(ctx.heap.int(result))
        }
        _ => match hooks::unary(ctx, op, a)? {
            Some(value) => Ok(value),
            None => Err(error::bad_operand(ctx, op, a)),
        },
    }
}

/// The integer that `v` is, as an index or count. TypeError `'str' object cannot be interpreted as an integer`;
/// IndexError `cannot fit 'int' into an index-sized integer`.
#[inline]
pub fn index(ctx: &mut Ctx<'_>, v: Value) -> Result<i64, Raise> {
    match v.as_int() {
        Some(i) => Ok(i),
        None => host_index(ctx, v),
    }
}

#[cold]
fn host_index(ctx: &mut Ctx<'_>, v: Value) -> Result<i64, Raise> {
    match hooks::number(ctx, Number::Index, v) {
        Some(Ok(Value::Int(i))) => Ok(i),
        Some(Err(raise)) => Err(raise),
        _ => Err(not_an_index(ctx, v)),
    }
}

#[cold]
fn not_an_index(ctx: &mut Ctx<'_>, v: Value) -> Raise {
    match v {
        Value::BigInt(_) => ctx.error(TypeId::IndexError, error::NOT_INDEX_SIZED),
        _ => {
            let name = types::type_name(ctx.heap, v);
            ctx.type_error(format!("'{name}' object cannot be interpreted as an integer"))
        }
    }
}

/// The number, if `v` is an int or bool. Copies the digits of a big one.
pub fn to_big(heap: &Heap, v: Value) -> Option<BigInt> {
    match v {
        Value::BigInt(at) => Some(heap[at].value.clone()),
        _ => v.as_int().map(BigInt::from),
    }
}

/// The number, if `v` is a float, an int or a bool. OverflowError `int too large to convert to float`.
#[inline]
pub fn to_f64(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<f64>, Raise> {
    match v {
        Value::Float(bits) => Ok(Some(f64::from_bits(bits))),
        Value::Int(i) => Ok(Some(i as f64)),
        Value::Bool(b) => Ok(Some(b as f64)),
        Value::BigInt(_) => {
            let Some(int) = plain::int_ref(ctx.heap, v) else { return Ok(None) };
            match crate::text::float::int_to_float(int) {
                Ok(float) => Ok(Some(float)),
                Err(error) => Err(plain::raise(ctx, error)),
            }
        }
        Value::Host(_) => match hooks::number(ctx, Number::Float, v) {
            Some(number) => number.map(Value::as_float),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Bits of the absolute value, `n.bit_length()`, if `v` is an int or bool.
pub fn bit_length(heap: &Heap, v: Value) -> Option<u64> {
    plain::int_ref(heap, v).map(|int| int.bits())
}
