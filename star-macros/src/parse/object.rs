//! A type's `impl`, or its struct, to plain data.
//!
//! In: `impl Type { … }` or `struct Type { … }` under `#[star_object]`. Out: the functions, constants and fields in it
//! with what is written about each. Rule: which of them are bound is for `validate` to say.

use syn::{
    Attribute, Error, Fields as StructFields, Ident, ImplItem, ItemImpl, ItemStruct, Result, Type, Visibility,
};

use super::function::Function;
use super::module::Constant;
use super::options::Options;
use super::{conditions, doc, take_attribute, take_star};

/// An `impl` as it was written.
pub struct Object {
    /// Of its attribute.
    pub options: Options,
    /// Its doc comment.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// The type.
    pub ty: Type,
    /// The item itself, cleaned.
    pub item: ItemImpl,
    /// Its functions.
    pub members: Vec<Member>,
    /// Its constants that are public, or say something to the macros.
    pub constants: Vec<Constant>,
}

/// A function of an `impl`.
pub struct Member {
    /// It is `pub`.
    pub public: bool,
    /// It has an attribute of the macros.
    pub marked: bool,
    /// The function; its options are those of the attribute.
    pub function: Function,
}

/// A struct as it was written.
pub struct Fields {
    /// Of its attribute.
    pub options: Options,
    /// Its doc comment.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// Its name.
    pub ident: Ident,
    /// The item itself, cleaned.
    pub item: ItemStruct,
    /// Fields with an attribute of the macros.
    pub fields: Vec<Field>,
}

/// A field with an attribute of the macros.
pub struct Field {
    /// Of its attribute.
    pub options: Options,
    /// Its doc comment.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// Its name.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
}

impl Member {
    /// Scripts can call it: what is `pub` or takes `self` is bound unless it says otherwise.
    pub fn is_bound(&self) -> bool {
        (self.public || self.marked || self.function.receiver.is_some()) && !self.function.options.has("skip")
    }
}

impl Object {
    /// Reads an `impl`, and takes away from it what only the macros understand.
    pub fn parse(options: Options, mut item: ItemImpl) -> Result<Object> {
        let (mut members, mut constants, mut errors) = (Vec::new(), Vec::new(), None);
        for inner in &mut item.items {
            let read = match inner {
                ImplItem::Fn(function) => {
                    let public = matches!(function.vis, Visibility::Public(_));
                    member(public, &mut function.attrs, &mut function.sig).map(|member| members.push(member))
                }
                ImplItem::Const(constant) => {
                    let public = matches!(constant.vis, Visibility::Public(_));
                    let marked = constant.attrs.iter().any(|attribute| super::is(attribute, "star"));
                    take_star(&mut constant.attrs).map(|options| {
                        if public || marked {
                            constants.push(Constant {
                                options,
                                doc: doc(&constant.attrs),
                                conditions: conditions(&constant.attrs),
                                ident: constant.ident.clone(),
                                ty: constant.ty.clone(),
                            });
                        }
                    })
                }
                _ => Ok(()),
            };
            if let Err(error) = read {
                crate::combine(&mut errors, error);
            }
        }
        let object = Object {
            options,
            doc: doc(&item.attrs),
            conditions: conditions(&item.attrs),
            ty: (*item.self_ty).clone(),
            item,
            members,
            constants,
        };
        errors.map_or(Ok(object), Err)
    }
}

fn member(public: bool, attrs: &mut Vec<Attribute>, sig: &mut syn::Signature) -> Result<Member> {
    let marked =
        attrs.iter().any(|attribute| super::is(attribute, "star") || super::is(attribute, "star_fn"));
    let mut options = take_star(attrs)?;
    if let Some(more) = take_attribute(attrs, "star_fn")? {
        options.append(more);
    }
    Ok(Member { public, marked, function: Function::parse(options, attrs, sig)? })
}

impl Fields {
    /// Reads a struct, and takes away from it what only the macros understand.
    pub fn parse(options: Options, mut item: ItemStruct) -> Result<Fields> {
        let mut fields = Vec::new();
        for field in &mut item.fields {
            let marked = field.attrs.iter().any(|attribute| super::is(attribute, "star"));
            let options = take_star(&mut field.attrs)?;
            if !marked {
                continue;
            }
            let Some(ident) = field.ident.clone() else {
                let message = "only a field with a name is an attribute: write a method with `#[star(get)]`";
                return Err(Error::new(options.span, message));
            };
            let (doc, conditions) = (doc(&field.attrs), conditions(&field.attrs));
            fields.push(Field { options, doc, conditions, ident, ty: field.ty.clone() });
        }
        Ok(Fields {
            options,
            doc: doc(&item.attrs),
            conditions: conditions(&item.attrs),
            ident: item.ident.clone(),
            item,
            fields,
        })
    }

    /// Whether the struct has fields with names.
    pub fn is_named(&self) -> bool {
        matches!(self.item.fields, StructFields::Named(_))
    }
}
