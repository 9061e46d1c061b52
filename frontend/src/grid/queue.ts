// What was typed and not yet acknowledged. It lives in the browser's storage, so closing the browser, a lost network
// or a restarted server costs nothing; where storage is refused it lives as long as the page.

export interface Typed {
  /** text of the cell, in the language of the page */
  t: string;
  /** reason for "no figure" */
  r: string;
  /** version of the cell that this was typed over */
  b: number;
  /** when it was typed: tells an answer to this text from an answer to an older one */
  at: number;
  lang: string;
}

const OLDEST = 60 * 24 * 3600 * 1000;

export class Queue {
  private readonly memory: Record<string, Typed> = {};
  private last = 0;

  constructor(private readonly key: string) {}

  all(): Record<string, Typed> {
    try {
      const stored = window.localStorage.getItem(this.key);
      return stored === null ? {} : this.young(JSON.parse(stored) as Record<string, Typed>);
    } catch {
      return { ...this.memory };
    }
  }

  get(element: string): Typed | undefined {
    return this.all()[element];
  }

  put(element: string, typed: Omit<Typed, "at">): void {
    // two keystrokes of one millisecond are still two
    this.last = Math.max(Date.now(), this.last + 1);
    this.write((all) => {
      all[element] = { ...typed, at: this.last };
    });
  }

  /** Rest the text on another version of the cell, without making it newer. */
  rebase(element: string, version: number): void {
    this.write((all) => {
      const found = all[element];
      if (found) found.b = version;
    });
  }

  drop(element: string): void {
    this.write((all) => {
      delete all[element];
    });
  }

  private young(all: Record<string, Typed>): Record<string, Typed> {
    return Object.fromEntries(Object.entries(all).filter(([, typed]) => Date.now() - typed.at < OLDEST));
  }

  // Another tab may have the same report open: read, change one cell, write.
  private write(change: (all: Record<string, Typed>) => void): void {
    const all = this.all();
    change(all);
    change(this.memory);
    try {
      if (Object.keys(all).length) window.localStorage.setItem(this.key, JSON.stringify(all));
      else window.localStorage.removeItem(this.key);
    } catch {
      // memory has it
    }
  }
}
