//! A module to plain data.
//!
//! In: `mod name { … }` under `#[star_module]`. Out: the functions, constants, types and exceptions that it binds.
//! Rule: an item without an attribute of the macros stays as it is, but for constants, which are bound unless they say
//! otherwise.

use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, Item, ItemConst, ItemMod, ItemStatic, Path, Result, Type, TypePath};

use super::function::Function;
use super::object::{Fields, Object};
use super::options::Options;
use super::{conditions, doc, take_attribute, take_star};

/// A module as it was written.
pub struct Module {
    /// Of its attribute.
    pub options: Options,
    /// Its doc comment.
    pub doc: String,
    /// Its name.
    pub ident: Ident,
    /// The item itself, cleaned; the inner modules that are bound are taken out.
    pub item: ItemMod,
    /// Functions that are bound.
    pub functions: Vec<Function>,
    /// Constants that are bound.
    pub constants: Vec<Constant>,
    /// Statics that are types.
    pub types: Vec<Static>,
    /// Statics that are exceptions.
    pub exceptions: Vec<Static>,
    /// Error types of the module.
    pub errors: Vec<ErrorType>,
    /// Types that are bound with their `impl`.
    pub objects: Vec<Object>,
    /// Structs whose fields are attributes.
    pub fields: Vec<Fields>,
    /// Inner modules that are bound.
    pub modules: Vec<Module>,
}

/// A constant.
pub struct Constant {
    /// Of its `#[star(…)]`.
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

/// A static that is a type or an exception.
pub struct Static {
    /// Its name.
    pub ident: Ident,
    /// The Rust error that it stands for.
    pub error: Option<Path>,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
}

/// A struct or enum of the module, which may be an error.
pub struct ErrorType {
    /// Its name.
    pub ident: Ident,
    /// Its doc comment.
    pub doc: String,
    /// Of its `#[star(exception, …)]`, if it has one.
    pub options: Option<Options>,
}

impl Module {
    /// Reads a module, and takes away from it what only the macros understand.
    pub fn parse(options: Options, mut item: ItemMod) -> Result<Module> {
        let Some((brace, items)) = item.content.take() else {
            let message = "`#[star_module]` has to see what is in the module: write `mod name { … }` here";
            return Err(Error::new(item.span(), message));
        };
        let mut module = Module {
            options,
            doc: doc(&item.attrs),
            ident: item.ident.clone(),
            functions: Vec::new(),
            constants: Vec::new(),
            types: Vec::new(),
            exceptions: Vec::new(),
            errors: Vec::new(),
            objects: Vec::new(),
            fields: Vec::new(),
            modules: Vec::new(),
            item: item.clone(),
        };
        let mut rest = Vec::new();
        let mut errors: Option<Error> = None;
        for item in items {
            match module.add(item) {
                Ok(item) => rest.extend(item),
                Err(error) => crate::combine(&mut errors, error),
            }
        }
        module.item.content = Some((brace, rest));
        errors.map_or(Ok(module), Err)
    }

    /// Notes an item, and gives back what stays of it.
    fn add(&mut self, item: Item) -> Result<Option<Item>> {
        match item {
            Item::Fn(mut function) => {
                if let Some(options) = take_attribute(&mut function.attrs, "star_fn")? {
                    self.functions.push(Function::parse(options, &function.attrs, &mut function.sig)?);
                }
                Ok(Some(Item::Fn(function)))
            }
            Item::Const(mut constant) => {
                self.add_constant(&mut constant)?;
                Ok(Some(Item::Const(constant)))
            }
            Item::Static(mut item) => {
                self.add_static(&mut item)?;
                Ok(Some(Item::Static(item)))
            }
            Item::Impl(mut item) => {
                if let Some(options) = take_attribute(&mut item.attrs, "star_object")? {
                    let mut object = Object::parse(options, item)?;
                    item = object.item.clone();
                    if object.doc.is_empty() {
                        object.doc = self.doc_of(&object.ty);
                    }
                    self.objects.push(object);
                }
                Ok(Some(Item::Impl(item)))
            }
            Item::Struct(mut item) => {
                if let Some(options) = take_attribute(&mut item.attrs, "star_object")? {
                    let fields = Fields::parse(options, item)?;
                    item = fields.item.clone();
                    self.fields.push(fields);
                }
                let options = take_exception(&mut item.attrs)?;
                self.errors.push(ErrorType { ident: item.ident.clone(), doc: doc(&item.attrs), options });
                Ok(Some(Item::Struct(item)))
            }
            Item::Enum(mut item) => {
                let options = take_exception(&mut item.attrs)?;
                self.errors.push(ErrorType { ident: item.ident.clone(), doc: doc(&item.attrs), options });
                Ok(Some(Item::Enum(item)))
            }
            Item::Mod(mut inner) => {
                let Some(options) = take_attribute(&mut inner.attrs, "star_module")? else {
                    return Ok(Some(Item::Mod(inner)));
                };
                self.modules.push(Module::parse(options, inner)?);
                Ok(None)
            }
            item => Ok(Some(item)),
        }
    }

    /// The doc comment of a struct or enum that was read before.
    fn doc_of(&self, ty: &Type) -> String {
        let Type::Path(TypePath { path, .. }) = ty else { return String::new() };
        let own = self.errors.iter().find(|own| path.is_ident(&own.ident));
        own.map_or_else(String::new, |own| own.doc.clone())
    }

    fn add_constant(&mut self, item: &mut ItemConst) -> Result<()> {
        let options = take_star(&mut item.attrs)?;
        if item.ident == "_" {
            return options.finish(&[]);
        }
        let (doc, conditions) = (doc(&item.attrs), conditions(&item.attrs));
        let (ident, ty) = (item.ident.clone(), (*item.ty).clone());
        self.constants.push(Constant { options, doc, conditions, ident, ty });
        Ok(())
    }

    fn add_static(&mut self, item: &mut ItemStatic) -> Result<()> {
        let mut options = take_star(&mut item.attrs)?;
        let (ident, conditions) = (item.ident.clone(), conditions(&item.attrs));
        if options.flag("type")?.is_some() {
            self.types.push(Static { ident, error: None, conditions });
        } else if let Some((_, error)) = options.path("exception")? {
            self.exceptions.push(Static { ident, error, conditions });
        }
        options.finish(&["type", "exception"])
    }
}

/// Takes `#[star(exception, …)]` away; other `#[star(…)]` belong to derives.
fn take_exception(attrs: &mut Vec<Attribute>) -> Result<Option<Options>> {
    for at in 0..attrs.len() {
        if attrs[at].path().is_ident("star") {
            let mut options = Options::of(&attrs[at])?;
            if options.flag("exception")?.is_some() {
                attrs.remove(at);
                return Ok(Some(options));
            }
        }
    }
    Ok(None)
}
