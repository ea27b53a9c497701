//! Operators on values that nothing else holds.
//!
//! In: operands. Out: what the operator gives. Rule: the operands are rooted while it works, so that the result of one
//! step can be an operand of the next.

use star::ast::{BinaryOp, CompareOp};
use star::object::types::TypeId;
use star::ops::{compare, iterate, number, types};
use star::private::{Ctx, Raise, Value};

/// `a op b`.
pub(crate) fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Value, Raise> {
    if let (Value::Float(a), Value::Float(b)) = (a, b) {
        let (a, b) = (f64::from_bits(a), f64::from_bits(b));
        match op {
            BinaryOp::Add => return Ok(Value::float(a + b)),
            BinaryOp::Sub => return Ok(Value::float(a - b)),
            BinaryOp::Mul => return Ok(Value::float(a * b)),
            _ => {}
        }
    }
    rooted(ctx, a, b, |ctx| number::binary(ctx, op, a, b))
}

/// `a op b` of an order.
pub(crate) fn order(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
    rooted(ctx, a, b, |ctx| compare::order(ctx, op, a, b))
}

fn rooted<R>(ctx: &mut Ctx<'_>, a: Value, b: Value, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
    let base = ctx.heap.scratch.len();
    ctx.heap.scratch.extend([a, b]);
    let result = work(ctx);
    ctx.heap.scratch.truncate(base);
    result
}

/// `len(v)`.
pub(crate) fn length(ctx: &mut Ctx<'_>, v: Value) -> Result<usize, Raise> {
    if let Some(len) = star::ops::hooks::find(ctx.heap, v, |hooks| hooks.len) {
        return Ok(len(ctx.heap, v));
    }
    match iterate::count(ctx.heap, v) {
        Some(count) => Ok(count),
        None if matches!(v, Value::Range(_)) => {
            Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t"))
        }
        None => {
            let name = types::type_name(ctx.heap, v);
            Err(ctx.type_error(format!("object of type '{name}' has no len()")))
        }
    }
}
