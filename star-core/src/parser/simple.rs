//! Simple statements.
//!
//! In: the tokens of a line, or of what follows a header's `:`. Out: statements in the tree. Rule: all of
//! `a; b` belong to one line, and run together.

use super::block::BlockKind;
use super::expr::augmented_op;
use super::line::{Line, Parse};
use super::target::Use;
use crate::ast::*;
use crate::lexer::codes;
use crate::token::TokenKind;

use TokenKind as T;

impl Line<'_> {
    /// simple_stmts = simple_stmt {';' simple_stmt} [';'] NEWLINE
    pub(super) fn simple_stmts(&mut self) -> Parse<()> {
        loop {
            self.simple_stmt()?;
            if !self.eat(T::Semicolon) {
                return self.end_of_line();
            }
            if self.kind() == T::Newline {
                return Ok(());
            }
        }
    }

    /// The end of the line, or an error about what stands there instead.
    pub(super) fn end_of_line(&mut self) -> Parse<()> {
        if self.kind() == T::Newline { Ok(()) } else { self.leftover() }
    }

    fn simple_stmt(&mut self) -> Parse<()> {
        let start = self.here();
        let kind = match self.kind() {
            T::Pass => self.word_stmt(StmtKind::Pass),
            T::Break => self.loop_word(StmtKind::Break)?,
            T::Continue => self.loop_word(StmtKind::Continue)?,
            T::Return => self.return_stmt()?,
            T::Raise => self.raise_stmt()?,
            T::Assert => self.assert_stmt()?,
            T::Del => self.del_stmt()?,
            T::Global => self.scope_stmt(StmtKind::Global)?,
            T::Nonlocal => self.scope_stmt(StmtKind::Nonlocal)?,
            T::Import => self.import_stmt()?,
            T::From => self.import_from_stmt()?,
            T::Type if self.is_type_alias() => return self.refuse_type_alias(),
            T::Class => return self.refuse_class(),
            _ => self.expression_stmt()?,
        };
        self.stmt(kind, start);
        Ok(())
    }

    fn word_stmt(&mut self, kind: StmtKind) -> StmtKind {
        self.bump();
        kind
    }

    /// 'break' | 'continue'
    fn loop_word(&mut self, kind: StmtKind) -> Parse<StmtKind> {
        let in_function = self.blocks.iter().rev().take_while(|block| block.kind != BlockKind::Def);
        let mut loops = in_function.filter(|block| {
            matches!(block.kind, BlockKind::For | BlockKind::While)
                && block.clause == super::block::Clause::First
        });
        if loops.next().is_none() {
            let token = self.token();
            let message = format!("'{}' outside a loop", token.kind);
            return self.fail_at(codes::OUTSIDE_LOOP, token.span, message);
        }
        Ok(self.word_stmt(kind))
    }

    /// return_stmt = 'return' [star_expressions]
    fn return_stmt(&mut self) -> Parse<StmtKind> {
        let token = self.bump();
        if self.functions.is_empty() {
            return self.fail_at(codes::OUTSIDE_FUNCTION, token.span, "'return' outside a function");
        }
        if !self.starts_element() {
            return Ok(StmtKind::Return(None));
        }
        let value = self.star_expressions()?;
        self.no_lone_star(value)?;
        Ok(StmtKind::Return(Some(value)))
    }

    /// raise_stmt = 'raise' [expression ['from' expression]]
    fn raise_stmt(&mut self) -> Parse<StmtKind> {
        self.bump();
        if !self.kind().starts_expression() {
            return Ok(StmtKind::Raise { exc: None, cause: None });
        }
        let exc = Some(self.expression()?);
        let cause = if self.eat(T::From) { Some(self.expression()?) } else { None };
        Ok(StmtKind::Raise { exc, cause })
    }

    /// assert_stmt = 'assert' expression [',' expression]
    fn assert_stmt(&mut self) -> Parse<StmtKind> {
        self.bump();
        let test = self.expression()?;
        let message = if self.eat(T::Comma) { Some(self.expression()?) } else { None };
        Ok(StmtKind::Assert { test, message })
    }

    /// del_stmt = 'del' target {',' target} [',']
    fn del_stmt(&mut self) -> Parse<StmtKind> {
        self.bump();
        let mark = self.scratch.exprs.len();
        loop {
            if !self.starts_element() {
                return self.expected("a target after 'del'");
            }
            let target = self.star_expression()?;
            self.check_target(target, Use::Delete)?;
            self.scratch.exprs.push(target);
            if !self.eat(T::Comma) || !self.starts_element() {
                break;
            }
        }
        Ok(StmtKind::Del(self.take_exprs(mark)))
    }

    /// ('global' | 'nonlocal') NAME {',' NAME}
    fn scope_stmt(&mut self, kind: fn(List<Name>) -> StmtKind) -> Parse<StmtKind> {
        let token = self.bump();
        if token.kind == T::Nonlocal && self.functions.is_empty() {
            let message = "'nonlocal' at the top level, where no function is around it";
            return self.fail_at(codes::SCOPE, token.span, message);
        }
        let mark = self.scratch.names.len();
        loop {
            let name = self.name(&format!("a name after '{}'", token.kind))?;
            self.scratch.names.push(name);
            if !self.eat(T::Comma) {
                break;
            }
        }
        Ok(kind(self.take_names(mark)))
    }

    /// import_stmt = 'import' dotted ['as' NAME] {',' dotted ['as' NAME]}
    fn import_stmt(&mut self) -> Parse<StmtKind> {
        self.bump();
        let mark = self.scratch.imports.len();
        loop {
            let first = self.token();
            let path = self.dotted_path("a module name after 'import'")?;
            let renamed = self.eat(T::As);
            let binding = if renamed { self.name("a name after 'as'")? } else { self.name_of(first) };
            self.scratch.imports.push(ImportItem { path, binding, renamed });
            if !self.eat(T::Comma) {
                break;
            }
        }
        if self.kind() == T::From {
            return self.import_from();
        }
        Ok(StmtKind::Import(self.take_imports(mark)))
    }

    /// NAME {'.' NAME}, as a path with slashes
    fn dotted_path(&mut self, what: &str) -> Parse<u32> {
        let first = self.name(what)?;
        let mut path = self.interner.text(first.symbol).to_string();
        while self.eat(T::Dot) {
            let token = self.token();
            if !token.kind.is_name() {
                return self.expected("a module name after '.'");
            }
            self.bump();
            path.push('/');
            path.push_str(self.interner.text(crate::intern::Symbol(token.value)));
        }
        Ok(self.add_string(path))
    }

    /// import_from_stmt = 'from' dotted 'import' (names | '(' names [','] ')'); names = NAME ['as' NAME] {',' …}
    fn import_from_stmt(&mut self) -> Parse<StmtKind> {
        self.bump();
        if matches!(self.kind(), T::Dot | T::Ellipsis) {
            return self.relative_import();
        }
        let module = self.dotted_path("a module name after 'from'")?;
        self.expect(T::Import, "after the module's name")?;
        if self.kind() == T::Star {
            let message = "star imports no '*': name what is needed, or import the module itself";
            return self.fail_at(codes::IMPORT, self.token().span, message);
        }
        let open = (self.kind() == T::LParen).then(|| self.bump());
        if open.is_some() {
            self.enter()?;
        }
        let mark = self.scratch.imports.len();
        loop {
            let token = self.token();
            if !token.kind.is_name() {
                return self.expected("a name to import");
            }
            self.bump();
            let text = self.interner.text(crate::intern::Symbol(token.value)).clone();
            let path = self.add_string(text);
            let renamed = self.eat(T::As);
            let binding = if renamed {
                self.name("a name after 'as'")?
            } else {
                if token.kind == T::Restricted {
                    return self.refuse_name(token);
                }
                self.name_of(token)
            };
            self.scratch.imports.push(ImportItem { path, binding, renamed });
            if !self.eat(T::Comma) || (open.is_some() && self.kind() == T::RParen) {
                break;
            }
        }
        if let Some(open) = open {
            self.close(T::RParen, open)?;
        }
        Ok(StmtKind::FromImport { module, items: self.take_imports(mark) })
    }

    /// expression_stmt = targets '=' … | target op= value | target ':' annotation ['=' value] | star_expressions
    fn expression_stmt(&mut self) -> Parse<StmtKind> {
        let first = self.value()?;
        match self.kind() {
            T::Assign => self.assignment(first),
            T::Colon => self.annotated(first),
            kind => match augmented_op(kind) {
                Some(op) => {
                    self.check_target(first, Use::Augment)?;
                    self.bump();
                    let value = self.assigned_value()?;
                    Ok(StmtKind::AugAssign { target: first, op, value })
                }
                None => {
                    if matches!(self.kind(), T::Newline | T::Semicolon) {
                        self.no_lone_star(first)?;
                    }
                    Ok(StmtKind::Expr(first))
                }
            },
        }
    }

    /// yield_expr | star_expressions
    fn value(&mut self) -> Parse<ExprId> {
        if self.kind() == T::Yield { self.yield_expr() } else { self.star_expressions() }
    }

    /// What follows a '='.
    fn assigned_value(&mut self) -> Parse<ExprId> {
        if !self.starts_element() && self.kind() != T::Yield {
            return self.no_value();
        }
        let value = self.value()?;
        if self.kind() != T::Assign {
            self.no_lone_star(value)?;
        }
        Ok(value)
    }

    /// targets '=' {targets '='} value
    fn assignment(&mut self, first: ExprId) -> Parse<StmtKind> {
        let mark = self.scratch.exprs.len();
        let mut value = first;
        while self.kind() == T::Assign {
            self.check_target(value, Use::Assign)?;
            self.scratch.exprs.push(value);
            self.bump();
            value = self.assigned_value()?;
        }
        Ok(StmtKind::Assign { targets: self.take_exprs(mark), value })
    }

    /// target ':' expression ['=' value]
    fn annotated(&mut self, target: ExprId) -> Parse<StmtKind> {
        if !matches!(self.next_kind(), kind if kind.starts_expression()) {
            return self.leftover();
        }
        self.check_target(target, Use::Annotate)?;
        self.bump();
        let annotation = self.expression()?;
        let value = if self.eat(T::Assign) { Some(self.assigned_value()?) } else { None };
        Ok(StmtKind::AnnAssign { target, annotation, value })
    }

    /// A starred expression needs a list or tuple around it.
    pub(super) fn no_lone_star(&mut self, value: ExprId) -> Parse<()> {
        match self.ast[value].kind {
            ExprKind::Starred(_) => {
                let message = "a starred expression needs a list or tuple around it; a tuple ends with ','";
                self.fail_at(codes::STARRED, self.span_of(value), message)
            }
            _ => Ok(()),
        }
    }
}
