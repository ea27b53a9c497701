//! What a script's source says without being run.
//!
//! In: the whole source. Out: its statements, the names that its top level binds, and its `config()`. Rule: source that is
//! not valid ends the outline where it ends: running the script tells of it.

use std::sync::Arc;

use star_core::ast::{Ast, ExprId, ExprKind, FuncId, FuncKind, ParamKind, Stmt, StmtKind};
use star_core::intern::{Interner, Symbol};
use star_core::parser::{Blocked, Parsed, Parser, ParserOptions};
use star_core::text::distance::suggestion;

/// A script's statements.
pub(super) struct Outline {
    name: Arc<str>,
    interner: Interner,
    /// One for each unit of the top level.
    trees: Vec<Ast>,
}

/// A statement and the tree that it stands in.
#[derive(Clone, Copy)]
pub(super) struct At<'o> {
    pub(super) ast: &'o Ast,
    pub(super) index: usize,
}

impl<'o> At<'o> {
    pub(super) fn stmt(self) -> &'o Stmt {
        &self.ast.stmts[self.index]
    }
}

impl Outline {
    pub(super) fn read(name: &str, source: &[u8], blocked: Blocked, max_nesting: u32) -> Outline {
        let name: Arc<str> = name.into();
        let mut parser =
            Parser::new(ParserOptions { name: name.clone(), eager: false, max_nesting, blocked });
        parser.push(source);
        parser.finish();
        let mut outline = Outline { name, interner: Interner::default(), trees: Vec::new() };
        while let Parsed::Piece(piece) = parser.next(&mut outline.interner) {
            outline.trees.push(piece.ast);
        }
        outline
    }

    /// What the source is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The text of a name.
    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.interner.text(symbol)
    }

    /// Whether any expression or binding is this name.
    pub(super) fn mentions(&self, name: &str) -> bool {
        let Some(symbol) = self.interner.get(name) else { return false };
        let is_name = |ast: &Ast| {
            ast.exprs.iter().any(|expr| matches!(expr.kind, ExprKind::Name(known) if known == symbol))
        };
        self.trees.iter().any(is_name) || self.bindings().any(|(known, _)| known == symbol)
    }

    /// A name of the top level that may have been meant by `name`.
    pub(super) fn near(&self, name: &str) -> Option<String> {
        suggestion(name, self.bound_names().into_iter()).map(String::from)
    }

    /// Names that the top level binds, in order of the first time.
    pub(super) fn bound_names(&self) -> Vec<&str> {
        let mut symbols: Vec<Symbol> = Vec::new();
        for (symbol, _) in self.bindings() {
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
        symbols.into_iter().map(|symbol| self.text(symbol)).collect()
    }

    /// Where the top level binds `name`, in the order of the source.
    pub(super) fn bindings_of(&self, name: &str) -> Vec<At<'_>> {
        let symbol = self.interner.get(name);
        self.bindings().filter(|(known, _)| Some(*known) == symbol).map(|(_, at)| at).collect()
    }

    /// The function `config`, if that is what the name means in the end, and it can be called without arguments.
    pub(super) fn config(&self) -> Option<(At<'_>, FuncId)> {
        let at = *self.bindings_of("config").last()?;
        let StmtKind::Def(func) = at.stmt().kind else { return None };
        let required = at.ast[at.ast[func].params].iter().any(|param| {
            param.default.is_none() && !matches!(param.kind, ParamKind::VarArgs | ParamKind::KwArgs)
        });
        (!required).then_some((at, func))
    }

    /// The statement of which a byte of source is part: a simple one, or a header.
    pub(super) fn statement_at(&self, offset: u64) -> Option<At<'_>> {
        let ast = self.trees.iter().rev().find(|ast| ast.source.base.offset <= offset)?;
        let place = (offset - ast.source.base.offset) as u32;
        let covers = |stmt: &Stmt| {
            (stmt.span.start..stmt.span.end).contains(&place) && !matches!(stmt.kind, StmtKind::End)
        };
        // A function's span may be that of its whole body: the innermost statement comes last.
        let index = ast.stmts.iter().rposition(covers)?;
        Some(At { ast, index })
    }

    /// Statements of the top level, those in its blocks included and those in functions left out.
    pub(super) fn statements(&self) -> impl Iterator<Item = At<'_>> {
        self.trees.iter().flat_map(|ast| within(ast, 0, ast.stmts.len()))
    }

    /// Names bound by statements of the top level, in the order of the source.
    fn bindings(&self) -> impl Iterator<Item = (Symbol, At<'_>)> {
        self.statements().flat_map(|at| bound_by(at).into_iter().map(move |symbol| (symbol, at)))
    }
}

/// Statements `start..end`, without those of functions within them.
pub(super) fn within(ast: &Ast, start: usize, end: usize) -> impl Iterator<Item = At<'_>> {
    let mut next = start;
    std::iter::from_fn(move || {
        let index = next;
        let stmt = ast.stmts.get(index).filter(|_| index < end)?;
        next = match stmt.kind {
            StmtKind::Def(func) => match ast[func].kind {
                FuncKind::Def { body } => (body.1 as usize).max(index) + 1,
                _ => index + 1,
            },
            _ => index + 1,
        };
        Some(At { ast, index })
    })
}

/// Names that a statement binds.
fn bound_by(at: At<'_>) -> Vec<Symbol> {
    let ast = at.ast;
    let mut names = Vec::new();
    match at.stmt().kind {
        StmtKind::Assign { targets, .. } => {
            ast[targets].iter().for_each(|&target| targets_of(ast, target, &mut names));
        }
        StmtKind::AnnAssign { target, value: Some(_), .. } | StmtKind::AugAssign { target, .. } => {
            targets_of(ast, target, &mut names);
        }
        StmtKind::For { target, .. } => targets_of(ast, target, &mut names),
        StmtKind::With(items) => {
            let targets = ast[items].iter().filter_map(|item| item.target);
            targets.for_each(|target| targets_of(ast, target, &mut names));
        }
        StmtKind::Import(items) | StmtKind::FromImport { items, .. } => {
            names.extend(ast[items].iter().map(|item| item.binding.symbol));
        }
        StmtKind::Def(func) => names.push(ast[func].name.symbol),
        _ => {}
    }
    names
}

/// Names in a target.
fn targets_of(ast: &Ast, target: ExprId, names: &mut Vec<Symbol>) {
    let mut open = vec![target];
    while let Some(target) = open.pop() {
        match ast[target].kind {
            ExprKind::Name(symbol) => names.push(symbol),
            ExprKind::Starred(inner) => open.push(inner),
            ExprKind::Tuple(items) | ExprKind::List(items) => open.extend(ast[items].iter().rev()),
            _ => {}
        }
    }
}
