//! The work as a server.

use futures::StreamExt;
use process_rpc::{Headers, Plugin};
use std::collections::HashMap;
use std::os::unix::net::UnixStream;
use tarpc::context::Context;
use tarpc::server::{BaseChannel, Channel};

#[derive(Clone)]
struct Server;

impl Plugin for Server {
    async fn step(self, _: Context, state: u64) -> u64 {
        work::step(state)
    }

    async fn filter(self, _: Context, _: String, _: String, headers: Headers, body: Vec<u8>) -> (u16, Headers, Vec<u8>) {
        let answer = work::filter_parts(headers.iter().map(|(name, value)| (&**name, &**value)), &body);
        (answer.status, answer.headers, answer.body)
    }

    async fn sum(self, _: Context, numbers: Vec<u64>) -> u64 {
        work::sum(&numbers)
    }

    async fn map(self, _: Context, strings: HashMap<String, String>) -> u64 {
        work::map(strings)
    }
}

/// Handles one request after another, because the client waits for each answer.
pub(crate) async fn serve(socket: UnixStream) -> std::io::Result<()> {
    let channel = BaseChannel::with_defaults(process_rpc::over(socket)?);
    channel.execute(Server.serve()).for_each(|request| request).await;
    Ok(())
}
