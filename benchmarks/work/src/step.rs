//! Almost no work, so that the time is that of the call.

/// A function of a plugin that hosts call.
pub type Step = fn(u64) -> u64;

/// The same function as a method, for calls through a trait object.
pub trait Stepper {
    /// Calls [`step`] with a field of the object.
    fn step(&self, state: u64) -> u64;
}

/// Returns the next number of a linear congruential generator (Knuth's MMIX).
#[inline(always)]
pub fn step(state: u64) -> u64 {
    state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn step_equals_generator() {
        assert_eq!(step(0), 1_442_695_040_888_963_407);
        assert_eq!(step(1), 7_806_831_264_735_756_412);
    }
}
