//! `defaultdict`: a dict that makes values for keys which are not there.
//!
//! In: a dict and a key. Out: its value, made by a function if need be. Rule: only `d[key]` makes a value; `get` and
//! `in` find what is there.

use star::ast::BinaryOp;
use star::builtins::dict::fill_from;
use star::builtins::{construct, constructor};
use star::heap::{Args, Arity, CallArgs, HostType, Native, NativeResult, Outcome, Resumed};
use star::host::arguments;
use star::object::types::TypeId;
use star::object::{Dict, Table};
use star::ops::iterate::{self, Flow, Fold, Kept, Machine, Progress};
use star::ops::{table, types};
use star::private::{Attribute, Base, Ctx, Heap, Hooks, Piece, Raise, TypeDesc, Value};
use star::value::Ref;

use super::kinds::copying;
use crate::native::{function, method};

/// `defaultdict`.
pub(super) static DEFAULT_DICT: HostType = HostType {
    base: Base::Type(TypeId::Dict),
    new: Some(&NEW),
    methods: METHODS,
    statics: STATICS,
    attributes: &[Attribute {
        name: "default_factory",
        doc: "What makes the values of keys that are not there: a function, or None.",
        ty: &TypeDesc::Any,
        get: |ctx, v| Ok(factory(ctx.heap, v)),
        set: Some(|ctx, v, factory| {
            if let Value::Dict(at) = v {
                ctx.heap.set_default(at, factory);
            }
            Ok(())
        }),
    }],
    hooks: Hooks {
        full_name: true,
        repr: Some(|ctx, v| {
            let factory = factory(ctx.heap, v);
            let text = |text: &str| Piece::Text(text.into());
            Ok(vec![text("defaultdict("), Piece::Repr(factory), text(", "), Piece::Plain(v), text(")")])
        }),
        missing: Some(missing),
        binary: Some(binary),
        copying: Some(&copying(duplicate)),
        ..Hooks::NONE
    },
    ..HostType::named("defaultdict", "collections", "A dict that makes values for keys which are not there.")
};

static NEW: Native = function(
    "defaultdict",
    Arity::Variadic,
    new,
    "defaultdict(default_factory=None, mapping or iterable of pairs, **entries): a dict whose missing values it makes",
);

static METHODS: &[Native] = &[method(
    &DEFAULT_DICT,
    "copy",
    Arity::None,
    |ctx, args| Ok(duplicate(ctx, args[0])?.into()),
    "copy(): a defaultdict of the same entries and factory",
)];

static STATICS: &[Native] = &[method(
    &DEFAULT_DICT,
    "fromkeys",
    Arity::Positional(1, 2),
    |ctx, args| {
        let dict = ctx.heap.dict_of(&DEFAULT_DICT, Table::default(), Value::None);
        from_keys(ctx, Value::Dict(dict), args[1], args.get(2).unwrap_or(Value::None), Value::Dict(dict))
    },
    "defaultdict.fromkeys(keys, value=None): a defaultdict of them without a factory",
)];

/// Fills a new dict with keys, each with `value`, then returns `result`. The keys are rooted.
pub(super) fn from_keys(
    ctx: &mut Ctx<'_>,
    dict: Value,
    keys: Value,
    value: Value,
    result: Value,
) -> NativeResult {
    iterate::fold::<FromKeys>(ctx, keys, &[dict, value, result], [0; 3])
}

/// Keeps: the dict, the value of every key, the result.
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
        Ok(kept.get(ctx, 2).into())
    }
}

fn factory(heap: &Heap, v: Value) -> Value {
    match v {
        Value::Dict(at) => heap[at].kind().map_or(Value::None, |kind| kind.default),
        _ => Value::None,
    }
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let factory = args.get(0).unwrap_or(Value::None);
    if !factory.is_none() && !types::is_callable(ctx.heap, factory) {
        return Err(ctx.type_error("first argument must be callable or None"));
    }
    let rest = Args { positional: args.positional.get(1..).unwrap_or_default(), ..args };
    if rest.len() > 1 {
        let message = arguments::count_message("dict", 0, 1, rest.len());
        return Err(ctx.type_error(message));
    }
    let dict = ctx.heap.dict_of(&DEFAULT_DICT, Table::default(), factory);
    ctx.heap.scratch.push(Value::Dict(dict));
    let filled = fill_from(ctx, dict, rest, Value::Dict(dict));
    ctx.heap.scratch.pop();
    filled
}

/// `d[key]` of a key that is not there.
fn missing(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (Value::Dict(dict), key) = (args[0], args[1]) else { return Ok(Value::None.into()) };
    let factory = factory(ctx.heap, args[0]);
    match factory {
        Value::None => Err(ctx.error_with(TypeId::KeyError, &[key])),
        // `list`, `int` and the like need no detour.
        Value::Type(number) if TypeId::from_number(number).and_then(constructor).is_some() => {
            match construct(ctx, number, Args::new(&[]))? {
                Outcome::Return(value) => Ok(keep(ctx, dict, key, value)?.into()),
                _ => Err(ctx.type_error("a type without arguments asked for a script")),
            }
        }
        _ => iterate::start::<Make>(ctx, &[args[0], key, factory], [0; 4]),
    }
}

/// Sets a new value, and returns it.
fn keep(ctx: &mut Ctx<'_>, dict: Ref<Dict>, key: Value, value: Value) -> Result<Value, Raise> {
    ctx.heap.scratch.push(value);
    let set = table::dict_set(ctx, dict, key, value);
    ctx.heap.scratch.pop();
    set.map(|()| value)
}

/// Asks for a value. Keeps: the dict, the key, the factory.
struct Make;

impl Machine for Make {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        match resumed {
            None => {
                let nothing = ctx.heap.tuple(&[]);
                Ok(Progress::Call(kept.get(ctx, 2), CallArgs::Tuple(nothing)))
            }
            Some(Resumed::Value(value)) => {
                if let Value::Dict(dict) = kept.get(ctx, 0) {
                    let key = kept.get(ctx, 1);
                    keep(ctx, dict, key, value)?;
                }
                Ok(Progress::Done(value.into()))
            }
            Some(Resumed::Exhausted(value)) => Err(iterate::stop_iteration(ctx, value)),
            Some(Resumed::Raised(exception)) => Err(Raise::Exception(exception)),
        }
    }
}

fn duplicate(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let Value::Dict(dict) = v else { return Ok(v) };
    let factory = factory(ctx.heap, v);
    Ok(Value::Dict(table::dict_copy_as(ctx, dict, &DEFAULT_DICT, factory)?))
}

/// `a | b`, one of them a defaultdict, the other any dict.
fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let (BinaryOp::Or, Value::Dict(left), Value::Dict(right)) = (op, a, b) else { return Ok(None) };
    let own = ctx.heap.behaviour(a).is_some_and(|kind| kind.is(&DEFAULT_DICT));
    let factory = factory(ctx.heap, if own { a } else { b });
    let merged = table::dict_copy_as(ctx, left, &DEFAULT_DICT, factory)?;
    ctx.heap.scratch.push(Value::Dict(merged));
    let updated = table::dict_update(ctx, merged, right);
    ctx.heap.scratch.pop();
    updated.map(|()| Some(Value::Dict(merged)))
}
