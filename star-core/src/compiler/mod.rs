//! From trees to bytecode.
//!
//! In: the [`Ast`] of one piece after another. Out: a [`Segment`] for each. Rule: the compiler is driven by events,
//! one per statement, header, clause and `End`, and never looks ahead at the top level; so a unit that arrives in
//! pieces becomes the same instructions as one that arrives whole.
//!
//! | question | file |
//! |---|---|
//! | which event does what | `statement` |
//! | what is open, and how control leaves it | `block`, `exception` |
//! | how an expression gets into a register | `expr`, `chain` (operators, attributes, items), `call`, `display` |
//! | how a test becomes a jump | `condition` |
//! | how a value gets to a target | `assign`, `pattern` |
//! | functions and comprehensions | `closure`, `comprehension` |
//! | where a variable lives | `variable`, and `spill` when registers run out |
//! | instructions, registers, ranges | `function`, `labels`, `constants`, `bits` |

mod assign;
mod bits;
mod block;
mod call;
mod chain;
mod closure;
mod comprehension;
mod condition;
mod constants;
mod disassemble;
mod display;
mod exception;
mod expr;
mod fold;
mod fstring;
mod function;
mod labels;
mod pattern;
mod spill;
mod statement;
mod variable;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use disassemble::disassemble;
use function::{Function, Shape, Var};

use crate::ast::{Ast, ExprId, ExprKind, StmtKind};
use crate::bytecode::{CodeKind, Segment};
use crate::diagnostic::Diagnostic;
use crate::intern::Interner;
use crate::resolve::{ModuleNames, Scopes};
use crate::span::Span;

/// Functions that are not at hand. They are large, and change places often: so they are boxed.
#[allow(clippy::vec_box)]
type Pool = Vec<Box<Function>>;

/// Compiles the top level of one module, piece by piece.
///
/// ```ignore
/// let mut compiler = Compiler::new("<module>".into());
/// let segment = compiler.piece(&ast, &interner, &mut names, true, true)?;
/// ```
pub struct Compiler {
    name: Arc<str>,
    /// The top level, with its open blocks.
    top: Option<Box<Function>>,
    /// Functions to use again.
    pool: Pool,
    scopes: Scopes,
    vars: Vec<Var>,
    spine: Vec<ExprId>,
}

impl Compiler {
    /// A compiler for a module; `module_name` is what tracebacks call its top level, `<module>`. Allocates nothing.
    pub fn new(module_name: Arc<str>) -> Compiler {
        Compiler {
            name: module_name,
            top: None,
            pool: Vec::new(),
            scopes: Scopes::default(),
            vars: Vec::new(),
            spine: Vec::new(),
        }
    }

    /// Compiles a piece: a complete top-level unit, or a line, header, clause or run of ends of one that is open.
    ///
    /// After an error the unit is in an unknown state: call [`Self::abandon_unit`].
    pub fn piece(
        &mut self,
        ast: &Ast,
        interner: &Interner,
        names: &mut ModuleNames,
        opens_unit: bool,
        closes_unit: bool,
    ) -> Result<Segment, Box<Diagnostic>> {
        let mut top = self.top.take().unwrap_or_default();
        if opens_unit {
            top.begin(CodeKind::Module, self.name.clone(), self.name.clone());
        } else {
            top.clear_piece();
        }
        // Without functions and comprehensions every name is global.
        if !(ast.funcs.is_empty() && ast.clauses.is_empty()) {
            self.scopes.resolve(ast, interner)?;
            self.vars.clear();
            self.vars.resize(self.scopes.entries.len(), Var::Global);
        }
        let mut emitter = Emitter {
            ast,
            interner,
            names,
            scopes: &mut self.scopes,
            vars: &mut self.vars,
            spine: &mut self.spine,
            f: top,
            outer: Vec::new(),
            pool: &mut self.pool,
            error: None,
        };
        emitter.statements(0, ast.stmts.len());
        emitter.check_overflow(Span::new(0, ast.source.text.len() as u32));
        let doc = if opens_unit { emitter.module_doc() } else { None };
        let Emitter { f: mut top, error, .. } = emitter;
        if let Some(error) = error {
            self.spine.clear();
            return Err(error);
        }
        let shape = Shape {
            is_generator: false,
            doc,
            source: ast.source.clone(),
            span: Span::new(0, ast.source.text.len() as u32),
        };
        let code = top.finish(shape);
        let Function { labels, blocks, .. } = &mut *top;
        let labels = labels.end_piece(blocks.iter().flat_map(|block| block.labels()));
        if !(closes_unit && top.is_large()) {
            self.top = Some(top);
        }
        self.scopes.shrink();
        Ok(Segment { code: Arc::new(code), labels, opens_unit, closes_unit })
    }

    /// Forgets the open unit, after an error.
    pub fn abandon_unit(&mut self) {
        self.top = None;
    }
}

/// The compilation of one piece: what all the files of this module add methods to.
struct Emitter<'a> {
    ast: &'a Ast,
    interner: &'a Interner,
    names: &'a mut ModuleNames,
    scopes: &'a mut Scopes,
    /// Where the variable of each entry of `scopes` lives, for the functions that we are inside of.
    vars: &'a mut Vec<Var>,
    /// Chains that are being compiled, from the outside in.
    spine: &'a mut Vec<ExprId>,
    /// The function that is being compiled, and those around it.
    f: Box<Function>,
    outer: Pool,
    pool: &'a mut Pool,
    /// The first error. Compilation goes on after it, to nowhere.
    error: Option<Box<Diagnostic>>,
}

impl Emitter<'_> {
    /// The string that a unit starts with: the module's docstring, if it is the first unit.
    fn module_doc(&self) -> Option<Arc<str>> {
        match self.ast.stmts.first()?.kind {
            StmtKind::Expr(value) => match self.ast[value].kind {
                ExprKind::Str(at) => self.ast.strings.get(at as usize).map(closure::clean_doc),
                _ => None,
            },
            _ => None,
        }
    }

    #[cold]
    #[inline(never)]
    fn error(&mut self, span: Span, code: &'static str, message: impl FnOnce() -> String) {
        if self.error.is_none() {
            self.error = Some(Box::new(Diagnostic::new(code, message(), &self.ast.source, span)));
        }
    }
}
