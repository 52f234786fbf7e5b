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
