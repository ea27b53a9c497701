//! What operators and builtins do to values whose type a host gave.
//!
//! In: an operation and its operands. Out: what the type's hook says, or `None` where there is no hook for it. Rule:
//! nothing here knows what a hook does; a hook that may ask for a script or wait is handed out, not called, wherever
//! the caller cannot carry that out.

use super::types;
use crate::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::heap::{Args, Compared, Ctx, Heap, Hooks, NativeFn, NativeResult, Number, Outcome, Piece, Raise};
use crate::value::Value;

/// The hook of the type of `v` that `pick` names.
#[inline]
pub fn find<H>(heap: &Heap, v: Value, pick: impl Fn(&'static Hooks) -> Option<H>) -> Option<H> {
    heap.behaviour(v)?.hook(pick)
}

/// Calls a hook that is a native function.
#[inline]
pub fn call(
    ctx: &mut Ctx<'_>,
    pick: impl Fn(&'static Hooks) -> Option<NativeFn>,
    args: &[Value],
) -> Option<NativeResult> {
    let hook = find(ctx.heap, args[0], pick)?;
    Some(hook(ctx, Args::new(args)))
}

/// [`call`] where nothing but a value will do: in the middle of a native.
pub fn call_now(
    ctx: &mut Ctx<'_>,
    pick: impl Fn(&'static Hooks) -> Option<NativeFn>,
    args: &[Value],
) -> Option<Result<Value, Raise>> {
    Some(match call(ctx, pick, args)? {
        Ok(Outcome::Return(value)) => Ok(value),
        Ok(_) => {
            let name = types::type_name(ctx.heap, args[0]);
            Err(ctx.type_error(format!(
                "'{name}' object has to wait or call a function, which cannot happen here"
            )))
        }
        Err(raise) => Err(raise),
    })
}

/// `a op b` as the type of either says.
pub(super) fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let left = find(ctx.heap, a, |hooks| hooks.binary);
    if let Some(hook) = left
        && let Some(value) = hook(ctx, op, a, b)?
    {
        return Ok(Some(value));
    }
    match find(ctx.heap, b, |hooks| hooks.binary) {
        Some(hook) if left.is_none_or(|left| !std::ptr::fn_addr_eq(left, hook)) => hook(ctx, op, a, b),
        _ => Ok(None),
    }
}

/// `a op= b` as the type of `a` says, changing it.
pub fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Outcome>, Raise> {
    match find(ctx.heap, a, |hooks| hooks.inplace) {
        Some(hook) => hook(ctx, op, a, b),
        None => Ok(None),
    }
}

/// `op a`.
pub(super) fn unary(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Result<Option<Value>, Raise> {
    match find(ctx.heap, a, |hooks| hooks.unary) {
        Some(hook) => hook(ctx, op, a),
        None => Ok(None),
    }
}

/// The number that `v` is or becomes, if its type says so.
pub fn number(ctx: &mut Ctx<'_>, which: Number, v: Value) -> Option<Result<Value, Raise>> {
    let hook = find(ctx.heap, v, |hooks| hooks.number)?;
    hook(ctx, which, v).transpose()
}

/// `a op b` as the type of either says.
pub(super) fn compare(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    if let Some(hook) = find(ctx.heap, a, |hooks| hooks.compare) {
        match hook(ctx, op, a, b)? {
            Compared::Unknown => {}
            compared => return Ok(compared),
        }
    }
    let Some(hook) = find(ctx.heap, b, |hooks| hooks.compare) else { return Ok(Compared::Unknown) };
    let mirrored = match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        op => op,
    };
    Ok(match hook(ctx, mirrored, b, a)? {
        Compared::As(b, a) => Compared::As(a, b),
        compared => compared,
    })
}

/// The lengths of two ordered containers of one host type, which compare as sequences.
pub(super) fn sequence_lengths(heap: &Heap, a: Value, b: Value) -> Option<(usize, usize)> {
    let (Value::Host(x), Value::Host(y)) = (a, b) else { return None };
    let kind = heap[x].kind;
    if !std::ptr::eq(kind, heap[y].kind) {
        return None;
    }
    kind.hook(|hooks| hooks.at)?;
    let len = kind.hook(|hooks| hooks.len)?;
    Some((len(heap, a), len(heap, b)))
}

/// Whether comparing `v` asks a script.
#[inline]
pub fn compares_by_call(heap: &Heap, v: Value) -> bool {
    matches!(v, Value::Host(at) if heap[at].kind.hook(|hooks| hooks.comparator).is_some())
}

/// The dict that `v` is, or a new one of its entries if it is a mapping of a host. Does not collect.
pub fn entries(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<Value>, Raise> {
    match v {
        Value::Dict(_) => Ok(Some(v)),
        Value::Host(_) => match find(ctx.heap, v, |hooks| hooks.entries) {
            Some(entries) => entries(ctx, v).map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The length of an ordered container of a host type; `None` for anything else.
pub fn sequence_len(heap: &Heap, v: Value) -> Option<usize> {
    let Value::Host(at) = v else { return None };
    let kind = heap[at].kind;
    kind.hook(|hooks| hooks.at)?;
    Some(kind.hook(|hooks| hooks.len)?(heap, v))
}

/// Item `index` of an ordered container of a host type.
pub fn item_at(heap: &Heap, v: Value, index: usize) -> Option<Value> {
    find(heap, v, |hooks| hooks.at)?(heap, v, index)
}

/// Whether a comparison of `a` and `b` has to ask their types.
#[inline]
pub(super) fn compares(heap: &Heap, a: Value, b: Value) -> bool {
    let has = |v| match v {
        Value::Host(_) => true,
        Value::Dict(_) | Value::Tuple(_) => find(heap, v, |hooks| hooks.compare).is_some(),
        _ => false,
    };
    has(a) || has(b)
}

/// The parts of `repr(v)` or `str(v)`, if the type of `v` writes its own.
pub(super) fn text(ctx: &mut Ctx<'_>, v: Value, str: bool) -> Option<Result<Vec<Piece>, Raise>> {
    let kind = ctx.heap.behaviour(v)?;
    let hook = if str {
        kind.hook(|hooks| hooks.str).or_else(|| kind.hook(|hooks| hooks.repr))
    } else {
        kind.hook(|hooks| hooks.repr)
    };
    Some(hook?(ctx, v))
}
