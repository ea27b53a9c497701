//! Iterators over iterators: `enumerate`, `zip`, `map`, `filter`, `iter(function, sentinel)`.
//!
//! In: an iterator. Out: its next item, natively where every part is [`ready`], else a request that a small machine
//! makes. Rules: parts are asked from left to right, and no further than CPython asks; each item asked of a part
//! costs a step.

use super::container::{self, Next};
use super::{Kept, Machine, Progress, Step, Turn, answer, grow_list, start, stops, turn};
use crate::ast::BinaryOp;
use crate::heap::{Args, Arity, CallArgs, Ctx, Heap, Outcome, Raise, Resumed};
use crate::object::types::TypeId;
use crate::object::{Iter, ViewKind};
use crate::ops::{compare, hooks, number, types};
use crate::value::{Ref, Value};

/// Iterators of iterators that are walked natively in one go.
const NESTED: u32 = 8;

/// Whether advancing `iter` asks for no script, now and later.
#[inline]
pub fn ready(heap: &Heap, iter: Value) -> bool {
    if let Value::Iter(at) = iter
        && let Iter::List { .. } | Iter::Range { .. } | Iter::Dict { .. } = heap[at]
    {
        return true;
    }
    ready_within(heap, iter, &mut { NESTED })
}

fn ready_within(heap: &Heap, iter: Value, nested: &mut u32) -> bool {
    let Value::Iter(at) = iter else {
        return hooks::find(heap, iter, |hooks| hooks.ready).is_some_and(|ready| ready(heap, iter));
    };
    // Most are: iterators of containers, and of a few of them.
    let parts = match &heap[at] {
        Iter::Enumerate { iter, .. } => std::slice::from_ref(iter),
        Iter::Filter { iter, function, direct } if *direct || function.is_none() => {
            std::slice::from_ref(iter)
        }
        Iter::Zip { iters, .. } | Iter::Map { iters, direct: true, .. } => iters,
        Iter::Map { .. } | Iter::Filter { .. } | Iter::Call { .. } => return false,
        _ => return true,
    };
    if *nested == 0 {
        return false;
    }
    *nested -= 1;
    parts.iter().all(|&part| ready_within(heap, part, nested))
}

/// Advances an iterator that is not a container's.
pub(super) fn next(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Step, Raise> {
    match ctx.heap[at] {
        Iter::Enumerate { iter, plain, .. } => {
            if !plain && !ready(ctx.heap, iter) {
                return step(start::<Count>(ctx, &[Value::Iter(at)], [0; 4])?);
            }
            match take(ctx, iter)? {
                Some(item) => {
                    let count = next_count(ctx, at, item)?;
                    Ok(Step::Item(ctx.heap.tuple(&[count, item])))
                }
                None => Ok(Step::Done),
            }
        }
        Iter::Zip { .. } | Iter::Map { .. } => next_row(ctx, at),
        Iter::Filter { .. } => step(start::<Sift>(ctx, &[Value::Iter(at), Value::Undef], [0; 4])?),
        Iter::Call { function: Value::Undef, .. } => Ok(Step::Done),
        Iter::Call { .. } => step(start::<Poll>(ctx, &[Value::Iter(at)], [0; 4])?),
        _ => Ok(Step::Done),
    }
}

pub(super) fn step(outcome: Outcome) -> Result<Step, Raise> {
    Ok(match outcome {
        Outcome::Return(item) => Step::Item(item),
        Outcome::Exhausted => Step::Done,
        request => Step::Request(request),
    })
}

/// The next item of a part that is [`ready`].
#[inline]
fn take(ctx: &mut Ctx<'_>, iter: Value) -> Result<Option<Value>, Raise> {
    ctx.charge(1)?;
    if let Value::Iter(at) = iter
        && let Some(item) = ctx.heap.next_of_list_or_range(at)
    {
        return Ok(item);
    }
    take_any(ctx, iter)
}

/// [`take`], paid for, of any iterator.
fn take_any(ctx: &mut Ctx<'_>, iter: Value) -> Result<Option<Value>, Raise> {
    match super::next(ctx, iter) {
        Ok(Step::Item(item)) => Ok(Some(item)),
        Ok(Step::Done) => Ok(None),
        Ok(Step::Request(_)) => unreachable!("an iterator that is ready asks for no script"),
        Err(Raise::Exception(exception)) if stops(ctx, exception) => Ok(None),
        Err(raise) => Err(raise),
    }
}

// ---- enumerate ---------------------------------------------------------------------------------------

/// The number for the item at hand; the next one is one more. Keeps `item` if it must.
#[inline]
fn next_count(ctx: &mut Ctx<'_>, at: Ref<Iter>, item: Value) -> Result<Value, Raise> {
    let Iter::Enumerate { count, .. } = ctx.heap.get_mut(at) else { return Ok(Value::None) };
    let now = *count;
    match now {
        Value::Int(n) if n < i64::MAX => *count = Value::Int(n + 1),
        _ => {
            let next = big_count(ctx, now, item)?;
            if let Iter::Enumerate { count, .. } = ctx.heap.get_mut(at) {
                *count = next;
            }
        }
    }
    Ok(now)
}

#[cold]
fn big_count(ctx: &mut Ctx<'_>, now: Value, item: Value) -> Result<Value, Raise> {
    ctx.heap.scratch.push(item);
    let next = number::binary(ctx, BinaryOp::Add, now, Value::Int(1));
    ctx.heap.scratch.pop();
    next
}

/// One step of `enumerate` over what asks for scripts. Keeps: itself.
struct Count;

impl Machine for Count {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let Value::Iter(at) = kept.get(ctx, 0) else { return Ok(Progress::Done(Outcome::Exhausted)) };
        let Iter::Enumerate { iter, .. } = ctx.heap[at] else {
            return Ok(Progress::Done(Outcome::Exhausted));
        };
        let item = match resumed {
            Some(resumed) => answer(ctx, resumed)?,
            None => match turn(ctx, iter)? {
                Turn::Item(item) => Some(item),
                Turn::End => None,
                Turn::Wait(progress) => return Ok(progress),
            },
        };
        Ok(Progress::Done(match item {
            Some(item) => {
                let count = next_count(ctx, at, item)?;
                ctx.heap.tuple(&[count, item]).into()
            }
            None => Outcome::Exhausted,
        }))
    }
}

