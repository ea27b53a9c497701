//! The cursor over the tokens of one logical line.
//!
//! In: the line's tokens, closed by a `Newline`, and the text they point into. Out: nodes in the arenas of the
//! current [`Ast`]. Rule: the grammar's functions, spread over the files next to this one, only move forward; a
//! list is gathered on a scratch stack and copied into its arena when complete, so nested lists do not mix.

use std::sync::Arc;

use super::block::{Block, Function};
use super::stmt::Decorators;
use crate::ast::*;
use crate::intern::{Interner, Symbol};
use crate::lexer::problem::Problem;
use crate::lexer::{Blocked, codes, found};
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// The line has an error, which is kept in [`Line::problem`].
#[derive(Debug)]
pub(super) struct Failed;

/// What a grammar function returns.
pub(super) type Parse<T> = Result<T, Failed>;

/// Stacks on which lists are gathered.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) exprs: Vec<ExprId>,
    pub(super) patterns: Vec<PatternId>,
    pub(super) args: Vec<Arg>,
    pub(super) params: Vec<Param>,
    pub(super) clauses: Vec<CompClause>,
    pub(super) compares: Vec<CompareItem>,
    pub(super) unary_ops: Vec<UnaryOp>,
    pub(super) dict_items: Vec<DictItem>,
    pub(super) fstring_parts: Vec<FStringPart>,
    pub(super) names: Vec<Name>,
    pub(super) with_items: Vec<WithItem>,
    pub(super) imports: Vec<ImportItem>,
    pub(super) mapping_items: Vec<MappingItem>,
    /// Names that the pattern being read binds.
    pub(super) bound: Vec<Name>,
}

impl Scratch {
    /// Drops what a line that failed left behind.
    pub(super) fn clear(&mut self) {
        self.exprs.clear();
        self.patterns.clear();
        self.args.clear();
        self.params.clear();
        self.clauses.clear();
        self.compares.clear();
        self.unary_ops.clear();
        self.dict_items.clear();
        self.fstring_parts.clear();
        self.names.clear();
        self.with_items.clear();
        self.imports.clear();
        self.mapping_items.clear();
        self.bound.clear();
    }
}

/// A logical line being parsed.
pub(super) struct Line<'a> {
    /// The piece so far; spans point into it.
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// Index of the current token.
    pub(super) at: usize,
    pub(super) ast: &'a mut Ast,
    pub(super) interner: &'a mut Interner,
    pub(super) scratch: &'a mut Scratch,
    pub(super) blocks: &'a mut Vec<Block>,
    pub(super) functions: &'a mut Vec<Function>,
    pub(super) decorators: &'a mut Decorators,
    pub(super) blocked: &'a Blocked,
    /// Open blocks, brackets, lambdas and f-strings here.
    pub(super) depth: u32,
    pub(super) max_nesting: u32,
    /// Whether a function other than a lambda is open here, and how the innermost lambda fares.
    pub(super) lambda: Option<LambdaScope>,
    /// How many `yield`s were read in this line and function, and the last of them.
    pub(super) yields: u32,
    pub(super) last_yield: Span,
    /// How many comprehension iterables are being read.
    pub(super) in_iterable: u32,
    /// The error, and the token it was found at.
    pub(super) problem: Option<Box<Problem>>,
    pub(super) failed_at: usize,
}

/// The innermost lambda being read.
#[derive(Clone, Copy, Default)]
pub(super) struct LambdaScope {
    pub(super) yields: bool,
}

macro_rules! lists {
    ($($take:ident $field:ident $arena:ident $item:ty;)*) => {$(
        /// Moves what was gathered since `mark` into its arena.
        pub(super) fn $take(&mut self, mark: usize) -> List<$item> {
            let start = self.ast.$arena.len();
            self.ast.$arena.extend_from_slice(&self.scratch.$field[mark..]);
            self.scratch.$field.truncate(mark);
            List::new(start..self.ast.$arena.len())
        }
    )*};
}

