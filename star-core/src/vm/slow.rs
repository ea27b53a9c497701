//! The general case of every instruction.
//!
//! In: one instruction, with the frame's pc already past it. Out: a [`Flow`], or a raise. Rule: nothing here calls a
//! script; what needs one becomes a frame on the fiber, and its result finishes the instruction in
//! [`Vm::finish`](super::perform).

use super::perform::{Answer, Turn};
use super::{Deliver, Flow, FrameKind, Vm};
use crate::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::builtins::modules;
use crate::bytecode::{Capture, Op};
use crate::heap::{Args, NativeFn, Outcome, Raise};
use crate::object::types::TypeId;
use crate::object::{Cell, Function};
use crate::ops::{attribute, compare, format, hooks, index, iterate, number, repr, table, types};
use crate::value::{Ref, Value};

impl Vm<'_> {
    /// Carries out `op`.
    #[cold]
    #[inline(never)]
    pub(super) fn slow(&mut self, op: Op) -> Result<Flow, Raise> {
        match op {
            // Loads and stores.
            Op::Move { d, a } => self.put(d, self.reg(a)),
            Op::LoadConst { d, k } => self.put(d, self.constant(k)),
            Op::LoadInt { d, value } => self.put(d, Value::Int(value as i64)),
            Op::LoadNone { d } => self.put(d, Value::None),
            Op::LoadBool { d, value } => self.put(d, Value::bool(value)),
            Op::LoadUndef { d } => self.put(d, Value::Undef),
            Op::CheckBound { a } if self.reg(a).is_undef() => Err(self.unbound_register(a)),
            Op::CheckBound { .. } => Ok(Flow::Next),
            Op::DelLocal { a } if self.reg(a).is_undef() => Err(self.unbound_register(a)),
            Op::DelLocal { a } => self.put(a, Value::Undef),
            Op::LoadSpill { d, s, i } => match self.spill(s)[i as usize] {
                Value::Undef => Err(self.unbound_spill(i)),
                value => self.put(d, value),
            },
            Op::StoreSpill { a, s, i } => self.store_spill(s, i, self.reg(a)),
            Op::DelSpill { s, i } if self.spill(s)[i as usize].is_undef() => Err(self.unbound_spill(i)),
            Op::DelSpill { s, i } => self.store_spill(s, i, Value::Undef),
            Op::NewSpill { d, count } => {
                self.with(|ctx| ctx.reserve_large(count as usize * size_of::<Value>()))?;
                let spill = self.heap.list(vec![Value::Undef; count as usize]);
                self.put(d, spill)
            }
            Op::SaveTemps { a, count, s, i } => {
                for n in 0..count {
                    self.store_spill(s, i + n as u32, self.reg(a + n))?;
                }
                Ok(Flow::Next)
            }
            Op::RestoreTemps { a, count, s, i } => {
                for n in 0..count {
                    self.set(a + n, self.spill(s)[i as usize + n as usize]);
                }
                Ok(Flow::Next)
            }
            Op::LoadGlobal { d, slot } => {
                let value = self.global(slot)?;
                self.put(d, value)
            }
            Op::StoreGlobal { a, slot } => {
                let value = self.reg(a);
                let module = self.module();
                let module = self.heap.get_mut(module);
                module.slots[slot as usize] = value;
                module.bound[slot as usize] = true;
                Ok(Flow::Next)
            }
            Op::DelGlobal { slot } => self.delete_global(slot),
            Op::MakeCell { c } => {
                let cell = self.heap.insert(Cell { value: self.reg(c) });
                self.put(c, Value::Cell(cell))
            }
            Op::LoadCell { d, c } => match self.heap[self.cell(c)].value {
                Value::Undef => Err(self.unbound_register(c)),
                value => self.put(d, value),
            },
            Op::StoreCell { c, a } => {
                let (cell, value) = (self.cell(c), self.reg(a));
                self.heap.get_mut(cell).value = value;
                Ok(Flow::Next)
            }
            Op::DelCell { c } => {
                let cell = self.cell(c);
                if self.heap[cell].value.is_undef() {
                    return Err(self.unbound_register(c));
                }
                self.heap.get_mut(cell).value = Value::Undef;
                Ok(Flow::Next)
            }
            Op::LoadFree { d, i } => match self.heap[self.free(i)].value {
                Value::Undef => Err(self.unbound_free(i)),
                value => self.put(d, value),
            },
            Op::StoreFree { a, i } => {
                let (cell, value) = (self.free(i), self.reg(a));
                self.heap.get_mut(cell).value = value;
                Ok(Flow::Next)
            }
            Op::DelFree { i } => {
                let cell = self.free(i);
                if self.heap[cell].value.is_undef() {
                    return Err(self.unbound_free(i));
                }
                self.heap.get_mut(cell).value = Value::Undef;
                Ok(Flow::Next)
            }

            // Arithmetic.
            Op::Add { d, a, b } => self.binary(BinaryOp::Add, d, self.reg(a), self.reg(b)),
            Op::Sub { d, a, b } => self.binary(BinaryOp::Sub, d, self.reg(a), self.reg(b)),
            Op::Mul { d, a, b } => self.binary(BinaryOp::Mul, d, self.reg(a), self.reg(b)),
            Op::Div { d, a, b } => self.binary(BinaryOp::Div, d, self.reg(a), self.reg(b)),
            Op::FloorDiv { d, a, b } => self.binary(BinaryOp::FloorDiv, d, self.reg(a), self.reg(b)),
            Op::Mod { d, a, b } => self.binary(BinaryOp::Mod, d, self.reg(a), self.reg(b)),
            Op::BitAnd { d, a, b } => self.binary(BinaryOp::And, d, self.reg(a), self.reg(b)),
            Op::Binary { op, d, a, b } => self.binary(op, d, self.reg(a), self.reg(b)),
            Op::AddInt { d, a, value } => {
                self.binary(BinaryOp::Add, d, self.reg(a), Value::Int(value as i64))
            }
            Op::SubInt { d, a, value } => {
                self.binary(BinaryOp::Sub, d, self.reg(a), Value::Int(value as i64))
            }
            Op::MulInt { d, a, value } => {
                self.binary(BinaryOp::Mul, d, self.reg(a), Value::Int(value as i64))
            }
            Op::FloorDivInt { d, a, value } => {
                self.binary(BinaryOp::FloorDiv, d, self.reg(a), Value::Int(value as i64))
            }
            Op::ModInt { d, a, value } => {
                self.binary(BinaryOp::Mod, d, self.reg(a), Value::Int(value as i64))
            }
            Op::AndInt { d, a, value } => {
                self.binary(BinaryOp::And, d, self.reg(a), Value::Int(value as i64))
            }
            Op::ShlInt { d, a, value } => {
                self.binary(BinaryOp::Shl, d, self.reg(a), Value::Int(value as i64))
            }
            Op::ShrInt { d, a, value } => {
                self.binary(BinaryOp::Shr, d, self.reg(a), Value::Int(value as i64))
            }
            Op::Neg { d, a } => self.unary(UnaryOp::Neg, d, a),
            Op::Pos { d, a } => self.unary(UnaryOp::Pos, d, a),
            Op::Invert { d, a } => self.unary(UnaryOp::Invert, d, a),
            Op::Not { d, a } => self.put(d, Value::bool(!types::truthy(self.heap, self.reg(a)))),
            Op::Compare { op: op @ (CompareOp::In | CompareOp::NotIn), d, a, b } => {
                let (item, container) = (self.reg(a), self.reg(b));
                match self.with(|ctx| compare::contains_native(ctx, container, item))? {
                    Some(found) => self.put(d, Value::bool(found == (op == CompareOp::In))),
                    None => {
                        let outcome = self.with(|ctx| compare::contains(ctx, container, item))?;
                        self.perform(Answer::Outcome(outcome), Deliver::Op)
                    }
                }
            }
            Op::Compare { op, a, b, .. } if self.compares_by_call(op, a, b) => self.compare_by_call(op, a, b),
            Op::Compare { op, d, a, b } => {
                let holds = self.holds(op, self.reg(a), self.reg(b))?;
                self.put(d, Value::bool(holds))
            }

            // Jumps.
            Op::Jump { to } => Ok(Flow::Jump(to)),
            Op::JumpIfTrue { a, to } => jump_if(types::truthy(self.heap, self.reg(a)), to),
            Op::JumpIfFalse { a, to } => jump_if(!types::truthy(self.heap, self.reg(a)), to),
            Op::JumpIfNone { a, to } => jump_if(self.reg(a).is_none(), to),
            Op::JumpIfNotNone { a, to } => jump_if(!self.reg(a).is_none(), to),
            Op::JumpIfUndef { a, to } => jump_if(self.reg(a).is_undef(), to),
            Op::JumpIfEq { a, b, to } => self.jump_by(CompareOp::Eq, a, b, true, to),
            Op::JumpIfNe { a, b, to } => self.jump_by(CompareOp::Ne, a, b, true, to),
            Op::JumpIfLt { a, b, to } => self.jump_by(CompareOp::Lt, a, b, true, to),
            Op::JumpIfLe { a, b, to } => self.jump_by(CompareOp::Le, a, b, true, to),
            Op::JumpIfGt { a, b, to } => self.jump_by(CompareOp::Gt, a, b, true, to),
            Op::JumpIfGe { a, b, to } => self.jump_by(CompareOp::Ge, a, b, true, to),
            Op::JumpUnlessLt { a, b, to } => self.jump_by(CompareOp::Lt, a, b, false, to),
            Op::JumpUnlessLe { a, b, to } => self.jump_by(CompareOp::Le, a, b, false, to),
            Op::JumpUnlessGt { a, b, to } => self.jump_by(CompareOp::Gt, a, b, false, to),
            Op::JumpUnlessGe { a, b, to } => self.jump_by(CompareOp::Ge, a, b, false, to),
            Op::JumpIfEqInt { a, value, to } => self.compare_int(CompareOp::Eq, a, value, true, to),
            Op::JumpIfNeInt { a, value, to } => self.compare_int(CompareOp::Ne, a, value, true, to),
            Op::JumpIfLtInt { a, value, to } => self.compare_int(CompareOp::Lt, a, value, true, to),
            Op::JumpIfLeInt { a, value, to } => self.compare_int(CompareOp::Le, a, value, true, to),
            Op::JumpIfGtInt { a, value, to } => self.compare_int(CompareOp::Gt, a, value, true, to),
            Op::JumpIfGeInt { a, value, to } => self.compare_int(CompareOp::Ge, a, value, true, to),
            Op::JumpUnlessLtInt { a, value, to } => self.compare_int(CompareOp::Lt, a, value, false, to),
            Op::JumpUnlessLeInt { a, value, to } => self.compare_int(CompareOp::Le, a, value, false, to),
            Op::JumpUnlessGtInt { a, value, to } => self.compare_int(CompareOp::Gt, a, value, false, to),
            Op::JumpUnlessGeInt { a, value, to } => self.compare_int(CompareOp::Ge, a, value, false, to),
            Op::JumpIfEqConst { a, k, to } => {
                self.compare_jump(CompareOp::Eq, self.reg(a), self.constant(k as u32), true, to)
            }
            Op::JumpIfNeConst { a, k, to } => {
                self.compare_jump(CompareOp::Ne, self.reg(a), self.constant(k as u32), true, to)
            }
            Op::JumpIfIn { a, b, to } | Op::JumpIfNotIn { a, b, to } => {
                let (item, container) = (self.reg(a), self.reg(b));
                if let Some(found) = self.with(|ctx| compare::contains_native(ctx, container, item))? {
                    return jump_if(found == matches!(op, Op::JumpIfIn { .. }), to);
                }
                let outcome = self.with(|ctx| compare::contains(ctx, container, item))?;
                self.perform(Answer::Outcome(outcome), Deliver::Op)
            }

            // Iteration and unpacking.
            Op::GetIter { d, a } => self.get_iter(d, self.reg(a)),
            Op::ForIter { r, d, to } => self.for_iter(r, d, Turn { item: 0, end: to }),
            Op::ForIter2 { r, a, b, to } => self.for_iter2(r, a, b, Turn { item: 0, end: to }),
            Op::ForNext { r, d, to } => self.for_iter(r, d, Turn { item: to, end: 0 }),
            Op::ForNext2 { r, a, b, to } => self.for_iter2(r, a, b, Turn { item: to, end: 0 }),
            Op::IterValue { d, a } => {
                let iterable = self.reg(a);
                let iter = self.with(|ctx| iterate::iter(ctx, iterable))?;
                self.put(d, iter)
            }
            Op::Unpack2 { a, .. } => self.unpack(self.reg(a), 2, None),
            Op::Unpack { a, count, .. } => self.unpack(self.reg(a), count as usize, None),
            Op::UnpackStar { a, before, after, .. } => {
                self.unpack(self.reg(a), before as usize, Some(after as usize))
            }
            Op::UnpackList { a, count, .. } => self.unpack(self.reg(a), count as usize, None),
            Op::UnpackStarList { a, k, .. } => {
                let (before, after) = self.star_counts(k);
                self.unpack(self.reg(a), before, Some(after))
            }
            Op::ListItem { d, a, i } => {
                let value = self.spill(a)[i as usize];
                self.put(d, value)
            }

            // Attributes and items.
            Op::GetAttr { d, a, name, cache } => self.get_attr(d, a, name as u32, Some(cache)),
            Op::GetAttrWide { d, a, name } => self.get_attr(d, a, name, None),
            Op::SetAttr { a, b, name, cache } => self.set_attr(a, b, name as u32, Some(cache)),
            Op::SetAttrWide { a, b, name } => self.set_attr(a, b, name, None),
            Op::DelAttr { a, name } => {
                let (object, name) = (self.reg(a), self.name(name));
                self.with(|ctx| attribute::del_attr(ctx, object, name))?;
                Ok(Flow::Next)
            }
            Op::GetIndex { d, a, b } => self.get_index(d, self.reg(a), self.reg(b)),
            Op::GetIndexInt { d, a, value } => self.get_index(d, self.reg(a), Value::Int(value as i64)),
            Op::GetIndexConst { d, a, k } => self.get_index(d, self.reg(a), self.constant(k as u32)),
            Op::SetIndex { a, b, c } => self.set_index(self.reg(a), self.reg(b), self.reg(c)),
            Op::SetIndexConst { a, c, k } => {
                self.set_index(self.reg(a), self.constant(k as u32), self.reg(c))
            }
            Op::DelIndex { a, b } => {
                let (object, key) = (self.reg(a), self.reg(b));
                self.with(|ctx| index::del_item(ctx, object, key))?;
                Ok(Flow::Next)
            }
            Op::GetSlice { d, a, b } => {
                let (object, [lower, upper, step]) = (self.reg(a), self.three(b));
                let value = self.with(|ctx| index::get_slice(ctx, object, lower, upper, step))?;
                self.put(d, value)
            }
            Op::SetSlice { a, b, c } => {
                let (object, [lower, upper, step], value) = (self.reg(a), self.three(b), self.reg(c));
                let outcome = self.with(|ctx| index::set_slice(ctx, object, lower, upper, step, value))?;
                self.perform(Answer::Outcome(outcome), Deliver::Op)
            }
            Op::DelSlice { a, b } => {
                let (object, [lower, upper, step]) = (self.reg(a), self.three(b));
                self.with(|ctx| index::del_slice(ctx, object, lower, upper, step))?;
                Ok(Flow::Next)
            }
            Op::BuildSlice { d, b } => {
                let slice = self.heap.insert(crate::object::Slice { bounds: self.three(b) });
                self.put(d, Value::Slice(slice))
            }

            // Displays.
            Op::BuildTuple { d, b, count } => {
                let items = &self.fiber.stack[self.range(b, count as usize)];
                let tuple = self.heap.tuple(items);
                self.put(d, tuple)
            }
            Op::BuildList { d, b, count } => {
                let items = self.fiber.stack[self.range(b, count as usize)].to_vec();
                let list = self.heap.list(items);
                self.put(d, list)
            }
            Op::BuildSet { d, b, count } => {
                let set = self.heap.set();
                self.hold(Value::Set(set), |vm| {
                    for n in 0..count {
                        let key = vm.reg(b + n);
                        vm.with(|ctx| table::set_add(ctx, set, key))?;
                    }
                    Ok(())
                })?;
                self.put(d, Value::Set(set))
            }
            Op::BuildDict { d, b, count } => {
                let pairs = self.range(b, 2 * count as usize);
                // Larger ones have to ask for room.
                if count <= 64
                    && let Some(dict) = table::dict_of_strs(self.heap, &self.fiber.stack[pairs])
                {
                    return self.put(d, Value::Dict(dict));
                }
                let dict = self.heap.dict();
                self.hold(Value::Dict(dict), |vm| {
                    for n in 0..count {
                        let (key, value) = (vm.reg(b + 2 * n), vm.reg(b + 2 * n + 1));
                        vm.with(|ctx| table::dict_set(ctx, dict, key, value))?;
                    }
                    Ok(())
                })?;
                self.put(d, Value::Dict(dict))
            }
            Op::ListPush { a, b, count } => {
                for n in 0..count {
                    self.list_append(self.reg(a), self.reg(b + n))?;
                }
                Ok(Flow::Next)
            }
            Op::ListAppend { a, b } => {
                self.list_append(self.reg(a), self.reg(b))?;
                Ok(Flow::Next)
            }
            Op::ListExtend { a, b } => {
                let (Value::List(list), iterable) = (self.reg(a), self.reg(b)) else { return Ok(Flow::Next) };
                if !iterate::is_iterable(self.heap, iterable) {
                    let name = types::type_name(self.heap, iterable);
                    let message = format!("Value after * must be an iterable, not {name}");
                    return Err(self.with(|ctx| ctx.type_error(message)));
                }
                let outcome = self.with(|ctx| iterate::extend_list(ctx, list, iterable, Value::None))?;
                self.perform(Answer::Outcome(outcome), Deliver::Op)
            }
            Op::SetAdd { a, b } => {
                let (Value::Set(set), key) = (self.reg(a), self.reg(b)) else { return Ok(Flow::Next) };
                self.with(|ctx| table::set_add(ctx, set, key))?;
                Ok(Flow::Next)
            }
            Op::SetExtend { a, b } => {
                let (Value::Set(set), iterable) = (self.reg(a), self.reg(b)) else { return Ok(Flow::Next) };
                let outcome = self.with(|ctx| iterate::extend_set(ctx, set, iterable, Value::None))?;
                self.perform(Answer::Outcome(outcome), Deliver::Op)
            }
            Op::DictPut { a, b, c } => {
                let (Value::Dict(dict), key, value) = (self.reg(a), self.reg(b), self.reg(c)) else {
                    return Ok(Flow::Next);
                };
                self.with(|ctx| table::dict_set(ctx, dict, key, value))?;
                Ok(Flow::Next)
            }
            Op::DictMerge { a, b } => {
                self.dict_merge(self.reg(a), self.reg(b))?;
                Ok(Flow::Next)
            }
            Op::KwargsMerge { a, b, f } => {
                self.kwargs_merge(self.reg(a), self.reg(b), self.reg(f))?;
                Ok(Flow::Next)
            }
            Op::ListToTuple { d, a } => {
                let Value::List(list) = self.reg(a) else { return Ok(Flow::Next) };
                let bytes = size_of_val::<[Value]>(self.heap[list].items());
                self.with(|ctx| ctx.reserve_large(bytes))?;
                let items = self.heap.list_edit(list, std::mem::take);
                let tuple = self.heap.tuple(&items);
                self.put(d, tuple)
            }
            Op::Format { d, a, conversion } => {
                let value = self.reg(a);
                if conversion <= 1 && matches!(value, Value::Str(_)) {
                    return self.put(d, value);
                }
                let text = self.with(|ctx| match conversion {
                    0 => format::format(ctx, value, ""),
                    1 => repr::str_of(ctx, value),
                    2 => repr::repr(ctx, value),
                    _ => repr::ascii(ctx, value),
                })?;
                self.put_text(d, text)
            }
            Op::FormatSpec { d, a, b, conversion } => {
                let (mut value, spec) = (self.reg(a), self.reg(b));
                if conversion > 0 {
                    let text = self.with(|ctx| match conversion {
                        1 => repr::str_of(ctx, value),
                        2 => repr::repr(ctx, value),
                        _ => repr::ascii(ctx, value),
                    })?;
                    value = self.heap.str_shared(text);
                    // The destination roots it while it is formatted.
                    self.set(d, value);
                }
                let spec = match spec {
                    Value::Str(at) => self.heap[at].share(),
                    _ => "".into(),
                };
                let text = self.with(|ctx| format::format(ctx, value, &spec))?;
                self.put_text(d, text)
            }
            Op::BuildString { d, b, count } => self.build_string(d, b, count as usize),

            // Functions.
            Op::Call { d, base, argc } => {
                let callee = self.reg(base);
                self.call_registers(callee, d, base, argc as usize, None)
            }
            Op::CallGlobal { d, base, argc, slot } => {
                let callee = self.global(slot)?;
                self.set(base, callee);
                self.call_registers(callee, d, base, argc as usize, None)
            }
            Op::CallKw { d, base, argc, names } => {
                let callee = self.reg(base);
                self.call_registers(callee, d, base, argc as usize, Some(self.constant(names)))
            }
            Op::Invoke { d, base, argc, name, cache } => self.invoke(d, base, argc as usize, name, cache),
            Op::GetMethod { d, a, name, cache } => self.get_method(d, a, name, cache),
            Op::CallMethod { d, base, argc } => self.call_method(d, base, argc as usize),
            Op::CallEx { d, base } => self.call_spread(d, base),
            Op::Return { a } => self.return_value(self.reg(a)),
            Op::ReturnNone => self.return_value(Value::None),
            Op::MakeFunction { d, b, f } => self.make_function(d, b, f),
            Op::Yield { a, .. } => self.yield_value(self.reg(a)),
            Op::YieldFrom { a, .. } => self.delegate(self.reg(a)),

            // Exceptions.
            Op::Raise { a } => Err(self.raise_value(self.reg(a), None)),
            Op::RaiseFrom { a, b } => Err(self.raise_value(self.reg(a), Some(self.reg(b)))),
            Op::Reraise => Err(self.reraise()),
            Op::Rethrow { a } => match self.reg(a) {
                Value::Exception(at) => Err(Raise::Exception(at)),
                _ => Ok(Flow::Next),
            },
            Op::JumpUnlessMatch { a, b, to } => {
                let matches = self.exception_matches(self.reg(a), self.reg(b))?;
                jump_if(!matches, to)
            }
            Op::RaiseAssertion { a, message } => {
                let args: &[Value] = if message { &[self.reg(a)] } else { &[] };
                Err(self.with(|ctx| ctx.error_with(TypeId::AssertionError, args)))
            }
            Op::WithEnter { a, .. } => self.with_enter(self.reg(a)),
            Op::WithExit { a } => self.with_exit(self.reg(a)),
            Op::WithCatch { a, b, .. } => self.with_catch(self.reg(a), self.reg(b)),

            // Patterns.
            Op::JumpUnlessSequence { a, count, to } => jump_if(!self.is_sequence(self.reg(a), count), to),
            Op::SequenceItem { d, a, i } => self.sequence_item(d, self.reg(a), i),
            Op::SequenceRest { d, a, before, after } => {
                self.sequence_rest(d, self.reg(a), before as usize, after as usize)
            }
            Op::JumpUnlessMapping { a, count, to } => {
                let subject = self.reg(a);
                let entries = self.with(|ctx| hooks::entries(ctx, subject))?;
                let matches = matches!(entries, Some(Value::Dict(at))
                    if self.heap[at].table().len() >= count as usize);
                jump_if(!matches, to)
            }
            Op::MappingItem { d, a, b } => {
                let (subject, key) = (self.reg(a), self.reg(b));
                let Some(Value::Dict(dict)) = self.with(|ctx| hooks::entries(ctx, subject))? else {
                    return self.put(d, Value::Undef);
                };
                let value = self.with(|ctx| table::dict_get(ctx, dict, key))?;
                self.put(d, value.unwrap_or(Value::Undef))
            }
            Op::MappingKey { a, b } => {
                let (Value::Set(set), key) = (self.reg(a), self.reg(b)) else { return Ok(Flow::Next) };
                if self.with(|ctx| table::set_add(ctx, set, key))? {
                    return Ok(Flow::Next);
                }
                let text = self.with(|ctx| repr::repr(ctx, key))?;
                let message = format!("mapping pattern checks duplicate key ({text})");
                Err(self.with(|ctx| ctx.value_error(message)))
            }
            Op::MappingRest { d, a, b, count } => self.mapping_rest(d, self.reg(a), b, count),
            Op::JumpUnlessInstance { a, b, count, to } => {
                let matches = self.class_matches(self.reg(a), self.reg(b), count)?;
                jump_if(!matches, to)
            }
            Op::ClassItem { d, a, b, i } => {
                let value = self.class_item(self.reg(a), self.reg(b), i)?;
                self.put(d, value)
            }
            Op::ClassAttr { d, a, name } => {
                let (object, name) = (self.reg(a), self.name_text(name));
                let value = self.with(|ctx| attribute::find_attr(ctx, object, &name))?;
                self.put(d, value.unwrap_or(Value::Undef))
            }

            // Statements of a module.
            Op::ExprValue { a } => {
                self.fiber.shown = self.reg(a);
                Ok(Flow::Next)
            }
            Op::Require { d, k } => {
                let path = self.constant(k);
                let outcome = self.with(|ctx| modules::require(ctx, path))?;
                self.perform(Answer::Outcome(outcome), Deliver::Register(d))
            }
            Op::ImportFrom { d, a, name } => {
                let (module, text) = (self.reg(a), self.name_text(name));
                match self.with(|ctx| attribute::find_attr(ctx, module, &text))? {
                    Some(value) => self.put(d, value),
                    None => Err(self.with(|ctx| modules::cannot_import(ctx, module, &text))),
                }
            }
        }
    }

    // ---- small pieces ------------------------------------------------------------------------------

    #[inline]
    pub(super) fn put(&mut self, d: u8, value: Value) -> Result<Flow, Raise> {
        self.set(d, value);
        Ok(Flow::Next)
    }

    pub(super) fn put_text(&mut self, d: u8, text: crate::object::Text) -> Result<Flow, Raise> {
        let value = self.heap.str_shared(text);
        self.put(d, value)
    }

    pub(super) fn constant(&self, k: u32) -> Value {
        self.instances.get(self.frame().instance).constants[k as usize]
    }

    pub(super) fn name(&self, name: u32) -> Value {
        self.instances.get(self.frame().instance).names[name as usize]
    }

    pub(super) fn name_text(&self, name: u32) -> std::sync::Arc<str> {
        self.instances.get(self.frame().instance).code.names[name as usize].clone()
    }

    /// Stack places of `count` registers from `from` on.
    pub(super) fn range(&self, from: u8, count: usize) -> std::ops::Range<usize> {
        let start = self.frame().base as usize + from as usize;
        start..start + count
    }

    fn three(&self, b: u8) -> [Value; 3] {
        [self.reg(b), self.reg(b + 1), self.reg(b + 2)]
    }

    /// Roots `value` while `work` runs.
    pub(super) fn hold<R>(
        &mut self,
        value: Value,
        work: impl FnOnce(&mut Self) -> Result<R, Raise>,
    ) -> Result<R, Raise> {
        self.heap.scratch.push(value);
        let result = work(self);
        self.heap.scratch.pop();
        result
    }

    /// The items of a list that only the compiler's code sees.
    pub(super) fn spill(&self, s: u8) -> &[Value] {
        match self.reg(s) {
            Value::List(at) => self.heap[at].items(),
            _ => &[],
        }
    }

    fn store_spill(&mut self, s: u8, i: u32, value: Value) -> Result<Flow, Raise> {
        if let Value::List(at) = self.reg(s) {
            self.heap.list_set(at, i as usize, value);
        }
        Ok(Flow::Next)
    }

    fn cell(&self, c: u8) -> Ref<Cell> {
        match self.reg(c) {
            Value::Cell(cell) => cell,
            other => unreachable!("the compiler keeps a cell here, not {other:?}"),
        }
    }

    /// The running function, of a generator too.
    pub(super) fn function(&self) -> Option<Ref<Function>> {
        match self.frame().kind {
            FrameKind::Function(at) => Some(at),
            FrameKind::Generator(at) => match self.heap[at].function {
                Value::Function(at) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }

    fn free(&self, i: u32) -> Ref<Cell> {
        let function = self.function().expect("only functions capture variables");
        self.heap[function].cells[i as usize]
    }

    /// Value of a global name.
    fn global(&mut self, slot: u32) -> Result<Value, Raise> {
        let module = self.module();
        match self.heap[module].slots[slot as usize] {
            Value::Undef => Err(self.undefined_global(slot)),
            value => Ok(value),
        }
    }

    fn delete_global(&mut self, slot: u32) -> Result<Flow, Raise> {
        let at = self.module();
        let module = &self.heap[at];
        if !module.bound[slot as usize] {
            return Err(self.undefined_global(slot));
        }
        let builtin = crate::builtins::builtin(&module.names[slot as usize]).unwrap_or(Value::Undef);
        let module = self.heap.get_mut(at);
        module.slots[slot as usize] = builtin;
        module.bound[slot as usize] = false;
        Ok(Flow::Next)
    }

    #[inline]
    fn binary(&mut self, op: BinaryOp, d: u8, a: Value, b: Value) -> Result<Flow, Raise> {
        if let (Value::Str(_), BinaryOp::Add | BinaryOp::Mod) = (a, op) {
            return self.str_binary(op, d, a, b);
        }
        let pc = self.frame().pc as usize - 1;
        if self.instances.get(self.frame().instance).code.is_inplace(pc) {
            let outcome = self.with(|ctx| number::inplace(ctx, op, a, b))?;
            return match outcome {
                Outcome::Return(value) => self.put(d, value),
                outcome => self.perform(Answer::Outcome(outcome), Deliver::Op),
            };
        }
        let value = self.with(|ctx| number::binary(ctx, op, a, b))?;
        self.put(d, value)
    }

    /// `+` or `%` of a str. In place or not is one and the same.
    #[inline(never)]
    pub(super) fn str_binary(&mut self, op: BinaryOp, d: u8, a: Value, b: Value) -> Result<Flow, Raise> {
        let value = self.with(|ctx| number::str_binary(ctx, op, a, b))?;
        self.put(d, value)
    }

    fn unary(&mut self, op: UnaryOp, d: u8, a: u8) -> Result<Flow, Raise> {
        let operand = self.reg(a);
        let value = self.with(|ctx| number::unary(ctx, op, operand))?;
        self.put(d, value)
    }

    fn holds(&mut self, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
        match op {
            CompareOp::Is => Ok(compare::is_same(a, b)),
            CompareOp::IsNot => Ok(!compare::is_same(a, b)),
            CompareOp::Eq => self.with(|ctx| compare::equal(ctx, a, b)),
            CompareOp::Ne => Ok(!self.with(|ctx| compare::equal(ctx, a, b))?),
            _ => self.with(|ctx| compare::order(ctx, op, a, b)),
        }
    }

    fn compare_jump(
        &mut self,
        op: CompareOp,
        a: Value,
        b: Value,
        want: bool,
        to: i32,
    ) -> Result<Flow, Raise> {
        let holds = self.holds(op, a, b)?;
        jump_if(holds == want, to)
    }

    /// [`Vm::compare_jump`] of two registers, which may hold what is compared by a function.
    fn jump_by(&mut self, op: CompareOp, a: u8, b: u8, want: bool, to: i32) -> Result<Flow, Raise> {
        if self.compares_by_call(op, a, b) {
            return self.compare_by_call(op, a, b);
        }
        self.compare_jump(op, self.reg(a), self.reg(b), want, to)
    }

    /// Whether comparing two registers asks a script.
    fn compares_by_call(&self, op: CompareOp, a: u8, b: u8) -> bool {
        !matches!(op, CompareOp::Is | CompareOp::IsNot)
            && (hooks::compares_by_call(self.heap, self.reg(a))
                || hooks::compares_by_call(self.heap, self.reg(b)))
    }

    fn compare_by_call(&mut self, op: CompareOp, a: u8, b: u8) -> Result<Flow, Raise> {
        let (a, b) = (self.reg(a), self.reg(b));
        let outcome = self.with(|ctx| compare::compare_by_call(ctx, op, a, b))?;
        self.perform(Answer::Outcome(outcome), Deliver::Op)
    }

    fn compare_int(&mut self, op: CompareOp, a: u8, value: i16, want: bool, to: i32) -> Result<Flow, Raise> {
        self.compare_jump(op, self.reg(a), Value::Int(value as i64), want, to)
    }

    fn get_index(&mut self, d: u8, object: Value, key: Value) -> Result<Flow, Raise> {
        if let Value::Dict(dict) = object
            && let Some(value) = self.with(|ctx| table::dict_get(ctx, dict, key))?
        {
            return self.put(d, value);
        }
        if let Some(hook) = hooks::find(self.heap, object, |hooks| match object {
            Value::Dict(_) => hooks.missing,
            _ => hooks.item,
        }) {
            return self.call_hook(hook, &[object, key], Deliver::Register(d));
        }
        let value = self.with(|ctx| index::get_item(ctx, object, key))?;
        self.put(d, value)
    }

    /// Calls a hook of a host's type, whatever it asks for. The arguments are rooted.
    pub(super) fn call_hook(
        &mut self,
        hook: NativeFn,
        args: &[Value],
        deliver: Deliver,
    ) -> Result<Flow, Raise> {
        let outcome = self.with(|ctx| hook(ctx, Args::new(args)))?;
        self.perform(Answer::Outcome(outcome), deliver)
    }

    fn set_index(&mut self, object: Value, key: Value, value: Value) -> Result<Flow, Raise> {
        if let Value::Host(_) = object
            && let Some(hook) = hooks::find(self.heap, object, |hooks| hooks.set_item)
        {
            return self.call_hook(hook, &[object, key, value], Deliver::Op);
        }
        match (object, key) {
            (Value::Dict(dict), _) => self.with(|ctx| table::dict_set(ctx, dict, key, value))?,
            (Value::List(_), Value::Slice(slice)) => {
                let [lower, upper, step] = self.heap[slice].bounds;
                let outcome = self.with(|ctx| index::set_slice(ctx, object, lower, upper, step, value))?;
                return self.perform(Answer::Outcome(outcome), Deliver::Op);
            }
            _ => self.with(|ctx| index::set_item(ctx, object, key, value))?,
        }
        Ok(Flow::Next)
    }

    fn list_append(&mut self, list: Value, value: Value) -> Result<(), Raise> {
        if let Value::List(at) = list {
            let growth = self.heap.list_growth(at);
            self.with(|ctx| ctx.reserve_large(growth))?;
            self.heap.list_push(at, value);
        }
        Ok(())
    }

    fn build_string(&mut self, d: u8, b: u8, count: usize) -> Result<Flow, Raise> {
        let range = self.range(b, count);
        let bytes =
            self.fiber.stack[range.clone()].iter().filter_map(|&v| self.heap.as_str(v)).map(str::len).sum();
        self.with(|ctx| {
            ctx.charge(bytes / 16)?;
            ctx.reserve_large(bytes)
        })?;
        let mut text = String::with_capacity(bytes);
        for &part in &self.fiber.stack[range] {
            text.push_str(self.heap.as_str(part).unwrap_or_default());
        }
        self.put_text(d, text.into())
    }

    fn make_function(&mut self, d: u8, b: u8, f: u32) -> Result<Flow, Raise> {
        let instance = self.instances.get(self.frame().instance).children[f as usize];
        let code = self.instances.get(instance).code.clone();
        let cells = code
            .captures
            .iter()
            .map(|capture| match *capture {
                Capture::Local(register) => self.cell(register),
                Capture::Free(i) => self.free(i),
                Capture::Spill(s, i) => match self.spill(s)[i as usize] {
                    Value::Cell(cell) => cell,
                    other => unreachable!("the compiler keeps a cell here, not {other:?}"),
                },
            })
            .collect();
        let defaults = if code.params.defaults > 0 { self.reg(b) } else { Value::Undef };
        let kw_defaults =
            if code.params.kw_defaults.contains(&true) { self.reg(b + 1) } else { Value::Undef };
        let function = Function { instance, cells, defaults, kw_defaults, attributes: Value::Undef };
        let function = self.heap.insert(function);
        self.put(d, Value::Function(function))
    }

    fn star_counts(&self, k: u32) -> (usize, usize) {
        match self.heap.as_items(self.constant(k)) {
            Some(&[Value::Int(before), Value::Int(after)]) => (before as usize, after as usize),
            _ => (0, 0),
        }
    }
}

/// A jump if `condition` holds.
pub(super) fn jump_if(condition: bool, to: i32) -> Result<Flow, Raise> {
    Ok(if condition { Flow::Jump(to) } else { Flow::Next })
}
