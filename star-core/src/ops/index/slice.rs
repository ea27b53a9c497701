//! Slices of sequences: reading, assigning, deleting.
//!
//! In: a sequence and bounds as written. Out: a new sequence, or a changed list. Rule: every item touched is charged
//! for; a whole immutable sequence is its own slice.

use super::bounds::{Window, indices, unpack_bounds};
use super::{charge_move, get_item, slice_object, unsupported};
use crate::heap::{Ctx, NativeResult, Raise};
use crate::object::{List, Str};
use crate::ops::{hooks, iterate, range, table};
use crate::value::{Ref, Value};

/// `a[lower:upper:step]`; all are rooted, and bounds left out are `None` or `Undef`.
pub fn get_slice(
    ctx: &mut Ctx<'_>,
    a: Value,
    lower: Value,
    upper: Value,
    step: Value,
) -> Result<Value, Raise> {
    let len = match a {
        Value::List(_) | Value::Tuple(_) => ctx.heap.as_items(a).map_or(0, <[Value]>::len),
        Value::Str(at) => ctx.heap[at].chars(),
        Value::Bytes(at) => ctx.heap[at].as_slice().len(),
        Value::Range(_) => return slice_range(ctx, a, [lower, upper, step]),
        _ => {
            let key = slice_object(ctx, [lower, upper, step]);
            ctx.heap.scratch.push(key);
            let item = get_item(ctx, a, key);
            ctx.heap.scratch.pop();
            return item;
        }
    };
    let window = unpack_bounds(ctx, lower, upper, step)?.window(len);
    match a {
        Value::Str(at) => slice_str(ctx, at, window),
        Value::Bytes(_) => slice_bytes(ctx, a, window),
        _ => slice_items(ctx, a, window),
    }
}

fn slice_items(ctx: &mut Ctx<'_>, a: Value, window: Window) -> Result<Value, Raise> {
    let whole = window.step == 1 && ctx.heap.as_items(a).map_or(0, <[Value]>::len) == window.count;
    if whole && matches!(a, Value::Tuple(at) if ctx.heap[at].named().is_none()) {
        return Ok(a);
    }
    ctx.charge(window.count)?;
    // A tuple is made from a vector: both at once.
    ctx.reserve_large(window.count * size_of::<Value>() * 2)?;
    let items = ctx.heap.as_items(a).unwrap_or_default();
    let items = match window.plain() {
        Some(places) => items[places].to_vec(),
        None => window.places().map(|place| items[place]).collect(),
    };
    Ok(match a {
        Value::Tuple(_) => ctx.heap.tuple(&items),
        _ => ctx.heap.list(items),
    })
}

fn slice_str(ctx: &mut Ctx<'_>, at: Ref<Str>, window: Window) -> Result<Value, Raise> {
    let text = ctx.heap[at].share();
    if window.step == 1 && window.count == ctx.heap[at].chars() {
        return Ok(Value::Str(at));
    }
    let ascii = ctx.heap[at].is_ascii();
    let bytes = match window.plain() {
        Some(places) => {
            let (from, to) = (ctx.heap.byte_offset(at, places.start), ctx.heap.byte_offset(at, places.end));
            ctx.charge((to - from) / 16)?;
            ctx.reserve_large(to - from)?;
            return Ok(ctx.heap.str(&text[from..to]));
        }
        None if ascii => window.count,
        None => text.len(),
    };
    ctx.charge(bytes / 16)?;
    ctx.reserve_large(bytes * 2)?;
    let mut slice = String::with_capacity(window.count);
    if ascii {
        slice.extend(window.places().map(|place| text.as_bytes()[place] as char));
    } else {
        let from = ctx.heap.byte_offset(at, window.upwards().start as usize);
        slice_chars(&text[from..], window, &mut slice);
    }
    Ok(ctx.heap.str(&slice))
}

/// Every `step`th character of a text that is not ASCII, in one pass; `rest` begins with the first of them.
fn slice_chars(rest: &str, window: Window, out: &mut String) {
    let upwards = window.upwards();
    if window.count == 0 {
        return;
    }
    let picked = rest.chars().step_by(upwards.step as usize).take(window.count);
    if window.step > 0 {
        out.extend(picked);
    } else {
        let picked: Vec<char> = picked.collect();
        out.extend(picked.iter().rev());
    }
}

