//! Writing values that contain others, with an explicit stack.
//!
//! In: a value, to be written as `repr` or `str` has it. Out: the text. Rule: what is written lies in one buffer
//! whose growth is reserved before it happens; nothing else allocates.

use std::borrow::Cow;
use std::collections::HashSet;

use super::leaf;
use crate::heap::{Ctx, Heap, Raise, SMALL};
use crate::object::Text;
use crate::object::ViewKind;
use crate::object::types::TypeId;
use crate::ops::exception::{self, Piece};
use crate::ops::{DATA_DEPTH, hooks, table, types};
use crate::value::Value;

/// Something to write.
pub(super) enum Task {
    /// `repr(v)`.
    Repr(Value),
    /// `str(v)`.
    Str(Value),
    /// This text.
    Text(Cow<'static, str>),
    /// A dict or tuple as if its type did not write it.
    Plain(Value),
    /// The end of a value whose type writes it.
    Leave,
    /// The rest of a container: item `index` on, then what closes it.
    Items { container: Value, index: usize, first: bool },
}

/// Text being written.
pub(super) struct Out {
    pub(super) text: String,
    /// Bytes of `text` that the heap knows of.
    charged: usize,
}

impl Out {
    /// Makes room for `more` bytes: charges them and reserves growth. May collect.
    pub(super) fn room(&mut self, ctx: &mut Ctx<'_>, more: usize) -> Result<(), Raise> {
        ctx.charge(more / 16)?;
        let needed = self.text.len() + more;
        if needed <= self.text.capacity() {
            return Ok(());
        }
        // Near the limit it grows by an eighth, so that a text that fits is not refused for its spare room.
        let (old, limit) = (self.text.capacity(), ctx.heap.meter.limits.memory);
        let tight = ctx.heap.bytes().saturating_add(old * 3) > limit;
        let capacity = needed.max(if tight { old + old / 8 } else { old * 2 }).max(64);
        if capacity > SMALL {
            // While it is copied the old buffer is there too; the finished text is copied once more.
            ctx.reserve(capacity - self.charged + old)?;
            ctx.heap.charge_bytes(capacity - self.charged);
            self.charged = capacity;
        }
        self.text.reserve_exact(capacity - self.text.len());
        Ok(())
    }

