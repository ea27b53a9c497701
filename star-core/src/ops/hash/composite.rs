//! Hashing what contains other values, without recursion.
//!
//! In: any value. Out: its hash under one of the two schemes. Rule: a tuple that is shared inside a structure is
//! hashed once, so `t = (t, t)` sixty times costs sixty steps.

use std::collections::HashMap;

use super::{
    PI, big_hash, bytes_hash, float_hash, fold, int_hash, mix, script, str_hash, tagged, unhashable,
};
use crate::heap::{Ctx, Heap, Raise};
use crate::object::types::TypeId;
use crate::object::{Table, Tuple, ViewKind};
use crate::ops::DATA_DEPTH;
use crate::value::{Ref, Value};

/// Which hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// The keyed one.
    Table,
    /// The one scripts see.
    Script,
}

/// A composite being hashed: item `index` comes next.
struct Frame {
    value: Value,
    index: usize,
    acc: u64,
}

/// Composites finished before hashes of shared ones are remembered: small keys never pay for it.
const MEMO_FROM: usize = 64;

/// Hash of any value.
pub(super) fn hash(ctx: &mut Ctx<'_>, scheme: Scheme, v: Value) -> Result<u64, Raise> {
    let v = stand_in(ctx, v)?;
    if let Some(hash) = leaf(ctx, scheme, v)? {
        return Ok(hash);
    }
    if let (Scheme::Table, Value::Tuple(at)) = (scheme, v)
        && let Some(hash) = flat_tuple(ctx, at)?
    {
        return Ok(hash);
    }
    let mut stack = vec![Frame::new(scheme, v)];
    let mut memo: HashMap<Value, u64> = HashMap::new();
    let mut finished = 0;
    loop {
        let Some(frame) = stack.last_mut() else { return Ok(0) };
        let Some(child) = next_child(ctx.heap, frame) else {
            let hash = finish(ctx.heap, scheme, frame);
            let value = frame.value;
            stack.pop();
            finished += 1;
            if finished > MEMO_FROM {
                memo.insert(value, hash);
            }
            match stack.last_mut() {
                Some(parent) => parent.add(ctx.heap, scheme, hash),
                None => return Ok(hash),
            }
            continue;
        };
        ctx.charge(1)?;
        let child = stand_in(ctx, child)?;
        match memo.get(&child).copied().map_or_else(|| leaf(ctx, scheme, child), |hash| Ok(Some(hash)))? {
            Some(hash) => frame.add(ctx.heap, scheme, hash),
            None if stack.len() == DATA_DEPTH => {
                return Err(ctx.error(TypeId::RecursionError, "maximum recursion depth exceeded"));
            }
            None => stack.push(Frame::new(scheme, child)),
        }
    }
}

/// The plain value that hashes in place of an object of the host; any other value is its own.
fn stand_in(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let Value::Host(at) = v else { return Ok(v) };
    let kind = ctx.heap[at].kind;
    match kind.hook(|hooks| hooks.hash) {
        Some(hook) => hook(ctx, v),
        None if kind.hook(|hooks| hooks.unhashable.then_some(())).is_some() => Err(unhashable(ctx, v)),
        None => Ok(v),
    }
}

/// Table hash of a tuple none of whose items is a composite, as most keys are: without a stack.
fn flat_tuple(ctx: &mut Ctx<'_>, at: Ref<Tuple>) -> Result<Option<u64>, Raise> {
    let mut frame = Frame::new(Scheme::Table, Value::Tuple(at));
    while let Some(item) = next_child(ctx.heap, &mut frame) {
        let item = stand_in(ctx, item)?;
        let Some(hash) = leaf(ctx, Scheme::Table, item)? else { return Ok(None) };
        frame.add(ctx.heap, Scheme::Table, hash);
    }
    ctx.charge(frame.index - 1)?;
    Ok(Some(finish(ctx.heap, Scheme::Table, &frame)))
}

impl Frame {
    fn new(scheme: Scheme, value: Value) -> Frame {
        let acc = match (scheme, value) {
            (Scheme::Table, _) => PI[3],
            (Scheme::Script, Value::FrozenSet(_)) => 0,
            (Scheme::Script, _) => script::TUPLE_START,
        };
        Frame { value, index: 0, acc }
    }

