//! The gateway: an HTTP server whose stages are plugins, opened when it starts.
//!
//! Everything that is process-wide is chosen here, in one place, and holds for the plugins too: the
//! allocator, the log, the runtime.

mod arguments;
mod chain;
mod server;
mod settings;
mod upstream;

use arguments::Arguments;
use gateway_api::BoxError;
use settings::Settings;
use std::process::ExitCode;
use std::{env, io};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::time::uptime;

// shown: allocator
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
// shown: end

#[engraft::main]
fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), BoxError> {
    let (config, listen) = match Arguments::parse(env::args_os().skip(1))? {
        Arguments::Help => {
            print!("{}", arguments::HELP);
            return Ok(());
        }
        Arguments::Serve { config, listen } => (config, listen),
    };
    let mut settings = Settings::read(&config)?;
    if let Some(listen) = listen {
        settings.listen = listen;
    }
    start_log(settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // The log names the thread: so it shows that a plugin's tasks run here.
        .thread_name("gateway-worker")
        .build()?;
    runtime.block_on(server::run(settings))
}

/// Where the events of host and plugins go: to standard error, with the target and the thread.
fn start_log(level: LevelFilter) {
    tracing_subscriber::fmt().with_writer(io::stderr).with_timer(uptime()).with_thread_names(true).with_max_level(level).init();
}
