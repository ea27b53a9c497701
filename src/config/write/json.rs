//! Data as JSON.
//!
//! In: data that JSON has. Out: text, indented. Rule: strings and floats are written as serde_json writes them, ints in
//! full.

use star_core::session::Data;

pub(super) fn write(data: &Data) -> String {
    let mut out = String::new();
    value(&mut out, data, 0);
    out.push('\n');
    out
}

fn value(out: &mut String, data: &Data, depth: usize) {
    match data {
        Data::None => out.push_str("null"),
        Data::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Data::Int(i) => out.push_str(&i.to_string()),
        Data::BigInt(i) => out.push_str(&i.to_string()),
        Data::Float(f) => out.push_str(&serde_json::Value::from(*f).to_string()),
        Data::Str(text) => string(out, text),
        // No data that is checked has any.
        Data::Bytes(_) => {}
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
            lines(out, ['[', ']'], items, depth, |out, item| value(out, item, depth + 1));
        }
        Data::Dict(pairs) => lines(out, ['{', '}'], pairs, depth, |out, (key, item)| {
            if let Data::Str(key) = key {
                string(out, key);
            }
            out.push_str(": ");
            value(out, item, depth + 1);
        }),
        Data::Struct(_, fields) => lines(out, ['{', '}'], fields, depth, |out, (name, item)| {
            string(out, name);
            out.push_str(": ");
            value(out, item, depth + 1);
        }),
    }
}

/// Items between brackets, each on a line of its own.
fn lines<T>(
    out: &mut String,
    brackets: [char; 2],
    items: &[T],
    depth: usize,
    mut write: impl FnMut(&mut String, &T),
) {
    out.push(brackets[0]);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(out, item);
    }
    if !items.is_empty() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(brackets[1]);
}

fn string(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
