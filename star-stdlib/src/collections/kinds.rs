//! What the types of dicts have in common.

use star::heap::Copying;
use star::ops::table;
use star::private::{Ctx, Heap, Raise, Value};

/// How dicts of a type are copied, where `shallow` copies one.
pub(super) const fn copying(shallow: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>) -> Copying {
    Copying { shallow, parts: entries, empty: |ctx, v| empty(ctx, v), fill }
}

/// Keys and values in turn, and what makes new values.
fn entries(heap: &Heap, v: Value) -> Vec<Value> {
    let Value::Dict(at) = v else { return Vec::new() };
    let mut parts = vec![heap[at].kind().map_or(Value::None, |kind| kind.default)];
    parts.extend(heap[at].table().entries().flat_map(|entry| [entry.key, entry.value]));
    parts
}

fn empty(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let kind = match v {
        Value::Dict(at) => ctx.heap[at].kind().map(|kind| kind.host),
        _ => None,
    };
    Ok(Value::Dict(match kind {
        Some(kind) => ctx.heap.dict_of(kind, Default::default(), Value::None),
        None => ctx.heap.dict(),
    }))
}

fn fill(ctx: &mut Ctx<'_>, _: Value, copy: Value, parts: &[Value]) -> Result<(), Raise> {
    let (Value::Dict(copy), Some((&default, entries))) = (copy, parts.split_first()) else { return Ok(()) };
    ctx.heap.set_default(copy, default);
    for entry in entries.chunks_exact(2) {
        ctx.charge(1)?;
        table::dict_set(ctx, copy, entry[0], entry[1])?;
    }
    Ok(())
}
