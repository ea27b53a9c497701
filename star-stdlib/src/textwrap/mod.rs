//! `textwrap`.
//!
//! In: text. Out: text in lines of a width, with or without what its lines begin with. Rule: as CPython's module of this
//! name.
//!
//! | file | |
//! | --- | --- |
//! | `wrapper` | `TextWrapper` |
//! | `chunks` | text as words and parts of words |

mod chunks;
mod wrapper;

use star::object::types::TypeId;
use star::ops::iterate::{Flow, Fold, Kept, fold};
use star::ops::plain::Builder;
use star::ops::types;
use star::private::{Ctx, NativeResult, Raise, Value};
use star::text::{split, unicode};
use star_macros::star_module;

pub use module::module;

/// The texts of a list with something between them. They are rooted.
fn join(ctx: &mut Ctx<'_>, texts: Value, between: &str) -> Result<Value, Raise> {
    let mut out = Builder::new(ctx);
    let mut at = 0;
    while let Some(&text) = ctx.heap.as_items(texts).and_then(|texts| texts.get(at)) {
        if at > 0 {
            out.push(ctx, between)?;
        }
        if let Value::Str(text) = text {
            let text = ctx.heap[text].share();
            out.push(ctx, &text)?;
        }
        at += 1;
    }
    out.finish(ctx)
}

/// The text of an argument that a regular expression is matched with.
fn searched(ctx: &mut Ctx<'_>, text: Value) -> Result<String, Raise> {
    match text {
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            ctx.charge(1 + text.len() / 4)?;
            ctx.reserve_large(text.len() * 2)?;
            Ok(text.to_string())
        }
        Value::Bytes(_) => Err(ctx.type_error("cannot use a string pattern on a bytes-like object")),
        _ => {
            let given = types::type_name(ctx.heap, text);
            Err(ctx.type_error(format!("expected string or bytes-like object, got '{given}'")))
        }
    }
}

