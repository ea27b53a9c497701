//! The virtual machine.
//!
//! In: a [`Fiber`] whose frames name instances of compiled code, and a budget of steps. Out: an [`Exit`] that says
//! why it stopped. Rules: the VM never recurses into itself, so scripts, natives that call scripts and generators
//! nest on the fiber's stack only; instructions are counted exactly; a collection happens only between
//! instructions or where a native reserves memory.
//!
//! | file | what happens there |
//! |---|---|
//! | `dispatch` | the hot loop: fast paths of frequent instructions |
//! | `quick` | shortcuts that can neither raise nor allocate |
//! | `slow` | every instruction's general case |
//! | `call` | calls of functions, natives and types |
//! | `bind` | arguments as parameters |
//! | `attribute` | attributes and methods, with their caches |
//! | `perform` | what natives ask for, and where results go |
//! | `generator` | resuming, yielding, `yield from` |
//! | `context` | `with` |
//! | `pattern` | `match` |
//! | `unwind` | exceptions: traceback, context, handlers |
//! | `fiber`, `instance` | the data |

mod attribute;
mod bind;
mod call;
mod context;
mod dispatch;
mod fiber;
mod generator;
mod instance;
mod pattern;
mod perform;
mod quick;
mod slow;
mod unwind;

pub(crate) use fiber::{Deliver, Fiber, FiberRoots, Frame, FrameKind, Held, WINDOW};
pub(crate) use instance::Instances;
pub(crate) use unwind::Cancellation;

use std::sync::LazyLock;

use crate::builtins;
use crate::heap::{Ctx, Heap, Natives, Raise};
use crate::object::Module;
use crate::object::types::TypeId;
use crate::value::{Ref, Value};

/// Why the VM stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The module's frame is at the end of its instructions, or at a label (`pc >= FAR`) of another segment.
    EndOfCode,
    /// The budget is used up.
    Slice,
    /// A native was told to stop: the program is to be cancelled in the middle of its instruction.
    Interrupted,
    /// A native waits for a future, which it has left in the heap.
    Suspended,
    /// What the host called has returned this.
    Done(Value),
    /// Nothing on the fiber caught it. Frames above the fiber's first are gone.
    Raised(Raise),
}

/// What an instruction's general case leads to.
#[derive(Clone, Copy, Debug)]
enum Flow {
    /// The next instruction.
    Next,
    /// A jump of the current frame.
    Jump(i32),
    /// Another frame is on top, or the current one's pc has changed.
    Reload,
    /// The VM stops.
    Exit(Exit),
}

/// Natives with a fast path of their own in the hot loop.
#[derive(Clone, Copy)]
pub(crate) struct Hot {
    list_append: Value,
    len: Value,
}

/// They are the same in every isolate.
pub(crate) static HOT: LazyLock<Hot> = LazyLock::new(|| {
    let natives = Natives::new(builtins::GROUPS);
    let append = builtins::group_of(TypeId::List).and_then(|group| natives.find(group, "append"));
    Hot { list_append: append.unwrap_or(Value::Undef), len: builtins::builtin("len").unwrap_or(Value::Undef) }
});

/// Called with the number of the instruction about to run.
pub(crate) type Tracer = dyn FnMut(&Fiber, &Instances, &Heap, u32);

/// The machine for one run of a fiber.
pub(crate) struct Vm<'a> {
    pub heap: &'a mut Heap,
    pub fiber: &'a mut Fiber,
    pub instances: &'a Instances,
    pub held: &'a Held,
    pub hot: Hot,
    /// Steps left in this slice; up to date outside the hot loop.
    pub remaining: i64,
    /// Steps that the run or call has left beyond this slice.
    pub beyond: i64,
    /// Frames a fiber may have.
    pub max_frames: usize,
    /// The raise about to be unwound was thrown into a generator: what was handled there is its context already.
    pub thrown: bool,
    /// A cancellation under way.
    pub cancellation: Option<Cancellation>,
    /// Called before each instruction, for `--trace`.
    pub trace: Option<&'a mut Tracer>,
}

impl<'a> Vm<'a> {
    /// Runs the fiber until it stops. `careful` counts before every instruction, so that not one too many runs;
    /// without it the budget may be passed by the length of a straight run of instructions.
    pub fn run(&mut self, careful: bool) -> Exit {
        if careful || self.trace.is_some() { self.dispatch::<true>() } else { self.dispatch::<false>() }
    }

    /// Puts the frame of a piece of another module on top.
    pub(crate) fn push_module(&mut self, instance: u32) -> Result<(), Raise> {
        if self.fiber.frames.len() >= self.max_frames {
            return Err(self.recursion_error());
        }
        let base = self.fiber.top();
        self.ensure_window(base)?;
        self.fiber.stack[base..base + WINDOW].fill(Value::Undef);
        self.fiber.frames.push(Frame {
            pc: 0,
            base: base as u32,
            top: (base + WINDOW) as u32,
            instance,
            kind: FrameKind::Module,
            deliver: Deliver::Native,
        });
        Ok(())
    }

    fn frame(&self) -> &Frame {
        self.fiber.frames.last().expect("a running fiber has a frame")
    }

    fn frame_mut(&mut self) -> &mut Frame {
        self.fiber.frames.last_mut().expect("a running fiber has a frame")
    }

    fn module(&self) -> Ref<Module> {
        fiber::module_of(self.instances, self.frame())
    }

    #[inline]
    fn reg(&self, register: u8) -> Value {
        self.fiber.stack[self.frame().base as usize + register as usize]
    }

    #[inline]
    fn set(&mut self, register: u8, value: Value) {
        let base = self.frame().base as usize;
        self.fiber.stack[base + register as usize] = value;
    }

    /// Runs `work` with a context whose roots are everything below stack place `live`.
    #[inline]
    fn with_live<R>(&mut self, live: usize, work: impl FnOnce(&mut Ctx<'_>, &[Value]) -> R) -> R {
        let roots = FiberRoots {
            stack: &self.fiber.stack,
            frames: &self.fiber.frames,
            shown: self.fiber.shown,
            instances: self.instances,
            held: self.held,
            live,
        };
        self.heap.meter.set_allowance((self.remaining + self.beyond).max(0) as u64);
        work(&mut Ctx::new(self.heap, &roots), &self.fiber.stack)
    }

    /// Runs `work` with a context whose roots are the registers of the current frame and all below.
    #[inline]
    fn with<R>(&mut self, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
        self.with_live(self.fiber.top(), |ctx, _| work(ctx))
    }

    /// Collects if it is due, and ends the run if that leaves too much.
    fn safe_point(&mut self) -> Result<(), Raise> {
        if self.heap.wants_collection() { self.with(|ctx| ctx.safe_point()) } else { Ok(()) }
    }

    /// Makes room for a window at `base`.
    fn ensure_window(&mut self, base: usize) -> Result<(), Raise> {
        let need = base + WINDOW;
        if need > self.fiber.stack.len() {
            let more = (need - self.fiber.stack.len()).max(self.fiber.stack.len() / 2);
            let bytes = more * size_of::<Value>();
            self.with(|ctx| ctx.reserve_large(bytes))?;
            self.fiber.stack.resize(self.fiber.stack.len() + more, Value::Undef);
            self.heap.charge_bytes(bytes);
        }
        Ok(())
    }
}
