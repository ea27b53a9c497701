//! `TextWrapper`: text in lines of a width.
//!
//! In: text and options, which scripts can change at any time. Out: lines. Rule: an option is looked at when text is
//! wrapped, and a wrong one raises what CPython's use of it would.

use star::ast::CompareOp;
use star::heap::{Args, Attribute, Constant, HostType, Native};
use star::object::HostData;
use star::object::types::TypeId;
use star::ops::{repr, table, types};
use star::private::{Arity, Ctx, NativeResult, Raise, TypeDesc, Value};
use star::text::unicode;

use super::chunks::{is_space, words, words_and_parts};
use crate::arguments::ssize;
use crate::calculate::order;
use crate::native::{method, script};

/// `TextWrapper`.
pub(super) static TEXT_WRAPPER: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    attributes: ATTRIBUTES,
    constants: &[Constant {
        name: "unicode_whitespace_trans",
        doc: "What each white space becomes, for str.translate().",
        ty: &TypeDesc::Dict(&TypeDesc::Int(None), &TypeDesc::Int(None)),
        make: translation,
    }],
    ..HostType::named("TextWrapper", "textwrap", "What wraps text, and how.")
};

/// Names of the options, in the order in which they are given.
const OPTIONS: [&str; 12] = [
    "width",
    "initial_indent",
    "subsequent_indent",
    "expand_tabs",
    "replace_whitespace",
    "fix_sentence_endings",
    "break_long_words",
    "drop_whitespace",
    "break_on_hyphens",
    "tabsize",
    "max_lines",
    "placeholder",
];

const WIDTH: usize = 0;
const INITIAL_INDENT: usize = 1;
const SUBSEQUENT_INDENT: usize = 2;
const EXPAND_TABS: usize = 3;
const REPLACE_WHITESPACE: usize = 4;
const FIX_SENTENCE_ENDINGS: usize = 5;
const BREAK_LONG_WORDS: usize = 6;
const DROP_WHITESPACE: usize = 7;
const BREAK_ON_HYPHENS: usize = 8;
const TABSIZE: usize = 9;
pub(super) const MAX_LINES: usize = 10;
const PLACEHOLDER: usize = 11;

static NEW: Native = method(
    &TEXT_WRAPPER,
    "__init__",
    Arity::Script { names: &OPTIONS, positional_only: 0, positional: 10, required: 0 },
    new,
    "TextWrapper(width=70, …): what wraps text with these options",
);

static METHODS: &[Native] = &[
    method(&TEXT_WRAPPER, "fill", script(&["text"], 1), fill, "fill(text): the lines of wrap(text), joined"),
    method(
        &TEXT_WRAPPER,
        "wrap",
        script(&["text"], 1),
        wrap,
        "wrap(text): a list of lines of the width at most",
    ),
];

const fn option<const AT: usize>(doc: &'static str) -> Attribute {
    Attribute {
        name: OPTIONS[AT],
        doc,
        ty: &TypeDesc::Any,
        get: |ctx, me| Ok(options(ctx, me)[AT]),
        set: Some(|ctx, me, value| {
            if let Value::Host(at) = me
                && let Some(mut own) = ctx.heap[at].borrow_mut::<TextWrapper>()
            {
                own.0[AT] = value;
            }
            Ok(())
        }),
    }
}

static ATTRIBUTES: &[Attribute] = &[
    option::<BREAK_LONG_WORDS>("Whether words longer than a line are broken."),
    option::<BREAK_ON_HYPHENS>("Whether words are broken after hyphens."),
    option::<DROP_WHITESPACE>("Whether white space at the ends of lines is dropped."),
    option::<EXPAND_TABS>("Whether tabs become spaces."),
    option::<FIX_SENTENCE_ENDINGS>("Whether two spaces follow the end of a sentence."),
    option::<INITIAL_INDENT>("What the first line begins with."),
    option::<MAX_LINES>("How many lines there are at most, or None."),
    option::<PLACEHOLDER>("What the last line ends with if text is left out."),
    option::<REPLACE_WHITESPACE>("Whether each white space becomes a space."),
    option::<SUBSEQUENT_INDENT>("What lines after the first begin with."),
    option::<TABSIZE>("How many columns a tab has."),
    option::<WIDTH>("How many characters a line has at most."),
];

/// The options of an object.
struct TextWrapper([Value; OPTIONS.len()]);

impl HostData for TextWrapper {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        for (at, &value) in self.0.iter().enumerate().skip(index) {
            if !visit(value) {
                return at + 1;
            }
        }
        usize::MAX
    }
}

