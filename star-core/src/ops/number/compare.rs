//! The exact order of numbers of different types.
//!
//! In: two values. Out: their order, if both are numbers. Rule: no number is rounded to compare it.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_traits::FromPrimitive;

use crate::heap::Heap;
use crate::value::Value;

/// 2⁶³, the first float above every small int.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// The order of two numbers: `Some(None)` if one is NaN, `None` if one is not a number.
pub fn compare(heap: &Heap, a: Value, b: Value) -> Option<Option<Ordering>> {
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Some(Some(a.cmp(&b)));
    }
    if let (Some(a), Some(b)) = (a.as_float(), b.as_float()) {
        return Some(a.partial_cmp(&b));
    }
    match (a, b) {
        (Value::Float(a), Value::Int(_) | Value::Bool(_)) => {
            let b = b.as_int()?;
            Some(int_float(b, f64::from_bits(a)).map(Ordering::reverse))
        }
        (Value::Int(_) | Value::Bool(_), Value::Float(b)) => Some(int_float(a.as_int()?, f64::from_bits(b))),
        (Value::BigInt(a), Value::BigInt(b)) => Some(Some(heap[a].value.cmp(&heap[b].value))),
        (Value::BigInt(a), Value::Float(b)) => Some(big_float(&heap[a].value, f64::from_bits(b))),
        (Value::Float(a), Value::BigInt(b)) => {
            Some(big_float(&heap[b].value, f64::from_bits(a)).map(Ordering::reverse))
        }
        (Value::BigInt(a), Value::Int(_) | Value::Bool(_)) => Some(Some(sign_order(&heap[a].value))),
        (Value::Int(_) | Value::Bool(_), Value::BigInt(b)) => {
            Some(Some(sign_order(&heap[b].value).reverse()))
        }
        _ => None,
    }
}

/// A big int is beyond every small one.
fn sign_order(n: &BigInt) -> Ordering {
    if n.sign() == Sign::Minus { Ordering::Less } else { Ordering::Greater }
}

fn int_float(i: i64, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x >= TWO_63 {
        return Some(Ordering::Less);
    }
    if x < -TWO_63 {
        return Some(Ordering::Greater);
    }
    let whole = x.trunc();
    Some(i.cmp(&(whole as i64)).then_with(|| whole.partial_cmp(&x).unwrap_or(Ordering::Equal)))
}

fn big_float(n: &BigInt, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    // What is beyond 64 bits and float alike has no fraction.
    match BigInt::from_f64(x) {
        Some(whole) if x.abs() >= TWO_63 => Some(n.cmp(&whole)),
        _ => Some(sign_order(n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact() {
        assert_eq!(int_float((1 << 53) + 1, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(int_float(i64::MAX, TWO_63), Some(Ordering::Less));
        assert_eq!(int_float(i64::MIN, -TWO_63), Some(Ordering::Equal));
        assert_eq!(int_float(1, 1.5), Some(Ordering::Less));
        assert_eq!(int_float(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(int_float(0, f64::NAN), None);
    }
}
