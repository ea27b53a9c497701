//! `int(…)` and the methods of ints.
//!
//! In: numbers, texts and bytes. Out: ints. Rule: an int that fits 64 bits never takes the way through big ints.

use num_bigint::{BigInt, Sign};

use super::bytes::{Finish, of_iterable};
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Number, Owner, Raise};
use crate::host::arguments::{count_message, keywords};
use crate::object::types::TypeId;
use crate::ops::plain::{budget, int_arg, int_ref, int_value, raise, ssize_arg, str_arg};
use crate::ops::{hooks, types};
use crate::text::float::float_to_int;
use crate::text::int::{Int, IntRef, parse_int, parse_int_bytes};
use crate::value::Value;

/// What calling `int` does.
pub const INT: Native = Native {
    name: "int",
    owner: None,
    arity: Arity::Variadic,
    doc: "int(x=0, base=10): x as an int",
    call: new,
    signature: None,
};

macro_rules! method {
    ($name:literal, $arity:expr, $call:ident, $doc:literal) => {
        Native {
            name: $name,
            owner: Some(Owner::Type(TypeId::Int)),
            arity: $arity,
            doc: $doc,
            call: $call,
            signature: None,
        }
    };
}

const TO_BYTES: Arity =
    Arity::Named { names: &["length", "byteorder", "signed"], required: 0, positional: 2 };
const FROM_BYTES: Arity =
    Arity::Named { names: &["bytes", "byteorder", "signed"], required: 1, positional: 2 };

/// Methods of ints, sorted by name.
pub static METHODS: &[Native] = &[
    method!("as_integer_ratio", Arity::None, as_integer_ratio, "as_integer_ratio(): (self, 1)"),
    method!(
        "bit_count",
        Arity::None,
        bit_count,
        "bit_count(): ones in the binary form of the absolute value"
    ),
    method!("bit_length", Arity::None, bit_length, "bit_length(): bits of the absolute value"),
    method!("conjugate", Arity::None, itself, "conjugate(): self"),
    method!("from_bytes", FROM_BYTES, from_bytes, "int.from_bytes(bytes, byteorder='big', *, signed=False)"),
    method!("is_integer", Arity::None, is_integer, "is_integer(): True"),
    method!("to_bytes", TO_BYTES, to_bytes, "to_bytes(length=1, byteorder='big', *, signed=False)"),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let base = if args.names.is_empty() { args.get(1) } else { base_by_name(ctx, args)? };
    if args.len() > 2 {
        return Err(ctx.type_error(count_message("int", 0, 2, args.len())));
    }
    let Some(x) = args.get(0) else {
        return match base {
            None => Ok(Value::Int(0).into()),
            Some(_) => Err(ctx.type_error("int() missing string argument")),
        };
    };
    let explicit = base.is_some();
    let base = match base {
        None => 10,
        Some(base) => match int_arg(ctx, base)? {
            Some(base @ (0 | 2..=36)) => base,
            _ => return Err(ctx.value_error("int() base must be >= 2 and <= 36, or 0")),
        },
    };
    let parsed = match x {
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            charge_parse(ctx, text.len(), base)?;
            parse_int(&text, base)
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            charge_parse(ctx, data.len(), base)?;
            parse_int_bytes(&data, base)
        }
        _ if explicit => {
            return Err(ctx.type_error("int() can't convert non-string with explicit base"));
        }
        Value::Int(_) | Value::BigInt(_) => return Ok(x.into()),
        Value::Bool(bit) => return Ok(Value::Int(bit as i64).into()),
        Value::Float(bits) => float_to_int(f64::from_bits(bits)),
        _ => {
            if let Some(number) = hooks::number(ctx, Number::Int, x) {
                return Ok(number?.into());
            }
            let given = types::type_name(ctx.heap, x);
            return Err(ctx.type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{given}'"
            )));
        }
    };
    match parsed {
        Ok(int) => Ok(int_value(ctx.heap, int).into()),
        Err(error) => Err(raise(ctx, error)),
    }
}

/// The argument `base`, if keywords were given.
#[cold]
fn base_by_name(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<Value>, Raise> {
    let total = args.len() + args.names.len();
    if total > 2 {
        return Err(ctx.type_error(format!("int() takes at most 2 arguments ({total} given)")));
    }
    let [base] = keywords(ctx, "int", &["base"], args)?;
    Ok(base.given())
}

/// Parsing is linear in bases that are powers of two, and in the others quadratic up to a limit of digits.
fn charge_parse(ctx: &mut Ctx<'_>, len: usize, base: i64) -> Result<(), Raise> {
    let limbs = len / 16;
    let quadratic = base > 0 && !base.unsigned_abs().is_power_of_two();
    let product = if quadratic { limbs.min(300) * limbs.min(300) / 16 } else { 0 };
    ctx.charge(limbs + product)?;
    ctx.reserve_large(len)
}

fn receiver<'a>(ctx: &'a Ctx<'_>, args: Args<'_>) -> IntRef<'a> {
    int_ref(ctx.heap, args[0]).unwrap_or(IntRef::Small(0))
}

