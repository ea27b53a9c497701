//! `deque`: a sequence that grows and shrinks at both ends.
//!
//! In: a deque and arguments. Out: a value, or a request while an iterable runs. Rule: with a `maxlen` a deque never
//! holds more; whatever puts an item in at one end takes one out at the other.
//!
//! Its items are the values of its parts. `words`: [`MAXLEN`], and [`CHANGES`], a count for iterators.

use star::ast::BinaryOp;
use star::builtins::list::search_bound;
use star::heap::{Args, Arity, Copying, HostType, Native, NativeResult, Outcome, SMALL};
use star::object::types::TypeId;
use star::ops::iterate::{self, Flow, Fold, Kept};
use star::ops::{compare, index, number, repr, types};
use star::private::{Attribute, Ctx, Heap, Hooks, Piece, Raise, Value};

use super::deque_iterator::{ITERATOR, REVERSE_ITERATOR};
use crate::arguments::ssize;
use crate::native::{attribute, function, method};

/// `deque`.
pub(super) static DEQUE: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    attributes: ATTRIBUTES,
    hooks: Hooks {
        full_name: true,
        repr: Some(pieces),
        inside_itself: Some("[...]"),
        len: Some(|heap, deque| heap.parts(deque).values.len()),
        at: Some(|heap, deque, index| heap.parts(deque).values.get(index).copied()),
        unhashable: true,
        binary: Some(binary),
        inplace: Some(inplace),
        item: Some(item),
        set_item: Some(set_item),
        del_item: Some(del_item),
        contains: Some(|ctx, args| {
            let len = ctx.heap.parts(args[0]).values.len();
            Ok(Value::bool(find(ctx, args[0], args[1], 0, len)?.is_some()).into())
        }),
        iter: Some(|ctx, args| iterator(ctx, &ITERATOR, args)),
        reversed: Some(|ctx, args| iterator(ctx, &REVERSE_ITERATOR, args)),
        copying: Some(&Copying {
            shallow: duplicate,
            parts: |heap, deque| heap.parts(deque).values.iter().copied().collect(),
            empty: |ctx, deque| Ok(like(ctx, deque)),
            fill: |ctx, _, copy, parts| append_all(ctx, copy, parts),
        }),
        ..Hooks::NONE
    },
    ..HostType::named("deque", "collections", "A sequence that grows and shrinks at both ends.")
};

static NEW: Native = function(
    "deque",
    Arity::Named { names: &["iterable", "maxlen"], required: 0, positional: 2 },
    new,
    "deque(iterable=(), maxlen=None): a deque of its items, of the last maxlen at most",
);

static ATTRIBUTES: &[Attribute] =
    &[attribute("maxlen", "How many items it holds at most, or None.", |ctx, v| {
        Ok(maxlen(ctx.heap, v).map_or(Value::None, |most| Value::Int(most as i64)))
    })];

