//! `base64`: bytes as text of 16, 32, 64 or 85 kinds of digits, and back.
//!
//! In: bytes, or text of ASCII. Out: bytes. Rule: as CPython's module of this name, without the functions for files.
//!
//! | file | |
//! | --- | --- |
//! | `radix32` | base 32 |
//! | `radix85` | Ascii85, base 85, Z85 |

mod radix32;
mod radix85;

use std::rc::Rc;

use star::ast::CompareOp;
use star::object::types::TypeId;
use star::ops::{repr, types};
use star::private::{Ctx, Raise, Value};
use star_macros::star_module;

use crate::arguments::ssize;
use crate::binascii::codecs::{from_base64, from_hex, to_base64};
use crate::binascii::{bytes_of, error, made};
use crate::calculate::{length, order};
use radix32::{BASE32, BASE32_HEX};
use radix85::Short;

pub use module::module;

/// The bytes to decode: bytes, or text of ASCII.
fn encoded(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Raise> {
    match value {
        Value::Bytes(_) => bytes_of(ctx, value),
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            ctx.charge(1 + text.len() / 4)?;
            ctx.reserve_large(text.len().saturating_mul(4))?;
            match text.is_ascii() {
                true => Ok(text.as_bytes().into()),
                false => Err(ctx.value_error("string argument should contain only ASCII characters")),
            }
        }
        _ => {
            let given = types::type_name(ctx.heap, value);
            let message = format!("argument should be a bytes-like object or ASCII string, not '{given}'");
            Err(ctx.type_error(message))
        }
    }
}

/// The bytes to encode, where CPython asks for a view of them.
fn viewed(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Raise> {
    match value {
        Value::Bytes(_) => bytes_of(ctx, value),
        _ => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("memoryview: a bytes-like object is required, not '{given}'")))
        }
    }
}

/// The bytes of an argument of the legacy functions.
fn expected(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Raise> {
    match value {
        Value::Bytes(_) => bytes_of(ctx, value),
        _ => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("expected bytes-like object, not {given}")))
        }
    }
}

/// An AssertionError that shows what has not the length it should have.
#[cold]
fn wrong_length(ctx: &mut Ctx<'_>, value: Value) -> Raise {
    match repr::repr(ctx, value) {
        Ok(shown) => ctx.error(TypeId::AssertionError, &*shown),
        Err(raise) => raise,
    }
}

/// The bytes with some of them replaced by others.
fn translated(data: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let other = |byte: u8| from.iter().rposition(|&known| known == byte).map_or(byte, |at| to[at]);
    data.iter().map(|&byte| other(byte)).collect()
}

fn decoded(ctx: &mut Ctx<'_>, data: &[u8], strict: bool) -> Result<Value, Raise> {
    match from_base64(data, strict) {
        Ok(data) => made(ctx, &data),
        Err(problem) => Err(error(ctx, &problem)),
    }
}

fn value_checked(ctx: &mut Ctx<'_>, data: Result<Vec<u8>, String>) -> Result<Value, Raise> {
    match data {
        Ok(data) => made(ctx, &data),
        Err(problem) => Err(ctx.value_error(problem)),
    }
}

/// The data of base 32, with what digits 0 and 1 may stand for.
fn from_base32(
    ctx: &mut Ctx<'_>,
    s: Value,
    digits: &[u8; 32],
    casefold: Value,
    map01: Value,
) -> Result<Value, Raise> {
    let data = encoded(ctx, s)?;
    if !data.len().is_multiple_of(8) {
        return Err(error(ctx, "Incorrect padding"));
    }
    let mut data = data.to_vec();
    if !map01.is_none() {
        let one = encoded(ctx, map01)?;
        let &[one] = &one[..] else {
            let shown = made(ctx, &one)?;
            return Err(wrong_length(ctx, shown));
        };
        data = translated(&data, b"01", &[b'O', one]);
    }
    if types::truthy(ctx.heap, casefold) {
        data.make_ascii_uppercase();
    }
    match radix32::decode(&data, digits) {
        Ok(data) => made(ctx, &data),
        Err(problem) => Err(error(ctx, problem)),
    }
}

