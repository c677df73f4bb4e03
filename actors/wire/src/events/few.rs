//! A list that is nearly always short and then lives without the heap.

/// Up to `N` items in place, more of them on the heap.
#[derive(Debug, Clone)]
pub(super) struct Few<T, const N: usize> {
    near: [T; N],
    len: usize,
    /// All items, once they are more than fit.
    far: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Few<T, N> {
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            near: [T::default(); N],
            len: 0,
            far: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        if self.far.is_empty() {
            if let Some(place) = self.near.get_mut(self.len) {
                *place = item;
                self.len += 1;
                return;
            }
            self.far.extend_from_slice(&self.near);
        }
        self.far.push(item);
        self.len += 1;
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[T] {
        if self.far.is_empty() {
            self.near.get(..self.len).unwrap_or_default()
        } else {
            &self.far
        }
    }

    /// The items from number `from` on.
    #[inline]
    pub(super) fn tail_mut(&mut self, from: usize) -> &mut [T] {
        let all = if self.far.is_empty() {
            self.near.get_mut(..self.len).unwrap_or_default()
        } else {
            self.far.as_mut_slice()
        };
        all.get_mut(from..).unwrap_or_default()
    }

    /// Keeps only what is wanted.
    pub(super) fn retain(&mut self, wanted: impl Fn(&T) -> bool) {
        let all = std::mem::replace(self, Self::new());
        for item in all.as_slice().iter().filter(|item| wanted(item)) {
            self.push(*item);
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_in_order_when_they_move() {
        let mut few = Few::<u32, 2>::new();
        for number in 0..5 {
            few.push(number);
            assert_eq!(few.as_slice(), (0..=number).collect::<Vec<_>>());
            assert_eq!(few.len(), few.as_slice().len());
        }
        few.tail_mut(3).fill(9);
        assert_eq!(few.as_slice(), [0, 1, 2, 9, 9]);
        few.retain(|item| *item < 2);
        assert_eq!(few.as_slice(), [0, 1]);
    }
}
