//! Iteration.
//!
//! In: an iterable or iterator. Out: its items one by one, or a request to run the script that makes the next one.
//! Rules: what is walked natively is [`ready`] and never asks for a script; iterators of iterators go
//! on natively only to a fixed depth, beyond it the VM's frames carry them; an iterator is rooted by whoever
//! advances it.
//!
//! | file | |
//! | --- | --- |
//! | `container` | iterators of the containers |
//! | `lazy` | `enumerate`, `zip`, `map`, `filter`, `iter(f, sentinel)` |
//! | `machine` | natives that wait: values and numbers kept between requests |
//! | `fold` | consuming any iterable item by item |
//! | `collect` | the items of any iterable at once; extending lists and sets |
//! | `turn` | asking an iterator for an item from within a native |
//! | `pairs` | dicts from iterables of pairs |
//! | `unpack` | `a, *b = iterable` |

use super::{hooks, types};
use crate::heap::{Ctx, Heap, NativeResult, Outcome, Raise};
use crate::object::{Dict, Iter, Table, ViewKind};
use crate::value::{Ref, Value};

mod collect;
mod container;
mod fold;
mod lazy;
mod machine;
mod pairs;
mod turn;
mod unpack;

use container::Next;

pub use collect::{Drain, collect, count, drain, extend_list, extend_set, grow_list};
pub use fold::{Flow, Fold, fold};
pub(crate) use lazy::is_plain;
pub use lazy::{Pair, call_direct, next_pair, ready};
pub use machine::{Kept, Machine, Progress, start, stop_iteration, stops};
pub use pairs::update_dict;
pub use turn::{Turn, answer, result, turn};
pub use unpack::unpack;

/// What advancing an iterator gave.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The next item.
    Item(Value),
    /// Nothing more will come.
    Done,
    /// A script has to run first. The result of this outcome is the item; if it ends `Exhausted`, or raises
    /// StopIteration, there are no more.
    Request(Outcome),
}

/// `iter(v)`: an iterator is its own.
pub fn iter(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    match container_iter(ctx.heap, v) {
        Some(iter) => Ok(ctx.heap.iter(iter)),
        None if matches!(v, Value::Iter(_) | Value::Generator(_)) => Ok(v),
        None => host_iter(ctx, v),
    }
}

fn host_iter(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    match hooks::call_now(ctx, |hooks| hooks.iter, &[v]) {
        Some(iter) => iter,
        None if is_iterator(ctx.heap, v) => Ok(v),
        None => Err(not_iterable(ctx, v)),
    }
}

/// Whether `v` can be walked.
pub fn is_iterable(heap: &Heap, v: Value) -> bool {
    is_iterator(heap, v)
        || container_iter(heap, v).is_some()
        || hooks::find(heap, v, |hooks| hooks.iter).is_some()
}

/// Whether `v` is walked by asking it for its next item.
pub fn is_iterator(heap: &Heap, v: Value) -> bool {
    match v {
        Value::Iter(_) | Value::Generator(_) => true,
        Value::Host(_) => hooks::find(heap, v, |hooks| hooks.next).is_some(),
        _ => false,
    }
}

/// A fresh iterator over `v`, if it is a container.
fn container_iter(heap: &Heap, v: Value) -> Option<Iter> {
    Some(match v {
        Value::List(_) => Iter::List { list: v, index: 0 },
        Value::Tuple(_) => Iter::Tuple { tuple: v, index: 0 },
        Value::Str(_) => Iter::Str { text: v, offset: 0 },
        Value::Bytes(_) => Iter::Bytes { bytes: v, index: 0 },
        Value::Range(at) => match heap[at].small() {
            Some((next, step, left)) => Iter::Range { next, step, left },
            None => Iter::BigRange { range: v, index: Value::Int(0) },
        },
        Value::Dict(at) => dict_iter(heap, at, ViewKind::Keys, false),
        Value::DictView(at) => match heap[at].dict {
            Value::Dict(dict) => dict_iter(heap, dict, heap[at].kind, false),
            _ => return None,
        },
        Value::Set(at) => set_iter(v, heap[at].table()),
        Value::FrozenSet(at) => set_iter(v, heap[at].table()),
        _ => return None,
    })
}

fn set_iter(set: Value, table: &Table<()>) -> Iter {
    Iter::Set { set, index: table.first().unwrap_or(0), len: table.len() }
}

/// An iterator over the entries of a dict.
pub(crate) fn dict_iter(heap: &Heap, dict: Ref<Dict>, kind: ViewKind, reversed: bool) -> Iter {
    let table = heap[dict].table();
    let end = table.raw_entries().len();
    let index = if reversed { end } else { table.first().unwrap_or(end) };
    let left = table.len();
    Iter::Dict { dict: Value::Dict(dict), kind, index, len: heap[dict].shape(), left, reversed }
}

/// `'int' object is not iterable`.
#[cold]
pub fn not_iterable(ctx: &mut Ctx<'_>, v: Value) -> Raise {
    let name = types::type_name(ctx.heap, v);
    ctx.type_error(format!("'{name}' object is not iterable"))
}

/// Advances `iter`, which is rooted.
#[inline]
pub fn next(ctx: &mut Ctx<'_>, iter: Value) -> Result<Step, Raise> {
    match iter {
        Value::Iter(at) => match container::next(ctx, at)? {
            Next::Item(item) => Ok(Step::Item(item)),
            Next::Done => Ok(Step::Done),
            Next::Other => lazy::next(ctx, at),
        },
        Value::Generator(_) => Ok(Step::Request(Outcome::Next { iter, then: None })),
        _ => match hooks::call(ctx, |hooks| hooks.next, &[iter]) {
            Some(outcome) => lazy::step(outcome?),
            None => Err(not_an_iterator(ctx, iter)),
        },
    }
}

#[cold]
fn not_an_iterator(ctx: &mut Ctx<'_>, v: Value) -> Raise {
    let name = types::type_name(ctx.heap, v);
    ctx.type_error(format!("'{name}' object is not an iterator"))
}

/// `item in iterable` by walking it.
pub fn contains(ctx: &mut Ctx<'_>, iterable: Value, item: Value) -> NativeResult {
    fold::<Contains>(ctx, iterable, &[item], [0; 3])
}

struct Contains;

impl Fold for Contains {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let wanted = kept.get(ctx, 0);
        let found = super::compare::is_same(item, wanted) || super::compare::equal(ctx, item, wanted)?;
        Ok(if found { Flow::Stop(Value::bool(true).into()) } else { Flow::Continue })
    }

    fn end(_: &mut Ctx<'_>, _: &mut Kept) -> NativeResult {
        Ok(Value::bool(false).into())
    }
}