    fn add(&mut self, heap: &Heap, scheme: Scheme, item: u64) {
        self.acc = match (scheme, self.value) {
            (Scheme::Table, _) => fold(self.acc.rotate_left(23) ^ item, heap.hash_keys.1 ^ PI[2]),
            (Scheme::Script, Value::FrozenSet(_)) => self.acc ^ script::shuffle(item),
            (Scheme::Script, _) => script::tuple_add(self.acc, item),
        };
    }
}

/// The next item of a composite. Only the script scheme looks into frozensets: their table hash is in the entries.
fn next_child(heap: &Heap, frame: &mut Frame) -> Option<Value> {
    let child = match frame.value {
        Value::Tuple(at) => heap[at].items().get(frame.index).copied(),
        Value::Slice(at) => heap[at].bounds.get(frame.index).copied(),
        Value::FrozenSet(at) => {
            let entries = heap[at].table().raw_entries();
            while entries.get(frame.index).is_some_and(|entry| entry.key.is_undef()) {
                frame.index += 1;
            }
            entries.get(frame.index).map(|entry| entry.key)
        }
        _ => None,
    };
    frame.index += 1;
    child
}

fn finish(heap: &Heap, scheme: Scheme, frame: &Frame) -> u64 {
    match (scheme, frame.value) {
        (Scheme::Table, Value::Slice(_)) => tagged(heap, 2, frame.acc),
        (Scheme::Table, _) => mix(heap.hash_keys, frame.acc ^ frame.index as u64),
        (Scheme::Script, Value::FrozenSet(at)) => script::set_finish(frame.acc, heap[at].table().len()),
        (Scheme::Script, Value::Slice(_)) => script::slice_finish(frame.acc),
        // The index has run one past the end.
        (Scheme::Script, _) => script::tuple_finish(frame.acc, frame.index - 1),
    }
}

/// The hash of a value that needs no other value's, or `None` for a composite.
fn leaf(ctx: &mut Ctx<'_>, scheme: Scheme, v: Value) -> Result<Option<u64>, Raise> {
    let hash = match (v, scheme) {
        (Value::Int(i), Scheme::Table) => int_hash(ctx.heap, i),
        (Value::Str(at), Scheme::Table) => str_hash(ctx.heap, at),
        (Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Struct(_), _) => {
            return Err(unhashable(ctx, v));
        }
        (Value::DictView(at), _) if ctx.heap[at].kind != ViewKind::Values => return Err(unhashable(ctx, v)),
        (Value::Tuple(_) | Value::Slice(_), _) => return Ok(None),
        (Value::FrozenSet(at), Scheme::Table) => {
            let set = &ctx.heap[at];
            if set.hash.get() == 0 {
                set.hash.set(table_of_keys(ctx.heap, set.table()));
            }
            set.hash.get()
        }
        (Value::FrozenSet(_), Scheme::Script) => return Ok(None),
        (Value::BigInt(at), _) => {
            ctx.charge(ctx.heap[at].value.bits() as usize / 128)?;
            let n = &ctx.heap[at].value;
            if scheme == Scheme::Table { big_hash(ctx.heap, n) } else { script::big(n) }
        }
        (Value::Str(at), Scheme::Script) => {
            ctx.charge(ctx.heap[at].as_str().len() / 16)?;
            script::text(ctx.heap[at].as_str().as_bytes())
        }
        (Value::Bytes(at), Scheme::Script) => {
            ctx.charge(ctx.heap[at].as_slice().len() / 16)?;
            script::text(ctx.heap[at].as_slice())
        }
        (Value::Range(at), _) => range(ctx, scheme, ctx.heap[at].length, ctx.heap[at].bounds)?,
        (_, Scheme::Table) => table_leaf(ctx.heap, v),
        (_, Scheme::Script) => script_leaf(ctx, v),
    };
    Ok(Some(hash))
}

