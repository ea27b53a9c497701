//! Functions, constants and errors of modules.

use std::fmt;

use star::{Ctx, star_module};

use crate::{check, run};

/// Weather from the station network.
///
/// Temperatures are in kelvin.
#[star_module("weather")]
mod weather {
    use super::fmt;

    /// No such station.
    #[derive(Debug)]
    pub enum WeatherError {
        NoStation(String),
    }

    impl fmt::Display for WeatherError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let WeatherError::NoStation(city) = self;
            write!(f, "no station in {city}")
        }
    }

    impl std::error::Error for WeatherError {}

    /// Water freezes.
    pub const FREEZING: f64 = 273.15;
    pub const CITIES: [&str; 2] = ["Oslo", "Rome"];
    #[star(skip)]
    const HIDDEN: &[u8] = b"not for scripts";
    #[star(name = "station_count")]
    const COUNT: usize = CITIES.len();

    /// Temperature in `city`.
    #[star_fn]
    fn temperature(city: &str, #[star(default = "K", kw)] unit: &str) -> Result<f64, WeatherError> {
        match (city, unit) {
            ("Oslo", "K") => Ok(FREEZING),
            ("Oslo", _) => Ok(0.0),
            _ => Err(WeatherError::NoStation(city.to_string())),
        }
    }

    /// The nearest station's name.
    #[star_fn]
    fn parse_url(url: String) -> String {
        format!("{url} of {}", HIDDEN.len())
    }

    type Answer<T> = Result<T, WeatherError>;

    #[star_fn]
    fn aliased(ok: bool) -> Answer<()> {
        if ok { Ok(()) } else { Err(WeatherError::NoStation("Atlantis".into())) }
    }

    #[star_fn(cap = "net", effect = "read")]
    fn fetch() -> &'static str {
        "fetched"
    }

    #[star_fn(name = "try")]
    fn attempt(r#type: Option<i64>) -> Option<i64> {
        r#type.map(|number| number + 1)
    }

    fn helper() -> i64 {
        7
    }

    #[star_fn]
    fn helped() -> i64 {
        helper()
    }

    /// Rain, apart from it.
    #[star_module("rain")]
    pub mod rain {
        #[star_fn]
        fn first_word<'a>(text: &'a str, #[star(default = " ")] between: &str) -> &'a str {
            text.split(between).next().unwrap_or_default()
        }
    }
}

/// Numbers.
#[star_module("numbers", family = "python")]
mod numbers {
    use super::Ctx;
    use star::private::Value;

    #[star_fn(go_name = "Add")]
    fn add(a: i64, b: i64, #[star(default = 0)] c: i64) -> Result<i64, String> {
        a.checked_add(b).and_then(|sum| sum.checked_add(c)).ok_or("too large".to_string())
    }

    #[star_fn(pos)]
    fn first(items: &[f64]) -> Option<f64> {
        items.first().copied()
    }

    #[star_fn]
    fn total(#[star(args)] rest: Vec<f64>, #[star(default = 0.0)] start: f64) -> f64 {
        rest.iter().sum::<f64>() + start
    }

    #[star_fn]
    fn show(
        #[star(pos)] first: &str,
        second: Option<i64>,
        #[star(args)] rest: Vec<i64>,
        #[star(kw)] must: bool,
        #[star(kwargs)] more: Vec<(String, i64)>,
    ) -> String {
        format!("{first} {second:?} {rest:?} {must} {more:?}")
    }

    #[star_fn(pos)]
    fn same(ctx: &mut Ctx<'_>, value: Value) -> Value {
        ctx.print("same\n").ok();
        value
    }

    #[star_fn]
    fn needed(#[star(kw)] must: i64, #[star(kw, default = 1)] may: i64) -> i64 {
        must * may
    }

    #[star_fn]
    fn length(data: &[u8], path: Option<&std::path::Path>) -> usize {
        data.len() + path.map_or(0, |path| path.as_os_str().len())
    }
}

#[track_caller]
fn weather(source: &str, expected: &str) {
    check(&[weather::module()], &format!("import weather\n{source}"), expected);
}

#[track_caller]
fn numbers(source: &str, expected: &str) {
    check(
        &[numbers::module()],
        &format!("from numbers import add, first, length, needed, same, show, total\n{source}"),
        expected,
    );
}

#[test]
fn a_function_has_two_spellings() {
    weather("print(weather.temperature('Oslo'))", "273.15\n");
    weather("print(weather.Temperature('Oslo', unit='C'))", "(0.0, None)\n");
    weather("value, err = weather.Temperature('Rome')\nprint(value, err)", "None no station in Rome\n");
    weather("print(weather.ParseURL('a'), weather.parse_url('b'))", "a of 15 b of 15\n");
    weather("print(weather.helped(), weather.Helped())", "7 7\n");
}

#[test]
fn whether_a_function_fails_its_type_says() {
    weather("print(weather.Aliased(True))", "(None, None)\n");
    weather("print(weather.Helped())", "7\n");
    weather("print(weather.aliased(True))", "None\n");
}

