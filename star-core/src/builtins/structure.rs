//! `struct(x=1)`, `struct.define("Point", x=0, y=0)`, and calling what it makes.
//!
//! In: field names and values. Out: struct values and their types. Rule: a type's fields keep the order of their
//! definition, which is the order of positional arguments, of printing and of match patterns.

use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Owner, Raise};
use crate::host::arguments;
use crate::object::types::TypeId;
use crate::object::{Struct, TypeKind, UserType};
use crate::ops::types;
use crate::text::unicode::is_identifier;
use crate::value::{Ref, Value};

/// What calling `struct` does.
pub const STRUCT: Native = Native {
    name: "struct",
    owner: None,
    arity: Arity::Variadic,
    doc: "struct(**fields): a value with named fields",
    call: new,
    signature: None,
};

/// Functions of the type `struct`, sorted by name. Their receiver is the type.
pub static METHODS: &[Native] = &[Native {
    name: "define",
    owner: Some(Owner::Type(TypeId::Struct)),
    arity: Arity::Variadic,
    doc: "struct.define(name, *required, **defaults): a named constructor of structs",
    call: define,
    signature: None,
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
        ..UserType::default()
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
    // A keyword is looked for among the fields.
    ctx.charge(count + args.names.len() * count / 8)?;
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
            let message = arguments::multiple_values(&user.name, name);
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
    let message = arguments::unexpected(&user.name, name, known);
    ctx.type_error(message)
}

/// `Point() missing 2 required positional arguments: 'x' and 'y'`
#[cold]
fn missing(ctx: &mut Ctx<'_>, class: Ref<UserType>, values: &[Value]) -> Raise {
    let user = &ctx.heap[class];
    let left_out = user.fields.iter().zip(values).filter(|(_, value)| value.is_undef());
    let names: Vec<&str> = left_out.filter_map(|(&field, _)| ctx.heap.as_str(field)).collect();
    let message = arguments::missing(&user.name, "positional", &names);
    ctx.type_error(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::{GROUPS, construct};
    use crate::heap::{Heap, Natives, Outcome};
    use crate::meter::Limits;
    use crate::ops::{attribute, repr};

    /// `name(*positional, **keywords)` of a type, as its repr or the message of what it raises.
    fn call(ctx: &mut Ctx<'_>, class: Value, positional: &[i64], keywords: &[(&str, i64)]) -> String {
        let positional: Vec<Value> = positional.iter().map(|&i| Value::Int(i)).collect();
        let names: Vec<Value> = keywords.iter().map(|(name, _)| ctx.heap.str(name)).collect();
        let keywords: Vec<Value> = keywords.iter().map(|&(_, i)| Value::Int(i)).collect();
        let args = Args { positional: &positional, names: &names, keywords: &keywords };
        let Value::Type(number) = class else { unreachable!("a type") };
        let result = construct(ctx, number, args);
        shown(ctx, result)
    }

    fn shown(ctx: &mut Ctx<'_>, result: NativeResult) -> String {
        let text = match result {
            Ok(Outcome::Return(value)) => repr::repr(ctx, value),
            Err(Raise::Exception(at)) => repr::str_of(ctx, Value::Exception(at)),
            other => unreachable!("{other:?}"),
        };
        text.expect("it is short").to_string()
    }

    /// `struct.define(name, *required, **defaults)`
    fn defined(ctx: &mut Ctx<'_>, names: &[&str], defaults: &[(&str, i64)]) -> NativeResult {
        let mut positional = vec![TypeId::Struct.value()];
        positional.extend(names.iter().map(|name| ctx.heap.str(name)));
        let names: Vec<Value> = defaults.iter().map(|(name, _)| ctx.heap.str(name)).collect();
        let keywords: Vec<Value> = defaults.iter().map(|&(_, i)| Value::Int(i)).collect();
        define(ctx, Args { positional: &positional, names: &names, keywords: &keywords })
    }

    #[test]
    fn constructors() {
        let mut heap = Heap::new(Limits::default(), Natives::new(GROUPS), (1, 2));
        let ctx = &mut Ctx::new(&mut heap, &());
        let plain = TypeId::Struct.value();
        assert_eq!(call(ctx, plain, &[], &[("x", 1), ("y", 2)]), "struct(x=1, y=2)");
        assert_eq!(call(ctx, plain, &[1], &[]), "struct() takes 0 positional arguments but 1 was given");

        let Ok(Outcome::Return(point)) = defined(ctx, &["Point", "x", "y"], &[("z", 0)]) else {
            unreachable!("a type")
        };
        type Call<'a> = (&'a [i64], &'a [(&'a str, i64)], &'a str);
        let cases: [Call<'_>; 8] = [
            (&[1, 2], &[], "Point(x=1, y=2, z=0)"),
            (&[1], &[("z", 3), ("y", 2)], "Point(x=1, y=2, z=3)"),
            (&[], &[], "Point() missing 2 required positional arguments: 'x' and 'y'"),
            (&[1], &[], "Point() missing 1 required positional argument: 'y'"),
            (&[1, 2, 3, 4], &[], "Point() takes from 2 to 3 positional arguments but 4 were given"),
            (&[1], &[("x", 2)], "Point() got multiple values for argument 'x'"),
            (&[1, 2], &[("w", 2)], "Point() got an unexpected keyword argument 'w'"),
            (&[1, 2], &[("zz", 2)], "Point() got an unexpected keyword argument 'zz'. Did you mean 'z'?"),
        ];
        for (positional, keywords, expected) in cases {
            assert_eq!(call(ctx, point, positional, keywords), expected);
        }
        for (names, expected) in [
            (&["P", "x", "x"][..], "field 'x' is defined twice"),
            (&["P", "a b"], "'a b' cannot be the name of a struct or field"),
            (&["P", "__class__"], "'__class__' cannot be the name of a struct or field"),
            (&[], "define() missing 1 required positional argument: 'name'"),
        ] {
            let result = defined(ctx, names, &[]);
            assert_eq!(shown(ctx, result), expected);
        }
    }

    #[test]
    fn attributes() {
        let mut heap = Heap::new(Limits::default(), Natives::new(GROUPS), (1, 2));
        let ctx = &mut Ctx::new(&mut heap, &());
        let name = ctx.heap.str("x");
        let object = Struct { class: TypeId::Struct.value(), ..Struct::default() };
        let object = Value::Struct(ctx.heap.insert(object));
        assert!(attribute::set_attr(ctx, object, name, Value::Int(1)).is_ok());
        assert_eq!(attribute::get_attr(ctx, object, name), Ok(Value::Int(1)));
        assert!(attribute::del_attr(ctx, object, name).is_ok());
        for result in [
            attribute::get_attr(ctx, object, name),
            attribute::del_attr(ctx, object, name).map(|()| Value::None),
        ] {
            let result = result.map(Outcome::Return);
            assert_eq!(shown(ctx, result), "'struct' object has no attribute 'x'");
        }
    }
}
