//! Pictures that look as if a model had made them: real PNG files, painted from a number.
//!
//! A picture is a grid of palette entries: one byte a pixel to paint and to compress, so that some
//! hundred of them are there at once even in a build without optimisation.

use super::dice::Dice;

/// Width and height in pixels.
pub(super) const SIDE: i32 = 192;

type Colour = [i32; 3];

/// One picture, as the bytes of a PNG file. The same number, the same bytes.
pub(super) fn paint(number: i64) -> Result<Vec<u8>, png::EncodingError> {
    let mut dice = Dice::of(number);
    let mut canvas = Canvas::new(&mut dice);
    // In turn, so that nobody's pictures are all of one kind.
    match number.rem_euclid(3) {
        0 => hills(&mut canvas, &mut dice),
        1 => aurora(&mut canvas, &mut dice),
        _ => planets(&mut canvas, &mut dice),
    }
    canvas.encode()
}

/// A sun over ranges of hills, the far ones pale, the near ones dark.
fn hills(canvas: &mut Canvas, dice: &mut Dice) {
    const SHADES: i32 = 32;
    let (zenith, horizon, ground) = (dice.pick(&DUSK), dice.pick(&GLOW), dice.pick(&DEEP));
    let sky = canvas.ramp(*zenith, *horizon, 112);
    let light = canvas.ramp([255, 253, 246], mix(*horizon, [255, 244, 214], 60), 8);
    canvas.rows(|y| sky + y * 110 / SIDE);
    let (x, y, radius) = (dice.from(30, 162), dice.from(34, 84), dice.from(10, 27));
    canvas.disc(x, y, radius, |_, dy| light + (dy + radius) * 7 / (2 * radius));
    // The nearest first: nothing is painted that a nearer one hides.
    let mut floor = vec![SIDE; WIDE];
    for layer in (0..4).rev() {
        let top = mix(*horizon, *ground, 34 + layer * 22);
        let hill = canvas.ramp(top, mix(top, *ground, 60), SHADES);
        let line = skyline(dice, 96 + layer * 26, 16 - layer * 2);
        canvas.ground(&mut floor, &line, |below| hill + (below / 3).min(SHADES - 2));
    }
}

/// Veils of light, out of waves that cross.
fn aurora(canvas: &mut Canvas, dice: &mut Dice) {
    let (dark, glow, bright) = (dice.pick(&DUSK), dice.pick(&GLOW), dice.pick(&DUSK));
    for (from, to) in [(dark, bright), (bright, glow), (glow, bright), (bright, dark)] {
        canvas.ramp(*from, *to, 63);
    }
    let mut wave = |length: usize, least: i32| -> Vec<i32> {
        let (slow, quick) = (dice.from(least, least + 14), dice.from(2 * least, 4 * least));
        let (turn, more) = (dice.from(0, 256), dice.from(0, 256));
        let at = |i: i32| sine(i * slow / 16 + turn) * 70 + sine(i * quick / 16 + more) * 26;
        (0..SIDE * 3).take(length).map(|i| at(i) / 256).collect()
    };
    let (across, down) = (wave(WIDE, 12), wave(WIDE, 10));
    let (rising, falling) = (wave(2 * WIDE, 7), wave(3 * WIDE, 5));
    let mut at = 0;
    for (y, low) in down.iter().enumerate() {
        for (x, high) in across.iter().enumerate() {
            let height = high + low + rising[x + y] + falling[2 * x + y];
            canvas.pixels[at] = low_byte((height + canvas.grain(at)).rem_euclid(251));
            at += 1;
        }
    }
}

/// Planets, lit from one side, among stars.
fn planets(canvas: &mut Canvas, dice: &mut Dice) {
    let space = canvas.ramp([9, 10, 28], mix([20, 18, 46], *dice.pick(&DUSK), 45), 72);
    let star = canvas.ramp([150, 158, 190], [255, 255, 250], 16);
    canvas.rows(|y| space + y * 70 / SIDE);
    for _ in 0..dice.from(60, 130) {
        let (x, y) = (dice.from(0, SIDE), dice.from(0, SIDE));
        let size = if dice.happens(12) { 2 } else { 1 };
        let shine = star + dice.from(0, 15);
        canvas.disc(x, y, size, |_, _| shine);
    }
    let (light_x, light_y) = (dice.from(-70, 71), dice.from(-90, -30));
    let mut radius = dice.from(34, 62);
    for _ in 0..dice.from(2, 4) {
        let lit = mix(*dice.pick(&GLOW), [255, 255, 255], dice.from(0, 40));
        let shades = canvas.ramp(mix(lit, [8, 8, 24], 88), lit, 52);
        let (x, y) = (dice.from(20, 172), dice.from(30, 162));
        let (size, belts) = (radius, dice.from(3, 9));
        let sway = dice.from(0, 256);
        canvas.disc(x, y, size, |dx, dy| {
            let lambert = 26 + (dx * light_x + dy * light_y) * 26 / (size * 100);
            let belt = sine(dy * belts * 64 / size + sway + dx / 3) / 90;
            shades + (lambert + belt).clamp(0, 50)
        });
        radius = (radius / 2).max(6);
    }
}

