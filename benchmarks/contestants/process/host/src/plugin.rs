//! A plugin as a child process. Arguments and results are copied into messages.

use crate::calls;
use process_rpc::PluginClient;
use protocol::{BoxError, Contestant, Pair};
use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};
use tarpc::context;
use tokio::runtime::Runtime;
use work::{Answer, Request};

pub(crate) struct Plugin {
    /// Dropped first: that closes the socket, and the child ends.
    client: Option<PluginClient>,
    /// Runs the task that reads and writes messages.
    runtime: Option<Runtime>,
    child: Child,
}

impl Contestant for Plugin {
    /// Returns after the child's first answer, which shows that it works.
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        let (ours, theirs) = UnixStream::pair()?;
        let child = Command::new(plugin).stdin(OwnedFd::from(theirs)).spawn()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(async {
            let client = PluginClient::new(tarpc::client::Config::default(), process_rpc::over(ours)?).spawn();
            client.step(context::current(), 0).await?;
            Ok::<_, BoxError>(client)
        })?;
        Ok(Self { client: Some(client), runtime: Some(runtime), child })
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        self.step(0)?;
        // A failed call shows in the state that all later calls get, at the latest in the next one.
        let pair = calls::of(&|state| self.step(state).unwrap_or(0));
        self.step(0)?;
        Ok(pair)
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        let Request { method, path, headers, body } = request.clone();
        let (status, headers, body) = self.ask(async |client| client.filter(context::current(), method, path, headers, body).await)?;
        Ok(Answer { status, headers, body })
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        self.ask(async |client| client.sum(context::current(), numbers.to_vec()).await)
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        self.ask(async |client| client.map(context::current(), strings).await)
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        Err("a child process is not edited".into())
    }
}

impl Plugin {
    fn step(&self, state: u64) -> Result<u64, BoxError> {
        self.ask(async |client| client.step(context::current(), state).await)
    }

    fn ask<T, E: Into<BoxError>>(&self, question: impl AsyncFnOnce(&PluginClient) -> Result<T, E>) -> Result<T, BoxError> {
        let (Some(client), Some(runtime)) = (&self.client, &self.runtime) else {
            return Err("the child has ended".into());
        };
        runtime.block_on(question(client)).map_err(Into::into)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        self.client = None;
        self.runtime = None;
        // The socket is closed, so the child ends. An error here can't be reported.
        let _ = self.child.wait();
    }
}
