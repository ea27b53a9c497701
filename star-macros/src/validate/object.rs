//! Types of the host.
//!
//! In: an `impl` or struct as written. Out: the type as it is bound. Rules: what is `pub` or takes `self` is bound
//! unless it says `skip`; no two members have the same name.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, GenericParam, Result, Type};

use super::function::{self, Place};
use super::roles::{self, Roles};
use super::{constant, types};
use crate::model::object::{Attribute, Field, Fields, Hook, Object, Trait};
use crate::model::{Context, Family, Function, Hold};
use crate::names;
use crate::parse::object::{Fields as WrittenFields, Member, Object as Written};
use crate::parse::options::Options;

/// Traits of Rust's that answer for operators.
const TRAITS: &[(&str, Trait)] = &[
    ("eq", Trait::Eq),
    ("ord", Trait::Ord),
    ("hash", Trait::Hash),
    ("repr", Trait::Repr),
    ("str", Trait::Str),
];

/// Options of types.
const OPTIONS: &[&str] = &["name", "module", "family", "eq", "ord", "hash", "repr", "str"];

/// What a type says of itself.
struct Head {
    name: String,
    module: String,
    family: Family,
    traits: Vec<Trait>,
}

/// The module that a type stands in.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// Its path.
    pub path: &'a str,
    /// Which names it has.
    pub family: Family,
}

/// Judges a type that has an `impl`.
pub fn check(mut written: Written, within: Option<Within<'_>>) -> Result<Object> {
    if let Some((_, keyword)) = &written.item.trait_ {
        let message = "`#[star_object]` stands on the type's own `impl Type { … }`, not on that of a trait";
        return Err(Error::new(keyword.span, message));
    }
    let generic =
        written.item.generics.params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_)));
    if let Some(generic) = generic {
        let message = "a bound type has no parameters: write `impl Type<f64> { … }` for one that scripts use";
        return Err(Error::new(generic.span(), message));
    }
    if let Some(lifetime) = written.item.generics.params.first() {
        let message = "a script may keep an object as long as it likes: bind a type that borrows nothing";
        return Err(Error::new(lifetime.span(), message));
    }
    let own_name = types::path(&written.ty).and_then(|path| path.segments.last());
    let Some(own_name) = own_name.map(|last| last.ident.unraw().to_string()) else {
        return Err(Error::new(
            written.ty.span(),
            "bind a type that has a name: a struct or enum of your own",
        ));
    };
    let head = head(&mut written.options, own_name, within)?;
    let mut object = Object::new(written.ty.clone(), head.name, head.module, written.doc);
    object.conditions = written.conditions;
    object.traits = head.traits;
    let mut members = Members { family: head.family, names: BTreeMap::new(), setters: Vec::new() };
    let mut errors = None;
    for member in written.members {
        if let Err(error) = members.add(&mut object, member) {
            crate::combine(&mut errors, error);
        }
    }
    for written in written.constants {
        let (span, own) = (written.ident.span(), &object.ty);
        let ident = &written.ident;
        let value = quote!(<#own>::#ident);
        match constant::check(written, value, Some(own)) {
            Ok(None) => {}
            Ok(Some(constant)) => match members.name(&constant.name, span) {
                Ok(()) => object.constants.push(constant),
                Err(error) => crate::combine(&mut errors, error),
            },
            Err(error) => crate::combine(&mut errors, error),
        }
    }
    if let Err(error) = members.finish(&mut object) {
        crate::combine(&mut errors, error);
    }
    errors.map_or(Ok(object), Err)
}