#[test]
fn errors_have_classes() {
    weather(
        "try:\n    weather.temperature('Rome')\nexcept weather.WeatherError as e:\n    print(type(e), e)",
        "<class 'weather.WeatherError'> no station in Rome\n",
    );
    weather("weather.aliased(False)", "WeatherError: no station in Atlantis\n");
}

#[test]
fn constants_are_members() {
    weather("print(weather.FREEZING, weather.CITIES, weather.station_count)", "273.15 ['Oslo', 'Rome'] 2\n");
    weather("print(weather.HIDDEN)", "AttributeError: module 'weather' has no attribute 'HIDDEN'\n");
}

#[test]
fn modules_lie_in_modules() {
    weather("print(weather.rain.first_word('heavy rain'))", "heavy\n");
    check(&[weather::module()], "import weather.rain\nprint(weather.rain.FirstWord('a b'))", "a\n");
}

#[test]
fn capabilities_are_asked_for() {
    let source = "import weather\nprint(weather.fetch())";
    assert_eq!(run(&[weather::module()], &["net"], source), "fetched\n");
    let denied = run(&[weather::module()], &[], source);
    assert!(denied.contains("fetch() needs the capability 'net'"), "{denied}");
}

#[test]
fn raw_names_and_keywords_of_rust_are_names() {
    weather("print(getattr(weather, 'try')(4), weather.Try(type=2), weather.Try())", "5 3 None\n");
}

#[test]
fn pythons_family_has_one_spelling() {
    numbers("print(add(1, 2), add(1, b=2, c=3))", "3 6\n");
    numbers("import numbers\nprint(numbers.Add(1, 2))", "(3, None)\n");
    numbers(
        "import numbers\nprint(numbers.Total)",
        "AttributeError: module 'numbers' has no attribute 'Total'\n",
    );
    numbers("add(2 ** 62, 2 ** 62)", "RuntimeError: too large\n");
}

#[test]
fn arguments_are_worded_as_pythons() {
    numbers("add(1)", "TypeError: add() missing required argument 'b' (pos 2)\n");
    numbers("add(1, 'x')", "TypeError: add(): b: expected int, got str \"x\"\n");
    numbers("add(1, 2, d=3)", "TypeError: add() got an unexpected keyword argument 'd'\n");
    numbers("first()", "TypeError: numbers.first() takes exactly one argument (0 given)\n");
    numbers("print(first([1, 2.5]), first([]))", "1.0 None\n");
    numbers("first([1, None])", "TypeError: first(): items[1]: expected float, got None\n");
    numbers("needed()", "TypeError: needed() missing required argument 'must' (pos 1)\n");
    numbers("print(needed(may=3, must=2))", "6\n");
}

#[test]
fn any_number_of_arguments() {
    numbers("print(total(), total(1, 2), total(1, 2, start=4))", "0.0 3.0 7.0\n");
    numbers("print(show('a', must=True))", "a None [] true []\n");
    numbers(
        "print(show('a', 1, 2, 3, must=False, x=4, y=5))",
        "a Some(1) [2, 3] false [(\"x\", 4), (\"y\", 5)]\n",
    );
    numbers("print(show('a', second=2, must=True, first=3))", "a Some(2) [] true [(\"first\", 3)]\n");
    numbers(
        "show('a', 1, must=True, second=2)",
        "TypeError: show() got multiple values for argument 'second'\n",
    );
    numbers("show('a')", "TypeError: show() missing 1 required keyword-only argument: 'must'\n");
    numbers("show(must=True)", "TypeError: show() missing 1 required positional argument: 'first'\n");
    numbers(
        "total(stat=1)",
        "TypeError: total() got an unexpected keyword argument 'stat'. Did you mean 'start'?\n",
    );
}

#[test]
fn the_heap_is_lent() {
    numbers("x = [1]\nprint(same(x) is x)", "same\nTrue\n");
}

#[test]
fn bytes_and_paths_are_lent() {
    numbers("print(length(b'abc'), length(b'', 'dir/file'), length(b'', None))", "3 8 0\n");
    numbers("length('abc')", "TypeError: length(): data: expected bytes, got str \"abc\"\n");
}

#[test]
fn everything_is_described() {
    let module = weather::module();
    assert_eq!(module.doc, "Weather from the station network.\n\nTemperatures are in kelvin.");
    let names: Vec<&str> = module.functions.iter().map(|native| native.name).collect();
    assert!(names.is_sorted(), "{names:?}");
    let temperature = module.functions.iter().find(|native| native.name == "Temperature").expect("is there");
    assert_eq!(temperature.doc, "Temperature in `city`.");
    let signature = temperature.signature.expect("a signature");
    assert!(signature.fails && signature.pair && !signature.waits);
    assert_eq!(signature.params[1].default, Some("'K'"));
    let helped = module.functions.iter().find(|native| native.name == "Helped").expect("is there");
    assert!(helped.signature.is_some_and(|signature| !signature.fails && !signature.pair));
    let fetch = module.functions.iter().find(|native| native.name == "fetch").expect("is there");
    assert_eq!(fetch.signature.expect("a signature").capability, Some("net"));
    assert_eq!(module.exceptions[0].doc, "No such station.");
}
