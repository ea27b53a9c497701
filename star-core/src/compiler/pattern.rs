//! `match`.
//!
//! In: a subject and cases. Out: tests that jump to the next case as soon as one fails. Rule: names are bound when
//! the whole pattern has matched, before the guard is evaluated.

use std::collections::HashMap;

use super::Emitter;
use super::bits::Bits;
use super::block::{Block, BlockKind};
use super::function::{CROWDED, SPILL_REGISTER};
use super::labels::Label;
use crate::ast::{CompareItem, CompareOp, ExprId, Id, List, MappingItem, Name, PatternId, PatternKind};
use crate::bytecode::{Op, Reg};
use crate::intern::Symbol;
use crate::span::Span;

/// So many captures wait in registers; more of them in the spill list.
const IN_REGISTERS: usize = 24;
/// So many keys of a mapping pattern are evaluated at once for `**rest`.
const KEYS_AT_ONCE: usize = 24;

/// The names that a pattern binds, in order, and where their values wait.
struct Captures {
    names: Vec<Name>,
    index: HashMap<Symbol, u32>,
    /// The first register, or the first place of the spill list.
    place: Place,
    /// Whether subjects may wait in the spill list too.
    spills: bool,
}

#[derive(Clone, Copy)]
enum Place {
    Registers(Reg),
    Spill(u32),
}

/// Where a value that a pattern looks at is.
#[derive(Clone, Copy)]
enum Subject {
    In(Reg),
    Spilled(u32),
}

