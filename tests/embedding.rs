//! Engines and isolates, as an embedder uses them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use star::{Engine, Error, Isolate, Limits, RunEvent};

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

fn engine() -> Engine {
    Engine::builder().build().expect("an engine")
}

async fn isolate(source: &str) -> Isolate {
    let isolate = engine().isolate().start().await.expect("an isolate");
    isolate.run(source).await.expect("the source runs");
    isolate
}

#[test]
fn globals_and_calls() {
    block_on(async {
        let isolate = engine().isolate().global("x", 10).unwrap().start().await.unwrap();
        isolate.run("total = x * 2.5\ndef area(w, h): return w * h\n").await.unwrap();
        assert_eq!(isolate.get::<f64>("total").await.unwrap(), 25.0);
        assert_eq!(isolate.call::<_, i64>("area", (3, 4)).await.unwrap(), 12);
        isolate.set("x", vec!["a", "b"]).await.unwrap();
        isolate.run("y = [s.upper() for s in x]").await.unwrap();
        assert_eq!(isolate.get::<Vec<String>>("y").await.unwrap(), ["A", "B"]);
    });
}

#[test]
fn a_stream_is_run_as_it_arrives() {
    block_on(async {
        let isolate = engine().isolate().start().await.unwrap();
        let chunks = futures::stream::iter(["print(1)\nfor i in ran", "ge(2):\n    print(i", ")\n"]);
        let mut run = isolate.run_stream(chunks);
        let mut told = Vec::new();
        while let Some(event) = run.next().await {
            told.push(match event {
                RunEvent::Output(bytes) => String::from_utf8(bytes).unwrap(),
                RunEvent::StatementStarted { at } => format!("at {}", at.line),
                RunEvent::StatementDone { completed, .. } => format!("done {completed}"),
                RunEvent::End { .. } => "end".to_string(),
                other => format!("{other:?}"),
            });
        }
        assert_eq!(told, ["at 1", "1\n", "done 1", "at 2", "0\n1\n", "done 2", "end"]);
    });
}

#[test]
fn errors_say_what_and_where() {
    block_on(async {
        let isolate = isolate("def f(x):\n    return 1 / x\nname = 'tea'\n").await;
        let error = isolate.call::<_, f64>("f", (0,)).await.unwrap_err();
        assert!(error.is_exception() && !error.is_limit());
        assert_eq!(error.kind(), Some("ZeroDivisionError"));
        assert_eq!(error.to_string(), "<isolate>:2: ZeroDivisionError: division by zero");
        assert!(error.report().unwrap().text.contains("return 1 / x"), "{error:?}");

        let error = isolate.get::<i64>("name").await.unwrap_err();
        assert!(error.is_conversion());
        assert_eq!(error.to_string(), "name: expected int, got str \"tea\"");
        assert!(isolate.get::<i64>("nothing").await.unwrap_err().is_missing());
        assert!(isolate.call::<_, ()>("nothing", ()).await.unwrap_err().is_missing());
        let error = isolate.run("x = = 1").await.unwrap_err();
        assert!(error.is_syntax(), "{error}");
        // What ran stays, and the isolate goes on.
        isolate.run("after = name + '!'").await.unwrap();
        assert_eq!(isolate.get::<String>("after").await.unwrap(), "tea!");
    });
}

#[test]
fn a_limit_of_a_call_leaves_the_isolate() {
    block_on(async {
        let limits = Limits { steps: 100_000, ..Limits::default() };
        let isolate = engine().isolate().limits(limits).start().await.unwrap();
        isolate.run("def forever():\n    while True: pass\ndef one(): return 1\n").await.unwrap();
        let error = isolate.call::<_, ()>("forever", ()).await.unwrap_err();
        assert!(error.is_limit(), "{error}");
        assert_eq!(isolate.call::<_, i64>("one", ()).await.unwrap(), 1);
    });
}

