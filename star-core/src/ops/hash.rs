//! The two hashes.
#![allow(clippy::unimplemented, unused_variables)]

use crate::heap::{Ctx, Raise};
use crate::value::Value;

/// The keyed hash for tables.
pub fn table_hash(ctx: &mut Ctx<'_>, v: Value) -> Result<u64, Raise> {
    unimplemented!()
}

/// `hash(v)`.
pub fn script_hash(ctx: &mut Ctx<'_>, v: Value) -> Result<i64, Raise> {
    unimplemented!()
}