static METHODS: &[Native] = &[
    method(&DEQUE, "append", Arity::One, append, "append(item): puts it in at the right"),
    method(&DEQUE, "appendleft", Arity::One, append_left, "appendleft(item): puts it in at the left"),
    method(&DEQUE, "clear", Arity::None, clear, "clear(): removes every item"),
    method(
        &DEQUE,
        "copy",
        Arity::None,
        |ctx, args| Ok(duplicate(ctx, args[0])?.into()),
        "copy(): a deque of the same items and maxlen",
    ),
    method(&DEQUE, "count", Arity::One, count, "count(item): how many items are equal to it"),
    method(
        &DEQUE,
        "extend",
        Arity::One,
        |ctx, args| extend(ctx, args[0], args[1], End::Right, Value::None),
        "extend(iterable): appends every item of it",
    ),
    method(
        &DEQUE,
        "extendleft",
        Arity::One,
        |ctx, args| extend(ctx, args[0], args[1], End::Left, Value::None),
        "extendleft(iterable): puts every item of it in at the left, one after the other",
    ),
    method(
        &DEQUE,
        "index",
        Arity::Positional(1, 3),
        index_of,
        "index(item, start=0, stop=…): the first place of an equal item",
    ),
    method(
        &DEQUE,
        "insert",
        Arity::Positional(2, 2),
        insert,
        "insert(index, item): puts it in before that place",
    ),
    method(
        &DEQUE,
        "pop",
        Arity::None,
        |ctx, args| pop(ctx, args, End::Right),
        "pop(): takes out the last item",
    ),
    method(
        &DEQUE,
        "popleft",
        Arity::None,
        |ctx, args| pop(ctx, args, End::Left),
        "popleft(): takes out the first item",
    ),
    method(&DEQUE, "remove", Arity::One, remove, "remove(item): takes out the first one that is equal to it"),
    method(&DEQUE, "reverse", Arity::None, reverse, "reverse(): turns it around"),
    method(
        &DEQUE,
        "rotate",
        Arity::Positional(0, 1),
        rotate,
        "rotate(n=1): moves n items from the right end to the left; with a negative n the other way",
    ),
];

/// Place of its `maxlen` among the words; −1 for none.
const MAXLEN: usize = 0;
/// Place of a number that changes with every change of the deque's length or order.
pub(super) const CHANGES: usize = 1;

/// Bytes of an item.
const ITEM: usize = size_of::<Value>();

/// An end of a deque.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Left,
    Right,
}

fn maxlen(heap: &Heap, deque: Value) -> Option<usize> {
    usize::try_from(heap.parts(deque).words[MAXLEN]).ok()
}

/// An empty deque with the `maxlen` of another.
fn like(ctx: &mut Ctx<'_>, deque: Value) -> Value {
    let most = ctx.heap.parts(deque).words[MAXLEN];
    ctx.heap.object(&DEQUE, [], [most, 0, 0, 0])
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let most = match args.get(1) {
        None | Some(Value::None) => -1,
        Some(Value::BigInt(_)) => {
            return Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t"));
        }
        Some(most) => match most.as_int() {
            Some(most @ 0..) => most,
            Some(_) => return Err(ctx.value_error("maxlen must be non-negative")),
            None => return Err(ctx.type_error("an integer is required")),
        },
    };
    let deque = ctx.heap.object(&DEQUE, [], [most, 0, 0, 0]);
    let Some(iterable) = args.get(0) else { return Ok(deque.into()) };
    ctx.heap.scratch.push(deque);
    let filled = extend(ctx, deque, iterable, End::Right, deque);
    ctx.heap.scratch.pop();
    filled
}

/// Makes room for `more` items. May collect: the deque and what is to be put into it are rooted.
fn grow(ctx: &mut Ctx<'_>, deque: Value, more: usize) -> Result<(), Raise> {
    let values = &ctx.heap.parts(deque).values;
    let (len, capacity) = (values.len(), values.capacity());
    if capacity - len >= more {
        return Ok(());
    }
    let tight =
        ctx.heap.bytes().saturating_add(capacity.saturating_mul(ITEM * 3)) > ctx.heap.meter.limits.memory;
    let capacity = (len + more).max(if tight { capacity + capacity / 8 } else { capacity * 2 }).max(4);
    if capacity * ITEM > SMALL {
        // It moves to a new place.
        ctx.reserve((capacity - len) * ITEM)?;
    }
    ctx.heap.edit_parts(deque, |parts| parts.values.reserve_exact(capacity - len));
    Ok(())
}

