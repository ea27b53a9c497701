//! Rust functions that a script calls, in both error styles; a script function that Rust calls.
//!
//! cargo run --example hello

use star::{Engine, star_module};

/// A shop.
#[star_module("shop")]
mod shop {
    /// There is no such thing in the shop.
    #[derive(Debug)]
    pub enum ShopError {
        NotSold(String),
    }

    impl std::fmt::Display for ShopError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let ShopError::NotSold(item) = self;
            write!(f, "{item} is not sold here")
        }
    }

    impl std::error::Error for ShopError {}

    /// Price of an item, for so many of them.
    #[star_fn]
    fn price(item: &str, #[star(default = 1)] count: u32) -> Result<f64, ShopError> {
        let each = match item {
            "tea" => 2.5,
            "milk" => 1.2,
            _ => return Err(ShopError::NotSold(item.to_string())),
        };
        Ok(each * f64::from(count))
    }

    /// What the tax office takes.
    pub const TAX: f64 = 0.19;
}

const SCRIPT: &str = r#"
from shop import price, Price, TAX, ShopError

print("tea:", price("tea"), "for two:", price("tea", count=2))

# The same function in Go's style: an error is a value.
total, err = Price("coffee")
print("no coffee:", err)

# And in Python's: an error is raised.
try:
    price("coffee")
except ShopError as e:
    print("caught:", e, "of kind", e.kind)

def bill(items):
    net = sum([price(item) for item in items])
    return {"net": net, "gross": round(net * (1 + TAX), 2)}
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), star::Error> {
    let engine = Engine::builder().module(shop::module()).build()?;
    let isolate = engine.isolate().grant("shop").name("shop.star").start().await?;
    isolate.run(SCRIPT).await?;

    let bill: std::collections::BTreeMap<String, f64> = isolate.call("bill", (vec!["tea", "milk"],)).await?;
    println!("bill: {bill:?}");

    // The embedder gets the original error as the source of what failed.
    let error = isolate.call::<_, ()>("bill", (vec!["gold"],)).await.unwrap_err();
    println!("error: {error}");
    let source =
        std::error::Error::source(&error).and_then(|source| source.downcast_ref::<shop::ShopError>());
    println!("its source: {source:?}");

    // A wrong argument says what was expected, and what was found.
    println!("{}", isolate.run("price(12)").await.unwrap_err());
    println!("{}", isolate.run("price('tea', count=-1)").await.unwrap_err());
    Ok(())
}
