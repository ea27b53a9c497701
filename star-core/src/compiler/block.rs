//! The stack of open blocks, and the way out of them.
//!
//! In: headers, clauses and ends, one at a time. Out: jumps to the right places. Rule: a block knows nothing of what
//! is still to come, and keeps nothing of the tree it was opened by (of a top-level block: only places in the text),
//! so that it makes no difference whether its parts arrive together.

use std::sync::Arc;

use super::Emitter;
use super::bits::Bits;
use super::function::BLOCK_LIMIT;
use super::labels::Label;
use crate::ast::ExprId;
use crate::bytecode::{CodeKind, Op, Reg};
use crate::intern::Symbol;
use crate::source::SourceText;
use crate::span::Span;

/// As in CPython.
const MAX_NESTED: usize = 20;

/// An open block.
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// The first register that it holds: what `floor` becomes when it ends.
    pub(super) floor: u16,
    /// What is bound where its next clause starts.
    pub(super) entry: Bits,
    /// What is bound where it ends, as far as ways to there are known.
    pub(super) exit: Bits,
}

pub(super) enum BlockKind {
    /// `if`: the next clause, and the end.
    If {
        next: Label,
        end: Label,
    },
    Loop(Loop),
    Try(Try),
    With(With),
    /// `match`: `next` is bound where the subject is tested against the next case.
    Match {
        subject: Reg,
        next: Option<Label>,
        end: Label,
    },
}

/// `for` and `while`.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    /// Where `continue` goes.
    pub(super) again: Label,
    /// The start of the body, for what goes back from the bottom.
    pub(super) body: Label,
    /// Where the loop goes when it is exhausted: `else`.
    pub(super) exhausted: Label,
    /// Where `break` goes.
    pub(super) end: Label,
    /// The test of a `while` in a function, which is emitted again at the bottom: one jump per round instead of
    /// two. At the top level the body may arrive long after the tree of the header is gone.
    pub(super) test: Option<ExprId>,
    /// What a `for` in a function does at the bottom instead of going back to its head, for the same reason.
    pub(super) advance: Option<Advance>,
    /// Whether we are in the `else` clause, outside the loop.
    pub(super) in_else: bool,
}

/// The instruction that takes the next item at the bottom of a loop.
#[derive(Clone, Copy)]
pub(super) struct Advance {
    pub(super) op: Op,
    /// The iterable's place.
    pub(super) span: Span,
    /// The target's place, if items are unpacked.
    pub(super) target: Option<Span>,
}

/// `try`. Whatever leaves it passes through its `finally`, which is emitted once: `pending` says what to do after.
pub(super) struct Try {
    /// An exception, or None for going on, or the number of an exit.
    pub(super) pending: Reg,
    /// Where a `return` keeps its value meanwhile.
    pub(super) value: Option<Reg>,
    /// Where exceptions of the body go.
    pub(super) handlers: Label,
    /// The end of the body: `else`.
    pub(super) normal: Label,
    /// Where every clause goes that ends by itself.
    pub(super) done: Label,
    /// Where exceptions and exits go: the start of `finally`.
    pub(super) finally: Label,
    pub(super) end: Label,
    /// Whether there may be a `finally`. At the top level that is not known before the end.
    pub(super) may_finally: bool,
    pub(super) part: TryPart,
    /// What is bound at the end of the body.
    pub(super) normal_bits: Bits,
    /// What is bound at the exits that go through `finally`, by the number of the [`Exit`] less one.
    pub(super) exits: [Option<Bits>; 3],
}

/// Which clause of a `try` we are in.
#[derive(Clone, Copy)]
pub(super) enum TryPart {
    Body,
    /// The next clause, the cleanup, and the name of `except … as`.
    Except {
        next: Option<Label>,
        named: Option<(Symbol, Label)>,
    },
    Else,
    /// Whether control gets to the end of `try` when `finally` is done.
    Finally {
        goes_on: bool,
    },
}

