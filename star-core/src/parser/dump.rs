//! Tokens and trees as text.
//!
//! In: a tree and the interner of its names, or source. Out: lines for people and for tests, as `star dump` prints
//! them. Rule: equal trees print equally, and nothing of how a tree was built shows.

use std::fmt::Write as _;

use crate::ast::*;
use crate::intern::{Interner, Symbol};
use crate::lexer::{Blocked, Lexer, Scan};
use crate::span::Span;
use crate::token::Token;

/// The statements of `ast`, one a line, indented by their blocks; expressions as S-expressions.
pub fn ast(ast: &Ast, interner: &Interner) -> String {
    let mut dump = Dump { ast, interner, out: String::new(), spans: false };
    dump.stmts(0);
    dump.out
}

/// The same with the span of each statement and expression.
pub fn ast_with_spans(ast: &Ast, interner: &Interner) -> String {
    let mut dump = Dump { ast, interner, out: String::new(), spans: true };
    dump.stmts(0);
    dump.out
}

/// The tokens of a whole source, one a line: kind, span, text.
pub fn tokens(source: &str) -> String {
    let mut lexer = Lexer::new(1000, Blocked::default());
    let mut interner = Interner::default();
    let mut tokens = Vec::new();
    let mut out = String::new();
    lexer.push(source.as_bytes());
    lexer.finish();
    loop {
        match lexer.scan(&mut tokens, &mut interner) {
            Scan::LineStart(change) => {
                if !matches!(change, crate::lexer::Change::Same) {
                    let _ = writeln!(out, "{change:?}");
                }
            }
            Scan::LineEnd => {
                write_tokens(&mut out, &mut tokens, lexer.text());
                lexer.start_piece(&mut tokens);
            }
            Scan::Problem(problem) => {
                write_tokens(&mut out, &mut tokens, lexer.text());
                let _ = writeln!(out, "{} {:?}: {}", problem.kind, problem.span, problem.message);
                return out;
            }
            Scan::End | Scan::NeedMore => return out,
            Scan::Restricted | Scan::Full => {}
        }
    }
}

fn write_tokens(out: &mut String, tokens: &mut Vec<Token>, text: &str) {
    for token in tokens.drain(..) {
        let shown = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
        let _ = writeln!(out, "{token} {shown:?}");
    }
}

struct Dump<'a> {
    ast: &'a Ast,
    interner: &'a Interner,
    out: String,
    spans: bool,
}

