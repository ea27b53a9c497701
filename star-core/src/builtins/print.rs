//! `print(…)`.
//!
//! In: values, a separator and an end. Out: text on the output. Rule: what was written before an error stays written.

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::host::arguments;
use crate::object::Text;
use crate::object::types::TypeId;
use crate::ops::{repr, types};
use crate::value::Value;

/// `print(…)`.
pub const PRINT: Native = function(
    "print",
    Arity::Variadic,
    print,
    "print(*objects, sep=' ', end='\\n', flush=False): writes their texts to the output",
);

fn print(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Options { sep, end } = options(ctx, args)?;
    let (sep, end) = (sep.as_deref().unwrap_or(" "), end.as_deref().unwrap_or("\n"));
    for (i, &object) in args.positional.iter().enumerate() {
        if i > 0 {
            write(ctx, sep)?;
        }
        match object {
            Value::Str(at) => {
                let text = ctx.heap[at].share();
                write(ctx, &text)?;
            }
            Value::Int(number) => write(ctx, &number.to_string())?,
            _ => {
                let text = repr::str_of(ctx, object)?;
                write(ctx, &text)?;
            }
        }
    }
    write(ctx, end)?;
    Ok(Value::None.into())
}

/// What is written between and after the objects, if not a blank and a newline.
#[derive(Default)]
struct Options {
    sep: Option<Text>,
    end: Option<Text>,
}

fn options(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Options, Raise> {
    if args.names.is_empty() {
        return Ok(Options::default());
    }
    let [sep, end, file, _] = arguments::keywords(ctx, "print", &["sep", "end", "file", "flush"], args)?;
    if let Some(file) = file.given().filter(|file| !file.is_none()) {
        let name = types::type_name(ctx.heap, file);
        let message = format!("'{name}' object has no attribute 'write'");
        return Err(ctx.error(TypeId::AttributeError, message));
    }
    Ok(Options { sep: text_option(ctx, "sep", sep)?, end: text_option(ctx, "end", end)? })
}

fn write(ctx: &mut Ctx<'_>, text: &str) -> Result<(), Raise> {
    ctx.charge(text.len() / 16)?;
    ctx.print(text)
}

/// A text that may be left out or None.
fn text_option(ctx: &mut Ctx<'_>, name: &str, value: Value) -> Result<Option<Text>, Raise> {
    match value {
        Value::Undef | Value::None => Ok(None),
        Value::Str(at) => Ok(Some(ctx.heap[at].share())),
        other => {
            let given = types::type_name(ctx.heap, other);
            Err(ctx.type_error(format!("{name} must be None or a string, not {given}")))
        }
    }
}
