//! Problems of source, with the source.
//!
//! In: a [`Diagnostic`]. Out: a title, the lines it speaks of with marks under them, and the edits that would mend it.
//! Rules: places shown are those of the stream, whatever part of a line is shown; rendering is annotate-snippets'.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use star_core::diagnostic::{Diagnostic, Excerpt, ExcerptLine, Suggestion};
use star_core::span::{Location, Position};
use star_core::text::quote::escape_for_terminal;

use super::{Severity, Style};

/// Columns that a line of the rendering may take.
const WIDTH: usize = 120;

pub(super) fn render(diagnostic: &Diagnostic, severity: Severity, style: Style) -> String {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let name = escape_for_terminal(&diagnostic.excerpt.name).replace(['\n', '\t'], " ");
    let blocks = Block::of(&diagnostic.excerpt);
    let mut main = Group::with_title(level.primary_title(title(diagnostic)).id(diagnostic.code));
    // The block with the place itself first: its place becomes the heading.
    let (first, others): (Vec<_>, Vec<_>) =
        blocks.iter().partition(|block| block.range(diagnostic.location).is_some());
    for block in first.iter().chain(&others) {
        let annotations = block.annotations(diagnostic);
        if !annotations.is_empty() {
            main = main.element(block.snippet().path(&name).annotations(annotations));
        }
    }
    if first.is_empty() {
        let Position { line, column, .. } = diagnostic.location.start;
        main = main.element(Origin::path(&name).line(line as usize).char_column(column as usize));
    }
    let mut groups = vec![main];
    groups.extend(diagnostic.suggestions.iter().map(|suggestion| help(suggestion, &name, &blocks)));
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    let mut text = renderer.term_width(WIDTH).render(&groups);
    text.push('\n');
    let shown = first.iter().find_map(|block| block.shown_column(diagnostic.location.start));
    with_column(text, &name, diagnostic.location.start, shown)
}

/// The renderer counts columns in what it is shown; of a line that was cut or escaped, that is not the stream's.
fn with_column(text: String, name: &str, at: Position, shown: Option<usize>) -> String {
    match shown {
        Some(shown) if shown != at.column as usize => {
            let heading = format!("{name}:{}", at.line);
            text.replacen(&format!("{heading}:{shown}"), &format!("{heading}:{}", at.column), 1)
        }
        _ => text,
    }
}

fn title(diagnostic: &Diagnostic) -> String {
    format!("{}: {}", diagnostic.kind, escape_for_terminal(&diagnostic.message))
}

/// An edit, shown as the line it makes where that is at hand.
fn help<'a>(suggestion: &'a Suggestion, name: &'a str, blocks: &'a [Block]) -> Group<'a> {
    let title = Level::HELP.secondary_title(escape_for_terminal(&suggestion.text));
    let found = blocks.iter().find_map(|block| Some((block, block.range(suggestion.location)?)));
    match found {
        Some((block, range)) => {
            let patch = Patch::new(range, escape_for_terminal(&suggestion.replacement));
            title.element(block.snippet().path(name).patch(patch))
        }
        None => Group::with_title(title),
    }
}

/// Lines at this distance still stand in one block.
const MAX_FOLD: u32 = 1000;

/// Lines near one another, made safe for a terminal.
struct Block {
    first_line: u32,
    text: String,
    lines: Vec<Line>,
}

/// Where the characters of a line went.
struct Line {
    number: u32,
    first_column: u32,
    /// Offset of each character in the block's text, and of the line's end.
    offsets: Vec<usize>,
}

impl Block {
    /// The blocks of an excerpt.
    fn of(excerpt: &Excerpt) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for line in &excerpt.lines {
            match blocks.last_mut() {
                Some(block) if block.lines.last().is_some_and(|last| last.number + 1 == line.number) => {
                    block.push(line);
                }
                // The renderer folds what nothing marks, so lines that are not at hand can stand empty.
                Some(block)
                    if block.lines.last().is_some_and(|last| line.number - last.number <= MAX_FOLD) =>
                {
                    block.skip_to(line.number);
                    block.push(line);
                }
                _ => {
                    let mut block = Block { first_line: line.number, text: String::new(), lines: Vec::new() };
                    block.push(line);
                    blocks.push(block);
                }
            }
        }
        blocks
    }

    fn push(&mut self, line: &ExcerptLine) {
        let mut offsets = Vec::with_capacity(line.text.len() + 1);
        for c in line.text.chars() {
            offsets.push(self.text.len());
            let mut buffer = [0; 4];
            self.text.push_str(&escape_for_terminal(c.encode_utf8(&mut buffer)));
        }
        offsets.push(self.text.len());
        self.text.push('\n');
        self.lines.push(Line { number: line.number, first_column: line.first_column, offsets });
    }

    fn skip_to(&mut self, number: u32) {
        let next = self.lines.last().map_or(number, |last| last.number + 1);
        for number in next..number {
            self.lines.push(Line { number, first_column: 1, offsets: vec![self.text.len()] });
            self.text.push('\n');
        }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'_, T> {
        Snippet::source(Cow::Borrowed(&*self.text)).line_start(self.first_line as usize)
    }

    /// The part of this block's text that a place covers; `None` if it starts elsewhere.
    fn range(&self, location: Location) -> Option<Range<usize>> {
        let start = self.offset(location.start)?;
        // What goes on behind the excerpt is marked up to its end.
        let end = self.offset(location.end).unwrap_or(self.text.len().saturating_sub(1));
        Some(start..end.max(start))
    }

    fn offset(&self, at: Position) -> Option<usize> {
        let line = self.lines.get(at.line.checked_sub(self.first_line)? as usize)?;
        let index = at.column.checked_sub(line.first_column)? as usize;
        line.offsets.get(index.min(line.offsets.len() - 1)).copied()
    }

    /// The column at which the renderer sees a place.
    fn shown_column(&self, at: Position) -> Option<usize> {
        let end = self.offset(at)?;
        let start = self.text[..end].rfind('\n').map_or(0, |newline| newline + 1);
        Some(self.text[start..end].chars().count() + 1)
    }

    /// The marks under this block's lines.
    fn annotations<'a>(&self, diagnostic: &'a Diagnostic) -> Vec<Annotation<'a>> {
        let mut annotations = Vec::new();
        if let Some(range) = self.range(diagnostic.location) {
            annotations.push(AnnotationKind::Primary.span(range));
        }
        for note in &diagnostic.notes {
            if let Some(range) = self.range(note.location) {
                annotations.push(AnnotationKind::Context.span(range).label(escape_for_terminal(&note.text)));
            }
        }
        annotations
    }
}
