//! `singledispatch`: a function that does what its first argument's type wants.
//!
//! In: a function for any value, and others for types. Out: what calls the one for the nearest type. Rule: the nearest is
//! the first with a function among the type and its bases, in order.
//!
//! Parts: the registry, a dict of functions by type; what scripts have set; the function for any value.

use star::heap::{Args, HostType, Native, NativeResult, Outcome};
use star::object::types::TypeId;
use star::ops::{attribute, repr, table, types};
use star::private::{Attribute, Ctx, Heap, Hooks, Piece, Raise, Value};

use super::{attributes, partial};
use crate::native::{attribute as read_only, function, method, script};

/// `singledispatch(…)`.
pub(super) const SINGLE_DISPATCH: Native = function(
    "singledispatch",
    script(&["func"], 1),
    |ctx, args| {
        let registry = ctx.heap.dict();
        let own = ctx.heap.object(&DISPATCHER, [Value::Dict(registry), Value::Undef, args[0]], [0; 4]);
        table::dict_set(ctx, registry, TypeId::Object.value(), args[0])?;
        Ok(own.into())
    },
    "singledispatch(func): a function that calls another, registered for the type of its first argument, or func",
);

/// What `singledispatch` makes.
static DISPATCHER: HostType = HostType {
    methods: METHODS,
    attributes: ATTRIBUTES,
    hooks: Hooks {
        call: Some(call),
        repr: Some(|ctx, own| {
            let name = name(ctx, own)?;
            let id = ctx.heap.id_of(own);
            Ok(vec![Piece::Text(format!("<function {name} at {id:#x}>"))])
        }),
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
    ..HostType::named("function", "", "A function that goes by the type of its first argument.")
};

static METHODS: &[Native] = &[
    method(
        &DISPATCHER,
        "dispatch",
        script(&["cls"], 1),
        |ctx, args| match args[1] {
            Value::Type(class) => Ok(implementation(ctx, args[0], class)?.into()),
            other => {
                let given = types::type_name(ctx.heap, other);
                Err(ctx.type_error(format!("cannot create weak reference to '{given}' object")))
            }
        },
        "dispatch(cls): the function that is called for values of this type",
    ),
    method(
        &DISPATCHER,
        "register",
        script(&["cls", "func"], 1),
        register,
        "register(cls, func): has func called for values of this type; without func, a decorator",
    ),
];

static ATTRIBUTES: &[Attribute] =
    &[read_only("registry", "The functions by type.", |ctx, own| Ok(ctx.heap.parts(own).values[REGISTRY]))];

const REGISTRY: usize = 0;
const SET: usize = 1;
const FUNCTION: usize = 2;

fn name(ctx: &mut Ctx<'_>, own: Value) -> Result<String, Raise> {
    let function = ctx.heap.parts(own).values[FUNCTION];
    let name = attribute::find_attr(ctx, function, "__name__")?;
    let name = name.and_then(|name| ctx.heap.as_str(name));
    Ok(name.unwrap_or("singledispatch function").to_string())
}

/// The type that the one of this number derives from.
fn base(heap: &Heap, class: u64) -> Option<u64> {
    let base = match (TypeId::from_number(class), heap.as_user_type(class)) {
        (Some(TypeId::Object), _) => return None,
        (Some(class), _) => class.base().value(),
        (None, Some(user)) => heap[user].base,
        (None, None) => return None,
    };
    match base {
        Value::Type(base) => Some(base),
        _ => Some(TypeId::Object as u64),
    }
}

/// The function for values of the type of this number.
fn implementation(ctx: &mut Ctx<'_>, own: Value, class: u64) -> Result<Value, Raise> {
    let Value::Dict(registry) = ctx.heap.parts(own).values[REGISTRY] else { return Ok(Value::None) };
    let mut at = Some(class);
    while let Some(class) = at {
        if let Some(function) = table::dict_get(ctx, registry, Value::Type(class))? {
            return Ok(function);
        }
        at = base(ctx.heap, class);
    }
    Ok(ctx.heap.parts(own).values[FUNCTION])
}

fn call(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let own = args[0];
    let given = &args.positional[1..];
    let Some(&first) = given.first() else {
        let name = name(ctx, own)?;
        return Err(ctx.type_error(format!("{name} requires at least 1 positional argument")));
    };
    let Value::Type(class) = types::type_of(ctx.heap, first) else { return Ok(Value::None.into()) };
    let function = implementation(ctx, own, class)?;
    ctx.reserve_large((given.len() + args.names.len() * 2) * 2 * size_of::<Value>())?;
    let args = ctx.named_args(given, args.names, args.keywords);
    Ok(Outcome::Call { function, args, then: None })
}

fn register(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (own, class) = (args[0], args[1]);
    let function = args.get(2).unwrap_or(Value::None);
    let Value::Type(_) = class else {
        let given = repr::repr(ctx, class)?;
        return Err(ctx.type_error(match function {
            Value::None => format!(
                "Invalid first argument to `register()`: {given}. Use either `@register(some_class)` or plain \
                 `@register` on an annotated function."
            ),
            _ => format!("Invalid first argument to `register()`. {given} is not a class or union type."),
        }));
    };
    if function.is_none() {
        let register = attribute::find_attr(ctx, own, "register")?.unwrap_or_default();
        ctx.heap.scratch.push(register);
        let decorator = partial::make(ctx, register, [Value::Undef; 2], Args::new(&[class]));
        ctx.heap.scratch.pop();
        return Ok(decorator?.into());
    }
    if let Value::Dict(registry) = ctx.heap.parts(own).values[REGISTRY] {
        table::dict_set(ctx, registry, class, function)?;
    }
    Ok(function.into())
}
