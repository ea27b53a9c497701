//! Bytes to tokens.
//!
//! In: chunks of the stream, cut anywhere, through [`Lexer::push`]. Out: the tokens of one logical line at a
//! time, appended to the parser's list by [`Lexer::scan`], which stops at what the parser must know at once: the
//! start of a line, its end, the end of what has arrived. Rule: the whole state is kept between chunks, so a byte
//! is looked at once however the stream is cut; a token that is cut goes on where scanning stopped.

mod buffer;
mod chars;
pub mod codes;
mod fstring;
mod indent;
mod line;
mod messages;
mod number;
mod operator;
pub mod problem;
mod string;
#[cfg(test)]
mod tests;
mod word;

use crate::intern::Interner;
use crate::span::{Position, Span};
use crate::token::{Token, TokenKind};

use buffer::Buffer;
use chars::{CLASS, Class, IN_WORD};
use indent::{Columns, Indents};
use number::NumberState;
use problem::Problem;
use string::StringState;
use word::Words;

pub use indent::Change;
pub(crate) use messages::found;
pub(crate) use number::{IntValue, float_value, int_value};
pub(crate) use string::{decode_bytes, decode_str, unify_newlines};
pub use word::Blocked;
pub(crate) use word::{is_refused, is_refused_dunder};

/// Why [`Lexer::scan`] stopped.
#[derive(Debug)]
pub enum Scan {
    /// A logical line starts, indented so. Its first token is in the list already if it is a word.
    LineStart(Change),
    /// The line is complete; its last token is a `Newline`.
    LineEnd,
    /// `class`, a restricted name, or the token after one was read: the parser decides whether it is refused.
    Restricted,
    /// All that has arrived is read.
    NeedMore,
    /// The end of input, after the last line.
    End,
    /// The token list is about to grow beyond the budget.
    Full,
    /// An error.
    Problem(Box<Problem>),
}

/// What is being read where the scan position stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The indentation of a line.
    LineStart,
    /// Between tokens.
    Token,
    /// A word that starts at `token_start`.
    Word,
    /// A number that starts at `token_start`.
    Number(NumberState),
    /// A comment; `blank` if nothing precedes it on its line.
    Comment { blank: bool },
    /// A string that is not an f-string.
    String(StringState),
    /// The text of an f-string or a format spec.
    FText,
    /// Behind the end of input.
    End,
}

/// What a sub-scanner says.
enum Step {
    /// The state has changed: go on with it.
    Go,
    /// What has arrived ends inside the token.
    NeedMore,
    /// Tell the parser.
    Stop(Scan),
}

/// An open bracket, f-string or field.
#[derive(Clone, Copy, Debug)]
struct Nest {
    kind: NestKind,
    /// Of the f-string around it, if any.
    quote: u8,
    triple: bool,
    raw: bool,
    /// Where it was opened, in the current piece.
    start: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum NestKind {
    Paren,
    Bracket,
    Brace,
    /// The text of an f-string.
    FString,
    /// The expression of a field.
    Field,
    /// The format spec of a field.
    Spec,
}

/// The resumable lexer.
pub struct Lexer {
    buffer: Buffer,
    /// Scan position in the buffer.
    at: usize,
    /// Start of the token being read.
    token_start: usize,
    /// Start of the physical line being read.
    line_begin: usize,
    state: State,
    /// The string being read: its prefix and quote.
    string: string::Opening,
    nest: Vec<Nest>,
    indents: Indents,
    columns: Columns,
    /// The columns that count if the line is continued before its first token.
    first_columns: Option<Columns>,
    words: Words,
    blocked: Blocked,
    /// No token of the current piece has been read: what passes can be dropped.
    idle: bool,
    /// The next token is the first on its line, inside a bracket.
    fresh: bool,
    /// The last token was a restricted name inside a bracket: the next one decides.
    watching: bool,
    /// A carriage return ended the last line; a line feed here belongs to it.
    after_cr: bool,
    finished: bool,
    /// An error that waits until the line's start was reported.
    deferred: Option<Scan>,
    /// The word being read is the first token of a line that is indented so.
    starting: Option<Change>,
    max_nesting: u32,
    /// Tokens of one line may take this many bytes.
    token_budget: usize,
}

impl Lexer {
    /// A lexer at the start of a stream.
    pub fn new(max_nesting: u32, blocked: Blocked) -> Lexer {
        Lexer {
            buffer: Buffer::default(),
            at: 0,
            token_start: 0,
            line_begin: 0,
            state: State::LineStart,
            string: string::Opening::default(),
            nest: Vec::new(),
            indents: Indents::default(),
            columns: Columns::default(),
            first_columns: None,
            words: Words::default(),
            blocked,
            idle: true,
            fresh: false,
            watching: false,
            after_cr: false,
            finished: false,
            deferred: None,
            starting: None,
            max_nesting,
            token_budget: usize::MAX,
        }
    }

