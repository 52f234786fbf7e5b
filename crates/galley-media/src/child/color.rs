//! Pixels of any source in sRGB on white.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

/// Profiles beyond this size are not worth reading; press profiles have 0.5 to 3 MB.
const MAX_PROFILE: usize = 16 << 20;

/// What inks without a profile are taken for: the same press as for PDF pages, so that a picture looks alike by
/// itself and on a page.
const PRESS: &[u8] = include_bytes!("../../assets/press.icc");

/// How the samples of a pixel are laid out, 8 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Ink amounts: 0 is paper.
    Cmyk,
}

impl Samples {
    pub(super) fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// Converts rows of samples to sRGB, through the embedded profile if it fits the samples.
pub(super) struct ToSrgb {
    samples: Samples,
    profile: Option<Arc<Transform8BitExecutor>>,
    /// Samples without alpha, and colours that still lack the paper.
    plain: Vec<u8>,
    colors: Vec<u8>,
}

impl ToSrgb {
    pub(super) fn new(samples: Samples, icc: Option<&[u8]>) -> Self {
        let profile = icc.filter(|icc| icc.len() <= MAX_PROFILE).and_then(|icc| transform(samples, icc));
        let press = || (samples == Samples::Cmyk).then(|| transform(samples, PRESS)).flatten();
        let profile = profile.or_else(press);
        Self { samples, profile, plain: Vec::new(), colors: Vec::new() }
    }

    /// The colours of a whole picture, in the memory it is in where that can be.
    pub(super) fn picture(mut self, mut pixels: Vec<u8>, columns: usize) -> Vec<u8> {
        let row = columns * self.samples.count();
        if self.samples == Samples::Rgb {
            if let Some(profile) = self.profile {
                for row in pixels.chunks_exact_mut(row.max(1)) {
                    self.plain.clear();
                    self.plain.extend_from_slice(row);
                    // A row that cannot be converted stays as it is stored, as in `row`.
                    if profile.transform(&self.plain, row).is_err() {
                        row.copy_from_slice(&self.plain);
                    }
                }
            }
            return pixels;
        }
        let mut rgb = Vec::with_capacity(pixels.len() / self.samples.count() * 3);
        for row in pixels.chunks_exact(row.max(1)) {
            self.row(row, &mut rgb);
        }
        rgb
    }

