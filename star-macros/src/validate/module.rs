//! Modules.
//!
//! In: a module as written. Out: the module as it is bound, and those within it. Rule: no two members of a module have
//! the same name.

use std::collections::BTreeMap;

use proc_macro2::Span;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Error, Ident, Path, PathArguments, Result, ReturnType, Type};

use super::function::{self, Place};
use super::object::{self, Within};
use super::types;
use crate::model::{Entry, Exception, Family, Module};
use crate::parse::function::Function as WrittenFunction;
use crate::parse::module::{self as parse, Module as Written};

/// Options of modules.
const OPTIONS: &[&str] = &["family", "types", "exceptions", "aliases"];

/// Errors of the language and of Rust's own library, which have classes already or name none.
const KNOWN_ERRORS: &[&str] = &[
    "Raise",
    "Box",
    "String",
    "Mismatch",
    "ScriptError",
    "BoxError",
    "InUse",
    "ParseIntError",
    "ParseFloatError",
    "ParseBoolError",
    "ParseCharError",
    "TryFromIntError",
    "Utf8Error",
    "FromUtf8Error",
    "Infallible",
];

/// What an inner module inherits.
#[derive(Clone, Copy)]
pub struct Outer<'a> {
    path: &'a str,
    family: Family,
}

/// Judges a module.
pub fn check(written: &mut Written, outer: Option<Outer<'_>>) -> Result<Module> {
    let options = &mut written.options;
    let Some(own_path) = options.first.clone() else {
        let message = "say the path that scripts require: `#[star_module(\"name\")]`";
        return Err(Error::new(options.span, message));
    };
    super::path(&own_path)?;
    let path = match outer {
        Some(outer) => format!("{}/{}", outer.path, own_path.value()),
        None => own_path.value(),
    };
    let family = match (options.text("family")?, outer) {
        (Some(text), _) => super::family(&text)?,
        (None, Some(outer)) => outer.family,
        (None, None) => Family::Go,
    };
    let types = options.paths("types")?;
    let exceptions = options.paths("exceptions")?;
    options.finish(OPTIONS)?;

    let mut names = Names::default();
    let mut errors = None;
    let found = exceptions_of(written, &mut errors);
    let mut module = Module {
        path,
        doc: std::mem::take(&mut written.doc),
        family,
        functions: Vec::new(),
        constants: Vec::new(),
        types: types.iter().map(type_entry).collect(),
        exceptions: exceptions.iter().map(|path| entry(quote!(&#path))).collect(),
        errors: found,
        objects: Vec::new(),
        fields: Vec::new(),
        inner: Vec::new(),
        aliases: Vec::new(),
    };
    for function in std::mem::take(&mut written.functions) {
        let span = function.sig.ident.span();
        match self::function(function, family) {
            Ok(checked) => {
                names.add(&checked.name, span, &mut errors);
                checked.pair_name.iter().for_each(|name| names.add(name, span, &mut errors));
                module.functions.push(checked);
            }
            Err(error) => crate::combine(&mut errors, error),
        }
    }
    for constant in std::mem::take(&mut written.constants) {
        let span = constant.ident.span();
        let ident = &constant.ident;
        let value = quote!(self::#ident);
        match super::constant::check(constant, value, None) {
            Ok(None) => {}
            Ok(Some(checked)) => {
                names.add(&checked.name, span, &mut errors);
                module.constants.push(checked);
            }
            Err(error) => crate::combine(&mut errors, error),
        }
    }
    objects(written, &mut module, &mut names, &mut errors);
    for parse::Static { ident, conditions, .. } in &written.types {
        module.types.push(Entry { value: quote!(&self::#ident), conditions: conditions.clone() });
    }
    for parse::Static { ident, conditions, .. } in &written.exceptions {
        module.exceptions.push(Entry { value: quote!(&self::#ident), conditions: conditions.clone() });
    }
    for exception in &module.errors {
        let span = exception.error.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
        names.add(&exception.name, span, &mut errors);
    }
    for inner in &written.modules {
        module.inner.push(inner.ident.clone());
        if let Some(path) = &inner.options.first {
            names.add(&path.value(), path.span(), &mut errors);
        }
    }
    errors.map_or(Ok(module), Err)
}

impl Module {
    /// What modules within it inherit.
    pub fn as_outer(&self) -> Outer<'_> {
        Outer { path: &self.path, family: self.family }
    }
}

fn function(written: WrittenFunction, family: Family) -> Result<crate::model::Function> {
    if let Some(receiver) = &written.receiver {
        let message =
            "a function of a module has no `self`: methods stand in an `impl` with `#[star_object]`";
        return Err(Error::new(receiver.self_token.span, message));
    }
    let ident = &written.sig.ident;
    if ident == "module" {
        let message = "`module` is the function that `#[star_module]` makes: name this one otherwise, and give its \
                       name for scripts as `name = \"module\"`";
        return Err(Error::new(ident.span(), message));
    }
    let callee = quote!(self::#ident);
    function::check(written, &Place { family, own: None, options: &[] }, callee)
}

fn entry(value: proc_macro2::TokenStream) -> Entry {
    Entry { value, conditions: Vec::new() }
}

/// The types of the module that are bound, each with the fields of its struct.
fn objects(written: &mut Written, module: &mut Module, names: &mut Names, errors: &mut Option<Error>) {
    let (path, family) = (module.path.clone(), module.family);
    let within = Some(Within { path: &path, family });
    let mut with_impl = Vec::new();
    for object in std::mem::take(&mut written.objects) {
        with_impl.push(types::path(&object.ty).and_then(|path| path.get_ident()).cloned());
        let span = syn::spanned::Spanned::span(&object.ty);
        match object::check(object, within) {
            Ok(checked) => {
                names.add(&checked.name, span, errors);
                module.objects.push(checked);
            }
            Err(error) => crate::combine(errors, error),
        }
    }
    for fields in &mut written.fields {
        let has_impl = with_impl.contains(&Some(fields.ident.clone()));
        let checked = match has_impl {
            true => object::check_fields(fields, within),
            false => object::check_alone(fields, within).map(|(object, checked)| {
                names.add(&object.name, fields.ident.span(), errors);
                module.objects.push(object);
                checked
            }),
        };
        match checked {
            Ok(checked) => module.fields.push(checked),
            Err(error) => crate::combine(errors, error),
        }
    }
}

/// A static, which is written in capitals, or a Rust type that `#[star_object]` has.
fn type_entry(path: &Path) -> Entry {
    let name = path.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
    match name.chars().any(char::is_lowercase) {
        false => entry(quote!(&#path)),
        true => entry(quote!(<#path as ::star::private::HostClass>::CLASS)),
    }
}

/// The exceptions that the module makes: one for each error type that its functions fail with, and those that say so.
fn exceptions_of(written: &mut Written, errors: &mut Option<Error>) -> Vec<Exception> {
    let elsewhere: Vec<String> =
        written.exceptions.iter().filter_map(|known| known.error.as_ref()).filter_map(last_name).collect();
    let mut found: BTreeMap<String, Exception> = BTreeMap::new();
    for own in &mut written.errors {
        let Some(mut options) = own.options.take() else { continue };
        let ident = &own.ident;
        let exception = || -> Result<Exception> {
            let name = options.text("name")?.map(|name| super::script_name(&name)).transpose()?;
            let base =
                options.path("base")?.and_then(|(_, base)| base).map(|base| base.require_ident().cloned());
            options.finish(&["exception", "name", "base"])?;
            Ok(Exception {
                name: name.unwrap_or_else(|| ident.unraw().to_string()),
                doc: own.doc.clone(),
                base: base.transpose()?.unwrap_or_else(|| format_ident!("Exception")),
                error: ident.clone().into(),
            })
        };
        match { exception }() {
            Ok(exception) => drop(found.insert(ident.to_string(), exception)),
            Err(error) => crate::combine(errors, error),
        }
    }
    let methods = written.objects.iter().flat_map(|object| &object.members);
    let methods = methods.filter(|member| member.is_bound()).map(|member| &member.function);
    for function in written.functions.iter().chain(methods) {
        let ReturnType::Type(_, output) = &function.sig.output else { continue };
        let item = super::items::of(output).ok().flatten().map(|items| items.item);
        let fails = [Some(&**output), item.as_ref()].into_iter().flatten().filter_map(types::result);
        for (_, error) in fails {
            add_exception(error, &elsewhere, &written.errors, &mut found, errors);
        }
    }
    found.into_values().collect()
}

/// The exceptions for what a function outside of a module fails with.
pub fn errors_of(output: &ReturnType) -> Vec<Exception> {
    let ReturnType::Type(_, output) = output else { return Vec::new() };
    let (mut found, mut errors) = (BTreeMap::new(), None);
    if let Some((_, error)) = types::result(output) {
        add_exception(error, &[], &[], &mut found, &mut errors);
    }
    found.into_values().collect()
}

/// Notes the exception for an error type that a function fails with, once.
fn add_exception(
    error: &Type,
    elsewhere: &[String],
    own: &[parse::ErrorType],
    found: &mut BTreeMap<String, Exception>,
    errors: &mut Option<Error>,
) {
    let Some((name, path)) = error_path(error) else { return };
    if elsewhere.contains(&name) {
        return;
    }
    if let Some(known) = found.get(&name) {
        let known = &known.error;
        if quote!(#path).to_string() != quote!(#known).to_string() {
            let message = format!(
                "two error types of this module are written with the last name `{name}`: write the same path for the \
                 same type, and `use … as …` for another"
            );
            crate::combine(errors, Error::new(syn::spanned::Spanned::span(path), message));
        }
        return;
    }
    let doc = own.iter().find(|own| own.ident == *name).map(|own| own.doc.clone());
    let exception = Exception {
        name: name.clone(),
        doc: doc.unwrap_or_default(),
        base: format_ident!("Exception"),
        error: path.clone(),
    };
    found.insert(name, exception);
}

fn last_name(path: &Path) -> Option<String> {
    path.segments.last().map(|last| last.ident.to_string())
}

/// The path of an error type that becomes an exception of its own.
fn error_path(error: &Type) -> Option<(String, &Path)> {
    let path = types::path(error)?;
    let last = path.segments.last()?;
    let name = last.ident.unraw().to_string();
    let plain = path.segments.iter().all(|segment| matches!(segment.arguments, PathArguments::None));
    let before = path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
    let foreign = name == "Error" && matches!(before.as_deref(), Some("io" | "fmt" | "anyhow"));
    (plain && !foreign && !KNOWN_ERRORS.contains(&&*name) && name != "Self").then_some((name, path))
}

/// The names of a module's members, each with the place of its first use.
#[derive(Default)]
struct Names(BTreeMap<String, Span>);

impl Names {
    fn add(&mut self, name: &str, span: Span, errors: &mut Option<Error>) {
        if self.0.contains_key(name) {
            let message = format!(
                "the module has a `{name}` already: give this one another name (`name = \"…\"`, for its spelling in \
                 Go's style `go_name = \"…\"`)"
            );
            crate::combine(errors, Error::new(span, message));
        }
        self.0.entry(name.to_string()).or_insert(span);
    }
}

/// The name of a generated item.
pub fn generated(prefix: &str, ident: &Ident) -> Ident {
    format_ident!("__star_{prefix}_{}", ident.unraw(), span = Span::call_site())
}
