//! The host's logger. What plugins log arrives here, because there is only one `log` in the process.

struct Stdout;

impl log::Log for Stdout {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("[{}] {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Makes it the process's logger, for what programs and plugins have to say; not for what libraries do.
pub fn install() {
    // It only fails when there is a logger already.
    if log::set_logger(&Stdout).is_ok() {
        log::set_max_level(log::LevelFilter::Info);
    }
}
