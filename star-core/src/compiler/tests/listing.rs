//! Expressions by their listings.
