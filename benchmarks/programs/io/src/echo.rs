//! An echo server, and clients that wait for each answer.

use std::io::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Returns the number of bytes that all clients received.
pub(crate) async fn bytes(clients: u32, messages: u32) -> Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answers(stream));
        }
    });
    let asking: Vec<_> = (0..clients)
        .map(|_| {
            tokio::spawn(async move {
                let stream = TcpStream::connect(address).await?;
                asks(stream, messages).await
            })
        })
        .collect();
    let mut total = 0;
    for client in asking {
        total += client.await??;
    }
    Ok(total)
}

async fn answers(mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut message = vec![0; 4096];
    loop {
        let length = stream.read(&mut message).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&message[..length]).await?;
    }
}

async fn asks(mut stream: TcpStream, messages: u32) -> Result<usize> {
    stream.set_nodelay(true)?;
    let question = [b'?'; 512];
    let mut answer = [0; 512];
    let mut total = 0;
    for _ in 0..messages {
        stream.write_all(&question).await?;
        total += stream.read_exact(&mut answer).await?;
    }
    Ok(total)
}
