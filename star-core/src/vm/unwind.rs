//! Exceptions: where they go, and what they learn on the way.
//!
//! In: a raise, with the frame that raised on top. Out: a frame that handles it, or an [`Exit`]. Rules: nothing is
//! done for exceptions on the hot path; which exception is being handled is found by looking at the code around the
//! frames' pcs (`Code::handled`), so no jump ever has to restore it.

use super::{Exit, Flow, FrameKind, Vm};
use crate::builtins;
use crate::bytecode::{CodeKind, HandlerKind, Op, Part, Place};
use crate::heap::{Args, End, Raise, Resumed};
use crate::object::types::TypeId;
use crate::object::{Exception, TraceEntry};
use crate::ops::{attribute, exception, iterate, suggest, types};
use crate::value::{Ref, Value};

/// A cancellation on its way out: what it runs is a `finally` or the exit of a `with`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cancellation {
    /// Stands for it in the handler's register.
    exception: Ref<Exception>,
    /// Number of frames on the fiber where the handler runs.
    depth: usize,
}

impl Vm<'_> {
    /// Finds who handles `raise`.
    #[cold]
    #[inline(never)]
    pub(super) fn unwind(&mut self, mut raise: Raise) -> Result<(), Exit> {
        if raise == Raise::End(End::Cancelled) && self.cancellation.is_none() {
            return Err(Exit::Interrupted);
        }
        if matches!(raise, Raise::Exception(_))
            && let Some(earlier) = self.callee_error()
        {
            raise = earlier;
        }
        let thrown = std::mem::take(&mut self.thrown);
        if let Raise::Exception(exception) = raise
            && !thrown
            && !self.is_rethrow()
        {
            self.set_context(exception);
        }
        let mut first = true;
        loop {
            raise = self.cancelled_instead(raise);
            let frame = *self.frame();
            if let FrameKind::Native(_) = frame.kind {
                first = false;
                match self.unwind_native(raise) {
                    Ok(Flow::Exit(exit)) => return Err(exit),
                    Ok(_) => return Ok(()),
                    Err(next) => raise = next,
                }
                continue;
            }
            let pc = frame.pc.saturating_sub(1);
            if self.ends_iteration(raise, pc) {
                return Ok(());
            }
            if !(first && self.is_rethrow()) {
                self.add_trace(raise, TraceEntry { instance: frame.instance, pc });
            }
            first = false;
            if self.enter_handler(raise, pc) {
                return Ok(());
            }
            match frame.kind {
                // Stays, so that a host can go on after the statement that failed.
                FrameKind::Module if self.fiber.frames.len() == 1 => return Err(Exit::Raised(raise)),
                FrameKind::Generator(at) => {
                    self.fiber.frames.pop();
                    self.finish_generator(at);
                    raise = self.generator_raised(raise);
                }
                _ => {
                    self.fiber.frames.pop();
                }
            }
            if self.fiber.frames.is_empty() {
                return Err(Exit::Raised(raise));
            }
        }
    }

    /// Hands an exception to the native frame on top; an end passes natives by.
    fn unwind_native(&mut self, raise: Raise) -> Result<Flow, Raise> {
        let Raise::Exception(exception) = raise else {
            self.fiber.frames.pop();
            return Err(raise);
        };
        let mut deliver = self.frame().deliver;
        let answer = self.resume_native(Resumed::Raised(exception), &mut deliver)?;
        self.perform(answer, deliver)
    }

    /// StopIteration where the frame on top asked for an item at `pc`, as by a function that `map` called: there are
    /// no more.
    fn ends_iteration(&mut self, raise: Raise, pc: u32) -> bool {
        let Raise::Exception(exception) = raise else { return false };
        let op = self.instances.get(self.frame().instance).code.ops[pc as usize];
        let asks = matches!(
            op,
            Op::ForIter { .. }
                | Op::ForIter2 { .. }
                | Op::ForNext { .. }
                | Op::ForNext2 { .. }
                | Op::YieldFrom { .. }
        );
        if !asks || !self.with(|ctx| iterate::stops(ctx, exception)) {
            return false;
        }
        match op {
            Op::ForIter { to, .. } | Op::ForIter2 { to, .. } => {
                let frame = self.frame_mut();
                frame.pc = (frame.pc as i64 + to as i64) as u32;
            }
            Op::YieldFrom { d, .. } => {
                let value = exception::args(self.heap, exception).first().copied();
                self.set(d, value.unwrap_or(Value::None));
            }
            _ => {}
        }
        true
    }

    /// Lets the frame on top handle `raise` at `pc`, if it does.
    fn enter_handler(&mut self, raise: Raise, pc: u32) -> bool {
        let value = match raise {
            Raise::Exception(exception) => Value::Exception(exception),
            Raise::End(End::Cancelled) => match self.cancellation {
                Some(cancellation) => Value::Exception(cancellation.exception),
                None => return false,
            },
            // After a limit or a stop no script code runs.
            Raise::End(_) => return false,
        };
        let cancelled = matches!(raise, Raise::End(_));
        let code = &self.instances.get(self.frame().instance).code;
        let handler = code.handlers.iter().find(|handler| {
            (handler.start..handler.end).contains(&pc) && !(cancelled && handler.kind == HandlerKind::Except)
        });
        let Some(&handler) = handler else { return false };
        self.set(handler.register, value);
        self.frame_mut().pc = handler.target;
        if cancelled {
            let depth = self.fiber.frames.len();
            self.cancellation = self.cancellation.map(|cancellation| Cancellation { depth, ..cancellation });
        }
        true
    }

    // ---- cancellation ----------------------------------------------------------------------------------

    /// Starts a cancellation: the frame on top is interrupted `within` the instruction that it carries out, or before
    /// the next one.
    pub(crate) fn cancel(&mut self, within: bool) -> Result<(), Exit> {
        let args = self.heap.tuple(&[]);
        let class = TypeId::KeyboardInterrupt.value();
        let exception = self.heap.insert(Exception { class, args, ..Exception::default() });
        self.cancellation = Some(Cancellation { exception, depth: self.fiber.frames.len() });
        if !within {
            let at = self.interrupted_at();
            self.frame_mut().pc = at + 1;
        }
        self.unwind(Raise::End(End::Cancelled))
    }

    /// The instruction at which a frame between two is interrupted: the next one, or the one before it where that is
    /// the last in a `try` or `with`. A cancellation that found it done would pass the `finally` by.
    fn interrupted_at(&self) -> u32 {
        let pc = self.frame().pc;
        let handlers = &self.instances.get(self.frame().instance).code.handlers;
        let ends = |end| {
            handlers.iter().any(|handler| handler.end == end && handler.kind != HandlerKind::Except)
                && handlers.iter().all(|handler| handler.target != end)
        };
        if pc > 0 && ends(pc) { pc - 1 } else { pc }
    }

    /// While a cancellation is under way, whatever leaves the frame of its handler is the cancellation again: an
    /// exception, a rethrow.
    fn cancelled_instead(&mut self, raise: Raise) -> Raise {
        match (self.cancellation, raise) {
            // Thrown into a generator that is the context of a `with`: no `except` in it sees it either.
            (Some(Cancellation { exception, depth }), Raise::Exception(thrown))
                if thrown == exception && self.fiber.frames.len() > depth =>
            {
                Raise::End(End::Cancelled)
            }
            (Some(cancellation), Raise::Exception(exception)) => {
                let inside = self.fiber.frames.len() > cancellation.depth
                    || (self.fiber.frames.len() == cancellation.depth && exception != cancellation.exception);
                if inside && self.handles_here() { raise } else { Raise::End(End::Cancelled) }
            }
            _ => raise,
        }
    }

    /// Whether some frame above the cancellation's handler, or the handler itself, catches at its pc.
    fn handles_here(&self) -> bool {
        let depth = self.cancellation.map_or(0, |cancellation| cancellation.depth);
        self.fiber.frames.iter().skip(depth.saturating_sub(1)).any(|frame| {
            let pc = frame.pc.saturating_sub(1);
            self.instances.get(frame.instance).code.handlers.iter().any(|h| (h.start..h.end).contains(&pc))
        })
    }

    /// Whether the frame on top is done with the handler that a cancellation was to run: it has returned into a
    /// caller, or left the `finally` with `break` or `continue`.
    pub(super) fn cancellation_resumes(&self) -> bool {
        self.cancellation.is_some_and(|cancellation| {
            let depth = self.fiber.frames.len();
            depth < cancellation.depth
                || (depth == cancellation.depth && !self.is_handling(cancellation.exception))
        })
    }

    fn is_handling(&self, exception: Ref<Exception>) -> bool {
        let frame = self.frame();
        let base = frame.base as usize;
        self.instances.get(frame.instance).code.handled.iter().any(|handled| {
            (handled.start..handled.end).contains(&frame.pc)
                && self.fiber.stack[base + handled.register as usize] == Value::Exception(exception)
        })
    }

    // ---- what exceptions learn -----------------------------------------------------------------------------

    fn op_at_pc(&self) -> Option<Op> {
        let frame = self.frame();
        let pc = (frame.pc as usize).checked_sub(1)?;
        self.instances.get(frame.instance).code.ops.get(pc).copied()
    }

    /// Whether the instruction at hand goes on with a raise that has been seen here before.
    fn is_rethrow(&self) -> bool {
        !matches!(self.frame().kind, FrameKind::Native(_))
            && matches!(self.op_at_pc(), Some(Op::Rethrow { .. } | Op::Reraise))
    }

    fn add_trace(&mut self, raise: Raise, entry: TraceEntry) {
        match raise {
            Raise::Exception(at) => self.heap.update(at, |exception| exception.traceback.push(entry)),
            // The session knows where that began.
            Raise::End(End::Cancelled) => {}
            Raise::End(_) => self.fiber.end_trace.push(entry),
        }
    }

    /// The exception being handled around the frame on top.
    pub(super) fn handled(&self) -> Option<Ref<Exception>> {
        self.fiber.frames.iter().rev().filter(|frame| !matches!(frame.kind, FrameKind::Native(_))).find_map(
            |frame| {
                let code = &self.instances.get(frame.instance).code;
                let pc = frame.pc.saturating_sub(1);
                let around = code.handled.iter().filter(|handled| (handled.start..handled.end).contains(&pc));
                let mut values = around.map(|h| self.fiber.stack[frame.base as usize + h.register as usize]);
                values.find_map(|value| match value {
                    Value::Exception(at) => Some(at),
                    _ => None,
                })
            },
        )
    }

    /// Notes which exception was being handled when `exception` was raised.
    fn set_context(&mut self, exception: Ref<Exception>) {
        let Some(handled) = self.handled() else { return };
        if handled == exception {
            return;
        }
        // A chain that leads back to the new exception is cut, as CPython does.
        let mut at = handled;
        for _ in 0..1000 {
            match self.heap[at].context {
                Value::Exception(next) if next == exception => {
                    self.heap.get_mut(at).context = Value::None;
                    break;
                }
                Value::Exception(next) => at = next,
                _ => break,
            }
        }
        self.heap.get_mut(exception).context = Value::Exception(handled);
    }

    /// What leaving a generator makes of an exception: StopIteration would look like its end (PEP 479).
    fn generator_raised(&mut self, raise: Raise) -> Raise {
        let Raise::Exception(stopped) = raise else { return raise };
        let is_stop = match self.heap[stopped].class {
            Value::Type(number) => types::is_subtype(self.heap, number, TypeId::StopIteration as u64),
            _ => false,
        };
        if !is_stop {
            return raise;
        }
        self.heap.scratch.push(Value::Exception(stopped));
        let raise = self.with(|ctx| ctx.error(TypeId::RuntimeError, "generator raised StopIteration"));
        self.heap.scratch.pop();
        if let Raise::Exception(at) = raise {
            let exception = self.heap.get_mut(at);
            exception.cause = Value::Exception(stopped);
            exception.context = Value::Exception(stopped);
            exception.suppress_context = true;
        }
        raise
    }

    /// `raise value [from cause]`.
    pub(super) fn raise_value(&mut self, value: Value, cause: Option<Value>) -> Raise {
        let exception = match self.instantiate(value, "exceptions must derive from BaseException") {
            Ok(exception) => exception,
            Err(raise) => return raise,
        };
        if let Some(cause) = cause {
            let cause = match cause {
                Value::None => Value::None,
                _ => {
                    let what = "exception causes must derive from BaseException";
                    match self.hold(Value::Exception(exception), |vm| vm.instantiate(cause, what)) {
                        Ok(cause) => Value::Exception(cause),
                        Err(raise) => return raise,
                    }
                }
            };
            let exception = self.heap.get_mut(exception);
            exception.cause = cause;
            exception.suppress_context = true;
        }
        Raise::Exception(exception)
    }

    /// An exception from an exception or an exception type.
    fn instantiate(&mut self, value: Value, complaint: &str) -> Result<Ref<Exception>, Raise> {
        match value {
            Value::Exception(at) => return Ok(at),
            Value::Type(number) if types::is_subtype(self.heap, number, TypeId::BaseException as u64) => {
                return self.with(|ctx| builtins::exception::make(ctx, value, Args::new(&[])));
            }
            _ => {}
        }
        Err(self.with(|ctx| ctx.type_error(complaint)))
    }

    /// `raise` without an exception.
    pub(super) fn reraise(&mut self) -> Raise {
        match self.handled() {
            Some(exception) => Raise::Exception(exception),
            None => self.with(|ctx| ctx.error(TypeId::RuntimeError, "No active exception to reraise")),
        }
    }

    /// Whether `except spec` catches `exception`. `spec` is a type or a tuple of types.
    pub(super) fn exception_matches(&mut self, exception: Value, spec: Value) -> Result<bool, Raise> {
        let specs = match &spec {
            Value::Tuple(at) => self.heap[*at].items(),
            _ => std::slice::from_ref(&spec),
        };
        let mut matches = false;
        for &spec in specs {
            match spec {
                Value::Type(number) if types::is_subtype(self.heap, number, TypeId::BaseException as u64) => {
                    matches |= types::is_instance(self.heap, exception, number);
                }
                _ => {
                    let message = "catching classes that do not inherit from BaseException is not allowed";
                    return Err(self.with(|ctx| ctx.type_error(message)));
                }
            }
        }
        Ok(matches)
    }

    // ---- messages about names and depth ----------------------------------------------------------------------

    pub(super) fn recursion_error(&mut self) -> Raise {
        self.with(|ctx| ctx.error(TypeId::RecursionError, "maximum recursion depth exceeded"))
    }

    /// A NameError (or kind of it) that knows its name, and the local variable with nearly that name, for suggestions.
    fn name_error(&mut self, class: TypeId, message: String, name: &str) -> Raise {
        let raise = self.with(|ctx| ctx.error(class, message));
        if let Raise::Exception(at) = raise {
            let near = suggest::closest(name, self.bound_locals().into_iter()).map(str::to_string);
            for (field, text) in [("name", Some(name)), (exception::NEAR, near.as_deref())] {
                let Some(text) = text else { continue };
                let text = self.heap.str(text);
                self.heap.scratch.extend([Value::Exception(at), text]);
                // Without it the error still says what it has to.
                let _ = self.with(|ctx| exception::set_field(ctx, at, field, text));
                self.heap.scratch.truncate(self.heap.scratch.len() - 2);
            }
        }
        raise
    }

    /// Names of the running function's variables that have a value, those of comprehensions left out.
    fn bound_locals(&self) -> Vec<&str> {
        let code = &self.instances.get(self.frame().instance).code;
        let spill =
            code.ops.iter().find_map(|op| if let Op::NewSpill { d, .. } = op { Some(*d) } else { None });
        let spill = spill.map_or(&[][..], |d| self.spill(d));
        // Those of a function hold in all of it; a piece of a module has none but those of comprehensions.
        let locals = code.variables.iter().filter(|variable| variable.start == 0);
        let locals = locals.filter(|variable| {
            let value = match variable.place {
                Place::Register(r) | Place::Cell(r) => self.reg(r),
                Place::Spill(i) | Place::SpillCell(i) => {
                    spill.get(i as usize).copied().unwrap_or(Value::Undef)
                }
            };
            !self.opened(value).is_undef()
        });
        let mut names: Vec<&str> = match code.kind {
            CodeKind::Module => Vec::new(),
            _ => locals.map(|variable| &*variable.name).collect(),
        };
        if let Some(function) = self.function() {
            let cells = self.heap[function].cells.iter();
            let free =
                code.free_names.iter().zip(cells).filter(|(_, cell)| !self.heap[**cell].value.is_undef());
            names.extend(free.map(|(name, _)| &**name));
        }
        names
    }

    /// What a cell holds; any other value itself.
    fn opened(&self, value: Value) -> Value {
        match value {
            Value::Cell(cell) => self.heap[cell].value,
            value => value,
        }
    }

    pub(super) fn undefined_global(&mut self, slot: u32) -> Raise {
        let name = self.heap[self.module()].names[slot as usize].clone();
        self.name_error(TypeId::NameError, format!("name '{name}' is not defined"), &name)
    }

    /// The variable that lives in a place at the current instruction.
    fn variable_at(&self, place: impl Fn(Place) -> bool) -> String {
        let frame = self.frame();
        let pc = frame.pc.saturating_sub(1);
        let code = &self.instances.get(frame.instance).code;
        let mut here = code.variables.iter().filter(|variable| place(variable.place));
        let found =
            here.clone().find(|variable| (variable.start..variable.end).contains(&pc)).or(here.next());
        found.map_or_else(|| "?".to_string(), |variable| variable.name.to_string())
    }

    fn unbound_local(&mut self, name: &str) -> Raise {
        let message =
            format!("cannot access local variable '{name}' where it is not associated with a value");
        self.name_error(TypeId::UnboundLocalError, message, name)
    }

    pub(super) fn unbound_register(&mut self, register: u8) -> Raise {
        let name =
            self.variable_at(|place| matches!(place, Place::Register(r) | Place::Cell(r) if r == register));
        self.unbound_local(&name)
    }

    pub(super) fn unbound_spill(&mut self, index: u32) -> Raise {
        let name =
            self.variable_at(|place| matches!(place, Place::Spill(i) | Place::SpillCell(i) if i == index));
        self.unbound_local(&name)
    }

    pub(super) fn unbound_free(&mut self, index: u32) -> Raise {
        let name = self.instances.get(self.frame().instance).code.free_names[index as usize].clone();
        let message = format!(
            "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        );
        self.name_error(TypeId::NameError, message, &name)
    }

    /// The error that Python would have raised before the arguments of a fused call were evaluated: its callee
    /// does not exist. See [`Part`].
    fn callee_error(&mut self) -> Option<Raise> {
        let frame = *self.frame();
        if let FrameKind::Native(_) = frame.kind {
            return None;
        }
        let pc = frame.pc.checked_sub(1)?;
        let code = &self.instances.get(frame.instance).code;
        let after = code.parts.partition_point(|part| part.pc <= pc);
        let &Part { start, pc: call, .. } = code.parts.get(after)?;
        if !(start..call).contains(&pc) {
            return None;
        }
        let raise = match code.ops[call as usize] {
            Op::CallGlobal { slot, .. } => {
                let missing = self.heap[self.module()].slots[slot as usize].is_undef();
                missing.then(|| self.undefined_global(slot))
            }
            Op::Invoke { base, name, .. } => {
                let (receiver, name) = (self.reg(base), self.name(name as u32));
                self.with(|ctx| attribute::get_attr(ctx, receiver, name)).err()
            }
            _ => None,
        }?;
        // The frame is where the lookup would have been.
        self.frame_mut().pc = call + 1;
        Some(raise)
    }
}
