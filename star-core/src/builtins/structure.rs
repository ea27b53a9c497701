//! `struct(x=1)`, `struct.define("Point", x=0, y=0)`, and calling what it makes.
//!
//! In: field names and values. Out: struct values and their types. Rule: a type's fields keep the order of their
//! definition, which is the order of positional arguments, of printing and of match patterns.

use std::rc::Rc;

use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::types::TypeId;
use crate::object::{Struct, TypeKind, UserType};
use crate::ops::{suggest, types};
use crate::text::unicode::is_identifier;
use crate::value::{Ref, Value};

/// What calling `struct` does.
pub const STRUCT: Native = Native {
    name: "struct",
    owner: None,
    arity: Arity::Variadic,
    doc: "struct(**fields): a value with named fields",
    call: new,
};

/// Functions of the type `struct`, sorted by name. Their receiver is the type.
pub static METHODS: &[Native] = &[Native {
    name: "define",
    owner: Some(TypeId::Struct),
    arity: Arity::Variadic,
    doc: "struct.define(name, *required, **defaults): a named constructor of structs",
    call: define,
}];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if !args.is_empty() {
        let were = if args.len() == 1 { "was" } else { "were" };
        let message = format!("struct() takes 0 positional arguments but {} {were} given", args.len());
        return Err(ctx.type_error(message));
    }
    ctx.charge(args.names.len())?;
    ctx.reserve_large(args.names.len() * 2 * size_of::<Value>())?;
    let class = TypeId::Struct.value();
    let (names, values) = (args.names.to_vec(), args.keywords.to_vec());
    Ok(Value::Struct(ctx.heap.insert(Struct { class, names, values })).into())
}

fn define(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some((&name, required)) = args.positional[1..].split_first() else {
        return Err(ctx.type_error("define() missing 1 required positional argument: 'name'"));
    };
    let count = required.len() + args.names.len();
    ctx.charge(count)?;
    ctx.reserve_large(count * 2 * size_of::<Value>())?;
    for (i, &part) in args.positional[1..].iter().enumerate() {
        let Value::Str(at) = part else {
            let given = types::type_name(ctx.heap, part);
            return Err(ctx.type_error(format!("define() argument {} must be str, not {given}", i + 1)));
        };
        let text = ctx.heap[at].share();
        ctx.charge(text.len() / 16)?;
        if !is_identifier(&text) || text.starts_with("__") && text.ends_with("__") {
            let text = crate::text::quote::repr_str(&text);
            return Err(ctx.value_error(format!("{text} cannot be the name of a struct or field")));
        }
    }
    let fields: Vec<Value> = required.iter().chain(args.names).copied().collect();
    if let Some(twice) = repeated(ctx, &fields) {
        return Err(ctx.value_error(format!("field '{twice}' is defined twice")));
    }
    let mut defaults = vec![Value::Undef; required.len()];
    defaults.extend_from_slice(args.keywords);
    let user = UserType {
        name: ctx.heap.as_str(name).unwrap_or_default().into(),
        kind: TypeKind::Struct,
        base: TypeId::Struct.value(),
        fields,
        defaults,
        doc: Value::None,
    };
    Ok(ctx.heap.user_type(user).into())
}

/// A name that occurs twice. Looking takes O(n log n).
fn repeated(ctx: &Ctx<'_>, fields: &[Value]) -> Option<String> {
    let mut names: Vec<&str> = fields.iter().filter_map(|&field| ctx.heap.as_str(field)).collect();
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_string())
}

/// What calling a type made by `struct.define` does: arguments by position, by name, then defaults.
pub fn construct(ctx: &mut Ctx<'_>, class: Ref<UserType>, args: Args<'_>) -> NativeResult {
    let count = ctx.heap[class].fields.len();
    ctx.charge(count)?;
    ctx.reserve_large(count * 2 * size_of::<Value>())?;
    if args.len() > count {
        return Err(too_many(ctx, class, args.len()));
    }
    let mut values = args.positional.to_vec();
    values.resize(count, Value::Undef);
    for (&name, &value) in args.names.iter().zip(args.keywords) {
        let user = &ctx.heap[class];
        let Some(index) = field_index(ctx, &user.fields, name) else {
            return Err(unexpected(ctx, class, name));
        };
        if !values[index].is_undef() {
            let name = ctx.heap.as_str(name).unwrap_or_default();
            let message = format!("{}() got multiple values for argument '{name}'", user.name);
            return Err(ctx.type_error(message));
        }
        values[index] = value;
    }
    let user = &ctx.heap[class];
    for (value, &default) in values.iter_mut().zip(&user.defaults) {
        *value = value.given().unwrap_or(default);
    }
    if values.contains(&Value::Undef) {
        return Err(missing(ctx, class, &values));
    }
    let names = user.fields.clone();
    let class = user_type_value(class);
    Ok(Value::Struct(ctx.heap.insert(Struct { class, names, values })).into())
}

fn user_type_value(class: Ref<UserType>) -> Value {
    Value::Type(crate::object::types::BUILTIN_TYPES + class.index() as u64)
}

/// Names in calls are constants of the code, so that most are found by identity or by length.
fn field_index(ctx: &Ctx<'_>, fields: &[Value], name: Value) -> Option<usize> {
    let text = ctx.heap.as_str(name)?;
    fields.iter().position(|&field| field == name || ctx.heap.as_str(field) == Some(text))
}

/// `Point() takes from 1 to 2 positional arguments but 3 were given`
#[cold]
fn too_many(ctx: &mut Ctx<'_>, class: Ref<UserType>, given: usize) -> Raise {
    let user = &ctx.heap[class];
    let count = user.fields.len();
    let required = user.defaults.iter().filter(|default| default.is_undef()).count();
    let takes = match (required, count) {
        (required, count) if required < count => format!("from {required} to {count} positional arguments"),
        (_, 1) => "1 positional argument".to_string(),
        (_, count) => format!("{count} positional arguments"),
    };
    let were = if given == 1 { "was" } else { "were" };
    let message = format!("{}() takes {takes} but {given} {were} given", user.name);
    ctx.type_error(message)
}

/// `Point() got an unexpected keyword argument 'z'`
#[cold]
fn unexpected(ctx: &mut Ctx<'_>, class: Ref<UserType>, name: Value) -> Raise {
    let user = &ctx.heap[class];
    let name = ctx.heap.as_str(name).unwrap_or_default();
    let known = user.fields.iter().filter_map(|&field| ctx.heap.as_str(field));
    let hint = match suggest::closest(name, known) {
        Some(known) => format!(". Did you mean '{known}'?"),
        None => String::new(),
    };
    let message = format!("{}() got an unexpected keyword argument '{name}'{hint}", user.name);
    ctx.type_error(message)
}

/// `Point() missing 2 required positional arguments: 'x' and 'y'`
#[cold]
fn missing(ctx: &mut Ctx<'_>, class: Ref<UserType>, values: &[Value]) -> Raise {
    let user = &ctx.heap[class];
    let left_out = user.fields.iter().zip(values).filter(|(_, value)| value.is_undef());
    let names: Vec<Rc<str>> = left_out
        .map(|(&field, _)| format!("'{}'", ctx.heap.as_str(field).unwrap_or_default()).into())
        .collect();
    let (plural, listed) = match &names[..] {
        [one] => ("", one.to_string()),
        [one, two] => ("s", format!("{one} and {two}")),
        [first @ .., last] => ("s", format!("{}, and {last}", first.join(", "))),
        [] => ("s", String::new()),
    };
    let message =
        format!("{}() missing {} required positional argument{plural}: {listed}", user.name, names.len());
    ctx.type_error(message)
}
