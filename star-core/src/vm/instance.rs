//! Compiled code as one isolate holds it.
//!
//! In: an `Arc<Code>` shared by every isolate that runs it. Out: [`Instance`]s, one for the code and one for each
//! function in it, with constants made into values, attribute names into strings, and inline caches. Rule: the
//! table does not change while the VM runs, so the VM borrows instructions from it without counting references;
//! code is added and dropped between runs.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::bytecode::{Code, CodeKind, Constant, LOCAL_REGISTERS, Op};
use crate::heap::{Heap, Marker, NativeFn};
use crate::object::Module;
use crate::object::types::BUILTIN_TYPES;
use crate::source::SourceText;
use crate::value::{Ref, Value};

/// What an attribute instruction found the last time: for objects of type `key` the answer is `value`.
#[derive(Clone, Copy)]
pub(crate) struct Cache {
    /// Type number the entry is for; `u64::MAX` while empty.
    pub key: u64,
    /// A `Value::Native` for methods, an `Int` for the index of a struct's field.
    pub value: Value,
    /// How the method is called from here.
    pub entry: Entry,
}

impl Cache {
    const EMPTY: Cache = Cache { key: u64::MAX, value: Value::Undef, entry: Entry::Bind };
}

/// How an instruction calls the method that it found.
#[derive(Clone, Copy)]
pub(crate) enum Entry {
    /// Arguments have to be bound, or there is no method.
    Bind,
    /// The arguments are what the native takes, in so many places.
    Direct(NativeFn, u8),
    /// `list.append` with one argument.
    Append,
    /// It is a global of a module, in the slot that the value of the entry says.
    Member,
}

/// One function (or piece of top level) in one isolate.
pub(crate) struct Instance {
    pub code: Arc<Code>,
    pub constants: Box<[Value]>,
    /// Attribute names as strings.
    pub names: Box<[Value]>,
    /// Two entries per cache: the most recent first.
    pub caches: Box<[Cell<Cache>]>,
    /// Instances of `code.functions`.
    pub children: Box<[u32]>,
    pub module: Ref<Module>,
    /// Number of arguments if every parameter is plain and positional, so that a call needs no binding.
    pub plain_argc: u32,
    /// With at least this many arguments, such a call needs only defaults; equal to `plain_argc` if it is not plain.
    pub least_argc: u32,
    /// `code.registers` and `code.locals`, near by.
    pub registers: u32,
    pub locals: u32,
    /// Bytes charged for it.
    bytes: usize,
    /// Its source is shared with functions inside or around it, and charged once for all of them.
    shares_source: bool,
    /// Collections before it was added: those could not find it.
    born: u64,
}

/// `Instance::plain_argc` of code whose calls need binding.
pub(crate) const NOT_PLAIN: u32 = u32::MAX;

/// The instances of an isolate.
#[derive(Default)]
pub(crate) struct Instances {
    table: Vec<Option<Box<Instance>>>,
    free: Vec<u32>,
    /// Bytes of code that came since the last purge and has not been removed.
    fresh: usize,
    /// How many instances hold a source that they share, by its address.
    sources: HashMap<*const SourceText, u32>,
    /// Length of the longest code: no run of instructions without a jump, call or return is longer.
    longest: usize,
}

impl Instances {
    #[inline]
    pub fn get(&self, index: u32) -> &Instance {
        self.table[index as usize].as_deref().expect("a frame or function names a live instance")
    }

    /// The instance, unless it has been dropped.
    pub fn find(&self, index: u32) -> Option<&Instance> {
        self.table.get(index as usize)?.as_deref()
    }

    /// Bytes of code that came since the last purge: only a collection can tell whether it is still in use.
    #[inline]
    pub fn fresh_bytes(&self) -> usize {
        self.fresh
    }

