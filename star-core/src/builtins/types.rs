//! types (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `bool`.
pub const BOOL: Native = Native { name: "bool", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `type`.
pub const TYPE: Native = Native { name: "type", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
