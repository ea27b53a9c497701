//! The hot loop.
//!
//! Every arm handles the common case and leaves the rest to `slow`: the match is on a reference and a miss breaks
//! out to one place that is never inlined (15 % fewer instructions than a call in each arm). `fuel - pc` is the
//! number of steps left; a straight run of instructions changes only `pc`, a jump moves both, so counting costs
//! nothing until a jump, call or return looks.

use super::call::FEW;
use super::fiber::window;
use super::instance::Entry;
use super::perform::Turn;
use super::quick;
use super::{Deliver, Exit, Flow, Frame, FrameKind, Vm, WINDOW};
use crate::ast::{BinaryOp, CompareOp};
use crate::builtins::constructor_of;
use crate::bytecode::Op;
use crate::heap::{MAX_BUFFERED, Outcome};
use crate::value::Value;

/// Number arithmetic on two operands with a checked int case and a float case.
macro_rules! arithmetic {
    ($regs:ident, $d:expr, $x:expr, $y:expr, $slow:lifetime, $int:ident, $float:tt) => {
        match ($x, $y) {
            (Value::Int(x), Value::Int(y)) => match x.$int(y) {
                Some(z) => $regs[$d as usize] = Value::Int(z),
                None => break $slow,
            },
            (Value::Float(x), Value::Float(y)) => {
                $regs[$d as usize] = Value::float(f64::from_bits(x) $float f64::from_bits(y));
            }
            (Value::Int(x), Value::Float(y)) => {
                $regs[$d as usize] = Value::float(x as f64 $float f64::from_bits(y));
            }
            (Value::Float(x), Value::Int(y)) => {
                $regs[$d as usize] = Value::float(f64::from_bits(x) $float y as f64);
            }
            _ => break $slow,
        }
    };
}

/// Compares and jumps; `$want` is the outcome on which it jumps.
macro_rules! compare_jump {
    ($self:ident, $x:expr, $y:expr, $cmp:tt, $want:literal, $slow:lifetime, $to:expr, $jump:ident) => {{
        let holds = match ($x, $y) {
            (Value::Int(x), Value::Int(y)) => x $cmp y,
            (Value::Float(x), Value::Float(y)) => f64::from_bits(x) $cmp f64::from_bits(y),
            (Value::Str(x), Value::Str(y)) => $self.heap[x].as_str() $cmp $self.heap[y].as_str(),
            _ => break $slow,
        };
        if holds == $want {
            $jump!($to);
        }
    }};
}

/// The same against a small int.
macro_rules! compare_jump_int {
    ($x:expr, $value:expr, $cmp:tt, $want:literal, $slow:lifetime, $to:expr, $jump:ident) => {{
        let holds = match $x {
            Value::Int(x) => x $cmp $value as i64,
            Value::Float(x) => f64::from_bits(x) $cmp $value as f64,
            _ => break $slow,
        };
        if holds == $want {
            $jump!($to);
        }
    }};
}