fn table_leaf(heap: &Heap, v: Value) -> u64 {
    match v {
        Value::Int(i) => int_hash(heap, i),
        Value::Bool(b) => int_hash(heap, b as i64),
        Value::Float(bits) => float_hash(heap, f64::from_bits(bits)),
        Value::Bytes(at) => {
            let bytes = &heap[at];
            if bytes.hash.get() == 0 {
                bytes.hash.set(bytes_hash(heap, bytes.as_slice()));
            }
            bytes.hash.get()
        }
        Value::BoundMethod(at) => {
            let (kind, index) = identity(heap[at].method);
            let (receiver, number) = identity(heap[at].receiver);
            tagged(heap, kind << 8 | receiver, tagged(heap, 3, index) ^ number)
        }
        _ => {
            let (kind, index) = identity(v);
            tagged(heap, kind, index)
        }
    }
}

fn script_leaf(ctx: &mut Ctx<'_>, v: Value) -> u64 {
    match v {
        Value::Int(i) => script::int(i) as u64,
        Value::Bool(b) => b,
        Value::Float(bits) => script::float(f64::from_bits(bits)),
        Value::None => script::NONE,
        Value::BoundMethod(at) => {
            let (receiver, method) = (ctx.heap[at].receiver, ctx.heap[at].method);
            (ctx.heap.id_of(receiver) ^ ctx.heap.id_of(method)) as u64
        }
        _ => ctx.heap.id_of(v) as u64,
    }
}

/// A number for the kind of a value that is hashed by identity, and its place.
fn identity(v: Value) -> (u64, u64) {
    match v {
        Value::None => (10, 0),
        Value::Ellipsis => (11, 0),
        Value::Native(n) => (12, n),
        Value::Type(n) => (13, n),
        Value::Function(at) => (14, at.index() as u64),
        Value::BoundMethod(at) => (15, at.index() as u64),
        Value::Iter(at) => (16, at.index() as u64),
        Value::Generator(at) => (17, at.index() as u64),
        Value::Exception(at) => (18, at.index() as u64),
        Value::Module(at) => (19, at.index() as u64),
        Value::DictView(at) => (20, at.index() as u64),
        Value::List(at) => (21, at.index() as u64),
        Value::Dict(at) => (22, at.index() as u64),
        Value::Set(at) => (23, at.index() as u64),
        Value::Str(at) => (24, at.index() as u64),
        Value::Bytes(at) => (25, at.index() as u64),
        Value::Tuple(at) => (26, at.index() as u64),
        Value::FrozenSet(at) => (27, at.index() as u64),
        Value::Struct(at) => (28, at.index() as u64),
        Value::Host(at) => (30, at.index() as u64),
        _ => (29, 0),
    }
}

/// Ranges are equal when they hold the same numbers; they hash as `(length, start, step)` of what decides that.
fn range(ctx: &mut Ctx<'_>, scheme: Scheme, length: Value, bounds: [Value; 3]) -> Result<u64, Raise> {
    let parts = match length {
        Value::Int(0) => [length, Value::None, Value::None],
        Value::Int(1) => [length, bounds[0], Value::None],
        _ => [length, bounds[0], bounds[2]],
    };
    let mut frame = Frame::new(scheme, Value::Undef);
    for part in parts {
        // Numbers and None: never composites.
        let hash = leaf_number(ctx, scheme, part)?;
        frame.add(ctx.heap, scheme, hash);
    }
    frame.index = parts.len() + 1;
    let hash = finish(ctx.heap, scheme, &frame);
    Ok(if scheme == Scheme::Table { tagged(ctx.heap, 4, hash) } else { hash })
}

fn leaf_number(ctx: &mut Ctx<'_>, scheme: Scheme, v: Value) -> Result<u64, Raise> {
    match (v, scheme) {
        (Value::BigInt(at), Scheme::Table) => Ok(big_hash(ctx.heap, &ctx.heap[at].value)),
        (Value::BigInt(at), Scheme::Script) => Ok(script::big(&ctx.heap[at].value)),
        (_, Scheme::Table) => Ok(table_leaf(ctx.heap, v)),
        (_, Scheme::Script) => Ok(script_leaf(ctx, v)),
    }
}

/// Table hash of a set of keys, in whatever order.
pub(super) fn table_of_keys(heap: &Heap, table: &Table<()>) -> u64 {
    let sum = table.entries().fold(0u64, |sum, entry| sum.wrapping_add(mix(heap.hash_keys, entry.hash)));
    tagged(heap, 5, sum ^ table.len() as u64).max(1)
}
