//! Numbers, bools, None and durations.

use std::time::Duration;

use num_bigint::BigInt;

use super::{FromStar, IntoStar, Mismatch};
use crate::heap::{Ctx, Heap, Number, Raise, TypeDesc};
use crate::ops::{hooks, number};
use crate::value::Value;

/// The int that a value is, bools included.
fn int(ctx: &mut Ctx<'_>, value: Value) -> Option<Value> {
    match value {
        Value::Int(_) | Value::BigInt(_) => Some(value),
        Value::Bool(b) => Some(Value::Int(b as i64)),
        Value::Host(_) => hooks::number(ctx, Number::Index, value)?.ok(),
        _ => None,
    }
}

macro_rules! ints {
    ($($type:ty)*) => {$(
        impl FromStar for $type {
            const TYPE: &'static TypeDesc = &TypeDesc::Int(if <$type>::MIN as i128 == i64::MIN as i128 {
                None
            } else if (<$type>::MIN as i128) < i64::MIN as i128 {
                None
            } else {
                Some((<$type>::MIN as i64, if <$type>::MAX as u128 > u64::MAX as u128 { u64::MAX } else { <$type>::MAX as u64 }))
            });

            #[inline]
            fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<$type, Mismatch> {
                if let Value::Int(i) = value
                    && let Ok(i) = <$type>::try_from(i)
                {
                    return Ok(i);
                }
                match int(ctx, value) {
                    Some(found) => match number::to_big(ctx.heap, found).and_then(|big| <$type>::try_from(big).ok()) {
                        Some(i) => Ok(i),
                        None => Err(out_of_range(ctx.heap, value, &<$type>::MIN, &<$type>::MAX)),
                    },
                    None => Err(Mismatch::new(ctx.heap, "int", value)),
                }
            }
        }

        impl IntoStar for $type {
            const TYPE: &'static TypeDesc = <$type as FromStar>::TYPE;

            #[inline]
            fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
                Ok(match i64::try_from(self) {
                    Ok(i) => Value::Int(i),
                    Err(_) => ctx.heap.int(BigInt::from(self)),
                })
            }
        }
    )*};
}

ints! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

#[cold]
fn out_of_range(
    heap: &Heap,
    value: Value,
    least: &dyn std::fmt::Display,
    most: &dyn std::fmt::Display,
) -> Mismatch {
    Mismatch::value(heap, format!("int from {least} to {most}"), value)
}

impl FromStar for BigInt {
    const TYPE: &'static TypeDesc = &TypeDesc::Int(None);

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<BigInt, Mismatch> {
        match int(ctx, value).and_then(|value| number::to_big(ctx.heap, value)) {
            Some(big) => Ok(big),
            None => Err(Mismatch::new(ctx.heap, "int", value)),
        }
    }
}

impl IntoStar for BigInt {
    const TYPE: &'static TypeDesc = &TypeDesc::Int(None);

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        ctx.reserve_large(self.bits() as usize / 8)?;
        Ok(ctx.heap.int(self))
    }
}

impl FromStar for f64 {
    const TYPE: &'static TypeDesc = &TypeDesc::Float;

    #[inline]
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<f64, Mismatch> {
        if let Value::Float(bits) = value {
            return Ok(f64::from_bits(bits));
        }
        match number::to_f64(ctx, value)? {
            Some(x) if !matches!(value, Value::Bool(_)) => Ok(x),
            _ => Err(Mismatch::new(ctx.heap, "float", value)),
        }
    }
}

impl IntoStar for f64 {
    const TYPE: &'static TypeDesc = &TypeDesc::Float;

    #[inline]
    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(Value::float(self))
    }
}

impl FromStar for f32 {
    const TYPE: &'static TypeDesc = &TypeDesc::Float;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<f32, Mismatch> {
        f64::from_star(ctx, value).map(|x| x as f32)
    }
}

impl IntoStar for f32 {
    const TYPE: &'static TypeDesc = &TypeDesc::Float;

    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(Value::float(self.into()))
    }
}

impl FromStar for bool {
    const TYPE: &'static TypeDesc = &TypeDesc::Bool;

    #[inline]
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<bool, Mismatch> {
        match value {
            Value::Bool(b) => Ok(b != 0),
            _ => Err(Mismatch::new(ctx.heap, "bool", value)),
        }
    }
}

impl IntoStar for bool {
    const TYPE: &'static TypeDesc = &TypeDesc::Bool;

    #[inline]
    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(Value::bool(self))
    }
}

impl FromStar for () {
    const TYPE: &'static TypeDesc = &TypeDesc::None;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<(), Mismatch> {
        match value {
            Value::None => Ok(()),
            _ => Err(Mismatch::new(ctx.heap, "None", value)),
        }
    }
}

impl IntoStar for () {
    const TYPE: &'static TypeDesc = &TypeDesc::None;

    #[inline]
    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(Value::None)
    }
}

/// Any value, as it is. For natives that work on the heap themselves.
impl FromStar for Value {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    #[inline]
    fn from_star(_: &mut Ctx<'_>, value: Value) -> Result<Value, Mismatch> {
        Ok(value)
    }
}

impl IntoStar for Value {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    #[inline]
    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(self)
    }
}

/// Seconds as a number.
impl FromStar for Duration {
    const TYPE: &'static TypeDesc = &TypeDesc::Duration;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Duration, Mismatch> {
        let seconds = match f64::from_star(ctx, value) {
            Ok(seconds) => seconds,
            Err(_) => return Err(Mismatch::new(ctx.heap, "a duration or a number of seconds", value)),
        };
        match Duration::try_from_secs_f64(seconds) {
            Ok(duration) => Ok(duration),
            Err(_) => Err(Mismatch::value(ctx.heap, "a number of seconds that is not negative", value)),
        }
    }
}

/// Seconds as a float.
impl IntoStar for Duration {
    const TYPE: &'static TypeDesc = &TypeDesc::Duration;

    fn into_star(self, _: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(Value::float(self.as_secs_f64()))
    }
}
