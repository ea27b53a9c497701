//! `binascii`: bytes as text, and back.
//!
//! In: bytes, or text of ASCII. Out: bytes. Rule: as CPython's module of this name.
//!
//! | file | |
//! | --- | --- |
//! | `codecs` | the encodings, on bytes |

pub(crate) mod codecs;

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use star::heap::{ExceptionBase, HostException};
use star::object::types::TypeId;
use star::ops::{exception, types};
use star::private::{Ctx, Raise, Value};
use star::text::bytes::{hex, hex_separator};
use star_macros::star_module;

use crate::arguments::{big_integer, clamped};
use codecs::Problem;

pub use module::module;

/// `Error`.
static ERROR: HostException = HostException::named(
    "Error",
    "binascii",
    "Data that are not of the encoding.",
    ExceptionBase::Type(TypeId::ValueError),
);

/// `Incomplete`.
static INCOMPLETE: HostException = HostException::named(
    "Incomplete",
    "binascii",
    "Data that are not complete.",
    ExceptionBase::Type(TypeId::Exception),
);

/// A raise of `Error`.
#[cold]
pub(crate) fn error(ctx: &mut Ctx<'_>, message: &str) -> Raise {
    let class = ctx.heap.host_exception(&ERROR);
    let message = ctx.heap.str(message);
    Raise::Exception(exception::new(ctx.heap, class, &[message]))
}

/// The bytes of an argument, charged for, with room for a result some times as long.
pub(crate) fn bytes_of(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Raise> {
    match value {
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            room(ctx, data.len())?;
            Ok(data)
        }
        _ => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("a bytes-like object is required, not '{given}'")))
        }
    }
}

fn room(ctx: &mut Ctx<'_>, length: usize) -> Result<(), Raise> {
    ctx.charge(1 + length / 4)?;
    ctx.reserve_large(length.saturating_mul(6))
}

/// The bytes of an argument that may be text of ASCII.
fn bytes_or_ascii(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Raise> {
    match value {
        Value::Bytes(_) => bytes_of(ctx, value),
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            room(ctx, text.len())?;
            match text.is_ascii() {
                true => Ok(text.as_bytes().into()),
                false => Err(ctx.value_error("string argument should contain only ASCII characters")),
            }
        }
        _ => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("argument should be bytes, buffer or ASCII string, not '{given}'")))
        }
    }
}

fn checked(ctx: &mut Ctx<'_>, result: Result<Vec<u8>, Problem>) -> Result<Value, Raise> {
    match result {
        Ok(data) => made(ctx, &data),
        Err(problem) => Err(error(ctx, &problem)),
    }
}

/// Bytes as a value.
pub(crate) fn made(ctx: &mut Ctx<'_>, data: &[u8]) -> Result<Value, Raise> {
    ctx.reserve_large(data.len())?;
    Ok(ctx.heap.new_bytes(data))
}

/// The low bits of an int of any size.
fn low_bits(ctx: &mut Ctx<'_>, value: Value) -> Result<u32, Raise> {
    let low = big_integer(ctx, value)? & BigInt::from(u32::MAX);
    Ok(low.to_u32().unwrap_or_default())
}

fn to_hex(ctx: &mut Ctx<'_>, data: Value, separator: Value, group: Value) -> Result<Value, Raise> {
    let data = bytes_of(ctx, data)?;
    let group = clamped(ctx, group)?;
    let separator = match separator {
        Value::Undef => None,
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            // One character of Latin-1 will do, and becomes its byte.
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c @ '\u{80}'..='\u{ff}'), None) => Some(c as u8),
                _ => Some(hex_separator(&*text).map_err(|error| star::ops::plain::raise(ctx, error))?),
            }
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            match &data[..] {
                &[byte] => Some(byte),
                _ => return Err(ctx.value_error("sep must be length 1.")),
            }
        }
        _ => {
            let given = types::type_name(ctx.heap, separator);
            return Err(ctx.type_error(format!("object of type '{given}' has no len()")));
        }
    };
    let text = hex(&data, separator.filter(u8::is_ascii), group);
    match separator.filter(|byte| !byte.is_ascii()) {
        None => made(ctx, text.as_bytes()),
        Some(byte) => {
            let text = hex(&data, Some(b'-'), group);
            let data: Vec<u8> = text.bytes().map(|digit| if digit == b'-' { byte } else { digit }).collect();
            made(ctx, &data)
        }
    }
}

/// Bytes as text, and back.
#[star_module("binascii", family = "python", exceptions = [super::ERROR, super::INCOMPLETE])]
mod module {
    use super::*;

