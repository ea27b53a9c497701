//! Changing case, and asking what a str is made of.
//!
//! In: a str. Out: a str, or a bool.

use crate::builtins::textual::{built, whole_receiver};
use crate::heap::{Args, Ctx, NativeResult};
use crate::ops::plain::budget;
use crate::text::{case, unicode};
use crate::value::Value;

/// No change of case makes a text longer than this.
const MOST_GROWTH: usize = 3;

/// Texts up to this length are changed in a buffer if they are ASCII.
const SHORT: usize = 256;

#[inline]
fn changed(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    change: fn(&str) -> String,
    ascii_change: Option<fn(&mut str)>,
) -> NativeResult {
    if let (Value::Str(at), Some(change)) = (args[0], ascii_change) {
        let len = ctx.heap[at].as_str().len();
        if len <= SHORT && ctx.heap[at].is_ascii() {
            ctx.charge(len / 16)?;
            return Ok(ctx
                .heap
                .str_of(|heap, out| {
                    out.push_str(heap[at].as_str());
                    change(out);
                })
                .into());
        }
    }
    let (text, ascii) = crate::builtins::textual::receiver::<str>(ctx, args)?;
    budget(ctx, if ascii { text.len() } else { text.len() * MOST_GROWTH })?;
    let changed = change(&text);
    Ok(built::<str>(ctx, &changed))
}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident, $ascii:expr;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
            changed(ctx, args, case::$name, $ascii)
        }
    )*};
}

changes! {
    capitalize, None;
    casefold, Some(str::make_ascii_lowercase);
    lower, Some(str::make_ascii_lowercase);
    swapcase, None;
    title, None;
    upper, Some(str::make_ascii_uppercase);
}

macro_rules! tests {
    ($($name:ident: $test:expr;)*) => {$(
        pub(super) fn $name(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
            let text = whole_receiver::<str>(ctx, args)?;
            let test: fn(&str) -> bool = $test;
            Ok(Value::bool(test(&text)).into())
        }
    )*};
}

tests! {
    is_alnum: |text| unicode::all_chars(text, unicode::is_alnum);
    is_alpha: |text| unicode::all_chars(text, unicode::is_alpha);
    is_ascii: str::is_ascii;
    is_decimal: |text| unicode::all_chars(text, unicode::is_decimal);
    is_digit: |text| unicode::all_chars(text, unicode::is_digit);
    is_identifier: unicode::is_identifier;
    is_lower: unicode::is_lower_text;
    is_numeric: |text| unicode::all_chars(text, unicode::is_numeric);
    is_printable: |text| text.chars().all(unicode::is_printable);
    is_space: |text| unicode::all_chars(text, unicode::is_space);
    is_title: unicode::is_title_text;
    is_upper: unicode::is_upper_text;
}
