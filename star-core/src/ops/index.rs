//! Indexing and slicing.
