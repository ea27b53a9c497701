//! Compiled code.
//!
//! In: nothing; the compiler fills it. Out: [`Code`], immutable and shared between isolates, and [`Segment`], a
//! piece of top-level code to append to a module's queue. Rule: plain data only. Constants are not values, names
//! are text, functions are indices; what belongs to one isolate (constants as values, caches) lives in the
//! instance that the VM makes of a `Code`.
//!
//! # Registers
//!
//! A frame sees a window of 256 registers. Parameters come first, then the other locals that fit, then the
//! registers that open blocks hold, then temporaries. Locals beyond [`LOCAL_REGISTERS`] live in the frame's spill
//! list. The VM sets the registers from the last parameter up to `Code::locals` to "unbound" when a frame starts;
//! temporaries start with anything.
//!
//! # Calls
//!
//! The callee lies in register `base`, its arguments in `base + 1 ..`. The window of the called frame starts at
//! `base + 1`, so arguments are already in place.
//!
//! # Jumps
//!
//! `to` is relative to the *next* instruction: the target is `pc + 1 + to`. In an eager segment a target outside
//! the segment is a label: `pc + 1 + to == FAR + label`. A label is bound by the segment that contains it
//! (`Segment::labels`); a jump to one that is not bound yet parks the fiber.
//!
//! # Steps
//!
//! One instruction is one step, fused or not.

#![allow(missing_docs)] // the picture of each instruction names its operands

use std::sync::Arc;

use num_bigint::BigInt;

use crate::ast::{BinaryOp, CompareOp};
use crate::source::SourceText;
use crate::span::Span;

/// A register of the current window.
pub type Reg = u8;

/// At most this many locals (parameters included) live in registers; the rest are spilled.
pub const LOCAL_REGISTERS: usize = 150;

/// Jump targets from here on are labels of an eager segment, see the module's notes.
pub const FAR: u32 = 0x4000_0000;

/// An instruction: 8 bytes.
///
/// Notation: `d` is the destination register, `a b c` operands; `R[x]` is a register, `K[k]` a constant,
/// `N[name]` an attribute name. "→ to" jumps. Every operand register holds a value, never "unbound", except where
/// said.
#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(u8)]
pub enum Op {
    // ---- loads and stores -------------------------------------------------------------------
    /// `R[d] = R[a]`
    Move { d: Reg, a: Reg },
    /// `R[d] = K[k]`
    LoadConst { d: Reg, k: u32 },
    /// `R[d] = value`
    LoadInt { d: Reg, value: i32 },
    /// `R[d] = None`
    LoadNone { d: Reg },
    /// `R[d] = True or False`
    LoadBool { d: Reg, value: bool },
    /// `R[d] = unbound`
    LoadUndef { d: Reg },
    /// Raises UnboundLocalError if local `R[a]` is unbound. Emitted unless assignment is certain.
    CheckBound { a: Reg },
    /// `del` of local `R[a]`: raises UnboundLocalError if it is unbound.
    DelLocal { a: Reg },
    /// `R[d] = spill[i]`, where `R[s]` is the frame's spill list; raises if it is unbound.
    LoadSpill { d: Reg, s: Reg, i: u32 },
    /// `spill[i] = R[a]`
    StoreSpill { a: Reg, s: Reg, i: u32 },
    /// `del spill[i]`: raises if it is unbound.
    DelSpill { s: Reg, i: u32 },
    /// `R[d] =` a new spill list of `count` unbound places. In a function of more than [`LOCAL_REGISTERS`] parameters
    /// `R[0]` is the spill list already (see [`Params`]): there `d` is 0 and the list grows to `count` places.
    NewSpill { d: Reg, count: u32 },
    /// `spill[i ..] = R[a .. a+count]`: makes room for temporaries in an expression nested very deeply.
    SaveTemps { a: Reg, count: u8, s: Reg, i: u32 },
    /// `R[a .. a+count] = spill[i ..]`
    RestoreTemps { a: Reg, count: u8, s: Reg, i: u32 },
    /// `R[d] = globals[slot]`, else the builtin of that name, else NameError.
    LoadGlobal { d: Reg, slot: u32 },
    /// `globals[slot] = R[a]`
    StoreGlobal { a: Reg, slot: u32 },
    /// `del globals[slot]`: NameError if it is not bound; a builtin of that name shows again.
    DelGlobal { slot: u32 },
    /// `R[c] =` a new cell that holds what `R[c]` held (a parameter, or unbound).
    MakeCell { c: Reg },
    /// `R[d] =` content of cell `R[c]`; raises if unbound.
    LoadCell { d: Reg, c: Reg },
    /// cell `R[c] = R[a]`
    StoreCell { c: Reg, a: Reg },
    /// cell `R[c]` becomes unbound; raises if it is.
    DelCell { c: Reg },
    /// `R[d] =` content of captured cell `i`; raises if unbound.
    LoadFree { d: Reg, i: u32 },
    /// captured cell `i = R[a]`
    StoreFree { a: Reg, i: u32 },
    /// captured cell `i` becomes unbound; raises if it is.
    DelFree { i: u32 },

