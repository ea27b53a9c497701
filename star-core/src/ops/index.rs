//! temporary
use crate::heap::{Ctx, NativeResult, Raise};
use crate::value::Value;
pub fn get_item(ctx: &mut Ctx<'_>, a: Value, key: Value) -> Result<Value, Raise> {
    match (a, key) {
        (Value::Dict(d), k) => match super::table::dict_get(ctx, d, k)? { Some(v) => Ok(v), None => Err(ctx.error_with(crate::object::types::TypeId::KeyError, &[k])) },
        (a, Value::Int(i)) => {
            let items = ctx.heap.as_items(a).unwrap_or_default();
            let i = if i < 0 { i + items.len() as i64 } else { i };
            match items.get(i as usize).copied() { Some(v) => Ok(v), None => Err(ctx.error(crate::object::types::TypeId::IndexError, "list index out of range")) }
        }
        _ => Err(ctx.type_error("index")),
    }
}
pub fn set_item(ctx: &mut Ctx<'_>, _a: Value, _key: Value, _v: Value) -> Result<(), Raise> { Err(ctx.type_error("set")) }
pub fn del_item(ctx: &mut Ctx<'_>, _a: Value, _key: Value) -> Result<(), Raise> { Err(ctx.type_error("del")) }
pub fn get_slice(ctx: &mut Ctx<'_>, _a: Value, _l: Value, _u: Value, _s: Value) -> Result<Value, Raise> { Err(ctx.type_error("slice")) }
pub fn set_slice(ctx: &mut Ctx<'_>, _a: Value, _l: Value, _u: Value, _s: Value, _v: Value) -> NativeResult { Err(ctx.type_error("slice")) }
pub fn del_slice(ctx: &mut Ctx<'_>, _a: Value, _l: Value, _u: Value, _s: Value) -> Result<(), Raise> { Err(ctx.type_error("slice")) }
