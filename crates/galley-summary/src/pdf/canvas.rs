//! What is drawn on a sheet. Positions are points from its top left corner.

use super::text::Line;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::writers::PositionedItems;
use pdf_writer::{Content, Name, Ref, Str};
use std::collections::BTreeSet;

/// Red, green, blue.
pub(super) type Color = [u8; 3];

pub(super) const INK: Color = [0x17, 0x18, 0x1b];
pub(super) const SOFT: Color = [0x54, 0x56, 0x5d];
pub(super) const FAINT: Color = [0x69, 0x6b, 0x73];
pub(super) const RULE: Color = [0xe5, 0xe5, 0xe1];
pub(super) const PAPER: Color = [0xf3, 0xf3, 0xf1];
pub(super) const ACCENT: Color = [0x34, 0x50, 0xe0];
pub(super) const ACCENT_SOFT: Color = [0xec, 0xef, 0xfd];
pub(super) const GREEN: Color = [0x17, 0x71, 0x3f];
pub(super) const GREEN_SOFT: Color = [0xe2, 0xf3, 0xe8];
pub(super) const AMBER: Color = [0x8a, 0x53, 0x00];
pub(super) const AMBER_SOFT: Color = [0xfc, 0xef, 0xd6];
pub(super) const RED: Color = [0xb3, 0x26, 0x1e];
pub(super) const RED_SOFT: Color = [0xfd, 0xe8, 0xe6];
pub(super) const GREY_SOFT: Color = [0xed, 0xed, 0xea];
pub(super) const WHITE: Color = [0xff; 3];

/// Width and height of a sheet: A4 across.
pub(super) const SHEET: (f32, f32) = (841.89, 595.28);

/// Control points of a quarter of a circle are so far from its ends.
const ROUND: f32 = 0.552_284_8;

/// Left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A sheet being drawn.
pub(super) struct Canvas {
    pub content: Content,
    /// Pictures on it.
    pub images: BTreeSet<Ref>,
    /// Degrees of opacity on it, in percent.
    pub opacities: BTreeSet<u8>,
}

impl Canvas {
    pub fn new() -> Canvas {
        Canvas { content: Content::new(), images: BTreeSet::new(), opacities: BTreeSet::new() }
    }

    pub fn fill_color(&mut self, [r, g, b]: Color) {
        let part = |n: u8| f32::from(n) / 255.0;
        self.content.set_fill_rgb(part(r), part(g), part(b));
    }

    pub fn stroke_color(&mut self, [r, g, b]: Color) {
        let part = |n: u8| f32::from(n) / 255.0;
        self.content.set_stroke_rgb(part(r), part(g), part(b));
    }

    /// Between this and [`Canvas::restore`], everything is so opaque.
    pub fn faded(&mut self, opacity: f32) {
        self.content.save_state();
        let percent = (opacity.clamp(0.0, 1.0) * 20.0).round() as u8 * 5;
        if percent < 100 {
            self.opacities.insert(percent);
            self.content.set_parameters(Name(format!("A{percent}").as_bytes()));
        }
    }

    pub fn restore(&mut self) {
        self.content.restore_state();
    }

    fn flip(y: f32) -> f32 {
        SHEET.1 - y
    }

    /// An area in one colour.
    pub fn fill(&mut self, area: Area, color: Color) {
        self.fill_color(color);
        self.content.rect(area.x, Self::flip(area.y + area.h), area.w, area.h).fill_nonzero();
    }

    /// The path of an area with round corners.
    fn rounded(&mut self, area: Area, radius: f32) {
        let r = radius.min(area.w / 2.0).min(area.h / 2.0);
        let (x0, x1) = (area.x, area.x + area.w);
        let (y0, y1) = (Self::flip(area.y), Self::flip(area.y + area.h));
        let k = r * (1.0 - ROUND);
        self.content
            .move_to(x0 + r, y0)
            .line_to(x1 - r, y0)
            .cubic_to(x1 - k, y0, x1, y0 - k, x1, y0 - r)
            .line_to(x1, y1 + r)
            .cubic_to(x1, y1 + k, x1 - k, y1, x1 - r, y1)
            .line_to(x0 + r, y1)
            .cubic_to(x0 + k, y1, x0, y1 + k, x0, y1 + r)
            .line_to(x0, y0 - r)
            .cubic_to(x0, y0 - k, x0 + k, y0, x0 + r, y0)
            .close_path();
    }

    /// An area with round corners.
    pub fn fill_rounded(&mut self, area: Area, radius: f32, color: Color) {
        self.fill_color(color);
        self.rounded(area, radius);
        self.content.fill_nonzero();
    }