    /// Writes a short text.
    pub(super) fn put(&mut self, ctx: &mut Ctx<'_>, text: &str) -> Result<(), Raise> {
        self.room(ctx, text.len())?;
        self.text.push_str(text);
        Ok(())
    }
}

/// The text of one task.
pub(super) fn write(ctx: &mut Ctx<'_>, task: Task) -> Result<Text, Raise> {
    let root = ctx.heap.scratch.len();
    if let Task::Repr(v) | Task::Str(v) = task {
        ctx.heap.scratch.push(v);
    }
    let mut out = Out { text: String::new(), charged: 0 };
    let result = match task {
        Task::Repr(v) | Task::Str(v)
            if !matches!(v, Value::Str(_) | Value::Host(_)) && Shape::of(ctx.heap, v).is_none() =>
        {
            leaf::write(ctx, &mut out, v)
        }
        _ => run(ctx, &mut out, task),
    };
    let result = result.and_then(|()| {
        // The result is a copy, for which there must be room beside the buffer.
        if out.text.len() > SMALL { ctx.reserve(out.text.len()) } else { Ok(()) }
    });
    ctx.heap.scratch.truncate(root);
    ctx.heap.release_bytes(out.charged);
    result.map(|()| Text::from(out.text))
}

fn run(ctx: &mut Ctx<'_>, out: &mut Out, task: Task) -> Result<(), Raise> {
    let mut stack = vec![task];
    let mut open = Open::default();
    let mut messages = 0;
    while let Some(task) = stack.pop() {
        match task {
            Task::Text(text) => out.put(ctx, &text)?,
            Task::Str(Value::Str(at)) => {
                let text = ctx.heap[at].share();
                out.put(ctx, &text)?;
            }
            Task::Str(Value::Exception(at)) => {
                messages += 1;
                if messages > DATA_DEPTH {
                    return Err(too_deep(ctx, "str"));
                }
                let pieces = exception::pieces(ctx.heap, at);
                ctx.charge(1 + pieces.len())?;
                push_pieces(&mut stack, pieces);
            }
            Task::Leave => open.leave(),
            Task::Str(v) if own_text(ctx, &mut stack, &mut open, v, true)? => {}
            Task::Repr(v) if own_text(ctx, &mut stack, &mut open, v, false)? => {}
            Task::Str(v) | Task::Repr(v) | Task::Plain(v) => match Shape::of(ctx.heap, v) {
                None => {
                    ctx.charge(1)?;
                    leaf::write(ctx, out, v)?;
                }
                Some(shape) => {
                    ctx.charge(1)?;
                    shape.write_name(ctx, out, v)?;
                    if !open.enter(v) {
                        out.put(ctx, shape.inside_itself)?;
                    } else if open.depth() > DATA_DEPTH {
                        return Err(too_deep(ctx, "repr"));
                    } else {
                        out.put(ctx, shape.start)?;
                        stack.push(Task::Items { container: v, index: 0, first: true });
                    }
                }
            },
            Task::Items { container, index, first } => {
                match write_leaves(ctx, out, container, index, first)? {
                    Some((index, item)) => {
                        stack.push(Task::Items { container, index, first: false });
                        push_item(&mut stack, item);
                    }
                    None => {
                        open.leave();
                        out.put(ctx, close(ctx.heap, container))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Puts what a host's type writes for `v` on the stack; false if it writes nothing of its own.
fn own_text(
    ctx: &mut Ctx<'_>,
    stack: &mut Vec<Task>,
    open: &mut Open,
    v: Value,
    str: bool,
) -> Result<bool, Raise> {
    let Some(pieces) = hooks::text(ctx, v, str) else { return Ok(false) };
    let pieces = pieces?;
    ctx.charge(1 + pieces.len())?;
    // A tuple is in itself only where something that changes is.
    if matches!(v, Value::Tuple(_)) || pieces.contains(&Piece::Plain(v)) {
        push_pieces(stack, pieces);
    } else if !open.enter(v) {
        let text = hooks::find(ctx.heap, v, |hooks| hooks.inside_itself).unwrap_or("...");
        stack.push(Task::Text(Cow::Borrowed(text)));
    } else if open.depth() > DATA_DEPTH {
        return Err(too_deep(ctx, "repr"));
    } else {
        stack.push(Task::Leave);
        push_pieces(stack, pieces);
    }
    Ok(true)
}

#[cold]
fn too_deep(ctx: &mut Ctx<'_>, what: &str) -> Raise {
    let message = format!("maximum recursion depth exceeded while getting the {what} of an object");
    ctx.error(TypeId::RecursionError, message)
}

/// The containers that are being written, outermost first.
#[derive(Default)]
struct Open {
    path: Vec<Value>,
    /// Those beyond the first few, which are looked for one by one.
    deep: HashSet<Value>,
}

impl Open {
    const SHALLOW: usize = 8;

    /// Enters a container; false if it is being written already.
    fn enter(&mut self, v: Value) -> bool {
        let shallow = &self.path[..self.path.len().min(Self::SHALLOW)];
        if shallow.contains(&v) || self.deep.contains(&v) {
            return false;
        }
        if self.path.len() >= Self::SHALLOW {
            self.deep.insert(v);
        }
        self.path.push(v);
        true
    }

    /// Leaves the innermost.
    fn leave(&mut self) {
        if let Some(v) = self.path.pop()
            && self.path.len() >= Self::SHALLOW
        {
            self.deep.remove(&v);
        }
    }

    fn depth(&self) -> usize {
        self.path.len()
    }
}

fn push_pieces(stack: &mut Vec<Task>, pieces: Vec<Piece>) {
    stack.extend(pieces.into_iter().rev().map(|piece| match piece {
        Piece::Text(text) => Task::Text(Cow::Owned(text)),
        Piece::Str(v) => Task::Str(v),
        Piece::Repr(v) => Task::Repr(v),
        Piece::Plain(v) => Task::Plain(v),
    }));
}

/// How a container is written before its items.
struct Shape {
    start: &'static str,
    inside_itself: &'static str,
}

impl Shape {
    /// `None` for what has no items, or is written without them.
    fn of(heap: &Heap, v: Value) -> Option<Shape> {
        let (start, inside_itself) = match v {
            Value::List(_) => ("[", "[...]"),
            Value::Tuple(_) => ("(", "(...)"),
            Value::Dict(_) => ("{", "{...}"),
            Value::Set(at) if heap[at].table().is_empty() => return None,
            Value::Set(_) => ("{", "set(...)"),
            Value::FrozenSet(at) if heap[at].table().is_empty() => return None,
            Value::FrozenSet(_) => ("frozenset({", "frozenset(...)"),
            Value::Slice(_) => ("slice(", "slice(...)"),
            Value::DictView(at) => match (heap[at].kind, table::is_ordered(heap, heap[at].dict)) {
                (ViewKind::Keys, false) => ("dict_keys([", "..."),
                (ViewKind::Values, false) => ("dict_values([", "..."),
                (ViewKind::Items, false) => ("dict_items([", "..."),
                (ViewKind::Keys, true) => ("odict_keys([", "..."),
                (ViewKind::Values, true) => ("odict_values([", "..."),
                (ViewKind::Items, true) => ("odict_items([", "..."),
            },
            Value::Exception(_) | Value::Struct(_) => ("(", "(...)"),
            _ => return None,
        };
        Some(Shape { start, inside_itself })
    }

    /// The type's name, where that comes first.
    fn write_name(&self, ctx: &mut Ctx<'_>, out: &mut Out, v: Value) -> Result<(), Raise> {
        if !matches!(v, Value::Exception(_) | Value::Struct(_)) {
            return Ok(());
        }
        let name = types::type_name(ctx.heap, v);
        out.put(ctx, &name)
    }
}

/// What closes a container.
fn close(heap: &Heap, container: Value) -> &'static str {
    match container {
        Value::List(_) => "]",
        Value::Tuple(at) if heap[at].items().len() == 1 => ",)",
        Value::Dict(_) | Value::Set(_) => "}",
        Value::FrozenSet(_) => "})",
        Value::DictView(_) => "])",
        _ => ")",
    }
}

/// An item of a container.
enum Item {
    One(Value),
    /// `key: value` of a dict.
    Entry(Value, Value),
    /// `(key, value)` of an items view.
    Pair(Value, Value),
    /// `name=value` of a struct.
    Field(Value, Value),
}

/// Writes items from number `index` on while they have no items themselves. The next one that has, and the number
/// after it; `None` at the end.
fn write_leaves(
    ctx: &mut Ctx<'_>,
    out: &mut Out,
    container: Value,
    mut index: usize,
    mut first: bool,
) -> Result<Option<(usize, Item)>, Raise> {
    while let Some(item) = next_item(ctx.heap, container, &mut index) {
        if !first {
            out.put(ctx, ", ")?;
        }
        first = false;
        match item {
            Item::One(v) if !matches!(v, Value::Host(_)) && Shape::of(ctx.heap, v).is_none() => {
                ctx.charge(1)?;
                leaf::write(ctx, out, v)?;
            }
            _ => return Ok(Some((index, item))),
        }
    }
    Ok(None)
}

/// Item `index` of a container, or the one after it where an entry was removed; `index` moves behind it.
fn next_item(heap: &Heap, container: Value, index: &mut usize) -> Option<Item> {
    match container {
        Value::List(at) => next_of(heap[at].items(), index),
        Value::Tuple(at) => next_of(heap[at].items(), index),
        Value::Slice(at) => next_of(&heap[at].bounds, index),
        Value::Exception(at) => next_of(exception::args(heap, at), index),
        Value::Struct(at) => {
            let (&name, &value) = (heap[at].names.get(*index)?, heap[at].values.get(*index)?);
            *index += 1;
            Some(Item::Field(name, value))
        }
        Value::Set(_) | Value::FrozenSet(_) => {
            table::next_key(heap, container, index).map(|(_, key)| Item::One(key))
        }
        Value::Dict(at) => {
            let (_, key) = table::next_key(heap, container, index)?;
            Some(Item::Entry(key, heap[at].table().raw_entries()[*index - 1].value))
        }
        Value::DictView(at) => {
            let (kind, Value::Dict(dict)) = (heap[at].kind, heap[at].dict) else { return None };
            let (_, key) = table::next_key(heap, Value::Dict(dict), index)?;
            let value = heap[dict].table().raw_entries()[*index - 1].value;
            Some(match kind {
                ViewKind::Keys => Item::One(key),
                ViewKind::Values => Item::One(value),
                ViewKind::Items => Item::Pair(key, value),
            })
        }
        _ => None,
    }
}

fn next_of(items: &[Value], index: &mut usize) -> Option<Item> {
    let &item = items.get(*index)?;
    *index += 1;
    Some(Item::One(item))
}

fn push_item(stack: &mut Vec<Task>, item: Item) {
    let text = |text| Task::Text(Cow::Borrowed(text));
    match item {
        Item::One(v) => stack.push(Task::Repr(v)),
        Item::Entry(key, value) => stack.extend([Task::Repr(value), text(": "), Task::Repr(key)]),
        Item::Pair(key, value) => {
            stack.extend([text(")"), Task::Repr(value), text(", "), Task::Repr(key), text("(")]);
        }
        Item::Field(name, value) => stack.extend([Task::Repr(value), text("="), Task::Str(name)]),
    }
}
