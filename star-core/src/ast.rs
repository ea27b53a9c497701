//! The syntax tree of one piece of source.
//!
//! In: nothing; the parser fills it. Out: [`Ast`], read by resolve and the compiler. Rule: everything lies in
//! flat arenas and is named by `u32` ids, so a tree of any shape is dropped without recursion. Statements are one
//! flat list in source order in which a block is opened by its header and closed by [`StmtKind::End`]; chains of
//! operators, clauses and targets are lists. So only brackets nest, and the parser bounds those.
//!
//! ```text
//! if a:            0  If(a)
//!     b            1  Expr(b)
//! elif c:          2  Elif(c)
//!     pass         3  Pass
//! else:            4  Else
//!     d = 1        5  Assign
//!                  6  End            closes the If
//! ```

#![allow(missing_docs)] // the source text on each variant names its fields

use std::marker::PhantomData;
use std::ops::{Index, Range};
use std::sync::Arc;

use num_bigint::BigInt;

use crate::intern::Symbol;
use crate::source::SourceText;
use crate::span::Span;

/// Index of an item of type `T` in its arena.
pub struct Id<T>(u32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id of arena index `index`.
    pub fn new(index: usize) -> Id<T> {
        Id(index as u32, PhantomData)
    }

    /// Its arena index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Id<T> {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Id<T>) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A run of items that lie next to each other in their arena.
pub struct List<T> {
    start: u32,
    len: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The items at `range` of the arena.
    pub fn new(range: Range<usize>) -> List<T> {
        List { start: range.start as u32, len: (range.end - range.start) as u32, of: PhantomData }
    }

    /// The empty list.
    pub fn empty() -> List<T> {
        List { start: 0, len: 0, of: PhantomData }
    }

    /// Number of items.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether it has no items.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Arena indices of the items.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> List<T> {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> std::fmt::Debug for List<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}+{}", self.start, self.len)
    }
}

/// Names an expression.
pub type ExprId = Id<Expr>;
/// Names a function, lambda or generator expression.
pub type FuncId = Id<Func>;
/// Names a pattern.
pub type PatternId = Id<Pattern>;

/// The tree of one piece: a complete top-level statement (or line of simple statements), or, when blocks run
/// eagerly, one line of a block that is still open.
#[derive(Debug)]
pub struct Ast {
    /// The text that every span in here refers to.
    pub source: Arc<SourceText>,
    /// Statements in source order; see the module's picture.
    pub stmts: Vec<Stmt>,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Functions, lambdas and generator expressions.
    pub funcs: Vec<Func>,
    /// Patterns of `case`.
    pub patterns: Vec<Pattern>,
    /// Backing of every `List<ExprId>`.
    pub expr_lists: Vec<ExprId>,
    /// Backing of every `List<PatternId>`.
    pub pattern_lists: Vec<PatternId>,
    /// Backing of `List<Arg>`.
    pub args: Vec<Arg>,
    /// Backing of `List<Param>`.
    pub params: Vec<Param>,
    /// Backing of `List<CompClause>`.
    pub clauses: Vec<CompClause>,
    /// Backing of `List<CompareItem>`.
    pub compares: Vec<CompareItem>,
    /// Backing of `List<UnaryOp>`.
    pub unary_ops: Vec<UnaryOp>,
    /// Backing of `List<DictItem>`.
    pub dict_items: Vec<DictItem>,
    /// Backing of `List<FStringPart>`.
    pub fstring_parts: Vec<FStringPart>,
    /// Backing of `List<Name>`.
    pub names: Vec<Name>,
    /// Backing of `List<WithItem>`.
    pub with_items: Vec<WithItem>,
    /// Backing of `List<ImportItem>`.
    pub imports: Vec<ImportItem>,
    /// Backing of `List<MappingItem>`.
    pub mapping_items: Vec<MappingItem>,
    /// String literals, decoded.
    pub strings: Vec<Arc<str>>,
    /// Bytes literals, decoded.
    pub bytes: Vec<Arc<[u8]>>,
    /// Integer literals beyond `i64`.
    pub big_ints: Vec<Arc<BigInt>>,
}

macro_rules! arenas {
    ($($field:ident: $item:ty),* $(,)?) => {$(
        impl Index<Id<$item>> for Ast {
            type Output = $item;
            fn index(&self, id: Id<$item>) -> &$item {
                &self.$field[id.index()]
            }
        }
        impl Index<List<$item>> for Ast {
            type Output = [$item];
            fn index(&self, list: List<$item>) -> &[$item] {
                &self.$field[list.range()]
            }
        }
    )*};
}

