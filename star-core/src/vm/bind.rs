//! Binding of arguments to the parameters of script functions.
//!
//! In: arguments that lie on the fiber's stack, positional ones first. Out: one register per parameter, in the same
//! place, or a TypeError in CPython's words. Rule: the common cases move nothing and allocate nothing.

use super::Vm;
use super::call::{FEW, MANY};
use crate::bytecode::LOCAL_REGISTERS;
use crate::heap::{Heap, Raise};
use crate::host::arguments;
use crate::object::{Dict, Function};
use crate::ops::table;
use crate::value::{Ref, Value};

impl Vm<'_> {
    /// Arranges the arguments at `start` as the parameters of `function`: see [`Params`](crate::bytecode::Params).
    pub(super) fn bind(
        &mut self,
        function: Ref<Function>,
        start: usize,
        argc: usize,
        names: Option<Value>,
    ) -> Result<(), Raise> {
        let instance = self.instances.get(self.heap[function].instance);
        let params = &instance.code.params;
        let keywords = names.and_then(|names| self.heap.as_items(names)).map_or(0, <[Value]>::len);
        let given = argc - keywords;
        let positional = params.positional as usize;
        // The common cases: parameters that may be given by position, and few arguments for `*args`.
        let simple = !params.kwargs && params.keyword_only == 0 && params.names.len() <= LOCAL_REGISTERS;
        let rest = given.saturating_sub(positional);
        let bound = match names {
            _ if !simple || (params.varargs && rest > MANY) || (!params.varargs && rest > 0) => false,
            Some(names) => rest == 0 && self.bind_keywords(function, start, given, names),
            None => given >= positional || self.bind_defaults(function, start, given),
        };
        if bound {
            if params.varargs {
                let from = start + positional;
                self.fiber.stack[from] = self.heap.tuple(&self.fiber.stack[from..from + rest]);
            }
            return Ok(());
        }
        let mark = self.heap.scratch.len();
        // The arguments of a spread call lie above the registers that are roots.
        if start >= self.fiber.top() {
            self.heap.scratch.extend_from_slice(&self.fiber.stack[start..start + argc]);
        }
        let bound = self.bind_general(function, start, argc, names);
        self.heap.scratch.truncate(mark);
        bound
    }

    /// Fills the positional parameters from number `given` on with their defaults; false if one has none.
    fn bind_defaults(&mut self, function: Ref<Function>, start: usize, given: usize) -> bool {
        let positional = self.instances.get(self.heap[function].instance).code.params.positional as usize;
        let defaults = self.heap.as_items(self.heap[function].defaults).unwrap_or_default();
        let Some(first) = (defaults.len() + given).checked_sub(positional) else { return false };
        self.fiber.stack[start + given..start + positional].copy_from_slice(&defaults[first..]);
        true
    }

    /// Binds arguments of which the last ones go by `names`, to parameters that may be given by position, where they
    /// lie. False, with nothing changed, if there are many, or something is wrong with them.
    fn bind_keywords(&mut self, function: Ref<Function>, start: usize, given: usize, names: Value) -> bool {
        let function = &self.heap[function];
        let params = &self.instances.get(function.instance).code.params;
        let positional = params.positional as usize;
        let names = self.heap.as_items(names).unwrap_or_default();
        let defaults = self.heap.as_items(function.defaults).unwrap_or_default();
        if names.len() > FEW {
            return false;
        }
        let mut places = [Value::Undef; FEW];
        let Some(places) = places.get_mut(..positional - given) else { return false };
        let first = given.max(params.positional_only as usize);
        let values = &self.fiber.stack[start + given..start + given + names.len()];
        for (&name, &value) in names.iter().zip(values) {
            let Some(text) = self.heap.as_str(name) else { return false };
            let found = params.names[first..positional].iter().position(|param| **param == *text);
            let Some(found) = found else { return false };
            let place = &mut places[first + found - given];
            if !place.is_undef() {
                return false;
            }
            *place = value;
        }
        let first_default = positional - defaults.len();
        for (i, place) in places.iter_mut().enumerate().filter(|(_, place)| place.is_undef()) {
            match (given + i).checked_sub(first_default) {
                Some(at) => *place = defaults[at],
                None => return false,
            }
        }
        self.fiber.stack[start + given..start + positional].copy_from_slice(places);
        true
    }

    fn bind_general(
        &mut self,
        function: Ref<Function>,
        start: usize,
        argc: usize,
        names: Option<Value>,
    ) -> Result<(), Raise> {
        let instances = self.instances;
        let code = &instances.get(self.heap[function].instance).code;
        let params = &code.params;
        // The tuple of names is a constant of the caller, or in one of its registers.
        let keywords = names.and_then(|names| self.heap.as_items(names)).map_or(0, <[Value]>::len);
        let name = |heap: &Heap, i: usize| {
            names.and_then(|names| heap.as_items(names)).map_or(Value::Undef, |n| n[i])
        };
        let given = argc - keywords;
        let positional = params.positional as usize;
        let count = params.names.len();
        // Before anything is made here: the stack may have to grow, and growing collects.
        self.ensure_window(start + count)?;
        let (mut few, mut many) = ([Value::Undef; 16], Vec::new());
        let places = if count <= few.len() {
            &mut few[..count]
        } else {
            many.resize(count, Value::Undef);
            &mut many[..]
        };
        let taken = given.min(positional);
        places[..taken].copy_from_slice(&self.fiber.stack[start..start + taken]);

        let mut extra = Vec::new();
        for i in 0..keywords {
            let value = self.fiber.stack[start + given + i];
            let name = name(self.heap, i);
            let Some(text) = self.heap.as_str(name) else {
                return Err(self.with(|ctx| ctx.type_error("keywords must be strings")));
            };
            let nameable = params.positional_only as usize..positional + params.keyword_only as usize;
            let found = params.names[nameable.clone()].iter().position(|param| **param == *text);
            match found.map(|found| found + nameable.start) {
                Some(place) if places[place].is_undef() => places[place] = value,
                Some(place) => {
                    let message = arguments::multiple_values(&code.qualname, &params.names[place]);
                    return Err(self.with(|ctx| ctx.type_error(message)));
                }
                None if params.kwargs => extra.push((name, value)),
                None => {
                    let all = names.and_then(|names| self.heap.as_items(names)).unwrap_or_default();
                    let all: Vec<&str> = all.iter().filter_map(|&name| self.heap.as_str(name)).collect();
                    let message = arguments::unexpected_keyword(&code.qualname, params, text, &all);
                    return Err(self.with(|ctx| ctx.type_error(message)));
                }
            }
        }
        if given > positional && !params.varargs {
            let keyword_only = &places[positional..positional + params.keyword_only as usize];
            let keyword_only = keyword_only.iter().filter(|place| !place.is_undef()).count();
            let message = arguments::too_many_positional(&code.qualname, params, given, keyword_only);
            return Err(self.with(|ctx| ctx.type_error(message)));
        }
        self.fill_defaults(function, places)?;
        let mut next = positional + params.keyword_only as usize;
        if params.varargs {
            let rest = given.saturating_sub(positional);
            self.with(|ctx| ctx.reserve_large(rest * size_of::<Value>()))?;
            let from = start + given - rest;
            let tuple = self.heap.tuple(&self.fiber.stack[from..from + rest]);
            places[next] = tuple;
            next += 1;
        }
        if params.kwargs {
            let dict = self.heap.dict();
            let scratch = self.heap.scratch.len();
            self.heap.scratch.push(Value::Dict(dict));
            self.heap.scratch.extend(&*places);
            let filled = extra
                .iter()
                .try_for_each(|&(name, value)| self.with(|ctx| table::dict_set(ctx, dict, name, value)));
            self.heap.scratch.truncate(scratch);
            filled?;
            places[next] = Value::Dict(dict);
        }
        if count > LOCAL_REGISTERS {
            let spill = self.heap.list(places.to_vec());
            self.fiber.stack[start] = spill;
        } else {
            self.fiber.stack[start..start + count].copy_from_slice(places);
        }
        Ok(())
    }

    /// Fills parameters that were not given, or says which are missing.
    fn fill_defaults(&mut self, function: Ref<Function>, places: &mut [Value]) -> Result<(), Raise> {
        let instances = self.instances;
        let code = &instances.get(self.heap[function].instance).code;
        let params = &code.params;
        let positional = params.positional as usize;
        let defaults = self.heap.as_items(self.heap[function].defaults).unwrap_or_default();
        let first_default = positional - defaults.len();
        let mut missing = Vec::new();
        for (i, place) in places[..positional].iter_mut().enumerate().filter(|(_, place)| place.is_undef()) {
            match i.checked_sub(first_default) {
                Some(at) => *place = defaults[at],
                None => missing.push(&*params.names[i]),
            }
        }
        if !missing.is_empty() {
            let message = arguments::missing(&code.qualname, "positional", &missing);
            return Err(self.with(|ctx| ctx.type_error(message)));
        }
        let last = positional + params.keyword_only as usize;
        for (place, name) in places[positional..last].iter_mut().zip(&params.names[positional..last]) {
            if !place.is_undef() {
                continue;
            }
            let default = match self.heap[function].kw_defaults {
                Value::Dict(dict) => self.keyword_default(dict, name),
                _ => None,
            };
            match default {
                Some(value) => *place = value,
                None => missing.push(&**name),
            }
        }
        if !missing.is_empty() {
            let message = arguments::missing(&code.qualname, "keyword-only", &missing);
            return Err(self.with(|ctx| ctx.type_error(message)));
        }
        Ok(())
    }

    fn keyword_default(&self, dict: Ref<Dict>, name: &str) -> Option<Value> {
        let entries = self.heap[dict].table().raw_entries();
        entries.iter().find(|entry| self.heap.as_str(entry.key) == Some(name)).map(|entry| entry.value)
    }
}
