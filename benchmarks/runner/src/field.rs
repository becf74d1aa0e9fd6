//! Who is there to be measured, and how much time there is for it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::contestant::{Built, Contestant};
use crate::findings::{Row, Table};
use crate::place::Place;
use crate::samples::Samples;
use crate::unit::Unit;

/// All that a measure needs.
pub(crate) struct Field {
    /// Where contestants were built.
    pub(crate) place: Place,
    /// Those that could be built.
    pub(crate) present: Vec<(&'static Contestant, Built)>,
    /// Those that could not, and why.
    pub(crate) absent: Vec<(&'static Contestant, String)>,
    /// Whether a few repetitions must do.
    pub(crate) quick: bool,
}

impl Field {
    /// Builds everyone. What fails is absent, with the error as the reason.
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

    /// What Engraft's build made. Without it there is nothing to compare with.
    pub(crate) fn engraft(&self) -> Result<&Built> {
        self.present
            .iter()
            .find(|(contestant, _)| contestant.name == "engraft")
            .map(|(_, built)| built)
            .context("Engraft itself was not built")
    }

    /// The number for a quick run or the one for a full run.
    pub(crate) fn repetitions(&self, quick: usize, full: usize) -> usize {
        if self.quick { quick } else { full }
    }

    /// A directory for what measures leave behind.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.place.root.join("target/scratch").join(name)
    }

    /// A table of the contestants' figures, with those that are absent.
    pub(crate) fn table(&self, title: &str, about: &str, unit: Unit, figures: Vec<(String, Samples)>) -> Table {
        let present = figures.into_iter().map(|(name, samples)| Row { name, outcome: Ok(samples) });
        let absent = self.absent.iter().map(|(contestant, why)| Row { name: contestant.name.to_owned(), outcome: Err(why.clone()) });
        Table { title: title.to_owned(), about: about.to_owned(), unit, rows: present.chain(absent).collect(), plot: None }
    }
}
