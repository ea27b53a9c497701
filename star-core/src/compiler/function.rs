//! The function that is being compiled.
//!
//! In: instructions, registers and ranges as the statements and expressions ask for them. Out: a [`Code`]. Rule:
//! registers below `floor` belong to variables and open blocks, those from there on are temporaries and are given
//! back in the reverse order.

use std::sync::Arc;

use super::bits::Bits;
use super::block::Block;
use super::constants::{Constants, Names};
use super::labels::{Label, Labels, target, target_mut};
use crate::ast::FuncId;
use crate::bytecode::{
    Capture, Code, CodeKind, ForeignSpan, Handled, Handler, HandlerKind, LOCAL_REGISTERS, Op, Params, Part,
    Place, Reg, Variable,
};
use crate::source::SourceText;
use crate::span::Span;

/// Locals and open blocks stay below this register, so that temporaries always have room.
pub(super) const BLOCK_LIMIT: u16 = 214;
/// An expression whose first temporary would lie beyond this moves the temporaries out of the way first. From here
/// to the end there is room for the most that one expression needs, [`UNIT`], before it comes to another.
pub(super) const CROWDED: u16 = 216;
/// The most registers that one expression asks for in a row.
pub(super) const UNIT: u16 = 34;
/// Where the spill list lies that deeply nested expressions make.
pub(super) const SPILL_REGISTER: Reg = 255;
/// The last register that temporaries may use.
pub(super) const LAST: u16 = 254;

/// Where a variable of the running function lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Var {
    /// A slot of the module.
    Global,
    /// A register.
    Register(Reg),
    /// A cell that a register holds.
    Cell(Reg),
    /// A place in the spill list.
    Spill(u32),
    /// A cell in the spill list.
    SpillCell(u32),
    /// A captured cell.
    Free(u32),
}

/// An open range of instructions whose exceptions go to a handler.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub(super) kind: HandlerKind,
    pub(super) target: Label,
    pub(super) register: Reg,
    /// Where it began, or [`SUSPENDED`].
    start: u32,
}

/// The guard does not cover what is being emitted: the way out of its block.
const SUSPENDED: u32 = u32::MAX;

/// The spill list of a function: locals that have no register, then temporaries of deep expressions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spill {
    /// The register that holds it, if there is one now.
    pub(super) register: Option<Reg>,
    /// The `NewSpill` instruction, whose count is set at the end.
    pub(super) made_at: u32,
    /// The first place that is free, and the most that were used.
    pub(super) next: u32,
    pub(super) most: u32,
}

/// See the module. Kept and cleared from function to function, so that its buffers are allocated once.
pub(super) struct Function {
    pub(super) kind: CodeKind,
    pub(super) name: Arc<str>,
    pub(super) qualname: Arc<str>,
    pub(super) ops: Vec<Op>,
    pub(super) spans: Vec<Span>,
    inplace: Vec<u64>,
    pub(super) constants: Constants,
    pub(super) names: Names,
    pub(super) functions: Vec<Arc<Code>>,
    /// Functions inside that are compiled already: a loop's test is emitted twice.
    pub(super) compiled: Vec<(FuncId, u32)>,
    /// Whether what is being emitted is such a test.
    pub(super) repeats: bool,
    pub(super) handlers: Vec<Handler>,
    pub(super) handled: Vec<Handled>,
    pub(super) parts: Vec<Part>,
    pub(super) foreign: Vec<ForeignSpan>,
    pub(super) variables: Vec<Variable>,
    pub(super) params: Params,
    pub(super) captures: Vec<Capture>,
    pub(super) free_names: Vec<Arc<str>>,
    pub(super) labels: Labels,
    jumps: Vec<u32>,
    pub(super) blocks: Vec<Block>,
    guards: Vec<Guard>,
    handling: Vec<(u32, Reg)>,
    /// Registers of locals.
    pub(super) locals: u16,
    /// The first temporary.
    pub(super) floor: u16,
    /// The first register that is free.
    pub(super) next: u16,
    most: u16,
    /// Registers from `floor` up to here hold variables of comprehensions.
    pub(super) pinned: u16,
    pub(super) bound: Bits,
    /// Locals that may become unbound again.
    pub(super) unbinds: Bits,
    /// Whether control gets to the next instruction.
    pub(super) reachable: bool,
    pub(super) spill: Spill,
    caches: u32,
    /// Constants, names and caches asked for in the unit, each time: see [`Self::short`].
    pub(super) asked: u32,
    /// Set when an expression needed more registers than there are.
    pub(super) overflow: bool,
}

