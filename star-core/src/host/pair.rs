//! The two error styles, between each other.
//!
//! In: a request, or a `(value, err)`. Out: a pair, or a value and a raise. Rule: only exceptions become errors; ends
//! that no script can catch pass through.

use crate::heap::{Ctx, NativeResult, Outcome, Raise, Resumed};
use crate::object::NativeState;
use crate::value::{Ref, Value};

/// The request in a form whose result is `(value, err)`.
pub fn of_request(ctx: &mut Ctx<'_>, request: Outcome) -> Outcome {
    // The native that asked is resumed with what the request comes to, and answers with the pair.
    let state = ctx.state(paired, Vec::new(), [0; 4]);
    match request {
        Outcome::Return(_) | Outcome::Exhausted => request,
        request => ctx.perform(request, state),
    }
}

fn paired(ctx: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    Ok(pair(
        ctx,
        match resumed {
            Resumed::Value(value) | Resumed::Exhausted(value) => Ok(value),
            Resumed::Raised(exception) => Err(exception),
        },
    ))
}

/// `(value, None)` or `(None, err)`.
pub fn pair(ctx: &mut Ctx<'_>, result: Result<Value, Ref<crate::object::Exception>>) -> Outcome {
    match result {
        Ok(value) => ctx.heap.tuple(&[value, Value::None]).into(),
        Err(err) => ctx.heap.err_pair(err).into(),
    }
}

/// What `must` does with a pair: its value, or its error raised.
pub fn must(ctx: &mut Ctx<'_>, pair: Value) -> NativeResult {
    match (pair, ctx.heap.as_items(pair)) {
        (Value::Tuple(_), Some(&[value, Value::None])) => Ok(value.into()),
        (Value::Tuple(_), Some(&[_, Value::Exception(err)])) => Err(Raise::Exception(err)),
        _ => Err(ctx.type_error("must() takes what a function of two results returned: (value, err)")),
    }
}
