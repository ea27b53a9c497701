//! Functions that stand on their own: as globals, and in the modules that they name.

use star::{Engine, HostFunction, linked, star_fn};

use crate::check;

/// Greets.
#[star_fn]
pub fn greet(name: &str, #[star(default = 1)] times: usize) -> Result<String, TooMany> {
    if times > 9 { Err(TooMany) } else { Ok(vec![format!("hello {name}"); times].join(" ")) }
}

#[derive(Debug)]
pub struct TooMany;

impl std::fmt::Display for TooMany {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too many")
    }
}

impl std::error::Error for TooMany {}

/// Adds.
#[star_fn(module = "app")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[star_fn(module = "app", cap = "net")]
async fn fetch_all(count: usize) -> Result<Vec<usize>, TooMany> {
    if count > 3 { Err(TooMany) } else { Ok((0..count).collect()) }
}

#[star_fn(module = "app/inner", family = "python", name = "double")]
fn twice(number: f64) -> Result<f64, TooMany> {
    if number.is_nan() { Err(TooMany) } else { Ok(number * 2.0) }
}

fn run(globals: &[(&str, HostFunction)], source: &str) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
    runtime.block_on(async {
        let engine = Engine::builder().modules(linked().map_err(|e| e.to_string())?.iter().copied()).build();
        let mut builder = engine.map_err(|error| error.to_string())?.isolate().grant("app").allow_any("net");
        for &(name, function) in globals {
            builder = builder.global(name, function).map_err(|error| error.to_string())?;
        }
        let isolate = builder.start().await.map_err(|error| error.to_string())?;
        isolate.run(source).await.map_err(|error| error.to_string())?;
        isolate.get::<String>("result").await.map_err(|error| error.to_string())
    })
}

#[test]
fn a_function_is_a_global() {
    let globals = [("greet", greet::function()), ("Greet", greet::pair())];
    assert_eq!(run(&globals, "result = greet('you', times=2)").as_deref(), Ok("hello you hello you"));
    assert_eq!(
        run(&globals, "value, err = Greet('you', 10)\nresult = err.message").as_deref(),
        Ok("too many")
    );
    assert_eq!(run(&globals, "greet('you', 10)"), Err("<isolate>:1: TooMany: too many".to_string()));
    assert_eq!(
        run(&globals, "greet()").unwrap_err(),
        "<isolate>:1: TypeError: greet() missing required argument 'name' (pos 1)"
    );
    assert_eq!(greet::function().native().map(|native| native.doc), Some("Greets."));
    assert_eq!(greet("you", 1).unwrap(), "hello you");
}

#[test]
fn a_function_names_its_module() {
    let modules = linked().expect("no name is given twice");
    let names: Vec<&str> = modules.iter().map(|module| module.path).collect();
    assert_eq!(names, ["app"]);
    check(modules, "import app\nprint(app.add(1, 2), app.Add(3, 4))", "3 7\n");
    check(
        modules,
        "from app import inner\nprint(inner.double(2.5))\ninner.double(float('nan'))",
        "5.0\nTooMany: too many\n",
    );
    check(modules, "import app.inner\nprint(app.inner.TooMany)", "<class 'app.inner.TooMany'>\n");
    let source = "from app import FetchAll, TooMany\nv, err = FetchAll(9)\nresult = str(type(err) is TooMany) + str(FetchAll(2))";
    assert_eq!(run(&[], source).as_deref(), Ok("True([0, 1], None)"));
}

#[test]
fn a_function_is_bound_where_it_stands() {
    #[star_fn]
    fn local(number: i64) -> i64 {
        number + 1
    }
    assert_eq!(local(1), 2);
    assert_eq!(run(&[("local", local::function())], "result = str(local(5))").as_deref(), Ok("6"));
}
