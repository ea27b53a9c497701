//! What was probably meant.
//!
//! In: the place where a line stops making sense. Out: a message with the likely fix: another language's
//! spelling, a misspelt keyword, a missing comma. Rule: all of this runs once, on the way to an error.

use super::line::{Line, Parse};
use crate::ast::*;
use crate::lexer::problem::{Problem, quote};
use crate::lexer::{codes, found};
use crate::span::Span;
use crate::token::{Token, TokenKind};

use TokenKind as T;

/// Words of other languages and what they are here.
const FOREIGN: [(&str, &str, &str); 24] = [
    ("null", "None", "'null' is 'None'"),
    ("nil", "None", "'nil' is 'None'"),
    ("true", "True", "'true' is 'True'"),
    ("false", "False", "'false' is 'False'"),
    ("function", "def", "a function starts with 'def'"),
    ("func", "def", "a function starts with 'def'"),
    ("fn", "def", "a function starts with 'def'"),
    ("fun", "def", "a function starts with 'def'"),
    ("sub", "def", "a function starts with 'def'"),
    ("elseif", "elif", "'elseif' is 'elif'"),
    ("elsif", "elif", "'elsif' is 'elif'"),
    ("elseIf", "elif", "'elseIf' is 'elif'"),
    ("switch", "match", "'switch' is 'match', with 'case' lines indented under it"),
    ("catch", "except", "'catch' is 'except'"),
    ("throw", "raise", "'throw' is 'raise'"),
    ("let", "", "a variable is not declared: leave 'let' out"),
    ("var", "", "a variable is not declared: leave 'var' out"),
    ("const", "", "a variable is not declared: leave 'const' out"),
    ("local", "", "a variable is not declared: leave 'local' out"),
    ("foreach", "for", "'foreach' is 'for'"),
    ("unless", "if not", "'unless' is 'if not'"),
    ("until", "while not", "'until' is 'while not'"),
    ("new", "", "an object is made by calling its constructor: leave 'new' out"),
    ("use", "import", "'use' is 'import'"),
];

/// Keywords that a misspelt first word may have been meant for.
const KEYWORDS: [&str; 19] = [
    "while", "for", "if", "elif", "else", "def", "return", "import", "from", "try", "except", "finally",
    "with", "raise", "global", "nonlocal", "del", "assert", "match",
];

