//! Bytecode as text, for `star dump code` and the tests.
//!
//! In: a [`Code`]. Out: a listing with names instead of numbers. Rule: one line per instruction:
//! `pc  line  Op operands  ; what they are`.

use std::fmt::Write;

use super::labels::target;
use crate::bytecode::{Capture, Code, CodeKind, Constant, FAR, HandlerKind, Op, Place};
use crate::resolve::ModuleNames;

/// The listing of `code` and of the functions inside it. `names` are those of its module.
pub fn disassemble(code: &Code, names: &ModuleNames) -> String {
    let mut text = String::new();
    let mut codes = vec![code];
    while let Some(code) = codes.pop() {
        if !text.is_empty() {
            text.push('\n');
        }
        one(&mut text, code, names);
        codes.extend(code.functions.iter().rev().map(|inner| &**inner));
    }
    text
}

fn one(text: &mut String, code: &Code, names: &ModuleNames) {
    let kind = match code.kind {
        CodeKind::Module => "module",
        CodeKind::Function => "function",
        CodeKind::Lambda => "lambda",
        CodeKind::Generator => "generator",
    };
    let _ = write!(text, "{kind} {}", code.qualname);
    if code.kind != CodeKind::Module {
        let _ = write!(text, "({})", code.params.names.join(", "));
    }
    let _ = writeln!(text, ": {} locals, {} registers", code.locals, code.registers);
    for (capture, name) in code.captures.iter().zip(&code.free_names) {
        let from = match capture {
            Capture::Local(r) => format!("cell r{r}"),
            Capture::Spill(r, i) => format!("spilled cell r{r}[{i}]"),
            Capture::Free(i) => format!("free {i}"),
        };
        let _ = writeln!(text, "  captures {name} from {from}");
    }
    let lines = lines(code);
    for (pc, op) in code.ops.iter().enumerate() {
        let line = lines.get(pc).copied().unwrap_or(0);
        let inplace = match (code.is_inplace(pc), op) {
            (false, _) => "",
            (true, _) if is_call(op) => " (dropped)",
            (true, _) => " (in place)",
        };
        let _ = write!(text, "{pc:5} {line:5}  {}{inplace}", instruction(op, pc));
        let note = note(code, op, names);
        let _ = writeln!(text, "{}{note}", if note.is_empty() { "" } else { "  ; " });
    }
    for handler in &code.handlers {
        let kind = match handler.kind {
            HandlerKind::Except => "except",
            HandlerKind::Finally => "finally",
        };
        let (start, end, register) = (handler.start, handler.end, handler.register);
        let _ = writeln!(text, "  {kind} {start}..{end} -> {} in r{register}", place(handler.target));
    }
    for range in &code.handled {
        let _ = writeln!(text, "  handling {}..{}: r{}", range.start, range.end, range.register);
    }
}

/// The line of each instruction. Spans come in almost ascending order, so each is found from the one before.
fn lines(code: &Code) -> Vec<u32> {
    let mut at = (0, code.source.base);
    let text = &*code.source.text;
    code.spans
        .iter()
        .map(|span| {
            let start = span.start as usize;
            if start < at.0 {
                at = (0, code.source.base);
            }
            if let Some(between) = text.get(at.0..start) {
                at = (start, at.1.advance(between));
            }
            at.1.line
        })
        .collect()
}

/// `Op a, b → target`, from what `Debug` prints: `Op { a: 1, b: 2, to: 3 }`.
fn instruction(op: &Op, pc: usize) -> String {
    let debug = format!("{op:?}");
    let (name, fields) = debug.split_once(" {").unwrap_or((&debug, ""));
    let mut text = name.to_string();
    let fields = fields.trim_end_matches('}').trim();
    let mut separator = " ";
    for field in fields.split(", ").filter(|field| !field.is_empty() && !field.starts_with("to: ")) {
        let (key, value) = field.split_once(": ").unwrap_or(("", field));
        let register = matches!(key, "a" | "b" | "c" | "d" | "e" | "r" | "s" | "f" | "base");
        let is_function = key == "f" && name == "MakeFunction";
        let prefix = if register && !is_function { "r" } else { "" };
        let _ = match key {
            "cache" => Ok(()),
            "op" | "value" => write!(text, "{separator}{value}"),
            _ if register && !is_function => write!(text, "{separator}{key}={prefix}{value}"),
            _ => write!(text, "{separator}{key}={value}"),
        };
        separator = " ";
    }
    if let Some(to) = target(op) {
        let to = (pc as i64 + 1 + i64::from(to)).max(0) as u32;
        let _ = write!(text, " -> {}", place(to));
    }
    text
}