fn slice_bytes(ctx: &mut Ctx<'_>, a: Value, window: Window) -> Result<Value, Raise> {
    let Value::Bytes(at) = a else { return Ok(a) };
    if window.step == 1 && window.count == ctx.heap[at].as_slice().len() {
        return Ok(a);
    }
    ctx.charge(if window.step == 1 { window.count / 16 } else { window.count })?;
    ctx.reserve_large(window.count * 2)?;
    let data = ctx.heap[at].share();
    Ok(match window.plain() {
        Some(places) => ctx.heap.new_bytes(&data[places]),
        None => {
            let picked: Vec<u8> = window.places().map(|place| data[place]).collect();
            ctx.heap.new_bytes(&picked)
        }
    })
}

fn slice_range(ctx: &mut Ctx<'_>, a: Value, bounds: [Value; 3]) -> Result<Value, Raise> {
    let Value::Range(at) = a else { return Ok(a) };
    let [start, step, length] = range::parts(ctx.heap, at);
    let [lower, upper, stride] = indices(ctx, bounds, &length)?;
    let (first, last) = (&start + lower * &step, start + upper * &step);
    Ok(range::big(ctx.heap, first, last, step * stride))
}

/// `a[lower:upper:step] = value`; all are rooted.
pub fn set_slice(
    ctx: &mut Ctx<'_>,
    a: Value,
    lower: Value,
    upper: Value,
    step: Value,
    value: Value,
) -> NativeResult {
    match a {
        Value::List(_) => {}
        Value::Dict(at) => {
            let key = slice_object(ctx, [lower, upper, step]);
            ctx.heap.scratch.push(key);
            let result = table::dict_set(ctx, at, key, value);
            ctx.heap.scratch.pop();
            return result.map(|()| Value::None.into());
        }
        Value::Host(_) if hooks::find(ctx.heap, a, |hooks| hooks.set_item).is_some() => {
            let key = slice_object(ctx, [lower, upper, step]);
            ctx.heap.scratch.push(key);
            let result = hooks::call(ctx, |hooks| hooks.set_item, &[a, key, value]);
            ctx.heap.scratch.pop();
            return result.unwrap_or(Ok(Value::None.into()));
        }
        _ => return Err(unsupported(ctx, a, "does not support item assignment")),
    }
    unpack_bounds(ctx, lower, upper, step)?;
    if !iterate::is_iterable(ctx.heap, value) {
        return Err(ctx.type_error("must assign iterable to extended slice"));
    }
    iterate::drain::<Assign>(ctx, value, &[a, lower, upper, step], [0; 3])
}

/// Puts the items in the place of a slice. Keeps: the list and the bounds.
struct Assign;

impl iterate::Drain for Assign {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let &[Value::List(list), lower, upper, step] = kept else { return Ok(Value::None.into()) };
        // The iterable may have changed the list.
        let len = ctx.heap[list].items().len();
        let window = unpack_bounds(ctx, lower, upper, step)?.window(len);
        let count = ctx.heap[items].items().len();
        if window.step == 1 {
            charge_move(ctx, len - window.start as usize)?;
            iterate::grow_list(ctx, list, count.saturating_sub(window.count))?;
            let items = ctx.heap.list_edit(items, std::mem::take);
            let places = window.start as usize..window.start as usize + window.count;
            ctx.heap.list_edit(list, |list| drop(list.splice(places, items)));
            return Ok(Value::None.into());
        }
        if count != window.count {
            let size = window.count;
            let message =
                format!("attempt to assign sequence of size {count} to extended slice of size {size}");
            return Err(ctx.value_error(message));
        }
        for (i, place) in window.places().enumerate() {
            let item = ctx.heap[items].items()[i];
            ctx.heap.list_set(list, place, item);
        }
        Ok(Value::None.into())
    }
}

/// `del a[lower:upper:step]`; all are rooted.
pub fn del_slice(ctx: &mut Ctx<'_>, a: Value, lower: Value, upper: Value, step: Value) -> Result<(), Raise> {
    let list = match a {
        Value::List(list) => list,
        Value::Dict(_) | Value::Host(_) => {
            let key = slice_object(ctx, [lower, upper, step]);
            ctx.heap.scratch.push(key);
            let result = super::del_item(ctx, a, key);
            ctx.heap.scratch.pop();
            return result;
        }
        _ => return Err(unsupported(ctx, a, "does not support item deletion")),
    };
    let len = ctx.heap[list].items().len();
    let window = unpack_bounds(ctx, lower, upper, step)?.window(len).upwards();
    if window.count == 0 {
        return Ok(());
    }
    ctx.charge(window.count)?;
    charge_move(ctx, len - window.start as usize)?;
    ctx.heap.list_edit(list, |items| match window.plain() {
        Some(places) => drop(items.drain(places)),
        None => {
            let mut place = 0;
            items.retain(|_| {
                let distance = place - window.start;
                place += 1;
                distance < 0 || distance % window.step != 0 || distance / window.step >= window.count as i64
            });
        }
    });
    Ok(())
}
