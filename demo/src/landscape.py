"""Paints the "photograph" of the demo: a bay at dusk with ridges in mist, and writes it as JPEG.

Usage: landscape.py OUT.jpg [width height]. Needs numpy and Pillow; the same seed gives the same picture.
"""

import sys

import numpy as np
from PIL import Image, ImageFilter


def fractal_line(rng, width, roughness, octaves, base):
    """A ridge profile in 0..1: the sum of smooth random waves, each octave finer and weaker."""
    x = np.linspace(0, 1, width)
    y = np.zeros(width)
    amplitude, frequency = 1.0, base
    for _ in range(octaves):
        knots = rng.uniform(-1, 1, int(frequency) + 3)
        at = x * frequency
        index = at.astype(int)
        t = at - index
        t = t * t * (3 - 2 * t)
        y += amplitude * (knots[index] * (1 - t) + knots[index + 1] * t)
        amplitude *= roughness
        frequency *= 2.1
    return (y - y.min()) / (y.max() - y.min())


def noise(rng, height, width, cells_y, cells_x):
    """Smooth two-dimensional noise in 0..1, stretched from a coarse grid."""
    grid = (rng.random((cells_y, cells_x)) * 255).astype(np.uint8)
    return np.asarray(Image.fromarray(grid).resize((width, height), Image.BICUBIC), dtype=np.float32) / 255


def mix(a, b, t):
    return a + (b - a) * t


