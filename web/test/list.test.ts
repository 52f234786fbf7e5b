import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../src/shared/events.ts';
import { bytes, due, initials, until } from '../src/shared/format.ts';
import type { Comment } from '../src/shared/types.ts';
import { matches, NO_FILTER, sorted } from '../src/viewer/list.ts';

const comment = (number: number, author: string, text: string, page: number | null): Comment => ({
  id: number * 10,
  number,
  reviewer_id: null,
  author,
  text,
  page,
  created_at: '2026-11-23T14:05:00Z',
  edited_at: null,
  time: null,
  screen: null,
  resolved: number === 2,
  resolved_by: null,
  mine: false,
  can: { edit: false, delete: false, resolve: false, reply: true },
  markups: [],
  replies: [],
});
const all = [
  comment(1, 'Zoe', 'Logo too small', 3),
  comment(2, 'Ada', 'Colour', 1),
  comment(3, 'Ada', 'In general fine', null),
];
const numbers = (comments: Comment[]) => comments.map((each) => each.number);

test('sorting is stable and leaves the original alone', () => {
  assert.deepEqual(numbers(sorted(all, 'oldest')), [1, 2, 3]);
  assert.deepEqual(numbers(sorted(all, 'latest')), [3, 2, 1]);
  assert.deepEqual(numbers(sorted(all, 'page')), [3, 2, 1]);
  assert.deepEqual(numbers(sorted(all, 'author')), [2, 3, 1]);
  assert.deepEqual(numbers(all), [1, 2, 3]);
});

test('a filter is the conjunction of its parts', () => {
  const found = (change: Partial<typeof NO_FILTER>) =>
    numbers(all.filter((each) => matches(each, { ...NO_FILTER, ...change })));
  assert.deepEqual(found({}), [1, 2, 3]);
  assert.deepEqual(found({ unresolved: true }), [1, 3]);
  assert.deepEqual(found({ page: 1 }), [2]);
  assert.deepEqual(found({ author: 'Ada', unresolved: true }), [3]);
  assert.deepEqual(found({ query: 'LOGO' }), [1]);
  assert.deepEqual(found({ query: '#3' }), [3]);
  assert.deepEqual(found({ query: 'zoe' }), [1]);
});

test('authors of replies are found, too', () => {
  const thread = comment(4, 'Ada', 'Hi', 1);
  thread.replies = [
    {
      id: 1,
      author: 'Sam',
      reviewer_id: 4,
      text: 'Hello back',
      created_at: '',
      mine: false,
      can_delete: false,
    },
  ];
  assert.ok(matches(thread, { ...NO_FILTER, author: 'Sam' }));
  assert.ok(matches(thread, { ...NO_FILTER, query: 'back' }));
});

test('reconnecting slows down and stays bounded', () => {
  assert.ok(backoff(0, 1) <= 1000);
  assert.ok(backoff(3, 0) > backoff(0, 1));
  assert.equal(backoff(60, 1), 30_000);
});

test('formats', () => {
  assert.equal(bytes(999), '999 B');
  assert.equal(bytes(4_213_450), '4.2 MB');
  assert.equal(initials('Ada Moreau'), 'AM');
  assert.equal(initials(''), '?');
  const now = Date.parse('2026-11-23T12:00:00Z');
  assert.equal(until('2026-11-23T15:00:00Z', now), 'in 3 h');
  assert.equal(until('2026-11-20T12:00:00Z', now), '3 days late');
  assert.equal(due('2026-11-20T12:00:00Z', true, now), '3 days late');
  assert.equal(due('2026-11-20T12:00:00Z', false, now), '20 Nov');
});
