//! `+` and `*` of str, bytes, list and tuple.
//!
//! In: two values, one of them a sequence. Out: a new sequence, `None` if neither is one. Rule: the size of the
//! result is charged and reserved before anything is copied.

use super::error;
use crate::heap::{Ctx, Raise, SMALL};
use crate::object::types::TypeId;
use crate::object::{Bytes, Str};
use crate::ops::{plain, types};
use crate::value::{Ref, Value};

/// `a + b` of two strs. Not inlined: beside the copy the call is nothing, and `a + b` of ints stays small.
#[inline(never)]
pub(super) fn concat_str(ctx: &mut Ctx<'_>, a: Ref<Str>, b: Ref<Str>) -> Result<Value, Raise> {
    let (a_len, b_len) = (ctx.heap[a].as_str().len(), ctx.heap[b].as_str().len());
    if b_len == 0 {
        return Ok(Value::Str(a));
    }
    if a_len == 0 {
        return Ok(Value::Str(b));
    }
    let len = a_len + b_len;
    plain::budget(ctx, len)?;
    Ok(ctx.heap.str_of(|heap, text| {
        if len > SMALL {
            text.reserve_exact(len)
        } else {
            text.reserve(len)
        }
        text.push_str(heap[a].as_str());
        text.push_str(heap[b].as_str());
    }))
}

/// `a + b`. TypeError `can only concatenate list (not "int") to list`.
pub(super) fn concat(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => concat_str(ctx, a, b).map(Some),
        (Value::Bytes(a), Value::Bytes(b)) => concat_bytes(ctx, a, b).map(Some),
        (Value::List(_), Value::List(_)) => {
            let items = concat_items(ctx, a, b)?;
            Ok(Some(ctx.heap.list(items)))
        }
        (Value::Tuple(_), Value::Tuple(_)) => {
            let items = concat_items(ctx, a, b)?;
            Ok(Some(ctx.heap.tuple(&items)))
        }
        (Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_), _) => {
            let (whole, part) = (types::type_name(ctx.heap, a), types::type_name(ctx.heap, b));
            Err(ctx.type_error(match a {
                Value::Bytes(_) => format!("can't concat {part} to {whole}"),
                _ => format!("can only concatenate {whole} (not \"{part}\") to {whole}"),
            }))
        }
        _ => Ok(None),
    }
}

fn concat_bytes(ctx: &mut Ctx<'_>, a: Ref<Bytes>, b: Ref<Bytes>) -> Result<Value, Raise> {
    plain::budget(ctx, ctx.heap[a].as_slice().len() + ctx.heap[b].as_slice().len())?;
    let data = [ctx.heap[a].as_slice(), ctx.heap[b].as_slice()].concat();
    Ok(ctx.heap.new_bytes(&data))
}

fn concat_items(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Vec<Value>, Raise> {
    let count = |v| ctx.heap.as_items(v).map_or(0, <[Value]>::len);
    let len = count(a) + count(b);
    ctx.charge(len)?;
    ctx.reserve_large(len * size_of::<Value>())?;
    let items = |v| ctx.heap.as_items(v).unwrap_or_default();
    Ok([items(a), items(b)].concat())
}

/// `a * b` where one is a sequence. TypeError `can't multiply sequence by non-int of type 'float'`.
pub(super) fn repeat(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let (sequence, count) = match (is_sequence(a), is_sequence(b)) {
        (true, _) => (a, b),
        (false, true) => (b, a),
        (false, false) => return Ok(None),
    };
    let count = repeat_count(ctx, count)?;
    let result = match sequence {
        Value::Str(_) | Value::Bytes(_) if count == 1 => sequence,
        Value::Tuple(at) if count == 1 && ctx.heap[at].named().is_none() => sequence,
        Value::Str(at) => repeat_str(ctx, at, count)?,
        Value::Bytes(at) => repeat_bytes(ctx, at, count)?,
        _ => {
            let items = repeat_items(ctx, sequence, count)?;
            if let Value::List(_) = sequence { ctx.heap.list(items) } else { ctx.heap.tuple(&items) }
        }
    };
    Ok(Some(result))
}

fn is_sequence(v: Value) -> bool {
    matches!(v, Value::Str(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_))
}

/// How often to repeat; what is below 0 counts as 0.
pub fn repeat_count(ctx: &mut Ctx<'_>, count: Value) -> Result<usize, Raise> {
    match count {
        Value::BigInt(_) => Err(ctx.error(TypeId::OverflowError, error::NOT_INDEX_SIZED)),
        _ => match count.as_int() {
            Some(count) => Ok(usize::try_from(count).unwrap_or(0)),
            None => {
                let name = types::type_name(ctx.heap, count);
                Err(ctx.type_error(format!("can't multiply sequence by non-int of type '{name}'")))
            }
        },
    }
}

/// The longest that anything can be, in bytes or code points.
const MOST: usize = isize::MAX as usize;

fn repeat_str(ctx: &mut Ctx<'_>, at: Ref<Str>, count: usize) -> Result<Value, Raise> {
    if ctx.heap[at].chars().checked_mul(count).is_none_or(|len| len > MOST) {
        return Err(ctx.error(TypeId::OverflowError, "repeated string is too long"));
    }
    plain::budget(ctx, ctx.heap[at].as_str().len().saturating_mul(count))?;
    let text = ctx.heap[at].as_str().repeat(count);
    Ok(ctx.heap.str(&text))
}

fn repeat_bytes(ctx: &mut Ctx<'_>, at: Ref<Bytes>, count: usize) -> Result<Value, Raise> {
    let len = ctx.heap[at].as_slice().len().checked_mul(count).filter(|&len| len <= MOST);
    let Some(len) = len else {
        return Err(ctx.error(TypeId::OverflowError, "repeated bytes are too long"));
    };
    plain::budget(ctx, len)?;
    let data = ctx.heap[at].as_slice().repeat(count);
    Ok(ctx.heap.new_bytes(&data))
}

/// The items of a list or tuple, `count` times. MemoryError where CPython's pointers would not fit any memory.
pub(super) fn repeat_items(ctx: &mut Ctx<'_>, sequence: Value, count: usize) -> Result<Vec<Value>, Raise> {
    let items = ctx.heap.as_items(sequence).map_or(0, <[Value]>::len);
    let Some(len) = items.checked_mul(count).filter(|&len| len <= MOST / 8) else {
        return Err(ctx.error_with(TypeId::MemoryError, &[]));
    };
    ctx.charge(len)?;
    ctx.reserve_large(len.saturating_mul(size_of::<Value>()))?;
    Ok(ctx.heap.as_items(sequence).unwrap_or_default().repeat(count))
}