fn options(ctx: &Ctx<'_>, me: Value) -> [Value; OPTIONS.len()] {
    match me {
        Value::Host(at) => ctx.heap[at].borrow::<TextWrapper>().map_or([Value::None; _], |own| own.0),
        _ => [Value::None; _],
    }
}

/// A wrapper with these options, `Undef` for those that are not given.
fn make(ctx: &mut Ctx<'_>, given: &[Value]) -> Value {
    let empty = ctx.heap.str("");
    let placeholder = ctx.heap.str(" [...]");
    let (yes, no) = (Value::bool(true), Value::bool(false));
    let mut all =
        [Value::Int(70), empty, empty, yes, yes, no, yes, yes, yes, Value::Int(8), Value::None, placeholder];
    for (option, value) in all.iter_mut().zip(given) {
        *option = value.given().unwrap_or(*option);
    }
    ctx.heap.host_object(&TEXT_WRAPPER, TextWrapper(all))
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(make(ctx, &args.positional[1..]).into())
}

/// A wrapper of a width, with options by name; `fixed` is one that cannot be given.
pub(super) fn with_options(
    ctx: &mut Ctx<'_>,
    width: Value,
    more: Vec<(String, Value)>,
    fixed: Option<(usize, Value)>,
) -> Result<Value, Raise> {
    let mut given = [Value::Undef; OPTIONS.len()];
    given[WIDTH] = width;
    for (name, value) in more {
        match OPTIONS.iter().position(|known| *known == name) {
            Some(at) if fixed.is_some_and(|(own, _)| own == at) => {
                let message =
                    format!("textwrap.TextWrapper() got multiple values for keyword argument '{name}'");
                return Err(ctx.type_error(message));
            }
            Some(at) => given[at] = value,
            None => {
                let known = OPTIONS.iter().copied();
                let message = star::host::arguments::unexpected("TextWrapper.__init__", &name, known);
                return Err(ctx.type_error(message));
            }
        }
    }
    if let Some((at, value)) = fixed {
        given[at] = value;
    }
    Ok(make(ctx, &given))
}

fn translation(ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
    let dict = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(dict));
    let mut spaces = (0..=32u8).filter(|&c| is_space(c.into()));
    let filled = spaces.try_for_each(|c| table::dict_set(ctx, dict, Value::Int(c.into()), Value::Int(32)));
    ctx.heap.scratch.pop();
    filled.map(|()| Value::Dict(dict))
}

fn wrap(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    wrap_text(ctx, args[0], args[1]).map(Into::into)
}

fn fill(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    fill_text(ctx, args[0], args[1]).map(Into::into)
}

/// The lines of a text, as one text.
pub(super) fn fill_text(ctx: &mut Ctx<'_>, me: Value, text: Value) -> Result<Value, Raise> {
    let lines = wrap_text(ctx, me, text)?;
    ctx.heap.scratch.push(lines);
    let joined = super::join(ctx, lines, "\n");
    ctx.heap.scratch.pop();
    joined
}

/// The lines of a text, as a list.
pub(super) fn wrap_text(ctx: &mut Ctx<'_>, me: Value, text: Value) -> Result<Value, Raise> {
    let options = options(ctx, me);
    let truth = |ctx: &Ctx<'_>, at: usize| types::truthy(ctx.heap, options[at]);
    let text = spaced(ctx, &options, text)?;
    ctx.charge(1 + text.len() / 2)?;
    ctx.reserve_large(text.len().saturating_mul(16))?;
    let mut chunks =
        if options[BREAK_ON_HYPHENS] == Value::bool(true) { words_and_parts(&text) } else { words(&text) };
    if truth(ctx, FIX_SENTENCE_ENDINGS) {
        fix_sentence_endings(&mut chunks);
    }
    let mut lines = Lines::new(ctx, &options)?;
    chunks.reverse();
    lines.fill(ctx, chunks)?;
    lines.finish(ctx)
}

/// The text with tabs expanded and white space replaced.
fn spaced(ctx: &mut Ctx<'_>, options: &[Value; OPTIONS.len()], text: Value) -> Result<String, Raise> {
    let expand = types::truthy(ctx.heap, options[EXPAND_TABS]);
    let Value::Str(at) = text else {
        let given = types::type_name(ctx.heap, text);
        let method = if expand { "expandtabs" } else { "translate" };
        return Err(
            ctx.error(TypeId::AttributeError, format!("'{given}' object has no attribute '{method}'"))
        );
    };
    let mut text = ctx.heap[at].share().to_string();
    if expand {
        let size = ssize(ctx, options[TABSIZE])?;
        text = star::ops::plain::sized(ctx, |_, max| star::text::pad::expand_tabs(&*text, size, max))?;
    }
    if types::truthy(ctx.heap, options[REPLACE_WHITESPACE]) {
        text = text.chars().map(|c| if is_space(c) { ' ' } else { c }).collect();
    }
    Ok(text)
}