/// Twilight: what skies and veils begin with.
const DUSK: [&Colour; 8] = [
    &[24, 32, 86],
    &[58, 28, 92],
    &[16, 66, 98],
    &[96, 36, 84],
    &[20, 84, 84],
    &[72, 88, 150],
    &[112, 60, 60],
    &[40, 52, 64],
];
/// Light: suns, horizons, planets.
const GLOW: [&Colour; 8] = [
    &[250, 190, 120],
    &[246, 146, 118],
    &[248, 214, 150],
    &[236, 130, 160],
    &[156, 222, 200],
    &[190, 200, 250],
    &[254, 226, 190],
    &[130, 204, 236],
];
/// Ground: what the nearest hill fades into.
const DEEP: [&Colour; 5] =
    [&[18, 30, 44], &[34, 20, 44], &[14, 40, 36], &[42, 26, 24], &[24, 24, 36]];

const WIDE: usize = SIDE as usize;

/// A grid of palette entries.
struct Canvas {
    palette: Vec<u8>,
    pixels: Vec<u8>,
    /// Noughts and ones without a pattern, laid over gradients so that they show no bands.
    grain: [u8; 251],
}

impl Canvas {
    fn new(dice: &mut Dice) -> Self {
        let grain = dice.bytes::<251>().map(|byte| byte & 1);
        Self { palette: Vec::new(), pixels: vec![0; WIDE * WIDE], grain }
    }

    fn grain(&self, at: usize) -> i32 {
        i32::from(self.grain[at % 251])
    }

    /// Adds `steps` colours to the palette and gives the entry of the first.
    fn ramp(&mut self, from: Colour, to: Colour, steps: i32) -> i32 {
        let first = i32::try_from(self.palette.len() / 3).expect("256 entries at most");
        for step in 0..steps {
            self.palette.extend(mix(from, to, step * 100 / (steps - 1)).map(low_byte));
        }
        first
    }

    /// Paints every row in the shade that `shade(y)` gives.
    fn rows(&mut self, shade: impl Fn(i32) -> i32) {
        let mut at = 0;
        for y in 0..SIDE {
            let entry = shade(y);
            for _ in 0..SIDE {
                self.pixels[at] = low_byte(entry + self.grain(at));
                at += 1;
            }
        }
    }

    /// Paints a disc; `shade` is given the distance from its middle, right and down.
    fn disc(&mut self, x: i32, y: i32, radius: i32, shade: impl Fn(i32, i32) -> i32) {
        for row in (y - radius).max(0)..(y + radius).min(SIDE) {
            let dy = row - y;
            let mut half = 0;
            while (half + 1) * (half + 1) + dy * dy < radius * radius {
                half += 1;
            }
            let columns = (x - half).max(0)..=(x + half).min(SIDE - 1);
            for (at, column) in (place(*columns.start(), row)..).zip(columns) {
                self.pixels[at] = low_byte(shade(column - x, dy) + self.grain(at));
            }
        }
    }

    /// Paints all that lies between a line of heights and the `floor`, which is raised to it;
    /// `shade` is given how far below the line.
    fn ground(&mut self, floor: &mut [i32], line: &[i32], shade: impl Fn(i32) -> i32) {
        for ((x, floor), top) in (0..SIDE).zip(floor).zip(line) {
            let mut at = place(x, *top);
            for below in 0..*floor - top {
                self.pixels[at] = low_byte(shade(below) + self.grain(at));
                at += WIDE;
            }
            *floor = (*floor).min(*top);
        }
    }

    fn encode(self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::with_capacity(self.pixels.len());
        let side = SIDE.unsigned_abs();
        let mut encoder = png::Encoder::new(&mut file, side, side);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(self.palette);
        encoder.set_compression(png::Compression::Fastest);
        encoder.set_filter(png::Filter::Sub);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

/// Where a pixel stands in the grid.
fn place(x: i32, y: i32) -> usize {
    usize::try_from(y * SIDE + x).expect("inside the picture")
}

/// A line of hills around the height `middle`.
fn skyline(dice: &mut Dice, middle: i32, swing: i32) -> Vec<i32> {
    let waves: Vec<[i32; 3]> = (1..4)
        .map(|n| [dice.from(8 * n, 16 * n), dice.from(0, 256), swing * dice.from(6, 11) / (4 * n)])
        .collect();
    let sway = |x: i32| -> i32 {
        waves.iter().map(|[pace, turn, high]| sine(x * pace / 16 + turn) * high).sum()
    };
    (0..SIDE).map(|x| (middle + sway(x) / 256).clamp(0, SIDE - 1)).collect()
}

/// The sine of `turn` 256ths of a circle, times 256, out of parabolas: whole numbers are the same on
/// every machine.
fn sine(turn: i32) -> i32 {
    let half = turn.rem_euclid(128);
    let bow = half * (128 - half) / 16;
    if turn.rem_euclid(256) < 128 { bow } else { -bow }
}

/// `percent` of the way from one colour to another.
fn mix(from: Colour, to: Colour, percent: i32) -> Colour {
    [0, 1, 2].map(|at| from[at] + (to[at] - from[at]) * percent / 100)
}

fn low_byte(number: i32) -> u8 {
    number.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_is_a_png_that_a_reader_accepts() {
        for number in 0..24 {
            let file = paint(number).unwrap();
            let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((frame.width, frame.height), (SIDE.unsigned_abs(), SIDE.unsigned_abs()));
            let palette = reader.info().palette.as_ref().unwrap().len() / 3;
            let highest = *pixels.iter().max().unwrap();
            assert!(usize::from(highest) < palette, "{number}: entry {highest} of {palette}");
            assert!((4_000..40_000).contains(&file.len()), "{number}: {} bytes", file.len());
        }
    }

    #[test]
    fn numbers_give_pictures_of_their_own() {
        assert_eq!(paint(1).unwrap(), paint(1).unwrap());
        assert_ne!(paint(1).unwrap(), paint(2).unwrap());
    }
}
