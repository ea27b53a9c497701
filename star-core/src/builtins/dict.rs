//! `dict(…)` and the methods of dicts.
//!
//! In: a dict and arguments. Out: a value, or a request when an iterable has to run. Rule: a key that is missing is
//! named by KeyError itself, not by its text.

use super::{function, method, wrong_receiver};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::host::arguments;
use crate::object::types::TypeId::{self, Dict as D};
use crate::object::{Dict, DictView, Probe, ViewKind};
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::table;
use crate::value::{Ref, Value};

/// `dict(…)`.
pub const DICT: Native =
    function("dict", Arity::Variadic, new, "dict(mapping or iterable of pairs, **entries): a new dict");

/// Methods of dicts, sorted by name.
pub static METHODS: &[Native] = &[
    method(D, "clear", Arity::None, clear, "clear(): removes every entry"),
    method(D, "copy", Arity::None, copy, "copy(): a dict of the same entries"),
    method(
        D,
        "fromkeys",
        Arity::Positional(1, 2),
        from_keys,
        "dict.fromkeys(keys, value=None): a dict of them",
    ),
    method(D, "get", Arity::Positional(1, 2), get, "get(key, default=None): its value, or default"),
    method(
        D,
        "items",
        Arity::None,
        |ctx, args| view(ctx, args, ViewKind::Items),
        "items(): the pairs of key and value",
    ),
    method(D, "keys", Arity::None, |ctx, args| view(ctx, args, ViewKind::Keys), "keys(): the keys"),
    method(
        D,
        "pop",
        Arity::Positional(1, 2),
        pop,
        "pop(key, default=…): removes the key and returns its value",
    ),
    method(D, "popitem", Arity::None, pop_item, "popitem(): removes the newest entry and returns it"),
    method(
        D,
        "setdefault",
        Arity::Positional(1, 2),
        set_default,
        "setdefault(key, default=None): its value, after setting it to default if it is missing",
    ),
    method(
        D,
        "update",
        Arity::Variadic,
        update,
        "update(mapping or iterable of pairs, **entries): sets entries",
    ),
    method(D, "values", Arity::None, |ctx, args| view(ctx, args, ViewKind::Values), "values(): the values"),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = ctx.heap.dict();
    if args.is_empty() && args.names.is_empty() {
        return Ok(Value::Dict(dict).into());
    }
    ctx.heap.scratch.push(Value::Dict(dict));
    let result = fill(ctx, "dict", dict, args, Value::Dict(dict));
    ctx.heap.scratch.pop();
    result
}

fn update(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    fill(ctx, "update", dict, Args { positional: &args.positional[1..], ..args }, Value::None)
}

/// Sets entries from at most one mapping or iterable, then those given by keyword.
fn fill(ctx: &mut Ctx<'_>, name: &str, dict: Ref<Dict>, args: Args<'_>, result: Value) -> NativeResult {
    if args.len() > 1 {
        let message = arguments::count_message(name, 0, 1, args.len());
        return Err(ctx.type_error(message));
    }
    fill_from(ctx, dict, args, result)
}

/// Sets entries of a rooted dict from the first argument, a mapping or iterable, if there is one, then those given by
/// keyword; then returns `result`.
pub fn fill_from(ctx: &mut Ctx<'_>, dict: Ref<Dict>, args: Args<'_>, result: Value) -> NativeResult {
    let Some(source) = args.get(0) else {
        return set_named(ctx, dict, args).map(|()| result.into());
    };
    if args.names.is_empty() {
        return iterate::update_dict(ctx, dict, source, Value::Undef, result);
    }
    let named = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(named));
    let filled = set_named(ctx, named, args)
        .and_then(|()| iterate::update_dict(ctx, dict, source, Value::Dict(named), result));
    ctx.heap.scratch.pop();
    filled
}

fn set_named(ctx: &mut Ctx<'_>, dict: Ref<Dict>, args: Args<'_>) -> Result<(), Raise> {
    ctx.charge(args.names.len())?;
    args.names
        .iter()
        .zip(args.keywords)
        .try_for_each(|(&name, &value)| table::dict_set(ctx, dict, name, value))
}

#[inline]
fn receiver(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Ref<Dict>, Raise> {
    match args[0] {
        Value::Dict(at) => Ok(at),
        _ => Err(wrong_receiver(ctx)),
    }
}

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    ctx.heap.dict_edit(dict, |table| table.clear());
    Ok(Value::None.into())
}

fn copy(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    Ok(Value::Dict(table::dict_copy(ctx, dict)?).into())
}

fn from_keys(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = Value::Dict(ctx.heap.dict());
    iterate::fold::<FromKeys>(ctx, args[1], &[dict, args.get(2).unwrap_or(Value::None)], [0; 3])
}

/// Keeps: the dict, the value of every key.
struct FromKeys;

impl Fold for FromKeys {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        if let Value::Dict(dict) = kept.get(ctx, 0) {
            let value = kept.get(ctx, 1);
            table::dict_set(ctx, dict, item, value)?;
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(kept.get(ctx, 0).into())
    }
}

fn get(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    let found = table::dict_get(ctx, dict, args[1])?;
    Ok(found.or(args.get(2)).unwrap_or(Value::None).into())
}

fn view(ctx: &mut Ctx<'_>, args: Args<'_>, kind: ViewKind) -> NativeResult {
    Ok(Value::DictView(ctx.heap.insert(DictView { kind, dict: args[0] })).into())
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    // An empty dict does not look at the key.
    let found = match ctx.heap[dict].table().is_empty() {
        true => None,
        false => table::dict_remove(ctx, dict, args[1])?,
    };
    match found.or(args.get(2)) {
        Some(value) => Ok(value.into()),
        None => Err(ctx.error_with(TypeId::KeyError, &[args[1]])),
    }
}

fn pop_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    let Some(entry) = ctx.heap.dict_edit(dict, |table| table.pop()) else {
        return Err(ctx.error(TypeId::KeyError, "popitem(): dictionary is empty"));
    };
    Ok(ctx.heap.tuple(&[entry.key, entry.value]).into())
}

fn set_default(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let dict = receiver(ctx, args)?;
    match table::dict_find(ctx, dict, args[1])? {
        (_, Probe::Found(entry)) => Ok(ctx.heap[dict].table().raw_entries()[entry].value.into()),
        (hash, Probe::Missing) => {
            let value = args.get(2).unwrap_or(Value::None);
            table::dict_insert(ctx, dict, hash, args[1], value)?;
            Ok(value.into())
        }
    }
}
