//! A language model's output, run as it arrives, with tools bound. The tokens were recorded with their timing; give a
//! factor to play them slower or faster (`cargo run --example model -- 1` plays them as they came).
//!
//! cargo run --example model

use std::time::Duration;

use star::{Engine, Limits, RunEvent, star_module};

/// Flights, for a model to use.
#[star_module("travel")]
mod travel {
    use std::time::Duration;

    /// What a search finds.
    #[derive(star::IntoStar)]
    pub struct Flight {
        code: String,
        price: f64,
    }

    /// The seat cannot be had.
    #[derive(Debug)]
    pub struct Taken(String);

    impl std::fmt::Display for Taken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "seat {} is taken", self.0)
        }
    }

    impl std::error::Error for Taken {}

    /// Flights between two cities, cheapest last.
    #[star_fn(cap = "net", effect = "read")]
    async fn search_flights(from: &str, to: &str) -> Vec<Flight> {
        // A real one would ask a service.
        tokio::time::sleep(Duration::from_millis(2)).await;
        let found = [(101, 240.0), (205, 189.5), (330, 95.25)];
        found.map(|(number, price)| Flight { code: format!("{from}-{to}-{number}"), price }).into()
    }

    /// Reserves a seat and returns its number.
    #[star_fn(cap = "net", effect = "write")]
    async fn reserve(code: &str, seat: &str) -> Result<String, Taken> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        match seat {
            "12A" => Err(Taken(seat.to_string())),
            _ => Ok(format!("{code}/{seat}")),
        }
    }
}

/// Delays and texts of the recorded tokens.
fn recorded() -> Vec<(u64, String)> {
    let lines = include_str!("model.tokens").lines().filter(|line| !line.starts_with('#'));
    let token = |line: &str| {
        let (delay, text) = line.split_once(' ').expect("a delay and a text");
        (delay.parse().expect("milliseconds"), serde_json::from_str(text).expect("a text"))
    };
    lines.map(token).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), star::Error> {
    let factor: f64 = std::env::args().nth(1).and_then(|factor| factor.parse().ok()).unwrap_or(0.01);
    let tokens = recorded();
    let count = tokens.len();
    let received = std::cell::Cell::new(0);
    let stream = futures::stream::unfold(tokens.into_iter(), |mut tokens| async {
        let (delay, text) = tokens.next()?;
        tokio::time::sleep(Duration::from_secs_f64(delay as f64 / 1e3 * factor)).await;
        received.set(received.get() + 1);
        Some((text, tokens))
    });

    let limits = Limits { steps: 1_000_000, ..Limits::default() };
    let engine = Engine::builder().module(travel::module()).limits(limits).build()?;
    let isolate = engine.isolate().grant("travel").allow_any("net").name("answer.star").start().await?;
    // The model was told of its tools; it writes no import.
    isolate.run("from travel import search_flights, reserve, Reserve").await?;

    let mut run = isolate.run_stream(stream);
    while let Some(event) = run.next().await {
        match event {
            RunEvent::Output(bytes) => {
                for line in String::from_utf8_lossy(&bytes).lines() {
                    println!("[{:>2} of {count} tokens] {line}", received.get());
                }
            }
            RunEvent::Error(error) => println!("{error}"),
            _ => {}
        }
    }
    Ok(())
}
