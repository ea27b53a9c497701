//! Advancing the iterators of containers: constant time, never a script.

use super::Step;
use crate::ast::BinaryOp;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::types::TypeId;
use crate::object::{Dict, Entry, Iter, ViewKind};
use crate::ops::number;
use crate::value::{Ref, Value};

/// The next item, or `None` if `at` is not the iterator of a container.
#[inline]
pub(super) fn next(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Option<Step>, Raise> {
    if let Some(item) = ctx.heap.next_of_list_or_range(at) {
        return Ok(Some(item.map_or(Step::Done, Step::Item)));
    }
    let heap = &mut *ctx.heap;
    let item = match heap[at] {
        Iter::Tuple { tuple, index } => {
            let item = heap.as_items(tuple).and_then(|items| items.get(index)).copied();
            if item.is_some() {
                *heap.get_mut(at) = Iter::Tuple { tuple, index: index + 1 };
            }
            item
        }
        Iter::Dict { dict: Value::Dict(dict), kind, .. } => match next_entry(ctx, at, dict)? {
            Some(entry) => Some(entry_item(ctx.heap, kind, &entry)),
            None => None,
        },
        Iter::Str { text, offset } => char_item(heap, at, text, offset),
        Iter::Enumerate { .. }
        | Iter::Zip { .. }
        | Iter::Map { .. }
        | Iter::Filter { .. }
        | Iter::Call { .. } => return Ok(None),
        _ => return next_rare(ctx, at).map(Some),
    };
    Ok(Some(item.map_or(Step::Done, Step::Item)))
}

fn char_item(heap: &mut Heap, at: Ref<Iter>, text: Value, offset: usize) -> Option<Value> {
    let Value::Str(text_at) = text else { return None };
    let text_object = &heap[text_at];
    let (item, len) = if text_object.is_ascii() {
        let &byte = text_object.as_str().as_bytes().get(offset)?;
        (heap.ascii_char(byte), 1)
    } else {
        let c = text_object.as_str()[offset..].chars().next()?;
        (heap.char(c), c.len_utf8())
    };
    *heap.get_mut(at) = Iter::Str { text, offset: offset + len };
    Some(item)
}

fn next_rare(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Step, Raise> {
    let heap = &mut *ctx.heap;
    let item = match heap[at] {
        Iter::Bytes { bytes: bytes @ Value::Bytes(data), index } => {
            let item = heap[data].as_slice().get(index).map(|&byte| Value::Int(byte as i64));
            if item.is_some() {
                *heap.get_mut(at) = Iter::Bytes { bytes, index: index + 1 };
            }
            item
        }
        Iter::ListReversed { list: list @ Value::List(items), index } => {
            let item = index.checked_sub(1).and_then(|last| heap[items].items().get(last)).copied();
            let (list, index) = if item.is_some() { (list, index - 1) } else { (Value::Undef, 0) };
            *heap.get_mut(at) = Iter::ListReversed { list, index };
            item
        }
        Iter::Reversed { sequence, index } => reversed_item(heap, at, sequence, index),
        Iter::Set { set, index, len } => return next_key(ctx, at, set, index, len),
        Iter::BigRange { range, index } => return next_of_big_range(ctx, at, range, index),
        _ => None,
    };
    Ok(item.map_or(Step::Done, Step::Item))
}

/// An item of a str, bytes or tuple from its end.
fn reversed_item(heap: &mut Heap, at: Ref<Iter>, sequence: Value, index: usize) -> Option<Value> {
    let last = index.checked_sub(1)?;
    let (item, index) = match sequence {
        Value::Str(text) => {
            let c = heap[text].as_str()[..index].chars().next_back()?;
            (heap.char(c), index - c.len_utf8())
        }
        Value::Bytes(data) => (Value::Int(*heap[data].as_slice().get(last)? as i64), last),
        _ => (*heap.as_items(sequence)?.get(last)?, last),
    };
    *heap.get_mut(at) = Iter::Reversed { sequence, index };
    Some(item)
}

/// What a view of `kind` shows of an entry.
#[inline]
pub(super) fn entry_item(heap: &mut Heap, kind: ViewKind, entry: &Entry<Value>) -> Value {
    match kind {
        ViewKind::Keys => entry.key,
        ViewKind::Values => entry.value,
        ViewKind::Items => heap.tuple(&[entry.key, entry.value]),
    }
}

/// The next entry of a dict's iterator. An error if keys were added or removed meanwhile, as far as CPython sees it.
#[inline]
pub(super) fn next_entry(
    ctx: &mut Ctx<'_>,
    at: Ref<Iter>,
    dict: Ref<Dict>,
) -> Result<Option<Entry<Value>>, Raise> {
    let Iter::Dict { kind, index, len, left, reversed, .. } = ctx.heap[at] else { return Ok(None) };
    let table = ctx.heap[dict].table();
    // The common case: no holes, upwards.
    if let Some(&entry) = table.raw_entries().get(index)
        && !entry.key.is_undef()
        && (table.len() == len && left > 0 && !reversed)
    {
        if let Iter::Dict { index, left, .. } = ctx.heap.get_mut(at) {
            (*index, *left) = (*index + 1, *left - 1);
        }
        return Ok(Some(entry));
    }
    if table.len() != len {
        if let Iter::Dict { len, .. } = ctx.heap.get_mut(at) {
            *len = usize::MAX;
        }
        return Err(ctx.error(TypeId::RuntimeError, "dictionary changed size during iteration"));
    }
    let entries = table.raw_entries();
    let live = |entry: &Entry<Value>| !entry.key.is_undef();
    let (found, skipped) = if reversed {
        let below = &entries[..index.min(entries.len())];
        let found = below.iter().rposition(live);
        (found.map(|found| (found, found)), below.len() - found.unwrap_or(0))
    } else {
        let from = index.min(entries.len());
        let holes = entries[from..].iter().position(live);
        (holes.map(|holes| (from + holes, from + holes + 1)), holes.unwrap_or(entries.len() - from))
    };
    let Some((found, index)) = found.filter(|_| left > 0) else {
        let keys_changed = found.is_some();
        *ctx.heap.get_mut(at) = Iter::Dict { dict: Value::Undef, kind, index, len, left: 0, reversed };
        ctx.charge(skipped)?;
        if keys_changed {
            return Err(ctx.error(TypeId::RuntimeError, "dictionary keys changed during iteration"));
        }
        return Ok(None);
    };
    let entry = entries[found];
    if let Iter::Dict { index: place, left, .. } = ctx.heap.get_mut(at) {
        (*place, *left) = (index, *left - 1);
    }
    if skipped > 1 {
        ctx.charge(skipped)?;
    }
    Ok(Some(entry))
}

fn next_key(ctx: &mut Ctx<'_>, at: Ref<Iter>, set: Value, index: usize, len: usize) -> Result<Step, Raise> {
    let table = match set {
        Value::Set(set) => ctx.heap[set].table(),
        Value::FrozenSet(set) => ctx.heap[set].table(),
        _ => return Ok(Step::Done),
    };
    if table.len() != len {
        *ctx.heap.get_mut(at) = Iter::Set { set, index, len: usize::MAX };
        return Err(ctx.error(TypeId::RuntimeError, "Set changed size during iteration"));
    }
    let entries = table.raw_entries();
    let from = index.min(entries.len());
    let holes = entries[from..].iter().take_while(|entry| entry.key.is_undef()).count();
    let item = entries.get(from + holes).map(|entry| entry.key);
    // A set that is done with lets go of its set, and does not look at its size again.
    let set = if item.is_some() { set } else { Value::Undef };
    *ctx.heap.get_mut(at) = Iter::Set { set, index: from + holes + 1, len };
    ctx.charge(holes)?;
    Ok(item.map_or(Step::Done, Step::Item))
}

fn next_of_big_range(ctx: &mut Ctx<'_>, at: Ref<Iter>, range: Value, index: Value) -> Result<Step, Raise> {
    let Value::Range(range_at) = range else { return Ok(Step::Done) };
    let ([start, _, step], length) = (ctx.heap[range_at].bounds, ctx.heap[range_at].length);
    if crate::ops::compare::equal(ctx, index, length)? {
        return Ok(Step::Done);
    }
    // Each of the results fits its operands' size and is rooted or used before the next may collect.
    let base = ctx.heap.scratch.len();
    let item = (|| {
        let offset = number::binary(ctx, BinaryOp::Mul, index, step)?;
        ctx.heap.scratch.push(offset);
        let item = number::binary(ctx, BinaryOp::Add, start, offset)?;
        ctx.heap.scratch.push(item);
        let index = number::binary(ctx, BinaryOp::Add, index, Value::Int(1))?;
        *ctx.heap.get_mut(at) = Iter::BigRange { range, index };
        Ok(item)
    })();
    ctx.heap.scratch.truncate(base);
    item.map(Step::Item)
}
