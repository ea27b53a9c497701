//! Tracebacks as CPython 3.13 prints them.
//!
//! In: the places an exception has passed through. Out: text, or [`TraceFrame`]s for programs. Rule: a frame whose
//! source is gone prints its place only.

use super::Session;
use super::report::{Failure, Report, TraceFrame, cut};
use crate::builtins;
use crate::bytecode::Op;
use crate::diagnostic::Suggestion;
use crate::object::types::TypeId;
use crate::object::{Exception, TraceEntry};
use crate::ops::{exception, repr, suggest, types};
use crate::span::{Location, Span};
use crate::text::quote::escape_for_terminal;
use crate::value::{Ref, Value};
use crate::vm::Instances;

/// The frames of a traceback, outermost first.
pub(super) fn frames(instances: &Instances, entries: &[TraceEntry]) -> Vec<TraceFrame> {
    entries.iter().rev().filter_map(|entry| frame(instances, entry)).collect()
}

fn frame(instances: &Instances, entry: &TraceEntry) -> Option<TraceFrame> {
    let code = &instances.find(entry.instance)?.code;
    let foreign = code.foreign.iter().find(|foreign| foreign.pc == entry.pc);
    let text = foreign.map_or(&code.source, |foreign| &foreign.source);
    let span = match foreign {
        Some(foreign) => Some(foreign.span),
        None => code.spans.get(entry.pc as usize).or(code.spans.last()).copied(),
    };
    // The way back to a loop's start has no text of its own: what is marked for it is where the body ends.
    let goes_back = matches!(code.ops.get(entry.pc as usize), Some(Op::Jump { .. }));
    let span = span.map(|span| if goes_back { Span::at(span.start) } else { span });
    let location = span.map(|span| text.locate(span));
    let source = location.map(|location| {
        let lines = (location.start.line..=location.end.line).map_while(|line| text.line_text(line));
        lines.take(MAX_LINES).map(shown).collect::<Vec<_>>().join("\n")
    });
    Some(TraceFrame {
        source_name: code.source.name.to_string(),
        function: code.name.to_string(),
        location,
        source,
        anchored: code.ops.get(entry.pc as usize).is_some_and(|op| has_anchor(*op)),
    })
}

/// What is shown of a line: reports are bounded.
fn shown(line: &str) -> &str {
    let end = (0..=MAX_LINE.min(line.len())).rev().find(|&end| line.is_char_boundary(end));
    &line[..end.unwrap_or(0)]
}

/// Whether CPython would mark the parts of the expression (operator, brackets of a call or subscript), and so show the
/// lines next to its first and last one too.
fn has_anchor(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        Add { .. }
            | Sub { .. }
            | Mul { .. }
            | Div { .. }
            | FloorDiv { .. }
            | Mod { .. }
            | BitAnd { .. }
            | Binary { .. }
            | AddInt { .. }
            | SubInt { .. }
            | MulInt { .. }
            | FloorDivInt { .. }
            | ModInt { .. }
            | Call { .. }
            | CallGlobal { .. }
            | CallKw { .. }
            | CallEx { .. }
            | Invoke { .. }
            | GetIndex { .. }
            | GetIndexInt { .. }
            | GetIndexConst { .. }
    )
}

/// Bytes of a line that are shown.
const MAX_LINE: usize = 4096;

/// Lines of source that a frame keeps.
const MAX_LINES: usize = 1000;

/// Equal frames in a row that are printed before the rest is counted.
const REPEATS: usize = 3;

/// A traceback of `frames` that ends with `last`.
pub(super) fn of_frames(frames: &[TraceFrame], last: &str) -> String {
    let mut out = String::new();
    if !frames.is_empty() {
        out.push_str("Traceback (most recent call last):\n");
        write_frames(&mut out, frames);
    }
    out.push_str(last);
    out.push('\n');
    out
}