arenas! {
    stmts: Stmt, exprs: Expr, funcs: Func, patterns: Pattern, args: Arg, params: Param, clauses: CompClause,
    compares: CompareItem, unary_ops: UnaryOp, dict_items: DictItem, fstring_parts: FStringPart, names: Name,
    with_items: WithItem, imports: ImportItem, mapping_items: MappingItem,
}

impl Index<List<ExprId>> for Ast {
    type Output = [ExprId];
    fn index(&self, list: List<ExprId>) -> &[ExprId] {
        &self.expr_lists[list.range()]
    }
}

impl Index<List<PatternId>> for Ast {
    type Output = [PatternId];
    fn index(&self, list: List<PatternId>) -> &[PatternId] {
        &self.pattern_lists[list.range()]
    }
}

impl Ast {
    /// An empty tree over `source`.
    pub fn new(source: Arc<SourceText>) -> Ast {
        Ast {
            source,
            stmts: Vec::new(),
            exprs: Vec::new(),
            funcs: Vec::new(),
            patterns: Vec::new(),
            expr_lists: Vec::new(),
            pattern_lists: Vec::new(),
            args: Vec::new(),
            params: Vec::new(),
            clauses: Vec::new(),
            compares: Vec::new(),
            unary_ops: Vec::new(),
            dict_items: Vec::new(),
            fstring_parts: Vec::new(),
            names: Vec::new(),
            with_items: Vec::new(),
            imports: Vec::new(),
            mapping_items: Vec::new(),
            strings: Vec::new(),
            bytes: Vec::new(),
            big_ints: Vec::new(),
        }
    }
}

/// A name and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Which name.
    pub symbol: Symbol,
    /// Where.
    pub span: Span,
}

/// A statement, or the edge of a block.
#[derive(Clone, Copy, Debug)]
pub struct Stmt {
    /// Which, with its parts.
    pub kind: StmtKind,
    /// A simple statement's text, or a block header's up to its `:`. For `End`, the last byte of the block.
    pub span: Span,
}

/// What a statement is. Blocks open with `If For While Try With Match Def`, go on with their clauses and close
/// with `End`.
#[derive(Clone, Copy, Debug)]
pub enum StmtKind {
    /// An expression whose value is dropped (or shown, by a prompt).
    Expr(ExprId),
    /// `t1 = t2 = value`; targets in source order. A target is a Name, Attribute, Subscript, Starred, Tuple or
    /// List expression.
    Assign { targets: List<ExprId>, value: ExprId },
    /// `target op= value`.
    AugAssign { target: ExprId, op: BinaryOp, value: ExprId },
    /// `target: annotation [= value]`. The annotation is kept for tools, never evaluated.
    AnnAssign { target: ExprId, annotation: ExprId, value: Option<ExprId> },
    /// `return [value]`.
    Return(Option<ExprId>),
    /// `raise [exc [from cause]]`.
    Raise { exc: Option<ExprId>, cause: Option<ExprId> },
    /// `assert test [, message]`.
    Assert { test: ExprId, message: Option<ExprId> },
    /// `del t1, t2`.
    Del(List<ExprId>),
    /// `pass`.
    Pass,
    /// `break`, checked by the parser to stand in a loop of the same function.
    Break,
    /// `continue`, likewise.
    Continue,
    /// `global a, b`.
    Global(List<Name>),
    /// `nonlocal a, b`.
    Nonlocal(List<Name>),
    /// `import a.b as c, d`.
    Import(List<ImportItem>),
    /// `from module import a as b, c`; `module` indexes `Ast::strings`, with `/` between its parts.
    FromImport { module: u32, items: List<ImportItem> },
    /// `if test:`.
    If(ExprId),
    /// `elif test:`.
    Elif(ExprId),
    /// `else:` of an `if`, a loop or a `try`.
    Else,
    /// `for target in iter:`.
    For { target: ExprId, iter: ExprId },
    /// `while test:`.
    While(ExprId),
    /// `try:`.
    Try,
    /// `except [type [as name]]:`.
    Except { exc: Option<ExprId>, name: Option<Name> },
    /// `finally:`.
    Finally,
    /// `with item, item:`.
    With(List<WithItem>),
    /// `match subject:`.
    Match(ExprId),
    /// `case pattern [if guard]:`.
    Case { pattern: PatternId, guard: Option<ExprId> },
    /// `def …:` up to its `End`; the function's body lies between.
    Def(FuncId),
    /// Closes the innermost open block.
    End,
}

/// An expression and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Expr {
    /// Which, with its parts.
    pub kind: ExprKind,
    /// Its text, without enclosing parentheses.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Copy, Debug)]
