//! JSON values, and anything that serde knows.
//!
//! In: a value, or whatever implements `Serialize`. Out: whatever implements `Deserialize`, or a value. Rule: a struct
//! is a dict with its fields as keys, or a `struct`; an error names the path to what is wrong.

use std::fmt::Display;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::ser::{self, Serialize};

use super::{FromStar, IntoStar, Mismatch};
use crate::heap::{Ctx, Heap, Raise, TypeDesc};
use crate::object::types::TypeId;
use crate::ops::table;
use crate::value::{Ref, Value};

/// Any type of serde's, as argument, result or field: `options: Serde<Options>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Serde<T>(pub T);

impl<T: DeserializeOwned> FromStar for Serde<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Serde<T>, Mismatch> {
        deserialize(ctx.heap, value).map(Serde)
    }
}

impl<T: Serialize> IntoStar for Serde<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        serialize(ctx, &self.0)
    }
}

impl FromStar for serde_json::Value {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<serde_json::Value, Mismatch> {
        deserialize(ctx.heap, value)
    }
}

impl IntoStar for serde_json::Value {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        serialize(ctx, &self)
    }
}

/// How deep a value may nest to be deserialized.
const MAX_DEPTH: usize = 128;

/// A value as any type of serde's.
pub fn deserialize<T: DeserializeOwned>(heap: &Heap, value: Value) -> Result<T, Mismatch> {
    T::deserialize(Reader { heap, value, depth: 0 })
}

/// Anything that serde can write, as a value. May collect.
pub fn serialize<T: Serialize + ?Sized>(ctx: &mut Ctx<'_>, item: &T) -> Result<Value, Raise> {
    let base = ctx.heap.scratch.len();
    let result = item.serialize(Writer { ctx, depth: 0 });
    let result = match result {
        Ok(value) => Ok(value),
        Err(Failed::Raise(raise)) => Err(raise),
        Err(Failed::Message(message)) => Err(ctx.value_error(message)),
    };
    ctx.heap.scratch.truncate(base);
    result
}

// ---- reading -------------------------------------------------------------------------------------------

impl de::Error for Mismatch {
    fn custom<T: std::fmt::Display>(message: T) -> Mismatch {
        Mismatch::of(TypeId::ValueError, "a value that can be read", message.to_string())
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Mismatch {
        Mismatch::of(TypeId::TypeError, expected.to_string(), unexpected.to_string())
    }

    fn invalid_value(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Mismatch {
        Mismatch::of(TypeId::ValueError, expected.to_string(), unexpected.to_string())
    }

    fn invalid_length(len: usize, expected: &dyn de::Expected) -> Mismatch {
        Mismatch::of(TypeId::ValueError, expected.to_string(), format!("{len} items"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Mismatch {
        Mismatch::of(TypeId::ValueError, one_of(expected), super::quoted(variant))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Mismatch {
        Mismatch::of(TypeId::ValueError, one_of(expected), format!("field {}", super::quoted(field)))
    }

    fn missing_field(field: &'static str) -> Mismatch {
        Mismatch::missing_field(field)
    }
}

/// `"a", "b" or "c"`.
fn one_of(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_string(),
        [one] => super::quoted(one),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|name| super::quoted(name)).collect();
            format!("{} or {}", most.join(", "), super::quoted(last))
        }
    }
}

#[derive(Clone, Copy)]
struct Reader<'h> {
    heap: &'h Heap,
    value: Value,
    depth: usize,
}

impl<'h> Reader<'h> {
    fn inside(self, value: Value) -> Result<Reader<'h>, Mismatch> {
        if self.depth >= MAX_DEPTH {
            return Err(Mismatch::value(self.heap, "a value that nests less deeply", self.value));
        }
        Ok(Reader { value, depth: self.depth + 1, ..self })
    }

    fn wrong(self, expected: &dyn de::Expected) -> Mismatch {
        Mismatch::new(self.heap, expected.to_string(), self.value)
    }

    /// What `visit` says, in words of the value where it only knows its kind.
    fn explain<T>(self, expected: String, visited: Result<T, Mismatch>) -> Result<T, Mismatch> {
        visited.map_err(|wrong| match &*wrong.0 {
            super::Kind::Wrong { path, class: TypeId::TypeError, .. } if path.is_empty() => {
                Mismatch::new(self.heap, expected, self.value)
            }
            _ => wrong,
        })
    }

    /// An int that the type does not hold, as the conversions of plain Rust types word it.
    fn out_of_range(self, wrong: Mismatch, least: &dyn Display, most: &dyn Display) -> Mismatch {
        match (&*wrong.0, self.value) {
            (super::Kind::Wrong { path, .. }, Value::Int(_) | Value::BigInt(_)) if path.is_empty() => {
                Mismatch::value(self.heap, format!("int from {least} to {most}"), self.value)
            }
            _ => wrong,
        }
    }

    fn items(self) -> Option<Vec<Value>> {
        let keys = |table: &crate::object::Table<()>| table.entries().map(|entry| entry.key).collect();
        match self.value {
            Value::List(_) | Value::Tuple(_) => self.heap.as_items(self.value).map(<[Value]>::to_vec),
            Value::Set(at) => Some(keys(self.heap[at].table())),
            Value::FrozenSet(at) => Some(keys(self.heap[at].table())),
            _ => None,
        }
    }

    fn entries(self) -> Option<Vec<(Value, Value)>> {
        match self.value {
            Value::Dict(at) => {
                Some(self.heap[at].table().entries().map(|entry| (entry.key, entry.value)).collect())
            }
            Value::Struct(at) => {
                let object = &self.heap[at];
                Some(object.names.iter().copied().zip(object.values.iter().copied()).collect())
            }
            _ => None,
        }
    }
}

/// Words of a visitor's expectation.
struct Words<'v, V>(&'v V);

