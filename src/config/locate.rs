//! The line that a value comes from.
//!
//! In: a global, or the result of `config()`, and a path into it. Out: the place in the source. Rule: a value that is
//! written out is found where it stands; of one that is computed, the nearest that is written out around it, at last the
//! statement that bound the name.

use star_core::ast::{Arg, Ast, DictItem, Expr, ExprId, ExprKind, FuncKind, StmtKind};
use star_core::host::convert::Step;
use star_core::span::Location;

use super::outline::{At, Outline, within};

/// Names that are followed to what they are bound to, at most.
const MAX_HOPS: u32 = 16;

/// Where the value at `steps` in global `name` comes from; `assigned_at` is a byte of the statement that bound it last,
/// if it is known.
pub(super) fn in_global(
    outline: &Outline,
    name: &str,
    assigned_at: Option<u64>,
    steps: &[Step],
) -> Option<Location> {
    let bound = match assigned_at.and_then(|offset| outline.statement_at(offset)) {
        Some(at) => at,
        None => *outline.bindings_of(name).last()?,
    };
    let walk = Walk { outline, hops: MAX_HOPS };
    if let Some(place) = walk.item_assignment(bound, name, steps) {
        return Some(place);
    }
    let found = value_for(bound, name, outline).map(|value| walk.down(bound.ast, value, steps));
    Some(match found {
        Some(found) if found.depth > 0 || found.is_written_out() => found.place(),
        _ => whole(bound),
    })
}

/// Where the value at `steps` in the result of `config()` comes from.
pub(super) fn in_result(outline: &Outline, steps: &[Step]) -> Option<Location> {
    let (def, func) = outline.config()?;
    let FuncKind::Def { body } = def.ast[func].kind else { return None };
    let mut best: Option<Found<'_>> = None;
    for at in within(def.ast, body.0 as usize, body.1 as usize) {
        let StmtKind::Return(Some(value)) = at.stmt().kind else { continue };
        let found = Walk { outline, hops: MAX_HOPS }.down(at.ast, value, steps);
        if best.as_ref().is_none_or(|best| found.depth >= best.depth) {
            best = Some(found);
        }
    }
    Some(match best {
        Some(found) if found.depth > 0 || found.is_written_out() => found.place(),
        _ => whole(def),
    })
}

/// The expression that a statement binds `name` to.
fn value_for(at: At<'_>, name: &str, outline: &Outline) -> Option<ExprId> {
    let ast = at.ast;
    match at.stmt().kind {
        StmtKind::AnnAssign { value, .. } => value,
        StmtKind::Assign { targets, value } => {
            let is_name = |target: ExprId| matches!(ast[target].kind, ExprKind::Name(symbol) if outline.text(symbol) == name);
            if ast[targets].iter().any(|&target| is_name(target)) {
                return Some(value);
            }
            // `a, b = 1, 2`
            let (items, values) = match (ast[ast[targets][0]].kind, ast[value].kind) {
                (
                    ExprKind::Tuple(items) | ExprKind::List(items),
                    ExprKind::Tuple(values) | ExprKind::List(values),
                ) => (&ast[items], &ast[values]),
                _ => return None,
            };
            let starred = |id: &ExprId| matches!(ast[*id].kind, ExprKind::Starred(_));
            if items.len() != values.len() || items.iter().chain(values).any(starred) {
                return None;
            }
            items.iter().position(|&item| is_name(item)).map(|index| values[index])
        }
        _ => None,
    }
}

/// A whole statement, or the header of a block.
fn whole(at: At<'_>) -> Location {
    at.ast.source.locate(at.stmt().span)
}

/// How far down a path an expression is written out.
struct Found<'o> {
    ast: &'o Ast,
    value: ExprId,
    /// Steps that were taken.
    depth: usize,
}

impl Found<'_> {
    fn place(&self) -> Location {
        self.ast.source.locate(self.ast[self.value].span)
    }

    /// Whether it is a display or a literal, and not computed.
    fn is_written_out(&self) -> bool {
        matches!(
            self.ast[self.value].kind,
            ExprKind::None
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::BigInt(_)
                | ExprKind::Float(_)
                | ExprKind::Str(_)
                | ExprKind::Bytes(_)
                | ExprKind::FString(_)
                | ExprKind::Tuple(_)
                | ExprKind::List(_)
                | ExprKind::Set(_)
                | ExprKind::Dict(_)
        )
    }
}

struct Walk<'o> {
    outline: &'o Outline,
    hops: u32,
}

