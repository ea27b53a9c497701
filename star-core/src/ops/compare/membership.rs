//! `item in container`.
//!
//! In: a container of any kind and an item. Out: a bool, or a request when a script has to run for the next item.
//! Rule: only iterators and generators are walked by the iteration layer; everything else is answered here.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, Zero};

use super::{Shallow, same_item, shallow, text_cost};
use crate::heap::{Ctx, Heap, NativeResult, Raise};
use crate::object::types::TypeId;
use crate::object::{Bytes, DictView, Range, Str, ViewKind};
use crate::ops::{hooks, iterate, number, table, types};
use crate::text::search;
use crate::value::{Ref, Value};

/// `item in container`. TypeError `argument of type 'int' is not iterable`. Both must be rooted.
pub fn contains(ctx: &mut Ctx<'_>, container: Value, item: Value) -> NativeResult {
    match contains_native(ctx, container, item)? {
        Some(found) => Ok(Value::bool(found).into()),
        None => match hooks::call(ctx, |hooks| hooks.contains, &[container, item]) {
            Some(outcome) => outcome,
            None => iterate::contains(ctx, container, item),
        },
    }
}

/// `item in container` where no script has to run; `None` for iterators and generators.
#[inline]
pub fn contains_native(ctx: &mut Ctx<'_>, container: Value, item: Value) -> Result<Option<bool>, Raise> {
    let found = match container {
        Value::Dict(at) => table::dict_get(ctx, at, item)?.is_some(),
        Value::Set(_) | Value::FrozenSet(_) => table::table_contains(ctx, container, item)?,
        Value::List(_) | Value::Tuple(_) => in_items(ctx, container, item)?,
        Value::Str(at) => in_text(ctx, at, item)?,
        Value::Bytes(at) => in_bytes(ctx, at, item)?,
        Value::Range(at) => in_range(ctx, at, item)?,
        Value::DictView(at) => in_view(ctx, at, item)?,
        Value::Iter(_) | Value::Generator(_) => return Ok(None),
        Value::Host(_) if hooks::find(ctx.heap, container, |hooks| hooks.contains).is_some() => {
            return Ok(None);
        }
        Value::Host(_) if iterate::is_iterable(ctx.heap, container) => return Ok(None),
        _ => {
            let name = types::type_name(ctx.heap, container);
            return Err(ctx.type_error(format!("argument of type '{name}' is not iterable")));
        }
    };
    Ok(Some(found))
}

/// Items that are charged for at once.
const CHUNK: usize = 64;

fn in_items(ctx: &mut Ctx<'_>, container: Value, item: Value) -> Result<bool, Raise> {
    let mut index = 0;
    loop {
        let items = ctx.heap.as_items(container).unwrap_or_default();
        let rest = items.len().saturating_sub(index).min(CHUNK);
        if rest == 0 {
            return Ok(false);
        }
        ctx.charge(rest)?;
        let end = index + rest;
        while index < end {
            match plain_place(ctx.heap, container, item, index, end) {
                Place::Found => return Ok(true),
                Place::End => index = end,
                Place::Deep(place, other) => {
                    if same_item(ctx, other, item)? {
                        return Ok(true);
                    }
                    index = place + 1;
                }
            }
        }
    }
}

/// What a scan of items comes to.
enum Place {
    Found,
    End,
    /// Item `.1` at `.0`, which only a deep or charged comparison can tell from the one looked for.
    Deep(usize, Value),
}

/// Scans items `from..to` for `item`.
fn plain_place(heap: &Heap, container: Value, item: Value, from: usize, to: usize) -> Place {
    let items = heap.as_items(container).and_then(|items| items.get(from..to)).unwrap_or_default();
    for (place, &other) in items.iter().enumerate() {
        if other == item {
            return Place::Found;
        }
        let equal = match (other, item) {
            (Value::Int(_), Value::Int(_)) => Shallow::Unequal,
            (Value::Str(a), Value::Str(b)) if heap[a].as_str().len() != heap[b].as_str().len() => {
                Shallow::Unequal
            }
            _ if text_cost(heap, other, item) > 0 => Shallow::Deep,
            _ => shallow(heap, other, item),
        };
        match equal {
            Shallow::Equal => return Place::Found,
            Shallow::Unequal => {}
            Shallow::Deep => return Place::Deep(from + place, other),
        }
    }
    Place::End
}

