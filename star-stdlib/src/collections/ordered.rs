//! `OrderedDict`: a dict whose order counts, and can be changed.
//!
//! In: a dict and arguments. Out: a value, or a request while an iterable runs. Rule: two of them are equal if their
//! entries are, in the same order; one and another dict, as dicts are.

use star::ast::{BinaryOp, CompareOp};
use star::builtins::dict::{self, fill_from};
use star::heap::{Args, Arity, Compared, HostType, Native, NativeResult, SMALL};
use star::object::types::TypeId;
use star::object::{Dict, Entry, Probe, Table};
use star::ops::{table, types};
use star::private::{Base, Ctx, Hooks, Piece, Raise, Value};
use star::value::Ref;

use super::defaultdict::from_keys;
use super::kinds::copying;
use crate::native::{function, inherited, method};

/// `OrderedDict`.
pub(super) static ORDERED_DICT: HostType = HostType {
    base: Base::Type(TypeId::Dict),
    new: Some(&NEW),
    methods: METHODS,
    statics: STATICS,
    hooks: Hooks {
        full_name: true,
        ordered: true,
        repr: Some(pieces),
        compare: Some(compare),
        binary: Some(binary),
        copying: Some(&copying(duplicate)),
        ..Hooks::NONE
    },
    ..HostType::named("OrderedDict", "collections", "A dict whose order counts, and can be changed.")
};

static NEW: Native = function(
    "OrderedDict",
    Arity::Variadic,
    |ctx, args| {
        if args.len() > 1 {
            return Err(ctx.type_error(format!("expected at most 1 arguments, got {}", args.len())));
        }
        let dict = ctx.heap.dict_of(&ORDERED_DICT, Table::default(), Value::None);
        ctx.heap.scratch.push(Value::Dict(dict));
        let filled = fill_from(ctx, dict, args, Value::Dict(dict));
        ctx.heap.scratch.pop();
        filled
    },
    "OrderedDict(mapping or iterable of pairs, **entries): a dict of them",
);

static METHODS: &[Native] = &[
    inherited(&ORDERED_DICT, dict::METHODS, "clear"),
    method(
        &ORDERED_DICT,
        "copy",
        Arity::None,
        |ctx, args| Ok(duplicate(ctx, args[0])?.into()),
        "copy(): an OrderedDict of the same entries",
    ),
    inherited(&ORDERED_DICT, dict::METHODS, "items"),
    inherited(&ORDERED_DICT, dict::METHODS, "keys"),
    method(
        &ORDERED_DICT,
        "move_to_end",
        Arity::Named { names: &["key", "last"], required: 1, positional: 2 },
        move_to_end,
        "move_to_end(key, last=True): makes its entry the last, or else the first",
    ),
    method(
        &ORDERED_DICT,
        "pop",
        Arity::Named { names: &["key", "default"], required: 1, positional: 2 },
        pop,
        "pop(key, default=…): removes the key and returns its value",
    ),
    method(
        &ORDERED_DICT,
        "popitem",
        Arity::Named { names: &["last"], required: 0, positional: 1 },
        pop_item,
        "popitem(last=True): removes the last entry, or else the first, and returns it",
    ),
    method(
        &ORDERED_DICT,
        "setdefault",
        Arity::Named { names: &["key", "default"], required: 1, positional: 2 },
        inherited(&ORDERED_DICT, dict::METHODS, "setdefault").call,
        "setdefault(key, default=None): its value, after setting it to default if it is missing",
    ),
    method(
        &ORDERED_DICT,
        "update",
        Arity::Variadic,
        |ctx, args| {
            let Value::Dict(dict) = args[0] else { return Ok(Value::None.into()) };
            if args.len() > 2 {
                let message =
                    format!("update() takes at most 1 positional argument ({} given)", args.len() - 1);
                return Err(ctx.type_error(message));
            }
            fill_from(ctx, dict, Args { positional: &args.positional[1..], ..args }, Value::None)
        },
        "update(mapping or iterable of pairs, **entries): sets entries",
    ),
    inherited(&ORDERED_DICT, dict::METHODS, "values"),
];

static STATICS: &[Native] = &[method(
    &ORDERED_DICT,
    "fromkeys",
    Arity::Named { names: &["iterable", "value"], required: 1, positional: 2 },
    |ctx, args| {
        let dict = ctx.heap.dict_of(&ORDERED_DICT, Table::default(), Value::None);
        from_keys(ctx, Value::Dict(dict), args[1], args.get(2).unwrap_or(Value::None), Value::Dict(dict))
    },
    "OrderedDict.fromkeys(iterable, value=None): an OrderedDict of its items as keys",
)];

