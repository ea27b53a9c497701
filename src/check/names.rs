//! Names that nothing binds.
//!
//! In: compiled code, in which every access to a global names its slot. Out: findings, and what others ask about names.
//! Rule: code is the witness, so that what counts as a global here is what is one when it runs.

use std::collections::HashSet;

use star_core::bytecode::{Code, CodeKind, Op};
use star_core::diagnostic::Diagnostic;
use star_core::session::report::exception_code;
use star_core::span::Span;
use star_core::text::distance;
use star_core::{builtins, text::unicode};

use super::{Finding, Program};
use crate::render::Severity;

/// How a program uses names.
pub(super) struct Uses<'a> {
    reads: Vec<Read<'a>>,
    /// By slot.
    bound: Vec<Bound>,
    /// Names that are local somewhere.
    locals: HashSet<&'a str>,
}

struct Read<'a> {
    slot: u32,
    /// Which top-level statement.
    unit: usize,
    code: &'a Code,
    span: Span,
}

/// What binds a global.
#[derive(Clone, Copy, Default)]
struct Bound {
    /// How many instructions bind or delete it.
    times: u32,
    /// The first top-level statement that does.
    first_unit: Option<usize>,
    first_line: u32,
    in_function: bool,
}

impl Uses<'_> {
    /// Whether a global is bound at one place only, and nothing local has its name.
    pub(super) fn is_bound_once(&self, slot: u32, name: &str) -> bool {
        self.bound[slot as usize].times == 1 && !self.locals.contains(name)
    }

    /// Whether a name can only mean the builtin.
    pub(super) fn is_never_bound(&self, slot: Option<u32>, name: &str) -> bool {
        slot.is_none_or(|slot| self.bound[slot as usize].times == 0) && !self.locals.contains(name)
    }
}

/// Gathers how names are used.
pub(super) fn uses(program: &Program) -> Uses<'_> {
    let bound = vec![Bound::default(); program.names.len()];
    let mut uses = Uses { reads: Vec::new(), bound, locals: HashSet::new() };
    for (unit, code) in program.codes.iter().enumerate() {
        let mut codes: Vec<&Code> = vec![code];
        while let Some(code) = codes.pop() {
            of_code(&mut uses, unit, code);
            codes.extend(code.functions.iter().map(|inner| &**inner));
        }
    }
    uses
}

fn of_code<'a>(uses: &mut Uses<'a>, unit: usize, code: &'a Code) {
    uses.locals.extend(code.variables.iter().map(|variable| &*variable.name));
    uses.locals.extend(code.params.names.iter().map(|name| &**name));
    for (pc, op) in code.ops.iter().enumerate() {
        let span = code.spans.get(pc).copied().unwrap_or_default();
        match *op {
            Op::LoadGlobal { slot, .. } | Op::CallGlobal { slot, .. } => {
                uses.reads.push(Read { slot, unit, code, span });
            }
            Op::StoreGlobal { slot, .. } => {
                let bound = &mut uses.bound[slot as usize];
                bound.times += 1;
                bound.in_function |= code.kind != CodeKind::Module;
                if bound.first_unit.is_none() {
                    bound.first_unit = Some(unit);
                    bound.first_line = code.source.line_of(span.start);
                }
            }
            Op::DelGlobal { slot } => {
                uses.reads.push(Read { slot, unit, code, span });
                uses.bound[slot as usize].times += 1;
            }
            _ => {}
        }
    }
}

/// Tells of reads that fail.
pub(super) fn check(program: &Program, uses: &Uses<'_>, known: &[String], findings: &mut Vec<Finding>) {
    for read in &uses.reads {
        let Some(name) = program.names.name(read.slot) else { continue };
        if builtins::builtin(name).is_some()
            || known.iter().any(|known| **known == **name)
            || matches!(&**name, "__name__" | "__doc__")
        {
            continue;
        }
        let bound = uses.bound[read.slot as usize];
        let span = name_span(read, name);
        let source = &read.code.source;
        match bound.first_unit {
            None => {
                let message = format!("name '{name}' is not defined");
                let code = exception_code("NameError");
                let mut diagnostic = Diagnostic::new(code, message, source, span).with_kind("NameError");
                if let Some(near) = nearest(program, uses, read, name) {
                    diagnostic = diagnostic.suggesting(source, span, near, format!("did you mean '{near}'?"));
                }
                findings.push(Finding::new(Severity::Error, diagnostic));
            }
            Some(first) if first > read.unit && read.code.kind == CodeKind::Module && !bound.in_function => {
                let message = format!("'{name}' is read before it is bound, in line {}", bound.first_line);
                let diagnostic = Diagnostic::new("W0002", message, source, span).with_kind("Unbound");
                findings.push(Finding::new(Severity::Warning, diagnostic));
            }
            Some(_) => {}
        }
    }
}

/// A near name that means something there.
fn nearest<'a>(program: &'a Program, uses: &Uses<'_>, read: &Read<'a>, name: &str) -> Option<&'a str> {
    let globals = program.names.names().iter().zip(&uses.bound);
    let globals = globals.filter(|(_, bound)| bound.first_unit.is_some()).map(|(name, _)| &**name);
    let locals = read.code.variables.iter().map(|variable| &*variable.name);
    let free = read.code.free_names.iter().map(|name| &**name);
    let builtins = builtins::names().map(|name| -> &'a str { name });
    distance::suggestion(name, locals.chain(free).chain(globals).chain(builtins))
}

/// An instruction stands for a whole expression; the name is the first word of it that reads so.
fn name_span(read: &Read<'_>, name: &str) -> Span {
    let text = read.code.source.text_of(read.span);
    let is_word = |c: Option<char>| c.is_some_and(unicode::is_identifier_continue);
    let found = text.match_indices(name).find(|(at, _)| {
        !is_word(text[..*at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
    });
    match found {
        Some((at, _)) => {
            let start = read.span.start + at as u32;
            Span::new(start, start + name.len() as u32)
        }
        None => read.span,
    }
}

impl Finding {
    pub(super) fn new(severity: Severity, diagnostic: Diagnostic) -> Finding {
        Finding { severity, diagnostic: Box::new(diagnostic), stop: false }
    }
}
