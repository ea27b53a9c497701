//! What a method of a bound type is for.
//!
//! In: the options of a method. Out: whether it is a method, a constructor, an attribute, or what operators and
//! builtins call. Rule: what an operator calls answers at once; only what a script would have to wait for anyway may be
//! async.

use proc_macro2::Span;
use syn::{Error, Result};

use crate::model::object::Hook;
use crate::parse::options::Options;

/// What a method is for.
#[derive(Default)]
pub struct Roles {
    /// `new`: calling the type.
    pub new: Option<Span>,
    /// `static`: a function of the type.
    pub statics: Option<Span>,
    /// `get`: an attribute that is read.
    pub get: Option<Span>,
    /// `set`: an attribute that is assigned.
    pub set: Option<Span>,
    /// `close`: the method that closes the object.
    pub close: Option<Span>,
    /// `bytes`: how many bytes the object owns.
    pub bytes: Option<Span>,
    /// `skip`: not bound.
    pub skip: Option<Span>,
    /// Operators and builtins.
    pub hooks: Vec<(Hook, Span)>,
}

/// Names of the roles that are no operators.
const OWN: &[&str] = &["new", "static", "get", "set", "close", "bytes", "skip"];

/// Names of operators, as in `BinaryOp`; with `r` before it the operand on the right, with `i` the one assigned to.
const BINARY: &[(&str, &str, &str, &str)] = &[
    ("add", "radd", "iadd", "Add"),
    ("sub", "rsub", "isub", "Sub"),
    ("mul", "rmul", "imul", "Mul"),
    ("div", "rdiv", "idiv", "Div"),
    ("floordiv", "rfloordiv", "ifloordiv", "FloorDiv"),
    ("mod", "rmod", "imod", "Mod"),
    ("pow", "rpow", "ipow", "Pow"),
    ("matmul", "rmatmul", "imatmul", "MatMul"),
    ("lshift", "rlshift", "ilshift", "Shl"),
    ("rshift", "rrshift", "irshift", "Shr"),
    ("and", "rand", "iand", "And"),
    ("or", "ror", "ior", "Or"),
    ("xor", "rxor", "ixor", "Xor"),
];

/// The other operators and builtins.
const HOOKS: &[(&str, Hook)] = &[
    ("neg", Hook::Unary("Neg")),
    ("pos", Hook::Unary("Pos")),
    ("invert", Hook::Unary("Invert")),
    ("int", Hook::Number("Int")),
    ("float", Hook::Number("Float")),
    ("index", Hook::Number("Index")),
    ("abs", Hook::Number("Abs")),
    ("eq", Hook::Compare("Eq")),
    ("lt", Hook::Compare("Lt")),
    ("le", Hook::Compare("Le")),
    ("gt", Hook::Compare("Gt")),
    ("ge", Hook::Compare("Ge")),
    ("cmp", Hook::Order),
    ("hash", Hook::Hash),
    ("repr", Hook::Repr),
    ("str", Hook::Str),
    ("format", Hook::Format),
    ("truth", Hook::Truth),
    ("len", Hook::Len),
    ("item", Hook::Item),
    ("set_item", Hook::SetItem),
    ("del_item", Hook::DelItem),
    ("contains", Hook::Contains),
    ("iter", Hook::Iter),
    ("next", Hook::Next),
    ("call", Hook::Call),
    ("enter", Hook::Enter),
    ("exit", Hook::Exit),
    ("missing", Hook::Missing),
];

/// Every name of a role.
pub fn names() -> Vec<&'static str> {
    let binary = BINARY.iter().flat_map(|&(plain, reflected, inplace, _)| [plain, reflected, inplace]);
    OWN.iter().copied().chain(binary).chain(HOOKS.iter().map(|(name, _)| *name)).collect()
}

/// Takes the roles from the options of a method.
pub fn take(options: &mut Options) -> Result<Roles> {
    let mut roles = Roles {
        new: options.flag("new")?,
        statics: options.flag("static")?,
        get: options.flag("get")?,
        set: options.flag("set")?,
        close: options.flag("close")?,
        bytes: options.flag("bytes")?,
        skip: options.flag("skip")?,
        hooks: Vec::new(),
    };
    for &(plain, reflected, inplace, op) in BINARY {
        let hooks =
            [(plain, Hook::Binary(op)), (reflected, Hook::Reflected(op)), (inplace, Hook::Inplace(op))];
        for (name, hook) in hooks {
            roles.hooks.extend(options.flag(name)?.map(|span| (hook, span)));
        }
    }
    for &(name, hook) in HOOKS {
        roles.hooks.extend(options.flag(name)?.map(|span| (hook, span)));
    }
    roles.check()?;
    Ok(roles)
}

impl Roles {
    /// A function has one role, or is called by several operators.
    fn check(&self) -> Result<()> {
        let own = [self.new, self.statics, self.get, self.set, self.close, self.bytes, self.skip];
        let hooks = self.hooks.first().map(|(_, span)| *span);
        let mut given = own.into_iter().flatten().chain(hooks);
        match (given.next(), given.next()) {
            (Some(_), Some(second)) => {
                let message =
                    "a function has one role: drop one, or write a second function that calls this one";
                Err(Error::new(second, message))
            }
            _ => Ok(()),
        }
    }

    /// It is called by scripts under its name.
    pub fn is_plain(&self) -> bool {
        let own = [self.new, self.statics, self.get, self.set, self.close, self.bytes, self.skip];
        own.iter().all(Option::is_none) && self.hooks.is_empty()
    }
}

impl Hook {
    /// How many parameters its function has beside `self`: at least, at most.
    pub fn params(self) -> (usize, usize) {
        match self {
            Hook::Binary(_) | Hook::Reflected(_) | Hook::Inplace(_) | Hook::Compare(_) | Hook::Order => {
                (1, 1)
            }
            Hook::Format | Hook::Item | Hook::DelItem | Hook::Contains | Hook::Missing => (1, 1),
            Hook::SetItem => (2, 2),
            Hook::Exit => (0, 1),
            Hook::Call => (0, usize::MAX),
            _ => (0, 0),
        }
    }

    /// Its function may be async: whoever calls it can wait.
    pub fn may_wait(self) -> bool {
        matches!(
            self,
            Hook::Item
                | Hook::SetItem
                | Hook::DelItem
                | Hook::Contains
                | Hook::Next
                | Hook::Call
                | Hook::Enter
                | Hook::Exit
        )
    }

    /// Its function may be lent the heap.
    pub fn has_heap(self) -> bool {
        !matches!(self, Hook::Truth | Hook::Len)
    }
}
