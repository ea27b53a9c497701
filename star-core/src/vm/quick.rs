//! Shortcuts of the hot loop that need no roots: they allocate nothing and raise nothing.

use std::convert::Infallible;

use super::instance::Cache;
use crate::heap::{Arity, Heap, Native};
use crate::object::types::TypeId;
use crate::object::{Dict, Entry, Iter, Module, Probe, ViewKind};
use crate::ops::hash::{int_hash, str_hash};
use crate::value::{Ref, Value};

/// The entry of `key` in a dict: `Some(None)` if it is not there, `None` if only the general look-up can tell.
#[inline]
pub(super) fn find(heap: &Heap, dict: Ref<Dict>, key: Value) -> Option<Option<usize>> {
    let table = heap[dict].table();
    match key {
        Value::Str(at) => {
            let text = heap[at].as_str();
            if text.len() > CHARGED {
                return None;
            }
            let same = |other: Value| {
                Ok::<_, Infallible>(match other {
                    Value::Str(other) => other == at || heap[other].as_str() == text,
                    _ => false,
                })
            };
            let Ok(probe) = table.find(str_hash(heap, at), same);
            Some(entry(probe))
        }
        Value::Int(i) => {
            let mut unsure = false;
            let same = |other: Value| {
                Ok::<_, Infallible>(match other {
                    Value::Int(other) => other == i,
                    // True is 1, 1.0 is 1.
                    _ => {
                        unsure = true;
                        false
                    }
                })
            };
            let Ok(probe) = table.find(int_hash(heap, i), same);
            if unsure { None } else { Some(entry(probe)) }
        }
        _ => None,
    }
}

/// The next item of an iterator object where that takes no more than a look: `Some(None)` at its end, `None` if only
/// the general way can tell.
#[inline(never)]
pub(super) fn next(heap: &mut Heap, at: Ref<Iter>) -> Option<Option<Value>> {
    match heap[at] {
        Iter::Tuple { tuple: Value::Tuple(tuple), index } => {
            let item = heap[tuple].items().get(index).copied();
            if let (Some(_), Iter::Tuple { index, .. }) = (item, heap.get_mut(at)) {
                *index += 1;
            }
            Some(item)
        }
        Iter::Dict { dict: Value::Dict(dict), kind: ViewKind::Keys, .. } => {
            next_entry(heap, at, dict).map(|entry| Some(entry.key))
        }
        Iter::Dict { dict: Value::Dict(dict), kind: ViewKind::Values, .. } => {
            next_entry(heap, at, dict).map(|entry| Some(entry.value))
        }
        Iter::Str { text: Value::Str(text), offset } if heap[text].is_ascii() => {
            let byte = heap[text].as_str().as_bytes().get(offset).copied();
            if let (Some(_), Iter::Str { offset, .. }) = (byte, heap.get_mut(at)) {
                *offset += 1;
            }
            Some(byte.map(|byte| heap.ascii_char(byte)))
        }
        Iter::List { .. } | Iter::Range { .. } => heap.next_of_list_or_range(at),
        _ => None,
    }
}

/// The next pair of `enumerate`, of `zip` over two, or of a dict's items, likewise, and the steps that it costs: one
/// for each item asked of a part. No pair at the end.
#[inline(never)]
pub(super) fn next_pair(heap: &mut Heap, at: Ref<Iter>) -> Option<(Option<(Value, Value)>, i64)> {
    match heap[at] {
        Iter::Enumerate { iter: Value::Iter(part), count: Value::Int(now), .. } if now < i64::MAX => {
            let item = heap.next_of_list_or_range(part)?;
            if let (Some(_), Iter::Enumerate { count, .. }) = (item, heap.get_mut(at)) {
                *count = Value::Int(now + 1);
            }
            Some((item.map(|item| (Value::Int(now), item)), 1))
        }
        Iter::Zip { ref iters, strict: false, .. } => {
            let [Value::Iter(a), Value::Iter(b)] = iters[..] else { return None };
            if !matches!(heap[b], Iter::List { .. } | Iter::Range { .. }) {
                return None;
            }
            let Some(a) = heap.next_of_list_or_range(a)? else { return Some((None, 1)) };
            let b = heap.next_of_list_or_range(b)?;
            Some((b.map(|b| (a, b)), 2))
        }
        Iter::Dict { dict: Value::Dict(dict), kind: ViewKind::Items, .. } => {
            next_entry(heap, at, dict).map(|entry| (Some((entry.key, entry.value)), 0))
        }
        _ => None,
    }
}

/// The next entry of a dict's iterator, if it lies right there.
fn next_entry(heap: &mut Heap, at: Ref<Iter>, dict: Ref<Dict>) -> Option<Entry<Value>> {
    let Iter::Dict { index, len, left, reversed: false, .. } = heap[at] else { return None };
    let table = heap[dict].table();
    let entry = *table.raw_entries().get(index)?;
    if table.len() != len || left == 0 || entry.key.is_undef() {
        return None;
    }
    if let Iter::Dict { index, left, .. } = heap.get_mut(at) {
        (*index, *left) = (*index + 1, *left - 1);
    }
    Some(entry)
}

