//! The language and its runtime.
//!
//! The modules are layers: each uses only those named above it here (a test holds the order).
#![forbid(unsafe_code)]

pub mod span;
pub mod source;
pub mod intern;
pub mod diagnostic;
pub mod ast;
