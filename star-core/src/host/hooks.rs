//! What operators and builtins make of the methods of host objects.
//!
//! In: operands, and what a method returned. Out: what the runtime's hooks answer. Rule: an operand that a method does
//! not take is no error: the other operand's type is asked then.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{Debug, Display};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::convert::{FromStar, HostClass, HostRef, IntoStar, Mismatch};
use super::failure::IntoRaise;
use super::object::{borrow, receiver};
use super::private::{Returned, guarded};
use crate::heap::{Ctx, Outcome, Piece, Raise};
use crate::object::Text;
use crate::value::Value;

/// The other operand of a method: `None` if that is of a kind which the method does not take. What `lenient` asks for
/// is equality and order: there nothing that cannot be taken is an error.
pub fn operand<T>(
    ctx: &mut Ctx<'_>,
    value: Value,
    lenient: bool,
    convert: impl FnOnce(&mut Ctx<'_>, Value) -> Result<T, Mismatch>,
) -> Result<Option<T>, Raise> {
    match convert(ctx, value) {
        Ok(operand) => Ok(Some(operand)),
        Err(wrong) => match wrong.raised() {
            Some(raise) => Err(raise),
            None if lenient || wrong.is_kind() => Ok(None),
            None => Err(wrong.into_raise(ctx, None)),
        },
    }
}

/// The result of a method as a value that is there at once.
pub fn value<R: Returned>(ctx: &mut Ctx<'_>, result: R) -> Result<Value, Raise> {
    match result.outcome(ctx)? {
        Outcome::Return(value) => Ok(value),
        _ => Err(ctx.type_error("an attribute or operator cannot call a function of the script or wait")),
    }
}

/// A result of type `T` that may have failed.
pub trait Plain<T> {
    /// The result, or what to raise.
    fn plain(self, ctx: &mut Ctx<'_>) -> Result<T, Raise>;
}

impl<T> Plain<T> for T {
    #[inline]
    fn plain(self, _: &mut Ctx<'_>) -> Result<T, Raise> {
        Ok(self)
    }
}

impl<T, E: IntoRaise> Plain<T> for Result<T, E> {
    #[inline]
    fn plain(self, ctx: &mut Ctx<'_>) -> Result<T, Raise> {
        self.map_err(|error| error.into_raise(ctx))
    }
}

/// What a method that orders two values returns.
pub trait Ordered {
    /// How they are ordered, if they are.
    fn ordered(self, ctx: &mut Ctx<'_>) -> Result<Option<Ordering>, Raise>;
}

impl Ordered for Ordering {
    fn ordered(self, _: &mut Ctx<'_>) -> Result<Option<Ordering>, Raise> {
        Ok(Some(self))
    }
}

impl Ordered for Option<Ordering> {
    fn ordered(self, _: &mut Ctx<'_>) -> Result<Option<Ordering>, Raise> {
        Ok(self)
    }
}

impl<T: Ordered, E: IntoRaise> Ordered for Result<T, E> {
    fn ordered(self, ctx: &mut Ctx<'_>) -> Result<Option<Ordering>, Raise> {
        match self {
            Ok(ordering) => ordering.ordered(ctx),
            Err(error) => Err(error.into_raise(ctx)),
        }
    }
}

/// What a method that looks for something returns.
pub trait Found {
    /// The value, if there is one.
    fn found(self, ctx: &mut Ctx<'_>) -> Result<Option<Value>, Raise>;
}

impl<T: IntoStar> Found for Option<T> {
    fn found(self, ctx: &mut Ctx<'_>) -> Result<Option<Value>, Raise> {
        self.map(|found| found.into_star(ctx)).transpose()
    }
}

impl<T: IntoStar, E: IntoRaise> Found for Result<Option<T>, E> {
    fn found(self, ctx: &mut Ctx<'_>) -> Result<Option<Value>, Raise> {
        match self {
            Ok(found) => found.found(ctx),
            Err(error) => Err(error.into_raise(ctx)),
        }
    }
}

/// What a method that writes an object as text returns.
pub trait IntoText {
    /// The text.
    fn into_text(self, ctx: &mut Ctx<'_>) -> Result<String, Raise>;
}

impl IntoText for String {
    fn into_text(self, _: &mut Ctx<'_>) -> Result<String, Raise> {
        Ok(self)
    }
}

impl IntoText for &str {
    fn into_text(self, _: &mut Ctx<'_>) -> Result<String, Raise> {
        Ok(self.to_string())
    }
}

impl IntoText for Cow<'_, str> {
    fn into_text(self, _: &mut Ctx<'_>) -> Result<String, Raise> {
        Ok(self.into_owned())
    }
}

impl IntoText for Text {
    fn into_text(self, _: &mut Ctx<'_>) -> Result<String, Raise> {
        Ok(self.to_string())
    }
}

impl<T: IntoText, E: IntoRaise> IntoText for Result<T, E> {
    fn into_text(self, ctx: &mut Ctx<'_>) -> Result<String, Raise> {
        match self {
            Ok(text) => text.into_text(ctx),
            Err(error) => Err(error.into_raise(ctx)),
        }
    }
}

/// The text that a method wrote.
pub fn text(ctx: &mut Ctx<'_>, result: impl IntoText) -> Result<String, Raise> {
    let text = result.into_text(ctx)?;
    ctx.charge(text.len() / 16)?;
    Ok(text)
}

/// The same, as `repr` and `str` want it.
pub fn pieces(ctx: &mut Ctx<'_>, result: impl IntoText) -> Result<Vec<Piece>, Raise> {
    Ok(vec![Piece::Text(text(ctx, result)?)])
}

/// What a method that hashes returns.
pub trait HashNumber {
    /// Its bits.
    fn bits(self) -> i64;
}

macro_rules! hash_numbers {
    ($($type:ty)*) => {$(
        impl HashNumber for $type {
            fn bits(self) -> i64 {
                self as i64
            }
        }
    )*};
}

hash_numbers! { i64 u64 i32 u32 isize usize }

/// The value that stands for an object as a key.
pub fn hash_value(_: &mut Ctx<'_>, hash: impl HashNumber) -> Result<Value, Raise> {
    Ok(Value::Int(hash.bits()))
}

/// [`hash_value`] by the object's `Hash`.
pub fn hash<T: HostClass + Hash>(ctx: &mut Ctx<'_>, own: Value) -> Result<Value, Raise> {
    let object = receiver::<T>(ctx, own, "hash")?;
    let mut hasher = DefaultHasher::new();
    let object = borrow(ctx, &object)?;
    guarded(ctx, "hash", |_| object.hash(&mut hasher))?;
    hash_value(ctx, hasher.finish())
}

/// `repr` by the object's `Debug`.
pub fn debug<T: HostClass + Debug>(ctx: &mut Ctx<'_>, own: Value) -> Result<Vec<Piece>, Raise> {
    let object = receiver::<T>(ctx, own, "repr")?;
    let object = borrow(ctx, &object)?;
    let text = guarded(ctx, "repr", |_| format!("{:?}", *object))?;
    pieces(ctx, text)
}

/// `str` by the object's `Display`.
pub fn display<T: HostClass + Display>(ctx: &mut Ctx<'_>, own: Value) -> Result<Vec<Piece>, Raise> {
    let object = receiver::<T>(ctx, own, "str")?;
    let object = borrow(ctx, &object)?;
    let text = guarded(ctx, "str", |_| object.to_string())?;
    pieces(ctx, text)
}

/// `==` by the object's `PartialEq`; `None` if the other is of another type.
pub fn equal<T: HostClass + PartialEq>(
    ctx: &mut Ctx<'_>,
    own: Value,
    other: Value,
) -> Result<Option<bool>, Raise> {
    both::<T, bool>(ctx, own, other, |own, other| own == other)
}

/// The order by the object's `PartialOrd`; `None` if the other is of another type.
pub fn order<T: HostClass + PartialOrd>(
    ctx: &mut Ctx<'_>,
    own: Value,
    other: Value,
) -> Result<Option<Option<Ordering>>, Raise> {
    both::<T, Option<Ordering>>(ctx, own, other, |own, other| own.partial_cmp(other))
}

fn both<T: HostClass, R>(
    ctx: &mut Ctx<'_>,
    own: Value,
    other: Value,
    compare: fn(&T, &T) -> R,
) -> Result<Option<R>, Raise> {
    let (Ok(own), Ok(other)) = (HostRef::<T>::from_star(ctx, own), HostRef::<T>::from_star(ctx, other))
    else {
        return Ok(None);
    };
    let (own, other) = (borrow(ctx, &own)?, borrow(ctx, &other)?);
    guarded(ctx, "comparison", |_| compare(&own, &other)).map(Some)
}
