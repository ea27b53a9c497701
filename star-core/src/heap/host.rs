//! What a host gives to scripts: types, exceptions and modules, as static data.
//!
//! In: statics that the binding macros write. Out: what the runtime looks attributes, operators and conversions up in.
//! Rules: everything here is constant and shared by all isolates; an isolate makes its own object for a type, an
//! exception type or a module when a script first meets it, so what is linked and not used costs nothing.

use super::{Args, Ctx, Heap, Native, NativeFn, Outcome, Raise};
use crate::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::object::Exception;
use crate::object::types::TypeId;
use crate::value::{Ref, Value};

/// A type of host objects, or of a built-in type's values with methods of their own (a `Counter` is a dict).
pub struct HostType {
    /// `Feed`.
    pub name: &'static str,
    /// The module it belongs to, as `repr` shows it: `weather`. Empty for none.
    pub module: &'static str,
    /// What it is, for `help` and the documents.
    pub doc: &'static str,
    /// What it derives from.
    pub base: Base,
    /// What calling the type does.
    pub new: Option<&'static Native>,
    /// Methods, sorted by name; their owner is this type.
    pub methods: &'static [Native],
    /// Functions of the type itself, sorted by name: without an owner they take no receiver, with one they take the
    /// type they are read from.
    pub statics: &'static [Native],
    /// Computed attributes, sorted by name.
    pub attributes: &'static [Attribute],
    /// Constants of the type, sorted by name.
    pub constants: &'static [Constant],
    /// What operators and builtins do to its values.
    pub hooks: Hooks,
    /// Names of the items, of a type of tuples.
    pub fields: &'static [&'static str],
}

impl HostType {
    /// A type without anything.
    pub const fn named(name: &'static str, module: &'static str, doc: &'static str) -> HostType {
        HostType {
            name,
            module,
            doc,
            base: Base::Object,
            new: None,
            methods: &[],
            statics: &[],
            attributes: &[],
            constants: &[],
            hooks: Hooks::NONE,
            fields: &[],
        }
    }

    /// Whether this is `other` or derives from it.
    pub fn is(&'static self, other: &'static HostType) -> bool {
        let mut at = self;
        loop {
            if std::ptr::eq(at, other) {
                return true;
            }
            match at.base {
                Base::Host(base) => at = base,
                _ => return false,
            }
        }
    }

    /// This type and its host bases, nearest first.
    pub fn line(&'static self) -> impl Iterator<Item = &'static HostType> {
        std::iter::successors(Some(self), |at| match at.base {
            Base::Host(base) => Some(base),
            _ => None,
        })
    }

    /// The hook that `pick` finds, of this type or the nearest of its bases.
    #[inline]
    pub fn hook<H>(&'static self, pick: impl Fn(&'static Hooks) -> Option<H>) -> Option<H> {
        let mut at = self;
        loop {
            if let Some(hook) = pick(&at.hooks) {
                return Some(hook);
            }
            match at.base {
                Base::Host(base) => at = base,
                _ => return None,
            }
        }
    }
}

impl std::fmt::Debug for HostType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostType({}.{})", self.module, self.name)
    }
}

/// What a host type derives from.
#[derive(Clone, Copy, Debug)]
pub enum Base {
    /// Nothing in particular: its values are host objects.
    Object,
    /// A built-in type, whose values its own are: a dict or a tuple.
    Type(TypeId),
    /// Another host type.
    Host(&'static HostType),
}

/// A part of a value's text: see [`Hooks::repr`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// `str()` of a value.
    Str(Value),
    /// `repr()` of a value.
    Repr(Value),
    /// The entries of a dict, or the items of a tuple, as `repr()` of a plain one has them. Where the value itself is
    /// meant this notices when it lies in itself.
    Plain(Value),
}

/// What a comparison of two values comes to.
#[derive(Clone, Copy, Debug)]
pub enum Compared {
    /// The relation holds, or does not.
    Is(bool),
    /// As it holds between these two, which stand for the values compared.
    As(Value, Value),
    /// The type knows nothing of the other value.
    Unknown,
}

