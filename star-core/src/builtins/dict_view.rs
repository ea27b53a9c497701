//! views (stub until its owner's version is merged).

use crate::heap::Native;

/// Methods, sorted by name.
pub static KEYS_METHODS: &[Native] = &[];

/// Methods, sorted by name.
pub static ITEMS_METHODS: &[Native] = &[];
