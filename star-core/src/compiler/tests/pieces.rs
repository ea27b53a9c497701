//! A unit that arrives in pieces becomes the same instructions as one that arrives whole.

use super::{Compiled, Places, compile};
use crate::bytecode::{Code, Constant, FAR, Op, Segment};
use crate::compiler::labels::{target, target_mut};

/// The instructions of a program, with everything that may differ written out: jumps as places in the whole unit,
/// constants and names as text.
fn canonical(compiled: &Compiled) -> Vec<String> {
    let mut lines = Vec::new();
    let mut unit: Vec<&Segment> = Vec::new();
    for segment in &compiled.segments {
        unit.push(segment);
        if segment.closes_unit {
            lines.extend(canonical_unit(&unit));
            unit.clear();
        }
    }
    assert!(unit.is_empty(), "the last unit is closed");
    lines
}

fn canonical_unit(unit: &[&Segment]) -> Vec<String> {
    let mut places = Places::new();
    let mut start = 0;
    for segment in unit {
        for &(label, pc) in &segment.labels {
            places.insert(label, start + pc);
        }
        start += segment.code.ops.len() as u32;
    }
    let resolve = |to: u32, start: u32| match to.checked_sub(FAR) {
        Some(label) => *places.get(&label).unwrap_or_else(|| panic!("label {label} is never bound")),
        None => start + to,
    };
    let mut lines = Vec::new();
    let mut handlers: Vec<Vec<String>> = vec![Vec::new(); start as usize];
    let mut start = 0;
    for segment in unit {
        let code = &segment.code;
        for (pc, op) in code.ops.iter().enumerate() {
            let mut op = *op;
            let to = target(&op).map(|to| resolve((pc as i64 + 1 + i64::from(to)) as u32, start));
            if let Some(to) = target_mut(&mut op) {
                *to = 0;
            }
            let location = match code.foreign.iter().find(|foreign| foreign.pc == pc as u32) {
                Some(foreign) => foreign.source.locate(foreign.span),
                None => code.source.locate(code.spans[pc]),
            };
            let place = (location.start.line, location.start.column, location.end.line, location.end.column);
            lines.push(format!("{} -> {to:?} {} {place:?}", plain(&op), code.is_inplace(pc)));
        }
        for pc in 0..code.ops.len() as u32 {
            let at = &mut handlers[(start + pc) as usize];
            for handler in code.handlers.iter().filter(|range| (range.start..range.end).contains(&pc)) {
                let target = resolve(handler.target, start);
                at.push(format!("{:?} -> {target} r{}", handler.kind, handler.register));
            }
            if let Some(range) = code.handled.iter().find(|range| (range.start..range.end).contains(&pc)) {
                at.push(format!("handling r{}", range.register));
            }
            for part in code.parts.iter().filter(|part| part.pc == pc) {
                let at_place = code.source.locate(part.span);
                at.push(format!("part from {} {at_place:?}", part.start + start));
            }
            let op = code.ops[pc as usize];
            at.push(written_out(code, &op));
        }
        start += code.ops.len() as u32;
    }
    lines.into_iter().zip(handlers).map(|(line, more)| format!("{line} {more:?}")).collect()
}

/// The instruction without the numbers that depend on the piece.
fn plain(op: &Op) -> String {
    let debug = format!("{op:?}");
    let fields = debug.split(", ").filter(|field| {
        let key = field.split('{').next_back().unwrap_or(field).trim();
        !["k:", "name:", "names:", "cache:", "f:"].iter().any(|hidden| key.starts_with(hidden))
    });
    fields.collect::<Vec<_>>().join(", ")
}

fn written_out(code: &Code, op: &Op) -> String {
    fn constant(code: &Code, k: u32) -> String {
        match &code.constants[k as usize] {
            Constant::Tuple(items) => items.iter().map(|&k| constant(code, k)).collect::<Vec<_>>().join(","),
            other => format!("{other:?}"),
        }
    }
    match *op {
        Op::LoadConst { k, .. } | Op::UnpackStarList { k, .. } | Op::Require { k, .. } => constant(code, k),
        Op::JumpIfEqConst { k, .. }
        | Op::JumpIfNeConst { k, .. }
        | Op::GetIndexConst { k, .. }
        | Op::SetIndexConst { k, .. } => constant(code, k.into()),
        Op::CallKw { names, .. } => constant(code, names),
        Op::GetAttr { name, .. } | Op::SetAttr { name, .. } | Op::Invoke { name, .. } => {
            code.names[usize::from(name)].to_string()
        }
        Op::DelAttr { name, .. } | Op::ClassAttr { name, .. } | Op::ImportFrom { name, .. } => {
            code.names[name as usize].to_string()
        }
        Op::MakeFunction { f, .. } => format!("{:?}", code.functions[f as usize].ops),
        _ => String::new(),
    }
}