fn in_text(ctx: &mut Ctx<'_>, text: Ref<Str>, item: Value) -> Result<bool, Raise> {
    let Value::Str(needle) = item else {
        let name = types::type_name(ctx.heap, item);
        return Err(ctx.type_error(format!("'in <string>' requires string as left operand, not {name}")));
    };
    ctx.charge((ctx.heap[text].as_str().len() + ctx.heap[needle].as_str().len()) / 16)?;
    Ok(search::contains(ctx.heap[text].as_str(), ctx.heap[needle].as_str()))
}

fn in_bytes(ctx: &mut Ctx<'_>, at: Ref<Bytes>, item: Value) -> Result<bool, Raise> {
    ctx.charge(ctx.heap[at].as_slice().len() / 16)?;
    match item {
        Value::Bytes(needle) => Ok(search::contains(ctx.heap[at].as_slice(), ctx.heap[needle].as_slice())),
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => {
            match item.as_int().and_then(|byte| u8::try_from(byte).ok()) {
                Some(byte) => Ok(ctx.heap[at].as_slice().contains(&byte)),
                None => Err(ctx.value_error("byte must be in range(0, 256)")),
            }
        }
        _ => {
            let name = types::type_name(ctx.heap, item);
            Err(ctx.error(TypeId::TypeError, format!("a bytes-like object is required, not '{name}'")))
        }
    }
}

/// A range is asked by arithmetic; a float that is a whole number counts, as walking the range would find it.
fn in_range(ctx: &mut Ctx<'_>, at: Ref<Range>, item: Value) -> Result<bool, Raise> {
    if let (Some((start, step, length)), Some(item)) = (ctx.heap[at].small(), item.as_int()) {
        // Distances between 64-bit numbers need 65 bits.
        let (distance, step) = (item as i128 - start as i128, step as i128);
        return Ok(distance % step == 0 && (0..length as i128).contains(&(distance / step)));
    }
    let item = match item {
        Value::Float(bits) => {
            let x = f64::from_bits(bits);
            if x.fract() != 0.0 { None } else { BigInt::from_f64(x) }
        }
        _ => number::to_big(ctx.heap, item),
    };
    Ok(item.is_some_and(|item| in_big_range(ctx.heap, at, &item)))
}

fn in_big_range(heap: &Heap, at: Ref<Range>, item: &BigInt) -> bool {
    let range = &heap[at];
    let big = |v| number::to_big(heap, v).unwrap_or_default();
    let (start, step, length) = (big(range.bounds[0]), big(range.bounds[2]), big(range.length));
    if step.is_zero() {
        return false;
    }
    let distance = item - start;
    if !(&distance % &step).is_zero() {
        return false;
    }
    let index = distance / step;
    !index.is_negative() && index < length
}

fn in_view(ctx: &mut Ctx<'_>, at: Ref<DictView>, item: Value) -> Result<bool, Raise> {
    let (kind, Value::Dict(dict)) = (ctx.heap[at].kind, ctx.heap[at].dict) else { return Ok(false) };
    match kind {
        ViewKind::Keys => Ok(table::dict_get(ctx, dict, item)?.is_some()),
        ViewKind::Items => {
            let Value::Tuple(pair) = item else { return Ok(false) };
            let &[key, value] = ctx.heap[pair].items() else { return Ok(false) };
            match table::dict_get(ctx, dict, key)? {
                Some(other) => same_item(ctx, other, value),
                None => Ok(false),
            }
        }
        ViewKind::Values => {
            let mut index = 0;
            while let Some(entry) = ctx.heap[dict].table().raw_entries().get(index).copied() {
                index += 1;
                ctx.charge(1)?;
                if !entry.key.is_undef() && same_item(ctx, entry.value, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}
