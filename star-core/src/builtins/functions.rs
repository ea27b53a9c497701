//! Functions that ask about values: `all any callable hash id isinstance len`.

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::types::TypeId;
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::{hash, hooks, types};
use crate::value::Value;

/// `all(…)`.
pub const ALL: Native = function(
    "all",
    Arity::One,
    |ctx, args| every(ctx, args, true),
    "all(iterable): whether every item is true",
);

/// `any(…)`.
pub const ANY: Native = function(
    "any",
    Arity::One,
    |ctx, args| every(ctx, args, false),
    "any(iterable): whether some item is true",
);

/// `callable(…)`.
pub const CALLABLE: Native = function(
    "callable",
    Arity::One,
    |ctx, args| Ok(Value::bool(types::is_callable(ctx.heap, args[0])).into()),
    "callable(object): whether it can be called",
);

/// `hash(…)`.
pub const HASH: Native =
    function("hash", Arity::One, hash, "hash(object): a number; equal objects have equal ones");

/// `id(…)`.
pub const ID: Native = function("id", Arity::One, id, "id(object): a number that no other living object has");

/// `isinstance(…)`.
pub const ISINSTANCE: Native = function(
    "isinstance",
    Arity::Positional(2, 2),
    is_instance,
    "isinstance(object, type or tuple of types): whether it is of one of them",
);

/// `len(…)`.
pub const LEN: Native = function("len", Arity::One, len, "len(container): how many items it has");

/// `all`, which stops at a false item, or `any`, which stops at a true one.
fn every(ctx: &mut Ctx<'_>, args: Args<'_>, all: bool) -> NativeResult {
    if let Some(items) = ctx.heap.as_items(args[0]) {
        let stop = items.iter().position(|&item| types::truthy(ctx.heap, item) != all);
        let seen = stop.map_or(items.len(), |at| at + 1);
        ctx.charge(seen)?;
        return Ok(Value::bool(stop.is_none() == all).into());
    }
    iterate::fold::<Every>(ctx, args[0], &[], [all as i64, 0, 0])
}

struct Every;

impl Fold for Every {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let all = kept.words[0] != 0;
        if types::truthy(ctx.heap, item) == all {
            return Ok(Flow::Continue);
        }
        Ok(Flow::Stop(Value::bool(!all).into()))
    }

    fn end(_: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(Value::bool(kept.words[0] != 0).into())
    }
}

fn hash(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(hash::script_hash(ctx, args[0])?).into())
}

fn id(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(ctx.heap.id_of(args[0])).into())
}

fn is_instance(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Value::Type(class) = args[1] {
        return Ok(Value::bool(types::is_instance(ctx.heap, args[0], class)).into());
    }
    // Tuples of types may lie in tuples.
    let mut work = vec![args[1]];
    while let Some(class) = work.pop() {
        ctx.charge(1)?;
        match class {
            Value::Type(class) if types::is_instance(ctx.heap, args[0], class) => {
                return Ok(Value::bool(true).into());
            }
            Value::Type(_) => {}
            Value::Tuple(at) => work.extend(ctx.heap[at].items().iter().rev()),
            _ => {
                let message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
                return Err(ctx.type_error(message));
            }
        }
    }
    Ok(Value::bool(false).into())
}

fn len(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Value::Host(_) = args[0]
        && let Some(len) = hooks::find(ctx.heap, args[0], |hooks| hooks.len)
    {
        return match i64::try_from(len(ctx.heap, args[0])) {
            Ok(len) => Ok(Value::Int(len).into()),
            Err(_) => Err(ctx.error(TypeId::OverflowError, "cannot fit 'int' into an index-sized integer")),
        };
    }
    if let Value::Host(_) = args[0]
        && let Some(count) = hooks::find(ctx.heap, args[0], |hooks| hooks.count)
    {
        return Ok(Value::Int(count(ctx, args[0])? as i64).into());
    }
    match iterate::count(ctx.heap, args[0]) {
        Some(count) => Ok(Value::Int(count as i64).into()),
        None if matches!(args[0], Value::Range(_)) => {
            Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t"))
        }
        None => {
            let name = types::type_name(ctx.heap, args[0]);
            Err(ctx.type_error(format!("object of type '{name}' has no len()")))
        }
    }
}
