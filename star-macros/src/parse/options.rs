//! The options of an attribute: `"path", name = "x", kw`.
//!
//! In: the tokens in the parentheses. Out: options by name, each taken once. Rule: an option that nobody takes is an
//! error at its name.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Result, Token};

use crate::names;

/// What stands in the parentheses of an attribute.
pub struct Options {
    /// Where the attribute is.
    pub span: Span,
    /// The text that comes first without a name.
    pub first: Option<LitStr>,
    list: Vec<Opt>,
}

/// One option.
struct Opt {
    name: Ident,
    value: Option<Expr>,
}

impl Options {
    /// Those of an attribute without any.
    pub fn none() -> Options {
        Options { span: Span::call_site(), first: None, list: Vec::new() }
    }

    /// Those of `attribute`.
    pub fn of(attribute: &Attribute) -> Result<Options> {
        let mut options = match &attribute.meta {
            Meta::Path(_) => Options::none(),
            Meta::List(list) => list.parse_args()?,
            Meta::NameValue(pair) => {
                let message = "options of this attribute stand in parentheses: `#[star(name = \"…\")]`";
                return Err(Error::new(pair.eq_token.span, message));
            }
        };
        options.span = attribute.path().span();
        Ok(options)
    }

    /// Adds those of another attribute of the same name.
    pub fn append(&mut self, other: Options) {
        self.span = other.span;
        self.first = self.first.take().or(other.first);
        self.list.extend(other.list);
    }

    /// Whether `name` is among those not taken yet.
    pub fn has(&self, name: &str) -> bool {
        self.list.iter().any(|option| option.name == name)
    }

    fn take(&mut self, name: &str) -> Option<Opt> {
        let at = self.list.iter().position(|option| option.name == name)?;
        Some(self.list.remove(at))
    }

    /// `name` without a value: where it stands.
    pub fn flag(&mut self, name: &str) -> Result<Option<Span>> {
        match self.take(name) {
            None => Ok(None),
            Some(Opt { name, value: None }) => Ok(Some(name.span())),
            Some(Opt { name, value: Some(value) }) => {
                Err(Error::new(value.span(), format!("`{name}` takes no value: write `{name}` alone")))
            }
        }
    }

    /// `name = "text"`.
    pub fn text(&mut self, name: &str) -> Result<Option<LitStr>> {
        let Some(option) = self.take(name) else { return Ok(None) };
        match option.value {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Ok(Some(text)),
            Some(other) => Err(Error::new(other.span(), format!("write a text: `{name} = \"…\"`"))),
            None => Err(Error::new(option.name.span(), format!("write a text: `{name} = \"…\"`"))),
        }
    }

    /// `name = expression`, or `name` alone; and where it stands.
    pub fn expr(&mut self, name: &str) -> Option<(Span, Option<Expr>)> {
        self.take(name).map(|option| (option.name.span(), option.value))
    }

    /// `name = path`, or `name` alone.
    pub fn path(&mut self, name: &str) -> Result<Option<(Span, Option<Path>)>> {
        match self.take(name) {
            None => Ok(None),
            Some(Opt { name, value: None }) => Ok(Some((name.span(), None))),
            Some(Opt { name, value: Some(Expr::Path(path)) }) => Ok(Some((name.span(), Some(path.path)))),
            Some(Opt { name, value: Some(other) }) => {
                Err(Error::new(other.span(), format!("write a path: `{name} = path::Name`")))
            }
        }
    }

    /// `name = [path, path]`.
    pub fn paths(&mut self, name: &str) -> Result<Vec<Path>> {
        let Some(option) = self.take(name) else { return Ok(Vec::new()) };
        let wrong =
            |span| Error::new(span, format!("write a list of paths: `{name} = [FIRST, module::SECOND]`"));
        let Some(Expr::Array(array)) = option.value else { return Err(wrong(option.name.span())) };
        let path = |element| match element {
            Expr::Path(path) => Ok(path.path),
            other => Err(wrong(other.span())),
        };
        array.elems.into_iter().map(path).collect()
    }

    /// Whatever is left is wrong: twice there, or none of `known`.
    pub fn finish(&self, known: &[&str]) -> Result<()> {
        let Some(option) = self.list.first() else { return Ok(()) };
        let name = option.name.unraw().to_string();
        let message = match known.contains(&&*name) {
            true => format!("`{name}` has been given already"),
            false if known.is_empty() => format!("`{name}` is no option here: there are none"),
            false => match names::similar(&name, known) {
                Some(meant) => format!("`{name}` is no option here: did you mean `{meant}`?"),
                None => format!("`{name}` is no option here: there are {}", names::list(known)),
            },
        };
        Err(Error::new(option.name.span(), message))
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options::none();
        while !input.is_empty() {
            if input.peek(LitStr) && options.first.is_none() && options.list.is_empty() {
                options.first = Some(input.parse()?);
            } else {
                options.list.push(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> Result<Opt> {
        let name = input.call(Ident::parse_any)?;
        let value = match input.peek(Token![=]) {
            true => {
                input.parse::<Token![=]>()?;
                Some(input.parse()?)
            }
            false => None,
        };
        Ok(Opt { name, value })
    }
}
