//! Between scripts and Rust functions.
//!
//! In: the arguments of a call, and what a Rust function returns. Out: one Rust value per parameter, or the error that
//! says what was wrong; a value, an exception or something to wait for. Rule: generated code is a thin call into the
//! functions here.
//!
//! | file | |
//! |---|---|
//! | `arguments` | which argument belongs to which parameter, worded as CPython words it |
//! | `convert` | values to Rust and back |
//! | `failure` | Rust errors as exceptions, and back |
//! | `object` | objects of the host: borrowed, closed, their fields |
//! | `hooks` | what operators make of their methods |
//! | `linked` | functions that name their module |
//! | `iterators` | what a function returns to iterate over |
//! | `record` | structs and enums of Rust |
//! | `pair` | the two error styles, between each other |
//! | `variadic` | the named parameters of functions that take any number of arguments |
//! | `waiting` | futures of the host, and what they are lent |
//! | `private` | what generated code calls |

pub mod arguments;
pub mod convert;
pub mod failure;
pub mod hooks;
pub mod iterators;
pub mod linked;
pub mod object;
pub mod pair;
pub mod private;
pub mod record;
pub mod variadic;
pub mod waiting;
