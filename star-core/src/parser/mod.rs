//! Tokens to pieces of program.
//!
//! In: chunks of the stream, cut anywhere, through [`Parser::push`]. Out: [`Piece`]s from [`Parser::next`]: a
//! whole top-level statement, or, when blocks run eagerly, one line of a block that is still open. Rule: a piece
//! depends on the text only, never on how it was cut; and no byte is looked at twice.
//!
//! A logical line is read into tokens, then parsed by recursive descent over them: `stmt` and `simple` take
//! statements, `expr`, `atom`, `call` and their neighbours expressions; `block` keeps what is open between lines.

mod atom;
mod block;
mod call;
mod class;
mod comprehension;
pub mod dump;
mod expr;
mod hints;
mod line;
mod literal;
mod params;
mod pattern;
mod refuse;
mod simple;
mod stmt;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::ast::*;
use crate::diagnostic::Diagnostic;
use crate::intern::{Interner, Symbol};
use crate::lexer::problem::Problem;
use crate::lexer::{Change, Lexer, Scan, codes};
use crate::source::SourceText;
use crate::span::{Location, Position, Span};
use crate::token::{Token, TokenKind};

use block::{Block, Blocks, Closed, Function, Phase};
use line::{Failed, Line, OVER_BUDGET, Scratch};
use refuse::Verdict;
use stmt::Decorators;

pub use crate::lexer::Blocked;

/// How a stream is to be read.
#[derive(Clone, Debug)]
pub struct ParserOptions {
    /// The source's name in messages.
    pub name: Arc<str>,
    /// Hand out the lines of a top-level block while it is still open.
    pub eager: bool,
    /// How deep blocks, brackets, lambdas and f-strings may nest; at most [`ParserOptions::MAX_NESTING`].
    pub max_nesting: u32,
    /// Keywords and names that the host refuses.
    pub blocked: Blocked,
}

impl ParserOptions {
    /// What the native stack bears.
    pub const MAX_NESTING: u32 = 1000;
}

impl Default for ParserOptions {
    fn default() -> ParserOptions {
        ParserOptions { name: "<stdin>".into(), eager: false, max_nesting: 200, blocked: Blocked::default() }
    }
}

/// What [`Parser::next`] found.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // handed on by value once per statement; a box would cost an allocation
pub enum Parsed {
    /// The next piece.
    Piece(Piece),
    /// Nothing is complete: push more, or finish.
    NeedMore,
    /// The end of input.
    End,
    /// A syntax error; the parser stays there until [`Parser::resume_from`].
    Error(Box<Diagnostic>),
    /// What is being read takes more memory than the budget.
    TooLarge(Location),
}

/// A complete part of the program.
#[derive(Debug)]
pub struct Piece {
    /// Its tree.
    pub ast: Ast,
    /// Where the top-level statement starts that it belongs to.
    pub start: Position,
    /// It is the first piece of that statement.
    pub opens_unit: bool,
    /// It is the last.
    pub closes_unit: bool,
}

/// The resumable parser.
pub struct Parser {
    lexer: Lexer,
    tokens: Vec<Token>,
    /// The tree of the current piece.
    ast: Ast,
    /// A tree whose vectors can be used again.
    spare: Option<Ast>,
    /// The source of a tree that is not complete.
    no_source: Arc<SourceText>,
    /// The source of the piece handed out last, in which blocks that end after it have their last byte.
    last_source: Option<Arc<SourceText>>,
    scratch: Scratch,
    blocks: Vec<Block>,
    functions: Vec<Function>,
    decorators: Decorators,
    /// Complete pieces that were not handed out: a function that ends, and the `End`s after it.
    ready: Option<Piece>,
    after_ready: Option<Piece>,
    /// The end of input was reached.
    at_end: bool,
    /// The current piece has text: at least one line is in its tree.
    has_lines: bool,
    /// Where the statement being read starts, if one is.
    unit: Option<Position>,
    /// No piece of that statement was handed out.
    opens_unit: bool,
    /// End of the last line's last token in the current piece.
    last_end: u32,
    /// End of the last line, comment included, without its line end.
    text_end: u32,
    stopped: Option<Stopped>,
    name: Arc<str>,
    eager: bool,
    max_nesting: u32,
    blocked: Blocked,
    budget: usize,
}

