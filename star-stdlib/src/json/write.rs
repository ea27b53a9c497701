//! Writing values as JSON straight from the heap.
//!
//! In: a value and [`Options`]. Out: text, or a request to call the script's `default`. Rules: nothing recurses; what is
//! open lies in [`Writer::open`], and its values on a [`Stack`]; a `default` may change what is being written, of which the
//! rest is then written as it is found.

use std::collections::HashSet;

use star::builtins::sort::sort_by_keys;
use star::heap::SMALL;
use star::object::types::TypeId;
use star::object::{Entry, Str};
use star::ops::plain::{Builder, push_int};
use star::ops::{repr, types};
use star::private::{Ctx, Raise, Value};
use star::text::float::write_repr;
use star::value::Ref;

use super::escape;
use super::options::Options;
use super::read::MOST_DEPTH;
use super::stack::Stack;

/// How far a writer came.
pub(super) enum Step {
    /// To the end.
    Done,
    /// It has written as much as it was asked for.
    Full,
    /// It goes on with what this function returns for this argument.
    Call(Value, Value),
}

/// Something that is being written.
#[derive(Clone, Copy)]
struct Open {
    kind: Kind,
    /// Number of the next item; in a dict, of its place in the table.
    next: usize,
    /// Some item has been written.
    any: bool,
}

/// What an open value is. On the stack lie the value itself, and what its items are taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A list or tuple.
    Array,
    /// A dict.
    Object,
    /// A dict whose keys and values alternate in a list.
    Pairs,
    /// An object for which `default` has given another value.
    Replaced,
}

/// A value that is being written.
pub(super) struct Writer {
    options: Options,
    pub out: Builder,
    open: Vec<Open>,
    stack: Stack,
    /// What is open beyond the first few, which are looked for one by one.
    deep: HashSet<Value>,
}

/// So many open containers are looked at one by one for a circle.
const SHALLOW: usize = 8;

impl Writer {
    /// A writer. The home of its stack, and the function among its options, have to be rooted.
    pub fn new(ctx: &mut Ctx<'_>, options: Options) -> Writer {
        let stack = Stack::new(ctx);
        Writer { options, out: Builder::new(ctx), open: Vec::new(), stack, deep: HashSet::new() }
    }

    /// The list that has to be rooted.
    pub fn home(&self) -> Value {
        self.stack.home()
    }

    /// Writes on until the end, a call, or until `most` bytes are there. `value` is what comes next: the whole at first,
    /// later what the last call returned.
    pub fn run(&mut self, ctx: &mut Ctx<'_>, value: Option<Value>, most: usize) -> Result<Step, Raise> {
        // What a call returned lies nowhere else until it is written.
        ctx.heap.scratch.push(value.unwrap_or_default());
        self.stack.lift(ctx);
        let result = self.values(ctx, value, most);
        self.stack.settle(ctx);
        ctx.heap.scratch.pop();
        result
    }

    fn values(&mut self, ctx: &mut Ctx<'_>, mut next: Option<Value>, most: usize) -> Result<Step, Raise> {
        loop {
            if let Some(value) = next.take()
                && let Some(call) = self.value(ctx, value)?
            {
                return Ok(call);
            }
            let Some(&open) = self.open.last() else { return Ok(Step::Done) };
            if self.out.text.len() >= most {
                return Ok(Step::Full);
            }
            next = match open.kind {
                Kind::Array => self.items(ctx, open)?,
                Kind::Object => self.entry(ctx, open)?,
                Kind::Pairs => self.pair(ctx, open)?,
                Kind::Replaced => None,
            };
            if next.is_none() {
                self.leave(ctx, open)?;
            }
        }
    }

    /// Makes room for `bytes` more of text. **May collect.**
    #[inline]
    fn room(&mut self, ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
        if self.out.text.capacity() - self.out.text.len() >= bytes { Ok(()) } else { self.grow(ctx, bytes) }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
        let Writer { out, stack, .. } = self;
        let more = bytes.max(out.text.len());
        stack.settled(ctx, |ctx| out.room(ctx, more))?;
        out.text.reserve(more);
        Ok(())
    }

