//! Reading a document straight into values of the heap.
//!
//! In: a text. Out: the value it stands for, a request to call a function of the script with part of it, or what is
//! wrong. Rules: nothing recurses; what is open lies in [`Parser::open`] and the values of it on a [`Stack`]; keys that
//! a document repeats become one string.

use star::object::types::TypeId;
use star::object::{Entry, Text};
use star::ops::{plain, table};
use star::private::{Ctx, HostData, HostType, Raise, Value};
use star::text::int::parse_int;

use super::scan::{self, Fault, Found, Number};
use super::stack::Stack;

/// Containers within containers beyond which a document is refused, about as CPython does.
pub(super) const MOST_DEPTH: usize = 10_000;

/// What reads parts of a document in place of the parser: functions, `Undef` where the parser does it itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Hooks {
    pub object: Value,
    pub pairs: Value,
    pub float: Value,
    pub int: Value,
    pub constant: Value,
}

/// How far a parser came.
pub(super) enum Step {
    /// To the end of the value.
    Done(Value),
    /// It goes on with what this function returns for this argument.
    Call(Value, Value),
}

/// Why a parser stopped.
pub(super) enum Stopped {
    /// Something was raised.
    Raise(Raise),
    /// The document is wrong.
    Fault(Fault),
}

impl From<Raise> for Stopped {
    fn from(raise: Raise) -> Stopped {
        Stopped::Raise(raise)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Stopped {
        Stopped::Fault(fault)
    }
}

fn fault<T>(message: &'static str, at: usize) -> Result<T, Stopped> {
    Err(Fault { message, at }.into())
}

/// A container that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    object: bool,
    /// Where its values begin on the stack.
    base: u32,
}

/// A document that is being read.
pub(super) struct Parser {
    text: Text,
    /// The byte at which it goes on.
    pub at: usize,
    strict: bool,
    hooks: Hooks,
    open: Vec<Open>,
    pub stack: Stack,
    keys: Keys,
    /// Texts without their escapes.
    buffer: String,
}

pub(super) static PARSER: HostType = HostType::named("parser", "json", "A document that is being read.");

/// While it waits, what it holds lies in the home of its stack, which its machine keeps.
impl HostData for Parser {}

impl Parser {
    /// A parser of `text` that begins at byte `at`. The home of its stack has to be rooted.
    pub fn new(ctx: &mut Ctx<'_>, text: Text, at: usize, strict: bool, hooks: Hooks) -> Parser {
        let stack = Stack::new(ctx);
        Parser {
            text,
            at,
            strict,
            hooks,
            open: Vec::new(),
            stack,
            keys: Keys::default(),
            buffer: String::new(),
        }
    }

    /// Reads on to the end of the value, or to a call; `resumed` is what the last call returned.
    pub fn run(&mut self, ctx: &mut Ctx<'_>, resumed: Option<Value>) -> Result<Step, Stopped> {
        let text = self.text.clone();
        self.stack.lift(ctx);
        let result = self.values(ctx, &text, resumed);
        self.stack.settle(ctx);
        result
    }

    fn values(&mut self, ctx: &mut Ctx<'_>, text: &str, resumed: Option<Value>) -> Result<Step, Stopped> {
        let mut ready = resumed;
        loop {
            let value = match ready.take() {
                Some(value) => value,
                None => match self.value(ctx, text)? {
                    Scanned::Value(value) => value,
                    Scanned::Opened => continue,
                    Scanned::Call(function, argument) => return Ok(Step::Call(function, argument)),
                },
            };
            let Some(&open) = self.open.last() else { return Ok(Step::Done(value)) };
            self.stack.push(ctx, value)?;
            if self.closes(ctx, text, open)? {
                self.open.pop();
                match self.close(ctx, open)? {
                    Scanned::Call(function, argument) => return Ok(Step::Call(function, argument)),
                    Scanned::Value(value) => ready = Some(value),
                    Scanned::Opened => {}
                }
            }
        }
    }

