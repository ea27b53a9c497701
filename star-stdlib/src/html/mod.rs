//! `html`: characters that mean something in HTML, and names for others.
//!
//! In: text. Out: text with references in the place of characters, or the other way round. Rule: names and numbers mean
//! what HTML 5 says, also without a semicolon where it says so.

use std::sync::LazyLock;

use star::object::types::TypeId;
use star::ops::types;
use star::private::{Ctx, HostModule, Raise, Value};
use star_macros::star_module;

use crate::join::join;

/// `html`.
pub fn module() -> &'static HostModule {
    static MODULE: LazyLock<HostModule> = LazyLock::new(|| join(&[python::module(), go::module()]));
    &MODULE
}

/// The text with references for these characters.
fn escaped(text: &str, reference: fn(char) -> Option<&'static str>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match reference(c) {
            Some(reference) => out.push_str(reference),
            None => out.push(c),
        }
    }
    out
}

/// Longest name of a reference that is looked for, in characters.
const LONGEST: usize = 32;

/// The text with characters for all references.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (meant, length) = reference(rest);
        match meant {
            Some(meant) => out.push_str(&meant),
            None => out.push('&'),
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// What the reference that `text` begins with means, and how long it is; nothing, and no length, if it is none.
fn reference(text: &str) -> (Option<String>, usize) {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let count = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        if count == 0 {
            return (None, 0);
        }
        let semicolon = usize::from(digits[count..].starts_with(';'));
        let length = text.len() - digits.len() + count + semicolon;
        return (Some(numbered(&digits[..count], radix)), length);
    }
    let ends = |c: char| matches!(c, '\t' | '\n' | '\x0c' | ' ' | '<' | '&' | '#' | ';');
    let end = text
        .char_indices()
        .take_while(|&(_, c)| !ends(c))
        .take(LONGEST)
        .map(|(at, c)| at + c.len_utf8())
        .last();
    let Some(end) = end else { return (None, 0) };
    let with_semicolon = end + usize::from(text[end..].starts_with(';'));
    if let Some(meant) = named(&text[..with_semicolon]) {
        return (Some(meant.to_string()), with_semicolon);
    }
    // The longest name that it begins with and that needs no semicolon.
    let shorter = text[..with_semicolon].char_indices().map(|(at, _)| at).skip(2).collect::<Vec<_>>();
    for &at in shorter.iter().rev() {
        if let Some(meant) = named(&text[..at]) {
            return (Some(meant.to_string()), at);
        }
    }
    (None, 0)
}

/// What a name means; it ends in a semicolon if the reference does.
fn named(name: &str) -> Option<&'static str> {
    let meant = htmlize::ENTITIES.get(format!("&{name}").as_bytes())?;
    std::str::from_utf8(meant).ok()
}

/// The character of a number.
fn numbered(digits: &str, radix: u32) -> String {
    const REPLACEMENT: char = '\u{fffd}';
    let number = u32::from_str_radix(digits.trim_start_matches('0'), radix);
    let number = match number {
        Ok(number) => number,
        Err(_) if digits.bytes().all(|byte| byte == b'0') => 0,
        Err(_) => u32::MAX,
    };
    let c = match number {
        0 => REPLACEMENT,
        0x80..=0x9f => windows_1252(number as u8),
        1..=8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => return String::new(),
        _ if number & 0xfffe == 0xfffe && number <= 0x10_ffff => return String::new(),
        _ => char::from_u32(number).unwrap_or(REPLACEMENT),
    };
    c.to_string()
}

/// What HTML takes numbers of control characters for.
fn windows_1252(byte: u8) -> char {
    const MEANT: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152,
        0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122,
        0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ];
    char::from_u32(MEANT[usize::from(byte - 0x80)].into()).unwrap_or_default()
}

/// The text of an argument, with room for a longer one.
fn text_of(ctx: &mut Ctx<'_>, value: Value) -> Option<Result<String, Raise>> {
    let Value::Str(at) = value else { return None };
    let text = ctx.heap[at].share();
    let room = ctx.charge(1 + text.len() / 4).and_then(|()| ctx.reserve_large(text.len().saturating_mul(7)));
    Some(room.map(|()| text.to_string()))
}

/// HTML: escaping and unescaping.
#[star_module("html", family = "python")]
mod python {
    use super::*;

    /// The text with references in the place of `&`, `<` and `>`, and of quotation marks unless `quote` is false.
    #[star_fn(script)]
    fn escape(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::bool(true))] quote: Value,
    ) -> Result<String, Raise> {
        let Some(text) = text_of(ctx, s) else {
            let given = types::type_name(ctx.heap, s);
            let message = format!("'{given}' object has no attribute 'replace'");
            return Err(ctx.error(TypeId::AttributeError, message));
        };
        let plain = |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            _ => None,
        };
        let quotes = |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '"' => Some("&quot;"),
            '\'' => Some("&#x27;"),
            _ => None,
        };
        let quote = types::truthy(ctx.heap, quote);
        Ok(escaped(&text?, if quote { quotes } else { plain }))
    }

    /// The text with characters in the place of references.
    #[star_fn(script)]
    fn unescape(ctx: &mut Ctx<'_>, s: Value) -> Result<String, Raise> {
        match text_of(ctx, s) {
            Some(text) => Ok(unescaped(&text?)),
            None => {
                let given = types::type_name(ctx.heap, s);
                Err(ctx.type_error(format!("argument of type '{given}' is not iterable")))
            }
        }
    }
}

/// Go's names.
#[star_module("html", family = "python")]
mod go {
    use super::*;

    /// The text with references in the place of `<`, `>`, `&`, `'` and `"`.
    #[star_fn(pos, name = "EscapeString")]
    fn escape_string(s: &str) -> String {
        escaped(s, |c| match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '"' => Some("&#34;"),
            '\'' => Some("&#39;"),
            _ => None,
        })
    }

    /// The text with characters in the place of references.
    #[star_fn(pos, name = "UnescapeString")]
    fn unescape_string(s: &str) -> String {
        unescaped(s)
    }
}
