//! `max(…)` and `min(…)`.
//!
//! In: an iterable, or several values, with a key function and a default. Out: the first of the greatest or least,
//! or a request when an iterable or key function has to run. Rule: keys are asked for as items come.

use super::direct::direct;
use super::function;
use crate::ast::CompareOp;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::host::arguments;
use crate::ops::iterate::{Flow, Fold, Kept, call_direct, fold};
use crate::ops::{compare, hooks};
use crate::value::Value;

/// `max(…)`.
pub const MAX: Native = function(
    "max",
    Arity::Variadic,
    |ctx, args| extreme(ctx, args, true),
    "max(iterable, *, key=None, default=…) or max(a, b, …): the greatest item",
);

/// `min(…)`.
pub const MIN: Native = function(
    "min",
    Arity::Variadic,
    |ctx, args| extreme(ctx, args, false),
    "min(iterable, *, key=None, default=…) or min(a, b, …): the least item",
);

fn name(max: bool) -> &'static str {
    if max { "max" } else { "min" }
}

fn extreme(ctx: &mut Ctx<'_>, args: Args<'_>, max: bool) -> NativeResult {
    let (mut key, mut default) = (Value::None, Value::Undef);
    if args.is_empty() {
        return Err(ctx.type_error(format!("{} expected at least 1 argument, got 0", name(max))));
    }
    if !args.names.is_empty() {
        [key, default] = arguments::keywords(ctx, name(max), &["key", "default"], args)?;
        key = key.given().unwrap_or(Value::None);
    }
    let several = args.len() > 1;
    if several && !default.is_undef() {
        let name = name(max);
        let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
        return Err(ctx.type_error(message));
    }
    let first = match args[0] {
        Value::List(_) | Value::Tuple(_) if !several => {
            ctx.heap.as_items(args[0]).and_then(<[Value]>::first).copied().unwrap_or_default()
        }
        first => first,
    };
    if key.is_none() && !hooks::compares_by_call(ctx.heap, first) {
        if several {
            return best_of(ctx, args.positional, max).map(Into::into);
        }
        if let Value::List(_) | Value::Tuple(_) = args[0] {
            return best_item(ctx, args[0], default, max);
        }
    }
    let key = direct(ctx.heap, key, 1).unwrap_or(key);
    let is_direct =
        matches!(key, Value::Native(_) | Value::BoundMethod(_)) && direct(ctx.heap, key, 1).is_some();
    let items = if several { ctx.heap.tuple(args.positional) } else { args[0] };
    let words = [max as i64, is_direct as i64, 0];
    fold::<Best>(ctx, items, &[Value::Undef, Value::Undef, key, default, Value::Undef], words)
}

/// Whether `item` beats `best`.
#[inline]
fn beats(ctx: &mut Ctx<'_>, item: Value, best: Value, max: bool) -> Result<bool, Raise> {
    match (item, best) {
        (Value::Int(item), Value::Int(best)) => Ok(if max { item > best } else { item < best }),
        _ => compare::order(ctx, if max { CompareOp::Gt } else { CompareOp::Lt }, item, best),
    }
}

/// The best of some arguments.
fn best_of(ctx: &mut Ctx<'_>, items: &[Value], max: bool) -> Result<Value, Raise> {
    let mut best = items[0];
    if items.len() > 16 {
        ctx.charge(items.len())?;
    }
    for &item in &items[1..] {
        if beats(ctx, item, best, max)? {
            best = item;
        }
    }
    Ok(best)
}

/// The best item of a list or tuple.
fn best_item(ctx: &mut Ctx<'_>, items: Value, default: Value, max: bool) -> NativeResult {
    let Some(&first) = ctx.heap.as_items(items).and_then(<[Value]>::first) else {
        return none(ctx, default, max);
    };
    ctx.charge(ctx.heap.as_items(items).map_or(0, <[Value]>::len))?;
    let (mut best, mut at) = (first, 1);
    while let Some(&item) = ctx.heap.as_items(items).and_then(|items| items.get(at)) {
        if beats(ctx, item, best, max)? {
            best = item;
        }
        at += 1;
    }
    Ok(best.into())
}

/// There was no item.
fn none(ctx: &mut Ctx<'_>, default: Value, max: bool) -> NativeResult {
    match default {
        Value::Undef => Err(ctx.value_error(format!("{}() iterable argument is empty", name(max)))),
        _ => Ok(default.into()),
    }
}

/// Keeps: the best item so far, its key, the key function, the default, the key that a script's function compares with
/// that of the best item, or Undef; `words`: whether the greatest is wanted, whether the key function is called at once,
/// whether there is a best item.
struct Best;

const BEST: usize = 0;
const BEST_KEY: usize = 1;
const KEY: usize = 2;
const DEFAULT: usize = 3;
const RIVAL: usize = 4;

impl Fold for Best {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let key = kept.get(ctx, KEY);
        let by = match key {
            Value::None => item,
            _ if kept.words[1] != 0 => call_direct(ctx, key, &[item])?,
            _ => return Ok(Flow::Call(key, item)),
        };
        Best::called(ctx, kept, item, by)
    }

    fn called(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value, by: Value) -> Result<Flow, Raise> {
        let (best, max) = (kept.get(ctx, BEST_KEY), kept.words[0] != 0);
        let rival = kept.get(ctx, RIVAL);
        let (by, beats) = match rival.given() {
            Some(rival) => {
                // What came is what the function says of the two.
                kept.set(ctx, RIVAL, Value::Undef);
                (rival, beats(ctx, by, Value::Int(0), max)?)
            }
            None if kept.words[2] == 0 => (by, true),
            None if hooks::compares_by_call(ctx.heap, by) => {
                kept.set(ctx, RIVAL, by);
                let (function, args) = compare::comparison(ctx, by, best)?;
                return Ok(Flow::CallWith(function, args));
            }
            None => (by, beats(ctx, by, best, max)?),
        };
        if beats {
            kept.words[2] = 1;
            kept.set(ctx, BEST, item);
            kept.set(ctx, BEST_KEY, by);
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        match kept.words[2] {
            0 => none(ctx, kept.get(ctx, DEFAULT), kept.words[0] != 0),
            _ => Ok(kept.get(ctx, BEST).into()),
        }
    }
}
