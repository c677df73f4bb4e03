//! The check by Verhoeff, which finds every two swapped neighbours.

/// The dihedral group of the pentagon.
const PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// What each place does to a digit before it is multiplied in.
const PERMUTATION: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether the last digit is right.
///
/// # Source
/// J. Verhoeff, "Error Detecting Decimal Codes", Mathematical Centre Tract 29, 1969.
pub(crate) fn verhoeff(digits: &[u8]) -> bool {
    let mut check = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let permuted = cell(&PERMUTATION, place % 8, *digit);
        check = cell(&PRODUCT, usize::from(check), permuted);
    }
    check == 0
}

fn cell(table: &[[u8; 10]], row: usize, column: u8) -> u8 {
    let cell = table.get(row).and_then(|row| row.get(usize::from(column)));
    cell.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_is_right_and_each_swap_of_neighbours_is_wrong() {
        let right = [2, 3, 6, 3];
        assert!(verhoeff(&right));
        for at in 0..3 {
            let mut swapped = right;
            swapped.swap(at, at + 1);
            assert!(!verhoeff(&swapped), "{swapped:?}");
        }
    }
}
