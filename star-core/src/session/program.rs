//! A program compiled once for many isolates.
//!
//! In: source. Out: a [`Program`]: instructions that any number of isolates share. Rule: its globals take the first
//! slots of the isolates that it starts, so the instructions need no change.

use std::sync::Arc;

use super::{Error, Options, Report, Session, new_parser};
use crate::bytecode::Segment;
use crate::compiler::Compiler;
use crate::intern::Interner;
use crate::parser::Parsed;
use crate::resolve::ModuleNames;
use crate::span::Position;

/// A program compiled once, to start any number of isolates with. Cheap to clone.
#[derive(Clone)]
pub struct Program(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    /// Names of the globals, in the order of their slots.
    globals: Vec<Box<str>>,
    segments: Vec<(Segment, Position)>,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl Program {
    /// Compiles source under a name and a policy: `options.name`, `options.blocked`, `options.limits.nesting`. Fails at
    /// the first thing that is not valid.
    pub fn compile(source: &str, options: &Options) -> Result<Program, Error> {
        let options = Options { eager: false, ..options.clone() };
        let mut parser = new_parser(&options);
        parser.push(source.as_bytes());
        parser.finish();
        let (mut interner, mut names) = (Interner::default(), ModuleNames::default());
        let mut compiler = Compiler::new("<module>".into());
        let mut segments = Vec::new();
        let failed = |diagnostic, at| Error::script(Report::of_syntax(diagnostic, 0, at), None);
        loop {
            match parser.next(&mut interner) {
                Parsed::Piece(piece) => {
                    let (opens, closes, start) = (piece.opens_unit, piece.closes_unit, piece.start);
                    let compiled = compiler.piece(&piece.ast, &interner, &mut names, opens, closes);
                    parser.recycle(piece.ast);
                    segments.push((compiled.map_err(|diagnostic| failed(diagnostic, start))?, start));
                }
                Parsed::Error(diagnostic) => return Err(failed(diagnostic, parser.position())),
                Parsed::TooLarge(_) => return Err(Error::refused("the program is too large")),
                Parsed::End | Parsed::NeedMore => break,
            }
        }
        let globals = names.names().iter().map(|name| Box::from(&**name)).collect();
        Ok(Program(Arc::new(Inner { name: options.name, globals, segments })))
    }

    /// What its source is called in messages.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }
}

impl Session {
    /// Takes up a program in place of source: it runs at the next pump. Fails if the session has run or bound anything.
    pub fn load(&mut self, program: &Program) -> Result<(), Error> {
        if !self.names.is_empty() || self.completed > 0 {
            return Err(Error::refused("a program can only be loaded into a new isolate"));
        }
        self.options.name = program.0.name.clone();
        for name in &program.0.globals {
            let symbol = self.interner.intern(name);
            self.names.slot(symbol, &self.interner);
        }
        self.documented = true;
        self.sync_names();
        if let Some((first, _)) = program.0.segments.first()
            && let Some(doc) = &first.code.doc
        {
            let doc = self.heap.str(doc);
            self.bind("__doc__", doc);
        }
        for (segment, start) in &program.0.segments {
            self.queue(segment, *start);
        }
        self.finish();
        Ok(())
    }
}
