//! The server: accepts requests, takes them through the stages, and ends in good order.

use crate::chain::Chain;
use crate::settings::Settings;
use crate::upstream;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gateway_api::{BoxError, Request, Verdict};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

/// How long open requests, and then the stages, may take to finish after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or ctrl-c; then finishes the open requests and flushes the stages.
pub(crate) async fn run(settings: Settings) -> Result<(), BoxError> {
    let chain = Arc::new(Chain::open(&settings.stages, &settings.trust)?);
    // Before anybody is told that we listen: from then on, a signal is a wish to stop in good order.
    let stop = stop_signal()?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| format!("can't listen on {}: {error}", settings.listen))?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;

    let router = Router::new().fallback(handle).with_state(Arc::clone(&chain));
    let (stopping, stopped) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        stop.await;
        let _ = stopping.send(());
    });
    tokio::select! {
        served = server.into_future() => served?,
        () = async { let _ = stopped.await; sleep(GRACE).await } => {
            warn!("requests were still open after {GRACE:?}");
        }
    }
    timeout(GRACE, chain.flush()).await.map_err(|_| format!("the stages could not finish within {GRACE:?}"))??;
    info!("stopped");
    Ok(())
}

async fn handle(State(chain): State<Arc<Chain>>, request: axum::extract::Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut head = Request { method: parts.method, uri: parts.uri, headers: parts.headers };
    match chain.pass(&mut head).await {
        Verdict::Continue => {
            (parts.method, parts.uri, parts.headers) = (head.method, head.uri, head.headers);
            upstream::echo(&axum::extract::Request::from_parts(parts, body))
        }
        Verdict::Answer { status, body } => (status, body).into_response(),
    }
}

/// Listens for SIGTERM and SIGINT from now on; what is returned waits for the first of them.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        info!("stopping");
    })
}
