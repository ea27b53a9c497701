//! `string`: constants, `capwords`, templates and formatters.
//!
//! In: text and what to put into it. Out: text. Rule: as CPython's module of this name.
//!
//! | file | |
//! | --- | --- |
//! | `template` | `Template` |
//! | `formatter` | `Formatter` |

mod formatter;
mod template;

use star::object::types::TypeId;
use star::ops::types;
use star::private::{Ctx, Raise, Value};
use star::text::{case, split};
use star_macros::star_module;

pub use module::module;

/// `s` in words, each with a capital, as `capwords` gives it.
fn capitalized(ctx: &mut Ctx<'_>, s: Value, separator: Value) -> Result<String, Raise> {
    let Some(text) = ctx.heap.as_str(s) else {
        let given = types::type_name(ctx.heap, s);
        return Err(ctx.error(TypeId::AttributeError, format!("'{given}' object has no attribute 'split'")));
    };
    let text = text.to_string();
    ctx.charge(text.len())?;
    ctx.reserve_large(text.len().saturating_mul(4))?;
    let words: Vec<String> = match separator {
        Value::None => split::split_whitespace(&*text, -1).map(case::capitalize).collect(),
        _ => {
            let Some(separator) = ctx.heap.as_str(separator) else {
                let given = types::type_name(ctx.heap, separator);
                return Err(match types::truthy(ctx.heap, separator) {
                    true => {
                        let message = format!("'{given}' object has no attribute 'join'");
                        ctx.error(TypeId::AttributeError, message)
                    }
                    false => ctx.type_error(format!("must be str or None, not {given}")),
                });
            };
            if separator.is_empty() {
                return Err(ctx.value_error("empty separator"));
            }
            text.split(separator).map(case::capitalize).collect()
        }
    };
    Ok(words.join(ctx.heap.as_str(separator).unwrap_or(" ")))
}

/// Constants for characters of ASCII, templates and formatters.
#[star_module("string", family = "python", types = [super::template::TEMPLATE, super::formatter::FORMATTER])]
mod module {
    use super::*;

    /// The letters of ASCII.
    #[star(name = "ascii_letters")]
    const ASCII_LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    /// The small letters of ASCII.
    #[star(name = "ascii_lowercase")]
    const ASCII_LOWERCASE: &str = "abcdefghijklmnopqrstuvwxyz";
    /// The capital letters of ASCII.
    #[star(name = "ascii_uppercase")]
    const ASCII_UPPERCASE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    /// The digits.
    #[star(name = "digits")]
    const DIGITS: &str = "0123456789";
    /// The digits of numbers in base 16.
    #[star(name = "hexdigits")]
    const HEXDIGITS: &str = "0123456789abcdefABCDEF";
    /// The digits of numbers in base 8.
    #[star(name = "octdigits")]
    const OCTDIGITS: &str = "01234567";
    /// The characters of ASCII that can be printed.
    #[star(name = "printable")]
    const PRINTABLE: &str = concat!(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\x0b\x0c"
    );
    /// The characters of ASCII that are punctuation.
    #[star(name = "punctuation")]
    const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    /// The characters of ASCII that are white space.
    #[star(name = "whitespace")]
    const WHITESPACE: &str = " \t\n\r\x0b\x0c";

    /// The words of `s`, each with a capital; white space between them becomes one space, unless there is a separator.
    #[star_fn(script)]
    fn capwords(
        ctx: &mut Ctx<'_>,
        s: Value,
        #[star(default = Value::None)] sep: Value,
    ) -> Result<String, Raise> {
        capitalized(ctx, s, sep)
    }
}
