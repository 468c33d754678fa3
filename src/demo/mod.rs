//! The sample company.
mod dice;
mod pictures;
#[cfg(test)]
#[test]
fn look() {
    std::fs::create_dir_all("/tmp/demo-look").unwrap();
    let t = std::time::Instant::now();
    let mut total = 0;
    for n in 0..300 { let f = pictures::paint(n).unwrap(); total += f.len(); if n < 16 { std::fs::write(format!("/tmp/demo-look/{n:02}.png"), f).unwrap(); } }
    println!("{:?} avg {}", t.elapsed(), total / 300);
}
