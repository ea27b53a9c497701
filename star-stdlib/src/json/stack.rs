//! Values that are being worked on.
//!
//! In: values, one after the other. Out: the same from the top. Rule: they lie in a plain vector as long as nothing can
//! collect, and in a list of the heap, their home, whenever something may; they are accounted for in both places.

use star::heap::SMALL;
use star::object::List;
use star::ops::iterate::grow_list;
use star::private::{Ctx, Raise, Value};
use star::value::Ref;

/// A stack of values. Its home has to be rooted by whoever holds it.
pub(super) struct Stack {
    pub items: Vec<Value>,
    home: Ref<List>,
}

impl Stack {
    /// An empty one.
    pub fn new(ctx: &mut Ctx<'_>) -> Stack {
        Stack { items: Vec::new(), home: ctx.heap.insert(List::default()) }
    }

    /// The list that holds the values whenever something may collect.
    pub fn home(&self) -> Value {
        Value::List(self.home)
    }

    /// Pushes a value. **May collect**, with that value kept.
    #[inline]
    pub fn push(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<(), Raise> {
        if self.items.len() == self.items.capacity() || ctx.heap.wants_collection() {
            return self.push_slow(ctx, value);
        }
        self.items.push(value);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn push_slow(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<(), Raise> {
        ctx.heap.scratch.push(value);
        let home = self.home;
        let made = self.settled(ctx, |ctx| {
            grow_list(ctx, home, 1)?;
            ctx.safe_point()
        });
        ctx.heap.scratch.pop();
        made?;
        self.items.push(value);
        Ok(())
    }

    /// Makes room for `bytes` beside the values. **May collect.**
    #[inline]
    pub fn room(&mut self, ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
        if bytes <= SMALL { Ok(()) } else { self.settled(ctx, |ctx| ctx.reserve(bytes)) }
    }

    /// Does something that may collect.
    pub fn settled<R>(
        &mut self,
        ctx: &mut Ctx<'_>,
        act: impl FnOnce(&mut Ctx<'_>) -> Result<R, Raise>,
    ) -> Result<R, Raise> {
        self.settle(ctx);
        let result = act(ctx);
        self.lift(ctx);
        result
    }

    /// Puts the values home.
    pub fn settle(&mut self, ctx: &mut Ctx<'_>) {
        let items = std::mem::take(&mut self.items);
        ctx.heap.release_bytes(items.capacity() * size_of::<Value>());
        ctx.heap.list_edit(self.home, |home| *home = items);
    }

    /// Takes the values from home.
    pub fn lift(&mut self, ctx: &mut Ctx<'_>) {
        self.items = ctx.heap.list_edit(self.home, std::mem::take);
        ctx.heap.charge_bytes(self.items.capacity() * size_of::<Value>());
    }
}