impl Vm<'_> {
    /// Runs instructions until something stops it. See [`Vm::run`] for `CAREFUL`.
    pub(super) fn dispatch<const CAREFUL: bool>(&mut self) -> Exit {
        let mut base;
        let mut pc: usize;
        let mut fuel: i64;
        let mut instance;
        let mut ops: &[Op];
        let mut regs: &mut [Value; WINDOW];

        // Takes up the frame on top of the fiber.
        macro_rules! reload {
            () => {{
                let frame = self.fiber.frames.last().expect("a running fiber has a frame");
                base = frame.base as usize;
                pc = frame.pc as usize;
                instance = self.instances.get(frame.instance);
                ops = &instance.code.ops;
                fuel = self.remaining + pc as i64;
                regs = window(&mut self.fiber.stack, base);
            }};
        }
        // Stops at the current pc.
        macro_rules! exit {
            ($exit:expr) => {{
                self.remaining = fuel - pc as i64;
                self.fiber.frames.last_mut().expect("a running fiber has a frame").pc = pc as u32;
                return $exit;
            }};
        }
        // Makes the frame and the count of steps tell the truth, for what happens outside the loop.
        macro_rules! save {
            () => {{
                self.remaining = fuel - pc as i64;
                self.fiber.frames.last_mut().expect("a running fiber has a frame").pc = pc as u32;
            }};
        }
        macro_rules! check_fuel {
            () => {
                if !CAREFUL && fuel - (pc as i64) <= 0 {
                    exit!(Exit::Slice);
                }
            };
        }
        macro_rules! jump {
            ($to:expr) => {{
                let to = $to as i64;
                pc = (pc as i64).wrapping_add(to) as usize;
                fuel += to;
                check_fuel!();
            }};
        }

        // Takes the next item of a loop, and goes on with `$item` or `$end`.
        macro_rules! next_item {
            ($r:expr, $d:expr, $slow:lifetime, $flow:lifetime, $item:expr, $end:expr, $turn:expr) => {{
                let r: u8 = $r;
                match regs[r as usize] {
                    Value::RangeState(step) => {
                        let Value::Int(left) = &mut regs[r.wrapping_add(2) as usize] else { break $slow };
                        if *left > 0 {
                            *left -= 1;
                            let Value::Int(place) = &mut regs[r.wrapping_add(1) as usize] else { break $slow };
                            let next = *place;
                            *place = next.wrapping_add(step);
                            regs[$d as usize] = Value::Int(next);
                            $item
                        } else {
                            $end
                        }
                    }
                    Value::ListState(list) => {
                        let Value::Int(index) = &mut regs[r.wrapping_add(1) as usize] else { break $slow };
                        match self.heap[list].items().get(*index as usize) {
                            Some(&item) => {
                                *index += 1;
                                match item {
                                    Value::Int(i) => regs[$d as usize] = Value::Int(i),
                                    item => regs[$d as usize] = item,
                                }
                                $item
                            }
                            None => $end,
                        }
                    }
                    Value::Iter(at) => match quick::next(self.heap, at) {
                        Some(Some(item)) => {
                            regs[$d as usize] = item;
                            $item
                        }
                        Some(None) => $end,
                        None => {
                            save!();
                            break $flow self.for_iter(r, $d, $turn);
                        }
                    },
                    _ => {
                        save!();
                        break $flow self.for_iter(r, $d, $turn);
                    }
                }
            }};
        }
        // The same where the item is unpacked to two registers.
        macro_rules! next_pair {
            ($r:expr, $a:expr, $b:expr, $flow:lifetime, $item:expr, $end:expr, $turn:expr) => {{
                let r: u8 = $r;
                let found = match regs[r as usize] {
                    // With few steps left the general way finds out what is too much.
                    Value::Iter(at) if fuel - (pc as i64) > 2 => quick::next_pair(self.heap, at),
                    Value::ListState(list) => match &mut regs[r.wrapping_add(1) as usize] {
                        Value::Int(index) => match self.heap[list].items().get(*index as usize) {
                            Some(&Value::Tuple(item)) => match *self.heap[item].items() {
                                [x, y] => {
                                    *index += 1;
                                    Some((Some((x, y)), 0))
                                }
                                _ => None,
                            },
                            _ => None,
                        },
                        _ => None,
                    },
                    _ => None,
                };
                match found {
                    Some((Some((x, y)), cost)) => {
                        fuel -= cost;
                        regs[$a as usize] = x;
                        regs[$b as usize] = y;
                        $item
                    }
                    Some((None, cost)) => {
                        fuel -= cost;
                        $end
                    }
                    None => {
                        save!();
                        break $flow self.for_iter2(r, $a, $b, $turn);
                    }
                }
            }};
        }
        // Calls a native. The usual end of it is a value, and nothing else to do.
        macro_rules! native_call {
            ($call:expr, $start:expr, $argc:expr, $places:expr, $d:expr, $next:lifetime, $flow:lifetime) => {{
                save!();
                match self.call_direct($call, $start, $argc, $places) {
                    Ok(Outcome::Return(value)) if self.heap.is_quiet() => {
                        regs = window(&mut self.fiber.stack, base);
                        regs[$d as usize] = value;
                        continue $next;
                    }
                    result => break $flow self.finish_direct($d, result),
                }
            }};
        }

        // Calls a script function that needs no binding but defaults, or a native.
        macro_rules! call {
            ($callee:expr, $d:expr, $at:expr, $argc:expr, $slow:lifetime, $flow:lifetime, $next:lifetime) => {{
                let callee = $callee;
                match callee {
                    Value::Function(function) => {
                        let index = self.heap[function].instance;
                        let callee = self.instances.get(index);
                        let given = $argc as u32;
                        let new_base = base + $at as usize + 1;
                        if given > callee.plain_argc
                            || given < callee.least_argc
                            || self.fiber.frames.len() >= self.max_frames
                        {
                            break $slow;
                        }
                        let above = self.fiber.stack.get_mut(new_base..).unwrap_or_default();
                        let Some(registers) = above.first_chunk_mut::<WINDOW>() else { break $slow };
                        regs = registers;
                        if let Some(frame) = self.fiber.frames.last_mut() {
                            frame.pc = pc as u32;
                        }
                        self.fiber.frames.push(Frame {
                            pc: 0,
                            base: new_base as u32,
                            top: new_base as u32 + callee.registers,
                            instance: index,
                            kind: FrameKind::Function(function),
                            deliver: Deliver::Register($d),
                        });
                        base = new_base;
                        if given < callee.plain_argc
                            && let Value::Tuple(defaults) = self.heap[function].defaults
                        {
                            let defaults = self.heap[defaults].items();
                            let first = callee.plain_argc as usize - defaults.len();
                            for register in given as usize..callee.plain_argc as usize {
                                regs[register & 0xFF] = defaults[register - first];
                            }
                        }
                        for register in callee.plain_argc..callee.locals {
                            regs[register as usize & 0xFF] = Value::Undef;
                        }
                        instance = callee;
                        ops = &callee.code.ops;
                        fuel -= pc as i64;
                        pc = 0;
                        check_fuel!();
                    }
                    Value::Native(number) => {
                        let argc = $argc as usize;
                        let first = ($at as u8).wrapping_add(1);
                        if callee == self.hot.len
                            && argc == 1
                            && let Some(count) = quick::len(self.heap, regs[first as usize])
                        {
                            regs[$d as usize] = Value::Int(count as i64);
                            continue $next;
                        }
                        let native = self.heap.natives.get(number);
                        match quick::places(native, argc) {
                            Some(places) if places <= FEW && native.owner.is_none() => {
                                native_call!(native.call, base + first as usize, argc, places, $d, $next, $flow)
                            }
                            _ => break $slow,
                        }
                    }
                    Value::Type(number) => {
                        let argc = $argc as usize;
                        let Some(native) = constructor_of(number) else { break $slow };
                        match quick::places(native, argc) {
                            Some(places) if places <= FEW => {
                                let start = base + $at as usize + 1;
                                native_call!(native.call, start, argc, places, $d, $next, $flow)
                            }
                            _ => break $slow,
                        }
                    }
                    _ => break $slow,
                }
            }};
        }
        // Ends a function with a value.
        macro_rules! leave {
            ($value:expr, $slow:lifetime) => {{
                let value = $value;
                let [.., caller, frame] = &self.fiber.frames[..] else { break $slow };
                let (Deliver::Register(d), FrameKind::Function(_)) = (frame.deliver, frame.kind) else {
                    break $slow;
                };
                fuel += caller.pc as i64 - pc as i64;
                base = caller.base as usize;
                pc = caller.pc as usize;
                instance = self.instances.get(caller.instance);
                ops = &instance.code.ops;
                self.fiber.frames.pop();
                regs = window(&mut self.fiber.stack, base);
                regs[d as usize] = value;
                check_fuel!();
            }};
        }

        reload!();
        'next: loop {
            let Some(op) = ops.get(pc) else { exit!(Exit::EndOfCode) };
            if CAREFUL {
                if fuel - (pc as i64) <= 0 {
                    exit!(Exit::Slice);
                }
                if self.cancellation.is_some() {
                    self.fiber.frames.last_mut().expect("a running fiber has a frame").pc = pc as u32;
                    if self.cancellation_resumes() {
                        self.remaining = fuel - pc as i64;
                        if let Err(exit) = self.unwind(crate::heap::Raise::End(crate::heap::End::Cancelled)) {
                            return exit;
                        }
                        reload!();
                        continue 'next;
                    }
                    regs = window(&mut self.fiber.stack, base);
                }
                if let Some(trace) = &mut self.trace {
                    self.fiber.frames.last_mut().expect("a running fiber has a frame").pc = pc as u32;
                    trace(self.fiber, self.instances, self.heap, pc as u32);
                    regs = window(&mut self.fiber.stack, base);
                }
            }
            pc += 1;
            let flow = 'flow: {
                'slow: {
                    match op {
                        // Ints first: a whole-value copy of an int is cheaper than of an unknown variant.
                        Op::Move { d, a } => match regs[*a as usize] {
                            Value::Int(i) => regs[*d as usize] = Value::Int(i),
                            value => regs[*d as usize] = value,
                        },
                        Op::LoadConst { d, k } => regs[*d as usize] = instance.constants[*k as usize],
                        Op::LoadInt { d, value } => regs[*d as usize] = Value::Int(*value as i64),
                        Op::LoadNone { d } => regs[*d as usize] = Value::None,
                        Op::LoadBool { d, value } => regs[*d as usize] = Value::bool(*value),
                        Op::LoadUndef { d } => regs[*d as usize] = Value::Undef,
                        Op::CheckBound { a } => {
                            if regs[*a as usize].is_undef() {
                                break 'slow;
                            }
                        }
                        Op::LoadGlobal { d, slot } => {
                            match self.heap[instance.module].slots[*slot as usize] {
                                Value::Undef => break 'slow,
                                value => regs[*d as usize] = value,
                            }
                        }
                        Op::StoreGlobal { a, slot } => {
                            let module = self.heap.get_mut(instance.module);
                            module.slots[*slot as usize] = regs[*a as usize];
                            module.bound[*slot as usize] = true;
                        }
                        Op::LoadCell { d, c } => match regs[*c as usize] {
                            Value::Cell(cell) => match self.heap[cell].value {
                                Value::Undef => break 'slow,
                                value => regs[*d as usize] = value,
                            },
                            _ => break 'slow,
                        },
                        Op::StoreCell { c, a } => match regs[*c as usize] {
                            Value::Cell(cell) => self.heap.get_mut(cell).value = regs[*a as usize],
                            _ => break 'slow,
                        },
                        Op::LoadFree { d, i } => {
                            let frame = self.fiber.frames.last().expect("a running fiber has a frame");
                            let FrameKind::Function(function) = frame.kind else { break 'slow };
                            match self.heap[self.heap[function].cells[*i as usize]].value {
                                Value::Undef => break 'slow,
                                Value::Int(i) => regs[*d as usize] = Value::Int(i),
                                value => regs[*d as usize] = value,
                            }
                        }

                        Op::Add { d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (x @ Value::Str(_), y) => {
                                save!();
                                break 'flow self.str_binary(BinaryOp::Add, *d, x, y);
                            }
                            (x, y) => arithmetic!(regs, *d, x, y, 'slow, checked_add, +),
                        },
                        Op::Sub { d, a, b } => {
                            arithmetic!(regs, *d, regs[*a as usize], regs[*b as usize], 'slow, checked_sub, -)
                        }
                        Op::Mul { d, a, b } => {
                            arithmetic!(regs, *d, regs[*a as usize], regs[*b as usize], 'slow, checked_mul, *)
                        }
                        Op::AddInt { d, a, value } => {
                            arithmetic!(regs, *d, regs[*a as usize], Value::Int(*value as i64), 'slow, checked_add, +)
                        }
                        Op::SubInt { d, a, value } => {
                            arithmetic!(regs, *d, regs[*a as usize], Value::Int(*value as i64), 'slow, checked_sub, -)
                        }
                        Op::MulInt { d, a, value } => {
                            arithmetic!(regs, *d, regs[*a as usize], Value::Int(*value as i64), 'slow, checked_mul, *)
                        }
                        Op::Div { d, a, b } => {
                            // Ints up to 2^53 divide exactly as floats do; zero and larger ones are the general case.
                            let (x, y) = match (regs[*a as usize], regs[*b as usize]) {
                                (Value::Float(x), Value::Float(y)) => (f64::from_bits(x), f64::from_bits(y)),
                                (Value::Int(x), Value::Float(y)) => (x as f64, f64::from_bits(y)),
                                (Value::Float(x), Value::Int(y)) => (f64::from_bits(x), y as f64),
                                (Value::Int(x), Value::Int(y))
                                    if x.unsigned_abs() <= 1 << 53 && y.unsigned_abs() <= 1 << 53 =>
                                {
                                    (x as f64, y as f64)
                                }
                                _ => break 'slow,
                            };
                            if y == 0.0 {
                                break 'slow;
                            }
                            regs[*d as usize] = Value::float(x / y);
                        }
                        Op::FloorDiv { d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (Value::Int(x), Value::Int(y)) => match quick::floor_div(x, y) {
                                Some(z) => regs[*d as usize] = Value::Int(z),
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::Mod { d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (x @ Value::Str(_), y) => {
                                save!();
                                break 'flow self.str_binary(BinaryOp::Mod, *d, x, y);
                            }
                            (Value::Int(x), Value::Int(y)) => match quick::floor_mod(x, y) {
                                Some(z) => regs[*d as usize] = Value::Int(z),
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::FloorDivInt { d, a, value } => match regs[*a as usize] {
                            Value::Int(x) => match quick::floor_div(x, *value as i64) {
                                Some(z) => regs[*d as usize] = Value::Int(z),
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::ModInt { d, a, value } => match regs[*a as usize] {
                            Value::Int(x) => match quick::floor_mod(x, *value as i64) {
                                Some(z) => regs[*d as usize] = Value::Int(z),
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::BitAnd { d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (Value::Int(x), Value::Int(y)) => regs[*d as usize] = Value::Int(x & y),
                            _ => break 'slow,
                        },
                        Op::AndInt { d, a, value } => match regs[*a as usize] {
                            Value::Int(x) => regs[*d as usize] = Value::Int(x & *value as i64),
                            _ => break 'slow,
                        },
                        Op::ShrInt { d, a, value } => match (regs[*a as usize], *value) {
                            (Value::Int(x), 0..=63) => regs[*d as usize] = Value::Int(x >> *value),
                            _ => break 'slow,
                        },
                        Op::Binary { op, d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (Value::Int(x), Value::Int(y)) => match op {
                                BinaryOp::Xor => regs[*d as usize] = Value::Int(x ^ y),
                                BinaryOp::Or => regs[*d as usize] = Value::Int(x | y),
                                BinaryOp::Shr if (0..64).contains(&y) => {
                                    regs[*d as usize] = Value::Int(x >> y);
                                }
                                _ => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::Neg { d, a } => match regs[*a as usize] {
                            Value::Int(x) if x != i64::MIN => regs[*d as usize] = Value::Int(-x),
                            Value::Float(x) => regs[*d as usize] = Value::float(-f64::from_bits(x)),
                            _ => break 'slow,
                        },
                        Op::Not { d, a } => match quick::truth(regs[*a as usize]) {
                            Some(truth) => regs[*d as usize] = Value::bool(!truth),
                            None => break 'slow,
                        },
                        Op::Compare { op, d, a, b } => {
                            let (x, y) = (regs[*a as usize], regs[*b as usize]);
                            let holds = match (op, x, y) {
                                (CompareOp::Is, ..) => x == y,
                                (CompareOp::IsNot, ..) => x != y,
                                (CompareOp::Eq, ..) => match quick::equal(self.heap, x, y) {
                                    Some(equal) => equal,
                                    None => break 'slow,
                                },
                                (CompareOp::Ne, ..) => match quick::equal(self.heap, x, y) {
                                    Some(equal) => !equal,
                                    None => break 'slow,
                                },
                                (CompareOp::Lt, Value::Int(x), Value::Int(y)) => x < y,
                                (CompareOp::Le, Value::Int(x), Value::Int(y)) => x <= y,
                                (CompareOp::Gt, Value::Int(x), Value::Int(y)) => x > y,
                                (CompareOp::Ge, Value::Int(x), Value::Int(y)) => x >= y,
                                _ => break 'slow,
                            };
                            regs[*d as usize] = Value::bool(holds);
                        }

                        Op::Jump { to } => jump!(*to),
                        Op::JumpIfTrue { a, to } => match quick::truth(regs[*a as usize]) {
                            Some(true) => jump!(*to),
                            Some(false) => {}
                            None => break 'slow,
                        },
                        Op::JumpIfFalse { a, to } => match quick::truth(regs[*a as usize]) {
                            Some(false) => jump!(*to),
                            Some(true) => {}
                            None => break 'slow,
                        },
                        Op::JumpIfNone { a, to } => {
                            if regs[*a as usize].is_none() {
                                jump!(*to);
                            }
                        }
                        Op::JumpIfNotNone { a, to } => {
                            if !regs[*a as usize].is_none() {
                                jump!(*to);
                            }
                        }
                        Op::JumpIfUndef { a, to } => {
                            if regs[*a as usize].is_undef() {
                                jump!(*to);
                            }
                        }
                        Op::JumpIfEq { a, b, to } => {
                            match quick::equal(self.heap, regs[*a as usize], regs[*b as usize]) {
                                Some(true) => jump!(*to),
                                Some(false) => {}
                                None => break 'slow,
                            }
                        }
                        Op::JumpIfNe { a, b, to } => {
                            match quick::equal(self.heap, regs[*a as usize], regs[*b as usize]) {
                                Some(false) => jump!(*to),
                                Some(true) => {}
                                None => break 'slow,
                            }
                        }
                        Op::JumpIfEqConst { a, k, to } => {
                            match quick::equal(self.heap, regs[*a as usize], instance.constants[*k as usize])
                            {
                                Some(true) => jump!(*to),
                                Some(false) => {}
                                None => break 'slow,
                            }
                        }
                        Op::JumpIfNeConst { a, k, to } => {
                            match quick::equal(self.heap, regs[*a as usize], instance.constants[*k as usize])
                            {
                                Some(false) => jump!(*to),
                                Some(true) => {}
                                None => break 'slow,
                            }
                        }
                        Op::JumpIfLt { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], <, true, 'slow, *to, jump)
                        }
                        Op::JumpIfLe { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], <=, true, 'slow, *to, jump)
                        }
                        Op::JumpIfGt { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], >, true, 'slow, *to, jump)
                        }
                        Op::JumpIfGe { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], >=, true, 'slow, *to, jump)
                        }
                        Op::JumpUnlessLt { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], <, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessLe { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], <=, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessGt { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], >, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessGe { a, b, to } => {
                            compare_jump!(self, regs[*a as usize], regs[*b as usize], >=, false, 'slow, *to, jump)
                        }
                        Op::JumpIfEqInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, ==, true, 'slow, *to, jump)
                        }
                        Op::JumpIfNeInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, !=, true, 'slow, *to, jump)
                        }
                        Op::JumpIfLtInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, <, true, 'slow, *to, jump)
                        }
                        Op::JumpIfLeInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, <=, true, 'slow, *to, jump)
                        }
                        Op::JumpIfGtInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, >, true, 'slow, *to, jump)
                        }
                        Op::JumpIfGeInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, >=, true, 'slow, *to, jump)
                        }
                        Op::JumpUnlessLtInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, <, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessLeInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, <=, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessGtInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, >, false, 'slow, *to, jump)
                        }
                        Op::JumpUnlessGeInt { a, value, to } => {
                            compare_jump_int!(regs[*a as usize], *value, >=, false, 'slow, *to, jump)
                        }

                        Op::ForIter { r, d, to } => {
                            next_item!(*r, *d, 'slow, 'flow, {}, jump!(*to), Turn { item: 0, end: *to })
                        }
                        Op::ForNext { r, d, to } => {
                            next_item!(*r, *d, 'slow, 'flow, jump!(*to), {}, Turn { item: *to, end: 0 })
                        }
                        Op::ForIter2 { r, a, b, to } => {
                            next_pair!(*r, *a, *b, 'flow, {}, jump!(*to), Turn { item: 0, end: *to })
                        }
                        Op::ForNext2 { r, a, b, to } => {
                            next_pair!(*r, *a, *b, 'flow, jump!(*to), {}, Turn { item: *to, end: 0 })
                        }
                        Op::Unpack2 { a, d, e } => match regs[*a as usize] {
                            Value::Tuple(at) => match *self.heap[at].items() {
                                [x, y] => {
                                    regs[*d as usize] = x;
                                    regs[*e as usize] = y;
                                }
                                _ => break 'slow,
                            },
                            _ => break 'slow,
                        },

                        Op::GetIndex { d, a, b } => match (regs[*a as usize], regs[*b as usize]) {
                            (Value::List(at), Value::Int(index)) => {
                                let items = self.heap[at].items();
                                let index = if index < 0 { index + items.len() as i64 } else { index };
                                match items.get(index as usize) {
                                    Some(&Value::Int(i)) => regs[*d as usize] = Value::Int(i),
                                    Some(&item) => regs[*d as usize] = item,
                                    None => break 'slow,
                                }
                            }
                            (Value::Tuple(at), Value::Int(index)) => {
                                match self.heap[at].items().get(index as usize) {
                                    Some(&item) => regs[*d as usize] = item,
                                    None => break 'slow,
                                }
                            }
                            (Value::Str(at), Value::Int(index)) => {
                                let text = &self.heap[at];
                                if !text.is_ascii() {
                                    break 'slow;
                                }
                                match text.as_str().as_bytes().get(index as usize) {
                                    Some(&byte) => regs[*d as usize] = self.heap.ascii_char(byte),
                                    None => break 'slow,
                                }
                            }
                            (Value::Dict(dict), key) => match quick::find(self.heap, dict, key) {
                                Some(Some(entry)) => {
                                    regs[*d as usize] = self.heap[dict].table().raw_entries()[entry].value;
                                }
                                _ => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::GetIndexInt { d, a, value } => {
                            let items = match regs[*a as usize] {
                                Value::List(at) => self.heap[at].items(),
                                Value::Tuple(at) => self.heap[at].items(),
                                _ => break 'slow,
                            };
                            let index =
                                if *value < 0 { items.len() as i64 + *value as i64 } else { *value as i64 };
                            match items.get(index as usize) {
                                Some(&item) => regs[*d as usize] = item,
                                None => break 'slow,
                            }
                        }
                        Op::SetIndex { a, b, c } => match (regs[*a as usize], regs[*b as usize]) {
                            (Value::List(at), Value::Int(index)) => {
                                let len = self.heap[at].items().len();
                                let index = if index < 0 { index + len as i64 } else { index };
                                if index < 0 || index as usize >= len {
                                    break 'slow;
                                }
                                // Loading 16 bytes that were just stored as two halves stalls: see Move.
                                match regs[*c as usize] {
                                    Value::Int(i) => self.heap.list_set(at, index as usize, Value::Int(i)),
                                    Value::Bool(b) => self.heap.list_set(at, index as usize, Value::Bool(b)),
                                    value => self.heap.list_set(at, index as usize, value),
                                }
                            }
                            (Value::Dict(dict), key) => match quick::find(self.heap, dict, key) {
                                Some(Some(entry)) => self.heap.dict_set_value(dict, entry, regs[*c as usize]),
                                _ => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::SetIndexConst { a, c, k } => {
                            match (regs[*a as usize], instance.constants[*k as usize]) {
                                (Value::List(at), Value::Int(index)) => {
                                    if index as usize >= self.heap[at].items().len() {
                                        break 'slow;
                                    }
                                    self.heap.list_set(at, index as usize, regs[*c as usize]);
                                }
                                (Value::Dict(dict), key) => match quick::find(self.heap, dict, key) {
                                    Some(Some(entry)) => {
                                        self.heap.dict_set_value(dict, entry, regs[*c as usize])
                                    }
                                    _ => break 'slow,
                                },
                                _ => break 'slow,
                            }
                        }
                        Op::GetIndexConst { d, a, k } => match regs[*a as usize] {
                            Value::Dict(dict) => {
                                match quick::find(self.heap, dict, instance.constants[*k as usize]) {
                                    Some(Some(entry)) => {
                                        regs[*d as usize] =
                                            self.heap[dict].table().raw_entries()[entry].value;
                                    }
                                    _ => break 'slow,
                                }
                            }
                            _ => break 'slow,
                        },
                        Op::JumpIfIn { a, b, to } => match regs[*b as usize] {
                            Value::Dict(dict) => match quick::find(self.heap, dict, regs[*a as usize]) {
                                Some(Some(_)) => jump!(*to),
                                Some(None) => {}
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::JumpIfNotIn { a, b, to } => match regs[*b as usize] {
                            Value::Dict(dict) => match quick::find(self.heap, dict, regs[*a as usize]) {
                                Some(None) => jump!(*to),
                                Some(Some(_)) => {}
                                None => break 'slow,
                            },
                            _ => break 'slow,
                        },
                        Op::GetAttr { d, a, cache, .. } => match regs[*a as usize] {
                            Value::Struct(at) => {
                                let object = &self.heap[at];
                                let entry = instance.caches[*cache as usize * 2].get();
                                match (object.class, entry.value) {
                                    (Value::Type(class), Value::Int(field)) if class == entry.key => {
                                        match object.values.get(field as usize) {
                                            Some(&value) => regs[*d as usize] = value,
                                            None => break 'slow,
                                        }
                                    }
                                    _ => break 'slow,
                                }
                            }
                            Value::Module(at) => {
                                let entry = instance.caches[*cache as usize * 2].get();
                                match (entry.entry, quick::member(self.heap, at, entry)) {
                                    (Entry::Member, Some(value)) => regs[*d as usize] = value,
                                    _ => break 'slow,
                                }
                            }
                            _ => break 'slow,
                        },
                        Op::SetAttr { a, b, cache, .. } => match regs[*a as usize] {
                            Value::Struct(at) => {
                                let object = self.heap.get_mut(at);
                                let entry = instance.caches[*cache as usize * 2].get();
                                match (object.class, entry.value) {
                                    (Value::Type(class), Value::Int(field)) if class == entry.key => {
                                        match object.values.get_mut(field as usize) {
                                            Some(place) => *place = regs[*b as usize],
                                            None => break 'slow,
                                        }
                                    }
                                    _ => break 'slow,
                                }
                            }
                            _ => break 'slow,
                        },

                        Op::ListAppend { a, b } => match regs[*a as usize] {
                            Value::List(at) if self.heap.list_growth(at) == 0 => {
                                self.heap.list_push(at, regs[*b as usize]);
                            }
                            _ => break 'slow,
                        },
                        Op::BuildTuple { d, b, count } => {
                            let from = *b as usize;
                            let Some(items) = regs.get(from..from + *count as usize) else { break 'slow };
                            regs[*d as usize] = self.heap.tuple(items);
                            if self.heap.wants_collection() {
                                save!();
                                break 'flow Ok(Flow::Next);
                            }
                        }

                        Op::Call { d, base: at, argc } => {
                            call!(regs[*at as usize], *d, *at, *argc, 'slow, 'flow, 'next)
                        }
                        Op::CallGlobal { d, base: at, argc, slot } => {
                            let callee = self.heap[instance.module].slots[*slot as usize];
                            call!(callee, *d, *at, *argc, 'slow, 'flow, 'next)
                        }
                        Op::Return { a } => {
                            // Apart for the same reason as in Move: results are often ints just made.
                            match regs[*a as usize] {
                                Value::Int(i) => leave!(Value::Int(i), 'slow),
                                // It may be a pair whose error nobody looks at.
                                Value::Tuple(_) if self.heap.has_errs() => break 'slow,
                                value => leave!(value, 'slow),
                            }
                        }
                        Op::ReturnNone => leave!(Value::None, 'slow),
                        Op::GetMethod { d, a, cache, .. } => {
                            let receiver = regs[*a as usize];
                            let cache = instance.caches[*cache as usize * 2].get();
                            match cache.value {
                                method @ Value::Native(_)
                                    if quick::cache_key(self.heap, receiver) == cache.key =>
                                {
                                    regs[*d as usize] = method;
                                    regs[d.wrapping_add(1) as usize] = receiver;
                                }
                                _ => break 'slow,
                            }
                        }
                        Op::CallMethod { d, base: at, argc } => {
                            let receiver = regs[at.wrapping_add(1) as usize];
                            match regs[*at as usize] {
                                callee if receiver.is_undef() => {
                                    call!(callee, *d, at.wrapping_add(1), *argc, 'slow, 'flow, 'next)
                                }
                                callee @ Value::Native(number) => {
                                    if callee == self.hot.list_append
                                        && *argc == 1
                                        && let Value::List(list) = receiver
                                        && self.heap.list_growth(list) == 0
                                    {
                                        self.heap.list_push(list, regs[at.wrapping_add(2) as usize]);
                                        regs[*d as usize] = Value::None;
                                        continue 'next;
                                    }
                                    let native = self.heap.natives.get(number);
                                    let argc = *argc as usize + 1;
                                    match quick::places(native, argc) {
                                        Some(places) if places <= FEW => {
                                            let start = base + *at as usize + 1;
                                            native_call!(native.call, start, argc, places, *d, 'next, 'flow)
                                        }
                                        _ => break 'slow,
                                    }
                                }
                                _ => break 'slow,
                            }
                        }
                        Op::Invoke { d, base: at, argc, cache, .. } => {
                            let receiver = regs[*at as usize];
                            let cache = instance.caches[*cache as usize * 2].get();
                            if quick::cache_key(self.heap, receiver) != cache.key {
                                break 'slow;
                            }
                            match cache.entry {
                                Entry::Direct(call, places) => {
                                    let start = base + *at as usize;
                                    native_call!(call, start, *argc as usize + 1, places as usize, *d, 'next, 'flow)
                                }
                                Entry::Append => match receiver {
                                    Value::List(list) if self.heap.list_growth(list) == 0 => {
                                        self.heap.list_push(list, regs[at.wrapping_add(1) as usize]);
                                        regs[*d as usize] = Value::None;
                                    }
                                    _ => break 'slow,
                                },
                                Entry::Member => {
                                    let Value::Module(module) = receiver else { break 'slow };
                                    let Some(callee) = quick::member(self.heap, module, cache) else {
                                        break 'slow;
                                    };
                                    call!(callee, *d, *at, *argc, 'slow, 'flow, 'next)
                                }
                                Entry::Bind => break 'slow,
                            }
                        }
                        _ => break 'slow,
                    }
                    continue 'next;
                }
                save!();
                self.slow(*op)
            };
            if let Ok(Flow::Next) = flow
                && self.heap.is_quiet()
            {
                regs = window(&mut self.fiber.stack, base);
                continue 'next;
            }
            if self.heap.meter.has_pending() {
                self.remaining -= self.heap.meter.take_pending() as i64;
            }
            match flow {
                Ok(Flow::Next) => {
                    regs = window(&mut self.fiber.stack, base);
                    fuel = self.remaining + pc as i64;
                }
                Ok(Flow::Jump(to)) => {
                    regs = window(&mut self.fiber.stack, base);
                    pc = (pc as i64).wrapping_add(to as i64) as usize;
                    fuel = self.remaining + pc as i64;
                }
                Ok(Flow::Reload) => reload!(),
                Ok(Flow::Exit(exit)) => return exit,
                Err(raise) => {
                    if let Err(exit) = self.unwind(raise) {
                        return exit;
                    }
                    reload!();
                }
            }
            if self.heap.wants_collection() {
                save!();
                if let Err(raise) = self.safe_point()
                    && let Err(exit) = self.unwind(raise)
                {
                    return exit;
                }
                reload!();
            }
            // A full output buffer is emptied by the session.
            if self.heap.output.len() > MAX_BUFFERED {
                exit!(Exit::Slice);
            }
            check_fuel!();
        }
    }
}
