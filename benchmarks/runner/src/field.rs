//! The contestants that take part in a run, and the effort of the run.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::contestant::{Built, Contestant};
use crate::findings::{Row, Table};
use crate::place::Place;
use crate::samples::Samples;
use crate::unit::Unit;

/// Everything that a measure needs.
pub(crate) struct Field {
    /// The place in which the contestants were built.
    pub(crate) place: Place,
    /// The contestants that could be built.
    pub(crate) present: Vec<(&'static Contestant, Built)>,
    /// The contestants that could not be built, and why.
    pub(crate) absent: Vec<(&'static Contestant, String)>,
    /// Whether to do only a few repetitions.
    pub(crate) quick: bool,
}

impl Field {
    /// Builds all contestants. A contestant that fails to build is absent, with the error as the reason.
    pub(crate) fn build(place: Place, contestants: Vec<&'static Contestant>, quick: bool) -> Self {
        let mut field = Self { place, present: Vec::new(), absent: Vec::new(), quick };
        for contestant in contestants {
            eprintln!("building {}", contestant.name);
            match (contestant.build)(&field.place) {
                Ok(built) => field.present.push((contestant, built)),
                Err(error) => {
                    eprintln!("{} is absent: {error:#}", contestant.name);
                    field.absent.push((contestant, format!("{error:#}")));
                }
            }
        }
        field
    }

    /// The output of Engraft's build, which every comparison needs.
    pub(crate) fn engraft(&self) -> Result<&Built> {
        self.present
            .iter()
            .find(|(contestant, _)| contestant.name == "engraft")
            .map(|(_, built)| built)
            .context("Engraft itself was not built")
    }

    /// Returns `quick` for a quick run and `full` for a full run.
    pub(crate) fn repetitions(&self, quick: usize, full: usize) -> usize {
        if self.quick { quick } else { full }
    }

    /// A directory for files of measures.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.place.root.join("target/scratch").join(name)
    }

    /// A table of the contestants' figures, including absent contestants.
    pub(crate) fn table(&self, title: &str, about: &str, unit: Unit, figures: Vec<(String, Samples)>) -> Table {
        let present = figures.into_iter().map(|(name, samples)| Row { name, outcome: Ok(samples) });
        let absent = self.absent.iter().map(|(contestant, why)| Row { name: contestant.name.to_owned(), outcome: Err(why.clone()) });
        Table { title: title.to_owned(), about: about.to_owned(), unit, rows: present.chain(absent).collect(), plot: None }
    }
}
