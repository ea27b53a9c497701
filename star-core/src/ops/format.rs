//! `format(value, spec)`, as f-strings, `format` and `str.format` do it.
//!
//! In: a value and a format spec. Out: text. Rule: only str, int, bool and float read a spec; every other type takes
//! the empty one, which is `str(value)`.

use std::fmt::Write;
use std::rc::Rc;

use super::plain::{Builder, int_ref, sized};
use super::{repr, types};
use crate::heap::{Ctx, Raise};
use crate::text::format::{format_bool, format_float, format_int, format_str};
use crate::value::Value;

/// `format(v, spec)`. `v` is rooted.
pub fn format(ctx: &mut Ctx<'_>, v: Value, spec: &str) -> Result<Rc<str>, Raise> {
    match v {
        Value::Str(at) if spec.is_empty() => Ok(ctx.heap[at].share()),
        _ if spec.is_empty() => repr::str_of(ctx, v),
        _ => Ok(Rc::from(with_spec(ctx, v, spec)?)),
    }
}

/// Appends `format(v, spec)` to `out`. `v` is rooted.
#[inline]
pub fn format_to(ctx: &mut Ctx<'_>, out: &mut Builder, v: Value, spec: &str) -> Result<(), Raise> {
    if !spec.is_empty() {
        let text = with_spec(ctx, v, spec)?;
        return out.push(ctx, &text);
    }
    match v {
        Value::Str(at) => {
            out.room(ctx, ctx.heap[at].as_str().len())?;
            out.text.push_str(ctx.heap[at].as_str());
            Ok(())
        }
        Value::Int(small) => {
            out.room(ctx, 20)?;
            // Writing to a String cannot fail.
            let _ = write!(out.text, "{small}");
            Ok(())
        }
        _ => {
            let text = repr::str_of(ctx, v)?;
            out.push(ctx, &text)
        }
    }
}

/// `format(v, spec)` of a spec that is not empty.
fn with_spec(ctx: &mut Ctx<'_>, v: Value, spec: &str) -> Result<String, Raise> {
    ctx.charge(spec.len() / 16)?;
    match v {
        Value::Str(at) => {
            ctx.charge(ctx.heap[at].as_str().len() / 16)?;
            sized(ctx, |heap, max| format_str(heap[at].as_str(), spec, max))
        }
        Value::Int(_) | Value::BigInt(_) => {
            charge_digits(ctx, v)?;
            sized(ctx, |heap, max| match int_ref(heap, v) {
                Some(int) => format_int(int, spec, max),
                None => Ok(String::new()),
            })
        }
        Value::Bool(bit) => sized(ctx, |_, max| format_bool(bit != 0, spec, max)),
        Value::Float(bits) => sized(ctx, |_, max| format_float(f64::from_bits(bits), spec, max)),
        _ => {
            let class = types::type_name(ctx.heap, v);
            Err(ctx.type_error(format!("unsupported format string passed to {class}.__format__")))
        }
    }
}

/// Digits of a big int take quadratic time, up to the limit on digits of decimal text.
pub(super) fn charge_digits(ctx: &mut Ctx<'_>, v: Value) -> Result<(), Raise> {
    let Value::BigInt(_) = v else { return Ok(()) };
    let limbs = int_ref(ctx.heap, v).map_or(0, |int| int.bits() / 64) as usize;
    ctx.charge(limbs + limbs.min(240) * limbs.min(240) / 4)
}