/// Ascii85 in lines.
fn in_lines(ctx: &mut Ctx<'_>, mut data: Vec<u8>, column: Value, adobe: bool) -> Result<Vec<u8>, Raise> {
    if types::truthy(ctx.heap, column) {
        let least = if adobe { 2 } else { 1 };
        let larger = order(ctx, CompareOp::Gt, column, Value::Int(least))?;
        let column = if larger { ssize(ctx, column)? } else { least } as usize;
        let mut lines: Vec<&[u8]> = data.chunks(column).collect();
        if adobe && lines.last().is_some_and(|last| last.len() + 2 > column) {
            lines.push(b"");
        }
        data = lines.join(&b'\n');
    }
    if adobe {
        data.extend_from_slice(b"~>");
    }
    Ok(data)
}

/// Bytes as text of 16, 32, 64 or 85 kinds of digits, and back.
#[star_module("base64", family = "python")]
mod module {
    use super::*;

    /// The data of Ascii85.
    #[star_fn(script)]
    fn a85decode(
        ctx: &mut Ctx<'_>,
        b: Value,
        #[star(kw, default = Value::bool(false))] foldspaces: Value,
        #[star(kw, default = Value::bool(false))] adobe: Value,
        #[star(kw, default = Value::Undef)] ignorechars: Value,
    ) -> Result<Value, Raise> {
        let all = encoded(ctx, b)?;
        let mut data = &all[..];
        if types::truthy(ctx.heap, adobe) {
            let Some(inside) = data.strip_suffix(b"~>") else {
                return Err(ctx.value_error("Ascii85 encoded byte sequences must end with b'~>'"));
            };
            data = inside.strip_prefix(b"<~").unwrap_or(inside);
        }
        let spaces = types::truthy(ctx.heap, foldspaces);
        let ignored = match ignorechars {
            Value::Undef => Rc::from(*b" \t\n\r\x0b"),
            Value::Bytes(at) => ctx.heap[at].share(),
            Value::Str(_) => Rc::default(),
            _ => bytes_of(ctx, ignorechars)?,
        };
        value_checked(ctx, radix85::from_ascii85(data, spaces, &ignored))
    }

    /// Data in Ascii85.
    #[star_fn(script)]
    fn a85encode(
        ctx: &mut Ctx<'_>,
        b: Value,
        #[star(kw, default = Value::bool(false))] foldspaces: Value,
        #[star(kw, default = Value::Int(0))] wrapcol: Value,
        #[star(kw, default = Value::bool(false))] pad: Value,
        #[star(kw, default = Value::bool(false))] adobe: Value,
    ) -> Result<Value, Raise> {
        let data = viewed(ctx, b)?;
        let [spaces, pad, adobe] = [foldspaces, pad, adobe].map(|v| types::truthy(ctx.heap, v));
        let short = Short { zeros: true, spaces };
        let mut out = if adobe { b"<~".to_vec() } else { Vec::new() };
        out.extend(radix85::encode(&data, radix85::ascii85, pad, short));
        let out = in_lines(ctx, out, wrapcol, adobe)?;
        made(ctx, &out)
    }

