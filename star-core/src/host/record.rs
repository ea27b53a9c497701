//! Structs and enums of Rust as values, and back.
//!
//! In: a dict or struct value, or the fields of a Rust struct. Out: the other. Rules: a struct of Rust becomes a
//! `struct` value of its name, whose type is the same every time; a conversion from a value follows no value that
//! contains itself for ever.

use super::convert::{FromStar, IntoStar, MAX_DEPTH, Mismatch};
use crate::heap::{Ctx, Raise};
use crate::object::types::TypeId;
use crate::object::{Struct, UserType};
use crate::ops::table;
use crate::text::distance;
use crate::value::{Ref, Value};

/// A dict or struct value that is being read as a struct of Rust.
pub struct Record {
    value: Value,
    /// The type of `struct` values that such structs become, which has their field names as values.
    class: Ref<UserType>,
    names: &'static [&'static str],
}

/// Reads `value` as a struct of Rust with these fields.
pub fn record<T>(
    ctx: &mut Ctx<'_>,
    value: Value,
    name: &'static str,
    names: &'static [&'static str],
    read: impl FnOnce(&mut Ctx<'_>, &Record) -> Result<T, Mismatch>,
) -> Result<T, Mismatch> {
    if !matches!(value, Value::Dict(_) | Value::Struct(_)) {
        return Err(Mismatch::new(ctx.heap, format!("{name} (a dict or struct)"), value));
    }
    if ctx.heap.conversion_depth >= MAX_DEPTH {
        return Err(Mismatch::value(ctx.heap, "a value that nests less deeply", value));
    }
    ctx.charge(1 + names.len())?;
    let class = ctx.heap.record_class(name, names);
    let root = ctx.heap.scratch.len();
    // Whatever is charged and reserved for fields may free what is not rooted.
    ctx.heap.scratch.push(value);
    ctx.heap.conversion_depth += 1;
    let result = read(ctx, &Record { value, class, names });
    ctx.heap.conversion_depth -= 1;
    ctx.heap.scratch.truncate(root);
    result
}

impl Record {
    /// Field number `index`, `Undef` if it is not there.
    fn find(&self, ctx: &mut Ctx<'_>, index: usize) -> Result<Value, Mismatch> {
        let found = match self.value {
            Value::Dict(at) => {
                let key = ctx.heap[self.class].fields[index];
                table::dict_get(ctx, at, key)?
            }
            Value::Struct(at) => {
                let object = &ctx.heap[at];
                let is = |&name: &Value| ctx.heap.as_str(name) == Some(self.names[index]);
                object.names.iter().position(is).map(|place| object.values[place])
            }
            _ => None,
        };
        Ok(found.unwrap_or(Value::Undef))
    }

    /// Field number `index`.
    pub fn get<T: FromStar>(&self, ctx: &mut Ctx<'_>, index: usize) -> Result<T, Mismatch> {
        let found = self.find(ctx, index)?;
        let field = if found.is_undef() { absent(ctx) } else { T::from_star(ctx, found) };
        field.map_err(|wrong| wrong.at_field(self.names[index]))
    }

    /// Field number `index`, or what stands for it if it is not there.
    pub fn get_or<T: FromStar>(
        &self,
        ctx: &mut Ctx<'_>,
        index: usize,
        default: impl FnOnce() -> T,
    ) -> Result<T, Mismatch> {
        let found = self.find(ctx, index)?;
        if found.is_undef() {
            return Ok(default());
        }
        T::from_star(ctx, found).map_err(|wrong| wrong.at_field(self.names[index]))
    }

    /// Fails if there is anything but the fields, and `tag`.
    pub fn only(&self, ctx: &mut Ctx<'_>, tag: Option<&'static str>) -> Result<(), Mismatch> {
        let keys: Vec<Value> = match self.value {
            Value::Dict(at) => ctx.heap[at].table().entries().map(|entry| entry.key).collect(),
            Value::Struct(at) => ctx.heap[at].names.clone(),
            _ => Vec::new(),
        };
        ctx.charge(keys.len())?;
        let is_known = |key: &Value| {
            let key = ctx.heap.as_str(*key);
            key.is_some() && (key == tag || self.names.iter().any(|known| key == Some(*known)))
        };
        let Some(&unknown) = keys.iter().find(|key| !is_known(key)) else { return Ok(()) };
        let Some(key) = ctx.heap.as_str(unknown) else {
            return Err(Mismatch::value(ctx.heap, "names of fields alone as keys", unknown));
        };
        let near = distance::suggestion(key, self.names.iter().copied());
        let meant = near.map_or_else(String::new, |near| format!(" (did you mean '{near}'?)"));
        Err(Mismatch::of(TypeId::TypeError, one_of("the field", self.names), format!("'{key}'{meant}")))
    }
}

/// What stands for a field that is not there.
fn absent<T: FromStar>(ctx: &mut Ctx<'_>) -> Result<T, Mismatch> {
    if let Some(missing) = T::missing() {
        return Ok(missing);
    }
    match T::from_star(ctx, Value::Undef) {
        // Nothing is no value, whatever a type that takes any makes of it.
        Ok(_) => Err(Mismatch::missing("a value")),
        Err(wrong) => Err(wrong),
    }
}

/// `the field 'a', 'b' or 'c'`.
fn one_of(what: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match &quoted[..] {
        [] => format!("no {}", what.trim_start_matches("the ")),
        [one] => format!("{what} {one}").trim().to_string(),
        [most @ .., last] => format!("{what} {} or {last}", most.join(", ")).trim().to_string(),
    }
}

