//! Exceptions.

use std::error::Error;
use std::sync::Arc;

use super::{Object, trace_slice};
use crate::value::Value;

/// An exception.
pub struct Exception {
    /// `Value::Type` of its class.
    pub class: Value,
    /// `e.args`, a tuple.
    pub args: Value,
    /// `e.__cause__` in CPython: what `raise … from` named; `None` or `Undef` (never set).
    pub cause: Value,
    /// The exception being handled when this one was raised, or `None`.
    pub context: Value,
    /// Whether `raise … from` was used, which hides the context.
    pub suppress_context: bool,
    /// Further attributes: a dict, or `Undef`. StopIteration and SystemExit compute theirs from `args`.
    pub fields: Value,
    /// The Rust error that it stands for.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
    /// Frames it has passed through, innermost first.
    pub traceback: Vec<TraceEntry>,
}

/// A frame that an exception has passed through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceEntry {
    /// Instance of the code.
    pub instance: u32,
    /// The instruction.
    pub pc: u32,
}

impl Default for Exception {
    fn default() -> Exception {
        Exception {
            class: Value::Undef,
            args: Value::Undef,
            cause: Value::Undef,
            context: Value::None,
            suppress_context: false,
            fields: Value::Undef,
            source: None,
            traceback: Vec::new(),
        }
    }
}

impl Object for Exception {
    fn payload(&self) -> usize {
        self.traceback.capacity() * size_of::<TraceEntry>()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&[self.class, self.args, self.cause, self.context, self.fields], index, visit)
    }

    fn instances(&self, visit: &mut dyn FnMut(u32)) {
        self.traceback.iter().for_each(|entry| visit(entry.instance));
    }
}
