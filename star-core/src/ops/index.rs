//! Indexing and slicing.
#![allow(missing_docs)]
use crate::heap::{Ctx, Raise};
use crate::value::Value;
pub fn get_item(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<Value, Raise> {
    match a {
        Value::Dict(d) => match super::table::dict_get(ctx, d, key)? {
            Some(v) => Ok(v),
            None => Err(ctx.error_with(crate::object::types::TypeId::KeyError, &[key])),
        },
        _ => Err(ctx.type_error("stub")),
    }
}
