//! Patterns of `case`.
//!
//! In: the tokens between `case` and its guard or `:`. Out: a [`Pattern`]. Rule: the names that alternatives bind
//! are the same, and what matches everything comes last.

use super::call::repeated;
use super::line::{Line, Parse};
use crate::ast::*;
use crate::intern::Symbol;
use crate::lexer::codes;
use crate::lexer::problem::quote;
use crate::span::Span;
use crate::token::TokenKind;

use TokenKind as T;

impl Line<'_> {
    /// patterns = open_sequence | pattern
    pub(super) fn patterns(&mut self) -> Parse<PatternId> {
        let start = self.here();
        self.scratch.bound.clear();
        let first = self.maybe_star_pattern()?;
        let pattern = if self.kind() == T::Comma {
            let items = self.sequence_items(first, T::Colon)?;
            self.pattern_from(PatternKind::Sequence(items), start)
        } else {
            if let PatternKind::Star(_) = self.ast[first].kind {
                let message = "a starred pattern must be in a sequence";
                return self.fail_at(codes::PATTERN, self.ast[first].span, message);
            }
            first
        };
        if let Some(name) = repeated(self.scratch.bound.clone()) {
            let message = format!("the pattern binds {} more than once", quote(self.text_of(name.span)));
            return self.fail_at(codes::PATTERN, name.span, message);
        }
        Ok(pattern)
    }

    fn add_pattern(&mut self, kind: PatternKind, span: Span) -> PatternId {
        let id = Id::new(self.ast.patterns.len());
        self.ast.patterns.push(Pattern { kind, span });
        id
    }

    fn pattern_from(&mut self, kind: PatternKind, start: u32) -> PatternId {
        let span = self.span_from(start);
        self.add_pattern(kind, span)
    }

    /// pattern = or_pattern ['as' NAME]
    fn pattern(&mut self) -> Parse<PatternId> {
        let start = self.here();
        let pattern = self.or_pattern()?;
        if !self.eat(T::As) {
            return Ok(pattern);
        }
        let name = self.capture_name("a name after 'as'")?;
        if self.text_of(name.span) == "_" {
            return self.fail_at(codes::PATTERN, name.span, "'_' cannot be the name after 'as'");
        }
        self.scratch.bound.push(name);
        Ok(self.pattern_from(PatternKind::As { pattern, name }, start))
    }

    /// or_pattern = closed_pattern {'|' closed_pattern}
    fn or_pattern(&mut self) -> Parse<PatternId> {
        let start = self.here();
        let outer = self.scratch.bound.len();
        let first = self.closed_pattern()?;
        if self.kind() != T::Pipe {
            return Ok(first);
        }
        let mark = self.scratch.patterns.len();
        self.scratch.patterns.push(first);
        let names = self.names_since(outer);
        let mut last = first;
        while self.kind() == T::Pipe {
            if self.is_irrefutable(last) {
                return self.unreachable_after(
                    last,
                    "it matches everything, so the alternatives after it never count",
                );
            }
            self.bump();
            let before = self.scratch.bound.len();
            last = self.closed_pattern()?;
            self.scratch.patterns.push(last);
            if self.names_since(before) != names {
                let message = "the alternatives of a pattern must bind the same names";
                return self.fail_at(codes::PATTERN, self.ast[last].span, message);
            }
            self.scratch.bound.truncate(before);
        }
        let list = self.take_patterns(mark);
        Ok(self.pattern_from(PatternKind::Or(list), start))
    }

    fn names_since(&self, mark: usize) -> Vec<Symbol> {
        let mut names: Vec<Symbol> = self.scratch.bound[mark..].iter().map(|name| name.symbol).collect();
        names.sort_unstable();
        names
    }

    #[cold]
    fn unreachable_after(&mut self, pattern: PatternId, why: &str) -> Parse<PatternId> {
        let span = self.ast[pattern].span;
        let shown = quote(self.text_of(span));
        self.fail_at(codes::PATTERN, span, format!("{shown} cannot stand here: {why}"))
    }

    /// Whether a pattern matches everything.
    pub(super) fn is_irrefutable(&self, pattern: PatternId) -> bool {
        let mut pattern = pattern;
        loop {
            match self.ast[pattern].kind {
                PatternKind::Wildcard | PatternKind::Capture(_) => return true,
                PatternKind::As { pattern: inner, .. } => pattern = inner,
                PatternKind::Or(list) => match self.ast[list].last() {
                    Some(last) => pattern = *last,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    /// closed_pattern = literal | NAME | '_' | dotted_name | group | sequence | mapping | class
    fn closed_pattern(&mut self) -> Parse<PatternId> {
        let token = self.token();
        match token.kind {
            kind if kind.is_name() => self.name_pattern(),
            T::Minus | T::Int | T::Float | T::Str | T::FStringStart => {
                let value = self.literal_value()?;
                Ok(self.add_pattern(PatternKind::Literal(value), self.span_of(value)))
            }
            T::None | T::True | T::False => {
                let value = self.primary_of_pattern()?;
                Ok(self.add_pattern(PatternKind::Singleton(value), token.span))
            }
            T::LParen => self.group_pattern(),
            T::LBracket => self.bracket_pattern(),
            T::LBrace => self.mapping_pattern(),
            T::Star => self.fail_at(codes::PATTERN, token.span, "a starred pattern must be in a sequence"),
            _ => self.expected("a pattern"),
        }
    }

    fn primary_of_pattern(&mut self) -> Parse<ExprId> {
        let token = self.bump();
        let kind = match token.kind {
            T::None => ExprKind::None,
            kind => ExprKind::Bool(kind == T::True),
        };
        Ok(self.expr(kind, token.span))
    }

    /// literal = ['-'] NUMBER | strings
    fn literal_value(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let value = if self.eat(T::Minus) {
            if !matches!(self.kind(), T::Int | T::Float) {
                return self.expected("a number after '-' in the pattern");
            }
            let operand = self.primary()?;
            let mark = self.scratch.unary_ops.len();
            self.scratch.unary_ops.push(UnaryOp::Neg);
            let ops = self.take_unary_ops(mark);
            self.expr_from(ExprKind::Unary { ops, operand }, start)
        } else {
            self.primary()?
        };
        match self.ast[value].kind {
            ExprKind::FString(_) => {
                self.fail_at(codes::PATTERN, self.span_of(value), "an f-string cannot be a pattern")
            }
            ExprKind::Attribute { .. } | ExprKind::Call { .. } | ExprKind::Subscript { .. } => {
                self.fail_at(codes::PATTERN, self.span_of(value), "a pattern is a literal, not an expression")
            }
            _ if matches!(self.kind(), T::Plus | T::Minus) => {
                let message =
                    "a pattern is a literal, not an expression; put the comparison into a guard: 'if …'";
                self.fail_at(codes::PATTERN, self.token().span, message)
            }
            _ => Ok(value),
        }
    }

    /// NAME | '_' | NAME {'.' NAME} ['(' class_arguments ')']
    fn name_pattern(&mut self) -> Parse<PatternId> {
        let token = self.token();
        let dotted = self.next_kind() == T::Dot;
        if !dotted && self.next_kind() != T::LParen {
            if self.text_of(token.span) == "_" {
                self.bump();
                return Ok(self.add_pattern(PatternKind::Wildcard, token.span));
            }
            let name = self.capture_name("a name")?;
            self.scratch.bound.push(name);
            return Ok(self.add_pattern(PatternKind::Capture(name.symbol), token.span));
        }
        let value = self.dotted_value()?;
        if self.kind() == T::LParen {
            return self.class_pattern(value, token.span.start);
        }
        Ok(self.pattern_from(PatternKind::Value(value), token.span.start))
    }

    fn capture_name(&mut self, what: &str) -> Parse<Name> {
        self.name(what)
    }

    /// NAME {'.' NAME}
    fn dotted_value(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let name = self.name("a name")?;
        let mut value = self.expr(ExprKind::Name(name.symbol), name.span);
        while self.eat(T::Dot) {
            let token = self.token();
            if !token.kind.is_name() {
                return self.expected("an attribute name after '.'");
            }
            self.bump();
            let name = Id::new(self.ast.names.len());
            self.ast.names.push(self.name_of(token));
            value = self.expr_from(ExprKind::Attribute { value, name }, start);
        }
        Ok(value)
    }

    /// group = '(' pattern ')'; sequence = '(' [maybe_star ',' …] ')'
    fn group_pattern(&mut self) -> Parse<PatternId> {
        let open = self.bump();
        let start = open.span.start;
        self.enter()?;
        if self.kind() == T::RParen {
            self.close(T::RParen, open)?;
            return Ok(self.pattern_from(PatternKind::Sequence(List::empty()), start));
        }
        let first = self.maybe_star_pattern()?;
        let is_star = matches!(self.ast[first].kind, PatternKind::Star(_));
        if self.kind() != T::Comma && !is_star {
            self.close(T::RParen, open)?;
            return Ok(first);
        }
        if self.kind() != T::Comma {
            return self.expected("',' after the starred pattern");
        }
        let items = self.sequence_items(first, T::RParen)?;
        self.close(T::RParen, open)?;
        Ok(self.pattern_from(PatternKind::Sequence(items), start))
    }

    /// sequence = '[' [maybe_star {',' maybe_star} [',']] ']'
    fn bracket_pattern(&mut self) -> Parse<PatternId> {
        let open = self.bump();
        let start = open.span.start;
        self.enter()?;
        let items = if self.kind() == T::RBracket {
            List::empty()
        } else {
            let first = self.maybe_star_pattern()?;
            self.sequence_items(first, T::RBracket)?
        };
        self.close(T::RBracket, open)?;
        Ok(self.pattern_from(PatternKind::Sequence(items), start))
    }

    /// {',' maybe_star} [',']
    fn sequence_items(&mut self, first: PatternId, end: T) -> Parse<List<PatternId>> {
        let mark = self.scratch.patterns.len();
        self.scratch.patterns.push(first);
        let mut starred = matches!(self.ast[first].kind, PatternKind::Star(_));
        while self.eat(T::Comma) && self.kind() != end && self.kind() != T::If {
            let item = self.maybe_star_pattern()?;
            if let PatternKind::Star(_) = self.ast[item].kind
                && std::mem::replace(&mut starred, true)
            {
                let message = "a sequence pattern can have only one starred item";
                return self.fail_at(codes::PATTERN, self.ast[item].span, message);
            }
            self.scratch.patterns.push(item);
        }
        Ok(self.take_patterns(mark))
    }

    /// maybe_star = '*' NAME | '*' '_' | pattern
    fn maybe_star_pattern(&mut self) -> Parse<PatternId> {
        let start = self.here();
        if !self.eat(T::Star) {
            return self.pattern();
        }
        let name = self.capture_name("a name after '*'")?;
        let bound = self.text_of(name.span) != "_";
        if bound {
            self.scratch.bound.push(name);
        }
        Ok(self.pattern_from(PatternKind::Star(bound.then_some(name)), start))
    }

    /// mapping = '{' [item {',' item} [',']] '}'; item = (literal | dotted_name) ':' pattern | '**' NAME
    fn mapping_pattern(&mut self) -> Parse<PatternId> {
        let open = self.bump();
        self.enter()?;
        let mark = self.scratch.mapping_items.len();
        let mut rest = None;
        while self.kind() != T::RBrace {
            if rest.is_some() {
                let message = "'**rest' must be the last item of a mapping pattern";
                return self.fail_at(codes::PATTERN, self.token().span, message);
            }
            if self.eat(T::DoubleStar) {
                let name = self.capture_name("a name after '**'")?;
                if self.text_of(name.span) == "_" {
                    return self.fail_at(
                        codes::PATTERN,
                        name.span,
                        "'**_' is not needed: further keys never matter",
                    );
                }
                self.scratch.bound.push(name);
                rest = Some(Id::new(self.ast.names.len()));
                self.ast.names.push(name);
            } else {
                let item = self.mapping_item()?;
                self.scratch.mapping_items.push(item);
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        let items = self.take_mapping_items(mark);
        self.check_keys(items)?;
        self.close(T::RBrace, open)?;
        Ok(self.pattern_from(PatternKind::Mapping { items, rest }, open.span.start))
    }

    fn mapping_item(&mut self) -> Parse<MappingItem> {
        let token = self.token();
        let key = match token.kind {
            T::Minus | T::Int | T::Float | T::Str | T::FStringStart => self.literal_value()?,
            T::None | T::True | T::False => self.primary_of_pattern()?,
            kind if kind.is_name() && self.next_kind() == T::Dot => self.dotted_value()?,
            kind if kind.is_name() => {
                let message = "a key of a mapping pattern is a literal or a dotted name, not a plain name";
                return self.fail_at(codes::PATTERN, token.span, message);
            }
            _ => return self.expected("a key of the mapping pattern"),
        };
        self.expect(T::Colon, "after the key of the mapping pattern")?;
        Ok(MappingItem { key, pattern: self.pattern()? })
    }

    /// Literal keys must differ.
    fn check_keys(&mut self, items: List<MappingItem>) -> Parse<()> {
        let key_of = |ast: &Ast, key: ExprId| match ast[key].kind {
            ExprKind::Str(index) => Some(format!("s{}", ast.strings[index as usize])),
            ExprKind::Int(value) => Some(format!("i{value}")),
            ExprKind::Bool(value) => Some(format!("i{}", i64::from(value))),
            ExprKind::None => Some("n".to_string()),
            _ => None,
        };
        let mut seen = std::collections::HashSet::new();
        for i in items.range() {
            let key = self.ast.mapping_items[i].key;
            if let Some(value) = key_of(self.ast, key)
                && !seen.insert(value)
            {
                let span = self.span_of(key);
                let message = format!("the mapping pattern has the key {} twice", quote(self.text_of(span)));
                return self.fail_at(codes::PATTERN, span, message);
            }
        }
        Ok(())
    }

    /// '(' [pattern {',' pattern} {',' NAME '=' pattern} [',']] ')'
    fn class_pattern(&mut self, callee: ExprId, start: u32) -> Parse<PatternId> {
        let open = self.bump();
        self.enter()?;
        let mark = self.scratch.patterns.len();
        let names = self.scratch.names.len();
        let mut positional = None;
        while self.kind() != T::RParen {
            let token = self.token();
            if token.kind.is_name() && self.next_kind() == T::Assign {
                self.at += 2;
                if positional.is_none() {
                    positional = Some(self.take_patterns(mark));
                }
                self.scratch.names.push(self.name_of(token));
            } else if positional.is_some() {
                let message = "a positional pattern cannot follow a keyword pattern";
                return self.fail_at(codes::PATTERN, token.span, message);
            }
            let pattern = self.pattern()?;
            self.scratch.patterns.push(pattern);
            if !self.eat(T::Comma) {
                break;
            }
        }
        if let Some(name) = repeated(self.scratch.names[names..].to_vec()) {
            let message =
                format!("the attribute {} is repeated in the pattern", quote(self.text_of(name.span)));
            return self.fail_at(codes::PATTERN, name.span, message);
        }
        let rest = self.take_patterns(mark);
        let (positional, values) = match positional {
            Some(positional) => (positional, rest),
            None => (rest, List::empty()),
        };
        let keywords = self.take_names(names);
        self.close(T::RParen, open)?;
        Ok(self.pattern_from(PatternKind::Class { callee, positional, keywords, values }, start))
    }
}
