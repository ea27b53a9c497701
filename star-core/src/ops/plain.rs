//! Between values and the plain data that `text` computes on.
//!
//! In: values. Out: borrowed ints and texts; and back: ints and raises. Rule: a native asks for the room of its
//! result with [`budget`] before it builds it.

use super::types;
use crate::heap::{Ctx, Heap, Raise, SMALL};
use crate::meter::Exceeded;
use crate::object::Text;
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
        Int::Big(big) => heap.int(big),
    }
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

/// No text is made beyond this: where memory is not limited, CPython's answer is MemoryError too.
const MOST: usize = 1 << 40;

/// Charges for a result of `bytes` and makes room for it twice: as it is built, and as it is kept. May collect.
#[inline]
pub fn budget(ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
    ctx.charge(bytes / 16)?;
    if bytes <= SMALL / 2 {
        return Ok(());
    }
    large_budget(ctx, bytes)
}

#[cold]
fn large_budget(ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
    ctx.reserve(bytes.saturating_mul(2))?;
    if bytes > MOST {
        return Err(ctx.error_with(TypeId::MemoryError, &[]));
    }
    Ok(())
}

/// A text that `make` builds from the heap in at most the bytes it is given; more are given until they suffice.
/// May collect.
#[inline]
pub fn sized<R>(ctx: &mut Ctx<'_>, make: impl Fn(&Heap, usize) -> Result<R, TextError>) -> Result<R, Raise> {
    let mut max = SMALL;
    loop {
        match make(ctx.heap, max) {
            Ok(made) => return Ok(made),
            Err(error) if error.kind == ErrorKind::TooLarge => {
                max = max.saturating_mul(2);
                budget(ctx, max)?;
            }
            Err(error) => return Err(raise(ctx, error)),
        }
    }
}

/// A text that grows, with room made for it as it does.
#[derive(Default)]
pub struct Builder {
    /// What has been written.
    pub text: String,
    /// How long it may get before room must be made.
    room: usize,
}

impl Builder {
    /// An empty one, over the heap's spare buffer.
    pub fn new(ctx: &mut Ctx<'_>) -> Builder {
        Builder { text: std::mem::take(&mut ctx.heap.buffer), room: SMALL / 2 }
    }

    /// Makes room for `bytes` more and charges for them. May collect.
    #[inline]
    pub fn room(&mut self, ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
        ctx.charge(bytes / 16)?;
        let needed = self.text.len().saturating_add(bytes);
        if needed <= self.room {
            return Ok(());
        }
        // Grown by a half at a time, so that a long text asks a few dozen times.
        self.room = needed.saturating_add(needed / 2);
        large_budget(ctx, self.room)
    }

    /// Appends `part`. May collect.
    #[inline]
    pub fn push(&mut self, ctx: &mut Ctx<'_>, part: &str) -> Result<(), Raise> {
        self.room(ctx, part.len())?;
        self.text.push_str(part);
        Ok(())
    }

    /// Appends one character. May collect.
    #[inline]
    pub fn push_char(&mut self, ctx: &mut Ctx<'_>, c: char) -> Result<(), Raise> {
        if self.text.len() + 4 > self.room {
            self.room(ctx, 4)?;
        }
        self.text.push(c);
        Ok(())
    }

    /// The text as a value. May collect.
    #[inline]
    pub fn finish(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        ctx.reserve_large(self.text.len())?;
        let value = ctx.heap.str(&self.text);
        ctx.heap.give_buffer(self.text);
        Ok(value)
    }
}

/// Appends the digits of an int.
#[inline]
pub fn push_int(out: &mut String, small: i64) {
    out.push_str(itoa::Buffer::new().format(small));
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
pub fn str_arg(ctx: &mut Ctx<'_>, value: Value, what: impl std::fmt::Display) -> Result<Text, Raise> {
    match value {
        Value::Str(at) => Ok(ctx.heap[at].share()),
        _ => {
            let given = types::type_name(ctx.heap, value);
            let given = if value.is_none() { "None" } else { &given };
            Err(ctx.type_error(format!("{what} must be str, not {given}")))
        }
    }
}