    /// The data of base 64; characters of no meaning are skipped, unless it is to be strict.
    #[star_fn]
    fn a2b_base64(
        ctx: &mut Ctx<'_>,
        #[star(pos)] data: Value,
        #[star(kw, default = Value::bool(false))] strict_mode: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_or_ascii(ctx, data)?;
        let strict = types::truthy(ctx.heap, strict_mode);
        checked(ctx, codecs::from_base64(&data, strict))
    }

    /// The data of pairs of digits of base 16.
    #[star_fn(pos)]
    fn a2b_hex(ctx: &mut Ctx<'_>, hexstr: Value) -> Result<Value, Raise> {
        let data = bytes_or_ascii(ctx, hexstr)?;
        checked(ctx, codecs::from_hex(&data))
    }

    /// The data of quoted-printable text.
    #[star_fn]
    fn a2b_qp(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::bool(false))] header: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_or_ascii(ctx, data)?;
        let header = types::truthy(ctx.heap, header);
        made(ctx, &codecs::from_qp(&data, header))
    }

    /// The data of a uuencoded line.
    #[star_fn(pos)]
    fn a2b_uu(ctx: &mut Ctx<'_>, data: Value) -> Result<Value, Raise> {
        let data = bytes_or_ascii(ctx, data)?;
        checked(ctx, codecs::from_uu(&data))
    }

    /// Data in base 64, with a line end unless `newline` is false.
    #[star_fn]
    fn b2a_base64(
        ctx: &mut Ctx<'_>,
        #[star(pos)] data: Value,
        #[star(kw, default = Value::bool(true))] newline: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_of(ctx, data)?;
        let mut encoded = codecs::to_base64(&data);
        if types::truthy(ctx.heap, newline) {
            encoded.push(b'\n');
        }
        made(ctx, &encoded)
    }

    /// Data in base 16, with a separator between groups of bytes if there is one.
    #[star_fn]
    fn b2a_hex(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::Undef)] sep: Value,
        #[star(default = Value::Int(1))] bytes_per_sep: Value,
    ) -> Result<Value, Raise> {
        to_hex(ctx, data, sep, bytes_per_sep)
    }

    /// Data as quoted-printable text.
    #[star_fn]
    fn b2a_qp(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::bool(false))] quotetabs: Value,
        #[star(default = Value::bool(true))] istext: Value,
        #[star(default = Value::bool(false))] header: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_of(ctx, data)?;
        let [quotetabs, istext, header] = [quotetabs, istext, header].map(|v| types::truthy(ctx.heap, v));
        made(ctx, &codecs::to_qp(&data, quotetabs, istext, header))
    }

    /// Up to 45 bytes as a uuencoded line.
    #[star_fn]
    fn b2a_uu(
        ctx: &mut Ctx<'_>,
        #[star(pos)] data: Value,
        #[star(kw, default = Value::bool(false))] backtick: Value,
    ) -> Result<Value, Raise> {
        let data = bytes_of(ctx, data)?;
        let backtick = types::truthy(ctx.heap, backtick);
        checked(ctx, codecs::to_uu(&data, backtick))
    }

    /// The checksum CRC-32 of data after data with this checksum.
    #[star_fn(pos)]
    fn crc32(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::Int(0))] crc: Value,
    ) -> Result<u32, Raise> {
        let data = bytes_of(ctx, data)?;
        let mut hasher = crc32fast::Hasher::new_with_initial(low_bits(ctx, crc)?);
        hasher.update(&data);
        Ok(hasher.finalize())
    }

    /// The checksum CRC-CCITT of data after data with this checksum.
    #[star_fn(pos)]
    fn crc_hqx(ctx: &mut Ctx<'_>, data: Value, crc: Value) -> Result<u16, Raise> {
        let data = bytes_of(ctx, data)?;
        let crc = low_bits(ctx, crc)? as u16;
        Ok(codecs::crc_hqx(&data, crc))
    }

    /// Data in base 16, with a separator between groups of bytes if there is one.
    #[star_fn]
    fn hexlify(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::Undef)] sep: Value,
        #[star(default = Value::Int(1))] bytes_per_sep: Value,
    ) -> Result<Value, Raise> {
        to_hex(ctx, data, sep, bytes_per_sep)
    }

    /// The data of pairs of digits of base 16.
    #[star_fn(pos)]
    fn unhexlify(ctx: &mut Ctx<'_>, hexstr: Value) -> Result<Value, Raise> {
        let data = bytes_or_ascii(ctx, hexstr)?;
        checked(ctx, codecs::from_hex(&data))
    }
}
