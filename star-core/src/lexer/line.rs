//! The edges of lines: indentation, blank lines, comments, continuations.
//!
//! In: the bytes at the start of a line. Out: a line's start, reported once its indentation and, if it is a word,
//! its first token are known. Rule: blank lines and comments complete nothing and are never tokens.

use super::chars::{CLASS, Class, IN_WORD};
use super::indent::{Change, Columns};
use super::problem::Problem;
use super::{Lexer, Scan, State, Step, fail};
use crate::token::Token;

impl Lexer {
    /// Reads indentation, blank lines and comments up to a line's first token.
    pub(super) fn line_start(&mut self, text: &str, tokens: &mut Vec<Token>) -> Step {
        let bytes = text.as_bytes();
        let mut i = self.at;
        if self.after_cr && i < bytes.len() {
            self.after_cr = false;
            if bytes[i] == b'\n' {
                i += 1;
                self.line_begin = i;
            }
        }
        if i == 0 && self.buffer.position().offset == 0 && text.starts_with('\u{FEFF}') {
            i = '\u{FEFF}'.len_utf8();
            self.line_begin = i;
        }
        while let Some(&byte) = bytes.get(i) {
            match CLASS[byte as usize] {
                Class::Space => {
                    let spaces = bytes[i..].iter().take_while(|&&byte| byte == b' ').count();
                    self.columns.count_spaces(spaces as u32);
                    i += spaces;
                    if spaces == 0 {
                        self.columns.count(byte);
                        i += 1;
                    }
                }
                Class::Newline => {
                    i = self.newline(bytes, i);
                    self.columns = Columns::default();
                    self.first_columns = None;
                }
                Class::Hash => {
                    self.at = i;
                    self.state = State::Comment { blank: true };
                    return Step::Go;
                }
                Class::Backslash => match self.line_continuation(text, i) {
                    Ok(Some(after)) => {
                        // As in CPython: the columns in front of the first backslash count, unless there are none.
                        let wide = self.columns.wide;
                        if wide > 0 {
                            self.first_columns.get_or_insert(Columns { wide, narrow: wide });
                        }
                        i = after;
                    }
                    Ok(None) => {
                        self.at = i;
                        return Step::NeedMore;
                    }
                    Err(problem) => {
                        self.at = i;
                        return fail(problem);
                    }
                },
                class => {
                    self.at = i;
                    return self.first_token(text, class, tokens);
                }
            }
        }
        self.at = i;
        if !self.eof() {
            return Step::NeedMore;
        }
        self.drop_idle(text);
        self.state = State::End;
        Step::Go
    }

    /// Compares the indentation. The line's start is reported once its first token is read, if that is a word:
    /// the parser needs both to see whether the statement before is complete.
    fn first_token(&mut self, text: &str, class: Class, tokens: &mut Vec<Token>) -> Step {
        self.drop_idle(text);
        self.idle = false;
        self.token_start = self.at;
        let columns = self.first_columns.take().unwrap_or(self.columns);
        self.columns = Columns::default();
        let change = match self.indents.change(columns) {
            Ok(change) => change,
            Err(misfit) => return fail(self.bad_indent(misfit)),
        };
        if change == Change::In && self.indents.depth() > self.max_nesting as usize {
            return fail(self.too_deep(self.at));
        }
        if class == Class::Word {
            let bytes = text.as_bytes();
            let mut end = self.at + 1;
            while end < bytes.len() && IN_WORD[bytes[end] as usize] {
                end += 1;
            }
            if let Some((kind, value)) = self.known_word(bytes, self.at, end) {
                tokens.push(Token { kind, span: self.span(self.at, end), value });
                self.at = end;
                self.state = State::Token;
                return Step::Stop(Scan::LineStart(change));
            }
        }
        if matches!(class, Class::Word | Class::Wide) {
            self.starting = Some(change);
            self.state = State::Word;
            return Step::Go;
        }
        self.state = State::Token;
        Step::Stop(Scan::LineStart(change))
    }

    /// [`Self::continuation`] in front of a line's first token.
    fn line_continuation(&mut self, text: &str, i: usize) -> Result<Option<usize>, Box<Problem>> {
        self.drop_idle(text);
        self.continuation(text.as_bytes(), i)
    }

    /// Passes the line end at `i`, which ends a blank line or a logical line, and returns what follows it.
    pub(super) fn newline(&mut self, bytes: &[u8], i: usize) -> usize {
        let mut after = i + 1;
        if bytes[i] == b'\r' {
            match bytes.get(after) {
                Some(b'\n') => after += 1,
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        self.line_begin = after;
        after
    }

    /// What follows the backslash at `i` and its line end; `None` if that has not arrived.
    pub(super) fn continuation(&mut self, bytes: &[u8], i: usize) -> Result<Option<usize>, Box<Problem>> {
        let after = match bytes.get(i + 1) {
            Some(b'\n') => i + 2,
            Some(b'\r') => match bytes.get(i + 2) {
                Some(b'\n') => i + 3,
                Some(_) => i + 2,
                None if self.eof() => i + 2,
                None => return Ok(None),
            },
            Some(_) => return Err(self.bad_continuation(i)),
            None if self.eof() => return Err(self.cut_continuation(i)),
            None => return Ok(None),
        };
        match bytes.get(after) {
            None if self.eof() => Err(self.cut_continuation(i)),
            None => Ok(None),
            Some(_) => Ok(Some(after)),
        }
    }

    pub(super) fn comment(&mut self, bytes: &[u8], blank: bool) -> Step {
        let rest = &bytes[self.at..];
        match rest.iter().position(|&byte| byte == b'\n' || byte == b'\r') {
            Some(len) => self.at += len,
            None => {
                self.at = bytes.len();
                if !self.eof() {
                    return Step::NeedMore;
                }
            }
        }
        self.state = if blank { State::LineStart } else { State::Token };
        Step::Go
    }
}
