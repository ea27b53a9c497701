//! What was written, judged.
//!
//! In: what `parse` read. Out: the `model`, or errors at the user's own tokens. Rule: an error says what to write
//! instead.

pub mod constant;
pub mod derive;
pub mod function;
pub mod items;
pub mod module;
pub mod object;
pub mod params;
pub mod roles;
pub mod types;

use syn::{Error, LitStr, Result};

use crate::model::{Effect, Family};

/// `"python"` or `"go"`.
pub fn family(text: &LitStr) -> Result<Family> {
    match &*text.value() {
        "go" => Ok(Family::Go),
        "python" => Ok(Family::Python),
        _ => Err(Error::new(text.span(), "the family of a module is \"go\" or \"python\"")),
    }
}

/// `"pure"`, `"read"` or `"write"`.
fn effect(text: &LitStr) -> Result<Effect> {
    match &*text.value() {
        "pure" => Ok(Effect::Pure),
        "read" => Ok(Effect::Read),
        "write" => Ok(Effect::Write),
        _ => Err(Error::new(text.span(), "an effect is \"pure\", \"read\" or \"write\"")),
    }
}

/// A name that a script can write.
fn script_name(text: &LitStr) -> Result<String> {
    let name = text.value();
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    match first && chars.all(|c| c.is_alphanumeric() || c == '_') {
        true => Ok(name),
        false => Err(Error::new(text.span(), "a name consists of letters, digits and `_`, as in a script")),
    }
}

/// `net/http`: names between slashes.
pub fn path(path: &LitStr) -> Result<()> {
    let text = path.value();
    let name = |name: &str| {
        let mut chars = name.chars();
        chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && chars.all(|c| c.is_alphanumeric() || c == '_')
    };
    match text.split('/').all(name) {
        true => Ok(()),
        false => Err(Error::new(path.span(), "a path consists of names between slashes: \"net/http\"")),
    }
}
