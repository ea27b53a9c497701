//! `a[key]`, `a[key] = value`, `del a[key]`, with slices too.
//!
//! In: an object, a key or the bounds of a slice, and a value. Out: an item, or an error in CPython's words. Rule:
//! what moves or copies items charges for them, one item costs nothing.

mod bounds;
mod slice;

pub use bounds::{Bounds, Window, indices, unpack_bounds};
pub use slice::{del_slice, get_slice, set_slice};

use super::{hooks, number, range, table, types};
use crate::heap::{Ctx, Outcome, Raise};
use crate::object::Slice;
use crate::object::types::TypeId;
use crate::value::{Ref, Value};

/// `a[key]`.
#[inline]
pub fn get_item(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<Value, Raise> {
    if let (Some(items), Value::Int(index)) = (ctx.heap.as_items(a), key)
        && let Some(&item) = place(index, items.len()).and_then(|index| items.get(index))
    {
        return Ok(item);
    }
    get_item_slow(ctx, a, key)
}

/// The place that an index means in a sequence of `len`: negative ones count from its end.
#[inline]
pub fn place(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(index).ok().filter(|&index| index < len)
}

fn get_item_slow(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<Value, Raise> {
    match a {
        Value::Dict(at) => match table::dict_get(ctx, at, key)? {
            Some(value) => Ok(value),
            None => match hooks::call_now(ctx, |hooks| hooks.missing, &[a, key]) {
                Some(value) => value,
                None => Err(ctx.error_with(TypeId::KeyError, &[key])),
            },
        },
        Value::Host(_) => match hooks::call_now(ctx, |hooks| hooks.item, &[a, key]) {
            Some(value) => value,
            None => Err(unsupported(ctx, a, "is not subscriptable")),
        },
        Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Bytes(_) | Value::Range(_) => match key {
            Value::Slice(at) => {
                let [lower, upper, step] = ctx.heap[at].bounds;
                get_slice(ctx, a, lower, upper, step)
            }
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => sequence_item(ctx, a, key),
            _ => Err(bad_index(ctx, a, key)),
        },
        Value::Type(number) => {
            let name = ctx.heap.type_name(number);
            Err(ctx.type_error(format!("type '{name}' is not subscriptable")))
        }
        _ => Err(unsupported(ctx, a, "is not subscriptable")),
    }
}

/// An item of a sequence that has no fast path.
fn sequence_item(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<Value, Raise> {
    if let Value::Range(at) = a {
        let key = key.as_int().map_or(key, Value::Int);
        return match range::item(ctx, at, key) {
            Some(item) => Ok(item),
            None => Err(ctx.error(TypeId::IndexError, "range object index out of range")),
        };
    }
    let index = number::index(ctx, key)?;
    let heap = &mut *ctx.heap;
    let (item, message) = match a {
        Value::Str(at) => {
            let text = &heap[at];
            let item = place(index, text.chars()).map(|index| {
                if text.is_ascii() {
                    return Err(text.as_str().as_bytes()[index]);
                }
                Ok(heap.char_at(at, index).unwrap_or_default())
            });
            let item = item.map(|found| match found {
                Ok(c) => heap.char(c),
                Err(byte) => heap.ascii_char(byte),
            });
            (item, "string index out of range")
        }
        Value::Bytes(at) => {
            let data = heap[at].as_slice();
            (place(index, data.len()).map(|index| Value::Int(data[index] as i64)), "index out of range")
        }
        Value::List(at) => {
            let items = heap[at].items();
            (place(index, items.len()).map(|index| items[index]), "list index out of range")
        }
        _ => {
            let items = heap.as_items(a).unwrap_or_default();
            (place(index, items.len()).map(|index| items[index]), "tuple index out of range")
        }
    };
    item.ok_or_else(|| ctx.error(TypeId::IndexError, message))
}

/// `list indices must be integers or slices, not str`
#[cold]
fn bad_index(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Raise {
    let given = types::type_name(ctx.heap, key);
    let message = match a {
        Value::Str(_) => format!("string indices must be integers, not '{given}'"),
        Value::Bytes(_) => format!("byte indices must be integers or slices, not {given}"),
        _ => {
            let name = types::type_name(ctx.heap, a);
            format!("{name} indices must be integers or slices, not {given}")
        }
    };
    ctx.type_error(message)
}

/// `'int' object is not subscriptable`
#[cold]
fn unsupported(ctx: &mut Ctx<'_>, a: Value, what: &str) -> Raise {
    let name = types::type_name(ctx.heap, a);
    ctx.type_error(format!("'{name}' object {what}"))
}

/// `a[key] = value`; all are rooted. For a key that is a slice object see [`set_slice`], which may ask for a script;
/// this takes only values that need none.
#[inline]
pub fn set_item(ctx: &mut Ctx<'_>, a: Value, key: Value, value: Value) -> Result<(), Raise> {
    match (a, key) {
        (Value::List(at), Value::Int(index)) => match place(index, ctx.heap[at].items().len()) {
            Some(index) => {
                ctx.heap.list_set(at, index, value);
                Ok(())
            }
            None => Err(ctx.error(TypeId::IndexError, "list assignment index out of range")),
        },
        (Value::Dict(at), _) => table::dict_set(ctx, at, key, value),
        _ => set_item_slow(ctx, a, key, value),
    }
}

fn set_item_slow(ctx: &mut Ctx<'_>, a: Value, key: Value, value: Value) -> Result<(), Raise> {
    match (a, key) {
        (Value::List(_), Value::Slice(at)) => {
            let [lower, upper, step] = ctx.heap[at].bounds;
            match set_slice(ctx, a, lower, upper, step, value)? {
                Outcome::Return(_) => Ok(()),
                _ => Err(ctx.type_error("must assign iterable to extended slice")),
            }
        }
        (Value::List(_), Value::Bool(_) | Value::BigInt(_)) => {
            let index = number::index(ctx, key)?;
            set_item(ctx, a, Value::Int(index), value)
        }
        (Value::List(_), _) => Err(bad_index(ctx, a, key)),
        (Value::Host(_), _) => match hooks::call_now(ctx, |hooks| hooks.set_item, &[a, key, value]) {
            Some(done) => done.map(|_| ()),
            None => Err(unsupported(ctx, a, "does not support item assignment")),
        },
        _ => {
            if has_sequence_slots(a) && is_int(key) {
                number::index(ctx, key)?;
            }
            Err(unsupported(ctx, a, "does not support item assignment"))
        }
    }
}

/// `del a[key]`; both are rooted.
pub fn del_item(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<(), Raise> {
    if let Value::Host(_) | Value::Dict(_) = a
        && let Some(done) = hooks::call_now(ctx, |hooks| hooks.del_item, &[a, key])
    {
        return done.map(|_| ());
    }
    match (a, key) {
        (Value::Dict(at), _) => match table::dict_remove(ctx, at, key)? {
            Some(_) => Ok(()),
            None => Err(ctx.error_with(TypeId::KeyError, &[key])),
        },
        (Value::List(_), Value::Slice(at)) => {
            let [lower, upper, step] = ctx.heap[at].bounds;
            del_slice(ctx, a, lower, upper, step)
        }
        (Value::List(at), Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) => {
            let index = number::index(ctx, key)?;
            let len = ctx.heap[at].items().len();
            let Some(index) = place(index, len) else {
                return Err(ctx.error(TypeId::IndexError, "list assignment index out of range"));
            };
            charge_move(ctx, len - index)?;
            ctx.heap.list_edit(at, |items| items.remove(index));
            Ok(())
        }
        (Value::List(_), _) => Err(bad_index(ctx, a, key)),
        _ if has_sequence_slots(a) && is_int(key) => {
            number::index(ctx, key)?;
            Err(unsupported(ctx, a, "doesn't support item deletion"))
        }
        _ => Err(unsupported(ctx, a, "does not support item deletion")),
    }
}

/// Types of which CPython takes the index before it finds that items cannot be changed.
fn has_sequence_slots(v: Value) -> bool {
    matches!(
        v,
        Value::Str(_)
            | Value::Bytes(_)
            | Value::Tuple(_)
            | Value::Range(_)
            | Value::Set(_)
            | Value::FrozenSet(_)
            | Value::DictView(_)
    )
}

fn is_int(v: Value) -> bool {
    matches!(v, Value::Int(_) | Value::Bool(_) | Value::BigInt(_))
}

/// Charges for `count` items that move by one place: a fraction of what handling each would cost.
#[inline]
pub(crate) fn charge_move(ctx: &mut Ctx<'_>, count: usize) -> Result<(), Raise> {
    ctx.charge(count / 16)
}

/// A slice object.
pub(crate) fn slice_object(ctx: &mut Ctx<'_>, bounds: [Value; 3]) -> Value {
    let bounds = bounds.map(|bound| bound.given().unwrap_or(Value::None));
    let at: Ref<Slice> = ctx.heap.insert(Slice { bounds });
    Value::Slice(at)
}
