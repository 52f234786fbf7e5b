//! Words and their boxes.

use galley_media::{FileKind, PageText};

use crate::fixtures::pdf_page;
use crate::world::World;

async fn words(world: &World, key: &str, file: &[u8]) -> PageText {
    let source = world.source(key, FileKind::Pdf, file);
    world.media.text(&source, 1).await.unwrap()
}

fn lines(text: &PageText) -> Vec<String> {
    let count = text.words.last().map_or(0, |w| w.l + 1);
    (0..count)
        .map(|line| {
            let words: Vec<&str> = text.words.iter().filter(|w| w.l == line).map(|w| w.t.as_str()).collect();
            words.join(" ")
        })
        .collect()
}

#[tokio::test]
async fn a_box_covers_its_word_whatever_rotation_and_crop_box() {
    // All capitals, so that the drawn letters fill most of the box.
    let content = "BT /F1 24 Tf 120 200 Td (HELLO) Tj ET";
    let world = World::new();
    let crops = ["", "/CropBox [90 150 290 260]"];
    for (number, (rotation, crop)) in
        [0, 90, 180, 270].into_iter().flat_map(|r| crops.map(|c| (r, c))).enumerate()
    {
        let file = pdf_page(&format!("/MediaBox [0 0 300 400] /Rotate {rotation} {crop}"), content);
        let source = world.source(&format!("k{number}"), FileKind::Pdf, &file);
        let pages = world.pages(&source).await;
        let text = world.media.text(&source, 1).await.unwrap();
        let [word] = text.words.as_slice() else { panic!("{text:?}") };
        assert_eq!((word.t.as_str(), word.l), ("HELLO", 0));
        let (left, top, right, bottom) = world.level(&source, 1, &pages[0], 1).await.dark_bounds();
        let (x, y, w, h) = (f64::from(word.x), f64::from(word.y), f64::from(word.w), f64::from(word.h));
        let what = format!("{rotation} {crop}: box {x} {y} {w} {h}, drawn {left} {top} {right} {bottom}");
        assert!(x <= left && y <= top && x + w >= right && y + h >= bottom, "{what}");
        let drawn = (right - left) * (bottom - top);
        assert!(drawn > 0.5 * w * h, "the box is not much larger than the word: {what}");
    }
}

#[tokio::test]
async fn words_are_parted_by_spaces_and_by_gaps_and_joined_across_kerning() {
    let content = "BT /F1 12 Tf 50 300 Td (two words) Tj 0 -20 Td [(ker) -20 (n) 30 (ed)] TJ 0 -20 Td \
                   [(wide) -600 (gap)] TJ 0 -20 Td (l) Tj (et) Tj (ters) Tj ET";
    let text = words(&World::new(), "parts", &pdf_page("/MediaBox [0 0 300 400]", content)).await;
    assert_eq!(lines(&text), ["two words", "kerned", "wide gap", "letters"]);
}

#[tokio::test]
async fn raised_text_stays_on_its_line_and_columns_do_not() {
    let content = "BT /F1 12 Tf 20 300 Td (mass m) Tj 5 Ts /F1 8 Tf (2) Tj 0 Ts /F1 12 Tf ( energy) Tj ET \
                   BT /F1 12 Tf 200 300 Td (other column) Tj ET";
    let text = words(&World::new(), "raised", &pdf_page("/MediaBox [0 0 300 400]", content)).await;
    assert_eq!(lines(&text), ["mass m2 energy", "other column"]);
}

#[tokio::test]
async fn turned_text_is_text() {
    let content = "BT /F1 14 Tf 0 1 -1 0 100 100 Tm (going up) Tj ET";
    let text = words(&World::new(), "turned", &pdf_page("/MediaBox [0 0 300 400]", content)).await;
    assert_eq!(lines(&text), ["going up"]);
    let [first, second] = text.words.as_slice() else { panic!("{text:?}") };
    assert!(first.y > second.y && first.h > first.w * 0.9, "{text:?}");
}

#[tokio::test]
async fn invisible_text_counts_once_and_text_off_the_page_not_at_all() {
    let content = "BT /F1 12 Tf 3 Tr 50 300 Td (scanned) Tj ET BT 2 Tr 50 250 Td (outlined) Tj ET \
                   BT 0 Tr 900 300 Td (beyond) Tj ET";
    let text = words(&World::new(), "modes", &pdf_page("/MediaBox [0 0 300 400]", content)).await;
    assert_eq!(lines(&text), ["scanned", "outlined"]);
}

#[tokio::test]
async fn a_page_without_text_has_none() {
    let text = words(&World::new(), "none", &pdf_page("/MediaBox [0 0 300 400]", "0 0 9 9 re f")).await;
    assert_eq!(text, PageText::default());
}
