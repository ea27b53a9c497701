//! The language and its runtime.
//!
//! The modules are layers: each uses only those named above it here (a test holds the order).
#![forbid(unsafe_code)]

pub mod ast;
pub mod diagnostic;
pub mod intern;
pub mod lexer;
pub mod parser;
pub mod source;
pub mod span;
pub mod token;
