//! Writing values that have no items.
//!
//! In: a value. Out: its `repr`, appended. Rule: what has no literal is shown by its type and `id`, never by an
//! address.

use super::walk::Out;
use crate::heap::{Ctx, Heap, Raise};
use crate::ops::{plain, types};
use crate::text::float::repr_float;
use crate::text::int::{self, IntRef, Radix};
use crate::text::quote;
use crate::value::Value;

/// Appends `repr(v)`.
pub(super) fn write(ctx: &mut Ctx<'_>, out: &mut Out, v: Value) -> Result<(), Raise> {
    match v {
        Value::None => out.put(ctx, "None"),
        Value::Ellipsis => out.put(ctx, "Ellipsis"),
        Value::Bool(b) => out.put(ctx, if b != 0 { "True" } else { "False" }),
        Value::Int(i) => out.put(ctx, &super::small_int(i)),
        Value::Float(bits) => out.put(ctx, &repr_float(f64::from_bits(bits))),
        Value::BigInt(_) => {
            let text = decimal(ctx, v)?;
            out.put(ctx, &text)
        }
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            out.room(ctx, quote::repr_len(&text))?;
            quote::write_repr(&mut out.text, &text);
            Ok(())
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            out.room(ctx, quote::repr_bytes_len(&data))?;
            quote::write_repr_bytes(&mut out.text, &data);
            Ok(())
        }
        Value::Set(_) => out.put(ctx, "set()"),
        Value::FrozenSet(_) => out.put(ctx, "frozenset()"),
        Value::Range(at) => range(ctx, out, ctx.heap[at].bounds),
        Value::Type(number) => {
            let name = types::full_name(ctx.heap, Value::Type(number));
            out.put(ctx, &format!("<class '{name}'>"))
        }
        Value::Module(at) => {
            let name = ctx.heap[at].name.clone();
            out.put(ctx, &format!("<module '{name}'>"))
        }
        _ => {
            let text = described(ctx, v);
            out.put(ctx, &text)
        }
    }
}

/// `range(0, 5)`, with the step unless it is 1.
fn range(ctx: &mut Ctx<'_>, out: &mut Out, [start, stop, step]: [Value; 3]) -> Result<(), Raise> {
    let (start, stop) = (decimal(ctx, start)?, decimal(ctx, stop)?);
    let text = match step {
        Value::Int(1) => format!("range({start}, {stop})"),
        _ => format!("range({start}, {stop}, {})", decimal(ctx, step)?),
    };
    out.put(ctx, &text)
}

/// Digits of an int.
fn decimal(ctx: &mut Ctx<'_>, v: Value) -> Result<String, Raise> {
    let limbs = plain::int_ref(ctx.heap, v).map_or(0, |int| int.bits() / 64) as usize;
    // Quadratic, but an int of too many digits is refused before it is converted.
    ctx.charge(limbs.min(256).pow(2) / 8)?;
    let int = plain::int_ref(ctx.heap, v).unwrap_or(IntRef::Small(0));
    int::prefixed_str(int, Radix::Decimal).map_err(|error| plain::raise(ctx, error))
}

/// Things shown in angle brackets.
fn described(ctx: &mut Ctx<'_>, v: Value) -> String {
    match v {
        Value::Function(at) => {
            let name = function_name(ctx, ctx.heap[at].instance);
            format!("<function {name} at {:#x}>", ctx.heap.id_of(v))
        }
        Value::Generator(at) => {
            let name = function_name(ctx, ctx.heap[at].instance);
            format!("<generator object {name} at {:#x}>", ctx.heap.id_of(v))
        }
        Value::Native(number) => native(ctx.heap, number),
        Value::BoundMethod(at) => {
            let (receiver, method) = (ctx.heap[at].receiver, ctx.heap[at].method);
            bound_method(ctx, receiver, method)
        }
        _ => {
            let name = types::full_name(ctx.heap, types::type_of(ctx.heap, v));
            format!("<{name} object at {:#x}>", ctx.heap.id_of(v))
        }
    }
}

/// `outer.<locals>.f`
fn function_name(ctx: &Ctx<'_>, instance: u32) -> String {
    ctx.code(instance).map_or_else(|| String::from("?"), |code| code.qualname.to_string())
}

fn native(heap: &Heap, number: u64) -> String {
    let native = heap.natives.get(number);
    match native.owner {
        Some(owner) => format!("<method '{}' of '{}' objects>", native.name, owner.name()),
        None => format!("<built-in function {}>", native.name),
    }
}

fn bound_method(ctx: &mut Ctx<'_>, receiver: Value, method: Value) -> String {
    let owner = types::type_name(ctx.heap, receiver);
    let at = ctx.heap.id_of(receiver);
    match method {
        Value::Native(number) => {
            format!("<built-in method {} of {owner} object at {at:#x}>", ctx.heap.natives.get(number).name)
        }
        Value::Function(function) => {
            let name = function_name(ctx, ctx.heap[function].instance);
            format!("<bound method {name} of <{owner} object at {at:#x}>>")
        }
        _ => format!("<bound method of <{owner} object at {at:#x}>>"),
    }
}