fn duplicate(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let Value::Dict(dict) = v else { return Ok(v) };
    Ok(Value::Dict(table::dict_copy_as(ctx, dict, &ORDERED_DICT, Value::None)?))
}

fn pieces(ctx: &mut Ctx<'_>, v: Value) -> Result<Vec<Piece>, Raise> {
    let Value::Dict(dict) = v else { return Ok(Vec::new()) };
    if ctx.heap[dict].table().is_empty() {
        return Ok(vec![Piece::Text("OrderedDict()".into())]);
    }
    let plain = Value::Dict(table::dict_copy(ctx, dict)?);
    ctx.heap.scratch.push(plain);
    Ok(vec![Piece::Text("OrderedDict(".into()), Piece::Repr(plain), Piece::Text(")".into())])
}

fn is_ordered(ctx: &Ctx<'_>, v: Value) -> bool {
    ctx.heap.behaviour(v).is_some_and(|kind| kind.is(&ORDERED_DICT))
}

/// Equality of two OrderedDicts is that of lists of their keys and values.
fn compare(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    let (CompareOp::Eq | CompareOp::Ne, Value::Dict(x), Value::Dict(y)) = (op, a, b) else {
        return Ok(Compared::Unknown);
    };
    if !is_ordered(ctx, a) || !is_ordered(ctx, b) {
        return Ok(Compared::Unknown);
    }
    let len = ctx.heap[x].table().len();
    if len != ctx.heap[y].table().len() {
        return Ok(Compared::Is(false));
    }
    ctx.charge(len / 8)?;
    ctx.claim(len * 4 * size_of::<Value>())?;
    let [a, b] = [x, y].map(|at| {
        let entries = ctx.heap[at].table().entries();
        let items = entries.flat_map(|entry| [entry.key, entry.value]).collect();
        ctx.heap.list(items)
    });
    Ok(Compared::As(a, b))
}

fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let (BinaryOp::Or, Value::Dict(left), Value::Dict(right)) = (op, a, b) else { return Ok(None) };
    let merged = table::dict_copy_as(ctx, left, &ORDERED_DICT, Value::None)?;
    ctx.heap.scratch.push(Value::Dict(merged));
    let updated = table::dict_update(ctx, merged, right);
    ctx.heap.scratch.pop();
    updated.map(|()| Some(Value::Dict(merged)))
}

/// The entry of a key, or KeyError.
fn entry(ctx: &mut Ctx<'_>, dict: Ref<Dict>, key: Value) -> Result<usize, Raise> {
    match table::dict_find(ctx, dict, key)? {
        (_, Probe::Found(entry)) => Ok(entry),
        (_, Probe::Missing) => Err(ctx.error_with(TypeId::KeyError, &[key])),
    }
}

fn move_to_end(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Dict(dict) = args[0] else { return Ok(Value::None.into()) };
    let last = args.get(2).is_none_or(|last| types::truthy(ctx.heap, last));
    let at = entry(ctx, dict, args[1])?;
    let table = ctx.heap[dict].table();
    if last {
        let growth = table.growth();
        if growth > SMALL {
            ctx.reserve(growth)?;
        }
        ctx.heap.dict_edit(dict, |table| table.move_to_end(at));
        return Ok(Value::None.into());
    }
    if table.first() != Some(at) && !table.has_room_in_front() {
        let len = table.len();
        ctx.charge(len / 4)?;
        ctx.reserve_large(len * 2 * (size_of::<Entry<Value>>() + 16))?;
    }
    ctx.heap.dict_edit(dict, |table| table.move_to_front(at));
    Ok(Value::None.into())
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Dict(dict) = args[0] else { return Ok(Value::None.into()) };
    match table::dict_remove(ctx, dict, args[1])?.or(args.get(2)) {
        Some(value) => Ok(value.into()),
        None => Err(ctx.error_with(TypeId::KeyError, &[args[1]])),
    }
}

fn pop_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Dict(dict) = args[0] else { return Ok(Value::None.into()) };
    let last = args.get(1).is_none_or(|last| types::truthy(ctx.heap, last));
    let entry = ctx.heap.dict_edit(dict, |table| match last {
        true => table.pop(),
        false => table.first().map(|at| table.remove(at)),
    });
    match entry {
        Some(entry) => Ok(ctx.heap.tuple(&[entry.key, entry.value]).into()),
        None => Err(ctx.error(TypeId::KeyError, "dictionary is empty")),
    }
}
