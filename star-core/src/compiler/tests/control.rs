//! Control flow by its listings.
