//! Which packages depend on one, directly or through others.

use crate::Manifest;

/// How many dependencies are followed for all packages together. Ten thousand packages that differ for one reason take a
/// fraction of it; a record that is made to take more is explained without saying who follows whom.
const STEPS: usize = 1 << 24;

/// The dependencies of a manifest, backwards.
pub(super) struct Dependents {
    /// For each package those that name it.
    direct: Vec<Vec<usize>>,
    steps_left: usize,
}

impl Dependents {
    pub(super) fn new(manifest: &Manifest<'_>) -> Self {
        let mut direct = vec![Vec::new(); manifest.packages.len()];
        for (index, package) in manifest.packages.iter().enumerate() {
            package.dependencies.iter().for_each(|&dependency| direct[dependency as usize].push(index));
        }
        Self { direct, steps_left: STEPS }
    }

    /// For each package whether it reaches this one.
    pub(super) fn of(&mut self, package: usize) -> Vec<bool> {
        let mut reached = vec![false; self.direct.len()];
        let mut left = vec![package];
        // Every package is asked about each time.
        self.steps_left = self.steps_left.saturating_sub(reached.len());
        while let Some(index) = left.pop() {
            let Some(steps_left) = self.steps_left.checked_sub(self.direct[index].len()) else { break };
            self.steps_left = steps_left;
            for &dependent in &self.direct[index] {
                if !core::mem::replace(&mut reached[dependent], true) {
                    left.push(dependent);
                }
            }
        }
        reached
    }
}
