//! Procedural macros that bind Rust functions to star scripts.
