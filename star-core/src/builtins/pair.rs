//! `must` and `attempt`: the two error styles, between each other.

use super::function;
use crate::heap::{Args, Arity, CallArgs, Ctx, Native, NativeResult, Outcome};
use crate::host::pair;

/// `must(…)`.
pub const MUST: Native =
    function("must", Arity::One, must, "must((value, err)): the value, or err raised if there is one");

/// `attempt(…)`.
pub const ATTEMPT: Native = function(
    "attempt",
    Arity::VariadicPositional,
    attempt,
    "attempt(function, *args): (its result, None), or (None, what it raised)",
);

fn must(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    pair::must(ctx, args[0])
}

fn attempt(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some((&function, rest)) = args.positional.split_first() else {
        return Err(ctx.type_error("attempt() missing 1 required positional argument: 'function'"));
    };
    ctx.charge(rest.len())?;
    ctx.reserve_large(size_of_val(rest))?;
    let args = CallArgs::Tuple(ctx.heap.tuple(rest));
    Ok(pair::of_request(ctx, Outcome::Call { function, args, then: None }))
}