    /// Length of the longest code there has been.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Makes instances of `code` and of all functions in it; returns the first's index.
    pub fn add(&mut self, code: &Arc<Code>, module: Ref<Module>, heap: &mut Heap) -> u32 {
        // Functions nest as deep as source may nest, which is bounded: recursion is safe here.
        let children = code.functions.iter().map(|function| self.add(function, module, heap)).collect();
        let mut constants: Vec<Value> = Vec::with_capacity(code.constants.len());
        for constant in &code.constants {
            let value = make_constant(constant, &constants, heap);
            constants.push(value);
        }
        let names = code.names.iter().map(|name| heap.str(name)).collect();
        let params = &code.params;
        let simple = !params.varargs
            && !params.kwargs
            && params.keyword_only == 0
            && !code.is_generator
            && params.names.len() <= LOCAL_REGISTERS;
        let shares_source = code.kind != CodeKind::Module || !code.functions.is_empty();
        let text = code.source.text.len();
        let mut bytes = code_bytes(code);
        if shares_source {
            let holders = self.sources.entry(Arc::as_ptr(&code.source)).or_insert(0);
            *holders += 1;
            if *holders == 1 {
                heap.charge_bytes(text);
            }
        } else {
            bytes += text;
        }
        heap.charge_bytes(bytes);
        self.fresh += bytes;
        self.longest = self.longest.max(code.ops.len());
        let instance = Instance {
            code: code.clone(),
            constants: constants.into(),
            names,
            caches: vec![Cell::new(Cache::EMPTY); code.caches as usize * 2].into(),
            children,
            module,
            plain_argc: if simple { params.positional } else { NOT_PLAIN },
            least_argc: if simple { params.positional - params.defaults } else { NOT_PLAIN },
            registers: code.registers as u32,
            locals: code.locals as u32,
            bytes,
            shares_source,
            born: heap.collections,
        };
        match self.free.pop() {
            Some(index) => {
                self.table[index as usize] = Some(Box::new(instance));
                index
            }
            None => {
                self.table.push(Some(Box::new(instance)));
                self.table.len() as u32 - 1
            }
        }
    }

    /// Drops an instance that nothing names any more.
    pub fn remove(&mut self, index: u32, heap: &mut Heap) {
        if let Some(instance) = self.table[index as usize].take() {
            heap.release_bytes(instance.bytes);
            if instance.shares_source {
                self.release_source(&instance.code.source, heap);
            }
            self.fresh = self.fresh.saturating_sub(instance.bytes);
            self.free.push(index);
        }
    }

    /// One holder less of a shared source.
    fn release_source(&mut self, source: &Arc<SourceText>, heap: &mut Heap) {
        let at = Arc::as_ptr(source);
        if let Some(holders) = self.sources.get_mut(&at) {
            *holders -= 1;
            if *holders == 0 {
                self.sources.remove(&at);
                heap.release_bytes(source.text.len());
            }
        }
    }

    /// Drops the instances that the heap's last collection did not find, except those it could not know and those
    /// that `keep` names.
    pub fn purge(&mut self, heap: &mut Heap, keep: impl Fn(u32) -> bool) {
        let last = heap.collections;
        self.fresh = 0;
        for index in 0..self.table.len() as u32 {
            let marked =
                heap.instance_marks.get(index as usize / 64).is_some_and(|w| w >> (index % 64) & 1 == 1);
            let found = |instance: &Instance| marked || instance.born >= last;
            if !self.find(index).is_none_or(found) && !keep(index) {
                self.remove(index, heap);
            }
        }
    }

    /// Empties the inline caches for types that scripts and hosts made.
    pub fn forget_types(&self) {
        let caches = self.table.iter().flatten().flat_map(|instance| &instance.caches);
        caches.filter(|cache| cache.get().key >= BUILTIN_TYPES).for_each(|cache| cache.set(Cache::EMPTY));
    }

    /// Marks the constants of an instance and the instances of functions inside it.
    pub fn trace(&self, index: u32, marker: &mut Marker<'_>) {
        if let Some(instance) = self.find(index) {
            marker.mark_all(&instance.constants);
            marker.mark_all(&instance.names);
            marker.mark(Value::Module(instance.module));
            instance.children.iter().for_each(|&child| marker.mark_instance(child));
        }
    }
}

/// Bytes of a code and its share of an instance, without its source and the functions inside.
fn code_bytes(code: &Code) -> usize {
    code.ops.len() * (size_of::<Op>() + 8)
        + (code.constants.len() + code.names.len()) * 48
        + code.caches as usize * 2 * size_of::<Cache>()
        + code.variables.len() * 48
        + 768
}

fn make_constant(constant: &Constant, earlier: &[Value], heap: &mut Heap) -> Value {
    match constant {
        Constant::None => Value::None,
        Constant::Ellipsis => Value::Ellipsis,
        Constant::Bool(b) => Value::bool(*b),
        Constant::Int(i) => Value::Int(*i),
        Constant::Float(f) => Value::float(*f),
        Constant::BigInt(big) => heap.int((**big).clone()),
        Constant::Str(text) => heap.str(text),
        Constant::Bytes(data) => heap.new_bytes(data),
        Constant::Tuple(items) => {
            let items: Vec<Value> = items.iter().map(|&i| earlier[i as usize]).collect();
            heap.tuple(&items)
        }
    }
}
