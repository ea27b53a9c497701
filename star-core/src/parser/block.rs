//! Open blocks, and how lines open, continue and close them.
//!
//! In: a line's indentation and first word. Out: `End`s in the tree, or an error about indentation. Rule: a block
//! closes when the next line stands at its indent or less and cannot continue it; nothing looks further ahead.

use crate::ast::*;
use crate::lexer::problem::Problem;
use crate::lexer::{Change, codes, found};
use crate::span::{Position, Span};
use crate::token::{Token, TokenKind};

use TokenKind as T;

/// A compound statement that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) clause: Clause,
    pub(super) phase: Phase,
    /// Where its last header starts, in the piece that holds it.
    pub(super) at: u32,
    /// The line of that header, once its piece is gone.
    pub(super) line: Option<u32>,
    /// The first word of that header.
    pub(super) word: TokenKind,
    /// Of a `match`: a case without guard has matched everything.
    pub(super) exhausted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BlockKind {
    If,
    For,
    While,
    Try,
    With,
    Match,
    Case,
    Def,
}

/// The clause that was opened last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Clause {
    /// The header itself, or `elif`.
    First,
    Except,
    BareExcept,
    Else,
    Finally,
}

/// Where a block's reader stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// The header was read; an indented suite must follow.
    Header,
    /// In the suite.
    Suite,
    /// The suite has ended; another clause may follow.
    Ended,
}

/// A `def` that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    pub(super) func: FuncId,
    pub(super) yields: bool,
    /// Its first body statement.
    pub(super) body: usize,
}

impl Block {
    /// Whether a line that starts with `word` at the block's own indent belongs to it.
    pub(super) fn continues_with(&self, word: TokenKind) -> bool {
        match (self.kind, self.clause) {
            (BlockKind::If, Clause::First) => matches!(word, T::Elif | T::Else),
            (BlockKind::For | BlockKind::While, Clause::First) => word == T::Else,
            (BlockKind::Try, Clause::First) => matches!(word, T::Except | T::Finally),
            (BlockKind::Try, Clause::Except | Clause::BareExcept) => {
                matches!(word, T::Except | T::Else | T::Finally)
            }
            (BlockKind::Try, Clause::Else) => word == T::Finally,
            _ => false,
        }
    }

    /// Whether any clause could still follow.
    fn may_continue(&self) -> bool {
        [T::Else, T::Finally].into_iter().any(|word| self.continues_with(word))
    }
}

/// The parts of the parser that closing blocks needs.
pub(super) struct Blocks<'a> {
    pub(super) blocks: &'a mut Vec<Block>,
    pub(super) functions: &'a mut Vec<Function>,
    pub(super) ast: &'a mut Ast,
    /// End of the last line in the piece.
    pub(super) last_end: u32,
    pub(super) text: &'a str,
    /// Where `text` starts.
    pub(super) base: Position,
    /// The first token of the line that starts, if it is a word, or a stand-in for it.
    pub(super) first: Token,
}

/// What a line's start or end has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Closed {
    /// No block, or not all that must be closed.
    No,
    /// The outermost `def`; there may be more to close.
    Def,
}

impl Blocks<'_> {
    /// Checks the indentation of a new line against what the last one asked for.
    pub(super) fn check_indent(&mut self, change: Change) -> Result<(), Box<Problem>> {
        let waiting = self.blocks.last_mut().filter(|block| block.phase == Phase::Header);
        match (waiting, change) {
            (Some(block), Change::In) => {
                block.phase = Phase::Suite;
                Ok(())
            }
            (Some(_), _) => Err(self.no_suite()),
            (None, Change::In) => Err(self.unexpected_indent()),
            (None, _) => Ok(()),
        }
    }

    /// Closes one block of those that end before a line, after `outs` suites have ended; `None` if none is left.
    pub(super) fn close_next(&mut self, outs: &mut u32) -> Result<Option<Closed>, Box<Problem>> {
        loop {
            let Some(&block) = self.blocks.last() else { return Ok(None) };
            if block.phase == Phase::Ended {
                let stays = *outs == 0 && block.continues_with(self.first.kind);
                return if stays { Ok(None) } else { self.close_last().map(Some) };
            }
            if *outs == 0 {
                return Ok(None);
            }
            *outs -= 1;
            if let Some(block) = self.blocks.last_mut() {
                block.phase = Phase::Ended;
            }
        }
    }

    /// Closes the block whose one-line form was just read, if nothing can continue it.
    pub(super) fn close_one_liners(&mut self) -> Result<Closed, Box<Problem>> {
        match self.blocks.last() {
            Some(block) if block.phase == Phase::Ended && !block.may_continue() => self.close_last(),
            _ => Ok(Closed::No),
        }
    }

    /// Closes the innermost block, whose suite has ended.
    fn close_last(&mut self) -> Result<Closed, Box<Problem>> {
        let Some(block) = self.blocks.pop() else { return Ok(Closed::No) };
        match block.kind {
            BlockKind::Case => return Ok(Closed::No),
            BlockKind::Try if block.clause == Clause::First => return Err(self.no_handler(block)),
            BlockKind::Def => self.close_function(),
            _ => {}
        }
        let text_end = self.last_end;
        self.ast
            .stmts
            .push(Stmt { kind: StmtKind::End, span: Span::new(text_end.saturating_sub(1), text_end) });
        let outermost = block.kind == BlockKind::Def && self.functions.is_empty();
        Ok(if outermost { Closed::Def } else { Closed::No })
    }

    fn close_function(&mut self) {
        let Some(function) = self.functions.pop() else { return };
        let end = self.ast.stmts.len();
        let doc = match self.ast.stmts.get(function.body).map(|stmt| stmt.kind) {
            Some(StmtKind::Expr(value)) if function.body < end => match self.ast[value].kind {
                ExprKind::Str(text) => Some(text),
                _ => None,
            },
            _ => None,
        };
        let func = &mut self.ast.funcs[function.func.index()];
        func.kind = FuncKind::Def { body: (function.body as u32, end as u32) };
        func.is_generator = function.yields;
        func.doc = doc;
        func.span.end = self.last_end;
    }

    #[cold]
    fn no_suite(&self) -> Box<Problem> {
        let header = match self.blocks.last() {
            Some(block) if block.kind == BlockKind::Def => {
                format!("the 'def' on line {}", self.line_of(block))
            }
            Some(block) => format!("'{}' on line {}", block.word, self.line_of(block)),
            None => "the header".to_string(),
        };
        let found = found(self.first, self.text);
        let message = format!("expected an indented block after {header}, found {found}");
        let problem = Problem::new(codes::NO_BLOCK, self.first.span, message);
        problem.with_kind("IndentationError").expecting("an indented block")
    }

    /// The line of a block's last header.
    fn line_of(&self, block: &Block) -> u32 {
        let before = self.text.get(..block.at as usize).unwrap_or("");
        block.line.unwrap_or_else(|| self.base.advance(before).line)
    }

    #[cold]
    fn unexpected_indent(&self) -> Box<Problem> {
        let message = "unexpected indent: no block was opened in the line before";
        Problem::new(codes::INDENT, self.first.span, message).with_kind("IndentationError")
    }

    #[cold]
    fn no_handler(&self, block: Block) -> Box<Problem> {
        let (line, found) = (self.line_of(&block), found(self.first, self.text));
        let message = format!("expected 'except' or 'finally' after the 'try' on line {line}, found {found}");
        let problem = Problem::new(codes::CLAUSE, self.first.span, message);
        problem.expecting("'except'").expecting("'finally'")
    }
}
