//! `float(…)` and the methods of floats.
//!
//! In: numbers and texts. Out: floats.

use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Number, Owner, Raise};
use crate::object::types::TypeId;
use crate::ops::plain::{int_ref, int_value, raise};
use crate::ops::{hooks, types};
use crate::text::TextError;
use crate::text::float::{as_integer_ratio, int_to_float, is_integer, parse_float, parse_float_bytes};
use crate::text::float_hex::{from_hex, to_hex};
use crate::value::Value;

/// What calling `float` does.
pub const FLOAT: Native = Native {
    name: "float",
    owner: None,
    arity: Arity::Positional(0, 1),
    doc: "float(x=0): x as a float",
    call: new,
    signature: None,
};

macro_rules! method {
    ($name:literal, $arity:expr, $call:ident, $doc:literal) => {
        Native {
            name: $name,
            owner: Some(Owner::Type(TypeId::Float)),
            arity: $arity,
            doc: $doc,
            call: $call,
            signature: None,
        }
    };
}

/// Methods of floats, sorted by name.
pub static METHODS: &[Native] = &[
    method!("as_integer_ratio", Arity::None, ratio, "as_integer_ratio(): the ints whose quotient it is"),
    method!("conjugate", Arity::None, conjugate, "conjugate(): self"),
    method!("fromhex", Arity::One, fromhex, "float.fromhex(text): the float that hex() wrote"),
    method!("hex", Arity::None, hex, "hex(): an exact text in base 16"),
    method!("is_integer", Arity::None, whole, "is_integer(): whether there is no fraction"),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(x) = args.get(0) else { return Ok(Value::float(0.0).into()) };
    match x {
        Value::Float(_) => Ok(x.into()),
        Value::Int(small) => Ok(Value::float(small as f64).into()),
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            ctx.charge(text.len() / 16)?;
            ctx.reserve_large(text.len())?;
            answer(ctx, parse_float(&text))
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            ctx.charge(data.len() / 16)?;
            ctx.reserve_large(data.len())?;
            answer(ctx, parse_float_bytes(&data))
        }
        _ => {
            let Some(int) = int_ref(ctx.heap, x) else {
                if let Some(number) = hooks::number(ctx, Number::Float, x) {
                    return Ok(number?.into());
                }
                let given = types::type_name(ctx.heap, x);
                return Err(ctx.type_error(format!(
                    "float() argument must be a string or a real number, not '{given}'"
                )));
            };
            let float = int_to_float(int);
            answer(ctx, float)
        }
    }
}

fn answer(ctx: &mut Ctx<'_>, float: Result<f64, TextError>) -> NativeResult {
    match float {
        // Python's NaNs are told apart by identity: two made here are two.
        Ok(float) if float.is_nan() => Ok(ctx.heap.fresh_nan().into()),
        Ok(float) => Ok(Value::float(float).into()),
        Err(error) => Err(raise(ctx, error)),
    }
}

fn receiver(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<f64, Raise> {
    args[0].as_float().ok_or_else(|| ctx.type_error("a float is required"))
}

fn ratio(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let float = receiver(ctx, args)?;
    match as_integer_ratio(float) {
        Ok((numerator, denominator)) => {
            let pair = [int_value(ctx.heap, numerator), int_value(ctx.heap, denominator)];
            Ok(ctx.heap.tuple(&pair).into())
        }
        Err(error) => Err(raise(ctx, error)),
    }
}

fn conjugate(_: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(args[0].into())
}

fn whole(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::bool(is_integer(receiver(ctx, args)?)).into())
}

fn hex(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = to_hex(receiver(ctx, args)?);
    Ok(ctx.heap.str(&text).into())
}

fn fromhex(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Str(at) = args[1] else {
        return Err(ctx.type_error("bad argument type for built-in operation"));
    };
    let text = ctx.heap[at].share();
    ctx.charge(text.len() / 16)?;
    answer(ctx, from_hex(&text))
}
