//! What operators, iteration, indexing and attributes do to values of every type.
//!
//! In: a [`Ctx`](crate::heap::Ctx) and values. Out: a value, a raise, or an [`Outcome`](crate::heap::Outcome) that
//! asks the VM to run a script first. Rule: nothing recurses on data or calls a script, and every loop charges for
//! its work before it does it.

pub mod attribute;
pub mod compare;
pub mod exception;
pub mod format;
pub mod hash;
pub mod hooks;
pub mod index;
pub mod iterate;
pub mod number;
pub mod percent;
pub mod plain;
pub mod range;
pub mod repr;
pub mod suggest;
pub mod table;
pub mod types;

/// Nesting of data beyond which walking it raises RecursionError.
pub const DATA_DEPTH: usize = 100_000;

#[cfg(test)]
mod tests;
