//! What the methods of str and bytes share: they are written once, over [`Textual`].
//!
//! In: a receiver and arguments as values. Out: what the method answers, by way of `text`. Rule: a method that changes
//! nothing returns its receiver itself.

pub mod codec;
pub mod search;
pub mod shape;
pub mod split;

use std::fmt::Display;
use std::ops::Deref;
use std::rc::Rc;

use crate::heap::{Args, Ctx, Heap, Outcome, Raise};
use crate::object::Text;
use crate::object::types::TypeId;
use crate::ops::plain::{int_ref, str_arg};
use crate::ops::types;
use crate::text::index::Bounds;
use crate::text::str_or_bytes::StrOrBytes;
use crate::value::Value;

/// str or bytes.
pub trait Textual: StrOrBytes {
    /// The type.
    const TYPE: TypeId;

    /// A text of its own, cheap to clone.
    type Shared: Deref<Target = Self> + Clone;

    /// The text of a value, if it is of this type; and whether its units are its bytes.
    fn share(heap: &Heap, value: Value) -> Option<(Self::Shared, bool)>;

    /// The same, lent.
    fn lend(heap: &Heap, value: Value) -> Option<(&Self, bool)>;

    /// A value of `part`. One that is large needs room.
    fn value(heap: &mut Heap, part: &Self) -> Value;

    /// The same, of a part that is ASCII.
    fn ascii_value(heap: &mut Heap, part: &Self) -> Value;

    /// The text in a buffer.
    fn of_owned(owned: &Self::Owned) -> &Self;

    /// An argument of this type; else a TypeError: for str, `what` "must be str, not int".
    fn arg(ctx: &mut Ctx<'_>, value: Value, what: impl Display) -> Result<Self::Shared, Raise>;

    /// What `find`, `count`, … look for: for bytes a number will do.
    fn needle(ctx: &mut Ctx<'_>, value: Value, native: &str) -> Result<Self::Shared, Raise>;
}

impl Textual for str {
    const TYPE: TypeId = TypeId::Str;
    type Shared = Text;

    #[inline]
    fn share(heap: &Heap, value: Value) -> Option<(Text, bool)> {
        match value {
            Value::Str(at) => Some((heap[at].share(), heap[at].is_ascii())),
            _ => None,
        }
    }

    #[inline(always)]
    fn lend(heap: &Heap, value: Value) -> Option<(&str, bool)> {
        match value {
            Value::Str(at) => Some((heap[at].as_str(), heap[at].is_ascii())),
            _ => None,
        }
    }

    #[inline]
    fn value(heap: &mut Heap, part: &str) -> Value {
        heap.str(part)
    }

    #[inline]
    fn ascii_value(heap: &mut Heap, part: &str) -> Value {
        heap.str_known(part, true)
    }

    fn of_owned(owned: &String) -> &str {
        owned
    }

    #[inline]
    fn arg(ctx: &mut Ctx<'_>, value: Value, what: impl Display) -> Result<Text, Raise> {
        str_arg(ctx, value, what)
    }

    #[inline]
    fn needle(ctx: &mut Ctx<'_>, value: Value, native: &str) -> Result<Text, Raise> {
        str_arg(ctx, value, format_args!("{native}() argument 1"))
    }
}

impl Textual for [u8] {
    const TYPE: TypeId = TypeId::Bytes;
    type Shared = Rc<[u8]>;

    fn share(heap: &Heap, value: Value) -> Option<(Rc<[u8]>, bool)> {
        match value {
            Value::Bytes(at) => Some((heap[at].share(), true)),
            _ => None,
        }
    }

    fn lend(heap: &Heap, value: Value) -> Option<(&[u8], bool)> {
        match value {
            Value::Bytes(at) => Some((heap[at].as_slice(), true)),
            _ => None,
        }
    }

    fn value(heap: &mut Heap, part: &[u8]) -> Value {
        heap.new_bytes(part)
    }

    fn ascii_value(heap: &mut Heap, part: &[u8]) -> Value {
        heap.new_bytes(part)
    }

    fn of_owned(owned: &Vec<u8>) -> &[u8] {
        owned
    }

    fn arg(ctx: &mut Ctx<'_>, value: Value, _: impl Display) -> Result<Rc<[u8]>, Raise> {
        match value {
            Value::Bytes(at) => Ok(ctx.heap[at].share()),
            _ => {
                let given = types::type_name(ctx.heap, value);
                Err(ctx.type_error(format!("a bytes-like object is required, not '{given}'")))
            }
        }
    }

    fn needle(ctx: &mut Ctx<'_>, value: Value, _: &str) -> Result<Rc<[u8]>, Raise> {
        if let Value::Bytes(at) = value {
            return Ok(ctx.heap[at].share());
        }
        let Some(int) = int_ref(ctx.heap, value) else {
            let given = types::type_name(ctx.heap, value);
            let message = format!("argument should be integer or bytes-like object, not '{given}'");
            return Err(ctx.type_error(message));
        };
        match int.to_i64().and_then(|int| u8::try_from(int).ok()) {
            Some(byte) => Ok(Rc::from([byte])),
            None => Err(ctx.value_error("byte must be in range(0, 256)")),
        }
    }
}

/// The receiver of a method, and whether its units are its bytes.
#[inline]
pub fn receiver<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<(T::Shared, bool), Raise> {
    match T::share(ctx.heap, args[0]) {
        Some(receiver) => Ok(receiver),
        None => Err(ctx.type_error("the receiver is of another type")),
    }
}

/// The receiver of a method that walks through all of it, paid for.
#[inline]
pub fn whole_receiver<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<T::Shared, Raise> {
    let (text, _) = receiver::<T>(ctx, args)?;
    ctx.charge(text.as_bytes().len() / 16)?;
    Ok(text)
}

/// The arguments `start` and `end`, the first of which is number `index`.
#[inline]
pub fn bounds(ctx: &mut Ctx<'_>, args: Args<'_>, index: usize) -> Result<Bounds, Raise> {
    Ok(Bounds { start: bound(ctx, args.get(index))?, end: bound(ctx, args.get(index + 1))? })
}

fn bound(ctx: &mut Ctx<'_>, value: Option<Value>) -> Result<Option<i64>, Raise> {
    let value = match value {
        None | Some(Value::None) => return Ok(None),
        Some(Value::Int(small)) => return Ok(Some(small)),
        Some(value) => value,
    };
    match int_ref(ctx.heap, value) {
        // What does not fit is beyond either end of every text.
        Some(int) => Ok(Some(int.to_i64().unwrap_or(if int.is_negative() { i64::MIN } else { i64::MAX }))),
        None => Err(ctx.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}

/// A part of the receiver as a value: the receiver itself if that is all of it.
#[inline]
pub fn part<T: Textual + ?Sized>(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    whole: &T,
    part: &T,
) -> Result<Outcome, Raise> {
    let len = part.as_bytes().len();
    if len == whole.as_bytes().len() {
        return Ok(args[0].into());
    }
    ctx.reserve_large(len)?;
    Ok(T::value(ctx.heap, part).into())
}

/// A value of a text that was built; room was made for it.
pub fn built<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, owned: &T::Owned) -> Outcome {
    T::value(ctx.heap, T::of_owned(owned)).into()
}