/// The int itself; for a bool its number.
fn itself(_: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(args[0].as_int().map_or(args[0], Value::Int).into())
}

fn as_integer_ratio(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let number = args[0].as_int().map_or(args[0], Value::Int);
    Ok(ctx.heap.tuple(&[number, Value::Int(1)]).into())
}

fn is_integer(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(Value::bool(true).into())
}

fn bit_length(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::Int(receiver(ctx, args).bits() as i64).into())
}

fn bit_count(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let limbs = receiver(ctx, args).bits() / 64;
    ctx.charge(limbs as usize)?;
    let ones = match receiver(ctx, args) {
        IntRef::Small(small) => small.unsigned_abs().count_ones() as u64,
        IntRef::Big(big) => big.iter_u64_digits().map(|digit| u64::from(digit.count_ones())).sum(),
    };
    Ok(Value::Int(ones as i64).into())
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Big,
    Little,
}

fn byte_order(ctx: &mut Ctx<'_>, order: Option<Value>, native: &str) -> Result<Order, Raise> {
    let Some(order) = order else { return Ok(Order::Big) };
    let order = str_arg(ctx, order, format_args!("{native}() argument 'byteorder'"))?;
    match &*order {
        "big" => Ok(Order::Big),
        "little" => Ok(Order::Little),
        _ => Err(ctx.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let length = match args.get(1) {
        Some(length) => ssize_arg(ctx, length)?,
        None => 1,
    };
    let order = byte_order(ctx, args.get(2), "to_bytes")?;
    let signed = args.get(3).is_some_and(|signed| types::truthy(ctx.heap, signed));
    let Ok(length) = usize::try_from(length) else {
        return Err(ctx.value_error("length argument must be non-negative"));
    };
    let negative = receiver(ctx, args).is_negative();
    if negative && !signed {
        return Err(ctx.error(TypeId::OverflowError, "can't convert negative int to unsigned"));
    }
    let kept = receiver(ctx, args).bits() as usize / 8 + 1;
    budget(ctx, length.saturating_add(kept))?;
    let mut digits = match receiver(ctx, args) {
        IntRef::Small(small) => {
            let mut digits = small.to_le_bytes().to_vec();
            digits.push(if negative { 0xFF } else { 0 });
            digits
        }
        IntRef::Big(big) => big.to_signed_bytes_le(),
    };
    let fill = if negative { 0xFF } else { 0 };
    // What is cut off must only repeat the sign, and a signed result must keep its sign bit.
    let lost = digits.iter().skip(length).any(|&digit| digit != fill);
    let sign_lost =
        signed && length > 0 && digits.get(length - 1).is_some_and(|top| (top & 0x80 != 0) != negative);
    if lost || sign_lost {
        return Err(ctx.error(TypeId::OverflowError, "int too big to convert"));
    }
    digits.resize(length, fill);
    if order == Order::Big {
        digits.reverse();
    }
    Ok(ctx.heap.new_bytes(&digits).into())
}

fn from_bytes(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let order = byte_order(ctx, args.get(2), "from_bytes")?;
    let signed = args.get(3).is_some_and(|signed| types::truthy(ctx.heap, signed));
    let words = [i64::from(order == Order::Little), i64::from(signed), 0];
    match args[1] {
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            FromBytes::finish(ctx, &data, words)
        }
        iterable => of_iterable::<FromBytes>(ctx, iterable, words),
    }
}

/// The int whose bytes these are: whether they start with the lowest, whether the sign counts.
struct FromBytes;

impl Finish for FromBytes {
    fn finish(ctx: &mut Ctx<'_>, data: &[u8], [little, signed, _]: [i64; 3]) -> NativeResult {
        budget(ctx, data.len())?;
        let big = match (little != 0, signed != 0) {
            (false, true) => BigInt::from_signed_bytes_be(data),
            (true, true) => BigInt::from_signed_bytes_le(data),
            (false, false) => BigInt::from_bytes_be(Sign::Plus, data),
            (true, false) => BigInt::from_bytes_le(Sign::Plus, data),
        };
        Ok(int_value(ctx.heap, Int::from(big)).into())
    }
}
