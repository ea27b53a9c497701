//! Values of Rust source as a script would write them.
//!
//! In: the expression of a default. Out: its text in documents. Rule: what is no plain value is `...`, as in Python's
//! stubs.

use quote::ToTokens;
use syn::{Expr, Lit, UnOp};

/// The text of a default.
pub fn of(expr: &Expr) -> String {
    match expr {
        Expr::Lit(literal) => literal_text(&literal.lit),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => format!("-{}", of(&unary.expr)),
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Group(inner) => of(&inner.expr),
        Expr::Reference(inner) => of(&inner.expr),
        Expr::Path(path) if path.path.is_ident("None") => "None".to_string(),
        Expr::Array(array) if array.elems.is_empty() => "[]".to_string(),
        Expr::Call(call) => {
            let function = call.func.to_token_stream().to_string().replace(' ', "");
            match (&*function, call.args.len()) {
                ("Some" | "String::from", 1) => of(&call.args[0]),
                ("String::new", 0) => "''".to_string(),
                ("Vec::new", 0) => "[]".to_string(),
                _ => "...".to_string(),
            }
        }
        Expr::Macro(call) if call.mac.path.is_ident("vec") && call.mac.tokens.is_empty() => "[]".to_string(),
        _ => "...".to_string(),
    }
}

fn literal_text(literal: &Lit) -> String {
    match literal {
        Lit::Str(text) => quoted(&text.value()),
        Lit::ByteStr(bytes) => format!("b{}", quoted(&String::from_utf8_lossy(&bytes.value()))),
        Lit::Char(c) => quoted(&c.value().to_string()),
        Lit::Int(int) => int.base10_digits().to_string(),
        Lit::Float(float) => float.base10_digits().to_string(),
        Lit::Bool(literal) => if literal.value { "True" } else { "False" }.to_string(),
        _ => "...".to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted + "'"
}
