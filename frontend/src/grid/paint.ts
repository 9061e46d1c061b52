// Putting the server's answer onto the page. What somebody is typing into is never touched.
import type { Answer, CellAnswer, RowAnswer } from "./sender";

export class Paint {
  /** answers to the cell in which somebody still types, kept until they leave it */
  private readonly later = new Map<string, RowAnswer>();

  constructor(private readonly form: HTMLFormElement) {}

  input(element: string): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>(`input[data-cell="${CSS.escape(element)}"]`);
  }

  none(element: string): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>(`input[data-none="${CSS.escape(element)}"]`);
  }

  base(element: string): HTMLInputElement | null {
    return this.form.querySelector<HTMLInputElement>(`input[name="b-${CSS.escape(element)}"]`);
  }

  answer(answer: Answer, waiting: (element: string) => boolean): void {
    const settled = new Map(answer.cells.map((cell) => [cell.e, cell]));
    for (const [element, row] of Object.entries(answer.rows)) {
      const cell = settled.get(element);
      if (cell && cell.s !== "conflict") this.rest(cell);
      const busy = waiting(element) || document.activeElement === this.input(element);
      if (!busy) this.fill(element, row);
      if (document.activeElement === this.input(element) && cell?.s === "refused") this.later.set(element, row);
      else this.row(element, row);
    }
    for (const [name, html] of Object.entries(answer.parts)) this.part(name, html);
    for (const mark of document.querySelectorAll("[data-left]")) mark.textContent = answer.left;
    for (const mark of document.querySelectorAll("[data-state]")) mark.textContent = answer.state;
    const version = this.form.querySelector<HTMLInputElement>('input[name="version"]');
    if (version) version.value = String(answer.version);
    const ready = this.form.querySelector("[data-ready]");
    if (answer.blocked) ready?.setAttribute("aria-disabled", "true");
    else ready?.removeAttribute("aria-disabled");
  }

  /** Somebody left a cell: what was held back for their sake is shown now. */
  left(element: string, waiting: boolean): void {
    const row = this.later.get(element);
    this.later.delete(element);
    if (!row || waiting) return;
    this.row(element, row);
  }

  /** The stored text, written as the reader's language writes it. */
  private fill(element: string, row: RowAnswer): void {
    const input = this.input(element);
    const none = this.none(element);
    if (input) input.value = row.t;
    if (none && document.activeElement !== none) {
      none.value = row.r;
      const box = none.closest("details");
      if (box && (row.r || row.filled)) box.open = Boolean(row.r);
    }
    const base = this.base(element);
    if (base) base.value = String(row.v);
  }

  private rest(cell: CellAnswer): void {
    const base = this.base(cell.e);
    if (base) base.value = String(cell.v);
  }

  private row(element: string, answer: RowAnswer): void {
    const row = this.form.querySelector(`tr[data-row="${CSS.escape(element)}"]`);
    if (!row) return;
    row.classList.toggle("is-hard", answer.look === "is-hard");
    row.classList.toggle("is-soft", answer.look === "is-soft");
    row.classList.toggle("is-filled", answer.filled);
    const change = row.querySelector("[data-change]");
    if (change) change.innerHTML = answer.change;
    const source = row.querySelector("[data-source]");
    if (source) source.textContent = answer.source;
    const input = this.input(element);
    if (answer.look === "is-hard") input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
    this.says(element, answer.says);
  }

  private says(element: string, html: string): void {
    const row = this.form.querySelector<HTMLElement>(`tr[data-says="${CSS.escape(element)}"]`);
    const place = row?.querySelector("td");
    if (!row || !place) return;
    // a reason is being written there
    if (place.contains(document.activeElement) || place.querySelector("details[open]")) return;
    if (place.innerHTML.trim() !== html) place.innerHTML = html;
    row.hidden = html === "";
  }

  private part(name: string, html: string): void {
    const place = document.getElementById(`part-${name}`);
    if (!place || place.contains(document.activeElement) || place.querySelector("details[open]")) return;
    place.innerHTML = html;
  }
}