impl Default for Function {
    fn default() -> Function {
        Function {
            kind: CodeKind::Module,
            name: Arc::default(),
            qualname: Arc::default(),
            ops: Vec::new(),
            spans: Vec::new(),
            inplace: Vec::new(),
            constants: Constants::default(),
            names: Names::default(),
            functions: Vec::new(),
            compiled: Vec::new(),
            repeats: false,
            handlers: Vec::new(),
            handled: Vec::new(),
            parts: Vec::new(),
            foreign: Vec::new(),
            variables: Vec::new(),
            params: Params::default(),
            captures: Vec::new(),
            free_names: Vec::new(),
            labels: Labels::default(),
            jumps: Vec::new(),
            blocks: Vec::new(),
            guards: Vec::new(),
            handling: Vec::new(),
            locals: 0,
            floor: 0,
            next: 0,
            most: 0,
            pinned: 0,
            bound: Bits::NONE,
            unbinds: Bits::NONE,
            reachable: true,
            spill: Spill::default(),
            caches: 0,
            asked: 0,
            overflow: false,
        }
    }
}

impl Function {
    /// Makes it ready for another function, or another unit of the top level.
    pub(super) fn begin(&mut self, kind: CodeKind, name: Arc<str>, qualname: Arc<str>) {
        self.kind = kind;
        self.name = name;
        self.qualname = qualname;
        self.clear_piece();
        self.labels.clear();
        self.blocks.clear();
        self.guards.clear();
        self.handling.clear();
        self.captures.clear();
        self.free_names.clear();
        self.locals = 0;
        self.floor = 0;
        self.next = 0;
        self.most = 0;
        self.pinned = 0;
        self.bound = Bits::NONE;
        self.unbinds = Bits::NONE;
        self.reachable = true;
        self.spill = Spill::default();
        self.repeats = false;
        self.asked = 0;
        self.overflow = false;
    }

    /// Forgets what belongs to one piece; open blocks stay.
    pub(super) fn clear_piece(&mut self) {
        self.ops.clear();
        self.spans.clear();
        self.inplace.clear();
        self.constants.clear();
        self.names.clear();
        self.functions.clear();
        self.compiled.clear();
        self.handlers.clear();
        self.handled.clear();
        self.parts.clear();
        self.foreign.clear();
        self.variables.clear();
        self.jumps.clear();
        self.caches = 0;
        for guard in &mut self.guards {
            guard.start = 0;
        }
        for (start, _) in &mut self.handling {
            *start = 0;
        }
    }

    /// Whether its buffers are too large to be kept for later.
    pub(super) fn is_large(&self) -> bool {
        self.ops.capacity() > 1 << 16
    }

    // ---- instructions -------------------------------------------------------------------------

    pub(super) fn pc(&self) -> u32 {
        self.ops.len() as u32
    }

    pub(super) fn emit(&mut self, op: Op, span: Span) {
        self.ops.push(op);
        self.spans.push(span);
    }

    /// Emits an arithmetic instruction in its `op=` form.
    pub(super) fn emit_inplace(&mut self, op: Op, span: Span) {
        let pc = self.ops.len();
        self.inplace.resize(pc / 64 + 1, 0);
        self.inplace[pc / 64] |= 1 << (pc % 64);
        self.emit(op, span);
    }

    /// Says that nobody uses the result of the call that was emitted last.
    pub(super) fn drop_result(&mut self) {
        let Some(pc) = self.ops.len().checked_sub(1) else { return };
        if self.inplace.len() <= pc / 64 {
            self.inplace.resize(pc / 64 + 1, 0);
        }
        self.inplace[pc / 64] |= 1 << (pc % 64);
    }

    /// Emits a jump to `label`; the `to` of `op` is filled in at the end.
    pub(super) fn emit_jump(&mut self, mut op: Op, label: Label, span: Span) {
        self.labels.reference(label);
        if let Some(to) = target_mut(&mut op) {
            *to = label.0 as i32;
        }
        self.jumps.push(self.pc());
        self.emit(op, span);
    }