    /// The data of base 16.
    #[star_fn(script)]
    fn b16decode(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::bool(false))] casefold: Value,
    ) -> Result<Value, Raise> {
        let mut data = encoded(ctx, s)?.to_vec();
        if types::truthy(ctx.heap, casefold) {
            data.make_ascii_uppercase();
        }
        if !data.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')) {
            return Err(error(ctx, "Non-base16 digit found"));
        }
        match from_hex(&data) {
            Ok(data) => made(ctx, &data),
            Err(problem) => Err(error(ctx, &problem)),
        }
    }

    /// Data in base 16.
    #[star_fn(script)]
    fn b16encode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = bytes_of(ctx, s)?;
        let text = star::text::bytes::hex(&data, None, 1).to_ascii_uppercase();
        made(ctx, text.as_bytes())
    }

    /// The data of base 32.
    #[star_fn(script)]
    fn b32decode(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::bool(false))] casefold: Value,
        #[star(default = Value::None)] map01: Value,
    ) -> Result<Value, Raise> {
        from_base32(ctx, s, BASE32, casefold, map01)
    }

    /// Data in base 32.
    #[star_fn(script)]
    fn b32encode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = viewed(ctx, s)?;
        made(ctx, &radix32::encode(&data, BASE32))
    }

    /// The data of base 32 with digits in order.
    #[star_fn(script)]
    fn b32hexdecode(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::bool(false))] casefold: Value,
    ) -> Result<Value, Raise> {
        from_base32(ctx, s, BASE32_HEX, casefold, Value::None)
    }

    /// Data in base 32 with digits in order.
    #[star_fn(script)]
    fn b32hexencode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = viewed(ctx, s)?;
        made(ctx, &radix32::encode(&data, BASE32_HEX))
    }

    /// The data of base 64; characters of no meaning are skipped unless `validate` is true.
    #[star_fn(script)]
    fn b64decode(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::None)] altchars: Value,
        #[star(default = Value::bool(false))] validate: Value,
    ) -> Result<Value, Raise> {
        let mut data = encoded(ctx, s)?.to_vec();
        if !altchars.is_none() {
            let other = encoded(ctx, altchars)?;
            if other.len() != 2 {
                let shown = made(ctx, &other)?;
                return Err(wrong_length(ctx, shown));
            }
            data = translated(&data, &other, b"+/");
        }
        let strict = types::truthy(ctx.heap, validate);
        decoded(ctx, &data, strict)
    }

    /// Data in base 64; `altchars` are two characters in the place of `+` and `/`.
    #[star_fn(script)]
    fn b64encode(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::None)] altchars: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_of(ctx, s)?;
        let mut data = to_base64(&data);
        if !altchars.is_none() {
            if length(ctx, altchars)? != 2 {
                return Err(wrong_length(ctx, altchars));
            }
            let other = bytes_of(ctx, altchars)?;
            data = translated(&data, b"+/", &other);
        }
        made(ctx, &data)
    }

    /// The data of base 85.
    #[star_fn(script)]
    fn b85decode(ctx: &mut Ctx<'_>, b: Value) -> Result<Value, Raise> {
        let data = encoded(ctx, b)?;
        value_checked(ctx, radix85::from_base85(&data, radix85::base85, "base85"))
    }

    /// Data in base 85.
    #[star_fn(script)]
    fn b85encode(
        ctx: &mut Ctx<'_>,
        b: Value,
        #[star(default = Value::bool(false))] pad: Value,
    ) -> Result<Value, Raise> {
        let data = viewed(ctx, b)?;
        let pad = types::truthy(ctx.heap, pad);
        made(ctx, &radix85::encode(&data, radix85::base85, pad, Short::default()))
    }

    /// The data of lines of base 64.
    #[star_fn(script)]
    fn decodebytes(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = expected(ctx, s)?;
        decoded(ctx, &data, false)
    }

    /// Data in lines of base 64.
    #[star_fn(script)]
    fn encodebytes(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = expected(ctx, s)?;
        let mut out = Vec::new();
        for line in data.chunks(57) {
            out.extend(to_base64(line));
            out.push(b'\n');
        }
        made(ctx, &out)
    }

    /// The data of base 64.
    #[star_fn(script)]
    fn standard_b64decode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = encoded(ctx, s)?;
        decoded(ctx, &data, false)
    }

    /// Data in base 64.
    #[star_fn(script)]
    fn standard_b64encode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = bytes_of(ctx, s)?;
        made(ctx, &to_base64(&data))
    }

    /// The data of base 64 with `-` and `_`.
    #[star_fn(script)]
    fn urlsafe_b64decode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = encoded(ctx, s)?;
        decoded(ctx, &translated(&data, b"-_", b"+/"), false)
    }

    /// Data in base 64 with `-` and `_`.
    #[star_fn(script)]
    fn urlsafe_b64encode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = bytes_of(ctx, s)?;
        made(ctx, &translated(&to_base64(&data), b"+/", b"-_"))
    }

    /// The data of Z85.
    #[star_fn(script)]
    fn z85decode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = encoded(ctx, s)?;
        value_checked(ctx, radix85::from_base85(&data, radix85::z85, "z85"))
    }

    /// Data in Z85.
    #[star_fn(script)]
    fn z85encode(ctx: &mut Ctx<'_>, s: Value) -> Result<Value, Raise> {
        let data = viewed(ctx, s)?;
        made(ctx, &radix85::encode(&data, radix85::z85, false, Short::default()))
    }
}
