//! Mark and sweep.
//!
//! Rule: marking keeps an explicit stack of (object, cursor) pairs, so its depth is the nesting depth of the data
//! and never the native stack.

use super::{Heap, KINDS, Pace, Slabs, Stored};
use crate::bytecode::Code;
use crate::object::types::BUILTIN_TYPES;
use crate::object::{
    BoundMethod, Bytes, Cell, Dict, DictView, Exception, FrozenSet, Function, Generator, HostObject, Int,
    Iter, List, Module, NativeState, Range, Set, Slice, Str, Struct, Tuple, UserType,
};
use crate::value::{Ref, Value};

/// What the collector starts from besides what the heap itself holds: the running fiber and the code it runs.
pub trait Roots {
    /// Marks every value it holds.
    fn trace(&self, marker: &mut Marker<'_>);

    /// Marks the constants of instance `index` of compiled code.
    fn trace_instance(&self, index: u32, marker: &mut Marker<'_>);

    /// Some types are about to be freed: their numbers may name others from now on.
    fn forget_types(&self) {}

    /// Name of the module whose code runs: the path of a script that was loaded.
    fn script(&self) -> Option<Ref<Module>> {
        None
    }

    /// The code of instance `index`.
    fn code(&self, _index: u32) -> Option<&Code> {
        None
    }
}

/// No roots: for natives called without a fiber, as in tests.
impl Roots for () {
    fn trace(&self, _: &mut Marker<'_>) {}
    fn trace_instance(&self, _: u32, _: &mut Marker<'_>) {}
}

/// Marks what is in use.
pub struct Marker<'a> {
    slabs: &'a Slabs,
    marks: &'a mut [Vec<u64>; KINDS],
    work: Vec<(Value, usize)>,
    instance_marks: &'a mut Vec<u64>,
    new_instances: Vec<u32>,
}

impl Marker<'_> {
    /// Marks a value; what it refers to follows in `drain`.
    pub fn mark(&mut self, value: Value) {
        if self.enter(value) {
            self.work.push((value, 0));
        }
    }

    /// Marks each of `values`.
    pub fn mark_all(&mut self, values: &[Value]) {
        values.iter().for_each(|&value| self.mark(value));
    }

    /// Marks an instance of compiled code as in use.
    pub fn mark_instance(&mut self, index: u32) {
        let word = index as usize / 64;
        if self.instance_marks.len() <= word {
            self.instance_marks.resize(word + 1, 0);
        }
        if self.instance_marks[word] >> (index % 64) & 1 == 0 {
            self.instance_marks[word] |= 1 << (index % 64);
            self.new_instances.push(index);
        }
    }

    /// Sets the mark; true if it was clear and the object may hold values.
    fn enter(&mut self, value: Value) -> bool {
        match value {
            Value::Str(at) => self.set(at),
            Value::Bytes(at) => self.set(at),
            Value::BigInt(at) => self.set(at),
            Value::List(at) | Value::ListState(at) => self.set(at),
            Value::Tuple(at) => self.set(at),
            Value::Dict(at) => self.set(at),
            Value::Set(at) => self.set(at),
            Value::FrozenSet(at) => self.set(at),
            Value::Range(at) => self.set(at),
            Value::Slice(at) => self.set(at),
            Value::Function(at) => self.set(at),
            Value::BoundMethod(at) => self.set(at),
            Value::Iter(at) => self.set(at),
            Value::Generator(at) => self.set(at),
            Value::Exception(at) => self.set(at),
            Value::Struct(at) => self.set(at),
            Value::DictView(at) => self.set(at),
            Value::Module(at) => self.set(at),
            Value::Host(at) => self.set(at),
            Value::Cell(at) => self.set(at),
            Value::Type(number) if number >= BUILTIN_TYPES => {
                self.set(Ref::<UserType>::new((number - BUILTIN_TYPES) as u32))
            }
            _ => false,
        }
    }

    #[inline]
    fn set<T: Stored>(&mut self, at: Ref<T>) -> bool {
        // There is a bit for every place: see `Heap::collect`.
        let mark = &mut self.marks[T::KIND][at.index() / 64];
        let old = *mark;
        *mark |= 1 << (at.index() % 64);
        *mark != old && !T::LEAF
    }

    /// Marks a native's state.
    pub fn mark_state(&mut self, at: Ref<NativeState>) {
        if self.set(at) {
            let slabs = self.slabs;
            self.mark_all(&slabs.states.get(at.index()).values);
        }
    }

    /// Follows everything marked so far.
    fn drain(&mut self, roots: &dyn Roots) {
        loop {
            while let Some((value, cursor)) = self.work.pop() {
                self.step(value, cursor);
            }
            match self.new_instances.pop() {
                Some(index) => roots.trace_instance(index, self),
                None => return,
            }
        }
    }

    fn step(&mut self, value: Value, cursor: usize) {
        match value {
            Value::List(at) | Value::ListState(at) => self.children(value, at, cursor),
            Value::Tuple(at) => self.children(value, at, cursor),
            Value::Dict(at) => self.children(value, at, cursor),
            Value::Set(at) => self.children(value, at, cursor),
            Value::FrozenSet(at) => self.children(value, at, cursor),
            Value::Range(at) => self.children(value, at, cursor),
            Value::Slice(at) => self.children(value, at, cursor),
            Value::Function(at) => self.children(value, at, cursor),
            Value::BoundMethod(at) => self.children(value, at, cursor),
            Value::Iter(at) => self.children(value, at, cursor),
            Value::Generator(at) => self.children(value, at, cursor),
            Value::Exception(at) => self.children(value, at, cursor),
            Value::Struct(at) => self.children(value, at, cursor),
            Value::DictView(at) => self.children(value, at, cursor),
            Value::Module(at) => self.children(value, at, cursor),
            Value::Host(at) => self.children(value, at, cursor),
            Value::Cell(at) => self.children(value, at, cursor),
            Value::Type(number) => {
                self.children(value, Ref::<UserType>::new((number - BUILTIN_TYPES) as u32), cursor);
            }
            _ => {}
        }
    }

    /// Marks the children of an object until one needs to be followed first.
    fn children<T: Stored>(&mut self, value: Value, at: Ref<T>, cursor: usize) {
        let slabs = self.slabs;
        let object = T::slab(slabs).get(at.index());
        if cursor == 0 {
            object.instances(&mut |index| self.mark_instance(index));
        }
        let mut child = None;
        let next = object.trace(cursor, &mut |value| {
            if self.enter(value) {
                child = Some(value);
                return false;
            }
            true
        });
        if next != usize::MAX {
            self.work.push((value, next));
        }
        if let Some(child) = child {
            self.work.push((child, 0));
        }
    }
}

impl Heap {
    /// Frees every object that neither `roots` nor the heap's own tables reach. A caller must hold no value in
    /// a Rust local that it means to use afterwards, unless the roots reach it.
    #[cold]
    #[inline(never)]
    pub fn collect(&mut self, roots: &dyn Roots) {
        let mut marks = std::mem::take(&mut self.marks);
        self.slabs.clear_marks(&mut marks);
        let mut instance_marks = std::mem::take(&mut self.instance_marks);
        instance_marks.fill(0);
        let mut marker = Marker {
            slabs: &self.slabs,
            marks: &mut marks,
            work: Vec::new(),
            instance_marks: &mut instance_marks,
            new_instances: Vec::new(),
        };
        roots.trace(&mut marker);
        marker.mark_all(&self.scratch);
        self.links.mark(&mut marker);
        for &at in self.ascii.iter().flatten() {
            marker.mark(Value::Str(at));
        }
        marker.drain(roots);
        self.forget(&marks);
        if self.slabs.types.has_garbage(&marks[UserType::KIND]) {
            roots.forget_types();
        }
        let mut swept = self.slabs.sweep(&marks);
        let limit = self.meter.limits.memory;
        let account = &mut self.account;
        account.bytes = account.bytes.saturating_sub(swept.freed);
        if super::pace::is_roomy(account.bytes, swept.spare, limit) {
            let given_back = self.slabs.trim();
            account.bytes = account.bytes.saturating_sub(given_back);
            swept.spare = swept.spare.saturating_sub(given_back);
        }
        self.marks = marks;
        self.instance_marks = instance_marks;
        self.collections += 1;
        self.plan(Pace::after(self.account.bytes, swept.spare, limit));
    }

    /// Forgets what the heap knows of objects that are not marked.
    fn forget(&mut self, marks: &[Vec<u64>; KINDS]) {
        let marked = |kind: usize, index: usize| {
            marks[kind].get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
        };
        let before = self.ids.len();
        self.ids.retain(|&value, _| place(value).is_none_or(|(kind, index)| marked(kind, index)));
        self.account.bytes -= (before - self.ids.len()) * super::ID_BYTES;
        self.offsets.retain(|index| marked(Str::KIND, index));
    }
}

/// Slab and place of a value, if it is an object.
fn place(value: Value) -> Option<(usize, usize)> {
    fn of<T: Stored>(at: Ref<T>) -> Option<(usize, usize)> {
        Some((T::KIND, at.index()))
    }
    match value {
        Value::Str(at) => of::<Str>(at),
        Value::Bytes(at) => of::<Bytes>(at),
        Value::BigInt(at) => of::<Int>(at),
        Value::List(at) => of::<List>(at),
        Value::Tuple(at) => of::<Tuple>(at),
        Value::Dict(at) => of::<Dict>(at),
        Value::Set(at) => of::<Set>(at),
        Value::FrozenSet(at) => of::<FrozenSet>(at),
        Value::Range(at) => of::<Range>(at),
        Value::Slice(at) => of::<Slice>(at),
        Value::Function(at) => of::<Function>(at),
        Value::BoundMethod(at) => of::<BoundMethod>(at),
        Value::Iter(at) => of::<Iter>(at),
        Value::Generator(at) => of::<Generator>(at),
        Value::Exception(at) => of::<Exception>(at),
        Value::Struct(at) => of::<Struct>(at),
        Value::DictView(at) => of::<DictView>(at),
        Value::Module(at) => of::<Module>(at),
        Value::Host(at) => of::<HostObject>(at),
        Value::Cell(at) => of::<Cell>(at),
        Value::Type(number) if number >= BUILTIN_TYPES => {
            Some((UserType::KIND, (number - BUILTIN_TYPES) as usize))
        }
        _ => None,
    }
}
