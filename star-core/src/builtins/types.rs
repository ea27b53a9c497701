//! `bool(…)` and `type(…)`.

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult};
use crate::ops::types;
use crate::value::Value;

/// `bool(…)`.
pub const BOOL: Native =
    function("bool", Arity::Positional(0, 1), bool, "bool(object=False): whether it is true");

/// `type(…)`.
pub const TYPE: Native = function("type", Arity::Variadic, type_of, "type(object): its type");

fn bool(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let truth = args.get(0).is_some_and(|object| types::truthy(ctx.heap, object));
    Ok(Value::bool(truth).into())
}

fn type_of(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match (args.positional, args.names) {
        (&[object], []) => Ok(types::type_of(ctx.heap, object).into()),
        (&[_], _) => Err(ctx.type_error("type() takes no keyword arguments")),
        (&[_, _, _], _) => Err(ctx.type_error("types cannot be made by type(): use struct.define or error")),
        _ => Err(ctx.type_error("type() takes 1 or 3 arguments")),
    }
}