/// Puts an item in at an end. May collect, as [`grow`].
#[inline]
fn push(ctx: &mut Ctx<'_>, deque: Value, item: Value, end: End) -> Result<(), Raise> {
    loop {
        let Some(parts) = ctx.heap.parts_mut(deque) else { return Ok(()) };
        if parts.values.len() as i64 == parts.words[MAXLEN] {
            match end {
                End::Right => parts.values.pop_front(),
                End::Left => parts.values.pop_back(),
            };
            if parts.words[MAXLEN] == 0 {
                return Ok(());
            }
        }
        if parts.values.len() < parts.values.capacity() {
            parts.words[CHANGES] += 1;
            match end {
                End::Right => parts.values.push_back(item),
                End::Left => parts.values.push_front(item),
            }
            return Ok(());
        }
        grow(ctx, deque, 1)?;
    }
}

fn append(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    push(ctx, args[0], args[1], End::Right)?;
    Ok(Value::None.into())
}

fn append_left(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    push(ctx, args[0], args[1], End::Left)?;
    Ok(Value::None.into())
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>, end: End) -> NativeResult {
    let Some(parts) = ctx.heap.parts_mut(args[0]) else { return Ok(Value::None.into()) };
    let item = match end {
        End::Right => parts.values.pop_back(),
        End::Left => parts.values.pop_front(),
    };
    match item {
        Some(item) => {
            parts.words[CHANGES] += 1;
            Ok(item.into())
        }
        None => Err(ctx.error(TypeId::IndexError, "pop from an empty deque")),
    }
}

/// Changes the items in a way that allocates nothing.
fn change<R>(
    ctx: &mut Ctx<'_>,
    deque: Value,
    work: impl FnOnce(&mut std::collections::VecDeque<Value>) -> R,
) -> R
where
    R: Default,
{
    let Some(parts) = ctx.heap.parts_mut(deque) else { return R::default() };
    parts.words[CHANGES] += 1;
    work(&mut parts.values)
}

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    ctx.heap.edit_parts(args[0], |parts| {
        parts.words[CHANGES] += 1;
        parts.values = Default::default();
    });
    Ok(Value::None.into())
}

/// Appends rooted items, which a deque of their number holds.
fn append_all(ctx: &mut Ctx<'_>, deque: Value, items: &[Value]) -> Result<(), Raise> {
    ctx.charge(items.len() / 16)?;
    grow(ctx, deque, items.len())?;
    change(ctx, deque, |values| values.extend(items));
    Ok(())
}

/// A deque with the same items.
fn duplicate(ctx: &mut Ctx<'_>, deque: Value) -> Result<Value, Raise> {
    let copy = like(ctx, deque);
    let items: Vec<Value> = ctx.heap.parts(deque).values.iter().copied().collect();
    ctx.charge(items.len())?;
    ctx.heap.scratch.push(copy);
    let filled = append_all(ctx, copy, &items);
    ctx.heap.scratch.pop();
    filled.map(|()| copy)
}

/// Puts every item of `iterable` in, then returns `result`. All of them are rooted.
fn extend(ctx: &mut Ctx<'_>, deque: Value, iterable: Value, end: End, result: Value) -> NativeResult {
    if iterable == deque {
        let items = ctx.heap.parts(deque).values.iter().copied().collect();
        let items = ctx.heap.list(items);
        ctx.heap.scratch.push(items);
        let extended = extend(ctx, deque, items, end, result);
        ctx.heap.scratch.pop();
        return extended;
    }
    if end == End::Right
        && maxlen(ctx.heap, deque).is_none()
        && let Some(items) = iterate::collect(ctx, iterable)?
    {
        append_all(ctx, deque, &items)?;
        return Ok(result.into());
    }
    iterate::fold::<Extend>(ctx, iterable, &[deque, result], [(end == End::Left) as i64, 0, 0])
}

/// Keeps: the deque, the result; whether items go to the left.
struct Extend;

impl Fold for Extend {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let end = if kept.words[0] != 0 { End::Left } else { End::Right };
        push(ctx, kept.get(ctx, 0), item, end)?;
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(kept.get(ctx, 1).into())
    }
}

// ---- looking for items ---------------------------------------------------------------------------------

