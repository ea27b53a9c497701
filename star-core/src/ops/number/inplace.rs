//! `a op= b`.
//!
//! In: an operator and its operands, rooted. Out: what `a` becomes, or a request when an iterable has to run first.
//! Rule: lists, sets and dicts are changed in place and are their own result; everything else computes `a op b`.

use super::sequence::{repeat_count, repeat_items};
use super::{error, operate, sets};
use crate::ast::BinaryOp;
use crate::heap::{Ctx, NativeResult};
use crate::ops::{hooks, iterate, table};
use crate::value::Value;

/// `a op= b`. May collect.
#[inline]
pub fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> NativeResult {
    if let Value::Host(_) | Value::Dict(_) = a
        && let Some(outcome) = hooks::inplace(ctx, op, a, b)?
    {
        return Ok(outcome);
    }
    match (op, a, b) {
        (_, Value::Int(_) | Value::Float(_) | Value::Str(_), _) => new_value(ctx, op, a, b),
        (BinaryOp::Add, Value::List(list), _) => iterate::extend_list(ctx, list, b, a),
        (BinaryOp::Mul, Value::List(_), _) => repeat_list(ctx, a, b),
        // As CPython: a container that cannot be repeated does not ask its right operand.
        (
            BinaryOp::Mul,
            Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) | Value::DictView(_) | Value::Range(_),
            _,
        ) => Err(error::unsupported_in_place(ctx, op, a, b)),
        (BinaryOp::Or, Value::Dict(dict), Value::Dict(other)) => {
            table::dict_update(ctx, dict, other)?;
            Ok(a.into())
        }
        (BinaryOp::Or, Value::Dict(dict), _) => iterate::update_dict(ctx, dict, b, Value::Undef, a),
        (_, Value::Set(_), _) if sets::is_set(b) => change_set(ctx, op, a, b),
        _ => new_value(ctx, op, a, b),
    }
}

fn new_value(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> NativeResult {
    match operate(ctx, op, a, b)? {
        Some(value) => Ok(value.into()),
        None => Err(error::unsupported_in_place(ctx, op, a, b)),
    }
}

fn repeat_list(ctx: &mut Ctx<'_>, a: Value, b: Value) -> NativeResult {
    let Value::List(list) = a else { return new_value(ctx, BinaryOp::Mul, a, b) };
    let count = repeat_count(ctx, b)?;
    let items = repeat_items(ctx, a, count)?;
    ctx.heap.list_edit(list, |old| *old = items);
    Ok(a.into())
}

fn change_set(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> NativeResult {
    let (Value::Set(set), Some(algebra)) = (a, sets::algebra(op)) else {
        return new_value(ctx, op, a, b);
    };
    table::set_combine(ctx, algebra, set, b)?;
    Ok(a.into())
}