/// The text without what all its lines begin with.
fn dedented(text: &str) -> String {
    let is_blank = |line: &str| line.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !is_blank(line)) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        margin = Some(match margin {
            None => indent,
            Some(margin) => {
                let common = margin.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                &margin[..common]
            }
        });
    }
    let margin = margin.unwrap_or_default();
    let lines = text.split('\n').map(|line| match is_blank(line) {
        true => "",
        false => line.strip_prefix(margin).unwrap_or(line),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Asks for each line whether it gets the prefix. Keeps: the function, the prefix, the list of texts.
struct Indent;

impl Indent {
    fn push(ctx: &mut Ctx<'_>, kept: &Kept, text: Value) -> Result<(), Raise> {
        if let Value::List(at) = kept.get(ctx, 2) {
            let growth = ctx.heap.list_growth(at);
            ctx.reserve_large(growth)?;
            ctx.heap.list_push(at, text);
        }
        Ok(())
    }

    fn line(ctx: &mut Ctx<'_>, kept: &Kept, line: Value, chosen: bool) -> Result<Flow, Raise> {
        if chosen {
            let prefix = kept.get(ctx, 1);
            if !matches!(prefix, Value::Str(_)) {
                let at = ctx.heap.as_items(kept.get(ctx, 2)).map_or(0, <[Value]>::len);
                let given = types::type_name(ctx.heap, prefix);
                let message = format!("sequence item {at}: expected str instance, {given} found");
                return Err(ctx.type_error(message));
            }
            Indent::push(ctx, kept, prefix)?;
        }
        Indent::push(ctx, kept, line)?;
        Ok(Flow::Continue)
    }
}

impl Fold for Indent {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, line: Value) -> Result<Flow, Raise> {
        match kept.get(ctx, 0) {
            Value::None => {
                let blank = |line: &str| line.chars().all(unicode::is_space);
                let chosen = ctx.heap.as_str(line).is_some_and(|line| !blank(line));
                Indent::line(ctx, kept, line, chosen)
            }
            predicate => Ok(Flow::Call(predicate, line)),
        }
    }

    fn called(ctx: &mut Ctx<'_>, kept: &mut Kept, line: Value, result: Value) -> Result<Flow, Raise> {
        let chosen = types::truthy(ctx.heap, result);
        Indent::line(ctx, kept, line, chosen)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let texts = kept.get(ctx, 2);
        Ok(join(ctx, texts, "")?.into())
    }
}

fn no_attribute(ctx: &mut Ctx<'_>, value: Value, name: &str) -> Raise {
    let given = types::type_name(ctx.heap, value);
    ctx.error(TypeId::AttributeError, format!("'{given}' object has no attribute '{name}'"))
}

/// Wrapping text and filling paragraphs.
#[star_module("textwrap", family = "python", types = [super::wrapper::TEXT_WRAPPER])]
mod module {
    use super::*;

    /// The text without the white space that all its lines begin with.
    #[star_fn(script)]
    fn dedent(ctx: &mut Ctx<'_>, text: Value) -> Result<String, Raise> {
        Ok(dedented(&searched(ctx, text)?))
    }

    /// The text in lines of a width at most; options as for `TextWrapper`.
    #[star_fn(script)]
    fn fill(
        ctx: &mut Ctx<'_>,
        text: Value,
        #[star(default = Value::Int(70))] width: Value,
        #[star(kwargs)] kwargs: Vec<(String, Value)>,
    ) -> Result<Value, Raise> {
        let wrapper = wrapper::with_options(ctx, width, kwargs, None)?;
        rooted(ctx, wrapper, |ctx| wrapper::fill_text(ctx, wrapper, text))
    }

    /// The text with a prefix before each line that is not blank, or for which a function says so.
    #[star_fn(script)]
    fn indent(
        ctx: &mut Ctx<'_>,
        text: Value,
        prefix: Value,
        #[star(default = Value::None)] predicate: Value,
    ) -> NativeResult {
        let Value::Str(at) = text else { return Err(no_attribute(ctx, text, "splitlines")) };
        let text = ctx.heap[at].share();
        ctx.charge(1 + text.len() / 8)?;
        ctx.reserve_large(text.len().saturating_mul(size_of::<Value>() + 40))?;
        let lines: Vec<Value> = split::split_lines(&*text, true).map(|line| ctx.heap.str(line)).collect();
        let lines = ctx.heap.list(lines);
        let texts = ctx.heap.list(Vec::new());
        fold::<Indent>(ctx, lines, &[predicate, prefix, texts], [0; 3])
    }

    /// The text with its white space collapsed, cut at a word to fit a width; options as for `TextWrapper`.
    #[star_fn(script)]
    fn shorten(
        ctx: &mut Ctx<'_>,
        text: Value,
        width: Value,
        #[star(kwargs)] kwargs: Vec<(String, Value)>,
    ) -> Result<Value, Raise> {
        let one = (wrapper::MAX_LINES, Value::Int(1));
        let wrapper = wrapper::with_options(ctx, width, kwargs, Some(one))?;
        rooted(ctx, wrapper, |ctx| {
            let Value::Str(at) = text else { return Err(no_attribute(ctx, text, "strip")) };
            let text = ctx.heap[at].share();
            ctx.charge(1 + text.len() / 8)?;
            ctx.reserve_large(text.len())?;
            let words: Vec<&str> = split::split_whitespace(&*text, -1).collect();
            let text = ctx.heap.str(&words.join(" "));
            rooted(ctx, text, |ctx| wrapper::fill_text(ctx, wrapper, text))
        })
    }

    /// The lines of the text, each of a width at most; options as for `TextWrapper`.
    #[star_fn(script)]
    fn wrap(
        ctx: &mut Ctx<'_>,
        text: Value,
        #[star(default = Value::Int(70))] width: Value,
        #[star(kwargs)] kwargs: Vec<(String, Value)>,
    ) -> Result<Value, Raise> {
        let wrapper = wrapper::with_options(ctx, width, kwargs, None)?;
        rooted(ctx, wrapper, |ctx| wrapper::wrap_text(ctx, wrapper, text))
    }
}

/// Keeps a value while something works.
fn rooted<R>(ctx: &mut Ctx<'_>, value: Value, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
    let base = ctx.heap.scratch.len();
    ctx.heap.scratch.push(value);
    let result = work(ctx);
    ctx.heap.scratch.truncate(base);
    result
}