    // ---- arithmetic -------------------------------------------------------------------------
    // An instruction listed in `Code::inplace` is the `op=` form: it changes a list, set or dict in place and is
    // named `+=` in messages.
    /// `R[d] = R[a] + R[b]`
    Add { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] - R[b]`
    Sub { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] * R[b]`
    Mul { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] / R[b]`
    Div { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] // R[b]`
    FloorDiv { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] % R[b]`
    Mod { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] & R[b]`
    BitAnd { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] op R[b]` for the operators without an instruction of their own.
    Binary { op: BinaryOp, d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a] + value`
    AddInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] - value`
    SubInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] * value`
    MulInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] // value`
    FloorDivInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] % value`
    ModInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] & value`
    AndInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] << value`
    ShlInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a] >> value`
    ShrInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = -R[a]`
    Neg { d: Reg, a: Reg },
    /// `R[d] = +R[a]`
    Pos { d: Reg, a: Reg },
    /// `R[d] = ~R[a]`
    Invert { d: Reg, a: Reg },
    /// `R[d] = not R[a]`
    Not { d: Reg, a: Reg },
    /// `R[d] = R[a] op R[b]`
    Compare { op: CompareOp, d: Reg, a: Reg, b: Reg },

    // ---- jumps ------------------------------------------------------------------------------
    /// → to
    Jump { to: i32 },
    /// if `R[a]` is true → to
    JumpIfTrue { a: Reg, to: i32 },
    /// if `R[a]` is false → to
    JumpIfFalse { a: Reg, to: i32 },
    /// if `R[a] is None` → to
    JumpIfNone { a: Reg, to: i32 },
    /// if `R[a] is not None` → to
    JumpIfNotNone { a: Reg, to: i32 },
    /// if `R[a] == R[b]` → to
    JumpIfEq { a: Reg, b: Reg, to: i32 },
    /// if `R[a] != R[b]` → to
    JumpIfNe { a: Reg, b: Reg, to: i32 },
    /// if `R[a] < R[b]` → to
    JumpIfLt { a: Reg, b: Reg, to: i32 },
    /// if `R[a] <= R[b]` → to
    JumpIfLe { a: Reg, b: Reg, to: i32 },
    /// if `R[a] > R[b]` → to
    JumpIfGt { a: Reg, b: Reg, to: i32 },
    /// if `R[a] >= R[b]` → to
    JumpIfGe { a: Reg, b: Reg, to: i32 },
    /// unless `R[a] < R[b]` → to (not the same as `>=`: NaN)
    JumpUnlessLt { a: Reg, b: Reg, to: i32 },
    /// unless `R[a] <= R[b]` → to
    JumpUnlessLe { a: Reg, b: Reg, to: i32 },
    /// unless `R[a] > R[b]` → to
    JumpUnlessGt { a: Reg, b: Reg, to: i32 },
    /// unless `R[a] >= R[b]` → to
    JumpUnlessGe { a: Reg, b: Reg, to: i32 },
    /// if `R[a] == value` → to
    JumpIfEqInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] != value` → to
    JumpIfNeInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] < value` → to
    JumpIfLtInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] <= value` → to
    JumpIfLeInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] > value` → to
    JumpIfGtInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] >= value` → to
    JumpIfGeInt { a: Reg, value: i16, to: i32 },
    /// unless `R[a] < value` → to
    JumpUnlessLtInt { a: Reg, value: i16, to: i32 },
    /// unless `R[a] <= value` → to
    JumpUnlessLeInt { a: Reg, value: i16, to: i32 },
    /// unless `R[a] > value` → to
    JumpUnlessGtInt { a: Reg, value: i16, to: i32 },
    /// unless `R[a] >= value` → to
    JumpUnlessGeInt { a: Reg, value: i16, to: i32 },
    /// if `R[a] == K[k]` → to
    JumpIfEqConst { a: Reg, k: u16, to: i32 },
    /// if `R[a] != K[k]` → to
    JumpIfNeConst { a: Reg, k: u16, to: i32 },
    /// if `R[a] in R[b]` → to
    JumpIfIn { a: Reg, b: Reg, to: i32 },
    /// if `R[a] not in R[b]` → to
    JumpIfNotIn { a: Reg, b: Reg, to: i32 },
    /// if `R[a]` is unbound → to. `R[a]` may be unbound (a key or attribute that a pattern did not find).
    JumpIfUndef { a: Reg, to: i32 },

    // ---- iteration and unpacking ------------------------------------------------------------
    /// Starts a loop: `R[d], R[d+1], R[d+2]` become the state of `iter(R[a])`. `a` may equal `d`.
    GetIter { d: Reg, a: Reg },
    /// Next item of the state at `R[r]` into `R[d]`; at its end → to
    ForIter { r: Reg, d: Reg, to: i32 },
    /// The same for a target of two names: unpacks the item into `R[a]` and `R[b]`; at its end → to
    ForIter2 { r: Reg, a: Reg, b: Reg, to: i32 },
    /// `ForIter` at the bottom of a loop: next item of the state at `R[r]` into `R[d]` → to; at its end goes on
    ForNext { r: Reg, d: Reg, to: i32 },
    /// `ForIter2` at the bottom of a loop: unpacks the next item into `R[a]` and `R[b]` → to; at its end goes on
    ForNext2 { r: Reg, a: Reg, b: Reg, to: i32 },
    /// `R[d] = iter(R[a])` as an ordinary value: the argument of a generator expression.
    IterValue { d: Reg, a: Reg },
    /// `R[d], R[e] = R[a]`
    Unpack2 { a: Reg, d: Reg, e: Reg },
    /// `R[d .. d+count] = R[a]`
    Unpack { a: Reg, d: Reg, count: u8 },
    /// `R[d .. d+before], R[d+before] (a list), R[.. +after] = R[a]`
    UnpackStar { a: Reg, d: Reg, before: u8, after: u8 },
    /// `R[d] =` the items of `R[a]` as a list, after checking that there are exactly `count`.
    UnpackList { d: Reg, a: Reg, count: u32 },
    /// `R[d] =` the items of `R[a]` as a list whose item number `before` is the list of those that the star takes;
    /// `K[k]` is the tuple `(before, after)`.
    UnpackStarList { d: Reg, a: Reg, k: u32 },
    /// `R[d] =` item `i` of list `R[a]` (made by one of the two above).
    ListItem { d: Reg, a: Reg, i: u32 },

    // ---- attributes and items ---------------------------------------------------------------
    /// `R[d] = R[a].N[name]`
    GetAttr { d: Reg, a: Reg, name: u16, cache: u16 },
    /// `R[a].N[name] = R[b]`
    SetAttr { a: Reg, b: Reg, name: u16, cache: u16 },
    /// `R[d] = R[a].N[name]` for names beyond 65,535.
    GetAttrWide { d: Reg, a: Reg, name: u32 },
    /// `R[a].N[name] = R[b]` for names beyond 65,535.
    SetAttrWide { a: Reg, b: Reg, name: u32 },
    /// `del R[a].N[name]`
    DelAttr { a: Reg, name: u32 },
    /// `R[d] = R[a][R[b]]`
    GetIndex { d: Reg, a: Reg, b: Reg },
    /// `R[d] = R[a][value]`
    GetIndexInt { d: Reg, a: Reg, value: i16 },
    /// `R[d] = R[a][K[k]]`
    GetIndexConst { d: Reg, a: Reg, k: u16 },
    /// `R[a][R[b]] = R[c]`
    SetIndex { a: Reg, b: Reg, c: Reg },
    /// `R[a][K[k]] = R[c]`
    SetIndexConst { a: Reg, c: Reg, k: u16 },
    /// `del R[a][R[b]]`
    DelIndex { a: Reg, b: Reg },
    /// `R[d] = R[a][R[b] : R[b+1] : R[b+2]]`, None where left out.
    GetSlice { d: Reg, a: Reg, b: Reg },
    /// `R[a][R[b] : R[b+1] : R[b+2]] = R[c]`
    SetSlice { a: Reg, b: Reg, c: Reg },
    /// `del R[a][R[b] : R[b+1] : R[b+2]]`
    DelSlice { a: Reg, b: Reg },
    /// `R[d] = slice(R[b], R[b+1], R[b+2])`
    BuildSlice { d: Reg, b: Reg },

    // ---- displays ---------------------------------------------------------------------------
    /// `R[d] = (R[b], …)`, `count` items.
    BuildTuple { d: Reg, b: Reg, count: u8 },
    /// `R[d] = [R[b], …]`
    BuildList { d: Reg, b: Reg, count: u8 },
    /// `R[d] = {R[b], …}`
    BuildSet { d: Reg, b: Reg, count: u8 },
    /// `R[d] = {R[b]: R[b+1], …}`, `count` pairs.
    BuildDict { d: Reg, b: Reg, count: u8 },
    /// appends `R[b], …` to list `R[a]`
    ListPush { a: Reg, b: Reg, count: u8 },
    /// appends `R[b]` to list `R[a]` (a comprehension's element)
    ListAppend { a: Reg, b: Reg },
    /// appends the items of iterable `R[b]` to list `R[a]` (`*b` in a display or call)
    ListExtend { a: Reg, b: Reg },
    /// adds `R[b]` to set `R[a]`
    SetAdd { a: Reg, b: Reg },
    /// adds the items of iterable `R[b]` to set `R[a]`
    SetExtend { a: Reg, b: Reg },
    /// `R[a][R[b]] = R[c]` for dict `R[a]`
    DictPut { a: Reg, b: Reg, c: Reg },
    /// `{**R[b]}` into dict `R[a]`: later keys win
    DictMerge { a: Reg, b: Reg },
    /// `**R[b]` of a call into dict `R[a]`: a key that is there is a TypeError naming function `R[f]`
    KwargsMerge { a: Reg, b: Reg, f: Reg },
    /// `R[d] = tuple(R[a])` of list `R[a]`, which is not used again
    ListToTuple { d: Reg, a: Reg },
    /// `R[d] =` `R[a]` formatted without a spec, after conversion `conversion` (0 none, 1 str, 2 repr, 3 ascii)
    Format { d: Reg, a: Reg, conversion: u8 },
    /// `R[d] = format(R[a], R[b])` after conversion
    FormatSpec { d: Reg, a: Reg, b: Reg, conversion: u8 },
    /// `R[d] =` strings `R[b], …` joined
    BuildString { d: Reg, b: Reg, count: u8 },

    // ---- functions --------------------------------------------------------------------------
    /// `R[d] = R[base](R[base+1], …)`
    Call { d: Reg, base: Reg, argc: u8 },
    /// `R[d] = globals[slot](R[base+1], …)`; `R[base]` is scratch
    CallGlobal { d: Reg, base: Reg, argc: u8, slot: u32 },
    /// The same with keywords: the last `len(K[names])` of the `argc` arguments go by the names of tuple `K[names]`
    CallKw { d: Reg, base: Reg, argc: u8, names: u32 },
    /// `R[d] = R[base].N[name](R[base+1], …)`
    Invoke { d: Reg, base: Reg, argc: u8, name: u16, cache: u16 },
    /// The callee of a `CallMethod` that runs script code for its arguments: a built-in method `R[a].N[name]` into
    /// `R[d]` and its receiver `R[a]` into `R[d+1]`; of any other attribute `R[d]` is the value and `R[d+1]` unbound
    GetMethod { d: Reg, a: Reg, name: u16, cache: u16 },
    /// `R[d] = R[base](R[base+2], …)`, where `R[base+1]`, if it is bound, is the receiver of method `R[base]`
    CallMethod { d: Reg, base: Reg, argc: u8 },
    /// `R[d] = R[base](*R[base+1], **R[base+2])`: a list, tuple or (of `f(*x)`, where `*x` stands alone) anything
    /// iterable, and a dict or None
    CallEx { d: Reg, base: Reg },
    /// Returns `R[a]`.
    Return { a: Reg },
    /// Returns None.
    ReturnNone,
    /// `R[d] =` closure of `functions[f]`. If it has positional defaults `R[b]` is their tuple, if it has keyword
    /// defaults `R[b+1]` is a dict of them (see `Code::defaults`, `Code::kw_defaults`). Its captured cells come from
    /// this frame as `Code::captures` says.
    MakeFunction { d: Reg, b: Reg, f: u32 },
    /// Suspends the generator with `R[a]`; resumed with a value in `R[d]`.
    Yield { d: Reg, a: Reg },
    /// Yields each item of iterator `R[a]` (made by `IterValue`), passing on what is sent and thrown; its
    /// result goes to `R[d]`.
    YieldFrom { d: Reg, a: Reg },

    // ---- exceptions -------------------------------------------------------------------------
    /// `raise R[a]`
    Raise { a: Reg },
    /// `raise R[a] from R[b]`
    RaiseFrom { a: Reg, b: Reg },
    /// `raise`: the exception being handled, again
    Reraise,
    /// Goes on raising exception `R[a]` after a handler that did not match or a `finally`: not a new raise.
    /// `R[a]` is a value that a handler entry of `Code::handlers` stored.
    Rethrow { a: Reg },
    /// unless exception `R[a]` matches type (or tuple of types) `R[b]` → to
    JumpUnlessMatch { a: Reg, b: Reg, to: i32 },
    /// A failed `assert`: raises AssertionError, with `R[a]` as its argument if `message`
    RaiseAssertion { a: Reg, message: bool },
    /// `R[d] =` what entering context manager `R[a]` gives
    WithEnter { d: Reg, a: Reg },
    /// Leaves context manager `R[a]` without an exception
    WithExit { a: Reg },
    /// `R[d] =` whether context manager `R[a]`, told of exception `R[b]`, swallows it
    WithCatch { d: Reg, a: Reg, b: Reg },

    // ---- patterns ---------------------------------------------------------------------------
    /// unless `R[a]` is a sequence of `count` items (`count < 0`: of at least `-count - 1`) → to
    JumpUnlessSequence { a: Reg, count: i16, to: i32 },
    /// `R[d] =` item `i` of sequence `R[a]`, from the end if negative
    SequenceItem { d: Reg, a: Reg, i: i16 },
    /// `R[d] =` list of the items of `R[a]` without the first `before` and the last `after`
    SequenceRest { d: Reg, a: Reg, before: u16, after: u16 },
    /// unless `R[a]` is a mapping of at least `count` items → to
    JumpUnlessMapping { a: Reg, count: u16, to: i32 },
    /// `R[d] = R[a][R[b]]`, or unbound if there is no such key
    MappingItem { d: Reg, a: Reg, b: Reg },
    /// Adds key `R[b]` of a mapping pattern to set `R[a]`; ValueError if it is there. Emitted where keys are not all
    /// literals.
    MappingKey { a: Reg, b: Reg },
    /// `R[d] =` dict of the items of `R[a]` whose keys are not among `R[b], …`
    MappingRest { d: Reg, a: Reg, b: Reg, count: u8 },
    /// unless `R[a]` is an instance of type `R[b]` → to; TypeError if `R[b]` is no type, or takes fewer than
    /// `count` positional patterns
    JumpUnlessInstance { a: Reg, b: Reg, count: u8, to: i32 },
    /// `R[d] =` what positional pattern `i` of type `R[b]` looks at in `R[a]`; unbound if it is missing
    ClassItem { d: Reg, a: Reg, b: Reg, i: u8 },
    /// `R[d] = R[a].N[name]`, or unbound if it has no such attribute
    ClassAttr { d: Reg, a: Reg, name: u32 },

    // ---- statements of a module ---------------------------------------------------------------
    /// An expression statement at the top level had value `R[a]`: the session may show it.
    ExprValue { a: Reg },
    /// `R[d] = require(K[k])`
    Require { d: Reg, k: u32 },
    /// `R[d] =` attribute `N[name]` of module `R[a]`; ImportError if it has none
    ImportFrom { d: Reg, a: Reg, name: u32 },
}