impl<'de, V: Visitor<'de>> std::fmt::Display for Words<'_, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }
}

macro_rules! scalars {
    ($($method:ident $expected:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            let visited = self.deserialize_any(visitor);
            self.explain($expected.to_string(), visited)
        }
    )*};
}

macro_rules! ints {
    ($($method:ident $type:ty)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            let visited = self.deserialize_any(visitor);
            let visited = self.explain("int".to_string(), visited);
            visited.map_err(|wrong| self.out_of_range(wrong, &<$type>::MIN, &<$type>::MAX))
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Value::None | Value::Undef => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(b != 0),
            Value::Int(i) if i >= 0 => visitor.visit_u64(i as u64),
            Value::Int(i) => visitor.visit_i64(i),
            Value::BigInt(at) => {
                match (u64::try_from(&self.heap[at].value), i128::try_from(&self.heap[at].value)) {
                    (Ok(i), _) => visitor.visit_u64(i),
                    (_, Ok(i)) => visitor.visit_i128(i),
                    _ => visitor.visit_str(&self.heap[at].value.to_string()),
                }
            }
            Value::Float(bits) => visitor.visit_f64(f64::from_bits(bits)),
            Value::Str(at) => visitor.visit_str(self.heap[at].as_str()),
            Value::Bytes(at) => visitor.visit_bytes(self.heap[at].as_slice()),
            _ => {
                if let Some(items) = self.items() {
                    return visitor.visit_seq(Items { reader: self, items: items.into_iter().enumerate() });
                }
                match self.entries() {
                    Some(entries) => {
                        visitor.visit_map(Entries { reader: self, entries: entries.into_iter(), value: None })
                    }
                    None => Err(self.wrong(&&*Words(&visitor).to_string())),
                }
            }
        }
    }

    scalars! {
        deserialize_bool "bool"
        deserialize_char "str of one character" deserialize_str "str" deserialize_string "str"
        deserialize_bytes "bytes" deserialize_byte_buf "bytes"
        deserialize_unit "None" deserialize_seq "list" deserialize_map "dict"
    }

    ints! {
        deserialize_i8 i8 deserialize_i16 i16 deserialize_i32 i32 deserialize_i64 i64 deserialize_i128 i128
        deserialize_u8 u8 deserialize_u16 u16 deserialize_u32 u32 deserialize_u64 u64 deserialize_u128 u128
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let visited = match self.value {
            Value::Int(i) => visitor.visit_f64(i as f64),
            _ => self.deserialize_any(visitor),
        };
        self.explain("float".to_string(), visited)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Value::None | Value::Undef => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Mismatch> {
        let visited = self.deserialize_any(visitor);
        self.explain(format!("tuple of {len} items"), visited)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let Some(entries) = self.entries() else {
            return Err(Mismatch::new(self.heap, format!("dict or struct ({name})"), self.value));
        };
        self.deserialize_any(visitor).map_err(|wrong| {
            let given = entries.iter().filter_map(|&(key, _)| self.heap.as_str(key));
            wrong.among(given.filter(|name| !fields.contains(name)))
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        if let Value::Str(at) = self.value {
            return visitor.visit_enum(self.heap[at].as_str().into_deserializer());
        }
        match self.entries().as_deref() {
            Some(&[(key, content)]) if self.heap.as_str(key).is_some() => {
                visitor.visit_enum(Variant { reader: self.inside(content)?, key })
            }
            _ => Err(Mismatch::new(self.heap, format!("{name}: {}", one_of(variants)), self.value)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }
}

struct Items<'h> {
    reader: Reader<'h>,
    items: std::iter::Enumerate<std::vec::IntoIter<Value>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some((index, item)) = self.items.next() else { return Ok(None) };
        let item = self.reader.inside(item)?;
        seed.deserialize(item).map(Some).map_err(|wrong| wrong.at_index(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'h> {
    reader: Reader<'h>,
    entries: std::vec::IntoIter<(Value, Value)>,
    value: Option<(Value, Value)>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.value = self.entries.next();
        let Some((key, _)) = self.value else { return Ok(None) };
        seed.deserialize(self.reader.inside(key)?).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let (key, value) = self.value.take().unwrap_or_default();
        let value = self.reader.inside(value)?;
        seed.deserialize(value).map_err(|wrong| wrong.at_key(self.reader.heap, key))
    }
}

/// `{"Variant": content}`.
struct Variant<'h> {
    reader: Reader<'h>,
    key: Value,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Mismatch> {
        let name = self.reader.heap.as_str(self.key).unwrap_or_default().to_string();
        let deserializer: de::value::StringDeserializer<Mismatch> = name.into_deserializer();
        Ok((seed.deserialize(deserializer)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self.reader).map_err(|wrong| wrong.at_key(self.reader.heap, self.key))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Mismatch> {
        de::Deserializer::deserialize_tuple(self.reader, len, visitor)
            .map_err(|wrong| wrong.at_key(self.reader.heap, self.key))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        de::Deserializer::deserialize_map(self.reader, visitor)
            .map_err(|wrong| wrong.at_key(self.reader.heap, self.key))
    }
}

// ---- writing -------------------------------------------------------------------------------------------

/// Why something could not be written.
#[derive(Debug)]
pub enum Failed {
    /// An exception.
    Raise(Raise),
    /// What the type itself says.
    Message(String),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failed::Raise(_) => f.write_str("an exception was raised"),
            Failed::Message(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Failed {}

impl ser::Error for Failed {
    fn custom<T: std::fmt::Display>(message: T) -> Failed {
        Failed::Message(message.to_string())
    }
}

impl From<Raise> for Failed {
    fn from(raise: Raise) -> Failed {
        Failed::Raise(raise)
    }
}

struct Writer<'c, 'h> {
    ctx: &'c mut Ctx<'h>,
    depth: usize,
}

/// A container being written: its items lie in the scratch from `base` on.
struct Container<'c, 'h> {
    ctx: &'c mut Ctx<'h>,
    base: usize,
    depth: usize,
    tuple: bool,
    /// The variant that it is the content of.
    variant: Option<&'static str>,
}

impl<'c, 'h> Writer<'c, 'h> {
    fn open(self, tuple: bool, variant: Option<&'static str>) -> Result<Container<'c, 'h>, Failed> {
        if self.depth >= MAX_DEPTH {
            return Err(Failed::Message("the value nests too deeply".to_string()));
        }
        let base = self.ctx.heap.scratch.len();
        Ok(Container { ctx: self.ctx, base, depth: self.depth + 1, tuple, variant })
    }
}

impl Container<'_, '_> {
    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Failed> {
        let value = item.serialize(Writer { ctx: self.ctx, depth: self.depth })?;
        self.ctx.heap.scratch.push(value);
        self.ctx.charge(1)?;
        Ok(())
    }

    fn push_name(&mut self, name: &str) {
        let name = self.ctx.heap.str(name);
        self.ctx.heap.scratch.push(name);
    }

    fn sequence(self) -> Result<Value, Failed> {
        let items = self.ctx.heap.scratch[self.base..].to_vec();
        self.ctx.reserve_large(items.len() * size_of::<Value>())?;
        let value = if self.tuple { self.ctx.heap.tuple(&items) } else { self.ctx.heap.list(items) };
        self.finish(value)
    }

    fn map(self) -> Result<Value, Failed> {
        let pairs = self.ctx.heap.scratch[self.base..].to_vec();
        let dict = self.ctx.heap.dict();
        self.ctx.heap.scratch.push(Value::Dict(dict));
        for pair in pairs.chunks_exact(2) {
            table::dict_set(self.ctx, dict, pair[0], pair[1])?;
        }
        self.finish(Value::Dict(dict))
    }

    fn finish(self, value: Value) -> Result<Value, Failed> {
        let value = match self.variant {
            None => value,
            Some(name) => {
                self.ctx.heap.scratch.push(value);
                variant(self.ctx, name, value)?
            }
        };
        self.ctx.heap.scratch.truncate(self.base);
        Ok(value)
    }
}

/// `{name: content}`; the content is rooted.
fn variant(ctx: &mut Ctx<'_>, name: &str, content: Value) -> Result<Value, Raise> {
    let dict: Ref<_> = ctx.heap.dict();
    table::dict_set_str(ctx, dict, name, content)?;
    Ok(Value::Dict(dict))
}

impl<'c, 'h> ser::Serializer for Writer<'c, 'h> {
    type Ok = Value;
    type Error = Failed;
    type SerializeSeq = Container<'c, 'h>;
    type SerializeTuple = Container<'c, 'h>;
    type SerializeTupleStruct = Container<'c, 'h>;
    type SerializeTupleVariant = Container<'c, 'h>;
    type SerializeMap = Container<'c, 'h>;
    type SerializeStruct = Container<'c, 'h>;
    type SerializeStructVariant = Container<'c, 'h>;

    fn serialize_bool(self, v: bool) -> Result<Value, Failed> {
        Ok(Value::bool(v))
    }
    fn serialize_i8(self, v: i8) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<Value, Failed> {
        Ok(Value::Int(v))
    }
    fn serialize_i128(self, v: i128) -> Result<Value, Failed> {
        Ok(v.into_star(self.ctx)?)
    }
    fn serialize_u8(self, v: u8) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<Value, Failed> {
        self.serialize_i64(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<Value, Failed> {
        Ok(v.into_star(self.ctx)?)
    }
    fn serialize_u128(self, v: u128) -> Result<Value, Failed> {
        Ok(v.into_star(self.ctx)?)
    }
    fn serialize_f32(self, v: f32) -> Result<Value, Failed> {
        Ok(Value::float(v.into()))
    }
    fn serialize_f64(self, v: f64) -> Result<Value, Failed> {
        Ok(Value::float(v))
    }
    fn serialize_char(self, v: char) -> Result<Value, Failed> {
        Ok(self.ctx.heap.char(v))
    }
    fn serialize_str(self, v: &str) -> Result<Value, Failed> {
        Ok(v.into_star(self.ctx)?)
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<Value, Failed> {
        Ok(v.into_star(self.ctx)?)
    }
    fn serialize_none(self) -> Result<Value, Failed> {
        Ok(Value::None)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Failed> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Value, Failed> {
        Ok(Value::None)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Failed> {
        Ok(Value::None)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Value, Failed> {
        self.serialize_str(name)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Failed> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, Failed> {
        let mut content = self.open(false, None)?;
        content.push(value)?;
        let value = content.ctx.heap.scratch[content.base];
        let made = variant(content.ctx, name, value)?;
        content.ctx.heap.scratch.truncate(content.base);
        Ok(made)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Container<'c, 'h>, Failed> {
        self.open(false, None)
    }
    fn serialize_tuple(self, _: usize) -> Result<Container<'c, 'h>, Failed> {
        self.open(true, None)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Container<'c, 'h>, Failed> {
        self.open(true, None)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Container<'c, 'h>, Failed> {
        self.open(true, Some(name))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Container<'c, 'h>, Failed> {
        self.open(false, None)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Container<'c, 'h>, Failed> {
        self.open(false, None)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Container<'c, 'h>, Failed> {
        self.open(false, Some(name))
    }
}

macro_rules! sequences {
    ($($trait:ident $method:ident)*) => {$(
        impl ser::$trait for Container<'_, '_> {
            type Ok = Value;
            type Error = Failed;
            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Failed> {
                self.push(item)
            }
            fn end(self) -> Result<Value, Failed> {
                self.sequence()
            }
        }
    )*};
}

sequences! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

impl ser::SerializeMap for Container<'_, '_> {
    type Ok = Value;
    type Error = Failed;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failed> {
        self.push(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.push(value)
    }
    fn end(self) -> Result<Value, Failed> {
        self.map()
    }
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Container<'_, '_> {
            type Ok = Value;
            type Error = Failed;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Failed> {
                self.push_name(name);
                self.push(value)
            }
            fn end(self) -> Result<Value, Failed> {
                self.map()
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }
