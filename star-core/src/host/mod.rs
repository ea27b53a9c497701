//! Between scripts and Rust functions.
//!
//! In: the arguments of a call. Out: one value per parameter, or the error that CPython would raise.

pub mod arguments;