#[track_caller]
pub(super) fn check_pieces(source: &str) {
    let whole = compile(source, false);
    let eager = compile(source, true);
    match (whole, eager) {
        (Ok(whole), Ok(eager)) => {
            let (a, b) = (canonical(&whole), canonical(&eager));
            for (i, (a, b)) in a.iter().zip(&b).enumerate() {
                assert_eq!(a, b, "instruction {i} of\n{source}");
            }
            assert_eq!(a.len(), b.len(), "number of instructions of\n{source}");
        }
        (Err(_), Err(_)) => {}
        (a, b) => panic!("{:?} whole, {:?} eagerly:\n{source}", a.err(), b.err()),
    }
}

const PROGRAMS: &[&str] = &[
    "x = 1\nif x:\n    print(1)\nelif x > 2 and y or not z:\n    print(2)\nelse:\n    print(3)\nprint(4)\n",
    "for i in range(3):\n    if i == 1:\n        continue\n    if i == 2:\n        break\n    print(i)\nelse:\n    print('no')\n",
    "while a < b < c:\n    a += 1\n    while True:\n        break\n    else:\n        pass\nelse:\n    b = 2\n",
    "try:\n    f()\nexcept A:\n    g()\nexcept (B, C) as e:\n    h(e)\nelse:\n    i()\nfinally:\n    j()\nk()\n",
    "try:\n    f()\nfinally:\n    g()\n",
    "try:\n    f()\nexcept:\n    raise\n",
    "for x in y:\n    try:\n        if x:\n            break\n        if z:\n            continue\n    except E as e:\n        break\n    except F:\n        continue\n    finally:\n        print(x)\n",
    "for x in y:\n    try:\n        if x:\n            break\n        continue\n    except E as e:\n        break\n",
    "for x in y:\n    try:\n        f()\n    finally:\n        for q in w:\n            try:\n                break\n            finally:\n                continue\n        break\n",
    "with a as b, c as (d, e):\n    f()\nwith a:\n    for i in j:\n        with b as c:\n            if i:\n                break\n            with d:\n                continue\n",
    "match x:\n    case 1 | 2:\n        a()\n    case [1, y, *z] if y:\n        b()\n    case {'k': v, **rest}:\n        c()\n    case P(q, r=s):\n        d()\n    case _:\n        e()\nf()\n",
    "for i in x:\n    def f(a, b=i):\n        for q in a:\n            yield q\n    f(1)\n    @deco\n    def g(): pass\n    match i:\n        case [a, b]:\n            break\n        case None:\n            continue\n",
    "if a:\n    if b:\n        if c:\n            x = [i for i in y if i]\n",
    "with a:\n    try:\n        with b:\n            raise X\n    except X as e:\n        del e\n        with c: pass\n",
    "while x:\n    s = lambda: x\n    t = {k: v for k, v in y}\n    if x: break\n    else: continue\n",
    "if 1: pass\nelif 0: pass\nwhile 0: pass\nwhile 1:\n    if x: break\n",
    "for (a, b), *c in x: a.b = c[1:2]; del a\nfor d[e] in x:\n    d.f += 1; d[0] -= 2; d[1:] *= 3\n",
];

#[test]
fn pieces_are_the_same_as_wholes() {
    for source in PROGRAMS {
        check_pieces(source);
    }
}

#[test]
fn every_case_is_the_same_in_pieces() {
    for directory in ["tests/cases", "examples", "star-core/tests/cases"] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(directory);
        let mut open = vec![root];
        while let Some(directory) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else { continue };
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "star")
                    && let Ok(source) = std::fs::read_to_string(&path)
                {
                    check_pieces(&source);
                }
            }
        }
    }
}
