//! Advancing the iterators of containers: constant time, never a script.

use crate::ast::BinaryOp;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::types::TypeId;
use crate::object::{Dict, Entry, Iter, ViewKind};
use crate::ops::{number, table};
use crate::value::{Ref, Value};

/// What advancing an iterator gave, if it is a container's.
#[derive(Clone, Copy)]
pub(super) enum Next {
    /// The next item.
    Item(Value),
    /// Nothing more will come.
    Done,
    /// It is not the iterator of a container.
    Other,
}

impl From<Option<Value>> for Next {
    #[inline]
    fn from(item: Option<Value>) -> Next {
        item.map_or(Next::Done, Next::Item)
    }
}

/// Advances the iterator of a container.
#[inline]
pub(super) fn next(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Next, Raise> {
    let heap = &mut *ctx.heap;
    match *heap.get_mut(at) {
        Iter::Range { ref mut next, step, ref mut left } => {
            if *left <= 0 {
                return Ok(Next::Done);
            }
            let item = *next;
            *left -= 1;
            // Past the last item it may leave 64 bits, and is never read.
            *next = item.wrapping_add(step);
            Ok(Next::Item(Value::Int(item)))
        }
        Iter::List { list: Value::List(list), index } => {
            let item = heap[list].items().get(index).copied();
            // Fields are set one by one: replacing the whole would ask what the old one has to drop.
            if let Iter::List { list, index } = heap.get_mut(at) {
                match item {
                    Some(_) => *index += 1,
                    // An iterator that has ended stays ended, however the list grows.
                    None => *list = Value::Undef,
                }
            }
            Ok(item.into())
        }
        Iter::Tuple { tuple: Value::Tuple(tuple), index } => {
            let item = heap[tuple].items().get(index).copied();
            if let (Some(_), Iter::Tuple { index, .. }) = (item, heap.get_mut(at)) {
                *index += 1;
            }
            Ok(item.into())
        }
        Iter::Dict { dict: Value::Dict(dict), kind, .. } => {
            let entry = next_entry(ctx, at, dict)?;
            Ok(entry.map(|entry| entry_item(ctx.heap, kind, &entry)).into())
        }
        Iter::Str { text, offset } => Ok(char_item(heap, at, text, offset).into()),
        Iter::Enumerate { .. }
        | Iter::Zip { .. }
        | Iter::Map { .. }
        | Iter::Filter { .. }
        | Iter::Call { .. } => Ok(Next::Other),
        _ => next_rare(ctx, at).map(Next::from),
    }
}

#[inline(never)]
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
    if let Iter::Str { offset, .. } = heap.get_mut(at) {
        *offset += len;
    }
    Some(item)
}

#[inline(never)]
fn next_rare(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Option<Value>, Raise> {
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
    Ok(item)
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
#[inline(never)]
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
        && (ctx.heap[dict].shape() == len && left > 0 && !reversed)
    {
        if let Iter::Dict { index, left, .. } = ctx.heap.get_mut(at) {
            (*index, *left) = (*index + 1, *left - 1);
        }
        return Ok(Some(entry));
    }
    if ctx.heap[dict].shape() != len {
        if let Iter::Dict { len, .. } = ctx.heap.get_mut(at) {
            *len = usize::MAX;
        }
        let message = match table::is_ordered(ctx.heap, Value::Dict(dict)) {
            true => "OrderedDict mutated during iteration",
            false => "dictionary changed size during iteration",
        };
        return Err(ctx.error(TypeId::RuntimeError, message));
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

fn next_key(
    ctx: &mut Ctx<'_>,
    at: Ref<Iter>,
    set: Value,
    index: usize,
    len: usize,
) -> Result<Option<Value>, Raise> {
    let table = match set {
        Value::Set(set) => ctx.heap[set].table(),
        Value::FrozenSet(set) => ctx.heap[set].table(),
        _ => return Ok(None),
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
    Ok(item)
}

fn next_of_big_range(
    ctx: &mut Ctx<'_>,
    at: Ref<Iter>,
    range: Value,
    index: Value,
) -> Result<Option<Value>, Raise> {
    let Value::Range(range_at) = range else { return Ok(None) };
    let ([start, _, step], length) = (ctx.heap[range_at].bounds, ctx.heap[range_at].length);
    if crate::ops::compare::equal(ctx, index, length)? {
        return Ok(None);
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
    item.map(Some)
}