pub enum ExprKind {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// An integer literal that fits.
    Int(i64),
    /// One that does not: index into `Ast::big_ints`.
    BigInt(u32),
    /// A float literal.
    Float(f64),
    /// A string literal, adjacent ones joined: index into `Ast::strings`.
    Str(u32),
    /// A bytes literal: index into `Ast::bytes`.
    Bytes(u32),
    /// An f-string (adjacent literals joined into it).
    FString(List<FStringPart>),
    /// A name, read (or bound, where the expression is a target).
    Name(Symbol),
    /// `(a, *b)`, `a, b` or `()`.
    Tuple(List<ExprId>),
    /// `[a, *b]`.
    List(List<ExprId>),
    /// `{a, *b}`.
    Set(List<ExprId>),
    /// `{k: v, **m}`.
    Dict(List<DictItem>),
    /// `*value` inside a display, a call, a subscript or a target.
    Starred(ExprId),
    /// `- not ~ x`: the operators from left to right, so the last one is applied first.
    Unary { ops: List<UnaryOp>, operand: ExprId },
    /// `left op right`; chains nest to the left only. `**` is `Power`.
    Binary { op: BinaryOp, left: ExprId, right: ExprId },
    /// `a ** b ** c`, which means `a ** (b ** c)`.
    Power(List<ExprId>),
    /// `a and b and c`.
    And(List<ExprId>),
    /// `a or b or c`.
    Or(List<ExprId>),
    /// `first < b <= c`.
    Compare { first: ExprId, rest: List<CompareItem> },
    /// `a if p else b if q else c` as `[a, p, b, q, c]`.
    Conditional(List<ExprId>),
    /// `lambda params: body`.
    Lambda(FuncId),
    /// `name := value`.
    Walrus { name: Name, value: ExprId },
    /// `yield [value]`.
    Yield(Option<ExprId>),
    /// `yield from value`.
    YieldFrom(ExprId),
    /// `value.name`; the name's own span is `name.span`, an index into `Ast::names` keeps this small.
    Attribute { value: ExprId, name: Id<Name> },
    /// `value[index]`; several indices are a Tuple.
    Subscript { value: ExprId, index: ExprId },
    /// `lower:upper:step` inside a subscript.
    Slice { lower: Option<ExprId>, upper: Option<ExprId>, step: Option<ExprId> },
    /// `func(args)`.
    Call { func: ExprId, args: List<Arg> },
    /// `[element for …]`.
    ListComp { element: ExprId, clauses: List<CompClause> },
    /// `{element for …}`.
    SetComp { element: ExprId, clauses: List<CompClause> },
    /// `{key: value for …}`.
    DictComp { key: ExprId, value: ExprId, clauses: List<CompClause> },
    /// `(element for …)`: a function (kind `Generator`) whose one parameter is the iterator of the first clause.
    Generator(FuncId),
}

/// An operator before its operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`.
    Neg,
    /// `+`.
    Pos,
    /// `~`.
    Invert,
    /// `not`.
    Not,
}

/// An operator between two operands, also of `op=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `**`; in an expression it is `ExprKind::Power`.
    Pow,
    /// `@`, which no type of star supports: a TypeError at run time, as in CPython.
    MatMul,
    /// `<<`.
    Shl,
    /// `>>`.
    Shr,
    /// `&`.
    And,
    /// `|`.
    Or,
    /// `^`.
    Xor,
}

impl BinaryOp {
    /// The operator as written.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "**",
            BinaryOp::MatMul => "@",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
        }
    }
}

/// A comparison operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
    /// `is`.
    Is,
    /// `is not`.
    IsNot,
}

/// `op right` of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct CompareItem {
    /// The operator.
    pub op: CompareOp,
    /// What it compares with.
    pub right: ExprId,
}

/// An argument of a call, in source order.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    /// `value`.
    Positional(ExprId),
    /// `*value`.
    Star(ExprId),
    /// `name=value`; the parser has rejected repeated names.
    Keyword { name: Name, value: ExprId },
    /// `**value`.
    DoubleStar(ExprId),
}

/// An entry of a dict display.
#[derive(Clone, Copy, Debug)]
pub enum DictItem {
    /// `key: value`.
    Pair(ExprId, ExprId),
    /// `**value`.
    DoubleStar(ExprId),
}

/// A part of an f-string.
#[derive(Clone, Copy, Debug)]
pub enum FStringPart {
    /// Text: index into `Ast::strings`. `{x=}` yields the text `x=` first.
    Text(u32),
    /// `{value!r:spec}`.
    Field {
        /// What is formatted.
        value: ExprId,
        /// `!s`, `!r`, `!a` or none. `{x=}` without spec or conversion has `Repr`.
        conversion: Conversion,
        /// The format spec, which may hold fields of its own.
        spec: Option<List<FStringPart>>,
        /// From its `{` to its `}`.
        span: Span,
    },
}

