//! What every name means.
//!
//! In: the [`Ast`] of one piece. Out: `Scopes`, the functions and comprehensions in it with the names they bind
//! and capture; and [`ModuleNames`], the slots of a module's global names. Rule: one pass over the tree, so nested
//! functions cost what they are long; nothing of another piece is looked at.
//!
//! Each function has one `Entry` per name that it mentions. When a function ends, the names that it does not bind
//! are linked to an entry of the enclosing function, made there if need be, and so on outwards: whether the outer
//! function binds a name may be known only at its own end, and the link works either way. A name that is linked to
//! nothing is global.
//!
//! Comprehensions are part of their function (PEP 709): they have a scope of their own for the targets of their
//! `for` clauses only.

mod module_names;
mod walk;

pub use module_names::ModuleNames;

use crate::ast::{Ast, ExprId, FuncId};
use crate::diagnostic::Diagnostic;
use crate::intern::{Interner, Symbol};
use crate::span::Span;

/// No entry: the name is global.
pub(crate) const NONE: u32 = u32::MAX;
/// Scope 0 is the module.
pub(crate) const MODULE: u32 = 0;

/// What is known of a name in a scope, as a set of bits.
pub(crate) mod flag {
    /// Read.
    pub(crate) const USED: u16 = 1;
    /// Assigned, or bound in another way.
    pub(crate) const BOUND: u16 = 1 << 1;
    /// A parameter.
    pub(crate) const PARAM: u16 = 1 << 2;
    /// Declared `global`.
    pub(crate) const GLOBAL: u16 = 1 << 3;
    /// Declared `nonlocal`.
    pub(crate) const NONLOCAL: u16 = 1 << 4;
    /// A function inside refers to it.
    pub(crate) const CAPTURED: u16 = 1 << 5;
    /// Bound by `:=`, so it may change in the middle of an expression.
    pub(crate) const WALRUS: u16 = 1 << 6;
    /// Deleted somewhere, or the name of an `except … as`: it may become unbound again.
    pub(crate) const UNBINDS: u16 = 1 << 7;
    /// A target of a comprehension or generator expression.
    pub(crate) const ITERATION: u16 = 1 << 8;
    /// Of an iteration variable: the clause that binds it has been passed.
    pub(crate) const SET: u16 = 1 << 9;
    /// Of an iteration variable: read where it may not be bound yet.
    pub(crate) const EARLY: u16 = 1 << 10;
    /// Has an annotation.
    pub(crate) const ANNOTATED: u16 = 1 << 11;
}

/// A name in a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Which name.
    pub(crate) symbol: Symbol,
    /// The scope that it belongs to: a function, or a comprehension for its targets.
    pub(crate) scope: u32,
    /// The function that this scope is part of.
    pub(crate) function: u32,
    /// See [`flag`].
    pub(crate) flags: u16,
    /// The next entry of the same scope, or [`NONE`].
    pub(crate) next: u32,
    /// For a name that is not bound here: the entry of an enclosing function that it stands for, or [`NONE`].
    pub(crate) outer: u32,
    /// What the symbol meant before this entry came into view.
    shadowed: u32,
}

impl Entry {
    /// Whether the scope has a variable of its own for it.
    pub(crate) fn is_local(&self) -> bool {
        self.flags & flag::BOUND != 0 && self.flags & (flag::GLOBAL | flag::NONLOCAL) == 0
    }

    /// Whether all these flags are set.
    pub(crate) fn is(&self, flags: u16) -> bool {
        self.flags & flags == flags
    }
}

/// What a scope is made by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    /// The module.
    Module,
    /// A `def` or a lambda.
    Function,
    /// A generator expression.
    Generator,
    /// A list, set or dict comprehension: part of a function.
    Comprehension,
}

/// A function or a comprehension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// What it is.
    pub(crate) kind: ScopeKind,
    /// The scope around it.
    parent: u32,
    /// The function that it is part of: itself, unless it is a comprehension.
    function: u32,
    /// Its first entry, or [`NONE`].
    pub(crate) first: u32,
    last: u32,
    /// How many `match` statements are nested in it at most: each needs a register.
    pub(crate) matches: u32,
}

