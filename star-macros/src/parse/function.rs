//! A function or method to plain data.
//!
//! In: its signature. Out: what is written about it and each of its parameters. Rule: the signature keeps only what
//! Rust itself understands.

use syn::spanned::Spanned;
use syn::{Attribute, Error, FnArg, Pat, Receiver, Result, Signature, Type};

use super::options::Options;
use super::{conditions, doc, take_star};

/// A function as it was written.
pub struct Function {
    /// Of its attribute.
    pub options: Options,
    /// Its doc comment.
    pub doc: String,
    /// When it is there at all.
    pub conditions: Vec<Attribute>,
    /// Its signature, cleaned.
    pub sig: Signature,
    /// `self`, of a method.
    pub receiver: Option<Receiver>,
    /// Its other parameters.
    pub params: Vec<Parameter>,
}

/// A parameter as it was written.
pub struct Parameter {
    /// Of its `#[star(…)]`.
    pub options: Options,
    /// Its name.
    pub pat: Pat,
    /// Its type.
    pub ty: Type,
}

impl Function {
    /// Reads a signature, and takes away from it what only the macros understand.
    pub fn parse(options: Options, attrs: &[Attribute], sig: &mut Signature) -> Result<Function> {
        let mut params = Vec::new();
        let mut receiver = None;
        for input in &mut sig.inputs {
            match input {
                FnArg::Receiver(own) => receiver = Some(own.clone()),
                FnArg::Typed(typed) => params.push(Parameter {
                    options: take_star(&mut typed.attrs)?,
                    pat: (*typed.pat).clone(),
                    ty: (*typed.ty).clone(),
                }),
            }
        }
        if let Some(variadic) = &sig.variadic {
            let message = "a bound function takes any number of arguments as `#[star(args)] rest: Vec<T>`";
            return Err(Error::new(variadic.span(), message));
        }
        let (doc, conditions) = (doc(attrs), conditions(attrs));
        Ok(Function { options, doc, conditions, sig: sig.clone(), receiver, params })
    }
}
