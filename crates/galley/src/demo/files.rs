//! The demo artwork, part of the binary.

macro_rules! artwork {
    ($($name:literal),* $(,)?) => {
        /// The artwork with this file name.
        pub(crate) fn artwork(name: &str) -> Option<&'static [u8]> {
            match name {
                $($name => Some(include_bytes!(concat!("../../../../demo/files/", $name))),)*
                _ => None,
            }
        }
    };
}

artwork!(
    "annual-report-excerpt.pdf",
    "autumn-banner.jpg",
    "autumn-square.png",
    "business-cards.pdf",
    "coffee-box-dieline-v1.pdf",
    "coffee-box-dieline-v2.pdf",
    "festival-poster-v1.pdf",
    "festival-poster-v2.pdf",
    "harbour-at-dusk.jpg",
    "magazine-spread.pdf",
    "shop-homepage.png",
    "tidewick-one-brochure.pdf",
);

#[cfg(test)]
mod tests {
    use crate::demo::story::Story;

    #[test]
    fn every_file_of_the_story_is_there() {
        let story = Story::read().expect("the story reads");
        for version in story.proofs.iter().flat_map(|p| &p.versions) {
            assert!(super::artwork(&version.file).is_some(), "{}", version.file);
        }
    }
}
