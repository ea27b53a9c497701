//! `lru_cache` and `cache`: functions that remember their results.
//!
//! In: a function. Out: what calls it once for the same arguments. Rule: the oldest entry of the table of results is the
//! one that was asked for longest ago, which goes first when there is no more room.

use star::heap::{Args, Arity, CallArgs, HostType, Native, NativeResult, Outcome, Resumed};
use star::object::types::TypeId;
use star::object::{Dict, NativeState, Probe};
use star::ops::{attribute, iterate, table, types};
use star::private::{Ctx, Hooks, Raise, Value};
use star::value::Ref;

use super::{attributes, partial};
use crate::collections::record;
use crate::native::{function, method, script};

/// `cache(…)`.
pub(super) const CACHE: Native = function(
    "cache",
    script(&["user_function"], 1),
    |ctx, args| wrap(ctx, args[0], Value::None, false).map(Into::into),
    "cache(user_function): what calls it once for the same arguments",
);

/// `lru_cache(…)`.
pub(super) const LRU_CACHE: Native = function(
    "lru_cache",
    script(&["maxsize", "typed"], 0),
    lru_cache,
    "lru_cache(maxsize=128, typed=False): a decorator; what it makes calls a function once for the same arguments, as long \
     as they are among the last maxsize",
);

/// A function that remembers its results. Parts: the function, the dict of results, what separates keyword arguments in
/// its keys, what scripts have set, `maxsize`. `words`: how many results it keeps, −1 for all; whether types count; hits;
/// misses.
static WRAPPER: HostType = HostType {
    methods: METHODS,
    hooks: Hooks {
        full_name: true,
        call: Some(call),
        attribute: Some(|ctx, own, name| match attributes::get(ctx, own, SET, name) {
            None if matches!(name, "__name__" | "__doc__") => {
                let function = ctx.heap.parts(own).values[FUNCTION];
                attribute::find_attr(ctx, function, name)
            }
            found => Ok(found),
        }),
        set_attribute: Some(|ctx, own, name, value| attributes::set(ctx, own, SET, name, value)),
        ..Hooks::NONE
    },
    ..HostType::named("_lru_cache_wrapper", "functools", "A function that remembers its results.")
};

static METHODS: &[Native] = &[
    method(&WRAPPER, "cache_clear", Arity::None, clear, "cache_clear(): forgets all results"),
    method(&WRAPPER, "cache_info", Arity::None, info, "cache_info(): hits, misses, maxsize and currsize"),
    method(
        &WRAPPER,
        "cache_parameters",
        Arity::None,
        parameters,
        "cache_parameters(): a dict of maxsize and typed",
    ),
];

const FUNCTION: usize = 0;
const RESULTS: usize = 1;
const MARK: usize = 2;
const SET: usize = 3;
const MAXSIZE: usize = 4;

const MOST: usize = 0;
const TYPED: usize = 1;
const HITS: usize = 2;
const MISSES: usize = 3;

/// What separates keyword arguments in keys: an object that nobody else has.
static SEPARATOR: HostType = HostType::named("object", "", "A mark in a key.");

fn lru_cache(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let typed = args.get(1).unwrap_or(Value::bool(false));
    let maxsize = args.get(0).unwrap_or(Value::Int(128));
    match maxsize {
        Value::None | Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => {}
        function if types::is_callable(ctx.heap, function) && matches!(typed, Value::Bool(_)) => {
            return wrap(ctx, function, Value::Int(128), types::truthy(ctx.heap, typed)).map(Into::into);
        }
        _ => {
            let message = "Expected first argument to be an integer, a callable, or None";
            return Err(ctx.type_error(message));
        }
    }
    let group = ctx.heap.natives.host_group(DECORATE);
    let decorate = ctx.heap.natives.find(group, "decorating_function").unwrap_or_default();
    let own = partial::make(ctx, decorate, [Value::Undef; 2], Args::new(&[maxsize, typed]))?;
    Ok(own.into())
}

static DECORATE: &[Native] = &[function(
    "decorating_function",
    script(&["maxsize", "typed", "user_function"], 3),
    |ctx, args| {
        let typed = types::truthy(ctx.heap, args[1]);
        wrap(ctx, args[2], args[0], typed).map(Into::into)
    },
    "decorating_function(user_function): what remembers its results",
)];

fn wrap(ctx: &mut Ctx<'_>, function: Value, maxsize: Value, typed: bool) -> Result<Value, Raise> {
    if !types::is_callable(ctx.heap, function) {
        return Err(ctx.type_error("the first argument must be callable"));
    }
    let (maxsize, most) = match (maxsize, maxsize.as_int()) {
        (Value::None, _) => (Value::None, -1),
        (_, Some(most)) => (Value::Int(most.max(0)), most.max(0)),
        _ => return Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t")),
    };
    let (results, mark) = (ctx.heap.dict(), ctx.heap.object(&SEPARATOR, [], [0; 4]));
    let parts = [function, Value::Dict(results), mark, Value::Undef, maxsize];
    Ok(ctx.heap.object(&WRAPPER, parts, [most, typed as i64, 0, 0]))
}

// ---- calls ---------------------------------------------------------------------------------------------

