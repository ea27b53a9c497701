//! What natives ask for, and where results go.
//!
//! A native that needs a script answers with a request and leaves its state in a frame on the fiber; the result of
//! what it asked for finds that frame on top and resumes it. [`Vm::perform`] is the loop that carries out requests
//! and hands on answers until a script frame goes on.

use super::{Deliver, Exit, Flow, Frame, FrameKind, Vm};
use crate::ast::CompareOp;
use crate::bytecode::Op;
use crate::heap::{CallArgs, Ctx, NativeResult, Outcome, Raise, Resumed};
use crate::object::types::TypeId;
use crate::object::{NativeState, TraceEntry};
use crate::ops::iterate::{self, Pair, Step};
use crate::ops::types;
use crate::value::{Ref, Value};

/// Something on its way to whoever waits for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// A native's answer, to be carried out.
    Outcome(Outcome),
    /// A result or an item.
    Value(Value),
    /// The end of an iterator; the return value of a generator.
    Exhausted(Value),
}

/// How a generator is resumed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Input {
    /// `yield` returns this.
    Send(Value),
    /// `yield` raises this.
    Throw(Value),
}

/// Where a loop goes on, from the instruction that asks for an item; 0 is the next instruction.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    /// With an item.
    pub item: i32,
    /// When there are no more.
    pub end: i32,
}

/// The way of a turn.
#[inline]
fn way(to: i32) -> Flow {
    if to == 0 { Flow::Next } else { Flow::Jump(to) }
}

/// What starting a call, or resuming a generator, led to.
pub(super) enum Started {
    /// A frame is on top and runs.
    Frame,
    /// There is an answer already.
    Answer(Answer),
}

/// A native that only waited: what it waited for is its result.
fn passed_on(_: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(value) => Ok(value.into()),
        Resumed::Exhausted(_) => Ok(Outcome::Exhausted),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}

