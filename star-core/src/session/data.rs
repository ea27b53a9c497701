//! Values as the host sees them.
//!
//! In: a value of the heap. Out: [`Data`], plain and `Send`; and back. Rule: what nests deeper than `MAX_DEPTH`
//! is no data.

use std::rc::Rc;

use num_bigint::BigInt;

use crate::heap::{Ctx, Heap};
use crate::object::Table;
use crate::ops::table;
use crate::value::Value;

/// Plain data of a script.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // named as the types they stand for
pub enum Data {
    None,
    Bool(bool),
    Int(i64),
    BigInt(BigInt),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    List(Vec<Data>),
    Tuple(Vec<Data>),
    Set(Vec<Data>),
    /// Pairs in insertion order.
    Dict(Vec<(Data, Data)>),
    /// The type's name, and fields in order.
    Struct(String, Vec<(String, Data)>),
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr;)*) => {
        $(impl From<$type> for Data {
            fn from($value: $type) -> Data { $make }
        })*
    };
}

from! {
    bool => |v| Data::Bool(v);
    i64 => |v| Data::Int(v);
    i32 => |v| Data::Int(v.into());
    u32 => |v| Data::Int(v.into());
    f64 => |v| Data::Float(v);
    &str => |v| Data::Str(v.to_string());
    String => |v| Data::Str(v);
    Vec<u8> => |v| Data::Bytes(v);
    Vec<Data> => |v| Data::List(v);
    BigInt => |v| Data::BigInt(v);
    () => |_v| Data::None;
}

/// How deep data may nest on its way to or from the host.
const MAX_DEPTH: usize = 200;

/// The value as data; `None` where it is no data (a function), nests too deep or contains itself.
pub fn export(heap: &Heap, value: Value) -> Option<Data> {
    export_at(heap, value, 0)
}

fn export_at(heap: &Heap, value: Value, depth: usize) -> Option<Data> {
    if depth > MAX_DEPTH {
        return None;
    }
    let many = |items: &[Value]| {
        items.iter().map(|&item| export_at(heap, item, depth + 1)).collect::<Option<Vec<_>>>()
    };
    let keys = |table: &Table<()>| {
        table.entries().map(|entry| export_at(heap, entry.key, depth + 1)).collect::<Option<Vec<_>>>()
    };
    Some(match value {
        Value::None => Data::None,
        Value::Bool(b) => Data::Bool(b != 0),
        Value::Int(i) => Data::Int(i),
        Value::Float(bits) => Data::Float(f64::from_bits(bits)),
        Value::BigInt(at) => Data::BigInt(heap[at].value.clone()),
        Value::Str(at) => Data::Str(heap[at].as_str().to_string()),
        Value::Bytes(at) => Data::Bytes(heap[at].as_slice().to_vec()),
        Value::List(at) => Data::List(many(heap[at].items())?),
        Value::Tuple(at) => Data::Tuple(many(heap[at].items())?),
        Value::Set(at) => Data::Set(keys(heap[at].table())?),
        Value::FrozenSet(at) => Data::Set(keys(heap[at].table())?),
        Value::Dict(at) => {
            let pairs = heap[at].table().entries().map(|entry| {
                Some((export_at(heap, entry.key, depth + 1)?, export_at(heap, entry.value, depth + 1)?))
            });
            Data::Dict(pairs.collect::<Option<_>>()?)
        }
        Value::Struct(at) => {
            let object = &heap[at];
            let Value::Type(class) = object.class else { return None };
            let fields = object.names.iter().zip(&object.values).map(|(&name, &value)| {
                Some((heap.as_str(name)?.to_string(), export_at(heap, value, depth + 1)?))
            });
            Data::Struct(heap.type_name(class).to_string(), fields.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Data as a value of the heap.
pub fn import(ctx: &mut Ctx<'_>, data: Data) -> Value {
    let mark = ctx.heap.scratch.len();
    let value = build(ctx, data);
    ctx.heap.scratch.truncate(mark);
    value
}

/// Makes the value and leaves it, with its parts, in the heap's scratch.
fn build(ctx: &mut Ctx<'_>, data: Data) -> Value {
    let value = match data {
        Data::None => Value::None,
        Data::Bool(b) => Value::bool(b),
        Data::Int(i) => Value::Int(i),
        Data::BigInt(i) => ctx.heap.int(i),
        Data::Float(f) => Value::float(f),
        Data::Str(text) => ctx.heap.str_shared(Rc::from(text)),
        Data::Bytes(data) => ctx.heap.new_bytes(&data),
        Data::List(items) => {
            let items = items.into_iter().map(|item| build(ctx, item)).collect();
            ctx.heap.list(items)
        }
        Data::Tuple(items) => {
            let items: Vec<Value> = items.into_iter().map(|item| build(ctx, item)).collect();
            ctx.heap.tuple(&items)
        }
        Data::Set(items) => {
            let set = ctx.heap.set();
            for item in items {
                let item = build(ctx, item);
                // A host that puts a list into a set gets a set without it.
                let _ = table::set_add(ctx, set, item);
            }
            Value::Set(set)
        }
        Data::Dict(pairs) => {
            let dict = ctx.heap.dict();
            for (key, value) in pairs {
                let (key, value) = (build(ctx, key), build(ctx, value));
                let _ = table::dict_set(ctx, dict, key, value);
            }
            Value::Dict(dict)
        }
        Data::Struct(_, fields) => {
            let names = fields.iter().map(|(name, _)| ctx.heap.str(name)).collect();
            let values = fields.into_iter().map(|(_, value)| build(ctx, value)).collect();
            let class = crate::object::types::TypeId::Struct.value();
            Value::Struct(ctx.heap.insert(crate::object::Struct { class, names, values }))
        }
    };
    ctx.heap.scratch.push(value);
    value
}
