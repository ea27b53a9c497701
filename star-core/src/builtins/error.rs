//! `error(name, base=Exception)`: exception types of a script's own.
//!
//! In: a name and a base. Out: a type, which is called, raised and caught like a built-in one.

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};
use crate::object::types::TypeId;
use crate::object::{TypeKind, UserType};
use crate::ops::types;
use crate::text::unicode::is_identifier;
use crate::value::Value;

/// The builtin `error`.
pub const ERROR: Native = Native {
    name: "error",
    owner: None,
    arity: Arity::Named { names: &["name", "base"], required: 1, positional: 2 },
    doc: "error(name, base=Exception): a new type of exception",
    call: error,
    signature: None,
};

fn error(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Str(name) = args[0] else {
        let given = types::type_name(ctx.heap, args[0]);
        return Err(ctx.type_error(format!("error() argument 1 must be str, not {given}")));
    };
    let name = ctx.heap[name].share();
    ctx.charge(name.len() / 16)?;
    if !is_identifier(&name) {
        return Err(ctx.value_error("error() argument 1 must be an identifier"));
    }
    let base = args.get(1).unwrap_or(TypeId::Exception.value());
    if !is_exception_type(ctx, base) {
        return Err(ctx.type_error("error() argument 2 must be an exception type"));
    }
    if depth(ctx, base) >= MOST_BASES {
        return Err(ctx.error(TypeId::RecursionError, "error() base has too many bases of its own"));
    }
    let user =
        UserType { name: name.as_str().into(), kind: TypeKind::Exception, base, ..UserType::default() };
    Ok(ctx.heap.user_type(user).into())
}

/// Bases that a type may have: every `except` walks along them.
const MOST_BASES: usize = 1000;

/// How many types of scripts lie between `base` and the built-in one, itself included.
fn depth(ctx: &Ctx<'_>, base: Value) -> usize {
    let mut at = base;
    let mut depth = 0;
    while let Value::Type(number) = at
        && let Some(user) = ctx.heap.as_user_type(number)
    {
        at = ctx.heap[user].base;
        depth += 1;
    }
    depth
}

/// Whether `value` is a type of exceptions, built-in or a script's.
pub fn is_exception_type(ctx: &Ctx<'_>, value: Value) -> bool {
    let Value::Type(number) = value else { return false };
    match (TypeId::from_number(number), ctx.heap.as_user_type(number)) {
        (Some(builtin), _) => builtin.is_exception(),
        (None, Some(user)) => ctx.heap[user].kind == TypeKind::Exception,
        (None, None) => false,
    }
}
