//! How many frames a moving picture has and how long they take, without decoding any.

use crate::page::Animation;

/// Browsers show frames that say they take less than this for a tenth of a second.
const SHORTEST_MS: u64 = 20;
const DEFAULT_MS: u64 = 100;

fn animation(durations: impl Iterator<Item = u64>) -> Option<Animation> {
    let (mut frames, mut total) = (0u32, 0u64);
    for duration in durations {
        frames = frames.saturating_add(1);
        total = total.saturating_add(if duration < SHORTEST_MS { DEFAULT_MS } else { duration });
    }
    (frames > 1).then_some(Animation { frames, milliseconds: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// Walks the blocks of a GIF. Whatever is cut off ends the walk.
pub(super) fn of_gif(data: &[u8]) -> Option<Animation> {
    let mut durations = Vec::new();
    let _ = walk_gif(data, &mut durations);
    animation(durations.into_iter())
}

fn walk_gif(data: &[u8], durations: &mut Vec<u64>) -> Option<()> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3usize << ((flags & 7) + 1) };
    let sub_blocks = |mut at: usize| {
        while let length @ 1.. = usize::from(*data.get(at)?) {
            at += length + 1;
        }
        Some(at + 1)
    };
    let mut at = 13 + table(*data.get(10)?);
    let mut delay = 0;
    loop {
        match *data.get(at)? {
            0x21 => {
                if *data.get(at + 1)? == 0xf9 {
                    let hundredths = u16::from_le_bytes([*data.get(at + 4)?, *data.get(at + 5)?]);
                    delay = u64::from(hundredths) * 10;
                }
                at = sub_blocks(at + 2)?;
            }
            0x2c => {
                durations.push(std::mem::take(&mut delay));
                // Descriptor, its colours, the code size, the pixels.
                at = sub_blocks(at + 10 + table(*data.get(at + 9)?) + 1)?;
            }
            _ => return Some(()),
        }
    }
}

/// Walks the chunks of a WebP.
pub(super) fn of_webp(data: &[u8]) -> Option<Animation> {
    let mut durations = Vec::new();
    let mut at = 12;
    while let Some(head) = data.get(at..at + 8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if let (b"ANMF", Some(d)) = (&head[..4], data.get(at + 20..at + 23)) {
            durations.push(u64::from(u32::from_le_bytes([d[0], d[1], d[2], 0])));
        }
        at = at.saturating_add(8).saturating_add(length).saturating_add(length & 1);
    }
    animation(durations.into_iter())
}

/// Walks the chunks of a PNG that says it has so many frames.
pub(super) fn of_png(data: &[u8], frames: u32) -> Option<Animation> {
    if frames < 2 {
        return None;
    }
    let mut durations = Vec::new();
    let mut at = 8;
    while let Some(head) = data.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if let (b"fcTL", Some(d)) = (&head[4..], data.get(at + 28..at + 32)) {
            let (number, per_second) = (u16::from_be_bytes([d[0], d[1]]), u16::from_be_bytes([d[2], d[3]]));
            let per_second = if per_second == 0 { 100 } else { u64::from(per_second) };
            durations.push(u64::from(number) * 1000 / per_second);
        }
        at = at.saturating_add(12).saturating_add(length);
    }
    animation(durations.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_ends_the_walk() {
        for data in
            [&b""[..], b"GIF89a", b"GIF89a\x01\0\x01\0\x80\0\0", b"RIFF\0\0\0\0WEBPANMF\xff\xff\xff\xff"]
        {
            assert_eq!(of_gif(data), None);
            assert_eq!(of_webp(data), None);
            assert_eq!(of_png(data, 9), None);
        }
    }
}
