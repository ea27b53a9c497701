//! Data as YAML.
//!
//! In: data that YAML has. Out: text in block style. Rule: a text stays a text for every reader: what YAML 1.1 takes for a
//! date, a time or a number is quoted even where 1.2 would not need it.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use serde_saphyr::{DoubleQuoted, SerializerOptions};
use star_core::session::Data;

pub(super) fn write(data: &Data) -> Result<String, String> {
    let mut out = String::new();
    let mut options = SerializerOptions::default();
    // Long lines stay as they are.
    options.folded_wrap_chars = usize::MAX;
    serde_saphyr::to_fmt_writer_with_options(&mut out, &Node(data), options)
        .map_err(|error| error.to_string())?;
    Ok(out)
}

struct Node<'a>(&'a Data);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::None => serializer.serialize_unit(),
            Data::Bool(b) => serializer.serialize_bool(*b),
            Data::Int(i) => serializer.serialize_i64(*i),
            Data::BigInt(i) => match i128::try_from(i) {
                Ok(i) => serializer.serialize_i128(i),
                Err(_) => Err(S::Error::custom("an int is too large")),
            },
            Data::Float(f) => serializer.serialize_f64(*f),
            Data::Str(text) => Text(text).serialize(serializer),
            Data::Bytes(_) => Err(S::Error::custom("there are bytes")),
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
                    map.serialize_entry(&Text(name), &Node(value))?;
                }
                map.end()
            }
        }
    }
}

struct Text<'a>(&'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_plain(self.0) {
            serializer.serialize_str(self.0)
        } else {
            DoubleQuoted(self.0).serialize(serializer)
        }
    }
}

/// Whether the serializer may choose how to write a text: it then quotes words such as `no` and `null`, and writes many
/// lines as a block.
fn is_plain(text: &str) -> bool {
    let block =
        text.lines().all(|line| line.trim() == line && line.starts_with(|c: char| c.is_alphanumeric()));
    let one_end = !text.ends_with("\n\n");
    match text.contains('\n') {
        true => block && one_end && !text.contains('\r'),
        false => text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '/'),
    }
}
