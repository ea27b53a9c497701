//! `try` and `with`.
//!
//! In: their headers, clauses and ends. Out: handler ranges and the code that they lead to. Rule: the body of a
//! `finally` is emitted once, so that nesting stays linear and it does not matter that it may come later.
//!
//! ```text
//! try: B                      B                        → handlers: exceptions
//! except E as e: X            jump normal
//! else: L           handlers: unless pending matches E → next
//! finally: F                  e = pending; X           → cleanup; unbind e; jump done
//!                    cleanup: unbind e; rethrow pending
//!                       next: rethrow pending          (handlers up to here → finally)
//!                     normal: L
//!                       done: pending = None
//!                    finally: F                        exits come here with pending = 1, 2, 3
//!                             if pending is None → end; if pending == 1 → break …; rethrow pending
//!                        end:
//! ```

use super::Emitter;
use super::bits::Bits;
use super::block::{Block, BlockKind, Exit, Try, TryPart, With};
use super::labels::Label;
use crate::ast::{ExprId, Name, WithItem};
use crate::bytecode::{ForeignSpan, HandlerKind, Op, Reg};
use crate::span::Span;

impl Emitter<'_> {
    /// try_stmt = 'try' ':' suite …: opens the block. `finally` tells whether one follows, where that is known.
    pub(super) fn open_try(&mut self, finally: Option<bool>, span: Span) {
        let floor = self.f.floor;
        let may_finally = finally.unwrap_or(true);
        let returns = may_finally && !self.at_top_level();
        let pending = self.hold(if returns { 2 } else { 1 }, span);
        let it = Try {
            pending,
            value: returns.then(|| pending.saturating_add(1)),
            handlers: self.f.labels.make(),
            normal: self.f.labels.make(),
            done: self.f.labels.make(),
            finally: self.f.labels.make(),
            end: self.f.labels.make(),
            may_finally,
            part: TryPart::Body,
            normal_bits: Bits::ALL,
            exits: [None; 3],
        };
        let (handlers, finally) = (it.handlers, it.finally);
        self.open(BlockKind::Try(it), floor, span);
        if may_finally {
            self.f.guard(HandlerKind::Finally, finally, pending);
        }
        self.f.guard(HandlerKind::Except, handlers, pending);
    }

    /// `except [type [as name]]:`
    pub(super) fn except(&mut self, exc: Option<ExprId>, name: Option<Name>, span: Span) {
        self.end_try_part(span);
        let unbinds = self.f.unbinds;
        let Some(Block { kind: BlockKind::Try(it), entry, .. }) = self.f.blocks.last_mut() else { return };
        let (pending, handlers) = (it.pending, it.handlers);
        let bound = entry.without(unbinds);
        if let TryPart::Body = it.part {
            self.f.bind_entry(handlers);
            self.f.handle(pending);
        } else {
            self.f.reachable = true;
        }
        self.f.bound = bound;
        let mut next = None;
        if let Some(exc) = exc {
            let label = self.f.labels.make();
            let kind = self.any(exc);
            self.f.emit_jump(Op::JumpUnlessMatch { a: pending, b: kind, to: 0 }, label, span);
            self.f.next = self.f.floor;
            next = Some(label);
        }
        let mut named = None;
        if let Some(name) = name {
            self.store(name.symbol, pending, name.span);
            let cleanup = self.f.labels.make();
            named = Some((name.symbol, cleanup));
            self.f.guard(HandlerKind::Finally, cleanup, pending);
        }
        if let Some(Block { kind: BlockKind::Try(it), .. }) = self.f.blocks.last_mut() {
            it.part = TryPart::Except { next, named };
        }
    }

    /// `else:` of a `try`.
    pub(super) fn try_else(&mut self, span: Span) {
        self.end_try_part(span);
        self.end_handlers(span);
        let Some(Block { kind: BlockKind::Try(it), .. }) = self.f.blocks.last_mut() else { return };
        it.part = TryPart::Else;
        let (normal, bits) = (it.normal, it.normal_bits);
        self.f.bind(normal);
        self.f.bound = bits;
    }

    /// `finally:`
    pub(super) fn finally(&mut self, span: Span) {
        let goes_on = self.join_try(span);
        let unbinds = self.f.unbinds;
        let Some(block) = self.f.blocks.last_mut() else { return };
        let entry = block.entry.without(unbinds);
        let Block { kind: BlockKind::Try(it), .. } = block else { return };
        let no_except = matches!(it.part, TryPart::Body);
        it.part = TryPart::Finally { goes_on };
        let (pending, handlers, finally) = (it.pending, it.handlers, it.finally);
        if goes_on {
            self.f.emit(Op::LoadNone { d: pending }, span);
        }
        if no_except {
            self.f.bind_entry(handlers);
        }
        self.f.bind_entry(finally);
        self.f.bound = entry;
        self.f.handle(pending);
    }

    /// Ends a `try`.
    pub(super) fn end_try(&mut self, span: Span) {
        let part = match self.f.blocks.last() {
            Some(Block { kind: BlockKind::Try(it), .. }) => it.part,
            _ => return,
        };
        let mut finally_bits = Bits::NONE;
        let mut goes_on = true;
        let mut dispatches = self.f.reachable;
        if let TryPart::Finally { goes_on: normally } = part {
            goes_on = normally;
            finally_bits = self.f.bound;
            self.f.end_handle();
        } else {
            goes_on &= self.join_try(span);
            dispatches = true;
        }
        let Some(block) = self.f.blocks.pop() else { return };
        let Block { kind: BlockKind::Try(it), .. } = &block else { return };
        let normally = block.exit.without(self.f.unbinds).or(finally_bits);
        self.f.floor = block.floor;
        self.f.next = self.f.floor;
        if let TryPart::Finally { .. } = part {
            if dispatches {
                if goes_on {
                    self.f.emit_jump(Op::JumpIfNone { a: it.pending, to: 0 }, it.end, span);
                }
                self.dispatch(it, finally_bits, span);
            }
            self.f.bind(it.end);
            self.f.bound = if self.f.reachable { normally } else { Bits::ALL };
        } else if it.may_finally {
            // No `finally` came: what was sent there goes on from here.
            let after = self.f.labels.make();
            if goes_on {
                self.f.jump(after, span);
            }
            self.f.bind_entry(it.finally);
            self.dispatch(it, Bits::NONE, span);
            self.f.bind(after);
            self.f.bound = if self.f.reachable { block.exit } else { Bits::ALL };
        } else {
            self.f.bound = block.exit;
        }
    }

    /// After `finally`: goes on with what was pending, but for None.
    fn dispatch(&mut self, it: &Try, finally_bits: Bits, span: Span) {
        let exits = [Exit::Break, Exit::Continue, Exit::Return];
        let labels = it.exits.map(|exit| exit.map(|bits| (bits, self.f.labels.make())));
        for (exit, label) in exits.iter().zip(labels) {
            if let Some((_, label)) = label {
                let value = *exit as i16;
                self.f.emit_jump(Op::JumpIfEqInt { a: it.pending, value, to: 0 }, label, span);
            }
        }
        self.f.emit(Op::Rethrow { a: it.pending }, span);
        self.f.stop();
        for (exit, label) in exits.into_iter().zip(labels) {
            if let Some((bits, label)) = label {
                self.f.bind_entry(label);
                self.f.bound = bits.without(self.f.unbinds).or(finally_bits);
                // The registers of the `try` are given back, but hold the value until it is returned.
                let above = u16::from(it.value.unwrap_or(it.pending)) + 1;
                self.f.next = self.f.next.max(above);
                self.leave(exit, it.value.unwrap_or(0), span);
                self.f.next = self.f.floor;
            }
        }
    }

    /// Ends the body, a handler or `else`: control that gets here goes to `normal` or `done`.
    fn end_try_part(&mut self, span: Span) {
        let reachable = self.f.reachable;
        let bound = self.f.bound;
        let Some(block) = self.f.blocks.last_mut() else { return };
        let Block { kind: BlockKind::Try(it), exit, .. } = block else { return };
        match it.part {
            TryPart::Body => {
                it.normal_bits = bound;
                let normal = it.normal;
                self.f.end_guard();
                self.f.jump(normal, span);
            }
            TryPart::Except { next, named } => {
                let (done, pending) = (it.done, it.pending);
                if let Some((name, cleanup)) = named {
                    self.f.end_guard();
                    if reachable {
                        self.unbind(name, span);
                    }
                    self.merge_exit(self.f.bound);
                    self.f.jump(done, span);
                    self.f.bind_entry(cleanup);
                    self.unbind(name, span);
                    self.f.emit(Op::Rethrow { a: pending }, span);
                    self.f.stop();
                } else {
                    *exit = exit.and(bound);
                    self.f.jump(done, span);
                }
                if let Some(next) = next {
                    self.f.bind_entry(next);
                }
            }
            TryPart::Else | TryPart::Finally { .. } => {}
        }
    }

    fn merge_exit(&mut self, bits: Bits) {
        if let Some(block) = self.f.blocks.last_mut() {
            block.exit = block.exit.and(bits);
        }
    }

    /// After the last handler: exceptions that none of them took go on.
    fn end_handlers(&mut self, span: Span) {
        let Some(Block { kind: BlockKind::Try(it), .. }) = self.f.blocks.last() else { return };
        let TryPart::Except { next, .. } = it.part else { return };
        let pending = it.pending;
        if next.is_some() {
            self.f.emit(Op::Rethrow { a: pending }, span);
            self.f.stop();
        }
        self.f.end_handle();
    }

    /// Ends all clauses but `finally`; tells whether control gets here by itself.
    fn join_try(&mut self, span: Span) -> bool {
        let Some(Block { kind: BlockKind::Try(it), .. }) = self.f.blocks.last() else { return false };
        let (part, may_finally, normal, done) = (it.part, it.may_finally, it.normal, it.done);
        match part {
            TryPart::Body => {
                self.f.end_guard();
                self.merge_exit(self.f.bound);
            }
            TryPart::Except { .. } => {
                self.end_try_part(span);
                self.end_handlers(span);
                if let Some(Block { kind: BlockKind::Try(it), exit, .. }) = self.f.blocks.last_mut() {
                    *exit = exit.and(it.normal_bits);
                }
            }
            TryPart::Else => self.merge_exit(self.f.bound),
            TryPart::Finally { .. } => {}
        }
        if may_finally {
            self.f.end_guard();
        }
        if !matches!(part, TryPart::Else) {
            self.f.bind(normal);
        }
        self.f.bind(done);
        self.f.reachable
    }

    // ---- with -------------------------------------------------------------------------------------

    /// with_stmt = 'with' item {',' item} ':' suite: each item is a block of its own.
    pub(super) fn open_with(&mut self, items: &[WithItem], span: Span) {
        for (i, item) in items.iter().enumerate() {
            self.open_with_item(item, i == 0, span);
        }
    }

    fn open_with_item(&mut self, item: &WithItem, first: bool, span: Span) {
        let floor = self.f.floor;
        let manager = self.hold(2, span);
        let exception = manager.saturating_add(1);
        let at = self.ast[item.context].span;
        self.expr_to(item.context, manager);
        let direct = item.target.and_then(|target| self.register_of(target));
        let value = direct.unwrap_or_else(|| self.f.temp());
        self.f.emit(Op::WithEnter { d: value, a: manager }, at);
        let with = With {
            manager,
            exception,
            caught: self.f.labels.make(),
            end: self.f.labels.make(),
            guard: self.f.guard_depth(),
            first,
            span: at,
            source: self.at_top_level().then(|| self.ast.source.clone()),
        };
        let caught = with.caught;
        self.open(BlockKind::With(with), floor, span);
        self.f.guard(HandlerKind::Finally, caught, exception);
        match (direct, item.target) {
            (Some(register), _) => self.f.bound.insert(register),
            (None, Some(target)) => self.assign(target, value),
            (None, None) => {}
        }
        self.f.next = self.f.floor;
    }

    /// Ends a `with`: all its items, the last one first.
    pub(super) fn end_with(&mut self, span: Span) {
        while self.end_with_item(span) {}
    }

    fn end_with_item(&mut self, span: Span) -> bool {
        let depth = self.f.blocks.len().wrapping_sub(1);
        let Some(Block { kind: BlockKind::With(with), entry, exit, floor }) = self.f.blocks.last_mut() else {
            return false;
        };
        let (manager, exception, caught, end) = (with.manager, with.exception, with.caught, with.end);
        let (first, floor) = (with.first, *floor);
        // An exception that the manager swallows also leads here.
        let swallowed = entry.without(self.f.unbinds);
        *exit = self.f.bound.and(swallowed);
        let exit = *exit;
        self.f.end_guard();
        if self.f.reachable {
            self.with_exit(depth, Op::WithExit { a: manager });
            self.f.jump(end, span);
        }
        self.f.bind_entry(caught);
        self.f.next = self.f.floor;
        let swallows = self.f.temp();
        self.f.handle(exception);
        self.with_exit(depth, Op::WithCatch { d: swallows, a: manager, b: exception });
        self.f.end_handle();
        self.f.emit_jump(Op::JumpIfTrue { a: swallows, to: 0 }, end, span);
        self.f.emit(Op::Rethrow { a: exception }, span);
        self.f.stop();
        self.f.bind(end);
        self.f.blocks.pop();
        self.f.floor = floor;
        self.f.next = floor;
        self.f.bound = exit;
        !first
    }

    /// Emits an exit of the `with` at `depth`: its place is the item's, wherever the text of that is.
    pub(super) fn with_exit(&mut self, depth: usize, op: Op) {
        let Some(Block { kind: BlockKind::With(with), .. }) = self.f.blocks.get(depth) else { return };
        let mut span = with.span;
        if let Some(source) = &with.source
            && !std::sync::Arc::ptr_eq(source, &self.ast.source)
        {
            let foreign = ForeignSpan { pc: self.f.pc(), source: source.clone(), span };
            self.f.foreign.push(foreign);
            span = self.ast.stmts.last().map_or(Span::at(0), |stmt| stmt.span);
        }
        self.f.emit(op, span);
    }

    /// `e` of `except … as e` when the handler is left: unbound, whether or not it still is bound.
    pub(super) fn unbind(&mut self, name: crate::intern::Symbol, span: Span) {
        use super::function::Var;
        let var = self.var(name);
        if let Var::Register(d) = var {
            self.f.emit(Op::LoadUndef { d }, span);
            self.f.bound.remove(d);
            return;
        }
        let before = self.f.next;
        let none: Reg = self.f.temp();
        self.f.emit(Op::LoadNone { d: none }, span);
        self.store(name, none, span);
        self.delete_name(name, span);
        self.f.next = before;
    }

    /// A label that nothing has been bound to yet.
    pub(super) fn label(&mut self) -> Label {
        self.f.labels.make()
    }
}
