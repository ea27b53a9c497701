//! `repr`, `str` and `ascii` of every value.
//!
//! In: a value. Out: its text. Rules: no recursion; the text is accounted for while it grows, so that a structure
//! that unfolds without end ends at the memory limit; a container inside itself is `[...]`.
//!
//! All three **may collect**; the value itself is kept alive meanwhile.

mod leaf;
mod walk;

use super::plain;
use crate::heap::{Ctx, Raise};
use crate::object::Text;
use crate::text::quote;
use crate::value::Value;

/// `repr(v)`. RecursionError beyond [`DATA_DEPTH`](super::DATA_DEPTH), ValueError for ints of too many digits.
pub fn repr(ctx: &mut Ctx<'_>, v: Value) -> Result<Text, Raise> {
    match v {
        Value::Int(i) => Ok(small_int(i)),
        _ => walk::write(ctx, walk::Task::Repr(v)),
    }
}

/// `str(v)`: text as it is, exceptions as their message, everything else as [`repr`].
#[inline]
pub fn str_of(ctx: &mut Ctx<'_>, v: Value) -> Result<Text, Raise> {
    match v {
        Value::Str(at) => Ok(ctx.heap[at].share()),
        Value::Int(i) => Ok(small_int(i)),
        _ => walk::write(ctx, walk::Task::Str(v)),
    }
}

/// `ascii(v)`: as [`repr`], with everything beyond ASCII escaped.
pub fn ascii(ctx: &mut Ctx<'_>, v: Value) -> Result<Text, Raise> {
    let text = repr(ctx, v)?;
    if text.is_ascii() {
        return Ok(text);
    }
    plain::budget(ctx, text.len() * 3)?;
    Ok(Text::from(quote::ascii_of_repr(&text)))
}

fn small_int(i: i64) -> Text {
    // At most 20 bytes, which a text holds without an allocation.
    Text::new_inline(itoa::Buffer::new().format(i))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ints() {
        for i in [0, 7, -7, 10, i64::MAX, i64::MIN] {
            assert_eq!(&*small_int(i), i.to_string());
        }
    }
}
