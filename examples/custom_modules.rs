//! A program with the modules it chose: nothing else can be required. With `default-features = false` and the features
//! of the chosen modules nothing else is compiled in either.
//!
//! cargo run --example custom_modules

use star::{Engine, star_module, stdlib};

/// Of this program only.
#[star_module("limits")]
mod limits {
    /// Orders above this are looked at by a person.
    pub const REVIEW_ABOVE: f64 = 1000.0;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), star::Error> {
    let engine = Engine::bare().grant_all([stdlib::math::module()]).module(limits::module()).build()?;
    let linked: Vec<&str> = engine.modules().map(|module| module.path).collect();
    println!("linked: {linked:?}");

    let rules = engine.isolate().grant("limits").name("rules.star").start().await?;
    let source =
        "import math\nimport limits\ndef review(total): return math.ceil(total) > limits.REVIEW_ABOVE\n";
    rules.run(source).await?;
    println!("1000.2: {}", rules.call::<_, bool>("review", (1000.2,)).await?);

    // Linked, and not granted; and not there at all.
    let guest = engine.isolate().name("guest.star").start().await?;
    println!("{}", guest.run("import limits").await.unwrap_err());
    println!("{}", guest.run("import strings").await.unwrap_err());
    Ok(())
}
