//! A stack of frames and the registers they use.
//!
//! Rule: frames of scripts and frames of natives that wait lie on the same stack, so nothing here is ever a frame of
//! the Rust stack.

use super::instance::Instances;
use crate::bytecode::Code;
use crate::heap::{Marker, Roots};
use crate::object::{Function, Generator, Module, NativeState, TraceEntry};
use crate::value::{Ref, Value};

/// Where the result of a frame goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Deliver {
    /// Into a register of the script frame below.
    Register(u8),
    /// The script frame below finishes the instruction that asked, which it looks at again.
    Op,
    /// Likewise, with the list of items that an unpacking instruction asked for.
    Unpacked,
    /// The native frame below goes on with it.
    Native,
    /// Whoever started the fiber.
    Host,
}

/// What a frame runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FrameKind {
    /// A piece of a module's top level, which suspends where its instructions end.
    Module,
    /// A script function.
    Function(Ref<Function>),
    /// A resumed generator.
    Generator(Ref<Generator>),
    /// A native that waits for the frame above.
    Native(Ref<NativeState>),
}

/// One entry of the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// The next instruction. Up to date only while another frame runs above, or outside the VM.
    pub pc: u32,
    /// Index of its register 0 in the fiber's stack.
    pub base: u32,
    /// One past its last register.
    pub top: u32,
    /// Its code; of a native frame, that of the script frame below.
    pub instance: u32,
    pub kind: FrameKind,
    pub deliver: Deliver,
}

/// A stack of frames.
#[derive(Default)]
pub(crate) struct Fiber {
    pub stack: Vec<Value>,
    pub frames: Vec<Frame>,
    /// Value of the last expression statement of the top level.
    pub shown: Value,
    /// Frames that a raise which is no exception has passed through, innermost first.
    pub end_trace: Vec<TraceEntry>,
}

/// Registers that a frame sees.
pub(crate) const WINDOW: usize = 256;

/// The window of registers that starts at `base`.
#[inline(always)]
pub(crate) fn window(stack: &mut [Value], base: usize) -> &mut [Value; WINDOW] {
    (&mut stack[base..base + WINDOW]).try_into().expect("a frame's window lies inside the stack")
}

impl Fiber {
    /// A fiber about to run a module's top level.
    pub fn module(instance: u32) -> Fiber {
        let mut fiber = Fiber { stack: vec![Value::Undef; WINDOW], ..Fiber::default() };
        fiber.frames.push(Frame {
            pc: 0,
            base: 0,
            top: WINDOW as u32,
            instance,
            kind: FrameKind::Module,
            deliver: Deliver::Host,
        });
        fiber
    }

    /// One past the last register in use.
    pub fn top(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.top as usize)
    }
}

/// The roots while a fiber runs.
pub(crate) struct FiberRoots<'a> {
    pub stack: &'a [Value],
    pub frames: &'a [Frame],
    pub shown: Value,
    pub instances: &'a Instances,
    pub held: &'a Held,
    /// Registers in use, arguments of a native being called included.
    pub live: usize,
}

/// What an isolate holds beside its running fiber.
#[derive(Default)]
pub(crate) struct Held {
    /// Modules, exceptions being reported, handles of the host.
    pub values: Vec<Value>,
    /// Instances queued to run.
    pub instances: Vec<u32>,
    /// Fibers that do not run now.
    pub parked: Vec<Fiber>,
}

fn mark_frames(frames: &[Frame], marker: &mut Marker<'_>) {
    for frame in frames {
        marker.mark_instance(frame.instance);
        match frame.kind {
            FrameKind::Module => {}
            FrameKind::Function(at) => marker.mark(Value::Function(at)),
            FrameKind::Generator(at) => marker.mark(Value::Generator(at)),
            FrameKind::Native(at) => marker.mark_state(at),
        }
    }
}

impl Roots for FiberRoots<'_> {
    fn trace(&self, marker: &mut Marker<'_>) {
        marker.mark_all(&self.stack[..self.live.min(self.stack.len())]);
        marker.mark(self.shown);
        mark_frames(self.frames, marker);
        for fiber in &self.held.parked {
            marker.mark_all(&fiber.stack[..fiber.top().min(fiber.stack.len())]);
            marker.mark(fiber.shown);
            mark_frames(&fiber.frames, marker);
            fiber.end_trace.iter().for_each(|entry| marker.mark_instance(entry.instance));
        }
        marker.mark_all(&self.held.values);
        self.held.instances.iter().for_each(|&index| marker.mark_instance(index));
    }

    fn trace_instance(&self, index: u32, marker: &mut Marker<'_>) {
        self.instances.trace(index, marker);
    }

    fn forget_types(&self) {
        self.instances.forget_types();
    }

    fn script(&self) -> Option<Ref<Module>> {
        self.frames.last().map(|frame| module_of(self.instances, frame))
    }

    fn code(&self, index: u32) -> Option<&Code> {
        self.instances.find(index).map(|instance| &*instance.code)
    }
}

/// Module whose globals a frame uses.
pub(crate) fn module_of(instances: &Instances, frame: &Frame) -> Ref<Module> {
    instances.get(frame.instance).module
}