    /// Appends a chunk of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        let dropped = self.buffer.compact();
        self.at -= dropped;
        self.token_start = self.token_start.saturating_sub(dropped);
        self.line_begin -= dropped;
        self.buffer.push(bytes);
    }

    /// No more chunks will come.
    pub fn finish(&mut self) {
        self.buffer.finish();
        self.finished = true;
    }

    /// Forgets everything and goes on at `position`, the start of a top-level line.
    pub fn restart(&mut self, position: Position) {
        self.buffer.restart(position);
        self.after_cr = self.buffer.is_after_cr();
        self.at = 0;
        self.token_start = 0;
        self.line_begin = 0;
        self.state = State::LineStart;
        self.nest.clear();
        self.indents.clear();
        self.columns = Columns::default();
        self.first_columns = None;
        self.idle = true;
        self.fresh = false;
        self.watching = false;
        self.finished = false;
        self.deferred = None;
        self.starting = None;
    }

    /// Reads on and appends tokens to `tokens`.
    pub fn scan(&mut self, tokens: &mut Vec<Token>, interner: &mut Interner) -> Scan {
        if let Some(scan) = self.deferred.take() {
            return scan;
        }
        // The text is lent to the scanners beside `self`, without a copy.
        let text = std::mem::take(&mut self.buffer.text);
        let scan = loop {
            let step = match self.state {
                State::Token => self.tokens(&text, tokens, interner),
                State::Word => self.word(&text, tokens, interner),
                State::LineStart => self.line_start(&text, tokens),
                State::Number(state) => self.number(&text, state, tokens),
                State::Comment { blank } => self.comment(text.as_bytes(), blank),
                State::String(state) => self.string(&text, state, tokens),
                State::FText => self.ftext(&text, tokens),
                State::End => Step::Stop(Scan::End),
            };
            match step {
                Step::Go => {}
                Step::Stop(scan) => break scan,
                Step::NeedMore => {
                    self.drop_idle(&text);
                    match self.buffer.bad {
                        Some(bad) => break Scan::Problem(self.bad_input(bad, text.len())),
                        None => break Scan::NeedMore,
                    }
                }
            }
        };
        self.buffer.text = text;
        scan
    }

    /// Drops the lines before the current one if no piece has started.
    fn drop_idle(&mut self, text: &str) {
        if self.idle {
            self.buffer.advance(text, self.line_begin);
        }
    }

    /// The text of the current piece and what follows it so far.
    pub fn text(&self) -> &str {
        self.buffer.text.get(self.buffer.base..).unwrap_or("")
    }

    /// The place where [`Self::text`] starts.
    pub fn position(&self) -> Position {
        self.buffer.position()
    }

    /// Whether no token of a piece has been read since the last one ended.
    pub fn is_idle(&self) -> bool {
        self.idle
    }