    /// A disc.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        let area = Area { x: x - radius, y: y - radius, w: 2.0 * radius, h: 2.0 * radius };
        self.fill_rounded(area, radius, color);
    }

    /// A frame of thin lines.
    pub fn frame(&mut self, area: Area, color: Color) {
        self.stroke_color(color);
        self.content.set_line_width(0.6);
        self.content.rect(area.x, Self::flip(area.y + area.h), area.w, area.h).stroke();
    }

    /// A thin line across.
    pub fn rule(&mut self, x: f32, y: f32, w: f32) {
        self.stroke_color(RULE);
        self.content.set_line_width(0.6).move_to(x, Self::flip(y)).line_to(x + w, Self::flip(y)).stroke();
    }

    /// Lines through points.
    pub fn strokes(&mut self, points: &[(f32, f32)], width: f32, color: Color, closed: bool) {
        let Some(((x, y), rest)) = points.split_first() else { return };
        self.stroke_color(color);
        self.content.set_line_width(width).set_line_cap(LineCapStyle::RoundCap);
        self.content.set_line_join(LineJoinStyle::RoundJoin).move_to(*x, Self::flip(*y));
        for (x, y) in rest {
            self.content.line_to(*x, Self::flip(*y));
        }
        if closed {
            self.content.close_path();
        }
        self.content.stroke();
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f32, f32)], color: Color) {
        let Some(((x, y), rest)) = points.split_first() else { return };
        self.fill_color(color);
        self.content.move_to(*x, Self::flip(*y));
        for (x, y) in rest {
            self.content.line_to(*x, Self::flip(*y));
        }
        self.content.close_path().fill_nonzero();
    }

    /// What is drawn until [`Canvas::restore`] stays within the area.
    pub fn clip(&mut self, area: Area) {
        self.content.save_state();
        self.content.rect(area.x, Self::flip(area.y + area.h), area.w, area.h).clip_nonzero().end_path();
    }

    /// A picture, as large as the area.
    pub fn picture(&mut self, image: Ref, area: Area) {
        self.images.insert(image);
        self.content.save_state();
        self.content.transform([area.w, 0.0, 0.0, area.h, area.x, Self::flip(area.y + area.h)]);
        self.content.x_object(Name(image_name(image).as_bytes()));
        self.content.restore_state();
    }

    /// A line of text whose baseline is at `y`.
    pub fn text(&mut self, line: &Line, x: f32, y: f32, color: Color) {
        if line.pieces.is_empty() {
            return;
        }
        self.fill_color(color);
        self.content.begin_text();
        let mut x = x;
        for piece in &line.pieces {
            self.content.set_font(Name(font_name(piece.font).as_bytes()), piece.size);
            self.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, Self::flip(y)]);
            let mut at = 0;
            while at < piece.glyphs.len() {
                let lift = piece.glyphs[at].dy;
                let run = piece.glyphs[at..].iter().take_while(|glyph| glyph.dy == lift).count();
                if lift != 0.0 {
                    self.content.set_rise(lift * piece.size / 1000.0);
                }
                let mut shown = self.content.show_positioned();
                let mut items = shown.items();
                let mut text: Vec<u8> = Vec::with_capacity(run * 2);
                for glyph in &piece.glyphs[at..at + run] {
                    if glyph.dx != 0.0 {
                        flush(&mut items, &mut text);
                        items.adjust(-glyph.dx);
                    }
                    text.extend_from_slice(&glyph.id.to_be_bytes());
                    let after = glyph.natural - glyph.advance + glyph.dx;
                    if after.abs() > 0.01 {
                        flush(&mut items, &mut text);
                        items.adjust(after);
                    }
                }
                flush(&mut items, &mut text);
                drop(items);
                drop(shown);
                if lift != 0.0 {
                    self.content.set_rise(0.0);
                }
                at += run;
            }
            x += piece.width();
        }
        self.content.end_text();
    }

    /// The same, ending at `x`.
    pub fn text_before(&mut self, line: &Line, x: f32, y: f32, color: Color) {
        self.text(line, x - line.width, y, color);
    }

    /// The same, its middle at `x`.
    pub fn text_around(&mut self, line: &Line, x: f32, y: f32, color: Color) {
        self.text(line, x - line.width / 2.0, y, color);
    }
}

fn flush(items: &mut PositionedItems<'_>, text: &mut Vec<u8>) {
    if !text.is_empty() {
        items.show(Str(text));
        text.clear();
    }
}

pub(super) fn font_name(font: usize) -> String {
    format!("F{font}")
}

pub(super) fn image_name(image: Ref) -> String {
    format!("I{}", image.get())
}
