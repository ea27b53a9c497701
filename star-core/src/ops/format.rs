//! `format`.
