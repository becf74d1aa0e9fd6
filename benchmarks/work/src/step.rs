//! Hardly any work: what is left is the call.

/// A function that plugins have and hosts call.
pub type Step = fn(u64) -> u64;

/// The same as a method, for calls through a trait object.
pub trait Stepper {
    /// [`step`], with something of its own in it.
    fn step(&self, state: u64) -> u64;
}

/// The next number of a linear congruential generator (Knuth's MMIX).
#[inline(always)]
pub fn step(state: u64) -> u64 {
    state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn it_is_the_generators() {
        assert_eq!(step(0), 1_442_695_040_888_963_407);
        assert_eq!(step(1), 7_806_831_264_735_756_412);
    }
}
