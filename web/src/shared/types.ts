/** Types of the JSON API v1, as the server sends them. Times are RFC 3339 UTC strings. */

export type Role =
  'read_only' | 'reviewer' | 'approver' | 'reviewer_approver' | 'author' | 'moderator';
export type Decision =
  'pending' | 'changes_required' | 'approved_with_changes' | 'approved' | 'not_relevant';
/** The overall status of a proof; "none" when nobody on it decides. */
export type Overall = Decision | 'none';
export type State = 'active' | 'locked';
export type Processing = 'queued' | 'processing' | 'ready' | 'failed';

/** What is being done with a file, and how far it is. */
export interface Work {
  step: 'capturing' | 'converting' | 'opening' | 'rendering';
  done: number;
  total: number;
  /** From 0 to 1; null while nobody knows. */
  fraction: number | null;
}
export type Letter = 'hidden' | 'white' | 'orange' | 'red' | 'green';

/** Sent, opened, commented, decided. */
export interface Progress {
  sent: Letter;
  opened: Letter;
  commented: Letter;
  decided: Letter;
}

export interface Config {
  product: string;
  demo: boolean;
  demo_logins: { email: string; password: string; label: string }[];
  max_upload_bytes: number;
  accepts: string[];
  /** What the server makes proofs of; `missing` names the program it lacks for a format. */
  formats: { name: string; extensions: string[]; missing: string | null }[];
  /** Web pages: whether there is a browser to capture them with, how many in one go, and usual windows. */
  captures: { available: boolean; most: number; resolutions: (Resolution & { name: string })[] };
  server_time: string;
}

/** Size of a browser's window in CSS px. */
export interface Resolution {
  width: number;
  height: number;
}

/** A web page that a proof, or some of its pages, is a capture of. */
export interface Website {
  url: string;
  resolution: Resolution;
}

export interface FoundPage {
  url: string;
  title: string;
}

/** A search for the sub-pages of a web page. */
export interface PageSearch {
  id: number;
  url: string;
  state: 'searching' | 'done' | 'failed';
  problem: string | null;
  /** How many pages were looked at. */
  looked: number;
  /** There may be more than what was found. */
  more: boolean;
  pages: FoundPage[];
}

export interface Palette {
  accent: string;
  hover: string;
  ink: string;
  text: string;
  soft: string;
}

/** The shades of an accent colour, by day and by night. */
export interface Palettes {
  light: Palette;
  dark: Palette;
}

export interface HelpLink {
  label: string;
  url: string;
}

export type LogoSize = 'login' | 'loading' | 'email';

export interface LogoInfo {
  code: string;
  images: Record<LogoSize, { url: string; width: number; height: number }>;
}

/** How an account shows itself to everybody. */
export interface Brand {
  name: string;
  palettes: Palettes | null;
  help: HelpLink[];
  logo: LogoInfo | null;
}

/** The same as its administrators set it. */
export interface BrandSettings {
  name: string;
  accent: string | null;
  help: HelpLink[];
  logo: LogoInfo | null;
  palettes: Palettes | null;
}

export interface User {
  id: number;
  email: string;
  name: string;
  first_name: string;
  last_name: string;
  profile: string;
  account: { id: number; name: string };
  brand: Brand;
  time_zone: string;
  can: {
    create_proofs: boolean;
    create_folders: boolean;
    manage_all: boolean;
    administer: boolean;
  };
}

export interface ProofSummary {
  id: number;
  name: string;
  version: number;
  versions: number;
  state: State;
  processing: Processing;
  processing_error: string | null;
  work: Work | null;
  cancelled: boolean;
  decision: Overall;
  decisions_made: number;
  decisions_required: number;
  deadline: string | null;
  late: boolean;
  created_at: string;
  owner: { id: number; name: string };
  workspace: { id: number; name: string } | null;
  pages: number;
  comments: number;
  thumbnail_url: string | null;
  my_link: string | null;
  team_link: string | null;
  /** Where to look at the proof: one's own link, else the team's. */
  open_link: string | null;
  progress: Progress;
}

export type Filter = 'all' | 'open' | 'closed' | 'late' | 'mine' | 'awaiting';

export interface ProofPage {
  items: ProofSummary[];
  next_cursor: string | null;
  counts?: Record<Filter, number>;
}

export interface Reviewer {
  id: number;
  name: string;
  email: string;
  role: Role;
  alert: string;
  deadline: string | null;
  position: string | null;
  primary_decision_maker: boolean;
  decision: Decision;
  decided_at: string | null;
  opened_at: string | null;
  comments_count: number;
  replies_count: number;
  is_owner: boolean;
  is_creator: boolean;
  link: string | null;
  progress: Progress;
}

