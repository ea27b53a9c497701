//! Calls.
//!
//! In: a callee and arguments. Out: the arguments in place, then the call. Rules: the callee is evaluated first, as
//! in CPython, or afterwards if nobody can tell; positional arguments go before keywords, however they are mixed.
//!
//! `CallGlobal` and `Invoke` look up their callee after the arguments. That is the same if these run no script code
//! (which could bind the name to something else), except for which of two errors comes first: the `Part` of the call
//! tells the VM.

use super::Emitter;
use super::chain::{Chain, Head};
use crate::ast::{Arg, Ast, CompareOp, DictItem, ExprId, ExprKind, FStringPart, Id, List, Name};
use crate::bytecode::{Constant, Op, Part, Reg};
use crate::span::Span;

/// Calls with more arguments pass them in a list and a dict.
const MAX_ARGUMENTS: usize = 100;

impl Emitter<'_> {
    /// Emits a call of the chain's value so far; returns where its result is.
    pub(super) fn call(&mut self, args: List<Arg>, head: Head, span: Span, chain: &mut Chain) -> Reg {
        let base = self.work(chain);
        let d = self.link_register(chain);
        match head {
            Head::Global(symbol, callee) => {
                let slot = self.slot(symbol);
                let start = self.f.pc();
                let argc = self.positional(args);
                self.f.parts.push(Part { start, pc: self.f.pc(), span: callee });
                self.f.emit(Op::CallGlobal { d, base, argc, slot }, span);
            }
            Head::In(register) => {
                self.copy(base, register, span);
                self.call_base(args, base, d, span);
            }
        }
        d
    }

    /// `R[d] = R[base](args)`
    fn call_base(&mut self, args: List<Arg>, base: Reg, d: Reg, span: Span) {
        if self.is_plain_call(args) {
            let argc = self.positional(args);
            self.f.emit(Op::Call { d, base, argc }, span);
        } else if self.fits(args) && self.ast[args].iter().all(|arg| !is_star(arg)) {
            let argc = self.positional(args);
            let names = self.keyword_names(args);
            self.f.emit(Op::CallKw { d, base, argc, names }, span);
        } else {
            self.call_wide(args, base, d, span);
        }
    }

    /// `R[a].name(args)`, the call being the next link of the chain.
    pub(super) fn method_call(
        &mut self,
        a: Reg,
        name: Id<Name>,
        call: ExprId,
        callee: Span,
        chain: &mut Chain,
    ) -> Reg {
        let symbol = self.ast[name].symbol;
        let mut span = self.ast[call].span;
        if callee.start > span.start {
            // The name stands on a later line: the call is shown from there.
            let text = self.ast.source.text.as_bytes().get(callee.end as usize..span.end as usize);
            let wraps = text.is_some_and(|text| text.contains(&b'\n') || text.contains(&b'\r'));
            span = if wraps { Span::new(callee.start, span.end) } else { callee };
        }
        let ExprKind::Call { args, .. } = self.ast[call].kind else { return a };
        let base = self.work(chain);
        let plain = self.is_plain_call(args);
        let name = self.name(symbol);
        let cache = if plain { self.f.cache(name) } else { None };
        self.take_link(chain);
        let d = self.link_register(chain);
        match cache {
            Some((name, cache)) if self.is_calm_call(args) => {
                self.copy(base, a, callee);
                let start = self.f.pc();
                let argc = self.positional(args);
                self.f.parts.push(Part { start, pc: self.f.pc(), span: callee });
                self.f.emit(Op::Invoke { d, base, argc, name, cache }, span);
            }
            Some((name, cache)) => {
                self.f.emit(Op::GetMethod { d: base, a, name, cache }, callee);
                // The receiver's place.
                self.f.temp();
                let argc = self.positional(args);
                self.f.emit(Op::CallMethod { d, base, argc }, span);
            }
            None => {
                self.attribute(base, a, symbol, callee);
                self.call_base(args, base, d, span);
            }
        }
        d
    }

    /// Whether there are only positional arguments, few enough for registers.
    pub(super) fn is_plain_call(&self, args: List<Arg>) -> bool {
        self.fits(args) && self.ast[args].iter().all(|arg| matches!(arg, Arg::Positional(_)))
    }

    fn fits(&self, args: List<Arg>) -> bool {
        args.len() <= MAX_ARGUMENTS && args.len() + 4 < usize::from(self.f.room())
    }

    /// Evaluates the arguments that take a register, into the next ones.
    fn positional(&mut self, args: List<Arg>) -> u8 {
        for arg in &self.ast[args] {
            if let Arg::Positional(value) | Arg::Keyword { value, .. } = *arg {
                let d = self.f.temp();
                self.expr_to(value, d);
            }
        }
        args.len() as u8
    }

    fn keyword_names(&mut self, args: List<Arg>) -> u32 {
        let mut names = Vec::new();
        for arg in &self.ast[args] {
            if let Arg::Keyword { name, .. } = *arg {
                let text = self.interner.text(name.symbol).clone();
                names.push(self.f.constants.index(Constant::Str(text)));
            }
        }
        self.f.constants.index(Constant::Tuple(names.into()))
    }

    /// A call with stars, or with more arguments than there are registers for.
    fn call_wide(&mut self, args: List<Arg>, base: Reg, d: Reg, span: Span) {
        let ast = self.ast;
        let args = &ast[args];
        let list = self.f.temp();
        let dict = self.f.temp();
        let mut positional = args.iter().filter_map(|arg| match *arg {
            Arg::Positional(value) => Some((value, false)),
            Arg::Star(value) => Some((value, true)),
            _ => None,
        });
        match (positional.next(), positional.next()) {
            // The call itself says what is wrong if this cannot be iterated.
            (Some((value, true)), None) => self.expr_to(value, list),
            (first, second) => {
                let items = first.into_iter().chain(second).chain(positional);
                self.list_in_batches(items, list, span);
            }
        }
        if args.iter().any(|arg| matches!(arg, Arg::Keyword { .. } | Arg::DoubleStar(_))) {
            self.keyword_dict(args, dict, base, span);
        } else {
            self.f.emit(Op::LoadNone { d: dict }, span);
        }
        self.f.emit(Op::CallEx { d, base }, span);
    }

    /// The dict of keyword arguments. What follows a `**` is merged, since a name may be in there already.
    fn keyword_dict(&mut self, args: &[Arg], dict: Reg, base: Reg, span: Span) {
        self.f.emit(Op::BuildDict { d: dict, b: 0, count: 0 }, span);
        let before = self.f.next;
        let mut group = None;
        let mut merges = false;
        for arg in args {
            match *arg {
                Arg::Keyword { name, value } => {
                    let a = if merges {
                        *group.get_or_insert_with(|| {
                            let d = self.f.temp();
                            self.f.emit(Op::BuildDict { d, b: 0, count: 0 }, span);
                            d
                        })
                    } else {
                        dict
                    };
                    let inner = self.f.next;
                    let b = self.f.temp();
                    let text = self.interner.text(name.symbol).clone();
                    self.load_constant(Constant::Str(text), b, name.span);
                    let c = self.any(value);
                    self.f.emit(Op::DictPut { a, b, c }, span);
                    self.f.next = inner;
                }
                Arg::DoubleStar(value) => {
                    self.merge_group(group.take(), dict, base, span);
                    self.f.next = before;
                    let b = self.any(value);
                    self.f.emit(Op::KwargsMerge { a: dict, b, f: base }, span);
                    self.f.next = before;
                    merges = true;
                }
                Arg::Positional(_) | Arg::Star(_) => {}
            }
        }
        self.merge_group(group, dict, base, span);
        self.f.next = before;
    }

    fn merge_group(&mut self, group: Option<Reg>, dict: Reg, base: Reg, span: Span) {
        if let Some(b) = group {
            self.f.emit(Op::KwargsMerge { a: dict, b, f: base }, span);
        }
    }

    /// Whether evaluating the arguments runs no script code.
    pub(super) fn is_calm_call(&self, args: List<Arg>) -> bool {
        self.ast[args].iter().all(|arg| match *arg {
            Arg::Positional(value) => is_calm(self.ast, value),
            _ => false,
        })
    }
}

