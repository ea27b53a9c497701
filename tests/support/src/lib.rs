//! What the tests and the fuzz targets share: ways to run a program, cases, random programs, and oracles.
//!
//! In: source. Out: a [`Outcome`] of running it in some [`Mode`], and panics that show where two outcomes differ.
//! Rule: everything is determined by its arguments; a seed makes the same program and the same cuts for ever.

pub mod agree;
pub mod case;
pub mod check;
pub mod diff;
pub mod fuzz;
pub mod generate;
pub mod mode;
pub mod outcome;
pub mod random;

pub use agree::{agree, agree_on_prefixes};
pub use case::Case;
pub use mode::{Cuts, Mode};
pub use outcome::{Outcome, run, run_with};
pub use random::Random;
