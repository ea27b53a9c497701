//! Statements, headers, clauses and ends: the events that drive the compiler.
//!
//! In: a run of the flat list of statements. Out: instructions, and the block stack as it is after the last one.
//! Rule: between two statements no temporary is in use.

use super::Emitter;
use super::bits::Bits;
use super::block::{Advance, Block, BlockKind, Exit, Loop};
use super::fold::Truth;
use super::labels::Label;
use crate::ast::{ExprId, ExprKind, FuncKind, ImportItem, List, StmtKind};
use crate::bytecode::{Constant, Op, Part};
use crate::span::Span;

/// The head of a loop: what it does at the bottom, and the targets of its items, each with its own register, if it
/// has one, and the register that the item is in.
pub(super) struct LoopHead {
    pub(super) advance: Advance,
    items: [Option<(ExprId, Option<u8>, u8)>; 2],
}

impl Emitter<'_> {
    /// Compiles statements `start..end`.
    pub(super) fn statements(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let Some(&stmt) = self.ast.stmts.get(at) else { break };
            self.f.next = self.f.floor;
            match stmt.kind {
                StmtKind::Def(func) => {
                    self.def(func);
                    // Goes on after its `End`.
                    if let FuncKind::Def { body } = self.ast[func].kind {
                        at = at.max(body.1 as usize);
                    }
                }
                StmtKind::Try => {
                    let finally = (!self.at_top_level()).then(|| self.scopes.has_finally(at));
                    self.open_try(finally, stmt.span);
                }
                StmtKind::If(test) if self.jump_out_if(test, at) => at += 2,
                kind => self.statement(kind, stmt.span),
            }
            at += 1;
        }
        self.f.next = self.f.floor;
    }

    fn statement(&mut self, kind: StmtKind, span: Span) {
        match kind {
            StmtKind::Expr(value) => self.expression_statement(value),
            // The host has given the value; this would be its default.
            StmtKind::Assign { targets, .. } if self.only(targets).is_some_and(|it| self.is_default(it)) => {}
            StmtKind::AnnAssign { target, .. } if self.is_default(target) => {}
            StmtKind::Assign { targets, value } => self.assignment(targets, value, span),
            StmtKind::AugAssign { target, op, value } => self.augmented(target, op, value, span),
            StmtKind::AnnAssign { target, value, .. } => self.annotated(target, value),
            StmtKind::Return(value) => self.return_statement(value, span),
            StmtKind::Raise { exc, cause } => self.raise(exc, cause, span),
            StmtKind::Assert { test, message } => self.assert(test, message),
            StmtKind::Del(targets) => {
                for &target in &self.ast[targets] {
                    self.delete(target);
                }
            }
            StmtKind::Break => self.leave(Exit::Break, 0, span),
            StmtKind::Continue => self.leave(Exit::Continue, 0, span),
            StmtKind::Nonlocal(_) if self.at_top_level() => {
                self.error(span, "E0301", || "nonlocal declaration not allowed at module level".into());
            }
            StmtKind::Pass | StmtKind::Global(_) | StmtKind::Nonlocal(_) => {}
            StmtKind::Import(items) => self.import(items, span),
            StmtKind::FromImport { module, items } => self.import_from(module, items, span),
            StmtKind::If(test) => self.open_if(test, span),
            StmtKind::Elif(test) => self.elif(test, span),
            StmtKind::Else => self.else_clause(span),
            StmtKind::For { target, iter } => self.open_for(target, iter, span),
            StmtKind::While(test) => self.open_while(test, span),
            StmtKind::Except { exc, name } => self.except(exc, name, span),
            StmtKind::Finally => self.finally(span),
            StmtKind::With(items) => {
                let ast = self.ast;
                self.open_with(&ast[items], span);
            }
            StmtKind::Match(subject) => self.open_match(subject, span),
            StmtKind::Case { pattern, guard } => self.case(pattern, guard, span),
            StmtKind::End => self.end(span),
            StmtKind::Try | StmtKind::Def(_) => {}
        }
    }

    /// Whether `target` stands at the top level and is a global that the host has bound for good.
    fn is_default(&self, target: ExprId) -> bool {
        match self.ast[target].kind {
            ExprKind::Name(symbol) if self.at_top_level() => {
                self.names.get(symbol).is_some_and(|slot| self.names.is_fixed(slot))
            }
            _ => false,
        }
    }

    fn only(&self, targets: List<ExprId>) -> Option<ExprId> {
        match self.ast[targets] {
            [target] => Some(target),
            _ => None,
        }
    }

    /// Closes the innermost block.
    fn end(&mut self, span: Span) {
        match self.f.blocks.last().map(|block| &block.kind) {
            Some(BlockKind::If { .. }) => self.end_if(),
            Some(BlockKind::Loop(_)) => self.end_loop(span),
            Some(BlockKind::Try(_)) => self.end_try(span),
            Some(BlockKind::With(_)) => self.end_with(span),
            Some(BlockKind::Match { .. }) => self.end_match(),
            None => {}
        }
    }

    fn else_clause(&mut self, span: Span) {
        match self.f.blocks.last().map(|block| &block.kind) {
            Some(BlockKind::If { .. }) => self.next_clause(span),
            Some(BlockKind::Loop(_)) => self.loop_else(span),
            Some(BlockKind::Try(_)) => self.try_else(span),
            _ => {}
        }
    }

    // ---- simple statements --------------------------------------------------------------------

    fn expression_statement(&mut self, value: ExprId) {
        let span = self.ast[value].span;
        let is_call = matches!(self.ast[value].kind, ExprKind::Call { .. });
        if self.at_top_level() {
            let a = self.any(value);
            if is_call {
                self.f.drop_result();
            }
            self.f.emit(Op::ExprValue { a }, span);
        } else if !self.is_constant(value) {
            self.any(value);
            if is_call {
                self.f.drop_result();
            }
        }
    }

    fn return_statement(&mut self, value: Option<ExprId>, span: Span) {
        if self.at_top_level() {
            self.error(span, "E0321", || "'return' outside function".into());
        }
        let works = self.return_has_work();
        let Some(value) = value.filter(|&value| works || !matches!(self.ast[value].kind, ExprKind::None))
        else {
            if works {
                let none = self.return_register().unwrap_or_else(|| self.f.temp());
                self.f.emit(Op::LoadNone { d: none }, span);
                self.leave(Exit::Return, none, span);
            } else if self.f.reachable {
                self.f.emit(Op::ReturnNone, span);
                self.f.stop();
            }
            return;
        };
        let register = if works {
            let register = self.return_register().unwrap_or_else(|| self.f.temp());
            self.expr_to(value, register);
            register
        } else {
            self.any(value)
        };
        self.leave(Exit::Return, register, span);
    }

    fn raise(&mut self, exc: Option<ExprId>, cause: Option<ExprId>, span: Span) {
        match (exc, cause) {
            (None, _) => self.f.emit(Op::Reraise, span),
            (Some(exc), None) => {
                let a = self.any(exc);
                self.f.emit(Op::Raise { a }, span);
            }
            (Some(exc), Some(cause)) => {
                let a = self.stable(exc);
                let b = self.any(cause);
                self.f.emit(Op::RaiseFrom { a, b }, span);
            }
        }
        self.f.stop();
    }

    fn assert(&mut self, test: ExprId, message: Option<ExprId>) {
        let holds = self.label();
        let span = self.ast[test].span;
        self.jump_if(test, true, holds);
        let bound = self.f.bound;
        if self.f.reachable {
            let a = message.map_or(0, |message| self.any(message));
            self.f.emit(Op::RaiseAssertion { a, message: message.is_some() }, span);
        }
        self.f.stop();
        self.f.bind(holds);
        self.f.bound = bound;
    }

    /// import_stmt = 'import' path ['as' name] {',' …}. Without `as` the first part of the path is bound.
    fn import(&mut self, items: List<ImportItem>, span: Span) {
        for item in &self.ast[items] {
            let path = self.ast.strings[item.path as usize].clone();
            let d = self.f.temp();
            let first = path.split('/').next().filter(|first| !item.renamed && first.len() < path.len());
            let first = first.map(|first| self.f.constants.index(Constant::Str(first.into())));
            let k = self.f.constants.index(Constant::Str(path));
            self.f.emit(Op::Require { d, k }, span);
            if let Some(k) = first {
                self.f.emit(Op::Require { d, k }, span);
            }
            self.store(item.binding.symbol, d, item.binding.span);
            self.f.next = self.f.floor;
        }
    }

    fn import_from(&mut self, module: u32, items: List<ImportItem>, span: Span) {
        let path = self.ast.strings[module as usize].clone();
        let a = self.f.temp();
        let k = self.f.constants.index(Constant::Str(path));
        self.f.emit(Op::Require { d: a, k }, span);
        let d = self.f.temp();
        for item in &self.ast[items] {
            let text = self.ast.strings[item.path as usize].clone();
            let name = match self.interner.get(&text) {
                Some(symbol) => self.f.names.index(symbol, &text),
                None => self.f.names.text(&text),
            };
            self.f.emit(Op::ImportFrom { d, a, name }, span);
            self.store(item.binding.symbol, d, item.binding.span);
        }
    }

    // ---- if -------------------------------------------------------------------------------------

    /// `if test: break` (or `continue`) in a function, where it can be seen to be just that: one jump out of the loop
    /// instead of one around a jump. Tells whether it was, and is done.
    fn jump_out_if(&mut self, test: ExprId, at: usize) -> bool {
        let ast = self.ast;
        if self.at_top_level() || !matches!(ast.stmts.get(at + 2).map(|stmt| stmt.kind), Some(StmtKind::End))
        {
            return false;
        }
        let exit = match ast.stmts.get(at + 1).map(|stmt| stmt.kind) {
            Some(StmtKind::Break) => Exit::Break,
            Some(StmtKind::Continue) => Exit::Continue,
            _ => return false,
        };
        let Some((depth, to)) = self.plain_way_out(exit) else { return false };
        self.jump_if(test, true, to);
        let bound = self.f.bound;
        if let Some(block) = self.f.blocks.get_mut(depth).filter(|_| exit == Exit::Break) {
            block.exit = block.exit.and(bound);
        }
        true
    }

    fn open_if(&mut self, test: ExprId, span: Span) {
        let (next, end) = (self.label(), self.label());
        self.jump_if(test, false, next);
        let floor = self.f.floor;
        self.open(BlockKind::If { next, end }, floor, span);
    }

    fn elif(&mut self, test: ExprId, span: Span) {
        self.next_clause(span);
        let label = self.label();
        self.jump_if(test, false, label);
        let bound = self.f.bound;
        if let Some(block) = self.f.blocks.last_mut() {
            block.entry = bound;
            if let BlockKind::If { next, .. } = &mut block.kind {
                *next = label;
            }
        }
    }

    /// Ends a clause of an `if` and starts the next one.
    fn next_clause(&mut self, span: Span) {
        let bound = self.f.bound;
        let Some(block) = self.f.blocks.last_mut() else { return };
        let BlockKind::If { next, end } = block.kind else { return };
        block.exit = block.exit.and(bound);
        let entry = block.entry;
        self.f.jump(end, span);
        self.start_here(next, entry);
        // Not to be bound again at the end.
        let unused = self.label();
        if let Some(Block { kind: BlockKind::If { next, .. }, .. }) = self.f.blocks.last_mut() {
            *next = unused;
        }
    }

    /// Binds `label`, where `bits` are bound if control comes from there.
    fn start_here(&mut self, label: Label, bits: Bits) {
        self.f.bind(label);
        self.f.bound = if self.f.reachable { bits } else { Bits::ALL };
    }

    fn end_if(&mut self) {
        let Some(mut block) = self.f.blocks.pop() else { return };
        let BlockKind::If { next, end } = block.kind else { return };
        block.exit = block.exit.and(self.f.bound);
        let reachable = std::mem::replace(&mut self.f.reachable, false);
        self.f.bind(next);
        if self.f.reachable {
            block.exit = block.exit.and(block.entry);
        }
        self.f.reachable |= reachable;
        self.f.bind(end);
        self.close(&block);
    }

    // ---- loops ----------------------------------------------------------------------------------

    /// for_stmt = 'for' target 'in' iter ':' suite ['else' ':' suite]
    fn open_for(&mut self, target: ExprId, iter: ExprId, span: Span) {
        let floor = self.f.floor;
        let at = self.ast[iter].span;
        let a = self.any(iter);
        let r = self.hold(3, span);
        self.f.emit(Op::GetIter { d: r, a }, at);
        self.f.bound = self.f.bound.without(self.f.unbinds);
        let again = self.label();
        let mut it = Loop {
            again,
            body: self.label(),
            exhausted: self.label(),
            end: self.label(),
            test: None,
            advance: None,
            in_else: false,
        };
        self.f.bind(again);
        let head = self.take_item(r, target, it.exhausted, at);
        if !self.at_top_level() {
            self.f.bind(it.body);
            it.advance = Some(head.advance);
        }
        self.open(BlockKind::Loop(it), floor, span);
        self.store_item(&head);
        self.f.next = self.f.floor;
    }

    /// Emits the head of a loop, which takes the next item for `target`. [`Self::store_item`] is to follow.
    pub(super) fn take_item(&mut self, r: u8, target: ExprId, exhausted: Label, span: Span) -> LoopHead {
        if let Some((first, second)) = self.two_targets(target) {
            let direct = self.direct_pair(first, second);
            let a = direct.0.unwrap_or_else(|| self.f.temp());
            let b = direct.1.unwrap_or_else(|| self.f.temp());
            let target = Some(self.ast[target].span);
            self.unpacks_here(target);
            self.f.emit_jump(Op::ForIter2 { r, a, b, to: 0 }, exhausted, span);
            let advance = Advance { op: Op::ForNext2 { r, a, b, to: 0 }, span, target };
            return LoopHead { advance, items: [Some((first, direct.0, a)), Some((second, direct.1, b))] };
        }
        let direct = self.register_of(target);
        let d = direct.unwrap_or_else(|| self.f.temp());
        self.f.emit_jump(Op::ForIter { r, d, to: 0 }, exhausted, span);
        let advance = Advance { op: Op::ForNext { r, d, to: 0 }, span, target: None };
        LoopHead { advance, items: [Some((target, direct, d)), None] }
    }

    /// Assigns the item that the head of a loop took.
    pub(super) fn store_item(&mut self, head: &LoopHead) {
        for &(target, direct, register) in head.items.iter().flatten() {
            self.assigned(target, direct, register);
        }
    }

    /// Emits the bottom of a loop: takes the next item and goes back to `body`, or goes on.
    pub(super) fn advance(&mut self, advance: Advance, body: Label) {
        self.unpacks_here(advance.target);
        self.f.emit_jump(advance.op, body, advance.span);
    }

    /// Notes the place of the target that the next instruction unpacks to.
    fn unpacks_here(&mut self, target: Option<Span>) {
        let pc = self.f.pc();
        self.f.parts.extend(target.map(|span| Part { start: pc, pc, span }));
    }

    /// Goes on from a value in `register`: if it is not the target itself, assigns it.
    pub(super) fn assigned(&mut self, target: ExprId, direct: Option<u8>, register: u8) {
        match direct {
            Some(register) => self.f.bound.insert(register),
            None => self.assign(target, register),
        }
    }

    /// while_stmt = 'while' test ':' suite ['else' ':' suite]
    fn open_while(&mut self, test: ExprId, span: Span) {
        let floor = self.f.floor;
        self.f.bound = self.f.bound.without(self.f.unbinds);
        let mut it = Loop {
            again: self.label(),
            body: self.label(),
            exhausted: self.label(),
            end: self.label(),
            test: None,
            advance: None,
            in_else: false,
        };
        let forever = self.truth(test) == Truth::True;
        if self.at_top_level() || forever {
            self.f.bind(it.again);
        } else {
            it.test = Some(test);
        }
        self.f.repeats = it.test.is_some();
        self.jump_if(test, false, it.exhausted);
        self.f.repeats = false;
        self.f.bind(it.body);
        self.open(BlockKind::Loop(it), floor, span);
    }

    /// `else:` of a loop: no longer part of it.
    fn loop_else(&mut self, span: Span) {
        self.loop_back(span);
        if let Some(Block { kind: BlockKind::Loop(it), .. }) = self.f.blocks.last_mut() {
            it.in_else = true;
        }
    }

    /// Goes back to the start of the loop, and starts where it goes when it is exhausted.
    fn loop_back(&mut self, span: Span) {
        let Some(Block { kind: BlockKind::Loop(it), entry, .. }) = self.f.blocks.last() else { return };
        let (it, mut entry) = (*it, *entry);
        match (it.test, it.advance) {
            (None, Some(advance)) if self.f.reachable => self.advance(advance, it.body),
            (None, _) => self.f.jump(it.again, span),
            (Some(test), _) => {
                self.f.bind(it.again);
                if self.f.reachable {
                    self.f.bound = entry.without(self.f.unbinds);
                    self.f.next = self.f.floor;
                    self.f.repeats = true;
                    self.jump_if(test, true, it.body);
                    self.f.repeats = false;
                    entry = entry.and(self.f.bound);
                }
            }
        }
        // For `while` the entry is what holds after the test, for `for` what holds before an item is assigned.
        self.start_here(it.exhausted, entry);
    }

    fn end_loop(&mut self, span: Span) {
        let in_else = match self.f.blocks.last() {
            Some(Block { kind: BlockKind::Loop(it), .. }) => it.in_else,
            _ => return,
        };
        if !in_else {
            self.loop_back(span);
        }
        let Some(mut block) = self.f.blocks.pop() else { return };
        let BlockKind::Loop(it) = block.kind else { return };
        block.exit = block.exit.and(self.f.bound);
        self.f.bind(it.end);
        self.close(&block);
    }
}
