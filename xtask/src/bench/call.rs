//! What a call through `lookup` costs beside a call through a function pointer of the host's own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::figure::{Figure, Unit};
use super::samples::Samples;
use crate::process;

const BAR: f64 = 1.02;
/// Where the loader puts the files is another in each process, and may matter more than all else.
const PROCESSES: usize = 15;

pub(super) fn measure(host: &Path, plugin: &Path) -> Result<Vec<Figure>> {
    let mut ratios = Vec::new();
    for _ in 0..PROCESSES {
        let text = process::stdout_of(Command::new(host).arg("call").arg(plugin))?;
        ratios.extend(text.lines().map(ratio).collect::<Option<Vec<f64>>>().context("expected two numbers a line")?);
    }
    let pairs = ratios.len();
    let ratios = Samples::new(ratios).context("nothing was measured")?;
    Ok(vec![Figure {
        name: "call through `lookup`, to a function pointer of the host".to_owned(),
        value: ratios.median(),
        unit: Unit::Ratio,
        bar: Some(BAR),
        from: format!("{}, {pairs} pairs of batches in {PROCESSES} processes", ratios.show("×", 3)),
    }])
}

/// The plugin's time divided by the host's.
fn ratio(line: &str) -> Option<f64> {
    let (own, theirs) = line.split_once(' ')?;
    let (own, theirs): (f64, f64) = (own.parse().ok()?, theirs.parse().ok()?);
    Some(theirs / own)
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn a_line_holds_the_hosts_and_the_plugins_time() {
        assert_eq!(ratio("200 300"), Some(1.5));
        assert_eq!(ratio("200"), None);
    }
}
