//! Constants.
//!
//! In: a constant as written. Out: the constant as it is bound. Rule: its name is kept as it is in both families.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Result, Type};

use super::types;
use crate::model::Constant;
use crate::parse::module::Constant as Written;

/// Judges a constant that Rust calls `value`; `None` if it is not bound.
pub fn check(mut written: Written, value: TokenStream, own: Option<&Type>) -> Result<Option<Constant>> {
    if written.options.flag("skip")?.is_some() {
        return written.options.finish(&["skip"]).map(|()| None);
    }
    let name = match written.options.text("name")? {
        Some(name) => super::script_name(&name)?,
        None => written.ident.unraw().to_string(),
    };
    written.options.finish(&["name", "skip"])?;
    Ok(Some(Constant {
        name,
        doc: written.doc,
        conditions: written.conditions,
        value,
        ty: types::constant(&written.ty, own),
    }))
}