/// Judges a struct whose fields are all that its type has.
pub fn check_alone(written: &mut WrittenFields, within: Option<Within<'_>>) -> Result<(Object, Fields)> {
    let head = head(&mut written.options, written.ident.unraw().to_string(), within)?;
    let ident = &written.ident;
    let mut object = Object::new(syn::parse_quote!(#ident), head.name, head.module, written.doc.clone());
    object.conditions = written.conditions.clone();
    object.traits = head.traits;
    Ok((object, fields(written, head.family)?))
}

/// Judges the fields of a struct whose type is bound by its `impl`.
pub fn check_fields(written: &mut WrittenFields, within: Option<Within<'_>>) -> Result<Fields> {
    let family = match written.options.text("family")? {
        Some(text) => super::family(&text)?,
        None => within.map_or(Family::Go, |within| within.family),
    };
    if written.options.finish(&[]).is_err() {
        let message = "other options stand on the `#[star_object]` of the `impl`: move them there";
        return Err(Error::new(written.options.span, message));
    }
    fields(written, family)
}

fn head(options: &mut Options, own_name: String, within: Option<Within<'_>>) -> Result<Head> {
    if let Some(first) = &options.first {
        return Err(Error::new(first.span(), "say what this is: `name = \"…\"` or `module = \"…\"`"));
    }
    let name = match options.text("name")? {
        Some(name) => super::script_name(&name)?,
        None => own_name,
    };
    let module = match (options.text("module")?, within) {
        (Some(path), None) => {
            super::path(&path)?;
            path.value()
        }
        (Some(path), Some(_)) => {
            let message = "the module that this stands in says so already: drop `module`";
            return Err(Error::new(path.span(), message));
        }
        (None, within) => within.map_or_else(String::new, |within| within.path.to_string()),
    };
    let family = match options.text("family")? {
        Some(text) => super::family(&text)?,
        None => within.map_or(Family::Go, |within| within.family),
    };
    let mut traits = Vec::new();
    for &(name, meant) in TRAITS {
        traits.extend(options.flag(name)?.map(|_| meant));
    }
    options.finish(OPTIONS)?;
    Ok(Head { name, module: module.replace('/', "."), family, traits })
}

fn fields(written: &mut WrittenFields, family: Family) -> Result<Fields> {
    if !written.is_named() && !written.fields.is_empty() {
        return Err(Error::new(written.ident.span(), "only fields with names are attributes"));
    }
    let ident = &written.ident;
    let mut all = Fields { ty: syn::parse_quote!(#ident), fields: Vec::new() };
    for field in std::mem::take(&mut written.fields) {
        let mut options = field.options;
        let (get, set) = (options.flag("get")?, options.flag("set")?);
        let own = match options.text("name")? {
            Some(name) => super::script_name(&name)?,
            None => field.ident.unraw().to_string(),
        };
        options.finish(&["get", "set", "name"])?;
        if get.is_none() {
            let message = "an attribute that can be assigned can be read: write `#[star(get, set)]`";
            return Err(Error::new(set.unwrap_or(options.span), message));
        }
        all.fields.push(Field {
            ident: field.ident,
            ty: field.ty,
            names: spellings(&own, family),
            doc: field.doc,
            conditions: field.conditions,
            set: set.is_some(),
        });
    }
    Ok(all)
}

/// The names of an attribute.
fn spellings(name: &str, family: Family) -> Vec<String> {
    let other = Some(names::pascal(name)).filter(|other| family == Family::Go && other != name);
    std::iter::once(name.to_string()).chain(other).collect()
}

/// The members of a type, while they are gathered.
struct Members {
    family: Family,
    names: BTreeMap<String, Span>,
    /// Setters, which belong to getters that may come later.
    setters: Vec<(Function, Span)>,
}

impl Members {
    fn name(&mut self, name: &str, span: Span) -> Result<()> {
        match self.names.insert(name.to_string(), span) {
            None => Ok(()),
            Some(_) => {
                let message =
                    format!("the type has a `{name}` already: give this one another name (`name = \"…\"`)");
                Err(Error::new(span, message))
            }
        }
    }

    fn add(&mut self, object: &mut Object, member: Member) -> Result<()> {
        let bound = member.is_bound();
        let mut function = member.function;
        let mut roles = roles::take(&mut function.options)?;
        if !bound {
            return function.options.finish(&["skip"]);
        }
        let own = object.ty.clone();
        let (ident, span) = (function.sig.ident.clone(), function.sig.ident.span());
        let has_self = function.receiver.is_some();
        if !has_self && roles.is_plain() {
            // What Rust calls the constructor is one here too.
            match ident == "new" {
                true => roles.new = Some(span),
                false => roles.statics = Some(span),
            }
        }
        check_self(&roles, has_self)?;
        if let Some(span) = roles.bytes {
            object.bytes = Some(quote!(<#own>::#ident));
            return match function.params.is_empty() && function.sig.asyncness.is_none() {
                true => function.options.finish(&["bytes"]),
                false => Err(Error::new(span, "this is `fn(&self) -> usize`")),
            };
        }
        let callee: TokenStream = quote!(<#own>::#ident);
        let place = Place { family: self.family, own: Some(&own), options: &roles::names() };
        let mut function = function::check(function, &place, callee)?;
        let owned = function.receiver.as_ref().is_some_and(|receiver| receiver.by == Hold::Owned);
        if owned && roles.close.is_none() {
            let message =
                "a script still holds the object: take `&self` or `&mut self`, or mark what ends it `close`";
            return Err(Error::new(span, message));
        }
        let walks = |(hook, _): &(Hook, Span)| matches!(hook, Hook::Iter | Hook::Call | Hook::Item);
        if let Some(items) = &function.items
            && !(roles.is_plain() || roles.statics.is_some() || roles.hooks.iter().any(walks))
        {
            let message = "this gives one value: return that, or make it a method without this role";
            return Err(Error::new(items.item.span(), message));
        }
        if !roles.hooks.is_empty() {
            return add_hooks(object, function, &roles);
        }
        if roles.get.is_some() {
            check_attribute(&function, 0, span)?;
            let names = spellings(&function.name, self.family);
            names.iter().try_for_each(|name| self.name(name, span))?;
            object.attributes.push(Attribute { names, doc: function.doc.clone(), get: function, set: None });
            return Ok(());
        }
        if roles.set.is_some() {
            check_attribute(&function, 1, span)?;
            self.setters.push((function, span));
            return Ok(());
        }
        if roles.new.is_some() {
            function.name = object.name.clone();
            function.pair_name = None;
            if object.new.is_some() {
                return Err(Error::new(span, "the type has a constructor already: mark this one `static`"));
            }
            object.new = Some(function);
            return Ok(());
        }
        self.name(&function.name, span)?;
        function.pair_name.iter().try_for_each(|name| self.name(name, span))?;
        if roles.close.is_some() {
            if let Some(param) = function.params.first() {
                return Err(Error::new(param.span, "nothing is passed to what closes an object: drop this"));
            }
            object.close = Some(function);
        } else if roles.statics.is_some() {
            object.statics.push(function);
        } else {
            object.methods.push(function);
        }
        Ok(())
    }

    /// Gives setters to their getters.
    fn finish(self, object: &mut Object) -> Result<()> {
        for (setter, span) in self.setters {
            let name = setter.name.strip_prefix("set_").unwrap_or(&setter.name);
            let Some(attribute) = object.attributes.iter_mut().find(|known| known.names[0] == name) else {
                let message = format!(
                    "an attribute that can be assigned can be read: write `#[star(get)] fn {name}(&self)` too (a \
                     setter is called `set_{name}`)"
                );
                return Err(Error::new(span, message));
            };
            attribute.set = Some(setter);
        }
        Ok(())
    }
}

fn check_self(roles: &Roles, has_self: bool) -> Result<()> {
    let without = roles.new.or(roles.statics);
    if let (Some(span), true) = (without, has_self) {
        return Err(Error::new(span, "this is a function of the type itself: it takes no `self`"));
    }
    let hook = roles.hooks.first().map(|(_, span)| *span);
    let with = roles.get.or(roles.set).or(roles.close).or(roles.bytes).or(hook);
    match (with, has_self) {
        (Some(span), false) => {
            Err(Error::new(span, "this is done to an object: take `&self` or `&mut self`"))
        }
        _ => Ok(()),
    }
}

fn check_attribute(function: &Function, params: usize, span: Span) -> Result<()> {
    if let Some(condition) = function.conditions.first() {
        let message = "an attribute is always there: put the condition into its body";
        return Err(Error::new(condition.span(), message));
    }
    if function.asynchronous {
        let message = "an attribute is there at once: make it a plain `fn`, or a method without this role";
        return Err(Error::new(span, message));
    }
    match (function.params.len() == params, params) {
        (true, _) => Ok(()),
        (false, 0) => Err(Error::new(span, "an attribute is read as `fn name(&self) -> T`")),
        (false, _) => Err(Error::new(span, "an attribute is assigned as `fn set_name(&mut self, value: T)`")),
    }
}

fn add_hooks(object: &mut Object, function: Function, roles: &Roles) -> Result<()> {
    if let Some(condition) = function.conditions.first() {
        let message = "what an operator calls is always there: put the condition into its body";
        return Err(Error::new(condition.span(), message));
    }
    for &(hook, span) in &roles.hooks {
        let (least, most) = hook.params();
        if !(least..=most).contains(&function.params.len()) {
            let message = match (least, most) {
                (0, 0) => "this takes nothing but `&self`",
                (0, _) => "this takes `&mut self` and at most the error: `error: Option<T>`",
                (1, _) => "this takes `&self` and one other value",
                _ => "this takes `&mut self`, the key and the value",
            };
            return Err(Error::new(span, message));
        }
        if function.asynchronous && !hook.may_wait() {
            let message = match hook {
                Hook::Iter => {
                    "what a loop walks is there at once: return an `impl Stream`, and make this a plain `fn`"
                }
                _ => "this answers at once: make it a plain `fn`, or a method without this role",
            };
            return Err(Error::new(span, message));
        }
        if function.context != Context::None && !hook.has_heap() {
            return Err(Error::new(span, "this answers without the heap: drop `ctx`"));
        }
        let many = matches!(hook, Hook::Binary(_) | Hook::Reflected(_) | Hook::Inplace(_) | Hook::Compare(_));
        if !many && object.hooks.iter().any(|(known, _)| *known == hook) {
            return Err(Error::new(span, "the type has this already: drop one of the two"));
        }
        object.hooks.push((hook, function.clone()));
    }
    Ok(())
}

impl Object {
    fn new(ty: Type, name: String, module: String, doc: String) -> Object {
        Object {
            ty,
            name,
            module,
            doc,
            conditions: Vec::new(),
            new: None,
            methods: Vec::new(),
            statics: Vec::new(),
            attributes: Vec::new(),
            constants: Vec::new(),
            hooks: Vec::new(),
            traits: Vec::new(),
            close: None,
            bytes: None,
        }
    }
}
