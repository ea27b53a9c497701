//! Text of values: `ascii bin chr hex oct ord repr`.

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult};
use crate::ops::plain::{int_arg, int_ref, raise};
use crate::ops::{number, repr, types};
use crate::text::int::{Radix, prefixed_str};
use crate::value::Value;

/// `ascii(…)`.
pub const ASCII: Native = function("ascii", Arity::One, ascii, "ascii(object): its repr in ASCII");

/// `bin(…)`.
pub const BIN: Native = function(
    "bin",
    Arity::One,
    |ctx, args| based(ctx, args, Radix::Binary),
    "bin(int): its binary digits, after 0b",
);

/// `chr(…)`.
pub const CHR: Native = function("chr", Arity::One, chr, "chr(int): the character of that code point");

/// `hex(…)`.
pub const HEX: Native = function(
    "hex",
    Arity::One,
    |ctx, args| based(ctx, args, Radix::Hex),
    "hex(int): its hexadecimal digits, after 0x",
);

/// `oct(…)`.
pub const OCT: Native = function(
    "oct",
    Arity::One,
    |ctx, args| based(ctx, args, Radix::Octal),
    "oct(int): its octal digits, after 0o",
);

/// `ord(…)`.
pub const ORD: Native = function("ord", Arity::One, ord, "ord(character): its code point");

/// `repr(…)`.
pub const REPR: Native = function("repr", Arity::One, repr, "repr(object): it as a script would write it");

fn ascii(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = repr::ascii(ctx, args[0])?;
    Ok(ctx.heap.str_shared(text).into())
}

fn repr(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = repr::repr(ctx, args[0])?;
    Ok(ctx.heap.str_shared(text).into())
}

fn based(ctx: &mut Ctx<'_>, args: Args<'_>, radix: Radix) -> NativeResult {
    let bits = number::bit_length(ctx.heap, args[0]).unwrap_or(0) as usize;
    if bits > 64 {
        // A digit for each bit at most, and the text is built before it is kept.
        ctx.charge(bits / 16)?;
        ctx.reserve_large(bits * 2)?;
    }
    let Some(int) = int_ref(ctx.heap, args[0]) else {
        let name = types::type_name(ctx.heap, args[0]);
        return Err(ctx.type_error(format!("'{name}' object cannot be interpreted as an integer")));
    };
    let text = prefixed_str(int, radix).map_err(|error| raise(ctx, error))?;
    Ok(ctx.heap.str(&text).into())
}

fn chr(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match int_arg(ctx, args[0])?.and_then(|code| u32::try_from(code).ok()) {
        Some(code @ 0xD800..=0xDFFF) => {
            // By design: text is UTF-8, which has no surrogates.
            Err(ctx.value_error(format!("chr() arg is a surrogate: {code:#x}")))
        }
        Some(code) => match char::from_u32(code) {
            Some(c) => Ok(ctx.heap.char(c).into()),
            None => Err(ctx.value_error("chr() arg not in range(0x110000)")),
        },
        None => Err(ctx.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let length = match args[0] {
        Value::Str(at) => {
            let text = &ctx.heap[at];
            if let (1, Some(c)) = (text.chars(), text.as_str().chars().next()) {
                return Ok(Value::Int(c as i64).into());
            }
            text.chars()
        }
        Value::Bytes(at) => match ctx.heap[at].as_slice() {
            [byte] => return Ok(Value::Int(*byte as i64).into()),
            data => data.len(),
        },
        other => {
            let name = types::type_name(ctx.heap, other);
            return Err(ctx.type_error(format!("ord() expected string of length 1, but {name} found")));
        }
    };
    Err(ctx.type_error(format!("ord() expected a character, but string of length {length} found")))
}
