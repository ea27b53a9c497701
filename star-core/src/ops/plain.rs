//! Between values and the plain data that `text` computes on.
//!
//! In: values. Out: borrowed ints and texts; and back: ints and raises. Rule: a native asks for the room of its
//! result with [`budget`] before it builds it.

use std::rc::Rc;

use num_bigint::BigInt;

use super::types;
use crate::heap::{Ctx, Heap, Raise};
use crate::meter::Exceeded;
use crate::object::types::TypeId;
use crate::text::int::{Int, IntRef};
use crate::text::{ErrorKind, TextError};
use crate::value::Value;

/// The int, if `value` is one or a bool.
#[inline]
pub fn int_ref(heap: &Heap, value: Value) -> Option<IntRef<'_>> {
    match value {
        Value::Int(small) => Some(IntRef::Small(small)),
        Value::Bool(bool) => Some(IntRef::Small(bool as i64)),
        Value::BigInt(at) => Some(IntRef::Big(&heap[at].value)),
        _ => None,
    }
}

/// The value of an int. One that is large needs room: [`Ctx::reserve_large`].
pub fn int_value(heap: &mut Heap, int: Int) -> Value {
    match int {
        Int::Small(small) => Value::Int(small),
        Int::Big(big) => big_value(heap, big),
    }
}

fn big_value(heap: &mut Heap, big: BigInt) -> Value {
    heap.int(big)
}

/// The raise of an error of the text layer. A result beyond all memory ends the run.
#[cold]
pub fn raise(ctx: &mut Ctx<'_>, error: TextError) -> Raise {
    let class = match error.kind {
        ErrorKind::TypeError => TypeId::TypeError,
        ErrorKind::ValueError => TypeId::ValueError,
        ErrorKind::OverflowError => TypeId::OverflowError,
        ErrorKind::LookupError => TypeId::LookupError,
        ErrorKind::IndexError => TypeId::IndexError,
        ErrorKind::UnicodeDecodeError => TypeId::UnicodeDecodeError,
        ErrorKind::UnicodeEncodeError => TypeId::UnicodeEncodeError,
        ErrorKind::TooLarge => return Exceeded::Memory.into(),
    };
    ctx.error(class, error.message)
}

/// Charges for a result of `bytes` and makes room for it twice: as it is built, and as it is kept. May collect.
#[inline]
pub fn budget(ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
    ctx.charge(bytes / 16)?;
    ctx.reserve_large(bytes.saturating_mul(2))
}

/// The int that `value` is, `None` if it needs more than 64 bits; else
/// `'str' object cannot be interpreted as an integer`.
pub fn int_arg(ctx: &mut Ctx<'_>, value: Value) -> Result<Option<i64>, Raise> {
    match int_ref(ctx.heap, value) {
        Some(int) => Ok(int.to_i64()),
        None => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("'{given}' object cannot be interpreted as an integer")))
        }
    }
}

/// An int argument that C holds in a `Py_ssize_t`.
pub fn ssize_arg(ctx: &mut Ctx<'_>, value: Value) -> Result<i64, Raise> {
    match int_arg(ctx, value)? {
        Some(int) => Ok(int),
        None => Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// The text of a str argument; else `replace() argument 1 must be str, not int`, with `what` before "must".
pub fn str_arg(ctx: &mut Ctx<'_>, value: Value, what: impl std::fmt::Display) -> Result<Rc<str>, Raise> {
    match value {
        Value::Str(at) => Ok(ctx.heap[at].share()),
        _ => {
            let given = types::type_name(ctx.heap, value);
            let given = if value.is_none() { "None" } else { &given };
            Err(ctx.type_error(format!("{what} must be str, not {given}")))
        }
    }
}
