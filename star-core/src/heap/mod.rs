//! The heap of one isolate.
//!
//! In: parts of objects. Out: [`Value`]s that name them. Rules: every byte is accounted for where it is allocated;
//! a collection happens only where all live values are known to the roots (between instructions, and in
//! [`Ctx::reserve`]); objects are changed only through the methods here.

mod collect;
mod context;
mod host;
mod links;
mod native;
mod offsets;
mod outcome;
mod pace;
mod slab;
mod waiting;
mod world;

use std::collections::HashMap;
use std::ops::Index;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

pub use collect::{Marker, Roots};
pub use context::Ctx;
pub use host::{
    Attribute, Base, BinaryHook, CompareHook, Compared, Constant, Copying, Effect, ExceptionBase,
    ExceptionHook, Family, Field, Hooks, HostException, HostModule, HostType, InplaceHook, Number, Param,
    ParamKind, Piece, Registry, ReprHook, Signature, TypeDesc,
};
use links::Links;
pub use links::{Grants, KeptException, Load, Loan, Rooted};
pub use native::{Arity, Native, NativeFn, Natives, Owner};
use offsets::Offsets;
pub use outcome::{Args, CallArgs, End, NativeResult, Outcome, Raise, Resumed};
use pace::Pace;
pub use slab::{Account, Slab, Swept};
pub use waiting::{CallRequest, HostFuture, Inbox, ScriptError};
pub use world::World;

use crate::meter::{Limits, Meter};
use crate::object::types::{BUILTIN_TYPES, TypeId};
use crate::object::{
    BoundMethod, Bytes, Cell, Dict, DictView, Exception, FrozenSet, Function, Generator, HostObject, INLINE,
    Int, Iter, List, Module, NamedTuple, NativeState, Object, Range, Set, Slice, Str, Struct, Table, Text,
    Tuple, UserType, is_short_ascii,
};
use crate::value::{Ref, Value};

/// An object that has a slab.
pub trait Stored: Object + Sized {
    /// Number of its slab, for mark bitmaps.
    const KIND: usize;
    /// Its slab.
    fn slab(slabs: &Slabs) -> &Slab<Self>;
    /// Its slab, to change.
    fn slab_mut(slabs: &mut Slabs) -> &mut Slab<Self>;
}

macro_rules! slabs {
    ($($field:ident: $object:ident = $kind:literal;)*) => {
        /// One slab per kind of object.
        #[derive(Default)]
        #[allow(missing_docs)]
        pub struct Slabs { $(pub $field: Slab<$object>),* }

        /// Number of slabs.
        pub const KINDS: usize = [$($kind),*].len();

        $(impl Stored for $object {
            const KIND: usize = $kind;
            #[inline]
            fn slab(slabs: &Slabs) -> &Slab<$object> { &slabs.$field }
            #[inline]
            fn slab_mut(slabs: &mut Slabs) -> &mut Slab<$object> { &mut slabs.$field }
        })*

        impl Slabs {
            /// Makes a clear mark for every place of every slab.
            pub(crate) fn clear_marks(&self, marks: &mut [Vec<u64>; KINDS]) {
                $(
                    marks[$kind].clear();
                    marks[$kind].resize(self.$field.places().div_ceil(64), 0);
                )*
            }

            /// Frees what is not marked.
            pub(crate) fn sweep(&mut self, marks: &[Vec<u64>; KINDS]) -> Swept {
                let mut swept = Swept::default();
                $(self.$field.sweep(&marks[$kind], &mut swept);)*
                swept
            }

            /// Gives back what no slab needs for long; returns how many bytes.
            pub(crate) fn trim(&mut self) -> usize {
                0 $(+ self.$field.trim())*
            }
        }
    };
}

slabs! {
    strs: Str = 0;
    bytes: Bytes = 1;
    ints: Int = 2;
    lists: List = 3;
    tuples: Tuple = 4;
    dicts: Dict = 5;
    sets: Set = 6;
    frozen_sets: FrozenSet = 7;
    ranges: Range = 8;
    slices: Slice = 9;
    functions: Function = 10;
    methods: BoundMethod = 11;
    iters: Iter = 12;
    generators: Generator = 13;
    exceptions: Exception = 14;
    structs: Struct = 15;
    views: DictView = 16;
    modules: Module = 17;
    cells: Cell = 18;
    states: NativeState = 19;
    types: UserType = 20;
    host_objects: HostObject = 21;
}

