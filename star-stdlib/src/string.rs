//! `string`: constants, `capwords`, templates and formatters.
//!
//! In: text and what to put into it. Out: text. Rule: as CPython's module of this name.

use star::private::{Constant, Ctx, Family, HostModule, Raise, TypeDesc, Value};

/// `string`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    constants: &[
        text("ascii_letters", "The letters of ASCII.", |ctx| make(ctx, ASCII_LETTERS)),
        text("ascii_lowercase", "The small letters of ASCII.", |ctx| make(ctx, &ASCII_LETTERS[..26])),
        text("ascii_uppercase", "The capital letters of ASCII.", |ctx| make(ctx, &ASCII_LETTERS[26..])),
        text("digits", "The digits.", |ctx| make(ctx, &HEXDIGITS[..10])),
        text("hexdigits", "The digits of numbers in base 16.", |ctx| make(ctx, HEXDIGITS)),
        text("octdigits", "The digits of numbers in base 8.", |ctx| make(ctx, &HEXDIGITS[..8])),
        text("printable", "The characters of ASCII that can be printed.", |ctx| {
            make(ctx, &format!("{}{ASCII_LETTERS}{PUNCTUATION}{WHITESPACE}", &HEXDIGITS[..10]))
        }),
        text("punctuation", "The characters of ASCII that are punctuation.", |ctx| make(ctx, PUNCTUATION)),
        text("whitespace", "The characters of ASCII that are white space.", |ctx| make(ctx, WHITESPACE)),
    ],
    ..HostModule::named("string", "Constants for characters of ASCII, and templates.", Family::Python)
};

const ASCII_LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const HEXDIGITS: &str = "0123456789abcdefABCDEF";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const WHITESPACE: &str = " \t\n\r\x0b\x0c";

const fn text(
    name: &'static str,
    doc: &'static str,
    make: fn(&mut Ctx<'_>) -> Result<Value, Raise>,
) -> Constant {
    Constant { name, doc, ty: &TypeDesc::Str, make }
}

fn make(ctx: &mut Ctx<'_>, text: &str) -> Result<Value, Raise> {
    Ok(ctx.heap.str(text))
}