/// A constant of a `Code`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Constant {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    BigInt(Arc<BigInt>),
    Float(f64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    /// Indices of earlier constants of the same `Code`.
    Tuple(Box<[u32]>),
}

/// What a `Code` was compiled from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// A piece of a module's top level.
    Module,
    /// A `def`.
    Function,
    /// A `lambda`.
    Lambda,
    /// A generator expression.
    Generator,
}

/// A compiled function, or one piece of a module's top level.
#[derive(Debug)]
pub struct Code {
    /// What it was compiled from.
    pub kind: CodeKind,
    /// `f`, `<lambda>`, `<genexpr>` or `<module>`: tracebacks say `in f`.
    pub name: Arc<str>,
    /// `outer.<locals>.f`: argument errors say `outer.<locals>.f()`.
    pub qualname: Arc<str>,
    /// The instructions.
    pub ops: Vec<Op>,
    /// For each instruction the expression or statement it belongs to; carets go there.
    pub spans: Vec<Span>,
    /// Constants, each once.
    pub constants: Vec<Constant>,
    /// Attribute names, each once.
    pub names: Vec<Arc<str>>,
    /// Functions defined inside.
    pub functions: Vec<Arc<Code>>,
    /// Where a raise goes on: the first entry that covers the pc.
    pub handlers: Vec<Handler>,
    /// Ranges in which an exception is being handled: the first entry that covers a pc tells what `raise`
    /// raises again there, and the context of a new exception.
    pub handled: Vec<Handled>,
    /// Second places of fused instructions.
    pub parts: Vec<Part>,
    /// Places in other texts, ordered by `pc`. Empty unless blocks run eagerly.
    pub foreign: Vec<ForeignSpan>,
    /// The parameters.
    pub params: Params,
    /// Where the cells that it captures come from in the frame that makes the closure.
    pub captures: Vec<Capture>,
    /// Names of the captured cells, in the order of `captures`.
    pub free_names: Vec<Arc<str>>,
    /// Where variables live, for messages, tracebacks and prompts in a running frame.
    pub variables: Vec<Variable>,
    /// Registers that are set to unbound at the start: parameters up to here.
    pub locals: u8,
    /// Registers used at all, at most 256.
    pub registers: u16,
    /// Number of inline caches.
    pub caches: u16,
    /// One bit per instruction: the `op=` form of an arithmetic instruction; a call whose result nobody uses.
    pub inplace: Vec<u64>,
    /// Whether calling it makes a generator.
    pub is_generator: bool,
    /// The docstring. Of a piece of the top level: the string that its unit starts with, which is the module's
    /// docstring if the unit is the first.
    pub doc: Option<Arc<str>>,
    /// The text that `spans` refer to.
    pub source: Arc<SourceText>,
    /// The whole function in it.
    pub span: Span,
}

