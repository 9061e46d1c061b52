// One batch at a time, and again until the server has said that it is committed.
import type { Queue, Typed } from "./queue";

export interface CellAnswer {
  e: string;
  s: "saved" | "unchanged" | "conflict" | "refused";
  v: number;
  t: string;
  r: string;
}

export interface RowAnswer {
  look: string;
  filled: boolean;
  v: number;
  t: string;
  r: string;
  change: string;
  source: string;
  says: string;
}

export interface Answer {
  version: number;
  cells: CellAnswer[];
  saved: string;
  left: string;
  state: string;
  parts: Record<string, string>;
  rows: Record<string, RowAnswer>;
  blocked: boolean;
}

export type Trouble = "offline" | "session" | "large" | "closed";

export interface Ears {
  saving(): void;
  answered(answer: Answer): void;
  trouble(kind: Trouble, words: string): void;
}

const SOON = 600;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 20_000;

export class Sender {
  private timer = 0;
  private busy = false;
  private wait = FIRST_WAIT;
  /** cells whose conflict waits for a decision: not sent again until then */
  private readonly held = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly token: () => string,
    private readonly queue: Queue,
    private readonly ears: Ears,
  ) {}

  /** Nothing waits: neither to be sent nor for a decision. */
  get idle(): boolean {
    return !Object.keys(this.queue.all()).length;
  }

  soon(delay = SOON): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), delay);
  }

  hold(element: string): void {
    this.held.add(element);
  }

  release(element: string): void {
    this.held.delete(element);
  }

  pending(): Record<string, Typed> {
    const all = this.queue.all();
    return Object.fromEntries(Object.entries(all).filter(([element]) => !this.held.has(element)));
  }

  async send(leaving = false): Promise<void> {
    const batch = this.pending();
    const elements = Object.keys(batch);
    if (this.busy || !elements.length) return;
    // what was typed into a Vietnamese page goes as Vietnamese, also when the page is English today
    const lang = batch[elements[0]!]!.lang;
    const part = Object.entries(batch).filter(([, typed]) => typed.lang === lang);
    this.busy = true;
    this.ears.saving();
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token(), Accept: "application/json" },
        body: JSON.stringify({ lang, cells: part.map(([e, typed]) => ({ e, b: typed.b, t: typed.t, r: typed.r })) }),
        credentials: "same-origin",
        keepalive: leaving,
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      await this.heard(response, Object.fromEntries(part));
    } catch {
      this.failed();
    } finally {
      this.busy = false;
    }
  }

  private async heard(response: Response, batch: Record<string, Typed>): Promise<void> {
    if (response.status >= 500) {
      this.failed();
      return;
    }
    if (!response.ok) {
      const words = await response.json().then((body: { message?: string }) => body.message ?? "", () => "");
      this.ears.trouble(kindOf(response.status, words), words);
      return;
    }
    const answer = (await response.json()) as Answer;
    this.wait = FIRST_WAIT;
    for (const cell of answer.cells) this.settle(cell, batch[cell.e]);
    this.ears.answered(answer);
    if (Object.keys(this.pending()).length) this.soon(0);
  }

  private settle(cell: CellAnswer, sent: Typed | undefined): void {
    const now = this.queue.get(cell.e);
    if (cell.s === "conflict") {
      this.hold(cell.e);
    } else if (now && sent && now.at === sent.at) {
      this.queue.drop(cell.e);
    } else if (now) {
      // typed on while the answer was under way: it now rests on what was just stored
      this.queue.rebase(cell.e, cell.v);
    }
  }

  private failed(): void {
    this.ears.trouble("offline", "");
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}

function kindOf(status: number, words: string): Trouble {
  if (status === 401) return "session";
  if (status === 413) return "large";
  // without words of ours it is the page of the CSRF check: the page was open too long
  return status === 403 && !words ? "session" : "closed";
}
