//! `str.encode`, `bytes.decode`, and the forms of `str(…)` and `bytes(…)` that name an encoding.
//!
//! In: a text or bytes, the names of an encoding and an error handler. Out: the other. Rule: what cannot be coded
//! raises with all that CPython's exceptions know of it.

use std::rc::Rc;

use crate::builtins::exception;
use crate::heap::{Args, Arity, Ctx, Raise};
use crate::object::types::TypeId;
use crate::ops::plain::{budget, raise, str_arg};
use crate::text::codec::{self, Encoding};
use crate::text::{ErrorKind, TextError};
use crate::value::Value;

/// `(encoding="utf-8", errors="strict")`
pub const CODED: Arity = Arity::Named { names: &["encoding", "errors"], required: 0, positional: 2 };

/// The names of an encoding and of an error handler.
pub struct Names {
    encoding: Option<Rc<str>>,
    errors: Option<Rc<str>>,
}

/// The arguments `encoding` and `errors` of `native`.
pub fn names(
    ctx: &mut Ctx<'_>,
    native: &str,
    encoding: Option<Value>,
    errors: Option<Value>,
) -> Result<Names, Raise> {
    let encoding = match encoding {
        Some(encoding) => Some(str_arg(ctx, encoding, format_args!("{native}() argument 'encoding'"))?),
        None => None,
    };
    let errors = match errors {
        Some(errors) => Some(str_arg(ctx, errors, format_args!("{native}() argument 'errors'"))?),
        None => None,
    };
    Ok(Names { encoding, errors })
}

impl Names {
    fn resolve(&self, ctx: &mut Ctx<'_>) -> Result<(Encoding, &str), Raise> {
        let errors = self.errors.as_deref().unwrap_or("strict");
        match self.encoding.as_deref().map_or(Ok(Encoding::Utf8), Encoding::named) {
            Ok(encoding) => Ok((encoding, errors)),
            Err(error) => Err(raise(ctx, error)),
        }
    }
}

/// The bytes of `text`, which is `object`.
pub fn encode(ctx: &mut Ctx<'_>, object: Value, text: &str, names: &Names) -> Result<Value, Raise> {
    let (encoding, errors) = names.resolve(ctx)?;
    if encoding == Encoding::Utf8 {
        budget(ctx, text.len() / 2)?;
        return Ok(ctx.heap.new_bytes(text.as_bytes()));
    }
    // A character may become its name, which is long.
    let most = if errors == "namereplace" && !text.is_ascii() { 48 } else { 4 };
    budget(ctx, text.len().saturating_mul(most).saturating_add(4))?;
    match codec::encode(text, encoding, errors) {
        Ok(data) => {
            ctx.reserve_large(data.len().saturating_mul(2))?;
            Ok(ctx.heap.new_bytes(&data))
        }
        Err(error) => Err(coding_error(ctx, object, error)),
    }
}

/// The text of `data`, which is `object`.
pub fn decode(ctx: &mut Ctx<'_>, object: Value, data: &[u8], names: &Names) -> Result<Value, Raise> {
    if data.is_empty() {
        // CPython does not look at the encoding then.
        return Ok(ctx.heap.str(""));
    }
    let (encoding, errors) = names.resolve(ctx)?;
    if encoding == Encoding::Utf8 {
        budget(ctx, data.len() / 2)?;
        if let Ok(text) = std::str::from_utf8(data) {
            return Ok(ctx.heap.str(text));
        }
    }
    budget(ctx, data.len().saturating_mul(4))?;
    match codec::decode(data, encoding, errors) {
        Ok(text) => {
            ctx.reserve_large(text.len().saturating_mul(2))?;
            Ok(ctx.heap.str(&text))
        }
        Err(error) => Err(coding_error(ctx, object, error)),
    }
}

/// UnicodeDecodeError and UnicodeEncodeError carry the object and the place; `object` is rooted.
#[cold]
fn coding_error(ctx: &mut Ctx<'_>, object: Value, error: TextError) -> Raise {
    let class = match error.kind {
        ErrorKind::UnicodeDecodeError => TypeId::UnicodeDecodeError,
        ErrorKind::UnicodeEncodeError => TypeId::UnicodeEncodeError,
        _ => return raise(ctx, error),
    };
    let Some(fault) = Fault::of(&error.message) else { return raise(ctx, error) };
    let encoding = ctx.heap.str(fault.encoding);
    let reason = ctx.heap.str(fault.reason);
    let args = [encoding, object, Value::Int(fault.start), Value::Int(fault.end), reason];
    match exception::make(ctx, class.value(), Args::new(&args)) {
        Ok(at) => Raise::Exception(at),
        Err(raise) => raise,
    }
}

/// What the message of a coding error says; the text layer has nothing else to hand over.
#[derive(Debug, PartialEq)]
struct Fault<'m> {
    encoding: &'m str,
    start: i64,
    end: i64,
    reason: &'m str,
}

impl Fault<'_> {
    /// `'utf-8' codec can't decode byte 0xff in position 3: reason`, `… in position 3-4: reason`
    fn of(message: &str) -> Option<Fault<'_>> {
        let (encoding, rest) = message.strip_prefix('\'')?.split_once('\'')?;
        let (place, reason) = rest.split_once(" in position ")?.1.split_once(": ")?;
        let (start, last) = place.split_once('-').unwrap_or((place, place));
        let end = last.parse::<i64>().ok()? + 1;
        Some(Fault { encoding, start: start.parse().ok()?, end, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults() {
        let message = "'utf-16-le' codec can't decode bytes in position 2-3: unexpected end of data";
        let fault = Fault { encoding: "utf-16-le", start: 2, end: 4, reason: "unexpected end of data" };
        assert_eq!(Fault::of(message), Some(fault));
        let message = "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)";
        let fault = Fault { encoding: "ascii", start: 0, end: 1, reason: "ordinal not in range(128)" };
        assert_eq!(Fault::of(message), Some(fault));
    }
}
