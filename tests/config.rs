//! Configuration written as scripts: `star::config`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use star::config::{self, Error, write};
use star::{Data, Engine, Limits};

#[derive(Deserialize, Debug, PartialEq)]
struct App {
    name: String,
    #[serde(default)]
    debug: bool,
    servers: Vec<Server>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Server {
    host: String,
    port: u16,
    #[serde(default, rename = "max-size")]
    max_size: Option<u32>,
}

/// What loading `source` as a `T` fails with.
#[track_caller]
fn error_as<T: DeserializeOwned + 'static>(source: &str) -> Error {
    config::text("app.star", source).load::<T>().err().expect("it is no such value")
}

#[track_caller]
fn error(source: &str, expected: &str) {
    assert_eq!(error_as::<App>(source).to_string(), expected);
}

fn json(source: &str) -> String {
    let evaluated = config::text("app.star", source).evaluate().expect("it runs");
    write::json(&evaluated).expect("it is JSON").split_whitespace().collect::<Vec<_>>().join(" ")
}

const APP: &str = "\
name = 'shop'
servers = [
    {'host': 'a', 'port': 80},
    struct(host='b', port=8080),
]
def helper(): pass
_private = helper
";

#[test]
fn globals_become_a_type() {
    let app: App = config::text("app.star", APP).load().unwrap();
    assert_eq!((app.name.as_str(), app.debug, app.servers[1].port), ("shop", false, 8080));
}

#[test]
fn config_is_called() {
    let source =
        "name = 1\ndef config(debug=True):\n    return {'name': 'x', 'servers': [], 'debug': debug}\n";
    let app: App = config::text("app.star", source).load().unwrap();
    assert_eq!(app, App { name: "x".into(), debug: true, servers: Vec::new() });
    // One that wants arguments is a function as any other.
    let source = "name = 'y'\nservers = ()\ndef config(debug):\n    return {}\n";
    let app: App = config::text("app.star", source).load().unwrap();
    assert_eq!(app.name, "y");
}

#[test]
fn an_error_names_the_line_of_the_value() {
    error(&APP.replace("8080", "'80'"), "app.star:4: servers[1].port: expected int, got str \"80\"");
    error(&APP.replace("'port': 80", "'port': None"), "app.star:3: servers[0].port: expected int, got None");
    error(&APP.replace("'a'", "\n7"), "app.star:4: servers[0].host: expected str, got int 7");
    error(&APP.replace("'shop'", "(\n    1.5)"), "app.star:2: name: expected str, got float 1.5");
    error(
        &APP.replace("8080", "70_000"),
        "app.star:4: servers[1].port: expected int from 0 to 65535, got int 70000",
    );
    error(
        &APP.replace("8080", "2**200"),
        "app.star:4: servers[1].port: expected int from 0 to 65535, got int",
    );
    error(
        "Server = struct.define('Server', host='', port=0)\nname = ''\nservers = (Server(host='x'),\n  Server(port=[]))\n",
        "app.star:4: servers[1].port: expected int, got list",
    );
    error(
        "one = {'host': 'a',\n 'port': 'http'}\nname, servers = 'x', [one]\n",
        "app.star:2: servers[0].port: expected int, got str \"http\"",
    );
    error(
        "name = 'x'\nservers = [dict(host='a', port=1, **{'max-size': 'many'})]\n",
        "app.star:2: servers[0][\"max-size\"]: expected int, got str \"many\"",
    );
}

#[test]
fn a_computed_value_is_of_its_statement() {
    error(
        "name = 'x'\nservers = [\n    {'host': h, 'port': h}\n    for h in 'ab'\n]\n",
        "app.star:2: servers[0].port: expected int, got str \"a\"",
    );
    error(
        "name = 'x'\ndef make(port):\n    return {'host': 'a', 'port': port}\nservers = [make(1),\n    make('2')]\n",
        "app.star:5: servers[1].port: expected int, got str \"2\"",
    );
    error(
        "servers = []\nname = 'x'\nservers += [{'host': 1}]\n",
        "app.star:3: servers[0].host: expected str, got int 1",
    );
    error("name = 'x'\nfor servers in [1, 2]:\n    pass\n", "app.star:2: servers: expected list, got int 2");
    error(
        "name = 'x'\nservers = [{'host': 'a', 'port': 1}]\nservers[0]['port'] = '1'\n",
        "app.star:3: servers[0].port: expected int, got str \"1\"",
    );
}

