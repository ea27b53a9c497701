//! Calls.
//!
//! In: a callee, and arguments that already lie on the fiber's stack. Out: a frame on top, or an answer. Rule:
//! arguments are bound in place: the callee's register 0 is where the first argument lies.

use super::generator::register_parameters;
use super::instance::NOT_PLAIN;
use super::perform::{Answer, Started};
use super::quick;
use super::{Deliver, Flow, Frame, FrameKind, Vm, WINDOW};
use crate::builtins;
use crate::bytecode::LOCAL_REGISTERS;
use crate::heap::{Args, CallArgs, Native, NativeFn, NativeResult, Outcome, Raise, SMALL};
use crate::host::arguments;
use crate::object::{BoundMethod, Function};
use crate::ops::{hooks, iterate, table, types};
use crate::value::{Ref, Value};

impl Vm<'_> {
    /// Calls `callee` with the `argc` registers after `base`; the last ones go by the names of tuple `names`.
    pub(super) fn call_registers(
        &mut self,
        callee: Value,
        d: u8,
        base: u8,
        argc: usize,
        names: Option<Value>,
    ) -> Result<Flow, Raise> {
        let start = self.frame().base as usize + base as usize + 1;
        if let Value::Function(function) = callee {
            let deliver = Deliver::Register(d);
            return self.start(|vm| vm.enter(function, start, argc, names, deliver), deliver);
        }
        if let (Value::Native(number), None) = (callee, names) {
            let native = self.heap.natives.get(number);
            let outcome = self.call_native(native, start, argc, None)?;
            return match outcome {
                Outcome::Return(value) => self.put_result(d, value),
                outcome => self.perform(Answer::Outcome(outcome), Deliver::Register(d)),
            };
        }
        if let (Value::Type(number), None) = (callee, names) {
            return match self.call_type(number, start, argc, None)? {
                Outcome::Return(value) => self.put_result(d, value),
                outcome => self.perform(Answer::Outcome(outcome), Deliver::Register(d)),
            };
        }
        if let (Value::BoundMethod(at), None) = (callee, names)
            && let BoundMethod { receiver, method: Value::Native(number) } = self.heap[at]
        {
            let native = self.heap.natives.get(number);
            self.fiber.stack[start - 1] = receiver;
            let result = match quick::places(native, argc + 1) {
                Some(places) if places <= FEW => self.call_direct(native.call, start - 1, argc + 1, places),
                _ => self.call_native(native, start - 1, argc + 1, None),
            };
            return self.finish_direct(d, result);
        }
        let deliver = Deliver::Register(d);
        self.start(|vm| vm.start_call(callee, start, argc, names, deliver), deliver)
    }

    /// Calls a native whose arguments, `argc` of them at `start` with the receiver of a method, are what it takes, in
    /// `places` places, at most [`FEW`].
    #[inline(never)]
    pub(super) fn call_direct(
        &mut self,
        call: NativeFn,
        start: usize,
        argc: usize,
        places: usize,
    ) -> NativeResult {
        self.with_live(self.fiber.top(), |ctx, stack| {
            let given = &stack[start..start + argc];
            if argc == places {
                return call(ctx, Args::new(given));
            }
            let mut few = [Value::Undef; FEW];
            // Not `copy_from_slice`, which calls memcpy.
            few.iter_mut().zip(given).for_each(|(place, arg)| *place = *arg);
            call(ctx, Args::new(&few[..places]))
        })
    }

    /// Goes on after [`Vm::call_direct`] where that did not return a value, or something else waits to be done.
    #[cold]
    #[inline(never)]
    pub(super) fn finish_direct(&mut self, d: u8, result: NativeResult) -> Result<Flow, Raise> {
        match result? {
            Outcome::Return(value) => self.put_result(d, value),
            outcome => self.perform(Answer::Outcome(outcome), Deliver::Register(d)),
        }
    }

    pub(super) fn put_result(&mut self, d: u8, value: Value) -> Result<Flow, Raise> {
        if self.heap.has_errs() {
            self.note_dropped(value);
        }
        self.put(d, value)
    }

    /// Calls `callee` with the arguments at stack place `start`. The place before them is free for a receiver.
    pub(super) fn start_call(
        &mut self,
        mut callee: Value,
        mut start: usize,
        mut argc: usize,
        names: Option<Value>,
        deliver: Deliver,
    ) -> Result<Started, Raise> {
        loop {
            match callee {
                Value::Function(function) => return self.enter(function, start, argc, names, deliver),
                Value::Native(number) => {
                    let native = self.heap.natives.get(number);
                    let outcome = self.call_native(native, start, argc, names)?;
                    return Ok(Started::Answer(Answer::Outcome(outcome)));
                }
                Value::BoundMethod(at) => {
                    let method = &self.heap[at];
                    (callee, start, argc) = (method.method, start - 1, argc + 1);
                    self.fiber.stack[start] = method.receiver;
                }
                Value::Type(number) => {
                    let outcome = self.call_type(number, start, argc, names)?;
                    return Ok(Started::Answer(Answer::Outcome(outcome)));
                }
                _ => match hooks::find(self.heap, callee, |hooks| hooks.call) {
                    Some(hook) => {
                        self.fiber.stack[start - 1] = callee;
                        let outcome = self.call_object(hook, start - 1, argc + 1, names)?;
                        return Ok(Started::Answer(Answer::Outcome(outcome)));
                    }
                    None => {
                        let name = types::type_name(self.heap, callee);
                        let message = format!("'{name}' object is not callable");
                        return Err(self.with(|ctx| ctx.type_error(message)));
                    }
                },
            }
        }
    }

    /// Calls `function` on behalf of a native.
    pub(super) fn call_for_native(
        &mut self,
        function: Value,
        args: CallArgs,
        deliver: Deliver,
    ) -> Result<Started, Raise> {
        let (CallArgs::One(held) | CallArgs::Tuple(held) | CallArgs::Named(held)) = args;
        let (args, names) = match (args, self.heap.as_items(held)) {
            (CallArgs::Named(_), Some(&[args, names])) => (CallArgs::Tuple(args), Some(names)),
            _ => (args, None),
        };
        let argc = match args {
            CallArgs::Tuple(tuple) => self.heap.as_items(tuple).map_or(0, <[Value]>::len),
            _ => 1,
        };
        // One place is left for the names, one for a receiver.
        let start = self.fiber.top() + 2;
        if start + argc + WINDOW > self.fiber.stack.len() {
            self.heap.scratch.extend([function, held]);
            let room = self.ensure_window(start + argc);
            self.heap.scratch.truncate(self.heap.scratch.len() - 2);
            room?;
        }
        self.fiber.stack[start - 2] = names.unwrap_or_default();
        self.fiber.stack[start - 1] = function;
        match args {
            CallArgs::Tuple(tuple) => {
                let items = self.heap.as_items(tuple).unwrap_or_default();
                self.fiber.stack[start..start + argc].copy_from_slice(items);
            }
            _ => self.fiber.stack[start] = held,
        }
        self.start_call(function, start, argc, names, deliver)
    }

    /// [`Vm::call_for_native`] with one argument, for the native whose frame is on top.
    pub(super) fn call_one_for_native(&mut self, function: Value, arg: Value) -> Result<Started, Raise> {
        let start = self.fiber.top() + 1;
        if start + 1 + WINDOW > self.fiber.stack.len() {
            return self.call_for_native(function, CallArgs::One(arg), Deliver::Native);
        }
        self.fiber.stack[start - 1] = function;
        self.fiber.stack[start] = arg;
        self.start_call(function, start, 1, None, Deliver::Native)
    }

    /// Calls a function of a script on an empty fiber, on behalf of the host. Its result is [`Exit::Done`], at once if
    /// it is a generator.
    pub(crate) fn call_host(&mut self, function: Value, args: &[Value]) -> Result<Option<Value>, Raise> {
        self.fiber.stack.resize(WINDOW + 1 + args.len(), Value::Undef);
        self.fiber.stack[1..=args.len()].copy_from_slice(args);
        match self.start_call(function, 1, args.len(), None, Deliver::Host)? {
            Started::Answer(Answer::Value(value)) => Ok(Some(value)),
            _ => Ok(None),
        }
    }

    /// Runs a native over the arguments at `start`.
    pub(super) fn call_native(
        &mut self,
        native: &'static Native,
        start: usize,
        argc: usize,
        names: Option<Value>,
    ) -> Result<Outcome, Raise> {
        let live = self.fiber.top().max(start + argc);
        self.with_live(live, |ctx, stack| {
            let all = &stack[start..start + argc];
            let mut buffer = [Value::Undef; 16];
            match names.and_then(|names| names_of(ctx.heap, names)) {
                None => {
                    let args =
                        arguments::bind(ctx, native, Args::new(all), native.owner.is_some(), &mut buffer)?;
                    (native.call)(ctx, args)
                }
                Some(names) => {
                    let (positional, keywords) = all.split_at(argc - names.len());
                    let args = Args { positional, names: &names, keywords };
                    let args = arguments::bind(ctx, native, args, native.owner.is_some(), &mut buffer)?;
                    (native.call)(ctx, args)
                }
            }
        })
    }

    /// Calls an object of the host, which lies before the arguments.
    fn call_object(
        &mut self,
        hook: NativeFn,
        start: usize,
        argc: usize,
        names: Option<Value>,
    ) -> Result<Outcome, Raise> {
        let live = self.fiber.top().max(start + argc);
        self.with_live(live, |ctx, stack| {
            let all = &stack[start..start + argc];
            let names = names.and_then(|names| names_of(ctx.heap, names)).unwrap_or_default();
            let (positional, keywords) = all.split_at(argc - names.len());
            hook(ctx, Args { positional, names: &names, keywords })
        })
    }

    /// Calls a type: a constructor.
    fn call_type(
        &mut self,
        number: u64,
        start: usize,
        argc: usize,
        names: Option<Value>,
    ) -> Result<Outcome, Raise> {
        let live = self.fiber.top().max(start + argc);
        self.with_live(live, |ctx, stack| {
            let all = &stack[start..start + argc];
            let names = names.and_then(|names| names_of(ctx.heap, names)).unwrap_or_default();
            let (positional, keywords) = all.split_at(argc - names.len());
            builtins::construct(ctx, number, Args { positional, names: &names, keywords })
        })
    }

    /// Pushes the frame of a script function whose arguments lie at `start`.
    fn enter(
        &mut self,
        function: Ref<Function>,
        start: usize,
        argc: usize,
        names: Option<Value>,
        deliver: Deliver,
    ) -> Result<Started, Raise> {
        if self.fiber.frames.len() >= self.max_frames {
            return Err(self.recursion_error());
        }
        // What lies beyond the caller's registers must survive a collection.
        let Some(caller) = self.fiber.frames.len().checked_sub(1) else {
            return self.bind_and_push(function, start, argc, names, deliver);
        };
        let top = self.fiber.frames[caller].top;
        self.fiber.frames[caller].top = top.max((start + argc) as u32);
        let entered = self.bind_and_push(function, start, argc, names, deliver);
        self.fiber.frames[caller].top = top;
        entered
    }

    fn bind_and_push(
        &mut self,
        function: Ref<Function>,
        start: usize,
        argc: usize,
        names: Option<Value>,
        deliver: Deliver,
    ) -> Result<Started, Raise> {
        let index = self.heap[function].instance;
        let instance = self.instances.get(index);
        self.ensure_window(start + argc)?;
        if names.is_some() || instance.plain_argc != argc as u32 || instance.plain_argc == NOT_PLAIN {
            self.bind(function, start, argc, names)?;
        }
        let code = &instance.code;
        let parameters = register_parameters(&code.params);
        if code.is_generator {
            let generator = self.make_generator(function, start)?;
            return Ok(Started::Answer(Answer::Value(generator)));
        }
        self.fiber.stack[start + parameters..start + code.locals.max(parameters as u8) as usize]
            .fill(Value::Undef);
        self.fiber.frames.push(Frame {
            pc: 0,
            base: start as u32,
            top: start as u32 + code.registers as u32,
            instance: index,
            kind: FrameKind::Function(function),
            deliver,
        });
        Ok(Started::Frame)
    }

    /// `R[d] = R[base](*R[base+1], **R[base+2])`.
    pub(super) fn call_spread(&mut self, d: u8, base: u8) -> Result<Flow, Raise> {
        let (callee, args, kwargs) = (self.reg(base), self.reg(base + 1), self.reg(base + 2));
        let Some(count) = self.heap.as_items(args).map(<[Value]>::len) else {
            return self.spread_iterable(callee, args);
        };
        let keywords = match kwargs {
            Value::Dict(dict) => self.heap[dict].table().len(),
            _ => 0,
        };
        let start = self.fiber.top() + 1;
        let argc = count + keywords;
        self.with(|ctx| {
            ctx.charge(argc)?;
            ctx.reserve_large(argc * size_of::<Value>() * 2)
        })?;
        self.ensure_window(start + argc)?;
        self.fiber.stack[start - 1] = Value::Undef;
        if let Some(items) = self.heap.as_items(args) {
            self.fiber.stack[start..start + count].copy_from_slice(items);
        }
        let mut names = None;
        if let Value::Dict(dict) = kwargs
            && keywords > 0
        {
            let entries: Vec<(Value, Value)> =
                self.heap[dict].table().entries().map(|entry| (entry.key, entry.value)).collect();
            let keys: Vec<Value> = entries.iter().map(|&(key, _)| key).collect();
            if !keys.iter().all(|key| matches!(key, Value::Str(_))) {
                return Err(self.with(|ctx| ctx.type_error("keywords must be strings")));
            }
            for (i, (_, value)) in entries.into_iter().enumerate() {
                self.fiber.stack[start + count + i] = value;
            }
            let tuple = self.heap.tuple(&keys);
            // The dict's register keeps the names alive.
            self.set(base + 2, tuple);
            names = Some(tuple);
        }
        let deliver = Deliver::Register(d);
        self.start(|vm| vm.start_call(callee, start, argc, names, deliver), deliver)
    }

    /// `f(*x)` where `x` is neither list nor tuple: its items are collected first.
    fn spread_iterable(&mut self, callee: Value, args: Value) -> Result<Flow, Raise> {
        let Ok(iter) = self.with(|ctx| iterate::iter(ctx, args)) else {
            let (function, name) = (self.callee_name(callee), types::type_name(self.heap, args));
            let message = format!("{function} argument after * must be an iterable, not {name}");
            return Err(self.with(|ctx| ctx.type_error(message)));
        };
        let list = self.heap.list(Vec::new());
        let Value::List(at) = list else { unreachable!("just made") };
        self.heap.scratch.extend([list, iter]);
        let outcome = self.with(|ctx| iterate::extend_list(ctx, at, iter, list));
        self.heap.scratch.truncate(self.heap.scratch.len() - 2);
        self.perform(Answer::Outcome(outcome?), Deliver::Op)
    }

    /// A callee as argument errors name it: `f()`.
    pub(super) fn callee_name(&self, callee: Value) -> String {
        match callee {
            Value::Function(at) => {
                let instance = self.instances.get(self.heap[at].instance);
                format!("{}.{}()", self.heap[instance.module].name, instance.code.qualname)
            }
            Value::Native(number) => {
                let native = self.heap.natives.get(number);
                match native.owner {
                    Some(owner) => format!("{}.{}()", owner.name(), native.name),
                    None => format!("{}()", native.name),
                }
            }
            Value::BoundMethod(at) => self.callee_name_of_method(at),
            Value::Type(number) => format!("{}()", self.heap.type_name(number)),
            _ => format!("{} object", types::type_name(self.heap, callee)),
        }
    }

    fn callee_name_of_method(&self, at: Ref<crate::object::BoundMethod>) -> String {
        match self.heap[at].method {
            Value::Native(number) => {
                let native = self.heap.natives.get(number);
                native
                    .owner
                    .map_or(native.name.to_string(), |owner| format!("{}.{}", owner.name(), native.name))
                    + "()"
            }
            Value::Function(at) => format!("{}()", self.instances.get(self.heap[at].instance).code.qualname),
            _ => "method".to_string(),
        }
    }

    /// `{**value}`.
    pub(super) fn dict_merge(&mut self, into: Value, value: Value) -> Result<(), Raise> {
        let Some(entries) = self.with(|ctx| hooks::entries(ctx, value))? else {
            let name = types::type_name(self.heap, value);
            return Err(self.with(|ctx| ctx.type_error(format!("'{name}' object is not a mapping"))));
        };
        self.hold(entries, |vm| vm.merge_entries(into, entries))
    }

    fn merge_entries(&mut self, into: Value, from: Value) -> Result<(), Raise> {
        let (Value::Dict(into), Value::Dict(from)) = (into, from) else { return Ok(()) };
        let len = self.heap[from].table().len();
        self.with(|ctx| ctx.charge(len))?;
        let mut index = 0;
        while let Some(&entry) = self.heap[from].table().raw_entries().get(index) {
            index += 1;
            if !entry.key.is_undef() {
                self.with(|ctx| table::dict_set(ctx, into, entry.key, entry.value))?;
            }
        }
        Ok(())
    }

    /// `f(**value)`: keys must be new strings.
    pub(super) fn kwargs_merge(&mut self, into: Value, value: Value, callee: Value) -> Result<(), Raise> {
        let value = self.with(|ctx| hooks::entries(ctx, value))?.unwrap_or(value);
        let (Value::Dict(dict), Value::Dict(from)) = (into, value) else {
            let (function, name) = (self.callee_name(callee), types::type_name(self.heap, value));
            let message = format!("{function} argument after ** must be a mapping, not {name}");
            return Err(self.with(|ctx| ctx.type_error(message)));
        };
        let keys: Vec<Value> = self.heap[from].table().entries().map(|entry| entry.key).collect();
        self.with(|ctx| ctx.charge(keys.len()))?;
        for key in keys {
            if !matches!(key, Value::Str(_)) {
                return Err(self.with(|ctx| ctx.type_error("keywords must be strings")));
            }
            if self.with(|ctx| table::dict_get(ctx, dict, key))?.is_some() {
                let text = self.heap.as_str(key).unwrap_or_default().to_string();
                let message =
                    format!("{} got multiple values for keyword argument '{text}'", self.callee_name(callee));
                return Err(self.with(|ctx| ctx.type_error(message)));
            }
        }
        self.dict_merge(into, value)
    }

    /// Ends a function or generator: its result goes to whoever called or resumed it.
    pub(super) fn return_value(&mut self, value: Value) -> Result<Flow, Raise> {
        let frame = *self.frame();
        self.fiber.frames.pop();
        match frame.kind {
            FrameKind::Generator(at) => {
                self.finish_generator(at);
                self.perform(Answer::Exhausted(value), frame.deliver)
            }
            _ => self.perform(Answer::Value(value), frame.deliver),
        }
    }
}

/// Places that a short call fills up.
pub(super) const FEW: usize = 6;

/// Arguments for `*args` from which on room is made first.
pub(super) const MANY: usize = SMALL / size_of::<Value>();

/// Whether a call with `argc` arguments needs room beyond a window. (Windows are always there.)
const _: () = assert!(LOCAL_REGISTERS < WINDOW);

/// The names of a call's keyword arguments, copied out: the native may allocate.
fn names_of(heap: &crate::heap::Heap, names: Value) -> Option<Vec<Value>> {
    heap.as_items(names).map(<[Value]>::to_vec)
}
