//! What `match` asks of its subject.

use super::{Flow, Vm};
use crate::heap::Raise;
use crate::object::types::TypeId;
use crate::ops::{hooks, index, table, types};
use crate::value::Value;

impl Vm<'_> {
    /// Whether `subject` is a sequence of `count` items, or of at least `-count - 1`.
    pub(super) fn is_sequence(&self, subject: Value, count: i16) -> bool {
        let len = match subject {
            Value::List(at) => self.heap[at].items().len() as i64,
            Value::Tuple(at) => self.heap[at].items().len() as i64,
            Value::Range(at) => self.heap[at].length.as_int().unwrap_or(i64::MAX),
            Value::Host(_) => match hooks::sequence_len(self.heap, subject) {
                Some(len) => len as i64,
                None => return false,
            },
            _ => return false,
        };
        if count >= 0 { len == count as i64 } else { len >= -(count as i64) - 1 }
    }

    pub(super) fn sequence_item(&mut self, d: u8, subject: Value, i: i16) -> Result<Flow, Raise> {
        if let Some(len) = hooks::sequence_len(self.heap, subject) {
            let place = index::place(i as i64, len);
            let item = place.and_then(|place| hooks::item_at(self.heap, subject, place));
            return self.put(d, item.unwrap_or_default());
        }
        let item = self.with(|ctx| index::get_item(ctx, subject, Value::Int(i as i64)))?;
        self.put(d, item)
    }

    pub(super) fn sequence_rest(
        &mut self,
        d: u8,
        subject: Value,
        before: usize,
        after: usize,
    ) -> Result<Flow, Raise> {
        let bytes = match hooks::sequence_len(self.heap, subject) {
            Some(len) => len * size_of::<Value>(),
            None => self.heap.as_items(subject).map_or(0, size_of_val::<[Value]>),
        };
        self.with(|ctx| {
            ctx.charge(bytes / size_of::<Value>())?;
            ctx.reserve_large(bytes)
        })?;
        let rest = match (self.heap.as_items(subject), hooks::sequence_len(self.heap, subject)) {
            (Some(items), _) => {
                let end = items.len().saturating_sub(after);
                self.heap
                    .list(self.heap.as_items(subject).map_or(Vec::new(), |items| items[before..end].to_vec()))
            }
            (None, Some(len)) => {
                let places = before..len.saturating_sub(after);
                let items = places.filter_map(|place| hooks::item_at(self.heap, subject, place)).collect();
                self.heap.list(items)
            }
            // A range: its items are made one by one.
            (None, None) => {
                let Value::Range(at) = subject else { return self.put(d, Value::Undef) };
                let len = self.heap[at].length.as_int().unwrap_or(i64::MAX);
                let count = (len - before as i64 - after as i64).max(0);
                self.with(|ctx| {
                    ctx.charge(count as usize)?;
                    ctx.reserve(count as usize * size_of::<Value>())
                })?;
                let mut items = Vec::with_capacity(count as usize);
                for i in 0..count {
                    let at = Value::Int(before as i64 + i);
                    items.push(self.with(|ctx| index::get_item(ctx, subject, at))?);
                }
                self.heap.list(items)
            }
        };
        self.put(d, rest)
    }

    /// A dict of what the patterns' keys `R[b], …` leave of a mapping.
    pub(super) fn mapping_rest(&mut self, d: u8, subject: Value, b: u8, count: u8) -> Result<Flow, Raise> {
        let rest = self.heap.dict();
        self.hold(Value::Dict(rest), |vm| {
            vm.dict_merge(Value::Dict(rest), subject)?;
            for n in 0..count {
                let key = vm.reg(b + n);
                vm.with(|ctx| table::dict_remove(ctx, rest, key))?;
            }
            Ok(())
        })?;
        self.put(d, Value::Dict(rest))
    }

    /// Whether a class pattern's type fits, after checking that it takes `count` positional patterns.
    pub(super) fn class_matches(&mut self, subject: Value, class: Value, count: u8) -> Result<bool, Raise> {
        let Value::Type(number) = class else {
            return Err(self.with(|ctx| ctx.type_error("called match pattern must be a class")));
        };
        if !types::is_instance(self.heap, subject, number) {
            return Ok(false);
        }
        let takes = match self.heap.as_user_type(number) {
            Some(user) => match self.heap[user].base {
                Value::Type(base) if matches!(subject, Value::Dict(_)) => matches_itself(base) as usize,
                _ => self.heap[user].fields.len(),
            },
            None => matches_itself(number) as usize,
        };
        if count as usize > takes {
            let name = types::message_name(self.heap, number);
            let s = if takes == 1 { "" } else { "s" };
            let message = format!("{name}() accepts {takes} positional sub-pattern{s} ({count} given)");
            return Err(self.with(|ctx| ctx.type_error(message)));
        }
        Ok(true)
    }

    /// What positional pattern `i` of a class pattern looks at.
    pub(super) fn class_item(&mut self, subject: Value, class: Value, i: u8) -> Result<Value, Raise> {
        let Value::Type(number) = class else { return Ok(Value::Undef) };
        match (self.heap.as_user_type(number), subject) {
            (None, _) => Ok(subject),
            (Some(user), Value::Struct(at)) => {
                let field = self.heap[user].fields[i as usize];
                let names = &self.heap[at].names;
                let place = names.iter().position(|&name| self.heap.as_str(name) == self.heap.as_str(field));
                Ok(place.map_or(Value::Undef, |place| self.heap[at].values[place]))
            }
            (Some(_), Value::Tuple(at)) => {
                Ok(self.heap[at].items().get(i as usize).copied().unwrap_or_default())
            }
            (Some(_), Value::Dict(_)) => Ok(subject),
            _ => Ok(Value::Undef),
        }
    }
}

/// Built-in types whose one positional pattern looks at the subject itself (the Python reference, "Class patterns").
fn matches_itself(number: u64) -> bool {
    use TypeId::*;
    TypeId::from_number(number).is_some_and(|id| {
        matches!(id, Bool | Bytes | Dict | Float | FrozenSet | Int | List | Set | Str | Tuple)
    })
}
