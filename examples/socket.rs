//! A script that arrives over a socket and runs as it arrives: each connection gets an isolate, and what the script
//! prints goes back.
//!
//! cargo run --example socket

use star::{Engine, Limits, RunEvent};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Chunks of what a connection sends, until it has sent everything.
fn chunks(reader: tokio::net::tcp::OwnedReadHalf) -> impl futures::Stream<Item = Vec<u8>> {
    futures::stream::unfold(reader, |mut reader| async move {
        let mut chunk = vec![0; 4096];
        let read = reader.read(&mut chunk).await.ok().filter(|&read| read > 0)?;
        chunk.truncate(read);
        Some((chunk, reader))
    })
}

async fn serve(engine: Engine, connection: TcpStream) -> Result<(), Box<dyn std::error::Error>> {
    let (reader, mut writer) = connection.into_split();
    let isolate = engine.isolate().name("<socket>").start().await?;
    let mut run = isolate.run_stream(chunks(reader));
    while let Some(event) = run.next().await {
        match event {
            RunEvent::Output(bytes) => writer.write_all(&bytes).await?,
            RunEvent::Error(error) => writer.write_all(format!("{error}\n").as_bytes()).await?,
            _ => {}
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits { steps: 1_000_000, memory: 16 << 20, ..Limits::default() };
    let engine = Engine::builder().limits(limits).build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let engine = engine.clone();
            tokio::spawn(
                async move { serve(engine, connection).await.map_err(|error| eprintln!("{error}")) },
            );
        }
    });

    // A client that types, and reads each answer before it types on.
    let mut client = TcpStream::connect(address).await?;
    let mut answer = vec![0; 1024];
    for typed in [
        "print('hello ",
        "socket')\n",
        "total = 0\nfor i in range(5):\n",
        "    total += i\n",
        "print(total)\nprint(1 / 0)\n",
    ] {
        println!("> {typed:?}");
        client.write_all(typed.as_bytes()).await?;
        if typed.starts_with("socket") {
            let read = client.read(&mut answer).await?;
            print!("{}", String::from_utf8_lossy(&answer[..read]));
        }
    }
    client.shutdown().await?;
    let mut rest = String::new();
    client.read_to_string(&mut rest).await?;
    print!("{rest}");
    Ok(())
}
