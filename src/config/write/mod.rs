//! What a script gives, as text in a format that others read.
//!
//! In: [`Evaluated`]. Out: JSON, and with the feature `cli` YAML and TOML. Rule: nothing is changed on the way but that
//! tuples and sets become lists and structs what dicts become: what a format does not have is an error that names the
//! value's place.

mod json;
#[cfg(feature = "cli")]
mod toml;
#[cfg(feature = "cli")]
mod yaml;

use star_core::host::convert::Step;
use star_core::session::Data;

use super::{Error, Evaluated};

/// As JSON with an indent of two spaces, and a newline at its end.
///
/// Ints are written in full, however large. What is no JSON: bytes, NaN and infinities, keys that are no str.
///
/// ```
/// let script = star::config::text("app.star", "name = 'shop'\nports = (80, 443)\n");
/// assert_eq!(
///     star::config::write::json(&script.evaluate()?)?,
///     "{\n  \"name\": \"shop\",\n  \"ports\": [\n    80,\n    443\n  ]\n}\n"
/// );
/// # Ok::<(), star::config::Error>(())
/// ```
pub fn json(evaluated: &Evaluated) -> Result<String, Error> {
    check(evaluated, &JSON)?;
    Ok(json::write(evaluated.value()))
}

/// As YAML. Texts that a reader of YAML could take for something else are quoted. What is no YAML here: bytes, ints beyond
/// 128 bits, keys that are lists or tables.
#[cfg(feature = "cli")]
pub fn yaml(evaluated: &Evaluated) -> Result<String, Error> {
    check(evaluated, &YAML)?;
    yaml::write(evaluated.value()).map_err(|problem| evaluated.error(&[], problem))
}

/// As TOML: of each table its plain values come first, then those that are tables. What is no TOML: None, bytes, ints
/// beyond 64 bits, keys that are no str, and anything but a table as the whole.
#[cfg(feature = "cli")]
pub fn toml(evaluated: &Evaluated) -> Result<String, Error> {
    check(evaluated, &TOML)?;
    if !matches!(evaluated.value(), Data::Dict(_) | Data::Struct(..)) {
        let problem = format!("TOML is a table: expected dict or struct, got {}", kind(evaluated.value()));
        return Err(evaluated.error(&[], problem));
    }
    toml::write(evaluated.value()).map_err(|problem| evaluated.error(&[], problem))
}

/// What a format has.
struct Format {
    name: &'static str,
    none: bool,
    /// NaN and infinities.
    special_floats: bool,
    int_bits: u64,
    /// Keys that are ints, floats, bools and None.
    scalar_keys: bool,
}

const JSON: Format =
    Format { name: "JSON", none: true, special_floats: false, int_bits: u64::MAX, scalar_keys: false };
#[cfg(feature = "cli")]
const YAML: Format =
    Format { name: "YAML", none: true, special_floats: true, int_bits: 127, scalar_keys: true };
#[cfg(feature = "cli")]
const TOML: Format =
    Format { name: "TOML", none: false, special_floats: true, int_bits: 63, scalar_keys: false };

fn check(evaluated: &Evaluated, format: &Format) -> Result<(), Error> {
    let mut steps = Vec::new();
    let problem = format.problem(evaluated.value(), &mut steps);
    problem.map_or(Ok(()), |problem| Err(evaluated.error(&steps, problem)))
}

impl Format {
    /// What the format does not have, of a value or a part of it; `steps` then lead there. Data nests no deeper than a few
    /// hundred levels.
    fn problem(&self, data: &Data, steps: &mut Vec<Step>) -> Option<String> {
        let name = self.name;
        match data {
            Data::None if !self.none => Some(format!("{name} has no None: leave it out")),
            Data::Float(f) if !self.special_floats && !f.is_finite() => {
                Some(format!("{name} has no {}", if f.is_nan() { "nan" } else { "inf" }))
            }
            Data::BigInt(i) if i.bits() > self.int_bits => {
                Some(format!("an int of {} bits is too large for {name}", i.bits()))
            }
            Data::Bytes(_) => Some(format!("{name} has no bytes: decode them, or write them as text")),
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                items.iter().enumerate().find_map(|(index, item)| self.part(Step::Index(index), item, steps))
            }
            Data::Struct(_, fields) => fields
                .iter()
                .find_map(|(name, value)| self.part(Step::Field(name.clone().into()), value, steps)),
            Data::Dict(pairs) => pairs.iter().find_map(|(key, value)| {
                let step = match key {
                    Data::Str(text) => Step::Field(text.clone().into()),
                    key => Step::Key(scalar(key).unwrap_or_else(|| kind(key).to_string())),
                };
                let allowed = matches!(key, Data::Str(_))
                    || self.scalar_keys && scalar(key).is_some() && self.problem(key, steps).is_none();
                if !allowed {
                    steps.push(step);
                    return Some(format!("a key in {name} is a str, not {}", kind(key)));
                }
                self.part(step, value, steps)
            }),
            _ => None,
        }
    }

    fn part(&self, step: Step, data: &Data, steps: &mut Vec<Step>) -> Option<String> {
        steps.push(step);
        let problem = self.problem(data, steps);
        if problem.is_none() {
            steps.pop();
        }
        problem
    }
}

/// The text of a plain value that is no str.
fn scalar(data: &Data) -> Option<String> {
    match data {
        Data::None => Some("None".to_string()),
        Data::Bool(b) => Some(if *b { "True" } else { "False" }.to_string()),
        Data::Int(i) => Some(i.to_string()),
        Data::BigInt(i) => Some(i.to_string()),
        Data::Float(f) => Some(star_core::text::float::repr_float(*f)),
        _ => None,
    }
}

/// The name of a value's type.
fn kind(data: &Data) -> &'static str {
    match data {
        Data::None => "None",
        Data::Bool(_) => "bool",
        Data::Int(_) | Data::BigInt(_) => "int",
        Data::Float(_) => "float",
        Data::Str(_) => "str",
        Data::Bytes(_) => "bytes",
        Data::List(_) => "list",
        Data::Tuple(_) => "tuple",
        Data::Set(_) => "set",
        Data::Dict(_) => "dict",
        Data::Struct(..) => "struct",
    }
}