/// One item of a `with`.
pub(super) struct With {
    pub(super) manager: Reg,
    pub(super) exception: Reg,
    pub(super) caught: Label,
    pub(super) end: Label,
    /// The guard's number, to leave it.
    pub(super) guard: usize,
    /// Whether it is the first item: the statement ends with it.
    pub(super) first: bool,
    /// The item's place, and at the top level the text that it lies in.
    pub(super) span: Span,
    pub(super) source: Option<Arc<SourceText>>,
}

/// A way out of a block, with the number that `Try::pending` has for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Break = 1,
    Continue = 2,
    Return = 3,
}

impl Emitter<'_> {
    /// Opens a block.
    pub(super) fn open(&mut self, kind: BlockKind, floor: u16, span: Span) {
        if !matches!(kind, BlockKind::If { .. } | BlockKind::Match { .. }) {
            let nested = self.f.blocks.iter().filter(|block| block.counts()).count();
            if nested >= MAX_NESTED {
                self.error(span, "E0320", || "too many statically nested blocks".into());
            }
        }
        let entry = self.f.bound;
        self.f.blocks.push(Block { kind, floor, entry, exit: Bits::ALL });
    }

    /// Closes the innermost block, whose end is here: its registers are free again.
    pub(super) fn close(&mut self, block: &Block) {
        self.f.floor = block.floor;
        self.f.next = block.floor;
        self.f.bound = block.exit;
    }

    /// Takes `count` registers for as long as the block that is being opened lasts. No temporary is in use.
    pub(super) fn hold(&mut self, count: u16, span: Span) -> Reg {
        if self.f.floor + count > BLOCK_LIMIT {
            self.error(span, "E0320", || "too many statically nested blocks".into());
            return 0;
        }
        self.f.next = self.f.floor;
        let first = self.f.temps(count);
        self.f.floor = self.f.next;
        first
    }

    /// `break`, `continue` and `return` (whose value lies in `value`): leaves the blocks that are in the way.
    pub(super) fn leave(&mut self, exit: Exit, value: Reg, span: Span) {
        let mut depth = self.f.blocks.len();
        let went = loop {
            let Some(next) = depth.checked_sub(1) else { break false };
            depth = next;
            if self.leave_block(depth, exit, value, span) {
                break true;
            }
        };
        if !went && exit == Exit::Return && self.f.reachable {
            self.f.emit(Op::Return { a: value }, span);
        }
        self.f.stop();
        self.f.resume_guards();
    }

    /// Leaves block number `depth`; tells whether the rest of the way is taken elsewhere.
    fn leave_block(&mut self, depth: usize, exit: Exit, value: Reg, span: Span) -> bool {
        let bound = self.f.bound;
        let Some(block) = self.f.blocks.get_mut(depth) else { return true };
        match &mut block.kind {
            BlockKind::If { .. } | BlockKind::Match { .. } => false,
            BlockKind::Loop(it) => {
                let to = match exit {
                    Exit::Break if !it.in_else => it.end,
                    Exit::Continue if !it.in_else => it.again,
                    _ => return false,
                };
                if exit == Exit::Break {
                    block.exit = block.exit.and(bound);
                }
                self.f.jump(to, span);
                true
            }
            BlockKind::With(with) => {
                let (guard, manager) = (with.guard, with.manager);
                if self.f.reachable {
                    self.f.suspend_guards(guard);
                    self.with_exit(depth, Op::WithExit { a: manager });
                }
                false
            }
            BlockKind::Try(it) => {
                let named = match it.part {
                    TryPart::Except { named, .. } => named,
                    _ => None,
                };
                let through = it.may_finally && !matches!(it.part, TryPart::Finally { .. });
                let (pending, kept, finally) = (it.pending, it.value, it.finally);
                if let Some((name, _)) = named {
                    self.unbind(name, span);
                }
                if !through {
                    return false;
                }
                if !self.f.reachable {
                    return true;
                }
                self.note_exit(depth, exit);
                if exit == Exit::Return
                    && let Some(kept) = kept
                    && kept != value
                {
                    self.f.emit(Op::Move { d: kept, a: value }, span);
                }
                self.f.emit(Op::LoadInt { d: pending, value: exit as i32 }, span);
                self.f.jump(finally, span);
                true
            }
        }
    }

    /// Notes that an exit goes through the `finally` of block `depth`.
    fn note_exit(&mut self, depth: usize, exit: Exit) {
        let bound = self.f.bound;
        let Some(Block { kind: BlockKind::Try(it), .. }) = self.f.blocks.get_mut(depth) else { return };
        let known = &mut it.exits[exit as usize - 1];
        *known = Some(known.map_or(bound, |known| known.and(bound)));
    }

    /// The loop that `break` or `continue` leads out of, and where to, if there is nothing to do on the way.
    pub(super) fn plain_way_out(&self, exit: Exit) -> Option<(usize, Label)> {
        for (depth, block) in self.f.blocks.iter().enumerate().rev() {
            match &block.kind {
                BlockKind::If { .. } | BlockKind::Match { .. } => {}
                BlockKind::Loop(it) if it.in_else => {}
                BlockKind::Loop(it) => {
                    return Some((depth, if exit == Exit::Break { it.end } else { it.again }));
                }
                BlockKind::Try(_) | BlockKind::With(_) => return None,
            }
        }
        None
    }

    /// Where a `return` may put its value at once: what the innermost `finally` in the way keeps it in.
    pub(super) fn return_register(&self) -> Option<Reg> {
        self.f.blocks.iter().rev().find_map(|block| match &block.kind {
            BlockKind::Try(it) if it.may_finally && !matches!(it.part, TryPart::Finally { .. }) => it.value,
            _ => None,
        })
    }

    /// Whether a `return` has something to do on its way, so that its value must not lie in a variable.
    pub(super) fn return_has_work(&self) -> bool {
        self.f.blocks.iter().any(|block| match &block.kind {
            BlockKind::With(_) => true,
            BlockKind::Try(it) => match it.part {
                TryPart::Finally { .. } => false,
                TryPart::Except { named: Some(_), .. } => true,
                _ => it.may_finally,
            },
            _ => false,
        })
    }

    /// Whether we compile a module's top level, where blocks may arrive in pieces.
    pub(super) fn at_top_level(&self) -> bool {
        self.f.kind == CodeKind::Module
    }
}

