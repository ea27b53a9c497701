//! `iter`, `next`, and the types of iterators: `enumerate`, `filter`, `map`, `reversed`, `zip`.
//!
//! In: iterables and functions. Out: iterators. Rule: nothing is asked of an iterable before the first item is.

use super::direct::direct;
use super::{function, range};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Outcome, Raise, Resumed};
use crate::host::arguments;
use crate::object::types::TypeId;
use crate::object::{Iter, ViewKind};
use crate::ops::iterate::{
    self, Kept, Machine, Progress, Step, dict_iter, is_iterator, is_plain, ready, stops,
};
use crate::ops::{self, hooks, types};
use crate::value::Value;

/// `iter(…)`.
pub const ITER: Native = function(
    "iter",
    Arity::Positional(1, 2),
    iter,
    "iter(iterable): an iterator over it; iter(function, sentinel): its results, until one equals sentinel",
);

/// `next(…)`.
pub const NEXT: Native = function(
    "next",
    Arity::Positional(1, 2),
    next,
    "next(iterator, default=…): its next item; default, or StopIteration, if there is none",
);

/// `enumerate(…)`.
pub const ENUMERATE: Native = function(
    "enumerate",
    Arity::Variadic,
    enumerate,
    "enumerate(iterable, start=0): pairs of a number and an item",
);

/// `filter(…)`.
pub const FILTER: Native = function(
    "filter",
    Arity::Positional(2, 2),
    filter,
    "filter(function, iterable): the items for which it is true; None stands for the items themselves",
);

/// `map(…)`.
pub const MAP: Native = function(
    "map",
    Arity::VariadicPositional,
    map,
    "map(function, *iterables): its results for an item of each, until one ends",
);

/// `reversed(…)`.
pub const REVERSED: Native =
    function("reversed", Arity::Positional(1, 1), reversed, "reversed(sequence): its items from the end");

/// `zip(…)`.
pub const ZIP: Native = function(
    "zip",
    Arity::Variadic,
    zip,
    "zip(*iterables, strict=False): tuples of an item of each, until one ends",
);

fn iter(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(sentinel) = args.get(1) else { return Ok(iterate::iter(ctx, args[0])?.into()) };
    if !types::is_callable(ctx.heap, args[0]) {
        return Err(ctx.type_error("iter(v, w): v must be callable"));
    }
    Ok(ctx.heap.iter(Iter::Call { function: args[0], sentinel }).into())
}

fn next(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let iter = args[0];
    if ready(ctx.heap, iter) {
        return match (iterate::next(ctx, iter), args.get(1)) {
            (Ok(Step::Item(item)), _) => Ok(item.into()),
            (Ok(_), Some(default)) => Ok(default.into()),
            (Ok(_), None) => Err(ctx.error_with(TypeId::StopIteration, &[])),
            (Err(Raise::Exception(exception)), Some(default)) if stops(ctx, exception) => Ok(default.into()),
            (Err(raise), _) => Err(raise),
        };
    }
    match (iter, args.get(1)) {
        (Value::Iter(_) | Value::Generator(_) | Value::Host(_), None) if is_iterator(ctx.heap, iter) => {
            Ok(Outcome::Next { iter, then: None })
        }
        (Value::Iter(_) | Value::Generator(_) | Value::Host(_), Some(default))
            if is_iterator(ctx.heap, iter) =>
        {
            iterate::start::<OrDefault>(ctx, &[iter, default], [0; 4])
        }
        _ => {
            let name = types::type_name(ctx.heap, iter);
            Err(ctx.type_error(format!("'{name}' object is not an iterator")))
        }
    }
}

/// `next` with a default. Keeps: the iterator, the default.
struct OrDefault;

impl Machine for OrDefault {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        Ok(match resumed {
            None => Progress::Next(kept.get(ctx, 0)),
            Some(Resumed::Value(item)) => Progress::Done(item.into()),
            Some(Resumed::Exhausted(_)) => Progress::Done(kept.get(ctx, 1).into()),
            Some(Resumed::Raised(exception)) if stops(ctx, exception) => {
                Progress::Done(kept.get(ctx, 1).into())
            }
            Some(Resumed::Raised(exception)) => return Err(Raise::Exception(exception)),
        })
    }
}

fn enumerate(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let [iterable, start] = enumerate_arguments(ctx, args)?;
    let count = match start {
        Value::Undef => Value::Int(0),
        start => range::int(ctx, start)?,
    };
    let iter = iterate::iter(ctx, iterable)?;
    let plain = is_plain(ctx.heap, iter);
    Ok(ctx.heap.iter(Iter::Enumerate { iter, count, plain }).into())
}

