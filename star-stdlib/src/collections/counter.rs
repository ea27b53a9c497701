//! `Counter`: a dict that counts.
//!
//! In: items to count, or counts. Out: a value, or a request while an iterable runs. Rule: a key that is not there counts
//! 0; a count may be anything that can be added.

use star::ast::BinaryOp;
use star::builtins::sort::{Entry, sort_entries};
use star::builtins::sum::SUM;
use star::heap::{Args, Arity, HostType, Native, NativeResult, SMALL};
use star::object::types::TypeId;
use star::object::{Dict, DictView, Probe, Table, ViewKind};
use star::ops::iterate::{self, Flow, Fold, Kept};
use star::ops::{attribute, compare, hash, number, table, types};
use star::private::{Base, CompareOp, Ctx, Hooks, Piece, Raise, Value};
use star::value::Ref;

use super::kinds::copying;
use super::{counter_algebra as algebra, counter_elements as elements};
use crate::native::{function, method};

/// `Counter`.
pub(super) static COUNTER: HostType = HostType {
    base: Base::Type(TypeId::Dict),
    new: Some(&NEW),
    methods: METHODS,
    statics: STATICS,
    hooks: Hooks {
        repr: Some(pieces),
        missing: Some(|_, _| Ok(Value::Int(0).into())),
        del_item: Some(|ctx, args| {
            if let Value::Dict(dict) = args[0] {
                table::dict_remove(ctx, dict, args[1])?;
            }
            Ok(Value::None.into())
        }),
        compare: Some(algebra::compare),
        binary: Some(algebra::binary),
        inplace: Some(algebra::inplace),
        unary: Some(algebra::unary),
        copying: Some(&copying(duplicate)),
        ..Hooks::NONE
    },
    ..HostType::named("Counter", "collections", "A dict that counts items.")
};

static NEW: Native = function(
    "Counter",
    Arity::Variadic,
    |ctx, args| {
        check_count(ctx, "__init__", args.len())?;
        let counter = Value::Dict(ctx.heap.dict_of(&COUNTER, Table::default(), Value::None));
        ctx.heap.scratch.push(counter);
        let counted = count(ctx, counter, args, 1, counter);
        ctx.heap.scratch.pop();
        counted
    },
    "Counter(iterable or mapping of counts=None, **counts): a dict of how often each item occurs",
);

const NOTHING: Arity = Arity::Script { names: &[], positional_only: 0, positional: 0, required: 0 };

static METHODS: &[Native] = &[
    method(
        &COUNTER,
        "copy",
        NOTHING,
        |ctx, args| Ok(duplicate(ctx, args[0])?.into()),
        "copy(): a Counter of the same counts",
    ),
    method(
        &COUNTER,
        "elements",
        NOTHING,
        |ctx, args| Ok(elements::elements(ctx, args[0])?.into()),
        "elements(): an iterator over each item as often as it counts",
    ),
    method(
        &COUNTER,
        "most_common",
        Arity::Script { names: &["n"], positional_only: 0, positional: 1, required: 0 },
        most_common,
        "most_common(n=None): a list of the n items that count most, with their counts; of all without n",
    ),
    method(
        &COUNTER,
        "subtract",
        Arity::Variadic,
        |ctx, args| change(ctx, args, "subtract", -1),
        "subtract(iterable or mapping of counts=None, **counts): takes them away from the counts",
    ),
    method(
        &COUNTER,
        "total",
        NOTHING,
        |ctx, args| {
            let values = DictView { kind: ViewKind::Values, dict: args[0] };
            let values = Value::DictView(ctx.heap.insert(values));
            (SUM.call)(ctx, Args::new(&[values, Value::Undef]))
        },
        "total(): the sum of the counts",
    ),
    method(
        &COUNTER,
        "update",
        Arity::Variadic,
        |ctx, args| change(ctx, args, "update", 1),
        "update(iterable or mapping of counts=None, **counts): adds them to the counts",
    ),
];

static STATICS: &[Native] = &[method(
    &COUNTER,
    "fromkeys",
    Arity::Script { names: &["iterable", "v"], positional_only: 0, positional: 2, required: 1 },
    |ctx, _| {
        let message = "Counter.fromkeys() is undefined.  Use Counter(iterable) instead.";
        Err(ctx.error(TypeId::NotImplementedError, message))
    },
    "There is none: a Counter of keys is made of them.",
)];

fn check_count(ctx: &mut Ctx<'_>, name: &str, given: usize) -> Result<(), Raise> {
    if given <= 1 {
        return Ok(());
    }
    let given = given + 1;
    let message = format!("Counter.{name}() takes from 1 to 2 positional arguments but {given} were given");
    Err(ctx.type_error(message))
}

// ---- counting ------------------------------------------------------------------------------------------

