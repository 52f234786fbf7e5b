// Films and sounds of a test.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for what a test makes with FFmpeg. */
export class Studio {
  #folder = mkdtempSync(join(tmpdir(), "galley-studio-"));

  /** Path of a file that FFmpeg made of a source of its own (`-f lavfi`) and further arguments. */
  make(name, ...args) {
    const path = join(this.#folder, name);
    execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", ...args, path]);
    return path;
  }

  remove() {
    rmSync(this.#folder, { recursive: true });
  }
}
