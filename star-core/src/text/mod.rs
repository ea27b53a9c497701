//! What Python's text functions compute, on plain Rust data.
//!
//! In: `&str`, `&[u8]`, `i64`, `f64`, `BigInt`. Out: the same, or a [`TextError`] with CPython's words.
//! Rule: nothing here knows of values or the heap, recurses on data, or panics on any input.
//!
//! A function is linear in its input and output unless its doc says otherwise. Where a short input
//! can ask for a huge output (a width of 10⁹), a `…_bound` or `…_len` function beside it gives the
//! size first, so that the caller can account for the memory before it is taken.

mod error;
mod float_digits;
mod tables;

pub mod float;
pub mod float_hex;
pub mod int;
pub mod quote;
pub mod unicode;

pub use error::{ErrorKind, TextError};
