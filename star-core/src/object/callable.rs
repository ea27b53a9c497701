//! Functions, methods, generators, modules, and the state of natives that wait for a script.

use std::rc::Rc;

use super::{Object, trace_slice};
use crate::heap::{Ctx, HostModule, NativeResult, Outcome, Resumed};

use crate::value::{Ref, Value};

/// A closure.
#[derive(Default)]
pub struct Function {
    /// Its code in this isolate.
    pub instance: u32,
    /// Captured cells.
    pub cells: Box<[Ref<Cell>]>,
    /// Tuple of positional defaults, or `Undef`.
    pub defaults: Value,
    /// Dict of keyword-only defaults, or `Undef`.
    pub kw_defaults: Value,
    /// What scripts have assigned to it, `__name__` and `__doc__` included: a dict, or `Undef`.
    pub attributes: Value,
}

impl Object for Function {
    fn payload(&self) -> usize {
        self.cells.len() * size_of::<Ref<Cell>>()
    }

    fn trace(&self, mut index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        while index < 3 + self.cells.len() {
            let child = match index {
                0 => self.defaults,
                1 => self.kw_defaults,
                2 => self.attributes,
                _ => Value::Cell(self.cells[index - 3]),
            };
            index += 1;
            if !visit(child) {
                return index;
            }
        }
        usize::MAX
    }

    fn instances(&self, visit: &mut dyn FnMut(u32)) {
        visit(self.instance);
    }
}

/// A variable shared between a function and closures made in it.
#[derive(Default)]
pub struct Cell {
    /// What it holds; `Undef` while unbound.
    pub value: Value,
}

impl Object for Cell {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        0
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&[self.value], index, visit)
    }
}

/// A built-in method and the object it was read from.
#[derive(Default)]
pub struct BoundMethod {
    /// The object.
    pub receiver: Value,
    /// `Value::Native` or a function.
    pub method: Value,
}

impl Object for BoundMethod {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        0
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&[self.receiver, self.method], index, visit)
    }
}

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GeneratorState {
    /// Called, not started.
    Created,
    /// At a `yield`.
    Suspended,
    /// On some fiber's stack.
    Running,
    /// Returned or raised.
    #[default]
    Finished,
}

/// A generator: the one frame of its function, kept between resumptions.
#[derive(Default)]
pub struct Generator {
    /// Where it stands.
    pub state: GeneratorState,
    /// Its function.
    pub function: Value,
    /// Where it goes on.
    pub pc: u32,
    /// The frame's registers.
    pub registers: Box<[Value]>,
    /// Instance of its code.
    pub instance: u32,
}

impl Object for Generator {
    fn payload(&self) -> usize {
        size_of_val::<[Value]>(&self.registers)
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        if index == 0 && !visit(self.function) {
            return 1;
        }
        match trace_slice(&self.registers, index.saturating_sub(1), visit) {
            usize::MAX => usize::MAX,
            next => next + 1,
        }
    }

    fn instances(&self, visit: &mut dyn FnMut(u32)) {
        visit(self.instance);
    }
}

/// A module: its globals.
#[derive(Default)]
pub struct Module {
    /// `__main__`, or the path it was required by.
    pub name: Rc<str>,
    /// Value of each global slot: what was assigned, else the builtin of that name, else `Undef`.
    pub slots: Vec<Value>,
    /// Whether the script (or host) has bound the slot.
    pub bound: Vec<bool>,
    /// Name of each slot.
    pub names: Vec<Rc<str>>,
    /// The docstring of a script that was loaded.
    pub doc: Option<Rc<str>>,
    /// What a host gave: its members become globals as they are first read.
    pub host: Option<&'static HostModule>,
}

impl Object for Module {
    fn payload(&self) -> usize {
        self.slots.capacity() * (size_of::<Value>() + 1 + 16)
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&self.slots, index, visit)
    }
}

/// Goes on with a native after what it asked for has happened.
pub type ResumeFn = fn(&mut Ctx<'_>, Ref<NativeState>, Resumed) -> NativeResult;

/// What a native keeps while it waits for a script function or an iterator.
pub struct NativeState {
    /// Continues it.
    pub resume: ResumeFn,
    /// Values it needs again; traced.
    pub values: Vec<Value>,
    /// Plain numbers it needs again.
    pub words: [i64; 4],
    /// What it waits for, if another native has asked for that; only until that is carried out, before anything else
    /// happens.
    pub request: Option<Box<Outcome>>,
}

impl Default for NativeState {
    fn default() -> NativeState {
        let resume: ResumeFn = |_, _, _| Ok(Value::None.into());
        NativeState { resume, values: Vec::new(), words: [0; 4], request: None }
    }
}

impl Object for NativeState {
    fn payload(&self) -> usize {
        self.values.capacity() * size_of::<Value>()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&self.values, index, visit)
    }
}
