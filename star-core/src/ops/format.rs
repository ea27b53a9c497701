//! `format(value, spec)`, as f-strings, `format` and `str.format` do it.
//!
//! In: a value and a format spec. Out: text. Rule: only str, int, bool and float read a spec; every other type takes
//! the empty one, which is `str(value)`.

use super::plain::{Builder, int_ref, push_int, sized};
use super::{hooks, repr, types};
use crate::heap::{Ctx, Raise};
use crate::object::Text;
use crate::text::float::repr_float;
use crate::text::format::{format_bool, format_float, format_int, format_str};
use crate::value::Value;

/// `format(v, spec)`. `v` is rooted.
pub fn format(ctx: &mut Ctx<'_>, v: Value, spec: &str) -> Result<Text, Raise> {
    match v {
        Value::Str(at) if spec.is_empty() => Ok(ctx.heap[at].share()),
        _ if spec.is_empty() => repr::str_of(ctx, v),
        _ => Ok(Text::from(with_spec(ctx, v, spec)?)),
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
            push_int(&mut out.text, small);
            Ok(())
        }
        Value::Float(bits) => out.push(ctx, &repr_float(f64::from_bits(bits))),
        Value::Bool(bit) => out.push(ctx, if bit != 0 { "True" } else { "False" }),
        Value::None => out.push(ctx, "None"),
        _ => {
            let text = repr::str_of(ctx, v)?;
            out.push(ctx, &text)
        }
    }
}

/// A field of an f-string without a spec, as `concat` takes it: after conversion 0 (none), 1 (`!s`), 2 (`!r`) or 3
/// (`!a`). What `concat` writes as well, and cannot fail to, stays as it is. `v` is rooted.
#[inline]
pub fn piece(ctx: &mut Ctx<'_>, v: Value, conversion: u8) -> Result<Value, Raise> {
    match (v, conversion) {
        (Value::Str(_), 0 | 1) => Ok(v),
        (Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::None, 0..=2) => Ok(v),
        _ => convert(ctx, v, conversion),
    }
}

/// A field of an f-string with a spec, after its conversion. `v` and `spec` are rooted.
pub fn field(ctx: &mut Ctx<'_>, v: Value, spec: Value, conversion: u8) -> Result<Value, Raise> {
    let Value::Str(spec) = spec else { return Err(ctx.type_error("a format spec must be str")) };
    let spec = ctx.heap[spec].share();
    let root = ctx.heap.scratch.len();
    let converted = if conversion == 0 { v } else { convert(ctx, v, conversion)? };
    ctx.heap.scratch.push(converted);
    let text = format(ctx, converted, &spec);
    ctx.heap.scratch.truncate(root);
    let text = text?;
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str_shared(text))
}

fn convert(ctx: &mut Ctx<'_>, v: Value, conversion: u8) -> Result<Value, Raise> {
    let text = match conversion {
        0 | 1 => repr::str_of(ctx, v)?,
        2 => repr::repr(ctx, v)?,
        _ => repr::ascii(ctx, v)?,
    };
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str_shared(text))
}

/// The pieces of an f-string as one str; they are rooted.
pub fn concat(ctx: &mut Ctx<'_>, pieces: &[Value]) -> Result<Value, Raise> {
    if let [piece @ Value::Str(_)] = *pieces {
        return Ok(piece);
    }
    let mut out = Builder::new(ctx);
    for &piece in pieces {
        format_to(ctx, &mut out, piece, "")?;
    }
    out.finish(ctx)
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
            if let Some(hook) = hooks::find(ctx.heap, v, |hooks| hooks.format) {
                return hook(ctx, v, spec);
            }
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