/// The first place of an item equal to `item`, from place `from` up to `to`.
fn find(
    ctx: &mut Ctx<'_>,
    deque: Value,
    item: Value,
    from: usize,
    to: usize,
) -> Result<Option<usize>, Raise> {
    for place in from..to {
        let Some(&other) = ctx.heap.parts(deque).values.get(place) else { break };
        ctx.charge(1)?;
        if compare::same_item(ctx, other, item)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (mut count, mut from) = (0, 0);
    let len = ctx.heap.parts(args[0]).values.len();
    while let Some(place) = find(ctx, args[0], args[1], from, len)? {
        (count, from) = (count + 1, place + 1);
    }
    Ok(Value::Int(count).into())
}

fn index_of(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let len = ctx.heap.parts(args[0]).values.len();
    let from = search_bound(ctx, args.get(2), 0, len)?;
    let to = search_bound(ctx, args.get(3), len, len)?;
    match find(ctx, args[0], args[1], from, to)? {
        Some(place) => Ok(Value::Int(place as i64).into()),
        None => Err(not_there(ctx, args[1])),
    }
}

/// `9 is not in deque`
#[cold]
fn not_there(ctx: &mut Ctx<'_>, item: Value) -> Raise {
    match repr::repr(ctx, item) {
        Ok(item) => ctx.value_error(format!("{item} is not in deque")),
        Err(raise) => raise,
    }
}

fn remove(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let len = ctx.heap.parts(args[0]).values.len();
    let Some(place) = find(ctx, args[0], args[1], 0, len)? else { return Err(not_there(ctx, args[1])) };
    take_out(ctx, args[0], place)?;
    Ok(Value::None.into())
}

/// Removes the item at a place. Those on the shorter side of it move.
fn take_out(ctx: &mut Ctx<'_>, deque: Value, place: usize) -> Result<(), Raise> {
    let len = ctx.heap.parts(deque).values.len();
    ctx.charge(place.min(len - place) / 16)?;
    change(ctx, deque, |values| values.remove(place));
    Ok(())
}

// ---- order ---------------------------------------------------------------------------------------------

fn insert(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let place = ssize(ctx, args[1])?;
    let len = ctx.heap.parts(args[0]).values.len();
    if maxlen(ctx.heap, args[0]).is_some_and(|most| len >= most) {
        return Err(ctx.error(TypeId::IndexError, "deque already at its maximum size"));
    }
    let place = if place < 0 { place.saturating_add(len as i64).max(0) } else { place };
    let place = (place as usize).min(len);
    ctx.charge(place.min(len - place) / 16)?;
    grow(ctx, args[0], 1)?;
    change(ctx, args[0], |values| values.insert(place, args[2]));
    Ok(Value::None.into())
}

fn reverse(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    ctx.charge(ctx.heap.parts(args[0]).values.len() / 16)?;
    // Those who walk it do not mind, in CPython either.
    if let Some(parts) = ctx.heap.parts_mut(args[0]) {
        parts.values.make_contiguous().reverse();
    }
    Ok(Value::None.into())
}

fn rotate(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let count = match args.get(1) {
        Some(count) => ssize(ctx, count)?,
        None => 1,
    };
    let len = ctx.heap.parts(args[0]).values.len();
    if len > 1 {
        let right = count.rem_euclid(len as i64) as usize;
        ctx.charge(right.min(len - right) / 16)?;
        change(ctx, args[0], |values| values.rotate_right(right));
    }
    Ok(Value::None.into())
}

// ---- items by place ------------------------------------------------------------------------------------

/// The place that `key` means.
fn place(ctx: &mut Ctx<'_>, deque: Value, key: Value) -> Result<usize, Raise> {
    let (Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) = key else {
        let given = types::type_name(ctx.heap, key);
        return Err(ctx.type_error(format!("sequence index must be integer, not '{given}'")));
    };
    let key = number::index(ctx, key)?;
    match index::place(key, ctx.heap.parts(deque).values.len()) {
        Some(place) => Ok(place),
        None => Err(ctx.error(TypeId::IndexError, "deque index out of range")),
    }
}

fn item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let place = place(ctx, args[0], args[1])?;
    Ok(ctx.heap.parts(args[0]).values[place].into())
}