impl Vm<'_> {
    /// Hands `answer` to `deliver`, carrying out what natives ask for on the way.
    pub(super) fn perform(&mut self, mut answer: Answer, mut deliver: Deliver) -> Result<Flow, Raise> {
        loop {
            answer = match answer {
                Answer::Outcome(Outcome::Suspend) => return self.suspend(deliver),
                Answer::Outcome(outcome) => {
                    if let Some(state) = self.waiting(outcome) {
                        self.push_native(state, deliver)?;
                        deliver = Deliver::Native;
                    }
                    match self.carry_out_request(outcome, deliver)? {
                        Started::Frame => return Ok(Flow::Reload),
                        Started::Answer(answer) => answer,
                    }
                }
                Answer::Value(value) => match deliver {
                    Deliver::Register(d) => {
                        self.set(d, value);
                        if self.heap.has_errs() {
                            self.note_dropped(value);
                        }
                        return Ok(Flow::Reload);
                    }
                    // Yielded by what it delegates to: a generator hands it on.
                    Deliver::Op if matches!(self.waiting_op(), Op::YieldFrom { .. }) => {
                        self.frame_mut().pc -= 1;
                        deliver = self.put_away();
                        Answer::Value(value)
                    }
                    Deliver::Op => return self.finish(value),
                    Deliver::Unpacked => return self.finish_unpack(value),
                    Deliver::Host => return Ok(Flow::Exit(Exit::Done(value))),
                    Deliver::Native => match self.resume_with_value(value, &mut deliver)? {
                        Started::Frame => return Ok(Flow::Reload),
                        Started::Answer(answer) => answer,
                    },
                },
                Answer::Exhausted(value) => match deliver {
                    Deliver::Op => return self.finish_exhausted(value),
                    Deliver::Native => self.resume_native(Resumed::Exhausted(value), &mut deliver)?,
                    Deliver::Register(_) | Deliver::Host | Deliver::Unpacked => {
                        let args: &[Value] = if value.is_none() { &[] } else { &[value] };
                        return Err(self.with(|ctx| ctx.error_with(TypeId::StopIteration, args)));
                    }
                },
            };
        }
    }

    fn waiting(&self, outcome: Outcome) -> Option<Ref<NativeState>> {
        match outcome {
            Outcome::Return(_) | Outcome::Exhausted | Outcome::Suspend => None,
            Outcome::Call { then, .. } | Outcome::Next { then, .. } | Outcome::Resume { then, .. } => then,
            Outcome::Perform { then } => Some(then),
        }
    }

    fn carry_out_request(&mut self, outcome: Outcome, deliver: Deliver) -> Result<Started, Raise> {
        match outcome {
            Outcome::Return(value) => Ok(Started::Answer(Answer::Value(value))),
            Outcome::Exhausted => Ok(Started::Answer(Answer::Exhausted(Value::None))),
            Outcome::Call { function, args, .. } => self.call_for_native(function, args, deliver),
            Outcome::Next { iter, .. } => self.advance(iter, deliver),
            Outcome::Resume { generator: Value::Generator(at), value, raise, .. } => {
                let input = if raise { Input::Throw(value) } else { Input::Send(value) };
                self.resume_generator(at, input, deliver)
            }
            Outcome::Resume { .. } => Ok(Started::Answer(Answer::Exhausted(Value::None))),
            Outcome::Perform { then } => {
                let request = self.heap.get_mut(then).request.take();
                Ok(Started::Answer(Answer::Outcome(request.map_or(Outcome::Exhausted, |request| *request))))
            }
            Outcome::Suspend => Ok(Started::Answer(Answer::Outcome(outcome))),
        }
    }

    /// Stops the fiber until [`Vm::complete`] brings the result of the future that a native has started.
    #[cold]
    fn suspend(&mut self, deliver: Deliver) -> Result<Flow, Raise> {
        let state = self.with(|ctx| ctx.state(passed_on, Vec::new(), [0; 4]));
        self.push_native(state, deliver)?;
        Ok(Flow::Exit(Exit::Suspended))
    }

    /// Brings the result of what the fiber was suspended for. The fiber can run again, or has ended.
    pub(crate) fn complete(&mut self, result: NativeResult) -> Result<(), Exit> {
        let flow = match result {
            Ok(outcome) => self.perform(Answer::Outcome(outcome), Deliver::Native),
            Err(raise) => Err(raise),
        };
        match flow {
            Ok(Flow::Exit(exit)) => Err(exit),
            Ok(_) => Ok(()),
            Err(raise) => self.unwind(raise),
        }
    }

    /// Asks any iterator for its next item.
    pub(super) fn advance(&mut self, iter: Value, deliver: Deliver) -> Result<Started, Raise> {
        if let Value::Generator(at) = iter {
            return self.resume_generator(at, Input::Send(Value::None), deliver);
        }
        Ok(Started::Answer(match self.with(|ctx| iterate::next(ctx, iter))? {
            Step::Item(item) => Answer::Value(item),
            Step::Done => Answer::Exhausted(Value::None),
            // A request of its own for the same iterator is a generator in disguise: carried out above.
            Step::Request(outcome) => Answer::Outcome(outcome),
        }))
    }

    /// Keeps a native's state on the fiber until what it asked for is there.
    pub(super) fn push_native(&mut self, state: Ref<NativeState>, deliver: Deliver) -> Result<(), Raise> {
        if self.fiber.frames.len() >= self.max_frames {
            return Err(self.recursion_error());
        }
        let below = *self.frame();
        self.fiber.frames.push(Frame {
            pc: 0,
            base: below.top,
            top: below.top,
            instance: below.instance,
            kind: FrameKind::Native(state),
            deliver,
        });
        Ok(())
    }

    /// Resumes the native whose frame is on top; its frame is gone afterwards, and `deliver` is its own.
    pub(super) fn resume_native(&mut self, resumed: Resumed, deliver: &mut Deliver) -> Result<Answer, Raise> {
        let frame = *self.frame();
        let FrameKind::Native(state) = frame.kind else {
            unreachable!("only a native frame takes a native's answer")
        };
        let resume = self.heap[state].resume;
        // What it is resumed with is in no register.
        let held = match resumed {
            Resumed::Value(value) | Resumed::Exhausted(value) => value,
            Resumed::Raised(exception) => Value::Exception(exception),
        };
        let result = self.hold(held, |vm| vm.with(|ctx| resume(ctx, state, resumed)));
        self.fiber.frames.pop();
        *deliver = frame.deliver;
        result.map(Answer::Outcome)
    }

    /// [`Vm::resume_native`] with a value. A native that asks for one more call keeps its frame and its state: what
    /// it answers is looked at where it lies, for copying all of it waits for what was just written word by word.
    fn resume_with_value(&mut self, value: Value, deliver: &mut Deliver) -> Result<Started, Raise> {
        let frame = self.frame();
        let (FrameKind::Native(state), below) = (frame.kind, frame.deliver) else {
            unreachable!("only a native frame takes a native's answer")
        };
        let resume = self.heap[state].resume;
        let result = self.hold(value, |vm| vm.with(|ctx| resume(ctx, state, Resumed::Value(value))));
        if let Ok(Outcome::Call { function, args: CallArgs::One(arg), then: Some(then) }) = &result
            && *then == state
        {
            return self.call_one_for_native(*function, *arg);
        }
        self.fiber.frames.pop();
        *deliver = below;
        result.map(|outcome| Started::Answer(Answer::Outcome(outcome)))
    }

    /// Notes an error that a call has returned in a pair which nobody looks at.
    #[cold]
    pub(super) fn note_dropped(&mut self, value: Value) {
        let (Value::Tuple(_), Some(&[_, Value::Exception(err)])) = (value, self.heap.as_items(value)) else {
            return;
        };
        let frame = self.frame();
        let code = &self.instances.get(frame.instance).code;
        let pc = frame.pc.saturating_sub(1) as usize;
        let is_call = matches!(
            code.ops.get(pc),
            Some(
                Op::Call { .. }
                    | Op::CallGlobal { .. }
                    | Op::CallKw { .. }
                    | Op::CallEx { .. }
                    | Op::CallMethod { .. }
                    | Op::Invoke { .. }
            )
        );
        if is_call && code.is_inplace(pc) {
            let frames = self.fiber.frames.iter().rev();
            let scripts = frames.filter(|frame| !matches!(frame.kind, super::FrameKind::Native(_)));
            let place =
                |frame: &Frame| TraceEntry { instance: frame.instance, pc: frame.pc.saturating_sub(1) };
            let places = scripts.map(place).collect();
            self.heap.note_dropped(err, places);
        }
    }

    /// The instruction of the frame on top that waits for an answer.
    fn waiting_op(&self) -> Op {
        let frame = self.frame();
        self.instances.get(frame.instance).code.ops[frame.pc as usize - 1]
    }

    pub(super) fn jump_frame(&mut self, to: i32) -> Result<Flow, Raise> {
        let frame = self.frame_mut();
        frame.pc = (frame.pc as i64 + to as i64) as u32;
        Ok(Flow::Reload)
    }

    /// Finishes the instruction of the frame on top with the value it waited for.
    fn finish(&mut self, value: Value) -> Result<Flow, Raise> {
        match self.waiting_op() {
            Op::Compare { op, d, .. } => {
                let truth = types::truthy(self.heap, value);
                self.set(d, Value::bool(truth != (op == CompareOp::NotIn)));
            }
            Op::JumpIfIn { to, .. }
            | Op::JumpIfEq { to, .. }
            | Op::JumpIfNe { to, .. }
            | Op::JumpIfLt { to, .. }
            | Op::JumpIfLe { to, .. }
            | Op::JumpIfGt { to, .. }
            | Op::JumpIfGe { to, .. }
                if types::truthy(self.heap, value) =>
            {
                return self.jump_frame(to);
            }
            Op::JumpIfNotIn { to, .. }
            | Op::JumpUnlessLt { to, .. }
            | Op::JumpUnlessLe { to, .. }
            | Op::JumpUnlessGt { to, .. }
            | Op::JumpUnlessGe { to, .. }
                if !types::truthy(self.heap, value) =>
            {
                return self.jump_frame(to);
            }
            // The item came from another frame.
            Op::ForIter2 { a, b, .. } => {
                let flow = self.unpack_pair(value, a, b, 0)?;
                return Ok(if matches!(flow, Flow::Next) { Flow::Reload } else { flow });
            }
            Op::ForNext2 { a, b, to, .. } => {
                return match self.unpack_pair(value, a, b, to)? {
                    Flow::Jump(to) => self.jump_frame(to),
                    flow => Ok(flow),
                };
            }
            Op::ForNext { d, to, .. } => {
                self.set(d, value);
                return self.jump_frame(to);
            }
            Op::CallEx { d, base } => {
                self.set(base + 1, value);
                return self.call_spread(d, base);
            }
            Op::ForIter { d, .. }
            | Op::WithEnter { d, .. }
            | Op::WithCatch { d, .. }
            | Op::Add { d, .. }
            | Op::Sub { d, .. }
            | Op::Mul { d, .. }
            | Op::Div { d, .. }
            | Op::FloorDiv { d, .. }
            | Op::Mod { d, .. }
            | Op::BitAnd { d, .. }
            | Op::Binary { d, .. } => self.set(d, value),
            // ListExtend, SetExtend, SetSlice, WithExit, a jump not taken: only that it is done matters.
            _ => {}
        }
        Ok(Flow::Reload)
    }

    /// Finishes the instruction of the frame on top: the iterator it asked has ended.
    fn finish_exhausted(&mut self, value: Value) -> Result<Flow, Raise> {
        match self.waiting_op() {
            Op::ForIter { to, .. } | Op::ForIter2 { to, .. } => self.jump_frame(to),
            Op::YieldFrom { d, .. } => {
                self.set(d, value);
                Ok(Flow::Reload)
            }
            _ => Ok(Flow::Reload),
        }
    }

    // ---- loops and unpacking -------------------------------------------------------------------------

    pub(super) fn get_iter(&mut self, d: u8, iterable: Value) -> Result<Flow, Raise> {
        let (state, next, left) = match iterable {
            Value::List(at) => (Value::ListState(at), Value::Int(0), Value::None),
            Value::Range(at) if self.heap[at].small().is_some() => {
                let (start, step, length) = self.heap[at].small().unwrap_or_default();
                (Value::RangeState(step), Value::Int(start), Value::Int(length))
            }
            _ => (self.with(|ctx| iterate::iter(ctx, iterable))?, Value::None, Value::None),
        };
        self.set(d, state);
        self.set(d + 1, next);
        self.set(d + 2, left);
        Ok(Flow::Next)
    }

    pub(super) fn for_iter(&mut self, r: u8, d: u8, turn: Turn) -> Result<Flow, Raise> {
        let iter = self.reg(r);
        if let Value::Iter(_) | Value::Host(_) = iter {
            match self.with(|ctx| iterate::next(ctx, iter))? {
                Step::Item(item) => {
                    self.set(d, item);
                    return Ok(way(turn.item));
                }
                Step::Done => return Ok(way(turn.end)),
                Step::Request(outcome) => return self.perform(Answer::Outcome(outcome), Deliver::Op),
            }
        }
        self.start(|vm| vm.advance(iter, Deliver::Op), Deliver::Op)
    }

    pub(super) fn for_iter2(&mut self, r: u8, a: u8, b: u8, turn: Turn) -> Result<Flow, Raise> {
        let item = match self.reg(r) {
            Value::ListState(list) => {
                let Value::Int(index) = self.reg(r + 1) else { return Ok(way(turn.end)) };
                let Some(&item) = self.heap[list].items().get(index as usize) else {
                    return Ok(way(turn.end));
                };
                self.set(r + 1, Value::Int(index + 1));
                item
            }
            Value::RangeState(step) => {
                let (Value::Int(next), Value::Int(left)) = (self.reg(r + 1), self.reg(r + 2)) else {
                    return Ok(way(turn.end));
                };
                if left <= 0 {
                    return Ok(way(turn.end));
                }
                self.set(r + 1, Value::Int(next.wrapping_add(step)));
                self.set(r + 2, Value::Int(left - 1));
                Value::Int(next)
            }
            iter @ (Value::Iter(_) | Value::Host(_)) => {
                match self.with(|ctx| iterate::next_pair(ctx, iter))? {
                    Pair::Two(x, y) => {
                        self.set(a, x);
                        self.set(b, y);
                        return Ok(way(turn.item));
                    }
                    Pair::One(Step::Item(item)) => item,
                    Pair::One(Step::Done) => return Ok(way(turn.end)),
                    Pair::One(Step::Request(outcome)) => {
                        return self.perform(Answer::Outcome(outcome), Deliver::Op);
                    }
                }
            }
            iter => return self.start(|vm| vm.advance(iter, Deliver::Op), Deliver::Op),
        };
        self.unpack_pair(item, a, b, turn.item)
    }

    /// Runs `start` and hands on what it has at once.
    pub(super) fn start(
        &mut self,
        start: impl FnOnce(&mut Self) -> Result<Started, Raise>,
        deliver: Deliver,
    ) -> Result<Flow, Raise> {
        match start(self)? {
            Started::Frame => Ok(Flow::Reload),
            Started::Answer(answer) => self.perform(answer, deliver),
        }
    }

    /// The two parts of `item` into `R[a]` and `R[b]`, and on to `to`.
    fn unpack_pair(&mut self, item: Value, a: u8, b: u8, to: i32) -> Result<Flow, Raise> {
        if let Some(&[x, y]) = self.heap.as_items(item) {
            self.set(a, x);
            self.set(b, y);
            return Ok(way(to));
        }
        self.hold(item, |vm| vm.unpack(item, 2, None))
    }

    /// Takes `before` items (and, around a star, `after` more) of `value` for the unpacking instruction at hand.
    pub(super) fn unpack(
        &mut self,
        value: Value,
        before: usize,
        after: Option<usize>,
    ) -> Result<Flow, Raise> {
        if let (None, Op::Unpack { d, .. }) = (after, self.waiting_op())
            && let Some(items) = self.heap.as_items(value)
            && items.len() == before
        {
            let range = self.range(d, before);
            self.fiber.stack[range].copy_from_slice(items);
            return Ok(Flow::Next);
        }
        let outcome = self.with(|ctx| iterate::unpack(ctx, value, before, after))?;
        self.perform(Answer::Outcome(outcome), Deliver::Unpacked)
    }

    /// Puts the items of `list`, which `iterate::unpack` has counted and whose star part is a list of its own,
    /// where the unpacking instruction wants them.
    fn finish_unpack(&mut self, list: Value) -> Result<Flow, Raise> {
        let targets = match self.waiting_op() {
            Op::Unpack2 { d, e, .. } | Op::ForIter2 { a: d, b: e, .. } => {
                if let Some(&[x, y]) = self.heap.as_items(list) {
                    self.set(d, x);
                    self.set(e, y);
                }
                return Ok(Flow::Reload);
            }
            Op::ForNext2 { a, b, to, .. } => {
                if let Some(&[x, y]) = self.heap.as_items(list) {
                    self.set(a, x);
                    self.set(b, y);
                }
                return self.jump_frame(to);
            }
            Op::Unpack { d, count, .. } => (d, count as usize),
            Op::UnpackStar { d, before, after, .. } => (d, before as usize + 1 + after as usize),
            Op::UnpackList { d, .. } | Op::UnpackStarList { d, .. } => {
                self.set(d, list);
                return Ok(Flow::Reload);
            }
            _ => return Ok(Flow::Reload),
        };
        let range = self.range(targets.0, targets.1);
        if let Some(items) = self.heap.as_items(list) {
            self.fiber.stack[range].copy_from_slice(items);
        }
        Ok(Flow::Reload)
    }
}