fn place(target: u32) -> String {
    if target >= FAR { format!("label {}", target - FAR) } else { target.to_string() }
}

/// What the numbers of an instruction stand for.
fn note(code: &Code, op: &Op, names: &ModuleNames) -> String {
    let constant = |k: u32| constant(code, k);
    let global =
        |slot: u32| names.name(slot).map_or_else(|| format!("global {slot}"), |name| name.to_string());
    let attribute =
        |name: u32| code.names.get(name as usize).map_or(String::new(), |name| format!(".{name}"));
    let local = |register: u8| {
        let here = |place: Place| matches!(place, Place::Register(r) | Place::Cell(r) if r == register);
        let variable = code.variables.iter().find(|variable| here(variable.place));
        variable.map_or(String::new(), |variable| variable.name.to_string())
    };
    let spilled = |i: u32| {
        let here = |place: Place| matches!(place, Place::Spill(at) | Place::SpillCell(at) if at == i);
        let variable = code.variables.iter().find(|variable| here(variable.place));
        variable.map_or(String::new(), |variable| variable.name.to_string())
    };
    let free = |i: u32| code.free_names.get(i as usize).map_or(String::new(), |name| name.to_string());
    match *op {
        Op::LoadConst { k, .. } | Op::UnpackStarList { k, .. } | Op::Require { k, .. } => constant(k),
        Op::JumpIfEqConst { k, .. }
        | Op::JumpIfNeConst { k, .. }
        | Op::GetIndexConst { k, .. }
        | Op::SetIndexConst { k, .. } => constant(k.into()),
        Op::CallKw { names, .. } => constant(names),
        Op::LoadGlobal { slot, .. }
        | Op::StoreGlobal { slot, .. }
        | Op::DelGlobal { slot }
        | Op::CallGlobal { slot, .. } => global(slot),
        Op::GetAttr { name, .. }
        | Op::SetAttr { name, .. }
        | Op::GetMethod { name, .. }
        | Op::Invoke { name, .. } => attribute(name.into()),
        Op::GetAttrWide { name, .. }
        | Op::SetAttrWide { name, .. }
        | Op::DelAttr { name, .. }
        | Op::ClassAttr { name, .. }
        | Op::ImportFrom { name, .. } => attribute(name),
        Op::LoadCell { c, .. } | Op::StoreCell { c, .. } | Op::MakeCell { c } | Op::DelCell { c } => local(c),
        Op::CheckBound { a } | Op::DelLocal { a } => local(a),
        Op::LoadSpill { i, .. } | Op::StoreSpill { i, .. } | Op::DelSpill { i, .. } => spilled(i),
        Op::LoadFree { i, .. } | Op::StoreFree { i, .. } | Op::DelFree { i } => free(i),
        Op::MakeFunction { f, .. } => {
            code.functions.get(f as usize).map_or(String::new(), |inner| inner.name.to_string())
        }
        _ => String::new(),
    }
}

fn constant(code: &Code, k: u32) -> String {
    const LONGEST: usize = 60;
    let mut text = match code.constants.get(k as usize) {
        None => return String::new(),
        Some(Constant::None) => "None".into(),
        Some(Constant::Ellipsis) => "...".into(),
        Some(Constant::Bool(true)) => "True".into(),
        Some(Constant::Bool(false)) => "False".into(),
        Some(Constant::Int(value)) => value.to_string(),
        Some(Constant::BigInt(value)) => value.to_string(),
        Some(Constant::Float(value)) => format!("{value:?}"),
        Some(Constant::Str(value)) => format!("{value:?}"),
        Some(Constant::Bytes(value)) => format!("b{value:?}"),
        Some(Constant::Tuple(items)) => {
            let items: Vec<String> = items.iter().take(LONGEST).map(|&k| constant(code, k)).collect();
            format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
        }
    };
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST).chain("…".chars()).collect();
    }
    text
}

fn is_call(op: &Op) -> bool {
    matches!(
        op,
        Op::Call { .. }
            | Op::CallGlobal { .. }
            | Op::CallKw { .. }
            | Op::CallEx { .. }
            | Op::CallMethod { .. }
            | Op::Invoke { .. }
    )
}