/// The scopes of one piece. Kept and cleared from piece to piece, so that it allocates only to grow.
#[derive(Default)]
pub(crate) struct Scopes {
    pub(crate) entries: Vec<Entry>,
    pub(crate) scopes: Vec<Scope>,
    of_function: Vec<u32>,
    of_comprehension: Vec<(u32, u32)>,
    with_finally: Vec<u32>,
    /// Symbol → the entry in view; all `NONE` between pieces. The compiler uses it in the same way.
    pub(crate) in_view: Vec<u32>,
    stack: Vec<ExprId>,
    open: Vec<Option<u32>>,
    nonlocals: Vec<(u32, Span)>,
}

impl Scopes {
    /// Resolves the names of a piece.
    pub(crate) fn resolve(&mut self, ast: &Ast, interner: &Interner) -> Result<(), Box<Diagnostic>> {
        self.entries.clear();
        self.scopes.clear();
        self.of_function.clear();
        self.of_function.resize(ast.funcs.len(), NONE);
        self.of_comprehension.clear();
        self.with_finally.clear();
        self.nonlocals.clear();
        if self.in_view.len() < interner.len() {
            self.in_view.resize(interner.len(), NONE);
        }
        let result = walk::module(self, ast, interner);
        if result.is_err() {
            self.in_view.fill(NONE);
        }
        self.of_comprehension.sort_unstable();
        self.with_finally.sort_unstable();
        result
    }

    /// Gives back tables that a huge piece has left behind.
    pub(crate) fn shrink(&mut self) {
        const KEPT: usize = 1 << 16;
        if self.entries.capacity() > KEPT || self.stack.capacity() > KEPT || self.scopes.capacity() > KEPT {
            let in_view = std::mem::take(&mut self.in_view);
            *self = Scopes { in_view, ..Scopes::default() };
        }
    }

    /// The scope of a function.
    pub(crate) fn function(&self, id: FuncId) -> u32 {
        self.of_function.get(id.index()).copied().unwrap_or(NONE)
    }

    /// The scope of a comprehension.
    pub(crate) fn comprehension(&self, id: ExprId) -> u32 {
        let index = id.index() as u32;
        match self.of_comprehension.binary_search_by_key(&index, |&(expr, _)| expr) {
            Ok(at) => self.of_comprehension[at].1,
            Err(_) => NONE,
        }
    }

    /// Whether the `try` at this index of the statements has a `finally`. Known inside functions only.
    pub(crate) fn has_finally(&self, stmt: usize) -> bool {
        self.with_finally.binary_search(&(stmt as u32)).is_ok()
    }

    /// What a symbol means here: an entry, or [`NONE`] for a global.
    pub(crate) fn lookup(&self, symbol: Symbol) -> u32 {
        self.in_view.get(symbol.0 as usize).copied().unwrap_or(NONE)
    }

    /// Brings the names of a scope into view. The compiler does it while it is inside; see [`Self::leave`].
    pub(crate) fn enter(&mut self, scope: u32) {
        self.each_entry(scope, |entry, id, view| {
            entry.shadowed = *view;
            *view = id;
        });
    }

    /// Undoes [`Self::enter`].
    pub(crate) fn leave(&mut self, scope: u32) {
        self.each_entry(scope, |entry, _, view| *view = entry.shadowed);
    }

    fn each_entry(&mut self, scope: u32, mut f: impl FnMut(&mut Entry, u32, &mut u32)) {
        let Some(scope) = self.scopes.get(scope as usize) else { return };
        let mut id = scope.first;
        while let Some(entry) = self.entries.get_mut(id as usize) {
            if let Some(view) = self.in_view.get_mut(entry.symbol.0 as usize) {
                f(entry, id, view);
            }
            id = entry.next;
        }
    }
}
