//! The pass over a piece that fills [`Scopes`].
//!
//! In: the tree. Out: scopes, entries and links between them, or the first error. Rule: expressions are walked with
//! a stack of their own, so native recursion goes only from function (or comprehension) to function.

use super::{Entry, MODULE, NONE, Scope, ScopeKind, Scopes, flag};
use crate::ast::{
    Arg, Ast, CompClause, DictItem, ExprId, ExprKind, FStringPart, Func, FuncId, FuncKind, List, Name,
    PatternId, PatternKind, StmtKind,
};
use crate::diagnostic::Diagnostic;
use crate::intern::{Interner, Symbol};
use crate::span::Span;

/// Resolves all statements of a piece.
pub(super) fn module(scopes: &mut Scopes, ast: &Ast, interner: &Interner) -> Result<(), Box<Diagnostic>> {
    scopes.scopes.push(Scope {
        kind: ScopeKind::Module,
        parent: MODULE,
        function: MODULE,
        first: NONE,
        last: NONE,
        matches: 0,
    });
    let mut walk =
        Walk { ast, interner, tables: scopes, scope: MODULE, function: MODULE, in_iterable: 0, error: None };
    walk.statements(0, ast.stmts.len());
    walk.check_nonlocals();
    match walk.error {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

struct Walk<'a> {
    ast: &'a Ast,
    interner: &'a Interner,
    tables: &'a mut Scopes,
    /// The innermost scope, and the function that it is part of.
    scope: u32,
    function: u32,
    /// How many iterables of comprehensions we are inside of, in this function.
    in_iterable: u32,
    error: Option<Box<Diagnostic>>,
}

impl Walk<'_> {
    fn statements(&mut self, start: usize, end: usize) {
        let base = self.tables.open.len();
        let mut matches = 0;
        let mut at = start;
        while at < end {
            let Some(stmt) = self.ast.stmts.get(at) else { break };
            match stmt.kind {
                StmtKind::Def(func) => {
                    self.definition(func);
                    // Skips the body and its `End`.
                    if let FuncKind::Def { body } = self.ast[func].kind {
                        at = at.max(body.1 as usize);
                    }
                }
                StmtKind::Try => self.tables.open.push(Some(at as u32)),
                StmtKind::If(_) | StmtKind::For { .. } | StmtKind::While(_) | StmtKind::With(_) => {
                    self.tables.open.push(None);
                }
                StmtKind::Match(_) => {
                    // A match has no `finally`; its depth is told by marking it with NONE.
                    self.tables.open.push(Some(NONE));
                    matches += 1;
                    let scope = &mut self.tables.scopes[self.function as usize];
                    scope.matches = scope.matches.max(matches);
                }
                StmtKind::Finally if self.tables.open.len() > base => {
                    if let Some(&Some(opened)) = self.tables.open.last() {
                        self.tables.with_finally.push(opened);
                    }
                }
                StmtKind::End if self.tables.open.len() > base => {
                    matches -= u32::from(self.tables.open.pop() == Some(Some(NONE)));
                }
                _ => {}
            }
            self.statement(stmt.kind);
            at += 1;
        }
        self.tables.open.truncate(base);
    }

    fn statement(&mut self, kind: StmtKind) {
        match kind {
            StmtKind::Expr(e)
            | StmtKind::If(e)
            | StmtKind::Elif(e)
            | StmtKind::While(e)
            | StmtKind::Match(e) => {
                self.expr(e);
            }
            StmtKind::Assign { targets, value } => {
                self.expr(value);
                for &target in &self.ast[targets] {
                    self.target(target, 0);
                }
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(value);
                self.target(target, 0);
            }
            StmtKind::AnnAssign { target, value, .. } => {
                if let Some(value) = value {
                    self.expr(value);
                }
                self.target(target, flag::ANNOTATED);
            }
            StmtKind::Return(value) => self.maybe(value),
            StmtKind::Raise { exc, cause } => {
                self.maybe(exc);
                self.maybe(cause);
            }
            StmtKind::Assert { test, message } => {
                self.expr(test);
                self.maybe(message);
            }
            StmtKind::Del(targets) => {
                for &target in &self.ast[targets] {
                    self.target(target, flag::UNBINDS);
                }
            }
            StmtKind::Global(names) => self.declare(names, flag::GLOBAL),
            StmtKind::Nonlocal(names) => self.declare(names, flag::NONLOCAL),
            StmtKind::Import(items) | StmtKind::FromImport { items, .. } => {
                for item in &self.ast[items] {
                    self.bind(item.binding.symbol, 0);
                }
            }
            StmtKind::For { target, iter } => {
                self.expr(iter);
                self.target(target, 0);
            }
            StmtKind::Except { exc, name } => {
                self.maybe(exc);
                if let Some(name) = name {
                    self.bind(name.symbol, flag::UNBINDS);
                }
            }
            StmtKind::With(items) => {
                for item in &self.ast[items] {
                    self.expr(item.context);
                    if let Some(target) = item.target {
                        self.target(target, 0);
                    }
                }
            }
            StmtKind::Case { pattern, guard } => {
                self.pattern(pattern);
                self.maybe(guard);
            }
            StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Else
            | StmtKind::Try
            | StmtKind::Finally
            | StmtKind::Def(_)
            | StmtKind::End => {}
        }
    }

    fn definition(&mut self, id: FuncId) {
        let func = self.ast[id];
        for &decorator in &self.ast[func.decorators] {
            self.expr(decorator);
        }
        self.bind(func.name.symbol, 0);
        self.enter_function(id, func);
    }

    fn maybe(&mut self, expr: Option<ExprId>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    // ---- names ------------------------------------------------------------------------------

    /// The entry that `symbol` means here, made if the function has none; NONE for a global of the module.
    fn mention(&mut self, symbol: Symbol, flags: u16) -> u32 {
        let id = self.tables.lookup(symbol);
        if let Some(entry) = self.tables.entries.get_mut(id as usize)
            && entry.function == self.function
        {
            if entry.flags & (flag::ITERATION | flag::SET) == flag::ITERATION && flags == flag::USED {
                entry.flags |= flag::EARLY;
            }
            entry.flags |= flags;
            return id;
        }
        if self.function == MODULE {
            return NONE;
        }
        self.new_entry(symbol, self.function, flags)
    }

    fn bind(&mut self, symbol: Symbol, flags: u16) {
        self.mention(symbol, flags | flag::BOUND);
    }

    fn new_entry(&mut self, symbol: Symbol, scope: u32, flags: u16) -> u32 {
        let id = self.tables.entries.len() as u32;
        let Some(view) = self.tables.in_view.get_mut(symbol.0 as usize) else { return NONE };
        let shadowed = std::mem::replace(view, id);
        self.append_entry(symbol, scope, flags, shadowed)
    }

    fn append_entry(&mut self, symbol: Symbol, scope: u32, flags: u16, shadowed: u32) -> u32 {
        let id = self.tables.entries.len() as u32;
        let owner = &mut self.tables.scopes[scope as usize];
        let function = owner.function;
        let last = std::mem::replace(&mut owner.last, id);
        match self.tables.entries.get_mut(last as usize) {
            Some(last) => last.next = id,
            None => owner.first = id,
        }
        self.tables.entries.push(Entry { symbol, scope, function, flags, next: NONE, outer: NONE, shadowed });
        id
    }

    /// `global` and `nonlocal`.
    fn declare(&mut self, names: List<Name>, declared: u16) {
        let word = if declared == flag::GLOBAL { "global" } else { "nonlocal" };
        for name in &self.ast[names] {
            if self.function == MODULE {
                if declared == flag::NONLOCAL {
                    self.error(name.span, "E0301", || {
                        "nonlocal declaration not allowed at module level".into()
                    });
                }
                continue;
            }
            let id = self.mention(name.symbol, 0);
            let Some(entry) = self.tables.entries.get_mut(id as usize) else { continue };
            let before = entry.flags;
            entry.flags |= declared;
            let text = self.interner.text(name.symbol);
            if before & flag::PARAM != 0 {
                self.error(name.span, "E0302", || format!("name '{text}' is parameter and {word}"));
            } else if before & flag::USED != 0 {
                self.error(name.span, "E0303", || {
                    format!("name '{text}' is used prior to {word} declaration")
                });
            } else if before & flag::ANNOTATED != 0 {
                self.error(name.span, "E0304", || format!("annotated name '{text}' can't be {word}"));
            } else if before & flag::BOUND != 0 {
                self.error(name.span, "E0305", || {
                    format!("name '{text}' is assigned to before {word} declaration")
                });
            } else if (before | declared) & (flag::GLOBAL | flag::NONLOCAL) == flag::GLOBAL | flag::NONLOCAL {
                self.error(name.span, "E0306", || format!("name '{text}' is nonlocal and global"));
            }
            if declared == flag::NONLOCAL {
                self.tables.nonlocals.push((id, name.span));
            }
        }
    }

    fn check_nonlocals(&mut self) {
        for at in 0..self.tables.nonlocals.len() {
            let (id, span) = self.tables.nonlocals[at];
            let symbol = self.tables.entries[id as usize].symbol;
            let mut id = self.tables.entries[id as usize].outer;
            let bound = loop {
                let Some(entry) = self.tables.entries.get(id as usize) else { break false };
                if entry.is_local() {
                    break true;
                }
                if entry.is(flag::GLOBAL) {
                    break false;
                }
                id = entry.outer;
            };
            if !bound {
                let text = self.interner.text(symbol);
                self.error(span, "E0307", || format!("no binding for nonlocal '{text}' found"));
            }
        }
    }

    /// Keeps the first error.
    #[cold]
    #[inline(never)]
    fn error(&mut self, span: Span, code: &'static str, message: impl FnOnce() -> String) {
        if self.error.is_none() {
            self.error = Some(Box::new(Diagnostic::new(code, message(), &self.ast.source, span)));
        }
    }

    // ---- functions and comprehensions -----------------------------------------------------------

    /// A function: its defaults here, everything else in a scope of its own.
    fn enter_function(&mut self, id: FuncId, func: Func) {
        for param in &self.ast[func.params] {
            self.maybe(param.default);
        }
        if let FuncKind::Generator { clauses, .. } = func.kind {
            self.first_iterable(clauses);
        }
        let kind = match func.kind {
            FuncKind::Generator { .. } => ScopeKind::Generator,
            _ => ScopeKind::Function,
        };
        let outside = (self.scope, self.function, self.in_iterable);
        self.open_scope(kind);
        self.in_iterable = 0;
        if let Some(scope) = self.tables.of_function.get_mut(id.index()) {
            *scope = self.scope;
        }
        match func.kind {
            FuncKind::Def { body } => {
                self.parameters(func);
                self.statements(body.0 as usize, body.1 as usize);
            }
            FuncKind::Lambda { body } => {
                self.parameters(func);
                self.expr(body);
            }
            FuncKind::Generator { element, clauses } => {
                self.clauses(clauses);
                self.expr(element);
            }
        }
        let inside = self.scope;
        self.close_scope(inside);
        (self.scope, self.function, self.in_iterable) = outside;
        self.link(inside);
    }

    fn parameters(&mut self, func: Func) {
        for param in &self.ast[func.params] {
            let id = self.mention(param.name.symbol, 0);
            let Some(entry) = self.tables.entries.get_mut(id as usize) else { continue };
            if entry.is(flag::PARAM) {
                let text = self.interner.text(param.name.symbol);
                self.error(param.name.span, "E0308", || {
                    format!("duplicate argument '{text}' in function definition")
                });
                continue;
            }
            entry.flags |= flag::PARAM | flag::BOUND;
        }
    }

    fn comprehension(&mut self, id: ExprId, clauses: List<CompClause>, parts: [Option<ExprId>; 2]) {
        self.first_iterable(clauses);
        let outside = (self.scope, self.in_iterable);
        self.open_scope(ScopeKind::Comprehension);
        self.tables.of_comprehension.push((id.index() as u32, self.scope));
        self.in_iterable = outside.1;
        self.clauses(clauses);
        for part in parts {
            self.maybe(part);
        }
        self.close_scope(self.scope);
        (self.scope, self.in_iterable) = outside;
    }

    fn first_iterable(&mut self, clauses: List<CompClause>) {
        if let Some(&CompClause::For { iter, .. }) = self.ast[clauses].first() {
            self.in_iterable += 1;
            self.expr(iter);
            self.in_iterable -= 1;
        }
    }

    /// The clauses but for the first iterable. All targets belong to the scope from the start.
    fn clauses(&mut self, clauses: List<CompClause>) {
        let clauses = &self.ast[clauses];
        for clause in clauses {
            if let CompClause::For { target, .. } = *clause {
                self.iteration_names(target);
            }
        }
        for (i, clause) in clauses.iter().enumerate() {
            match *clause {
                CompClause::For { target, iter } => {
                    if i > 0 {
                        self.in_iterable += 1;
                        self.expr(iter);
                        self.in_iterable -= 1;
                    }
                    self.target(target, flag::SET);
                }
                CompClause::If(test) => self.expr(test),
            }
        }
    }

    fn iteration_names(&mut self, target: ExprId) {
        let base = self.tables.stack.len();
        self.tables.stack.push(target);
        while self.tables.stack.len() > base {
            let Some(id) = self.tables.stack.pop() else { break };
            match self.ast[id].kind {
                ExprKind::Name(symbol) => {
                    let id = self.tables.lookup(symbol);
                    let known = self.tables.entries.get(id as usize).is_some_and(|e| e.scope == self.scope);
                    if !known {
                        self.new_entry(symbol, self.scope, flag::BOUND | flag::ITERATION);
                    }
                }
                ExprKind::Tuple(items) | ExprKind::List(items) => {
                    self.tables.stack.extend(self.ast[items].iter().rev());
                }
                ExprKind::Starred(value) => self.tables.stack.push(value),
                _ => {}
            }
        }
    }

    fn open_scope(&mut self, kind: ScopeKind) {
        let index = self.tables.scopes.len() as u32;
        let function = if kind == ScopeKind::Comprehension { self.function } else { index };
        self.tables.scopes.push(Scope {
            kind,
            parent: self.scope,
            function,
            first: NONE,
            last: NONE,
            matches: 0,
        });
        self.scope = index;
        self.function = function;
    }

    fn close_scope(&mut self, scope: u32) {
        self.tables.leave(scope);
    }

    /// Links the names that a function does not bind to the scope that we are back in.
    fn link(&mut self, function: u32) {
        let mut id = self.tables.scopes[function as usize].first;
        while let Some(&entry) = self.tables.entries.get(id as usize) {
            if !entry.is_local() && !entry.is(flag::GLOBAL) {
                let outer = self.mention(entry.symbol, flag::CAPTURED);
                self.tables.entries[id as usize].outer = outer;
            }
            id = entry.next;
        }
    }

    /// `name := value` binds in the function around all comprehensions and generator expressions.
    fn walrus(&mut self, name: Name) {
        if self.in_iterable > 0 {
            self.error(name.span, "E0309", || {
                "assignment expression cannot be used in a comprehension iterable expression".into()
            });
            return;
        }
        let mut home = self.function;
        while self.tables.scopes[home as usize].kind == ScopeKind::Generator {
            home = self.tables.scopes[self.tables.scopes[home as usize].parent as usize].function;
        }
        let mut id = self.tables.lookup(name.symbol);
        let mut above = NONE;
        while let Some(entry) = self.tables.entries.get(id as usize)
            && entry.function >= home
        {
            if entry.is(flag::ITERATION) {
                let text = self.interner.text(name.symbol);
                self.error(name.span, "E0310", || {
                    format!("assignment expression cannot rebind comprehension iteration variable '{text}'")
                });
                return;
            }
            if entry.function == home {
                break;
            }
            above = id;
            id = entry.shadowed;
        }
        if home == self.function {
            self.bind(name.symbol, flag::WALRUS);
            return;
        }
        // Inside generator expressions: they mention the name, the function around them binds it.
        if above == NONE {
            above = self.mention(name.symbol, 0);
            id = self.tables.entries.get(above as usize).map_or(NONE, |entry| entry.shadowed);
        } else {
            self.mention(name.symbol, 0);
        }
        if home == MODULE {
            return;
        }
        match self.tables.entries.get_mut(id as usize) {
            Some(entry) if entry.function == home => entry.flags |= flag::BOUND | flag::WALRUS,
            _ => {
                let made = self.append_entry(name.symbol, home, flag::BOUND | flag::WALRUS, id);
                if let Some(above) = self.tables.entries.get_mut(above as usize) {
                    above.shadowed = made;
                }
            }
        }
    }

    // ---- targets, expressions, patterns -----------------------------------------------------------

    /// A target: its names are bound, the rest of it is read.
    fn target(&mut self, target: ExprId, flags: u16) {
        let base = self.tables.stack.len();
        self.tables.stack.push(target);
        while self.tables.stack.len() > base {
            let Some(id) = self.tables.stack.pop() else { break };
            match self.ast[id].kind {
                ExprKind::Name(symbol) => {
                    let id = self.mention(symbol, flags | flag::BOUND);
                    let annotated = flags & flag::ANNOTATED != 0;
                    if annotated && self.tables.entries.get(id as usize).is_some_and(|e| e.is(flag::GLOBAL)) {
                        let text = self.interner.text(symbol);
                        let span = self.ast[target].span;
                        self.error(span, "E0304", || format!("annotated name '{text}' can't be global"));
                    }
                }
                ExprKind::Tuple(items) | ExprKind::List(items) => {
                    self.tables.stack.extend(self.ast[items].iter().rev());
                }
                ExprKind::Starred(value) => self.tables.stack.push(value),
                _ => self.expr(id),
            }
        }
    }

    fn expr(&mut self, root: ExprId) {
        let base = self.tables.stack.len();
        self.tables.stack.push(root);
        while self.tables.stack.len() > base {
            let Some(id) = self.tables.stack.pop() else { break };
            self.one_expr(id);
        }
    }

    /// Handles one expression and puts its operands on the stack, the first one on top.
    fn one_expr(&mut self, id: ExprId) {
        let ast = self.ast;
        match ast[id].kind {
            ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::BigInt(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_) => {}
            ExprKind::Name(symbol) => {
                self.mention(symbol, flag::USED);
            }
            ExprKind::FString(parts) => self.fstring(parts),
            ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items)
            | ExprKind::Power(items)
            | ExprKind::And(items)
            | ExprKind::Or(items)
            | ExprKind::Conditional(items) => self.tables.stack.extend(ast[items].iter().rev()),
            ExprKind::Dict(items) => {
                for item in ast[items].iter().rev() {
                    match *item {
                        DictItem::Pair(key, value) => self.tables.stack.extend([value, key]),
                        DictItem::DoubleStar(value) => self.tables.stack.push(value),
                    }
                }
            }
            ExprKind::Starred(value)
            | ExprKind::Unary { operand: value, .. }
            | ExprKind::Attribute { value, .. } => self.tables.stack.push(value),
            ExprKind::Binary { left, right, .. } => self.tables.stack.extend([right, left]),
            ExprKind::Subscript { value, index } => self.tables.stack.extend([index, value]),
            ExprKind::Compare { first, rest } => {
                self.tables.stack.extend(ast[rest].iter().rev().map(|item| item.right));
                self.tables.stack.push(first);
            }
            ExprKind::Walrus { name, value } => {
                self.walrus(name);
                self.tables.stack.push(value);
            }
            ExprKind::Yield(value) => {
                self.check_yield(ast[id].span);
                self.tables.stack.extend(value);
            }
            ExprKind::YieldFrom(value) => {
                self.check_yield(ast[id].span);
                self.tables.stack.push(value);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.tables.stack.extend([step, upper, lower].into_iter().flatten());
            }
            ExprKind::Call { func, args } => {
                self.tables.stack.extend(ast[args].iter().rev().map(|arg| match *arg {
                    Arg::Positional(value)
                    | Arg::Star(value)
                    | Arg::Keyword { value, .. }
                    | Arg::DoubleStar(value) => value,
                }));
                self.tables.stack.push(func);
            }
            ExprKind::Lambda(func) | ExprKind::Generator(func) => self.enter_function(func, ast[func]),
            ExprKind::ListComp { element, clauses } | ExprKind::SetComp { element, clauses } => {
                self.comprehension(id, clauses, [Some(element), None]);
            }
            ExprKind::DictComp { key, value, clauses } => {
                self.comprehension(id, clauses, [Some(key), Some(value)]);
            }
        }
    }

    fn fstring(&mut self, parts: List<FStringPart>) {
        for part in self.ast[parts].iter().rev() {
            if let FStringPart::Field { value, spec, .. } = *part {
                if let Some(spec) = spec {
                    self.fstring(spec);
                }
                self.tables.stack.push(value);
            }
        }
    }

    fn check_yield(&mut self, span: Span) {
        if self.scope != self.function {
            self.error(span, "E0311", || "'yield' inside a comprehension".into());
        } else if self.tables.scopes[self.function as usize].kind == ScopeKind::Generator {
            self.error(span, "E0311", || "'yield' inside a generator expression".into());
        } else if self.function == MODULE {
            self.error(span, "E0312", || "'yield' outside function".into());
        }
    }

    /// Patterns nest in brackets only, so recursion is bounded by the parser.
    fn pattern(&mut self, id: PatternId) {
        let ast = self.ast;
        match ast[id].kind {
            PatternKind::Wildcard => {}
            PatternKind::Capture(symbol) => self.bind(symbol, 0),
            PatternKind::Literal(value) | PatternKind::Singleton(value) | PatternKind::Value(value) => {
                self.expr(value);
            }
            PatternKind::Star(name) => {
                if let Some(name) = name {
                    self.bind(name.symbol, 0);
                }
            }
            PatternKind::Sequence(items) | PatternKind::Or(items) => {
                for &item in &ast[items] {
                    self.pattern(item);
                }
            }
            PatternKind::Mapping { items, rest } => {
                for item in &ast[items] {
                    self.expr(item.key);
                    self.pattern(item.pattern);
                }
                if let Some(rest) = rest {
                    self.bind(ast[rest].symbol, 0);
                }
            }
            PatternKind::Class { callee, positional, values, .. } => {
                self.expr(callee);
                for &item in ast[positional].iter().chain(&ast[values]) {
                    self.pattern(item);
                }
            }
            PatternKind::As { pattern, name } => {
                self.pattern(pattern);
                self.bind(name.symbol, 0);
            }
        }
    }
}