#[test]
fn a_dropped_call_is_cancelled() {
    block_on(async {
        let limits = Limits { steps: u64::MAX, time: None, ..Limits::default() };
        let isolate = engine().isolate().limits(limits).start().await.unwrap();
        let source = "ended = 0\ndef forever():\n    global ended\n    try:\n        while True: pass\n    finally:\n        ended += 1\n";
        isolate.run(source).await.unwrap();
        let call = isolate.call::<_, ()>("forever", ());
        assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
        while isolate.get::<i64>("ended").await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn a_dropped_run_is_cancelled() {
    block_on(async {
        let limits = Limits { steps: u64::MAX, time: None, ..Limits::default() };
        let isolate = engine().isolate().limits(limits).start().await.unwrap();
        let mut run = isolate.run_stream(futures::stream::iter(["n = 1\nprint(n)\nwhile True: n += 1\n"]));
        while !matches!(run.next().await, Some(RunEvent::Output(_))) {}
        drop(run);
        loop {
            match isolate.run("m = n").await {
                Ok(()) => break,
                Err(error) => assert!(error.to_string().contains("another run"), "{error}"),
            }
        }
        assert!(isolate.get::<i64>("m").await.unwrap() >= 1);
    });
}

#[test]
fn handles_work_from_tasks_and_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let isolate = isolate("n = 0\ndef add(k):\n    global n\n    n += k\n    return n\n").await;
        let calls: Vec<_> = (0..20)
            .map(|k| {
                let isolate = isolate.clone();
                tokio::spawn(async move { isolate.call::<_, i64>("add", (k,)).await })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(isolate.get::<i64>("n").await.unwrap(), 190);
    });
}

#[test]
fn output_goes_where_the_host_says() {
    block_on(async {
        let printed = Arc::new(Mutex::new(String::new()));
        let sink = printed.clone();
        let output = move |bytes: &[u8]| sink.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        let isolate = engine().isolate().output(output).start().await.unwrap();
        isolate.run("print('run')\ndef f(): print('call')\n").await.unwrap();
        isolate.call::<_, ()>("f", ()).await.unwrap();
        assert_eq!(*printed.lock().unwrap(), "run\ncall\n");
    });
}

#[test]
fn globals_through_serde() {
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Config {
        name: String,
        servers: Vec<Server>,
        debug: Option<bool>,
    }
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Server {
        host: String,
        port: u16,
    }
    block_on(async {
        let isolate =
            isolate("name = 'app'\nservers = [{'host': 'a', 'port': 80 + i} for i in range(2)]\n").await;
        let config: Config = isolate.globals().await.unwrap();
        assert_eq!(config.name, "app");
        assert_eq!(config.servers[1], Server { host: "a".into(), port: 81 });
        isolate.run("servers[1]['port'] = 'x'").await.unwrap();
        let error: Error = isolate.globals::<Config>().await.unwrap_err();
        assert_eq!(error.to_string(), "servers[1].port: expected int, got str \"x\"");
    });
}

#[test]
fn isolates_share_a_program() {
    block_on(async {
        let engine = engine();
        let program = engine.compile(
            "app.star",
            "'What it does.'\nn = start * 2\ndef next():\n    global n\n    n += 1\n    return n\n",
        );
        let program = program.unwrap();
        let mut isolates = Vec::new();
        for start in 0..3 {
            let isolate = engine.isolate().program(&program).global("start", start).unwrap();
            isolates.push(isolate.start().await.unwrap());
        }
        for (start, isolate) in isolates.iter().enumerate() {
            assert_eq!(isolate.call::<_, usize>("next", ()).await.unwrap(), start * 2 + 1);
            assert_eq!(isolate.get::<String>("__doc__").await.unwrap(), "What it does.");
        }
        let error = engine.compile("app.star", "x = = 1").unwrap_err();
        assert!(error.is_syntax());
        let failing = engine.compile("app.star", "x = 1 / 0").unwrap();
        let error = engine.isolate().program(&failing).start().await.unwrap_err();
        assert_eq!(error.to_string(), "app.star:1: ZeroDivisionError: division by zero");
    });
}
