//! `count`, `cycle`, `repeat`: what may go on for ever.
//!
//! In: a number, an iterable, a value. Out: iterators. Rule: an item of `count` or `repeat` costs what asking for it does,
//! and nothing is kept but what `cycle` has to give again.

use star::ast::BinaryOp;
use star::heap::{Args, Arity, HostType, Native, NativeResult, Outcome, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::ops::{hooks, number};
use star::private::{Ctx, Hooks, Piece, Raise, Value};

use super::step::{self, finish, iterator, part, set_part, word};
use crate::arguments::ssize;
use crate::native::function;

// ---- count ---------------------------------------------------------------------------------------------

/// `count`. Parts: the next number, the step.
pub(super) static COUNT: HostType = HostType {
    hooks: Hooks {
        full_name: true,
        next: Some(next_count),
        ready: Some(|_, _| true),
        repr: Some(|ctx, own| {
            let (next, step) = (part(ctx, own, 0), part(ctx, own, 1));
            let mut pieces = vec![Piece::Text("count(".into()), Piece::Repr(next)];
            if step != Value::Int(1) {
                pieces.extend([Piece::Text(", ".into()), Piece::Repr(step)]);
            }
            pieces.push(Piece::Text(")".into()));
            Ok(pieces)
        }),
        ..Hooks::NONE
    },
    ..iterator("count", "Numbers from one on, at one distance.", &NEW_COUNT, next_count)
};

static NEW_COUNT: Native = function(
    "count",
    Arity::Named { names: &["start", "step"], required: 0, positional: 2 },
    |ctx, args| {
        let start = a_number(ctx, args.get(0).unwrap_or(Value::Int(0)))?;
        let step = a_number(ctx, args.get(1).unwrap_or(Value::Int(1)))?;
        Ok(ctx.heap.object(&COUNT, [start, step], [0; 4]).into())
    },
    "count(start=0, step=1): start, start + step, start + 2 * step, …",
);

fn a_number(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    match v.as_int() {
        Some(n) => Ok(Value::Int(n)),
        None if number::is_number(v) || hooks::find(ctx.heap, v, |hooks| hooks.number).is_some() => Ok(v),
        None => Err(ctx.type_error("a number is required")),
    }
}

fn next_count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(parts) = ctx.heap.parts_mut(args[0]) else { return Ok(Outcome::Exhausted) };
    let (now, step) = (parts.values[0], parts.values[1]);
    if let (Value::Int(now), Value::Int(step)) = (now, step)
        && let Some(next) = now.checked_add(step)
    {
        parts.values[0] = Value::Int(next);
        return Ok(Value::Int(now).into());
    }
    ctx.heap.scratch.push(now);
    let next = number::binary(ctx, BinaryOp::Add, now, step);
    ctx.heap.scratch.pop();
    set_part(ctx, args[0], 0, next?);
    Ok(now.into())
}

// ---- repeat --------------------------------------------------------------------------------------------

/// `repeat`. Parts: the value; `words`: how often it is still to come, −1 for ever.
pub(super) static REPEAT: HostType = HostType {
    hooks: Hooks {
        full_name: true,
        next: Some(next_repeat),
        ready: Some(|_, _| true),
        repr: Some(|ctx, own| {
            let end = match word(ctx, own, 0) {
                -1 => ")".to_string(),
                left => format!(", {left})"),
            };
            Ok(vec![Piece::Text("repeat(".into()), Piece::Repr(part(ctx, own, 0)), Piece::Text(end)])
        }),
        ..Hooks::NONE
    },
    ..iterator("repeat", "One value, over and over.", &NEW_REPEAT, next_repeat)
};

static NEW_REPEAT: Native = function(
    "repeat",
    Arity::Named { names: &["object", "times"], required: 1, positional: 2 },
    |ctx, args| {
        let left = match args.get(1) {
            Some(times) => ssize(ctx, times)?.max(0),
            None => -1,
        };
        Ok(ctx.heap.object(&REPEAT, [args[0]], [left, 0, 0, 0]).into())
    },
    "repeat(object, times=…): the object so many times, or for ever",
);

fn next_repeat(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(parts) = ctx.heap.parts_mut(args[0]) else { return Ok(Outcome::Exhausted) };
    match parts.words[0] {
        0 => return Ok(Outcome::Exhausted),
        -1 => {}
        left => parts.words[0] = left - 1,
    }
    Ok(parts.values[0].into())
}

// ---- cycle ---------------------------------------------------------------------------------------------

/// `cycle`. Parts: the iterator, the items that have come; `words`: the part that comes next, once it has ended.
pub(super) static CYCLE: HostType =
    iterator("cycle", "The items of an iterable, over and over.", &NEW_CYCLE, step::step::<Cycle>);

static NEW_CYCLE: Native = function(
    "cycle",
    Arity::Positional(1, 1),
    |ctx, args| {
        let iter = iterate::iter(ctx, args[0])?;
        Ok(ctx.heap.object(&CYCLE, [iter], [1, 0, 0, 0]).into())
    },
    "cycle(iterable): its items, over and over",
);

/// One step. Keeps: itself.
struct Cycle;

impl Machine for Cycle {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let iter = part(ctx, own, 0);
        let found = match resumed {
            Some(resumed) => answer(ctx, resumed)?,
            None if iter.is_undef() => None,
            None => match turn(ctx, iter)? {
                Turn::Item(item) => Some(item),
                Turn::End => None,
                Turn::Wait(progress) => return Ok(progress),
            },
        };
        if let Some(item) = found {
            kept.set(ctx, 1, item);
            save(ctx, own, item)?;
            return Ok(Progress::Done(item.into()));
        }
        let Some(parts) = ctx.heap.parts_mut(own) else { return Ok(finish(ctx, own)) };
        parts.values[0] = Value::Undef;
        let at = parts.words[0] as usize;
        let Some(&item) = parts.values.get(at) else { return Ok(finish(ctx, own)) };
        parts.words[0] = if at + 1 < parts.values.len() { at as i64 + 1 } else { 1 };
        Ok(Progress::Done(item.into()))
    }
}

/// Keeps an item, which is rooted, for later.
fn save(ctx: &mut Ctx<'_>, own: Value, item: Value) -> Result<(), Raise> {
    let values = &ctx.heap.parts(own).values;
    let (len, capacity) = (values.len(), values.capacity());
    if len == capacity {
        let more = (capacity / 2).max(4);
        ctx.reserve_large((capacity + more) * size_of::<Value>())?;
        ctx.heap.edit_parts(own, |parts| parts.values.reserve_exact(more));
    }
    if let Some(parts) = ctx.heap.parts_mut(own) {
        parts.values.push_back(item);
    }
    Ok(())
}
