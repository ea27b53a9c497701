//! Calls that do not fit the function they call.
//!
//! In: the trees. Out: findings in CPython's words. Rule: only a function that one `def` of the top level binds, or a
//! builtin that nothing hides, is known; arguments behind `*` or `**` are not.

use std::collections::HashMap;

use star_core::ast::{Arg, Ast, Expr, ExprKind, Func, Param, ParamKind, StmtKind};
use star_core::builtins;
use star_core::diagnostic::Diagnostic;
use star_core::heap::Arity;
use star_core::intern::Symbol;
use star_core::session::report::exception_code;
use star_core::span::Span;

use super::names::Uses;
use super::{Finding, Program};
use crate::render::Severity;

/// Tells of calls that raise a TypeError.
pub(super) fn check(program: &Program, uses: &Uses<'_>, findings: &mut Vec<Finding>) {
    let known = functions(program, uses);
    for ast in &program.trees {
        for expr in &ast.exprs {
            let ExprKind::Call { func, args } = expr.kind else { continue };
            let Expr { kind: ExprKind::Name(symbol), .. } = ast[func] else { continue };
            let name = &**program.interner.text(symbol);
            let Some(given) = Given::of(&ast[args], program) else { continue };
            let problem = match known.get(&symbol) {
                Some((owner, function)) => misfit(name, &owner[function.params], &given, program),
                None if uses.is_never_bound(program.names.get(symbol), name) => builtin_misfit(name, &given),
                None => None,
            };
            if let Some(message) = problem {
                findings.push(finding(ast, expr.span, message));
            }
        }
    }
}

fn finding(ast: &Ast, span: Span, message: String) -> Finding {
    let diagnostic = Diagnostic::new(exception_code("TypeError"), message, &ast.source, span);
    Finding::new(Severity::Error, diagnostic.with_kind("TypeError"))
}

/// Functions of the top level that nothing binds again.
fn functions<'a>(program: &'a Program, uses: &Uses<'_>) -> HashMap<Symbol, (&'a Ast, &'a Func)> {
    let firsts = program.trees.iter().filter_map(|ast| match ast.stmts.first()?.kind {
        StmtKind::Def(id) => Some((ast, &ast[id])),
        _ => None,
    });
    let known = firsts.filter(|(_, function)| {
        let symbol = function.name.symbol;
        function.decorators.is_empty()
            && program
                .names
                .get(symbol)
                .is_some_and(|slot| uses.is_bound_once(slot, program.interner.text(symbol)))
    });
    known.map(|(ast, function)| (function.name.symbol, (ast, function))).collect()
}

/// What a call gives.
struct Given<'a> {
    positional: usize,
    names: Vec<&'a str>,
}

impl<'a> Given<'a> {
    /// `None` if it cannot be counted.
    fn of(args: &[Arg], program: &'a Program) -> Option<Given<'a>> {
        let mut given = Given { positional: 0, names: Vec::new() };
        for arg in args {
            match arg {
                Arg::Positional(_) => given.positional += 1,
                Arg::Keyword { name, .. } => given.names.push(program.interner.text(name.symbol)),
                Arg::Star(_) | Arg::DoubleStar(_) => return None,
            }
        }
        Some(given)
    }
}

fn misfit(function: &str, params: &[Param], given: &Given<'_>, program: &Program) -> Option<String> {
    let name = |param: &Param| -> &str { program.interner.text(param.name.symbol) };
    let by_position: Vec<&Param> = params
        .iter()
        .filter(|param| matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal))
        .collect();
    let takes_any = |kind: ParamKind| params.iter().any(|param| param.kind == kind);
    for &keyword in &given.names {
        let at = params.iter().position(|param| {
            name(param) == keyword && matches!(param.kind, ParamKind::Normal | ParamKind::KeywordOnly)
        });
        match at {
            None if takes_any(ParamKind::KwArgs) => {}
            None if by_position.iter().any(|param| name(param) == keyword) => {
                return Some(format!(
                    "{function}() got some positional-only arguments passed as keyword arguments: '{keyword}'"
                ));
            }
            None => return Some(format!("{function}() got an unexpected keyword argument '{keyword}'")),
            Some(_) => {
                let place = by_position.iter().position(|param| name(param) == keyword);
                if place.is_some_and(|place| place < given.positional) {
                    return Some(format!("{function}() got multiple values for argument '{keyword}'"));
                }
            }
        }
    }
    let most = by_position.len();
    if given.positional > most && !takes_any(ParamKind::VarArgs) {
        return Some(too_many(function, &by_position, given.positional));
    }
    let is_given = |param: &Param| param.default.is_some() || given.names.contains(&name(param));
    let missing = by_position.iter().skip(given.positional).filter(|param| !is_given(param)).map(|p| name(p));
    let missing: Vec<&str> = missing.collect();
    if !missing.is_empty() {
        return Some(missing_text(function, "positional", &missing));
    }
    let keyword_only = params.iter().filter(|param| param.kind == ParamKind::KeywordOnly && !is_given(param));
    let missing: Vec<&str> = keyword_only.map(name).collect();
    (!missing.is_empty()).then(|| missing_text(function, "keyword-only", &missing))
}

fn too_many(function: &str, params: &[&Param], given: usize) -> String {
    let most = params.len();
    let least = params.iter().filter(|param| param.default.is_none()).count();
    let takes = if least < most { format!("from {least} to {most}") } else { most.to_string() };
    let arguments = if most == 1 { "argument" } else { "arguments" };
    let were = if given == 1 { "was" } else { "were" };
    format!("{function}() takes {takes} positional {arguments} but {given} {were} given")
}

fn missing_text(function: &str, kind: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let list = match &quoted[..] {
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
        [] => String::new(),
    };
    let s = if names.len() == 1 { "" } else { "s" };
    format!("{function}() missing {} required {kind} argument{s}: {list}", names.len())
}

fn builtin_misfit(name: &str, given: &Given<'_>) -> Option<String> {
    let native = builtins::GROUPS[..2].iter().copied().flatten().find(|native| native.name == name)?;
    let count = given.positional + given.names.len();
    match native.arity {
        Arity::None if count > 0 => Some(format!("{name}() takes no arguments ({count} given)")),
        Arity::One if given.names.is_empty() && count != 1 => {
            Some(format!("{name}() takes exactly one argument ({count} given)"))
        }
        Arity::Positional(least, most) if given.names.is_empty() => {
            let (bound, wanted) = match count {
                _ if count < least.into() => ("at least ", least),
                _ if count > most.into() => ("at most ", most),
                _ => return None,
            };
            let bound = if least == most { "" } else { bound };
            let s = if wanted == 1 { "" } else { "s" };
            Some(format!("{name} expected {bound}{wanted} argument{s}, got {count}"))
        }
        Arity::Named { names, positional, .. } => {
            let unknown = given.names.iter().find(|name| !names.contains(name));
            if let Some(unknown) = unknown {
                return Some(format!("{name}() got an unexpected keyword argument '{unknown}'"));
            }
            (given.positional > positional.into()).then(|| {
                let s = if positional == 1 { "" } else { "s" };
                format!(
                    "{name}() takes at most {positional} positional argument{s} ({} given)",
                    given.positional
                )
            })
        }
        _ => None,
    }
}