// ---- zip and map -------------------------------------------------------------------------------------

fn part(heap: &Heap, at: Ref<Iter>, index: usize) -> Option<Value> {
    match &heap[at] {
        Iter::Zip { iters, .. } | Iter::Map { iters, .. } => iters.get(index).copied(),
        _ => None,
    }
}

/// One item of each part of a `zip` or `map`.
fn next_row(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Step, Raise> {
    if let Some((parts, width)) = few_plain(ctx.heap, at) {
        return next_few(ctx, at, parts, width);
    }
    let (width, natively) = match &ctx.heap[at] {
        Iter::Zip { iters, .. } | Iter::Map { iters, .. } => {
            (iters.len(), iters.iter().all(|&part| ready(ctx.heap, part)))
        }
        _ => return Ok(Step::Done),
    };
    if width == 0 {
        return Ok(Step::Done);
    }
    if !natively {
        let row = ctx.heap.list(Vec::new());
        return step(start::<Gather>(ctx, &[Value::Iter(at), row], [0; 4])?);
    }
    if width > 128 {
        ctx.reserve(width * size_of::<Value>() * 2)?;
    }
    let base = ctx.heap.scratch.len();
    let row = fill_row(ctx, at, base);
    ctx.heap.scratch.truncate(base);
    row
}

/// Rows of so many parts are made without the scratch.
const FEW: usize = 4;

/// The parts, if they are few and plain: then no item of a row has to be rooted while the next is made.
#[inline]
fn few_plain(heap: &Heap, at: Ref<Iter>) -> Option<([Value; FEW], usize)> {
    let (Iter::Zip { iters, plain: true, .. } | Iter::Map { iters, plain: true, .. }) = &heap[at] else {
        return None;
    };
    let mut parts = [Value::Undef; FEW];
    match iters[..] {
        [a] => parts[0] = a,
        [a, b] => [parts[0], parts[1]] = [a, b],
        [a, b, c] => [parts[0], parts[1], parts[2]] = [a, b, c],
        _ => return None,
    }
    Some((parts, iters.len()))
}

fn next_few(ctx: &mut Ctx<'_>, at: Ref<Iter>, parts: [Value; FEW], width: usize) -> Result<Step, Raise> {
    let mut row = [Value::Undef; FEW];
    for index in 0..width {
        match take_plain(ctx, parts[index])? {
            Some(item) => row[index] = item,
            None => return row_ends(ctx, at, index),
        }
    }
    let row = &row[..width];
    match ctx.heap[at] {
        Iter::Map { function, direct: true, .. } => {
            let base = ctx.heap.scratch.len();
            ctx.heap.scratch.extend_from_slice(row);
            let result = call_direct(ctx, function, row);
            ctx.heap.scratch.truncate(base);
            result.map(Step::Item)
        }
        Iter::Map { function, .. } => Ok(Step::Request(ctx.call(function, row, None))),
        _ => Ok(Step::Item(ctx.heap.tuple(row))),
    }
}

/// The next item of a part that is plain.
#[inline]
fn take_plain(ctx: &mut Ctx<'_>, part: Value) -> Result<Option<Value>, Raise> {
    ctx.charge(1)?;
    match part {
        Value::Iter(part) => match container::next(ctx, part)? {
            Next::Item(item) => Ok(Some(item)),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Part `index` has no more items: the row ends, if the other parts may go on or have ended too.
fn row_ends(ctx: &mut Ctx<'_>, at: Ref<Iter>, index: usize) -> Result<Step, Raise> {
    match first_end(ctx, at, index)? {
        false => Ok(Step::Done),
        true => step(start::<Gather>(ctx, &[Value::Iter(at), Value::None], [1, CHECK, 0, 0])?),
    }
}

fn fill_row(ctx: &mut Ctx<'_>, at: Ref<Iter>, base: usize) -> Result<Step, Raise> {
    while let Some(part) = part(ctx.heap, at, ctx.heap.scratch.len() - base) {
        match take(ctx, part)? {
            Some(item) => ctx.heap.scratch.push(item),
            None => {
                let index = ctx.heap.scratch.len() - base;
                return row_ends(ctx, at, index);
            }
        }
    }
    if let Iter::Map { function, direct: true, .. } = ctx.heap[at] {
        return direct_row(ctx, function, base).map(Step::Item);
    }
    let row = std::mem::take(&mut ctx.heap.scratch);
    let step = match ctx.heap[at] {
        Iter::Map { function, .. } => Step::Request(ctx.call(function, &row[base..], None)),
        _ => Step::Item(ctx.heap.tuple(&row[base..])),
    };
    ctx.heap.scratch = row;
    Ok(step)
}

/// How the next item comes about, if by one call of a script's function.
pub(super) enum Shortcut {
    /// The function makes it of this one.
    Make(Value, Value),
    /// It is this one, if the function says so.
    Judge(Value, Value),
    /// There is none.
    End,
    /// In another way.
    None,
}

/// What the next item of a `map` or `filter` over one container needs.
#[inline]
pub(super) fn plain_request(ctx: &mut Ctx<'_>, at: Ref<Iter>) -> Result<Shortcut, Raise> {
    let (function, part, judge) = match &ctx.heap[at] {
        Iter::Map { function, iters, direct: false, plain: true } => match iters[..] {
            [part] => (*function, part, false),
            _ => return Ok(Shortcut::None),
        },
        Iter::Filter { function, iter, direct: false } if is_plain(ctx.heap, *iter) => {
            (*function, *iter, true)
        }
        _ => return Ok(Shortcut::None),
    };
    Ok(match take_plain(ctx, part)? {
        None => Shortcut::End,
        Some(item) if judge => Shortcut::Judge(function, item),
        Some(item) => Shortcut::Make(function, item),
    })
}

/// Whether `iter` walks a container and never collects.
#[inline]
pub(crate) fn is_plain(heap: &Heap, iter: Value) -> bool {
    match iter {
        Value::Iter(at) => !matches!(
            heap[at],
            Iter::BigRange { .. }
                | Iter::Enumerate { .. }
                | Iter::Zip { .. }
                | Iter::Map { .. }
                | Iter::Filter { .. }
                | Iter::Call { .. }
        ),
        _ => false,
    }
}

/// Calls `function` with what lies in the scratch from `base` on.
fn direct_row(ctx: &mut Ctx<'_>, function: Value, base: usize) -> Result<Value, Raise> {
    let mut args = [Value::Undef; 4];
    let row = &ctx.heap.scratch[base..];
    let count = row.len().min(args.len());
    args[..count].copy_from_slice(&row[..count]);
    call_direct(ctx, function, &args[..count])
}

/// Part `index` of a zip or map has no more items. Whether the other parts must have ended too.
fn first_end(ctx: &mut Ctx<'_>, at: Ref<Iter>, index: usize) -> Result<bool, Raise> {
    match ctx.heap[at] {
        Iter::Zip { strict: true, .. } if index > 0 => Err(uneven(ctx, index, "shorter")),
        Iter::Zip { strict, .. } => Ok(strict),
        _ => Ok(false),
    }
}

/// `zip() argument 2 is shorter than argument 1`
#[cold]
fn uneven(ctx: &mut Ctx<'_>, index: usize, what: &str) -> Raise {
    let others = if index == 1 { "argument 1".to_string() } else { format!("arguments 1-{index}") };
    ctx.value_error(format!("zip() argument {} is {what} than {others}", index + 1))
}

/// One row of `zip` or `map` over what asks for scripts. Keeps: itself, a list of the items so far. `words[0]` is the
/// part that is asked, `words[1]` tells whether the row is being filled or [`CHECK`]ed for having ended.
struct Gather;

const CHECK: i64 = 1;

impl Machine for Gather {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let Value::Iter(at) = kept.get(ctx, 0) else { return Ok(Progress::Done(Outcome::Exhausted)) };
        let mut answer = match resumed {
            Some(resumed) => Some(answer(ctx, resumed)?),
            None => None,
        };
        loop {
            if let Some(answer) = answer
                && let Some(outcome) = gathered(ctx, kept, at, answer)?
            {
                return Ok(Progress::Done(outcome));
            }
            let Some(part) = part(ctx.heap, at, kept.words[0] as usize) else {
                return complete(ctx, kept, at).map(Progress::Done);
            };
            if !ready(ctx.heap, part) {
                return Ok(Progress::Next(part));
            }
            answer = Some(take(ctx, part)?);
        }
    }
}

/// Takes the answer of the part that was asked; an outcome if the row ends with it.
fn gathered(
    ctx: &mut Ctx<'_>,
    kept: &mut Kept,
    at: Ref<Iter>,
    answer: Option<Value>,
) -> Result<Option<Outcome>, Raise> {
    let index = kept.words[0] as usize;
    match (answer, kept.words[1] == CHECK) {
        (Some(_), true) => return Err(uneven(ctx, index, "longer")),
        (None, true) => {}
        (Some(item), false) => {
            if let Value::List(row) = kept.get(ctx, 1) {
                ctx.heap.scratch.push(item);
                let room = grow_list(ctx, row, 1);
                ctx.heap.scratch.pop();
                room?;
                ctx.heap.list_push(row, item);
            }
        }
        (None, false) => {
            if !first_end(ctx, at, index)? {
                return Ok(Some(Outcome::Exhausted));
            }
            kept.words[1] = CHECK;
        }
    }
    kept.words[0] += 1;
    Ok(None)
}

/// Every part has answered.
fn complete(ctx: &mut Ctx<'_>, kept: &Kept, at: Ref<Iter>) -> Result<Outcome, Raise> {
    if kept.words[1] == CHECK {
        return Ok(Outcome::Exhausted);
    }
    let Value::List(row) = kept.get(ctx, 1) else { return Ok(Outcome::Exhausted) };
    ctx.reserve_large(size_of_val::<[Value]>(ctx.heap[row].items()))?;
    let items = ctx.heap[row].items().to_vec();
    Ok(match ctx.heap[at] {
        Iter::Map { function, .. } => ctx.call(function, &items, None),
        _ => ctx.heap.tuple(&items).into(),
    })
}

// ---- filter ------------------------------------------------------------------------------------------

/// One step of `filter`. Keeps: itself, the item that is being judged; `words[0]` tells what it waits for.
struct Sift;

const VERDICT: i64 = 1;

impl Machine for Sift {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let Value::Iter(at) = kept.get(ctx, 0) else { return Ok(Progress::Done(Outcome::Exhausted)) };
        let Iter::Filter { function, iter, direct } = ctx.heap[at] else {
            return Ok(Progress::Done(Outcome::Exhausted));
        };
        let mut found = match resumed {
            Some(Resumed::Value(verdict)) if kept.words[0] == VERDICT => {
                if types::truthy(ctx.heap, verdict) {
                    return Ok(Progress::Done(kept.get(ctx, 1).into()));
                }
                None
            }
            Some(Resumed::Raised(exception)) if kept.words[0] == VERDICT => {
                return Err(Raise::Exception(exception));
            }
            Some(Resumed::Exhausted(value)) if kept.words[0] == VERDICT => {
                return Err(super::stop_iteration(ctx, value));
            }
            Some(resumed) => Some(answer(ctx, resumed)?),
            None => None,
        };
        loop {
            match found {
                None => {}
                Some(None) => return Ok(Progress::Done(Outcome::Exhausted)),
                Some(Some(item)) => {
                    kept.set(ctx, 1, item);
                    let verdict = match function {
                        Value::None => item,
                        _ if direct => call_direct(ctx, function, &[item])?,
                        _ => {
                            kept.words[0] = VERDICT;
                            return Ok(Progress::Call(function, CallArgs::One(item)));
                        }
                    };
                    if types::truthy(ctx.heap, verdict) {
                        return Ok(Progress::Done(item.into()));
                    }
                }
            }
            ctx.safe_point()?;
            found = match turn(ctx, iter)? {
                Turn::Item(item) => Some(Some(item)),
                Turn::End => Some(None),
                Turn::Wait(progress) => {
                    kept.words[0] = 0;
                    return Ok(progress);
                }
            };
        }
    }
}

// ---- iter(function, sentinel) ------------------------------------------------------------------------

/// One step of `iter(function, sentinel)`. Keeps: itself.
struct Poll;

impl Machine for Poll {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let Value::Iter(at) = kept.get(ctx, 0) else { return Ok(Progress::Done(Outcome::Exhausted)) };
        let Iter::Call { function, sentinel } = ctx.heap[at] else {
            return Ok(Progress::Done(Outcome::Exhausted));
        };
        let Some(resumed) = resumed else {
            return Ok(Progress::Call(function, CallArgs::Tuple(ctx.heap.tuple(&[]))));
        };
        if let Some(item) = answer(ctx, resumed)?
            && !(compare::is_same(item, sentinel) || compare::equal(ctx, sentinel, item)?)
        {
            return Ok(Progress::Done(item.into()));
        }
        *ctx.heap.get_mut(at) = Iter::Call { function: Value::Undef, sentinel };
        Ok(Progress::Done(Outcome::Exhausted))
    }
}

// ---- natives called at once --------------------------------------------------------------------------

/// Calls a native, or a method bound to a receiver, that takes these arguments by position and asks for no script.
/// They and the function are rooted.
pub fn call_direct(ctx: &mut Ctx<'_>, function: Value, args: &[Value]) -> Result<Value, Raise> {
    let mut places = [Value::Undef; 16];
    let (callee, bound) = match function {
        Value::BoundMethod(at) => {
            places[0] = ctx.heap[at].receiver;
            (ctx.heap[at].method, 1)
        }
        _ => (function, 0),
    };
    let Value::Native(number) = callee else { return Ok(Value::None) };
    let native = ctx.heap.natives.get(number);
    let given = bound + args.len();
    places[bound..given].copy_from_slice(args);
    if let Some(owner) = native.owner
        && !types::belongs(ctx.heap, places[0], owner)
    {
        let given = types::type_name(ctx.heap, places[0]);
        let (name, class) = (native.name, owner.message_name());
        let message =
            format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object");
        return Err(ctx.type_error(message));
    }
    let parameters = native.owner.is_some() as usize
        + match native.arity {
            Arity::Positional(_, most) => most as usize,
            Arity::Named { names, .. } | Arity::Script { names, .. } => names.len(),
            _ => 0,
        };
    match (native.call)(ctx, Args::new(&places[..parameters.max(given)]))? {
        Outcome::Return(value) => Ok(value),
        _ => Err(ctx.error(TypeId::SystemError, "a native called at once asked for a script")),
    }
}

// ---- pairs -------------------------------------------------------------------------------------------

/// What advancing an iterator gave to a loop with two targets.
#[derive(Clone, Copy, Debug)]
pub enum Pair {
    /// An item of two, which no tuple was made for.
    Two(Value, Value),
    /// Anything else.
    One(Step),
}

/// [`next`](super::next) for `for a, b in iter`: the pairs of `items()`, `enumerate` and `zip` need no tuple.
#[inline]
pub fn next_pair(ctx: &mut Ctx<'_>, iter: Value) -> Result<Pair, Raise> {
    let Value::Iter(at) = iter else { return super::next(ctx, iter).map(Pair::One) };
    match ctx.heap[at] {
        Iter::Dict { dict: Value::Dict(dict), kind: ViewKind::Items, .. } => {
            Ok(match container::next_entry(ctx, at, dict)? {
                Some(entry) => Pair::Two(entry.key, entry.value),
                None => Pair::One(Step::Done),
            })
        }
        Iter::Enumerate { iter, plain: true, .. } => Ok(match take_plain(ctx, iter)? {
            Some(item) => Pair::Two(next_count(ctx, at, item)?, item),
            None => Pair::One(Step::Done),
        }),
        Iter::Zip { ref iters, strict: false, plain: true } => match iters[..] {
            [a, b] => {
                let Some(a) = take_plain(ctx, a)? else { return Ok(Pair::One(Step::Done)) };
                let Some(b) = take_plain(ctx, b)? else { return Ok(Pair::One(Step::Done)) };
                Ok(Pair::Two(a, b))
            }
            _ => super::next(ctx, iter).map(Pair::One),
        },
        _ => super::next(ctx, iter).map(Pair::One),
    }
}
