//! `struct` values and the types that scripts make.

use std::rc::Rc;

use super::Object;
use crate::value::Value;

/// A struct value: named fields in order.
#[derive(Default)]
pub struct Struct {
    /// The `Value::Type` made by `struct.define`, or the plain `struct` type.
    pub class: Value,
    /// Field names: strings, parallel to `values`.
    pub names: Vec<Value>,
    /// Field values.
    pub values: Vec<Value>,
}

impl Object for Struct {
    fn payload(&self) -> usize {
        (self.names.capacity() + self.values.capacity()) * size_of::<Value>()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        // 0 is the class, then names and values in turn.
        let mut at = index;
        loop {
            let child = match at {
                0 => self.class,
                _ => {
                    let side = if at % 2 == 1 { &self.names } else { &self.values };
                    match side.get((at - 1) / 2) {
                        Some(&value) => value,
                        None => return usize::MAX,
                    }
                }
            };
            at += 1;
            if !visit(child) {
                return at;
            }
        }
    }
}

/// What a user-made type is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TypeKind {
    /// Made by `struct.define`.
    #[default]
    Struct,
    /// Made by `error(name, base=…)`, or a module's.
    Exception,
    /// A host's, or one of tuples with names, made by `namedtuple`.
    Host,
}

/// A type that a script made, or a host.
pub struct UserType {
    /// Its name.
    pub name: Rc<str>,
    /// The module that `repr` and tracebacks name before it; empty for none.
    pub module: Box<str>,
    /// What its values can do, where a host says it.
    pub host: Option<&'static crate::heap::HostType>,
    /// How its exceptions are made, where a host says it.
    pub exception: Option<&'static crate::heap::HostException>,
    /// What it makes.
    pub kind: TypeKind,
    /// Its base; `struct` for structs.
    pub base: Value,
    /// Field names (strings), for structs.
    pub fields: Vec<Value>,
    /// Defaults parallel to `fields`; `Undef` where there is none.
    pub defaults: Vec<Value>,
    /// The docstring, or None.
    pub doc: Value,
}

impl Default for UserType {
    fn default() -> UserType {
        UserType {
            name: Rc::from(""),
            module: "".into(),
            host: None,
            exception: None,
            kind: TypeKind::Struct,
            base: Value::Undef,
            fields: Vec::new(),
            defaults: Vec::new(),
            doc: Value::None,
        }
    }
}

impl Object for UserType {
    fn payload(&self) -> usize {
        self.name.len()
            + self.module.len()
            + (self.fields.capacity() + self.defaults.capacity()) * size_of::<Value>()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        let mut at = index;
        loop {
            let child = match at {
                0 => Some(self.base),
                1 => Some(self.doc),
                _ => self.fields.iter().chain(&self.defaults).nth(at - 2).copied(),
            };
            let Some(child) = child else { return usize::MAX };
            at += 1;
            if !visit(child) {
                return at;
            }
        }
    }
}