impl Emitter<'_> {
    /// match_stmt = 'match' subject ':' {case}
    pub(super) fn open_match(&mut self, subject: ExprId, span: Span) {
        let floor = self.f.floor;
        let register = self.hold(1, span);
        self.expr_to(subject, register);
        let end = self.label();
        self.open(BlockKind::Match { subject: register, next: None, end }, floor, span);
    }

    /// `case pattern [if guard]:`
    pub(super) fn case(&mut self, pattern: PatternId, guard: Option<ExprId>, span: Span) {
        let bound = self.f.bound;
        let Some(block) = self.f.blocks.last_mut() else { return };
        let BlockKind::Match { subject, next, end } = block.kind else { return };
        let entry = block.entry;
        if let Some(next) = next {
            block.exit = block.exit.and(bound);
            self.f.jump(end, span);
            self.f.bind(next);
            self.f.bound = if self.f.reachable { entry } else { Bits::ALL };
            if !self.f.reachable {
                self.error(span, "E0330", || "the case before this one matches everything".into());
            }
        }
        let fails = self.label();
        self.case_pattern(pattern, subject, fails);
        if let Some(guard) = guard {
            self.jump_if(guard, false, fails);
        }
        if let Some(Block { kind: BlockKind::Match { next, .. }, .. }) = self.f.blocks.last_mut() {
            *next = Some(fails);
        }
    }

    pub(super) fn end_match(&mut self) {
        let Some(mut block) = self.f.blocks.pop() else { return };
        let BlockKind::Match { next, end, .. } = block.kind else { return };
        block.exit = block.exit.and(self.f.bound);
        if let Some(next) = next {
            let reachable = std::mem::replace(&mut self.f.reachable, false);
            self.f.bind(next);
            if self.f.reachable {
                block.exit = block.exit.and(block.entry);
            }
            self.f.reachable |= reachable;
        }
        self.f.bind(end);
        self.close(&block);
    }

    fn case_pattern(&mut self, pattern: PatternId, subject: Reg, fails: Label) {
        let span = self.ast[pattern].span;
        let mut names = Vec::new();
        let depth = self.captures(pattern, &mut names);
        let mut index = HashMap::new();
        for (i, name) in names.iter().enumerate() {
            if index.insert(name.symbol, i as u32).is_some() {
                let text = self.interner.text(name.symbol);
                self.error(name.span, "E0331", || {
                    format!("multiple assignments to name '{text}' in pattern")
                });
            }
        }
        let few = names.len() <= IN_REGISTERS;
        let registers = usize::from(self.f.next) + names.len() + depth + KEYS_AT_ONCE + 4;
        let spills = !few || registers > usize::from(CROWDED);
        let made = spills && self.open_spill(span);
        let before = self.f.spill.next;
        let place = if few {
            Place::Registers(self.f.temps(names.len() as u16))
        } else {
            Place::Spill(self.spill_places(names.len() as u32))
        };
        let captures = Captures { names, index, place, spills };
        self.pattern(pattern, Subject::In(subject), fails, &captures);
        for (i, name) in captures.names.iter().enumerate() {
            let a = match captures.place {
                Place::Registers(first) => first.saturating_add(i as u8),
                Place::Spill(first) => {
                    let d = self.f.temp();
                    self.load_spilled(d, first + i as u32, span);
                    d
                }
            };
            self.store(name.symbol, a, name.span);
            if let Place::Spill(_) = captures.place {
                self.f.next = self.f.next.saturating_sub(1);
            }
        }
        self.f.next = self.f.floor;
        self.f.spill.next = before;
        self.close_spill(made);
    }

    /// Collects the names that a pattern binds; returns how deep it nests.
    fn captures(&mut self, pattern: PatternId, names: &mut Vec<Name>) -> usize {
        let ast = self.ast;
        let span = ast[pattern].span;
        let mut depth = 0;
        match ast[pattern].kind {
            PatternKind::Capture(symbol) => names.push(Name { symbol, span }),
            PatternKind::Star(name) => names.extend(name),
            PatternKind::Sequence(items) => {
                for &item in &ast[items] {
                    depth = depth.max(self.captures(item, names));
                }
            }
            PatternKind::Mapping { items, rest } => {
                for item in &ast[items] {
                    depth = depth.max(self.captures(item.pattern, names));
                }
                names.extend(rest.map(|rest| ast[rest]));
            }
            PatternKind::Class { positional, values, .. } => {
                for &item in ast[positional].iter().chain(&ast[values]) {
                    depth = depth.max(self.captures(item, names));
                }
                depth += 1;
            }
            PatternKind::Or(items) => depth = self.captures_of_or(items, names),
            PatternKind::As { pattern, name } => {
                depth = self.captures(pattern, names);
                names.push(name);
            }
            PatternKind::Wildcard
            | PatternKind::Literal(_)
            | PatternKind::Singleton(_)
            | PatternKind::Value(_) => {}
        }
        depth + 1
    }

    /// All alternatives bind the same names.
    fn captures_of_or(&mut self, items: List<PatternId>, names: &mut Vec<Name>) -> usize {
        let ast = self.ast;
        let start = names.len();
        let mut first: Vec<Symbol> = Vec::new();
        let mut depth = 0;
        for (i, &item) in ast[items].iter().enumerate() {
            let mut own = Vec::new();
            depth = depth.max(self.captures(item, &mut own));
            let mut symbols: Vec<Symbol> = own.iter().map(|name| name.symbol).collect();
            symbols.sort_unstable();
            if i == 0 {
                first = symbols;
                names.extend(own);
            } else if symbols != first {
                let span = ast[item].span;
                self.error(span, "E0332", || "alternative patterns bind different names".into());
            }
            if i + 1 < items.len() && self.is_irrefutable(item) {
                let span = ast[item].span;
                self.error(span, "E0330", || "the alternative before the others matches everything".into());
            }
        }
        debug_assert!(names.len() >= start);
        depth
    }

    fn is_irrefutable(&self, mut pattern: PatternId) -> bool {
        loop {
            match self.ast[pattern].kind {
                PatternKind::Wildcard | PatternKind::Capture(_) => return true,
                PatternKind::As { pattern: inner, .. } => pattern = inner,
                _ => return false,
            }
        }
    }

    // ---- patterns -------------------------------------------------------------------------------

    fn pattern(&mut self, pattern: PatternId, subject: Subject, fails: Label, captures: &Captures) {
        let before = self.f.next;
        let ast = self.ast;
        let span = ast[pattern].span;
        match ast[pattern].kind {
            PatternKind::Wildcard | PatternKind::Star(None) => {}
            PatternKind::Capture(symbol) => self.capture(symbol, subject, captures, span),
            PatternKind::Star(Some(name)) => self.capture(name.symbol, subject, captures, span),
            PatternKind::Literal(value) | PatternKind::Value(value) => {
                let a = self.subject(subject, span);
                let item = CompareItem { op: CompareOp::Eq, right: value };
                self.compare_and_jump(a, &item, false, fails, span);
            }
            PatternKind::Singleton(value) => {
                let a = self.subject(subject, span);
                let item = CompareItem { op: CompareOp::Is, right: value };
                self.compare_and_jump(a, &item, false, fails, span);
            }
            PatternKind::Sequence(items) => self.sequence(items, subject, fails, captures, span),
            PatternKind::Mapping { items, rest } => {
                self.mapping(items, rest, subject, fails, captures, span);
            }
            PatternKind::Class { callee, positional, keywords, values } => {
                self.class((callee, positional, keywords, values), subject, fails, captures, span);
            }
            PatternKind::Or(items) => {
                let Some((&last, rest)) = ast[items].split_last() else { return };
                let matches = self.label();
                for &item in rest {
                    let next = self.label();
                    self.pattern(item, subject, next, captures);
                    self.f.emit_jump(Op::Jump { to: 0 }, matches, ast[item].span);
                    self.f.bind(next);
                }
                self.pattern(last, subject, fails, captures);
                self.f.bind(matches);
            }
            PatternKind::As { pattern, name } => {
                self.pattern(pattern, subject, fails, captures);
                self.capture(name.symbol, subject, captures, name.span);
            }
        }
        self.f.next = before;
    }

    /// The register of a subject.
    fn subject(&mut self, subject: Subject, span: Span) -> Reg {
        match subject {
            Subject::In(register) => register,
            Subject::Spilled(i) => {
                let d = self.f.temp();
                self.load_spilled(d, i, span);
                d
            }
        }
    }

    fn load_spilled(&mut self, d: Reg, i: u32, span: Span) {
        let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
        self.f.emit(Op::LoadSpill { d, s, i }, span);
    }

    fn capture(&mut self, symbol: Symbol, subject: Subject, captures: &Captures, span: Span) {
        let a = self.subject(subject, span);
        let i = captures.index.get(&symbol).copied().unwrap_or(0);
        match captures.place {
            Place::Registers(first) => self.copy(first.saturating_add(i as u8), a, span),
            Place::Spill(first) => {
                let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
                self.f.emit(Op::StoreSpill { a, s, i: first + i }, span);
            }
        }
    }

    /// The register that a part's value may go into at once: its capture's, or a new temporary.
    fn part_register(&mut self, pattern: PatternId, captures: &Captures) -> Reg {
        let symbol = match self.ast[pattern].kind {
            PatternKind::Capture(symbol) => Some(symbol),
            PatternKind::Star(Some(name)) => Some(name.symbol),
            _ => None,
        };
        match (symbol.and_then(|symbol| captures.index.get(&symbol)), captures.place) {
            (Some(&i), Place::Registers(first)) => first.saturating_add(i as u8),
            _ => self.f.temp(),
        }
    }

    /// Matches a part whose value is in `R[d]`. If registers are short it waits in the spill list, and all from
    /// `release` on are free meanwhile.
    fn part(&mut self, pattern: PatternId, d: Reg, release: u16, fails: Label, captures: &Captures) {
        let nests = matches!(
            self.ast[pattern].kind,
            PatternKind::Sequence(_)
                | PatternKind::Mapping { .. }
                | PatternKind::Class { .. }
                | PatternKind::Or(_)
                | PatternKind::As { .. }
        );
        if nests && self.must_wait(captures) {
            let before = self.f.next;
            let subject = self.wait(d, self.ast[pattern].span);
            self.f.next = release;
            self.pattern(pattern, subject, fails, captures);
            self.f.next = before;
            self.f.spill.next -= 1;
        } else {
            self.pattern(pattern, Subject::In(d), fails, captures);
        }
    }

    fn must_wait(&self, captures: &Captures) -> bool {
        captures.spills && self.f.next + KEYS_AT_ONCE as u16 > CROWDED
    }

    /// Moves a value to the spill list.
    fn wait(&mut self, a: Reg, span: Span) -> Subject {
        let i = self.spill_places(1);
        let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
        self.f.emit(Op::StoreSpill { a, s, i }, span);
        Subject::Spilled(i)
    }

    fn sequence(
        &mut self,
        items: List<PatternId>,
        subject: Subject,
        fails: Label,
        captures: &Captures,
        span: Span,
    ) {
        let ast = self.ast;
        let items = &ast[items];
        let (Ok(count), Ok(_)) = (i16::try_from(items.len()), i16::try_from(items.len() + 1)) else {
            return self.error(span, "E0333", || "too many items in a sequence pattern".into());
        };
        let star = items.iter().position(|&item| matches!(ast[item].kind, PatternKind::Star(_)));
        let start = self.f.next;
        let a = self.subject(subject, span);
        let needed = if star.is_some() { -count } else { count };
        self.f.emit_jump(Op::JumpUnlessSequence { a, count: needed, to: 0 }, fails, span);
        for (i, &item) in items.iter().enumerate() {
            let at = ast[item].span;
            if matches!(ast[item].kind, PatternKind::Wildcard | PatternKind::Star(None)) {
                continue;
            }
            self.f.next = start;
            let a = self.subject(subject, span);
            let d = self.part_register(item, captures);
            if star == Some(i) {
                let (before, after) = (i as u16, (items.len() - i - 1) as u16);
                self.f.emit(Op::SequenceRest { d, a, before, after }, at);
            } else {
                let i = i as i16;
                let i = if star.is_some_and(|star| i as usize > star) { i - count } else { i };
                self.f.emit(Op::SequenceItem { d, a, i }, at);
            }
            self.part(item, d, start, fails, captures);
        }
    }

    fn mapping(
        &mut self,
        items: List<MappingItem>,
        rest: Option<Id<Name>>,
        subject: Subject,
        fails: Label,
        captures: &Captures,
        span: Span,
    ) {
        let ast = self.ast;
        let items = &ast[items];
        let Ok(count) = u16::try_from(items.len()) else {
            return self.error(span, "E0333", || "too many keys in a mapping pattern".into());
        };
        let mut start = self.f.next;
        let a = self.subject(subject, span);
        self.f.emit_jump(Op::JumpUnlessMapping { a, count, to: 0 }, fails, span);
        let keys = self.mapping_keys(items, captures, span);
        if keys.is_some() {
            start = self.f.next;
        }
        for (i, item) in items.iter().enumerate() {
            self.f.next = start;
            let a = self.subject(subject, span);
            let d = self.part_register(item.pattern, captures);
            let b = match keys {
                Some(first) => first.saturating_add(i as u8),
                None => self.any(item.key),
            };
            if let Some(seen) = keys.and_then(|first| first.checked_sub(1)) {
                self.f.emit(Op::MappingKey { a: seen, b }, ast[item.key].span);
            }
            self.f.emit(Op::MappingItem { d, a, b }, ast[item.key].span);
            self.f.emit_jump(Op::JumpIfUndef { a: d, to: 0 }, fails, span);
            self.part(item.pattern, d, start, fails, captures);
        }
        let Some(rest) = rest else { return };
        self.f.next = start;
        let a = self.subject(subject, span);
        let d = self.f.temp();
        let at_once = if items.len() <= KEYS_AT_ONCE { items } else { &[] };
        let b = self.f.next as Reg;
        for item in at_once {
            let key = self.f.temp();
            self.expr_to(item.key, key);
        }
        self.f.emit(Op::MappingRest { d, a, b, count: at_once.len() as u8 }, span);
        // More keys than registers: a copy of everything, without them.
        for item in items.iter().skip(at_once.len()) {
            self.f.next = u16::from(b);
            let b = self.any(item.key);
            self.f.emit(Op::DelIndex { a: d, b }, span);
        }
        self.capture(ast[rest].symbol, Subject::In(d), captures, ast[rest].span);
    }

    /// Keys that are not all literals are evaluated first, as in CPython, into registers after the set of those seen
    /// already: two of them may turn out to be equal.
    fn mapping_keys(&mut self, items: &[MappingItem], captures: &Captures, span: Span) -> Option<Reg> {
        let literal = |item: &MappingItem| self.is_constant(item.key) || self.fold(item.key).is_some();
        let few = items.len() <= KEYS_AT_ONCE && !captures.spills;
        if !few || items.len() < 2 || items.iter().all(literal) {
            return None;
        }
        let seen = self.f.temp();
        self.f.emit(Op::BuildSet { d: seen, b: 0, count: 0 }, span);
        let first = self.f.next as Reg;
        for item in items {
            let d = self.f.temp();
            self.expr_to(item.key, d);
        }
        Some(first)
    }

    fn class(
        &mut self,
        parts: (ExprId, List<PatternId>, List<Name>, List<PatternId>),
        subject: Subject,
        fails: Label,
        captures: &Captures,
        span: Span,
    ) {
        let ast = self.ast;
        let (callee, positional, keywords, values) = parts;
        let Ok(count) = u8::try_from(positional.len()) else {
            return self.error(span, "E0333", || "too many positional patterns".into());
        };
        let (start, places) = (self.f.next, self.f.spill.next);
        let b = self.stable(callee);
        let a = self.subject(subject, span);
        self.f.emit_jump(Op::JumpUnlessInstance { a, b, count, to: 0 }, fails, span);
        let (callee, start) = if self.must_wait(captures) {
            (self.wait(b, span), start)
        } else {
            (Subject::In(b), start.max(u16::from(b) + 1))
        };
        for (i, &item) in ast[positional].iter().enumerate() {
            self.f.next = start;
            let (a, b) = (self.subject(subject, span), self.subject(callee, span));
            let d = self.part_register(item, captures);
            self.f.emit(Op::ClassItem { d, a, b, i: i as u8 }, ast[item].span);
            self.f.emit_jump(Op::JumpIfUndef { a: d, to: 0 }, fails, span);
            self.part(item, d, start, fails, captures);
        }
        for (name, &item) in ast[keywords].iter().zip(&ast[values]) {
            self.f.next = start;
            let a = self.subject(subject, span);
            let d = self.part_register(item, captures);
            let index = self.name(name.symbol);
            self.f.emit(Op::ClassAttr { d, a, name: index }, name.span);
            self.f.emit_jump(Op::JumpIfUndef { a: d, to: 0 }, fails, span);
            self.part(item, d, start, fails, captures);
        }
        self.f.spill.next = places;
    }
}
