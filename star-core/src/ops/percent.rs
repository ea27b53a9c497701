//! `%` formatting (stub until its owner's version is merged).
#![allow(clippy::unimplemented, unused_variables)]

use crate::heap::{Ctx, Raise};
use crate::value::Value;

/// `template % args`.
pub fn percent(ctx: &mut Ctx<'_>, template: Value, args: Value) -> Result<Value, Raise> {
    unimplemented!()
}
