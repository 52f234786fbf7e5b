import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAt, nameOf } from '../src/viewer/engine/links.ts';
import { entryOf, isParent, unfolded } from '../src/viewer/outline.ts';

const entries = [
  { title: 'One', page: 2, level: 0 },
  { title: '1.1', page: 2, level: 1 },
  { title: '1.1.1', page: 4, level: 2 },
  { title: 'Website', page: null, level: 0 },
  { title: 'Two', page: 7, level: 0 },
  { title: 'Back', page: 3, level: 0 },
];

test('a page belongs to the entry that begins at it or before it', () => {
  const expected = [
    [1, -1],
    [2, 0],
    [3, 5],
    [4, 2],
    [6, 2],
    [7, 4],
    [99, 4],
  ];
  for (const [page, index] of expected) assert.equal(entryOf(entries, page!), index, `${page}`);
  assert.equal(entryOf([], 1), -1);
});

test('what is below closed entries is hidden', () => {
  assert.deepEqual(unfolded(entries, new Set()), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(unfolded(entries, new Set([0])), [0, 3, 4, 5]);
  assert.deepEqual(unfolded(entries, new Set([1, 4])), [0, 1, 3, 4, 5]);
  assert.deepEqual(
    entries.map((_, index) => isParent(entries, index)),
    [true, true, false, false, false, false],
  );
});

test('the link that was drawn last is the one that is hit', () => {
  const links = [
    { x: 0.1, y: 0.1, w: 0.5, h: 0.5, page: 3 },
    { x: 0.2, y: 0.2, w: 0.1, h: 0.1, url: 'https://example.com/a' },
  ];
  assert.equal(linkAt(links, [0.25, 0.25]), links[1]);
  assert.equal(linkAt(links, [0.15, 0.5]), links[0]);
  assert.equal(linkAt(links, [0.7, 0.5]), null);
  assert.equal(nameOf(links[0]!), 'page 3');
  assert.equal(nameOf(links[1]!), 'example.com/a');
});