fn is_star(arg: &Arg) -> bool {
    matches!(arg, Arg::Star(_) | Arg::DoubleStar(_))
}

/// Whether evaluating an expression runs no script code: no calls, no iteration, nothing that binds. It never looks
/// into a call, so all the questions about nested calls together look at each expression once.
fn is_calm(ast: &Ast, mut id: ExprId) -> bool {
    let all = |items: List<ExprId>| ast[items].iter().all(|&item| is_calm(ast, item));
    let maybe = |item: Option<ExprId>| item.is_none_or(|item| is_calm(ast, item));
    loop {
        match ast[id].kind {
            ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::BigInt(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Name(_) => return true,
            ExprKind::Lambda(func) => {
                return ast[ast[func].params].iter().all(|param| param.default.is_none());
            }
            ExprKind::Unary { operand, .. } => id = operand,
            ExprKind::Attribute { value, .. } => id = value,
            ExprKind::Binary { left, right, .. } => {
                if !is_calm(ast, right) {
                    return false;
                }
                id = left;
            }
            ExprKind::Subscript { value, index } => {
                if !is_calm(ast, index) {
                    return false;
                }
                id = value;
            }
            ExprKind::Slice { lower, upper, step } => return maybe(lower) && maybe(upper) && maybe(step),
            ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items)
            | ExprKind::Power(items)
            | ExprKind::And(items)
            | ExprKind::Or(items)
            | ExprKind::Conditional(items) => return all(items),
            ExprKind::Compare { first, rest } => {
                return is_calm(ast, first)
                    && ast[rest].iter().all(|item| {
                        !matches!(item.op, CompareOp::In | CompareOp::NotIn) && is_calm(ast, item.right)
                    });
            }
            ExprKind::Dict(items) => {
                return ast[items].iter().all(|item| match *item {
                    DictItem::Pair(key, value) => is_calm(ast, key) && is_calm(ast, value),
                    DictItem::DoubleStar(_) => false,
                });
            }
            ExprKind::FString(parts) => {
                return ast[parts].iter().all(|part| match *part {
                    FStringPart::Text(_) => true,
                    FStringPart::Field { value, spec, .. } => spec.is_none() && is_calm(ast, value),
                });
            }
            ExprKind::Starred(_)
            | ExprKind::Walrus { .. }
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Call { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::Generator(_) => return false,
        }
    }
}