export interface NewReviewer {
  email: string;
  name?: string;
  role?: Role;
  primary_decision_maker?: boolean;
}

export interface ProofSettings {
  auto_lock: boolean;
  one_decision: boolean;
  enable_download: boolean;
  enable_team_url: boolean;
  authorized_only: boolean;
}

export interface ProofDetails extends ProofSummary {
  subject: string | null;
  message: string | null;
  filename: string;
  size: number;
  websites: Website[];
  creator: { id: number; name: string };
  settings: ProofSettings;
  reviewers: Reviewer[];
  version_list: {
    id: number;
    version: number;
    name: string;
    created_at: string;
    decision: Overall;
    state: State;
    processing: Processing;
    thumbnail_url: string | null;
    my_link: string | null;
  }[];
  can: {
    edit: boolean;
    lock: boolean;
    delete: boolean;
    add_reviewers: boolean;
    new_version: boolean;
    change_roles: boolean;
  };
}

export type SummaryKind = 'pdf' | 'excel';

/** A file with the comments of a proof, made on demand. */
export interface Summary {
  id: number;
  kind: SummaryKind;
  all_versions: boolean;
  requested_at: string;
  ends_at: string;
  pages_done: number;
  pages_expected: number;
  state: 'waiting' | 'ready' | 'failed';
  url?: string;
  file_name?: string;
  size?: number;
  problem?: string;
}

export interface Activity {
  id: number;
  at: string;
  actor: string | null;
  action: string;
  details: string;
}

export interface Person {
  email: string;
  name: string;
  kind: 'user' | 'guest';
  default_role: Role | null;
}

export type MarkupKind = 'rectangle' | 'arrow' | 'line' | 'freehand' | 'highlight' | 'pin';
/** A point on a page, both coordinates 0..1 of the page's width and height. */
export type Point = [number, number];

export interface Markup {
  kind: MarkupKind;
  page: number;
  points: Point[];
  /** `#rrggbb` */
  color: string;
  /** CSS px at 100 % zoom, 1..20 */
  width: number;
  /** 0..1 */
  opacity: number;
}

export interface Reply {
  id: number;
  author: string;
  reviewer_id: number | null;
  text: string;
  created_at: string;
  mine: boolean;
  can_delete: boolean;
}

/** Frames of a video from 0, or milliseconds of sound. */
export interface Time {
  from: number;
  to: number | null;
}

/** Video or sound: how its frames are counted. Those of sound are milliseconds. */
export interface Recording {
  /** Frames, and the seconds they take. */
  rate: [number, number];
  frames: number;
  /** When the first frame is seen in what plays. */
  starts_seconds: number;
  /** Number of the first frame by its timecode. */
  first_frame: number;
  drop_frame: boolean;
  picture: boolean;
  sound: boolean;
  mime: string;
}

/** Small pictures of a video in one large one. */
export interface Storyboard {
  url: string;
  width: number;
  height: number;
  count: number;
  columns: number;
}

/** How far a recording is on its way to what browsers play. */
export interface Playback {
  /** `failed` says why in `problem`. */
  state: 'whole' | 'growing' | 'waiting' | 'failed';
  problem: string | null;
  percent: number | null;
  recording: Recording;
  media_url: string;
  storyboard: Storyboard | null;
  outline_url: string | null;
}

/** The screen of a page that is tried: its size, the page within its bundle, and how far that is scrolled. */
export interface Screen {
  width: number;
  height: number;
  path: string;
  left: number;
  top: number;
}

/** A page that is tried: a bundle, or with an address a site that is framed. */
export interface Interactive {
  url: string | null;
}

export interface Comment {
  id: number;
  number: number;
  reviewer_id: number | null;
  author: string;
  text: string;
  page: number | null;
  /** Where in a recording, with its timecode. */
  time: (Time & { label: string; seconds: number }) | null;
  screen: Screen | null;
  created_at: string;
  edited_at: string | null;
  resolved: boolean;
  resolved_by: string | null;
  mine: boolean;
  can: { edit: boolean; delete: boolean; resolve: boolean; reply: boolean };
  markups: Markup[];
  replies: Reply[];
}

export interface Page {
  /** 1-based */
  number: number;
  /** CSS px at 100 % zoom */
  width: number;
  height: number;
  vector: boolean;
  physical: { width_mm: number; height_mm: number } | null;
  ready: boolean;
  /** Why the page could not be prepared, or null. */
  error: string | null;
  tiles: { size: number; width: number; height: number; max_level: number };
  thumbnail_url: string;
  label: string | null;
  /** What the browser plays over the page, or null for what stands still. */
  animation_url: string | null;
}

