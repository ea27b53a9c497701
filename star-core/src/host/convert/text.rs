//! Text, bytes, characters and paths.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{FromStar, IntoStar, Lend, Mismatch};
use crate::heap::{Ctx, Raise, TypeDesc};
use crate::object::Text;
use crate::value::Value;

impl Lend for str {
    type Owned = Text;
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    #[inline]
    fn lend(ctx: &mut Ctx<'_>, value: Value) -> Result<Text, Mismatch> {
        match value {
            Value::Str(at) => Ok(ctx.heap[at].share()),
            _ => Err(Mismatch::new(ctx.heap, "str", value)),
        }
    }
}

impl Lend for [u8] {
    type Owned = Rc<[u8]>;
    const TYPE: &'static TypeDesc = &TypeDesc::Bytes;

    #[inline]
    fn lend(ctx: &mut Ctx<'_>, value: Value) -> Result<Rc<[u8]>, Mismatch> {
        match value {
            Value::Bytes(at) => Ok(ctx.heap[at].share()),
            _ => Err(Mismatch::new(ctx.heap, "bytes", value)),
        }
    }
}

impl Lend for Path {
    type Owned = PathBuf;
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn lend(ctx: &mut Ctx<'_>, value: Value) -> Result<PathBuf, Mismatch> {
        PathBuf::from_star(ctx, value)
    }
}

/// A text to make a value of, whose room is reserved first.
fn str_value(ctx: &mut Ctx<'_>, text: &str) -> Result<Value, Raise> {
    ctx.charge(text.len() / 16)?;
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str(text))
}

impl FromStar for Text {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    #[inline]
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Text, Mismatch> {
        str::lend(ctx, value)
    }
}

impl IntoStar for Text {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        ctx.reserve_large(self.len())?;
        Ok(ctx.heap.str_shared(self))
    }
}

impl FromStar for String {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<String, Mismatch> {
        let text = str::lend(ctx, value)?;
        ctx.charge(text.len() / 16)?;
        Ok(text.to_string())
    }
}

impl IntoStar for String {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        str_value(ctx, &self)
    }
}

impl IntoStar for &str {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        str_value(ctx, self)
    }
}

impl IntoStar for Cow<'_, str> {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        str_value(ctx, &self)
    }
}

impl FromStar for char {
    const TYPE: &'static TypeDesc = &TypeDesc::Char;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<char, Mismatch> {
        let text = ctx.heap.as_str(value).map(|text| {
            let mut chars = text.chars();
            (chars.next(), chars.next())
        });
        match text {
            Some((Some(c), None)) => Ok(c),
            Some(_) => Err(Mismatch::value(ctx.heap, "str of one character", value)),
            None => Err(Mismatch::new(ctx.heap, "str of one character", value)),
        }
    }
}

impl IntoStar for char {
    const TYPE: &'static TypeDesc = &TypeDesc::Char;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(ctx.heap.char(self))
    }
}

/// Bytes, owned: a `Vec<u8>` as such is a list of ints in both directions.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

impl FromStar for Bytes {
    const TYPE: &'static TypeDesc = &TypeDesc::Bytes;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Bytes, Mismatch> {
        let data = <[u8]>::lend(ctx, value)?;
        ctx.charge(data.len() / 16)?;
        Ok(Bytes(data.to_vec()))
    }
}

impl IntoStar for Bytes {
    const TYPE: &'static TypeDesc = &TypeDesc::Bytes;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        self.0.as_slice().into_star(ctx)
    }
}

impl IntoStar for &[u8] {
    const TYPE: &'static TypeDesc = &TypeDesc::Bytes;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        ctx.charge(self.len() / 16)?;
        ctx.reserve_large(self.len())?;
        Ok(ctx.heap.new_bytes(self))
    }
}

impl FromStar for PathBuf {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<PathBuf, Mismatch> {
        let text = String::from_star(ctx, value)?;
        if text.contains('\0') {
            return Err(Mismatch::value(ctx.heap, "a path without null characters", value));
        }
        Ok(text.into())
    }
}

/// A path that is not UTF-8 loses what is not.
impl IntoStar for PathBuf {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        str_value(ctx, &self.to_string_lossy())
    }
}

impl IntoStar for &Path {
    const TYPE: &'static TypeDesc = &TypeDesc::Str;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        str_value(ctx, &self.to_string_lossy())
    }
}
