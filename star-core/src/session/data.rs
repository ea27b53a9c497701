//! Values as the host sees them.
//!
//! In: a value of the heap. Out: [`Data`], plain and `Send`; and back. Rules: what nests deeper than `MAX_DEPTH` is no
//! data; where something is none, it is said what and where in the value it lies.

use num_bigint::BigInt;

use crate::heap::{Ctx, Heap, Raise, TypeDesc};
use crate::host::convert::{FromStar, IntoStar, Mismatch};
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

impl From<serde_json::Value> for Data {
    fn from(value: serde_json::Value) -> Data {
        use serde_json::Value;
        match value {
            Value::Null => Data::None,
            Value::Bool(b) => Data::Bool(b),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(i), _) => Data::Int(i),
                (None, Some(i)) => Data::BigInt(i.into()),
                _ => Data::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Data::Str(text),
            Value::Array(items) => Data::List(items.into_iter().map(Data::from).collect()),
            Value::Object(pairs) => {
                Data::Dict(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            }
        }
    }
}

/// How deep data may nest on its way to or from the host.
const MAX_DEPTH: usize = 200;

/// The value as data; `None` where it is no data (a function), nests too deep or contains itself.
pub fn export(heap: &Heap, value: Value) -> Option<Data> {
    read(heap, value, 0).ok()
}

/// The value as data. What is none is told with its place in the value.
fn read(heap: &Heap, value: Value, depth: usize) -> Result<Data, Mismatch> {
    if depth > MAX_DEPTH {
        return Err(Mismatch::value(heap, "a value that nests less deeply, and not in itself", value));
    }
    let inside = |value| read(heap, value, depth + 1);
    let item = |(index, &item): (usize, &Value)| inside(item).map_err(|wrong| wrong.at_index(index));
    let many = |items: &[Value]| items.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>();
    let keys = |table: &Table<()>| {
        let keys = table.entries().map(|entry| entry.key).enumerate();
        keys.map(|(index, key)| item((index, &key))).collect::<Result<Vec<_>, _>>()
    };
    Ok(match value {
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
            let pair = |key: Value, value: Value| {
                let read = inside(key).and_then(|known| Ok((known, inside(value)?)));
                read.map_err(|wrong| wrong.at_key(heap, key))
            };
            let pairs = heap[at].table().entries().map(|entry| pair(entry.key, entry.value));
            Data::Dict(pairs.collect::<Result<_, _>>()?)
        }
        Value::Struct(at) => {
            let object = &heap[at];
            let name = match object.class {
                Value::Type(class) => heap.type_name(class).to_string(),
                _ => String::new(),
            };
            let fields = object.names.iter().zip(&object.values).map(|(&name, &value)| {
                let text = heap.as_str(name).unwrap_or_default().to_string();
                Ok((text, inside(value).map_err(|wrong| wrong.at_key(heap, name))?))
            });
            Data::Struct(name, fields.collect::<Result<_, Mismatch>>()?)
        }
        _ => return Err(Mismatch::new(heap, "data", value)),
    })
}

impl FromStar for Data {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Data, Mismatch> {
        read(ctx.heap, value, 0)
    }
}

impl IntoStar for Data {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(import(ctx, self))
    }
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
        Data::Str(text) => ctx.heap.str(&text),
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
