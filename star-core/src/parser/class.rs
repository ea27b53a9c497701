//! The answer to `class`.
//!
//! In: the `class` token and what has arrived of its text. Out: a refusal that shows `struct.define` and
//! functions for the class at hand. Rule: it reads the text by lines and words, as far as it has arrived; it never
//! fails and never promises more than a sketch.

use std::fmt::Write as _;

use crate::lexer::codes;
use crate::lexer::problem::{Problem, escape};
use crate::token::Token;

/// At most this many fields and methods are shown.
const SHOWN: usize = 12;

/// What could be read of a class.
#[derive(Default)]
struct Sketch<'a> {
    name: &'a str,
    base: &'a str,
    /// Names and defaults.
    fields: Vec<(&'a str, &'a str)>,
    /// Names and parameters after `self`.
    methods: Vec<(&'a str, &'a str)>,
}

/// Why `class` is refused, with what to write instead.
pub(super) fn refuse(text: &str, class: Token) -> Box<Problem> {
    let sketch = read(text.get(class.span.end as usize..).unwrap_or(""));
    let name = if sketch.name.is_empty() { "Point" } else { sketch.name };
    let instead = write_instead(name, &sketch);
    let message = if is_exception(sketch.base) {
        format!("star has no classes: make an exception type with error(\"…\"), as in\n{instead}")
    } else {
        format!("star has no classes: make a struct and functions on it, as in\n{instead}")
    };
    Problem::new(codes::REFUSED, class.span, message)
}

fn is_exception(base: &str) -> bool {
    base.ends_with("Error") || base.ends_with("Exception") || base.ends_with("Warning")
}

fn write_instead(name: &str, sketch: &Sketch<'_>) -> String {
    let shown = escape(name);
    if is_exception(sketch.base) {
        return match sketch.base {
            "Exception" => format!("{shown} = error(\"{shown}\")"),
            base => format!("{shown} = error(\"{shown}\", base={})", escape(base)),
        };
    }
    let mut out = format!("{shown} = struct.define(\"{shown}\"");
    for (field, default) in sketch.fields.iter().take(SHOWN) {
        let default = if default.is_empty() { "None" } else { default };
        let _ = write!(out, ", {}={}", escape(field), escape(default));
    }
    if sketch.fields.is_empty() {
        out.push_str(", field=None");
    }
    out.push(')');
    let this = shown.chars().next().map_or("this".to_string(), |c| c.to_lowercase().to_string());
    for (method, params) in sketch.methods.iter().take(SHOWN) {
        let comma = if params.is_empty() { "" } else { ", " };
        let _ = write!(out, "\ndef {}({this}{comma}{}): ...", escape(method), escape(params));
    }
    out
}

/// Reads name, base, fields and methods from what follows `class`.
fn read(text: &str) -> Sketch<'_> {
    let mut sketch = Sketch::default();
    let text = text.trim_start_matches([' ', '\t']);
    sketch.name = word(text);
    let rest = &text[sketch.name.len()..];
    if let Some(rest) = rest.strip_prefix('(') {
        let bases = rest.split([')', '\n']).next().unwrap_or("");
        sketch.base = word(bases.trim_start());
    }
    let mut in_init = false;
    let lines = rest.lines().skip(1).take(400);
    for line in lines.take_while(|line| line.trim().is_empty() || line.starts_with([' ', '\t'])) {
        let line = line.trim();
        if let Some(def) = line.strip_prefix("def ") {
            let name = word(def);
            let params = def.split('(').nth(1).unwrap_or("").split(')').next().unwrap_or("");
            let params = params.split_once(',').map_or("", |(_, rest)| rest).trim();
            in_init = name == "__init__";
            if !in_init && !name.starts_with("__") && !name.is_empty() {
                sketch.methods.push((name, params));
            }
            if in_init {
                for param in params.split(',') {
                    let (param, default) = param.split_once('=').unwrap_or((param, ""));
                    add_field(&mut sketch, word(param.trim()), default.trim());
                }
            }
        } else if in_init && let Some(field) = line.strip_prefix("self.") {
            let name = word(field);
            if field[name.len()..].trim_start().starts_with(['=', ':']) && !field.contains("==") {
                let value = field.split_once('=').map_or("", |(_, value)| value).trim();
                let simple = value.len() < 20 && !value.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
                add_field(&mut sketch, name, if simple { value } else { "" });
            }
        }
    }
    sketch
}

fn add_field<'a>(sketch: &mut Sketch<'a>, name: &'a str, default: &'a str) {
    if !name.is_empty() && !sketch.fields.iter().any(|(field, _)| *field == name) {
        sketch.fields.push((name, default));
    }
}

/// The name that `text` starts with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}
