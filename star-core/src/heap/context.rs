//! What a native works with.

use super::{CallArgs, Heap, Outcome, Raise, Roots, SMALL};
use crate::bytecode::Code;
use crate::meter::Exceeded;
use crate::object::types::TypeId;
use crate::object::{Exception, NativeState, ResumeFn};
use crate::value::{Ref, Value};

/// How deep [`Ctx::deeper`] goes: what fits the stack of a thread with room to spare.
const NESTED: usize = 100;

/// The heap, and the roots that a collection during the call starts from.
///
/// Arguments of the running native are rooted. Any other value that it holds in a Rust local is not: it must lie in
/// `heap.scratch`, a [`NativeState`] or an object that is rooted when [`Ctx::reserve`] is called.
pub struct Ctx<'a> {
    /// The isolate's objects.
    pub heap: &'a mut Heap,
    roots: &'a dyn Roots,
}

impl<'a> Ctx<'a> {
    /// A context over `heap`.
    #[inline]
    pub fn new(heap: &'a mut Heap, roots: &'a dyn Roots) -> Ctx<'a> {
        Ctx { heap, roots }
    }

    /// Charges steps for work about to be done.
    #[inline]
    pub fn charge(&mut self, steps: usize) -> Result<(), Raise> {
        Ok(self.heap.meter.charge(steps as u64)?)
    }

    /// Makes sure that `bytes` more can be allocated, collecting if need be. Ends the run when they cannot. Needed
    /// before any allocation above [`SMALL`] bytes, and before many small ones; **may free every value that is not
    /// rooted**.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Raise> {
        let heap = &mut *self.heap;
        if !heap.account.pace.is_due(heap.account.bytes.saturating_add(bytes)) {
            return Ok(());
        }
        self.reserve_slow(bytes)
    }

    #[cold]
    fn reserve_slow(&mut self, bytes: usize) -> Result<(), Raise> {
        let limit = self.heap.meter.limits.memory;
        // Hopeless requests do not pay for a collection.
        if bytes > limit {
            return Err(Exceeded::Memory.into());
        }
        self.heap.collect(self.roots);
        if self.heap.account.bytes.saturating_add(bytes) > limit {
            return Err(Exceeded::Memory.into());
        }
        Ok(())
    }

    /// Makes sure that `bytes` more can be allocated without collecting: for what is made while two values are compared.
    pub fn claim(&mut self, bytes: usize) -> Result<(), Raise> {
        let needed = self.heap.account.bytes.saturating_add(bytes);
        if needed > self.heap.meter.limits.memory { Err(Exceeded::Memory.into()) } else { Ok(()) }
    }

    /// Collects. Frees every value that is not rooted.
    pub fn collect(&mut self) {
        self.heap.collect(self.roots);
    }

    /// Collects if it is due, or if the heap is told to shake out unrooted values; ends the run if what is left is
    /// above the limit. Like [`Ctx::reserve`], it may free every value that is not rooted.
    pub fn safe_point(&mut self) -> Result<(), Raise> {
        if self.heap.wants_collection() { self.reserve_slow(0) } else { Ok(()) }
    }

    /// [`Ctx::reserve`] for payloads above [`SMALL`] only: for one allocation whose inputs are all rooted.
    #[inline]
    pub fn reserve_large(&mut self, bytes: usize) -> Result<(), Raise> {
        if bytes > SMALL { self.reserve(bytes) } else { Ok(()) }
    }

    /// Does `work`, which may come back here on behalf of a value inside the one at hand. RecursionError where values lie
    /// too deep in one another.
    pub fn deeper<R>(&mut self, work: impl FnOnce(&mut Ctx<'a>) -> Result<R, Raise>) -> Result<R, Raise> {
        if self.heap.depth == NESTED {
            return Err(self.error(TypeId::RecursionError, "maximum recursion depth exceeded"));
        }
        self.heap.depth += 1;
        let result = work(self);
        self.heap.depth -= 1;
        result
    }

    /// A raise of a new exception of built-in type `class` with one argument, its message.
    #[cold]
    pub fn error(&mut self, class: TypeId, message: impl AsRef<str>) -> Raise {
        let message = self.heap.str(message.as_ref());
        self.error_with(class, &[message])
    }

    /// A raise of a new exception of built-in type `class` with `args`.
    #[cold]
    pub fn error_with(&mut self, class: TypeId, args: &[Value]) -> Raise {
        let args = self.heap.tuple(args);
        let exception = Exception { class: class.value(), args, ..Exception::default() };
        Raise::Exception(self.heap.insert(exception))
    }

    /// A raise of TypeError.
    #[cold]
    pub fn type_error(&mut self, message: impl AsRef<str>) -> Raise {
        self.error(TypeId::TypeError, message)
    }

    /// A raise of ValueError.
    #[cold]
    pub fn value_error(&mut self, message: impl AsRef<str>) -> Raise {
        self.error(TypeId::ValueError, message)
    }

    /// The code of instance `index`: a function's name, its docstring.
    pub fn code(&self, index: u32) -> Option<&'a Code> {
        self.roots.code(index)
    }

    /// Path of the loaded script whose code runs; None for the program itself.
    pub fn script(&self) -> Option<String> {
        let module = self.roots.script()?;
        self.heap.loads_scripts(module).then(|| self.heap[module].name.to_string())
    }

    /// Prints `text`, or ends the run when it has printed too much.
    pub fn print(&mut self, text: &str) -> Result<(), Raise> {
        self.heap.meter.charge_output(text.len())?;
        self.heap.output.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// A state for a native that is about to return a request.
    pub fn state(&mut self, resume: ResumeFn, values: Vec<Value>, words: [i64; 4]) -> Ref<NativeState> {
        self.heap.insert(NativeState { resume, values, words, request: None })
    }

    /// The arguments of a call with keywords; all are rooted. Beyond [`SMALL`] bytes there has to be room.
    pub fn named_args(&mut self, positional: &[Value], names: &[Value], keywords: &[Value]) -> CallArgs {
        if names.is_empty() {
            return match *positional {
                [one] => CallArgs::One(one),
                _ => CallArgs::Tuple(self.heap.tuple(positional)),
            };
        }
        let args = self.heap.tuple(&[positional, keywords].concat());
        let names = self.heap.tuple(names);
        CallArgs::Named(self.heap.tuple(&[args, names]))
    }

    /// A request to carry out `request`, which something else made, and then go on with `then`. Nothing may happen before
    /// it is carried out.
    pub fn perform(&mut self, request: Outcome, then: Ref<NativeState>) -> Outcome {
        self.heap.get_mut(then).request = Some(Box::new(request));
        Outcome::Perform { then }
    }

    /// A request to call `function` with `args` and then go on with `then`.
    pub fn call(&mut self, function: Value, args: &[Value], then: Option<Ref<NativeState>>) -> Outcome {
        let args = match *args {
            [one] => CallArgs::One(one),
            _ => CallArgs::Tuple(self.heap.tuple(args)),
        };
        Outcome::Call { function, args, then }
    }
}