impl Block {
    /// Whether it counts as a nested block. Two nested `match` or `if` need no more than two registers.
    fn counts(&self) -> bool {
        !matches!(self.kind, BlockKind::If { .. } | BlockKind::Match { .. })
    }

    /// The labels that may be bound or jumped to later.
    pub(super) fn labels(&self) -> impl Iterator<Item = Label> {
        let mut labels: [Option<Label>; 7] = [None; 7];
        match &self.kind {
            BlockKind::If { next, end } => labels[..2].copy_from_slice(&[Some(*next), Some(*end)]),
            BlockKind::Loop(it) => {
                labels[..4].copy_from_slice(&[
                    Some(it.again),
                    Some(it.body),
                    Some(it.exhausted),
                    Some(it.end),
                ]);
            }
            BlockKind::Try(it) => {
                labels[..5].copy_from_slice(&[
                    Some(it.handlers),
                    Some(it.normal),
                    Some(it.done),
                    Some(it.finally),
                    Some(it.end),
                ]);
                if let TryPart::Except { next, named } = it.part {
                    labels[5] = next;
                    labels[6] = named.map(|(_, label)| label);
                }
            }
            BlockKind::With(with) => labels[..2].copy_from_slice(&[Some(with.caught), Some(with.end)]),
            BlockKind::Match { next, end, .. } => labels[..2].copy_from_slice(&[*next, Some(*end)]),
        }
        labels.into_iter().flatten()
    }
}
