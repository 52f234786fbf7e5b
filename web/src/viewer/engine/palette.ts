/** Markup colours, in the order they are offered, with the name a screen reader says. */
export const PALETTE: readonly { value: string; name: string }[] = [
  { value: '#e5322d', name: 'Red' },
  { value: '#f2780c', name: 'Orange' },
  { value: '#f5c400', name: 'Yellow' },
  { value: '#2e9e44', name: 'Green' },
  { value: '#00a3bf', name: 'Cyan' },
  { value: '#2762e9', name: 'Blue' },
  { value: '#8b3fd9', name: 'Violet' },
  { value: '#e0218a', name: 'Magenta' },
  { value: '#1b1c1f', name: 'Black' },
  { value: '#ffffff', name: 'White' },
];

/** Black or white, whichever reads better on the colour (`#rrggbb`). */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const channel = (at: number) => {
    const v = parseInt(color.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.36 ? '#000000' : '#ffffff';
}
