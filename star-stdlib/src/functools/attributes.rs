//! Attributes that scripts set on what stands for a function.
//!
//! In: an object with a part for them, a name. Out: what was set. Rule: the part is Undef until something is set, then a
//! dict.

use star::ops::table;
use star::private::{Ctx, Raise, Value};

/// What was set as `name`, where part `index` of the object has it.
pub(super) fn get(ctx: &Ctx<'_>, own: Value, index: usize, name: &str) -> Option<Value> {
    let Some(&Value::Dict(set)) = ctx.heap.parts(own).values.get(index) else { return None };
    let mut entries = ctx.heap[set].table().entries();
    entries.find(|entry| ctx.heap.as_str(entry.key) == Some(name)).map(|entry| entry.value)
}

/// Sets `name`, or deletes it for Undef; false if there is nothing to delete.
pub(super) fn set(
    ctx: &mut Ctx<'_>,
    own: Value,
    index: usize,
    name: &str,
    value: Value,
) -> Result<bool, Raise> {
    let all = match ctx.heap.parts(own).values.get(index) {
        Some(&Value::Dict(all)) => all,
        _ => {
            let all = ctx.heap.dict();
            if let Some(place) = ctx.heap.parts_mut(own).and_then(|parts| parts.values.get_mut(index)) {
                *place = Value::Dict(all);
            }
            all
        }
    };
    let name = ctx.heap.str(name);
    match value {
        Value::Undef => Ok(table::dict_remove(ctx, all, name)?.is_some()),
        _ => {
            ctx.heap.scratch.push(name);
            let set = table::dict_set(ctx, all, name, value);
            ctx.heap.scratch.pop();
            set.map(|()| true)
        }
    }
}
