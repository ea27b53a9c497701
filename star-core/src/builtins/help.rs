//! `help(…)`: what a script can do with a value.

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::ops::{attribute, types};
use crate::value::Value;

/// `help(…)`.
pub const HELP: Native =
    function("help", Arity::Positional(0, 1), help, "help(object): prints what is known about it");

fn help(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(object) = args.get(0) else {
        ctx.print("help(object) prints what is known about a function, type or value\n")?;
        return Ok(Value::None.into());
    };
    let (name, doc) = match object {
        Value::Type(number) => {
            let name = ctx.heap.type_name(number);
            let constructor = crate::object::types::TypeId::from_number(number).and_then(super::constructor);
            let own = text(ctx, object, "__doc__")?;
            (format!("type {name}"), own.or(constructor.map(|native| native.doc.to_string())))
        }
        Value::Function(_) | Value::Native(_) | Value::BoundMethod(_) => {
            let name = text(ctx, object, "__name__")?.unwrap_or_default();
            (format!("function {name}"), text(ctx, object, "__doc__")?)
        }
        Value::Module(_) => {
            let name = text(ctx, object, "__name__")?.unwrap_or_default();
            (format!("module {name}"), text(ctx, object, "__doc__")?)
        }
        _ => {
            let class = types::type_of(ctx.heap, object);
            return help(ctx, Args::new(&[class]));
        }
    };
    let doc = doc.as_deref().map_or("", str::trim);
    let indented: String = doc.lines().map(|line| format!("    {}\n", line.trim())).collect();
    ctx.charge((name.len() + indented.len()) / 16)?;
    ctx.print(&format!("{name}\n{indented}"))?;
    Ok(Value::None.into())
}

/// An attribute, if there is one and it is text.
fn text(ctx: &mut Ctx<'_>, object: Value, name: &str) -> Result<Option<String>, Raise> {
    let value = attribute::find_attr(ctx, object, name)?;
    Ok(value.and_then(|value| ctx.heap.as_str(value)).map(str::to_string))
}