fn set_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let place = place(ctx, args[0], args[1])?;
    if let Some(parts) = ctx.heap.parts_mut(args[0]) {
        parts.values[place] = args[2];
    }
    Ok(Value::None.into())
}

fn del_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let place = place(ctx, args[0], args[1])?;
    take_out(ctx, args[0], place)?;
    Ok(Value::None.into())
}

fn iterator(ctx: &mut Ctx<'_>, kind: &'static HostType, args: Args<'_>) -> NativeResult {
    let parts = ctx.heap.parts(args[0]);
    let words = [0, parts.words[CHANGES], parts.values.len() as i64, 0];
    Ok(ctx.heap.object(kind, [args[0]], words).into())
}

// ---- operators -----------------------------------------------------------------------------------------

fn is_deque(heap: &Heap, v: Value) -> bool {
    matches!(v, Value::Host(at) if heap[at].kind.is(&DEQUE))
}

fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    match op {
        BinaryOp::Add if is_deque(ctx.heap, a) => {
            if !is_deque(ctx.heap, b) {
                let given = types::type_name(ctx.heap, b);
                let message = format!("can only concatenate deque (not \"{given}\") to deque");
                return Err(ctx.type_error(message));
            }
            let sum = duplicate(ctx, a)?;
            ctx.heap.scratch.push(sum);
            let extended = extend(ctx, sum, b, End::Right, sum);
            ctx.heap.scratch.pop();
            extended.map(|_| Some(sum))
        }
        BinaryOp::Mul => {
            let (deque, count) = if is_deque(ctx.heap, a) { (a, b) } else { (b, a) };
            let product = like(ctx, deque);
            ctx.heap.scratch.push(product);
            let repeated = repeat(ctx, deque, count, product);
            ctx.heap.scratch.pop();
            repeated.map(|()| Some(product))
        }
        _ => Ok(None),
    }
}

fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, deque: Value, other: Value) -> Result<Option<Outcome>, Raise> {
    match op {
        BinaryOp::Add => extend(ctx, deque, other, End::Right, deque).map(Some),
        BinaryOp::Mul => repeat(ctx, deque, other, deque).map(|()| Some(deque.into())),
        _ => Ok(None),
    }
}

/// Makes the items of `into`, which is rooted, those of `deque` over and over.
fn repeat(ctx: &mut Ctx<'_>, deque: Value, count: Value, into: Value) -> Result<(), Raise> {
    let count = number::repeat_count(ctx, count)?;
    let items: Vec<Value> = ctx.heap.parts(deque).values.iter().copied().collect();
    let all = items.len().saturating_mul(count);
    let kept = maxlen(ctx.heap, deque).map_or(all, |most| all.min(most));
    ctx.charge(kept)?;
    grow(ctx, into, kept.saturating_sub(ctx.heap.parts(into).values.len()))?;
    change(ctx, into, |values| {
        values.clear();
        values.extend(items.iter().cycle().skip((all - kept) % items.len().max(1)).take(kept));
    });
    Ok(())
}

fn pieces(ctx: &mut Ctx<'_>, deque: Value) -> Result<Vec<Piece>, Raise> {
    let len = ctx.heap.parts(deque).values.len();
    ctx.charge(len / 16)?;
    ctx.reserve_large(len * ITEM)?;
    let items = ctx.heap.parts(deque).values.iter().copied().collect();
    let items = ctx.heap.list(items);
    ctx.heap.scratch.push(items);
    let end = match maxlen(ctx.heap, deque) {
        Some(most) => format!(", maxlen={most})"),
        None => ")".to_string(),
    };
    Ok(vec![Piece::Text("deque(".into()), Piece::Repr(items), Piece::Text(end)])
}
