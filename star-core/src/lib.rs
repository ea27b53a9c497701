//! The language and its runtime.
#![forbid(unsafe_code)]
pub mod text;