/// `iterable` and `start`. CPython words their errors like those of no other function.
fn enumerate_arguments(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<[Value; 2], Raise> {
    let given = args.len() + args.names.len();
    let message = match given {
        0 => "enumerate() missing required argument 'iterable'".to_string(),
        1 | 2 => {
            let mut values = [Value::Undef; 2];
            values[..args.len()].copy_from_slice(args.positional);
            let mut invalid = None;
            for (&name, &value) in args.names.iter().zip(args.keywords) {
                let place =
                    ["iterable", "start"].iter().position(|&known| ctx.heap.as_str(name) == Some(known));
                match place {
                    Some(place) if values[place].is_undef() => values[place] = value,
                    _ => invalid = invalid.or(Some(name)),
                }
            }
            match invalid {
                None if values[0].is_undef() => {
                    "enumerate() missing required argument 'iterable'".to_string()
                }
                None => return Ok(values),
                Some(name) => {
                    let name = ctx.heap.as_str(name).unwrap_or_default();
                    format!("'{name}' is an invalid keyword argument for enumerate()")
                }
            }
        }
        _ => format!("enumerate() takes at most 2 arguments ({given} given)"),
    };
    Err(ctx.type_error(message))
}

fn filter(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let iter = iterate::iter(ctx, args[1])?;
    let (function, direct) = callee(ctx, args[0], 1);
    Ok(ctx.heap.iter(Iter::Filter { function, iter, direct }).into())
}

/// A function to be called with `given` arguments, and whether it is called at once.
fn callee(ctx: &mut Ctx<'_>, function: Value, given: usize) -> (Value, bool) {
    match direct(ctx.heap, function, given) {
        Some(native) => (native, true),
        None => (function, false),
    }
}

fn map(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some((&function, iterables @ [_, ..])) = args.positional.split_first() else {
        return Err(ctx.type_error("map() must have at least two arguments."));
    };
    let iters = iterators(ctx, iterables)?;
    let (function, direct) = callee(ctx, function, iterables.len());
    let plain = iters.iter().all(|&iter| is_plain(ctx.heap, iter));
    Ok(ctx.heap.iter(Iter::Map { function, iters, direct, plain }).into())
}

fn zip(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let [strict] = arguments::keywords(ctx, "zip", &["strict"], args)?;
    let strict = types::truthy(ctx.heap, strict.given().unwrap_or(Value::None));
    let iters = iterators(ctx, args.positional)?;
    let plain = iters.iter().all(|&iter| is_plain(ctx.heap, iter));
    Ok(ctx.heap.iter(Iter::Zip { iters, strict, plain }).into())
}

/// An iterator over each of some iterables.
fn iterators(ctx: &mut Ctx<'_>, iterables: &[Value]) -> Result<Vec<Value>, Raise> {
    ctx.charge(iterables.len() / 16)?;
    ctx.reserve_large(iterables.len() * (size_of::<Value>() + size_of::<Iter>()))?;
    iterables.iter().map(|&iterable| iterate::iter(ctx, iterable)).collect()
}

fn reversed(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let sequence = args[0];
    let heap = &*ctx.heap;
    let iter = match sequence {
        Value::List(at) => Iter::ListReversed { list: sequence, index: heap[at].items().len() },
        Value::Tuple(at) => Iter::Reversed { sequence, index: heap[at].items().len() },
        Value::Str(at) => Iter::Reversed { sequence, index: heap[at].as_str().len() },
        Value::Bytes(at) => Iter::Reversed { sequence, index: heap[at].as_slice().len() },
        Value::Range(at) => match heap[at].small() {
            Some((start, step, left)) => Iter::Range {
                next: start.wrapping_add(step.wrapping_mul(left - 1)),
                step: step.wrapping_neg(),
                left,
            },
            None => {
                let [start, step, length] = ops::range::parts(heap, at);
                let last = &start + (length - 1) * &step;
                let range = ops::range::big(ctx.heap, last, start - &step, -step);
                Iter::BigRange { range, index: Value::Int(0) }
            }
        },
        Value::Dict(at) => dict_iter(heap, at, ViewKind::Keys, true),
        Value::DictView(at) => match heap[at].dict {
            Value::Dict(dict) => dict_iter(heap, dict, heap[at].kind, true),
            _ => Iter::Done,
        },
        _ => {
            if let Some(outcome) = hooks::call(ctx, |hooks| hooks.reversed, &[sequence]) {
                return outcome;
            }
            let name = types::type_name(ctx.heap, sequence);
            return Err(ctx.type_error(format!("'{name}' object is not reversible")));
        }
    };
    Ok(ctx.heap.iter(iter).into())
}
