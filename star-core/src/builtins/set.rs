//! `set(…)`, `frozenset(…)` and their methods.
//!
//! In: a set and arguments. Out: a value, or a request when an iterable has to run. Rule: results keep the order of
//! insertion: first the receiver's items, then new ones as they come.

mod algebra;

use algebra::{Operation, add_common, combine};

use super::dict_view::is_disjoint;
use super::{function, method, wrong_receiver};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::types::TypeId::{self, FrozenSet as F, Set as S};
use crate::object::{Set, Table};
use crate::ops::compare;
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::table::{self, Algebra};
use crate::value::{Ref, Value};

/// `set(…)`.
pub const SET: Native = function("set", Arity::Positional(0, 1), new, "set(iterable=()): a set of its items");

/// `frozenset(…)`.
pub const FROZENSET: Native = function(
    "frozenset",
    Arity::Positional(0, 1),
    new_frozen,
    "frozenset(iterable=()): a set of its items that cannot be changed",
);

const ANY: Arity = Arity::VariadicPositional;

/// Methods of sets, sorted by name.
pub static METHODS: &[Native] = &[
    method(S, "add", Arity::One, add, "add(item): adds an item"),
    method(S, "clear", Arity::None, clear, "clear(): removes every item"),
    method(S, "copy", Arity::None, copy, "copy(): a set of the same items"),
    method(
        S,
        "difference",
        ANY,
        |ctx, args| combine(ctx, args, DIFFERENCE),
        "difference(*others): the items that are in none of them",
    ),
    method(
        S,
        "difference_update",
        ANY,
        |ctx, args| combine(ctx, args, DIFFERENCE.in_place()),
        "difference_update(*others): removes their items",
    ),
    method(S, "discard", Arity::One, discard, "discard(item): removes an item if it is there"),
    method(
        S,
        "intersection",
        ANY,
        |ctx, args| combine(ctx, args, INTERSECTION),
        "intersection(*others): the items that are in all of them",
    ),
    method(
        S,
        "intersection_update",
        ANY,
        |ctx, args| combine(ctx, args, INTERSECTION.in_place()),
        "intersection_update(*others): keeps only items that are in all of them",
    ),
    method(S, "isdisjoint", Arity::One, is_disjoint, "isdisjoint(iterable): whether no item is in both"),
    method(S, "issubset", Arity::One, is_subset, "issubset(iterable): whether it has every item of the set"),
    method(
        S,
        "issuperset",
        Arity::One,
        is_superset,
        "issuperset(iterable): whether the set has every item of it",
    ),
    method(S, "pop", Arity::None, pop, "pop(): removes the oldest item and returns it"),
    method(S, "remove", Arity::One, remove, "remove(item): removes an item; KeyError if it is not there"),
    method(
        S,
        "symmetric_difference",
        Arity::One,
        |ctx, args| combine(ctx, args, SYMMETRIC),
        "symmetric_difference(other): the items that are in one of both",
    ),
    method(
        S,
        "symmetric_difference_update",
        Arity::One,
        |ctx, args| combine(ctx, args, SYMMETRIC.in_place()),
        "symmetric_difference_update(other): keeps the items that are in one of both",
    ),
    method(
        S,
        "union",
        ANY,
        |ctx, args| combine(ctx, args, UNION),
        "union(*others): the items of all of them",
    ),
    method(
        S,
        "update",
        ANY,
        |ctx, args| combine(ctx, args, UNION.in_place()),
        "update(*others): adds their items",
    ),
];

/// Methods of frozensets, sorted by name.
pub static FROZEN_METHODS: &[Native] = &[
    method(F, "copy", Arity::None, |_, args| Ok(args[0].into()), "copy(): itself"),
    method(
        F,
        "difference",
        ANY,
        |ctx, args| combine(ctx, args, DIFFERENCE),
        "difference(*others): the items that are in none of them",
    ),
    method(
        F,
        "intersection",
        ANY,
        |ctx, args| combine(ctx, args, INTERSECTION),
        "intersection(*others): the items that are in all of them",
    ),
    method(F, "isdisjoint", Arity::One, is_disjoint, "isdisjoint(iterable): whether no item is in both"),
    method(F, "issubset", Arity::One, is_subset, "issubset(iterable): whether it has every item of the set"),
    method(
        F,
        "issuperset",
        Arity::One,
        is_superset,
        "issuperset(iterable): whether the set has every item of it",
    ),
    method(
        F,
        "symmetric_difference",
        Arity::One,
        |ctx, args| combine(ctx, args, SYMMETRIC),
        "symmetric_difference(other): the items that are in one of both",
    ),
    method(
        F,
        "union",
        ANY,
        |ctx, args| combine(ctx, args, UNION),
        "union(*others): the items of all of them",
    ),
];

const UNION: Operation = Operation::new(Algebra::Union);
const INTERSECTION: Operation = Operation::new(Algebra::Intersection);
const DIFFERENCE: Operation = Operation::new(Algebra::Difference);
const SYMMETRIC: Operation = Operation::new(Algebra::SymmetricDifference);

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    build(ctx, args, false)
}