impl Line<'_> {
    lists! {
        take_exprs exprs expr_lists ExprId;
        take_patterns patterns pattern_lists PatternId;
        take_args args args Arg;
        take_params params params Param;
        take_clauses clauses clauses CompClause;
        take_compares compares compares CompareItem;
        take_unary_ops unary_ops unary_ops UnaryOp;
        take_dict_items dict_items dict_items DictItem;
        take_fstring_parts fstring_parts fstring_parts FStringPart;
        take_names names names Name;
        take_with_items with_items with_items WithItem;
        take_imports imports imports ImportItem;
        take_mapping_items mapping_items mapping_items MappingItem;
    }

    /// The current token's kind.
    #[inline]
    pub(super) fn kind(&self) -> TokenKind {
        self.tokens[self.at].kind
    }

    /// The current token.
    #[inline]
    pub(super) fn token(&self) -> Token {
        self.tokens[self.at]
    }

    /// The kind of the token after the current one.
    pub(super) fn next_kind(&self) -> TokenKind {
        self.tokens.get(self.at + 1).map_or(TokenKind::Newline, |token| token.kind)
    }

    /// Passes the current token, which is not the line's end.
    #[inline]
    pub(super) fn bump(&mut self) -> Token {
        let token = self.tokens[self.at];
        debug_assert!(!token.kind.is_end());
        self.at += 1;
        token
    }

    /// Passes the current token if it is a `kind`.
    ///
    /// Written with a branch: without one (`self.at += usize::from(hit)`), rustc 1.95 with opt-level 3 and fat LTO
    /// loses the increment on the way back to the head of some loops (`global a, b` failed at the comma).
    #[inline]
    pub(super) fn eat(&mut self, kind: TokenKind) -> bool {
        if self.kind() != kind {
            return false;
        }
        self.at += 1;
        true
    }

    /// Where the current token starts.
    #[inline]
    pub(super) fn here(&self) -> u32 {
        self.tokens[self.at].span.start
    }

    /// From `start` to the end of the token passed last.
    #[inline]
    pub(super) fn span_from(&self, start: u32) -> Span {
        let end = self.at.checked_sub(1).map_or(start, |before| self.tokens[before].span.end);
        Span::new(start, end.max(start))
    }

    /// The text of a token.
    pub(super) fn text_of(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Adds an expression.
    #[inline]
    pub(super) fn expr(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = Id::new(self.ast.exprs.len());
        self.ast.exprs.push(Expr { kind, span });
        id
    }

    /// Adds an expression from `start` to the last token.
    #[inline]
    pub(super) fn expr_from(&mut self, kind: ExprKind, start: u32) -> ExprId {
        let span = self.span_from(start);
        self.expr(kind, span)
    }

    /// Adds a statement from `start` to the last token.
    pub(super) fn stmt(&mut self, kind: StmtKind, start: u32) {
        let span = self.span_from(start);
        self.ast.stmts.push(Stmt { kind, span });
    }

    /// Adds a string.
    pub(super) fn add_string(&mut self, text: impl Into<Arc<str>>) -> u32 {
        self.ast.strings.push(text.into());
        (self.ast.strings.len() - 1) as u32
    }

    /// The span of an expression.
    pub(super) fn span_of(&self, id: ExprId) -> Span {
        self.ast.exprs[id.index()].span
    }

    /// A name token as a name.
    pub(super) fn name_of(&self, token: Token) -> Name {
        Name { symbol: Symbol(token.value), span: token.span }
    }

    /// NAME, as something that is bound.
    pub(super) fn name(&mut self, what: &str) -> Parse<Name> {
        let token = self.token();
        if token.kind == TokenKind::Restricted {
            return self.refuse_name(token);
        }
        if !token.kind.is_name() {
            return self.expected(what);
        }
        self.bump();
        Ok(self.name_of(token))
    }

    /// Passes a `kind` or fails.
    pub(super) fn expect(&mut self, kind: TokenKind, after: &str) -> Parse<Token> {
        if self.kind() == kind {
            return Ok(self.bump());
        }
        self.expected_after(kind, after)
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self) -> Parse<()> {
        if self.depth >= self.max_nesting {
            let message = format!("the source is nested more than {} levels deep", self.max_nesting);
            return self.fail(Problem::new(codes::NESTING, self.token().span, message));
        }
        self.depth += 1;
        Ok(())
    }

    /// Comes back from [`Self::enter`].
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Fails at the current token.
    #[cold]
    pub(super) fn fail<T>(&mut self, problem: Box<Problem>) -> Parse<T> {
        self.problem = Some(problem);
        self.failed_at = self.at;
        Err(Failed)
    }

    /// Fails at `span`.
    #[cold]
    pub(super) fn fail_at<T>(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Parse<T> {
        self.fail(Problem::new(code, span, message))
    }

    /// Fails because the current token is not `what`.
    #[cold]
    pub(super) fn expected<T>(&mut self, what: &str) -> Parse<T> {
        let token = self.token();
        let message = format!("expected {what}, found {}", found(token, self.text));
        let problem = Problem::new(codes::UNEXPECTED, token.span, message).expecting(what);
        let problem = self.hint(problem);
        self.fail(problem)
    }

    /// Fails because the current token is not a `kind` after something.
    #[cold]
    pub(super) fn expected_after<T>(&mut self, kind: TokenKind, after: &str) -> Parse<T> {
        let token = self.token();
        let message = format!("expected '{kind}' {after}, found {}", found(token, self.text));
        let code = if kind == TokenKind::Colon { codes::MISSING_COLON } else { codes::UNEXPECTED };
        let mut problem = Problem::new(code, token.span, message).expecting(format!("'{kind}'"));
        if let Some(before) = self.at.checked_sub(1).map(|at| self.tokens[at].span.end)
            && token.kind == TokenKind::Newline
            && !kind.is_keyword()
        {
            problem = problem.suggesting(Span::at(before), kind.text(), format!("put '{kind}' here"));
        }
        let problem = self.hint(problem);
        self.fail(problem)
    }
}

/// The code of the problem that stands for "the tree exceeds the budget".
pub(super) const OVER_BUDGET: &str = "";