/// Why the parser goes no further.
enum Stopped {
    Error(Box<Diagnostic>),
    TooLarge(Location),
}

impl Parser {
    /// A parser at the start of a stream.
    pub fn new(options: ParserOptions) -> Parser {
        let max_nesting = options.max_nesting.min(ParserOptions::MAX_NESTING);
        let no_source = Arc::new(SourceText {
            name: options.name.clone(),
            base: Position::default(),
            text: Box::default(),
        });
        Parser {
            lexer: Lexer::new(max_nesting, options.blocked.clone()),
            tokens: Vec::new(),
            ast: Ast::new(no_source.clone()),
            spare: None,
            no_source,
            last_source: None,
            scratch: Scratch::default(),
            blocks: Vec::new(),
            functions: Vec::new(),
            decorators: Decorators::default(),
            ready: None,
            after_ready: None,
            at_end: false,
            has_lines: false,
            unit: None,
            opens_unit: true,
            last_end: 0,
            text_end: 0,
            stopped: None,
            name: options.name,
            eager: options.eager,
            max_nesting,
            blocked: options.blocked,
            budget: u32::MAX as usize / 2,
        }
    }

    /// Appends bytes of the stream, cut anywhere.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.stopped.is_none() {
            self.lexer.push(bytes);
        }
    }

    /// No more bytes will come.
    pub fn finish(&mut self) {
        self.lexer.finish();
    }

    /// Bytes held now: text, tokens and trees.
    pub fn retained_bytes(&self) -> usize {
        let spare = self.spare.as_ref().map_or(0, tree_bytes);
        let last = self.last_source.as_ref().map_or(0, |source| source.text.len());
        self.lexer.retained_bytes()
            + self.tokens.capacity() * size_of::<Token>()
            + tree_bytes(&self.ast)
            + spare
            + last
            + self.blocks.capacity() * size_of::<Block>()
    }

    /// Stops with [`Parsed::TooLarge`] when the statement being read takes more than this. Bytes that were pushed
    /// and not read yet do not count.
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes.min(u32::MAX as usize / 2);
        // A token takes 16 bytes here and up to three times that in the tree.
        self.lexer.set_token_budget(self.budget / 4);
    }

    /// Takes back a tree so that its vectors are used again.
    pub fn recycle(&mut self, ast: Ast) {
        let mut ast = ast;
        if tree_bytes(&ast) > 256 * 1024 {
            return;
        }
        clear(&mut ast);
        ast.source = self.no_source.clone();
        self.spare = Some(ast);
    }

    /// Where the statement being read starts, or where the next one can.
    pub fn position(&self) -> Position {
        self.unit.unwrap_or_else(|| self.lexer.position())
    }

    /// Goes on with the symbols of another interner. `false` if it cannot yet: part of a statement has been parsed.
    pub fn move_to(&mut self, from: &Interner, to: &mut Interner) -> bool {
        let between = self.blocks.is_empty()
            && self.functions.is_empty()
            && self.decorators.exprs.is_empty()
            && self.ready.is_none()
            && self.stopped.is_none()
            && self.ast.stmts.is_empty()
            && self.ast.exprs.is_empty();
        if between {
            self.lexer.forget_symbols();
            for token in self.tokens.iter_mut().filter(|token| token.kind.has_symbol()) {
                token.value = to.intern(from.text(Symbol(token.value))).0;
            }
        }
        between
    }

    /// Forgets everything from `position` on, which is the start of a top-level line: the next bytes pushed are
    /// the corrected rest of the stream from there.
    pub fn resume_from(&mut self, position: Position) {
        self.lexer.restart(position);
        self.tokens.clear();
        clear(&mut self.ast);
        self.last_source = None;
        self.scratch.clear();
        self.blocks.clear();
        self.functions.clear();
        self.decorators = Decorators::default();
        self.ready = None;
        self.after_ready = None;
        self.at_end = false;
        self.has_lines = false;
        self.unit = None;
        self.opens_unit = true;
        self.last_end = 0;
        self.text_end = 0;
        self.stopped = None;
    }

    /// Reads on to the next piece.
    pub fn next(&mut self, interner: &mut Interner) -> Parsed {
        if let Some(piece) = self.take_ready() {
            return Parsed::Piece(piece);
        }
        match &self.stopped {
            Some(Stopped::Error(error)) => return Parsed::Error(error.clone()),
            Some(Stopped::TooLarge(location)) => return Parsed::TooLarge(*location),
            None => {}
        }
        match self.read(interner) {
            Ok(parsed) => parsed,
            Err(problem) => {
                let parsed = self.stop(*problem);
                // A function that ended before the error comes first.
                self.take_ready().map_or(parsed, Parsed::Piece)
            }
        }
    }

    fn read(&mut self, interner: &mut Interner) -> Result<Parsed, Box<Problem>> {
        loop {
            match self.lexer.scan(&mut self.tokens, interner) {
                Scan::LineStart(change) => self.line_start(change)?,
                Scan::LineEnd => self.line_end(interner)?,
                Scan::Restricted => self.judge(interner)?,
                Scan::NeedMore if self.used_bytes(interner) > self.budget => return Err(over_budget()),
                Scan::NeedMore => return Ok(Parsed::NeedMore),
                Scan::End => self.end()?,
                Scan::Full => return Err(over_budget()),
                Scan::Problem(problem) => return Err(self.earlier_problem(problem, interner)),
            }
            if let Some(piece) = self.take_ready() {
                return Ok(Parsed::Piece(piece));
            }
            if self.at_end {
                return Ok(Parsed::End);
            }
        }
    }

    fn take_ready(&mut self) -> Option<Piece> {
        self.ready.as_ref()?; // a piece is large: moved only if there is one
        let piece = self.ready.take();
        if self.after_ready.is_some() {
            self.ready = self.after_ready.take();
        }
        piece
    }

    /// Bytes that count against the budget: those held, and those that compiling what has been read will take. A long
    /// literal becomes its source's copy, the decoded text, a constant and a value; a name gets slots and values.
    fn used_bytes(&self, interner: &Interner) -> usize {
        let held = self.retained_bytes().saturating_sub(self.lexer.unread_bytes());
        let code = self.ast.funcs.len() * FUNCTION_BYTES;
        let constants = (self.ast.strings.len() + self.ast.bytes.len()) * STRING_BYTES;
        held + COPIES * self.lexer.scanned() as usize + 3 * interner.bytes() + code + constants
    }

    /// A line starts: closes the blocks that end before it.
    fn line_start(&mut self, change: Change) -> Result<(), Box<Problem>> {
        let first = match self.tokens.first() {
            Some(&token) => token,
            None => Token::new(TokenKind::Stop, self.lexer.next_character()),
        };
        let outs = if let Change::Out(outs) = change { outs } else { 0 };
        if self.blocks.last().is_some_and(|block| block.phase == Phase::Header) || change == Change::In {
            self.open_blocks(first).check_indent(change)?;
        }
        if !self.blocks.is_empty() {
            self.close_blocks(outs, first)?;
        }
        if self.blocks.is_empty() && self.decorators.exprs.is_empty() {
            self.unit = Some(self.lexer.position());
            self.opens_unit = true;
        }
        Ok(())
    }

    /// The input ends: closes all blocks.
    fn end(&mut self) -> Result<(), Box<Problem>> {
        let first = Token::new(TokenKind::EndOfInput, Span::at(self.lexer.scanned()));
        if !self.decorators.exprs.is_empty() {
            let message = "expected 'def' after a decorator, found end of input";
            return Err(Problem::new(codes::CUT_OFF, first.span, message).expecting("'def'"));
        }
        if self.blocks.is_empty() {
            self.at_end = true;
            return Ok(());
        }
        self.open_blocks(first).check_indent(Change::Same)?;
        let outs = self.blocks.iter().filter(|block| block.phase == Phase::Suite).count() as u32;
        self.close_blocks(outs, first)
    }

    fn open_blocks(&mut self, first: Token) -> Blocks<'_> {
        Blocks {
            blocks: &mut self.blocks,
            functions: &mut self.functions,
            ast: &mut self.ast,
            last_end: self.last_end,
            text: self.lexer.text(),
            base: self.lexer.position(),
            first,
        }
    }

    /// Closes what ends before a line that starts with `first`, and hands out what that completes: eagerly, a
    /// function and the `End`s after it are two pieces.
    fn close_blocks(&mut self, outs: u32, first: Token) -> Result<(), Box<Problem>> {
        let mut outs = outs;
        let had_text = self.has_lines;
        while let Some(closed) = self.open_blocks(first).close_next(&mut outs)? {
            if closed == Closed::Def && self.eager {
                self.emit();
            }
        }
        if self.is_due() {
            self.emit();
        }
        if had_text && !self.has_lines {
            self.lexer.start_piece(&mut self.tokens);
        }
        Ok(())
    }

    /// A line is complete: parses it.
    fn line_end(&mut self, interner: &mut Interner) -> Result<(), Box<Problem>> {
        self.parse_line(interner).map_err(|(problem, _)| problem)?;
        if let [.., last, newline] = self.tokens[..] {
            self.last_end = last.span.end;
            self.text_end = newline.span.start;
        }
        self.tokens.clear();
        if self.lexer.scanned() as usize > self.budget / 256 && self.used_bytes(interner) > self.budget {
            return Err(over_budget());
        }
        self.has_lines = true;
        if !self.blocks.is_empty() {
            let newline = Token::new(TokenKind::Newline, Span::at(self.text_end));
            self.open_blocks(newline).close_one_liners()?;
        }
        if self.is_due() {
            self.emit();
            self.lexer.start_piece(&mut []);
            return Ok(());
        }
        Ok(())
    }

    /// Parses the tokens read so far as a line. The second part of an error is the token it was found at.
    fn parse_line(&mut self, interner: &mut Interner) -> Result<(), (Box<Problem>, usize)> {
        let mut line = Line {
            text: self.lexer.text(),
            tokens: &self.tokens,
            at: 0,
            ast: &mut self.ast,
            interner,
            scratch: &mut self.scratch,
            depth: self.blocks.len() as u32,
            blocks: &mut self.blocks,
            functions: &mut self.functions,
            decorators: &mut self.decorators,
            blocked: &self.blocked,
            max_nesting: self.max_nesting,
            lambda: None,
            yields: 0,
            last_yield: Span::default(),
            in_iterable: 0,
            problem: None,
            failed_at: 0,
        };
        match line.line() {
            Ok(()) => Ok(()),
            Err(Failed) => {
                let unknown = || Problem::new(codes::UNEXPECTED, Span::default(), "invalid syntax");
                Err((line.problem.take().unwrap_or_else(unknown), line.failed_at))
            }
        }
    }

    /// Judges restricted words among the last two tokens.
    fn judge(&mut self, interner: &mut Interner) -> Result<(), Box<Problem>> {
        match refuse::judge(self.lexer.text(), &self.tokens, self.lexer.in_bracket()) {
            Verdict::Fine => Ok(()),
            Verdict::Wait => {
                self.lexer.watch();
                Ok(())
            }
            Verdict::Refused(problem) => Err(self.earlier_problem(problem, interner)),
        }
    }

    /// The error to report when the lexer found one: what the line has before it may be wrong too.
    fn earlier_problem(&mut self, problem: Box<Problem>, interner: &mut Interner) -> Box<Problem> {
        if self.tokens.is_empty() {
            return problem;
        }
        // A bracket that the input's end leaves open is the problem only if the line makes sense up to it.
        let found_at = if self.tokens.iter().any(|token| token.span == problem.span)
            && problem.code == codes::UNCLOSED
        {
            self.lexer.scanned()
        } else {
            problem.span.start
        };
        let stop = self.tokens.iter().position(|token| token.span.start >= found_at);
        self.tokens.truncate(stop.unwrap_or(self.tokens.len()));
        self.tokens.push(Token::new(TokenKind::Stop, Span::at(found_at)));
        match self.parse_line(interner) {
            Err((earlier, at))
                if self.tokens[at].kind != TokenKind::Stop && earlier.span.start <= problem.span.start =>
            {
                earlier
            }
            _ => problem,
        }
    }

    /// Whether what was parsed is to be handed out.
    fn is_due(&self) -> bool {
        let closed = self.blocks.is_empty() || (self.eager && self.functions.is_empty());
        closed && self.decorators.exprs.is_empty() && !self.ast.stmts.is_empty()
    }

    /// Makes the tree a piece that is ready.
    fn emit(&mut self) {
        let next = self.spare.take().unwrap_or_else(|| Ast::new(self.no_source.clone()));
        let mut ast = std::mem::replace(&mut self.ast, next);
        ast.source = match self.last_source.take() {
            Some(source) if !self.has_lines => source,
            _ => Arc::new(SourceText {
                name: self.name.clone(),
                base: self.lexer.position(),
                text: self.lexer.text().get(..self.text_end as usize).unwrap_or("").into(),
            }),
        };
        self.has_lines = false;
        let closes_unit = self.blocks.is_empty();
        if !closes_unit {
            self.last_source = Some(ast.source.clone());
            self.settle_lines(&ast.source);
        }
        let start = self.position();
        if closes_unit {
            self.unit = None;
        }
        let opens_unit = std::mem::replace(&mut self.opens_unit, closes_unit);
        let piece = Some(Piece { ast, start, opens_unit, closes_unit });
        if self.ready.is_none() {
            self.ready = piece;
        } else {
            self.after_ready = piece;
        }
    }

    /// The headers of open blocks are about to lose their text: keeps their line numbers.
    fn settle_lines(&mut self, source: &SourceText) {
        for block in self.blocks.iter_mut().rev().take_while(|block| block.line.is_none()) {
            block.line = Some(source.line_of(block.at));
        }
    }

    /// Stops at an error.
    #[cold]
    fn stop(&mut self, problem: Problem) -> Parsed {
        let text = self.lexer.text();
        let read = (problem.span.end.max(self.lexer.scanned()) as usize).min(text.len());
        let rest = text.as_bytes()[read..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = rest.map_or(text.len(), |rest| read + rest);
        let source = SourceText {
            name: self.name.clone(),
            base: self.lexer.position(),
            text: text.get(..end).unwrap_or("").into(),
        };
        if problem.code == OVER_BUDGET {
            let mut location = source.locate(Span::new(0, read as u32));
            location.start = self.position();
            self.stopped = Some(Stopped::TooLarge(location));
            return Parsed::TooLarge(location);
        }
        let error = Box::new(problem.resolve(&source));
        self.stopped = Some(Stopped::Error(error.clone()));
        Parsed::Error(error)
    }
}