fn change(ctx: &mut Ctx<'_>, args: Args<'_>, name: &str, sign: i64) -> NativeResult {
    check_count(ctx, name, args.len() - 1)?;
    let counted = Args { positional: &args.positional[1..], ..args };
    count(ctx, args[0], counted, sign, Value::None)
}

/// Adds (`sign` 1) or subtracts (−1) what the arguments count, then returns `result`. All are rooted.
fn count(ctx: &mut Ctx<'_>, counter: Value, args: Args<'_>, sign: i64, result: Value) -> NativeResult {
    let source = args.get(0).unwrap_or(Value::None);
    let named = match args.names {
        [] => Value::Undef,
        names => {
            let named = ctx.heap.dict();
            ctx.heap.scratch.push(Value::Dict(named));
            ctx.charge(names.len())?;
            let mut pairs = names.iter().zip(args.keywords);
            let set = pairs.try_for_each(|(&name, &value)| table::dict_set(ctx, named, name, value));
            ctx.heap.scratch.pop();
            set?;
            Value::Dict(named)
        }
    };
    match source {
        Value::None => {}
        Value::Dict(counts) => {
            ctx.heap.scratch.push(named);
            let counted = count_mapping(ctx, counter, counts, sign);
            ctx.heap.scratch.pop();
            counted?;
        }
        _ => return iterate::fold::<Count>(ctx, source, &[counter, named, result], [sign, 0, 0]),
    }
    finish(ctx, counter, named, sign, result)
}

/// Counts what was given by keyword.
fn finish(ctx: &mut Ctx<'_>, counter: Value, named: Value, sign: i64, result: Value) -> NativeResult {
    if let Value::Dict(counts) = named {
        ctx.heap.scratch.extend([named, result]);
        let counted = count_mapping(ctx, counter, counts, sign);
        ctx.heap.scratch.truncate(ctx.heap.scratch.len() - 2);
        counted?;
    }
    Ok(result.into())
}

/// Keeps: the Counter, what was given by keyword, the result; the sign.
struct Count;

impl Fold for Count {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        if let Value::Dict(counter) = kept.get(ctx, 0) {
            count_one(ctx, counter, item, kept.words[0])?;
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let (counter, named, result) = (kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2));
        finish(ctx, counter, named, kept.words[0], result)
    }
}

/// Adds `by`, 1 or −1, to the count of a rooted key.
#[inline]
fn count_one(ctx: &mut Ctx<'_>, counter: Ref<Dict>, key: Value, by: i64) -> Result<(), Raise> {
    match table::dict_find(ctx, counter, key)? {
        (_, Probe::Found(entry)) => {
            let old = ctx.heap[counter].table().raw_entries()[entry].value;
            let new = match old {
                Value::Int(n) if n != i64::MAX && n != i64::MIN => Value::Int(n + by),
                _ => add(ctx, old, Value::Int(1), by)?,
            };
            ctx.heap.dict_set_value(counter, entry, new);
            Ok(())
        }
        (hash, Probe::Missing) => table::dict_insert(ctx, counter, hash, key, Value::Int(by)),
    }
}

/// `a + b`, or `a - b` for a negative sign. Both are rooted.
pub(super) fn add(ctx: &mut Ctx<'_>, a: Value, b: Value, sign: i64) -> Result<Value, Raise> {
    let op = if sign < 0 { BinaryOp::Sub } else { BinaryOp::Add };
    match (a, b) {
        (Value::Int(x), Value::Int(y)) if x.checked_add(y.wrapping_mul(sign)).is_some() && y != i64::MIN => {
            Ok(Value::Int(x + y * sign))
        }
        // A count may be a Counter.
        _ => ctx.deeper(|ctx| number::binary(ctx, op, a, b)),
    }
}

/// Adds or subtracts the counts of a mapping.
fn count_mapping(ctx: &mut Ctx<'_>, counter: Value, counts: Ref<Dict>, sign: i64) -> Result<(), Raise> {
    let Value::Dict(counter) = counter else { return Ok(()) };
    if sign > 0 && ctx.heap[counter].table().is_empty() {
        return table::dict_update(ctx, counter, counts);
    }
    let mut at = 0;
    while let Some(&entry) = ctx.heap[counts].table().raw_entries().get(at) {
        at += 1;
        if entry.key.is_undef() {
            continue;
        }
        ctx.charge(1)?;
        let old = value(ctx, counter, entry.hash, entry.key)?;
        let (a, b) = if sign < 0 { (old, entry.value) } else { (entry.value, old) };
        let new = add(ctx, a, b, sign)?;
        set(ctx, counter, entry.hash, entry.key, new)?;
    }
    Ok(())
}

/// The count of a key whose hash is known.
pub(super) fn value(ctx: &mut Ctx<'_>, dict: Ref<Dict>, hash: u64, key: Value) -> Result<Value, Raise> {
    Ok(match table::find_hashed(ctx, Value::Dict(dict), hash, key)? {
        Probe::Found(entry) => ctx.heap[dict].table().raw_entries()[entry].value,
        Probe::Missing => Value::Int(0),
    })
}