fn write_frames(out: &mut String, frames: &[TraceFrame]) {
    let mut count = 0;
    for (i, frame) in frames.iter().enumerate() {
        let line = |frame: &TraceFrame| frame.location.map(|location| location.start.line);
        let same = i > 0 && {
            let last = &frames[i - 1];
            last.function == frame.function
                && last.source_name == frame.source_name
                && line(last) == line(frame)
        };
        if !same {
            write_repeats(out, count);
            count = 0;
        }
        count += 1;
        if count <= REPEATS && out.len() < Report::MAX_TEXT {
            write_frame(out, frame);
        }
    }
    write_repeats(out, count);
}

fn write_repeats(out: &mut String, count: usize) {
    if count > REPEATS {
        let more = count - REPEATS;
        let s = if more == 1 { "" } else { "s" };
        out.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}

fn write_frame(out: &mut String, frame: &TraceFrame) {
    let line = frame.location.map_or(0, |location| location.start.line);
    out.push_str(&format!("  File \"{}\", line {line}, in {}\n", frame.source_name, frame.function));
    let (Some(source), Some(location)) = (&frame.source, frame.location) else { return };
    let lines: Vec<&str> = crate::source::lines(source).collect();
    if lines.len() > 1 {
        return write_lines(out, &lines, frame.anchored);
    }
    let first = lines[0];
    let text = first.trim_start();
    out.push_str(&format!("    {}\n", escape_for_terminal(text.trim_end())));
    let indent = first.chars().count() - text.chars().count();
    let width = text.trim_end().chars().count();
    let start = (location.start.column as usize - 1).saturating_sub(indent);
    let end = match location.end.line == location.start.line {
        true => (location.end.column as usize - 1).saturating_sub(indent).min(width),
        false => width,
    };
    if end > start && end - start < width {
        out.push_str(&format!("    {}{}\n", " ".repeat(start), "^".repeat(end - start)));
    }
}

/// Several lines of source, without the indentation they share; of many only the first and last ones.
fn write_lines(out: &mut String, lines: &[&str], anchored: bool) {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let shared =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let edge = if anchored { 2 } else { 1 };
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let hidden = lines.len().saturating_sub(2 * edge);
        if at == edge && hidden > 1 {
            out.push_str(&format!("    ...<{hidden} lines>...\n"));
            at += hidden;
            continue;
        }
        out.push_str(&format!("    {}\n", escape_for_terminal(line.get(shared..).unwrap_or("").trim_end())));
        at += 1;
    }
}

/// The whole traceback of an exception with what led to it.
pub(super) fn write(session: &mut Session, at: Ref<Exception>) -> String {
    // Innermost cause last: chains are walked first, then printed backwards.
    let mut chain: Vec<(Ref<Exception>, &str)> = vec![(at, "")];
    let mut current = at;
    while chain.len() < MAX_CHAIN {
        let exception = &session.heap[current];
        let (next, link) = match (exception.cause, exception.context) {
            (Value::Exception(cause), _) => (cause, CAUSE),
            (_, Value::Exception(context)) if !exception.suppress_context => (context, CONTEXT),
            _ => break,
        };
        if chain.iter().any(|&(seen, _)| seen == next) {
            break;
        }
        chain.push((next, link));
        current = next;
    }
    let mut out = String::new();
    let mut link = "";
    for &(exception, to_next) in chain.iter().rev() {
        out.push_str(link);
        let frames = frames(&session.instances, &session.heap[exception].traceback);
        if !frames.is_empty() {
            out.push_str("Traceback (most recent call last):\n");
            write_frames(&mut out, &frames);
        }
        out.push_str(&last_lines(session, exception));
        link = to_next;
    }
    cut(&out, Report::MAX_TEXT)
}

