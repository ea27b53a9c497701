//! What can be known of a script without running it.
//!
//! In: the whole source. Out: [`Finding`]s in the order of the text. Rule: an error is certain to fail where it is
//! reached; what is only likely is a warning. Whatever is in doubt is not told: a name that something binds counts as
//! bound, a function that something rebinds is not known.

mod calls;
mod names;
mod reach;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use star_core::ast::Ast;
use star_core::bytecode::Code;
use star_core::compiler::Compiler;
use star_core::diagnostic::Diagnostic;
use star_core::intern::Interner;
use star_core::parser::{Blocked, Parsed, Parser, ParserOptions};
use star_core::resolve::ModuleNames;

use crate::render::Severity;

/// How a script is checked.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// The source's name in messages.
    pub name: Arc<str>,
    /// Keywords and names that the host refuses.
    pub blocked: Blocked,
    /// Nested brackets and blocks that source may have.
    pub nesting: u32,
    /// Globals that the host sets.
    pub known: Vec<String>,
}

impl Default for CheckOptions {
    fn default() -> CheckOptions {
        let ParserOptions { name, blocked, max_nesting, .. } = ParserOptions::default();
        CheckOptions { name, blocked, nesting: max_nesting, known: Vec::new() }
    }
}

/// Something that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Whether it is certain.
    pub severity: Severity,
    /// What and where.
    pub diagnostic: Box<Diagnostic>,
    /// Nothing after it was looked at.
    pub stop: bool,
}

/// Codes of warnings with their meaning; errors have those of the exception that they would be.
pub const WARNINGS: &[(&str, &str)] = &[
    ("W0001", "A statement that is never reached"),
    ("W0002", "A name that is read before anything binds it"),
];

/// Findings that are told at most.
const MAX_FINDINGS: usize = 200;

/// Checks a script.
///
/// ```
/// use star::check::{CheckOptions, check};
///
/// let findings = check(b"def area(w, h):\n    return w * hight\n\narea(3)\n", &CheckOptions::default());
/// let messages: Vec<_> = findings.iter().map(|finding| &*finding.diagnostic.message).collect();
/// assert_eq!(messages, ["name 'hight' is not defined", "area() missing 1 required positional argument: 'h'"]);
/// ```
pub fn check(source: &[u8], options: &CheckOptions) -> Vec<Finding> {
    let (program, mut findings) = Program::read(source, options);
    let uses = names::uses(&program);
    names::check(&program, &uses, &options.known, &mut findings);
    calls::check(&program, &uses, &mut findings);
    for ast in &program.trees {
        reach::check(ast, &mut findings);
    }
    findings.sort_by_key(|finding| finding.diagnostic.location.start);
    findings.truncate(MAX_FINDINGS);
    findings
}

/// A script as far as it is valid.
struct Program {
    interner: Interner,
    names: ModuleNames,
    trees: Vec<Ast>,
    /// Code of each tree that compiles.
    codes: Vec<Arc<Code>>,
}

impl Program {
    fn read(source: &[u8], options: &CheckOptions) -> (Program, Vec<Finding>) {
        let mut parser = Parser::new(ParserOptions {
            name: options.name.clone(),
            eager: false,
            max_nesting: options.nesting,
            blocked: options.blocked.clone(),
        });
        parser.push(source);
        parser.finish();
        let (interner, names) = (Interner::default(), ModuleNames::default());
        let mut program = Program { interner, names, trees: Vec::new(), codes: Vec::new() };
        let mut compiler = Compiler::new("<module>".into());
        let mut findings = Vec::new();
        loop {
            match parser.next(&mut program.interner) {
                Parsed::Piece(piece) => {
                    let Program { interner, names, .. } = &mut program;
                    match compiler.piece(&piece.ast, interner, names, piece.opens_unit, piece.closes_unit) {
                        Ok(segment) => program.codes.push(segment.code),
                        Err(diagnostic) => {
                            compiler.abandon_unit();
                            findings.push(Finding { severity: Severity::Error, diagnostic, stop: false });
                        }
                    }
                    program.trees.push(piece.ast);
                }
                Parsed::Error(diagnostic) => {
                    findings.push(Finding { severity: Severity::Error, diagnostic, stop: true });
                    return (program, findings);
                }
                Parsed::End | Parsed::NeedMore | Parsed::TooLarge(_) => return (program, findings),
            }
        }
    }
}
