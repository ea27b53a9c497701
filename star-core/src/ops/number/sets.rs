//! `| & - ^` of sets, frozensets, dict views, and `|` of dicts.
//!
//! In: two values. Out: a new set, frozenset or dict, `None` if the operator is not theirs. Rule: a set takes only
//! sets beside it; a keys or items view takes any iterable, and gives a set.

use crate::ast::BinaryOp;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::{Dict, ViewKind};
use crate::ops::iterate::{self, Step};
use crate::ops::table::{self, Algebra};
use crate::value::{Ref, Value};

/// `a op b`. May collect.
pub(super) fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let Some(algebra) = algebra(op) else { return Ok(None) };
    if is_set(a) && is_set(b) {
        let keys = table::combine(ctx, algebra, a, b)?;
        return Ok(Some(match a {
            Value::FrozenSet(_) => ctx.heap.frozen_set(keys),
            _ => table::new_set(ctx, keys),
        }));
    }
    match (op, a, b) {
        (BinaryOp::Or, Value::Dict(a), Value::Dict(b)) => merge(ctx, a, b).map(Some),
        _ if is_view(ctx.heap, a) || is_view(ctx.heap, b) => views(ctx, algebra, a, b).map(Some),
        _ => Ok(None),
    }
}

pub(super) fn algebra(op: BinaryOp) -> Option<Algebra> {
    match op {
        BinaryOp::Or => Some(Algebra::Union),
        BinaryOp::And => Some(Algebra::Intersection),
        BinaryOp::Sub => Some(Algebra::Difference),
        BinaryOp::Xor => Some(Algebra::SymmetricDifference),
        _ => None,
    }
}

pub(super) fn is_set(v: Value) -> bool {
    matches!(v, Value::Set(_) | Value::FrozenSet(_))
}

/// Whether `v` is a keys or items view.
fn is_view(heap: &Heap, v: Value) -> bool {
    matches!(v, Value::DictView(at) if heap[at].kind != ViewKind::Values)
}

/// `{**a, **b}`
fn merge(ctx: &mut Ctx<'_>, a: Ref<Dict>, b: Ref<Dict>) -> Result<Value, Raise> {
    let merged = table::dict_copy(ctx, a)?;
    ctx.heap.scratch.push(Value::Dict(merged));
    let result = table::dict_update(ctx, merged, b);
    ctx.heap.scratch.pop();
    result.map(|()| Value::Dict(merged))
}

fn views(ctx: &mut Ctx<'_>, algebra: Algebra, a: Value, b: Value) -> Result<Value, Raise> {
    let root = ctx.heap.scratch.len();
    let result = keyed(ctx, a).and_then(|a| {
        let b = keyed(ctx, b)?;
        table::combine(ctx, algebra, a, b)
    });
    ctx.heap.scratch.truncate(root);
    let keys = result?;
    Ok(table::new_set(ctx, keys))
}

/// `v` if it has keys, else a set of its items, left in `scratch`. A generator cannot run from inside an operator.
fn keyed(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    if is_set(v) || is_view(ctx.heap, v) || matches!(v, Value::Dict(_)) {
        return Ok(v);
    }
    let iter = iterate::iter(ctx, v)?;
    ctx.heap.scratch.push(iter);
    let set = ctx.heap.set();
    ctx.heap.scratch.push(Value::Set(set));
    loop {
        ctx.charge(1)?;
        match iterate::next(ctx, iter)? {
            Step::Item(item) => {
                // The item is rooted while the set may grow.
                ctx.heap.scratch.push(item);
                table::set_add(ctx, set, item)?;
                ctx.heap.scratch.pop();
            }
            Step::Done => return Ok(Value::Set(set)),
            Step::Request(_) => {
                let message = "an operator of a dict view cannot run a script's iterator: use set(…) first";
                return Err(ctx.type_error(message));
            }
        }
    }
}