impl Code {
    /// Whether the instruction at `pc` is the `op=` form, or a call whose result nobody uses.
    pub fn is_inplace(&self, pc: usize) -> bool {
        self.inplace.get(pc / 64).is_some_and(|word| word >> (pc % 64) & 1 == 1)
    }
}

/// What a handler does with exceptions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandlerKind {
    /// `except` clauses: a cancellation passes them by.
    Except,
    /// `finally`, the exit of a `with`, the unbinding of an `except … as e`: runs always, and rethrows.
    Finally,
}

/// A range of instructions whose exceptions are caught.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// What it does.
    pub kind: HandlerKind,
    /// First instruction covered.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Where to go on; `FAR + label` in an eager segment if it lies outside.
    pub target: u32,
    /// Where the exception is put.
    pub register: Reg,
}

/// A range of instructions that run while an exception is being handled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handled {
    /// First instruction covered.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Where the exception is kept. Anything but an exception there means that none is being handled (a
    /// `finally` reached without one).
    pub register: Reg,
}

/// The place of a part of a fused instruction that does what Python does in two steps.
///
/// `CallGlobal` and `Invoke` look up their callee after the arguments, which is only emitted for arguments that run
/// no script code; `span` is the callee's, for a NameError or AttributeError. Python looks up the callee first, so
/// when one of the instructions `start..pc` raises, and the callee of the instruction at `pc` does not exist (the
/// global is unbound, or `R[base]` has no such attribute; both are what they were at `start`), that error is raised
/// instead. Of `ForIter2` and `ForNext2` it is the place of the target, for errors of unpacking; `start` is `pc` then.
///
/// The parts of a `Code` do not overlap, and are ordered by `pc`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// First instruction of the arguments.
    pub start: u32,
    /// The fused instruction.
    pub pc: u32,
    /// The part's place.
    pub span: Span,
}

