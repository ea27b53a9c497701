//! How values are written.
//!
//! In: the arguments of `dumps` or `JSONEncoder`. Out: [`Options`]. Rule: what is wrong with them is said in CPython's
//! words, at the time at which CPython says it.

use star::heap::Outcome;
use star::object::Text;
use star::ops::{iterate, types};
use star::private::{Ctx, Raise, Value};

/// The options of an encoder, in the order in which `dumps` names them.
pub(super) const NAMES: [&str; 8] = [
    "skipkeys",
    "ensure_ascii",
    "check_circular",
    "allow_nan",
    "sort_keys",
    "indent",
    "separators",
    "default",
];

/// How values are written.
#[derive(Clone)]
pub(super) struct Options {
    pub skip_keys: bool,
    pub ensure_ascii: bool,
    pub check_circular: bool,
    pub allow_nan: bool,
    pub sort_keys: bool,
    /// What a line is indented with for each container around it; without it all is one line.
    pub indent: Option<Text>,
    pub item_separator: Text,
    pub key_separator: Text,
    /// What gives values that can be written for those that cannot; a function or None.
    pub default: Value,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            skip_keys: false,
            ensure_ascii: true,
            check_circular: true,
            allow_nan: true,
            sort_keys: false,
            indent: None,
            item_separator: Text::new_static(", "),
            key_separator: Text::new_static(": "),
            default: Value::None,
        }
    }
}

/// What a script gave for the options: one value for each of [`NAMES`], `Undef` where left out.
pub(super) struct Given(pub [Value; 8]);

impl Given {
    /// The two separators, `(item, key)`; values, since CPython only looks at them when something is written.
    pub fn separators(&self, ctx: &mut Ctx<'_>) -> Result<(Value, Value), Raise> {
        let [.., indent, separators, _] = self.0;
        if let Some(separators) = separators.given().filter(|given| !given.is_none()) {
            if let Outcome::Return(items) = iterate::unpack(ctx, separators, 2, None)?
                && let Some(&[item, key]) = ctx.heap.as_items(items)
            {
                return Ok((item, key));
            }
            return Err(ctx.type_error("separators must be a tuple of two strs"));
        }
        let one_line = indent.is_undef() || indent.is_none();
        let item = ctx.heap.str(if one_line { ", " } else { "," });
        Ok((item, ctx.heap.str(": ")))
    }

    /// The options. What is wrong with the indent or the separators is said here.
    pub fn options(&self, ctx: &mut Ctx<'_>, (item, key): (Value, Value)) -> Result<Options, Raise> {
        let [skip_keys, ensure_ascii, check_circular, allow_nan, sort_keys, indent, _, default] = self.0;
        let flag = |value: Value, default| value.given().map_or(default, |v| types::truthy(ctx.heap, v));
        let mut options = Options {
            skip_keys: flag(skip_keys, false),
            ensure_ascii: flag(ensure_ascii, true),
            check_circular: flag(check_circular, true),
            allow_nan: flag(allow_nan, true),
            sort_keys: flag(sort_keys, false),
            default: default.given().unwrap_or(Value::None),
            ..Options::default()
        };
        options.indent = self::indent(ctx, indent)?;
        for (number, separator, place) in
            [(5, key, &mut options.key_separator), (6, item, &mut options.item_separator)]
        {
            match separator {
                Value::Str(at) => *place = ctx.heap[at].share(),
                _ => {
                    let given = types::type_name(ctx.heap, separator);
                    let given = if separator.is_none() { "None" } else { &given };
                    return Err(
                        ctx.type_error(format!("make_encoder() argument {number} must be str, not {given}"))
                    );
                }
            }
        }
        Ok(options)
    }
}

fn indent(ctx: &mut Ctx<'_>, indent: Value) -> Result<Option<Text>, Raise> {
    match indent {
        Value::Undef | Value::None => Ok(None),
        Value::Str(at) => Ok(Some(ctx.heap[at].share())),
        _ => match star::ops::plain::int_ref(ctx.heap, indent) {
            Some(width) => {
                let width = width.to_i64().and_then(|width| usize::try_from(width.max(0)).ok());
                let width = width.unwrap_or(if width_is_negative(ctx, indent) { 0 } else { usize::MAX });
                star::ops::plain::budget(ctx, width)?;
                Ok(Some(Text::from(" ".repeat(width))))
            }
            None => {
                let given = types::type_name(ctx.heap, indent);
                Err(ctx.type_error(format!("can't multiply sequence by non-int of type '{given}'")))
            }
        },
    }
}

fn width_is_negative(ctx: &Ctx<'_>, width: Value) -> bool {
    star::ops::plain::int_ref(ctx.heap, width).is_some_and(|width| width.is_negative())
}
