//! Constants, and expressions that are as good as one.
//!
//! In: expressions. Out: their value, if it is known, and instructions that load it. Rule: only what cannot fail and
//! stays small is computed here; the result is what the instructions would have given.

use num_traits::ToPrimitive;

use super::Emitter;
use crate::ast::{BinaryOp, ExprId, ExprKind, List, UnaryOp};
use crate::bytecode::{Constant, Op, Reg};
use crate::span::Span;

/// How deep constant expressions are looked into: enough for what people write.
const DEPTH: u32 = 6;
/// The longest string that is put together here.
const MAX_TEXT: usize = 256;
/// Integers beyond this may not be exact as floats.
const EXACT: u64 = 1 << 53;

/// What is known of a test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    True,
    False,
    Unknown,
}

impl Emitter<'_> {
    /// Whether evaluating it does nothing.
    pub(super) fn is_constant(&self, id: ExprId) -> bool {
        matches!(
            self.ast[id].kind,
            ExprKind::None
                | ExprKind::Ellipsis
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::BigInt(_)
                | ExprKind::Float(_)
                | ExprKind::Str(_)
                | ExprKind::Bytes(_)
        )
    }

    /// Whether a literal used as a test holds.
    pub(super) fn truth(&self, id: ExprId) -> Truth {
        let known = match self.ast[id].kind {
            ExprKind::None => false,
            ExprKind::Bool(value) => value,
            ExprKind::Int(value) => value != 0,
            ExprKind::Str(text) => !self.ast.strings[text as usize].is_empty(),
            _ => return Truth::Unknown,
        };
        if known { Truth::True } else { Truth::False }
    }

    /// The value of an expression of literals, tuples excepted.
    #[inline(never)]
    pub(super) fn fold(&self, id: ExprId) -> Option<Constant> {
        self.fold_within(id, DEPTH)
    }

    fn fold_within(&self, id: ExprId, depth: u32) -> Option<Constant> {
        match self.ast[id].kind {
            ExprKind::None => Some(Constant::None),
            ExprKind::Ellipsis => Some(Constant::Ellipsis),
            ExprKind::Bool(value) => Some(Constant::Bool(value)),
            ExprKind::Int(value) => Some(Constant::Int(value)),
            ExprKind::BigInt(at) => Some(Constant::BigInt(self.ast.big_ints[at as usize].clone())),
            ExprKind::Float(value) => Some(Constant::Float(value)),
            ExprKind::Str(at) => Some(Constant::Str(self.ast.strings[at as usize].clone())),
            ExprKind::Bytes(at) => Some(Constant::Bytes(self.ast.bytes[at as usize].clone())),
            ExprKind::Unary { ops, operand } if depth > 0 && ops.len() < DEPTH as usize => {
                let mut value = self.fold_within(operand, depth - 1)?;
                for &op in self.ast[ops].iter().rev() {
                    value = unary(op, value)?;
                }
                Some(value)
            }
            ExprKind::Binary { op, left, right } if depth > 0 => {
                let right = self.fold_within(right, depth - 1)?;
                binary(op, &self.fold_within(left, depth - 1)?, &right)
            }
            ExprKind::Power(items) if depth > 0 && items.len() == 2 => {
                let [base, exponent] = self.ast[items] else { return None };
                let base = self.fold_within(base, depth - 1)?;
                binary(BinaryOp::Pow, &base, &self.fold_within(exponent, depth - 1)?)
            }
            _ => None,
        }
    }

    /// An integer literal (or its negative) that fits an instruction.
    #[inline(never)]
    pub(super) fn small_int(&self, id: ExprId) -> Option<i16> {
        match self.ast[id].kind {
            ExprKind::Int(value) => i16::try_from(value).ok(),
            ExprKind::Unary { .. } | ExprKind::Binary { .. } | ExprKind::Power(_) => match self.fold(id)? {
                Constant::Int(value) => i16::try_from(value).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The index of an expression among the constants, if it is one; tuples of constants included.
    pub(super) fn constant(&mut self, id: ExprId) -> Option<u32> {
        if let ExprKind::Tuple(items) = self.ast[id].kind {
            return self.constant_tuple(items);
        }
        let value = self.fold(id)?;
        Some(self.f.constants.index(value))
    }

    /// The index of the tuple of these items, if all are constants.
    pub(super) fn constant_tuple(&mut self, items: List<ExprId>) -> Option<u32> {
        self.all_constant(items, DEPTH).then(|| self.build_constant_tuple(items))
    }

    fn all_constant(&self, items: List<ExprId>, depth: u32) -> bool {
        let items = &self.ast[items];
        // Most displays show at their ends that they are not constant.
        let simple = |id: &ExprId| {
            self.is_constant(*id)
                || matches!(
                    self.ast[*id].kind,
                    ExprKind::Tuple(_)
                        | ExprKind::Unary { .. }
                        | ExprKind::Binary { .. }
                        | ExprKind::Power(_)
                )
        };
        depth > 0
            && items.iter().all(simple)
            && items.iter().all(|&item| match self.ast[item].kind {
                ExprKind::Tuple(inner) => self.all_constant(inner, depth - 1),
                _ => self.is_constant(item) || self.fold(item).is_some(),
            })
    }

    fn build_constant_tuple(&mut self, items: List<ExprId>) -> u32 {
        let ast = self.ast;
        let indices = ast[items]
            .iter()
            .map(|&item| match ast[item].kind {
                ExprKind::Tuple(inner) => self.build_constant_tuple(inner),
                _ => {
                    let value = self.fold(item).unwrap_or(Constant::None);
                    self.f.constants.index(value)
                }
            })
            .collect();
        self.f.constants.index(Constant::Tuple(indices))
    }

    /// `R[d] = value`
    #[inline(never)]
    pub(super) fn load_constant(&mut self, value: Constant, d: Reg, span: Span) {
        let op = match value {
            Constant::None => Op::LoadNone { d },
            Constant::Bool(value) => Op::LoadBool { d, value },
            Constant::Int(value) => match i32::try_from(value) {
                Ok(value) => Op::LoadInt { d, value },
                Err(_) => Op::LoadConst { d, k: self.f.constants.index(Constant::Int(value)) },
            },
            value => Op::LoadConst { d, k: self.f.constants.index(value) },
        };
        self.f.emit(op, span);
    }
}

fn unary(op: UnaryOp, value: Constant) -> Option<Constant> {
    Some(match (op, value) {
        (UnaryOp::Neg, Constant::Int(value)) => Constant::Int(value.checked_neg()?),
        (UnaryOp::Neg, Constant::Float(value)) => Constant::Float(-value),
        (UnaryOp::Neg, Constant::BigInt(value)) => {
            let value = -&*value;
            match value.to_i64() {
                Some(small) => Constant::Int(small),
                None => Constant::BigInt(value.into()),
            }
        }
        (UnaryOp::Pos, value @ (Constant::Int(_) | Constant::Float(_))) => value,
        (UnaryOp::Invert, Constant::Int(value)) => Constant::Int(!value),
        (UnaryOp::Not, Constant::Bool(value)) => Constant::Bool(!value),
        (UnaryOp::Not, Constant::None) => Constant::Bool(true),
        (UnaryOp::Not, Constant::Int(value)) => Constant::Bool(value == 0),
        _ => return None,
    })
}

/// `left op right`, if it cannot fail and stays small.
pub(super) fn binary(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    match (left, right) {
        (Constant::Int(a), Constant::Int(b)) => int_binary(op, *a, *b),
        (Constant::Str(a), Constant::Str(b)) if op == BinaryOp::Add && a.len() + b.len() <= MAX_TEXT => {
            Some(Constant::Str([&**a, &**b].concat().into()))
        }
        _ => {
            let (a, b) = (exact_float(left)?, exact_float(right)?);
            let value = match op {
                BinaryOp::Add => a + b,
                BinaryOp::Sub => a - b,
                BinaryOp::Mul => a * b,
                BinaryOp::Div if b != 0.0 => a / b,
                _ => return None,
            };
            Some(Constant::Float(value))
        }
    }
}

fn exact_float(value: &Constant) -> Option<f64> {
    match value {
        Constant::Float(value) => Some(*value),
        Constant::Int(value) if value.unsigned_abs() < EXACT => Some(*value as f64),
        _ => None,
    }
}

fn int_binary(op: BinaryOp, a: i64, b: i64) -> Option<Constant> {
    let value = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::FloorDiv if a >= 0 && b > 0 => a / b,
        BinaryOp::Mod if a >= 0 && b > 0 => a % b,
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        BinaryOp::Shl if (0..62).contains(&b) && a.unsigned_abs() < 1 << (62 - b) => a << b,
        BinaryOp::Shr if (0..64).contains(&b) => a >> b,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Div if b != 0 && a.unsigned_abs() < EXACT && b.unsigned_abs() < EXACT => {
            return Some(Constant::Float(a as f64 / b as f64));
        }
        _ => return None,
    };
    Some(Constant::Int(value))
}