/// Makes a single space after the end of a sentence two.
fn fix_sentence_endings(chunks: &mut [Vec<char>]) {
    let ends = |chunk: &[char]| {
        let chunk = match chunk {
            [rest @ .., '"' | '\''] => rest,
            chunk => chunk,
        };
        matches!(chunk, [.., c, '.' | '!' | '?'] if c.is_ascii_lowercase())
    };
    let mut at = 0;
    while at + 1 < chunks.len() {
        if chunks[at + 1] == [' '] && ends(&chunks[at]) {
            chunks[at + 1].push(' ');
            at += 1;
        }
        at += 1;
    }
}

fn is_blank(chunk: &[char]) -> bool {
    chunk.iter().all(|&c| unicode::is_space(c))
}

/// Lines that are being filled.
struct Lines {
    done: Vec<Vec<char>>,
    width: i64,
    indents: [Vec<char>; 2],
    max_lines: Option<i64>,
    placeholder: Option<Vec<char>>,
    break_long_words: bool,
    break_on_hyphens: bool,
    drop_whitespace: bool,
}

/// The characters of an option, or a TypeError about its length.
fn characters(ctx: &mut Ctx<'_>, value: Value) -> Result<Vec<char>, Raise> {
    match ctx.heap.as_str(value) {
        Some(text) => Ok(text.chars().collect()),
        None => {
            let given = types::type_name(ctx.heap, value);
            Err(ctx.type_error(format!("object of type '{given}' has no len()")))
        }
    }
}

/// A bound on a number of characters or lines: a float is as good as the int below it.
fn bound(ctx: &mut Ctx<'_>, value: Value) -> Result<i64, Raise> {
    match value.as_float() {
        Some(float) => Ok(float.floor() as i64),
        None => crate::arguments::clamped(ctx, value),
    }
}

impl Lines {
    /// Checks the options.
    fn new(ctx: &mut Ctx<'_>, options: &[Value; OPTIONS.len()]) -> Result<Lines, Raise> {
        let width = options[WIDTH];
        if order(ctx, CompareOp::Le, width, Value::Int(0))? {
            let shown = repr::repr(ctx, width)?;
            return Err(ctx.value_error(format!("invalid width {shown} (must be > 0)")));
        }
        let mut lines = Lines {
            done: Vec::new(),
            width: bound(ctx, width)?,
            indents: [Vec::new(), Vec::new()],
            max_lines: None,
            placeholder: None,
            break_long_words: types::truthy(ctx.heap, options[BREAK_LONG_WORDS]),
            break_on_hyphens: types::truthy(ctx.heap, options[BREAK_ON_HYPHENS]),
            drop_whitespace: types::truthy(ctx.heap, options[DROP_WHITESPACE]),
        };
        if !options[MAX_LINES].is_none() {
            let several = order(ctx, CompareOp::Gt, options[MAX_LINES], Value::Int(1))?;
            lines.max_lines = Some(match options[MAX_LINES].as_float() {
                Some(float) => float.ceil() as i64,
                None => bound(ctx, options[MAX_LINES])?,
            });
            let Some(placeholder) = ctx.heap.as_str(options[PLACEHOLDER]) else {
                let given = types::type_name(ctx.heap, options[PLACEHOLDER]);
                let message = format!("'{given}' object has no attribute 'lstrip'");
                return Err(ctx.error(TypeId::AttributeError, message));
            };
            let placeholder: Vec<char> = placeholder.chars().collect();
            let indent = options[if several { SUBSEQUENT_INDENT } else { INITIAL_INDENT }];
            let indent = characters(ctx, indent)?;
            if (indent.len() + stripped(&placeholder).len()) as i64 > lines.width {
                return Err(ctx.value_error("placeholder too large for max width"));
            }
            lines.placeholder = Some(placeholder);
        }
        lines.indents =
            [characters(ctx, options[INITIAL_INDENT])?, characters(ctx, options[SUBSEQUENT_INDENT])?];
        Ok(lines)
    }

    fn indent(&self) -> &[char] {
        &self.indents[usize::from(!self.done.is_empty())]
    }

