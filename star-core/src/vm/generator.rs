//! Generators: functions whose one frame is put away at each `yield`.

use super::perform::{Answer, Input, Started};
use super::{Deliver, Flow, Frame, FrameKind, Vm};
use crate::bytecode::Op;
use crate::heap::Raise;
use crate::object::types::TypeId;
use crate::object::{Function, Generator, GeneratorState};
use crate::value::{Ref, Value};

impl Vm<'_> {
    /// The generator that calling generator function `function` makes. Its parameters lie at stack place `base`.
    pub(super) fn make_generator(&mut self, function: Ref<Function>, base: usize) -> Result<Value, Raise> {
        let index = self.heap[function].instance;
        let instance = self.instances.get(index);
        let count = instance.code.registers as usize;
        let parameters = register_parameters(&instance.code.params);
        let mut registers = vec![Value::Undef; count].into_boxed_slice();
        registers[..parameters].copy_from_slice(&self.fiber.stack[base..base + parameters]);
        let generator = Generator {
            state: GeneratorState::Created,
            function: Value::Function(function),
            pc: 0,
            registers,
            instance: index,
        };
        Ok(Value::Generator(self.heap.insert(generator)))
    }

    /// Puts a generator's frame on top and lets it go on. Where it delegates to another one, that one's frame
    /// follows, however long the chain.
    pub(super) fn resume_generator(
        &mut self,
        mut at: Ref<Generator>,
        input: Input,
        mut deliver: Deliver,
    ) -> Result<Started, Raise> {
        loop {
            let state = self.heap[at].state;
            if let Some(answer) = self.check_resumable(state, input)? {
                return self.answered(answer, deliver);
            }
            self.push_generator(at, deliver)?;
            let frame = self.frame();
            let inner = match self.instances.get(frame.instance).code.ops.get(frame.pc as usize) {
                Some(&Op::YieldFrom { a, .. }) if state == GeneratorState::Suspended => Some(self.reg(a)),
                _ => None,
            };
            match (inner, input) {
                (Some(inner), _) => {
                    self.frame_mut().pc += 1;
                    deliver = Deliver::Op;
                    match inner {
                        Value::Generator(inner) => at = inner,
                        _ => return self.delegate_to_iterator(inner, input),
                    }
                }
                (None, Input::Throw(exception)) => {
                    self.thrown = true;
                    return Err(self.as_raise(exception));
                }
                (None, Input::Send(value)) => {
                    if let Some(Op::Yield { d, .. }) = self.previous_op() {
                        self.set(d, value);
                    }
                    return Ok(Started::Frame);
                }
            }
        }
    }

    /// What resuming a generator in `state` answers without running it, if anything.
    fn check_resumable(&mut self, state: GeneratorState, input: Input) -> Result<Option<Answer>, Raise> {
        match (state, input) {
            (GeneratorState::Running, _) => {
                Err(self.with(|ctx| ctx.value_error("generator already executing")))
            }
            (GeneratorState::Finished, Input::Send(_)) => Ok(Some(Answer::Exhausted(Value::None))),
            (GeneratorState::Finished, Input::Throw(exception)) => Err(self.as_raise(exception)),
            (GeneratorState::Created, Input::Send(value)) if !value.is_none() => {
                let message = "can't send non-None value to a just-started generator";
                Err(self.with(|ctx| ctx.type_error(message)))
            }
            _ => Ok(None),
        }
    }

    fn push_generator(&mut self, at: Ref<Generator>, deliver: Deliver) -> Result<(), Raise> {
        if self.fiber.frames.len() >= self.max_frames {
            return Err(self.recursion_error());
        }
        let base = self.fiber.top();
        self.ensure_window(base)?;
        let generator = self.heap.get_mut(at);
        generator.state = GeneratorState::Running;
        let count = generator.registers.len();
        self.fiber.stack[base..base + count].copy_from_slice(&generator.registers);
        self.fiber.frames.push(Frame {
            pc: generator.pc,
            base: base as u32,
            top: (base + count) as u32,
            instance: generator.instance,
            kind: FrameKind::Generator(at),
            deliver,
        });
        Ok(())
    }

    /// Passes on an answer that a delegating frame, if there is one on top, has to see first.
    fn answered(&mut self, answer: Answer, deliver: Deliver) -> Result<Started, Raise> {
        let delegated = deliver == Deliver::Op
            && matches!(self.frame().kind, FrameKind::Generator(_))
            && matches!(self.previous_op(), Some(Op::YieldFrom { .. }));
        if !delegated {
            return Ok(Started::Answer(answer));
        }
        match self.perform(answer, Deliver::Op)? {
            Flow::Exit(super::Exit::Done(value)) => Ok(Started::Answer(Answer::Value(value))),
            _ => Ok(Started::Frame),
        }
    }

    fn previous_op(&self) -> Option<Op> {
        let frame = self.frame();
        self.instances.get(frame.instance).code.ops.get((frame.pc as usize).checked_sub(1)?).copied()
    }

    pub(super) fn as_raise(&mut self, exception: Value) -> Raise {
        match exception {
            Value::Exception(at) => Raise::Exception(at),
            _ => self.with(|ctx| ctx.type_error("exceptions must derive from BaseException")),
        }
    }

    /// `yield`: puts the frame on top away and hands `value` to whoever resumed it.
    pub(super) fn yield_value(&mut self, value: Value) -> Result<Flow, Raise> {
        let deliver = self.put_away();
        self.perform(Answer::Value(value), deliver)
    }

    /// Saves the generator's frame on top, and tells where what it yields goes.
    pub(super) fn put_away(&mut self) -> Deliver {
        let frame = *self.frame();
        let FrameKind::Generator(at) = frame.kind else {
            unreachable!("the compiler puts yield only into generators")
        };
        let registers = &self.fiber.stack[frame.base as usize..frame.top as usize];
        let generator = self.heap.get_mut(at);
        generator.registers.copy_from_slice(registers);
        generator.pc = frame.pc;
        generator.state = GeneratorState::Suspended;
        self.fiber.frames.pop();
        frame.deliver
    }

    /// Marks a generator whose frame has left the stack.
    pub(super) fn finish_generator(&mut self, at: Ref<Generator>) {
        self.heap.update(at, |generator| {
            generator.state = GeneratorState::Finished;
            generator.registers = Box::default();
        });
    }

    /// `yield from`: the frame on top asks `inner` for its first item and will yield it.
    pub(super) fn delegate(&mut self, inner: Value) -> Result<Flow, Raise> {
        self.start(
            |vm| match inner {
                Value::Generator(at) => vm.resume_generator(at, Input::Send(Value::None), Deliver::Op),
                _ => vm.delegate_to_iterator(inner, Input::Send(Value::None)),
            },
            Deliver::Op,
        )
    }

    /// Delegates to an iterator that is no generator: it takes no values and no exceptions.
    fn delegate_to_iterator(&mut self, inner: Value, input: Input) -> Result<Started, Raise> {
        match input {
            Input::Throw(exception) => Err(self.as_raise(exception)),
            Input::Send(Value::None) => match self.advance(inner, Deliver::Op)? {
                Started::Frame => Ok(Started::Frame),
                Started::Answer(answer) => self.answered(answer, Deliver::Op),
            },
            Input::Send(_) => {
                let name = crate::ops::types::type_name(self.heap, inner);
                let message = format!("'{name}' object has no attribute 'send'");
                Err(self.with(|ctx| ctx.error(TypeId::AttributeError, message)))
            }
        }
    }
}

/// Registers that hold parameters when a function starts.
pub(super) fn register_parameters(params: &crate::bytecode::Params) -> usize {
    if params.names.len() > crate::bytecode::LOCAL_REGISTERS { 1 } else { params.names.len() }
}
