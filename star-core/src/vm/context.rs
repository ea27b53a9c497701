//! `with`: a generator with one `yield` is a context manager, as `contextlib.contextmanager` makes it.

use super::perform::Answer;
use super::{Deliver, Flow, Vm};
use crate::heap::{Ctx, NativeFn, NativeResult, Outcome, Raise, Resumed};
use crate::object::NativeState;
use crate::object::types::TypeId;
use crate::ops::{exception, types};
use crate::value::{Ref, Value};

impl Vm<'_> {
    pub(super) fn with_enter(&mut self, manager: Value) -> Result<Flow, Raise> {
        let (enter, exit) = self.manager_hooks(manager);
        match enter {
            Some(enter) => return self.call_hook(enter, &[manager], Deliver::Op),
            None if exit.is_some() => return self.perform(Answer::Value(manager), Deliver::Op),
            None => {}
        }
        let Value::Generator(_) = manager else {
            let name = types::type_name(self.heap, manager);
            let message = format!("'{name}' object does not support the context manager protocol");
            return Err(self.with(|ctx| ctx.type_error(message)));
        };
        let then = self.with(|ctx| ctx.state(entered, Vec::new(), [0; 4]));
        self.perform(Answer::Outcome(Outcome::Next { iter: manager, then: Some(then) }), Deliver::Op)
    }

    /// What the type of a context manager does at entry and exit.
    fn manager_hooks(&self, manager: Value) -> (Option<NativeFn>, Option<NativeFn>) {
        let Some(kind) = self.heap.behaviour(manager) else { return (None, None) };
        (kind.hook(|hooks| hooks.enter), kind.hook(|hooks| hooks.exit))
    }

    pub(super) fn with_exit(&mut self, manager: Value) -> Result<Flow, Raise> {
        match self.manager_hooks(manager) {
            (_, Some(exit)) => return self.call_hook(exit, &[manager, Value::None], Deliver::Op),
            (Some(_), None) => return self.perform(Answer::Value(Value::None), Deliver::Op),
            (None, None) => {}
        }
        let then = self.with(|ctx| ctx.state(left, Vec::new(), [0; 4]));
        self.perform(Answer::Outcome(Outcome::Next { iter: manager, then: Some(then) }), Deliver::Op)
    }

    pub(super) fn with_catch(&mut self, manager: Value, exception: Value) -> Result<Flow, Raise> {
        match self.manager_hooks(manager) {
            (_, Some(exit)) => return self.call_hook(exit, &[manager, exception], Deliver::Op),
            (Some(_), None) => return self.perform(Answer::Value(Value::bool(false)), Deliver::Op),
            (None, None) => {}
        }
        let passed = match exception {
            Value::Exception(at) => self.heap[at].traceback.len() as i64,
            _ => 0,
        };
        let then = self.with(|ctx| ctx.state(caught, vec![exception], [passed, 0, 0, 0]));
        let request = Outcome::Resume { generator: manager, value: exception, raise: true, then: Some(then) };
        self.perform(Answer::Outcome(request), Deliver::Op)
    }
}

fn entered(ctx: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(value) => Ok(value.into()),
        Resumed::Exhausted(_) => Err(ctx.error(TypeId::RuntimeError, "generator didn't yield")),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}

fn left(ctx: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(_) => Err(ctx.error(TypeId::RuntimeError, "generator didn't stop")),
        Resumed::Exhausted(_) => Ok(Value::None.into()),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}

fn caught(ctx: &mut Ctx<'_>, state: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(_) => Err(ctx.error(TypeId::RuntimeError, "generator didn't stop after throw()")),
        Resumed::Exhausted(_) => Ok(Value::bool(true).into()),
        Resumed::Raised(raised) => {
            let Value::Exception(thrown) = ctx.heap[state].values[0] else {
                return Err(Raise::Exception(raised));
            };
            // The same exception again was not swallowed, nor was a StopIteration that had to be wrapped: what the
            // generator added to the traceback is taken back, as contextlib does.
            let wrapped = ctx.heap[raised].cause == Value::Exception(thrown)
                && exception::builtin_base(ctx.heap, ctx.heap[thrown].class) == TypeId::StopIteration;
            if raised != thrown && !wrapped {
                return Err(Raise::Exception(raised));
            }
            let passed = ctx.heap[state].words[0] as usize;
            ctx.heap.update(thrown, |exception| exception.traceback.truncate(passed));
            Ok(Value::bool(false).into())
        }
    }
}
