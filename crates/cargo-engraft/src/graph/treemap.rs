//! Divides a rectangle into tiles with areas in proportion to their weights, each as close to a square as possible.
//!
//! Algorithm: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000). It fills rows along the shorter side, and adds tiles to a row as
//! long as that improves the row's worst aspect ratio.

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Returns one tile for each weight, in the same order. Weights must be positive and in descending order.
#[must_use]
pub fn tiles(weights: &[f64], within: Rect) -> Vec<Rect> {
    let total: f64 = weights.iter().sum();
    let scale = within.width * within.height / total;
    let areas: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
    let (mut placed, mut left, mut rest) = (Vec::with_capacity(areas.len()), areas.as_slice(), within);
    while !left.is_empty() {
        let side = rest.width.min(rest.height);
        let better = |len: &usize| *len < left.len() && worst(&left[..len + 1], side) <= worst(&left[..*len], side);
        let mut len = 1;
        while better(&len) {
            len += 1;
        }
        let (row, behind) = left.split_at(len);
        rest = place(row, rest, &mut placed);
        left = behind;
    }
    placed
}

/// The worst aspect ratio of a row's tiles.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    row.iter().map(|area| (side * side * area / (sum * sum)).max(sum * sum / (side * side * area))).fold(0.0, f64::max)
}

/// Places a row along the shorter side. Returns the remaining rectangle.
fn place(row: &[f64], within: Rect, placed: &mut Vec<Rect>) -> Rect {
    let Rect { mut x, mut y, width, height } = within;
    let sum: f64 = row.iter().sum();
    if width >= height {
        let depth = sum / height;
        for area in row {
            placed.push(Rect { x, y, width: depth, height: area / depth });
            y += area / depth;
        }
        Rect { x: x + depth, y: within.y, width: (width - depth).max(0.0), height }
    } else {
        let depth = sum / width;
        for area in row {
            placed.push(Rect { x, y, width: area / depth, height: depth });
            x += area / depth;
        }
        Rect { x: within.x, y: y + depth, width, height: (height - depth).max(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fill_rectangle_in_proportion_without_overlap() {
        let within = Rect { x: 10.0, y: 20.0, width: 300.0, height: 200.0 };
        for weights in [vec![1.0], vec![5.0, 5.0], vec![6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], (1..=80).rev().map(f64::from).collect()] {
            let placed = tiles(&weights, within);
            let total: f64 = weights.iter().sum();
            assert_eq!(placed.len(), weights.len());
            for (index, (tile, weight)) in placed.iter().zip(&weights).enumerate() {
                assert!((tile.width * tile.height - weight / total * 60_000.0).abs() < 1e-6, "{tile:?}");
                assert!(tile.x >= 10.0 - 1e-9 && tile.x + tile.width <= 310.0 + 1e-6, "{tile:?}");
                assert!(tile.y >= 20.0 - 1e-9 && tile.y + tile.height <= 220.0 + 1e-6, "{tile:?}");
                let apart = |other: &Rect| {
                    tile.x + tile.width <= other.x + 1e-6
                        || other.x + other.width <= tile.x + 1e-6
                        || tile.y + tile.height <= other.y + 1e-6
                        || other.y + other.height <= tile.y + 1e-6
                };
                assert!(placed[index + 1..].iter().all(apart), "{tile:?} of {placed:?}");
            }
        }
        assert_eq!(tiles(&[], within), []);
    }

    #[test]
    fn equal_weights_give_squares() {
        let placed = tiles(&[1.0; 12], Rect { x: 0.0, y: 0.0, width: 400.0, height: 300.0 });
        assert!(placed.iter().all(|tile| (tile.width / tile.height - 1.0).abs() < 0.01), "{placed:?}");
    }
}