/// What the results are kept by: the arguments, keywords behind a mark, then the types if they count. One int or str alone
/// is its own key.
fn key(ctx: &mut Ctx<'_>, own: Value, args: Args<'_>) -> Result<Value, Raise> {
    let given = &args.positional[1..];
    let parts = ctx.heap.parts(own);
    let (mark, typed) = (parts.values[MARK], parts.words[TYPED] != 0);
    if args.names.is_empty() && !typed {
        return Ok(match *given {
            [one @ (Value::Int(_) | Value::Str(_) | Value::BigInt(_))] => one,
            _ => ctx.heap.tuple(given),
        });
    }
    let count = given.len() + args.names.len() * 2;
    ctx.charge(count / 4)?;
    ctx.reserve_large(count * 4 * size_of::<Value>())?;
    let mut items = given.to_vec();
    if !args.names.is_empty() {
        items.push(mark);
        items.extend(args.names.iter().zip(args.keywords).flat_map(|(&name, &value)| [name, value]));
    }
    if typed {
        items.extend(given.iter().chain(args.keywords).map(|&value| types::type_of(ctx.heap, value)));
    }
    Ok(ctx.heap.tuple(&items))
}

fn count_up(ctx: &mut Ctx<'_>, own: Value, word: usize) {
    if let Some(parts) = ctx.heap.parts_mut(own) {
        parts.words[word] += 1;
    }
}

fn call(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let own = args[0];
    let parts = ctx.heap.parts(own);
    let (function, most) = (parts.values[FUNCTION], parts.words[MOST]);
    let Value::Dict(results) = parts.values[RESULTS] else { return Ok(Value::None.into()) };
    let given = &args.positional[1..];
    if most == 0 {
        count_up(ctx, own, MISSES);
        let args = request(ctx, given, args)?;
        return Ok(Outcome::Call { function, args, then: None });
    }
    let key = key(ctx, own, args)?;
    ctx.heap.scratch.push(key);
    let found = table::dict_find(ctx, results, key);
    ctx.heap.scratch.pop();
    match found? {
        (_, Probe::Found(entry)) => {
            count_up(ctx, own, HITS);
            let value = ctx.heap[results].table().raw_entries()[entry].value;
            if most > 0 {
                ctx.heap.dict_edit(results, |table| table.move_to_end(entry));
            }
            Ok(value.into())
        }
        (hash, Probe::Missing) => {
            count_up(ctx, own, MISSES);
            ctx.heap.scratch.push(key);
            let args = request(ctx, given, args);
            ctx.heap.scratch.pop();
            let then = ctx.state(keep, vec![own, key], [hash as i64, 0, 0, 0]);
            Ok(Outcome::Call { function, args: args?, then: Some(then) })
        }
    }
}

/// The arguments as they were given.
fn request(ctx: &mut Ctx<'_>, given: &[Value], args: Args<'_>) -> Result<CallArgs, Raise> {
    ctx.reserve_large((given.len() + args.names.len() * 2) * 2 * size_of::<Value>())?;
    Ok(ctx.named_args(given, args.names, args.keywords))
}

/// Keeps a result.
fn keep(ctx: &mut Ctx<'_>, state: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    let value = iterate::result(ctx, resumed)?;
    let &[own, key] = ctx.heap[state].values.as_slice() else { return Ok(value.into()) };
    let hash = ctx.heap[state].words[0] as u64;
    let parts = ctx.heap.parts(own);
    let (most, Value::Dict(results)) = (parts.words[MOST], parts.values[RESULTS]) else {
        return Ok(value.into());
    };
    match table::find_hashed(ctx, Value::Dict(results), hash, key)? {
        // The function has called itself with the same arguments.
        Probe::Found(entry) if most < 0 => ctx.heap.dict_set_value(results, entry, value),
        Probe::Found(_) => {}
        Probe::Missing => {
            if most >= 0 && ctx.heap[results].table().len() as i64 >= most {
                drop_oldest(ctx, results);
            }
            table::dict_insert(ctx, results, hash, key, value)?;
        }
    }
    Ok(value.into())
}

fn drop_oldest(ctx: &mut Ctx<'_>, results: Ref<Dict>) {
    ctx.heap.dict_edit(results, |table| {
        if let Some(oldest) = table.first() {
            table.remove(oldest);
        }
    });
}

// ---- what it tells -------------------------------------------------------------------------------------

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Some(parts) = ctx.heap.parts_mut(args[0]) {
        (parts.words[HITS], parts.words[MISSES]) = (0, 0);
    }
    if let Value::Dict(results) = ctx.heap.parts(args[0]).values[RESULTS] {
        ctx.heap.dict_edit(results, |table| table.clear());
    }
    Ok(Value::None.into())
}

/// What `cache_info` returns.
static CACHE_INFO: HostType = record::kind("CacheInfo", "functools", "How often results were remembered.");

fn info(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let class = record::class(ctx, &CACHE_INFO, &["hits", "misses", "maxsize", "currsize"]);
    let parts = ctx.heap.parts(args[0]);
    let size = match parts.values[RESULTS] {
        Value::Dict(results) => ctx.heap[results].table().len(),
        _ => 0,
    };
    let items = [
        Value::Int(parts.words[HITS]),
        Value::Int(parts.words[MISSES]),
        parts.values[MAXSIZE],
        Value::Int(size as i64),
    ];
    Ok(ctx.heap.named_tuple(class, &items).into())
}

fn parameters(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let parts = ctx.heap.parts(args[0]);
    let (maxsize, typed) = (parts.values[MAXSIZE], parts.words[TYPED] != 0);
    let dict = ctx.heap.dict();
    table::dict_set_str(ctx, dict, "maxsize", maxsize)?;
    table::dict_set_str(ctx, dict, "typed", Value::bool(typed))?;
    Ok(Value::Dict(dict).into())
}