fn new_frozen(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args.get(0) {
        Some(frozen @ Value::FrozenSet(_)) => Ok(frozen.into()),
        _ => build(ctx, args, true),
    }
}

fn build(ctx: &mut Ctx<'_>, args: Args<'_>, frozen: bool) -> NativeResult {
    let set = ctx.heap.set();
    let Some(source) = args.get(0) else { return Ok(finished(ctx, set, frozen).into()) };
    if is_table(ctx, source) {
        let empty = Value::Set(set);
        ctx.heap.scratch.push(empty);
        let keys = table::combine(ctx, Algebra::Union, empty, source);
        ctx.heap.scratch.pop();
        let keys = keys?;
        ctx.heap.set_edit(set, |table| *table = keys);
        return Ok(finished(ctx, set, frozen).into());
    }
    if let Value::List(_) | Value::Tuple(_) = source {
        ctx.heap.scratch.push(Value::Set(set));
        let added = iterate::extend_set(ctx, set, source, Value::None);
        ctx.heap.scratch.pop();
        return added.map(|_| finished(ctx, set, frozen).into());
    }
    iterate::fold::<Build>(ctx, source, &[Value::Set(set)], [frozen as i64, 0, 0])
}

/// Whether the keys of `v` lie in a table with their hashes.
fn is_table(ctx: &Ctx<'_>, v: Value) -> bool {
    match v {
        Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_) => true,
        Value::DictView(at) => ctx.heap[at].kind == crate::object::ViewKind::Keys,
        _ => false,
    }
}

/// A set that is complete, as a frozenset if that is wanted.
fn finished(ctx: &mut Ctx<'_>, set: Ref<Set>, frozen: bool) -> Value {
    if !frozen {
        return Value::Set(set);
    }
    let keys: Table<()> = ctx.heap.set_edit(set, std::mem::take);
    ctx.heap.frozen_set(keys)
}

/// Keeps: the set; whether it becomes a frozenset.
struct Build;

impl Fold for Build {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        if let Value::Set(set) = kept.get(ctx, 0) {
            table::set_add(ctx, set, item)?;
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        match kept.get(ctx, 0) {
            Value::Set(set) => Ok(finished(ctx, set, kept.words[0] != 0).into()),
            other => Ok(other.into()),
        }
    }
}

#[inline]
fn receiver(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Ref<Set>, Raise> {
    match args[0] {
        Value::Set(at) => Ok(at),
        _ => Err(wrong_receiver(ctx)),
    }
}

fn add(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let set = receiver(ctx, args)?;
    table::set_add(ctx, set, args[1])?;
    Ok(Value::None.into())
}

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let set = receiver(ctx, args)?;
    ctx.heap.set_edit(set, |table| table.clear());
    Ok(Value::None.into())
}

fn copy(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    build(ctx, args, false)
}

fn discard(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let set = receiver(ctx, args)?;
    table::set_remove(ctx, set, args[1])?;
    Ok(Value::None.into())
}

fn remove(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let set = receiver(ctx, args)?;
    match table::set_remove(ctx, set, args[1])? {
        true => Ok(Value::None.into()),
        false => Err(ctx.error_with(TypeId::KeyError, &[args[1]])),
    }
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let set = receiver(ctx, args)?;
    match ctx.heap[set].table().first() {
        Some(first) => Ok(ctx.heap.set_edit(set, |table| table.remove(first)).key.into()),
        None => Err(ctx.error(TypeId::KeyError, "pop from an empty set")),
    }
}

fn is_subset(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args[1] {
        Value::Set(_) | Value::FrozenSet(_) => {
            let subset = table::is_subset(ctx, args[0], args[1])?;
            Ok(Value::bool(subset).into())
        }
        _ => {
            let items = Value::Set(ctx.heap.set());
            iterate::fold::<Subset>(ctx, args[1], &[args[0], items], [0; 3])
        }
    }
}

/// Keeps: the set that is asked about, a set of those of its items that were seen.
struct Subset;

impl Fold for Subset {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let (set, items) = (kept.get(ctx, 0), kept.get(ctx, 1));
        Ok(match items {
            Value::Set(items) if add_common(ctx, set, items, item)? => Flow::Stop(Value::bool(true).into()),
            _ => Flow::Continue,
        })
    }

    /// Only an empty set has all its items among those seen and was not done before.
    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let set = kept.get(ctx, 0);
        Ok(Value::bool(iterate::count(ctx.heap, set) == Some(0)).into())
    }
}

fn is_superset(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args[1] {
        Value::Set(_) | Value::FrozenSet(_) => {
            let superset = table::is_subset(ctx, args[1], args[0])?;
            Ok(Value::bool(superset).into())
        }
        _ => iterate::fold::<Superset>(ctx, args[1], &[args[0]], [0; 3]),
    }
}

/// Keeps: the set that is asked about.
struct Superset;

impl Fold for Superset {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let set = kept.get(ctx, 0);
        Ok(match compare::contains_native(ctx, set, item)? {
            Some(false) => Flow::Stop(Value::bool(false).into()),
            _ => Flow::Continue,
        })
    }

    fn end(_: &mut Ctx<'_>, _: &mut Kept) -> NativeResult {
        Ok(Value::bool(true).into())
    }
}
