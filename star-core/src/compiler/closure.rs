//! Functions, lambdas and generator expressions.
//!
//! In: a function of the tree. Out: its `Code`, and in the function around it the instructions that make a closure.
//! Rule: variables are given their places before the body is compiled: parameters, then the others in order of
//! appearance, registers first.

use std::sync::Arc;

use super::Emitter;
use super::comprehension::Element;
use super::display::BATCH;
use super::function::{BLOCK_LIMIT, Function, Shape, Var};
use crate::ast::{Func, FuncId, FuncKind, List, Param, ParamKind};
use crate::bytecode::{Capture, CodeKind, LOCAL_REGISTERS, Op, Params, Reg};
use crate::resolve::{NONE, flag};
use crate::span::Span;

/// Registers that open loops, `try` and `with` take at most.
const BLOCK_REGISTERS: usize = 60;

impl Emitter<'_> {
    /// funcdef = {decorator} 'def' name '(' parameters ')' ':' suite
    pub(super) fn def(&mut self, id: FuncId) {
        let ast = self.ast;
        let func = &ast[id];
        let decorators = &ast[func.decorators];
        let span = func.name.span;
        if decorators.len() > BATCH {
            return self.def_with_many_decorators(id, func);
        }
        let first = self.f.next as Reg;
        for &decorator in decorators {
            let d = self.f.temp();
            self.expr_to(decorator, d);
        }
        if decorators.is_empty()
            && let Var::Register(d) = self.var(func.name.symbol)
        {
            self.make_function(id, func, d, span);
            self.f.bound.insert(d);
            return;
        }
        let mut d = self.f.temp();
        self.make_function(id, func, d, span);
        for (i, &decorator) in decorators.iter().enumerate().rev() {
            d = first.saturating_add(i as u8);
            self.f.emit(Op::Call { d, base: d, argc: 1 }, ast[decorator].span);
        }
        self.store(func.name.symbol, d, span);
    }

    /// More decorators than registers wait in a list.
    fn def_with_many_decorators(&mut self, id: FuncId, func: &Func) {
        let ast = self.ast;
        let decorators = &ast[func.decorators];
        let span = func.name.span;
        let list = self.f.temp();
        self.list_in_batches(decorators.iter().map(|&decorator| (decorator, false)), list, span);
        let base = self.f.temps(2);
        let d = base.saturating_add(1);
        self.make_function(id, func, d, span);
        for (i, &decorator) in decorators.iter().enumerate().rev() {
            self.f.emit(Op::ListItem { d: base, a: list, i: i as u32 }, span);
            self.f.emit(Op::Call { d, base, argc: 1 }, ast[decorator].span);
        }
        self.store(func.name.symbol, d, span);
    }

    pub(super) fn lambda(&mut self, id: FuncId, d: Reg, span: Span) {
        let ast = self.ast;
        self.make_function(id, &ast[id], d, span);
    }

    /// `(element for …)`: the function is called at once with the iterator of the first iterable.
    pub(super) fn generator(&mut self, id: FuncId, d: Reg, span: Span) {
        let FuncKind::Generator { clauses, .. } = self.ast[id].kind else { return };
        let Some(&crate::ast::CompClause::For { iter, .. }) = self.ast[clauses].first() else { return };
        let base = self.f.temp();
        let ast = self.ast;
        self.make_function(id, &ast[id], base, span);
        let argument = self.f.temp();
        let a = match self.constant_iterable(iter) {
            Some(k) => {
                self.f.emit(Op::LoadConst { d: argument, k }, self.ast[iter].span);
                argument
            }
            None => self.any(iter),
        };
        self.f.emit(Op::IterValue { d: argument, a }, self.ast[iter].span);
        self.f.emit(Op::Call { d, base, argc: 1 }, span);
    }

    /// `R[d] =` a closure, after its defaults.
    fn make_function(&mut self, id: FuncId, func: &Func, d: Reg, span: Span) {
        let before = self.f.next;
        let b = self.defaults(func, span);
        self.f.next = before;
        let f = self.function(id, func);
        self.f.emit(Op::MakeFunction { d, b, f }, span);
    }

    /// Evaluates defaults: the tuple of the positional ones and the dict of the others, in two registers in a row.
    #[inline(never)]
    fn defaults(&mut self, func: &Func, span: Span) -> Reg {
        let ast = self.ast;
        let params = &ast[func.params];
        let by_position = |param: &&Param| {
            matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal) && param.default.is_some()
        };
        let by_keyword = |param: &&Param| param.kind == ParamKind::KeywordOnly && param.default.is_some();
        let mut b = 0;
        if params.iter().any(|param| param.default.is_some()) {
            b = self.f.temps(2);
        }
        let defaults = params.iter().filter(by_position).filter_map(|param| param.default);
        match defaults.clone().count() {
            0 => {}
            count if count <= BATCH => {
                let first = self.f.next as Reg;
                for default in defaults {
                    let d = self.f.temp();
                    self.expr_to(default, d);
                }
                self.f.emit(Op::BuildTuple { d: b, b: first, count: count as u8 }, span);
            }
            _ => {
                self.list_in_batches(defaults.map(|default| (default, false)), b, span);
                self.f.emit(Op::ListToTuple { d: b, a: b }, span);
            }
        }
        if params.iter().any(|param| by_keyword(&param)) {
            let dict = b.saturating_add(1);
            self.f.emit(Op::BuildDict { d: dict, b: 0, count: 0 }, span);
            for param in params.iter().filter(by_keyword) {
                let Some(default) = param.default else { continue };
                self.f.next = u16::from(dict) + 1;
                let key = self.f.temp();
                let name = self.interner.text(param.name.symbol).clone();
                self.load_constant(crate::bytecode::Constant::Str(name), key, param.name.span);
                let value = self.any(default);
                self.f.emit(Op::DictPut { a: dict, b: key, c: value }, span);
            }
        }
        b
    }

    /// Compiles a function; returns its index among those of the function around it.
    fn function(&mut self, id: FuncId, func: &Func) -> u32 {
        if self.f.repeats
            && let Some(&(_, index)) = self.f.compiled.iter().find(|&&(known, _)| known == id)
        {
            return index;
        }
        self.enter_function(id, func);
        self.body(func);
        self.leave_function(id, func);
        self.f.functions.len() as u32 - 1
    }

    /// Puts the function in the place of the one around it, with its variables and prologue.
    #[inline(never)]
    fn enter_function(&mut self, id: FuncId, func: &Func) {
        let name = self.interner.text(func.name.symbol).clone();
        let qualname = self.qualname(&name, func);
        let kind = match func.kind {
            FuncKind::Def { .. } => CodeKind::Function,
            FuncKind::Lambda { .. } => CodeKind::Lambda,
            FuncKind::Generator { .. } => CodeKind::Generator,
        };
        let mut inner = self.pool.pop().unwrap_or_default();
        inner.begin(kind, name, qualname);
        let scope = self.scopes.function(id);
        self.place_captures(scope, &mut inner);
        let outer = std::mem::replace(&mut self.f, inner);
        self.outer.push(outer);
        self.scopes.enter(scope);
        self.place_parameters(func);
        self.place_locals(scope);
        self.prologue(scope, func.name.span);
    }

    /// Adds the function, which is complete, to the one around it, which takes its place again.
    #[inline(never)]
    fn leave_function(&mut self, id: FuncId, func: &Func) {
        let scope = self.scopes.function(id);
        if self.f.spill.register.is_some() {
            self.f.set_spill_count();
        }
        self.name_variables(scope, 0);
        self.check_overflow(func.span);
        let shape = Shape {
            is_generator: func.is_generator || matches!(func.kind, FuncKind::Generator { .. }),
            doc: func.doc.and_then(|at| self.ast.strings.get(at as usize)).map(clean_doc),
            source: self.ast.source.clone(),
            span: func.span,
        };
        let code = Arc::new(self.f.finish(shape));
        self.scopes.leave(scope);
        if let Some(outer) = self.outer.pop() {
            let done = std::mem::replace(&mut self.f, outer);
            if !done.is_large() {
                self.pool.push(done);
            }
        }
        self.f.functions.push(code);
        if self.f.repeats {
            let index = self.f.functions.len() as u32 - 1;
            self.f.compiled.push((id, index));
        }
    }

    pub(super) fn check_overflow(&mut self, span: Span) {
        if self.f.overflow {
            self.error(span, "E0322", || "this function is too complex to compile".into());
        }
    }

    fn qualname(&self, name: &Arc<str>, func: &Func) -> Arc<str> {
        let declared_global =
            matches!(func.kind, FuncKind::Def { .. }) && self.var(func.name.symbol) == Var::Global;
        if self.at_top_level() || declared_global {
            return name.clone();
        }
        [&*self.f.qualname, ".<locals>.", name].concat().into()
    }

    /// Names that are bound further out: captured cells, or globals.
    fn place_captures(&mut self, scope: u32, inner: &mut Function) {
        let mut id = self.scopes.scopes.get(scope as usize).map_or(NONE, |scope| scope.first);
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            if !entry.is_local() {
                let outer = self.vars.get(entry.outer as usize).copied().unwrap_or(Var::Global);
                let spill = self.f.spill.register.unwrap_or(super::function::SPILL_REGISTER);
                let capture = match outer {
                    _ if entry.is(flag::GLOBAL) => None,
                    Var::Cell(r) => Some(Capture::Local(r)),
                    Var::SpillCell(i) => Some(Capture::Spill(spill, i)),
                    Var::Free(i) => Some(Capture::Free(i)),
                    Var::Global | Var::Register(_) | Var::Spill(_) => None,
                };
                let var = match capture {
                    Some(capture) => {
                        inner.captures.push(capture);
                        inner.free_names.push(self.interner.text(entry.symbol).clone());
                        Var::Free(inner.captures.len() as u32 - 1)
                    }
                    None => Var::Global,
                };
                if let Some(place) = self.vars.get_mut(id as usize) {
                    *place = var;
                }
            }
            id = entry.next;
        }
    }

    /// Parameters take the first registers, or if they are too many the first places of the spill list.
    fn place_parameters(&mut self, func: &Func) {
        let mut params = Params::default();
        if let FuncKind::Generator { .. } = func.kind {
            params.names.push(".0".into());
            params.positional_only = 1;
            params.positional = 1;
            self.f.locals = 1;
            self.f.bound.insert(0);
            self.f.params = params;
            return;
        }
        let ast = self.ast;
        let all: List<Param> = func.params;
        let wide = all.len() > LOCAL_REGISTERS;
        let kinds = [
            ParamKind::PositionalOnly,
            ParamKind::Normal,
            ParamKind::KeywordOnly,
            ParamKind::VarArgs,
            ParamKind::KwArgs,
        ];
        for kind in kinds {
            for param in ast[all].iter().filter(|param| param.kind == kind) {
                let index = params.names.len() as u32;
                params.names.push(self.interner.text(param.name.symbol).clone());
                self.note_parameter(param, &mut params);
                let entry = self.scopes.lookup(param.name.symbol);
                let captured =
                    self.scopes.entries.get(entry as usize).is_some_and(|entry| entry.is(flag::CAPTURED));
                let var = match (wide, captured) {
                    (true, true) => Var::SpillCell(index),
                    (true, false) => Var::Spill(index),
                    (false, true) => Var::Cell(index as Reg),
                    (false, false) => Var::Register(index as Reg),
                };
                if let Some(place) = self.vars.get_mut(entry as usize) {
                    *place = var;
                }
                if let Var::Register(register) = var {
                    self.f.bound.insert(register);
                }
            }
        }
        self.f.locals = if wide { 1 } else { all.len() as u16 };
        if wide {
            self.f.spill.register = Some(0);
            self.spill_places(all.len() as u32);
        }
        self.f.params = params;
    }

    fn note_parameter(&mut self, param: &Param, params: &mut Params) {
        let has_default = param.default.is_some();
        match param.kind {
            ParamKind::PositionalOnly | ParamKind::Normal => {
                params.positional += 1;
                params.positional_only += u32::from(param.kind == ParamKind::PositionalOnly);
                params.defaults += u32::from(has_default);
            }
            ParamKind::KeywordOnly => {
                params.keyword_only += 1;
                params.kw_defaults.push(has_default);
            }
            ParamKind::VarArgs => params.varargs = true,
            ParamKind::KwArgs => params.kwargs = true,
        }
    }

    /// The other locals.
    fn place_locals(&mut self, scope: u32) {
        let Some(&found) = self.scopes.scopes.get(scope as usize) else { return };
        let is_other = |flags: u16| flags & flag::PARAM == 0;
        let mut count = 0;
        let mut id = found.first;
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            count += usize::from(entry.is_local() && is_other(entry.flags));
            id = entry.next;
        }
        let limit = (usize::from(BLOCK_LIMIT) - BLOCK_REGISTERS).saturating_sub(found.matches as usize);
        let limit = limit.min(LOCAL_REGISTERS) as u16;
        if usize::from(self.f.locals) + count > usize::from(limit) && self.f.spill.register.is_none() {
            self.f.spill.register = Some(self.f.locals as Reg);
            self.f.locals += 1;
        }
        let mut id = found.first;
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            if entry.is_local() && is_other(entry.flags) {
                let captured = entry.is(flag::CAPTURED);
                let var = if self.f.locals < limit || self.f.spill.register.is_none() {
                    self.f.locals += 1;
                    let register = (self.f.locals - 1) as Reg;
                    if captured { Var::Cell(register) } else { Var::Register(register) }
                } else {
                    let i = self.spill_places(1);
                    if captured { Var::SpillCell(i) } else { Var::Spill(i) }
                };
                if let Some(place) = self.vars.get_mut(id as usize) {
                    *place = var;
                }
            }
            if entry.is(flag::UNBINDS)
                && let Some(Var::Register(register)) = self.vars.get(id as usize)
                && entry.is_local()
            {
                self.f.unbinds.insert(*register);
            }
            id = entry.next;
        }
        self.f.floor = self.f.locals;
        self.f.next = 0;
        self.f.temps(self.f.locals);
        self.f.pinned = 0;
    }

    /// Makes the spill list and the cells.
    fn prologue(&mut self, scope: u32, span: Span) {
        let params = self.f.params.names.len();
        if let Some(d) = self.f.spill.register {
            self.f.spill.made_at = self.f.pc();
            self.f.emit(Op::NewSpill { d, count: 0 }, span);
        }
        let s = self.f.spill.register.unwrap_or(0);
        let mut id = self.scopes.scopes.get(scope as usize).map_or(NONE, |scope| scope.first);
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            match self.vars.get(id as usize).copied().filter(|_| entry.is_local()) {
                Some(Var::Cell(c)) => self.f.emit(Op::MakeCell { c }, span),
                Some(Var::SpillCell(i)) => {
                    let d = self.f.temp();
                    let is_param = (i as usize) < params && params > LOCAL_REGISTERS;
                    let load = if is_param { Op::LoadSpill { d, s, i } } else { Op::LoadUndef { d } };
                    self.f.emit(load, span);
                    self.f.emit(Op::MakeCell { c: d }, span);
                    self.f.emit(Op::StoreSpill { a: d, s, i }, span);
                    self.f.next = self.f.floor;
                }
                _ => {}
            }
            id = entry.next;
        }
    }

    fn body(&mut self, func: &Func) {
        let end = Span::new(func.span.end.saturating_sub(1).max(func.span.start), func.span.end);
        match func.kind {
            FuncKind::Def { body } => {
                self.statements(body.0 as usize, body.1 as usize);
                if self.f.reachable {
                    self.f.emit(Op::ReturnNone, end);
                }
            }
            FuncKind::Lambda { body } => {
                let a = self.any(body);
                self.f.emit(Op::Return { a }, self.ast[body].span);
            }
            FuncKind::Generator { element, clauses } => {
                let r = self.f.temps(3);
                let span = match self.ast[clauses].first() {
                    Some(&crate::ast::CompClause::For { iter, .. }) => self.ast[iter].span,
                    _ => func.span,
                };
                self.f.emit(Op::GetIter { d: r, a: 0 }, span);
                self.loops(clauses, r, Element::Yield(element), func.span);
                self.f.emit(Op::ReturnNone, end);
            }
        }
    }
}

/// A docstring without the indentation that its lines share, as CPython 3.13 keeps it.
pub(super) fn clean_doc(doc: &Arc<str>) -> Arc<str> {
    let doc = if doc.contains('\t') { &expand_tabs(doc).into() } else { doc };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || doc.split('\n');
    let is_blank = |line: &&str| line.len() == indent(line);
    let margin = lines().skip(1).filter(|line| !is_blank(line)).map(indent).min().unwrap_or(0);
    let first = lines().next().unwrap_or_default();
    if margin == 0 && indent(first) == 0 {
        return doc.clone();
    }
    let mut clean = first.trim_start_matches(' ').to_string();
    for line in lines().skip(1) {
        clean.push('\n');
        clean.push_str(line.get(margin.min(indent(line))..).unwrap_or_default());
    }
    clean.into()
}

fn expand_tabs(text: &str) -> String {
    let mut expanded = String::new();
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = 8 - column % 8;
                expanded.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' | '\r' => {
                expanded.push(c);
                column = 0;
            }
            _ => {
                expanded.push(c);
                column += 1;
            }
        }
    }
    expanded
}