    /// The piece is complete. The next one starts with the current line, whose first token may be in `tokens`.
    pub fn start_piece(&mut self, tokens: &mut [Token]) {
        let shift = (self.line_begin - self.buffer.base) as u32;
        for token in tokens.iter_mut() {
            token.span = Span::new(token.span.start - shift, token.span.end - shift);
        }
        if let Some(Scan::Problem(problem)) = &mut self.deferred {
            problem.shift(shift);
        }
        let text = std::mem::take(&mut self.buffer.text);
        self.buffer.advance(&text, self.line_begin);
        self.buffer.text = text;
        self.idle = matches!(self.state, State::LineStart | State::End);
    }

    /// Where the current line starts in the piece.
    pub fn line_start_offset(&self) -> u32 {
        (self.line_begin - self.buffer.base) as u32
    }

    /// How far the piece has been read.
    pub fn scanned(&self) -> u32 {
        (self.at - self.buffer.base) as u32
    }

    /// The character at the scan position.
    pub fn next_character(&self) -> Span {
        let start = self.scanned();
        let rest = self.buffer.text.get(self.at..).unwrap_or("");
        Span::new(start, start + rest.chars().next().map_or(0, char::len_utf8) as u32)
    }

    /// Bytes held, those that were pushed and not read included.
    pub fn retained_bytes(&self) -> usize {
        self.buffer.text.capacity() + self.nest.capacity() * size_of::<Nest>() + self.words.retained_bytes()
    }

    /// Bytes held that were pushed and not read yet.
    pub fn unread_bytes(&self) -> usize {
        self.buffer.text.capacity() - (self.at - self.buffer.base).min(self.buffer.text.len())
    }

    /// Forgets the symbols it has met: names come from another interner from here on.
    pub fn forget_symbols(&mut self) {
        self.words.clear();
    }

    /// Asks to stop with [`Scan::Restricted`] after the next token.
    pub fn watch(&mut self) {
        self.watching = true;
    }

    /// Bounds what the tokens of one line may take.
    pub fn set_token_budget(&mut self, bytes: usize) {
        self.token_budget = bytes;
    }

    /// Whether names here could be keyword arguments: inside parentheses or another bracket.
    pub fn in_bracket(&self) -> bool {
        !self.nest.is_empty()
    }

    /// Whether no more bytes can come to what has arrived.
    fn eof(&self) -> bool {
        self.finished && self.buffer.bad.is_none()
    }

