//! The stages of the running gateway: opened once, then passed by every request.

use engraft::{KeyError, Keyring, OpenError, Plugin};
use gateway_api::{BoxError, Config, Create, Request, Stage, Verdict};
use std::path::PathBuf;
use tracing::info;

/// The stages in the order in which a request passes them.
pub(crate) struct Chain {
    stages: Vec<Box<dyn Stage>>,
}

impl Chain {
    /// Opens every stage's plugin and makes the stage. Must be called on the runtime.
    ///
    /// With keys to trust, only plugins that are signed by one of them are opened.
    pub(crate) fn open(configs: &[Config], trust: &[PathBuf]) -> Result<Self, BoxError> {
        let keyring = if trust.is_empty() { None } else { Some(keyring(trust)?) };
        let stages = configs.iter().map(|config| open(config, keyring.as_ref())).collect::<Result<_, _>>()?;
        Ok(Self { stages })
    }

    /// Takes a request through the stages until one answers it.
    pub(crate) async fn pass(&self, request: &mut Request) -> Verdict {
        for stage in &self.stages {
            match stage.on_request(request).await {
                Verdict::Continue => {}
                answer => return answer,
            }
        }
        Verdict::Continue
    }

    /// Flushes every stage, also behind one that fails; the error names all that failed.
    pub(crate) async fn flush(&self) -> Result<(), BoxError> {
        let mut failed = Vec::new();
        for stage in &self.stages {
            if let Err(error) = stage.flush().await {
                failed.push(format!("stage `{}` could not finish: {error}", stage.name()));
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
    }
}

// shown: keyring
fn keyring(trusted: &[PathBuf]) -> Result<Keyring, KeyError> {
    let mut keyring = Keyring::new();
    for key in trusted {
        keyring.trust_file(key)?;
    }
    Ok(keyring)
}

fn open_signed(keyring: &Keyring, stage: &str) -> Result<Plugin, OpenError> {
    keyring.open(stage)
}
// shown: end

fn open(config: &Config, keyring: Option<&Keyring>) -> Result<Box<dyn Stage>, BoxError> {
    let stage = config.stage();
    let plugin = match keyring {
        Some(keyring) => open_signed(keyring, stage)?,
        // SAFETY: a stage is a bare name, so its file lies in `plugins/` beside this executable, where
        // only whoever may replace the executable can put one; Engraft refuses what was built otherwise.
        None => unsafe { engraft::open(stage) }?,
    };
    let create = plugin.lookup::<Create>("create")?;
    info!(stage, plugin = %plugin.path().display(), "opened");
    create(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_api::BoxFuture;
    use http::StatusCode;
    use std::sync::{Arc, Mutex};

    /// Writes down what it is asked, and answers what it is told to.
    struct Probe(&'static str, Verdict, Result<(), &'static str>, Arc<Mutex<Vec<&'static str>>>);

    impl Stage for Probe {
        fn name(&self) -> &str {
            self.0
        }
        fn on_request<'a>(&'a self, _: &'a mut Request) -> BoxFuture<'a, Verdict> {
            self.3.lock().unwrap().push(self.0);
            Box::pin(async { self.1.clone() })
        }
        fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
            self.3.lock().unwrap().push(self.0);
            Box::pin(async { Ok(self.2?) })
        }
    }

    #[test]
    fn an_answer_ends_the_way_but_a_failed_flush_does_not() {
        let seen = Arc::default();
        let answer = Verdict::Answer { status: StatusCode::IM_A_TEAPOT, body: "tea".into() };
        let chain = Chain {
            stages: vec![
                Box::new(Probe("first", Verdict::Continue, Err("no disk"), Arc::clone(&seen))),
                Box::new(Probe("second", answer.clone(), Ok(()), Arc::clone(&seen))),
                Box::new(Probe("third", Verdict::Continue, Err("no net"), Arc::clone(&seen))),
            ],
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            assert_eq!(chain.pass(&mut Request::default()).await, answer);
            assert_eq!(*seen.lock().unwrap(), ["first", "second"]);
            seen.lock().unwrap().clear();
            let error = chain.flush().await.unwrap_err().to_string();
            assert_eq!(error, "stage `first` could not finish: no disk\nstage `third` could not finish: no net");
            assert_eq!(*seen.lock().unwrap(), ["first", "second", "third"]);
        });
    }
}
