//! F-strings.
//!
//! In: text and fields. Out: each as a string in a register, then one string. Rule: linear in the number of parts,
//! however many: long ones are joined as a tree.

use super::Emitter;
use crate::ast::{Conversion, FStringPart, List};
use crate::bytecode::{Constant, Op, Reg};
use crate::span::Span;

/// So many parts are joined at once.
const AT_ONCE: usize = 24;
/// Of longer ones so many form a leaf of the tree, and so many nodes of one height form the next.
const LEAF: usize = 8;
const NODE: u8 = 4;

impl Emitter<'_> {
    pub(super) fn fstring(&mut self, parts: List<FStringPart>, d: Reg, span: Span) {
        let ast = self.ast;
        match &ast[parts] {
            [] => self.load_constant(Constant::Str("".into()), d, span),
            [part] => self.fstring_part(part, d, span),
            parts if parts.len() <= AT_ONCE => {
                let b = self.fstring_parts(parts, span);
                self.f.emit(Op::BuildString { d, b, count: parts.len() as u8 }, span);
            }
            parts => self.long_fstring(parts, d, span),
        }
    }

    fn fstring_parts(&mut self, parts: &[FStringPart], span: Span) -> Reg {
        let first = self.f.next as Reg;
        for part in parts {
            let d = self.f.temp();
            self.fstring_part(part, d, span);
        }
        first
    }

    fn long_fstring(&mut self, parts: &[FStringPart], d: Reg, span: Span) {
        let first = self.f.next as Reg;
        // How many strings of each height lie in the registers from `first` on, the highest first.
        let mut counts: Vec<u8> = Vec::new();
        for leaf in parts.chunks(LEAF) {
            let b = self.fstring_parts(leaf, span);
            self.f.emit(Op::BuildString { d: b, b, count: leaf.len() as u8 }, span);
            self.f.next = u16::from(b) + 1;
            let mut height = 0;
            loop {
                if counts.len() == height {
                    counts.push(0);
                }
                counts[height] += 1;
                if counts[height] < NODE {
                    break;
                }
                let b = self.f.next.saturating_sub(NODE.into()) as Reg;
                self.f.emit(Op::BuildString { d: b, b, count: NODE }, span);
                self.f.next = u16::from(b) + 1;
                counts[height] = 0;
                height += 1;
            }
        }
        let count = (self.f.next as u8).saturating_sub(first);
        self.f.emit(Op::BuildString { d, b: first, count }, span);
    }

    fn fstring_part(&mut self, part: &FStringPart, d: Reg, span: Span) {
        match *part {
            FStringPart::Text(at) => {
                let text = self.ast.strings[at as usize].clone();
                self.load_constant(Constant::Str(text), d, span);
            }
            FStringPart::Field { value, conversion, spec, span: at } => {
                let before = self.f.next;
                let conversion = match conversion {
                    Conversion::None => 0,
                    Conversion::Str => 1,
                    Conversion::Repr => 2,
                    Conversion::Ascii => 3,
                };
                let op = match spec {
                    None => Op::Format { d, a: self.any(value), conversion },
                    Some(spec) => {
                        let a = self.stable(value);
                        let b = self.f.temp();
                        self.fstring(spec, b, at);
                        Op::FormatSpec { d, a, b, conversion }
                    }
                };
                self.f.emit(op, at);
                self.f.next = before;
            }
        }
    }
}