    /// Jumps, unless control does not get here.
    pub(super) fn jump(&mut self, label: Label, span: Span) {
        if self.reachable {
            self.emit_jump(Op::Jump { to: 0 }, label, span);
            self.stop();
        }
    }

    /// Notes that control does not go on: what follows is dead until a label is bound.
    pub(super) fn stop(&mut self) {
        self.reachable = false;
        self.bound = Bits::ALL;
    }

    /// Binds `label` here.
    pub(super) fn bind(&mut self, label: Label) {
        let used = self.labels.bind(label, self.ops.len());
        self.reachable |= used;
    }

    /// Binds a label that is reached by exceptions, or by jumps that come later.
    pub(super) fn bind_entry(&mut self, label: Label) {
        self.labels.bind(label, self.ops.len());
        self.reachable = true;
    }

    /// A new inline cache, if `name` and the cache fit the short form of an instruction.
    pub(super) fn cache(&mut self, name: u32) -> Option<(u16, u16)> {
        let cache = u16::try_from(self.caches).ok().filter(|&cache| cache < u16::MAX)?;
        let name = self.short(name)?;
        self.caches += 1;
        Some((name, cache))
    }

    /// The index of a constant, name or cache in 16 bits, if it fits.
    ///
    /// At the top level whether it fits must not depend on how a unit is cut into pieces, though indices do: there
    /// the short form is used while few enough were asked for in the whole unit.
    pub(super) fn short(&mut self, index: u32) -> Option<u16> {
        if self.kind == CodeKind::Module {
            self.asked = self.asked.saturating_add(1);
            if self.asked >= u32::from(u16::MAX) {
                return None;
            }
        }
        u16::try_from(index).ok()
    }

    // ---- registers ------------------------------------------------------------------------------

    /// Takes a temporary.
    pub(super) fn temp(&mut self) -> Reg {
        self.temps(1)
    }

    /// Takes `count` temporaries in a row and returns the first.
    pub(super) fn temps(&mut self, count: u16) -> Reg {
        let first = self.next;
        if first + count > LAST + 1 {
            self.overflow = true;
            return 0;
        }
        self.next += count;
        self.most = self.most.max(self.next);
        first as Reg
    }

    /// Notes that `register` is used.
    pub(super) fn touch(&mut self, register: Reg) {
        self.most = self.most.max(u16::from(register) + 1);
    }

    /// Whether `register` is a temporary, which may hold parts of a result before the result.
    pub(super) fn is_temp(&self, register: Reg) -> bool {
        u16::from(register) >= self.floor && register != SPILL_REGISTER
    }

    /// How many temporaries are left.
    pub(super) fn room(&self) -> u16 {
        (LAST + 1).saturating_sub(self.next)
    }

    /// The first temporary that may be moved out of the way.
    pub(super) fn movable(&self) -> u16 {
        self.floor.max(self.pinned)
    }

    /// Whether temporaries should be moved out of the way before the next expression.
    pub(super) fn crowded(&self) -> bool {
        self.next > CROWDED
    }

    /// Tells the instruction that made the spill list how long it must be.
    pub(super) fn set_spill_count(&mut self) {
        if let Some(Op::NewSpill { count, .. }) = self.ops.get_mut(self.spill.made_at as usize) {
            *count = self.spill.most;
        }
    }

    // ---- ranges -----------------------------------------------------------------------------------

    /// From here on exceptions go to `target`.
    pub(super) fn guard(&mut self, kind: HandlerKind, target: Label, register: Reg) {
        let start = self.pc();
        self.guards.push(Guard { kind, target, register, start });
    }

    /// How many guards there are: what [`Self::suspend_guards`] takes.
    pub(super) fn guard_depth(&self) -> usize {
        self.guards.len()
    }

    /// Ends the innermost guard.
    pub(super) fn end_guard(&mut self) {
        self.suspend_guards(self.guards.len().saturating_sub(1));
        self.guards.pop();
    }

    /// Ends the ranges of all guards from the innermost down to number `depth`, for now.
    pub(super) fn suspend_guards(&mut self, depth: usize) {
        let pc = self.pc();
        for guard in self.guards.iter_mut().skip(depth).rev() {
            let start = std::mem::replace(&mut guard.start, SUSPENDED);
            if start < pc {
                self.handlers.push(Handler {
                    kind: guard.kind,
                    start,
                    end: pc,
                    target: guard.target.0,
                    register: guard.register,
                });
            }
        }
    }

