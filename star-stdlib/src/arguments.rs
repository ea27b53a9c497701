//! Arguments as CPython's functions take them, with its words for wrong ones.
//!
//! In: values. Out: Rust values. Rule: a parameter of one of these types fails as the same parameter does in CPython,
//! where the conversion of the plain Rust type would say more.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use star::object::types::TypeId;
use star::ops::{hooks, number, types};
use star::private::{Ctx, FromStar, Mismatch, Raise, TypeDesc, Value};

/// A float, or what becomes one: `must be real number, not str`.
pub(crate) struct Real(pub f64);

impl FromStar for Real {
    const TYPE: &'static TypeDesc = &TypeDesc::Float;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Real, Mismatch> {
        Ok(Real(real(ctx, value)?))
    }
}

/// The number that `value` is, as a float.
#[inline]
pub(crate) fn real(ctx: &mut Ctx<'_>, value: Value) -> Result<f64, Raise> {
    if let Value::Float(bits) = value {
        return Ok(f64::from_bits(bits));
    }
    match number::to_f64(ctx, value)? {
        Some(x) => Ok(x),
        None => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("must be real number, not {given}")))
        }
    }
}

/// An int of any size: `'float' object cannot be interpreted as an integer`.
pub(crate) struct Integer(pub Value);

impl FromStar for Integer {
    const TYPE: &'static TypeDesc = &TypeDesc::Int(None);

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Integer, Mismatch> {
        Ok(Integer(integer(ctx, value)?))
    }
}

impl Integer {
    /// The number. Copies the digits of a big one.
    pub(crate) fn big(&self, ctx: &Ctx<'_>) -> BigInt {
        number::to_big(ctx.heap, self.0).unwrap_or_default()
    }
}

/// The int that `value` is: an `Int` or a `BigInt`.
pub(crate) fn integer(ctx: &mut Ctx<'_>, value: Value) -> Result<Value, Raise> {
    match (value, value.as_int()) {
        (_, Some(int)) => Ok(Value::Int(int)),
        (Value::BigInt(_), _) => Ok(value),
        _ => match hooks::number(ctx, star::heap::Number::Index, value) {
            Some(int) => int,
            None => {
                let given = types::type_name(ctx.heap, value);
                Err(ctx.type_error(format!("'{given}' object cannot be interpreted as an integer")))
            }
        },
    }
}

/// An int of any size.
pub(crate) fn big_integer(ctx: &mut Ctx<'_>, value: Value) -> Result<BigInt, Raise> {
    let int = integer(ctx, value)?;
    Ok(number::to_big(ctx.heap, int).unwrap_or_default())
}

/// An int that C holds in a `Py_ssize_t`.
pub(crate) fn ssize(ctx: &mut Ctx<'_>, value: Value) -> Result<i64, Raise> {
    match integer(ctx, value)? {
        Value::Int(int) => Ok(int),
        _ => Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// An int, at the ends of what 64 bits hold where it is beyond them.
pub(crate) fn clamped(ctx: &mut Ctx<'_>, value: Value) -> Result<i64, Raise> {
    let int = integer(ctx, value)?;
    Ok(match (int, number::to_big(ctx.heap, int)) {
        (Value::Int(small), _) => small,
        (_, Some(big)) => {
            big.to_i64().unwrap_or(if big.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX })
        }
        (_, None) => 0,
    })
}
