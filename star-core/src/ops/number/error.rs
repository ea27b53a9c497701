//! The TypeErrors of operators.
//!
//! In: an operator and its operands. Out: the raise, worded as CPython words it. Rule: every such message is here.

use crate::ast::{BinaryOp, UnaryOp};
use crate::heap::{Ctx, Raise};
use crate::ops::types;
use crate::value::Value;

/// An int that does not fit 64 bits where an index or count is wanted.
pub(super) const NOT_INDEX_SIZED: &str = "cannot fit 'int' into an index-sized integer";

/// `unsupported operand type(s) for +: 'int' and 'str'`
#[cold]
pub(super) fn unsupported(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Raise {
    match op {
        BinaryOp::Pow => unsupported_by(ctx, "** or pow()", &[a, b]),
        _ => unsupported_by(ctx, op.text(), &[a, b]),
    }
}

/// `unsupported operand type(s) for +=: 'int' and 'str'`
#[cold]
pub(super) fn unsupported_in_place(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Raise {
    unsupported_by(ctx, &format!("{}=", op.text()), &[a, b])
}

/// `unsupported operand type(s) for ** or pow(): 'str', 'int', 'int'`
#[cold]
pub(super) fn unsupported_by(ctx: &mut Ctx<'_>, what: &str, operands: &[Value]) -> Raise {
    let names: Vec<String> =
        operands.iter().map(|&v| format!("'{}'", types::type_name(ctx.heap, v))).collect();
    let names = if let [a, b] = &names[..] { format!("{a} and {b}") } else { names.join(", ") };
    ctx.type_error(format!("unsupported operand type(s) for {what}: {names}"))
}

/// `bad operand type for unary -: 'str'`
#[cold]
pub(super) fn bad_operand(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Raise {
    let symbol = match op {
        UnaryOp::Neg => "-",
        UnaryOp::Pos => "+",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not",
    };
    let name = types::type_name(ctx.heap, a);
    ctx.type_error(format!("bad operand type for unary {symbol}: '{name}'"))
}