const MAX_CHAIN: usize = 100;
const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// `Type: message`, a suggestion, and the notes.
fn last_lines(session: &mut Session, at: Ref<Exception>) -> String {
    let value = Value::Exception(at);
    session.held.values.push(value);
    let message = message(session, at);
    let hint = hint(session, at);
    session.held.values.pop();
    let kind = types::full_name(&session.heap, types::type_of(&session.heap, value));
    let mut out = kind.to_string();
    if !message.is_empty() {
        out.push_str(": ");
        out.push_str(&message);
    }
    out.push_str(&hint.unwrap_or_default());
    out.push('\n');
    for &note in exception::notes(&session.heap, at) {
        out.push_str(session.heap.as_str(note).unwrap_or_default());
        out.push('\n');
    }
    out
}

/// What `str` makes of an exception, cut.
pub(super) fn message(session: &mut Session, at: Ref<Exception>) -> String {
    let is_key = exception::builtin_base(&session.heap, session.heap[at].class).is_subtype(TypeId::KeyError);
    // The usual case without a copy of what may be huge.
    if let [Value::Str(text)] = *exception::args(&session.heap, at)
        && !is_key
    {
        return cut(session.heap[text].as_str(), Report::MAX_MESSAGE);
    }
    let message = session.with(|ctx| repr::str_of(ctx, Value::Exception(at)));
    message.map_or_else(|_| "<exception str() failed>".into(), |text| cut(&text, Report::MAX_MESSAGE))
}

fn hint(session: &mut Session, at: Ref<Exception>) -> Option<String> {
    session.with(|ctx| suggest::suggest(ctx, at)).or_else(|| suggest_name(session, at))
}

/// The edit that the hint of a NameError or AttributeError amounts to, where the name stands in the source.
pub(super) fn suggestions(
    session: &mut Session,
    at: Ref<Exception>,
    frames: &[TraceFrame],
) -> Vec<Suggestion> {
    suggestion(session, at, frames).into_iter().collect()
}

fn suggestion(session: &mut Session, at: Ref<Exception>, frames: &[TraceFrame]) -> Option<Suggestion> {
    let hint = hint(session, at)?;
    let (near, _) = hint.strip_prefix(". Did you mean: '")?.split_once('\'')?;
    let name = session.heap.as_str(exception::get(&session.heap, at, "name")?)?;
    let frame = frames.last()?;
    let (location, source) = (frame.location?, frame.source.as_ref()?);
    let line = source.lines().next()?;
    let (first, _) = line.char_indices().nth(location.start.column as usize - 1)?;
    // A name is what its expression starts with; an attribute stands behind the last dot before it.
    let shown = &line[first..];
    let found = if shown.starts_with(name) { 0 } else { shown.rfind(&format!(".{name}"))? + 1 };
    let start = location.start.advance(&shown[..found]);
    let end = start.advance(name);
    Some(Suggestion {
        location: Location { start, end },
        replacement: near.to_string(),
        text: format!("did you mean '{near}'?"),
    })
}

/// A near name in scope where a NameError was raised.
fn suggest_name(session: &Session, at: Ref<Exception>) -> Option<String> {
    let base = exception::builtin_base(&session.heap, session.heap[at].class);
    if !base.is_subtype(TypeId::NameError) {
        return None;
    }
    let name = session.heap.as_str(exception::field(&session.heap, at, "name")?)?;
    let near = exception::field(&session.heap, at, exception::NEAR);
    let mut names: Vec<&str> = near.and_then(|near| session.heap.as_str(near)).into_iter().collect();
    let module = &session.heap[session.module];
    names
        .extend(module.names.iter().zip(&module.bound).filter(|(_, bound)| **bound).map(|(name, _)| &**name));
    builtins::names().for_each(|name| names.push(name));
    suggest::for_name(name, names.into_iter())
}

/// What an uncaught SystemExit means for the process. `message` is its `str`.
pub(super) fn exit_failure(session: &Session, at: Ref<Exception>, message: &str) -> Failure {
    let code = match *exception::args(&session.heap, at) {
        [] | [Value::None] => 0,
        [Value::Int(code)] => code as i32,
        [Value::Bool(code)] => code as i32,
        _ => return Failure::Exit { code: 1, says: Some(message.to_string()) },
    };
    Failure::Exit { code, says: None }
}