#[test]
fn the_branch_that_ran_is_named() {
    let source = "\
name = 'x'
prod = True
if prod:
    servers = [{'host': 'a', 'port': '1'}]
else:
    servers = [{'host': 'a', 'port': '2'}]
";
    error(source, "app.star:4: servers[0].port: expected int, got str \"1\"");
    error(&source.replace("True", "False"), "app.star:6: servers[0].port: expected int, got str \"2\"");
    // A function that binds a global tells of itself.
    error(
        "name = 'x'\ndef f():\n    global servers\n    servers = [{'host': 3}]\nf()\n",
        "app.star:4: servers[0].host: expected str, got int 3",
    );
}

#[test]
fn the_result_of_config_is_of_its_return() {
    error(
        "def config():\n    if False:\n        return None\n    return {\n        'name': 5,\n        'servers': [],\n    }\n",
        "app.star:5: name: expected str, got int 5",
    );
    error(
        "def config():\n    return make()\ndef make():\n    return {'name': 'x', 'servers': 2}\n",
        "app.star:1: servers: expected list, got int 2",
    );
    error("def config():\n    pass\n", "app.star:1: expected dict or struct (App), got None");
    error("\ndef config():\n    return 5\n", "app.star:3: expected dict or struct (App), got int 5");
}

#[test]
fn what_is_missing_is_named() {
    error(
        "name = 'x'\nservers = [\n    {'host': 'a', 'ports': 80},\n]\n",
        "app.star:3: servers[0]: missing field 'port'; there is 'ports'",
    );
    error("servers = []\n", "app.star: missing field 'name'");
    error("def config():\n    return {'servers': []}\n", "app.star:2: missing field 'name'");
}

#[test]
fn unknown_fields_and_variants_are_named() {
    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[allow(dead_code)]
        level: Level,
    }
    #[derive(Deserialize, Debug)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Low,
        High,
    }
    let of = |source: &str| error_as::<Strict>(source).to_string();
    assert_eq!(of("level = 'mid'\n"), "app.star:1: level: expected \"low\" or \"high\", got \"mid\"");
    assert_eq!(of("level = 'low'\nx = 1\n"), "app.star: expected \"level\", got field \"x\"");
    assert!(matches!(
        config::text("app.star", "level = 'high'\ndef f(): pass\n").load::<Strict>().unwrap().level,
        Level::High
    ));
}

#[test]
fn a_script_that_fails_says_so() {
    let failed = error_as::<App>("name = 'x'\nservers = 1 / 0\n");
    assert_eq!(failed.to_string(), "app.star:2: ZeroDivisionError: division by zero");
    assert!(failed.report().unwrap().text.contains("servers = 1 / 0"), "{failed:?}");
    let failed = error_as::<App>("name = 'x'\nservers = = 2\n");
    assert!(failed.to_string().starts_with("app.star:2: SyntaxError: "), "{failed}");
    let failed = error_as::<App>("def config():\n    return missing\n");
    assert_eq!(failed.to_string(), "app.star:2: NameError: name 'missing' is not defined");
    let limits = Limits { steps: 1000, ..Limits::default() };
    let failed = config::text("app.star", "while True: pass").limits(limits).load::<App>().unwrap_err();
    assert!(failed.report().unwrap().is_limit(), "{failed}");
    assert_eq!(
        config::load::<App>("/no/such/app.star").unwrap_err().to_string(),
        "cannot read /no/such/app.star: No such file or directory (os error 2)"
    );
}

