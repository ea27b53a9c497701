//! `getattr`, `hasattr` and `format`.
//!
//! In: a value and the name of an attribute, or a format spec. Out: the attribute, or the text.

use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::ops::plain::str_arg;
use crate::ops::{attribute, format, types};
use crate::value::Value;

/// `format(value, format_spec='')`
pub const FORMAT: Native = Native {
    name: "format",
    owner: None,
    arity: Arity::Positional(1, 2),
    doc: "format(value, spec=''): its text, as f-strings write it",
    call: format_value,
    signature: None,
};

/// `getattr(object, name[, default])`
pub const GETATTR: Native = Native {
    name: "getattr",
    owner: None,
    arity: Arity::Positional(2, 3),
    doc: "getattr(object, name[, default]): an attribute by its name",
    call: getattr,
    signature: None,
};

/// `hasattr(object, name)`
pub const HASATTR: Native = Native {
    name: "hasattr",
    owner: None,
    arity: Arity::Positional(2, 2),
    doc: "hasattr(object, name): whether there is such an attribute",
    call: hasattr,
    signature: None,
};

fn format_value(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let spec = match args.get(1) {
        Some(spec) => str_arg(ctx, spec, "format() argument 2")?,
        None => "".into(),
    };
    if let (Value::Str(_), true) = (args[0], spec.is_empty()) {
        return Ok(args[0].into());
    }
    let text = format::format(ctx, args[0], &spec)?;
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str_shared(text).into())
}

/// The attribute named by the second argument, if there is one.
fn find(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<Value>, Raise> {
    let Value::Str(name) = args[1] else {
        let given = types::type_name(ctx.heap, args[1]);
        return Err(ctx.type_error(format!("attribute name must be string, not '{given}'")));
    };
    let name = ctx.heap[name].share();
    attribute::find_attr(ctx, args[0], &name)
}

fn getattr(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match (find(ctx, args)?, args.get(2)) {
        (Some(found), _) => Ok(found.into()),
        (None, Some(default)) => Ok(default.into()),
        (None, None) => Err(attribute::no_attribute(ctx, args[0], args[1])),
    }
}

fn hasattr(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::bool(find(ctx, args)?.is_some()).into())
}
