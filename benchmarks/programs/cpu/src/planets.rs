//! An n-body simulation: floating-point arithmetic in registers with almost no memory accesses.

#[derive(Clone, Copy)]
struct Body {
    place: [f64; 3],
    speed: [f64; 3],
    mass: f64,
}

/// Returns the energy of a sun and four planets after `steps` steps of 0.01 time units.
pub(crate) fn energy_after(steps: u32) -> f64 {
    let mut bodies = bodies();
    for _ in 0..steps {
        step(&mut bodies, 0.01);
    }
    energy(&bodies)
}

fn bodies() -> [Body; 5] {
    let mut bodies = [Body { place: [0.0; 3], speed: [0.0; 3], mass: 40.0 }; 5];
    for (at, body) in (1_u8..).zip(&mut bodies[1..]) {
        let distance = 4.0 * f64::from(at);
        *body = Body { place: [distance, 0.0, 0.1 * distance], speed: [0.0, (40.0 / distance).sqrt(), 0.0], mass: 0.01 * f64::from(at) };
    }
    bodies
}

fn step(bodies: &mut [Body; 5], time: f64) {
    for one in 0..bodies.len() {
        for other in one + 1..bodies.len() {
            let way: [f64; 3] = std::array::from_fn(|axis| bodies[one].place[axis] - bodies[other].place[axis]);
            let square = way.iter().map(|part| part * part).sum::<f64>();
            let pull = time / (square * square.sqrt());
            let (mass, other_mass) = (bodies[one].mass, bodies[other].mass);
            for (axis, part) in way.into_iter().enumerate() {
                bodies[one].speed[axis] -= part * other_mass * pull;
                bodies[other].speed[axis] += part * mass * pull;
            }
        }
    }
    for body in bodies {
        for (place, speed) in body.place.iter_mut().zip(body.speed) {
            *place += time * speed;
        }
    }
}

fn energy(bodies: &[Body; 5]) -> f64 {
    let moving = bodies.iter().map(|body| body.mass * body.speed.iter().map(|part| part * part).sum::<f64>() / 2.0);
    let bound = (0..bodies.len()).flat_map(|one| (one + 1..bodies.len()).map(move |other| (one, other))).map(|(one, other)| {
        let square: f64 = (0..3).map(|axis| (bodies[one].place[axis] - bodies[other].place[axis]).powi(2)).sum();
        bodies[one].mass * bodies[other].mass / square.sqrt()
    });
    moving.sum::<f64>() - bound.sum::<f64>()
}