    /// What begins here: a value, or a container that now is open with a value of it to come.
    #[inline]
    fn value(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<Scanned, Stopped> {
        let bytes = text.as_bytes();
        let at = self.at;
        let value = match bytes.get(at) {
            Some(b'"') => {
                let (found, end) = scan::string(text, at + 1, self.strict, &mut self.buffer)?;
                self.at = end;
                let content = match found {
                    Found::Plain(content) => content,
                    Found::Unescaped => self.buffer.as_str(),
                };
                self.stack.room(ctx, content.len())?;
                ctx.heap.str(content)
            }
            Some(b'{') => return self.enter(ctx, text, true),
            Some(b'[') => return self.enter(ctx, text, false),
            Some(b't') if bytes[at..].starts_with(b"true") => self.word(4, Value::bool(true)),
            Some(b'f') if bytes[at..].starts_with(b"false") => self.word(5, Value::bool(false)),
            Some(b'n') if bytes[at..].starts_with(b"null") => self.word(4, Value::None),
            _ => return self.number(ctx, text),
        };
        Ok(Scanned::Value(value))
    }

    #[inline]
    fn word(&mut self, length: usize, value: Value) -> Value {
        self.at += length;
        value
    }

    #[inline]
    fn number(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<Scanned, Stopped> {
        let start = self.at;
        let Some((number, end)) = scan::number(text, start) else { return self.constant(ctx, text) };
        self.at = end;
        let (hook, value) = match number {
            Number::Int(int) => (self.hooks.int, Value::Int(int)),
            Number::BigInt => (self.hooks.int, Value::Undef),
            Number::Float(float) => (self.hooks.float, Value::float(float)),
        };
        if !hook.is_undef() || value.is_undef() {
            return self.long_number(ctx, &text[start..end], hook);
        }
        Ok(Scanned::Value(value))
    }

    /// An int of many digits, or a number that a function of the script reads.
    #[cold]
    fn long_number(&mut self, ctx: &mut Ctx<'_>, digits: &str, hook: Value) -> Result<Scanned, Stopped> {
        self.stack.room(ctx, digits.len())?;
        if !hook.is_undef() {
            return Ok(Scanned::Call(hook, ctx.heap.str(digits)));
        }
        ctx.charge(digits.len() * digits.len() / 1024)?;
        match parse_int(digits, 10) {
            Ok(int) => Ok(Scanned::Value(plain::int_value(ctx.heap, int))),
            Err(error) => Err(plain::raise(ctx, error).into()),
        }
    }

    /// `NaN` and the infinities.
    #[cold]
    fn constant(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<Scanned, Stopped> {
        let constants = [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)];
        let rest = &text.as_bytes()[self.at..];
        let Some((name, value)) = constants.into_iter().find(|(name, _)| rest.starts_with(name.as_bytes()))
        else {
            return fault("Expecting value", self.at);
        };
        self.at += name.len();
        if self.hooks.constant.is_undef() {
            let value = if value.is_nan() { ctx.heap.fresh_nan() } else { Value::float(value) };
            return Ok(Scanned::Value(value));
        }
        Ok(Scanned::Call(self.hooks.constant, ctx.heap.str(name)))
    }

    /// Enters a container; one without values is left at once.
    fn enter(&mut self, ctx: &mut Ctx<'_>, text: &str, object: bool) -> Result<Scanned, Stopped> {
        if self.open.len() >= MOST_DEPTH {
            let what = if object { "object" } else { "array" };
            let message = format!(
                "maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"
            );
            return Err(ctx.error(TypeId::RecursionError, message).into());
        }
        self.skip(text, self.at + 1);
        let open = Open { object, base: self.stack.items.len() as u32 };
        if text.as_bytes().get(self.at) == Some(if object { &b'}' } else { &b']' }) {
            self.at += 1;
            return self.close(ctx, open);
        }
        self.open.push(open);
        if object {
            self.key(ctx, text)?;
        }
        Ok(Scanned::Opened)
    }

    /// Goes on behind a value of a container: to the next one, or past its end, which it tells.
    #[inline]
    fn closes(&mut self, ctx: &mut Ctx<'_>, text: &str, open: Open) -> Result<bool, Stopped> {
        self.skip(text, self.at);
        let comma = self.at;
        let end = if open.object { b'}' } else { b']' };
        match text.as_bytes().get(comma) {
            Some(b',') => {}
            Some(byte) if *byte == end => {
                self.at += 1;
                return Ok(true);
            }
            _ => return fault("Expecting ',' delimiter", comma),
        }
        self.skip(text, comma + 1);
        if text.as_bytes().get(self.at) == Some(&end) {
            let of_object = "Illegal trailing comma before end of object";
            let of_array = "Illegal trailing comma before end of array";
            return fault(if open.object { of_object } else { of_array }, comma);
        }
        if open.object {
            self.key(ctx, text)?;
        }
        Ok(false)
    }

    /// Takes the key that has to stand here, and its colon.
    #[inline]
    fn key(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<(), Stopped> {
        if text.as_bytes().get(self.at) != Some(&b'"') {
            return fault("Expecting property name enclosed in double quotes", self.at);
        }
        let (found, end) = scan::string(text, self.at + 1, self.strict, &mut self.buffer)?;
        let key = match found {
            Found::Plain(key) => key,
            Found::Unescaped => self.buffer.as_str(),
        };
        let key = match self.keys.find(ctx, key) {
            Some(key) => key,
            None => {
                self.stack.room(ctx, key.len())?;
                self.keys.make(ctx, key)
            }
        };
        self.stack.push(ctx, key)?;
        self.skip(text, end);
        if text.as_bytes().get(self.at) != Some(&b':') {
            return fault("Expecting ':' delimiter", self.at);
        }
        self.skip(text, self.at + 1);
        Ok(())
    }

    /// Moves to the first byte from `at` on that is not white space.
    #[inline(always)]
    fn skip(&mut self, text: &str, at: usize) {
        self.at = skip(text, at);
    }

    /// Makes the container whose values lie on the stack.
    #[inline]
    fn close(&mut self, ctx: &mut Ctx<'_>, open: Open) -> Result<Scanned, Stopped> {
        let base = open.base as usize;
        let count = self.stack.items.len() - base;
        ctx.charge(1 + count)?;
        if !open.object {
            self.stack.room(ctx, count * size_of::<Value>())?;
            let list = ctx.heap.list(self.stack.items[base..].to_vec());
            self.stack.items.truncate(base);
            return Ok(Scanned::Value(list));
        }
        if !self.hooks.pairs.is_undef() {
            return self.close_pairs(ctx, base);
        }
        // An entry for each pair, and up to four places of the index.
        self.stack.room(ctx, count / 2 * (size_of::<Entry<Value>>() + 16))?;
        let dict = match table::dict_of_strs(ctx.heap, &self.stack.items[base..]) {
            Some(dict) => Value::Dict(dict),
            None => self.dict_of_long_keys(ctx, base)?,
        };
        self.stack.items.truncate(base);
        Ok(match self.hooks.object.given() {
            Some(hook) => Scanned::Call(hook, dict),
            None => Scanned::Value(dict),
        })
    }

    #[cold]
    fn dict_of_long_keys(&mut self, ctx: &mut Ctx<'_>, base: usize) -> Result<Value, Raise> {
        let dict = ctx.heap.dict();
        let pairs = self.stack.items[base..].to_vec();
        ctx.heap.scratch.push(Value::Dict(dict));
        let made = self.stack.settled(ctx, |ctx| {
            pairs.chunks_exact(2).try_for_each(|pair| table::dict_set(ctx, dict, pair[0], pair[1]))
        });
        ctx.heap.scratch.pop();
        made.map(|()| Value::Dict(dict))
    }

    /// A list of pairs, for `object_pairs_hook`.
    fn close_pairs(&mut self, ctx: &mut Ctx<'_>, base: usize) -> Result<Scanned, Stopped> {
        let count = (self.stack.items.len() - base) / 2;
        self.stack.room(ctx, count * (size_of::<Value>() + size_of::<star::object::Tuple>()))?;
        let pairs = self.stack.items[base..].chunks_exact(2).map(|pair| ctx.heap.tuple(pair)).collect();
        self.stack.items.truncate(base);
        Ok(Scanned::Call(self.hooks.pairs, ctx.heap.list(pairs)))
    }
}

/// What was found where a value has to be.
enum Scanned {
    Value(Value),
    /// A container, whose first value comes next.
    Opened,
    /// Something that this function makes a value of.
    Call(Value, Value),
}

/// The first byte from `at` on that is not white space.
#[inline(always)]
pub(super) fn skip(text: &str, mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\t' | b'\r') = text.as_bytes().get(at) {
        at += 1;
    }
    at
}

/// Keys met so far, by a hash of their text. A key takes the place of another that was there.
#[derive(Default)]
struct Keys {
    places: Vec<Value>,
    /// The number of collections after which the keys were met: another one may have freed them.
    collections: u64,
}

const PLACES: usize = 64;

impl Keys {
    /// The string that was made of this key before.
    #[inline]
    fn find(&mut self, ctx: &Ctx<'_>, key: &str) -> Option<Value> {
        if self.collections != ctx.heap.collections {
            return None;
        }
        let known = *self.places.get(place(key))?;
        (ctx.heap.as_str(known) == Some(key)).then_some(known)
    }

    fn make(&mut self, ctx: &mut Ctx<'_>, key: &str) -> Value {
        if self.collections != ctx.heap.collections || self.places.is_empty() {
            self.places.clear();
            self.places.resize(PLACES, Value::Undef);
            self.collections = ctx.heap.collections;
        }
        let made = ctx.heap.str(key);
        self.places[place(key)] = made;
        made
    }
}

/// The place of a key: most keys of a document differ in their length or their first or last letters.
#[inline]
fn place(key: &str) -> usize {
    let bytes = key.as_bytes();
    let word = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            (u32::from_le_bytes(*first) as u64) << 32 | u32::from_le_bytes(*last) as u64
        }
        _ => bytes.iter().fold(0, |word, &byte| word << 8 | byte as u64),
    };
    let mixed = (word ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 58) as usize % PLACES
}
