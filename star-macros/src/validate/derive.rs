//! Structs and enums that become values.
//!
//! In: the item of a derive. Out: what it consists of, with the names that scripts use. Rule: a name is the field's own,
//! and a variant's in `snake_case`, unless it is renamed.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Fields, GenericParam, Ident, Lit, LitStr, Result,
    Type,
};

use super::types;
use crate::model::derive::{Content, Default, Derived, Field, Shape, Variant};
use crate::names;
use crate::parse::options::Options;
use crate::parse::{doc, is};

/// Judges the item of `#[derive(FromStar)]` (with `from`) or `#[derive(IntoStar)]`.
pub fn check(input: DeriveInput, from: bool) -> Result<Derived> {
    let mut options = options(&input.attrs)?;
    let name = match options.text("name")? {
        Some(name) => super::script_name(&name)?,
        None => input.ident.unraw().to_string(),
    };
    let deny_unknown = options.flag("deny_unknown")?.is_some();
    let tag = options.text("tag")?;
    options.finish(&["name", "deny_unknown", "tag"])?;
    let lifetime = input.generics.params.iter().find(|param| matches!(param, GenericParam::Lifetime(_)));
    if let (true, Some(lifetime)) = (from, lifetime) {
        let message = "what a script passes is made anew: own it, as `String` instead of `&str`";
        return Err(Error::new(lifetime.span(), message));
    }
    let shape = match (input.data, tag) {
        (Data::Struct(_), Some(tag)) => {
            return Err(Error::new(tag.span(), "a tag tells the variants of an enum apart: drop it"));
        }
        (Data::Struct(data), None) => structure(&input.ident, data.fields)?,
        (Data::Enum(data), tag) => {
            let variants = data.variants.into_iter();
            let variants = variants.map(|written| variant(&input.ident, written, tag.as_ref()));
            let variants = variants.collect::<Result<Vec<_>>>()?;
            no_twice(variants.iter().map(|variant| (&*variant.name, &variant.ident)))?;
            match (variants.iter().all(|variant| matches!(variant.content, Content::Unit)), tag) {
                _ if variants.is_empty() => {
                    return Err(Error::new(input.ident.span(), "an enum without variants has no values"));
                }
                (true, None) => Shape::Choice(variants),
                (_, tag) => Shape::Variants { tag: tag.map(|tag| tag.value()), variants },
            }
        }
        (Data::Union(data), _) => {
            return Err(Error::new(data.union_token.span, "scripts know structs and enums: use one of them"));
        }
    };
    Ok(Derived { ident: input.ident, generics: input.generics, name, shape, deny_unknown })
}

/// The options of all `#[star(…)]`.
fn options(attrs: &[Attribute]) -> Result<Options> {
    let mut all = Options::none();
    for attribute in attrs.iter().filter(|attribute| is(attribute, "star")) {
        all.append(Options::of(attribute)?);
    }
    Ok(all)
}

fn structure(ident: &Ident, fields: Fields) -> Result<Shape> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let mut fields = fields.unnamed.into_iter();
            let field = fields.next().map(|field| (field.ty, field.attrs));
            let Some((ty, attrs)) = field else { return Ok(Shape::Record(Vec::new())) };
            options(&attrs)?.finish(&[])?;
            Ok(Shape::Newtype(ty))
        }
        Fields::Unnamed(fields) => {
            let message = "fields of a struct that becomes a value have names: `struct Name { field: T }`";
            Err(Error::new(fields.span(), message))
        }
        fields => record(ident, fields).map(Shape::Record),
    }
}

fn record(own: &Ident, fields: Fields) -> Result<Vec<Field>> {
    let fields = fields.into_iter().map(|written| field(own, written)).collect::<Result<Vec<_>>>()?;
    let known = fields.iter().filter(|field| !field.skip);
    no_twice(known.map(|field| (&*field.name, &field.ident)))?;
    Ok(fields)
}

fn field(own: &Ident, written: syn::Field) -> Result<Field> {
    let Some(ident) = written.ident.clone() else {
        return Err(Error::new(written.span(), "give the field a name"));
    };
    let mut options = options(&written.attrs)?;
    let name = match options.text("rename")? {
        Some(name) => renamed(&name)?,
        None => ident.unraw().to_string(),
    };
    let skip = options.flag("skip")?.is_some();
    let default = options.expr("default").map(|(_, value)| value.map_or(Default::OfType, Default::Value));
    let opaque = options.flag("opaque")?.map(|_| None);
    options.finish(&["rename", "default", "skip", "opaque"])?;
    let (doc, recursive) = (doc(&written.attrs), names_own(&written.ty, own));
    let opaque = opaque.or(recursive.then(|| Some(own.unraw().to_string())));
    Ok(Field { ident, name, ty: written.ty, doc, default, skip, opaque })
}

fn renamed(name: &LitStr) -> Result<String> {
    match name.value() {
        text if text.is_empty() => Err(Error::new(name.span(), "a name has at least one character")),
        text => Ok(text),
    }
}

/// Whether a type names the type that it is part of, whose description cannot contain itself.
pub fn names_own(ty: &Type, own: &Ident) -> bool {
    let words = ty.to_token_stream().to_string();
    let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word == "Self" || own == word)
}

fn variant(own: &Ident, written: syn::Variant, tag: Option<&LitStr>) -> Result<Variant> {
    let mut options = options(&written.attrs)?;
    let name = match options.text("rename")? {
        Some(name) => renamed(&name)?,
        None => names::snake(&written.ident.unraw().to_string()),
    };
    options.finish(&["rename"])?;
    let content = match written.fields {
        Fields::Unit => Content::Unit,
        Fields::Unnamed(fields) if tag.is_some() => {
            let message = "beside a tag, what a variant holds has names: `Name { field: T }`";
            return Err(Error::new(fields.span(), message));
        }
        Fields::Unnamed(fields) => Content::Tuple(fields.unnamed.into_iter().map(|field| field.ty).collect()),
        fields => Content::Record(record(own, fields)?),
    };
    if let (Some(tag), Content::Record(fields)) = (tag, &content)
        && let Some(field) = fields.iter().find(|field| field.name == tag.value())
    {
        let message = "this is the name of the tag: rename the field, or the tag";
        return Err(Error::new(field.ident.span(), message));
    }
    Ok(Variant { ident: written.ident, name, content })
}

fn no_twice<'a>(names: impl Iterator<Item = (&'a str, &'a Ident)>) -> Result<()> {
    let mut seen = Vec::new();
    for (name, ident) in names {
        if seen.contains(&name) {
            let message =
                format!("`{name}` is there already: rename this one with `#[star(rename = \"…\")]`");
            return Err(Error::new(ident.span(), message));
        }
        seen.push(name);
    }
    Ok(())
}

impl Field {
    /// Scripts may leave it out.
    pub fn is_optional(&self) -> bool {
        self.default.is_some() || types::is_option(&self.ty)
    }
}

/// Whether an expression is a text, which becomes whatever type of text is wanted.
pub fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }))
}
