//! `list(…)` and the methods of lists.
//!
//! In: a list and arguments. Out: a value, or a request when an iterable has to run. Rule: items that are looked at
//! or move are charged for; `append` and `pop` at the end cost nothing.

use super::{function, method, sort, wrong_receiver};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::List;
use crate::object::types::TypeId::{self, List as L};
use crate::ops::index::{charge_move, place};
use crate::ops::iterate::{self, Drain};
use crate::ops::plain::ssize_arg;
use crate::ops::{compare, repr};
use crate::value::{Ref, Value};

/// `list(…)`.
pub const LIST: Native =
    function("list", Arity::Positional(0, 1), new, "list(iterable=()): a list of its items");

/// Methods of lists, sorted by name.
pub static METHODS: &[Native] = &[
    method(L, "append", Arity::One, append, "append(item): adds an item at the end"),
    method(L, "clear", Arity::None, clear, "clear(): removes every item"),
    method(L, "copy", Arity::None, copy, "copy(): a list of the same items"),
    method(L, "count", Arity::One, count, "count(item): how many items are equal to it"),
    method(L, "extend", Arity::One, extend, "extend(iterable): adds its items at the end"),
    method(
        L,
        "index",
        Arity::Positional(1, 3),
        index,
        "index(item, start=0, stop=…): the first place of an equal item",
    ),
    method(
        L,
        "insert",
        Arity::Positional(2, 2),
        insert,
        "insert(index, item): adds an item before place index",
    ),
    method(L, "pop", Arity::Positional(0, 1), pop, "pop(index=-1): removes the item there and returns it"),
    method(L, "remove", Arity::One, remove, "remove(item): removes the first item that is equal to it"),
    method(L, "reverse", Arity::None, reverse, "reverse(): reverses the list in place"),
    method(
        L,
        "sort",
        Arity::Variadic,
        sort::sort,
        "sort(*, key=None, reverse=False): sorts the list in place",
    ),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args.get(0) {
        None => Ok(ctx.heap.list(Vec::new()).into()),
        Some(iterable) => match iterate::collect(ctx, iterable)? {
            Some(items) => Ok(ctx.heap.list(items).into()),
            None => iterate::drain::<Itself>(ctx, iterable, &[], [0; 3]),
        },
    }
}

/// The collected list is the result.
struct Itself;

impl Drain for Itself {
    fn then(_: &mut Ctx<'_>, items: Ref<List>, _: &[Value], _: [i64; 3]) -> NativeResult {
        Ok(Value::List(items).into())
    }
}

#[inline]
pub(super) fn receiver(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Ref<List>, Raise> {
    match args[0] {
        Value::List(at) => Ok(at),
        _ => Err(wrong_receiver(ctx)),
    }
}

fn append(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    let growth = ctx.heap.list_growth(list);
    ctx.reserve_large(growth)?;
    ctx.heap.list_push(list, args[1]);
    Ok(Value::None.into())
}

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    ctx.heap.list_edit(list, |items| *items = Vec::new());
    Ok(Value::None.into())
}

fn copy(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let items = iterate::collect(ctx, args[0])?.unwrap_or_default();
    Ok(ctx.heap.list(items).into())
}

fn count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(count_in(ctx, args[0], args[1])?).into())
}

/// How many items of a list or tuple are equal to `item`.
pub(super) fn count_in(ctx: &mut Ctx<'_>, items: Value, item: Value) -> Result<i64, Raise> {
    let (mut count, mut at) = (0, 0);
    while let Some(&other) = ctx.heap.as_items(items).and_then(|items| items.get(at)) {
        ctx.charge(1)?;
        count += compare::same_item(ctx, other, item)? as i64;
        at += 1;
    }
    Ok(count)
}

fn extend(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    iterate::extend_list(ctx, list, args[1], Value::None)
}

fn index(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match find_in(ctx, args)? {
        Some(place) => Ok(Value::Int(place as i64).into()),
        None => {
            let item = repr::repr(ctx, args[1])?;
            Err(ctx.value_error(format!("{item} is not in list")))
        }
    }
}

/// The first place of an item equal to argument 1 in the list or tuple that is argument 0, from argument 2 up to
/// argument 3 if given.
pub(super) fn find_in(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<usize>, Raise> {
    let len = ctx.heap.as_items(args[0]).map_or(0, <[Value]>::len);
    let mut at = search_bound(ctx, args.get(2), 0, len)?;
    let stop = search_bound(ctx, args.get(3), len, len)?;
    while at < stop
        && let Some(&other) = ctx.heap.as_items(args[0]).and_then(|items| items.get(at))
    {
        ctx.charge(1)?;
        if compare::same_item(ctx, other, args[1])? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

/// A bound of a search: cut to the length, negative ones counted from the end.
pub fn search_bound(
    ctx: &mut Ctx<'_>,
    bound: Option<Value>,
    default: usize,
    len: usize,
) -> Result<usize, Raise> {
    let bound = match bound {
        None => return Ok(default),
        Some(Value::BigInt(at)) if ctx.heap[at].value.sign() == num_bigint::Sign::Minus => i64::MIN,
        Some(Value::BigInt(_)) => i64::MAX,
        Some(bound) => match bound.as_int() {
            Some(bound) => bound,
            None => {
                return Err(ctx.type_error("slice indices must be integers or have an __index__ method"));
            }
        },
    };
    let bound = if bound < 0 { bound.saturating_add(len as i64).max(0) } else { bound };
    Ok((bound as usize).min(len))
}

fn insert(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    let index = ssize_arg(ctx, args[1])?;
    let len = ctx.heap[list].items().len();
    let index = if index < 0 { index.saturating_add(len as i64).max(0) } else { index };
    let index = (index as usize).min(len);
    charge_move(ctx, len - index)?;
    iterate::grow_list(ctx, list, 1)?;
    ctx.heap.list_edit(list, |items| items.insert(index, args[2]));
    Ok(Value::None.into())
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    let len = ctx.heap[list].items().len();
    let index = match args.get(1) {
        None => -1,
        Some(Value::Int(index)) => index,
        Some(index) => ssize_arg(ctx, index)?,
    };
    if len == 0 {
        return Err(ctx.error(TypeId::IndexError, "pop from empty list"));
    }
    let Some(index) = place(index, len) else {
        return Err(ctx.error(TypeId::IndexError, "pop index out of range"));
    };
    charge_move(ctx, len - index)?;
    Ok(ctx.heap.list_take(list, index).into())
}

fn remove(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    let Some(index) = find_in(ctx, Args::new(&[args[0], args[1]]))? else {
        return Err(ctx.value_error("list.remove(x): x not in list"));
    };
    charge_move(ctx, ctx.heap[list].items().len() - index)?;
    ctx.heap.list_take(list, index);
    Ok(Value::None.into())
}

fn reverse(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = receiver(ctx, args)?;
    charge_move(ctx, ctx.heap[list].items().len())?;
    ctx.heap.list_edit(list, |items| items.reverse());
    Ok(Value::None.into())
}
