//! Data as TOML.
//!
//! In: a table of data that TOML has. Out: text. Rule: the order is the data's but that plain values come before tables,
//! as TOML needs it.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use star_core::session::Data;

pub(super) fn write(data: &Data) -> Result<String, String> {
    toml::to_string_pretty(&Node(data)).map_err(|error| error.to_string())
}

struct Node<'a>(&'a Data);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Bool(b) => serializer.serialize_bool(*b),
            Data::Int(i) => serializer.serialize_i64(*i),
            Data::Float(f) => serializer.serialize_f64(*f),
            Data::Str(text) => serializer.serialize_str(text),
            Data::None | Data::BigInt(_) | Data::Bytes(_) => {
                Err(S::Error::custom("there is a value that TOML does not have"))
            }
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                serializer.collect_seq(items.iter().map(Node))
            }
            Data::Dict(pairs) => {
                let mut map = serializer.serialize_map(Some(pairs.len()))?;
                for (key, value) in pairs {
                    map.serialize_entry(&Node(key), &Node(value))?;
                }
                map.end()
            }
            Data::Struct(_, fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, &Node(value))?;
                }
                map.end()
            }
        }
    }
}