/// Computes a binary operator for either operand; `None` if it does not support the other.
pub type BinaryHook = fn(&mut Ctx<'_>, BinaryOp, Value, Value) -> Result<Option<Value>, Raise>;
/// Computes `a op= b` where that changes `a`, which is then the outcome; `None` if the operator is not in place. May ask
/// for a script.
pub type InplaceHook = fn(&mut Ctx<'_>, BinaryOp, Value, Value) -> Result<Option<Outcome>, Raise>;
/// Compares a value of the type (the first) with any other.
pub type CompareHook = fn(&mut Ctx<'_>, CompareOp, Value, Value) -> Result<Compared, Raise>;
/// The parts of a value's text. Values that it makes for them have to lie in the heap's scratch.
pub type ReprHook = fn(&mut Ctx<'_>, Value) -> Result<Vec<Piece>, Raise>;

/// What operators and builtins do to values of a host type. A [`NativeFn`] gets the receiver first and no keywords.
///
/// Hooks for equality, hash, text, length and truth answer at once; the others may ask for a script or wait.
#[derive(Clone, Copy)]
#[allow(clippy::type_complexity)] // a name for each of these would say no more than the field does
pub struct Hooks {
    /// Messages name the type with its module, as CPython does those of its types that are written in C.
    pub full_name: bool,
    /// `repr(v)`; without it `<module.Name object at 0x1>`.
    pub repr: Option<ReprHook>,
    /// What is written for a value that lies in itself, instead of `...`.
    pub inside_itself: Option<&'static str>,
    /// `str(v)`; without it as `repr`.
    pub str: Option<ReprHook>,
    /// `format(v, spec)` for a specification that is not empty.
    pub format: Option<fn(&mut Ctx<'_>, Value, &str) -> Result<String, Raise>>,
    /// `bool(v)`; without it by `len`, else true.
    pub truth: Option<fn(&Heap, Value) -> bool>,
    /// `len(v)`.
    pub len: Option<fn(&Heap, Value) -> usize>,
    /// `len(v)` of what takes work to be counted.
    pub count: Option<fn(&mut Ctx<'_>, Value) -> Result<usize, Raise>>,
    /// `== != < <= > >=`; without it by identity.
    pub compare: Option<CompareHook>,
    /// The function that compares the value with another of its type, and what it is called with; how its result compares
    /// with 0 is how they compare. For values that `sorted` and comparisons ask a script about.
    pub comparator: Option<fn(&mut Ctx<'_>, Value, Value) -> Result<[Value; 3], Raise>>,
    /// `hash(v)` and keys of tables: a plain value that stands for this one, equal wherever this one is equal.
    pub hash: Option<fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>>,
    /// Equality is not by identity and there is no hash: `unhashable type`.
    pub unhashable: bool,
    /// `a + b` and the like, for `v` on either side.
    pub binary: Option<BinaryHook>,
    /// `a += b` and the like where that changes `a`, which is then the result.
    pub inplace: Option<InplaceHook>,
    /// `-v`, `+v`, `~v`.
    pub unary: Option<fn(&mut Ctx<'_>, UnaryOp, Value) -> Result<Option<Value>, Raise>>,
    /// The number it is, for `int()`, `float()` and `round()`.
    pub number: Option<fn(&mut Ctx<'_>, Number, Value) -> Result<Option<Value>, Raise>>,
    /// `v[key]`.
    pub item: Option<NativeFn>,
    /// `v[key] = value`.
    pub set_item: Option<NativeFn>,
    /// `del v[key]`.
    pub del_item: Option<NativeFn>,
    /// The order of a dict's keys is part of what it is: iterators notice when a key moves.
    pub ordered: bool,
    /// `v[missing]` of a dict: the value for a key that is not there.
    pub missing: Option<NativeFn>,
    /// Item number `.2` of an ordered container. With it and `len` two of one kind compare as sequences do, and `match`
    /// takes one for a sequence.
    pub at: Option<fn(&Heap, Value, usize) -> Option<Value>>,
    /// A new dict of the entries of what is a mapping and no dict: for `dict(v)`, `{**v}`, `f(**v)`, `match`. It never
    /// collects.
    pub entries: Option<fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>>,
    /// How it is copied. Without it a value that can be hashed is its own copy, and another cannot be copied.
    pub copying: Option<&'static Copying>,
    /// `item in v`; gets the value and the item. Without it by iteration.
    pub contains: Option<NativeFn>,
    /// `iter(v)`: an iterator.
    pub iter: Option<NativeFn>,
    /// The next item, or `Outcome::Exhausted`. A type with this hook is an iterator.
    pub next: Option<NativeFn>,
    /// Whether `next` never asks for a script or waits, now and later. Without it, it may. An iterator that advances
    /// others itself has no such hook.
    pub ready: Option<fn(&Heap, Value) -> bool>,
    /// `reversed(v)`.
    pub reversed: Option<NativeFn>,
    /// `v(…)`; sees keywords.
    pub call: Option<NativeFn>,
    /// `with v as x`: what `x` is.
    pub enter: Option<NativeFn>,
    /// The end of a `with` block: gets the exception or None; true swallows it.
    pub exit: Option<NativeFn>,
    /// An attribute that is none of the type's own: `None` if there is no such either.
    pub attribute: Option<fn(&mut Ctx<'_>, Value, &str) -> Result<Option<Value>, Raise>>,
    /// Setting (or, with `Undef`, deleting) an attribute that is none of the type's own; false if that cannot be.
    pub set_attribute: Option<fn(&mut Ctx<'_>, Value, &str, Value) -> Result<bool, Raise>>,
}

impl Hooks {
    /// No hook at all.
    pub const NONE: Hooks = Hooks {
        full_name: false,
        repr: None,
        inside_itself: None,
        str: None,
        format: None,
        truth: None,
        len: None,
        count: None,
        compare: None,
        comparator: None,
        hash: None,
        unhashable: false,
        binary: None,
        inplace: None,
        unary: None,
        number: None,
        item: None,
        set_item: None,
        del_item: None,
        ordered: false,
        missing: None,
        at: None,
        entries: None,
        copying: None,
        contains: None,
        iter: None,
        next: None,
        ready: None,
        reversed: None,
        call: None,
        enter: None,
        exit: None,
        attribute: None,
        set_attribute: None,
    };
}

/// How values of a type are copied.
#[derive(Clone, Copy)]
pub struct Copying {
    /// A copy that shares everything with `v`, which is rooted.
    pub shallow: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>,
    /// What it holds, which a deep copy copies.
    pub parts: fn(&Heap, Value) -> Vec<Value>,
    /// A value as `v`, but holding nothing yet.
    pub empty: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>,
    /// Puts copies of the parts of `.1` into `.2`, which `empty` made of it. All are rooted.
    pub fill: fn(&mut Ctx<'_>, Value, Value, &[Value]) -> Result<(), Raise>,
}

/// Which conversion to a number is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// `int(v)`.
    Int,
    /// `float(v)`.
    Float,
    /// The int that the value is exactly, where an index or a count is wanted.
    Index,
    /// `abs(v)`.
    Abs,
    /// `round(v)`, or with a number of digits.
    Round(Option<i64>),
    /// `math.trunc(v)`.
    Trunc,
    /// `math.floor(v)`.
    Floor,
    /// `math.ceil(v)`.
    Ceil,
}

/// A computed attribute of host objects.
#[derive(Clone, Copy)]
#[allow(clippy::type_complexity)] // as for [`Hooks`]
pub struct Attribute {
    /// `station`.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its type, for the documents.
    pub ty: &'static TypeDesc,
    /// Reads it.
    pub get: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>,
    /// Assigns it.
    pub set: Option<fn(&mut Ctx<'_>, Value, Value) -> Result<(), Raise>>,
}

/// A constant of a module or type, made when it is first read.
#[derive(Clone, Copy)]
pub struct Constant {
    /// `KELVIN`.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its type, for the documents.
    pub ty: &'static TypeDesc,
    /// Makes it.
    pub make: fn(&mut Ctx<'_>) -> Result<Value, Raise>,
}

/// A type of exceptions that a module raises.
#[derive(Debug)]
pub struct HostException {
    /// `JSONDecodeError`.
    pub name: &'static str,
    /// The module that a traceback names before it: `json.decoder`. Empty for none.
    pub module: &'static str,
    /// When it is raised.
    pub doc: &'static str,
    /// What it derives from.
    pub base: ExceptionBase,
    /// A built-in exception type that it derives from as well.
    pub also: Option<TypeId>,
    /// Name of the Rust error type that becomes this one.
    pub rust_type: Option<fn() -> &'static str>,
    /// What calling the type with arguments does, where it does not just keep them as `args`; gets the type first.
    pub new: Option<ExceptionHook>,
}

impl HostException {
    /// A type of exceptions that keep their arguments as `args`.
    pub const fn named(
        name: &'static str,
        module: &'static str,
        doc: &'static str,
        base: ExceptionBase,
    ) -> HostException {
        HostException { name, module, doc, base, also: None, rust_type: None, new: None }
    }
}

/// Makes an exception of a type from the arguments of a call of it.
pub type ExceptionHook = fn(&mut Ctx<'_>, Value, Args<'_>) -> Result<Ref<Exception>, Raise>;

/// What a [`HostException`] derives from.
#[derive(Clone, Copy, Debug)]
pub enum ExceptionBase {
    /// A built-in exception type.
    Type(TypeId),
    /// Another of a module's.
    Host(&'static HostException),
}

/// Which names a module gives its functions, and how they fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// `snake_case` raises, `PascalCase` returns `(value, err)`.
    Go,
    /// Python's names, which raise.
    Python,
}

/// A module as a host gives it.
pub struct HostModule {
    /// The path that scripts require: `net/http`.
    pub path: &'static str,
    /// What it is for; the first line is its summary.
    pub doc: &'static str,
    /// Which names its functions have.
    pub family: Family,
    /// Functions under every name they have, sorted by name.
    pub functions: &'static [Native],
    /// Types that scripts can name.
    pub types: &'static [&'static HostType],
    /// Exception types.
    pub exceptions: &'static [&'static HostException],
    /// Constants, sorted by name.
    pub constants: &'static [Constant],
    /// Modules within it, as attributes.
    pub submodules: &'static [&'static HostModule],
    /// Other names of what it has: (name, what it means).
    pub aliases: &'static [(&'static str, &'static str)],
}

impl HostModule {
    /// A module without anything.
    pub const fn named(path: &'static str, doc: &'static str, family: Family) -> HostModule {
        HostModule {
            path,
            doc,
            family,
            functions: &[],
            types: &[],
            exceptions: &[],
            constants: &[],
            submodules: &[],
            aliases: &[],
        }
    }

    /// The last part of its path: what `import` binds.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

impl std::fmt::Debug for HostModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostModule({})", self.path)
    }
}

/// What a function takes and gives, for help, documents, stubs and schemas.
#[derive(Debug)]
pub struct Signature {
    /// Its parameters in order, the receiver left out.
    pub params: &'static [Param],
    /// What it returns; under a Go name that can fail, the first of the pair.
    pub returns: &'static TypeDesc,
    /// It can fail.
    pub fails: bool,
    /// It may wait.
    pub waits: bool,
    /// This name of it returns `(value, err)`.
    pub pair: bool,
    /// The capability it needs.
    pub capability: Option<&'static str>,
    /// What it does outside the isolate.
    pub effect: Effect,
}

impl Signature {
    /// A function of no arguments that returns anything and has no effect.
    pub const NONE: Signature = Signature {
        params: &[],
        returns: &TypeDesc::Any,
        fails: false,
        waits: false,
        pair: false,
        capability: None,
        effect: Effect::Pure,
    };
}

/// What a host function does outside the isolate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Nothing: the same arguments give the same result.
    Pure,
    /// It looks at something.
    Read,
    /// It changes something.
    Write,
}

/// A parameter of a host function.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub ty: &'static TypeDesc,
    /// How it is given.
    pub kind: ParamKind,
    /// What it is when left out, as a script would write it.
    pub default: Option<&'static str>,
}

/// How an argument is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    /// By position only.
    Positional,
    /// By position or by name.
    Either,
    /// By name only.
    Keyword,
    /// `*args`.
    Args,
    /// `**kwargs`.
    Kwargs,
}

/// A type as documents, stubs and schemas name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // named as the types they stand for
pub enum TypeDesc {
    Any,
    None,
    Bool,
    /// Least and greatest value, where it is not any int.
    Int(Option<(i64, u64)>),
    Float,
    Str,
    /// A str of one code point.
    Char,
    Bytes,
    Duration,
    List(&'static TypeDesc),
    /// So many of them.
    Array(&'static TypeDesc, usize),
    Tuple(&'static [&'static TypeDesc]),
    Dict(&'static TypeDesc, &'static TypeDesc),
    Set(&'static TypeDesc),
    Optional(&'static TypeDesc),
    /// One of these.
    Union(&'static [&'static TypeDesc]),
    Callable,
    /// Something to iterate over.
    Iterator(&'static TypeDesc),
    /// A host type or named constructor.
    Object(&'static str),
    /// A struct or dict with these fields.
    Record(&'static str, &'static [Field]),
    /// One of these texts.
    Choice(&'static str, &'static [&'static str]),
}

/// A field of a [`TypeDesc::Record`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name in scripts.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static TypeDesc,
    /// It may be left out.
    pub optional: bool,
    /// What it is.
    pub doc: &'static str,
}

/// The modules of an engine, by path. Being here grants nothing.
#[derive(Clone, Default, Debug)]
pub struct Registry {
    /// Sorted by path.
    modules: Vec<&'static HostModule>,
}

impl Registry {
    /// Adds a module and those within it. False, with nothing changed, if another has its path.
    pub fn add(&mut self, module: &'static HostModule) -> bool {
        match self.modules.binary_search_by(|known| known.path.cmp(module.path)) {
            Ok(at) => return std::ptr::eq(self.modules[at], module),
            Err(at) => self.modules.insert(at, module),
        }
        module.submodules.iter().all(|module| self.add(module))
    }

    /// The module of this path.
    pub fn find(&self, path: &str) -> Option<&'static HostModule> {
        let at = self.modules.binary_search_by(|known| known.path.cmp(path)).ok()?;
        Some(self.modules[at])
    }

    /// All modules, by path.
    pub fn modules(&self) -> impl Iterator<Item = &'static HostModule> + '_ {
        self.modules.iter().copied()
    }
}
