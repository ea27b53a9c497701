//! Names and keywords.
//!
//! In: a run of letters, digits and `_`. Out: a name with its symbol, a keyword, or the prefix of a string. Rule:
//! what a word means is found once; after that a table keyed by the word's own bytes answers, without hashing
//! the text or asking the interner.

use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfkc_quick};

use super::chars::IN_WORD;
use super::problem::Problem;
use super::string::{Opening, StringState};
use super::{Lexer, Scan, State, Step, fail};
use crate::intern::Interner;
use crate::token::{Token, TokenKind};

/// Keywords and names that a host refuses, in addition to those that star leaves out.
#[derive(Clone, Default, Debug)]
pub struct Blocked(Option<Arc<[Box<str>]>>);

impl Blocked {
    /// Refuses these words.
    pub fn new<W: Into<Box<str>>>(words: impl IntoIterator<Item = W>) -> Blocked {
        let words: Arc<[Box<str>]> = words.into_iter().map(Into::into).collect();
        Blocked(if words.is_empty() { None } else { Some(words) })
    }

    /// Whether `word` is refused.
    pub fn contains(&self, word: &str) -> bool {
        self.0.as_ref().is_some_and(|words| words.iter().any(|blocked| **blocked == *word))
    }
}

/// Names that star leaves out, except as attributes and keyword arguments.
const REFUSED: [&str; 10] =
    ["eval", "exec", "compile", "open", "input", "globals", "locals", "vars", "complex", "__import__"];

/// Whether star leaves `word` out as a bare name.
pub(crate) fn is_refused(word: &str) -> bool {
    REFUSED.contains(&word) || is_refused_dunder(word)
}

/// Whether `word` is a `__dunder__` name that star leaves out, as a name and as an attribute.
pub(crate) fn is_refused_dunder(word: &str) -> bool {
    word.len() > 4
        && word.starts_with("__")
        && word.ends_with("__")
        && word.bytes().any(|byte| byte != b'_')
        && word != "__name__"
        && word != "__doc__"
}

/// Words up to 16 bytes seen before, by their bytes.
#[derive(Default)]
pub(super) struct Words {
    entries: Vec<Entry>,
    misses: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    key: (u64, u64),
    kind: TokenKind,
    value: u32,
}

const EMPTY: Entry = Entry { key: (0, 0), kind: TokenKind::Name, value: 0 };
const FIRST_SIZE: usize = 32;
const FULL_SIZE: usize = 1024;

impl Words {
    pub(super) fn retained_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }

    /// Forgets all words: their symbols mean nothing any more.
    pub(super) fn clear(&mut self) {
        self.entries.fill(EMPTY);
    }

    #[inline]
    fn get(&self, key: (u64, u64)) -> Option<Entry> {
        let entry = *self.entries.get(self.slot(key))?;
        (entry.key == key).then_some(entry)
    }

    fn insert(&mut self, key: (u64, u64), kind: TokenKind, value: u32) {
        self.misses += 1;
        let size = if self.misses > 2 * FIRST_SIZE as u32 { FULL_SIZE } else { FIRST_SIZE };
        if self.entries.len() < size {
            self.entries = vec![EMPTY; size];
        }
        let slot = self.slot(key);
        self.entries[slot] = Entry { key, kind, value };
    }

    #[inline]
    fn slot(&self, key: (u64, u64)) -> usize {
        let mixed = (key.0 ^ key.1.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as usize & self.entries.len().wrapping_sub(1)
    }
}

/// The bytes of a word of at most 16, padded with zeros.
#[inline]
fn key(bytes: &[u8], start: usize, end: usize) -> Option<(u64, u64)> {
    let len = end - start;
    if len > 16 {
        return None;
    }
    let (low, high) = match bytes.get(start..start + 16) {
        Some(window) => split(window),
        None => {
            let mut padded = [0; 16];
            padded[..len].copy_from_slice(&bytes[start..end]);
            split(&padded)
        }
    };
    Some(if len <= 8 {
        (low & (u64::MAX >> (64 - 8 * len as u32)), 0)
    } else {
        (low, high & (u64::MAX >> (128 - 8 * len as u32)))
    })
}

#[inline]
fn split(window: &[u8]) -> (u64, u64) {
    let mut halves = [[0; 8]; 2];
    halves[0].copy_from_slice(&window[..8]);
    halves[1].copy_from_slice(&window[8..16]);
    (u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1]))
}

impl Lexer {
    /// Kind and value of the ASCII word `start..end` if the word is complete, no string prefix, and was seen before.
    #[inline]
    pub(super) fn known_word(&self, bytes: &[u8], start: usize, end: usize) -> Option<(TokenKind, u32)> {
        let &after = bytes.get(end)?;
        if after >= 0x80 || after == b'"' || after == b'\'' {
            return None;
        }
        let Entry { kind, value, .. } = self.words.get(key(bytes, start, end)?)?;
        if is_statement_keyword(kind) && self.in_bracket() {
            return None; // an error, found on the slow path
        }
        Some((kind, value))
    }

