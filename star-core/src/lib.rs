//! The language and its runtime.
//!
//! The modules are layers: each uses only those named above it here (a test holds the order).
#![forbid(unsafe_code)]

pub mod ast;
pub mod builtins;
pub mod bytecode;
pub mod compiler;
pub mod diagnostic;
pub mod heap;
pub mod host;
pub mod intern;
pub mod lexer;
pub mod meter;
pub mod object;
pub mod ops;
pub mod parser;
pub mod resolve;
pub mod runtime;
pub mod session;
pub mod source;
pub mod span;
pub mod text;
pub mod token;
pub mod value;
mod vm;

#[doc(hidden)]
pub use host::private;
pub use star_macros::*;
