//! `sum(…)`.
//!
//! In: an iterable and a start. Out: the sum, or a request when the iterable has to run. Rule: floats are added with
//! Neumaier's compensation and ints without objects, exactly where CPython 3.13 does so.

use super::function;
use crate::ast::BinaryOp;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::ops::iterate::{Flow, Fold, Kept, fold};
use crate::ops::number;
use crate::value::Value;

/// `sum(…)`.
pub const SUM: Native = function(
    "sum",
    Arity::Named { names: &["", "start"], required: 1, positional: 2 },
    sum,
    "sum(iterable, start=0): start and all items, added from left to right",
);

fn sum(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (iterable, start) = (args[0], args.get(1).unwrap_or(Value::Int(0)));
    let cannot = match start {
        Value::Str(_) => "sum() can't sum strings [use ''.join(seq) instead]",
        Value::Bytes(_) => "sum() can't sum bytes [use b''.join(seq) instead]",
        _ => {
            let total = Total::from(start);
            return match iterable {
                Value::List(_) | Value::Tuple(_) => sum_items(ctx, iterable, total),
                _ => {
                    let (value, words) = total.parts();
                    fold::<Sum>(ctx, iterable, &[value], words)
                }
            };
        }
    };
    crate::ops::iterate::iter(ctx, iterable)?;
    Err(ctx.type_error(cannot))
}

/// The sum so far.
#[derive(Clone, Copy)]
enum Total {
    Int(i64),
    /// The sum and what rounding has lost of it.
    Float(f64, f64),
    /// A value that is added to as `+` does.
    Value(Value),
}

impl Total {
    fn from(value: Value) -> Total {
        match value {
            Value::Int(i) => Total::Int(i),
            Value::Float(_) => Total::Float(value.as_float().unwrap_or_default(), 0.0),
            _ => Total::Value(value),
        }
    }

    /// The sum with one more item. A value in it is rooted, as the item is.
    #[inline]
    fn add(self, ctx: &mut Ctx<'_>, item: Value) -> Result<Total, Raise> {
        match (self, item) {
            (Total::Int(sum), Value::Int(_) | Value::Bool(_)) => {
                let number = item.as_int().unwrap_or_default();
                if let Some(sum) = sum.checked_add(number) {
                    return Ok(Total::Int(sum));
                }
            }
            (Total::Float(sum, lost), Value::Float(bits)) => {
                let (sum, lost) = add_float(sum, lost, f64::from_bits(bits));
                return Ok(Total::Float(sum, lost));
            }
            (Total::Float(sum, lost), Value::Int(_) | Value::Bool(_)) => {
                return Ok(Total::Float(sum + item.as_int().unwrap_or_default() as f64, lost));
            }
            _ => {}
        }
        let sum = number::binary(ctx, BinaryOp::Add, self.value(), item)?;
        // Only the way from ints to floats is taken; everything else goes on as `+` does.
        Ok(match (self, sum) {
            (Total::Int(_), Value::Float(_)) => Total::from(sum),
            _ => Total::Value(sum),
        })
    }

    /// Adds the ints, or the floats, that `items` begin with; how many they are.
    fn add_plain(&mut self, items: &[Value]) -> usize {
        let mut count = 0;
        match self {
            Total::Int(sum) => {
                for item in items {
                    let Value::Int(number) = *item else { break };
                    let Some(more) = sum.checked_add(number) else { break };
                    *sum = more;
                    count += 1;
                }
            }
            Total::Float(sum, lost) => {
                for item in items {
                    let Value::Float(bits) = *item else { break };
                    (*sum, *lost) = add_float(*sum, *lost, f64::from_bits(bits));
                    count += 1;
                }
            }
            Total::Value(_) => {}
        }
        count
    }

    fn value(self) -> Value {
        match self {
            Total::Int(sum) => Value::Int(sum),
            // Adding what was lost must not make an overflow NaN, nor a negative zero positive.
            Total::Float(sum, lost) if lost != 0.0 && lost.is_finite() => Value::float(sum + lost),
            Total::Float(sum, _) => Value::float(sum),
            Total::Value(value) => value,
        }
    }

    /// As a fold keeps it.
    fn parts(self) -> (Value, [i64; 3]) {
        match self {
            Total::Int(sum) => (Value::Undef, [0, sum, 0]),
            Total::Float(sum, lost) => (Value::Undef, [1, sum.to_bits() as i64, lost.to_bits() as i64]),
            Total::Value(value) => (value, [2, 0, 0]),
        }
    }

    fn of_parts(value: Value, words: [i64; 4]) -> Total {
        match words[0] {
            0 => Total::Int(words[1]),
            1 => Total::Float(f64::from_bits(words[1] as u64), f64::from_bits(words[2] as u64)),
            _ => Total::Value(value),
        }
    }
}

/// A sum with one more float, and what rounding has lost of it.
#[inline]
fn add_float(sum: f64, lost: f64, x: f64) -> (f64, f64) {
    let total = sum + x;
    (total, lost + if sum.abs() >= x.abs() { (sum - total) + x } else { (x - total) + sum })
}

fn sum_items(ctx: &mut Ctx<'_>, items: Value, mut total: Total) -> NativeResult {
    ctx.charge(ctx.heap.as_items(items).map_or(0, <[Value]>::len))?;
    let base = ctx.heap.scratch.len();
    ctx.heap.scratch.push(Value::Undef);
    let mut at = 0;
    let result = loop {
        let rest = ctx.heap.as_items(items).and_then(|items| items.get(at..)).unwrap_or_default();
        at += total.add_plain(rest);
        let Some(&item) = ctx.heap.as_items(items).and_then(|items| items.get(at)) else {
            break Ok(total.value().into());
        };
        total = match total.add(ctx, item) {
            Ok(total) => total,
            Err(raise) => break Err(raise),
        };
        if let Total::Value(value) = total {
            ctx.heap.scratch[base] = value;
        }
        at += 1;
    };
    ctx.heap.scratch.truncate(base);
    result
}

/// Keeps: the sum if it is an object; its numbers.
struct Sum;

impl Fold for Sum {
    #[inline]
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let total = Total::of_parts(kept.get(ctx, 0), kept.words).add(ctx, item)?;
        let (value, [kind, sum, lost]) = total.parts();
        kept.set(ctx, 0, value);
        kept.words[..3].copy_from_slice(&[kind, sum, lost]);
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(Total::of_parts(kept.get(ctx, 0), kept.words).value().into())
    }
}