/// How an f-string field is turned into a string before it is formatted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    /// Not at all.
    None,
    /// `!s`.
    Str,
    /// `!r`.
    Repr,
    /// `!a`.
    Ascii,
}

/// A clause of a comprehension, from left to right; the first is a `For`.
#[derive(Clone, Copy, Debug)]
pub enum CompClause {
    /// `for target in iter`.
    For { target: ExprId, iter: ExprId },
    /// `if test`.
    If(ExprId),
}

/// `context [as target]`.
#[derive(Clone, Copy, Debug)]
pub struct WithItem {
    /// The context manager.
    pub context: ExprId,
    /// What its value is assigned to.
    pub target: Option<ExprId>,
}

/// One name of an import statement.
#[derive(Clone, Copy, Debug)]
pub struct ImportItem {
    /// For `import a.b`: the path `a/b` as an index into `Ast::strings`. For `from m import a`: `a`.
    pub path: u32,
    /// The name that is bound: what follows `as`, else the first part of the path.
    pub binding: Name,
    /// Whether `as` was written; without it `import a.b` binds `a`.
    pub renamed: bool,
}

/// A function, lambda or generator expression.
#[derive(Clone, Copy, Debug)]
pub struct Func {
    /// What it was written as, and its body.
    pub kind: FuncKind,
    /// Its name; `<lambda>` and `<genexpr>` for the others. The span is the name's, or the whole expression's.
    pub name: Name,
    /// Parameters in source order.
    pub params: List<Param>,
    /// Decorator expressions, outermost (first written) first.
    pub decorators: List<ExprId>,
    /// The return annotation, kept for tools.
    pub returns: Option<ExprId>,
    /// Whether its own body contains `yield`.
    pub is_generator: bool,
    /// The docstring, if the body starts with a plain string: index into `Ast::strings`.
    pub doc: Option<u32>,
    /// From `def` (or the first decorator) to the end of the body.
    pub span: Span,
}

/// The body of a function.
#[derive(Clone, Copy, Debug)]
pub enum FuncKind {
    /// Statements `body.0 .. body.1` of `Ast::stmts`, its own `End` not included.
    Def { body: (u32, u32) },
    /// One expression.
    Lambda { body: ExprId },
    /// `element` for each round of `clauses`, whose first iterable is evaluated outside.
    Generator { element: ExprId, clauses: List<CompClause> },
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// How arguments reach it.
    pub kind: ParamKind,
    /// The default, evaluated where the function is defined.
    pub default: Option<ExprId>,
    /// Kept for tools.
    pub annotation: Option<ExprId>,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    /// Before `/`.
    PositionalOnly,
    /// By position or name.
    Normal,
    /// `*args`.
    VarArgs,
    /// After `*` or `*args`.
    KeywordOnly,
    /// `**kwargs`.
    KwArgs,
}

/// A pattern and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Which, with its parts.
    pub kind: PatternKind,
    /// Its text.
    pub span: Span,
}

/// What a pattern is.
#[derive(Clone, Copy, Debug)]
pub enum PatternKind {
    /// `_`.
    Wildcard,
    /// A name that is bound to the subject.
    Capture(Symbol),
    /// A number, string or bytes literal, compared with `==`.
    Literal(ExprId),
    /// `None`, `True` or `False`, compared with `is`.
    Singleton(ExprId),
    /// A dotted name, compared with `==`.
    Value(ExprId),
    /// `[a, *rest, b]` or `(a, b)`: at most one item is `Star`.
    Sequence(List<PatternId>),
    /// `*name` or `*_` inside a sequence.
    Star(Option<Name>),
    /// `{key: pattern, **rest}`.
    Mapping { items: List<MappingItem>, rest: Option<Id<Name>> },
    /// `Callee(p, p, name=p)`: positional patterns, then `keywords` names and their patterns in parallel.
    Class { callee: ExprId, positional: List<PatternId>, keywords: List<Name>, values: List<PatternId> },
    /// `a | b`.
    Or(List<PatternId>),
    /// `pattern as name`.
    As { pattern: PatternId, name: Name },
}

/// `key: pattern` of a mapping pattern.
#[derive(Clone, Copy, Debug)]
pub struct MappingItem {
    /// A literal or dotted name.
    pub key: ExprId,
    /// What its value must match.
    pub pattern: PatternId,
}
