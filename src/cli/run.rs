//! `star run`: a script as it arrives.
//!
//! In: a [`Run`]. Out: the script's output, its errors, an exit code. Rules: output is on its way before the next source
//! is waited for and before an error is written; a failed write ends the script.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;

use std::io::{self, IsTerminal};

use star::diagnostic::Diagnostic;
use star::render::{self, Severity, Style};
use star::{Control, Event, Failure, Options, Pumped, Report, Session, stdlib, wire};

use super::args::{Color, Errors, Run};
use super::interrupt::Interrupts;
use super::output::{self, Output};
use super::source::{Chunk, Source};
use super::{INTERRUPTED, LIMIT, SCRIPT_ERROR, SUCCESS, complain, interrupt};

/// Runs a script to its end.
pub(super) fn run(command: Run) -> u8 {
    match start(&command) {
        Ok((session, source, stage)) => stage.play(session, source),
        Err(problem) => complain(&problem),
    }
}

/// Everything that can fail before the script runs.
fn start(command: &Run) -> Result<(Session, Source, Stage), String> {
    let options = Options {
        name: command.origin.name().into(),
        limits: command.limits,
        eager: command.eager,
        blocked: command.policy.blocked(),
        call_main: true,
        trace: command.trace,
        show_values: command.events,
        loader: Some(command.origin.loader()),
        ..Options::default()
    };
    let source = command.origin.open()?;
    let mut session = Session::new(options);
    session.set_grants(stdlib::grants());
    let wake = interrupt::on_ctrl_c(session.interrupter().flag())
        .map_err(|error| format!("cannot handle Ctrl-C: {error}"))?;
    let output = Output::stdout().map_err(|error| format!("cannot open standard output: {error}"))?;
    let output = Rc::new(RefCell::new(output));
    // A statement that takes long without coming to a slice's end does not hold back what came before it. That writing
    // has failed is found out afterwards.
    let held_back = output.clone();
    session.on_long_native(move || {
        let _ = held_back.borrow_mut().flush();
    });
    let stage = Stage {
        output,
        events: command.events,
        errors: command.errors,
        exit: SUCCESS,
        lost: false,
        dropped: false,
    };
    Ok((session, source.with_wake(wake), stage))
}

/// Where a script plays: what becomes of its events.
struct Stage {
    output: Rc<RefCell<Output>>,
    events: bool,
    errors: Errors,
    exit: u8,
    /// Writing to standard output has failed.
    lost: bool,
    /// An error was dropped unseen.
    dropped: bool,
}

impl Stage {
    fn play(mut self, mut session: Session, mut source: Source) -> u8 {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return complain(&format!("cannot wait for anything: {error}")),
        };
        // Futures of host functions find the runtime wherever they are made.
        let _entered = runtime.enter();
        let mut interrupts = None;
        loop {
            let pumped = session.pump(&mut |event| self.receive(event));
            self.flush();
            match pumped {
                Pumped::Slice => {}
                Pumped::Waiting => runtime.block_on(self.wait(&mut session, &mut interrupts)),
                Pumped::NeedSource => match source.next_chunk() {
                    Ok(Chunk::Bytes(chunk)) => session.feed(chunk),
                    Ok(Chunk::Interrupted) => {}
                    Ok(Chunk::End) => session.finish(),
                    Err(problem) => return complain(&problem),
                },
                Pumped::Finished | Pumped::Failed => {
                    // The process ends: nobody needs the memory of its objects back one by one.
                    std::mem::forget(session);
                    return if self.exit == SUCCESS && self.dropped { SCRIPT_ERROR } else { self.exit };
                }
            }
        }
    }

    /// Waits until a future of the host is ready, or Ctrl-C.
    async fn wait(&mut self, session: &mut Session, interrupts: &mut Option<Interrupts>) {
        let deadline = session.next_deadline().map(tokio::time::Instant::from_std);
        let mut timer = deadline.map(|deadline| Box::pin(tokio::time::sleep_until(deadline)));
        let interrupts = interrupts.get_or_insert_with(Interrupts::new);
        poll_fn(|cx| {
            // Registers for the next one; that it has come is seen by the session's own flag.
            let _ = interrupts.poll(cx);
            if let Some(timer) = &mut timer {
                let _ = timer.as_mut().poll(cx);
            }
            session.poll_waiting(cx, &mut |event| self.receive(event))
        })
        .await;
    }

    fn receive(&mut self, event: Event<'_>) -> Control {
        if self.lost {
            // Its output has no reader: what it does after that is not told.
            return Control::Stop;
        }
        if self.events {
            let mut output = self.output.borrow_mut();
            output.push(wire::event(&event).as_bytes());
            output.push(b"\n");
        } else if let Event::Output(bytes) = event {
            self.output.borrow_mut().push(bytes);
        }
        match event {
            Event::Error(report) => self.fail(report),
            Event::Dropped(report) => {
                self.flush();
                self.dropped = true;
                write_error(report, self.errors);
            }
            _ => {}
        }
        if self.lost { Control::Stop } else { Control::Continue }
    }

    fn fail(&mut self, report: &Report) {
        self.flush();
        if self.lost {
            return;
        }
        self.exit = exit_code(report);
        write_error(report, self.errors);
    }

    fn flush(&mut self) {
        if self.lost {
            return;
        }
        let flushed = self.output.borrow_mut().flush();
        if let Err(error) = flushed {
            self.lost = true;
            self.exit = output::failure_code(&error);
        }
    }
}

/// The exit code after a failure.
pub(super) fn exit_code(report: &Report) -> u8 {
    match &report.failure {
        Failure::Syntax(_) | Failure::Exception | Failure::Stopped | Failure::Denied => SCRIPT_ERROR,
        Failure::Exit { code, .. } => *code as u8, // the low eight bits, as exit(3) takes them
        Failure::Limit(_) => LIMIT,
        Failure::Cancelled => INTERRUPTED,
    }
}

/// Writes a failure to standard error as the user wants it.
pub(super) fn write_error(report: &Report, errors: Errors) {
    let text = match &report.failure {
        Failure::Exit { says: None, .. } => return,
        Failure::Exit { says: Some(text), .. } => format!("{text}\n"),
        _ if errors.json => format!("{}\n", wire::report(report)),
        _ => render::report(report, style(errors.color)),
    };
    to_stderr(&text);
}

/// Writes a problem of source to standard error; `stop` says whether nothing after it was looked at.
pub(super) fn write_diagnostic(diagnostic: &Diagnostic, severity: Severity, stop: bool, errors: Errors) {
    to_stderr(&match errors.json {
        true => format!("{}\n", wire::diagnostic(diagnostic, stop)),
        false => render::diagnostic(diagnostic, severity, style(errors.color)),
    });
}

fn to_stderr(text: &str) {
    // Nobody is left to be told that standard error is gone.
    let _ = io::Write::write_all(&mut io::stderr().lock(), text.as_bytes());
}

/// What standard error can show.
fn style(color: Color) -> Style {
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    if colored { Style::Colored } else { Style::Plain }
}
