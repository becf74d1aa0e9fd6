//! Slices as C knows them.

/// A pointer to things, and how many there are.
#[repr(C)]
#[derive(Debug)]
pub struct Items<T> {
    start: *const T,
    len: usize,
}

/// A text, or any bytes.
pub type Bytes = Items<u8>;

impl<T> Clone for Items<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Items<T> {}

impl<T> Items<T> {
    /// Those of a slice, which must outlive every use.
    pub fn of(slice: &[T]) -> Self {
        Self { start: slice.as_ptr(), len: slice.len() }
    }

    /// The slice that this was made of.
    ///
    /// # Safety
    ///
    /// Made by [`of`](Self::of), and that slice lives throughout `'a` and does not change.
    pub unsafe fn slice<'a>(self) -> &'a [T] {
        // SAFETY: pointer and length are those of a slice that the caller vouches for.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl Bytes {
    /// The text that this was made of.
    ///
    /// # Safety
    ///
    /// As for [`slice`](Self::slice), and the bytes were those of a `str`.
    pub unsafe fn text<'a>(self) -> &'a str {
        // SAFETY: the caller vouches for the slice.
        let bytes = unsafe { self.slice() };
        // SAFETY: the caller vouches for the text.
        unsafe { std::str::from_utf8_unchecked(bytes) }
    }
}
