//! Failures of the text layer.
//!
//! In: nothing. Out: the type of the Python exception, and its message.
//! Rule: the message is CPython 3.13's, to the letter.

use std::fmt;

/// The type of the exception that a [`TextError`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `TypeError`
    TypeError,
    /// `ValueError`
    ValueError,
    /// `OverflowError`
    OverflowError,
    /// `LookupError`
    LookupError,
    /// `IndexError`
    IndexError,
    /// `UnicodeDecodeError`
    UnicodeDecodeError,
    /// `UnicodeEncodeError`
    UnicodeEncodeError,
    /// The result would exceed the `max` that the caller gave: nothing was allocated. CPython, out
    /// of memory, raises `MemoryError`.
    TooLarge,
}

impl ErrorKind {
    /// The exception's name in a script.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::TypeError => "TypeError",
            ErrorKind::ValueError => "ValueError",
            ErrorKind::OverflowError => "OverflowError",
            ErrorKind::LookupError => "LookupError",
            ErrorKind::IndexError => "IndexError",
            ErrorKind::UnicodeDecodeError => "UnicodeDecodeError",
            ErrorKind::UnicodeEncodeError => "UnicodeEncodeError",
            ErrorKind::TooLarge => "MemoryError",
        }
    }
}

/// An exception to raise: `kind` is its type, `message` what `str(e)` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The exception's type.
    pub kind: ErrorKind,
    /// CPython's message.
    pub message: String,
}

impl TextError {
    /// A failure of type `kind`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> TextError {
        let message = message.into();
        TextError { kind, message }
    }

    /// A `ValueError`.
    pub fn value(message: impl Into<String>) -> TextError {
        TextError::new(ErrorKind::ValueError, message)
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> TextError {
        TextError::new(ErrorKind::TypeError, message)
    }

    /// An `OverflowError`.
    pub fn overflow(message: impl Into<String>) -> TextError {
        TextError::new(ErrorKind::OverflowError, message)
    }

    /// Fails if a result of `bytes` would exceed `max`, or what Rust can allocate.
    pub(super) fn check_size(bytes: usize, max: usize) -> Result<(), TextError> {
        if bytes <= max && isize::try_from(bytes).is_ok() {
            return Ok(());
        }
        Err(TextError::new(ErrorKind::TooLarge, format!("the result would take {bytes} bytes")))
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for TextError {}
