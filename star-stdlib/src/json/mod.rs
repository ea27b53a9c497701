//! `json`: values as text that other programs read, and back.
//!
//! In: a document, or a value. Out: the other. Rules: as CPython's module of this name, whose encoder and decoder are
//! written in C; nothing recurses on data; a lone surrogate in an escape is refused, since no str can hold it.
//!
//! | file | |
//! | --- | --- |
//! | `scan` | strings and numbers of a document |
//! | `read` | documents to values |
//! | `load` | `loads` and what it has in common with `JSONDecoder` |
//! | `escape` | texts to strings of a document |
//! | `write` | values to documents |
//! | `options` | how values are written |
//! | `dump` | `dumps` and what it has in common with `JSONEncoder` |
//! | `coders` | `JSONDecoder` and `JSONEncoder` |
//! | `stack` | values that are being read or written |
//! | `error` | `JSONDecodeError` |

mod coders;
mod dump;
mod error;
mod escape;
mod load;
mod options;
mod read;
mod scan;
mod stack;
mod write;

use star::private::{Arity, Family, HostModule};

use crate::native::function;

/// `json`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    functions: &[
        function(
            "dumps",
            Arity::Variadic,
            dump::dumps,
            "dumps(obj, *, indent=None, …): the value as a document",
        ),
        function(
            "loads",
            Arity::Variadic,
            load::loads,
            "loads(s, *, object_hook=None, …): the value of a document",
        ),
    ],
    types: &[&coders::DECODER, &coders::ENCODER],
    exceptions: &[&error::DECODE_ERROR],
    ..HostModule::named("json", "Values as text that other programs read, and back.", Family::Python)
};