/// Puts a field of a struct of Rust, as a value, with those before it.
pub fn push<T: IntoStar>(ctx: &mut Ctx<'_>, field: T) -> Result<(), Raise> {
    let value = field.into_star(ctx)?;
    ctx.heap.scratch.push(value);
    Ok(())
}

/// A `struct` value of the fields that `fields` pushes.
pub fn new_record(
    ctx: &mut Ctx<'_>,
    name: &'static str,
    names: &'static [&'static str],
    fields: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
) -> Result<Value, Raise> {
    ctx.charge(1 + names.len())?;
    pushed(ctx, fields, |ctx, values| {
        let class = ctx.heap.record_class(name, names);
        let names = ctx.heap[class].fields.clone();
        let class = ctx.heap.type_value(class);
        Ok(Value::Struct(ctx.heap.insert(Struct { class, names, values })))
    })
}

/// A dict of the fields that `fields` pushes; `tag` and its value come first.
pub fn new_dict(
    ctx: &mut Ctx<'_>,
    names: &'static [&'static str],
    tag: Option<(&'static str, &'static str)>,
    fields: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
) -> Result<Value, Raise> {
    ctx.charge(1 + names.len())?;
    pushed(ctx, fields, |ctx, values| {
        let dict = ctx.heap.dict();
        ctx.heap.scratch.push(Value::Dict(dict));
        if let Some((tag, variant)) = tag {
            let variant = ctx.heap.str(variant);
            ctx.heap.scratch.push(variant);
            table::dict_set_str(ctx, dict, tag, variant)?;
        }
        for (name, value) in names.iter().zip(values) {
            table::dict_set_str(ctx, dict, name, value)?;
        }
        Ok(Value::Dict(dict))
    })
}

/// Makes something of the values that `fields` pushes, which stay rooted meanwhile.
fn pushed(
    ctx: &mut Ctx<'_>,
    fields: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
    make: impl FnOnce(&mut Ctx<'_>, Vec<Value>) -> Result<Value, Raise>,
) -> Result<Value, Raise> {
    let base = ctx.heap.scratch.len();
    let made = fields(ctx).and_then(|()| {
        let values = ctx.heap.scratch[base..].to_vec();
        make(ctx, values)
    });
    ctx.heap.scratch.truncate(base);
    made
}

/// The number of the variant that a str names.
pub fn choice(ctx: &mut Ctx<'_>, value: Value, variants: &'static [&'static str]) -> Result<usize, Mismatch> {
    let Some(text) = ctx.heap.as_str(value) else {
        return Err(Mismatch::new(ctx.heap, one_of("", variants), value));
    };
    variants.iter().position(|known| *known == text).ok_or_else(|| no_variant(ctx, value, variants))
}

#[cold]
fn no_variant(ctx: &Ctx<'_>, value: Value, variants: &'static [&'static str]) -> Mismatch {
    let text = ctx.heap.as_str(value).unwrap_or_default();
    let near = distance::suggestion(text, variants.iter().copied());
    let wrong = Mismatch::value(ctx.heap, one_of("", variants), value);
    match near {
        Some(near) => wrong.adding(&format!(" (did you mean '{near}'?)")),
        None => wrong,
    }
}

/// The variant of `"name"` or `{"name": content}`, and its content.
pub fn variant(
    ctx: &mut Ctx<'_>,
    value: Value,
    variants: &'static [&'static str],
) -> Result<(usize, Option<Value>), Mismatch> {
    let entry = match value {
        Value::Str(_) => return Ok((choice(ctx, value, variants)?, None)),
        Value::Dict(at) if ctx.heap[at].table().len() == 1 => {
            ctx.heap[at].table().entries().next().map(|entry| (entry.key, entry.value))
        }
        _ => None,
    };
    match entry {
        Some((name, content)) => Ok((choice(ctx, name, variants)?, Some(content))),
        None => {
            let expected = format!("a str or a dict with one key, {}", one_of("", variants));
            Err(Mismatch::new(ctx.heap, expected, value))
        }
    }
}

/// A variant without content.
pub fn empty(ctx: &mut Ctx<'_>, content: Option<Value>, variant: &'static str) -> Result<(), Mismatch> {
    match content {
        None | Some(Value::None) => Ok(()),
        Some(content) => Err(Mismatch::new(ctx.heap, "None", content).at_field(variant)),
    }
}

/// The content of a variant that has some.
pub fn content(content: Option<Value>, variant: &'static str) -> Result<Value, Mismatch> {
    content.ok_or_else(|| {
        Mismatch::of(TypeId::TypeError, format!("{{'{variant}': …}}"), format!("str \"{variant}\""))
    })
}

/// [`content`] as a value of Rust.
pub fn nested<T: FromStar>(
    ctx: &mut Ctx<'_>,
    value: Option<Value>,
    variant: &'static str,
) -> Result<T, Mismatch> {
    let value = content(value, variant)?;
    if ctx.heap.conversion_depth >= MAX_DEPTH {
        return Err(Mismatch::value(ctx.heap, "a value that nests less deeply", value));
    }
    ctx.charge(1)?;
    ctx.heap.conversion_depth += 1;
    let result = T::from_star(ctx, value);
    ctx.heap.conversion_depth -= 1;
    result.map_err(|wrong| wrong.at_field(variant))
}

/// The variant that the field `tag` of a dict or struct value names.
pub fn tagged(
    ctx: &mut Ctx<'_>,
    value: Value,
    name: &'static str,
    tag: &'static [&'static str; 1],
    variants: &'static [&'static str],
) -> Result<usize, Mismatch> {
    record(ctx, value, name, tag, |ctx, record| {
        let found = record.find(ctx, 0)?;
        choice(ctx, found, variants).map_err(|wrong| wrong.at_field(tag[0]))
    })
}
