//! What Python's text functions compute, on plain Rust data.
//!
//! In: `&str`, `&[u8]`, `i64`, `f64`, `BigInt`. Out: the same, or a [`TextError`] with CPython's words.
//! Rule: nothing here knows of values or the heap, recurses on data, or panics on any input.
//!
//! A function is linear in its input and output unless its doc says otherwise. One whose short
//! input can ask for a huge output (a width of 10⁹) takes the most bytes that it may return, `max`,
//! and fails with [`ErrorKind::TooLarge`] before it allocates more.

mod error;
mod float_digits;
mod tables;

pub mod brace;
pub mod bytes;
pub mod case;
pub mod codec;
pub mod distance;
pub mod float;
pub mod float_hex;
pub mod format;
pub mod index;
pub mod int;
pub mod pad;
pub mod percent;
pub mod percent_field;
pub mod quote;
pub mod search;
pub mod spec;
pub mod split;
pub mod str_or_bytes;
pub mod strip;
pub mod unicode;

pub use error::{ErrorKind, TextError};
