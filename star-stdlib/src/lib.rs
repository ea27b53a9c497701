//! The modules that scripts can `require`.
#![forbid(unsafe_code)]