def paint(width, height, seed=1957):
    rng = np.random.default_rng(seed)
    horizon = int(height * 0.60)
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    v = yy / horizon
    sky_stops = [(0.0, (34, 52, 92)), (0.35, (92, 96, 138)), (0.62, (206, 138, 128)), (0.82, (247, 184, 124)), (1.0, (255, 222, 164))]
    image = np.zeros((height, width, 3), dtype=np.float32)
    for channel in range(3):
        image[..., channel] = np.interp(v, [s for s, _ in sky_stops], [c[channel] for _, c in sky_stops])

    # The sun and its glow.
    sun_x, sun_y = width * 0.63, horizon * 0.695
    distance = np.hypot(xx - sun_x, (yy - sun_y) * 1.15) / height
    glow = np.exp(-((distance / 0.22) ** 1.2))[..., None]
    image = mix(image, np.array([255, 226, 168], dtype=np.float32), glow * 0.75)
    image = mix(image, np.array([255, 248, 226], dtype=np.float32), (1 / (1 + np.exp(np.clip((distance - 0.026) * 900, -60, 60))))[..., None])

    # Streaks of cloud, lit from below.
    cloud = sum(noise(rng, height, width, 6 * 2**k, 3 * 2**k) * 0.55**k for k in range(5))
    cloud = np.clip((cloud - 1.12) * 2.4, 0, 1) * np.clip(1 - np.abs(v - 0.42) * 1.7, 0, 1)
    lit = mix(np.array([116, 92, 124], dtype=np.float32), np.array([255, 196, 150], dtype=np.float32), np.clip(v, 0, 1)[..., None])
    image = mix(image, lit, (cloud * 0.72)[..., None])

    # Ridges from far to near: farther ones are paler and take the colour of the sky behind them.
    ridges = [
        (0.80, 0.17, 3, 0.46, (176, 138, 146)), (0.86, 0.15, 4, 0.48, (138, 112, 136)), (0.91, 0.13, 5, 0.50, (94, 86, 118)),
        (0.955, 0.11, 6, 0.50, (60, 62, 94)), (0.995, 0.085, 7, 0.52, (32, 40, 66)),
    ]
    for base, relief, frequency, roughness, colour in ridges:
        profile = fractal_line(rng, width, roughness, 8, frequency)
        top = horizon * (base - relief * profile)
        mask = np.clip(yy - top[None, :], 0, 1) * (yy <= horizon)
        depth = np.clip((yy - top[None, :]) / (height * 0.10), 0, 1)[..., None]
        haze = mix(np.array(colour, dtype=np.float32), np.array([246, 196, 160], dtype=np.float32), depth * 0.42)
        sunlit = mix(haze, np.array([255, 214, 160], dtype=np.float32), glow * 0.35)
        image = mix(image, sunlit, mask[..., None])

    # Water: the sky mirrored, broken by ripples that grow toward the viewer.
    rows = np.arange(horizon, height)
    near = (rows - horizon) / (height - horizon)
    rough = sum(noise(rng, height - horizon, width, 40 * 2**k, 5 * 2**k) * 0.6**k for k in range(4)) - 1.05
    source_y = np.clip(horizon - 1 - (rows - horizon)[:, None] * 0.92 - rough * (12 + 120 * near[:, None]), 0, horizon - 1).astype(int)
    source_x = np.clip(xx[horizon:] + rough * 26 * near[:, None], 0, width - 1).astype(int)
    water = image[source_y, source_x]
    water = water * (0.80 - 0.34 * near[:, None, None]) + np.array([8, 18, 34], dtype=np.float32) * near[:, None, None]
    sparkle = np.exp(-(((xx[horizon:] - sun_x) / (width * (0.02 + 0.08 * near[:, None]))) ** 2)) * np.clip(rough * 3.2, 0, 1)
    water = mix(water, np.array([255, 224, 170], dtype=np.float32), np.clip(sparkle * (0.95 - 0.5 * near[:, None]), 0, 1)[..., None])
    image[horizon:] = water
    shore = np.exp(-((yy - horizon) / (height * 0.006)) ** 2)[..., None]
    image = mix(image, np.array([255, 226, 190], dtype=np.float32), shore * 0.38)

    # A headland with a lighthouse on the left, in silhouette.
    x = np.arange(width) / width
    land = np.where(x < 0.36, horizon - height * 0.105 * np.clip((0.36 - x) / 0.30, 0, 1) ** 0.62
                    - height * 0.016 * fractal_line(rng, width, 0.58, 9, 11) * np.clip((0.36 - x) * 9, 0, 1), height)
    foot = horizon + height * 0.020 * np.clip((0.36 - x) * 12, 0, 1) * (0.6 + fractal_line(rng, width, 0.6, 8, 20))
    mask = ((yy >= land[None, :]) & (yy <= foot[None, :])).astype(np.float32)
    image = mix(image, np.array([17, 24, 42], dtype=np.float32), mask[..., None])
    cx, ground = width * 0.165, land[int(width * 0.165)] + 4
    tower = height * 0.135
    half = np.interp(yy, [ground - tower, ground], [height * 0.0085, height * 0.0135])
    body = (np.abs(xx - cx) < half) & (yy > ground - tower) & (yy < ground)
    band = body & (((ground - yy) / tower * 5).astype(int) % 2 == 1)
    gallery = (np.abs(xx - cx) < height * 0.0150) & (np.abs(yy - (ground - tower)) < height * 0.0035)
    lantern = (np.abs(xx - cx) < height * 0.0065) & (yy > ground - tower * 1.15) & (yy < ground - tower)
    cap = (np.abs(xx - cx) < (yy - (ground - tower * 1.25)) * 0.55) & (yy > ground - tower * 1.25) & (yy <= ground - tower * 1.14)
    image[body] = (44, 40, 58)
    image[band] = (104, 62, 66)
    image[gallery | cap] = (15, 21, 38)
    image[lantern] = (255, 236, 178)
    lamp = np.exp(-(np.hypot(xx - cx, yy - (ground - tower * 1.07)) / (height * 0.045)) ** 1.1)[..., None]
    image = mix(image, np.array([255, 232, 176], dtype=np.float32), lamp * 0.62)

    # What a lens and a sensor add: fall-off toward the corners and grain.
    radius = np.hypot((xx - width / 2) / width, (yy - height / 2) / height)
    image *= (1 - 0.36 * np.clip(radius - 0.28, 0, 1) ** 1.4)[..., None]
    image += rng.normal(0, 2.6, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).filter(ImageFilter.UnsharpMask(1.2, 40, 2))


if __name__ == "__main__":
    size = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (2700, 1800)
    paint(*size).save(sys.argv[1], quality=86, optimize=True, progressive=True, subsampling=1, dpi=(300, 300))
