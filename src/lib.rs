//! star runs Python-like scripts while they are still being written.
#![forbid(unsafe_code)]

pub mod render;
pub mod wire;

#[doc(hidden)]
pub use star_core as core;
pub use star_core::diagnostic;
pub use star_core::meter::{Exceeded, Limits};
pub use star_core::session::{
    Blocked, Control, Data, Event, Failure, Interrupter, Options, Progress, Pumped, Report, ResumeError,
    Session,
};
pub use star_core::span::{Location, Position};
pub use star_core::text;
