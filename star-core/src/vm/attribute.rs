//! Attributes and methods, with their inline caches.
//!
//! In: an object and a name of the code at hand. Out: the attribute, or the method called with its receiver. Rule: a
//! cache entry is for one type or module; a miss looks everything up again and notes what it found.

use super::call::FEW;
use super::instance::{Cache, Entry};
use super::perform::Answer;
use super::{Deliver, Flow, Vm, quick};
use crate::heap::{Outcome, Raise};
use crate::object::BoundMethod;
use crate::ops::attribute;
use crate::value::Value;

impl Vm<'_> {
    /// `R[d] = R[base].name(…)`.
    pub(super) fn invoke(
        &mut self,
        d: u8,
        base: u8,
        argc: usize,
        name: u16,
        cache: u16,
    ) -> Result<Flow, Raise> {
        let receiver = self.reg(base);
        let start = self.frame().base as usize + base as usize;
        let caches = &self.instances.get(self.frame().instance).caches[cache as usize * 2..][..2];
        let key = quick::cache_key(self.heap, receiver);
        let mut method = None;
        if caches[0].get().key == key {
            method = Some(caches[0].get().value);
        } else if caches[1].get().key == key {
            method = Some(caches[1].get().value);
            caches[0].swap(&caches[1]);
        }
        let method = match method {
            Some(method @ Value::Native(_)) => Some(method),
            _ => {
                let found = self.find_method(receiver, name);
                if let Some(method) = found
                    && !matches!(receiver, Value::Struct(_))
                    && key != quick::NO_CLASS
                {
                    let entry = match method {
                        Value::Native(number) => self.entry(number, argc + 1),
                        _ => Entry::Bind,
                    };
                    caches[1].set(caches[0].get());
                    caches[0].set(Cache { key, value: method, entry });
                }
                found
            }
        };
        if let Some(Value::Native(number)) = method {
            let native = self.heap.natives.get(number);
            return match self.call_native(native, start, argc + 1, None)? {
                Outcome::Return(value) => self.put_result(d, value),
                outcome => self.perform(Answer::Outcome(outcome), Deliver::Register(d)),
            };
        }
        let name = self.name(name as u32);
        let callee = self.with(|ctx| attribute::get_attr(ctx, receiver, name))?;
        self.remember_member(receiver, name, cache);
        self.set(base, callee);
        self.call_registers(callee, d, base, argc, None)
    }

    fn find_method(&self, receiver: Value, name: u16) -> Option<Value> {
        attribute::find_method(self.heap, receiver, &self.name_text(name as u32))
    }

    /// `R[d], R[d+1] =` method `name` and its receiver, or the value of the attribute and nothing.
    pub(super) fn get_method(&mut self, d: u8, a: u8, name: u16, cache: u16) -> Result<Flow, Raise> {
        let receiver = self.reg(a);
        let found = self.find_method(receiver, name);
        let (callee, held) = match found {
            Some(method @ Value::Native(_)) => {
                let key = quick::cache_key(self.heap, receiver);
                if !matches!(receiver, Value::Struct(_)) && key != quick::NO_CLASS {
                    let entry = Cache { key, value: method, entry: Entry::Bind };
                    self.instances.get(self.frame().instance).caches[cache as usize * 2].set(entry);
                }
                (method, receiver)
            }
            _ => {
                let name = self.name(name as u32);
                (self.with(|ctx| attribute::get_attr(ctx, receiver, name))?, Value::Undef)
            }
        };
        self.set(d, callee);
        self.put(d + 1, held)
    }

    /// `R[d] = R[base](…)` of what [`Vm::get_method`] found; the arguments follow `R[base+1]`.
    pub(super) fn call_method(&mut self, d: u8, base: u8, argc: usize) -> Result<Flow, Raise> {
        let callee = self.reg(base);
        match callee {
            Value::Native(number) if !self.reg(base + 1).is_undef() => {
                let native = self.heap.natives.get(number);
                let start = self.frame().base as usize + base as usize + 1;
                let result = self.call_native(native, start, argc + 1, None);
                self.finish_direct(d, result)
            }
            _ => self.call_registers(callee, d, base + 1, argc, None),
        }
    }

    /// How a call with `argc` arguments, the receiver included, enters method `number`.
    fn entry(&self, number: u64, argc: usize) -> Entry {
        let native = self.heap.natives.get(number);
        match quick::places(native, argc) {
            _ if Value::Native(number) == self.hot.list_append && argc == 2 => Entry::Append,
            Some(places) if places <= FEW => Entry::Direct(native.call, places as u8),
            _ => Entry::Bind,
        }
    }

    pub(super) fn get_attr(&mut self, d: u8, a: u8, name: u32, cache: Option<u16>) -> Result<Flow, Raise> {
        let (object, key) = (self.reg(a), self.name(name));
        let class = quick::cache_key(self.heap, object);
        if let Some(cache) = cache {
            let entry = self.instances.get(self.frame().instance).caches[cache as usize * 2].get();
            if let (true, method @ Value::Native(_)) = (entry.key == class, entry.value) {
                let bound = self.heap.insert(BoundMethod { receiver: object, method });
                return self.put(d, Value::BoundMethod(bound));
            }
            if let (true, Value::Int(field), Value::Tuple(at)) = (entry.key == class, entry.value, object)
                && let Some(&item) = self.heap[at].items().get(field as usize)
            {
                return self.put(d, item);
            }
        }
        let value = self.with(|ctx| attribute::get_attr(ctx, object, key))?;
        match (value, cache) {
            // The methods of built-in types are what they are.
            (Value::BoundMethod(at), Some(cache)) if self.heap[at].receiver == object => {
                if let (true, method @ Value::Native(_)) =
                    (class != quick::NO_CLASS && !matches!(object, Value::Struct(_)), self.heap[at].method)
                {
                    let entry = Cache { key: class, value: method, entry: Entry::Bind };
                    self.instances.get(self.frame().instance).caches[cache as usize * 2].set(entry);
                }
            }
            _ => self.remember_field(object, key, cache),
        }
        self.put(d, value)
    }

    pub(super) fn set_attr(&mut self, a: u8, b: u8, name: u32, cache: Option<u16>) -> Result<Flow, Raise> {
        let (object, key, value) = (self.reg(a), self.name(name), self.reg(b));
        self.with(|ctx| attribute::set_attr(ctx, object, key, value))?;
        self.remember_field(object, key, cache);
        Ok(Flow::Next)
    }

    /// Notes in which slot of a module a name was found.
    fn remember_member(&self, object: Value, name: Value, cache: u16) {
        let (Value::Module(at), Some(name)) = (object, self.heap.as_str(name)) else { return };
        let slot = self.heap[at].names.iter().position(|known| **known == *name);
        if let Some(slot) = slot {
            let value = Value::Int(slot as i64);
            let entry = Cache { key: quick::module_key(at), value, entry: Entry::Member };
            self.instances.get(self.frame().instance).caches[cache as usize * 2].set(entry);
        }
    }

    /// Notes where a struct of a defined type, or a tuple with names, keeps a declared field: always in the same place.
    fn remember_field(&mut self, object: Value, name: Value, cache: Option<u16>) {
        let class = match (object, cache) {
            (Value::Module(_), Some(cache)) => return self.remember_member(object, name, cache),
            (Value::Struct(at), _) => self.heap[at].class,
            (Value::Tuple(at), _) => self.heap[at].named().unwrap_or_default(),
            _ => return,
        };
        let (Value::Type(class), Some(cache)) = (class, cache) else { return };
        let Some(user) = self.heap.as_user_type(class) else { return };
        let text = self.heap.as_str(name);
        let field = self.heap[user].fields.iter().position(|&field| self.heap.as_str(field) == text);
        if let Some(field) = field {
            let entry = Cache { key: class, value: Value::Int(field as i64), entry: Entry::Bind };
            self.instances.get(self.frame().instance).caches[cache as usize * 2].set(entry);
        }
    }
}
