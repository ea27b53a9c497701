//! chr ord (stub until its owner's version is merged).

use crate::heap::{Args, Arity, Ctx, Native, NativeResult};

/// `ascii`.
pub const ASCII: Native = Native { name: "ascii", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `bin`.
pub const BIN: Native = Native { name: "bin", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `chr`.
pub const CHR: Native = Native { name: "chr", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `hex`.
pub const HEX: Native = Native { name: "hex", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `oct`.
pub const OCT: Native = Native { name: "oct", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `ord`.
pub const ORD: Native = Native { name: "ord", owner: None, arity: Arity::Variadic, doc: "", call: later };

/// `repr`.
pub const REPR: Native = Native { name: "repr", owner: None, arity: Arity::Variadic, doc: "", call: later };

fn later(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(crate::value::Value::None.into())
}