export interface LinkReviewer {
  id: number;
  name: string;
  role: Role;
  decision: Decision;
  decided_at: string | null;
  primary_decision_maker: boolean;
  deadline: string | null;
  progress: Progress;
}

export interface LinkProof {
  id: number;
  name: string;
  version: number;
  versions: number;
  state: State;
  processing: Processing;
  processing_error: string | null;
  work: Work | null;
  cancelled: boolean;
  decision: Overall;
  deadline: string | null;
  late: boolean;
  message: string | null;
  owner_name: string;
  page_count: number;
  enable_download: boolean;
  settings: { one_decision: boolean; auto_lock: boolean };
}

export interface Link {
  kind: 'personal' | 'team';
  me: {
    reviewer_id: number | null;
    name: string;
    email: string | null;
    role: Role;
    is_user: boolean;
  };
  proof: LinkProof;
  pages: Page[];
  /** What is known of video or sound; null for what has pages, and before it is known. */
  recording: Recording | null;
  /** Web pages that it is made of, and which of its pages show each. */
  websites: (Website & { pages: number[] })[];
  interactive: Interactive | null;
  reviewers: LinkReviewer[];
  version_list: { version: number; name: string; link: string | null; current: boolean }[];
  comments: Comment[];
  can: {
    comment: boolean;
    decide: boolean;
    resolve: boolean;
    delete_any: boolean;
    process: boolean;
  };
  decisions: { value: Decision; label: string; reasons: boolean }[];
  decision_reasons: { id: number; name: string; text: boolean }[];
  /** What the account has the viewer say; empty texts say nothing. The greeting comes once. */
  messages: { on_load: string; on_decision: string; confirm: string; cancel: string };
  brand: Brand;
  last_event_id: number;
  server_time: string;
}

/** A word of a page's text; coordinates 0..1 of the page, `l` counts lines. */
export interface Word {
  t: string;
  x: number;
  y: number;
  w: number;
  h: number;
  l: number;
}

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A link on a page: to a page of the proof, or to an address. */
export type PageLink = Rect & ({ page: number } | { url: string });

/** An entry of the file's own table of contents; `level` is 0 at the top. */
export interface ContentsEntry {
  title: string;
  page: number | null;
  level: number;
}

export interface SearchHit {
  page: number;
  rects: Rect[];
  snippet: string;
}

/** The same place on both pages; what lies beside a page leaves 0..1. */
export interface Place {
  older: Rect;
  newer: Rect;
}

export interface TextChange {
  /** Empty if words were added. */
  removed: string;
  /** Empty if words were removed. */
  added: string;
  older: Rect[];
  newer: Rect[];
}

/** How a page differs from one of another version. */
export interface Difference {
  /** Where the picture of what changed lies. */
  sheet: Place;
  resized: boolean;
  /** Share of the page, 0..1. */
  changed: number;
  regions: Place[];
  /** null if either page has no words. */
  text: TextChange[] | null;
  more_text: boolean;
}

export interface PagePair {
  older: number | null;
  newer: number | null;
}

export type Medium = 'pages' | 'video' | 'audio' | 'interactive';

export interface ComparedVersion {
  version: number;
  name: string;
  processing: Processing;
  medium: Medium;
}

/** Two versions of a proof, and which of their pages belong together. */
export interface Comparison {
  older: ComparedVersion;
  newer: ComparedVersion;
  /** Both are rendered as far as they ever will be. */
  settled: boolean;
  /** None unless both have pages. */
  pages: PagePair[];
}

/** Something to know about a file for print. */
export interface Finding {
  severity: 'note' | 'warning';
  topic: string;
  text: string;
  items: string[];
  /** Pages of the proof; none if it is about the file. */
  pages: number[];
}

/** What there is to know of the files of a proof. */
export interface Preflight {
  state: 'ready' | 'waiting';
  warnings: number;
  /** null findings: the file could not be looked at. */
  files: { name: string | null; findings: Finding[] | null }[];
}

/** A mail of the outbox; the texts come with a single one. */
export interface Mail {
  id: number;
  proof_id: number | null;
  kind: string;
  to_name: string;
  to_email: string;
  subject: string;
  state: 'waiting' | 'sent' | 'parked' | 'kept';
  attempts: number;
  happened_at: string;
  next_at: string;
  finished_at: string | null;
  problem: string | null;
  text?: string;
  html?: string;
}

/** A request to a callback address. */
export interface Delivery {
  id: number;
  proof_id: number | null;
  type: string;
  url: string;
  state: 'waiting' | 'delivered' | 'dropped';
  attempts: number;
  happened_at: string;
  next_at: string;
  finished_at: string | null;
  status: number | null;
  problem: string | null;
  body: string;
}
