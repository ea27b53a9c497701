//! Items of Rust to plain data.
//!
//! In: items and their attributes. Out: for each item that is bound, what was written about it, and the item itself
//! without the attributes that only the macros know. Rule: nothing is judged here; what was written wrongly is found by
//! `validate`, which knows where it stands.

pub mod bind;
pub mod function;
pub mod module;
pub mod object;
pub mod options;

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use options::Options;

/// Whether `attribute` is `#[name]` or `#[star::name]`.
pub fn is(attribute: &Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == name)
}

/// Takes the attribute `name` away, with its options.
pub fn take_attribute(attrs: &mut Vec<Attribute>, name: &str) -> syn::Result<Option<Options>> {
    let Some(at) = attrs.iter().position(|attribute| is(attribute, name)) else { return Ok(None) };
    Options::of(&attrs.remove(at)).map(Some)
}

/// Takes all `#[star(…)]` away, with their options.
pub fn take_star(attrs: &mut Vec<Attribute>) -> syn::Result<Options> {
    let mut all = Options::none();
    while let Some(options) = take_attribute(attrs, "star")? {
        all.append(options);
    }
    Ok(all)
}

/// The text of the doc comments, without the space that begins each line.
pub fn doc(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value
        {
            let text = text.value();
            lines.extend(text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).to_string()));
        }
    }
    lines.join("\n").trim().to_string()
}

/// The conditions under which an item is there.
pub fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}