    /// An offset in the buffer as one in the piece.
    fn rel(&self, at: usize) -> u32 {
        (at - self.buffer.base) as u32
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.rel(start), self.rel(end))
    }

    /// The hot loop: whole tokens, until a line ends or a token is cut.
    fn tokens(&mut self, text: &str, tokens: &mut Vec<Token>, interner: &mut Interner) -> Step {
        let bytes = text.as_bytes();
        let mut i = self.at;
        loop {
            if tokens.len() == tokens.capacity() && tokens.len() * size_of::<Token>() > self.token_budget {
                self.at = i;
                return Step::Stop(Scan::Full);
            }
            let Some(&byte) = bytes.get(i) else { return self.out_of_text(i, tokens) };
            match CLASS[byte as usize] {
                Class::Space => {
                    i += 1;
                    continue;
                }
                Class::Word => {
                    let mut end = i + 1;
                    while end < bytes.len() && IN_WORD[bytes[end] as usize] {
                        end += 1;
                    }
                    if let Some((kind, value)) = self.known_word(bytes, i, end) {
                        tokens.push(Token { kind, span: self.span(i, end), value });
                        i = end;
                        if self.watching || self.fresh {
                            self.at = i;
                            if let Some(step) = self.look_at_token(text, tokens) {
                                return step;
                            }
                        }
                        continue;
                    }
                    self.token_start = i;
                    self.at = end;
                    self.state = State::Word;
                    match self.word(text, tokens, interner) {
                        Step::Go if self.state == State::Token => i = self.at,
                        step => return step,
                    }
                }
                Class::Operator => {
                    let Some((kind, len)) = self.operator(bytes, i) else {
                        self.at = i;
                        return Step::NeedMore;
                    };
                    if kind == TokenKind::Dot && bytes.get(i + 1).is_some_and(u8::is_ascii_digit) {
                        self.token_start = i;
                        self.at = i + 1;
                        self.state = State::Number(NumberState::Fraction);
                        return Step::Go;
                    }
                    let start = self.rel(i);
                    i += len;
                    let simple =
                        kind > TokenKind::Colon && kind != TokenKind::Walrus || kind == TokenKind::Comma;
                    if simple && !self.watching {
                        tokens.push(Token { kind, span: Span::new(start, start + len as u32), value: 0 });
                        continue;
                    }
                    self.at = i;
                    if let Some(step) = self.delimiter(kind, Span::new(start, start + len as u32), tokens) {
                        return step;
                    }
                }
                Class::Digit => {
                    self.token_start = i;
                    self.at = i;
                    self.state = State::Number(NumberState::Start);
                    return Step::Go;
                }
                Class::Quote => {
                    self.token_start = i;
                    self.at = i;
                    self.string = string::Opening::default();
                    self.state = State::String(StringState::Open);
                    return Step::Go;
                }
                Class::Newline if self.nest.is_empty() => {
                    tokens.push(Token::new(TokenKind::Newline, self.span(i, i)));
                    self.at = self.newline(bytes, i);
                    self.state = State::LineStart;
                    return Step::Stop(Scan::LineEnd);
                }
                Class::Newline => {
                    self.fresh = true;
                    i += 1;
                }
                Class::Hash => {
                    self.at = i;
                    self.state = State::Comment { blank: false };
                    return Step::Go;
                }
                Class::Backslash => match self.continuation(bytes, i) {
                    Ok(Some(after)) => i = after,
                    Ok(None) => {
                        self.at = i;
                        return Step::NeedMore;
                    }
                    Err(problem) => {
                        self.at = i;
                        return fail(problem);
                    }
                },
                Class::Wide => {
                    self.token_start = i;
                    self.at = i;
                    self.state = State::Word;
                    return Step::Go;
                }
                Class::Bad => {
                    self.at = i;
                    return fail(self.bad_character(text, i));
                }
            }
        }
    }

    /// Nothing more has arrived between two tokens.
    fn out_of_text(&mut self, i: usize, tokens: &mut Vec<Token>) -> Step {
        self.at = i;
        if !self.eof() {
            return Step::NeedMore;
        }
        if !self.nest.is_empty() {
            return fail(self.unclosed());
        }
        tokens.push(Token::new(TokenKind::Newline, self.span(i, i)));
        self.state = State::LineStart;
        self.line_begin = i;
        Step::Stop(Scan::LineEnd)
    }

    /// A token was read that is the first on its line inside a bracket, or that follows a restricted name.
    fn look_at_token(&mut self, text: &str, tokens: &[Token]) -> Option<Step> {
        if self.watching {
            self.watching = false;
            return Some(Step::Stop(Scan::Restricted));
        }
        self.fresh = false;
        let [.., before, token] = tokens else { return None };
        let glued = before.kind.ends_operand()
            && token.kind.starts_expression()
            && !matches!(token.kind, TokenKind::Not | TokenKind::LParen | TokenKind::LBracket)
            && !(matches!(before.kind, TokenKind::Str | TokenKind::FStringEnd)
                && matches!(token.kind, TokenKind::Str | TokenKind::FStringStart));
        // `print` as a statement and the like are left to the parser, which words them better.
        glued.then(|| fail(self.unclosed_before(*before, *token, text)))
    }
}

/// The step that reports `problem`.
fn fail(problem: Box<Problem>) -> Step {
    Step::Stop(Scan::Problem(problem))
}
