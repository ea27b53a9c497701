//! The command line.
use star_core::meter::Limits;
use star_core::session::*;
use std::io::Write;
fn main() {
    let path = std::env::args().nth(2).unwrap();
    let src = std::fs::read(&path).unwrap();
    let mut limits = Limits::unlimited();
    limits.memory = 1 << 30;
    let mut options = Options { name: path.as_str().into(), limits, call_main: true, ..Options::default() };
    if std::env::var("TRACE").is_ok() {
        options.trace = true;
    }
    if std::env::var("STRESS").is_ok() {
        options.collect_always = true;
    }
    let mut s = Session::new(options);
    s.feed(&src);
    s.finish();
    let mut out = std::io::stdout().lock();
    let mut code = 0;
    s.run(&mut |event| {
        match event {
            Event::Output(b) => {
                out.write_all(b).unwrap();
            }
            Event::Error(r) => {
                out.flush().unwrap();
                if let Failure::Syntax(d) = &r.failure {
                    eprintln!(
                        "{}: {}:{}: {}",
                        d.kind, d.location.start.line, d.location.start.column, d.message
                    )
                } else {
                    eprint!("{}", r.text)
                };
                code = 1;
            }
            _ => {}
        }
        Control::Continue
    });
    out.flush().unwrap();
    std::process::exit(code);
}