/// Payloads up to this size are allocated without [`Ctx::reserve`].
pub const SMALL: usize = 4096;

/// The objects of one isolate, its meter, its hash keys and its output.
pub struct Heap {
    slabs: Slabs,
    marks: [Vec<u64>; KINDS],
    /// Steps, time and output of the current run or call.
    pub meter: Meter,
    account: Account,
    /// Collect at every safe point, while little is in use: see [`Heap::set_stress`].
    stress: bool,
    /// Keys of the table hash.
    pub hash_keys: (u64, u64),
    /// What scripts printed and the session has not taken yet.
    pub output: Vec<u8>,
    /// Values that a native needs to keep across [`Ctx::reserve`].
    pub scratch: Vec<Value>,
    world: World,
    /// How deep a conversion to Rust is inside a value.
    pub(crate) conversion_depth: usize,
    /// How deep [`Ctx::deeper`] is inside a value.
    depth: usize,
    /// How deep iterators of the host are in one another that are being advanced.
    pub(crate) advancing: usize,
    /// A spare buffer for building text: empty, small, taken and put back by who uses it.
    pub buffer: String,
    /// The native functions.
    pub natives: Natives,
    /// What a host brings, as this isolate has met it.
    pub(crate) links: Links,
    /// One-character ASCII strings made so far.
    ascii: Vec<Option<Ref<Str>>>,
    /// `id()`s handed out, in order of first use: addresses would not be reproducible.
    ids: HashMap<Value, i64>,
    next_id: i64,
    /// Places of code points in texts that are not ASCII.
    offsets: Offsets,
    /// Number of NaNs made by `float("nan")`.
    nans: u64,
    /// Bit per instance of compiled code that the last collection found in use.
    pub(crate) instance_marks: Vec<u64>,
    /// Number of collections so far.
    pub collections: u64,
    /// Number of exceptions made so far: code that one may have passed through is not dropped early.
    pub exceptions_made: u64,
}

/// Up to here a stressed heap collects at every safe point: each collection looks at all that is in use.
const STRESSED_BYTES: usize = 1 << 20;

/// Bytes of output that may wait within a slice.
pub(crate) const MAX_BUFFERED: usize = 1 << 16;

impl Heap {
    /// An empty heap. Allocates nothing but what `natives` brings.
    pub fn new(limits: Limits, natives: Natives, hash_keys: (u64, u64)) -> Heap {
        Heap {
            slabs: Slabs::default(),
            marks: Default::default(),
            meter: Meter::new(limits),
            account: Account { bytes: 0, pace: Pace::first(limits.memory) },
            stress: false,
            hash_keys,
            output: Vec::new(),
            scratch: Vec::new(),
            world: World::default(),
            conversion_depth: 0,
            depth: 0,
            advancing: 0,
            buffer: String::new(),
            natives,
            links: Links::default(),
            ascii: Vec::new(),
            ids: HashMap::new(),
            next_id: 1,
            offsets: Offsets::default(),
            nans: 0,
            instance_marks: Vec::new(),
            collections: 0,
            exceptions_made: 0,
        }
    }

    /// Bytes in use.
    #[inline]
    pub fn bytes(&self) -> usize {
        self.account.bytes
    }

    /// Accounts for bytes that something outside the slabs allocated.
    pub fn charge_bytes(&mut self, bytes: usize) {
        self.account.bytes += bytes;
    }

    /// Takes back [`Self::charge_bytes`].
    pub fn release_bytes(&mut self, bytes: usize) {
        self.account.bytes = self.account.bytes.saturating_sub(bytes);
    }

    /// Makes the heap collect at every safe point, as long as little is in use, to shake out values that the roots
    /// miss.
    pub fn set_stress(&mut self, stress: bool) {
        self.stress = stress;
        self.plan(Pace::first(self.meter.limits.memory));
    }

    /// Whether the heap collects at every safe point.
    pub fn is_stressed(&self) -> bool {
        self.stress
    }

    /// Sets when the next collection is due.
    fn plan(&mut self, pace: Pace) {
        self.account.pace = pace;
        if self.stress && self.account.bytes < STRESSED_BYTES {
            self.account.pace.hurry();
        }
    }

    /// Says that what the last collection found unused outside the slabs has been released.
    pub fn purged(&mut self) {
        self.plan(self.account.pace.again(self.account.bytes));
    }

