//! `update_wrapper` and `wraps`: one function that looks like another.
//!
//! In: a function and what stands for it. Out: the latter, with name, text and attributes of the former. Rule: attributes
//! that star does not have (`__module__`, `__dict__`, …) may be named and are passed over.

use star::heap::{Args, Arity, Constant, Native, NativeResult};
use star::ops::attribute;
use star::private::{Ctx, Raise, TypeDesc, Value};

use super::partial;
use crate::native::function;

/// `update_wrapper(…)`.
pub(super) const UPDATE_WRAPPER: Native = function(
    "update_wrapper",
    Arity::Script { names: &NAMES, positional_only: 0, positional: 4, required: 2 },
    update_wrapper,
    "update_wrapper(wrapper, wrapped): wrapper, with the name, text and attributes of wrapped",
);

/// `wraps(…)`.
pub(super) const WRAPS: Native = function(
    "wraps",
    Arity::Script {
        names: &["wrapped", "assigned", "updated"],
        positional_only: 0,
        positional: 3,
        required: 1,
    },
    wraps,
    "wraps(wrapped): a decorator that gives a function the name, text and attributes of wrapped",
);

const NAMES: [&str; 4] = ["wrapper", "wrapped", "assigned", "updated"];

/// What is assigned, in CPython's order; star has the second and fourth.
const ASSIGNED: [&str; 6] =
    ["__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__type_params__"];

/// The constants of the module.
pub(super) static CONSTANTS: &[Constant] = &[
    Constant {
        name: "WRAPPER_ASSIGNMENTS",
        doc: "Attributes that wraps() assigns.",
        ty: &TypeDesc::Any,
        make: |ctx| Ok(texts(ctx, &ASSIGNED)),
    },
    Constant {
        name: "WRAPPER_UPDATES",
        doc: "Attributes that wraps() updates.",
        ty: &TypeDesc::Any,
        make: |ctx| Ok(texts(ctx, &["__dict__"])),
    },
];

fn texts(ctx: &mut Ctx<'_>, texts: &[&str]) -> Value {
    let texts: Vec<Value> = texts.iter().map(|text| ctx.heap.str(text)).collect();
    ctx.heap.tuple(&texts)
}

fn update_wrapper(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (wrapper, wrapped) = (args[0], args[1]);
    let assigned = names(ctx, args.get(2), &ASSIGNED)?;
    for name in assigned {
        let text = ctx.heap.as_str(name).unwrap_or_default().to_string();
        if let Some(value) = attribute::find_attr(ctx, wrapped, &text)? {
            assign(ctx, wrapper, name, value)?;
        }
    }
    let updated = names(ctx, args.get(3), &["__dict__"])?;
    if !updated.iter().any(|&name| ctx.heap.as_str(name) == Some("__dict__")) {
        return Ok(wrapper.into());
    }
    if let Value::Function(at) = wrapped
        && let Value::Dict(set) = ctx.heap[at].attributes
    {
        let set: Vec<(Value, Value)> =
            ctx.heap[set].table().entries().map(|entry| (entry.key, entry.value)).collect();
        for (name, value) in set {
            if ctx.heap.as_str(name).is_some_and(|name| !name.starts_with("__")) {
                assign(ctx, wrapper, name, value)?;
            }
        }
    }
    Ok(wrapper.into())
}

/// `setattr(wrapper, name, value)`; the value is known to `wrapped` or to nobody.
fn assign(ctx: &mut Ctx<'_>, wrapper: Value, name: Value, value: Value) -> Result<(), Raise> {
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.extend([name, value]);
    let set = attribute::set_attr(ctx, wrapper, name, value);
    ctx.heap.scratch.truncate(root);
    set
}

/// The names in a list or tuple, or those that are meant without one.
fn names(ctx: &mut Ctx<'_>, given: Option<Value>, default: &[&str]) -> Result<Vec<Value>, Raise> {
    match given {
        None => Ok(default.iter().map(|name| ctx.heap.str(name)).collect()),
        Some(given) => match ctx.heap.as_items(given) {
            Some(items) => Ok(items.to_vec()),
            None => {
                let name = star::ops::types::type_name(ctx.heap, given);
                Err(ctx.type_error(format!("'{name}' object is not iterable")))
            }
        },
    }
}

/// A partial of `update_wrapper`, as in CPython.
fn wraps(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let group = ctx.heap.natives.host_group(UPDATE);
    let update = ctx.heap.natives.find(group, "update_wrapper").unwrap_or_default();
    let given = [args[0], args.get(1).unwrap_or_default(), args.get(2).unwrap_or_default()];
    let assigned = match given[1] {
        Value::Undef => texts(ctx, &ASSIGNED),
        assigned => assigned,
    };
    let updated = match given[2] {
        Value::Undef => texts(ctx, &["__dict__"]),
        updated => updated,
    };
    let names: Vec<Value> = NAMES[1..].iter().map(|name| ctx.heap.str(name)).collect();
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.extend([assigned, updated]);
    ctx.heap.scratch.extend_from_slice(&names);
    let keywords = [args[0], assigned, updated];
    let decorator = partial::make(
        ctx,
        update,
        [Value::Undef; 2],
        Args { positional: &[], names: &names, keywords: &keywords },
    );
    ctx.heap.scratch.truncate(root);
    Ok(decorator?.into())
}

/// The group that has `update_wrapper`.
static UPDATE: &[Native] = &[UPDATE_WRAPPER];