    /// Ends a line, whose bytes are charged for.
    fn push(&mut self, ctx: &mut Ctx<'_>, line: &[Vec<char>]) -> Result<(), Raise> {
        let mut all = self.indent().to_vec();
        all.extend(line.iter().flatten());
        ctx.charge(1 + all.len() / 8)?;
        ctx.reserve_large(
            (all.len() + 1).saturating_mul(4).saturating_mul(self.done.len() + 1).min(all.len() * 64 + 64),
        )?;
        self.done.push(all);
        Ok(())
    }

    /// Takes chunks, the first of which is last.
    fn fill(&mut self, ctx: &mut Ctx<'_>, mut chunks: Vec<Vec<char>>) -> Result<(), Raise> {
        while let Some(next) = chunks.last() {
            ctx.charge(1)?;
            let width = self.width - self.indent().len() as i64;
            if self.drop_whitespace && is_blank(next) && !self.done.is_empty() {
                chunks.pop();
            }
            let mut line: Vec<Vec<char>> = Vec::new();
            let mut length = 0;
            while let Some(chunk) = chunks.pop_if(|chunk| length + chunk.len() as i64 <= width) {
                length += chunk.len() as i64;
                line.push(chunk);
            }
            if chunks.last().is_some_and(|chunk| chunk.len() as i64 > width) {
                self.long_word(&mut chunks, &mut line, length, width);
                length = line.iter().map(|chunk| chunk.len() as i64).sum();
            }
            if self.drop_whitespace
                && let Some(blank) = line.pop_if(|chunk| is_blank(chunk))
            {
                length -= blank.len() as i64;
            }
            if line.is_empty() {
                continue;
            }
            let only_blank = self.drop_whitespace && matches!(&chunks[..], [chunk] if is_blank(chunk));
            let last = (chunks.is_empty() || only_blank) && length <= width;
            if self.max_lines.is_none_or(|most| (self.done.len() as i64) + 1 < most) || last {
                self.push(ctx, &line)?;
            } else {
                return self.cut(ctx, line, length, width);
            }
        }
        Ok(())
    }

    /// Puts as much of a word that fits no line as fits, or all of it into a line of its own.
    fn long_word(&self, chunks: &mut Vec<Vec<char>>, line: &mut Vec<Vec<char>>, length: i64, width: i64) {
        let left = if width < 1 { 1 } else { (width - length) as usize };
        if !self.break_long_words {
            if line.is_empty() {
                line.extend(chunks.pop());
            }
            return;
        }
        let Some(chunk) = chunks.last_mut() else { return };
        let mut end = left;
        if self.break_on_hyphens && chunk.len() > left {
            let hyphen = chunk[..left].iter().rposition(|&c| c == '-').unwrap_or(0);
            if hyphen > 0 && chunk[..hyphen].iter().any(|&c| c != '-') {
                end = hyphen + 1;
            }
        }
        let rest = chunk.split_off(end.min(chunk.len()));
        line.push(std::mem::replace(chunk, rest));
    }

    /// Ends the last line there may be with the placeholder.
    fn cut(
        &mut self,
        ctx: &mut Ctx<'_>,
        mut line: Vec<Vec<char>>,
        mut length: i64,
        width: i64,
    ) -> Result<(), Raise> {
        let placeholder = self.placeholder.clone().unwrap_or_default();
        while let Some(chunk) = line.last() {
            if !is_blank(chunk) && length + placeholder.len() as i64 <= width {
                line.push(placeholder);
                return self.push(ctx, &line);
            }
            length -= chunk.len() as i64;
            line.pop();
        }
        if let Some(last) = self.done.last_mut() {
            let end = last.iter().rposition(|&c| !unicode::is_space(c)).map_or(0, |at| at + 1);
            if (end + placeholder.len()) as i64 <= self.width {
                last.truncate(end);
                last.extend(placeholder);
                return Ok(());
            }
        }
        self.push(ctx, &[stripped(&placeholder).to_vec()])
    }

    /// The lines as a list.
    fn finish(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        let Value::List(list) = ctx.heap.list(Vec::with_capacity(self.done.len())) else {
            return Ok(Value::None);
        };
        ctx.heap.scratch.push(Value::List(list));
        let filled = self.done.into_iter().try_for_each(|line| {
            let line: String = line.into_iter().collect();
            ctx.reserve_large(line.len())?;
            let line = ctx.heap.str(&line);
            ctx.heap.list_push(list, line);
            Ok(())
        });
        ctx.heap.scratch.pop();
        filled.map(|()| Value::List(list))
    }
}

/// Without white space at the start.
fn stripped(text: &[char]) -> &[char] {
    let start = text.iter().position(|&c| !unicode::is_space(c)).unwrap_or(text.len());
    &text[start..]
}
