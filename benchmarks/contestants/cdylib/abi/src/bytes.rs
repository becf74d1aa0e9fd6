//! Slices for a C ABI.

/// A pointer to elements, and their number.
#[repr(C)]
#[derive(Debug)]
pub struct Items<T> {
    start: *const T,
    len: usize,
}

/// A string, or any bytes.
pub type Bytes = Items<u8>;

impl<T> Clone for Items<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Items<T> {}

impl<T> Items<T> {
    /// Creates it from a slice, which must outlive every use.
    pub fn of(slice: &[T]) -> Self {
        Self { start: slice.as_ptr(), len: slice.len() }
    }

    /// Returns the slice from which this was created.
    ///
    /// # Safety
    ///
    /// It must be from [`of`](Self::of), and that slice must be alive and unchanged for `'a`.
    pub unsafe fn slice<'a>(self) -> &'a [T] {
        // SAFETY: pointer and length are from a slice that the caller guarantees to be alive.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl Bytes {
    /// Returns the string from which this was created.
    ///
    /// # Safety
    ///
    /// As for [`slice`](Self::slice), and the bytes must be from a `str`.
    pub unsafe fn text<'a>(self) -> &'a str {
        // SAFETY: the caller guarantees that the slice is valid.
        let bytes = unsafe { self.slice() };
        // SAFETY: the caller guarantees that the bytes are from a `str`.
        unsafe { std::str::from_utf8_unchecked(bytes) }
    }
}
