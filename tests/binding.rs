//! Functions, types and modules of Rust that the macros bind, as scripts see them.
#![forbid(unsafe_code)]

use std::sync::Arc;

use star::core::heap::{Grants, Registry};
use star::private::HostModule;
use star::{Control, Event, Options, Session, run_stream};

#[path = "binding/bind.rs"]
mod bind;
#[path = "binding/derives.rs"]
mod derives;
#[path = "binding/free.rs"]
mod free;
#[path = "binding/functions.rs"]
mod functions;
#[path = "binding/objects.rs"]
mod objects;
#[path = "binding/waiting.rs"]
mod waiting;

/// Runs a script that may use `modules`, and gives what it prints, or its error as the last line. Nothing depends on when
/// garbage is collected.
#[track_caller]
fn run(modules: &[&'static HostModule], capabilities: &[&str], source: &str) -> String {
    let output = run_with(Options::default(), modules, capabilities, source);
    let always = Options { collect_always: true, slice: 1, ..Options::default() };
    assert_eq!(run_with(always, modules, capabilities, source), output, "collecting always");
    output
}

fn run_with(
    options: Options,
    modules: &[&'static HostModule],
    capabilities: &[&str],
    source: &str,
) -> String {
    let mut registry = Registry::default();
    let mut grants = Grants::default();
    for module in modules {
        assert!(registry.add(module), "{} is there already", module.path);
        grants.module(module);
    }
    grants.registry = Arc::new(registry);
    grants.capabilities = capabilities.iter().map(|name| ((*name).into(), None)).collect();
    let mut session = Session::new(options);
    session.set_grants(grants);
    let mut output = String::new();
    let chunks = futures::stream::iter([source]);
    let mut sink = |event: Event<'_>| {
        match event {
            Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
            Event::Error(report) => {
                output.push_str(&format!("{}: {}\n", report.kind, report.message));
            }
            _ => {}
        }
        Control::Continue
    };
    futures::executor::block_on(run_stream(&mut session, chunks, &mut sink));
    output
}

/// Checks what a script prints.
#[track_caller]
fn check(modules: &[&'static HostModule], source: &str, expected: &str) {
    assert_eq!(run(modules, &[], source), expected);
}
