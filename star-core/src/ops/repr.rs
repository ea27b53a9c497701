//! `repr`, `str` and `ascii`.
#![allow(clippy::unimplemented, unused_variables)]

use std::rc::Rc;

use crate::heap::{Ctx, Raise};
use crate::value::Value;

/// `repr(v)`.
pub fn repr(ctx: &mut Ctx<'_>, v: Value) -> Result<Rc<str>, Raise> {
    unimplemented!()
}

/// `str(v)`.
pub fn str_of(ctx: &mut Ctx<'_>, v: Value) -> Result<Rc<str>, Raise> {
    unimplemented!()
}

/// `ascii(v)`.
pub fn ascii(ctx: &mut Ctx<'_>, v: Value) -> Result<Rc<str>, Raise> {
    unimplemented!()
}