impl Dump<'_> {
    fn stmts(&mut self, depth: usize) {
        let mut depth = depth;
        for stmt in &self.ast.stmts {
            if let StmtKind::End = stmt.kind {
                depth = depth.saturating_sub(1);
            }
            let clause = matches!(
                stmt.kind,
                StmtKind::Elif(_) | StmtKind::Else | StmtKind::Except { .. } | StmtKind::Finally
            );
            for _ in usize::from(clause)..depth {
                self.out.push_str("  ");
            }
            if clause && depth == 0 {
                self.out.push('~'); // the clause of a block that another piece opened
            }
            self.stmt(&stmt.kind);
            self.span(stmt.span);
            self.out.push('\n');
            let opens = matches!(
                stmt.kind,
                StmtKind::If(_)
                    | StmtKind::For { .. }
                    | StmtKind::While(_)
                    | StmtKind::Try
                    | StmtKind::With(_)
                    | StmtKind::Match(_)
                    | StmtKind::Def(_)
            );
            depth += usize::from(opens);
        }
    }

    fn span(&mut self, span: Span) {
        if self.spans {
            let _ = write!(self.out, "@{span:?}");
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn symbol(&mut self, symbol: Symbol) {
        let text = self.interner.text(symbol).clone();
        self.text(&text);
    }

    /// ` item` for each expression.
    fn exprs(&mut self, list: List<ExprId>) {
        for &id in &self.ast[list] {
            self.text(" ");
            self.expr(id);
        }
    }

    fn option(&mut self, label: &str, id: Option<ExprId>) {
        if let Some(id) = id {
            self.text(label);
            self.expr(id);
        }
    }

    fn names(&mut self, list: List<Name>) {
        for name in &self.ast[list] {
            self.text(" ");
            self.symbol(name.symbol);
        }
    }

    fn string(&mut self, index: u32) {
        let _ = write!(self.out, "{:?}", self.ast.strings[index as usize]);
    }

    fn stmt(&mut self, kind: &StmtKind) {
        match *kind {
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Assign { targets, value } => {
                self.text("assign");
                self.exprs(targets);
                self.option(" = ", Some(value));
            }
            StmtKind::AugAssign { target, op, value } => {
                self.option("assign ", Some(target));
                let _ = write!(self.out, " {}= ", op.text());
                self.expr(value);
            }
            StmtKind::AnnAssign { target, annotation, value } => {
                self.option("annotate ", Some(target));
                self.option(": ", Some(annotation));
                self.option(" = ", value);
            }
            StmtKind::Return(value) => {
                self.text("return");
                self.option(" ", value);
            }
            StmtKind::Raise { exc, cause } => {
                self.text("raise");
                self.option(" ", exc);
                self.option(" from ", cause);
            }
            StmtKind::Assert { test, message } => {
                self.option("assert ", Some(test));
                self.option(", ", message);
            }
            StmtKind::Del(targets) => {
                self.text("del");
                self.exprs(targets);
            }
            StmtKind::Pass => self.text("pass"),
            StmtKind::Break => self.text("break"),
            StmtKind::Continue => self.text("continue"),
            StmtKind::Global(names) => {
                self.text("global");
                self.names(names);
            }
            StmtKind::Nonlocal(names) => {
                self.text("nonlocal");
                self.names(names);
            }
            StmtKind::Import(items) => {
                self.text("import");
                self.imports(items);
            }
            StmtKind::FromImport { module, items } => {
                self.text("from ");
                self.string(module);
                self.text(" import");
                self.imports(items);
            }
            StmtKind::If(test) => self.option("if ", Some(test)),
            StmtKind::Elif(test) => self.option("elif ", Some(test)),
            StmtKind::Else => self.text("else"),
            StmtKind::For { target, iter } => {
                self.option("for ", Some(target));
                self.option(" in ", Some(iter));
            }
            StmtKind::While(test) => self.option("while ", Some(test)),
            StmtKind::Try => self.text("try"),
            StmtKind::Except { exc, name } => {
                self.text("except");
                self.option(" ", exc);
                if let Some(name) = name {
                    self.text(" as ");
                    self.symbol(name.symbol);
                }
            }
            StmtKind::Finally => self.text("finally"),
            StmtKind::With(items) => {
                self.text("with");
                for item in &self.ast[items] {
                    self.option(" ", Some(item.context));
                    self.option(" as ", item.target);
                }
            }
            StmtKind::Match(subject) => self.option("match ", Some(subject)),
            StmtKind::Case { pattern, guard } => {
                self.text("case ");
                self.pattern(pattern);
                self.option(" if ", guard);
            }
            StmtKind::Def(func) => self.def(func),
            StmtKind::End => self.text("end"),
        }
    }

    fn imports(&mut self, items: List<ImportItem>) {
        for item in &self.ast[items] {
            self.text(" ");
            self.string(item.path);
            self.text(if item.renamed { " as " } else { " binds " });
            self.symbol(item.binding.symbol);
        }
    }

    fn def(&mut self, id: FuncId) {
        let func = self.ast[id];
        self.text("def ");
        self.symbol(func.name.symbol);
        self.params(func.params);
        self.option(" -> ", func.returns);
        if !func.decorators.is_empty() {
            self.text(" decorators");
            self.exprs(func.decorators);
        }
        if let FuncKind::Def { body: (start, end) } = func.kind {
            let _ = write!(self.out, " body {}", end - start);
        }
        if func.is_generator {
            self.text(" generator");
        }
        if let Some(doc) = func.doc {
            self.text(" doc ");
            self.string(doc);
        }
        self.span(func.span);
    }

    fn params(&mut self, params: List<Param>) {
        self.text("(");
        for (i, param) in self.ast[params].iter().enumerate() {
            self.text(if i > 0 { " " } else { "" });
            self.text(match param.kind {
                ParamKind::PositionalOnly => "/",
                ParamKind::Normal => "",
                ParamKind::VarArgs => "*",
                ParamKind::KeywordOnly => "!",
                ParamKind::KwArgs => "**",
            });
            self.symbol(param.name.symbol);
            self.option(":", param.annotation);
            self.option("=", param.default);
        }
        self.text(")");
    }

    fn list(&mut self, head: &str, list: List<ExprId>) {
        self.text("(");
        self.text(head);
        self.exprs(list);
        self.text(")");
    }

    fn expr(&mut self, id: ExprId) {
        let expr = self.ast[id];
        self.expr_kind(expr.kind);
        self.span(expr.span);
    }

    fn expr_kind(&mut self, kind: ExprKind) {
        match kind {
            ExprKind::None => self.text("None"),
            ExprKind::Ellipsis => self.text("..."),
            ExprKind::Bool(value) => self.text(if value { "True" } else { "False" }),
            ExprKind::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            ExprKind::BigInt(index) => {
                let _ = write!(self.out, "{}", self.ast.big_ints[index as usize]);
            }
            ExprKind::Float(value) => {
                let _ = write!(self.out, "{value:?}");
            }
            ExprKind::Str(index) => self.string(index),
            ExprKind::Bytes(index) => {
                let _ = write!(self.out, "b\"{}\"", self.ast.bytes[index as usize].escape_ascii());
            }
            ExprKind::FString(parts) => {
                self.text("(f");
                self.fstring_parts(parts);
                self.text(")");
            }
            ExprKind::Name(symbol) => self.symbol(symbol),
            ExprKind::Tuple(list) => self.list("tuple", list),
            ExprKind::List(list) => self.list("list", list),
            ExprKind::Set(list) => self.list("set", list),
            ExprKind::Dict(items) => {
                self.text("(dict");
                for item in &self.ast[items] {
                    match *item {
                        DictItem::Pair(key, value) => {
                            self.option(" ", Some(key));
                            self.option(":", Some(value));
                        }
                        DictItem::DoubleStar(value) => self.option(" **", Some(value)),
                    }
                }
                self.text(")");
            }
            ExprKind::Starred(value) => self.option("*", Some(value)),
            ExprKind::Unary { ops, operand } => {
                self.text("(");
                for op in &self.ast[ops] {
                    self.text(match op {
                        UnaryOp::Neg => "- ",
                        UnaryOp::Pos => "+ ",
                        UnaryOp::Invert => "~ ",
                        UnaryOp::Not => "not ",
                    });
                }
                self.expr(operand);
                self.text(")");
            }
            ExprKind::Binary { .. }
            | ExprKind::Attribute { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::Call { .. } => self.spine(kind),
            ExprKind::Power(list) => self.list("**", list),
            ExprKind::And(list) => self.list("and", list),
            ExprKind::Or(list) => self.list("or", list),
            ExprKind::Compare { first, rest } => {
                self.option("(compare ", Some(first));
                for item in &self.ast[rest] {
                    let op = match item.op {
                        CompareOp::Lt => "<",
                        CompareOp::Le => "<=",
                        CompareOp::Eq => "==",
                        CompareOp::Ne => "!=",
                        CompareOp::Gt => ">",
                        CompareOp::Ge => ">=",
                        CompareOp::In => "in",
                        CompareOp::NotIn => "not in",
                        CompareOp::Is => "is",
                        CompareOp::IsNot => "is not",
                    };
                    let _ = write!(self.out, " {op} ");
                    self.expr(item.right);
                }
                self.text(")");
            }
            ExprKind::Conditional(list) => self.list("if", list),
            ExprKind::Lambda(id) => {
                let func = self.ast[id];
                self.text("(lambda");
                self.params(func.params);
                if func.is_generator {
                    self.text(" generator");
                }
                if let FuncKind::Lambda { body } = func.kind {
                    self.option(" ", Some(body));
                }
                self.text(")");
            }
            ExprKind::Walrus { name, value } => {
                self.text("(:= ");
                self.symbol(name.symbol);
                self.option(" ", Some(value));
                self.text(")");
            }
            ExprKind::Yield(value) => {
                self.text("(yield");
                self.option(" ", value);
                self.text(")");
            }
            ExprKind::YieldFrom(value) => {
                self.option("(yield from ", Some(value));
                self.text(")");
            }
            ExprKind::Slice { lower, upper, step } => {
                self.text("(slice");
                for part in [lower, upper, step] {
                    match part {
                        Some(id) => self.option(" ", Some(id)),
                        None => self.text(" _"),
                    }
                }
                self.text(")");
            }
            ExprKind::ListComp { element, clauses } => self.comprehension("list", &[element], clauses),
            ExprKind::SetComp { element, clauses } => self.comprehension("set", &[element], clauses),
            ExprKind::DictComp { key, value, clauses } => self.comprehension("dict", &[key, value], clauses),
            ExprKind::Generator(id) => {
                if let FuncKind::Generator { element, clauses } = self.ast[id].kind {
                    self.comprehension("generator", &[element], clauses);
                }
            }
        }
    }

    /// A left spine, printed from its innermost left operand outwards without recursion.
    fn spine(&mut self, kind: ExprKind) {
        let mut spine = vec![];
        let mut kind = kind;
        let base = loop {
            let left = match kind {
                ExprKind::Binary { left, .. } => left,
                ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => value,
                ExprKind::Call { func, .. } => func,
                _ => break kind,
            };
            let span = self.ast[left].span;
            spine.push((kind, span));
            kind = self.ast[left].kind;
        };
        for _ in 0..spine.len() {
            self.text("(");
        }
        self.expr_kind(base);
        for (kind, left_span) in spine.into_iter().rev() {
            self.span(left_span);
            self.spine_part(kind);
            self.text(")");
        }
    }

    fn spine_part(&mut self, kind: ExprKind) {
        match kind {
            ExprKind::Binary { op, right, .. } => {
                let _ = write!(self.out, " {} ", op.text());
                self.expr(right);
            }
            ExprKind::Attribute { name, .. } => {
                self.text(" .");
                self.symbol(self.ast[name].symbol);
            }
            ExprKind::Subscript { index, .. } => self.option(" index ", Some(index)),
            ExprKind::Call { args, .. } => {
                self.text(" call");
                for arg in &self.ast[args] {
                    match *arg {
                        Arg::Positional(value) => self.option(" ", Some(value)),
                        Arg::Star(value) => self.option(" *", Some(value)),
                        Arg::DoubleStar(value) => self.option(" **", Some(value)),
                        Arg::Keyword { name, value } => {
                            self.text(" ");
                            self.symbol(name.symbol);
                            self.option("=", Some(value));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn comprehension(&mut self, what: &str, elements: &[ExprId], clauses: List<CompClause>) {
        let _ = write!(self.out, "({what}-for");
        for &element in elements {
            self.option(" ", Some(element));
        }
        for clause in &self.ast[clauses] {
            match *clause {
                CompClause::For { target, iter } => {
                    self.option(" for ", Some(target));
                    self.option(" in ", Some(iter));
                }
                CompClause::If(test) => self.option(" if ", Some(test)),
            }
        }
        self.text(")");
    }

    fn fstring_parts(&mut self, parts: List<FStringPart>) {
        for part in &self.ast[parts] {
            self.text(" ");
            match *part {
                FStringPart::Text(index) => self.string(index),
                FStringPart::Field { value, conversion, spec, .. } => {
                    self.option("{", Some(value));
                    self.text(match conversion {
                        Conversion::None => "",
                        Conversion::Str => " !s",
                        Conversion::Repr => " !r",
                        Conversion::Ascii => " !a",
                    });
                    if let Some(spec) = spec {
                        self.text(" :");
                        self.fstring_parts(spec);
                    }
                    self.text("}");
                }
            }
        }
    }

    fn patterns(&mut self, list: List<PatternId>) {
        for &id in &self.ast[list] {
            self.text(" ");
            self.pattern(id);
        }
    }

    fn pattern(&mut self, id: PatternId) {
        match self.ast[id].kind {
            PatternKind::Wildcard => self.text("_"),
            PatternKind::Capture(symbol) => {
                self.text("$");
                self.symbol(symbol);
            }
            PatternKind::Literal(value) => self.option("", Some(value)),
            PatternKind::Singleton(value) => self.option("is ", Some(value)),
            PatternKind::Value(value) => self.option("== ", Some(value)),
            PatternKind::Sequence(items) => {
                self.text("[");
                self.patterns(items);
                self.text(" ]");
            }
            PatternKind::Star(name) => {
                self.text("*");
                match name {
                    Some(name) => self.symbol(name.symbol),
                    None => self.text("_"),
                }
            }
            PatternKind::Mapping { items, rest } => {
                self.text("{");
                for item in &self.ast[items] {
                    self.option(" ", Some(item.key));
                    self.text(": ");
                    self.pattern(item.pattern);
                }
                if let Some(rest) = rest {
                    self.text(" **");
                    self.symbol(self.ast[rest].symbol);
                }
                self.text(" }");
            }
            PatternKind::Class { callee, positional, keywords, values } => {
                self.option("(", Some(callee));
                self.patterns(positional);
                for (name, &value) in self.ast[keywords].iter().zip(&self.ast[values]) {
                    self.text(" ");
                    self.symbol(name.symbol);
                    self.text("=");
                    self.pattern(value);
                }
                self.text(")");
            }
            PatternKind::Or(list) => {
                self.text("(|");
                self.patterns(list);
                self.text(")");
            }
            PatternKind::As { pattern, name } => {
                self.text("(as ");
                self.pattern(pattern);
                self.text(" ");
                self.symbol(name.symbol);
                self.text(")");
            }
        }
        self.span(self.ast[id].span);
    }
}