    /// Begins them again.
    pub(super) fn resume_guards(&mut self) {
        let pc = self.pc();
        for guard in self.guards.iter_mut().rev().take_while(|guard| guard.start == SUSPENDED) {
            guard.start = pc;
        }
    }

    /// From here on the exception in `register` is being handled.
    pub(super) fn handle(&mut self, register: Reg) {
        self.handling.push((self.pc(), register));
    }

    /// Ends that.
    pub(super) fn end_handle(&mut self) {
        if let Some((start, register)) = self.handling.pop() {
            self.add_handled(start, register);
        }
    }

    fn add_handled(&mut self, start: u32, register: Reg) {
        let end = self.pc();
        if start < end {
            self.handled.push(Handled { start, end, register });
        }
    }

    // ---- the result -----------------------------------------------------------------------------------

    /// A jump to a jump goes where that one goes. (Not at the top level, where the second may be in another piece.)
    fn thread_jumps(&mut self) {
        for at in 0..self.jumps.len() {
            let pc = self.jumps[at] as usize;
            // A few hops: the jumps of an endless loop may lead in a circle.
            for _ in 0..4 {
                let Some(to) = self.ops.get(pc).and_then(target) else { break };
                let place = self.labels.place(to as u32) as usize;
                let Some(Op::Jump { to: next }) = self.ops.get(place).copied() else { break };
                if place == pc || next == to {
                    break;
                }
                if let Some(to) = self.ops.get_mut(pc).and_then(target_mut) {
                    *to = next;
                }
            }
        }
    }

    /// Ends the piece: what it has become. Of a function, all of it; of the top level, a segment's code.
    pub(super) fn finish(&mut self, shape: Shape) -> Code {
        self.suspend_guards(0);
        for at in (0..self.handling.len()).rev() {
            let (start, register) = self.handling[at];
            self.add_handled(start, register);
        }
        if self.kind != CodeKind::Module {
            self.thread_jumps();
        }
        for &pc in &self.jumps {
            if let Some(to) = self.ops.get_mut(pc as usize).and_then(target_mut) {
                *to = self.labels.place(*to as u32) as i32 - (pc as i32 + 1);
            }
        }
        for handler in &mut self.handlers {
            handler.target = self.labels.place(handler.target);
        }
        Code {
            kind: self.kind,
            name: self.name.clone(),
            qualname: self.qualname.clone(),
            ops: self.ops.as_slice().to_vec(),
            spans: self.spans.as_slice().to_vec(),
            constants: self.constants.items.drain(..).collect(),
            names: self.names.items.drain(..).collect(),
            functions: self.functions.drain(..).collect(),
            handlers: self.handlers.as_slice().to_vec(),
            handled: self.handled.as_slice().to_vec(),
            parts: self.parts.as_slice().to_vec(),
            foreign: self.foreign.drain(..).collect(),
            params: std::mem::take(&mut self.params),
            captures: self.captures.as_slice().to_vec(),
            free_names: self.free_names.drain(..).collect(),
            variables: self.variables.drain(..).collect(),
            locals: self.locals as u8,
            registers: self.most,
            caches: self.caches as u16,
            inplace: self.inplace.as_slice().to_vec(),
            is_generator: shape.is_generator,
            doc: shape.doc,
            source: shape.source,
            span: shape.span,
        }
    }
}

/// What a `Code` has besides its instructions.
pub(super) struct Shape {
    pub(super) is_generator: bool,
    pub(super) doc: Option<Arc<str>>,
    pub(super) source: Arc<SourceText>,
    pub(super) span: Span,
}

impl Var {
    /// How [`Variable`] tells it; names that live elsewhere are not in that table.
    pub(super) fn place(self) -> Option<Place> {
        match self {
            Var::Register(r) => Some(Place::Register(r)),
            Var::Cell(r) => Some(Place::Cell(r)),
            Var::Spill(i) => Some(Place::Spill(i)),
            Var::SpillCell(i) => Some(Place::SpillCell(i)),
            Var::Global | Var::Free(_) => None,
        }
    }
}

const _: () = assert!(BLOCK_LIMIT as usize >= LOCAL_REGISTERS + 3 * 20);
const _: () = assert!(CROWDED + UNIT < LAST);