/// How often the text of a statement is copied at most until it has run, in whole or in part.
const COPIES: usize = 4;

/// What a small function's code takes, and its instance.
const FUNCTION_BYTES: usize = 1200;

/// What a short string takes as a constant and as a value.
const STRING_BYTES: usize = 200;

#[cold]
fn over_budget() -> Box<Problem> {
    Problem::new(OVER_BUDGET, Span::default(), "")
}

/// Empties a tree and keeps its vectors.
fn clear(ast: &mut Ast) {
    ast.stmts.clear();
    ast.exprs.clear();
    ast.funcs.clear();
    ast.patterns.clear();
    ast.expr_lists.clear();
    ast.pattern_lists.clear();
    ast.args.clear();
    ast.params.clear();
    ast.clauses.clear();
    ast.compares.clear();
    ast.unary_ops.clear();
    ast.dict_items.clear();
    ast.fstring_parts.clear();
    ast.names.clear();
    ast.with_items.clear();
    ast.imports.clear();
    ast.mapping_items.clear();
    ast.strings.clear();
    ast.bytes.clear();
    ast.big_ints.clear();
}

/// What a tree's vectors take.
fn tree_bytes(ast: &Ast) -> usize {
    fn bytes<T>(vec: &Vec<T>) -> usize {
        vec.capacity() * size_of::<T>()
    }
    bytes(&ast.stmts)
        + bytes(&ast.exprs)
        + bytes(&ast.funcs)
        + bytes(&ast.patterns)
        + bytes(&ast.expr_lists)
        + bytes(&ast.pattern_lists)
        + bytes(&ast.args)
        + bytes(&ast.params)
        + bytes(&ast.clauses)
        + bytes(&ast.compares)
        + bytes(&ast.unary_ops)
        + bytes(&ast.dict_items)
        + bytes(&ast.fstring_parts)
        + bytes(&ast.names)
        + bytes(&ast.with_items)
        + bytes(&ast.imports)
        + bytes(&ast.mapping_items)
        + bytes(&ast.strings)
        + bytes(&ast.bytes)
        + bytes(&ast.big_ints)
}
