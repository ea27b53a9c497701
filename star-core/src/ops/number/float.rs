//! Arithmetic on floats.
//!
//! In: an operator and two floats. Out: the result, `None` for an operator that floats do not have. Rule: as C
//! computes it, except where Python raises (Objects/floatobject.c).

use super::divide::by_zero;
use crate::ast::BinaryOp;
use crate::heap::{Ctx, Raise};
use crate::object::types::TypeId;
use crate::value::Value;

/// Whether floats have the operator.
pub(super) fn supports(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Div, FloorDiv, Mod, Mul, Pow, Sub};
    matches!(op, Add | Sub | Mul | Div | FloorDiv | Mod | Pow)
}

/// `a op b`.
#[inline]
pub(super) fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: f64, b: f64) -> Result<Option<Value>, Raise> {
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div if b != 0.0 => a / b,
        _ => return rest(ctx, op, a, b),
    };
    Ok(Some(Value::float(result)))
}

#[inline(never)]
fn rest(ctx: &mut Ctx<'_>, op: BinaryOp, a: f64, b: f64) -> Result<Option<Value>, Raise> {
    let result = match op {
        BinaryOp::Div => return Err(by_zero(ctx, "float division by zero")),
        BinaryOp::FloorDiv if b == 0.0 => return Err(by_zero(ctx, "float floor division by zero")),
        BinaryOp::Mod if b == 0.0 => return Err(by_zero(ctx, "float modulo by zero")),
        BinaryOp::FloorDiv => floor_division(a, b).0,
        BinaryOp::Mod => floor_division(a, b).1,
        BinaryOp::Pow => power(ctx, a, b)?,
        _ => return Ok(None),
    };
    Ok(Some(Value::float(result)))
}

/// `(a // b, a % b)`; `b` is not 0.
pub(super) fn floor_division(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        // A remainder of 0 takes the divisor's sign.
        rest = 0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

/// `a ** b`. ZeroDivisionError for 0 to a negative power, OverflowError for a result beyond the largest float,
/// ValueError where Python's answer is a complex number.
pub fn power(ctx: &mut Ctx<'_>, a: f64, b: f64) -> Result<f64, Raise> {
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return Err(by_zero(ctx, "0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.floor() != b {
        return Err(ctx.value_error("negative number cannot be raised to a fractional power"));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        let reason = ctx.heap.str("Numerical result out of range");
        return Err(ctx.error_with(TypeId::OverflowError, &[Value::Int(34), reason]));
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors() {
        assert_eq!(floor_division(-7.5, 2.0), (-4.0, 0.5));
        assert_eq!(floor_division(1.0, 0.1), (9.0, 0.09999999999999995));
        assert_eq!(floor_division(-1.0, f64::INFINITY), (-1.0, f64::INFINITY));
        assert!(floor_division(-0.0, 1.0).0.is_sign_negative());
        assert!(floor_division(6.0, -3.0).1.is_sign_negative());
    }
}
