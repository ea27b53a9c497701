//! Shortcuts of the hot loop that need no roots: they allocate nothing and raise nothing.

use std::convert::Infallible;

use crate::heap::{Arity, Heap, Native};
use crate::object::{Dict, Probe};
use crate::ops::hash::{int_hash, str_hash};
use crate::value::{Ref, Value};

/// The entry of `key` in a dict: `Some(None)` if it is not there, `None` if only the general look-up can tell.
#[inline]
pub(super) fn find(heap: &Heap, dict: Ref<Dict>, key: Value) -> Option<Option<usize>> {
    let table = heap[dict].table();
    match key {
        Value::Str(at) => {
            let text = heap[at].as_str();
            if text.len() > CHARGED {
                return None;
            }
            let same = |other: Value| {
                Ok::<_, Infallible>(match other {
                    Value::Str(other) => other == at || heap[other].as_str() == text,
                    _ => false,
                })
            };
            let Ok(probe) = table.find(str_hash(heap, at), same);
            Some(entry(probe))
        }
        Value::Int(i) => {
            let mut unsure = false;
            let same = |other: Value| {
                Ok::<_, Infallible>(match other {
                    Value::Int(other) => other == i,
                    // True is 1, 1.0 is 1.
                    _ => {
                        unsure = true;
                        false
                    }
                })
            };
            let Ok(probe) = table.find(int_hash(heap, i), same);
            if unsure { None } else { Some(entry(probe)) }
        }
        _ => None,
    }
}

/// Keys longer than this are charged for, so the general look-up sees them.
const CHARGED: usize = 256;

fn entry(probe: Probe) -> Option<usize> {
    match probe {
        Probe::Found(entry) => Some(entry),
        Probe::Missing => None,
    }
}

/// Whether `argc` arguments (the receiver of a method included) are just what the native takes, and with how many
/// places it wants to see them.
#[inline]
pub(super) fn places(native: &Native, argc: usize) -> Option<usize> {
    let receiver = native.owner.is_some() as usize;
    let given = argc.checked_sub(receiver)?;
    let (least, most, all) = match native.arity {
        Arity::None => (0, 0, 0),
        Arity::One => (1, 1, 1),
        Arity::Positional(least, most) => (least as usize, most as usize, most as usize),
        Arity::Named { names, required, positional } => (required as usize, positional as usize, names.len()),
        Arity::Variadic | Arity::VariadicPositional => return Some(argc),
    };
    (least <= given && given <= most).then_some(all + receiver)
}
