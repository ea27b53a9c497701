//! Iterators of the built-in types.

use super::{Object, trace_slice};
use crate::value::Value;

/// Which part of a dict's entries a view or iterator shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewKind {
    /// `keys()`.
    Keys,
    /// `values()`.
    Values,
    /// `items()`.
    Items,
}

/// An iterator. How each advances is in `ops::iterate`. One whose parts are `plain` walks only containers, and none of
/// the parts ever collects garbage.
#[allow(missing_docs)] // each variant's text names its fields
#[derive(Default)]
pub enum Iter {
    /// Nothing more will come.
    #[default]
    Done,
    /// A list from `index` on; `list` is Undef once it has ended.
    List { list: Value, index: usize },
    /// A list backwards: `index` items are left; `list` is Undef once it has ended.
    ListReversed { list: Value, index: usize },
    /// A tuple from `index` on.
    Tuple { tuple: Value, index: usize },
    /// A str, bytes or tuple backwards: `index` items are left, in a str bytes of it.
    Reversed { sequence: Value, index: usize },
    /// A str from byte `offset` on.
    Str { text: Value, offset: usize },
    /// A bytes object from `index` on.
    Bytes { bytes: Value, index: usize },
    /// A range of small numbers.
    Range { next: i64, step: i64, left: i64 },
    /// A range of any numbers: `range`'s item number `index` (an int) comes next.
    BigRange { range: Value, index: Value },
    /// A dict's entries from raw entry `index` on (those below it, downwards, if `reversed`); `len` keys when it
    /// started, of which `left` have not come yet. `dict` is Undef once it has ended.
    Dict { dict: Value, kind: ViewKind, index: usize, len: usize, left: usize, reversed: bool },
    /// A set's or frozenset's, likewise.
    Set { set: Value, index: usize, len: usize },
    /// `enumerate`: pairs of `count` and the next of `iter`.
    Enumerate { iter: Value, count: Value, plain: bool },
    /// `zip`.
    Zip { iters: Vec<Value>, strict: bool, plain: bool },
    /// `map`. A `direct` function is a native that takes any arguments by position and never asks for a script.
    Map { function: Value, iters: Vec<Value>, direct: bool, plain: bool },
    /// `filter`; `function` may be None, or `direct` as for `map`.
    Filter { function: Value, iter: Value, direct: bool },
    /// `iter(function, sentinel)`; `function` is Undef once it has ended.
    Call { function: Value, sentinel: Value },
}

impl Object for Iter {
    fn payload(&self) -> usize {
        match self {
            Iter::Zip { iters, .. } | Iter::Map { iters, .. } => iters.capacity() * size_of::<Value>(),
            _ => 0,
        }
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        match self {
            Iter::Done | Iter::Range { .. } => usize::MAX,
            Iter::List { list: one, .. }
            | Iter::ListReversed { list: one, .. }
            | Iter::Tuple { tuple: one, .. }
            | Iter::Reversed { sequence: one, .. }
            | Iter::Str { text: one, .. }
            | Iter::Bytes { bytes: one, .. }
            | Iter::Dict { dict: one, .. }
            | Iter::Set { set: one, .. } => trace_slice(&[*one], index, visit),
            Iter::BigRange { range: one, index: two }
            | Iter::Enumerate { iter: one, count: two, .. }
            | Iter::Filter { function: one, iter: two, .. }
            | Iter::Call { function: one, sentinel: two } => trace_slice(&[*one, *two], index, visit),
            Iter::Zip { iters, .. } => trace_slice(iters, index, visit),
            Iter::Map { function, iters, .. } => {
                if index == 0 && !visit(*function) {
                    return 1;
                }
                match trace_slice(iters, index.saturating_sub(1), visit) {
                    usize::MAX => usize::MAX,
                    next => next + 1,
                }
            }
        }
    }
}
