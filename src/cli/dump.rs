//! `star dump`: a script on its way from text to code.
//!
//! In: a [`Dump`]. Out: text on standard output; the first error on standard error. Rule: the stages are the ones that
//! run scripts.

use star::core::compiler::{Compiler, disassemble};
use star::core::intern::Interner;
use star::core::parser::{Parsed, Parser, ParserOptions, Piece, dump};
use star::core::resolve::ModuleNames;
use star::diagnostic::Diagnostic;

use super::args::{Dump, Stage};
use super::{SCRIPT_ERROR, complain, print, run};

/// Prints one form of a script.
pub(super) fn dump(command: Dump) -> u8 {
    let source = match command.origin.read_all() {
        Ok(source) => source,
        Err(problem) => return complain(&problem),
    };
    if command.what == Stage::Tokens {
        return print(&dump::tokens(&String::from_utf8_lossy(&source)));
    }
    let (text, error) = pieces(&command, &source);
    let printed = print(&text);
    match error {
        None => printed,
        Some(error) => {
            run::write_diagnostic(&error, star::render::Severity::Error, true, command.errors);
            SCRIPT_ERROR
        }
    }
}

/// The tree or the code of each piece, up to the first error.
fn pieces(command: &Dump, source: &[u8]) -> (String, Option<Box<Diagnostic>>) {
    let mut parser =
        Parser::new(ParserOptions { name: command.origin.name().into(), ..ParserOptions::default() });
    let mut interner = Interner::default();
    let mut names = ModuleNames::default();
    let mut compiler = Compiler::new("<module>".into());
    parser.push(source);
    parser.finish();
    let mut text = String::new();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(Piece { ast, opens_unit, closes_unit, .. }) => {
                if command.what == Stage::Ast {
                    text.push_str(&dump::ast(&ast, &interner));
                    continue;
                }
                match compiler.piece(&ast, &interner, &mut names, opens_unit, closes_unit) {
                    Ok(segment) => text.push_str(&disassemble(&segment.code, &names)),
                    Err(error) => return (text, Some(error)),
                }
            }
            Parsed::Error(error) => return (text, Some(error)),
            Parsed::NeedMore | Parsed::End | Parsed::TooLarge(_) => return (text, None),
        }
    }
}
