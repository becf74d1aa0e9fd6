//! Measuring several things by turns: a machine that drifts while it is measured drifts for all of them.

use anyhow::{Context, Result, ensure};

use crate::samples::Samples;

/// Something that is measured once at each turn.
pub(crate) struct Turn<'a> {
    /// What.
    pub(crate) name: String,
    /// Measures it: one figure or more, and every time as many.
    pub(crate) take: Box<dyn FnMut() -> Result<Vec<f64>> + 'a>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(name: impl Into<String>, take: impl FnMut() -> Result<Vec<f64>> + 'a) -> Self {
        Self { name: name.into(), take: Box::new(take) }
    }
}

/// What came of the turns: for each thing its name, and samples of each of its figures.
pub(crate) type Taken = Vec<(String, Vec<Samples>)>;

/// Each of `turns` once for nothing, because nobody's measurement should be the one that reads files from the disk, and
/// then as [`from_the_first`].
pub(crate) fn by_turns(mut turns: Vec<Turn<'_>>, repetitions: usize) -> Result<Taken> {
    for turn in &mut turns {
        (turn.take)().with_context(|| turn.name.clone())?;
    }
    from_the_first(turns, repetitions)
}

/// Each of `turns` so many times, with another one first every time.
pub(crate) fn from_the_first(mut turns: Vec<Turn<'_>>, repetitions: usize) -> Result<Taken> {
    let mut taken: Vec<Vec<Vec<f64>>> = vec![Vec::new(); turns.len()];
    for repetition in 0..repetitions {
        for place in 0..turns.len() {
            let at = (place + repetition) % turns.len();
            let figures = (turns[at].take)().with_context(|| turns[at].name.clone())?;
            if repetition == 0 {
                taken[at].resize(figures.len(), Vec::new());
            }
            ensure!(figures.len() == taken[at].len(), "{} has {} figures now, and had {}", turns[at].name, figures.len(), taken[at].len());
            for (column, figure) in taken[at].iter_mut().zip(figures) {
                column.push(figure);
            }
        }
    }
    turns.into_iter().zip(taken).map(|(turn, columns)| Ok((turn.name, samples(columns)?))).collect()
}

fn samples(columns: Vec<Vec<f64>>) -> Result<Vec<Samples>> {
    columns.into_iter().map(|column| Samples::new(column).context("nothing was measured")).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use anyhow::bail;

    use super::*;

    #[test]
    fn everyone_is_first_in_turn_and_the_first_round_does_not_count() -> Result<()> {
        let order = RefCell::new(String::new());
        let turn = |name: &'static str, figure: f64| {
            let order = &order;
            Turn::new(name, move || {
                order.borrow_mut().push_str(name);
                Ok(vec![figure, figure * 10.0])
            })
        };
        let taken = by_turns(vec![turn("a", 1.0), turn("b", 2.0)], 3)?;
        assert_eq!(*order.borrow(), "ababbaab");
        let figures: Vec<_> = taken.iter().map(|(name, columns)| (&**name, columns[0].count(), columns[1].median())).collect();
        assert_eq!(figures, [("a", 3, 10.0), ("b", 3, 20.0)]);
        Ok(())
    }

    #[test]
    fn an_error_names_whose_turn_it_was() {
        let error = by_turns(vec![Turn::new("go", || bail!("it died"))], 1).expect_err("it died");
        assert_eq!(format!("{error:#}"), "go: it died");
    }
}
