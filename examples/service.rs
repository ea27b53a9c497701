//! A web service that asks a script for each request: axum in front, a pool of isolates over one compiled program behind.
//!
//! cargo run --example service

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use star::{Engine, Isolate, Limits};

const PRICING: &str = r#"
RATES = {"eu": 1.19, "us": 1.07}

def price(query):
    net = float(query["net"])
    region = query.get("region", "eu")
    if region not in RATES:
        raise ValueError(f"no rates for {region!r}")
    return {"gross": round(net * RATES[region], 2), "region": region}
"#;

/// Isolates that take turns.
struct Pool {
    isolates: Vec<Isolate>,
    next: AtomicUsize,
}

impl Pool {
    fn isolate(&self) -> &Isolate {
        &self.isolates[self.next.fetch_add(1, Ordering::Relaxed) % self.isolates.len()]
    }
}

#[derive(serde::Serialize, star::FromStar)]
struct Price {
    gross: f64,
    region: String,
}

async fn price(
    State(pool): State<Arc<Pool>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<axum::Json<Price>, (StatusCode, String)> {
    match pool.isolate().call("price", (query,)).await {
        Ok(price) => Ok(axum::Json(price)),
        // The script's own errors are the client's fault here; anything else is ours.
        Err(error) if error.kind() == Some("ValueError") => {
            Err((StatusCode::BAD_REQUEST, format!("{error}\n")))
        }
        Err(error) => {
            println!("log: {error}");
            Err((StatusCode::INTERNAL_SERVER_ERROR, "internal error\n".to_string()))
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A request may take 10 ms and a million steps, whatever the script does.
    let limits = Limits { steps: 1_000_000, time: Some(Duration::from_millis(10)), ..Limits::default() };
    let engine = Engine::builder().limits(limits).build()?;
    let program = engine.compile("pricing.star", PRICING)?;
    let mut isolates = Vec::new();
    for _ in 0..4 {
        isolates.push(engine.isolate().program(&program).start().await?);
    }
    let pool = Arc::new(Pool { isolates, next: AtomicUsize::new(0) });

    let app = Router::new().route("/price", get(price)).with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });

    for query in ["net=100", "net=100&region=us", "net=100&region=mars", "net=a+lot", "region=eu"] {
        let answer = reqwest::get(format!("http://{address}/price?{query}")).await?;
        let status = answer.status();
        println!("{query}: {status} {}", answer.text().await?.trim());
    }
    Ok(())
}