/// Keys longer than this are charged for, so the general look-up sees them.
const CHARGED: usize = 256;

fn entry(probe: Probe) -> Option<usize> {
    match probe {
        Probe::Found(entry) => Some(entry),
        Probe::Missing => None,
    }
}

/// Whether `argc` arguments (the receiver of a method included) are just what the native takes, and with how many
/// places it wants to see them.
#[inline]
pub(super) fn places(native: &Native, argc: usize) -> Option<usize> {
    let receiver = native.owner.is_some() as usize;
    let given = argc.checked_sub(receiver)?;
    let (least, most, all) = match native.arity {
        Arity::None => (0, 0, 0),
        Arity::One => (1, 1, 1),
        Arity::Positional(least, most) => (least as usize, most as usize, most as usize),
        Arity::Named { names, required, positional } | Arity::Script { names, required, positional, .. } => {
            (required as usize, positional as usize, names.len())
        }
        Arity::Variadic | Arity::VariadicPositional => return Some(argc),
    };
    (least <= given && given <= most).then_some(all + receiver)
}

/// The global of module `at` that a cache knows, while it is bound.
#[inline]
pub(super) fn member(heap: &Heap, at: Ref<Module>, cache: Cache) -> Option<Value> {
    let Value::Int(slot) = cache.value else { return None };
    let module = &heap[at];
    let bound = cache.key == module_key(at) && module.bound.get(slot as usize) == Some(&true);
    if bound { module.slots.get(slot as usize).copied() } else { None }
}

// ---- values ------------------------------------------------------------------------------------------

/// Floor division as Python has it; `None` where the general case must answer.
#[inline(always)]
pub(super) fn floor_div(x: i64, y: i64) -> Option<i64> {
    if y == 0 {
        return None;
    }
    let quotient = x.checked_div(y)?;
    let inexact = quotient * y != x;
    Some(if inexact && (x < 0) != (y < 0) { quotient - 1 } else { quotient })
}

/// Remainder with the sign of the divisor.
#[inline(always)]
pub(super) fn floor_mod(x: i64, y: i64) -> Option<i64> {
    if y == 0 || y == -1 {
        return None;
    }
    let remainder = x % y;
    Some(if remainder != 0 && (remainder < 0) != (y < 0) { remainder + y } else { remainder })
}

/// Equality where it needs no more than a look; `None` otherwise.
#[inline(always)]
pub(super) fn equal(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => Some(x == y),
        (Value::Str(x), Value::Str(y)) => Some(x == y || heap[x].as_str() == heap[y].as_str()),
        (Value::None, Value::None) => Some(true),
        (Value::None, _) | (_, Value::None) => Some(false),
        (Value::Bool(x), Value::Bool(y)) => Some(x == y),
        (Value::Float(x), Value::Float(y)) => Some(f64::from_bits(x) == f64::from_bits(y)),
        _ => None,
    }
}

/// Truth where it needs no more than a look at the value.
#[inline(always)]
pub(super) fn truth(value: Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(b != 0),
        Value::Int(i) => Some(i != 0),
        Value::None => Some(false),
        _ => None,
    }
}

/// Number of items where it needs no more than a look.
#[inline(always)]
pub(super) fn len(heap: &Heap, value: Value) -> Option<usize> {
    match value {
        Value::List(at) => Some(heap[at].items().len()),
        Value::Str(at) => Some(heap[at].chars()),
        Value::Dict(at) => Some(heap[at].table().len()),
        Value::Tuple(at) => Some(heap[at].items().len()),
        _ => None,
    }
}

/// Type number for inline caches, where the value itself tells.
#[inline(always)]
pub(super) fn cache_key(heap: &Heap, value: Value) -> u64 {
    let id = match value {
        Value::List(_) => TypeId::List,
        Value::Dict(at) => match &heap[at].kind {
            None => TypeId::Dict,
            Some(kind) => return class_key(kind.class),
        },
        Value::Str(_) => TypeId::Str,
        Value::Tuple(at) => match heap[at].named() {
            None => TypeId::Tuple,
            Some(class) => return class_key(class),
        },
        Value::Set(_) => TypeId::Set,
        Value::Int(_) | Value::BigInt(_) => TypeId::Int,
        Value::Float(_) => TypeId::Float,
        Value::Bytes(_) => TypeId::Bytes,
        Value::Struct(at) => return class_key(heap[at].class),
        Value::Host(at) => return class_key(heap[at].class),
        Value::Module(at) => return module_key(at),
        _ => return NO_CLASS,
    };
    id as u64
}

/// What caches know a module by: no type has this number.
pub(super) fn module_key(at: Ref<Module>) -> u64 {
    1 << 48 | at.index() as u64
}

fn class_key(class: Value) -> u64 {
    match class {
        Value::Type(number) => number,
        _ => NO_CLASS,
    }
}

/// What [`cache_key`] says of a value that does not tell its type: nothing is kept for it.
pub(super) const NO_CLASS: u64 = u64::MAX - 1;
