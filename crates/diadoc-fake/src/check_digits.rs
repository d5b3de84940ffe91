//! Digits at the end of an INN or an OGRN that check the others.

/// Weights of the check digits of an INN: of 12 digits the first and the second, of 10 the second
/// without its first weight.
const INN: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// Puts the right ones at the end of what has as many digits as an INN (10 or 12) or an OGRN (13 or 15).
pub(crate) fn put(digits: &mut [u32]) {
    let weighed = |weights: &[u32], digits: &[u32]| {
        let products = weights
            .iter()
            .zip(digits)
            .map(|(weight, digit)| weight * digit);
        products.sum::<u32>() % 11 % 10
    };
    let remainder = |digits: &[u32], by: u32| {
        digits
            .iter()
            .fold(0, |rest, digit| (rest * 10 + digit) % by)
            % 10
    };
    match digits.len() {
        10 => digits[9] = weighed(&INN[2..], digits),
        12 => {
            digits[10] = weighed(&INN[1..], digits);
            digits[11] = weighed(&INN, digits);
        }
        13 => digits[12] = remainder(&digits[..12], 11),
        15 => digits[14] = remainder(&digits[..14], 13),
        _ => {}
    }
}

/// Whether a number ends in the right ones; what is no number of such a length has none.
pub(crate) fn are_right(number: &str) -> bool {
    let given: Vec<_> = number.chars().filter_map(|one| one.to_digit(10)).collect();
    let mut right = given.clone();
    put(&mut right);
    given == right
}

#[cfg(test)]
mod tests {
    use super::are_right;

    #[test]
    fn of_inn_and_ogrn() {
        for number in [
            "7705000010",
            "500100732259",
            "1027700132195",
            "304500116000157",
        ] {
            assert!(are_right(number), "{number}");
            let last = number
                .chars()
                .last()
                .and_then(|one| one.to_digit(10))
                .unwrap();
            let wrong = format!("{}{}", &number[..number.len() - 1], (last + 1) % 10);
            assert!(!are_right(&wrong), "{wrong}");
        }
        // The first of the two of a person's.
        assert!(!are_right("500100732249"));
    }
}