    /// Goes on with the word that starts at `token_start` and was read up to `at`.
    pub(super) fn word(&mut self, text: &str, tokens: &mut Vec<Token>, interner: &mut Interner) -> Step {
        let step = self.read_word(text, tokens, interner);
        if self.starting.is_none() || matches!(step, Step::NeedMore) {
            return step;
        }
        match (step, self.starting.take()) {
            (Step::Stop(scan), Some(change)) => {
                self.deferred = Some(scan);
                Step::Stop(Scan::LineStart(change))
            }
            (_, Some(change)) => Step::Stop(Scan::LineStart(change)),
            (step, None) => step,
        }
    }

    fn read_word(&mut self, text: &str, tokens: &mut Vec<Token>, interner: &mut Interner) -> Step {
        self.at = word_end(text, self.token_start, self.at);
        if self.at == text.len() && !self.eof() {
            return Step::NeedMore;
        }
        if self.at == self.token_start {
            return fail(self.bad_character(text, self.at));
        }
        self.state = State::Token;
        let word = &text[self.token_start..self.at];
        let after = text.as_bytes().get(self.at).copied();
        if matches!(after, Some(b'"' | b'\''))
            && let Some(opening) = Opening::of_prefix(word)
        {
            self.string = opening;
            self.state = State::String(StringState::Open);
            return Step::Go;
        }
        let token = match self.known_word(text.as_bytes(), self.token_start, self.at) {
            Some((kind, value)) => Token { kind, span: self.span(self.token_start, self.at), value },
            None => match self.make_word(text, word, interner) {
                Ok(token) => token,
                Err(problem) => return fail(problem),
            },
        };
        tokens.push(token);
        if (self.watching || self.fresh)
            && let Some(step) = self.look_at_token(text, tokens)
        {
            return step;
        }
        if token.kind == TokenKind::Class {
            return Step::Stop(Scan::Restricted);
        }
        if token.kind != TokenKind::Restricted {
            return Step::Go;
        }
        if self.in_bracket() && !is_refused_dunder(word) {
            self.watching = true;
            return Step::Go;
        }
        Step::Stop(Scan::Restricted)
    }

    fn make_word(&mut self, text: &str, word: &str, interner: &mut Interner) -> Result<Token, Box<Problem>> {
        let span = self.span(self.token_start, self.at);
        if !word.is_ascii() {
            let normal: String = match is_nfkc_quick(word.chars()) {
                unicode_normalization::IsNormalized::Yes => word.into(),
                _ => word.nfkc().collect(),
            };
            let kind = self.name_kind(&normal);
            return Ok(Token { kind, span, value: interner.intern(&normal).0 });
        }
        if let Some(kind) = TokenKind::keyword(word) {
            if self.blocked.contains(word) && kind.is_keyword() {
                return Err(self.blocked_keyword(word, span));
            }
            if matches!(kind, TokenKind::Async | TokenKind::Await) {
                return Err(self.refused_keyword(kind, span));
            }
            if self.in_bracket() && is_statement_keyword(kind) {
                return Err(self.keyword_in_bracket(word, span));
            }
            let value = if kind.is_keyword() { 0 } else { interner.intern(word).0 };
            self.remember(text, kind, value);
            return Ok(Token { kind, span, value });
        }
        let kind = self.name_kind(word);
        let value = interner.intern(word).0;
        self.remember(text, kind, value);
        Ok(Token { kind, span, value })
    }

    fn name_kind(&self, word: &str) -> TokenKind {
        if is_refused(word) || self.blocked.contains(word) {
            return TokenKind::Restricted;
        }
        TokenKind::Name
    }

    fn remember(&mut self, text: &str, kind: TokenKind, value: u32) {
        if !matches!(kind, TokenKind::Restricted | TokenKind::Class)
            && let Some(key) = key(text.as_bytes(), self.token_start, self.at)
        {
            self.words.insert(key, kind, value);
        }
    }
}

/// Where the word that starts at `start` and is known to reach `at` ends.
fn word_end(text: &str, start: usize, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    loop {
        while end < bytes.len() && IN_WORD[bytes[end] as usize] {
            end += 1;
        }
        let Some(c) = text[end..].chars().next().filter(|c| !c.is_ascii()) else { return end };
        let goes_on =
            if end == start { unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) };
        if !goes_on {
            return end;
        }
        end += c.len_utf8();
    }
}

/// Whether a keyword starts a statement or a clause and means nothing inside an expression.
fn is_statement_keyword(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Assert
            | Break
            | Class
            | Continue
            | Def
            | Del
            | Elif
            | Except
            | Finally
            | Global
            | Import
            | Nonlocal
            | Pass
            | Raise
            | Return
            | Try
            | While
            | With
    )
}