#[test]
fn what_is_set_wins() {
    let source = "env = 'dev'\nif env == 'prod':\n    replicas: int = 3\nelse:\n    replicas = 1\n";
    let of = |script: config::Script| {
        let evaluated = script.evaluate().unwrap();
        write::json(&evaluated).unwrap().split_whitespace().collect::<String>()
    };
    let text = || config::text("app.star", source);
    assert_eq!(of(text()), r#"{"env":"dev","replicas":1}"#);
    assert_eq!(of(text().set("env", "prod")), r#"{"env":"prod","replicas":3}"#);
    assert_eq!(of(text().set("env", "prod").set("replicas", 7)), r#"{"env":"prod","replicas":7}"#);
    // The default is not evaluated.
    assert_eq!(of(config::text("app.star", "x = 1 / 0\n").set("x", true)), r#"{"x":true}"#);
    // What the script only reads is its input.
    assert_eq!(of(config::text("app.star", "y = x + 1\n").set("x", 1)), r#"{"y":2}"#);
}

#[test]
fn nothing_else_binds_what_is_set() {
    for source in [
        "x += 1",
        "for x in []: pass",
        "def x(): pass",
        "a = x = 1",
        "x, y = 1, 2",
        "import string as x",
        "del x",
        "print(x := 2)",
        "def f():\n    global x\n    x = 2\n",
    ] {
        let failed = config::text("app.star", source).set("x", 1).evaluate().err().expect(source);
        assert!(failed.to_string().contains("SyntaxError: 'x' is given by the host"), "{source}: {failed}");
    }
    // A function's own variable is another.
    let source = "def f(x):\n    x = x + 1\n    return x\ny = f(x) + [x for x in (1,)][0]\n";
    let evaluated = config::text("app.star", source).set("x", 1).evaluate().unwrap();
    assert_eq!(evaluated.value(), &Data::Dict(vec![("y".into(), 3.into())]));
}

#[test]
fn names_that_a_script_does_not_know_are_found() {
    let mut script =
        config::text("app.star", "port = 1\nz = host\n").set("ports", 1).set("host", 2).set("z", 3);
    assert_eq!(script.unknown_names().unwrap(), [("ports".to_string(), Some("port".to_string()))]);
}

#[test]
fn keys_come_in_the_order_of_the_source() {
    let source = "\
def make(): return [port, name]
name = 'x'
if True:
    port = 1
all = make()
_hidden = 1
name = 'y'
import string
Point = struct.define('Point', x=0)
at = Point(x=2)
pair = ({3, 1}, None, 1e100, True)
";
    assert_eq!(
        json(source),
        r#"{ "name": "y", "port": 1, "all": [ 1, "x" ], "at": { "x": 2 }, "pair": [ [ 3, 1 ], null, 1e+100, true ] }"#
    );
    assert_eq!(
        json("def config():\n    return [{'b': 1, 'a': []}, 2**100]\n"),
        r#"[ { "b": 1, "a": [] }, 1267650600228229401496703205376 ]"#
    );
}

#[test]
fn what_is_no_data_is_told() {
    let of = |source: &str| config::text("app.star", source).evaluate().err().unwrap().to_string();
    assert_eq!(of("def f(): pass\na = [1, {'f': f}]\n"), "app.star:2: a[1].f: expected data, got function");
    assert_eq!(of("a = range(3)\n"), "app.star:1: a: expected data, got range");
    assert!(
        of("a = []\na.append(a)\n").contains("expected a value that nests less deeply, and not in itself")
    );
}

#[test]
fn what_a_format_does_not_have_is_told() {
    let of = |source: &str, write: fn(&config::Evaluated) -> Result<String, Error>| {
        let evaluated = config::text("app.star", source).evaluate().unwrap();
        write(&evaluated).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(of("a = {\n 'b': [float('nan')]}\n", write::json), "app.star:2: a.b[0]: JSON has no nan");
    assert_eq!(of("a = {1: 2}\n", write::json), "app.star:1: a[1]: a key in JSON is a str, not int");
    assert_eq!(
        of("a = (b'x',)\n", write::json),
        "app.star:1: a[0]: JSON has no bytes: decode them, or write them as text"
    );
    assert_eq!(of("a = {(1,): 2}\n", write::yaml), "app.star:1: a[tuple]: a key in YAML is a str, not tuple");
    assert_eq!(of("a = {1: None, True: 2.5}\n", write::yaml), "");
    assert_eq!(
        of("x = 1\na = struct(b=None)\n", write::toml),
        "app.star:2: a.b: TOML has no None: leave it out"
    );
    assert_eq!(of("a = 2**63\n", write::toml), "app.star:1: a: an int of 64 bits is too large for TOML");
    assert_eq!(
        of("def config():\n    return [1]\n", write::toml),
        "app.star:2: TOML is a table: expected dict or struct, got list"
    );
}

#[test]
fn yaml_and_toml_read_back() {
    let source = "\
name = 'no'
day = '2024-01-01'
texts = ['a: b', '', 'two\\nlines\\n', '  x', '=', '1e3', '~', 'é', '\\t', 'x' * 200]
servers = [{'host': 'a', 'tags': ('x', 'y')}, {'host': 'b', 'size': 1.0}]
empty = {}
small = -5
";
    let evaluated = config::text("app.star", source).evaluate().unwrap();
    let toml: BTreeMap<String, serde_json::Value> =
        toml::from_str(&write::toml(&evaluated).unwrap()).unwrap();
    let json: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&write::json(&evaluated).unwrap()).unwrap();
    assert_eq!(toml, json);
    let yaml = write::yaml(&evaluated).unwrap();
    let head = "name: \"no\"\nday: \"2024-01-01\"\ntexts:\n- \"a: b\"\n- \"\"\n- |\n  two\n  lines\n- \"  x\"\n- \"=\"\n- \"1e3\"\n";
    assert!(yaml.starts_with(head), "{yaml}");
    assert!(
        yaml.contains(
            "servers:\n- host: a\n  tags:\n  - x\n  - \"y\"\n- host: b\n  size: 1.0\nempty: {}\nsmall: -5\n"
        ),
        "{yaml}"
    );
}

#[test]
fn scripts_below_the_folder_are_required() {
    let folder = std::env::temp_dir().join(format!("star-config-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("lib")).unwrap();
    std::fs::write(folder.join("lib/base.star"), "port = 80\n").unwrap();
    std::fs::write(folder.join("app.star"), "base = require('./lib/base.star')\nport = base.port\n").unwrap();
    let globals: BTreeMap<String, i64> = config::load(folder.join("app.star")).unwrap();
    assert_eq!(globals, BTreeMap::from([("port".to_string(), 80)]));
    std::fs::write(folder.join("app.star"), "port = '80'\n").unwrap();
    let path = folder.join("app.star").display().to_string();
    let failed = config::load::<BTreeMap<String, i64>>(folder.join("app.star")).unwrap_err();
    assert_eq!(failed.to_string(), format!("{path}:1: port: expected int, got str \"80\""));
    assert_eq!((failed.path(), failed.location().map(|at| at.start.column)), (Some("port"), Some(8)));
}

#[test]
fn what_is_printed_goes_to_the_output() {
    let printed = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let sink = printed.clone();
    let script = config::text("app.star", "print('hi')\nx = 1\n");
    script.output(move |bytes| sink.borrow_mut().extend_from_slice(bytes)).evaluate().unwrap();
    assert_eq!(*printed.borrow(), b"hi\n");
}

#[test]
fn an_isolate_keeps_the_script() {
    futures::executor::block_on(async {
        let engine = Engine::builder().build().unwrap();
        let script =
            config::text("rules.star", "limit = 1\ndef double(n): return n * 2 * limit\n").set("limit", 4);
        let (globals, isolate) = script.start::<BTreeMap<String, i64>>(engine.isolate()).await.unwrap();
        assert_eq!(globals["limit"], 4);
        assert_eq!(isolate.call::<_, i64>("double", (3,)).await.unwrap(), 24);
        let script = config::text("app.star", APP.replace("8080", "'80'"));
        let failed = script.start::<App>(engine.isolate()).await.map(|_| ()).unwrap_err();
        assert_eq!(failed.to_string(), "app.star:4: servers[1].port: expected int, got str \"80\"");
        let script = config::text("app.star", "def config():\n    return {'name': []}\n");
        let failed = script.start::<App>(engine.isolate()).await.map(|_| ()).unwrap_err();
        assert_eq!(failed.to_string(), "app.star:2: name: expected str, got list");
        let failed = config::text("a", "1/0").start::<App>(engine.isolate()).await.map(|_| ()).unwrap_err();
        assert_eq!(failed.to_string(), "a:1: ZeroDivisionError: division by zero");
    });
}

#[tokio::test(flavor = "current_thread")]
async fn a_host_function_can_wait_wherever_it_is_loaded() {
    #[star::star_module("clock")]
    mod clock {
        use std::time::Duration;

        /// Waits, and gives back `n`.
        #[star_fn]
        pub async fn later(n: i64) -> i64 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            n
        }
    }
    let script = config::text(
        "app.star",
        "import clock\na = clock.later(1)\ndef config(): return {'a': clock.later(a + 1)}\n",
    );
    let script = script.prepare(|session| {
        let mut registry = star::core::heap::Registry::default();
        assert!(registry.add(clock::module()));
        let mut grants = star::core::heap::Grants { registry: registry.into(), ..Default::default() };
        grants.module(clock::module());
        session.set_grants(grants);
    });
    let globals: BTreeMap<String, i64> = script.load().unwrap();
    assert_eq!(globals["a"], 2);
}
