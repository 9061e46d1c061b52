// Moving with the keyboard, and pasting a column from a spreadsheet with one undo for all of it.

export interface Hands {
  changed(cell: HTMLInputElement): void;
  restore(cell: HTMLInputElement): void;
  pasted(count: number, undo: () => void): void;
  undone(): void;
}

interface Before {
  cell: HTMLInputElement;
  text: string;
}

export class Keys {
  private lastPaste: Before[] = [];

  constructor(
    private readonly form: HTMLFormElement,
    private readonly hands: Hands,
  ) {
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("paste", (event) => this.pasting(event));
    form.addEventListener("input", () => {
      this.lastPaste = [];
    });
  }

  cells(): HTMLInputElement[] {
    return [...this.form.querySelectorAll<HTMLInputElement>("input[data-cell]")];
  }

  private pressed(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    if (!cell || event.altKey || event.isComposing) return;
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && this.lastPaste.length) {
      event.preventDefault();
      this.undo();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.hands.restore(cell);
      return;
    }
    const step = this.step(event, cell);
    if (!step) return;
    event.preventDefault();
    this.move(cell, step);
  }

  private step(event: KeyboardEvent, cell: HTMLInputElement): number {
    if (event.key === "Enter") return event.shiftKey ? -1 : 1;
    if (event.key === "ArrowDown") return 1;
    if (event.key === "ArrowUp") return -1;
    const at = cell.selectionStart;
    if (at !== cell.selectionEnd || event.shiftKey) return 0;
    if (event.key === "ArrowRight" && at === cell.value.length) return 1;
    return event.key === "ArrowLeft" && at === 0 ? -1 : 0;
  }

  private move(from: HTMLInputElement, step: number): void {
    const all = this.cells();
    const next = all[all.indexOf(from) + step];
    if (!next) return;
    next.focus();
    next.select();
  }

  private pasting(event: ClipboardEvent): void {
    const cell = cellOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n\r]/.test(text.trimEnd())) return;
    event.preventDefault();
    const all = this.cells();
    const first = all.indexOf(cell);
    const before: Before[] = [];
    column(text).forEach((value, row) => {
      const target = all[first + row];
      // an empty line of the sheet says nothing; it does not empty a cell
      if (!target || value === "") return;
      before.push({ cell: target, text: target.value });
      target.value = value;
      this.hands.changed(target);
    });
    this.lastPaste = before;
    this.hands.pasted(before.length, () => this.undo());
  }

  private undo(): void {
    for (const { cell, text } of this.lastPaste) {
      cell.value = text;
      this.hands.changed(cell);
    }
    this.lastPaste = [];
    this.hands.undone();
  }
}

/** One value per line; of several columns the last filled one, which is where a sheet keeps its figure. */
export function column(text: string): string[] {
  const lines = text.replace(/(\r\n|\n|\r)+$/, "").split(/\r\n|\n|\r/);
  return lines.map((line) => {
    const filled = line.split("\t").map((part) => part.trim().replace(/^"(.*)"$/, "$1")).filter((part) => part !== "");
    return filled[filled.length - 1] ?? "";
  });
}

function cellOf(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.dataset.cell !== undefined ? target : null;
}