    /// Whether a collection is due at the next safe point.
    #[inline]
    pub fn wants_collection(&self) -> bool {
        self.account.pace.is_due(self.account.bytes)
    }

    /// Whether nothing waits to be done between two instructions: steps that natives charged, a collection, output
    /// that fills the buffer.
    #[inline(always)]
    pub(crate) fn is_quiet(&self) -> bool {
        !self.meter.has_pending() && !self.wants_collection() && self.output.len() <= MAX_BUFFERED
    }

    /// Stores an object.
    #[inline]
    pub fn insert<T: Stored>(&mut self, object: T) -> Ref<T> {
        self.account.bytes += object.payload();
        Ref::new(T::slab_mut(&mut self.slabs).insert(object, &mut self.account))
    }

    /// The object, to change something that does not alter its payload size.
    #[inline]
    pub fn get_mut<T: Stored>(&mut self, at: Ref<T>) -> &mut T {
        T::slab_mut(&mut self.slabs).get_mut(at.index())
    }

    /// Changes an object and accounts for the change in size.
    #[inline]
    pub fn update<T: Stored, R>(&mut self, at: Ref<T>, change: impl FnOnce(&mut T) -> R) -> R {
        let object = T::slab_mut(&mut self.slabs).get_mut(at.index());
        let before = object.payload();
        let result = change(object);
        let after = object.payload();
        self.account.bytes = self.account.bytes + after - before;
        result
    }

    // ---- making values ------------------------------------------------------------------------

    /// A string. Payloads above [`SMALL`] need [`Ctx::reserve`] first.
    #[inline(never)]
    pub fn str(&mut self, text: &str) -> Value {
        if text.len() <= INLINE && is_short_ascii(text.as_bytes()) {
            return self.short_ascii(text);
        }
        self.str_general(text)
    }

    /// A string of text that is ASCII if `ascii` says so; else it is looked at.
    #[inline(never)]
    pub(crate) fn str_known(&mut self, text: &str, ascii: bool) -> Value {
        if ascii && text.len() <= INLINE { self.short_ascii(text) } else { self.str_general(text) }
    }

    /// A string of ASCII text that lies inside the object, which then owns nothing.
    #[inline]
    fn short_ascii(&mut self, text: &str) -> Value {
        if let [byte] = text.as_bytes() {
            return self.ascii_char(*byte);
        }
        // Made in its place: what is put together elsewhere and then copied waits for its own small writes.
        let (index, place) = self.slabs.strs.vacant(&mut self.account);
        std::mem::forget(std::mem::replace(place, Str::ascii(text)));
        Value::Str(Ref::new(index))
    }

    #[inline(never)]
    fn str_general(&mut self, text: &str) -> Value {
        match text.as_bytes() {
            [byte] => self.ascii_char(*byte),
            _ => Value::Str(self.insert(Str::new(Text::new(text)))),
        }
    }

    /// A string that `write` puts together in an empty buffer, from the heap. Payloads above [`SMALL`] need
    /// [`Ctx::reserve`] first.
    #[inline]
    pub(crate) fn str_of(&mut self, write: impl FnOnce(&Heap, &mut String)) -> Value {
        let mut buffer = std::mem::take(&mut self.buffer);
        write(self, &mut buffer);
        let value = self.str(&buffer);
        self.give_buffer(buffer);
        value
    }

    /// Takes a buffer for [`Self::buffer`]. Only a small one is kept: it is not accounted for.
    #[inline]
    pub(crate) fn give_buffer(&mut self, mut buffer: String) {
        if buffer.capacity() <= SMALL {
            buffer.clear();
            self.buffer = buffer;
        }
    }

    /// A string of text that is shared already.
    pub fn str_shared(&mut self, text: Text) -> Value {
        match text.as_bytes() {
            [byte] => self.ascii_char(*byte),
            _ => Value::Str(self.insert(Str::new(text))),
        }
    }

    /// The string of one code point.
    pub fn char(&mut self, c: char) -> Value {
        self.str(c.encode_utf8(&mut [0; 4]))
    }

    /// The string of one ASCII character: each exists once.
    #[inline]
    pub fn ascii_char(&mut self, byte: u8) -> Value {
        match self.ascii.get(byte as usize) {
            Some(&Some(at)) => Value::Str(at),
            _ => self.new_ascii_char(byte),
        }
    }

