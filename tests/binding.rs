//! Functions, types and modules of Rust that the macros bind, as scripts see them.

use std::sync::Arc;

use star::core::heap::{Grants, Registry};
use star::private::HostModule;
use star::{Control, Event, Options, Session};

#[path = "binding/derives.rs"]
mod derives;
#[path = "binding/functions.rs"]
mod functions;
#[path = "binding/objects.rs"]
mod objects;

/// Runs a script that may use `modules`, and gives what it prints, or its error as the last line.
fn run(modules: &[&'static HostModule], capabilities: &[&str], source: &str) -> String {
    let mut registry = Registry::default();
    let mut grants = Grants::default();
    for module in modules {
        assert!(registry.add(module), "{} is there already", module.path);
        grants.module(module);
    }
    grants.registry = Arc::new(registry);
    grants.capabilities = capabilities.iter().map(|name| ((*name).into(), None)).collect();
    let mut session = Session::new(Options::default());
    session.set_grants(grants);
    session.feed(source.as_bytes());
    session.finish();
    let mut output = String::new();
    session.run(&mut |event| {
        match event {
            Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
            Event::Error(report) => {
                output.push_str(&format!("{}: {}\n", report.kind, report.message));
            }
            _ => {}
        }
        Control::Continue
    });
    output
}

/// Checks what a script prints.
#[track_caller]
fn check(modules: &[&'static HostModule], source: &str, expected: &str) {
    assert_eq!(run(modules, &[], source), expected);
}
