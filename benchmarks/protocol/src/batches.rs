//! Measures short calls: times batches that are long enough for the clock, and takes their median.

use std::time::{Duration, Instant};

/// In a batch of this length, reading the clock and interruptions are negligible.
const BATCH: Duration = Duration::from_millis(2);
const BATCHES: usize = 25;

/// Returns the nanoseconds of one `call`. `make` creates the argument of each call before the clock starts.
pub fn per_call<T, E>(mut make: impl FnMut() -> T, mut call: impl FnMut(T) -> Result<(), E>) -> Result<f64, E> {
    let mut batch = |size: u32| {
        let made: Vec<T> = (0..size).map(|_| make()).collect();
        let start = Instant::now();
        for one in made {
            call(one)?;
        }
        Ok(start.elapsed())
    };
    // Finding the batch size also warms up the caches.
    let mut size = 1;
    loop {
        let taken = batch(size)?;
        if taken >= BATCH {
            break;
        }
        size = next_size(size, taken);
    }
    let mut taken = (0..BATCHES).map(|_| batch(size)).collect::<Result<Vec<Duration>, E>>()?;
    taken.sort();
    Ok(taken[BATCHES / 2].as_nanos() as f64 / f64::from(size))
}

/// Returns a larger batch size after a batch that was too short. It grows at most tenfold, because the first call says little about
/// the others.
fn next_size(size: u32, taken: Duration) -> u32 {
    let factor = BATCH.as_secs_f64() * 1.2 / taken.as_secs_f64().max(1e-9);
    (f64::from(size) * factor.clamp(1.5, 10.0)).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::next_size;
    use std::time::Duration;

    #[test]
    fn batch_size_grows_within_bounds() {
        for (size, micros, next) in [(1, 1000, 3), (10, 1900, 15), (1, 1, 10), (4, 0, 40)] {
            assert_eq!(next_size(size, Duration::from_micros(micros)), next, "{size} in {micros} µs");
        }
    }
}