/// Sets the count of a rooted key whose hash is known. May collect; the count need not be rooted.
pub(super) fn set(
    ctx: &mut Ctx<'_>,
    dict: Ref<Dict>,
    hash: u64,
    key: Value,
    count: Value,
) -> Result<(), Raise> {
    match table::find_hashed(ctx, Value::Dict(dict), hash, key)? {
        Probe::Found(entry) => {
            ctx.heap.dict_set_value(dict, entry, count);
            Ok(())
        }
        Probe::Missing => {
            ctx.heap.scratch.push(count);
            let inserted = table::dict_insert(ctx, dict, hash, key, count);
            ctx.heap.scratch.pop();
            inserted
        }
    }
}

fn duplicate(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let Value::Dict(counter) = v else { return Ok(v) };
    Ok(Value::Dict(table::dict_copy_as(ctx, counter, &COUNTER, Value::None)?))
}

// ---- what counts most ----------------------------------------------------------------------------------

/// The entries by count, the greatest first, equal ones in their order: keys of the result are counts.
fn ranked(ctx: &mut Ctx<'_>, counter: Ref<Dict>) -> Result<Vec<Entry>, Raise> {
    let len = ctx.heap[counter].table().len();
    ctx.reserve_large(len * size_of::<Entry>() * 4)?;
    let entries = ctx.heap[counter].table().entries();
    let mut ranked: Vec<Entry> = entries.map(|entry| Entry { key: entry.value, value: entry.key }).collect();
    sort_entries(ctx, &mut ranked, true)?;
    Ok(ranked)
}

fn most_common(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Dict(counter) = args[0] else { return Ok(Value::None.into()) };
    let len = ctx.heap[counter].table().len();
    let most = match args.get(1).unwrap_or(Value::None) {
        Value::None => len,
        // As nlargest() finds it out, by comparing.
        n if compare::order(ctx, CompareOp::Ge, n, Value::Int(len as i64))? => len,
        n => number::index(ctx, n)?.max(0) as usize,
    };
    // One alone is found without sorting.
    let ranked = match most {
        0 => Vec::new(),
        1 => greatest(ctx, counter)?.into_iter().collect(),
        _ => ranked(ctx, counter)?,
    };
    let most = most.min(ranked.len());
    if most * PAIR > SMALL {
        ctx.reserve(most * PAIR)?;
    }
    let pairs = ranked[..most].iter().map(|entry| ctx.heap.tuple(&[entry.value, entry.key])).collect();
    Ok(ctx.heap.list(pairs).into())
}

/// Bytes of a pair and its place in a list.
const PAIR: usize = 96;

fn greatest(ctx: &mut Ctx<'_>, counter: Ref<Dict>) -> Result<Option<Entry>, Raise> {
    ctx.charge(ctx.heap[counter].table().len())?;
    let mut greatest: Option<Entry> = None;
    let mut at = 0;
    while let Some(&entry) = ctx.heap[counter].table().raw_entries().get(at) {
        at += 1;
        if entry.key.is_undef() {
            continue;
        }
        let greater = match greatest {
            Some(found) => compare::order(ctx, CompareOp::Gt, entry.value, found.key)?,
            None => true,
        };
        if greater {
            greatest = Some(Entry { key: entry.value, value: entry.key });
        }
    }
    Ok(greatest)
}

/// As a dict by count, or in its own order if counts do not compare.
fn pieces(ctx: &mut Ctx<'_>, v: Value) -> Result<Vec<Piece>, Raise> {
    let Value::Dict(counter) = v else { return Ok(Vec::new()) };
    if ctx.heap[counter].table().is_empty() {
        return Ok(vec![Piece::Text("Counter()".into())]);
    }
    let plain = match ranked(ctx, counter) {
        Ok(ranked) => {
            let plain = ctx.heap.dict();
            ctx.heap.scratch.push(Value::Dict(plain));
            for entry in ranked {
                let hash = hash::table_hash(ctx, entry.value)?;
                table::dict_insert(ctx, plain, hash, entry.value, entry.key)?;
            }
            plain
        }
        Err(Raise::Exception(at)) if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::TypeError => {
            let plain = table::dict_copy(ctx, counter)?;
            ctx.heap.scratch.push(Value::Dict(plain));
            plain
        }
        Err(raise) => return Err(raise),
    };
    Ok(vec![Piece::Text("Counter(".into()), Piece::Repr(Value::Dict(plain)), Piece::Text(")".into())])
}

/// `'list' object has no attribute 'items'`, where a mapping is wanted.
#[cold]
pub(super) fn no_items(ctx: &mut Ctx<'_>, v: Value) -> Raise {
    let items = ctx.heap.str("items");
    attribute::no_attribute(ctx, v, items)
}