impl<'o> Walk<'o> {
    /// Takes `steps` into an expression as far as it is written out.
    fn down(&self, ast: &'o Ast, value: ExprId, steps: &[Step]) -> Found<'o> {
        let mut found = Found { ast, value, depth: 0 };
        let mut at = (ast, value);
        let mut hops = self.hops;
        while let Some(step) = steps.get(found.depth) {
            let (ast, value) = at;
            if let ExprKind::Name(symbol) = ast[value].kind {
                match self.outline.bindings_of(self.outline.text(symbol))[..] {
                    [only] if hops > 0 => {
                        hops -= 1;
                        let Some(next) = value_for(only, self.outline.text(symbol), self.outline) else {
                            break;
                        };
                        at = (only.ast, next);
                        continue;
                    }
                    _ => break,
                }
            }
            let Some(next) = self.part(ast, value, step) else { break };
            at = (ast, next);
            found = Found { ast, value: next, depth: found.depth + 1 };
        }
        found
    }

    /// The part of a display, or of a call of `struct` or `dict`, that a step leads to.
    fn part(&self, ast: &Ast, value: ExprId, step: &Step) -> Option<ExprId> {
        match (ast[value].kind, step) {
            (ExprKind::List(items) | ExprKind::Tuple(items), Step::Index(index)) => {
                let before = ast[items].get(..=*index)?;
                let starred = before.iter().any(|&item| matches!(ast[item].kind, ExprKind::Starred(_)));
                before.last().copied().filter(|_| !starred)
            }
            (ExprKind::Dict(items), step) => {
                for item in ast[items].iter().rev() {
                    match *item {
                        DictItem::Pair(key, value) if is_key(ast, key, step) => return Some(value),
                        DictItem::Pair(..) => {}
                        // It may bring the key, and what it brings wins.
                        DictItem::DoubleStar(_) => return None,
                    }
                }
                None
            }
            (ExprKind::Call { func, args }, Step::Field(name)) if self.makes_struct(ast, func) => {
                ast[args].iter().find_map(|arg| match *arg {
                    Arg::Keyword { name: known, value } if self.outline.text(known.symbol) == &**name => {
                        Some(value)
                    }
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// Whether calling it makes a struct or a dict of its keyword arguments: `struct`, `dict`, or what
    /// `struct.define(…)` gave.
    fn makes_struct(&self, ast: &Ast, func: ExprId) -> bool {
        let ExprKind::Name(symbol) = ast[func].kind else { return false };
        let name = self.outline.text(symbol);
        match self.outline.bindings_of(name)[..] {
            [] => matches!(name, "struct" | "dict"),
            [only] => value_for(only, name, self.outline).is_some_and(|value| self.defines(only.ast, value)),
            _ => false,
        }
    }

    /// `struct.define(…)`
    fn defines(&self, ast: &Ast, value: ExprId) -> bool {
        let ExprKind::Call { func, .. } = ast[value].kind else { return false };
        let ExprKind::Attribute { value, name } = ast[func].kind else { return false };
        let is_struct =
            matches!(ast[value].kind, ExprKind::Name(symbol) if self.outline.text(symbol) == "struct");
        is_struct && self.outline.text(ast[name].symbol) == "define"
    }

    /// Where `name[…] = value` of the top level, after `bound`, put what lies at `steps`, or what that lies in.
    fn item_assignment(&self, bound: At<'o>, name: &str, steps: &[Step]) -> Option<Location> {
        let after = |at: &At<'_>| {
            let start = |at: &At<'_>| at.ast.source.base.offset + u64::from(at.stmt().span.start);
            start(at) > start(&bound)
        };
        let mut found = None;
        for at in self.outline.statements().filter(after) {
            let StmtKind::Assign { targets, value } = at.stmt().kind else { continue };
            for &target in &at.ast[targets] {
                if let Some(depth) = self.steps_of(at.ast, target, name, steps).filter(|&depth| depth > 0) {
                    let inside = self.down(at.ast, value, &steps[depth..]);
                    let exact = inside.depth > 0 || inside.is_written_out();
                    found = Some(if exact { inside.place() } else { whole(at) });
                }
            }
        }
        found
    }

    /// How many of `steps` a target like `name[0].port` takes, if it takes no others.
    fn steps_of(&self, ast: &Ast, target: ExprId, name: &str, steps: &[Step]) -> Option<usize> {
        let mut spine = vec![target];
        loop {
            let Expr { kind, .. } = ast[*spine.last()?];
            match kind {
                ExprKind::Subscript { value, .. } | ExprKind::Attribute { value, .. } => spine.push(value),
                ExprKind::Name(symbol) if self.outline.text(symbol) == name => break,
                _ => return None,
            }
        }
        spine.pop();
        for (depth, &part) in spine.iter().rev().enumerate() {
            let taken = match (ast[part].kind, steps.get(depth)?) {
                (ExprKind::Subscript { index, .. }, Step::Index(wanted)) => {
                    matches!(ast[index].kind, ExprKind::Int(i) if i == *wanted as i64)
                }
                (ExprKind::Subscript { index, .. }, step) => is_key(ast, index, step),
                (ExprKind::Attribute { name, .. }, Step::Field(field)) => {
                    self.outline.text(ast[name].symbol) == &**field
                }
                _ => false,
            };
            if !taken {
                return None;
            }
        }
        Some(spine.len())
    }
}

/// Whether a key that is written out is what a step names.
fn is_key(ast: &Ast, key: ExprId, step: &Step) -> bool {
    match (ast[key].kind, step) {
        (ExprKind::Str(at), Step::Field(name)) => {
            ast.strings.get(at as usize).is_some_and(|text| **text == **name)
        }
        (ExprKind::Int(i), Step::Key(shown)) => *shown == i.to_string(),
        (ExprKind::Bool(b), Step::Key(shown)) => *shown == if b { "True" } else { "False" },
        _ => false,
    }
}
