//! Equality of containers, without recursion.
//!
//! In: two values whose items decide whether they are equal. Out: whether they are. Rule: a pair of containers that
//! was found equal is not compared again, so structures that share parts cost what they hold and not what they
//! unfold to.

use std::collections::HashSet;

use super::{Shallow, plain_shallow, shallow, text_cost, too_deep};
use crate::ast::CompareOp;
use crate::heap::{Compared, Ctx, Heap, Raise};
use crate::object::{Dict, Struct};
use crate::ops::{DATA_DEPTH, hash, hooks, table};
use crate::value::{Ref, Value};

/// Two containers being compared, or a search among keys.
enum Frame {
    /// Items of two sequences of one length (lists, tuples, slices, those of a host) from `index` on.
    Items { a: Value, b: Value, index: usize },
    /// Fields of two structs of one type, by name.
    Fields { a: Ref<Struct>, b: Ref<Struct>, index: usize },
    /// Whether each key of `a` from raw entry `index` on is in `b`; both have tables.
    Keys { a: Value, b: Value, index: usize },
    /// Whether each entry of `a` from raw entry `index` on is in `b`.
    Entries { a: Ref<Dict>, b: Ref<Dict>, index: usize, searching: bool },
    /// Whether each key of `a` from raw entry `index` on is a pair that is an entry of `b`.
    Pairs { a: Value, b: Ref<Dict>, index: usize, searching: bool },
    /// Whether one of `candidates` is equal to `key`.
    Search { key: Value, candidates: Vec<Value>, current: Value },
}

/// What a frame wants next.
enum Step {
    /// Its answer.
    Done(bool),
    /// Compare these two, which needs a frame of its own.
    Compare(Value, Value),
    /// Search for a key among these candidates.
    Search(Value, Vec<Value>),
}

/// Pairs finished before pairs are remembered: small comparisons never pay for it.
const MEMO_FROM: usize = 64;
/// Pairs remembered at most; then all are forgotten.
const MEMO_MAX: usize = 1 << 17;

/// `a == b` where [`shallow`] said that items decide.
pub(super) fn deep(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    match open(ctx, a, b)? {
        Opened::Frame(frame) => run(ctx, frame),
        Opened::Answer(equal) => Ok(equal),
    }
}

/// `a <= b` of sets, frozensets, keys and items views.
pub(in crate::ops) fn subset(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    match open_sets(ctx, a, b)? {
        Some(frame) => run(ctx, frame),
        None => Ok(false),
    }
}

fn run(ctx: &mut Ctx<'_>, mut first: Frame) -> Result<bool, Raise> {
    // Most containers hold nothing that needs a frame: they are done here, without a stack.
    let mut found = Value::Undef;
    let mut pending = match first.step(ctx, None, &mut found)? {
        Step::Done(result) => return Ok(result),
        step => Some(step),
    };
    let mut stack = vec![first];
    let mut memo: HashSet<(Value, Value)> = HashSet::new();
    let mut finished = 0;
    // The answer of the frame that was on top, if there was one, and the key that a search has found.
    let mut answer: Option<bool> = None;
    while let Some(frame) = stack.last_mut() {
        let step = match pending.take() {
            Some(step) => step,
            None => frame.step(ctx, answer.take(), &mut found)?,
        };
        match step {
            Step::Done(result) => {
                let pair = frame.pair();
                stack.pop();
                finished += 1;
                if let (true, true, Some(pair)) = (result, finished > MEMO_FROM, pair) {
                    if memo.len() == MEMO_MAX {
                        memo.clear();
                    }
                    memo.insert(pair);
                }
                answer = Some(result);
            }
            Step::Compare(a, b) if memo.contains(&(a, b)) => answer = Some(true),
            Step::Compare(a, b) => match open(ctx, a, b)? {
                Opened::Answer(equal) => answer = Some(equal),
                Opened::Frame(_) if stack.len() >= DATA_DEPTH => return Err(too_deep(ctx)),
                Opened::Frame(frame) => stack.push(frame),
            },
            Step::Search(key, candidates) => {
                stack.push(Frame::Search { key, candidates, current: Value::Undef });
            }
        }
    }
    Ok(answer == Some(true))
}

/// How a comparison of two values begins.
enum Opened {
    /// With their items.
    Frame(Frame),
    /// It is over.
    Answer(bool),
}

impl From<Option<Frame>> for Opened {
    fn from(frame: Option<Frame>) -> Opened {
        frame.map_or(Opened::Answer(false), Opened::Frame)
    }
}

