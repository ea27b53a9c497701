//! Chains: operators, attributes, items and calls that nest to the left.
//!
//! In: `a.b(c)[d] + e`, an expression whose leftmost parts lie deepest. Out: code from the leaf outwards. Rule: the
//! chain is a loop, however long; only what stands in brackets or to the right recurses.

use super::Emitter;
use super::fold::binary;
use super::function::Var;
use crate::ast::{BinaryOp, ExprId, ExprKind, Id, Name};
use crate::bytecode::{Constant, Op, Reg};
use crate::intern::Symbol;
use crate::span::Span;

/// A chain that is being compiled.
pub(super) struct Chain {
    /// Its links are `spine[base ..]`, the outermost first.
    base: usize,
    /// Where the result goes.
    d: Reg,
    /// The register that values between links are in, once one was needed. It is the last temporary in use.
    work: Option<Reg>,
    /// The first free register beside it.
    before: u16,
    /// How far the text of the chain was searched for line ends, and whether there was one.
    searched: u32,
    wrapped: bool,
}

/// The value of a chain so far.
#[derive(Clone, Copy)]
pub(super) enum Head {
    /// In a register.
    In(Reg),
    /// A global that is going to be called: not loaded yet.
    Global(Symbol, Span),
}

impl Emitter<'_> {
    /// `R[d] =` the value of a chain.
    pub(super) fn chain(&mut self, id: ExprId, d: Reg) {
        let base = self.spine.len();
        let mut leaf = id;
        loop {
            let inner = match self.ast[leaf].kind {
                ExprKind::Binary { left, .. } => left,
                ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => value,
                ExprKind::Call { func, .. } => func,
                _ => break,
            };
            self.spine.push(leaf);
            leaf = inner;
        }
        let is_last = self.f.is_temp(d) && u16::from(d) + 1 == self.f.next;
        let before = if is_last { u16::from(d) } else { self.f.next };
        let mut chain = Chain {
            base,
            d,
            work: is_last.then_some(d),
            before,
            searched: self.ast[leaf].span.start,
            wrapped: false,
        };
        let free = self.f.next;
        let Some(mut head) = self.leaf(leaf, &mut chain) else { return };
        while self.spine.len() > base {
            let Some(link) = self.spine.pop() else { break };
            self.f.next = chain.work.map_or(chain.before, |work| u16::from(work) + 1);
            head = Head::In(self.link(link, head, &mut chain));
        }
        if let Head::In(register) = head {
            self.copy(d, register, self.ast[id].span);
        }
        self.f.next = free;
    }

    /// Evaluates the leaf, and what can be computed of the links next to it. Nothing is left to do after `None`.
    #[inline(never)]
    fn leaf(&mut self, leaf: ExprId, chain: &mut Chain) -> Option<Head> {
        let span = self.ast[leaf].span;
        if let Some(mut value) = self.fold(leaf) {
            let mut span = span;
            while self.spine.len() > chain.base
                && let Some(&link) = self.spine.last()
                && let ExprKind::Binary { op, right, .. } = self.ast[link].kind
                && let Some(right) = self.fold(right)
                && let Some(result) = binary(op, &value, &right)
            {
                value = result;
                span = self.ast[link].span;
                self.spine.pop();
            }
            if self.spine.len() == chain.base {
                self.load_constant(value, chain.d, span);
                return None;
            }
            let w = self.work(chain);
            self.load_constant(value, w, span);
            return Some(Head::In(w));
        }
        if let ExprKind::Name(symbol) = self.ast[leaf].kind {
            match self.var(symbol) {
                Var::Register(register) if !self.may_change(symbol) || self.links_bind_nothing(chain) => {
                    self.check_bound(register, span);
                    return Some(Head::In(register));
                }
                Var::Global if self.is_called_late(chain) => return Some(Head::Global(symbol, span)),
                _ => {}
            }
        }
        let w = self.work(chain);
        self.expr_to(leaf, w);
        Some(Head::In(w))
    }

    /// Whether nothing that the links evaluate can bind a name.
    fn links_bind_nothing(&self, chain: &Chain) -> bool {
        self.spine[chain.base..].iter().all(|&link| match self.ast[link].kind {
            ExprKind::Binary { right, .. } => self.binds_nothing(right),
            ExprKind::Subscript { index, .. } => self.binds_nothing(index),
            ExprKind::Attribute { .. } => true,
            _ => false,
        })
    }

    /// Whether the next link is a call that looks up its callee after the arguments.
    fn is_called_late(&self, chain: &Chain) -> bool {
        let Some(&link) = self.spine.last().filter(|_| self.spine.len() > chain.base) else { return false };
        match self.ast[link].kind {
            ExprKind::Call { args, .. } => self.is_plain_call(args) && self.is_calm_call(args),
            _ => false,
        }
    }

    /// The register that values between links are in.
    pub(super) fn work(&mut self, chain: &mut Chain) -> Reg {
        *chain.work.get_or_insert_with(|| self.f.temp())
    }

    /// Where the value of the link that was just taken goes.
    pub(super) fn link_register(&mut self, chain: &mut Chain) -> Reg {
        if self.spine.len() == chain.base { chain.d } else { self.work(chain) }
    }

    /// Emits a link; returns where its value is.
    #[inline(never)]
    fn link(&mut self, id: ExprId, head: Head, chain: &mut Chain) -> Reg {
        let span = self.ast[id].span;
        let kind = self.ast[id].kind;
        if let ExprKind::Call { args, .. } = kind {
            return self.call(args, head, span, chain);
        }
        let a = match head {
            Head::In(register) => register,
            Head::Global(symbol, span) => {
                let w = self.work(chain);
                self.load(symbol, w, span);
                w
            }
        };
        match kind {
            ExprKind::Binary { op, right, .. } => {
                let d = self.link_register(chain);
                let op = self.binary_op(op, d, a, right);
                self.f.emit(op, span);
                d
            }
            ExprKind::Subscript { index, .. } => {
                let d = self.link_register(chain);
                self.item(d, a, index, span);
                d
            }
            ExprKind::Attribute { name, .. } => {
                let span = self.attribute_span(span, name, chain);
                if let Some(called) = self.called_method(chain) {
                    return self.method_call(a, name, called, span, chain);
                }
                let d = self.link_register(chain);
                self.attribute(d, a, self.ast[name].symbol, span);
                d
            }
            _ => a,
        }
    }

    /// The place of an attribute: the name alone if it stands on a later line than the start of the chain, so that
    /// tracebacks show that line.
    fn attribute_span(&self, span: Span, name: Id<Name>, chain: &mut Chain) -> Span {
        let name = self.ast[name].span;
        let text = self.ast.source.text.as_bytes().get(chain.searched as usize..name.start as usize);
        chain.wrapped |= text.is_some_and(|text| text.contains(&b'\n') || text.contains(&b'\r'));
        chain.searched = chain.searched.max(name.start);
        if chain.wrapped { name } else { span }
    }

    /// The call that follows a method's name, if it is the next link.
    fn called_method(&self, chain: &Chain) -> Option<ExprId> {
        let &link = self.spine.last().filter(|_| self.spine.len() > chain.base)?;
        matches!(self.ast[link].kind, ExprKind::Call { .. }).then_some(link)
    }

    /// Takes the next link off the chain.
    pub(super) fn take_link(&mut self, chain: &Chain) {
        if self.spine.len() > chain.base {
            self.spine.pop();
        }
    }

    /// Evaluates the right operand; returns the instruction for `R[d] = R[a] op right`.
    pub(super) fn binary_op(&mut self, op: BinaryOp, d: Reg, a: Reg, right: ExprId) -> Op {
        if let Some(value) = self.small_int(right) {
            match op {
                BinaryOp::Add => return Op::AddInt { d, a, value },
                BinaryOp::Sub => return Op::SubInt { d, a, value },
                BinaryOp::Mul => return Op::MulInt { d, a, value },
                BinaryOp::FloorDiv => return Op::FloorDivInt { d, a, value },
                BinaryOp::Mod => return Op::ModInt { d, a, value },
                BinaryOp::And => return Op::AndInt { d, a, value },
                BinaryOp::Shl => return Op::ShlInt { d, a, value },
                BinaryOp::Shr => return Op::ShrInt { d, a, value },
                _ => {}
            }
        }
        // Straight on for operators that bind more tightly: native stack is what nesting costs.
        let b = if matches!(self.ast[right].kind, ExprKind::Binary { .. }) && !self.f.crowded() {
            let b = self.f.temp();
            self.chain(right, b);
            b
        } else {
            self.any(right)
        };
        match op {
            BinaryOp::Add => Op::Add { d, a, b },
            BinaryOp::Sub => Op::Sub { d, a, b },
            BinaryOp::Mul => Op::Mul { d, a, b },
            BinaryOp::Div => Op::Div { d, a, b },
            BinaryOp::FloorDiv => Op::FloorDiv { d, a, b },
            BinaryOp::Mod => Op::Mod { d, a, b },
            BinaryOp::And => Op::BitAnd { d, a, b },
            op => Op::Binary { op, d, a, b },
        }
    }

    /// `R[d] = R[a].name`
    pub(super) fn attribute(&mut self, d: Reg, a: Reg, name: Symbol, span: Span) {
        let name = self.name(name);
        let op = match self.f.cache(name) {
            Some((name, cache)) => Op::GetAttr { d, a, name, cache },
            None => Op::GetAttrWide { d, a, name },
        };
        self.f.emit(op, span);
    }

    /// The index of an attribute's name.
    pub(super) fn name(&mut self, name: Symbol) -> u32 {
        self.f.names.index(name, self.interner.text(name))
    }

    /// `R[d] = R[a][index]`
    fn item(&mut self, d: Reg, a: Reg, index: ExprId, span: Span) {
        if let ExprKind::Slice { lower, upper, step } = self.ast[index].kind {
            let b = self.slice(lower, upper, step, self.ast[index].span);
            return self.f.emit(Op::GetSlice { d, a, b }, span);
        }
        let op = match self.index(index) {
            Index::Int(value) => Op::GetIndexInt { d, a, value },
            Index::Constant(k) => Op::GetIndexConst { d, a, k },
            Index::Register(b) => Op::GetIndex { d, a, b },
        };
        self.f.emit(op, span);
    }

    /// Evaluates an index that is no slice.
    pub(super) fn index(&mut self, index: ExprId) -> Index {
        if let Some(value) = self.small_int(index) {
            return Index::Int(value);
        }
        if let Some(k) = self.constant(index) {
            if let Some(k) = self.f.short(k) {
                return Index::Constant(k);
            }
            let d = self.f.temp();
            self.f.emit(Op::LoadConst { d, k }, self.ast[index].span);
            return Index::Register(d);
        }
        Index::Register(self.any(index))
    }

    /// The index of constant `value`, if it fits an instruction.
    pub(super) fn short_constant(&mut self, value: Constant) -> Option<u16> {
        let k = self.f.constants.index(value);
        self.f.short(k)
    }
}

/// An index that is no slice.
#[derive(Clone, Copy)]
pub(super) enum Index {
    Int(i16),
    Constant(u16),
    Register(Reg),
}
