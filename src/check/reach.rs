//! Statements that are never reached.
//!
//! In: a tree, whose statements are a flat list with the edges of blocks in it. Out: a warning at the first statement
//! of each stretch that nothing leads to. Rule: tests are not evaluated, but for the `True` of `while True`.

use star_core::ast::{Ast, ExprKind, StmtKind};
use star_core::diagnostic::Diagnostic;

use super::Finding;
use crate::render::Severity;

/// A block that is open.
struct Open {
    kind: Kind,
    /// The end of the clause at hand is not reached.
    ended: bool,
    /// Nor is that of any clause before it.
    all_ended: bool,
    has_else: bool,
    /// A `break` leaves this loop.
    breaks: bool,
    /// Its dead code has been told of.
    told: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    If,
    Loop {
        endless: bool,
    },
    /// What runs through once: `with` may swallow an exception, so only `return` and its like inside it are known.
    Other,
    Def,
}

/// Tells of statements that are never reached.
pub(super) fn check(ast: &Ast, findings: &mut Vec<Finding>) {
    let mut open = vec![Open::new(Kind::Module)];
    for stmt in &ast.stmts {
        match stmt.kind {
            StmtKind::End => close(&mut open),
            StmtKind::Elif(_)
            | StmtKind::Else
            | StmtKind::Except { .. }
            | StmtKind::Finally
            | StmtKind::Case { .. } => {
                if let Some(block) = open.last_mut() {
                    block.next_clause(matches!(stmt.kind, StmtKind::Else));
                }
            }
            kind => {
                // A `yield` that is never reached makes a function a generator: that is its purpose.
                let is_yield = matches!(kind, StmtKind::Expr(e) if matches!(ast[e].kind, ExprKind::Yield(_)));
                if let Some(block) = open.last_mut().filter(|block| block.ended && !block.told && !is_yield) {
                    block.told = true;
                    let message = "this is never reached";
                    let diagnostic =
                        Diagnostic::new("W0001", message, &ast.source, stmt.span).with_kind("Unreachable");
                    findings.push(Finding::new(Severity::Warning, diagnostic));
                }
                step(&mut open, ast, kind);
            }
        }
    }
}

fn step(open: &mut Vec<Open>, ast: &Ast, kind: StmtKind) {
    match kind {
        StmtKind::Return(_) | StmtKind::Raise { .. } | StmtKind::Continue => end(open),
        StmtKind::Break => {
            if let Some(block) = open.iter_mut().rev().find(|block| matches!(block.kind, Kind::Loop { .. })) {
                block.breaks = true;
            }
            end(open);
        }
        StmtKind::If(_) => open.push(Open::new(Kind::If)),
        StmtKind::For { .. } => open.push(Open::new(Kind::Loop { endless: false })),
        StmtKind::While(test) => {
            let endless = matches!(ast[test].kind, ExprKind::Bool(true) | ExprKind::Int(1));
            open.push(Open::new(Kind::Loop { endless }));
        }
        StmtKind::Try | StmtKind::With(_) | StmtKind::Match(_) => open.push(Open::new(Kind::Other)),
        StmtKind::Def(_) => open.push(Open::new(Kind::Def)),
        _ => {}
    }
}

fn end(open: &mut [Open]) {
    if let Some(block) = open.last_mut() {
        block.ended = true;
    }
}

fn close(open: &mut Vec<Open>) {
    let Some(block) = open.pop() else { return };
    let leaves = match block.kind {
        Kind::If => block.has_else && block.all_ended && block.ended,
        Kind::Loop { endless } => endless && !block.breaks,
        Kind::Module | Kind::Other | Kind::Def => false,
    };
    if leaves {
        end(open);
    }
}

impl Open {
    fn new(kind: Kind) -> Open {
        Open { kind, ended: false, all_ended: true, has_else: false, breaks: false, told: false }
    }

    fn next_clause(&mut self, is_else: bool) {
        self.all_ended &= self.ended;
        self.has_else |= is_else;
        (self.ended, self.told) = (false, false);
    }
}
