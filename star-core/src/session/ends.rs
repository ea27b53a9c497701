//! What a session says of its program: output, and how it ended.
//!
//! In: what was printed, and what left a fiber. Out: events, and reports that are complete in themselves. Rule: output
//! comes before whatever is told after it; writing a report takes an allowance of its own.

use super::report::{Failure, Report, cut};
use super::run::Sink;
use super::{Control, Event, Session, State, traceback};
use crate::heap::{End, Raise};
use crate::meter::{Exceeded, Limits};
use crate::object::Exception;
use crate::object::types::TypeId;
use crate::ops::{exception, types};
use crate::value::{Ref, Value};

/// Steps and bytes that writing an error report may take.
const REPORT_STEPS: u64 = 10_000_000;
const REPORT_BYTES: usize = 8 << 20;

impl Session {
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> Control {
        if !self.heap.links.dropped.is_empty() && self.tell_dropped(sink) == Control::Stop {
            return Control::Stop;
        }
        self.flush_output(sink)
    }

    /// Tells of errors that were dropped unseen, after what was printed before them.
    #[cold]
    fn tell_dropped(&mut self, sink: &mut Sink<'_>) -> Control {
        let mut control = self.flush_output(sink);
        for (err, places) in std::mem::take(&mut self.heap.links.dropped) {
            self.held.values.push(Value::Exception(err));
            let mut report = self.exception_report(err);
            self.held.values.pop();
            let frames = traceback::frames(&self.instances, &places);
            let problem = format!("{}: {}", report.kind, report.message);
            let last = format!(
                "DroppedError: {problem}\n(nobody looked at the error: write value, err = …, or _ = … if that is meant)"
            );
            report.text = traceback::of_frames(&frames, &last);
            report.location = frames.last().and_then(|frame| frame.location);
            report.code = "E0123";
            report.resume_at = None;
            report.traceback = frames;
            if sink(Event::Dropped(&report)) == Control::Stop {
                control = Control::Stop;
            }
        }
        control
    }

    fn flush_output(&mut self, sink: &mut Sink<'_>) -> Control {
        if self.heap.output.is_empty() {
            return Control::Continue;
        }
        let mut output = std::mem::take(&mut self.heap.output);
        let control = sink(Event::Output(&output));
        output.clear();
        // A buffer that one large print made is not kept.
        if output.capacity() <= 1 << 17 {
            self.heap.output = output;
        }
        control
    }

    pub(super) fn raised(&mut self, raise: Raise, sink: &mut Sink<'_>) {
        let report = self.report_of(raise);
        let resumable = matches!(
            report.failure,
            Failure::Exception | Failure::Exit { .. } | Failure::Cancelled | Failure::Denied
        );
        self.cancellation = None;
        self.fail(report, resumable, sink);
    }

    /// What left the fiber at hand.
    pub(super) fn report_of(&mut self, raise: Raise) -> Report {
        let allowed = self.heap.meter.limits.steps < self.options.limits.steps;
        let raise = match raise {
            // What a cancellation may still take is used up.
            Raise::End(End::Limit(Exceeded::Steps)) if self.cancellation.is_some() && allowed => {
                Raise::End(End::Cancelled)
            }
            raise => raise,
        };
        match raise {
            Raise::Exception(at) => {
                self.held.values.push(Value::Exception(at));
                let report = self.exception_report(at);
                self.held.values.pop();
                report
            }
            Raise::End(End::Limit(exceeded)) => self.limit_report(exceeded),
            Raise::End(End::Cancelled) => {
                self.fiber.end_trace = std::mem::take(&mut self.cancelled_at);
                match self.heap.take_denial() {
                    Some(message) => self.end_report("E0212", "PermissionDenied", &message, Failure::Denied),
                    None => self.end_report("E0210", "Cancelled", "cancelled", Failure::Cancelled),
                }
            }
            Raise::End(End::Stopped) => {
                self.end_report("E0211", "Stopped", "stopped by the host", Failure::Stopped)
            }
        }
    }

    pub(super) fn stop(&mut self, sink: &mut Sink<'_>) {
        let trace = self.trace_of_stack(false);
        self.fiber.end_trace = trace;
        self.raised(Raise::End(End::Stopped), sink);
    }

    pub(super) fn fail(&mut self, mut report: Report, resumable: bool, sink: &mut Sink<'_>) {
        self.flush(sink);
        if !resumable || report.is_limit() {
            report.resume_at = None;
        }
        if let Failure::Exit { code, .. } = report.failure {
            self.exit_code = Some(code);
        }
        self.state = State::Failed { resumable: report.resume_at.is_some() };
        self.fiber.frames.truncate(0);
        self.fiber.end_trace.clear();
        self.heap.scratch.clear();
        sink(Event::Error(&report));
    }

    fn exception_report(&mut self, at: Ref<Exception>) -> Report {
        let class = types::type_of(&self.heap, Value::Exception(at));
        let kind = cut(&types::type_name(&self.heap, Value::Exception(at)), Report::MAX_MESSAGE);
        let exit = matches!(class, Value::Type(number)
            if types::is_subtype(&self.heap, number, TypeId::SystemExit as u64));
        // Writing the report must not fail for want of what the program used up.
        let limits = self.lift_limits();
        let message = traceback::message(self, at);
        let written = traceback::write(self, at);
        let frames = traceback::frames(&self.instances, &self.heap[at].traceback);
        let suggestions = traceback::suggestions(self, at, &frames);
        let failure = if exit { traceback::exit_failure(self, at, &message) } else { Failure::Exception };
        self.heap.meter.limits = limits;
        Report {
            code: super::report::exception_code(exception::builtin_base(&self.heap, class).name()),
            kind,
            message,
            failure,
            location: frames.last().and_then(|frame| frame.location),
            source_name: self.options.name.to_string(),
            suggestions,
            traceback: frames,
            text: written,
            completed: self.completed,
            resume_at: Some(self.unit_start),
            source: self.heap[at].source.clone(),
        }
    }

    fn lift_limits(&mut self) -> Limits {
        let limits = self.heap.meter.limits;
        self.heap.meter.take_pending();
        self.heap.meter.set_allowance(REPORT_STEPS);
        self.heap.meter.limits.memory = self.heap.bytes().saturating_add(REPORT_BYTES);
        limits
    }

    pub(super) fn limit_report(&mut self, exceeded: Exceeded) -> Report {
        let limits = self.heap.meter.limits;
        let message = match exceeded {
            Exceeded::Steps => format!("the program has used its {} steps", self.options.limits.steps),
            Exceeded::Time => format!("the program has run for its {:?}", limits.time.unwrap_or_default()),
            Exceeded::Memory => format!("the program has used its {} bytes of memory", limits.memory),
            Exceeded::Output => format!("the program has printed its {} bytes", limits.output),
        };
        let code = super::report::limit_code(exceeded);
        self.end_report(code, "LimitExceeded", &message, Failure::Limit(exceeded))
    }

    fn end_report(&mut self, code: &'static str, kind: &str, message: &str, failure: Failure) -> Report {
        let frames = traceback::frames(&self.instances, &self.fiber.end_trace);
        let text = traceback::of_frames(&frames, &format!("{kind}: {message}"));
        Report {
            code,
            kind: kind.to_string(),
            message: message.to_string(),
            failure,
            location: frames.last().and_then(|frame| frame.location),
            source_name: self.options.name.to_string(),
            suggestions: Vec::new(),
            traceback: frames,
            text,
            completed: self.completed,
            resume_at: Some(self.unit_start),
            source: None,
        }
    }
}
