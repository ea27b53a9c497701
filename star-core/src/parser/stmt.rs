//! Compound statements: headers and clauses.
//!
//! In: a logical line that starts with a block keyword. Out: its statements in the tree, and the block on the
//! stack of open ones. Rule: a header knows nothing of what follows it; the stack does.

use super::block::{Block, BlockKind, Clause, Function, Phase};
use super::line::{Line, Parse};
use super::target::Use;
use crate::ast::*;
use crate::lexer::codes;
use crate::lexer::problem::Problem;
use crate::span::Span;
use crate::token::TokenKind;

use TokenKind as T;

/// Decorators whose `def` has not come yet.
#[derive(Default)]
pub(super) struct Decorators {
    pub(super) exprs: Vec<ExprId>,
    /// Where the first `@` stands.
    pub(super) start: u32,
}

impl Line<'_> {
    /// line = compound header | clause header | simple_stmts
    pub(super) fn line(&mut self) -> Parse<()> {
        let kind = self.kind();
        if let Some(Block { kind: BlockKind::Match, phase: Phase::Suite, .. }) = self.blocks.last() {
            return if kind == T::Case { self.case_clause() } else { self.expected("'case'") };
        }
        if !self.decorators.exprs.is_empty() && !matches!(kind, T::Def | T::At | T::Class) {
            return self.expected("'def' after a decorator");
        }
        match kind {
            T::If => self.if_stmt(),
            T::For => self.for_stmt(),
            T::While => self.while_stmt(),
            T::Try => self.try_stmt(),
            T::With => self.with_stmt(),
            T::Def => self.def(),
            T::At => self.decorator(),
            T::Elif | T::Else | T::Except | T::Finally => self.clause(),
            T::Match if self.is_match_stmt() => self.match_stmt(),
            _ => self.simple_stmts(),
        }
    }

    /// Opens a block whose header has been read up to its `:`.
    fn open(&mut self, kind: BlockKind, start: u32, word: T) -> Parse<()> {
        if self.blocks.len() as u32 >= self.max_nesting {
            return self.enter();
        }
        self.blocks.push(Block {
            kind,
            clause: Clause::First,
            phase: Phase::Suite,
            at: start,
            line: None,
            word,
            exhausted: false,
        });
        self.depth += 1;
        self.suite()
    }

    /// suite = NEWLINE, with the block to follow | simple_stmts
    fn suite(&mut self) -> Parse<()> {
        if self.kind() == T::Newline {
            self.set_phase(Phase::Header);
            return Ok(());
        }
        self.set_phase(Phase::Suite);
        self.simple_stmts()?;
        self.set_phase(Phase::Ended);
        Ok(())
    }

    fn set_phase(&mut self, phase: Phase) {
        if let Some(block) = self.blocks.last_mut() {
            block.phase = phase;
        }
    }

    /// The `:` of a header.
    fn colon(&mut self, after: &str) -> Parse<()> {
        if self.kind() == T::Colon {
            self.bump();
            return Ok(());
        }
        self.missing_colon(after)
    }

    /// The condition of `if`, `elif` or `while`, with its `:`.
    fn condition(&mut self, word: T) -> Parse<ExprId> {
        if !self.kind().starts_expression() {
            return self.expected(&format!("a condition after '{word}'"));
        }
        let test = self.named_expression()?;
        self.colon("after the condition")?;
        Ok(test)
    }

    /// if_stmt = 'if' named_expression ':' suite
    fn if_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let test = self.condition(T::If)?;
        self.stmt(StmtKind::If(test), start);
        self.open(BlockKind::If, start, T::If)
    }

    /// while_stmt = 'while' named_expression ':' suite
    fn while_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let test = self.condition(T::While)?;
        self.stmt(StmtKind::While(test), start);
        self.open(BlockKind::While, start, T::While)
    }

    /// for_stmt = 'for' targets 'in' star_expressions ':' suite
    fn for_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        if self.kind() == T::LParen {
            self.check_c_style_for()?;
        }
        let target = self.targets("after 'for'")?;
        self.check_target(target, Use::For)?;
        self.expect(T::In, "after the target of 'for'")?;
        if !self.starts_element() {
            return self.expected("something to iterate over after 'in'");
        }
        let iter = self.star_expressions()?;
        self.no_lone_star(iter)?;
        self.colon("after the 'for' line")?;
        self.stmt(StmtKind::For { target, iter }, start);
        self.open(BlockKind::For, start, T::For)
    }

    /// try_stmt = 'try' ':' suite
    fn try_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        self.colon("after 'try'")?;
        self.stmt(StmtKind::Try, start);
        self.open(BlockKind::Try, start, T::Try)
    }

    /// with_stmt = 'with' ('(' with_items [','] ')' | with_items) ':' suite
    fn with_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let items = match self.parenthesized_with_items() {
            Some(items) => items,
            None => self.with_items(T::Colon)?,
        };
        self.colon("after the 'with' line")?;
        self.stmt(StmtKind::With(items), start);
        self.open(BlockKind::With, start, T::With)
    }

    /// '(' with_items [','] ')' with a ':' after it; anything else in parentheses is an ordinary expression.
    fn parenthesized_with_items(&mut self) -> Option<List<WithItem>> {
        if self.kind() != T::LParen {
            return None;
        }
        let mut depth = 0u32;
        let closing = self.tokens[self.at..].iter().position(|token| {
            match token.kind {
                T::LParen | T::LBracket | T::LBrace | T::FieldOpen => depth += 1,
                T::RParen | T::RBracket | T::RBrace | T::FieldClose => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        if self.tokens.get(self.at + closing + 1)?.kind != T::Colon {
            return None;
        }
        let (at, depth) = (self.at, self.depth);
        self.bump();
        self.depth += 1;
        if let Ok(items) = self.with_items(T::RParen)
            && self.eat(T::RParen)
            && self.kind() == T::Colon
        {
            self.depth = depth;
            return Some(items);
        }
        self.at = at;
        self.depth = depth;
        self.problem = None;
        self.scratch.clear();
        None
    }

    /// with_items = with_item {',' with_item}; with_item = expression ['as' target]
    fn with_items(&mut self, end: T) -> Parse<List<WithItem>> {
        let mark = self.scratch.with_items.len();
        loop {
            let context = self.expression()?;
            let target = if self.eat(T::As) {
                let target = self.target_after_as()?;
                self.check_target(target, Use::With)?;
                Some(target)
            } else {
                None
            };
            self.scratch.with_items.push(WithItem { context, target });
            if !self.eat(T::Comma) || (end == T::RParen && self.kind() == end) {
                break;
            }
        }
        Ok(self.take_with_items(mark))
    }

    fn target_after_as(&mut self) -> Parse<ExprId> {
        if !self.starts_element() {
            return self.expected("a target after 'as'");
        }
        if self.kind() == T::Star { self.starred() } else { self.primary() }
    }

    /// decorator = '@' named_expression NEWLINE
    fn decorator(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let value = self.named_expression()?;
        if self.decorators.exprs.is_empty() {
            self.decorators.start = start;
        }
        self.decorators.exprs.push(value);
        self.end_of_line()
    }

    /// def = 'def' NAME '(' parameters ')' ['->' expression] ':' suite
    fn def(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let name = self.name("a function name after 'def'")?;
        if self.kind() == T::LBracket {
            let message = "star has no type parameters; leave the brackets out";
            return self.fail_at(codes::REFUSED, self.token().span, message);
        }
        let open = self.expect(T::LParen, "after the function's name")?;
        self.enter()?;
        let params = self.parameters(T::RParen)?;
        self.close(T::RParen, open)?;
        let returns = if self.eat(T::Arrow) { Some(self.return_annotation()?) } else { None };
        self.colon("after the parameters")?;
        let mark = self.scratch.exprs.len();
        let decorated = !self.decorators.exprs.is_empty();
        self.scratch.exprs.append(&mut self.decorators.exprs);
        let decorators = self.take_exprs(mark);
        let first = if decorated { self.decorators.start } else { start };
        let func = self.add_func(FuncKind::Def { body: (0, 0) }, name, params, Span::at(first));
        let entry = &mut self.ast.funcs[func.index()];
        entry.decorators = decorators;
        entry.returns = returns;
        self.stmt(StmtKind::Def(func), start);
        self.functions.push(Function { func, yields: false, body: self.ast.stmts.len() });
        self.open(BlockKind::Def, start, T::Def)
    }

    fn return_annotation(&mut self) -> Parse<ExprId> {
        if !self.kind().starts_expression() {
            return self.expected("a return annotation after '->'");
        }
        self.expression()
    }

    /// A match statement ends with ':' and a simple statement never does.
    fn is_match_stmt(&self) -> bool {
        let ends_with_colon = match self.tokens {
            [.., last, end] => last.kind == T::Colon && end.kind.is_end(),
            _ => false,
        };
        ends_with_colon && self.tokens.len() > self.at + 3 && self.next_kind() != T::Colon
    }

    /// match_stmt = 'match' subject ':' NEWLINE; subject = star_named_expression ',' … | named_expression
    fn match_stmt(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        let first_at = self.here();
        let first = self.star_named_expression()?;
        let subject = if self.kind() == T::Comma {
            let mark = self.scratch.exprs.len();
            self.scratch.exprs.push(first);
            while self.eat(T::Comma) && self.starts_element() {
                let element = self.star_named_expression()?;
                self.scratch.exprs.push(element);
            }
            let list = self.take_exprs(mark);
            self.expr_from(ExprKind::Tuple(list), first_at)
        } else {
            self.no_lone_star(first)?;
            first
        };
        self.colon("after the subject of 'match'")?;
        self.stmt(StmtKind::Match(subject), start);
        if self.kind() != T::Newline {
            return self.expected("a new line after 'match …:'");
        }
        self.refuse_blocked_word(T::Match, start)?;
        self.open(BlockKind::Match, start, T::Match)
    }

    /// case = 'case' patterns ['if' named_expression] ':' suite
    fn case_clause(&mut self) -> Parse<()> {
        let start = self.bump().span.start;
        if let Some(Block { exhausted: true, .. }) = self.blocks.last() {
            let message = "this case is never reached: the one before it matches everything";
            return self.fail_at(codes::PATTERN, Span::new(start, start + 4), message);
        }
        let pattern = self.patterns()?;
        let guard = if self.eat(T::If) { Some(self.named_expression()?) } else { None };
        self.colon("after the pattern of 'case'")?;
        let exhausts = guard.is_none() && self.is_irrefutable(pattern);
        if let Some(block) = self.blocks.last_mut() {
            block.exhausted = exhausts;
        }
        self.stmt(StmtKind::Case { pattern, guard }, start);
        self.open(BlockKind::Case, start, T::Case)
    }

    /// 'elif' named_expression ':' | 'else' ':' | 'except' [expression ['as' NAME]] ':' | 'finally' ':'
    fn clause(&mut self) -> Parse<()> {
        let token = self.token();
        let block = self.blocks.last().copied().filter(|block| block.phase == Phase::Ended);
        let Some(block) = block.filter(|block| block.continues_with(token.kind)) else {
            return self.stray_clause();
        };
        self.bump();
        let start = token.span.start;
        let (kind, clause) = match token.kind {
            T::Elif => (StmtKind::Elif(self.condition(T::Elif)?), Clause::First),
            T::Except => self.except_header(block)?,
            T::Else => {
                self.else_if(token)?;
                self.colon("after 'else'")?;
                (StmtKind::Else, Clause::Else)
            }
            _ => {
                self.colon("after 'finally'")?;
                (StmtKind::Finally, Clause::Finally)
            }
        };
        self.stmt(kind, start);
        if let Some(block) = self.blocks.last_mut() {
            (block.clause, block.at, block.line, block.word) = (clause, start, None, token.kind);
        }
        self.suite()
    }

    fn except_header(&mut self, block: Block) -> Parse<(StmtKind, Clause)> {
        if block.clause == Clause::BareExcept {
            let message = "no 'except' can follow one without a type, which catches everything";
            return self.fail_at(codes::CLAUSE, self.tokens[self.at - 1].span, message);
        }
        if self.kind() == T::Star {
            let message = "star has no exception groups: write 'except' without '*'";
            let span = self.token().span;
            let problem = Problem::new(codes::REFUSED, span, message);
            return self.fail(problem.suggesting(span, "", "delete '*'"));
        }
        if self.kind() == T::Colon {
            self.bump();
            return Ok((StmtKind::Except { exc: None, name: None }, Clause::BareExcept));
        }
        let exc = self.expression()?;
        if self.kind() == T::Comma {
            return self.unparenthesized_except(exc);
        }
        let name = if self.eat(T::As) { Some(self.name("a name after 'as'")?) } else { None };
        if name.is_some() && matches!(self.kind(), T::Dot | T::LBracket) {
            let message = "the target of 'except … as' must be a plain name";
            return self.fail_at(codes::TARGET, self.token().span, message);
        }
        self.colon("after the 'except' line")?;
        Ok((StmtKind::Except { exc: Some(exc), name }, Clause::Except))
    }
}
