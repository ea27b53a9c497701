//! star.
pub use star_core as core;