    #[cold]
    fn new_ascii_char(&mut self, byte: u8) -> Value {
        if self.ascii.is_empty() {
            self.ascii.resize(128, None);
        }
        let at = self.insert(Str::new(Text::new((byte as char).encode_utf8(&mut [0; 4]))));
        self.ascii[byte as usize] = Some(at);
        Value::Str(at)
    }

    /// A bytes object.
    pub fn new_bytes(&mut self, data: &[u8]) -> Value {
        Value::Bytes(self.insert(Bytes::new(Rc::from(data))))
    }

    /// An int of any size: `Int` if it fits, else `BigInt`.
    pub fn int(&mut self, value: BigInt) -> Value {
        match value.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::BigInt(self.insert(Int { value })),
        }
    }

    /// An int from 128 bits.
    pub fn int128(&mut self, value: i128) -> Value {
        match i64::try_from(value) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::BigInt(self.insert(Int { value: BigInt::from(value) })),
        }
    }

    /// A list.
    #[inline]
    pub fn list(&mut self, items: Vec<Value>) -> Value {
        Value::List(self.insert(List { items }))
    }

    /// A tuple.
    #[inline]
    pub fn tuple(&mut self, items: &[Value]) -> Value {
        Value::Tuple(self.insert(Tuple::new(items)))
    }

    /// A tuple of type `class`, which names its items.
    #[inline]
    pub fn named_tuple(&mut self, class: Value, items: &[Value]) -> Value {
        Value::Tuple(self.insert(Tuple::Named(Box::new(NamedTuple { class, items: items.into() }))))
    }

    /// An empty dict.
    pub fn dict(&mut self) -> Ref<Dict> {
        self.insert(Dict::default())
    }

    /// An empty set.
    pub fn set(&mut self) -> Ref<Set> {
        self.insert(Set::default())
    }

    /// A frozenset with the keys of `table`.
    pub fn frozen_set(&mut self, table: Table<()>) -> Value {
        Value::FrozenSet(self.insert(FrozenSet { table, hash: Default::default() }))
    }

    /// An iterator.
    #[inline]
    pub fn iter(&mut self, iter: Iter) -> Value {
        Value::Iter(self.insert(iter))
    }

    /// A type made by a script.
    pub fn user_type(&mut self, user: UserType) -> Value {
        Value::Type(BUILTIN_TYPES + self.insert(user).index() as u64)
    }

    // ---- reading --------------------------------------------------------------------------------

    /// The text, if `value` is a str.
    #[inline]
    pub fn as_str(&self, value: Value) -> Option<&str> {
        match value {
            Value::Str(at) => Some(self[at].as_str()),
            _ => None,
        }
    }

    /// The items, if `value` is a list or tuple.
    #[inline]
    pub fn as_items(&self, value: Value) -> Option<&[Value]> {
        match value {
            Value::List(at) => Some(self[at].items()),
            Value::Tuple(at) => Some(self[at].items()),
            _ => None,
        }
    }

    /// The user-made type behind a `Value::Type` number, if it is one.
    pub fn as_user_type(&self, number: u64) -> Option<Ref<UserType>> {
        number.checked_sub(BUILTIN_TYPES).map(|index| Ref::new(index as u32))
    }

    /// Name of a type given as the number in `Value::Type`.
    pub fn type_name(&self, number: u64) -> Rc<str> {
        match (TypeId::from_number(number), self.as_user_type(number)) {
            (Some(builtin), _) => Rc::from(builtin.name()),
            (None, Some(user)) => self[user].name.clone(),
            (None, None) => Rc::from("type"),
        }
    }

    /// `id()` of a value: small numbers in order of first use.
    pub fn id_of(&mut self, value: Value) -> i64 {
        let next = self.next_id;
        let id = *self.ids.entry(value).or_insert(next);
        if id == next {
            self.next_id += 1;
            self.account.bytes += ID_BYTES;
        }
        id
    }

    /// The next item of an iterator over a list or over a range of small numbers; `None` if `at` is another one.
    #[inline]
    pub(crate) fn next_of_list_or_range(&mut self, at: Ref<Iter>) -> Option<Option<Value>> {
        let Slabs { iters, lists, .. } = &mut self.slabs;
        match iters.get_mut(at.index()) {
            Iter::List { list, index } => {
                let Value::List(items) = *list else { return Some(None) };
                let item = lists.get(items.index()).items().get(*index).copied();
                *index += 1;
                if item.is_none() {
                    // An iterator that has ended stays ended, however the list grows.
                    *list = Value::Undef;
                }
                Some(item)
            }
            Iter::Range { left, .. } if *left <= 0 => Some(None),
            Iter::Range { next, step, left } => {
                let item = *next;
                *left -= 1;
                // Past the last item it may leave 64 bits, and is never read.
                *next = item.wrapping_add(*step);
                Some(Some(Value::Int(item)))
            }
            _ => None,
        }
    }

    /// A NaN that is identical to no other: floats have no identity but their bits, and a NaN has many to choose from.
    pub fn fresh_nan(&mut self) -> Value {
        self.nans += 1;
        Value::Float(f64::NAN.to_bits() | (self.nans & ((1 << 51) - 1)))
    }

    // ---- natives that wait ------------------------------------------------------------------------

    /// Puts the values of a native's state into the scratch; its words.
    #[inline]
    pub(crate) fn push_kept(&mut self, at: Ref<NativeState>) -> [i64; 4] {
        let state = self.slabs.states.get(at.index());
        self.scratch.extend_from_slice(&state.values);
        state.words
    }

    /// Puts the scratch from `base` on, which [`Self::push_kept`] filled, back into a native's state.
    #[inline]
    pub(crate) fn keep_scratch(&mut self, at: Ref<NativeState>, base: usize, words: [i64; 4]) {
        let state = self.slabs.states.get_mut(at.index());
        state.values.copy_from_slice(&self.scratch[base..]);
        state.words = words;
    }

    // ---- changing lists ---------------------------------------------------------------------------

    /// Appends to a list. Growth beyond [`SMALL`] needs [`Ctx::reserve`] of [`Self::list_growth`] first.
    #[inline]
    pub fn list_push(&mut self, at: Ref<List>, value: Value) {
        let list = self.slabs.lists.get_mut(at.index());
        if list.items.len() < list.items.capacity() {
            list.items.push(value);
        } else {
            self.list_grow_push(at, value);
        }
    }

    #[cold]
    #[inline(never)]
    fn list_grow_push(&mut self, at: Ref<List>, value: Value) {
        let more = self.list_growth(at) / size_of::<Value>();
        self.update(at, |list| {
            list.items.reserve_exact(more);
            list.items.push(value);
        });
    }

    /// Bytes that the next push to a full list adds: it doubles, near the limit it grows by an eighth.
    pub fn list_growth(&self, at: Ref<List>) -> usize {
        let list = &self[at];
        if list.items.len() < list.items.capacity() {
            return 0;
        }
        let bytes = list.items.capacity().max(4) * size_of::<Value>();
        let tight = self.account.bytes.saturating_add(bytes * 2) > self.meter.limits.memory;
        if tight && bytes > SMALL { bytes / 8 } else { bytes }
    }

    /// Replaces item `index`, which exists.
    #[inline]
    pub fn list_set(&mut self, at: Ref<List>, index: usize, value: Value) {
        self.slabs.lists.get_mut(at.index()).items[index] = value;
    }

    /// Removes item `index`, which exists, and returns it. What the list has allocated stays.
    #[inline]
    pub fn list_take(&mut self, at: Ref<List>, index: usize) -> Value {
        self.slabs.lists.get_mut(at.index()).items.remove(index)
    }

    /// Changes a list's items in any way and accounts for it.
    pub fn list_edit<R>(&mut self, at: Ref<List>, change: impl FnOnce(&mut Vec<Value>) -> R) -> R {
        self.update(at, |list| change(&mut list.items))
    }

    /// Accounts for an entry table changed through `change`.
    pub fn dict_edit<R>(&mut self, at: Ref<Dict>, change: impl FnOnce(&mut Table<Value>) -> R) -> R {
        self.update(at, |dict| change(&mut dict.table))
    }

    /// Replaces the value of entry `entry` of a dict.
    #[inline]
    pub fn dict_set_value(&mut self, at: Ref<Dict>, entry: usize, value: Value) {
        self.slabs.dicts.get_mut(at.index()).table.set_value(entry, value);
    }

    /// Accounts for an entry table changed through `change`.
    pub fn set_edit<R>(&mut self, at: Ref<Set>, change: impl FnOnce(&mut Table<()>) -> R) -> R {
        self.update(at, |set| change(&mut set.table))
    }
}

const ID_BYTES: usize = 40;

impl<T: Stored> Index<Ref<T>> for Heap {
    type Output = T;

    #[inline]
    fn index(&self, at: Ref<T>) -> &T {
        T::slab(&self.slabs).get(at.index())
    }
}
