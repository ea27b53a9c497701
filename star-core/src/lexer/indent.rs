//! Indentation.
//!
//! In: the columns of a line's first token, counted twice. Out: how the line relates to the open suites. Rule:
//! as CPython's tokenizer, tabs go to the next multiple of eight in one count and are one column in the other,
//! and the two counts must agree on every comparison.

/// Where a line's first token stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Columns {
    /// With tabs to multiples of eight.
    pub(super) wide: u32,
    /// With tabs as one.
    pub(super) narrow: u32,
}

impl Columns {
    /// Counts spaces.
    pub(super) fn count_spaces(&mut self, count: u32) {
        self.wide = self.wide.saturating_add(count);
        self.narrow = self.narrow.saturating_add(count);
    }

    /// Counts a tab or a form feed.
    pub(super) fn count(&mut self, byte: u8) {
        match byte {
            b'\t' => {
                self.wide = (self.wide / 8).saturating_add(1).saturating_mul(8);
                self.narrow = self.narrow.saturating_add(1);
            }
            0x0C => *self = Columns::default(),
            _ => self.count_spaces(1),
        }
    }
}

/// A line's indentation compared with the line's before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// As deep.
    Same,
    /// Deeper: a suite starts.
    In,
    /// This many suites end.
    Out(u32),
}

/// Why an indentation is no good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Misfit {
    /// The two counts disagree.
    Tabs,
    /// No open suite has this column.
    Unindent,
}

/// The columns of the open suites.
#[derive(Default)]
pub(super) struct Indents {
    stack: Vec<Columns>,
}

impl Indents {
    /// Takes a line's columns and opens or closes suites.
    pub(super) fn change(&mut self, line: Columns) -> Result<Change, Misfit> {
        let top = self.top();
        if line.wide == top.wide {
            return if line.narrow == top.narrow { Ok(Change::Same) } else { Err(Misfit::Tabs) };
        }
        if line.wide > top.wide {
            if line.narrow <= top.narrow {
                return Err(Misfit::Tabs);
            }
            self.stack.push(line);
            return Ok(Change::In);
        }
        let mut closed = 0;
        while line.wide < self.top().wide {
            self.stack.pop();
            closed += 1;
        }
        let top = self.top();
        if line.wide != top.wide {
            return Err(Misfit::Unindent);
        }
        if line.narrow != top.narrow {
            return Err(Misfit::Tabs);
        }
        Ok(Change::Out(closed))
    }

    /// How many suites are open.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    pub(super) fn clear(&mut self) {
        self.stack.clear();
    }

    fn top(&self) -> Columns {
        self.stack.last().copied().unwrap_or_default()
    }
}
