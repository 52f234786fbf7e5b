// Files broken on purpose, the same ones for the same seed.

/** Numbers from 0 up to, and without, `end`: xorshift, seeded. */
export function numbers(seed) {
  let state = (seed >>> 0) || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

const damages = {
  /** Some bits are turned round. */
  bits(bytes, random) {
    for (let n = 1 + random(64); n > 0; n--) bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  /** The end is missing. */
  cut: (bytes, random) => bytes.subarray(0, 1 + random(bytes.length)),
  /** A part is missing in the middle. */
  gap(bytes, random) {
    const [at, length] = [random(bytes.length), 1 + random(4096)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  },
  /** A part is something else. */
  noise(bytes, random) {
    const at = random(bytes.length);
    for (let n = at; n < Math.min(bytes.length, at + 512); n++) bytes[n] = random(256);
    return bytes;
  },
  /** A part is there twice. */
  twice(bytes, random) {
    const [at, length] = [random(bytes.length), 1 + random(16384)];
    return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  },
  /** Some digits are others: sizes, offsets, numbers of objects. */
  digits(bytes, random) {
    for (let n = 0, left = 1 + random(48); n < 20_000 && left > 0; n++) {
      const at = random(bytes.length);
      if (bytes[at] >= 48 && bytes[at] <= 57) {
        bytes[at] = 48 + random(10);
        left--;
      }
    }
    return bytes;
  },
  /** It begins as itself and goes on as another. */
  splice: (bytes, random, other) => Buffer.concat([bytes.subarray(0, random(bytes.length)), other.subarray(random(other.length))]),
};

/** One of `originals`, broken in one way or two; answers `{ name, how, bytes }`. */
export function mutated(originals, random) {
  const pick = () => originals[random(originals.length)];
  const { name, bytes } = pick();
  let broken = Buffer.from(bytes);
  const how = [];
  for (let n = 1 + random(2); n > 0 && broken.length > 1; n--) {
    const names = Object.keys(damages);
    how.push(names[random(names.length)]);
    broken = Buffer.from(damages[how.at(-1)](broken, random, pick().bytes));
  }
  return { name, how: how.join(" and "), bytes: broken.length ? broken : Buffer.from([0]) };
}