/// The place of an instruction that lies in the text of an earlier segment: the exit of a `with` whose header came
/// in a piece of its own.
#[derive(Clone, Debug)]
pub struct ForeignSpan {
    /// The instruction.
    pub pc: u32,
    /// The text.
    pub source: Arc<SourceText>,
    /// The place in it. (`Code::spans` has a place near by in the segment's own text.)
    pub span: Span,
}

/// Where a captured cell comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capture {
    /// A register of the enclosing frame that holds a cell.
    Local(Reg),
    /// A place of the enclosing frame's spill list that holds a cell: (spill register, index).
    Spill(Reg, u32),
    /// A captured cell of the enclosing function.
    Free(u32),
}

/// Where a variable lives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Where.
    pub place: Place,
    /// Instructions `start..end` for which this holds.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// Where a variable lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In a register.
    Register(Reg),
    /// In a cell that the register holds.
    Cell(Reg),
    /// In the spill list.
    Spill(u32),
    /// In a cell that the spill list holds.
    SpillCell(u32),
}

/// The parameters of a `Code`. They fill registers in this order: positional-only, normal, keyword-only, `*args`,
/// `**kwargs`.
///
/// More than [`LOCAL_REGISTERS`] of them do not fit: the VM then puts all of them, in the same order, into a new
/// spill list in register 0, as its first places. The function starts with the `NewSpill` that makes it longer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// Names in register order.
    pub names: Vec<Arc<str>>,
    /// How many are positional-only.
    pub positional_only: u32,
    /// How many can be given by position, positional-only ones included.
    pub positional: u32,
    /// How many are keyword-only.
    pub keyword_only: u32,
    /// Whether there is `*args`.
    pub varargs: bool,
    /// Whether there is `**kwargs`.
    pub kwargs: bool,
    /// How many of the positional ones (the last) have a default.
    pub defaults: u32,
    /// Which keyword-only ones have a default, in order.
    pub kw_defaults: Vec<bool>,
}

/// A piece of top-level code to append to a module's queue. All pieces of a unit run in one frame, so registers
/// carry over.
#[derive(Debug)]
pub struct Segment {
    /// Its instructions.
    pub code: Arc<Code>,
    /// Labels bound in it: (label, pc). Empty unless blocks run eagerly.
    pub labels: Vec<(u32, u32)>,
    /// Whether it starts a top-level statement.
    pub opens_unit: bool,
    /// Whether it ends one: labels of the unit, and earlier segments, are not needed past it.
    pub closes_unit: bool,
}

const _: () = assert!(size_of::<Op>() == 8);
