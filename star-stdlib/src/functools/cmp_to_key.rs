//! `cmp_to_key`: keys that a function of two arguments compares.
//!
//! Parts: the function; of a key also what it stands for.

use star::heap::{Args, Arity, HostType, Native, NativeResult};
use star::host::arguments::MAX_PARAMETERS;
use star::object::types::TypeId;
use star::private::{Attribute, Ctx, Hooks, Raise, TypeDesc, Value};

use crate::native::function;

/// `cmp_to_key(…)`.
pub(super) const CMP_TO_KEY: Native = function(
    "cmp_to_key",
    Arity::Named { names: &["mycmp"], required: 1, positional: 1 },
    |ctx, args| Ok(ctx.heap.object(&KEY, [args[0], Value::Undef], [0; 4]).into()),
    "cmp_to_key(mycmp): a key function; mycmp(a, b) is below 0, 0 or above for a before, beside or after b",
);

/// What `cmp_to_key` returns, and what calling that does.
static KEY: HostType = HostType {
    attributes: &[Attribute {
        name: "obj",
        doc: "What the key stands for.",
        ty: &TypeDesc::Any,
        get: object,
        set: Some(|ctx, key, value| {
            if let Some(place) = ctx.heap.parts_mut(key).and_then(|parts| parts.values.get_mut(1)) {
                *place = value;
            }
            Ok(())
        }),
    }],
    hooks: Hooks {
        full_name: true,
        call: Some(call),
        comparator: Some(comparator),
        compare: Some(|ctx, _, a, b| {
            let is_key = |v| matches!(v, Value::Host(at) if ctx.heap[at].kind.is(&KEY));
            if !is_key(a) || !is_key(b) {
                return Err(other(ctx));
            }
            let message = "a key of cmp_to_key() cannot be compared here, where no function can be called";
            Err(ctx.type_error(message))
        }),
        unhashable: true,
        ..Hooks::NONE
    },
    ..HostType::named("KeyWrapper", "functools", "A key that a function compares.")
};

/// What calls the key function.
static K: Native = function(
    "K",
    Arity::Named { names: &["obj"], required: 1, positional: 1 },
    |_, args| Ok(args[0].into()),
    "K(obj): a key that stands for it",
);

fn call(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let mut buffer = [Value::Undef; MAX_PARAMETERS];
    let given = Args { positional: &args.positional[1..], ..args };
    let bound = star::host::arguments::bind(ctx, &K, given, false, &mut buffer)?;
    let function = ctx.heap.parts(args[0]).values[0];
    Ok(ctx.heap.object(&KEY, [function, bound[0]], [0; 4]).into())
}

fn object(ctx: &mut Ctx<'_>, key: Value) -> Result<Value, Raise> {
    match ctx.heap.parts(key).values.get(1).and_then(|value| value.given()) {
        Some(value) => Ok(value),
        None => Err(ctx.error(TypeId::AttributeError, "object")),
    }
}

#[cold]
fn other(ctx: &mut Ctx<'_>) -> Raise {
    ctx.type_error("other argument must be K instance")
}

fn comparator(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<[Value; 3], Raise> {
    let is_key = |v| matches!(v, Value::Host(at) if ctx.heap[at].kind.is(&KEY));
    if !is_key(a) || !is_key(b) {
        return Err(other(ctx));
    }
    let function = ctx.heap.parts(a).values[0];
    Ok([function, object(ctx, a)?, object(ctx, b)?])
}