    /// Appends a row of `from` to `rgb`. A rest that is no whole pixel is left out.
    pub(super) fn row(&mut self, from: &[u8], rgb: &mut Vec<u8>) {
        match (&self.profile, self.samples) {
            (Some(profile), Samples::Gray | Samples::Rgb | Samples::Cmyk) => {
                let start = rgb.len();
                let pixels = from.len() / self.samples.count();
                rgb.resize(start + pixels * 3, 0);
                let whole = &from[..pixels * self.samples.count()];
                if profile.transform(whole, &mut rgb[start..]).is_err() {
                    rgb.truncate(start);
                    plain_row(self.samples, from, rgb);
                }
            }
            (Some(profile), Samples::GrayAlpha | Samples::Rgba) => {
                let count = self.samples.count();
                self.plain.clear();
                self.plain.extend(from.chunks_exact(count).flat_map(|p| p[..count - 1].iter().copied()));
                self.colors.resize(from.len() / count * 3, 0);
                if profile.transform(&self.plain, &mut self.colors).is_err() {
                    return plain_row(self.samples, from, rgb);
                }
                for (color, pixel) in self.colors.chunks_exact(3).zip(from.chunks_exact(count)) {
                    rgb.extend(color.iter().map(|&c| over_white(c, pixel[count - 1])));
                }
            }
            (None, _) => plain_row(self.samples, from, rgb),
        }
    }
}

fn plain_row(samples: Samples, from: &[u8], rgb: &mut Vec<u8>) {
    let pixels = from.chunks_exact(samples.count());
    match samples {
        Samples::Gray => rgb.extend(from.iter().flat_map(|&g| [g; 3])),
        Samples::GrayAlpha => rgb.extend(pixels.flat_map(|p| [over_white(p[0], p[1]); 3])),
        Samples::Rgb => rgb.extend_from_slice(from),
        Samples::Rgba => rgb.extend(pixels.flat_map(|p| [0, 1, 2].map(|c| over_white(p[c], p[3])))),
        Samples::Cmyk => rgb.extend(pixels.flat_map(|p| [0, 1, 2].map(|c| multiply(255 - p[c], 255 - p[3])))),
    }
}

fn transform(samples: Samples, icc: &[u8]) -> Option<Arc<Transform8BitExecutor>> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    // Four-channel input is named after RGBA whatever the channels mean.
    let layout = match (samples, profile.color_space) {
        (Samples::Gray | Samples::GrayAlpha, DataColorSpace::Gray) => Layout::Gray,
        (Samples::Rgb | Samples::Rgba, DataColorSpace::Rgb) => Layout::Rgb,
        (Samples::Cmyk, DataColorSpace::Cmyk) => Layout::Rgba,
        _ => return None,
    };
    let srgb = ColorProfile::new_srgb();
    let made = profile.create_transform_8bit(layout, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    (layout != Layout::Rgb || changes_colors(&made)).then_some(made)
}

/// Whether a profile is another than sRGB: most pictures that bring one bring that, and need no conversion.
fn changes_colors(transform: &Arc<Transform8BitExecutor>) -> bool {
    /// Rounding.
    const SAME: u8 = 1;
    let steps = || (0..=255u8).step_by(15);
    let probe: Vec<u8> =
        steps().flat_map(|r| steps().flat_map(move |g| steps().flat_map(move |b| [r, g, b]))).collect();
    let mut seen = vec![0; probe.len()];
    transform.transform(&probe, &mut seen).is_err()
        || probe.iter().zip(&seen).any(|(before, after)| before.abs_diff(*after) > SAME)
}

/// The upper halves of 16-bit samples in the machine's byte order.
pub(super) fn high_bytes(samples: &[u8]) -> Vec<u8> {
    let high = usize::from(cfg!(target_endian = "little"));
    samples.chunks_exact(2).map(|pair| pair[high]).collect()
}

fn multiply(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

fn over_white(color: u8, alpha: u8) -> u8 {
    multiply(color, alpha) + (255 - alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(samples: Samples, icc: Option<&[u8]>, from: &[u8]) -> Vec<u8> {
        let mut rgb = Vec::new();
        ToSrgb::new(samples, icc).row(from, &mut rgb);
        rgb
    }

    #[test]
    fn alpha_shows_white_paper() {
        assert_eq!(
            converted(Samples::Rgba, None, &[255, 0, 0, 0, 0, 0, 0, 128]),
            [255, 255, 255, 127, 127, 127]
        );
        assert_eq!(converted(Samples::GrayAlpha, None, &[0, 255, 9, 0]), [0, 0, 0, 255, 255, 255]);
        for value in 0..=255 {
            for alpha in 0..=255 {
                assert!(over_white(value, alpha) >= 255 - alpha);
            }
        }
    }

    #[test]
    fn inks_look_as_on_a_press() {
        let seen = converted(Samples::Cmyk, None, &[0, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
        assert_eq!(seen[..3], [255, 255, 255]);
        let cyan = &seen[3..6];
        assert!(cyan[0] < 60 && (150..190).contains(&cyan[1]) && cyan[2] > 220, "{cyan:?}");
        assert!(seen[6..].iter().all(|&c| c < 20), "{seen:?}");
    }

    #[test]
    fn an_embedded_profile_is_applied() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        let p3_green = converted(Samples::Rgb, Some(&icc), &[60, 200, 60]);
        assert!(p3_green[0] < 40 && p3_green[1] > 200, "{p3_green:?}");
        let with_alpha = converted(Samples::Rgba, Some(&icc), &[60, 200, 60, 255]);
        assert_eq!(with_alpha, p3_green);
        let gray = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let linear = converted(Samples::Gray, Some(&gray), &[55]);
        assert!(linear[0] > 110 && linear[0] == linear[2], "{linear:?}");
    }

    #[test]
    fn a_picture_is_converted_like_its_rows() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let pixels: Vec<u8> = (0..=239).collect();
        for (samples, icc) in [
            (Samples::Rgb, None),
            (Samples::Rgb, Some(&p3[..])),
            (Samples::Rgba, Some(&p3[..])),
            (Samples::Gray, None),
            (Samples::GrayAlpha, None),
            (Samples::Cmyk, None),
        ] {
            let columns = 10;
            let mut rows = Vec::new();
            let mut by_row = ToSrgb::new(samples, icc);
            for row in pixels.chunks_exact(columns * samples.count()) {
                by_row.row(row, &mut rows);
            }
            let whole = ToSrgb::new(samples, icc).picture(pixels.clone(), columns);
            assert_eq!(whole, rows, "{samples:?}");
        }
    }

    #[test]
    fn a_profile_that_is_srgb_leaves_pixels_alone() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        assert!(transform(Samples::Rgb, &srgb).is_none());
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        assert!(transform(Samples::Rgb, &p3).is_some());
    }

    #[test]
    fn a_profile_of_another_kind_or_no_profile_at_all_is_ignored() {
        let icc = ColorProfile::new_display_p3().encode().unwrap();
        assert_eq!(converted(Samples::Gray, Some(&icc), &[7]), [7, 7, 7]);
        assert_eq!(converted(Samples::Rgb, Some(b"junk"), &[1, 2, 3]), [1, 2, 3]);
    }
}