/// The frame that compares two containers of one kind and length, or what their types say.
fn open(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Opened, Raise> {
    if !hooks::compares(ctx.heap, a, b) {
        return Ok(open_plain(ctx, a, b)?.into());
    }
    if let Some((a_len, b_len)) = hooks::sequence_lengths(ctx.heap, a, b) {
        return Ok((a_len == b_len).then_some(Frame::Items { a, b, index: 0 }).into());
    }
    let (a, b) = match hooks::compare(ctx, CompareOp::Eq, a, b)? {
        Compared::Is(equal) => return Ok(Opened::Answer(equal)),
        Compared::As(a, b) => (a, b),
        Compared::Unknown if matches!((a, b), (Value::Host(_), _) | (_, Value::Host(_))) => {
            return Ok(Opened::Answer(a == b));
        }
        Compared::Unknown => (a, b),
    };
    // What stands for them, or dicts and tuples whose types leave this pair to what they are.
    Ok(match plain_shallow(ctx.heap, a, b) {
        Shallow::Equal => Opened::Answer(true),
        Shallow::Unequal => Opened::Answer(false),
        Shallow::Deep => open_plain(ctx, a, b)?.into(),
    })
}

/// The frame that compares two containers of one kind and length; `None` if they cannot be equal.
fn open_plain(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Option<Frame>, Raise> {
    Ok(match (a, b) {
        (Value::List(_), Value::List(_))
        | (Value::Tuple(_), Value::Tuple(_))
        | (Value::Slice(_), Value::Slice(_)) => Some(Frame::Items { a, b, index: 0 }),
        (Value::Dict(a), Value::Dict(b)) => Some(Frame::Entries { a, b, index: 0, searching: false }),
        (Value::Struct(a), Value::Struct(b)) => Some(Frame::Fields { a, b, index: 0 }),
        // As in CPython, a set lets the view compare; an items view's values must be hashable then.
        (Value::Set(_) | Value::FrozenSet(_), Value::DictView(_)) => open_sets(ctx, b, a)?,
        _ => open_sets(ctx, a, b)?,
    })
}

fn open_sets(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Option<Frame>, Raise> {
    if let (Some(a), Some(b)) = (table::items_of(ctx.heap, a), table::items_of(ctx.heap, b)) {
        return Ok(Some(Frame::Entries { a, b, index: 0, searching: false }));
    }
    let a = table::with_table(ctx, a)?;
    if let (Some(a), Some(b)) = (a, table::items_of(ctx.heap, b)) {
        return Ok(Some(Frame::Pairs { a, b, index: 0, searching: false }));
    }
    Ok(match (a, table::with_table(ctx, b)?) {
        (Some(a), Some(b)) => Some(Frame::Keys { a, b, index: 0 }),
        _ => None,
    })
}

/// Two items: identical, equal, unequal, or to be looked into.
fn item(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Shallow, Raise> {
    if a == b {
        return Ok(Shallow::Equal);
    }
    ctx.charge(text_cost(ctx.heap, a, b))?;
    Ok(shallow(ctx.heap, a, b))
}

impl Frame {
    /// The two containers, if being equal is what the frame answers.
    fn pair(&self) -> Option<(Value, Value)> {
        match *self {
            Frame::Items { a, b, .. } | Frame::Keys { a, b, .. } => Some((a, b)),
            Frame::Fields { a, b, .. } => Some((Value::Struct(a), Value::Struct(b))),
            Frame::Entries { a, b, .. } => Some((Value::Dict(a), Value::Dict(b))),
            Frame::Search { .. } | Frame::Pairs { .. } => None,
        }
    }

    /// Goes on, with the answer to what was asked for last.
    fn step(&mut self, ctx: &mut Ctx<'_>, answer: Option<bool>, found: &mut Value) -> Result<Step, Raise> {
        if let Frame::Search { key, candidates, current } = self {
            if answer == Some(true) {
                *found = *current;
                return Ok(Step::Done(true));
            }
            let Some(candidate) = candidates.pop() else { return Ok(Step::Done(false)) };
            ctx.charge(1)?;
            *current = candidate;
            return Ok(Step::Compare(*key, candidate));
        }
        if answer == Some(false) {
            return Ok(Step::Done(false));
        }
        loop {
            let next = match self {
                Frame::Items { a, b, index } => next_items(ctx.heap, *a, *b, index),
                Frame::Fields { a, b, index } => next_fields(ctx, *a, *b, index)?,
                Frame::Keys { a, b, index } => next_key(ctx, *a, *b, index)?,
                Frame::Entries { a, b, index, searching } => {
                    next_entry(ctx, *a, *b, index, searching, *found)?
                }
                Frame::Pairs { a, b, index, searching } => next_pair(ctx, *a, *b, index, searching, *found)?,
                Frame::Search { .. } => return Ok(Step::Done(false)),
            };
            let (a, b) = match next {
                Step::Compare(a, b) => (a, b),
                other => return Ok(other),
            };
            ctx.charge(1)?;
            match item(ctx, a, b)? {
                Shallow::Equal => {}
                Shallow::Unequal => return Ok(Step::Done(false)),
                Shallow::Deep => return Ok(Step::Compare(a, b)),
            }
        }
    }
}

fn items(heap: &Heap, v: Value) -> &[Value] {
    match v {
        Value::List(at) => heap[at].items(),
        Value::Tuple(at) => heap[at].items(),
        Value::Slice(at) => &heap[at].bounds,
        _ => &[],
    }
}

fn next_items(heap: &Heap, a: Value, b: Value, index: &mut usize) -> Step {
    let pair = match a {
        Value::Host(_) => (hooks::item_at(heap, a, *index), hooks::item_at(heap, b, *index)),
        _ => (items(heap, a).get(*index).copied(), items(heap, b).get(*index).copied()),
    };
    match pair {
        (Some(a), Some(b)) => {
            *index += 1;
            Step::Compare(a, b)
        }
        _ => Step::Done(true),
    }
}

/// The next field of `a` beside the one of that name of `b`, which is mostly at the same place.
fn next_fields(ctx: &mut Ctx<'_>, a: Ref<Struct>, b: Ref<Struct>, index: &mut usize) -> Result<Step, Raise> {
    let (a, b) = (&ctx.heap[a], &ctx.heap[b]);
    let (Some(&name), Some(&value)) = (a.names.get(*index), a.values.get(*index)) else {
        return Ok(Step::Done(true));
    };
    let is_name = |&other: &Value| shallow(ctx.heap, name, other) == Shallow::Equal;
    let place = match b.names.get(*index).is_some_and(is_name) {
        true => Some(*index),
        false => b.names.iter().position(is_name),
    };
    let Some(other) = place.and_then(|place| b.values.get(place)).copied() else {
        return Ok(Step::Done(false));
    };
    if place != Some(*index) {
        ctx.charge(place.unwrap_or(0))?;
    }
    *index += 1;
    Ok(Step::Compare(value, other))
}

/// Skips keys of `a` that are in `b`; stops where that takes a search.
fn next_key(ctx: &mut Ctx<'_>, a: Value, b: Value, index: &mut usize) -> Result<Step, Raise> {
    while let Some((hash, key)) = table::next_key(ctx.heap, a, index) {
        ctx.charge(1)?;
        match table::look_up_in(ctx.heap, b, hash, key) {
            table::LookUp::Found(_) => {}
            table::LookUp::Missing => return Ok(Step::Done(false)),
            table::LookUp::Deep(candidates) => return Ok(Step::Search(key, candidates)),
        }
    }
    Ok(Step::Done(true))
}

/// The next value of `a` beside the one of that key of `b`.
fn next_entry(
    ctx: &mut Ctx<'_>,
    a: Ref<Dict>,
    b: Ref<Dict>,
    index: &mut usize,
    searching: &mut bool,
    found: Value,
) -> Result<Step, Raise> {
    // After a search the entry is the one before `index`, and `found` is its key in `b`.
    let searched = std::mem::take(searching);
    if searched {
        *index -= 1;
    }
    let Some((hash, key)) = table::next_key(ctx.heap, Value::Dict(a), index) else {
        return Ok(Step::Done(true));
    };
    let value = ctx.heap[a].table().raw_entries()[*index - 1].value;
    let key = if searched { found } else { key };
    Ok(value_beside(ctx.heap, b, (hash, key), value, searching))
}

/// The next value in a pair of `a` beside the one of that key of `b`.
fn next_pair(
    ctx: &mut Ctx<'_>,
    a: Value,
    b: Ref<Dict>,
    index: &mut usize,
    searching: &mut bool,
    found: Value,
) -> Result<Step, Raise> {
    let searched = std::mem::take(searching);
    if searched {
        *index -= 1;
    }
    let Some((_, pair)) = table::next_key(ctx.heap, a, index) else { return Ok(Step::Done(true)) };
    let Value::Tuple(pair) = pair else { return Ok(Step::Done(false)) };
    let &[key, value] = ctx.heap[pair].items() else { return Ok(Step::Done(false)) };
    let key = if searched { found } else { key };
    let hash = hash::table_hash(ctx, key)?;
    Ok(value_beside(ctx.heap, b, (hash, key), value, searching))
}

/// `value` beside that of `key` in `b`, once the key is found there.
fn value_beside(
    heap: &Heap,
    b: Ref<Dict>,
    (hash, key): (u64, Value),
    value: Value,
    searching: &mut bool,
) -> Step {
    match table::look_up(heap, heap[b].table(), hash, key) {
        table::LookUp::Found(entry) => Step::Compare(value, heap[b].table().raw_entries()[entry].value),
        table::LookUp::Missing => Step::Done(false),
        table::LookUp::Deep(candidates) => {
            *searching = true;
            Step::Search(key, candidates)
        }
    }
}
