//! Between values and the plain data that `text` computes on.
//!
//! In: values. Out: borrowed ints and texts; and back: ints and raises. Rule: a native asks for the room of its
//! result with [`budget`] before it builds it.

use num_bigint::BigInt;

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
