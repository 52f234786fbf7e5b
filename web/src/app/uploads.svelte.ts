import { errorFrom, type ApiError } from '../shared/api.ts';
import { bytes } from '../shared/format.ts';
import type { Config } from '../shared/types.ts';

interface Uploaded {
  upload_id: string;
  filename: string;
  size: number;
  md5: string;
}

/** One file on its way to the server, from picking to `done`. */
export class Upload {
  readonly id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  name = $state('');
  state = $state<'waiting' | 'sending' | 'done' | 'failed' | 'cancelled'>('waiting');
  /** 0..1 */
  progress = $state(0);
  error = $state<string | null>(null);
  /** Why creating the proof from it failed; the upload itself is fine. */
  createError = $state<string | null>(null);
  uploadId: string | null = null;
  #request: XMLHttpRequest | null = null;

  constructor(readonly file: File) {
    this.name = file.name.replace(/\.[^.]{1,5}$/, '') || file.name;
  }

  /** Refuses what the server would refuse, before anything is sent. */
  check(config: Config | null): boolean {
    const accepts = config?.accepts ?? [];
    const lower = this.file.name.toLowerCase();
    if (accepts.length > 0 && !accepts.some((extension) => lower.endsWith(extension)))
      this.error = refusal(lower, config);
    else if (this.file.size === 0) this.error = 'This file is empty.';
    else if (config && this.file.size > config.max_upload_bytes)
      this.error = `This file has ${bytes(this.file.size)}; the limit is ${bytes(config.max_upload_bytes)}.`;
    if (this.error !== null) this.state = 'failed';
    return this.error === null;
  }

  /** Sends the file. XMLHttpRequest, because fetch does not report upload progress. */
  start(): Promise<void> {
    this.state = 'sending';
    this.progress = 0;
    this.error = null;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      this.#request = request;
      request.open('POST', `/api/v1/uploads?filename=${encodeURIComponent(this.file.name)}`);
      request.setRequestHeader('X-Galley', '1');
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) this.progress = event.loaded / event.total;
      };
      const fail = (error: ApiError) => {
        this.state = 'failed';
        this.error = error.message;
        resolve();
      };
      request.onload = () => {
        if (request.status !== 201) return fail(errorFrom(request.status, request.responseText));
        this.uploadId = (JSON.parse(request.responseText) as Uploaded).upload_id;
        this.progress = 1;
        this.state = 'done';
        resolve();
      };
      request.onerror = () => fail(errorFrom(0, ''));
      request.onabort = () => resolve();
      request.send(this.file);
    });
  }

  cancel(): void {
    this.state = 'cancelled';
    this.#request?.abort();
  }
}

/** Why the server has no use for a file of this name. */
function refusal(name: string, config: Config | null): string {
  const known = config?.formats.find((format) => format.extensions.some((e) => name.endsWith(e)));
  return known?.missing
    ? `This server cannot show ${known.name} files, because ${known.missing} is not installed.`
    : 'Galley cannot read this kind of file. Save it as a PDF and upload that.';
}

/** Uploads waiting files two at a time. */
export class UploadQueue {
  list = $state<Upload[]>([]);
  #running = 0;

  add(files: Iterable<File>, config: Config | null): void {
    for (const file of files) {
      const upload = new Upload(file);
      upload.check(config);
      this.list.push(upload);
    }
    this.pump();
  }

  retry(upload: Upload): void {
    upload.error = null;
    upload.state = 'waiting';
    this.pump();
  }

  remove(upload: Upload): void {
    upload.cancel();
    this.list = this.list.filter((each) => each.id !== upload.id);
  }

  pump(): void {
    while (this.#running < 2) {
      const next = this.list.find((upload) => upload.state === 'waiting');
      if (!next) return;
      this.#running += 1;
      void next.start().finally(() => {
        this.#running -= 1;
        this.pump();
      });
    }
  }
}