    #[inline]
    fn put(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<(), Raise> {
        self.room(ctx, text.len())?;
        self.out.text.push_str(text);
        Ok(())
    }

    /// Writes a value that holds no others, or enters it.
    #[inline]
    fn value(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<Option<Step>, Raise> {
        match value {
            Value::Str(at) => self.text(ctx, at)?,
            Value::Int(int) => self.int(ctx, int)?,
            Value::Float(bits) => self.float(ctx, f64::from_bits(bits))?,
            Value::None => self.put(ctx, "null")?,
            Value::Bool(0) => self.put(ctx, "false")?,
            Value::Bool(_) => self.put(ctx, "true")?,
            Value::List(_) | Value::Tuple(_) => self.enter_array(ctx, value)?,
            Value::Dict(_) => self.enter_object(ctx, value)?,
            Value::BigInt(_) => self.big_int(ctx, value)?,
            _ => return self.replace(ctx, value).map(Some),
        }
        Ok(None)
    }

    #[inline]
    fn text(&mut self, ctx: &mut Ctx<'_>, at: Ref<Str>) -> Result<(), Raise> {
        let length = ctx.heap[at].as_str().len();
        if length > SMALL {
            return self.long_text(ctx, at);
        }
        self.room(ctx, escape::bound(length))?;
        escape::write(&mut self.out.text, ctx.heap[at].as_str(), self.options.ensure_ascii);
        Ok(())
    }

    /// A long text gets the room that it needs and no more, which is counted first.
    #[cold]
    fn long_text(&mut self, ctx: &mut Ctx<'_>, at: Ref<Str>) -> Result<(), Raise> {
        let text = ctx.heap[at].share();
        self.room(ctx, escape::length(&text, self.options.ensure_ascii))?;
        escape::write(&mut self.out.text, &text, self.options.ensure_ascii);
        Ok(())
    }

    #[inline]
    fn int(&mut self, ctx: &mut Ctx<'_>, int: i64) -> Result<(), Raise> {
        self.room(ctx, 20)?;
        push_int(&mut self.out.text, int);
        Ok(())
    }

    #[cold]
    fn big_int(&mut self, ctx: &mut Ctx<'_>, int: Value) -> Result<(), Raise> {
        let text = self.stack.settled(ctx, |ctx| repr::repr(ctx, int))?;
        self.put(ctx, &text)
    }

    #[inline]
    fn float(&mut self, ctx: &mut Ctx<'_>, x: f64) -> Result<(), Raise> {
        if !x.is_finite() {
            return self.not_finite(ctx, x);
        }
        self.room(ctx, 32)?;
        write_repr(&mut self.out.text, x);
        Ok(())
    }

    #[cold]
    fn not_finite(&mut self, ctx: &mut Ctx<'_>, x: f64) -> Result<(), Raise> {
        if !self.options.allow_nan {
            let shown = star::text::float::repr_float(x);
            return Err(ctx.value_error(format!("Out of range float values are not JSON compliant: {shown}")));
        }
        self.put(
            ctx,
            match x {
                _ if x.is_nan() => "NaN",
                _ if x > 0.0 => "Infinity",
                _ => "-Infinity",
            },
        )
    }

    // ---- entering and leaving ------------------------------------------------------------------------

    fn enter_array(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<(), Raise> {
        let count = ctx.heap.as_items(value).map_or(0, <[Value]>::len);
        ctx.charge(1 + count)?;
        if count == 0 {
            return self.put(ctx, "[]");
        }
        self.enter(ctx, value, Kind::Array)?;
        self.stack.push(ctx, value)?;
        self.put(ctx, "[")?;
        self.new_line(ctx)
    }

    fn enter_object(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<(), Raise> {
        let Value::Dict(at) = value else { return Ok(()) };
        let count = ctx.heap[at].table().len();
        ctx.charge(1 + count)?;
        if count == 0 {
            return self.put(ctx, "{}");
        }
        let sort = self.options.sort_keys;
        self.enter(ctx, value, if sort { Kind::Pairs } else { Kind::Object })?;
        let source = if sort { self.pairs(ctx, value, count)? } else { value };
        self.stack.push(ctx, source)?;
        self.put(ctx, "{")?;
        self.new_line(ctx)
    }

    /// Opens `value`, which must not be open already. What its items are taken from has to be pushed next.
    fn enter(&mut self, ctx: &mut Ctx<'_>, value: Value, kind: Kind) -> Result<(), Raise> {
        if self.options.check_circular {
            let shallow = self.stack.items.iter().step_by(2).take(SHALLOW);
            if shallow.copied().any(|open| open == value) || self.deep.contains(&value) {
                return Err(ctx.value_error("Circular reference detected"));
            }
        }
        if self.open.len() >= MOST_DEPTH {
            let message = "maximum recursion depth exceeded while encoding a JSON object";
            return Err(ctx.error(TypeId::RecursionError, message));
        }
        if self.open.len() >= SHALLOW {
            self.deep.insert(value);
        }
        self.open.push(Open { kind, next: 0, any: false });
        self.stack.push(ctx, value)
    }

    /// The keys and values of a dict in a list of their own, sorted by key. The dict lies on the stack.
    fn pairs(&mut self, ctx: &mut Ctx<'_>, dict: Value, count: usize) -> Result<Value, Raise> {
        self.stack.settled(ctx, |ctx| {
            ctx.reserve_large(count * size_of::<Value>() * 4)?;
            let Value::Dict(at) = dict else { return Ok(Value::None) };
            let entries: Vec<Entry<Value>> = ctx.heap[at].table().entries().copied().collect();
            let order = sorted(ctx, &entries)?;
            let pairs = order.iter().flat_map(|&at| [entries[at].key, entries[at].value]).collect();
            Ok(ctx.heap.list(pairs))
        })
    }

    /// Closes what is open innermost.
    fn leave(&mut self, ctx: &mut Ctx<'_>, open: Open) -> Result<(), Raise> {
        self.open.pop();
        self.stack.items.pop();
        if let Some(value) = self.stack.items.pop()
            && self.open.len() >= SHALLOW
        {
            self.deep.remove(&value);
        }
        match open.kind {
            Kind::Replaced => return Ok(()),
            _ => self.new_line(ctx)?,
        }
        self.put(ctx, if open.kind == Kind::Array { "]" } else { "}" })
    }

    /// A new line, indented as deep as values are open, if the output is indented at all.
    #[inline]
    fn new_line(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Raise> {
        if self.options.indent.is_none() { Ok(()) } else { self.indented_line(ctx) }
    }

    #[inline(never)]
    fn indented_line(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Raise> {
        let depth = self.open.iter().filter(|open| open.kind != Kind::Replaced).count();
        let indent = self.options.indent.clone().unwrap_or_default();
        ctx.charge(depth / 16)?;
        self.room(ctx, 1 + depth.saturating_mul(indent.len()))?;
        self.out.text.push('\n');
        (0..depth).for_each(|_| self.out.text.push_str(&indent));
        Ok(())
    }

    /// Asks for what stands for a value that JSON has no form for.
    #[cold]
    fn replace(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<Step, Raise> {
        if self.options.default.is_none() {
            return Err(not_serializable(ctx, value));
        }
        self.enter(ctx, value, Kind::Replaced)?;
        self.stack.push(ctx, Value::Undef)?;
        Ok(Step::Call(self.options.default, value))
    }

    // ---- items -----------------------------------------------------------------------------------------

    /// What comes before an item: the separator, unless it is the first.
    #[inline]
    fn separate(&mut self, ctx: &mut Ctx<'_>, open: &mut Open) -> Result<(), Raise> {
        if !std::mem::replace(&mut open.any, true) {
            return Ok(());
        }
        let length = self.options.item_separator.len();
        self.room(ctx, length)?;
        self.out.text.push_str(&self.options.item_separator);
        self.new_line(ctx)
    }

    #[inline]
    fn source(&self) -> Value {
        self.stack.items.last().copied().unwrap_or_default()
    }

    fn remember(&mut self, open: Open) {
        if let Some(last) = self.open.last_mut() {
            *last = open;
        }
    }

    /// Writes items of an array up to the next that holds others, which it returns; `None` at the end.
    fn items(&mut self, ctx: &mut Ctx<'_>, mut open: Open) -> Result<Option<Value>, Raise> {
        let source = self.source();
        loop {
            let Some(&item) = ctx.heap.as_items(source).and_then(|items| items.get(open.next)) else {
                return Ok(None);
            };
            open.next += 1;
            self.separate(ctx, &mut open)?;
            match item {
                Value::Str(at) => self.text(ctx, at)?,
                Value::Int(int) => self.int(ctx, int)?,
                Value::Float(bits) => self.float(ctx, f64::from_bits(bits))?,
                _ => {
                    self.remember(open);
                    return Ok(Some(item));
                }
            }
        }
    }

    /// Writes the next key of a dict and returns its value; `None` at the end.
    fn entry(&mut self, ctx: &mut Ctx<'_>, mut open: Open) -> Result<Option<Value>, Raise> {
        let Value::Dict(at) = self.source() else { return Ok(None) };
        loop {
            let Some(&Entry { key, value, .. }) = ctx.heap[at].table().raw_entries().get(open.next) else {
                return Ok(None);
            };
            open.next += 1;
            if key.is_undef() || !self.key(ctx, &mut open, key)? {
                continue;
            }
            match value {
                Value::Str(at) => self.text(ctx, at)?,
                Value::Int(int) => self.int(ctx, int)?,
                Value::Float(bits) => self.float(ctx, f64::from_bits(bits))?,
                _ => {
                    self.remember(open);
                    return Ok(Some(value));
                }
            }
        }
    }

    /// The same of a list of keys and values.
    fn pair(&mut self, ctx: &mut Ctx<'_>, mut open: Open) -> Result<Option<Value>, Raise> {
        let source = self.source();
        loop {
            let items = ctx.heap.as_items(source).unwrap_or_default();
            let Some(&[key, value]) = items.get(open.next..open.next + 2) else { return Ok(None) };
            open.next += 2;
            if self.key(ctx, &mut open, key)? {
                self.remember(open);
                return Ok(Some(value));
            }
        }
    }

    /// Writes a key with what comes before and after it; false if it is left out.
    #[inline]
    fn key(&mut self, ctx: &mut Ctx<'_>, open: &mut Open, key: Value) -> Result<bool, Raise> {
        match key {
            Value::Str(at) => {
                self.separate(ctx, open)?;
                self.text(ctx, at)?;
            }
            _ => {
                if !self.other_key(ctx, open, key)? {
                    return Ok(false);
                }
            }
        }
        let length = self.options.key_separator.len();
        self.room(ctx, length)?;
        self.out.text.push_str(&self.options.key_separator);
        Ok(true)
    }

    /// A key that is no str is written as one.
    #[inline(never)]
    fn other_key(&mut self, ctx: &mut Ctx<'_>, open: &mut Open, key: Value) -> Result<bool, Raise> {
        let plain =
            matches!(key, Value::Float(_) | Value::Bool(_) | Value::None | Value::Int(_) | Value::BigInt(_));
        if !plain && self.options.skip_keys {
            return Ok(false);
        }
        if !plain {
            let given = types::type_name(ctx.heap, key);
            return Err(ctx.type_error(format!("keys must be str, int, float, bool or None, not {given}")));
        }
        self.separate(ctx, open)?;
        self.put(ctx, "\"")?;
        self.value(ctx, key)?;
        self.put(ctx, "\"")?;
        Ok(true)
    }
}

/// What `JSONEncoder.default` raises.
#[cold]
pub(super) fn not_serializable(ctx: &mut Ctx<'_>, value: Value) -> Raise {
    let given = types::type_name(ctx.heap, value);
    ctx.type_error(format!("Object of type {given} is not JSON serializable"))
}

/// The order of entries by their keys. Their keys are rooted; may collect.
fn sorted(ctx: &mut Ctx<'_>, entries: &[Entry<Value>]) -> Result<Vec<usize>, Raise> {
    let keys = ctx.heap.list(entries.iter().map(|entry| entry.key).collect());
    let places = ctx.heap.list((0..entries.len() as i64).map(Value::Int).collect());
    let (Value::List(keys_at), Value::List(places_at)) = (keys, places) else { return Ok(Vec::new()) };
    ctx.heap.scratch.extend([keys, places]);
    let result = sort_by_keys(ctx, places_at, keys_at);
    ctx.heap.scratch.truncate(ctx.heap.scratch.len() - 2);
    result?;
    let places = ctx.heap[places_at].items().iter();
    Ok(places.filter_map(|place| place.as_int()).map(|place| place as usize).collect())
}
