//! Rust errors as exceptions, and exceptions as Rust errors.
//!
//! In: what a host function failed with. Out: an exception whose class goes by the error's type, and which keeps the
//! error itself as its source. Rule: an exception that passes through Rust and comes back is the same exception.

use std::error::Error;
use std::io;
use std::sync::Arc;

pub use crate::heap::ScriptError;
use crate::heap::{Ctx, Raise};
use crate::object::types::TypeId;
use crate::ops::exception;
use crate::value::Value;

/// The error of a host function.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What a host function may fail with: any error, a text, or a [`Raise`].
pub trait IntoRaise {
    /// As an exception in flight.
    fn into_raise(self, ctx: &mut Ctx<'_>) -> Raise;
    /// Name of the Rust type, from which its class is found.
    fn type_name() -> &'static str;
}

impl IntoRaise for Raise {
    #[inline]
    fn into_raise(self, _: &mut Ctx<'_>) -> Raise {
        self
    }

    fn type_name() -> &'static str {
        ""
    }
}

impl<E: Into<BoxError>> IntoRaise for E {
    #[cold]
    fn into_raise(self, ctx: &mut Ctx<'_>) -> Raise {
        raise(ctx, self.into(), std::any::type_name::<E>())
    }

    fn type_name() -> &'static str {
        std::any::type_name::<E>()
    }
}

/// A new exception for a Rust error of the type of that name.
pub fn raise(ctx: &mut Ctx<'_>, error: BoxError, type_name: &'static str) -> Raise {
    let error = match error.downcast::<ScriptError>() {
        Ok(error) => match error.exception.as_ref().and_then(|kept| ctx.heap.kept_exception(kept)) {
            Some(exception) => return Raise::Exception(exception),
            None => error as BoxError,
        },
        Err(error) => error,
    };
    let error: Arc<dyn Error + Send + Sync> = error.into();
    let message = error.to_string();
    let class = class_of(ctx, &*error, type_name);
    let number = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
    // The number comes before it, as CPython writes it.
    let message =
        number.and_then(|number| message.strip_suffix(&format!(" (os error {number})"))).unwrap_or(&message);
    let message = ctx.heap.str(message);
    let at = match number {
        Some(number) => exception::new(ctx.heap, class, &[Value::Int(number.into()), message]),
        None => exception::new(ctx.heap, class, &[message]),
    };
    ctx.heap.update(at, |exception| exception.source = Some(error));
    Raise::Exception(at)
}

/// The class for a Rust error: that of its module, if it has one, else a built-in one that stands for it.
fn class_of(
    ctx: &mut Ctx<'_>,
    error: &(dyn Error + Send + Sync + 'static),
    type_name: &'static str,
) -> Value {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error.kind()).value();
    }
    if let Some(class) = ctx.heap.error_class(type_name) {
        return class;
    }
    let is_value = error.is::<std::num::ParseIntError>()
        || error.is::<std::num::ParseFloatError>()
        || error.is::<std::num::TryFromIntError>()
        || error.is::<std::str::ParseBoolError>()
        || error.is::<std::char::ParseCharError>();
    if is_value {
        return TypeId::ValueError.value();
    }
    if error.is::<std::str::Utf8Error>() || error.is::<std::string::FromUtf8Error>() {
        return TypeId::UnicodeError.value();
    }
    match rust_name(type_name) {
        Some(name) => ctx.heap.new_error_class(type_name, name),
        None => TypeId::RuntimeError.value(),
    }
}

/// `WeatherError` of `weather::api::WeatherError`; None for boxes and texts, which name no error.
fn rust_name(type_name: &'static str) -> Option<&'static str> {
    let path = type_name.split('<').next().unwrap_or(type_name);
    let name = path.rsplit("::").next().unwrap_or(path);
    let plain = path.starts_with("alloc::") || path.starts_with("anyhow::") || path.starts_with('&');
    (!plain && name.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
}

fn of_io(kind: io::ErrorKind) -> TypeId {
    use io::ErrorKind as K;
    match kind {
        K::NotFound => TypeId::FileNotFoundError,
        K::PermissionDenied => TypeId::PermissionError,
        K::AlreadyExists => TypeId::FileExistsError,
        K::NotADirectory => TypeId::NotADirectoryError,
        K::IsADirectory => TypeId::IsADirectoryError,
        K::ConnectionRefused => TypeId::ConnectionRefusedError,
        K::ConnectionReset => TypeId::ConnectionResetError,
        K::ConnectionAborted | K::NotConnected => TypeId::ConnectionAbortedError,
        K::BrokenPipe => TypeId::BrokenPipeError,
        K::TimedOut => TypeId::TimeoutError,
        K::WouldBlock => TypeId::BlockingIOError,
        K::Interrupted => TypeId::InterruptedError,
        K::UnexpectedEof => TypeId::EOFError,
        _ => TypeId::OSError,
    }
}