impl Line<'_> {
    /// Adds to an error at the current token what was probably meant.
    #[cold]
    pub(super) fn hint(&mut self, problem: Box<Problem>) -> Box<Problem> {
        let token = self.token();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at]);
        if let Some(before) = before {
            if let Some(problem) = self.hint_pair(before, token) {
                return problem;
            }
            if let Some(problem) = self.hint_word(before, token) {
                return problem;
            }
        }
        if token.kind == T::Slash && self.next_kind() == T::Star {
            let span = token.span.to(self.tokens[self.at + 1].span);
            let problem = Problem::new(codes::FOREIGN, span, "a comment starts with '#'");
            return problem.suggesting(span, "#", "write '#'");
        }
        match self.hint_first_word() {
            Some(better) => better,
            None => self.hint_operator(problem),
        }
    }

    /// A word that is nearly the operator that could stand there: `x adn y`.
    fn hint_operator(&self, problem: Box<Problem>) -> Box<Problem> {
        let token = self.token();
        let Some(before) = self.at.checked_sub(1).map(|at| self.tokens[at]) else { return problem };
        if !before.kind.ends_operand() || token.kind != T::Name {
            return problem;
        }
        let word = self.text_of(token.span);
        match nearest(word, &["and", "not", "else", "for", "import"], |_| true) {
            Some(keyword) if word.len() > 2 => {
                let message = format!("{} is no operator: did you mean '{keyword}'?", quote(word));
                Problem::new(codes::MISSPELT, token.span, message).suggesting(
                    token.span,
                    keyword,
                    format!("write '{keyword}'"),
                )
            }
            _ => problem,
        }
    }

    /// Two operators that are one in another language, or one too many.
    fn hint_pair(&self, before: Token, token: Token) -> Option<Box<Problem>> {
        let both = before.span.to(token.span);
        let adjacent = before.span.end == token.span.start;
        let foreign = |message: &str| Problem::new(codes::FOREIGN, both, message);
        let problem = match (before.kind, token.kind) {
            (T::Amper, T::Amper) if adjacent => {
                foreign("'&&' is 'and'").suggesting(both, "and", "write 'and'")
            }
            (T::Pipe, T::Pipe) if adjacent => foreign("'||' is 'or'").suggesting(both, "or", "write 'or'"),
            (T::Eq, T::Assign) if adjacent => foreign("'===' is '=='").suggesting(both, "==", "write '=='"),
            (T::Ne, T::Assign) if adjacent => foreign("'!==' is '!='").suggesting(both, "!=", "write '!='"),
            (T::Lt, T::Gt) if adjacent => foreign("'<>' is '!='").suggesting(both, "!=", "write '!='"),
            (T::Assign, T::Gt) if adjacent => foreign("'=>' is not used: a function is 'def' or 'lambda'"),
            (T::Assign, T::Assign) => {
                Problem::new(codes::UNEXPECTED, token.span, "expected a value after '=', found '='")
                    .expecting("an expression")
                    .suggesting(token.span, "", "delete one '='")
                    .suggesting(both, "==", "write '==' to compare")
            }
            (T::Slash, T::Star) if adjacent => {
                foreign("a comment starts with '#'").suggesting(both, "#", "write '#'")
            }
            (_, T::Arrow) => Problem::new(
                codes::FOREIGN,
                token.span,
                "'->' stands only before a return annotation; an attribute is '.'",
            ),
            (T::Name, T::Name) if self.text_of(before.span) == "new" => {
                let message = "an object is made by calling its constructor: leave 'new' out";
                let span = Span::new(before.span.start, token.span.start);
                Problem::new(codes::FOREIGN, before.span, message).suggesting(span, "", "delete 'new'")
            }
            (T::Str, kind) if adjacent && kind.is_name() => {
                let message = format!(
                    "expected the end of the expression, found {} right behind a string",
                    found(token, self.text)
                );
                Problem::new(codes::UNEXPECTED, token.span, message).noting(
                    Span::new(before.span.end - 1, before.span.end),
                    "a quote inside a string needs a backslash, or the other kind of quotes around it",
                )
            }
            _ => return None,
        };
        Some(problem)
    }

    /// `x++`, `a -> b`, `a ? b : c`, `// comment` and the like, at the current token.
    fn hint_word(&self, before: Token, token: Token) -> Option<Box<Problem>> {
        let ends = token.kind.is_end();
        match before.kind {
            T::Plus | T::Minus if ends || token.kind == T::Semicolon => {
                let first = self.tokens.get(self.at.checked_sub(2)?)?;
                if first.kind != before.kind || first.span.end != before.span.start {
                    return None;
                }
                let sign = before.kind.text();
                let span = first.span.to(before.span);
                let message = format!("star has no '{sign}{sign}': write '{sign}= 1'");
                Some(Problem::new(codes::FOREIGN, span, message).suggesting(
                    span,
                    format!(" {sign}= 1"),
                    format!("write '{sign}= 1'"),
                ))
            }
            _ => None,
        }
    }

    /// A first word of the statement that is another language's, or nearly a keyword.
    fn hint_first_word(&self) -> Option<Box<Problem>> {
        let first = self.statement_start();
        let index = self.tokens.iter().position(|token| token.span == first.span)?;
        if first.kind == T::DoubleSlash {
            let problem = Problem::new(codes::FOREIGN, first.span, "a comment starts with '#'");
            return Some(problem.suggesting(first.span, "#", "write '#'"));
        }
        if index >= self.at || !first.kind.is_name() {
            return None;
        }
        let after = self.tokens[index + 1];
        let operand = after.kind.starts_expression()
            && !matches!(after.kind, T::LParen | T::LBracket | T::Minus | T::Plus);
        let colon = after.kind == T::Colon;
        if !operand && !colon && !matches!(after.kind, T::LParen) {
            return None;
        }
        let word = self.text_of(first.span);
        if let Some((_, instead, text)) = FOREIGN.iter().find(|(foreign, ..)| *foreign == word)
            && (operand || *instead == "def" || *instead == "match")
        {
            let span =
                if instead.is_empty() { Span::new(first.span.start, after.span.start) } else { first.span };
            let words =
                if instead.is_empty() { format!("delete '{word}'") } else { format!("write '{instead}'") };
            return Some(Problem::new(codes::FOREIGN, first.span, *text).suggesting(span, *instead, words));
        }
        if word == "print" && operand {
            let end = self.tokens[self.tokens.len() - 1].span.start;
            let inner = Span::new(after.span.start, end);
            let call = format!("print({})", self.text_of(inner));
            let problem = Problem::new(
                codes::FOREIGN,
                first.span,
                "'print' is a function: its arguments need parentheses",
            );
            return Some(problem.suggesting(
                first.span.to(inner),
                call,
                "put parentheses around the arguments",
            ));
        }
        if after.kind == T::LParen {
            return None;
        }
        let keyword = nearest(word, &KEYWORDS, |keyword| self.could_be(index, keyword))?;
        let message = format!("{} is no statement: did you mean '{keyword}'?", quote(word));
        Some(Problem::new(codes::MISSPELT, first.span, message).suggesting(
            first.span,
            keyword,
            format!("write '{keyword}'"),
        ))
    }

    /// The `:` of the header that starts the line, if it has been passed.
    fn header_end(&self) -> Option<usize> {
        let first = self.tokens[0].kind;
        let compound =
            [T::If, T::Elif, T::Else, T::For, T::While, T::Try, T::Except, T::Finally, T::With, T::Def];
        if !compound.contains(&first) && first != T::Case {
            return None;
        }
        let mut depth = 0u32;
        self.tokens[..self.at].iter().position(|token| {
            match token.kind {
                T::LParen | T::LBracket | T::LBrace | T::FieldOpen | T::Lambda => depth += 1,
                T::RParen | T::RBracket | T::RBrace | T::FieldClose => depth = depth.saturating_sub(1),
                _ => {}
            }
            token.kind == T::Colon && depth == 0
        })
    }

    /// Whether the statement that starts at token `index` looks as if its first word were `keyword`.
    fn could_be(&self, index: usize, keyword: &str) -> bool {
        let rest = &self.tokens[index + 1..];
        let has = |kind: T| rest.iter().any(|token| token.kind == kind);
        let is_name = rest.first().is_some_and(|token| token.kind.is_name());
        match keyword {
            "for" => has(T::In),
            "from" => has(T::Import),
            "def" => is_name && rest.get(1).is_some_and(|token| token.kind == T::LParen),
            "else" | "try" | "finally" => rest.first().is_some_and(|token| token.kind == T::Colon),
            "while" | "if" | "elif" | "with" | "match" => has(T::Colon) && rest[0].kind != T::Colon,
            "except" => has(T::Colon),
            "global" | "nonlocal" | "import" => is_name,
            _ => rest.first().is_some_and(|token| token.kind.starts_expression()),
        }
    }

    /// The first token of the simple statement or clause that holds the current one.
    fn statement_start(&self) -> Token {
        let start = self.tokens[..self.at].iter().rposition(|token| token.kind == T::Semicolon);
        let start = start.or_else(|| self.header_end());
        self.tokens[start.map_or(0, |at| at + 1).min(self.at)]
    }

    /// No operand starts with the current token.
    #[cold]
    pub(super) fn no_operand<R>(&mut self) -> Parse<R> {
        let token = self.token();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at]);
        let starts = match before.map(|before| before.kind) {
            None | Some(T::Semicolon) => true,
            Some(T::Colon) => self.depth as usize == self.blocks.len() && self.lambda.is_none(),
            _ => false,
        };
        if starts && matches!(token.kind, T::If | T::For | T::While | T::Try | T::With | T::Def | T::At) {
            let message = format!("'{}' must start a line of its own", token.kind);
            return self.fail_at(codes::UNEXPECTED, token.span, message);
        }
        if starts && !token.kind.is_end() {
            return self.expected("a statement");
        }
        if token.kind == T::Not {
            let message =
                "'not' binds more loosely than the operator before it: put parentheses around 'not …'";
            return self.fail_at(codes::UNEXPECTED, token.span, message);
        }
        if let Some(before) = before {
            let is_operator = before.kind >= T::At && before.kind <= T::ShrAssign;
            if is_operator
                || matches!(before.kind, T::And | T::Or | T::Not | T::In | T::Is | T::Comma | T::LParen)
            {
                return self.expected(&format!("an expression after '{}'", before.kind));
            }
        }
        self.expected("an expression")
    }

    /// A bracket is not closed where it should be.
    #[cold]
    pub(super) fn unclosed<R>(&mut self, kind: T, open: Token) -> Parse<R> {
        let token = self.token();
        let before = self.tokens[self.at - 1];
        let message = format!("expected ',' or '{kind}', found {}", found(token, self.text));
        let mut problem = Problem::new(codes::UNEXPECTED, token.span, message)
            .expecting("','")
            .expecting(format!("'{kind}'"));
        if token.kind.starts_expression() && before.kind.ends_operand() {
            problem = problem.suggesting(Span::at(before.span.end), ",", "put a ',' between the two");
        }
        if token.kind == T::Assign {
            let message = "'=' cannot be used inside an expression; a comparison is '=='";
            problem = Problem::new(codes::UNEXPECTED, token.span, message)
                .suggesting(token.span, "==", "write '=='")
                .suggesting(token.span, ":=", "write ':=' to assign");
        }
        problem = problem.noting(open.span, format!("'{}' was opened here", open.kind));
        let problem = self.hint_in_brackets(problem);
        self.fail(problem)
    }

    fn hint_in_brackets(&self, problem: Box<Problem>) -> Box<Problem> {
        let before = self.tokens[self.at - 1];
        self.hint_pair(before, self.token()).unwrap_or(problem)
    }

    /// A dict's key without a value.
    #[cold]
    pub(super) fn expected_in_dict<R>(&mut self) -> Parse<R> {
        let token = self.token();
        let message =
            format!("expected ':' and a value after the dict's key, found {}", found(token, self.text));
        let mut problem = Problem::new(codes::UNEXPECTED, token.span, message).expecting("':'");
        if token.kind == T::Assign {
            problem = problem.suggesting(token.span, ":", "write ':'");
        }
        self.fail(problem)
    }

    /// A statement is complete, but its line goes on.
    #[cold]
    pub(super) fn leftover<R>(&mut self) -> Parse<R> {
        let token = self.token();
        let before = self.tokens[self.at.saturating_sub(1)];
        let message = format!("expected the end of the statement, found {}", found(token, self.text));
        let mut problem =
            Problem::new(codes::UNEXPECTED, token.span, message).expecting("newline").expecting("';'");
        match token.kind {
            T::RParen | T::RBracket | T::RBrace => {}
            T::LBrace => {
                problem = Problem::new(
                    codes::FOREIGN,
                    token.span,
                    "a block starts with ':' and is indented; star has no '{' blocks",
                );
            }
            T::Assign => {
                let message = "'=' cannot be used here: only a whole statement assigns";
                problem = Problem::new(codes::UNEXPECTED, token.span, message).suggesting(
                    token.span,
                    "==",
                    "write '==' to compare",
                );
            }
            T::Walrus => {
                let message = "':=' at the top of a statement needs parentheses; an assignment is '='";
                problem = Problem::new(codes::UNEXPECTED, token.span, message).suggesting(
                    token.span,
                    "=",
                    "write '='",
                );
            }
            T::Colon if before.kind == T::Else || self.kind() == T::Colon => {
                problem = problem.expecting("an operator");
            }
            _ if token.kind.starts_expression() && before.kind.ends_operand() => {
                let message = format!(
                    "expected an operator or the end of the statement, found {}",
                    found(token, self.text)
                );
                problem = Problem::new(codes::UNEXPECTED, token.span, message)
                    .expecting("an operator")
                    .expecting("newline")
                    .suggesting(Span::at(before.span.end), ",", "put a ',' between the two");
                let comment = self.tokens[..self.at].iter().find(|token| token.kind == T::DoubleSlash);
                if let Some(comment) = comment {
                    problem = problem.suggesting(comment.span, "#", "write '#' if this is a comment");
                }
            }
            _ => {}
        }
        let problem = self.hint(problem);
        self.fail(problem)
    }

    /// A header without its ':'.
    #[cold]
    pub(super) fn missing_colon(&mut self, after: &str) -> Parse<()> {
        let token = self.token();
        let before = self.tokens[self.at.saturating_sub(1)];
        if token.kind == T::Assign {
            let message = "'=' assigns and cannot be part of a condition; a comparison is '=='";
            let problem = Problem::new(codes::UNEXPECTED, token.span, message);
            return self.fail(problem.suggesting(token.span, "==", "write '=='"));
        }
        if let Some(problem) = self.hint_pair(before, token) {
            return self.fail(problem);
        }
        let message = format!("expected ':' {after}, found {}", found(token, self.text));
        let place = Span::at(before.span.end);
        let mut problem = Problem::new(codes::MISSING_COLON, token.span, message).expecting("':'");
        problem = match token.kind {
            T::LBrace => {
                let message = "a block starts with ':' and is indented; star has no '{' blocks";
                Problem::new(codes::FOREIGN, token.span, message).expecting("':'").suggesting(
                    token.span,
                    ":",
                    "write ':'",
                )
            }
            T::Name if self.text_of(token.span) == "then" => {
                problem.suggesting(token.span, ":", "write ':' instead of 'then'")
            }
            T::Name if self.text_of(token.span) == "do" => {
                problem.suggesting(token.span, ":", "write ':' instead of 'do'")
            }
            _ => problem.suggesting(place, ":", "put a ':' here"),
        };
        self.fail(problem)
    }

    /// A clause that belongs to no open block.
    #[cold]
    pub(super) fn stray_clause(&mut self) -> Parse<()> {
        let token = self.token();
        let message = match token.kind {
            T::Elif => "'elif' without an 'if' before it at this indentation",
            T::Else => "'else' without an 'if', loop or 'try' before it at this indentation",
            T::Except => "'except' without a 'try' before it at this indentation",
            _ => "'finally' without a 'try' before it at this indentation",
        };
        self.fail_at(codes::CLAUSE, token.span, message)
    }

    /// `else if`
    pub(super) fn else_if(&mut self, word: Token) -> Parse<()> {
        if self.kind() != T::If {
            return Ok(());
        }
        let span = word.span.to(self.token().span);
        let problem = Problem::new(codes::FOREIGN, span, "'else if' is 'elif'");
        self.fail(problem.suggesting(span, "elif", "write 'elif'"))
    }

    /// `except A, B:`
    #[cold]
    pub(super) fn unparenthesized_except<R>(&mut self, first: ExprId) -> Parse<R> {
        let start = self.span_of(first).start;
        let end = self
            .tokens
            .iter()
            .skip(self.at)
            .find(|token| matches!(token.kind, T::Colon | T::As | T::Newline));
        let span = Span::new(start, end.map_or(self.here(), |token| token.span.start));
        let message = "several exception types need parentheses around them";
        let text = format!("({})", self.text_of(span).trim_end());
        let problem = Problem::new(codes::UNEXPECTED, span, message);
        self.fail(problem.suggesting(span, text, "put parentheses around the types"))
    }

    /// `for (i = 0; i < n; i++)`
    pub(super) fn check_c_style_for(&mut self) -> Parse<()> {
        let header = self.tokens[self.at..].iter().take_while(|token| token.kind != T::Colon);
        if !header.into_iter().any(|token| token.kind == T::Semicolon) {
            return Ok(());
        }
        let message = "'for' goes over the items of something: write 'for i in range(n):'";
        self.fail_at(codes::FOREIGN, self.token().span, message)
    }

    /// Adds that '==' may have been meant to "cannot assign".
    pub(super) fn hint_comparison(&self, problem: Box<Problem>, target: ExprId) -> Box<Problem> {
        let assign = self.token();
        if assign.kind != T::Assign
            || !matches!(self.ast[target].kind, ExprKind::Call { .. } | ExprKind::Compare { .. })
        {
            return problem;
        }
        problem.suggesting(assign.span, "==", "write '==' to compare")
    }

    /// Nothing that could be assigned follows '='.
    #[cold]
    pub(super) fn no_value<R>(&mut self) -> Parse<R> {
        let before = self.tokens[self.at.saturating_sub(1)];
        self.expected(&format!("a value after '{}'", before.kind))
    }
}

/// The word of `words` that `word` is most likely a misspelling of, among those that `fits`.
fn nearest(word: &str, words: &[&'static str], fits: impl Fn(&str) -> bool) -> Option<&'static str> {
    let allowed = match word.len() {
        0..=1 => return None,
        2..=4 => 1,
        _ => 2,
    };
    let scored =
        words.iter().filter(|keyword| fits(keyword)).map(|keyword| (distance(word, keyword), *keyword));
    scored.filter(|(distance, _)| (1..=allowed).contains(distance)).min().map(|(_, keyword)| keyword)
}

/// Edits between two short ASCII words, a swap of neighbours counting one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 || a.len() > 16 {
        return usize::MAX;
    }
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let at = i * width + j;
            table[at] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut best =
                    (table[at - width] + 1).min(table[at - 1] + 1).min(table[at - width - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[at - 2 * width - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len() * width + b.len()]
}
