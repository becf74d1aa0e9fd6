//! Measures several things in turns, so that a change in the machine's speed affects all of them.

use anyhow::{Context, Result, ensure};

use crate::samples::Samples;

/// Something that is measured once per turn.
pub(crate) struct Turn<'a> {
    /// The name.
    pub(crate) name: String,
    /// Measures it. Returns the same number of figures each time, at least one.
    pub(crate) take: Box<dyn FnMut() -> Result<Vec<f64>> + 'a>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(name: impl Into<String>, take: impl FnMut() -> Result<Vec<f64>> + 'a) -> Self {
        Self { name: name.into(), take: Box::new(take) }
    }
}

/// The results: the name of each thing, and the samples of each of its figures.
pub(crate) type Taken = Vec<(String, Vec<Samples>)>;

/// Runs each of `turns` once as a warm-up, so that no measurement includes reading files from disk, and then calls [`from_the_first`].
pub(crate) fn by_turns(mut turns: Vec<Turn<'_>>, repetitions: usize) -> Result<Taken> {
    for turn in &mut turns {
        (turn.take)().with_context(|| turn.name.clone())?;
    }
    from_the_first(turns, repetitions)
}

/// Measures each of `turns` a number of times. Each repetition starts with another one.
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
    fn turns_rotate_and_warm_up_is_not_counted() -> Result<()> {
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
    fn error_names_the_failed_turn() {
        let error = by_turns(vec![Turn::new("go", || bail!("it died"))], 1).expect_err("it died");
        assert_eq!(format!("{error:#}"), "go: it died");
    }
}
