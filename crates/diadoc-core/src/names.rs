//! Finds a name among the few that are known in a place: the keys of a message, the members of an
//! enum.
//!
//! The tables are minimal perfect hashes, made by diadoc-codegen and looked up by diadoc-proto,
//! with the same functions of this module: a name is read as three words, mixed into one number, and led by a
//! displacement to the only known name that it can be. One comparison tells whether it is.

/// A minimal perfect hash over names.
#[derive(Debug)]
pub struct Names {
    /// What leads the names of a bucket apart.
    displacements: &'static [u8],
    /// For each slot the index of its name in `names`; one slot per name.
    slots: &'static [u8],
    names: &'static [&'static str],
}

impl Names {
    /// What the generator made.
    pub const fn new(
        displacements: &'static [u8],
        slots: &'static [u8],
        names: &'static [&'static str],
    ) -> Self {
        Self {
            displacements,
            slots,
            names,
        }
    }

    /// The names by index.
    pub const fn list(&self) -> &'static [&'static str] {
        self.names
    }

    /// The index of a name.
    #[inline]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let hash = hash(name);
        let displacement = *self
            .displacements
            .get(bucket(hash, self.displacements.len()))?;
        let index = *self.slots.get(slot(hash, displacement, self.slots.len()))?;
        let index = usize::from(index);
        same(name, self.names.get(index)?.as_bytes()).then_some(index)
    }
}

/// Names that differ in length, or in their first, middle or last eight bytes, hash differently.
#[inline]
pub fn hash(name: &[u8]) -> u64 {
    let length = name.len();
    let (first, middle, last) = match length {
        8.. => (
            word(name, 0),
            word(name, (length - 8) / 2),
            word(name, length - 8),
        ),
        4.. => (half(name, 0), half(name, length - 4), 0),
        _ => {
            let byte = |at: usize| name.get(at).map_or(0, |byte| u64::from(*byte));
            (byte(0) | byte(1) << 8 | byte(2) << 16, 0, 0)
        }
    };
    // One widening multiplication mixes all bits; the constants are digits of pi.
    let left = first ^ 0x243f_6a88_85a3_08d3 ^ length as u64;
    let right = last ^ middle.rotate_left(25) ^ 0x1319_8a2e_0370_7344;
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}

/// Whether two names are the same; in line, where a comparison of slices is a call.
#[inline]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    let length = left.len();
    if length != right.len() {
        return false;
    }
    match length {
        8.. => {
            let last = length - 8;
            let mut at = 0;
            while at < last {
                if word(left, at) != word(right, at) {
                    return false;
                }
                at += 8;
            }
            word(left, last) == word(right, last)
        }
        4.. => {
            let last = length - 4;
            half(left, 0) == half(right, 0) && half(left, last) == half(right, last)
        }
        _ => left.iter().eq(right),
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..]
        .first_chunk()
        .map_or(0, |word| u64::from_le_bytes(*word))
}

#[inline]
fn half(bytes: &[u8], at: usize) -> u64 {
    let half = bytes[at..].first_chunk();
    half.map_or(0, |half| u64::from(u32::from_le_bytes(*half)))
}

/// The bucket of a hash: its high half, scaled.
#[inline]
pub fn bucket(hash: u64, buckets: usize) -> usize {
    (((hash >> 32) * buckets as u64) >> 32) as usize
}

/// The slot of a hash: its low half, multiplied by an odd number of the bucket, scaled.
#[inline]
pub fn slot(hash: u64, displacement: u8, slots: usize) -> usize {
    let low = (hash as u32).wrapping_mul(2 * u32::from(displacement) + 1);
    ((u64::from(low) * slots as u64) >> 32) as usize
}
